"""Officers and booths that move between lines: nobody is lost, and no bit hangs on cuts or order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import helpers
from garita.engine import run_both, run_replication, types
from garita.engine.run import _shared
from properties import worlds
from properties.test_bits import CLOSURE, in_another_order, same_by_name
from properties.test_conservation import check

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

LANES = st.sampled_from(["none", "shorter", "logit"])


def different(first, second):
    """Names of the books that differ, the extra ones too."""
    extra = [
        name
        for name, one, other in zip(first.extra._fields, first.extra, second.extra, strict=True)
        if one.tobytes() != other.tobytes()
    ]
    return helpers.different(first, second) + extra


def test_the_world_has_them():
    output = helpers.run(worlds.case(**worlds.officers()))[0]
    assert {"bins", "ledger"} <= set(helpers.different(output, worlds.usual()))


@worlds.few(6)
@given(
    closures=st.lists(worlds.closures(), max_size=2),
    seed=st.integers(0, 2**32),
    scale=st.sampled_from([0.7, 1.2]),
    rule=st.sampled_from(["logit", "threshold", "none"]),
    rooms=st.booleans(),
    lanes=LANES,
)
def test_people_are_conserved(closures, seed, scale, rule, rooms, lanes):
    flows = worlds.rooms(worlds.flows(scale)) if rooms else worlds.flows(scale)
    parts = {**worlds.officers(), "flows": flows, "closures": closures}
    case = worlds.case(behaviour={"choice_rule": rule, "lane_rule": lanes}, **parts)
    check(case, helpers.run(case, 1, seed)[0])


@worlds.few(6)
@given(
    idle=worlds.idle_cuts(),
    closure=worlds.closures(),
    lanes=LANES,
)
def test_more_cuts_change_nothing(idle, closure, lanes):
    parts = {**worlds.officers(), "closures": [closure], "behaviour": {"lane_rule": lanes}}
    cut, usual = (helpers.run(worlds.case(**parts, staffing=staffing))[0] for staffing in (idle, []))
    assert not different(cut, usual)


@pytest.mark.parametrize("rule", ["logit", "none"])
def test_the_order_of_the_file_changes_nothing(rule):
    shuffled = in_another_order(5)
    cases = [
        worlds.case(
            behaviour={"choice_rule": rule, "lane_rule": "logit"},
            closures=CLOSURE,
            **worlds.officers(),
            **parts,
        )
        for parts in ({}, shuffled)
    ]
    assert same_by_name(*((case, helpers.run(case)[0]) for case in cases)) == []


def test_with_and_without_a_closure_share_the_beginning():
    closures = [{"crossing": "north", "from": helpers.at(13), "until": "4 h"}]
    case = worlds.case(closures=closures, behaviour={"lane_rule": "shorter"}, **worlds.officers())
    one, other = (helpers.built(each).run for each in (case, case.without("closures")))
    assert 0 < _shared(one, other) < len(one.model.intervals)
    for found, run in zip(list(run_both(one, other, 3, 1)), (one, other), strict=True):
        assert not different(found, run_replication(run, 3, 1))


def test_no_more_booths_than_there_are():
    """Booths open at a crossing are never more with conversions than without, where queues do not matter."""
    flows = [
        {name: value for name, value in flow.items() if name != "target_wait"} for flow in worlds.flows()
    ]
    parts = worlds.officers()
    outputs = [
        helpers.run(worlds.case(flows=flows, **given))[0]
        for given in ({"conversions": parts["conversions"]}, {})
    ]
    cars = [f for f, line in enumerate(helpers.lines(worlds.case())) if line.startswith("north:inbound:car")]
    minutes = [output.bins[cars, :96, types.OPEN_BOOTH_MIN].sum(axis=0) for output in outputs]
    assert np.array_equal(*minutes)
