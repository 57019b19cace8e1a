"""Texas bridges: monthly northbound counts of each international bridge since 2008.

Compiled by the Texas Department of Transportation from counts of CBP, made a table by the University of
North Texas. BTS has the same counts by port only.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from garita.reference.published import texas_bridges
from garita.sources import monthly
from garita.sources.frame import Column, Frame, build
from garita.sources.layout import Document, Layout, table
from garita.sources.messages import Notes
from garita.sources.repeats import without_duplicates
from garita.sources.table import Table, Values

NAME = "texas-bridges"
VALUE = "Northbound Crossing"
MODES = ("Buses", "Commercial Trucks", "Passenger Vehicles", "Pedestrians/ Bicyclists", "Railcars")
COLUMNS = (
    Column("ID", needed=False),
    Column("Year", "count", low=1970, high=2100, words="a year"),
    Column("Month", "month-of-year"),
    Column("Region", needed=False),
    Column("POE"),
    Column("Crossing"),
    Column("Modes"),
    Column(VALUE, "count"),
)
MONTH = "month"


def read(document: Document) -> Table:
    """The publisher's columns, one row per bridge, month and mode (``Modes``).

    Marked: ``placeholder-zero`` (a mode that is zero at the bridge in every month), ``conflict``,
    ``carried``, ``outlier``. Raises DataError.
    """
    notes = document.notes
    frame = build(document.rows, COLUMNS, notes)
    keys = ("Year", "Month", "Crossing", "Modes")
    frame = without_duplicates(frame, keys, (VALUE,), _series(frame).name(frame), notes)
    for name in sorted(set(frame["Modes"].tolist()) - set(MODES)):
        row = int(np.flatnonzero(frame["Modes"] == name)[0])
        notes.odd("unknown-kind", int(frame.lines[row]), "Modes", value=name, name="Modes")
    for name in sorted(set(frame["Crossing"].tolist()) - texas_bridges().keys()):
        row = int(np.flatnonzero(frame["Crossing"] == name)[0])
        notes.odd("unknown-port", int(frame.lines[row]), "Crossing", value=name)
    _mark_never_counted(frame, notes)
    frame.columns[MONTH] = month_of(frame["Year"], frame["Month"])
    _check_ids(frame, notes)
    monthly.check(frame, _series(frame), notes)
    del frame.columns[MONTH]
    return table((NAME, "CSV"), frame, notes)


def month_of(years: Values, months: Values) -> Values:
    """datetime64[M] of calendar years and months (1 to 12)."""
    return (12 * (years - 1970) + months - 1).astype("datetime64[M]")


def _series(frame: Frame) -> monthly.Series:
    return monthly.Series("Crossing", ("Modes",), MONTH, VALUE, lambda row: str(frame["Crossing"][row]))


def _mark_never_counted(frame: Frame, notes: Notes) -> None:
    series: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, key in enumerate(zip(frame["Crossing"].tolist(), frame["Modes"].tolist(), strict=True)):
        series[key].append(row)
    for (crossing, mode), rows in series.items():
        if not frame[VALUE][rows].any():
            for row in rows:
                frame.flags[row].add("placeholder-zero")
            notes.odd("never-counted", int(frame.lines[rows[0]]), what=f"{crossing}, {mode}")


def _check_ids(frame: Frame, notes: Notes) -> None:
    """An id begins with year and month."""
    for row, (id_, month) in enumerate(zip(frame["ID"].tolist(), frame[MONTH], strict=True)):
        if id_ and not id_.startswith(f"{month}-"):
            notes.odd("id-differs", int(frame.lines[row]), "ID", id=id_, month=str(month))


LAYOUTS = (Layout(NAME, "CSV", "csv", COLUMNS, read),)
