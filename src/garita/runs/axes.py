"""What the axes of a case's results mean, and the books that not every run has."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from garita.build import Built
from garita.build.batches import people_by_class
from garita.engine.types import BIN_MINUTES
from garita.outcomes import CrossingAxis, FlowAxis, Layout, OfficersAxis, StationAxis
from garita.outcomes.stations import HALL


def station_books(output: Any, used: int) -> Any:
    """The books of stations, for those runs that have any."""
    extra = output.extra
    return extra.station_books[:, :used] if extra is not None and len(extra.station_books) else None


def officer_books(output: Any, used: int) -> NDArray[np.float64] | None:
    """What officers of moved pools did, and how long emergencies were in force [N, bins, 5], if any."""
    extra = output.extra
    if extra is None:
        return None
    duty = extra.duty[extra.pools.managed == 1, :used]
    force = extra.in_force[:, :used, None]
    whole = np.pad(duty, ((0, len(force)), (0, 0), (0, 1)))
    whole[len(duty) :, :, -1:] = force
    return whole if len(whole) else None


def officer_axes(built: Built) -> tuple[OfficersAxis, ...]:
    """Pools whose officers are moved, in the order of the engine's, and the rules for emergencies."""
    extra = built.run.extra
    if extra is None:
        return ()
    pools = sorted({line.pool for line in built.region.lines if line.pool})
    moved = [name for name, managed in zip(pools, extra.pools.managed, strict=True) if managed]
    rules = [OfficersAxis(f"emergency-{number}", "emergency") for number in range(1, len(extra.in_force) + 1)]
    return (*(OfficersAxis(name, "pool") for name in moved), *rules)


def station_axes(built: Built) -> tuple[StationAxis, ...]:
    """The stations whose books are kept, in the order of the engine's."""
    extra = built.run.extra
    if extra is None or not len(extra.station_books):
        return ()
    region = built.region
    axes = [
        StationAxis("primary", "primary", line.crossing, line.direction, "primary", line.id)
        for line in region.lines
    ]
    axes += [
        StationAxis(
            f"{at.crossing}:{at.direction}:secondary", "secondary", at.crossing, at.direction, "secondary"
        )
        for at in region.secondary
    ]
    axes += [
        StationAxis(post.id, post.name, post.crossing, post.direction, "before" if post.before else "after")
        for post in built.posts
    ]
    kept = [axis for axis, book in zip(axes, extra.book_of, strict=True) if book >= 0]
    buses = [region.lines[f] for f in extra.halls.line.tolist()]
    kept += [
        StationAxis(f"{line.id}:people", "people of buses", line.crossing, line.direction, HALL, line.id)
        for line in buses
    ]
    return tuple(kept)


def layout(case: Any, built: Built, variant: str, replications: int) -> Layout:
    """What the axes of a case's results mean."""
    region, calendar = built.region, built.calendar
    bins = 4 * calendar.hours
    return Layout(
        flows=tuple(
            FlowAxis(
                line.id,
                line.crossing,
                line.direction,
                line.mode,
                line.lane_type,
                line.spacing_m,
                line.approach_m,
                max(1.0, line.lanes),
                line.people_per_party,
                () if line.walk_through is None else tuple(people_by_class(line).tolist()),
                line.value_of_time,
            )
            for line in region.lines
        ),
        crossings=tuple(
            CrossingAxis(
                crossing.id,
                crossing.name,
                crossing.port,
                crossing.port_name,
                crossing.lat,
                crossing.lon,
                crossing.choice_group,
            )
            for crossing in region.crossings
        ),
        bin_start_min=calendar.start[0] + 15.0 * np.arange(bins),
        first_bin=round(calendar.warm_up_min / BIN_MINUTES),
        horizon_bin=4 * calendar.demand_hours,
        replications=replications,
        zone=str(case.zone),
        variant=variant,
        title=case.scenario.title,
        digest=case.digest,
        region=region.id if case.tables is not None else "",
        hour_start_min=calendar.start[:-1],
        stations=station_axes(built),
        officers=officer_axes(built),
        on_foot=built.run.on_foot,
        homeward=built.run.homeward,
    )
