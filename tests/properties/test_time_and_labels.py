"""A year later, under other names, in two pieces: the same history."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import helpers
from garita import scenario
from garita.engine import run as engine_run
from garita.engine import run_replication
from garita.engine.extra import new_extra
from properties import worlds

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

CLOSURES = [{"crossing": "north", "from": helpers.at(8), "until": "5 h"}]


def world(rule, **more):
    flows = worlds.rooms(worlds.flows(1.1))
    return worlds.case(behaviour={"choice_rule": rule}, flows=flows, **{"closures": CLOSURES, **more})


@worlds.few(6)
@given(
    cuts=st.lists(worlds.seconds, min_size=1, max_size=3, unique=True),
    rule=st.sampled_from(["logit", "threshold", "none"]),
    seed=st.integers(0, 2**53 - 1),
)
def test_in_pieces_is_as_in_one(cuts, rule, seed):
    """The engine stopped between intervals and continued: all that a run is stands in its arrays."""
    run = helpers.built(world(rule)).run
    whole = run_replication(run, seed, 0)
    count = len(run.model.intervals)
    at = sorted({round(second / 86_400 * count) for second in cuts} | {0, count})
    state = engine_run._new_state(run, engine_run._booths(run))
    output, extra = run.new_output(), new_extra(run.extra)
    for first, end in itertools.pairwise(at):
        assert engine_run._advance(run, seed, 0, state, output, extra, first, end)
    assert not helpers.different(output, whole)
    assert extra.unserved.tobytes() == whole.extra.unserved.tobytes()


@pytest.mark.parametrize("rule", ["logit", "threshold", "none"])
@pytest.mark.parametrize("days", [364, 7 * 313])
def test_a_shift_in_time_changes_no_bit(rule, days):
    """Weeks later everything is as it was, once the hours that draws are keyed by are those of before."""
    text = world(rule).text
    moved = json.loads(text)
    shift = np.timedelta64(days, "D")

    def later(value):
        if isinstance(value, str) and value.startswith("2018-01-"):
            moment = np.datetime64(value.replace(" ", "T"), "s") + shift
            return str(moment).replace("T", " ")
        if isinstance(value, dict):
            return {name: later(item) for name, item in value.items()}
        return [later(item) for item in value] if isinstance(value, list) else value

    before, after = (helpers.built(scenario.loads(each)).run for each in (text, json.dumps(later(moved))))
    assert after.model.intervals.start[0] - before.model.intervals.start[0] == 1440.0 * days
    after.model.hours.key -= 24 * days
    assert not helpers.different(run_replication(before, 5, 1), run_replication(after, 5, 1))


def test_a_shift_by_itself_changes_the_draws():
    """Another year has other luck."""
    first = helpers.built(world("none")).run
    other = helpers.built(world("none")).run
    other.model.hours.key += 24 * 364
    assert helpers.different(run_replication(first, 5, 1), run_replication(other, 5, 1))


def renamed(text, names):
    """The scenario under other names of crossings."""
    for old, new in names.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    return text


@pytest.mark.parametrize("rule", ["logit", "threshold", "none"])
def test_other_names_with_the_same_keys_change_nothing(rule):
    """Names are keys of draws and give the order; with the same keys, in the same order, nothing depends on
    them.
    """
    names = {"north": "x-north", "middle": "k-middle", "south": "y-south", "island": "b-island"}
    case = world(rule)
    one, other = (helpers.built(scenario.loads(text)).run for text in (case.text, renamed(case.text, names)))
    assert helpers.different(run_replication(one, 5, 1), run_replication(other, 5, 1))
    other.model.flows.hash[:] = one.model.flows.hash
    assert not helpers.different(run_replication(one, 5, 1), run_replication(other, 5, 1))
