"""Sums of the days of a border: by mode, by place, and by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from garita.runs.border import Day

Pair = tuple[float, float]
"""With what happens, and without it."""

BY_DAY = ("people", "people_without", "trucks", "trucks_without", "usd_stopped")


def totals(days: Sequence[Day]) -> list[dict[str, Any]]:
    """A day on average by mode, over all regions: what crosses without and with the event, and its value."""
    count = len({day.day for day in days}) or 1
    modes = _grouped(days, lambda day: day.mode)
    return [_of_mode(mode, count, rows) for mode, rows in modes.items()]


def _grouped(days: Iterable[Day], key: Callable[[Day], Any]) -> dict[Any, list[Day]]:
    found: dict[Any, list[Day]] = defaultdict(list)
    for day in days:
        found[key(day)].append(day)
    return dict(found)


def _of_mode(mode: str, days: int, rows: Sequence[Day]) -> dict[str, Any]:
    wait = _wait(rows)
    return {
        "mode": mode,
        "crossed_without": sum(row.crossed[1] for row in rows) / days,
        "crossed": sum(row.crossed[0] for row in rows) / days,
        "stopped": sum(row.stopped for row in rows) / days,
        "people_stopped": sum(row.people_stopped for row in rows) / days,
        "usd_stopped": sum(row.usd for row in rows) / days,
        "wait_without_min": wait[1],
        "wait_min": wait[0],
    }


def _wait(rows: Sequence[Day]) -> tuple[float | None, float | None]:
    """Mean wait, minutes; None where nobody crosses, or without queues, as of trains.

    Weighted by who crosses: those whom a closure turns away at once may come again and again.
    """
    if not any(sum(row.joined) for row in rows):
        return None, None
    found = []
    for which in (0, 1):
        crossed = sum(row.crossed[which] for row in rows)
        waits = sum(row.wait_min[which] * row.crossed[which] for row in rows)
        found.append(waits / crossed if crossed else None)
    return found[0], found[1]


@dataclass(frozen=True)
class Place:
    """A day on average at a port, in a region or on the whole border. ``car_wait`` minutes."""

    people: Pair
    trucks: Pair
    usd_stopped: float
    car_wait: tuple[float | None, float | None]

    @property
    def people_stopped(self) -> float:
        return self.people[1] - self.people[0]

    @property
    def trucks_stopped(self) -> float:
        return self.trucks[1] - self.trucks[0]


def place(days: Sequence[Day], count: int) -> Place:
    """The sums of ``days`` over so many days."""
    modes = _grouped(days, lambda day: day.mode)
    trucks = modes.get("truck", [])
    return Place(
        _mean(days, "people", count),
        _mean(trucks, "crossed", count),
        sum(day.usd for day in days) / count,
        _wait(modes.get("car", [])),
    )


def _mean(days: Sequence[Day], name: str, count: int) -> Pair:
    first, second = (sum(getattr(day, name)[which] for day in days) / count for which in (0, 1))
    return first, second


def places(days: Sequence[Day]) -> dict[str, tuple[Place, dict[str, Place]]]:
    """Of each region its sums, and those of its ports; a day on average."""
    count = len({day.day for day in days}) or 1
    found = {}
    for region, rows in _grouped(days, lambda day: day.region).items():
        ports = _grouped(rows, lambda day: day.port)
        found[region] = place(rows, count), {port: place(ports[port], count) for port in sorted(ports)}
    return found


def by_day(days: Sequence[Day]) -> NDArray[np.float64]:
    """Sums over all ports on each day [days, 5] in the order of :data:`BY_DAY`."""
    dates: list[date] = sorted({day.day for day in days})
    rows = _grouped(days, lambda day: day.day)
    found = np.zeros((len(dates), len(BY_DAY)))
    for number, day in enumerate(dates):
        one = place(rows[day], 1)
        found[number] = (*one.people, *one.trucks, one.usd_stopped)
    return found
