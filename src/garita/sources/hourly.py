"""Waits by hour of any data set in one shape: where, which lane, which hour, and the weekday if known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from garita.sources.table import Table, Values

LANES = {
    "cv_time": "trucks, standard", "xcv_time": "trucks, FAST", "pv_time": "cars, standard",
    "xpv_time": "cars, SENTRI or NEXUS", "pv_ready_lanes_time": "cars, Ready",
    "ped_time": "pedestrians, standard", "ped_ready_lanes_time": "pedestrians, Ready",
}  # fmt: skip
"""What the columns of CBP's averages stand for."""


TRAFFIC = {"commercial_slot": "trucks", "private_slot": "cars", "pedestrain_slot": "pedestrians"}
GRAPH_LANES = {
    "standard_lane": "standard", "fast_lane": "FAST", "nexus_lane": "SENTRI or NEXUS", "ready_lane": "Ready"
}  # fmt: skip
"""What the publisher's names in its graph stand for."""


@dataclass(frozen=True)
class Waits:
    """Waits in minutes of one lane at one place; `weekday` is 0 (Monday) to 6, or -1 if it is not known."""

    place: str
    lane: str
    hour: Values
    weekday: Values
    wait: Values

    def by_hour(self) -> dict[int, float]:
        """The mean wait of each hour that there is."""
        return {
            hour: float(np.mean(self.wait[self.hour == hour])) for hour in sorted(set(self.hour.tolist()))
        }

    def by_weekday(self) -> dict[int, float]:
        """The mean wait of each weekday; nothing where weekdays are not known."""
        days = sorted(set(self.weekday.tolist()) - {-1})
        return {day: float(np.mean(self.wait[self.weekday == day])) for day in days}


def waits(table: Table) -> Iterator[Waits]:
    """The waits of a table, lane by lane; nothing if it holds none by hour. Marked rows are left out."""
    kept = np.array([not flags for flags in table.flags], bool)
    if "avg_wait_min" in table.columns or "wait_min" in table.columns:
        wait = table["avg_wait_min" if "avg_wait_min" in table.columns else "wait_min"]
        weekday = table["weekday"] if "weekday" in table.columns else _weekdays(table["date"])
        lanes = [f"{lane}, {kind}" for lane, kind in zip(table["Lane"], table["Sub-Lane"], strict=True)]
        yield from _by_lane(table["Port"], np.array(lanes, object), table["Time"] // 60, weekday, wait, kept)
    elif table.source in ("cbp-historical", "cbp-holidays"):
        weekday = table["bwt_day"] if "bwt_day" in table.columns else _weekdays(table["bwt_date"])
        place = np.full(len(table), "", object)
        for name, lane in LANES.items():
            column = f"{name}_avg" if f"{name}_avg" in table.columns else name
            lanes_ = np.full(len(table), lane, object)
            yield from _by_lane(place, lanes_, table["time_slot"], weekday, table[column], kept)
    elif table.source == "cbp-wait-graph":
        lanes = [
            f"{TRAFFIC.get(slot, slot)}, {GRAPH_LANES.get(lane, lane)}"
            for slot, lane in zip(table["slot"], table["lane"], strict=True)
        ]
        unknown = np.full(len(table), -1)
        place = table["port_name"]
        yield from _by_lane(
            place, np.array(lanes, object), table["time"], unknown, table["average_wait"], kept
        )


def _weekdays(days: Values) -> Values:
    """0 (Monday) to 6, of datetime64[D]: 1970-01-01 was a Thursday."""
    return (days.astype("datetime64[D]").astype(np.int64) + 3) % 7


def _by_lane(
    place: Values, lane: Values, hour: Values, weekday: Values, wait: Values, kept: Values
) -> Iterator[Waits]:
    kept = kept & ~np.isnan(wait)
    for where, which in dict.fromkeys(zip(place[kept].tolist(), lane[kept].tolist(), strict=True)):
        chosen = kept & (place == where) & (lane == which)
        yield Waits(where, which, hour[chosen], weekday[chosen], wait[chosen])
