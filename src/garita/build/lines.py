"""The lines of a region, by one description whether packaged or defined in the scenario."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import numpy as np

from garita.build.calendar import Calendar, LocalHour
from garita.build.service import Service
from garita.engine.types import Floats

CLASSES = (
    "citizens",
    "permanent-residents",
    "visa-holders",
    "essential-work",
    "freight",
    "asylum-processing",
)
Roster = tuple[tuple[tuple[int, float], ...], ...]  # by weekday: (minute of the day, booths or officers)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class HourlyValues(Protocol):
    """A figure of a line for each hour of a run."""

    def __call__(self, calendar: Calendar, local: Sequence[LocalHour]) -> Floats: ...


@dataclass(frozen=True)
class Crossing:
    """One place where people cross; ``hours`` are (opens, closes) in minutes of the local day."""

    id: str
    name: str
    port: str
    port_name: str
    lat: float
    lon: float
    choice_group: str
    zone: ZoneInfo
    hours: tuple[tuple[int, int], ...] = ((0, 1440),)


@dataclass(frozen=True)
class WalkThrough:
    """How people of a bus walk through inspection: at the booths of a line on foot of their crossing
    (``booths_of``, its lane type), or at booths of their own, by hour of the day.
    """

    booths_of: str
    booths: tuple[int, ...]
    service: Service | None
    walk: float  # minutes
    together: bool


@dataclass(frozen=True)
class Line:
    """One line (flow): who comes, who serves, what people are used to. ``roster`` by weekday: (minute,
    booths).
    """

    crossing: str
    direction: str
    mode: str
    lane_type: str
    lanes: float
    booths: float
    service: Service
    referral: float
    people_per_party: float
    spacing_m: float
    approach_m: float
    must_share: float
    arrivals: HourlyValues
    usual: HourlyValues
    target: HourlyValues | None
    roster: Roster
    pool: str = ""
    classes: Mapping[str, float] = field(default_factory=dict)
    room: int | None = None
    patience: Service | None = None
    tandem: bool = False  # booths beyond the number of lanes stand behind another in its lane
    walk_through: WalkThrough | None = None
    value_of_time: float | None = None  # USD an hour of one person

    @property
    def id(self) -> str:
        """Permanent identifier, the key of the line's random draws."""
        return f"{self.crossing}:{self.direction}:{self.mode}:{self.lane_type}"


@dataclass(frozen=True)
class Secondary:
    """Secondary inspection shared by lines of a crossing; ``places`` by hour of the day."""

    crossing: str
    direction: str
    modes: tuple[str, ...]
    places: tuple[int, ...]
    service: Service


@dataclass(frozen=True)
class PoolRule:
    """How officers of a pool are moved; ``on_duty``: how many there are, None for the sum of the rosters."""

    on_duty: Roster | None
    every: float
    horizon: float
    margin: float
    least: int
    most: int
    move: float


@dataclass(frozen=True)
class Region:
    """Everything `build` needs to know of a place."""

    id: str
    name: str
    crossings: tuple[Crossing, ...]
    lines: tuple[Line, ...]
    secondary: tuple[Secondary, ...]
    travel: Mapping[tuple[str, str, str], float]
    pool_factor: Mapping[str, float]
    pool_rules: Mapping[str, PoolRule] = field(default_factory=dict)


def in_order(region: Region) -> Region:
    """The same region with crossings and lines in the order of their ids, so that the order of a file, which
    must change nothing, is forgotten before any draw is made.
    """
    return replace(
        region,
        crossings=tuple(sorted(region.crossings, key=lambda crossing: crossing.id)),
        lines=tuple(sorted(region.lines, key=lambda line: line.id)),
        secondary=tuple(sorted(region.secondary, key=lambda s: (s.crossing, s.direction, s.modes))),
    )


def constant(value: float) -> HourlyValues:
    """The same figure at all hours."""

    def values(calendar: Calendar, local: Sequence[LocalHour]) -> Floats:
        return np.full(calendar.hours, float(value))

    return values


def by_hour(figures: Any) -> HourlyValues:
    """One figure, 24 by hour of the day, or 168 by hour of the week from Monday."""
    if not isinstance(figures, list | tuple):
        return constant(float(figures))
    if len(figures) == 1:
        return constant(float(figures[0]))

    def values(calendar: Calendar, local: Sequence[LocalHour]) -> Floats:
        week = len(figures) == 168
        return np.array([float(figures[at.weekday * 24 + at.hour if week else at.hour]) for at in local])

    return values


def nearest_int(value: float) -> int:
    """Round half up, as people do."""
    return math.floor(value + 0.5)
