"""CBP's historical and holiday waits: by month, weekday and hour, or by date and hour near holidays.

US Customs and Border Protection answers them as JSON with one column per kind of lane
(`/api/historicalwaittimes/{crossing}/{POV|PED|COV}/GEN/{month}/7`,
`/api/holidaywaittimes/{crossing}/POV/GEN/{holiday}`) and has given the same to those who asked as
workbooks, which are read once saved as CSV with one row per wait. Which years the averages are of is not
said. They are of the way of measuring since April 2019.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from garita.sources.cells import NAMES, WEEKDAYS
from garita.sources.frame import Column, Frame, build
from garita.sources.layout import Document, Layout, table
from garita.sources.messages import Notes
from garita.sources.repeats import without_duplicates
from garita.sources.table import Table

HISTORICAL, HOLIDAYS = "cbp-historical", "cbp-holidays"
WAITS = (
    "cv_time",
    "xcv_time",
    "pv_time",
    "xpv_time",
    "pv_ready_lanes_time",
    "ped_time",
    "ped_ready_lanes_time",
)
"""Trucks standard and FAST; cars standard, SENTRI or NEXUS, Ready; pedestrians standard and Ready. In
minutes.
"""

WIDE = (
    Column("month", "number", also=("month_number", "bwt_month"), needed=False, low=1, high=12),
    Column("bwt_day", "count", high=6, words="a day from 0 (Monday) to 6 (Sunday)"),
    Column("time_slot", "count", also=("bwt_hour",), high=23, words="an hour from 0 to 23"),
    *(Column(f"{name}_avg", "number", needed=name == "pv_time", high=2880) for name in WAITS),
)
WIDE_HOLIDAYS = (
    Column("holiday_date", "day", needed=False),
    Column("bwt_date", "day"),
    Column("time_slot", "count", high=23, words="an hour from 0 to 23"),
    *(Column(name, "number", needed=name == "pv_time", high=2880) for name in WAITS),
)
LANE = (Column("Port"), Column("Lane"), Column("Sub-Lane"))
LONG = (*LANE, Column("Month", "month-of-year"), Column("Time", "minute"), Column("weekday", "weekday"),
        Column("avg_wait_min", "number", high=2880))  # fmt: skip
LONG_HOLIDAYS = (*LANE, Column("Holiday"), Column("Time", "minute"), Column("date", "day"),
                 Column("wait_min", "number", high=2880))  # fmt: skip

RUN, RUN_FROM = 6, 10
"""So many hours in a row with the same wait, of at least so many minutes, are marked as carried over."""

JUMP, JUMP_FROM = 5.0, 120
"""A wait of at least so many minutes that is so many times those an hour before and after is marked."""


def read_historical(document: Document) -> Table:
    """Average waits in minutes by weekday (``bwt_day`` 0 is Monday) and hour, for each kind of lane.

    The JSON does not say its month, but the address that `garita sources fetch` records does; CSV may. A
    kind of lane that is zero throughout does not exist at the crossing and becomes missing. Raises DataError.
    """
    notes = document.notes
    frame = build(document.rows, WIDE, notes)
    asked = re.search(r"/GEN/(\d{1,2})/", document.address)
    if asked and np.isnan(frame["month"]).all():
        frame.columns["month"] = np.full(len(frame.lines), float(asked[1]))
    _empty_what_is_not_there(frame, [f"{name}_avg" for name in WAITS], notes)
    frame = _once(frame, ("month", "bwt_day", "time_slot"), [f"{name}_avg" for name in WAITS], notes)
    _note_months(frame["month"], notes)
    return table((HISTORICAL, document.form.upper()), frame, notes)


def read_holidays(document: Document) -> Table:
    """Waits in minutes by date (``bwt_date``) and hour near holidays, for each kind of lane. Raises
    DataError.
    """
    notes = document.notes
    frame = build(document.rows, WIDE_HOLIDAYS, notes)
    _empty_what_is_not_there(frame, WAITS, notes)
    frame = _once(frame, ("bwt_date", "time_slot"), WAITS, notes)
    mark_runs(frame, ("bwt_date",), "time_slot", "pv_time", notes)
    return table((HOLIDAYS, document.form.upper()), frame, notes)


def read_long(document: Document) -> Table:
    """Average waits, one row per port, lane, month, weekday and hour. ``Time`` holds minutes after midnight,
    ``Month`` 1 to 12, ``weekday`` 0 (Monday) to 6. Raises DataError."""
    notes = document.notes
    frame = build(document.rows, LONG, notes)
    keys = ("Port", "Lane", "Sub-Lane", "Month", "weekday", "Time")
    frame = _once(frame, keys, ("avg_wait_min",), notes)
    _note_months(frame["Month"], notes)
    spellings = {"Time": spell_time, "Month": _month_name, "weekday": _weekday_name}
    return table((HISTORICAL, "CSV, one row per wait"), frame, notes, spellings=spellings)


def read_long_holidays(document: Document) -> Table:
    """Waits near holidays, one row per port, lane, date and hour; ``Time`` in minutes after midnight.

    Marked: ``carried`` (the same wait for hours) and ``outlier``. Raises DataError.
    """
    notes = document.notes
    frame = build(document.rows, LONG_HOLIDAYS, notes)
    frame = _once(frame, ("Port", "Lane", "Sub-Lane", "date", "Time"), ("wait_min",), notes)
    frame.columns["Time"] = frame["Time"] // 60 * 60
    mark_runs(frame, ("Port", "Lane", "Sub-Lane", "date"), "Time", "wait_min", notes)
    return table((HOLIDAYS, "CSV, one row per wait"), frame, notes, spellings={"Time": spell_time})


def spell_time(minutes: Any) -> str:
    """``Midnight``, ``1:00 AM``, ``Noon``, as the publisher writes hours."""
    hour, minute = divmod(int(minutes), 60)
    if minute == 0 and hour % 12 == 0:
        return "Noon" if hour else "Midnight"
    return f"{(hour - 1) % 12 + 1}:{minute:02} {'PM' if hour >= 12 else 'AM'}"


def _month_name(month: Any) -> str:
    return NAMES[int(month) - 1]


def _weekday_name(day: Any) -> str:
    return WEEKDAYS[int(day)]


def _empty_what_is_not_there(frame: Frame, names: Sequence[str], notes: Notes) -> None:
    """Make columns that are zero in every row missing: such a lane does not exist."""
    for name in names:
        values = frame[name]
        if len(values) and not np.nan_to_num(values).any():
            if not np.isnan(values).all():
                notes.odd("lane-not-there", None, name)
            frame.columns[name] = np.full(len(values), np.nan)


def _note_months(months: Any, notes: Notes) -> None:
    there = {int(month) for month in months[~np.isnan(months.astype(float))]}
    missing = [NAMES[month - 1] for month in range(1, 13) if month not in there]
    if there and missing:
        notes.odd("year-months-absent", months=", ".join(missing))


def _once(frame: Frame, keys: Sequence[str], waits: Sequence[str], notes: Notes) -> Frame:
    return without_duplicates(frame, keys, waits, lambda _: "this hour", notes)


def mark_runs(frame: Frame, keys: Sequence[str], hour: str, wait: str, notes: Notes) -> None:
    """Mark waits of single days that stay the same for hours ("carried") or jump ("outlier").

    `keys` tell the days and lanes apart, `hour` orders their rows.
    """
    days: dict[Any, list[int]] = defaultdict(list)
    for row, key in enumerate(zip(*(frame[key].tolist() for key in keys), strict=True)):
        days[key].append(row)
    values, hours = frame[wait], frame[hour]
    for unsorted in days.values():
        rows = sorted(unsorted, key=lambda row: hours[row])
        start = 0
        for place in range(1, len(rows) + 1):
            if place < len(rows) and values[rows[place]] == values[rows[start]]:
                continue
            if place - start >= RUN and values[rows[start]] >= RUN_FROM:
                for row in rows[start + 1 : place]:
                    frame.flags[row].add("carried")
                told = {"value": f"{values[rows[start]]:g}", "hours": str(place - start)}
                notes.odd("hours-carried", int(frame.lines[rows[start]]), wait, **told)
            start = place
        for before, row, after in zip(rows, rows[1:], rows[2:], strict=False):
            beside = max(values[before], values[after])
            if values[row] >= JUMP_FROM and values[row] > JUMP * beside:
                frame.flags[row].add("outlier")
                told = {"before": f"{values[before]:g}", "after": f"{values[after]:g}"}
                notes.odd("outlier", int(frame.lines[row]), what=wait, value=f"{values[row]:g}", **told)


LAYOUTS = (
    Layout(HISTORICAL, "JSON", "json", WIDE, read_historical),
    Layout(HOLIDAYS, "JSON", "json", WIDE_HOLIDAYS, read_holidays),
    Layout(HISTORICAL, "CSV", "csv", WIDE, read_historical),
    Layout(HOLIDAYS, "CSV", "csv", WIDE_HOLIDAYS, read_holidays),
    Layout(HISTORICAL, "CSV, one row per wait", "csv", LONG, read_long),
    Layout(HOLIDAYS, "CSV, one row per wait", "csv", LONG_HOLIDAYS, read_long_holidays),
)
