"""Thousands of entries: read once, and refused at the first one too many."""

from __future__ import annotations

import time

import pytest

from garita.errors import ScenarioError
from garita.scenario import loads
from garita.scenario.loader import MOST_ENTRIES
from scenario.texts import DESIGN, FULL

HEAD = DESIGN[: DESIGN.index("closures:")] + "closures:\n"
CLOSURE = "  - {crossing: tecate, modes: [car], from: 2018-11-25 08:00, until: 5 min}\n"


def test_what_is_the_same_in_all_histories_is_resolved_once():
    case = loads(
        HEAD + CLOSURE * 300 + "  - {crossing: tecate, from: 2018-11-25, until: {range: [1 h, 2 h]}}\n"
    )
    first, second = case.resolve(0).closures, case.resolve(1).closures
    assert all(one is other for one, other in zip(first[:-1], second[:-1], strict=True))
    assert first[-1].until != second[-1].until
    assert case.without("closures").resolve(0).closures == []


def test_one_history_does_not_depend_on_those_before():
    apart = [loads(FULL).resolve(replication) for replication in (None, 3)]
    case = loads(FULL)
    for replication in (5, None, 3):
        case.resolve(replication)
    assert [case.resolve(replication) for replication in (None, 3)] == apart


def test_too_many_closures_are_refused_before_they_are_read():
    began = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        loads(HEAD + "  - x\n" * (MOST_ENTRIES + 100) + "  - [\n")  # the mistake at the end is not reached
    (problem,) = caught.value.problems
    assert problem.code == "too-many-entries"
    assert problem.line == HEAD.count("\n") + MOST_ENTRIES + 1
    assert "10,000" in str(problem)
    assert time.process_time() - began < 20.0


def test_time_grows_with_the_number_of_entries_and_no_faster():
    def seconds(entries):
        began = time.process_time()
        case = loads(HEAD + CLOSURE * entries)
        case.resolve(0)
        assert case.digest and case.claims() == []
        return (time.process_time() - began) / entries

    few = min(seconds(200) for _ in range(2))
    assert seconds(2_000) < 4.0 * few
