"""Inspections before and after primary, day by day: who passes them, and what a full one holds up."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from garita.engine import types
from garita.outcomes.stations import station_counts
from garita.report import names, numbers
from garita.report.model import Plaza, StationDay

if TYPE_CHECKING:
    from garita.outcomes import Comparison


def plazas(comparison: Comparison) -> tuple[Plaza, ...]:
    """Every crossing and direction with inspections besides primary and secondary; none without such."""
    posts = [axis for axis in comparison.layout.stations if axis.place in ("before", "after")]
    places = dict.fromkeys((axis.crossing, axis.direction) for axis in posts)
    return tuple(_plaza(comparison, crossing, direction) for crossing, direction in places)


def _plaza(comparison: Comparison, crossing: str, direction: str) -> Plaza:
    layout = comparison.layout
    here = [axis for axis in layout.stations if (axis.crossing, axis.direction) == (crossing, direction)]
    position = {axis: layout.stations.index(axis) for axis in here}
    posts = [position[axis] for axis in here if axis.place in ("before", "after")]
    lines = [position[axis] for axis in here if axis.place == "primary"]
    books = station_counts(comparison.with_closure).mean(axis=1, dtype=np.float64)  # [9, W, B]
    beside = comparison.without.counts[types.QUEUE_END].mean(axis=0, dtype=np.float64)  # [F, B]
    flows = [layout.flow_ids.index(layout.stations[w].line) for w in lines]
    days = layout.starts_local()[layout.counted].astype("datetime64[D]")

    def over(field: int, rows: list[int], bins: NDArray[np.int64]) -> NDArray[np.float64]:
        total: NDArray[np.float64] = books[field][rows][:, bins].sum(axis=0)
        return total

    found = []
    for day in np.unique(days):
        bins = layout.first_bin + np.flatnonzero(days == day)
        held = float(over(types.STATION_HELD_MIN, lines, bins).sum()) / 60.0
        open_hours = float(over(types.STATION_OPEN_MIN, lines, bins).sum()) / 60.0
        found.append(
            StationDay(
                _day(day),
                numbers.count(float(over(types.STATION_STARTED, posts, bins).sum())),
                numbers.count(float(over(types.STATION_QUEUE_END, posts, bins).max())),
                f"{numbers.count(held)} ({numbers.share(held, open_hours)})" if open_hours > 0.0 else "0",
                numbers.count(float(over(types.STATION_QUEUE_END, lines, bins).max())),
                numbers.count(float(beside[flows][:, bins].sum(axis=0).max())),
            )
        )
    listed = ", ".join(dict.fromkeys(axis.name for axis in here if axis.place in ("before", "after")))
    where = f"{names.crossing(layout.crossing_name(crossing))}, {names.direction(direction)}"
    return Plaza(where, listed, tuple(found))


def _day(day: np.datetime64) -> str:
    moment = day.astype(datetime)
    return f"{moment:%a} {moment.day} {moment:%b}"
