"""Elapsed time and local clocks: the only place where time zones are turned into minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from garita.engine.types import GRAIN, HOUR, Floats, Records, records

EMPTYING_HOURS = 72


def minutes_utc(moment: datetime) -> float:
    """Minutes since 1970 UTC of an aware time, rounded to the engine's grain."""
    return round(moment.timestamp() / 60.0 / GRAIN) * GRAIN


@dataclass(frozen=True)
class LocalHour:
    """What the clocks of a place say at the beginning of an hour."""

    day: date
    weekday: int
    hour: int


@dataclass(frozen=True)
class Calendar:
    """The hours of a run: ``start`` [H + 1] minutes UTC. The first ``demand_hours`` generate demand."""

    begin: datetime
    start: Floats
    demand_hours: int
    warm_up_min: float

    @property
    def hours(self) -> int:
        return len(self.start) - 1

    @property
    def end(self) -> float:
        return float(self.start[-1])

    def local(self, zone: ZoneInfo) -> list[LocalHour]:
        """The local clock at the beginning of each hour [H]."""
        found = []
        for minute in self.start[:-1]:
            moment = datetime.fromtimestamp(minute * 60.0, zone)
            found.append(LocalHour(moment.date(), moment.weekday(), moment.hour))
        return found

    def clock_minutes(self, zone: ZoneInfo, minute_of_day: int, before_min: float = 0.0) -> list[float]:
        """Every instant of the run at which local clocks show a time of day (1440: the next midnight).

        Also those of so many minutes before its beginning.
        """
        begin, end = float(self.start[0] - before_min), self.end
        return list(_clock_minutes(begin, end, zone, minute_of_day))


@lru_cache(maxsize=4096)  # lines of a crossing, and crossings of a zone, share most times of the day
def _clock_minutes(begin: float, end: float, zone: ZoneInfo, minute_of_day: int) -> tuple[float, ...]:
    first = datetime.fromtimestamp(begin * 60.0, zone).date() - timedelta(days=1)
    last = datetime.fromtimestamp(end * 60.0, zone).date()
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number + minute_of_day // 1440)
        moment = datetime(
            day.year, day.month, day.day, minute_of_day % 1440 // 60, minute_of_day % 60, tzinfo=zone
        )
        minute = minutes_utc(moment)
        if begin <= minute < end:
            found.append(minute)
    return tuple(found)


def make_calendar(begin: datetime, start: datetime, end: datetime) -> Calendar:
    """The hours from the beginning of the warm-up to the last hour in which lines may still empty."""
    first = minutes_utc(begin) - begin.minute  # hours begin when local clocks strike, whenever the run does
    demand_hours = max(1, int(np.ceil((minutes_utc(end) - first) / 60.0)))
    warm_up_min = minutes_utc(start) - first
    hours = demand_hours + EMPTYING_HOURS
    hour_starts = np.asarray(first + 60.0 * np.arange(hours + 1), np.float64)
    return Calendar(begin, hour_starts, demand_hours, warm_up_min)


def clock(text: str) -> int:
    """Minute of the day of ``HH:MM``; ``24:00`` is 1440."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def over_hours(changes: list[tuple[float, float, float]], calendar: Calendar) -> Floats:
    """Product of factors over each hour; a change that covers part of an hour counts for that part."""
    start, end = calendar.start[:-1], calendar.start[1:]
    found = np.ones(calendar.hours)
    for first, last, factor in changes:
        share = np.clip(np.minimum(end, last) - np.maximum(start, first), 0.0, 60.0) / 60.0
        found *= 1.0 - share * (1.0 - factor)
    return found


def hour_table(calendar: Calendar) -> Records:
    """The hours as the engine takes them."""
    found = records(HOUR, calendar.hours)
    found.start = calendar.start[:-1]
    found.length = np.diff(calendar.start)
    found.key = np.floor(calendar.start[:-1] / 60.0)
    return found
