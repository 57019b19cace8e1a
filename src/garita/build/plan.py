"""How many booths a line may open at a time, and whether it is open: rosters, lanes and closures together."""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TypeVar

from garita.build.closures import LineEvents, Shut
from garita.build.lines import Line, nearest_int
from garita.engine.types import CLOSED, OPEN, OUTSIDE_HOURS, PARTLY

Plan = tuple[int, int, int, int]  # booths allowed, booths on the roster, status, classes barred
Change = tuple[float, float, float]  # from, until, value


_Item = TypeVar("_Item")


def in_force(
    items: Sequence[_Item], span: Callable[[_Item], tuple[float, float]], times: Iterable[float]
) -> Iterator[list[_Item]]:
    """Which items hold at each of the ascending times, in the order in which they are listed."""
    waiting = sorted(range(len(items)), key=lambda i: span(items[i])[0], reverse=True)
    active: list[int] = []
    for time in times:
        while waiting and span(items[waiting[-1]])[0] <= time:
            insort(active, waiting.pop())
        active = [i for i in active if span(items[i])[1] > time]
        yield [items[i] for i in active]


@dataclass(frozen=True)
class Holding:
    """What holds for one line at one time."""

    shut: list[Shut]
    lanes: list[Change]
    lane_changes: list[Change]
    booths: list[Change]
    booth_factors: list[Change]


def holding(events: LineEvents, times: Sequence[float]) -> Iterator[Holding]:
    """What holds for a line at each of the ascending times."""
    changes = (events.lanes, events.lane_changes, events.booths, events.booth_factors)
    shut = in_force(events.shut, span_of_shut, times) if events.shut else repeat([])
    others = [in_force(items, _of_change, times) if items else repeat([]) for items in changes]
    for _, closed, *held in zip(times, shut, *others, strict=False):
        yield Holding(closed, *held)


def span_of_shut(shut: Shut) -> tuple[float, float]:
    """From when until when a closure lasts."""
    return shut.start, shut.until


def _of_change(change: Change) -> tuple[float, float]:
    return change[0], change[1]


def plan_at(line: Line, held: Holding, is_open: float, roster: float, time: float) -> Plan:
    """The plan of a line at a time."""
    for _, _, value in held.booths:
        roster = value
    for _, _, value in held.booth_factors:
        roster *= value
    lanes, per_lane = line.lanes, line.booths / line.lanes if line.lanes > 0 else 0.0
    for _, _, value in held.lanes:
        lanes = min(value, lanes) if value < line.lanes else value
    lanes += sum(value for _, _, value in held.lane_changes)
    share, barred, closed = 1.0, 0, False
    for shut in held.shut:
        shut_share = shut.share(time)
        if shut.barred:
            barred |= shut.barred if shut_share > 0.0 else 0
        elif shut.lanes is not None:
            lanes -= shut.lanes * shut_share
        else:
            share = min(share, 1.0 - shut_share)
        closed = closed or shut.closes(time)
    cap = 0 if closed else math.floor(max(0.0, min(lanes * per_lane, share * line.booths)) + 1e-9)
    if cap == 0 and (closed or share < 1.0 or lanes <= 0.0):
        return 0, nearest_int(roster), CLOSED, barred
    if is_open <= 0.0:
        return 0, nearest_int(roster), OUTSIDE_HOURS, barred
    return cap, nearest_int(roster), PARTLY if share < 1.0 or barred else OPEN, barred


def plans(
    line: Line,
    events: LineEvents,
    is_open: Callable[[float], float],
    roster: Callable[[float], float],
    times: Sequence[float],
) -> list[Plan]:
    """The plan of a line at each of the ascending times."""
    return [
        plan_at(line, held, is_open(time), roster(time), time)
        for time, held in zip(times, holding(events, times), strict=True)
    ]
