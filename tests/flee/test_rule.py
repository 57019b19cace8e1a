"""Our rule of movement: the ways people know, who sets out, and parameters from a fit."""

from __future__ import annotations

import json
from itertools import pairwise, permutations

import numpy as np
import pytest

from garita import cli
from garita.errors import DataError
from garita.flee.arrivals import CITY, arrivals
from garita.flee.calendar import calendar
from garita.flee.closures import open_links
from garita.flee.network import Links, links
from garita.flee.rule import RULE, read_rule, ways_to_camps
from garita.sources.flee import read_instance
from sources.flee_files import added, write

PLACES, CAMPS = 6, [4, 5]


def some_links(rng):
    """A random network, a third of its links the same way as another."""
    pairs = [tuple(rng.choice(PLACES, 2, replace=False)) for _ in range(9)]
    start = np.array([end for pair in pairs for end in pair], np.int32)
    end = np.array([end for pair in pairs for end in pair[::-1]], np.int32)
    km = np.repeat(rng.integers(1, 9, len(pairs)).astype(float), 2)
    nothing = np.zeros(len(start))
    return Links(start, end, np.arange(18, dtype=np.int32) ^ 1, km, nothing, nothing, nothing > 0)


def shortest(found, allowed, place, camp):
    """Length of the shortest simple path by trying all of them."""
    best = np.inf
    inner = [other for other in range(PLACES) if other not in (place, camp)]
    for count in range(len(inner) + 1):
        for between in permutations(inner, count):
            path, km = [place, *between, camp], 0.0
            for a, b in pairwise(path):
                steps = found.distance[allowed & (found.start == a) & (found.end == b)]
                km += steps.min() if len(steps) else np.inf
            best = min(best, km)
    return best


@pytest.mark.parametrize("seed", range(8))
def test_ways_are_the_shortest_that_are_open(seed):
    """Against every simple path, on three days with closed links and one that people are sent along."""
    rng = np.random.default_rng(seed)
    found = some_links(rng)
    is_open, forced = rng.random((3, 18)) < 0.8, np.zeros((3, 18), bool)
    forced[1:, rng.integers(18)] = True
    ways = ways_to_camps(found, CAMPS, PLACES, is_open, forced)
    for day in range(3):
        sends = set(found.start[forced[day] & is_open[day]].tolist())
        free = np.array([start not in sends for start in found.start.tolist()])
        allowed = is_open[day] & (forced[day] | free)
        for place in range(PLACES):
            of_place = range(ways.first_route[place], ways.first_route[place + 1])
            for camp in CAMPS:
                if camp == place:
                    continue
                lengths = []
                for route in of_place:
                    path = ways.hop_link[ways.first_hop[route] : ways.first_hop[route + 1]]
                    assert found.start[path[0]] == place
                    assert (found.end[path[:-1]] == found.start[path[1:]]).all()
                    assert ways.route_length[route] == found.distance[path].sum()
                    if ways.route_end[route] == camp and allowed[path].all():
                        lengths.append(ways.route_length[route])
                assert min(lengths, default=np.inf) == shortest(found, allowed, place, camp)
                assert lengths == sorted(lengths)


def test_a_closure_between_two_places_leaves_their_other_ways_open(tmp_path):
    """Flee reads the first name only, and shuts everybody in there."""
    instance = read_instance(
        write(tmp_path, {"input_csv/closures.csv": "location,Cala,Puente,2,4\nlocation,Bruma,,6,7\n"})
    )
    ours, flees = (
        {day: set(np.flatnonzero(~row).tolist()) for day, row in enumerate(open_links(instance, net, rules))}
        for rules in ("garita", "flee3")
        for net in [links(instance, rules)]
    )
    between = {
        link
        for link, ends in enumerate(zip(*links(instance, "garita")[:2], strict=True))
        if {list(instance.places)[end] for end in ends} == {"Cala", "Puente"}
    }
    assert ours[2] == ours[3] == between and len(between) == 2
    assert len(flees[2]) == 6
    assert ours[6] == flees[6] and len(ours[6]) == 4
    assert ours[1] == ours[4] == set()


def test_people_set_out_by_the_conflict_alone(tmp_path):
    """A place of 50,000 in full conflict for 40 days, whose effect halves after 30; one of 30,000 at one
    half from day 5 on."""
    instance = read_instance(write(tmp_path))
    days = calendar(instance, "garita")
    for power in (0.0, 0.5, 1.0):
        found = arrivals(instance, days, power, 80.0)
        alta, bruma = (50_000 / CITY) ** power, (30_000 / CITY) ** power
        assert found.shared.sum() == int(80 * (alta * (30 + 10 / 2) + bruma * 0.5 * (30 + 5 / 2)) + 1e-9)
        sizes = np.array([place.size for place in instance.places.values()])
        weight = found.share[6] * sizes
        assert weight[1] / weight[0] == pytest.approx(bruma / 2 / alta)
        assert found.debt.sum() == found.mean.sum() == 0
    assert (arrivals(instance, days, 1.0).share == days.intensity * days.decay).all()


def test_a_population_of_nobody_sends_nobody(tmp_path):
    changed = added("input_csv/locations.csv", "Vacia,South,Home,0.3,10.6,conflict_zone,0,\n")
    instance = read_instance(write(tmp_path, changed))
    found = arrivals(instance, calendar(instance, "garita"), 0.0, 10.0)
    assert found.shared.sum() == int(10 * (35 + 0.5 * 32.5))


def test_parameters_are_read_from_a_fit(tmp_path):
    path = tmp_path / "fit.json"
    path.write_text(json.dumps({"rule": {**vars(RULE), "distance_power": 3}}), encoding="utf-8")
    assert read_rule(tmp_path).distance_power == 3.0
    wrong = [
        {"crowding": -1},
        {"people_power": 30},
        {"softening_km": 10**400},
        {"people_a_day": float("nan")},
    ]
    rules = [json.dumps({"rule": {**vars(RULE), **one}}) for one in wrong]
    for text in ("{", "[]", "{}", "[" * 100_000, *rules):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match="garita fit flee"):
            read_rule(tmp_path)


def test_a_fit_of_our_rule_is_not_passed_over_by_the_rule_of_flee(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["flee", str(write(tmp_path)), "--fit", str(tmp_path)])
    assert stopped.value.code == 2
    assert "--rules garita" in capsys.readouterr().err
