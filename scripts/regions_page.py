"""Write docs/reference/regions.md from the packaged tables.

python scripts/regions_page.py [--check]
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

from garita.reference import RegionTables, load_region, regions

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "regions.md"
HEAD = """# The packaged regions

A region is a set of crossings that people choose between. `base: el-paso-juarez` in a scenario takes one;
`garita list` names them all. Eleven lie between San Diego and the Gulf of Mexico beside San Diego-Tijuana,
four on the border with Canada. This page is written by `scripts/regions_page.py` from the tables in
`src/garita/reference/regions`.

[San Diego-Tijuana](region-san-diego-tijuana.md) says everything in its own tables. The others hold facts
only (crossings, lanes, monthly counts of 2018, published waits, rail, trade), and what no planner has is
[inferred from them](../background/inferred.md) when they are loaded. Only inbound lines are described;
buses are simulated with at most 10 passengers on average, though more are counted. Hours and lanes are
those of CBP's feed of 29 June 2022, taken as those of 2018. Waits of busy hours are those people are used
to, as the tables say them; how near a simulated ordinary week comes to them is tested
(`tests/slow/test_border_weeks.py`). Counts of Texas are those of bridges; at El Paso they have 5 % more
cars in 2018 than BTS has for the port.

"""
TABLE = ["crossing", "mode", "lanes by type", "hours", "parties a day, 2018", "usual wait of busy hours, min"]


def busy_wait(waits: list[float]) -> float:
    """Mean of the longest third of the week's hours, minutes."""
    top = sorted(waits)[-56:]
    return sum(top) / len(top)


def lines_of(region: RegionTables) -> list[list[str]]:
    """A row for each crossing and mode."""
    crossing = {row["crossing"]: row for row in region["crossings"]}
    waits: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for row in region["usual_waits"]:
        if row["direction"] == "inbound":
            waits[row["crossing"], row["mode"], row["lane_type"]].append(float(row["wait_min"]))
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for row in region["volumes"]:
        if row["direction"] == "inbound" and row["month"].startswith("2018"):
            counts[row["crossing"], row["mode"]] += int(row["parties"])
    flows = defaultdict(list)
    for row in region["flows"]:
        if row["direction"] == "inbound":
            flows[row["crossing"], row["mode"]].append(row)
    made = []
    for (place, mode), rows in flows.items():
        at = crossing[place]
        lanes = ", ".join(f"{row['lanes']} {row['lane_type']}" for row in rows)
        usual = ", ".join(f"{busy_wait(waits[place, mode, row['lane_type']]):.0f}" for row in rows)
        hours = (
            "24 h" if (at["opens"], at["closes"]) == ("00:00", "24:00") else f"{at['opens']}-{at['closes']}"
        )
        made.append([at["name"], mode, lanes, hours, f"{counts[place, mode] / 365:,.0f}", usual])
    return made


def section(region: RegionTables) -> str:
    """What the page says of a region."""
    about = region["region"][0]
    head = [TABLE, ["---", "---", "---", "---", "---:", "---"]]
    table = "\n".join("| " + " | ".join(row) + " |" for row in [*head, *lines_of(region)])
    said = [f"## {region.name}", f"`{region.id}`: {about['description']}. Time zone {region.zone}.", table]
    if region.get("trade"):
        trade = [
            f"{row['mode']} at {row['port']}: {float(row['import_usd']) / 1e9:.2f} billion USD"
            f" ({row['status']})"
            for row in region["trade"]
        ]
        said.append(f"Imports of 2018 by {'; '.join(trade)}.")
    if region.get("rail"):
        trains = sum(int(row["trains"]) for row in region["rail"])
        loaded = sum(int(row["loaded"]) for row in region["rail"])
        said.append(
            f"By rail, counted but not simulated: {trains:,} trains and {loaded:,} loaded containers."
        )
    return "\n\n".join(said) + "\n"


def page() -> str:
    """The whole page."""
    return HEAD + "\n".join(section(load_region(name)) for name in regions())


def main() -> None:
    """Command line."""
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text(encoding="utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(PAGE)


if __name__ == "__main__":
    main()
