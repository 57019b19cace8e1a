"""What a history says of an observation: the same figure, computed the same way for runs and for guesses."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from garita.engine.types import OUTSIDE_HOURS
from garita.fit.case_checks import Target
from garita.fit.history import History, Planes
from garita.outcomes.layout import metres_per_party
from garita.outcomes.recovery import recover
from garita.scenario.fields import WEEKDAYS

Floats = NDArray[np.float64]

# Final outcomes that make a share of those affected.
FATE_KINDS = {
    "share_crossed": ("crossed",),
    "share_diverted": (
        "crossed_elsewhere", "crossed_elsewhere_later", "crossed_on_foot", "crossed_on_foot_later",
    ),
    "share_later": ("crossed_later",),
    "share_cancelled": ("cancelled",),
    "share_gave_up": ("gave_up",),
}  # fmt: skip


def predicted(target: Target, event: History, usual: History) -> Floats:
    """The observed figure in each replication [R], or by hour [R, 24]; in the unit of the target.

    ``event`` is the history with what happened, ``usual`` the same days without. NaN where there is none.
    """
    measure, compare = target.observation.measure, target.observation.compare
    if measure in FATE_KINDS:
        return _fate(target, event)
    if measure == "recovery":
        return _recovery(target, event, usual)
    if compare == "without":
        return _figure(target, usual)
    with_ = _figure(target, event)
    if compare == "with":
        return with_
    without = _figure(target, usual)
    if compare == "difference":
        return with_ - without
    return 100.0 * (divided(with_, without) - 1.0)


def positions(lines: Collection[tuple[str, str, str, str]], history: History) -> NDArray[np.int64]:
    """Positions of lines on the axis."""
    found = [
        position
        for position, flow in enumerate(history.layout.flows)
        if (flow.crossing, flow.direction, flow.mode, flow.lane_type) in lines
    ]
    return np.array(found, dtype=np.int64)


def chosen_bins(target: Target, history: History) -> NDArray[np.int64]:
    """Positions of the bins in the window, on the days and hours asked for, within the reported days."""
    layout = history.layout
    start = layout.bin_start_min
    inside = (start >= target.window[0] - 1e-6) & (start < target.window[1] - 1e-6)
    inside[: layout.first_bin] = False
    inside[layout.horizon_bin :] = False
    local = layout.starts_local()
    if target.observation.weekdays is not None:
        # 1970-01-01 was a Thursday
        day = (local.astype("datetime64[D]").astype(np.int64) + 3) % 7
        inside &= np.isin(day, [WEEKDAYS.index(name) for name in target.observation.weekdays])
    if target.observation.hours is not None:
        minute = (local - local.astype("datetime64[D]")).astype("timedelta64[m]").astype(np.int64)
        wanted = np.zeros(len(minute), dtype=bool)
        for opens, closes in target.observation.hours:
            first, last = (int(clock[:2]) * 60 + int(clock[3:]) for clock in (opens, closes))
            within = (minute >= first) & (minute < last)
            wanted |= within if first < last else (minute >= first) | (minute < last)
        inside &= wanted
    return np.flatnonzero(inside)


def _figure(target: Target, history: History) -> Floats:
    found = _of_lines(target, history, positions(target.lines, history))
    if target.minus:
        found = found - _of_lines(target, history, positions(target.minus, history))
    return found


def _of_lines(target: Target, history: History, lines: NDArray[Any]) -> Floats:
    bins = chosen_bins(target, history)
    if target.hours:
        hour = history.layout.starts_local().astype("datetime64[h]").astype(np.int64)[bins] % 24
        columns = [_one(target, history, lines, bins[hour == h]) for h in range(24)]
        return np.stack(columns, axis=-1)
    return _one(target, history, lines, bins)


def _one(target: Target, history: History, lines: NDArray[Any], bins: NDArray[Any]) -> Floats:
    """The figure over some bins [R]."""
    nothing = np.full(history.served.shape[0], np.nan)
    if not len(bins) or not len(lines):
        return nothing
    measure, people = target.observation.measure, target.observation.count == "people"
    cut = np.ix_(np.arange(len(nothing)), lines, bins)
    if measure == "served":
        total = (history.served_people if people else history.served)[cut].sum(axis=(1, 2))
        hours = len(bins) * history.layout.bin_min / 60.0
        statistic = "per_hour" if target.hours else target.statistic
        by_time = {"per_day": total * 24.0 / hours, "per_hour": total / hours}
        return np.asarray(by_time.get(statistic, total), dtype=np.float64)
    if measure == "queue":
        waiting = (history.queue_people if people else history.queue)[cut].sum(axis=1)
        return _over_bins(waiting, target.statistic)
    if measure == "queue_m":
        metres = history.queue[cut] * metres_per_party(history.layout)[lines][None, :, None]
        return _over_bins(np.nan_to_num(metres).max(axis=1), target.statistic)
    if measure == "longest_wait":
        longest = np.where(history.waited[cut] > 0.0, history.wait_max[cut], np.nan)
        return _over_bins(longest.reshape(len(nothing), -1), "max")
    value, weight = (published if measure == "published_wait" else waits)(history, cut)
    if target.statistic == "mean":
        total, known = (value * weight).sum(axis=(1, 2)), weight.sum(axis=(1, 2))
        return divided(total, known)
    total, known = (value * weight).sum(axis=1), weight.sum(axis=1)
    series = divided(total, known)
    return _over_bins(series, target.statistic)


def published(history: History, cut: Any) -> tuple[Planes, Planes]:
    """Published waits and their weights: the parties that joined, hardly any where nobody did."""
    value = history.published[cut]
    weight = np.where(np.isnan(value) | (value < 0.0), 0.0, np.maximum(history.waited[cut], 1e-9))
    return np.where(weight > 0.0, value, 0.0), weight


def waits(history: History, cut: Any) -> tuple[Planes, Planes]:
    """Mean waits of those who joined, and how many they are; who waits for opening time is left out."""
    weight = np.where(history.status[cut] == OUTSIDE_HOURS, 0.0, history.waited[cut])
    return history.wait_sum[cut] / np.maximum(history.waited[cut], 1e-12), weight


def divided(above: Floats, below: Floats) -> Floats:
    """Ratios; NaN where there is nothing to divide by."""
    found: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0.0)
    return found


def _over_bins(series: Floats, statistic: str) -> Floats:
    known = np.isfinite(series)
    if statistic == "mean":
        count = known.sum(axis=1)
        total = np.where(known, series, 0.0).sum(axis=1)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)
    sign = 1.0 if statistic == "max" else -1.0
    found = sign * np.where(known, sign * series, -np.inf).max(axis=1, initial=-np.inf)
    return np.where(known.any(axis=1), found, np.nan)


def _fate(target: Target, event: History) -> Floats:
    """Share of those planned for the lines in the closure hours, who crossed there without it [R]."""
    measure, replications = target.observation.measure, event.served.shape[0]
    if event.fates is not None:
        found = [share for (kind, to), share in event.fates.items()
                 if kind == measure and (not to or to in target.to)]  # fmt: skip
        return np.sum(found, axis=0) if found else np.zeros(replications)
    layout, result = event.layout, np.full(replications, np.nan)
    groups = {line[:3] for line in target.lines}
    kinds = [layout.kinds.index(kind) for kind in FATE_KINDS[measure] if kind in layout.kinds]
    to: Sequence[int] = range(len(layout.crossings))
    if measure == "share_diverted":
        to = [i for i, name in enumerate(layout.crossing_ids) if name in target.to]
    basis = 1 if target.observation.count == "people" else 0
    for replication, affected in enumerate(event.affected or ()):
        counts = [affected[group][..., basis] for group in groups if group in affected]
        total = sum(int(one.sum()) for one in counts)
        if total:
            result[replication] = sum(float(one[np.ix_(kinds, to)].sum()) for one in counts) / total
    return result


def shut_between(history: History, lines: NDArray[Any]) -> tuple[float, float]:
    """When closures of some lines begin and, on the mean over replications, end; of all closures where none
    touches the lines, as at a neighbour. Minutes UTC; NaN where there is none, or none that ends.
    """
    layout = history.layout
    every = [layout.closures_of(replication) for replication in range(len(history.served))]
    own = [[one for one in closures if layout.closed_flows(one)[lines].any()] for closures in every]
    chosen = own if any(own) else every
    starts = [float(one["start_utc"]) for closures in chosen for one in closures]
    ends = [
        max(float(one["until_utc"]) for one in closures if one.get("until_utc") is not None)
        for closures in chosen
        if any(one.get("until_utc") is not None for one in closures)
    ]
    return min(starts, default=np.nan), float(np.mean(ends)) if ends else np.nan


def _recovery(target: Target, event: History, usual: History) -> Floats:
    """Hours from the reopening until waits are back, the same for all replications; infinite if they are not
    by the end of the reported days.
    """
    layout = event.layout
    lines = positions(target.lines, event)
    closing, reopening = shut_between(history=event, lines=lines)
    if not np.isfinite(closing):
        closing = target.window[0]
    if target.observation.start is not None:
        reopening = target.window[0]
    elif not np.isfinite(reopening):
        reopening = closing
    cut = np.ix_(np.arange(len(event.served)), lines, np.arange(layout.horizon_bin))

    def series(history: History) -> Planes:
        value, weight = waits(history, cut)
        return divided((value * weight).sum(axis=1), weight.sum(axis=1))[:, None]

    waiting = series(event)
    stuck = np.isnan(waiting) & (event.queue[cut].sum(axis=1)[:, None] > 0.0)
    hours, _, _, disturbed = recover(
        waiting, series(usual), stuck, layout.bin_of(min(closing, reopening)), layout.bin_of(reopening),
        layout.bin_min,
    )  # fmt: skip
    if not disturbed[0]:
        return np.zeros(event.served.shape[0])
    return np.full(event.served.shape[0], hours[0] if np.isfinite(hours[0]) else np.inf)
