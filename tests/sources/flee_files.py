"""A small made-up instance in the format of Flee: two towns in conflict, a hub and two camps abroad."""

from __future__ import annotations

from pathlib import Path

DAYS = 40

FILES = {
    "input_csv/locations.csv": """\
#name,region,country,latitude,longitude,location_type,conflict_date,population
Alta,North,Home,1.0,10.0,conflict_zone,0,50000
Bruma,South,Home,0.5,10.5,conflict_zone,5,30000
Cala,South,Home,0.2,10.9,town,,
Puente,Border,Away,0.1,11.4,forwarding_hub,,
Dorada,Border,Away,0.0,12.0,camp,,4000
Ermita,Border,Away,0.9,12.1,camp,,9000
""",
    "input_csv/routes.csv": """\
#name1,name2,distance,forced_redirection
Alta,Bruma,100,
Alta,Cala,150,0
Bruma,Cala,60,0
Cala,Puente,80,0
Puente,Dorada,90,0
Puente,Ermita,120,0
""",
    "input_csv/closures.csv": "#closure_type,name1,name2,closure_start,closure_end\ncountry,Home,Away,3,6\n",
    "input_csv/conflicts.csv": "#Day,Alta,Bruma\n"
    + "".join(f"{day},1,{0 if day < 5 else 0.5}\n" for day in range(DAYS)),
    "input_csv/sim_period.csv": f"StartDate,2020-01-01\nLength,{DAYS}\n",
    "input_csv/registration_corrections.csv": "Ermita,2020-01-21,normalize\n",
    "source_data/data_layout.csv": "total,refugees.csv\nDorada,dorada.csv\nErmita,ermita.csv\n",
    "source_data/refugees.csv": "2020-01-01,100\n2020-01-11,2100\n2020-02-09,8000\n",
    "source_data/dorada.csv": "2020-01-01,100\n2020-01-11,1100\n2020-02-09,3000\n",
    "source_data/ermita.csv": "2020-01-01,0\n2020-01-11,1000\n2020-01-21,2000\n2020-02-09,5000\n",
    "simsetting.yml": """\
log_levels:
  agent: 0
spawn_rules:
  conflict_spawn_decay: [1.0, 0.5]
  insert_day0: True
move_rules:
  max_move_speed: 200.0
  default_movechance: 0.5
  conflict_weight: 0.25
  avoid_short_stints: True
""",
}


def write(folder: Path, changed: dict[str, str | None] | None = None) -> Path:
    """The instance in a folder, with other files in the place of some; None leaves a file out."""
    for name, text in {**FILES, **(changed or {})}.items():
        if text is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    return folder


def added(name: str, text: str) -> dict[str, str]:
    """A file with more at its end."""
    return {name: FILES[name] + text}


def replaced(name: str, old: str, new: str) -> dict[str, str]:
    """A file with a part of it replaced."""
    assert old in FILES[name]
    return {name: FILES[name].replace(old, new)}
