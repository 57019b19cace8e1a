"""What the axes of a run's arrays mean: lines, crossings, bins of time, replications, closures."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from garita.outcomes.fields import GROSS, GROSS_ON_FOOT, KINDS, KINDS_ON_FOOT

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class FlowAxis:
    """One line: a crossing, a direction, a mode and a lane type.

    ``spacing_m``: metres one waiting party takes; ``queue_lanes``: rows the queue stands in side by side;
    ``approach_m``: length of the approach; ``people_per_party``: mean people in a party; ``aboard``: people
    by the class of size that a final outcome holds [16], of buses whose people walk through inspection; empty
    where a class is a number of people; ``value_of_time``: USD an hour of one person, where the scenario
    gives it.
    """

    id: str
    crossing: str
    direction: str
    mode: str
    lane_type: str
    spacing_m: float = math.nan
    approach_m: float = math.nan
    queue_lanes: float = 1.0
    people_per_party: float = 1.0
    aboard: tuple[int, ...] = ()
    value_of_time: float | None = None

    def people_by_class(self) -> NDArray[np.int64]:
        """People by the class of size that a final outcome holds [16]."""
        return np.array(self.aboard or range(16), dtype=np.int64)


@dataclass(frozen=True)
class StationAxis:
    """One station whose books are kept besides the waits: an inspection before or after primary, or a line's
    primary or a secondary inspection that such a station may hold up; or where people of buses are inspected.

    ``place``: before, primary, secondary, after or hall; ``line``: the line, of primary, or of the buses.
    """

    id: str
    name: str
    crossing: str
    direction: str
    place: str
    line: str = ""


@dataclass(frozen=True)
class OfficersAxis:
    """A pool of officers who are moved between lines, or a rule for emergencies, as ``kind`` says."""

    name: str
    kind: str


@dataclass(frozen=True)
class CrossingAxis:
    """One crossing, with the port it belongs to and its place (degrees)."""

    id: str
    name: str
    port: str
    port_name: str = ""
    lat: float = math.nan
    lon: float = math.nan
    choice_group: str = ""


@dataclass(frozen=True)
class Layout:
    """Axes of one variant of a run.

    ``bin_start_min``: float64 [B], minutes UTC since 1970 of each bin's start. Bins ``first_bin``
    (after warm-up) up to, not including, ``horizon_bin`` are the measured period; from ``horizon_bin``
    on nobody new sets out and the lines empty. ``hour_start_min`` [H]: start of each hour of planned
    demand, the second axis of ``RunPart.offsets`` (may be empty). ``on_foot``: parties by car may cross
    on foot, which has final outcomes of its own; ``homeward``: parties that must come home are counted
    while a closure keeps them away. ``closures``: for each replication a tuple of mappings with the
    keys ``crossings`` (ids), ``directions``, ``modes`` (None = all), ``lane_types`` (None = all), ``share``
    (of the capacity shut; 1 if missing, None where lanes are counted), ``lanes`` (shut of each line; None
    = all), ``exempt`` (classes of travellers who may cross), ``start_utc`` and ``until_utc`` (minutes since
    1970; None = for good), ``reason``; empty in the baseline.
    """

    flows: tuple[FlowAxis, ...]
    crossings: tuple[CrossingAxis, ...]
    bin_start_min: NDArray[np.float64]
    first_bin: int
    horizon_bin: int
    replications: int
    zone: str
    variant: str = "scenario"
    title: str = ""
    digest: str = ""
    region: str = ""
    bin_min: float = 15.0
    closures: tuple[tuple[Mapping[str, Any], ...], ...] = ()
    hour_start_min: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    stations: tuple[StationAxis, ...] = ()
    on_foot: bool = False
    homeward: bool = False
    officers: tuple[OfficersAxis, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Names of the final outcomes, in the order of the ledger."""
        return KINDS_ON_FOOT if self.on_foot else KINDS

    @property
    def decisions(self) -> tuple[str, ...]:
        """Names of the decisions, in the order of ``RunPart.gross``."""
        return GROSS_ON_FOOT if self.on_foot else GROSS

    @property
    def flow_ids(self) -> tuple[str, ...]:
        return tuple(flow.id for flow in self.flows)

    @property
    def crossing_ids(self) -> tuple[str, ...]:
        return tuple(crossing.id for crossing in self.crossings)

    @property
    def bins(self) -> int:
        return len(self.bin_start_min)

    @property
    def measured(self) -> slice:
        """Bins after warm-up and before the horizon."""
        return slice(self.first_bin, self.horizon_bin)

    @property
    def counted(self) -> slice:
        """Bins after warm-up, with the emptying phase."""
        return slice(self.first_bin, self.bins)

    def crossing_name(self, crossing: str) -> str:
        return next((item.name for item in self.crossings if item.id == crossing), crossing)

    def closures_of(self, replication: int) -> tuple[Mapping[str, Any], ...]:
        return self.closures[replication] if replication < len(self.closures) else ()

    def closed_flows(self, closure: Mapping[str, Any]) -> NDArray[np.bool_]:
        """Which lines a closure touches: bool [F], not to be written to."""
        chosen = tuple(None if closure.get(key) is None else tuple(closure[key]) for key in _CHOOSING)
        found = self._touched.get(chosen)  # the closures of all replications choose the same few lines
        if found is None:
            found = self._touched[chosen] = np.array([_touches(closure, flow) for flow in self.flows], bool)
            found.setflags(write=False)
        return found

    @cached_property
    def _touched(self) -> dict[Any, NDArray[np.bool_]]:
        return {}

    def wholly_closed_flows(self, closure: Mapping[str, Any]) -> NDArray[np.bool_]:
        """Which lines a closure shuts altogether, with all their booths and for everybody: bool [F]."""
        whole = closure.get("share", 1.0) == 1.0 and not closure.get("exempt")
        return self.closed_flows(closure) & whole

    def bin_of(self, minute_utc: float) -> int:
        """The bin that holds a minute (clipped to the axis)."""
        at = int(np.searchsorted(self.bin_start_min, minute_utc, side="right")) - 1
        return min(max(at, 0), self.bins - 1)

    def starts_utc(self) -> NDArray[np.datetime64]:
        """Start of every bin, UTC, datetime64[us] [B]."""
        return (np.round(self.bin_start_min * 60e6)).astype(np.int64).astype("datetime64[us]")

    def starts_local(self) -> NDArray[np.datetime64]:
        """Start of every bin on the clocks of the region, datetime64[us] without zone [B]."""
        zone = ZoneInfo(self.zone)
        local = [local_time(minute, zone).replace(tzinfo=None) for minute in self.bin_start_min]
        return np.array(local, dtype="datetime64[us]")

    def to_json(self) -> str:
        record = asdict(self)
        record["bin_start_min"] = [float(minute) for minute in self.bin_start_min]
        record["hour_start_min"] = [float(minute) for minute in self.hour_start_min]
        return json.dumps(record, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Layout:
        """Inverse of :meth:`to_json`.

        Raises KeyError, TypeError or ValueError on a text that is no layout.
        """
        record = json.loads(text)
        known = {item.name for item in fields(cls)}
        record = {key: value for key, value in record.items() if key in known}
        record["flows"] = tuple(
            FlowAxis(**{**flow, "aboard": tuple(flow.get("aboard", ()))}) for flow in record["flows"]
        )
        record["crossings"] = tuple(CrossingAxis(**crossing) for crossing in record["crossings"])
        record["stations"] = tuple(StationAxis(**station) for station in record.get("stations", ()))
        record["officers"] = tuple(OfficersAxis(**axis) for axis in record.get("officers", ()))
        record["bin_start_min"] = np.asarray(record["bin_start_min"], dtype=np.float64)
        record["hour_start_min"] = np.asarray(record.get("hour_start_min", []), dtype=np.float64)
        record["closures"] = tuple(tuple(closures) for closures in record["closures"])
        made = cls(**record)
        made._check()
        return made

    def _check(self) -> None:
        """Raises TypeError or ValueError where axes were read that no run has."""
        numbers = (self.first_bin, self.horizon_bin, self.replications)
        if not all(type(number) is int for number in numbers):
            raise TypeError("bins and replications are whole numbers")
        if type(self.on_foot) is not bool or type(self.homeward) is not bool:
            raise TypeError("on foot and homeward are yes or no")
        if not (0 <= self.first_bin < self.horizon_bin <= self.bins and self.replications > 0):
            raise ValueError("the bins are not in order")
        if not self.bin_min > 0 or not np.isfinite(self.bin_start_min).all():
            raise ValueError("the bins have no times")
        axes: list[FlowAxis | CrossingAxis] = [*self.flows, *self.crossings]
        texts = [self.zone, self.variant, self.title, self.digest, self.region]
        if not all(
            isinstance(name, str) for name in (*texts, *(name for axis in axes for name in _names(axis)))
        ):
            raise TypeError("names are texts")
        if not set(self.crossing_ids) >= {flow.crossing for flow in self.flows}:
            raise ValueError("a line has no crossing")
        if not {axis.line for axis in self.stations if axis.place == "primary"} <= set(self.flow_ids):
            raise ValueError("a station has no line")
        if not all(
            isinstance(axis.name, str) and axis.kind in ("pool", "emergency") for axis in self.officers
        ):
            raise ValueError("officers have no pool")
        hours = self.hour_start_min
        if hours.ndim != 1 or not np.isfinite(hours).all():
            raise ValueError("the hours have no times")
        if len(self.closures) not in (0, self.replications):
            raise ValueError("the closures are not those of the replications")
        for closure in (one for closures in self.closures for one in closures):
            _check_closure(closure)
        local_time(self.bin_start_min[0], self.zone)


def _names(axis: FlowAxis | CrossingAxis) -> tuple[object, ...]:
    if isinstance(axis, FlowAxis):
        return axis.id, axis.crossing, axis.direction, axis.mode, axis.lane_type
    return axis.id, axis.name, axis.port, axis.port_name, axis.choice_group


def _check_closure(closure: Any) -> None:
    """Raises TypeError where what was read is no closure."""

    def is_list(value: object) -> bool:
        return isinstance(value, list) and all(isinstance(name, str) for name in value)

    def is_number(value: object) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)

    if not isinstance(closure, dict):
        raise TypeError("a closure is not a closure")
    lists = all(is_list(closure.get(key)) for key in ("crossings", "directions"))
    choices = all(closure.get(key) is None or is_list(closure[key]) for key in ("modes", "lane_types"))
    until = closure.get("until_utc")
    times = is_number(closure.get("start_utc")) and (until is None or is_number(until))
    parts = all(closure.get(key) is None or is_number(closure[key]) for key in ("share", "lanes"))
    parts = parts and is_list(closure.get("exempt", []))
    if not (lists and choices and times and parts and isinstance(closure.get("reason", ""), str | None)):
        raise TypeError("a closure is not a closure")


_CHOOSING = ("crossings", "directions", "modes", "lane_types")


def _touches(closure: Mapping[str, Any], flow: FlowAxis) -> bool:
    def listed(key: str, value: str) -> bool:
        allowed: Sequence[str] | None = closure.get(key)
        return allowed is None or value in allowed

    return (
        listed("crossings", flow.crossing)
        and listed("directions", flow.direction)
        and listed("modes", flow.mode)
        and listed("lane_types", flow.lane_type)
    )


def local_time(minute_utc: float, zone: ZoneInfo | str) -> datetime:
    """Minutes UTC since 1970 as an aware local time."""
    where = ZoneInfo(zone) if isinstance(zone, str) else zone
    return (EPOCH + timedelta(minutes=float(minute_utc))).astimezone(where)


def metres_per_party(layout: Layout) -> NDArray[np.float32]:
    """Length of queue one party adds [F]; NaN where the spacing is not known."""
    return np.array([flow.spacing_m / max(flow.queue_lanes, 1.0) for flow in layout.flows], dtype=np.float32)
