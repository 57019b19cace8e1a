"""A region defined in the scenario itself as lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from garita.build.calendar import Calendar, LocalHour, clock, minutes_utc
from garita.build.lines import Crossing, HourlyValues, Line, Region, Secondary, WalkThrough, by_hour
from garita.build.service import Service
from garita.engine.types import Floats


def _table(steps: Any) -> HourlyValues:
    """Parties an hour from a table of times; within an hour the mean of the rows that hold in it."""

    def values(calendar: Calendar, local: Sequence[LocalHour]) -> Floats:
        times = np.array([minutes_utc(step.start) for step in steps])
        rates = np.array([float(step.per_hour) for step in steps])
        order = np.argsort(times, kind="stable")
        times, rates = np.append(times[order], np.inf), np.append(rates[order], 0.0)
        found = np.zeros(calendar.hours)
        holds = np.maximum(np.searchsorted(times, calendar.start[:-1], side="right") - 1, 0)
        ends = np.minimum(np.searchsorted(times, calendar.start[1:]), len(times) - 1)
        for i in range(calendar.hours):
            for k in range(holds[i], ends[i]):
                overlap = min(times[k + 1], calendar.start[i + 1]) - max(times[k], calendar.start[i])
                found[i] += max(0.0, overlap) / 60.0 * rates[k]
        return found

    return values


def _arrivals(arrivals: Any) -> HourlyValues:
    if arrivals.table is not None:
        return _table(arrivals.table)
    if arrivals.per_day is not None:
        profile = arrivals.profile or [1.0] * 24
        total = sum(float(share) for share in profile)
        return by_hour([float(arrivals.per_day) * float(share) / total for share in profile])
    return by_hour(arrivals.per_hour)


def service_of(service: Any) -> Service:
    """Service times of a resolved scenario."""
    return Service(
        service.distribution,
        float(service.mean or 0.0),
        service.shape,
        service.cv,
        tuple(float(value) for value in service.values or ()),
        tuple(float(weight) for weight in service.weights or ()),
    )


def roster_of(booths: Any) -> tuple[tuple[tuple[int, float], ...], ...]:
    """The same steps every day; before the first step of a day the last one of the day before holds."""
    if not isinstance(booths, list | tuple):
        steps: tuple[tuple[int, float], ...] = ((0, float(booths)),)
    elif hasattr(booths[0], "start"):
        steps = tuple((clock(step.start), float(step.booths)) for step in booths)
        if steps[0][0] > 0:
            steps = ((0, steps[-1][1]), *steps)
    else:
        steps = tuple((hour * 60, float(count)) for hour, count in enumerate(booths))
    return (steps,) * 7


def _line(flow: Any) -> Line:
    roster = roster_of(flow.booths)
    most = max(count for _, count in roster[0])
    lanes = float(flow.lanes) if flow.lanes is not None else math.ceil(most / flow.booths_per_lane)
    booths = lanes * flow.booths_per_lane if flow.lanes is not None else most
    return Line(
        flow.crossing,
        flow.direction,
        flow.mode,
        flow.lane_type,
        lanes,
        booths,
        service_of(flow.service),
        float(flow.referral),
        float(flow.people_per_party),
        float(flow.spacing_m),
        float(flow.approach_m) if flow.approach_m is not None else math.nan,
        float(flow.must_share),
        _arrivals(flow.arrivals),
        by_hour(flow.usual_wait),
        by_hour(flow.target_wait) if flow.target_wait is not None else None,
        roster,
        classes=dict(flow.classes or {}),
        room=None if flow.room is None else int(flow.room),
        patience=None if flow.patience is None else service_of(flow.patience),
        tandem=flow.tandem,
        value_of_time=None if flow.value_of_time is None else float(flow.value_of_time),
        walk_through=None if flow.walk_through is None else _walk_through(flow.walk_through),
    )


def _walk_through(given: Any) -> WalkThrough:
    return WalkThrough(
        given.booths_of or "",
        () if given.booths is None else places_by_hour(given.booths),
        None if given.service is None else service_of(given.service),
        float(given.walk),
        given.together,
    )


def places_by_hour(places: Any) -> tuple[int, ...]:
    """Places by hour of the day, from one value or 24."""
    listed = places if isinstance(places, list) else [places] * 24
    return tuple(int(float(count) + 0.5) for count in listed)


def _secondary(secondary: Any) -> Secondary:
    modes = tuple(secondary.modes or ("car", "pedestrian", "bus", "truck"))
    return Secondary(
        secondary.crossing,
        secondary.direction,
        modes,
        places_by_hour(secondary.places),
        service_of(secondary.service),
    )


def inline_region(scenario: Any) -> Region:
    """The region of a resolved scenario that has no base."""
    zone = ZoneInfo(scenario.region.zone)
    crossings = tuple(
        Crossing(
            crossing.id,
            crossing.name or crossing.id,
            crossing.port or crossing.id,
            crossing.port or crossing.name or crossing.id,
            math.nan if crossing.lat is None else crossing.lat,
            math.nan if crossing.lon is None else crossing.lon,
            crossing.choice_group or "",
            zone,
            tuple((clock(a), clock(b)) for a, b in crossing.hours),
        )
        for crossing in scenario.crossings
    )
    travel = {(way.origin, way.destination, way.mode): float(way.minutes) for way in scenario.travel}
    return Region(
        scenario.region.id,
        scenario.region.name or scenario.region.id,
        crossings,
        tuple(_line(flow) for flow in scenario.flows),
        tuple(_secondary(secondary) for secondary in scenario.secondary),
        travel,
        {},
    )
