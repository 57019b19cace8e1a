"""Lanes that change type: when, between which lines, and what they do to booths and rosters."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from garita.build.calendar import Calendar, clock
from garita.build.closures import minute
from garita.build.emergency import Emergency, emergencies_of
from garita.build.inline import roster_of
from garita.build.lines import WEEKDAYS, Line, PoolRule, Region
from garita.engine.types import CLOSED, OPEN, PARTLY, Floats, Ints
from garita.errors import Problem, ScenarioError
from garita.scenario import limits
from garita.scenario.region import Catalogue

TWO_DAYS_MIN = 2880.0
Span = tuple[float, float]


@dataclass(frozen=True)
class PoolChange:
    """Officers of a pool other than usual: ``officers``, or else times ``factor``."""

    pool: str
    start: float
    until: float
    officers: float | None
    factor: float | None


@dataclass(frozen=True)
class Officers:
    """What a scenario changes of lanes and officers."""

    conversions: tuple[Conversion, ...] = ()
    pools: tuple[PoolChange, ...] = ()
    emergencies: tuple[Emergency, ...] = ()


@dataclass(frozen=True)
class Conversion:
    """Lanes of one line (by its position) that are another's during some spans."""

    giver: int
    getter: int
    lanes: float
    spans: tuple[Span, ...]


def officers_of(resolved: Any, region: Region, calendar: Calendar) -> Officers:
    """What a resolved scenario changes of lanes and officers."""
    pools = tuple(
        PoolChange(change.pool, minute(change.start), minute(change.until), change.officers, change.factor)
        for change in resolved.pools
    )
    return Officers(conversions(resolved, region, calendar), pools, emergencies_of(resolved, region))


def with_pools(region: Region, resolved: Any, catalogue: Catalogue) -> Region:
    """The region with the pools of officers that the scenario defines.

    Raises ScenarioError where officers cannot get from one crossing to another.
    """
    rules, pool_of = {}, {}
    for pool in resolved.officers:
        duty = roster_of(pool.on_duty) if pool.on_duty is not None else None
        most = limits.MOST_BOOTHS if pool.most is None else int(pool.most)
        times = float(pool.every_min), float(pool.horizon_min), float(pool.margin_min)
        rules[pool.pool] = PoolRule(duty, *times, int(pool.least), most, float(pool.move_min))
        if (
            pool.pool in region.pool_factor and pool.crossings is not None
        ):  # it may have fewer lines than before
            pool_of.update(dict.fromkeys(dict(catalogue.pools).get(pool.pool, ()), ""))
        pool_of.update(dict.fromkeys(catalogue.staffed_by(pool), pool.pool))
    lines = tuple(
        replace(line, pool=pool_of.get((line.crossing, line.direction, line.mode, line.lane_type), line.pool))
        for line in region.lines
    )
    found = replace(region, lines=lines, pool_rules=rules)
    _check_ways(found)
    return found


def _check_ways(region: Region) -> None:
    """Officers can go from each crossing of their pool to each other; within a port it takes no time unless
    one is known.
    """
    port = {crossing.id: crossing.port for crossing in region.crossings}
    known = {(origin, destination) for origin, destination, mode in region.travel if mode != "pedestrian"}
    for pool in region.pool_rules:
        places = sorted({line.crossing for line in region.lines if line.pool == pool})
        for origin in places:
            for destination in places:
                if port[origin] != port[destination] and (origin, destination) not in known:
                    params = {"pool": pool, "origin": origin, "destination": destination}
                    raise ScenarioError(Problem("pool-travel", params, field=f"officers[{pool}]"))


def on_duty(
    region: Region,
    roster: Ints,
    starts: Floats,
    shifts: Mapping[str, Callable[[float], float]],
    changes: Sequence[PoolChange],
) -> Ints:
    """Officers of each pool in each interval [N, P]; ``roster`` [N, F] as conversions leave it."""
    pools = sorted({line.pool for line in region.lines if line.pool})
    found = np.zeros((len(starts), len(pools)), np.int64)
    for p, pool in enumerate(pools):
        mine = np.array([line.pool == pool for line in region.lines])
        there = roster[:, mine].sum(axis=1) * region.pool_factor.get(pool, 1.0)
        if pool in shifts:
            there = np.array([shifts[pool](start) for start in starts])
        here = [change for change in changes if change.pool == pool]
        for change in sorted(here, key=lambda change: change.officers is None):  # numbers, then factors
            held = (starts >= change.start) & (starts < change.until)
            factor = 1.0 if change.factor is None else change.factor
            there = np.where(held, there * factor if change.officers is None else change.officers, there)
        found[:, p] = np.floor(there + 0.5)
    return found


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


def groups(region: Region, officers: Officers) -> Ints:
    """Lines that hand booths to one another [F]: the first line of the group, -1 where a line is in none.

    Lines between which lanes change or that help one another in an emergency, and the lines of a crossing
    that one pool of officers staffs.
    """
    flows = len(region.lines)
    together = [{change.giver, change.getter} for change in officers.conversions]
    together += [set(pair) for rule in officers.emergencies for pair in rule.pairs]
    for pool in region.pool_rules:
        for place in sorted({line.crossing for line in region.lines if line.pool == pool}):
            here = enumerate(region.lines)
            together.append({f for f, line in here if (line.pool, line.crossing) == (pool, place)})
    found = np.full(flows, -1, np.int64)
    for mine in together:
        members = [
            f for f in range(flows) if f in mine or found[f] in {found[g] for g in mine if found[g] >= 0}
        ]
        found[members] = min(members)
    return found
