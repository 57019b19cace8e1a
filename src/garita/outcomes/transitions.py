"""The same party without and with the closure: joint counts of final outcomes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from garita.engine import types
from garita.engine.packing import join_outcomes
from garita.outcomes.arrays import Arrays
from garita.outcomes.fields import KINDS_WITH_CROSSING
from garita.outcomes.layout import Layout
from garita.outcomes.problems import results_error

Counts = NDArray[np.int64]
Group = tuple[str, str, str]  # crossing, direction, mode
Closures = Sequence[Mapping[str, Any]]

SIZES = 16
ONE_BY_ONE: Counts = np.arange(SIZES)


class Paired(NamedTuple):
    """One replication, without and with the closure, party by party.

    ``joint`` int32 [S, S, 2]: state without, state with, parties and people; ``affected``: for each closed
    (crossing, direction, mode) int64 [S, 2], the outcomes with the closure of those planned for it in the
    closure hours who crossed there without it.
    """

    joint: NDArray[np.int32]
    affected: dict[Group, Counts]


@cache
def state_table(crossings: int, kinds: int = types.KINDS) -> NDArray[np.uint16]:
    """State of every possible uint16 final outcome: kind * C + crossing, crossing 0 where it means nothing.

    Values that no run can hold get the state kinds * C, one beyond the last. Not to be written to.
    """
    values = np.arange(65536)
    kind, crossing = values & 15, values >> 8
    placed = np.isin(kind, KINDS_WITH_CROSSING)
    state = kind * crossings + np.where(placed, crossing, 0)
    valid = (kind < kinds) & (~placed | (crossing < crossings))
    return np.where(valid, state, kinds * crossings).astype(np.uint16)


def joint(
    without: NDArray[np.uint16],
    with_closure: NDArray[np.uint16],
    table: NDArray[np.uint16],
    people: Counts = ONE_BY_ONE,
) -> Counts:
    """Joint counts [S, S, 2]: state without, state with; parties and people. Vectors of one length [N].

    ``people`` [16]: people by class of size.
    """
    states = int(table[-1]) + 1  # the last value, 65535, is no valid outcome
    counts = np.zeros((states, states, SIZES), np.int64)
    join_outcomes(without, with_closure, table, counts, np.zeros(len(table), np.int64))
    return np.stack([counts.sum(axis=2), counts @ people], axis=-1)


def pieces(layout: Layout, offsets: Counts | None, candidates: int) -> Iterator[tuple[slice, Counts]]:
    """The candidates of lines that count people alike, and people by class of size."""
    buses = [position for position, flow in enumerate(layout.flows) if flow.aboard]
    if not buses or offsets is None:
        yield slice(0, candidates), ONE_BY_ONE
        return
    begins = [*offsets[:, 0].tolist(), candidates]
    done = 0
    for position in buses:
        yield slice(done, begins[position]), ONE_BY_ONE
        done = begins[position + 1]
        yield slice(begins[position], done), layout.flows[position].people_by_class()
    yield slice(done, candidates), ONE_BY_ONE


def pair(
    layout: Layout,
    closures: Closures,
    without: NDArray[np.uint16],
    with_closure: NDArray[np.uint16],
    offsets: Counts | None,
) -> Paired:
    """Pair one replication by its final outcomes without and with ``closures``, uint16 [N] each.

    ``offsets``: see :class:`garita.outcomes.RunPart`. Raises ResultsError if the numbers of candidates
    differ, or if a value is no outcome of these crossings.
    """
    if without.size != with_closure.size:
        raise results_error(
            "results-not-paired",
            field="number of candidate parties",
            first=with_closure.size,
            second=without.size,
        )
    crossings = len(layout.crossings)
    kinds = len(layout.kinds)
    table, states = state_table(crossings, kinds), kinds * crossings
    counts = sum(
        (
            joint(without[here], with_closure[here], table, people)
            for here, people in pieces(layout, offsets, without.size)
        ),
        np.zeros((), np.int64),
    )
    if counts[states].any() or counts[:, states].any():
        raise results_error("results-damaged", what="the list of final outcomes", reason="unknown outcome")
    affected = {}
    if offsets is not None and without.size:
        for group, lines in closed_groups(layout, [closures]).items():
            found = np.zeros((states, 2), np.int64)
            for line in lines:  # which may count people in ways of their own
                chosen = _planned_in_closure(layout, closures, offsets, (line,), without.size)
                people = layout.flows[line].people_by_class()
                found += _affected(without[chosen], with_closure[chosen], table, states, people)
            affected[group] = found
    return Paired(counts[:states, :states].astype(np.int32), affected)


def transitions(
    with_closure: Arrays, without: Arrays
) -> tuple[NDArray[np.int32], Counts, list[tuple[int, ...]]]:
    """Joint counts of every replication.

    Returns (joint int32 [R, S, S, 2], affected int64 [R, G, S, 2], groups): ``groups`` are the positions of
    the lines of each closed (crossing, direction, mode); for the others see :class:`Paired`. Raises what
    :func:`pair` raises.
    """
    layout = with_closure.layout
    states = len(layout.kinds) * len(layout.crossings)
    groups = closed_groups(layout, layout.closures)
    result = np.zeros((layout.replications, states, states, 2), dtype=np.int32)
    affected = np.zeros((layout.replications, len(groups), states, 2), dtype=np.int64)
    known = with_closure.paired_with(without)

    def count(replication: int) -> None:
        found = known[replication] if known is not None else _unpacked(with_closure, without, replication)
        result[replication] = found.joint
        for place, group in enumerate(groups):
            affected[replication, place] = found.affected.get(group, 0)

    # NumPy and kernels let other threads run meanwhile; each writes to rows of its own.
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        for _ in pool.map(count, range(layout.replications)):
            pass
    return result, affected, list(groups.values())


def _unpacked(with_closure: Arrays, without: Arrays, replication: int) -> Paired:
    before, after = (outcome.final_outcomes(replication) for outcome in (without, with_closure))
    layout = with_closure.layout
    return pair(layout, layout.closures_of(replication), before, after, with_closure.offsets[replication])


def closed_groups(layout: Layout, histories: Sequence[Closures]) -> dict[Group, tuple[int, ...]]:
    """Lines touched by a closure in any of the histories, by crossing, direction and mode."""
    closed = np.zeros(len(layout.flows), dtype=bool)
    for closures in histories:
        for closure in closures:
            closed |= layout.closed_flows(closure)
    groups: dict[Group, list[int]] = {}
    for position in np.flatnonzero(closed).tolist():
        flow = layout.flows[position]
        groups.setdefault((flow.crossing, flow.direction, flow.mode), []).append(position)
    return {group: tuple(members) for group, members in groups.items()}


def _planned_in_closure(
    layout: Layout, closures: Closures, offsets: Counts, group: tuple[int, ...], candidates: int
) -> NDArray[np.int64]:
    """Candidates planned for a line of the group in an hour that overlaps its closure by half or more."""
    ends = np.append(offsets.reshape(-1)[1:], candidates).reshape(offsets.shape)
    hours = layout.hour_start_min
    chosen = np.zeros(offsets.shape, dtype=bool)
    for closure in closures:
        until = closure.get("until_utc")
        middle = hours + 30
        inside = (middle >= closure["start_utc"]) & (middle < (np.inf if until is None else until))
        lines = layout.closed_flows(closure)
        for position in group:
            chosen[position] |= inside & lines[position]
    spans = [np.arange(offsets[cell], ends[cell]) for cell in zip(*np.nonzero(chosen), strict=True)]
    return np.concatenate(spans) if spans else np.empty(0, dtype=np.int64)


def _affected(
    before: NDArray[Any], after: NDArray[Any], table: NDArray[np.uint16], states: int, people: Counts
) -> Counts:
    kind = before & 15
    there = (kind == types.CROSSED) | (kind == types.CROSSED_LATER)
    size = (before[there] >> 4) & 15
    counts = np.bincount(table[after[there]].astype(np.int64) * SIZES + size, minlength=(states + 1) * SIZES)
    counts = counts.reshape(-1, SIZES)[:states]
    return np.stack([counts.sum(axis=1), counts @ people], axis=-1)
