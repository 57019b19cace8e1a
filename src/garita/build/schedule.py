"""The timetable of a run: cut points, and what holds for every line between them."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from garita.build.calendar import Calendar
from garita.build.closures import FOR_GOOD, LineEvents
from garita.build.lines import Crossing, Line, Region, Roster
from garita.build.officers import Officers, convert, on_duty
from garita.build.plan import in_force, plans, span_of_shut
from garita.engine.types import (
    BELIEF,
    BIN_END,
    BIN_MINUTES,
    CHANGE,
    DECIDE,
    GRAIN,
    INTERVAL,
    MEASURE,
    MEASURE_FIRST,
    NEWS,
    OUTSIDE_HOURS,
    PLAN,
    PUBLISH,
    TICK,
    Floats,
    Ints,
    Records,
    records,
)

BELIEVED_FOR_GOOD_MIN = 1e6
TWO_DAYS_MIN = 2880.0
# What a timetable takes from a scenario's behaviour.
BEHAVIOUR_OF_TIMETABLE = (
    "tick_min",
    "trim_every_min",
    "publication_every_min",
    "publication_age_min",
    "access_min",
    "believed_remaining_min",
)


def every(calendar: Calendar, step: float, offset: float = 0.0) -> Floats:
    """Instants of a grid from the beginning of a run, rounded to the engine's grain."""
    count = int((calendar.end - calendar.start[0] - offset) / step + 1e-9) + 1
    grid = calendar.start[0] + offset + step * np.arange(count)
    return np.asarray(np.round(grid / GRAIN) * GRAIN, np.float64)


class Steps:
    """A piecewise constant figure: the value from each time on."""

    def __init__(self, steps: Sequence[tuple[float, float]], first: float = 0.0) -> None:
        ordered = sorted(steps, key=lambda step: step[0])
        self.times = [time for time, _ in ordered]
        self.values = [first, *(value for _, value in ordered)]

    def __call__(self, time: float) -> float:
        return self.values[bisect_right(self.times, time)]

    def between(self, start: float, end: float) -> list[float]:
        """The values that begin to hold after ``start`` and before ``end``."""
        return self.values[bisect_right(self.times, start) + 1 : bisect_left(self.times, end) + 1]


def opening(crossing: Crossing, calendar: Calendar) -> Steps:
    """1 while a crossing is within its opening hours."""
    if any(opens == 0 and closes == 1440 for opens, closes in crossing.hours):
        return Steps([(-math.inf, 1.0)])
    begin, state, changes = calendar.start[0], 0.0, []
    for opens, closes in crossing.hours:
        # Also what the clock showed before the run: at the end of summer time it may show an hour twice.
        turns = [(time, 1.0) for time in calendar.clock_minutes(crossing.zone, opens, TWO_DAYS_MIN)]
        turns += [(time, -1.0) for time in calendar.clock_minutes(crossing.zone, closes, TWO_DAYS_MIN)]
        last = max((turn for turn in turns if turn[0] <= begin), default=(begin, -1.0))
        state += max(0.0, last[1])
        changes += [turn for turn in turns if turn[0] > begin]
    steps = [(begin, min(1.0, state))]
    for time, change in sorted(changes):
        state += change
        steps.append((time, 1.0 if state > 0 else 0.0))
    return Steps(steps)


def shift_steps(roster: Roster, zone: ZoneInfo, calendar: Calendar) -> Steps:
    """Booths or officers of a roster from each time on."""
    steps = []
    for minute in sorted({minute for day in roster for minute, _ in day} | {0}):
        for time in calendar.clock_minutes(zone, minute):
            day = datetime.fromtimestamp(time * 60.0, zone).weekday()
            steps.append((time, _held(roster, day, minute)))
    begin = datetime.fromtimestamp(calendar.start[0] * 60.0, zone)
    return Steps(steps, _held(roster, begin.weekday(), begin.hour * 60 + begin.minute))


def zone_of_pool(region: Region, pool: str) -> ZoneInfo:
    """The time zone in which a pool's shifts are meant: that of its first line."""
    first = next(line.crossing for line in region.lines if line.pool == pool)
    return next(crossing.zone for crossing in region.crossings if crossing.id == first)


def _held(roster: Roster, weekday: int, minute: int) -> float:
    """The roster of a weekday at a minute; before its first step the last of the day before."""
    held = roster[(weekday - 1) % 7][-1][1] if roster[(weekday - 1) % 7] else 0.0
    for start, booths in roster[weekday]:
        if start <= minute:
            held = booths
    return held


def by_clock(values: Sequence[float], zone: ZoneInfo, calendar: Calendar) -> Steps:
    """A figure by hour of the local day, over the run."""
    if len(set(values)) == 1:
        return Steps([], float(values[0]))
    steps = [
        (time, float(value))
        for hour, value in enumerate(values)
        for time in calendar.clock_minutes(zone, hour * 60)
    ]
    return Steps(steps, float(values[0]))


class RegionSteps:
    """Opening hours, rosters and places of secondary inspection over the run, before anything happens."""

    def __init__(self, region: Region, calendar: Calendar) -> None:
        self.calendar = calendar
        place = {crossing.id: crossing for crossing in region.crossings}
        opened = {crossing.id: opening(crossing, calendar) for crossing in region.crossings}
        self.open = [opened[line.crossing] for line in region.lines]
        self.roster = [shift_steps(line.roster, place[line.crossing].zone, calendar) for line in region.lines]
        self.places = [
            by_clock(station.places, place[station.crossing].zone, calendar) for station in region.secondary
        ]
        self._crossings = [place[line.crossing] for line in region.lines]
        self._opened: dict[tuple[int, tuple[Any, ...]], Steps] = {}
        self.pools = sorted({line.pool for line in region.lines if line.pool})
        self.shifts = {
            pool: shift_steps(rule.on_duty, zone_of_pool(region, pool), calendar)
            for pool, rule in region.pool_rules.items()
            if rule.on_duty is not None
        }
        self.times = {
            time
            for steps in (*self.open, *self.roster, *self.places, *self.shifts.values())
            for time in steps.times
        }
        self._usual: dict[int, tuple[Floats, Ints]] = {}

    def plan(self, f: int, line: Line, events: LineEvents) -> tuple[Floats, Ints]:
        """The plan of a line [4, times] from each time on; made anew only where something happens."""
        is_open, roster, begin = self.opening_of(f, events), self.roster[f], self.calendar.start[0]
        if f not in self._usual:
            changes = {time for time in (*self.open[f].times, *roster.times) if begin < time < FOR_GOOD}
            times = [begin, *sorted(changes)]
            self._usual[f] = (
                np.array(times),
                np.array(plans(line, LineEvents(), self.open[f], roster, times)).T,
            )
        usual_times, usual = self._usual[f]
        times_open = is_open.times if events.hours else ()
        happening = [max(time, begin) for time in (*events.times(), *times_open)]
        if not happening:
            return usual_times, usual
        changes = {time for time in (*usual_times, *happening) if min(happening) <= time <= max(happening)}
        times = sorted(changes - {FOR_GOOD})
        first, last = np.searchsorted(usual_times, [times[0], max(happening)], side="left")
        made = np.array(plans(line, events, is_open, roster, times)).T
        return (
            np.concatenate([usual_times[:first], times, usual_times[last:]]),
            np.concatenate([usual[:, :first], made, usual[:, last:]], axis=1),
        )

    def opening_of(self, f: int, events: LineEvents) -> Steps:
        """1 while a line is within its opening hours, also where they are other than usual."""
        if not events.hours:
            return self.open[f]
        key = f, tuple(events.hours)
        if key not in self._opened:
            crossing, usual = self._crossings[f], self.open[f]
            changed = [
                (start, until, opening(replace(crossing, hours=hours), self.calendar))
                for start, until, hours in events.hours
            ]
            times = {*usual.times, *(time for start, until, _ in changed for time in (start, until))}
            times.update(time for *_, steps in changed for time in steps.times)
            found = []
            for time in sorted(times - {FOR_GOOD}):
                held = [steps for start, until, steps in changed if start <= time < until]
                found.append((time, (held[-1] if held else usual)(time)))
            self._opened[key] = Steps(found)
        return self._opened[key]

    def within_hours(self, opened: Sequence[Steps] | None = None) -> Ints:
        """1 where a line is open at some time of the hour by its opening hours [F, H]."""
        lines = self.open if opened is None else opened
        hours = self.calendar.start[:-1]
        found = np.ones((len(lines), len(hours)), np.int64)
        for f, steps in enumerate(lines):
            if len(set(steps.values[1:])) > 1:
                found[f] = [
                    steps(hour) > 0 or any(value > 0 for value in steps.between(hour, hour + 60.0))
                    for hour in hours
                ]
        return found

    def opens_in(self, opened: Sequence[Steps] | None = None) -> Floats:
        """Minutes from the beginning of each hour until the line opens, 0 where it is open [F, H]."""
        lines = self.open if opened is None else opened
        hours = self.calendar.start[:-1]
        found = np.zeros((len(lines), len(hours)))
        for f, steps in enumerate(lines):
            begins = np.array(
                [time for time, value in zip(steps.times, steps.values[1:], strict=True) if value > 0]
            )
            for h, hour in enumerate(hours):
                if steps(hour) <= 0:
                    after = begins[begins > hour]
                    found[f, h] = after[0] - hour if len(after) else self.calendar.end - hour
        return found


class Timetable:
    """Cuts and what holds between them, for one resolved scenario."""

    def __init__(
        self,
        calendar: Calendar,
        region: Region,
        steps: RegionSteps,
        events: Sequence[LineEvents],
        behaviour: Any,
        officers: Officers,
        more_cuts: Iterable[float] = (),
    ) -> None:
        self.region, self.officers = region, officers
        self.calendar, self.lines, self.events, self.behaviour = calendar, region.lines, events, behaviour
        self.steps, self.more_cuts = steps, set(more_cuts)
        self.cuts, self.marks = self._cut()
        self.plan, self.pool_limit = self._plans()
        self.places = self._places()
        self.news, self.belief, epochs = self._news()
        self.intervals = self._intervals(epochs)

    def _changes(self) -> set[float]:
        """Instants at which opening hours, rosters or events change something."""
        times = self.steps.times | self.more_cuts
        for f, events in enumerate(self.events):
            times.update(events.times())
            if events.hours:
                times.update(self.steps.opening_of(f, events).times)
        times.update(time for change in self.officers.conversions for span in change.spans for time in span)
        times.update(time for change in self.officers.pools for time in (change.start, change.until))
        return times

    def _cut(self) -> tuple[Floats, dict[int, Floats]]:
        b, calendar = self.behaviour, self.calendar
        lag = b.publication_age_min + b.access_min
        offset = -lag % b.publication_every_min
        marks = {
            TICK: every(calendar, max(b.tick_min, GRAIN)),
            DECIDE: every(calendar, max(b.trim_every_min, GRAIN)),
            PUBLISH: every(calendar, max(b.publication_every_min, GRAIN)),
            MEASURE_FIRST if lag == 0.0 else MEASURE: every(
                calendar, max(b.publication_every_min, GRAIN), offset
            ),
            BIN_END: every(calendar, BIN_MINUTES),
        }
        changes = np.array(sorted(self._changes()))
        inside = changes[(changes > calendar.start[0]) & (changes < calendar.end)]
        cuts = np.unique(np.concatenate([calendar.start, inside, *marks.values()]))
        return cuts[(cuts >= calendar.start[0]) & (cuts <= calendar.end)], marks

    def _plans(self) -> tuple[Records, Ints]:
        """What holds for each line in each interval; computed where something changes, then repeated."""
        starts = self.cuts[:-1]
        by_line = np.empty((len(self.lines), 4, len(starts)), np.int64)
        for f, (line, events) in enumerate(zip(self.lines, self.events, strict=True)):
            times, values = self.steps.plan(f, line, events)
            held = np.diff(np.searchsorted(starts, times), append=len(starts))
            by_line[f] = np.repeat(values, held, axis=1)
        table = by_line.transpose(1, 2, 0)
        convert(table, starts, self.lines, self.officers.conversions)
        more = np.array([rule.gives for rule in self.officers.emergencies]).reshape(-1, len(self.lines))
        self.most_booths: Ints = table[:2].max(axis=(0, 1)) + more.clip(0).sum(axis=0).astype(
            np.int64
        )  # that each line ever has or may open
        plan = records(PLAN, len(starts), len(self.lines))
        plan.cap, plan.roster, plan.status, plan.barred = table
        return plan, on_duty(self.region, plan.roster, starts, self.steps.shifts, self.officers.pools)

    def _intervals(self, epoch_starts: Sequence[float]) -> Records:
        """The intervals between cuts, and the events at their first instants."""
        starts, ends = self.cuts[:-1], self.cuts[1:]
        found = records(INTERVAL, len(starts))
        found.start, found.end = starts, ends
        for mark, times in self.marks.items():
            instants = ends if mark == BIN_END else starts
            found.events |= np.where(np.isin(instants, times), mark, 0)
        found.events |= np.where(self._changed(), CHANGE, 0)
        found.hour = np.searchsorted(self.calendar.start, starts, side="right") - 1
        found.bin = ((starts - self.calendar.start[0]) / BIN_MINUTES).astype(np.int64)
        found.epoch = np.searchsorted(epoch_starts, starts, side="right") - 1
        return found

    def _changed(self) -> npt.NDArray[np.bool_]:
        """Whether lines or staffing may change as an interval begins.

        Also outside opening hours, when booths stay until their line is empty.
        """
        found = (self.plan.status == OUTSIDE_HOURS).any(axis=1)
        found[0] = True
        for table in (self.plan, self.pool_limit, self.places):
            found[1:] |= (table[1:] != table[:-1]).any(axis=1)
        return np.asarray(found, np.bool_)

    def _places(self) -> Ints:
        """Places of secondary inspection in each interval [N, S]."""
        starts = self.cuts[:-1]
        found = np.zeros((len(starts), len(self.steps.places)), np.int64)
        for s, steps in enumerate(self.steps.places):
            found[:, s] = np.array(steps.values)[np.searchsorted(steps.times, starts, side="right")]
        return found

    def _news(self) -> tuple[Records, Records, list[float]]:
        """Epochs of closures: when each begins, how long before it was known, what is closed, what is
        believed.
        """
        told: dict[float, float] = {}
        for events in self.events:
            for shut in events.shut:
                for time in shut.times():
                    if time < FOR_GOOD:
                        told[time] = min(told.get(time, math.inf), self._told(shut, time))
        times = sorted(told)
        starts = [-math.inf, *times]
        news, belief = records(NEWS, len(starts)), records(BELIEF, len(starts), len(self.lines))
        for f, events in enumerate(self.events):
            if events.shut:
                for e, shut_now in enumerate(in_force(events.shut, span_of_shut, times), 1):
                    remaining = [self._believed(shut) for shut in shut_now if shut.closes(times[e - 1])]
                    if remaining:
                        belief[e, f] = 1, max(remaining)
        news.start, news.notice = starts, [math.inf, *(told[time] for time in times)]
        return news, belief, starts

    def _told(self, shut: Any, time: float) -> float:
        """Minutes of warning before a change: an announced end is known as long as the beginning."""
        return shut.notice + (time - shut.start) if shut.notice > 0.0 else 0.0

    def _believed(self, shut: Any) -> float:
        """How long people think it stays closed: unannounced, their guess; announced, its length."""
        if shut.until == FOR_GOOD:
            return BELIEVED_FOR_GOOD_MIN
        guess: float = self.behaviour.believed_remaining_min
        return shut.until - shut.start if shut.notice > 0.0 else guess
