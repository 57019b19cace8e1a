"""What the books of stations say: inspections before and after primary, and what a full one holds up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from garita.engine import types
from garita.outcomes.arrays import Arrays
from garita.outcomes.layout import StationAxis
from garita.outcomes.scopes import ALL, Scope
from garita.outcomes.tables import Columns, rows_by_bin

if TYPE_CHECKING:
    import pandas as pd

HALL = "hall"  # where people of buses are inspected, one by one
NAMES = {"station": "name"} | {name: name for name in ("place", "crossing", "direction", "line")}

# Of a line's primary the waits are in the lines' own books: field of stations -> field of lines
_OF_LINE = {
    types.STATION_ARRIVED: types.ARRIVED,
    types.STATION_STARTED: types.STARTED,
    types.STATION_WAITED: types.WAITED,
    types.STATION_WAIT_SUM: types.WAIT_SUM,
    types.STATION_WAIT_MAX: types.WAIT_MAX,
    types.STATION_QUEUE_END: types.QUEUE_END,
    types.STATION_OPEN_MIN: types.OPEN_BOOTH_MIN,
    types.STATION_BUSY_MIN: types.BUSY_BOOTH_MIN,
}


def station_counts(outcome: Arrays) -> NDArray[np.float32]:
    """The books of stations [9, R, W, B], those of primary filled in from the lines. Of secondary only the
    minutes held up are kept by bin; the rest is NaN.
    """
    found = outcome.station_counts.copy()
    lines = outcome.layout.flow_ids
    for w, station in enumerate(outcome.layout.stations):
        if station.place == "secondary":
            found[[*_OF_LINE], :, w] = np.nan
        elif station.place == "primary":
            for field, of_line in _OF_LINE.items():
                found[field, :, w] = outcome.counts[of_line][:, lines.index(station.line)]
    return found


def held_hours(outcome: Arrays, groups: list[Scope], window: slice) -> NDArray[np.float64]:
    """Booth-hours of primary held up by a full station behind, by group [R, S]; NaN where there is none."""
    held = outcome.station_counts[types.STATION_HELD_MIN][..., window].sum(axis=2, dtype=np.float64) / 60.0
    found = np.full((outcome.replications, len(groups)), np.nan)
    for s, scope in enumerate(groups):
        lines = {outcome.layout.flow_ids[flow] for flow in scope.flows}
        stations = enumerate(outcome.layout.stations)
        rows = [w for w, station in stations if station.line in lines and station.place != HALL]
        if rows and scope.mode != ALL:
            found[:, s] = held[:, rows].sum(axis=1)
    return found


def stations_columns(outcome: Arrays) -> Columns:
    """Columns of ``stations``: one row per replication, station and bin; bins of the warm-up are left out."""
    layout = outcome.layout
    cut = station_counts(outcome)[..., layout.first_bin :]

    def flat(values: NDArray[Any]) -> NDArray[Any]:
        return values.reshape(-1)

    names = {name: [getattr(station, field) for station in layout.stations] for name, field in NAMES.items()}
    columns = rows_by_bin(layout, outcome.replications, names)
    columns["arrivals"] = flat(cut[types.STATION_ARRIVED])
    columns["served"] = flat(cut[types.STATION_STARTED])
    waited = cut[types.STATION_WAITED]
    with np.errstate(invalid="ignore", divide="ignore"):
        columns["mean_wait_min"] = flat(np.where(waited > 0, cut[types.STATION_WAIT_SUM] / waited, np.nan))
        columns["max_wait_min"] = flat(np.where(waited > 0, cut[types.STATION_WAIT_MAX], np.nan))
        busy, open_min = cut[types.STATION_BUSY_MIN], cut[types.STATION_OPEN_MIN]
        columns["utilisation"] = flat(np.where(open_min > 0, busy / open_min, np.nan).astype(np.float32))
    columns["queue_parties"] = flat(cut[types.STATION_QUEUE_END])
    columns["places_open"] = flat(open_min / np.float32(layout.bin_min))
    columns["held_min"] = flat(cut[types.STATION_HELD_MIN])
    return columns


def stations_table(outcome: Arrays) -> pd.DataFrame:
    """``stations`` as pandas."""
    import pandas as pd

    return pd.DataFrame(stations_columns(outcome))


def station_of(outcome: Arrays, station: StationAxis) -> dict[str, NDArray[np.float64]]:
    """Totals of a station over what is counted, by replication [R]: served, mean and longest wait, longest
    queue, hours held up.
    """
    w = outcome.layout.stations.index(station)
    counts = station_counts(outcome)[:, :, w, outcome.layout.counted].astype(np.float64)
    waited = counts[types.STATION_WAITED].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(waited > 0, counts[types.STATION_WAIT_SUM].sum(axis=1) / waited, np.nan)
    return {
        "served": counts[types.STATION_STARTED].sum(axis=1),
        "mean_wait_min": mean,
        "max_wait_min": counts[types.STATION_WAIT_MAX].max(axis=1, initial=0.0),
        "max_queue": counts[types.STATION_QUEUE_END].max(axis=1, initial=0.0),
        "held_hours": counts[types.STATION_HELD_MIN].sum(axis=1) / 60.0,
    }
