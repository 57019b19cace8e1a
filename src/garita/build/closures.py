"""What closures, lane and staffing changes do to each line, as functions of time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from garita.build.calendar import clock, minutes_utc
from garita.build.lines import CLASSES, Crossing, Line, Region

ANNOUNCED_FULLY_MIN = (
    1440.0  # an announcement a day or more ahead reaches everybody; shorter ones in proportion
)
FRIGHTENING_FULLY_MIN = 60.0  # closures shorter than an hour frighten in proportion
FOR_GOOD = math.inf
Hours = tuple[tuple[int, int], ...]  # (opens, closes) in minutes of the local day


def minute(moment: Any) -> float:
    """Minutes UTC of a time of a resolved scenario; None is for good."""
    return FOR_GOOD if moment is None else minutes_utc(moment)


def listed(wanted: Sequence[str] | None, value: str) -> bool:
    """Whether a value is among those wanted; None wants all."""
    return wanted is None or value in wanted


def expand(name: str, crossings: Sequence[Crossing]) -> set[str]:
    """The crossings behind a crossing, a port, or ``all``."""
    if name == "all":
        return {crossing.id for crossing in crossings}
    of_port = {crossing.id for crossing in crossings if crossing.port == name}
    return of_port or {name}


@dataclass(frozen=True)
class Shut:
    """One closure as one line sees it. ``steps``: (minute, share shut from then on), beginning with its
    start.
    """

    start: float
    until: float
    steps: tuple[tuple[float, float], ...]
    lanes: float | None
    barred: int
    notice: float

    def times(self) -> tuple[float, ...]:
        """Every instant at which it changes something."""
        return (self.start, self.until, *(at for at, _ in self.steps))

    def share(self, now: float) -> float:
        """Share of the line's capacity that is shut at a time."""
        if not self.start <= now < self.until:
            return 0.0
        found = 0.0
        for at, share in self.steps:
            if at <= now:
                found = share
        return found

    def closes(self, now: float) -> bool:
        """Whether nobody at all passes because of this closure."""
        return self.lanes is None and self.barred == 0 and self.share(now) >= 1.0


@dataclass
class LineEvents:
    """Everything that happens to one line. Factors and settings: (start, until, value)."""

    shut: list[Shut] = field(default_factory=list)
    lanes: list[tuple[float, float, float]] = field(default_factory=list)
    lane_changes: list[tuple[float, float, float]] = field(default_factory=list)
    booths: list[tuple[float, float, float]] = field(default_factory=list)
    booth_factors: list[tuple[float, float, float]] = field(default_factory=list)
    hours: list[tuple[float, float, Hours]] = field(default_factory=list)
    demand: list[tuple[float, float, float]] = field(default_factory=list)
    participation: list[tuple[float, float, float]] = field(default_factory=list)

    def plan_key(self) -> tuple[tuple[Any, ...], ...]:
        """What the line's plan depends on: equal keys, equal plans."""
        lists = (self.shut, self.lanes, self.lane_changes, self.booths, self.booth_factors, self.hours)
        return tuple(tuple(items) for items in lists)

    def times(self) -> Iterable[float]:
        """Every instant at which something changes for the line."""
        for shut in self.shut:
            yield from shut.times()
        for changes in (self.lanes, self.lane_changes, self.booths, self.booth_factors):
            for start, until, _ in changes:
                yield from (start, until)
        for start, until, _ in self.hours:
            yield from (start, until)


def applies(change: Any, line: Line, crossings: set[str]) -> bool:
    """Whether an event at these crossings is about a line."""
    return (
        line.crossing in crossings
        and listed(change.directions, line.direction)
        and listed(change.modes, line.mode)
        and listed(change.lane_types, line.lane_type)
    )


def shut_for(closure: Any, line: Line, start: float, until: float) -> Shut:
    """A closure that applies to a line, as that line sees it."""
    first = 1.0 if closure.lanes is not None else float(closure.share)
    steps = [(start, first)]
    for step in closure.reopening:
        if (
            listed(step.directions, line.direction)
            and listed(step.modes, line.mode)
            and listed(step.lane_types, line.lane_type)
        ):
            steps.append((minute(step.at), min(first, _still_shut(closure, step, line))))
    steps.sort(key=lambda step: step[0])
    barred = 0
    if closure.exempt:
        barred = sum(1 << i for i, name in enumerate(CLASSES) if name not in closure.exempt) | 1 << len(
            CLASSES
        )
    lanes = None if closure.lanes is None else float(closure.lanes)
    return Shut(start, until, tuple(steps), lanes, barred, float(closure.notice or 0.0))


def _still_shut(closure: Any, step: Any, line: Line) -> float:
    """Share of what the closure shuts (of the line's lanes, or of the lanes it names) that stays shut."""
    if step.lanes is None:
        return 1.0 - float(step.share)
    if closure.lanes is None:
        return 1.0 - min(1.0, float(step.lanes) / line.lanes) if line.lanes > 0 else 0.0
    shut = min(float(closure.lanes), line.lanes)
    return min(1.0, max(0.0, line.lanes - float(step.lanes)) / float(closure.lanes)) if shut > 0 else 0.0


def line_events(scenario: Any, lines: Sequence[Line], crossings: Sequence[Crossing]) -> list[LineEvents]:
    """What a resolved scenario does to each line, in the order of the lines."""
    found = [LineEvents() for _ in lines]
    port = {crossing.id: crossing.port for crossing in crossings}
    for closure in scenario.closures:
        places = expand(closure.crossing, crossings)
        start, until = minute(closure.start), minute(closure.until)
        if until <= start:
            continue
        shut = shut_of_port(closure, lines, places, port)
        for line, events in zip(lines, found, strict=True):
            if applies(closure, line, places):
                events.shut.append(shut_for(closure, line, start, until))
            if scenario.behaviour.choice_rule != "none":
                share = shut.get((port[line.crossing], line.mode), 0.0)
                if line.crossing in places or share >= 1.0:
                    _add_participation(closure, line, events, share, start, until, scenario.behaviour)
    for kind in ("lanes", "staffing", "hours", "demand"):
        for change in getattr(scenario, kind):
            places = expand(change.crossing, crossings)
            span = minute(change.start), minute(change.until)
            for line, events in zip(lines, found, strict=True):
                if span[1] > span[0] and applies(change, line, places):
                    _add_change(kind, change, events, span)
    return found


def _add_change(kind: str, change: Any, events: LineEvents, span: tuple[float, float]) -> None:
    if kind == "demand":
        events.demand.append((*span, float(change.factor)))
    elif kind == "hours":
        events.hours.append((*span, tuple((clock(opens), clock(closes)) for opens, closes in change.hours)))
    elif kind == "lanes" and change.lanes is not None:
        events.lanes.append((*span, float(change.lanes)))
    elif kind == "lanes":
        events.lane_changes.append((*span, float(change.change)))
    elif change.booths is not None:
        events.booths.append((*span, float(change.booths)))
    else:
        events.booth_factors.append((*span, float(change.factor)))


def shut_of_port(
    closure: Any, lines: Sequence[Line], places: set[str], port: dict[str, str]
) -> dict[tuple[str, str], float]:
    """Share of the lanes of a port and mode that a closure shuts, in its directions and lane types.

    A port that has another crossing open for the same people is not closed to them.
    """
    shut: dict[tuple[str, str], float] = {}
    every: dict[tuple[str, str], float] = {}
    for line in lines:
        key = port[line.crossing], line.mode
        if applies(closure, line, {line.crossing}):
            every[key] = every.get(key, 0.0) + line.lanes
            if line.crossing in places:
                shut[key] = shut.get(key, 0.0) + line.lanes
    return {key: lanes / every[key] if every[key] > 0.0 else 1.0 for key, lanes in shut.items()}


def _add_participation(
    closure: Any,
    line: Line,
    events: LineEvents,
    share: float,
    start: float,
    until: float,
    behaviour: Any,
) -> None:
    """Demand that an announcement keeps at home, and that stays away after a closure that came without one.

    An announcement touches both directions: who cannot go does not come back (modelling: the southbound
    closure of September 2017 emptied the northbound lines too). ``share``: how much of the port it shuts.
    """
    if closure.exempt or (
        closure.lanes is not None
        or float(closure.share) < 1.0
        or not listed(closure.lane_types, line.lane_type)
    ):
        return
    notice = float(closure.notice or 0.0)
    if notice > 0.0:
        told = min(1.0, notice / ANNOUNCED_FULLY_MIN)
        events.participation.append((start, until, 1.0 - share * told * behaviour.announced_avoidance))
    elif until < FOR_GOOD and listed(closure.directions, line.direction):
        fright = min(1.0, (until - start) / FRIGHTENING_FULLY_MIN)
        events.participation.append(
            (
                until,
                until + behaviour.aftermath_days * 1440.0,
                1.0 - share * fright * behaviour.aftermath_drop,
            )
        )


def closure_windows(resolved: Any, region: Region) -> tuple[dict[str, Any], ...]:
    """The closures of a resolved scenario in minutes UTC, for tables, plots and reports; the keys are those
    of ``garita.outcomes.Layout.closures``."""
    found = []
    for closure in resolved.closures:
        until = minute(closure.until)
        found.append(
            {
                "crossings": sorted(expand(closure.crossing, region.crossings)),
                "directions": list(closure.directions),
                "modes": closure.modes,
                "lane_types": closure.lane_types,
                "share": None if closure.lanes is not None else closure.share,
                "lanes": closure.lanes,
                "exempt": list(closure.exempt),
                "start_utc": minute(closure.start),
                "until_utc": None if until == FOR_GOOD else until,
                "reason": closure.reason,
            }
        )
    return tuple(found)
