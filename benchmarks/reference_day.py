"""The reference day: one day at an assumed crossing of the size of San Ysidro, in three versions.

42,000 cars in three lane classes and 25,000 people on foot, booths by the hour, secondary inspection of
5 % of the cars (overloaded on purpose). Nothing here is an observation: only the round sizes resemble
the real port (about 50,000 cars and 25,000 pedestrians a day were quoted in the press in 2014).

``base``    an ordinary day at port A.
``close``   port A lets nobody start inspection, primary or secondary, from 11:00 to 16:00; inspections
            under way are finished.
``divert``  as ``close``, and port B, 30 minutes away, has traffic of its own. On joining, people predict
            the wait at A as queue x mean inspection / open booths (while closed: the fewest booths of
            an ordinary day, plus 180 min) and drive on to B when that is more than 90 min and more than
            30 min longer than the same prediction for B.

Times are minutes since midnight. The pattern of booths repeats every day; arrivals stop at midnight and
the run goes on until everybody is through.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

SCENARIOS = ("base", "close", "divert")

MINUTES_PER_HOUR = 60.0
HORIZON_HOURS = 96  # nobody is left by then: the longest queue empties within half a day
CLOSURE_MIN = (11 * MINUTES_PER_HOUR, 16 * MINUTES_PER_HOUR)

# Hourly profiles: relative weights of the 24 hours, midnight first.
CAR_PROFILE = (22, 18, 20, 34, 56, 64, 62, 56, 50, 46, 44, 44,
               44, 46, 48, 50, 52, 52, 48, 42, 36, 30, 26, 22)  # fmt: skip
PEDESTRIAN_PROFILE = (8, 6, 10, 30, 66, 74, 64, 56, 52, 50, 50, 50,
                      50, 50, 50, 52, 54, 52, 48, 44, 36, 28, 18, 12)  # fmt: skip


def by_hour(*runs: tuple[int, int]) -> tuple[int, ...]:
    """Booths for each of the 24 hours from runs of (hours, booths)."""
    booths = tuple(count for hours, count in runs for _ in range(hours))
    if len(booths) != 24:
        raise ValueError(f"{len(booths)} hours of booths, 24 needed")
    return booths


class Change(NamedTuple):
    """From ``minute`` on, ``open`` booths may start inspections; ``nominal`` ones count in predictions."""

    minute: float
    open: int
    nominal: int


@dataclass(frozen=True)
class Inspection:
    """How long one inspection takes: Erlang (with ``shape``) or lognormal (with ``cv``), mean in minutes."""

    distribution: str
    mean_min: float
    shape: int = 0
    cv: float = 0.0


@dataclass(frozen=True)
class Line:
    """One line of travellers: those of one lane class, served first come, first served."""

    name: str
    per_day: float
    profile: tuple[int, ...]
    booths: tuple[int, ...]
    inspection: Inspection
    referred: float

    def per_minute(self, hour: int) -> float:
        """Arrivals a minute in an hour of the day."""
        return self.per_day * self.profile[hour] / sum(self.profile) / MINUTES_PER_HOUR


@dataclass(frozen=True)
class Port:
    """A port: its lines, and the places and duration of secondary inspection that its cars share."""

    name: str
    lines: tuple[Line, ...]
    secondary_places: tuple[int, ...]
    secondary: Inspection


@dataclass(frozen=True)
class Day:
    """What an engine has to simulate.

    ``closure_min`` closes all stations of the first port; ``divert`` lets its travellers go to the
    second one, ``extra_min`` away, by the rule of the module docstring.
    """

    scenario: str
    ports: tuple[Port, ...]
    closure_min: tuple[float, float] | None
    divert: bool
    extra_min: float = 30.0
    threshold_above_min: float = 90.0
    threshold_margin_min: float = 30.0
    threshold_closed_min: float = 180.0

    @property
    def expected_travellers(self) -> float:
        """Mean number of people and cars that set out in the day."""
        return sum(line.per_day for port in self.ports for line in port.lines)

    def changes(self, port_index: int, by_hour: tuple[int, ...]) -> list[Change]:
        """At midnight, and wherever the number of open booths changes, over four days."""
        found: list[Change] = []
        for hour in range(HORIZON_HOURS):
            minute = hour * MINUTES_PER_HOUR
            closed = (
                port_index == 0
                and self.closure_min is not None
                and self.closure_min[0] <= minute < self.closure_min[1]
            )
            booths = 0 if closed else by_hour[hour % 24]
            if not found or found[-1].open != booths:
                found.append(Change(minute, booths, nominal=min(by_hour)))
        return found


GENERAL = Inspection("erlang", mean_min=1.0, shape=3)
READY = Inspection("lognormal", mean_min=50 / 60, cv=0.7)
SENTRI = Inspection("lognormal", mean_min=0.75, cv=0.7)
PEDESTRIAN = Inspection("erlang", mean_min=35 / 60, shape=2)
SECONDARY = Inspection("lognormal", mean_min=15.0, cv=0.6)

PORT_A = Port(
    "A",
    (
        Line("general", 12_000, CAR_PROFILE, by_hour((5, 10), (14, 11), (5, 10)), GENERAL, 0.05),
        Line("ready", 15_000, CAR_PROFILE, by_hour((5, 10), (14, 12), (5, 10)), READY, 0.05),
        Line("sentri", 15_000, CAR_PROFILE,
             by_hour((4, 10), (1, 12), (3, 14), (12, 12), (4, 10)), SENTRI, 0.05),
        Line("pedestrian", 25_000, PEDESTRIAN_PROFILE, by_hour((24, 14)), PEDESTRIAN, 0.0),
    ),
    secondary_places=by_hour((24, 20)),
    secondary=SECONDARY,
)  # fmt: skip

PORT_B = Port(
    "B",
    (
        Line("general", 5_000, CAR_PROFILE, by_hour((5, 4), (14, 5), (5, 4)), GENERAL, 0.05),
        Line("ready", 6_500, CAR_PROFILE, by_hour((5, 4), (14, 5), (5, 4)), READY, 0.05),
        Line("sentri", 5_500, CAR_PROFILE, by_hour((4, 4), (1, 5), (3, 6), (12, 5), (4, 4)), SENTRI, 0.05),
        Line("pedestrian", 8_000, PEDESTRIAN_PROFILE, by_hour((24, 6)), PEDESTRIAN, 0.0),
    ),
    secondary_places=by_hour((24, 10)),
    secondary=SECONDARY,
)


def day(scenario: str, fraction: float = 1.0) -> Day:
    """The reference day in one of its three versions.

    ``fraction`` below 1 makes a small day for a quick check: so much fewer travellers, each inspected so
    much longer, so that booths, load and waits stay alike. Raises ``ValueError`` for an unknown scenario.
    """
    if scenario not in SCENARIOS:
        raise ValueError(f"unknown scenario {scenario!r}: one of {', '.join(SCENARIOS)}")
    ports = (PORT_A, PORT_B) if scenario == "divert" else (PORT_A,)
    return Day(
        scenario=scenario,
        ports=tuple(_thin(port, fraction) for port in ports),
        closure_min=None if scenario == "base" else CLOSURE_MIN,
        divert=scenario == "divert",
    )


def _thin(port: Port, fraction: float) -> Port:
    def longer(inspection: Inspection) -> Inspection:
        return replace(inspection, mean_min=inspection.mean_min / fraction)

    lines = tuple(
        replace(line, per_day=line.per_day * fraction, inspection=longer(line.inspection))
        for line in port.lines
    )
    return replace(port, lines=lines, secondary=longer(port.secondary))
