"""Three guesses that need no simulation of what happened, to be scored beside it.

They are made from the run without the event: nothing changes (no effect); everybody who would have used what
is shut stays at home (cancel); everybody goes to the nearest crossing that is open, and waits there in a line
that works as fast as it ever did in its busiest hour (divert).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from garita.engine.types import OUTSIDE_HOURS
from garita.fit.case_checks import lines_of, span
from garita.fit.case_files import ValidationEntry
from garita.fit.history import Fates, History, Planes
from garita.outcomes.layout import CrossingAxis
from garita.scenario.loader import Document

NO_EFFECT, DIVERT, CANCEL = "no effect", "all divert", "all cancel"
GUESSES = (NO_EFFECT, DIVERT, CANCEL)


def guesses(entry: ValidationEntry, event: History, usual: History) -> dict[str, History]:
    """The three guesses of a case, as histories. Of ``event`` only the times of its closures are used."""
    shut = shut_share(entry, event)
    everyone = np.ones(len(usual.served))
    crossed: Fates = {("share_crossed", ""): everyone}
    cancelled: Fates = {("share_cancelled", ""): everyone}
    return {
        NO_EFFECT: usual.with_(fates=crossed),
        DIVERT: diverted(usual, shut),
        CANCEL: without_those(usual, shut).with_(fates=cancelled),
    }


def shut_share(entry: ValidationEntry, event: History) -> Planes:
    """Share of each line that is shut in each bin [R, F, B]: as the case says, else by its closures."""
    layout = event.layout
    shut = np.zeros(event.served.shape)
    start = layout.bin_start_min + layout.bin_min / 2
    if entry.model.shut is not None:
        assert entry.scenario is not None
        document = Document({}, {})
        for one in entry.model.shut:
            lines, _ = lines_of(entry.scenario, one, one.directions, document, ())
            begin, end = span(one.start, one.until, entry.scenario)
            inside = (start >= begin) & (start < end)
            for f, flow in enumerate(layout.flows):
                if (flow.crossing, flow.direction, flow.mode, flow.lane_type) in lines:
                    shut[:, f, inside] = np.maximum(shut[:, f, inside], one.share)
        return shut
    for replication in range(len(shut)):
        for closure in layout.closures_of(replication):
            until = closure.get("until_utc")
            inside = (start >= closure["start_utc"]) & (start < (math.inf if until is None else until))
            shut[replication][np.ix_(layout.closed_flows(closure), inside)] = 1.0
    return shut


def without_those(usual: History, shut: Planes) -> History:
    """Nobody at what is shut, everything else as usual."""
    stay = 1.0 - shut
    return usual.with_(
        served=usual.served * stay,
        served_people=usual.served_people * stay,
        waited=usual.waited * stay,
        wait_sum=usual.wait_sum * stay,
        queue=usual.queue * stay,
        queue_people=usual.queue_people * stay,
    )


def diverted(usual: History, shut: Planes) -> History:
    """Everybody at the nearest crossing that is open to them."""
    result = without_those(usual, shut)
    moved, moved_people = np.zeros(shut.shape), np.zeros(shut.shape)
    went: dict[str, NDArray[np.float64]] = {}
    for f in np.flatnonzero(shut.any(axis=(0, 2))):
        to = nearest(usual, shut, int(f))
        if to is None:
            continue
        moved[:, to] += usual.served[:, f] * shut[:, f]
        moved_people[:, to] += usual.served_people[:, f] * shut[:, f]
        name = usual.layout.flows[to].crossing
        went[name] = went.get(name, 0.0) + (usual.served[:, f] * shut[:, f]).sum(axis=-1)
    total = np.maximum(sum(went.values(), np.zeros(shut.shape[0])), 1e-12)
    fates: Fates = {("share_diverted", name): count / total for name, count in went.items()}
    return _joined(result, usual, moved, moved_people).with_(fates=fates)


def _joined(result: History, usual: History, moved: Planes, people: Planes) -> History:
    """A history in which more parties join some lines, each served as fast as in its busiest hour."""
    hour = np.cumsum(np.pad(usual.served, ((0, 0), (0, 0), (4, 0))), axis=-1)
    most = np.maximum((hour[..., 4:] - hour[..., :-4]).max(axis=-1), 1.0) / 4.0  # parties in a bin [R, F]
    free = np.where(usual.status == OUTSIDE_HOURS, 0.0, np.maximum(most[..., None] - usual.served, 0.0))
    waiting, served = np.zeros(moved.shape), np.zeros(moved.shape)
    left = np.zeros(moved.shape[:2])
    for b in range(moved.shape[-1]):
        there = left + moved[..., b]
        left = np.maximum(there - free[..., b], 0.0)
        waiting[..., b], served[..., b] = left, there - left
    minutes = usual.layout.bin_min * waiting / most[..., None]
    size = people.sum(axis=-1, keepdims=True) / np.maximum(moved.sum(axis=-1, keepdims=True), 1e-12)
    mean = result.wait_sum / np.maximum(result.waited, 1e-12)
    waited = result.waited + moved
    return result.with_(
        served=result.served + served,
        served_people=result.served_people + served * size,
        waited=waited,
        wait_sum=(mean + minutes) * waited,
        wait_max=result.wait_max + minutes,
        published=np.where(result.published >= 0.0, result.published + minutes, result.published),
        queue=result.queue + waiting,
        queue_people=result.queue_people + waiting * size,
    )


def nearest(usual: History, shut: Planes, line: int) -> int | None:
    """The line that people of another would use at the nearest crossing that is never shut to them.

    Nearest as the crow flies among those people choose between; of the same lane type, or else standard.
    None where there is none.
    """
    layout = usual.layout
    place = {crossing.id: crossing for crossing in layout.crossings}
    own = layout.flows[line]
    found: dict[str, list[int]] = {}
    for f, flow in enumerate(layout.flows):
        here, there = place[own.crossing], place[flow.crossing]
        same = (flow.direction, flow.mode) == (own.direction, own.mode)
        if same and here.id != there.id and here.choice_group == there.choice_group and not shut[:, f].any():
            found.setdefault(there.id, []).append(f)
    if not found:
        return None
    order: Callable[[str], float] = lambda name: _apart(place[own.crossing], place[name])  # noqa: E731
    lines = found[min(found, key=order)]
    wanted = (own.lane_type, "standard")
    return next((f for kind in wanted for f in lines if layout.flows[f].lane_type == kind), lines[0])


def _apart(a: CrossingAxis, b: CrossingAxis) -> float:
    """Distance of two crossings in degrees of latitude; a large number where a place is not known."""
    if not all(math.isfinite(one) for one in (a.lat, a.lon, b.lat, b.lon)):
        return 1e6
    return math.hypot(a.lat - b.lat, (a.lon - b.lon) * math.cos(math.radians(a.lat)))
