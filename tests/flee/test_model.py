"""From an instance to arrays: calendars, closures and departures, as Flee has them and as they are meant."""

from __future__ import annotations

import numpy as np
import pytest

from garita.errors import DataError
from garita.flee.arrivals import arrivals
from garita.flee.calendar import calendar
from garita.flee.closures import open_links
from garita.flee.model import journeys
from garita.flee.network import great_circle, links, place_keys
from garita.flee.run import simulate
from garita.sources.flee import read_instance
from sources.flee_files import FILES, added, replaced, write

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

CLOSURES, ROUTES, CONFLICTS, SETTINGS = (
    *("input_csv/closures.csv", "input_csv/routes.csv", "input_csv/conflicts.csv"),
    "simsetting.yml",
)


def instance(folder, changed=None):
    return read_instance(write(folder, changed))


def is_open(found, rules, first, second):
    index = list(found.places)
    network = links(found, rules)
    this = (network.start == index.index(first)) & (network.end == index.index(second))
    return open_links(found, network, rules)[:, this][:, 0]


def days(flags):
    return np.flatnonzero(~flags).tolist()


def test_a_border_is_closed_both_ways(tmp_path):
    found = instance(tmp_path)
    for rules in ("flee3", "garita"):
        assert days(is_open(found, rules, "Cala", "Puente")) == [3, 4, 5]
        assert days(is_open(found, rules, "Puente", "Cala")) == [3, 4, 5]
        assert days(is_open(found, rules, "Alta", "Bruma")) == []


def test_a_closed_link_is_closed(tmp_path):
    """Defect 1: Flee passes over closures of links."""
    found = instance(tmp_path, added(CLOSURES, "link,Alta,Bruma,2,4\n"))
    assert (
        days(is_open(found, "garita", "Alta", "Bruma"))
        == days(is_open(found, "garita", "Bruma", "Alta"))
        == [2, 3]
    )
    assert days(is_open(found, "flee3", "Alta", "Bruma")) == []
    done = simulate(found, "flee3")
    assert any("Flee passes over closures of one link" in str(warning) for warning in done.warnings)


def test_overlapping_closures_are_counted(tmp_path):
    """Defect 3: in Flee the reopening of a place opens a border that is closed for good."""
    text = "#\ncountry,Home,Away,0,-1\nlocation,Puente,,2,4\n"
    found = instance(tmp_path, {CLOSURES: text})
    assert is_open(found, "garita", "Cala", "Puente").sum() == 0
    assert days(is_open(found, "flee3", "Cala", "Puente")) == [0, 1, 2, 3]
    assert days(is_open(found, "garita", "Puente", "Dorada")) == [2, 3]


def test_a_forced_redirection_sends_people(tmp_path):
    """Defect 2: in Flee 3 it sends nobody, and flag 1 doubles the route."""
    changed = replaced(ROUTES, "Puente,Dorada,90,0", "Puente,Dorada,90,2")
    found = instance(tmp_path, changed)
    sent, not_sent = simulate(found, "garita"), simulate(found, "flee3")
    dorada = sent.camps.index("Dorada")
    assert sent.simulated[-1, 1 - dorada] < 0.05 * sent.simulated[-1].sum()
    assert not_sent.simulated[-1, 1 - dorada] > 0.2 * not_sent.simulated[-1].sum()
    doubled = instance(tmp_path, replaced(ROUTES, "Puente,Dorada,90,0", "Dorada,Puente,90,1"))
    assert len(links(doubled, "flee3").start) == len(links(doubled, "garita").start) + 2
    network = links(doubled, "garita")
    assert network.forced.sum() == 1


def test_a_redirection_can_be_removed(tmp_path):
    changed = {
        **replaced(ROUTES, "Puente,Dorada,90,0", "Puente,Dorada,90,2"),
        **added(CLOSURES, "remove_forced_redirection,Puente,Dorada,10,0\n"),
    }
    model, _ = journeys(instance(tmp_path, changed), "garita")
    assert model.forced.any(axis=1).tolist() == [True] * 10 + [False] * 30


def test_every_change_of_intensity_counts(tmp_path):
    """Defect 10: of 0.2, 0.9, 0.9 Flee keeps 0.2."""
    rows = "".join(f"{day},{0.2 if day == 0 else 0.9}\n" for day in range(40))
    found = instance(tmp_path, {CONFLICTS: "#Day,Alta\n" + rows})
    assert calendar(found, "garita").intensity[:3, 0].tolist() == [0.2, 0.9, 0.9]
    assert calendar(found, "flee3").intensity[:3, 0].tolist() == [0.2, 0.2, 0.2]


def test_scores_and_chances_of_places(tmp_path):
    found = calendar(instance(tmp_path), "flee3")
    assert found.chance[0].tolist() == [1.0, 0.5, 0.5, 1.0, 0.001, 0.001]
    assert found.chance[5, 1] == 1.0
    assert found.score[0, 0] == 0.25  # conflict_weight
    assert found.score[39, 0] == 0.25**0.5  # its effect has halved after 30 days
    assert found.score[10, 1] == 0.25**0.5  # intensity one half
    assert found.town[4, 1] and not found.town[5, 1]


def test_camps_open_and_close(tmp_path):
    found = instance(tmp_path, added(CLOSURES, "camp,Dorada,,0,8\ncamp,Dorada,,5,10\n"))
    ours, flees = calendar(found, "garita"), calendar(found, "flee3")
    dorada = list(found.places).index("Dorada")
    assert days(ours.camp[:, dorada]) == list(range(10))
    assert days(flees.camp[:, dorada]) == list(range(8))
    assert ours.chance[0, dorada] == 0.5


def test_a_place_changes_its_type(tmp_path):
    found = instance(tmp_path, {"input_csv/location_changes.csv": "Cala,idpcamp,7\n"})
    for rules in ("flee3", "garita"):
        assert calendar(found, rules).chance[6:8, 2].tolist() == [0.5, 0.1]


def test_camps_as_sinks_can_be_switched_on(tmp_path):
    """Defect 8: Flee reads a misspelt key."""
    changed = {
        **replaced("input_csv/locations.csv", "population\n", "population,deactivation_probability\n"),
        SETTINGS: FILES[SETTINGS].replace("insert_day0", "camps_are_sinks"),
    }
    changed["input_csv/locations.csv"] = changed["input_csv/locations.csv"].replace(
        "camp,,4000", "camp,,4000,0.1"
    )
    found = instance(tmp_path, changed)
    assert journeys(found, "garita")[0].gone_chance.max() == 0.1
    assert journeys(found, "flee3")[0].gone_chance.max() == 0.0
    assert any("camps_are_sicks" in str(warning) for warning in simulate(found, "flee3").warnings)


def test_distances_on_the_globe_are_right():
    """Defect 7: from (60 N, 0 E) to (60 N, 1 E) it is 55.6 km, not 111.2."""
    at = np.radians([60.0, 0.0, 60.0, 1.0])
    assert great_circle(*at) == pytest.approx(55.6, abs=0.05)


def test_flee_takes_latitude_for_longitude(tmp_path):
    changed = {SETTINGS: FILES[SETTINGS] + "  stay_close_to_home: True\n  home_distance_power: 1\n"}
    found = instance(tmp_path, changed)
    ours, flees = (1 / journeys(found, rules)[0].nearness for rules in ("garita", "flee3"))
    assert ours.shape == (6, 6)
    assert not np.allclose(ours, flees)


@pytest.mark.parametrize(
    ("awareness", "rules", "leave"), [(0, "flee3", False), (0, "garita", True), (-1, "garita", True)]
)
def test_without_knowledge_people_choose_any_road(tmp_path, awareness, rules, leave):
    """Defect 9: with awareness 0 nobody leaves their place in Flee."""
    changed = {SETTINGS: FILES[SETTINGS] + f"  awareness_level: {awareness}\n"}
    done = simulate(instance(tmp_path, changed), rules)
    assert (done.simulated[-1].sum() > done.simulated[0].sum()) is np.True_ or not leave
    assert (done.on_the_way.sum() > 0) == leave


def test_too_much_knowledge_is_refused(tmp_path):
    names = [f"T{number}" for number in range(40)]
    places = "".join(f"{name},R,Home,0,0,town,0,\n" for name in names)
    roads = "".join(f"{a},{b},10,\n" for a in names for b in names if a < b)
    changed = {
        **added("input_csv/locations.csv", places),
        **added(ROUTES, roads),
        SETTINGS: FILES[SETTINGS] + "  awareness_level: 9\n",
    }
    with pytest.raises(DataError, match="awareness_level"):
        simulate(instance(tmp_path, changed), "flee3")


def test_departures_follow_the_registered_counts(tmp_path):
    found = instance(tmp_path)
    people = arrivals(found, calendar(found, "flee3"))
    assert people.initial.sum() == people.registered[0].sum() == 100
    assert people.shared[0] == 0
    assert people.shared.sum() + 100 == people.registered[-1].sum()
    done = simulate(found)
    assert done.people[-1] == people.registered[-1].sum()
    assert (done.people - done.simulated.sum(axis=1) >= 0).all()


def test_a_decrease_is_a_debt_that_later_increases_pay(tmp_path):
    counts = "2020-01-01,100\n2020-01-02,60\n2020-01-03,80\n2020-01-04,150\n"
    found = instance(tmp_path, {"source_data/dorada.csv": counts, "source_data/ermita.csv": "2020-01-01,1\n"
                                , "input_csv/registration_corrections.csv": ""})  # fmt: skip
    people = arrivals(found, calendar(found, "flee3"))
    assert people.shared[:4].tolist() == [0, 0, 0, 50]
    assert people.debt[:4].tolist() == [0, 40, 20, 0]


def test_keys_of_places_depend_on_the_name_alone():
    assert place_keys(["a", "b"]).tolist() == place_keys(["x", "a", "b"]).tolist()[1:]
    assert len(set(place_keys([f"place {number}" for number in range(5000)]).tolist())) == 5000


def test_conflict_driven_departures(tmp_path):
    text = FILES[SETTINGS].replace(
        "spawn_rules:",
        "spawn_rules:\n  conflict_driven_spawning: {spawn_mode: MODE, displaced_per_conflict_day: RATE}",
    )
    for mode, rate, low, high in (
        ("constant", 10, 575, 575),
        ("poisson", 10, 450, 700),
        ("pop_ratio", 0.001, 2525, 2525),
    ):
        changed = {SETTINGS: text.replace("MODE", mode).replace("RATE", str(rate))}
        done = simulate(instance(tmp_path / mode, changed))
        assert low <= done.people[-1] - 100 <= high


def test_major_routes_and_the_shortest_ways_are_known(tmp_path):
    changed = {
        "input_csv/major_routes.csv": "Alta,Cala,Puente,Ermita\n",
        SETTINGS: FILES[SETTINGS] + "  fixed_routes: True\n  awareness_level: 2\n",
    }
    model, _ = journeys(instance(tmp_path, changed), "flee3")
    of_alta = slice(model.first_route[0], model.first_route[1])
    assert model.route_end[of_alta].tolist() == [1, 2, 3, 5]
    assert model.route_length[of_alta].tolist() == [100, 150, 230, 350]
