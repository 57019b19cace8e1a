"""BTS Border Crossing Entry Data: monthly counts of entries into the US by port and measure, since 1996.

Published by the Bureau of Transportation Statistics from counts of US Customs and Border Protection (data set
keg4-3bc2), as CSV in a layout of 2019 and a present one, and as JSON by the Socrata interface.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from garita.reference.published import bts_ports
from garita.sources import monthly
from garita.sources.cells import MONTHS, plain
from garita.sources.frame import Column, Frame, build
from garita.sources.layout import Document, Layout, table
from garita.sources.messages import Notes
from garita.sources.repeats import without_duplicates
from garita.sources.table import Table

NAME = "bts"
COLUMNS = (
    Column("Port Name", also=("port_name",)),
    Column("State", also=("state",), needed=False),
    Column("Port Code", also=("port_code",)),
    Column("Border", also=("border",), needed=False),
    Column("Date", "month", also=("date",)),
    Column("Measure", also=("measure",)),
    Column("Value", "count", also=("value",)),
    Column("Latitude", "number", also=("latitude",), needed=False, low=-90, high=90),
    Column("Longitude", "number", also=("longitude",), needed=False, low=-180, high=180),
    Column("Point", also=("point", "Location"), needed=False),
)
MEASURES = (
    "Personal Vehicles", "Personal Vehicle Passengers", "Pedestrians", "Buses", "Bus Passengers", "Trucks",
    "Truck Containers Loaded", "Truck Containers Empty", "Trains", "Train Passengers",
    "Rail Containers Loaded", "Rail Containers Empty",
)  # fmt: skip
FORMER = {
    "Truck Containers Full": "Truck Containers Loaded",
    "Rail Containers Full": "Rail Containers Loaded",
}
"""Measures that had another name in the layout of 2019."""

CARRIED_BY = {
    "Personal Vehicles": ("Personal Vehicle Passengers",),
    "Buses": ("Bus Passengers",),
    "Trucks": ("Truck Containers Loaded", "Truck Containers Empty"),
}
"""What cannot be zero while the other is not: nobody drives without a driver, no truck is without box or
trailer ...
"""

SOCRATA_PAGE = 1_000
"""Entries that the Socrata interface gives when no number is asked for."""

ENOUGH = 10
"""... unless there are only a few, for a bus may go empty and a tractor alone."""

EL_PASO, YSLETA = "2402", "2401"
YSLETA_FROM = np.datetime64("2020-03", "M")


def read(document: Document) -> Table:
    """Columns of the present layout, one row per port, month and measure. ``Date`` is a month, ``Value`` a
    count.

    Left out: what cannot be read, and rows that stand twice. Marked: ``conflict`` (two values for the same
    month), ``placeholder-zero`` (passengers without vehicles and the like), ``carried``, ``outlier`` and
    ``with-ysleta``. Raises DataError if nothing can be used.
    """
    notes = document.notes
    frame = build(document.rows, COLUMNS, notes)
    _standardise(frame, notes)
    if document.form == "json" and len(document.rows.lines) == SOCRATA_PAGE:
        notes.odd("json-page", None, count=f"{SOCRATA_PAGE:,}")
    keys = ("Port Code", "Date", "Measure")
    frame = without_duplicates(frame, keys, ("Value",), _series(frame).name(frame), notes)
    _mark_placeholders(frame, notes)
    monthly.check(frame, _series(frame), notes)
    _mark_ysleta(frame, notes)
    kind = "Socrata JSON" if document.form == "json" else _csv_layout(document.rows.header)
    return table((NAME, kind), frame, notes, spellings={"Date": spell_month})


def _csv_layout(header: list[str]) -> str:
    return "CSV of 2019" if any(plain(name) == "location" for name in header) else "CSV"


def spell_month(month: Any) -> str:
    """``Jan 2024``, as the publisher writes months today."""
    year, number = str(np.datetime64(month, "M")).split("-")
    return f"{MONTHS[int(number) - 1].capitalize()} {year}"


def _series(frame: Frame) -> monthly.Series:
    ports, codes = frame["Port Name"], frame["Port Code"]
    return monthly.Series(
        "Port Code", ("Measure",), "Date", "Value", lambda row: f"{ports[row]} ({codes[row]})"
    )


def _standardise(frame: Frame, notes: Notes) -> None:
    """Codes with four digits, today's names of measures; what is in no list is noted once."""
    codes = {code: code.zfill(4) for code in set(frame["Port Code"].tolist())}
    frame.columns["Port Code"] = np.array([codes[code] for code in frame["Port Code"]], object)
    measures = {name: FORMER.get(name, name) for name in set(frame["Measure"].tolist())}
    frame.columns["Measure"] = np.array([measures[name] for name in frame["Measure"]], object)
    first: dict[str, int] = {}
    for row, code in enumerate(frame["Port Code"].tolist()):
        first.setdefault(code, row)
    for code, row in first.items():
        line, name = int(frame.lines[row]), frame["Port Name"][row]
        known = bts_ports().get(code)
        if known is None:
            notes.odd("unknown-port", line, "Port Code", value=f"{code} ({name})")
        elif plain(known["name"]) != plain(name):
            notes.odd("other-name", line, "Port Name", value=code, known=known["name"], name=name)
    for name in set(measures.values()) - set(MEASURES):
        row = int(np.flatnonzero(frame["Measure"] == name)[0])
        notes.odd("unknown-kind", int(frame.lines[row]), "Measure", value=name, name="Measure")


def _mark_placeholders(frame: Frame, notes: Notes) -> None:
    """Mark zeros beside counts that cannot be without them."""
    involved = {name for pair in CARRIED_BY.items() for name in (pair[0], *pair[1])}
    at: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    months = frame["Date"].astype(np.int64).tolist()
    measures, values = frame["Measure"].tolist(), frame["Value"].tolist()
    conflicting = {row for row, flags in frame.flags.items() if "conflict" in flags}
    for row, code in enumerate(frame["Port Code"].tolist()):
        if measures[row] in involved and row not in conflicting:
            at[code, months[row]][measures[row]] = row
    name = _series(frame).name(frame)
    for rows in at.values():
        for carrier, carried in CARRIED_BY.items():
            if carrier not in rows or not set(carried) <= rows.keys():
                continue
            number, load = values[rows[carrier]], sum(values[rows[other]] for other in carried)
            if number >= ENOUGH and load == 0:
                zeros, beside = [rows[other] for other in carried], f"{carrier} {number:,}"
            elif number == 0 and load >= ENOUGH:
                zeros, beside = [rows[carrier]], f"{' and '.join(carried)} {load:,}"
            else:
                continue
            for row in zeros:
                frame.flags[row].add("placeholder-zero")
                reason = f"0 in {frame['Date'][row]} beside {beside}"
                notes.odd("placeholder-zero", int(frame.lines[row]), what=name(row), reason=reason)


def _mark_ysleta(frame: Frame, notes: Notes) -> None:
    before = (frame["Port Code"] == EL_PASO) & (frame["Date"] < YSLETA_FROM)
    for row in np.flatnonzero(before):
        frame.flags[int(row)].add("with-ysleta")
    since = np.isin(frame["Port Code"], (EL_PASO, YSLETA)) & (frame["Date"] >= YSLETA_FROM)
    if before.any() and since.any():
        notes.odd("ysleta", int(frame.lines[np.flatnonzero(before)[0]]))


LAYOUTS = (
    Layout(NAME, "CSV", "csv", COLUMNS, read),
    Layout(NAME, "Socrata JSON", "json", COLUMNS, read),
)
