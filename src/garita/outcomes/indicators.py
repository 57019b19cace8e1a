"""Indicators of one variant, for every group of lines and every replication."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from garita.engine import types
from garita.outcomes.arrays import Arrays
from garita.outcomes.definitions import STANDARD_MIN
from garita.outcomes.fields import BASES
from garita.outcomes.histograms import counts_within, quantiles
from garita.outcomes.layout import metres_per_party
from garita.outcomes.scopes import ALL, Scope, group_max, group_sum
from garita.outcomes.stations import held_hours

Floats = NDArray[np.float64]


class Key(NamedTuple):
    """Which indicator: its name in the definitions, what is counted, the neighbour for ``diverted_to``."""

    name: str
    basis: str = ""
    other: str = ""


Measures = dict[Key, Floats]


def measure(outcome: Arrays, groups: Sequence[Scope]) -> Measures:
    """Every indicator as an array [S, R]; NaN where it has no meaning or nobody was there."""
    result: Measures = {}
    _waits(outcome, groups, result)
    _queues(outcome, groups, result)
    _final_outcomes(outcome, groups, result)
    # Cars, trucks and people on foot are not added up as parties, nor their waits averaged: people only.
    mixed = np.array([scope.mode == ALL for scope in groups])
    for key, values in result.items():
        result[key] = np.where(mixed, np.nan, values).T if key.basis != "people" else values.T
    result[Key("mean_wait", "people")][mixed] = np.nan
    return result


def _sums(outcome: Arrays, field: int, window: slice, groups: Sequence[Scope]) -> Floats:
    return group_sum(outcome.counts[field][..., window].sum(axis=2, dtype=np.float64), groups)  # [R, S]


def _divide(above: Floats, below: Floats) -> Floats:
    result: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
    return result


def group_wait(outcome: Arrays, groups: Sequence[Scope], window: slice) -> NDArray[np.float32]:
    """Mean wait by joining bin of groups, weighted by parties [R, S, B]; NaN where nobody was served.

    Whoever joins a line before it opens waits for the morning, not in a queue, and is left out.
    """
    open_now = outcome.counts[types.STATUS][..., window] != types.OUTSIDE_HOURS
    total = group_sum(outcome.counts[types.WAIT_SUM][..., window] * open_now, groups)
    waited = group_sum(outcome.counts[types.WAITED][..., window] * open_now, groups)
    total[waited <= 0] = np.nan
    total /= np.maximum(waited, 1)
    return total


def _waits(outcome: Arrays, groups: Sequence[Scope], result: Measures) -> None:
    window = outcome.layout.measured
    arrived, arrived_people, waited, wait, wait_people, open_min, busy_min = (
        _sums(outcome, field, window, groups)
        for field in (
            types.ARRIVED,
            types.ARRIVED_PEOPLE,
            types.WAITED,
            types.WAIT_SUM,
            types.WAIT_PEOPLE_SUM,
            types.OPEN_BOOTH_MIN,
            types.BUSY_BOOTH_MIN,
        )
    )
    mean = _divide(wait, waited)
    result[Key("mean_wait", "parties")] = mean
    # People served are not counted by joining bin: people who joined, times the share of parties served.
    people = arrived_people * np.nan_to_num(_divide(waited, arrived))
    result[Key("mean_wait", "people")] = _divide(wait_people, people)
    histogram = group_sum(outcome.window_hist, groups)  # [R, S, 96]
    longest = outcome.counts[types.WAIT_MAX][..., window].max(axis=2, initial=0)  # [R, F]
    most = np.where(waited > 0, group_max(longest.astype(np.float64), groups), np.nan)
    p50, p95 = (np.fmin(values, most) for values in quantiles(histogram, (0.5, 0.95)))
    result[Key("p50_wait", "parties")] = p50
    result[Key("p95_wait", "parties")] = p95
    result[Key("max_wait", "parties")] = most
    result[Key("buffer_time", "parties")] = p95 - mean
    result[Key("buffer_index", "parties")] = _divide(p95 - mean, np.nan_to_num(mean))
    result[Key("share_within_60", "parties")] = _divide(counts_within(histogram, STANDARD_MIN), arrived)
    result[Key("utilisation", "parties")] = _divide(busy_min, open_min)
    peak = np.fmax.reduce(group_wait(outcome, groups, window), axis=2)
    result[Key("peak_wait", "parties")] = peak.astype(np.float64)


def _queues(outcome: Arrays, groups: Sequence[Scope], result: Measures) -> None:
    layout, window = outcome.layout, outcome.layout.counted
    hours = layout.bin_min / 60
    closed = outcome.counts[types.STATUS][..., window] == types.CLOSED
    for basis, served, queue in (
        ("parties", types.STARTED, types.QUEUE_END),
        ("people", types.STARTED_PEOPLE, types.QUEUE_PEOPLE_END),
    ):
        waiting = outcome.counts[queue][..., window]
        result[Key("served", basis)] = _sums(outcome, served, window, groups)
        result[Key("max_queue", basis)] = group_sum(waiting, groups).max(axis=2, initial=0).astype(np.float64)
        result[Key("queue_hours", basis)] = _sums(outcome, queue, window, groups) * hours
        # Where no line is ever closed there is nothing to add up, as in every baseline.
        stranded = np.zeros((layout.replications, len(groups)))
        if closed.any():
            held = group_sum(np.where(closed, waiting, 0), groups)
            stranded = held.max(axis=2, initial=0).astype(np.float64)
        result[Key("stranded", basis)] = stranded
        if outcome.away is not None:
            away = group_sum(outcome.away[..., window, BASES.index(basis)], groups).astype(np.float64)
            result[Key("away_from_home", basis)] = away.max(axis=2, initial=0)
            result[Key("away_hours", basis)] = away.sum(axis=2) * hours
    result[Key("left_unserved", "parties")] = _sums(outcome, types.LEFT, window, groups)
    metres = outcome.counts[types.QUEUE_END][..., window].max(axis=2, initial=0) * metres_per_party(layout)
    # A group's queue in metres is its longest line's: lines stand side by side, not behind one another.
    result[Key("max_queue_m", "parties")] = group_max(metres.astype(np.float64), groups)
    beyond, hours_beyond = _spill_back(outcome, window)
    result[Key("spill_back_m", "parties")] = group_max(beyond, groups)
    result[Key("spill_back_hours", "parties")] = group_max(hours_beyond, groups)
    result[Key("held_hours", "parties")] = held_hours(outcome, list(groups), window)
    travel = group_sum(outcome.travel_extra / 60, groups)
    result[Key("travel_hours", "people")] = travel
    result[Key("person_hours", "people")] = result[Key("queue_hours", "people")] + travel


def _spill_back(outcome: Arrays, window: slice) -> tuple[Floats, Floats]:
    """Metres by which each line's longest queue exceeds its approach, and hours in which any does [R, F]; NaN
    where the length of the approach or the room of a party is not known.
    """
    layout = outcome.layout
    approach = np.array([flow.approach_m for flow in layout.flows])[None, :, None]
    metres = outcome.counts[types.QUEUE_END][..., window] * metres_per_party(layout)[None, :, None]
    beyond = np.maximum(metres - approach, 0.0)
    known = np.isfinite(beyond[:, :, :1]).all(axis=2)
    hours = np.where(known, (beyond > 0.0).sum(axis=2) * layout.bin_min / 60.0, np.nan)
    return beyond.max(axis=2, initial=0.0).astype(np.float64), hours


def _final_outcomes(outcome: Arrays, groups: Sequence[Scope], result: Measures) -> None:
    ledger = group_sum(outcome.ledger, groups).astype(np.float64)  # [R, S, 9, C, 2]
    gross = group_sum(outcome.gross, groups).astype(np.float64)  # [R, S, 6, 2]
    by_kind = ledger.sum(axis=3)
    elsewhere = ledger[:, :, types.CROSSED_ELSEWHERE] + ledger[:, :, types.CROSSED_ELSEWHERE_LATER]
    for place, basis in enumerate(BASES):
        for kind, name in enumerate(outcome.layout.kinds[1:], start=1):
            result[Key(name, basis)] = by_kind[:, :, kind, place]
        for position, crossing in enumerate(outcome.layout.crossing_ids):
            result[Key("diverted_to", basis, crossing)] = elsewhere[:, :, position, place]
        for decision, name in enumerate(outcome.layout.decisions):
            result[Key(f"gross_{name}", basis)] = gross[:, :, decision, place]
