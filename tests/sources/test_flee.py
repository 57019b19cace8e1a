"""Reading instance directories of Flee: all columns and settings, however the files are written."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from garita.sources.flee import read_instance
from garita.sources.flee_places import kind_of
from sources.flee_files import FILES, added, replaced, write


def said(instance):
    return [str(warning) for warning in instance.warnings]


def test_an_instance_is_read_as_it_stands(tmp_path):
    found = read_instance(write(tmp_path))
    assert list(found.places) == ["Alta", "Bruma", "Cala", "Puente", "Dorada", "Ermita"]
    assert [place.kind for place in found.places.values()] == [
        *("conflict_zone", "conflict_zone", "town", "forwarding_hub", "camp", "camp")
    ]
    assert (found.start, found.days) == (date(2020, 1, 1), 40)
    assert found.places["Dorada"].size == 4000
    route = found.routes[0]
    assert (route.first, route.second, route.distance) == ("Alta", "Bruma", 100.0)
    assert found.conflicts[4:6, :2].tolist() == [[1, 0], [1, 0.5]]
    assert found.settings.move["max_move_speed"] == 200
    assert found.settings.move["softening"] == 10  # Flee's own default
    assert found.settings.decay == (1.0, 0.5)
    assert said(found) == []


def test_counts_go_straight_from_date_to_date_and_stay_outside(tmp_path):
    counts = read_instance(
        write(tmp_path, replaced("source_data/dorada.csv", "2020-01-01,100", "2020-01-02,100"))
    ).counts
    assert counts.names == ("Dorada", "Ermita")
    assert counts.camps[[0, 1, 10, 39], 0].tolist() == [100, 100, 1100, 3000]
    assert counts.total[10] == 2100


def test_a_correction_scales_what_was_registered_before(tmp_path):
    """On the 21st 2000 instead of 1000 on the 11th: all before is doubled, so the count no longer jumps."""
    counts = read_instance(write(tmp_path)).counts
    assert counts.camps[[5, 10, 20], 1].tolist() == [1000, 2000, 2000]


def test_several_files_of_one_camp_are_added_at_all_dates(tmp_path):
    layout = {
        "source_data/data_layout.csv": "total,refugees.csv\nDorada,dorada.csv,more.csv\nErmita,ermita.csv\n"
    }
    found = read_instance(
        write(tmp_path, {**layout, "source_data/more.csv": "2020-01-06,0\n2020-01-16,1000\n"})
    )
    assert found.counts.camps[10, 0] == 1100 + 500


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: text.replace(",", " , "), id="blanks around commas"),
        pytest.param(lambda text: "\ufeff" + text, id="a byte order mark"),
        pytest.param(lambda text: text.replace("\n", "\n\n"), id="empty lines"),
        pytest.param(lambda text: text.replace("\n", ",,\n"), id="empty cells at the end"),
    ],
)
def test_the_way_of_writing_makes_no_difference(tmp_path, change):
    plain = read_instance(write(tmp_path / "plain"))
    other = read_instance(
        write(tmp_path / "other", {n: change(t) for n, t in FILES.items() if n.endswith(".csv")})
    )
    assert other.places == plain.places or [p.name for p in other.places.values()] == list(plain.places)
    assert [(r.first, r.second, r.distance) for r in other.routes] == [
        (r.first, r.second, r.distance) for r in plain.routes
    ]
    assert np.array_equal(other.conflicts, plain.conflicts)
    assert np.array_equal(other.counts.camps, plain.counts.camps)
    assert [(c.kind, c.start, c.end) for c in other.closures] == [("country", 3, 6)]


def test_all_further_files_and_columns(tmp_path):
    changed = {
        **replaced(
            "input_csv/locations.csv",
            "population\n",
            "population,conflict_intensity,deactivation_probability,hdi\n",
        ),
        **replaced(
            "input_csv/routes.csv",
            "forced_redirection\n",
            "forced_redirection,max_move_speed,walk_probability\n",
        ),
        "input_csv/location_changes.csv": "Cala,camp,7\n",
        "input_csv/major_routes.csv": "Alta,Cala,Puente,Dorada\n",
        "input_csv/agents.csv": "#location,age\nAlta,30\nAlta,4\nCala,9\n",
        "input_csv/region_attributes_IPC.csv": "#Day,South\n0,0\n10,50\n",
        "input_csv/demographics_age.csv": "age,Default\n10,1\n",
        "simsetting.yml": FILES["simsetting.yml"].replace(
            "insert_day0: True", "read_from_agents_csv_file: yes"
        ),
    }
    changed["input_csv/locations.csv"] = changed["input_csv/locations.csv"].replace(
        "50000", "50000,0.8,0,0.5"
    )
    changed["input_csv/routes.csv"] = changed["input_csv/routes.csv"].replace(
        "Alta,Cala,150,0", "Alta,Cala,150,2,90,0.25"
    )
    found = read_instance(write(tmp_path, changed))
    assert found.places["Alta"].attributes == {
        "conflict_intensity": 0.8,
        "deactivation_probability": 0.0,
        "hdi": 0.5,
    }
    route = found.routes[1]
    assert (route.redirection, route.speed, route.walk_chance) == (2, 90.0, 0.25)
    assert (found.changes[0].name, found.changes[0].kind, found.changes[0].day) == ("Cala", "camp", 7)
    assert found.major_routes == [["Alta", "Cala", "Puente", "Dorada"]]
    assert found.agents == {"Alta": 2, "Cala": 1}
    assert found.hunger[:, 1][[0, 5, 30]].tolist() == [0, 25, 50]
    assert found.hunger[:, 0].max() == 0
    assert any("`hdi` is not simulated" in text for text in said(found))
    assert any("demographics_age.csv" in text for text in said(found))


def test_what_is_not_simulated_is_named_with_its_line(tmp_path):
    text = (
        "log_levels: {agent: 1}\n"
        "spawn_rules:\n  flood_driven_spawning: {spawn_mode: constant}\n  starvation_driven_spawning: True\n"
        "move_rules:\n  ChildrenAvoidHazards: True\n  two_system_decision_making: true\n"
        "  harvest_months: [3, 4]\n  softning: 3\nodd: 1\n"
    )
    found = said(read_instance(write(tmp_path, {"simsetting.yml": text})))
    for part in (
        *(
            "agents.out",
            "because of floods",
            "because of hunger",
            "route for children",
            "deliberation",
            "harvest",
        ),
        *(
            "simsetting.yml:9: move_rules.softning: the setting `softning` is not known. Did you mean `soft",
            "odd",
        ),
    ):
        assert any(part in line for line in found), part


def test_conflict_driven_departures(tmp_path):
    rule = "{spawn_mode: pop_ratio, displaced_per_conflict_day: 0.02}"
    text = f"spawn_rules:\n  conflict_driven_spawning: {rule}\n"
    settings = read_instance(write(tmp_path, {"simsetting.yml": text})).settings
    assert (settings.spawn_mode, settings.rate) == ("pop_ratio", 0.02)


def test_settings_may_stand_elsewhere_or_be_empty(tmp_path):
    write(tmp_path, {"simsetting.yml": ""})
    assert read_instance(tmp_path).settings.move["max_move_speed"] == 360
    other = tmp_path / "other.yml"
    other.write_text("move_rules: {max_move_speed: 50}\n", encoding="utf-8")
    assert read_instance(tmp_path, other).settings.move["max_move_speed"] == 50


def test_without_conflicts_the_dates_of_the_places_count(tmp_path):
    assert read_instance(write(tmp_path, {"input_csv/conflicts.csv": None})).conflicts is None


def test_types_of_places_are_found_by_words():
    names = (
        "IDPCamp",
        "refugee_camp",
        "conflict",
        "forwarding_hub",
        "marker",
        "flood_zone",
        "Town",
        "default",
        "sea",
    )
    assert [kind_of(name) for name in names] == [
        *("idpcamp", "camp", "conflict_zone", "forwarding_hub", "marker", "flood_zone", "town", "town", None)
    ]


def test_people_counted_where_there_is_no_place_are_named(tmp_path):
    changed = added("source_data/data_layout.csv", "Elsewhere,ermita.csv\n")
    assert any(
        "`Elsewhere`, which is not a place" in text for text in said(read_instance(write(tmp_path, changed)))
    )
