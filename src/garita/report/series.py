"""Curves of a comparison, cut to the time worth looking at and thinned to what a page can show."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from garita.engine import types
from garita.outcomes.statistics import band, mean_over_replications
from garita.report import numbers
from garita.report.model import Band, Clock, Curve, Estimate, Floats, Line, Place, Span

if TYPE_CHECKING:
    from garita.outcomes import Comparison, Outcome, Scope
    from garita.outcomes import Estimate as Measurement

POINTS_AT_MOST = 300
WHOLE_UP_TO_MIN = 2.5 * 1440


class Window:
    """Bins ``first`` to ``last`` of the run, ``factor`` of them to each point of a curve."""

    def __init__(self, comparison: Comparison) -> None:
        layout = comparison.layout
        self.comparison = comparison
        self.zone = ZoneInfo(layout.zone)
        first, last = layout.first_bin, layout.horizon_bin
        if (last - first) * layout.bin_min > WHOLE_UP_TO_MIN:
            first, last = _where_it_differs(comparison, self.zone)
        self.factor = max(1, math.ceil((last - first) / POINTS_AT_MOST))
        for factor in (1, 2, 4, 8, 12, 24, 48, 96):  # points on round times of day
            if factor >= self.factor:
                self.factor = factor
                break
        count = (last - first) // self.factor
        self.first, self.last = first, first + count * self.factor
        start = numbers.moment_of(float(layout.bin_start_min[first]))
        self.clock = Clock(start, layout.bin_min * self.factor, count, self.zone)

    @property
    def bins(self) -> slice:
        return slice(self.first, self.last)

    @property
    def whole(self) -> bool:
        layout = self.comparison.layout
        return self.first == layout.first_bin and self.last == layout.horizon_bin

    def point(self, values: npt.NDArray[np.floating]) -> Floats:
        """Means over the bins of each point, of ``[B]`` of the bins shown; NaN where none has a value."""
        cut = np.asarray(values, dtype=np.float64).reshape(self.clock.bins, self.factor)
        if self.factor == 1:
            return cut[:, 0]
        return mean_over_replications(cut.T)

    def spans(self, share: Floats) -> tuple[Span, ...]:
        """Stretches in which ``share`` (of the bins shown) is above zero, cut where it changes somewhat."""
        values = np.round(np.asarray(share, dtype=np.float64) * 20) / 20
        width = self.comparison.layout.bin_min
        edges = np.flatnonzero(np.diff(values)) + 1
        starts, ends = [0, *edges.tolist()], [*edges.tolist(), len(values)]
        return tuple(
            Span(a * width, b * width, float(values[a]))
            for a, b in zip(starts, ends, strict=True)
            if b > a and values[a] > 0
        )


def _where_it_differs(comparison: Comparison, zone: ZoneInfo) -> tuple[int, int]:
    """From the first local day that differs or has a closing, to the last one."""
    layout = comparison.layout
    bounds = layout.first_bin, layout.horizon_bin
    if not np.isfinite(comparison.closing_min):
        return bounds
    with_, without = (
        np.nan_to_num(outcome.mean_wait()[..., slice(*bounds)].mean(axis=0))
        for outcome in (comparison.with_closure, comparison.without)
    )
    differs = (np.abs(with_ - without) > np.maximum(10.0, 0.1 * without)).any(axis=0)
    seen = layout.bin_start_min[slice(*bounds)][differs]
    moments = [numbers.moment_of(float(minute)) for minute in (comparison.closing_min, *seen[:1], *seen[-1:])]
    begin = _midnight(min(moments), zone)
    end = _midnight(max(moments), zone) + timedelta(days=1)
    if end - begin < timedelta(days=2):
        end = begin + timedelta(days=2)
    starts = layout.bin_start_min[slice(*bounds)]
    first = int(np.searchsorted(starts, begin.timestamp() / 60.0)) + bounds[0]
    stop = int(np.searchsorted(starts, end.timestamp() / 60.0)) + bounds[0]
    return min(first, bounds[1] - 1), max(min(stop, bounds[1]), first + 1)


def _midnight(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def lines(window: Window, places: dict[str, Place]) -> tuple[Line, ...]:
    """Every flow with its curves, its closure and its opening hours."""
    comparison = window.comparison
    made = []
    status = comparison.without.counts[types.STATUS][0]
    waits = [_bands(window, _mean_wait(window, one)) for one in (comparison.with_closure, comparison.without)]
    queues = [
        _bands(window, one.counts[types.QUEUE_END][..., window.bins])
        for one in (comparison.with_closure, comparison.without)
    ]
    for row, flow in enumerate(comparison.layout.flows):
        scope = (flow.crossing, flow.direction, flow.mode, flow.lane_type)
        peak = comparison.indicator("peak_wait", *scope)
        arrived = comparison.without.counts[types.ARRIVED][:, row, comparison.layout.measured]
        made.append(
            Line(
                id=flow.id,
                place=places[flow.crossing],
                direction=flow.direction,
                mode=flow.mode,
                lane_type=flow.lane_type,
                wait_with=waits[0][row],
                wait_without=waits[1][row],
                queue_with=queues[0][row],
                queue_without=queues[1][row],
                closed=window.spans(_closed(window, [row])),
                outside_hours=window.spans(
                    (status[row, window.bins] == types.OUTSIDE_HOURS).astype(np.float64)
                ),
                peak_with=estimate(peak.with_closure) if peak else Estimate(math.nan),
                peak_without=estimate(peak.without) if peak else Estimate(math.nan),
                demand=float(arrived.sum(axis=1, dtype=np.float64).mean()),
            )
        )
    return tuple(made)


def _closed(window: Window, rows: list[int]) -> Floats:
    """Share of histories in which a closure shuts any of the lines, ``[B]`` of the bins shown."""
    status = window.comparison.with_closure.counts[types.STATUS][:, rows, window.bins]
    share: Floats = (status == types.CLOSED).any(axis=1).mean(axis=0)
    return share


def _mean_wait(window: Window, outcome: Outcome) -> npt.NDArray[np.float32]:
    """Mean wait by joining bin ``[R, F, B]`` of the bins shown, minutes; NaN where nobody was served."""
    total, waited = (outcome.counts[field][..., window.bins] for field in (types.WAIT_SUM, types.WAITED))
    return np.where(waited > 0, total / np.maximum(waited, 1), np.float32(np.nan))


def _bands(window: Window, values: npt.NDArray[np.float32]) -> list[Band]:
    """Mean and middle 90 % over histories of every line, of ``[R, F, B]``; all lines in one sort."""
    curves = mean_over_replications(values), band(values, 0.05), band(values, 0.95)
    return [Band(*(window.point(curve[row]) for curve in curves)) for row in range(values.shape[1])]


def estimate(measured: Measurement) -> Estimate:
    """An ``outcomes`` estimate, without its extremes."""
    return Estimate(float(measured.mean), float(measured.low), float(measured.high))


def cumulative(window: Window, places: dict[str, Place], names: dict[str, str]) -> tuple[Curve, ...]:
    """Arrivals and departures added up: the two closed northbound crossings and modes with most people."""
    comparison = window.comparison
    closed = [
        scope
        for scope in comparison.scopes
        if scope.level == "crossing" and comparison.closed_flows[list(scope.flows)].any()
    ]

    def size(scope: Scope) -> tuple[bool, float]:
        served = comparison.indicator("served", scope.crossing, scope.direction, scope.mode, basis="people")
        return scope.direction == "inbound", served.without.mean if served else 0.0

    chosen: list[Scope] = []
    for scope in sorted(closed, key=size, reverse=True):
        if (
            len(chosen) < 2
            and scope.mode not in {one.mode for one in chosen}
            and scope.direction == "inbound"
        ):
            chosen.append(scope)
    return tuple(
        _curve(
            window, scope, f"{places[scope.crossing].name}, northbound {names.get(scope.mode, scope.mode)}"
        )
        for scope in chosen
    )


def _curve(window: Window, scope: Scope, title: str) -> Curve:
    comparison = window.comparison
    rows = list(scope.flows)
    added = []
    for outcome in (comparison.with_closure, comparison.without):
        by_field = {
            field: outcome.counts[field][:, rows].sum(axis=1, dtype=np.float64).mean(axis=0)
            for field in (types.ARRIVED, types.STARTED, types.LEFT, types.QUEUE_END)
        }
        # From the first bin shown, on top of the queue that stands there, so that the gap is the queue.
        standing = by_field[types.QUEUE_END][window.first - 1] if window.first else 0.0
        stayed = by_field[types.ARRIVED][window.bins] - by_field[types.LEFT][window.bins]
        added.append((standing + np.cumsum(stayed), np.cumsum(by_field[types.STARTED][window.bins])))
    factor = window.factor
    shown = [series[factor - 1 :: factor] for pair in added for series in pair]
    return Curve(title, shown[0], shown[2], shown[1], shown[3], window.spans(_closed(window, rows)))
