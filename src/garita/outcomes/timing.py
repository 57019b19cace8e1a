"""When: peaks, who passes an hour first, time to recover; by crossing, direction and mode."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from garita.engine import types
from garita.outcomes.arrays import Arrays
from garita.outcomes.definitions import STANDARD_MIN
from garita.outcomes.indicators import group_wait
from garita.outcomes.layout import Layout, local_time
from garita.outcomes.records import Indicator, Passing, Peak
from garita.outcomes.recovery import Recovery, recover, second_wave_ends
from garita.outcomes.scopes import Scope, group_sum
from garita.outcomes.statistics import estimate, mean_over_replications


class Timing:
    """Waits by joining bin of every crossing, direction and mode [R, G, B] over the measured period."""

    def __init__(self, with_closure: Arrays, without: Arrays, groups: list[Scope]) -> None:
        self.layout = with_closure.layout
        self.groups = groups
        self.closed, self.wholly_closed = closed_lines(self.layout)
        self.closing_min, self.reopening_min = closure_span(self.layout, self.closed)
        # Who stands before a gate that is shut for the night is there without the closure, too.
        open_now = with_closure.counts[types.STATUS][..., self.layout.measured] != types.OUTSIDE_HOURS
        self._queue = with_closure.counts[types.QUEUE_END][..., self.layout.measured] * open_now
        self.waits: tuple[NDArray[np.float32], NDArray[np.float32]] = (
            group_wait(with_closure, groups, self.layout.measured),
            group_wait(without, groups, self.layout.measured),
        )
        self.starts = self.layout.bin_start_min[self.layout.measured]

    def is_closed(self, scope: Scope) -> bool:
        """Whether a closure touches any line of the group."""
        return bool(self.closed[list(scope.flows)].any())

    def how_closed(self, scope: Scope) -> str:
        """``closed``; ``partly closed`` where some line, booth or class of travellers is not; or empty."""
        lines = list(scope.flows)
        if not self.closed[lines].any():
            return ""
        return "closed" if self.wholly_closed[lines].all() else "partly closed"

    def peaks(self, found: Mapping[str, Indicator]) -> list[Peak]:
        """Peak waits; ``found``: the indicator peak_wait by key of the group."""
        means = [mean_over_replications(wait) for wait in self.waits]
        peaks = []
        for place, scope in enumerate(self.groups):
            peak = found.get(scope.key)
            if peak is not None:
                at = [_argmax_time(mean[place], self.starts) for mean in means]
                numbers = (peak.with_closure, peak.without, peak.difference)
                peaks.append(Peak(scope, self.is_closed(scope), *numbers, at_min=at[0], at_min_without=at[1]))
        return peaks

    def past_an_hour(self) -> list[tuple[float, float]]:
        """When the mean wait of every group first reaches 60 minutes after the closing, minutes UTC.

        With the closure, and without it up to midnight of that day; NaN where it does not. A bin counts if at
        least half of the replications served somebody who joined in it.
        """
        first = self._closing_bin()
        starts = self.starts[first:]
        means = [_mean_of_most(wait[..., first:]) for wait in self.waits]
        found = []
        for place in range(len(self.groups)):
            at = _first_hour(means[0][place], starts, math.inf)
            found.append((at, _first_hour(means[1][place], starts, self._midnight(at))))
        return found

    def passings(self) -> list[Passing]:
        """Neighbours in the order in which they pass 60 minutes because of the closure; those that do not
        come last.
        """
        if np.isnan(self.closing_min):
            return []
        first = self._closing_bin()
        starts, passings = self.starts[first:], []
        for place, (scope, (at, without)) in enumerate(zip(self.groups, self.past_an_hour(), strict=True)):
            if self.is_closed(scope):
                continue
            single = []
            for with_one, without_one in zip(*(wait[:, place, first:] for wait in self.waits), strict=True):
                one = _first_hour(with_one, starts, math.inf)
                single.append(caused(one, _first_hour(without_one, starts, self._midnight(one))))
            at = caused(at, without)
            hours = (np.array(single) - self.closing_min) / 60
            after = (at - self.closing_min) / 60
            passings.append(Passing(scope, at, after, float(np.isfinite(hours).mean()), estimate(hours)))
        return sorted(passings, key=lambda passing: (np.isnan(passing.hours), passing.hours))

    def _closing_bin(self) -> int:
        """The bin of the measured period in which the closing falls."""
        return max(int(np.searchsorted(self.starts, self.closing_min, side="right")) - 1, 0)

    def _midnight(self, at: float) -> float:
        """The end of the local day of a time, minutes UTC; infinite for NaN."""
        if not math.isfinite(at):
            return math.inf
        day = local_time(at, ZoneInfo(self.layout.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        return (day + timedelta(days=1)).timestamp() / 60.0

    def recoveries(self) -> list[Recovery]:
        """Time to recover of every group, each from the last reopening that concerns it."""
        if np.isnan(self.closing_min):
            return []
        spans = [self._span(scope) for scope in self.groups]
        stuck = self._stuck()
        found: dict[int, Recovery] = {}
        for span in dict.fromkeys(spans):
            places = [place for place, other in enumerate(spans) if other == span]
            for place, recovery in zip(places, self._recover(places, span, stuck[:, places]), strict=True):
                found[place] = recovery
        return [found[place] for place in range(len(spans))]

    def _span(self, scope: Scope) -> tuple[float, float]:
        """First closing and last reopening (minutes UTC, means over replications) that concern a group.

        Those of its own lines; for a neighbour those of the same direction and mode; else all of them.
        """
        flows = self.layout.flows
        own = np.zeros(len(flows), dtype=bool)
        own[list(scope.flows)] = True
        alike = np.array([(flow.direction, flow.mode) == (scope.direction, scope.mode) for flow in flows])
        for lines in (own, alike):
            if (lines & self.closed).any():
                return closure_span(self.layout, lines)
        return self.closing_min, self.reopening_min

    def _recover(
        self, places: list[int], span: tuple[float, float], stuck: NDArray[np.bool_]
    ) -> list[Recovery]:
        closing_min, reopening_min = span
        for_good = not np.isfinite(reopening_min)
        from_min = closing_min if for_good else reopening_min
        bins = len(self.starts)
        closing = max(self.layout.bin_of(closing_min) - self.layout.first_bin, 0)
        # The first whole bin after the reopening: whoever joins in it finds the line open.
        after = int(np.searchsorted(self.starts, from_min))
        reopening = min(closing if for_good else after, bins)
        with_closure, without = (wait[:, places] for wait in self.waits)
        hours, low, high, disturbed = recover(
            with_closure, without, stuck, min(closing, bins), reopening, self.layout.bin_min
        )
        again = second_wave_ends(with_closure, without, stuck, reopening, self.layout.bin_min, hours)
        watched = (bins - reopening) * self.layout.bin_min / 60
        return [
            Recovery(
                scope.crossing,
                scope.direction,
                scope.mode,
                scope.lane_type,
                from_min,
                float(hours[row]),
                float(low[row]),
                float(high[row]),
                bool(disturbed[row]),
                watched if np.isnan(hours[row]) else None,
                float(again[row]),
            )
            for row, scope in enumerate(self.groups[place] for place in places)
        ]

    def _stuck(self) -> NDArray[np.bool_]:
        """People wait at the end of the bin in a line of the group [R, G, B], measured period."""
        waiting: NDArray[np.bool_] = group_sum(self._queue, self.groups) > 0
        return waiting


def closed_lines(layout: Layout) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Lines touched by a closure in any replication, and those that one shuts altogether [F]."""
    closed, wholly = np.zeros((2, len(layout.flows)), dtype=bool)
    for closures in layout.closures:
        for closure in closures:
            closed |= layout.closed_flows(closure)
            wholly |= layout.wholly_closed_flows(closure)
    return closed, wholly


def closure_span(layout: Layout, lines: NDArray[np.bool_]) -> tuple[float, float]:
    """First closing and last reopening of ``lines`` [F], minutes UTC, means over replications.

    NaN if nothing is closed; the reopening is infinite if something is closed for good.
    """
    starts, ends = [], []
    for closures in layout.closures:
        touching = [closure for closure in closures if (layout.closed_flows(closure) & lines).any()]
        if touching:
            starts.append(min(closure["start_utc"] for closure in touching))
            until = [closure.get("until_utc") for closure in touching]
            ends.append(max(np.inf if end is None else end for end in until))
    return (float(np.mean(starts)), float(np.mean(ends))) if starts else (np.nan, np.nan)


def _argmax_time(wait: NDArray[Any], starts: NDArray[np.float64]) -> float:
    return float(starts[int(np.nanargmax(wait))]) if np.isfinite(wait).any() else float("nan")


def _mean_of_most(wait: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mean over replications ``[R, G, B]``; NaN where fewer than half of them served anybody who joined."""
    seen = np.isfinite(wait).mean(axis=0) >= 0.5
    return np.where(seen, mean_over_replications(wait), np.nan)


def _first_hour(wait: NDArray[Any], starts: NDArray[np.float64], until: float) -> float:
    """Start of the first bin before ``until`` with a wait of an hour, minutes UTC; else NaN."""
    passed = np.flatnonzero((np.nan_to_num(wait) >= STANDARD_MIN) & (starts < until))
    return float(starts[passed[0]]) if passed.size else math.nan


def caused(at: float, without: float) -> float:
    """The time if it is passed earlier than without the closure, or would not have been; else NaN."""
    return math.nan if without <= at else at
