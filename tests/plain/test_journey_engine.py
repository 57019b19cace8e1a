"""People on the move as plain Python: by Flee's rule, by our own person by person, and in cohorts."""

from __future__ import annotations

import numpy as np
import pytest

from engine.journey_nets import network, people
from garita.engine import journey_types as types
from garita.engine import variates
from garita.engine.cohort_types import Stream
from garita.engine.journeys import travel, travel_in_cohorts

pytestmark = pytest.mark.filterwarnings("ignore:overflow")  # 64-bit words wrap on purpose
STEPS = 7
WAYS = [(0, 1, 100), (1, 2, 150), (2, 3, 90), (0, 3, 300), (3, 4, 700), (1, 4, 1), (4, 5, 200)]


def some(number, rules):
    """A network with closures, camps that open and close, arrivals, sinks and links that people must take."""
    rng = np.random.default_rng(number)
    places, links = 7, 2 * len(WAYS)  # no way leads to the last place
    camp = (rng.random((STEPS, places)) < 0.4).astype(np.uint8)
    flags = (types.AVOID_SHORT_STINTS, types.START_ON_FOOT, types.TAKE_FROM_POPULATION, types.HOME_MATTERS)
    given = {
        "open": rng.random((STEPS, links)) < (0.75 if number % 2 else 1.0),
        "forced": (rng.random((STEPS, links)) < 0.2) & (rules != "flee3"),
        "chance": rng.choice([0, 0.3, 1], (STEPS, places)),
        "score": rng.choice([0.1, 1, 2], places),
        "camp": camp,
        "town": 1 - camp,
        "hard": rng.random(places) < 0.6,
        "capacity": rng.choice([0, 3, 15], places),
        "initial": rng.integers(0, 14, places),
        "fixed": rng.integers(0, 2, (STEPS, places)),
        "ratio": rng.choice([0, 0.01], (STEPS, places)),
        "mean": rng.choice([0.0, 1.5], places),
        "shared": rng.integers(0, 4, STEPS),
        "share": rng.random(places),
        "population": rng.integers(0, 100, places),
        "gone_chance": rng.choice([0, 0.2], places) if number % 3 else np.zeros(places),
        "walk_chance": rng.choice([0, 0.5], links),
    }
    switches = {flag: number >> bit & 1 for bit, flag in enumerate(flags)}
    powers = (
        {types.DISTANCE_POWER: 1.5, types.WEIGHT_POWER: 0.7, types.SCALE_POWER: 0.1} if number > 11 else {}
    )
    switches[types.UNWEIGHTED] = int(number == 12)
    net = network(
        places,
        WAYS,
        STEPS,
        rules=rules,
        awareness=1 + (number % 4) // 2 + number % 8 // 7,
        switches=switches,
        settings={types.TURN_BACK: 0.3, **powers},
        **given,
    )
    return net._replace(nearness=1.0 + rng.random((places, places))) if number >> 3 & 1 else net


# Networks that between them go through everything; by Flee's rule far-sighted people take long.
NUMBERS = {"flee3": (0, 1, 4, 5, 8, 9, 12, 13), "garita": range(16), "cohorts": range(16)}


@pytest.mark.parametrize(
    ("rules", "number"), [(rules, number) for rules, numbers in NUMBERS.items() for number in numbers]
)
def test_nobody_is_lost(rules, number):
    net = some(number, "flee3" if rules == "flee3" else "garita")
    journal = travel_in_cohorts(net, 7, 3) if rules == "cohorts" else travel(net, 7, 3, rules)
    assert (people(journal) == journal.set_out - journal.left).all() and journal.set_out[-1] > 20
    assert min(book.min() for book in journal) >= 0 and journal.moves.sum() > 0


def test_numbers_of_many():
    """Means of a few large draws of every kind, by every way in which they are made."""
    stream = Stream(np.array([9], np.uint64), np.zeros(1, np.int64), np.array([0, 5], np.int64))
    for n, p in (
        (1, 0.3),
        (12, 0.5),
        (40, 0.9),
        (5000, 0.3),
        (10**7, 0.002),
        (10**9, 0.7),
        (5, 0.0),
        (5, 1.0),
    ):
        found = [variates.binomial(np.uint64(3), np.uint64(0), stream, 0, n, p) for _ in range(40)]
        assert abs(np.mean(found) - n * p) <= 4.0 * np.sqrt(n * p * (1.0 - p) / 40)
