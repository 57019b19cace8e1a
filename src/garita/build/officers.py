"""Lanes that change type: when, between which lines, and what they do to booths and rosters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from garita.build.calendar import Calendar, clock
from garita.build.closures import minute
from garita.build.lines import WEEKDAYS, Line, Region
from garita.engine.types import CLOSED, OPEN, PARTLY, Floats, Ints

TWO_DAYS_MIN = 2880.0
Span = tuple[float, float]


@dataclass(frozen=True)
class Conversion:
    """Lanes of one line (by its position) that are another's during some spans."""

    giver: int
    getter: int
    lanes: float
    spans: tuple[Span, ...]


def conversions(resolved: Any, region: Region, calendar: Calendar) -> tuple[Conversion, ...]:
    """The lanes of a resolved scenario that change type, in the order of the file."""
    position = {
        (line.crossing, line.direction, line.mode, line.lane_type): f for f, line in enumerate(region.lines)
    }
    zones = {crossing.id: crossing.zone for crossing in region.crossings}
    found = []
    for change in resolved.conversions:
        start, until = minute(change.start), minute(change.until)
        giver, getter = (position[line] for line in change.ends_of_it)
        spans = [
            (max(start, begin), min(until, end))
            for begin, end in daily(change.hours, change.weekdays, zones[change.crossing], calendar)
            if min(until, end) > max(start, begin)
        ]
        found.append(Conversion(giver, getter, float(change.lanes), tuple(spans)))
    return tuple(found)


def daily(
    hours: Iterable[tuple[str, str]], weekdays: Sequence[str], zone: ZoneInfo, calendar: Calendar
) -> list[Span]:
    """Spans between two times of day, on the days of the week on which they begin."""
    days = {WEEKDAYS.index(day) for day in weekdays}
    found = []
    for opens, closes in hours:
        ends = calendar.clock_minutes(zone, clock(closes), TWO_DAYS_MIN)
        for begin in calendar.clock_minutes(zone, clock(opens), TWO_DAYS_MIN):
            if datetime.fromtimestamp(begin * 60.0, zone).weekday() in days:
                found.append((begin, min((end for end in ends if end > begin), default=calendar.end)))
    return found


def convert(table: Ints, starts: Floats, lines: Sequence[Line], changes: Sequence[Conversion]) -> None:
    """Enter conversions into plans [4, N, F] (booths allowed, roster, status, classes barred), in place.

    A lane goes with its booths, and with their officers as far as the roster has any. A line that gives all
    its lanes is closed meanwhile; one without lanes of its own is open only while it has some.
    """
    cap, roster, status, _ = table
    left = np.array([math.floor(line.booths + 1e-9) for line in lines]) * np.ones_like(cap)
    for change in changes:
        held = np.zeros(len(starts), bool)
        for begin, end in change.spans:
            held |= (starts >= begin) & (starts < end)
        line = lines[change.giver]
        booths = math.floor(change.lanes * line.booths / line.lanes + 1e-9) if line.lanes > 0 else 0
        moved = np.where(held, np.minimum(booths, left[:, change.giver]), 0)
        left[:, change.giver] -= moved
        officers = np.minimum(moved, roster[:, change.giver])
        roster[:, change.giver] -= officers
        roster[:, change.getter] += officers
        only_then = (lines[change.getter].lanes <= 0) & (status[:, change.giver] != CLOSED) & (moved > 0)
        status[only_then, change.getter] = status[only_then, change.giver]
        gets = np.isin(status[:, change.getter], (OPEN, PARTLY))
        cap[:, change.getter] += np.where(gets, moved, 0)
        cap[:, change.giver] = np.maximum(0, cap[:, change.giver] - moved)
        gone = (moved > 0) & (cap[:, change.giver] == 0) & np.isin(status[:, change.giver], (OPEN, PARTLY))
        status[gone, change.giver] = CLOSED


def groups(flows: int, changes: Sequence[Conversion]) -> Ints:
    """Lines that hand booths to one another [F]: the first line of the group, -1 where a line is in none."""
    found = np.full(flows, -1, np.int64)
    for change in changes:
        mine = {change.giver, change.getter}
        members = [
            f for f in range(flows) if f in mine or found[f] in {found[g] for g in mine if found[g] >= 0}
        ]
        found[members] = min(members)
    return found
