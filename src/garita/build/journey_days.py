"""What the parts of journeys share while they are made into arrays: histories, days, columns of entries."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from garita.build.calendar import minutes_utc
from garita.engine.chances import Luck, poisson
from garita.engine.daily_types import NEVER, Floats, Whole


class Told(NamedTuple):
    """One history as it was drawn: its journeys with plain values, and the closures of the ports."""

    replication: int
    journeys: Any
    closures: Sequence[Any]


class Days:
    """The days of the journeys, in local time."""

    def __init__(self, journeys: Any, zone: ZoneInfo) -> None:
        self.zone, self.count = zone, int(journeys.days)
        self.first: date = journeys.start.astimezone(zone).date()

    def of(self, moment: datetime | None, otherwise: int) -> int:
        """The number of a moment's day; ``otherwise`` where there is none."""
        if moment is None:
            return otherwise
        return (moment.astimezone(self.zone).date() - self.first).days

    def span(self, entry: Any) -> slice:
        """The days on which an entry with ``from`` and ``until`` holds."""
        start = self.of(entry.start, 0)
        return slice(max(start, 0), max(min(self.until(entry, start), self.count), max(start, 0)))

    def until(self, entry: Any, start: int) -> int:
        """The first day on which an entry no longer holds."""
        if entry.until is None:
            return NEVER
        if isinstance(entry.until, datetime):
            return self.of(entry.until, NEVER)
        return start + max(1, math.ceil(float(entry.until) / 1440.0))

    @cached_property
    def midnights(self) -> list[float]:
        """Minutes UTC of the local midnights at which the days begin, and the last one ends."""
        dates = [self.first + timedelta(days=day) for day in range(self.count + 1)]
        return [minutes_utc(datetime(at.year, at.month, at.day, tzinfo=self.zone)) for at in dates]


def stack(drawn: Sequence[Any], part: str, value: Any, kind: Any) -> Any:
    """``value(entry)`` of every history and entry of a part, [H, N]."""
    found = [[value(entry) for entry in getattr(one, part)] for one in drawn]
    return np.array(found, kind).reshape(len(drawn), -1)


def numbers_of(drawn: Sequence[Any], part: str, name: str, place: dict[str, int]) -> Whole:
    """The places that entries name, [N]; -1 where none is."""
    entries = getattr(drawn[0], part)
    return np.array([place.get(getattr(entry, name) or "", -1) for entry in entries], np.int64)


def in_days(minutes: float) -> float:
    return minutes / 1440.0


def come_by_themselves(means: Floats, luck: Luck) -> Whole:
    """People by history and day, where ``means`` [D, H] come on average."""
    return poisson(means.reshape(-1), luck.flat()).reshape(means.shape).T
