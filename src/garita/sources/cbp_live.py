"""CBP border wait times of the moment: one row per crossing and lane type, from JSON (two vintages), XML or
CSV.

US Customs and Border Protection publishes them at bwt.cbp.gov, as JSON (`/api/bwtnew`, since about 2022
with how the waits are measured; `/api/waittimes` without) and as XML (`/xml/bwt.xml`). They are reported by
the ports themselves about once an hour, in part by eye (GAO-13-603), and rounded; in April 2019 the way of
measuring changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from garita.reference.published import cbp_crossings
from garita.sources import cells, xml_text
from garita.sources.csv_text import Rows
from garita.sources.frame import Column, Frame, build
from garita.sources.json_text import Entry, text_of
from garita.sources.layout import Document, Layout, listed, table
from garita.sources.messages import Notes
from garita.sources.table import Table

NAME = "cbp-waits"
ROOT = "border_wait_time"

PORT = ("port_number", "border", "port_name", "crossing_name", "hours", "date", "time", "port_status")
LANE = ("update_time", "operational_status", "delay_minutes", "lanes_open")
GROUPS = {
    "commercial_vehicle_lanes": ("standard_lanes", "FAST_lanes"),
    "passenger_vehicle_lanes": ("standard_lanes", "NEXUS_SENTRI_lanes", "ready_lanes"),
    "pedestrian_lanes": ("standard_lanes", "ready_lanes"),
}
AUTOMATION = {
    "commercial_vehicle_lanes": "cv", "passenger_vehicle_lanes": "pv", "pedestrian_lanes": "ped"
}  # fmt: skip
NOT_THERE = "N/A"
"""Status of a lane type that the crossing does not have."""

COLUMNS = (
    Column("port_number"),
    Column("border", needed=False),
    Column("port_name"),
    Column("crossing_name", needed=False),
    Column("hours", needed=False),
    Column("date", "day"),
    Column("time", needed=False),
    Column("port_status", needed=False),
    Column("lanes", words="commercial_vehicle_lanes, passenger_vehicle_lanes or pedestrian_lanes"),
    Column("lane_type", words="standard_lanes, ready_lanes, NEXUS_SENTRI_lanes or FAST_lanes"),
    Column("maximum_lanes", "number", needed=False, high=100),
    Column("automation_type", needed=False),
    Column("update_time", needed=False),
    Column("operational_status", needed=False),
    Column("delay_minutes", "number", needed=False, high=2880),
    Column("lanes_open", "number", needed=False, high=100),
)
FIELDS = (Column("port_number"), Column("port_name"), Column("passenger_vehicle_lanes"),
          Column("commercial_vehicle_lanes"), Column("pedestrian_lanes"))  # fmt: skip

STALE = 120
"""Minutes after which a wait is marked as carried over: ports report about once an hour."""


def read(document: Document) -> Table:
    """One row per crossing and lane type that it has. ``delay_minutes`` is missing where no wait is reported.

    Columns: those of the port (``port_number`` to ``port_status``), ``lanes`` and ``lane_type`` (the
    publisher's names of the two levels), ``maximum_lanes`` and ``automation_type`` of the former, and the
    four of the lane type. Marked: ``carried`` (reported more than two hours before), ``port-closed`` (a
    wait at a port that is not open), ``no-wait`` (neither a wait nor a word that the lanes are closed: not
    zero). Raises DataError.
    """
    notes = document.notes
    rows = document.rows if document.form == "csv" else _rows(_ports(document))
    frame = build(rows, COLUMNS, notes)
    _check(frame, notes)
    vintage = any(frame["automation_type"] != "")
    kinds = {"csv": "CSV", "xml": "XML", "json": "JSON with automation" if vintage else "JSON"}
    return table((NAME, kinds[document.form]), frame, notes, spellings={"date": spell_day})


def spell_day(value: Any) -> str:
    """``8/2/2026``, month first, as the publisher writes days."""
    year, month, day = str(np.datetime64(value, "D")).split("-")
    return f"{int(month)}/{int(day)}/{year}"


def _ports(document: Document) -> Iterable[Entry]:
    if document.form == "xml":
        return xml_text.entries(document.text, "port", document.notes)
    return document.entries


def _rows(ports: Iterable[Entry]) -> Rows:
    """One row for each lane type of each crossing; those that a crossing does not have are left aside."""
    found = [(line, cells_) for line, fields in ports for cells_ in _lanes(fields)]
    return listed([column.name for column in COLUMNS], found)


def _lanes(port: dict[str, Any]) -> Iterator[list[str]]:
    about = [text_of(port.get(name)) for name in PORT]
    for group, lane_types in GROUPS.items():
        lanes = port.get(group)
        if not isinstance(lanes, dict):
            continue
        most = text_of(lanes.get("maximum_lanes")).replace(NOT_THERE, "")
        short = AUTOMATION[group]
        automation = text_of(lanes.get(f"{short}_automation_type"))
        for lane_type in lane_types:
            lane = lanes.get(lane_type)
            if isinstance(lane, dict) and text_of(lane.get("operational_status")) != NOT_THERE:
                there = [text_of(lane.get(name)).replace(NOT_THERE, "") for name in LANE]
                yield [*about, group, lane_type, most, automation, *there]


def _check(frame: Frame, notes: Notes) -> None:
    known = cbp_crossings()
    told: set[str] = set()
    for row, number in enumerate(frame["port_number"].tolist()):
        if number not in known and number not in told:
            told.add(number)
            value = f"{number} ({frame['port_name'][row]})"
            notes.odd("unknown-port", int(frame.lines[row]), "port_number", value=value)
        _check_lane(frame, row, notes)


def _check_lane(frame: Frame, row: int, notes: Notes) -> None:
    line, what = int(frame.lines[row]), _name(frame, row)
    delay, status = frame["delay_minutes"][row], frame["operational_status"][row]
    if np.isnan(delay):
        if status.casefold() != "lanes closed":
            frame.flags[row].add("no-wait")
            notes.odd("no-wait", line, what=what, status=status or "nothing")
        return
    state = frame["port_status"][row]
    if state and state.casefold() != "open":
        frame.flags[row].add("port-closed")
        notes.odd("port-closed", line, what=what, value=f"{delay:.0f}", state=state)
    if frame["lanes_open"][row] > frame["maximum_lanes"][row]:
        told = {"open": f"{frame['lanes_open'][row]:.0f}", "most": f"{frame['maximum_lanes'][row]:.0f}"}
        notes.odd("lanes-above-most", line, what=what, **told)
    age = _age(frame["time"][row], frame["update_time"][row])
    if age is not None and age > STALE:
        frame.flags[row].add("carried")
        notes.odd("wait-carried", line, what=what, value=f"{delay:.0f}", age=age)


def _age(now: str, reported: str) -> int | None:
    """Minutes between ``13:25:16`` and ``At 11:00 am PDT``, both local; a report of later counts as new."""
    parts = reported.split()
    words = " ".join(parts[1:-1]) if parts[:1] == ["At"] else reported
    at, then = cells.minute_of_day(now), cells.minute_of_day(words)
    if at is None or then is None:
        return None
    age = (at - then) % 1440
    return age if age < 1440 - STALE else 0


def _name(frame: Frame, row: int) -> str:
    parts = (frame["port_name"][row], frame["crossing_name"][row])
    group = frame["lanes"][row].removesuffix("_lanes").replace("_", " ")
    lane = frame["lane_type"][row].removesuffix("_lanes")
    return f"{' '.join(part for part in parts if part)}, {group}, {lane}"


LAYOUTS = (
    Layout(NAME, "JSON", "json", FIELDS, read),
    Layout(NAME, "XML", "xml", (Column(ROOT),), read),
    Layout(NAME, "CSV", "csv", COLUMNS, read),
)
