"""Curves by bin of 15 minutes for one group of lines: mean over replications and 5-95 % band."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from garita.engine import types
from garita.outcomes.arrays import Arrays
from garita.outcomes.indicators import group_wait
from garita.outcomes.scopes import Scope
from garita.outcomes.statistics import band, mean_over_replications

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """Mean over replications and the quantiles 5 % and 95 % over replications, each [B]; NaN: undefined."""

    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Series:
    """Curves of one group of lines from the end of warm-up to the end of the run (B bins).

    ``wait_*``: mean wait (min) of those who joined in the bin and were served, NaN where nobody was. At a
    closed line those who stay show their whole wait at the hour they joined: show ``left_*`` (parties
    leaving the line unserved in the bin) beside it. ``queue_*``: at the end of the bin. ``stranded_*``:
    people waiting in a line a closure keeps shut. ``held_back_*``: fewer served so far than without.
    ``closed``: share of replications in which any of the lines is closed by a closure at the end of the
    bin.
    """

    scope: Scope
    start_utc: NDArray[np.datetime64]
    start_local: NDArray[np.datetime64]
    start_min: Floats
    horizon: int
    wait_with: Curve
    wait_without: Curve
    wait_difference: Curve
    queue_with: Curve
    queue_without: Curve
    queue_people_with: Curve
    queue_people_without: Curve
    left_with: Curve
    left_without: Curve
    stranded_people: Curve
    held_back_people: Curve
    closed: Floats


def curve(values: NDArray[Any]) -> Curve:
    """Of values [R, B]."""
    return Curve(mean_over_replications(values), band(values, 0.05), band(values, 0.95))


def series(with_closure: Arrays, without: Arrays, scope: Scope) -> Series:
    layout = with_closure.layout
    window = layout.counted
    lines = list(scope.flows)

    def total(outcome: Arrays, field: int) -> NDArray[np.float32]:
        summed: NDArray[np.float32] = outcome.counts[field][:, lines, window].sum(axis=1)
        return summed

    wait = [group_wait(outcome, [scope], window)[:, 0] for outcome in (with_closure, without)]
    closed = with_closure.counts[types.STATUS][:, lines, window] == types.CLOSED
    stranded = np.where(closed, with_closure.counts[types.QUEUE_PEOPLE_END][:, lines, window], 0).sum(axis=1)
    return Series(
        scope=scope,
        start_utc=layout.starts_utc()[window],
        start_local=layout.starts_local()[window],
        start_min=layout.bin_start_min[window],
        horizon=layout.horizon_bin - layout.first_bin,
        wait_with=curve(wait[0]),
        wait_without=curve(wait[1]),
        wait_difference=curve(wait[0] - wait[1]),
        queue_with=curve(total(with_closure, types.QUEUE_END)),
        queue_without=curve(total(without, types.QUEUE_END)),
        queue_people_with=curve(total(with_closure, types.QUEUE_PEOPLE_END)),
        queue_people_without=curve(total(without, types.QUEUE_PEOPLE_END)),
        left_with=curve(total(with_closure, types.LEFT)),
        left_without=curve(total(without, types.LEFT)),
        stranded_people=curve(stranded),
        held_back_people=curve(np.maximum(served_short(with_closure, without)[:, lines].sum(axis=1), 0)),
        closed=closed.any(axis=1).mean(axis=0),
    )


def served_short(with_closure: Arrays, without: Arrays) -> Floats:
    """People served since warm-up without the closure, less those with it, by line [R, F, B]."""
    window = with_closure.layout.counted
    field = types.STARTED_PEOPLE
    short = without.counts[field][..., window].astype(np.float64)
    short -= with_closure.counts[field][..., window]
    result: Floats = short.cumsum(axis=2)
    return result
