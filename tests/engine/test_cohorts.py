"""Cohorts: numbers of many drawn at once, nobody lost, and the same distribution as person by person."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings

from engine.journey_nets import network
from engine.test_journeys_properties import check, networks
from garita.engine import journey_types as types
from garita.engine.journeys import travel, travel_in_cohorts

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

STEPS, RUNS = 8, 120
NET = {
    "chance": [1, 0.5, 0.5, 0.05],
    "initial": [400, 0, 0, 0],
    "fixed": [10, 0, 0, 0],
    "town": [0, 1, 1, 0],
    "settings": {types.TURN_BACK: 0.3},
}
SHUT = np.ones((STEPS, 8), np.uint8)
SHUT[2:4, 0:2], SHUT[3:6, 4:6] = 0, 0
FORCED = np.zeros((STEPS, 8), np.uint8)
FORCED[:4, 2] = 1


def some(**given):
    return network(4, [(0, 1, 100), (1, 2, 150), (2, 3, 90), (0, 3, 300)], STEPS, **{**NET, **given})


def books(journal):
    return np.concatenate(
        [journal.inside, journal.outside, journal.on_link, journal.at_border], axis=1
    ).ravel()


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({}, id="plain"),
        pytest.param({"switches": {types.AVOID_SHORT_STINTS: 1}}, id="short stints"),
        pytest.param({"awareness": 3}, id="three places ahead"),
        pytest.param({"walk_chance": 0.5, "switches": {types.START_ON_FOOT: 1}}, id="on foot"),
        pytest.param(
            {"camp": [0, 0, 0, 1], "hard": [0, 0, 0, 1], "capacity": [0, 0, 0, 120]}, id="hard capacity"
        ),
        pytest.param(
            {"mean": [20, 0, 0, 0], "shared": 30, "share": [1, 2, 0, 0], "population": [100, 50, 0, 0]},
            id="arrivals",
        ),
        pytest.param({"open": SHUT, "awareness": 2}, id="closures"),
        pytest.param({"forced": FORCED}, id="forced links"),
        pytest.param(
            {"open": SHUT, "awareness": 3, "switches": {types.SHORTEST_ONLY: 1}, "score": [0, 1, 0, 1]},
            id="shortest ways",
        ),
        pytest.param(
            {"switches": {types.HOME_MATTERS: 1}, "initial": [200, 100, 100, 0], "nearness": None}, id="home"
        ),
        pytest.param({"gone_chance": [0, 0, 0, 0.2], "camp": [0, 0, 0, 1]}, id="sinks"),
    ],
)
def test_equal_in_distribution_to_person_by_person(given):
    """Means and spreads of every count of every step, over 120 histories each.

    The largest of some ninety standard normal figures stays below 4.5 in all but one of a thousand tests.
    """
    near = np.array([[1, 2, 1, 5], [2, 1, 9, 1], [1, 1, 1, 1], [1, 1, 1, 1]], float)
    net = some(**{name: value for name, value in given.items() if name != "nearness"})
    if "nearness" in given:
        net = net._replace(nearness=near)
    one = np.array([books(travel(net, 1, run, "garita")) for run in range(RUNS)], float)
    other = np.array([books(travel_in_cohorts(net, 2, run)) for run in range(RUNS)], float)
    spread = one.var(axis=0, ddof=1) + other.var(axis=0, ddof=1)
    varies = spread > 0
    assert np.array_equal(one[0, ~varies], other[0, ~varies])
    apart = (one.mean(axis=0) - other.mean(axis=0))[varies] / np.sqrt(spread[varies] / RUNS)
    assert np.abs(apart).max() < 4.5
    assert (apart**2).mean() < 2.5
    ratio = one.var(axis=0, ddof=1).sum() / other.var(axis=0, ddof=1).sum()
    assert 0.75 < ratio < 1.33


@settings(max_examples=60)
@given(networks())
def test_cohorts_lose_nobody_and_keep_capacities(net):
    journal = travel_in_cohorts(net, 1, 0)
    check(net, journal)
    limited = (net.hard > 0) & (net.capacity >= 1) & (net.camp > 0)
    assert (journal.inside[limited] <= np.broadcast_to(net.capacity, limited.shape)[limited]).all()
    assert journal.outside[~limited].sum() == 0


def test_the_same_seed_gives_the_same_bits():
    net = some(walk_chance=0.3)
    assert np.array_equal(books(travel_in_cohorts(net, 4, 1)), books(travel_in_cohorts(net, 4, 1)))
    assert not np.array_equal(books(travel_in_cohorts(net, 4, 1)), books(travel_in_cohorts(net, 4, 2)))


def test_the_cost_does_not_grow_with_the_people():
    """A thousand times the people, at most twice the time (best of several)."""

    def seconds(people):
        net = some(initial=[people, 0, 0, 0])
        times = []
        for run in range(7):
            start = time.process_time()
            travel_in_cohorts(net, 1, run)
            times.append(time.process_time() - start)
        return min(times)

    assert seconds(40_000_000) < 2 * seconds(40_000) + 0.01
