"""Inspections before the port and after primary: what a scenario may say of them, and what must hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from pydantic import model_validator

from garita.errors import Severity
from garita.scenario.events import Change
from garita.scenario.fields import (
    Directions,
    Identifier,
    Integer,
    RoomBetween,
    Share,
    StationPlace,
    declare,
)
from garita.scenario.inline import PlacesByHour, Service
from garita.scenario.loader import Path
from garita.scenario.region import Catalogue, Flow
from garita.scenario.scalars import refuse


class Station(Change):
    """An inspection besides primary and secondary: before the port (export control, a technology zone), or
    after primary (a state's inspection of trucks, an exit gate).

    Parties queue for it in one line, first come, first served. It is shared by all lines it applies to, at
    each crossing and direction by itself. It is there from `from` until `until`, or for the whole run.
    """

    name: Identifier = declare("a name of your own; the random draws of this inspection are keyed by it")
    directions: Directions = declare("inbound, outbound, or both", default=lambda: ["inbound"])
    place: StationPlace = declare("`before` the line for primary, or `after` primary (and secondary)")
    order: Integer = declare("its position among several in one place: the lowest comes first", default=1)
    places: PlacesByHour = declare(
        "parties inspected at the same time: one value, or 24 by hour", unit="places"
    )
    service: Service = declare("how long it takes")
    share: Share = declare("share of the parties that come by that is inspected", unit="share", default=1.0)
    room: RoomBetween | None = declare(
        "parties that can wait for it; when it is full, who has been inspected before it stays in the booth; "
        "left out, there is always room",
        unit="parties",
        default=None,
    )
    room_behind: RoomBetween | None = declare(
        "parties that can wait between it, the last inspection before the port, and primary; when full, "
        "who has been inspected stays",
        unit="parties",
        default=None,
    )

    @model_validator(mode="after")
    def _check(self) -> Station:
        if self.place == "after" and self.room_behind is not None:
            refuse("room-behind-after")
        return self


class Collector(Protocol):
    """What the checks across fields lend to those of stations."""

    scenario: Any
    catalogue: Catalogue

    def add(self, code: str, path: Path, severity: Severity = "error", **params: Any) -> None: ...


def check_stations(checker: Collector) -> None:
    """Inspections of one line in one place come one after the other; room is between two of them."""
    listed = [
        (i, station, lines)
        for i, station in enumerate(checker.scenario.stations or [])
        if station is not None and None not in (station.place, station.order)
        for lines in [frozenset(_lines(station, checker.catalogue))]
        if lines
    ]
    for i, station, lines in listed:
        beside = [
            other for k, other, theirs in listed if k != i and other.place == station.place and lines & theirs
        ]
        same = [other for other in beside if other.order == station.order]
        if same and any(k < i and other in same for k, other, _ in listed):
            checker.add("station-order", ("stations", i, "order"), other=same[0].name, order=station.order)
        if station.place != "before":
            continue
        if station.room is not None and not any(other.order < station.order for other in beside):
            checker.add("room-nothing-before", ("stations", i, "room"), name=station.name)
        if station.room_behind is not None and any(other.order > station.order for other in beside):
            last = max(beside, key=lambda other: other.order)
            checker.add("room-behind-not-last", ("stations", i, "room_behind"), other=last.name)


def _lines(station: Any, catalogue: Catalogue) -> Iterator[Flow]:
    """The lines that an inspection applies to."""
    places = catalogue.expand(station.crossing)
    for line in catalogue.flows:
        crossing, direction, mode, lane_type = line
        if (
            crossing in places
            and direction in (station.directions or [direction])
            and mode in (station.modes or [mode])
            and lane_type in (station.lane_types or [lane_type])
        ):
            yield line
