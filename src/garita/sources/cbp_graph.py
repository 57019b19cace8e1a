"""CBP's graph of one day's waits at a crossing: by hour, today's beside the usual ones.

US Customs and Border Protection answers it as JSON (`/api/bwtwaittimegraph/{crossing}/{date}`); times are
local.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from garita.sources.cbp_averages import mark_runs
from garita.sources.csv_text import Rows
from garita.sources.frame import Column, build
from garita.sources.json_text import text_of
from garita.sources.layout import Document, Layout, listed, table
from garita.sources.table import Table

NAME = "cbp-wait-graph"
ABOUT = ("port_number", "port_name", "crossing_name", "date")
SLOTS = {
    "commercial_time_slots": ("commercial_slot", ("standard_lane", "fast_lane")),
    "private_time_slots": ("private_slot", ("standard_lane", "nexus_lane", "ready_lane")),
    "pedestrain_time_slots": (
        "pedestrain_slot",
        ("standard_lane", "ready_lane"),
    ),  # spelled so by the publisher
}
FORMER = {"nexus_lane": "fast_lane"}
"""Until about 2021 the vetted travellers' lane of cars stood under the name of the trucks' one."""

WAITS = ("today_wait", "average_wait", "min_wait", "max_wait")
COLUMNS = (
    Column("port_number", needed=False),
    Column("port_name", needed=False),
    Column("crossing_name", needed=False),
    Column("date", "day", needed=False),
    Column("slot", words="commercial_slot, private_slot or pedestrain_slot"),
    Column("lane", words="standard_lane, fast_lane, nexus_lane or ready_lane"),
    Column("time", "count", high=23, words="an hour from 0 to 23"),
    *(Column(name, "number", needed=False, high=2880) for name in WAITS),
)
FIELDS = tuple(Column(name) for name in SLOTS)


def read(document: Document) -> Table:
    """One row per hour, traffic (``slot``) and lane type (``lane``); waits in minutes, missing where none
    is given.

    ``time`` is the hour (0 to 23, local), ``today_wait`` that of ``date``, the others the publisher's usual
    ones. A lane type that is zero or empty throughout does not exist and is left aside. Raises DataError.
    """
    notes = document.notes
    rows = document.rows if document.form == "csv" else _rows(document)
    frame = build(rows, COLUMNS, notes)
    if document.form != "csv":
        frame = frame.keep(_there(frame.columns, frame.lines))
    if not len(frame.lines):
        raise notes.refuse("data-nothing")
    mark_runs(frame, ("port_number", "slot", "lane", "date"), "time", "today_wait", notes)
    return table((NAME, document.form.upper()), frame, notes)


def _rows(document: Document) -> Rows:
    found = [(line, row) for line, fields in document.entries for row in _hours(fields)]
    return listed([column.name for column in COLUMNS], found)


def _hours(report: dict[str, Any]) -> Iterator[list[str]]:
    about = [text_of(report.get(name)) for name in ABOUT]
    for group, (slot, lanes) in SLOTS.items():
        inside = report.get(group)
        hours = inside.get(slot) if isinstance(inside, dict) else None
        for hour in hours if isinstance(hours, list) else ():
            if not isinstance(hour, dict):
                continue
            for lane in lanes:
                given = lane if f"{lane}_today_wait" in hour else FORMER.get(lane, lane)
                waits = [text_of(hour.get(f"{given}_{wait}")).replace("N/A", "") for wait in WAITS]
                yield [*about, slot, lane, text_of(hour.get("time")), *waits]


def _there(columns: dict[str, Any], lines: Any) -> Any:
    """Rows of lane types that have a wait at any hour."""
    key = [f"{port} {slot} {lane}" for port, slot, lane in zip(
        columns["port_number"], columns["slot"], columns["lane"], strict=True)]  # fmt: skip
    any_wait = np.nansum([np.nan_to_num(columns[name]) for name in WAITS], axis=0) > 0
    there = {name for name, wait in zip(key, any_wait, strict=True) if wait}
    return np.array([name in there for name in key], bool) if len(lines) else np.zeros(0, bool)


LAYOUTS = (
    Layout(NAME, "JSON", "json", FIELDS, read),
    Layout(NAME, "CSV", "csv", COLUMNS, read),
)
