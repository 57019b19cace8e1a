"""Two booths behind one another in a lane, beside a lane-by-lane model on the same draws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import helpers
from engine.test_queues import SERVICES, books, who_comes
from garita.build.service import Service, pair_worth, quantile_table
from garita.engine import types
from garita.errors import ScenarioError

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without


def by_lanes(joined, service, lanes, booths):
    """Start of each party, first come first served, at the booth that is reached first (lowest number among
    equals). Booths 0 to lanes - 1 have a lane each; booth n + lanes is in the lane of booth n.
    """
    leaves, reached = [-math.inf] * booths, [-math.inf] * booths
    other = [b + lanes if b < lanes else b - lanes for b in range(booths)]
    other = [o if o < booths else None for o in other]
    found = []
    for moment, lasts in zip(joined, service, strict=True):
        b = min(range(booths), key=lambda b: (reached[b], b))
        start = max(moment, reached[b])
        ahead = -math.inf if other[b] is None else leaves[other[b]]
        leaves[b] = reached[b] = max(start + lasts, ahead)
        if ahead > start:  # nobody passes who stands behind
            reached[other[b]] = leaves[b]
        found.append(start)
    return np.array(found)


@settings(max_examples=15)
@given(
    lanes=st.integers(1, 4),
    more=st.integers(0, 4),
    load=st.floats(0.2, 1.1),
    service=st.sampled_from([one for one in SERVICES if "mean" in one]),
    seed=st.integers(0, 2**40),
)
def test_every_party_starts_when_its_lane_lets_it(lanes, more, load, service, seed):
    booths = lanes + min(more, lanes)
    flow = helpers.flow(per_hour=round(240 * booths * load), booths=booths, lanes=lanes, tandem=True)
    flow |= {"booths_per_lane": 2, "service": service | {"mean": "15 s"}}
    case = helpers.case([flow])
    built, output = helpers.built(case), helpers.run(case, 1, seed)[0]
    coming = who_comes(built, seed, 0)
    start = by_lanes(coming.joined, coming.service, lanes, booths)
    expected, histogram = books(built, coming.joined, start, coming.service)
    for field, values in expected.items():
        assert (output.bins[0, :, field] == values).all(), field
    assert (output.histogram[0] == histogram).all()


@pytest.mark.parametrize(
    ("service", "low", "high"),
    [
        (Service("deterministic", 1.0), 2.0, 2.0),
        (Service("exponential", 1.0), 4 / 3, 4 / 3),  # the longer of two: 1.5
        (Service("erlang", 1.0, shape=3), 1.4, 1.7),  # the field's rule of thumb
    ],
)
def test_what_a_second_booth_in_the_lane_is_worth(service, low, high):
    assert low * 0.998 <= pair_worth(quantile_table(service)) <= high * 1.002


def test_a_lane_that_is_never_empty_serves_as_many():
    flow = helpers.flow(per_hour=3000, booths=2, lanes=1, booths_per_lane=2, tandem=True)
    flow["service"] = {"distribution": "erlang", "mean": "6 s", "shape": 3}
    output = helpers.one([flow])
    served = output.bins[0, 8:96, types.STARTED].sum() / 22  # an hour
    assert served == pytest.approx(
        600 * pair_worth(quantile_table(Service("erlang", 0.1, shape=3))), rel=0.01
    )


def test_a_second_booth_is_no_worse_than_none():
    """Second booths open behind the first only when every lane has one."""
    waits = []
    for booths in (3, 4, 6):
        flow = helpers.flow(per_hour=1900, booths=booths, lanes=3, booths_per_lane=2, tandem=True)
        output = helpers.one([flow])
        waits.append(output.bins[0, :, types.WAIT_SUM].sum())
    assert waits[0] > waits[1] > waits[2]


SHIFT = {"crossing": "a", "from_type": "standard", "to_type": "ready", "lanes": 1, "hours": "06:00-22:00"}
SPAN = {"crossing": "a", "from": helpers.at(8), "until": "4 h"}


@pytest.mark.parametrize(
    "more",
    [
        {"room": 10},
        {"conversions": [SHIFT]},
        {"officers": [{"pool": "p", "crossings": ["a"], "on_duty": 4}]},
        {"emergency": [{**SPAN, "booths": 2}]},
        {"lanes": [{**SPAN, "lanes": 3}]},
        {"stations": [{**SPAN, "name": "exit", "place": "after", "places": 2, "service": {"mean": "1 min"}}]},
    ],
    ids=lambda more: next(iter(more)),
)
def test_what_it_cannot_be_combined_with_is_refused(more):
    room = {key: value for key, value in more.items() if key == "room"}
    lines = [
        helpers.flow(booths=2, lanes=2, tandem=True, booths_per_lane=2, **room),
        helpers.flow(booths=2, lanes=2, lane_type="ready"),
    ]
    with pytest.raises(ScenarioError) as refused:
        helpers.one(lines, **{key: value for key, value in more.items() if key != "room"})
    assert [problem.code for problem in refused.value.problems] == ["tandem-with-others"]


def test_three_booths_in_a_lane_are_refused():
    with pytest.raises(ScenarioError) as refused:
        helpers.one([helpers.flow(booths=6, lanes=2, tandem=True, booths_per_lane=3)])
    assert [problem.code for problem in refused.value.problems] == ["tandem-of-three"]
