"""Encounters of people on the move: by month, component or area (CBP), and by month and sector (US Border
Patrol).

US Customs and Border Protection publishes monthly counts at and between ports by citizenship and kind; the
Office of Homeland Security Statistics those of the Border Patrol by sector, rounded to tens. They are
counts of events, not of persons. Counts under ten are told as "<10" wherever they are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from garita.sources import cells
from garita.sources.frame import Column, Frame, build
from garita.sources.layout import Document, Layout, table
from garita.sources.messages import Notes
from garita.sources.monthly import Series, check_gaps
from garita.sources.repeats import without_duplicates
from garita.sources.table import Table, Values

CBP, SECTORS = "cbp-encounters", "usbp-sectors"
COUNT = "Encounter Count"
CBP_COLUMNS = (
    Column("Fiscal Year"),
    Column("Month Grouping", needed=False),
    Column("Month (abbv)", "month-of-year"),
    Column("Component"),
    Column("Land Border Region", needed=False),
    Column("Area of Responsibility", needed=False),
    Column("AOR (Abbv)", needed=False),
    Column("Demographic", needed=False),
    Column("Citizenship Grouping", also=("Citizenship",), needed=False),
    Column("Title of Authority", needed=False),
    Column("Encounter Type", needed=False),
    Column(COUNT, "few"),
)
SECTOR_COLUMNS = (
    Column("month", "month"),
    Column("fiscal_year", "count", needed=False, low=1990, high=2100, words="a year"),
    Column("sector"),
    Column("encounters", "few"),
)
USBP_SECTORS = frozenset(
    {
        "Big Bend, TX", "Blaine, WA", "Buffalo, NY", "Del Rio, TX", "Detroit, MI", "El Centro, CA",
        "El Paso, TX", "Grand Forks, ND", "Havre, MT", "Houlton, ME", "Laredo, TX", "Livermore, CA",
        "Miami, FL", "New Orleans, LA", "Ramey, PR", "Rio Grande Valley, TX", "San Diego, CA", "Spokane, WA",
        "Swanton, VT", "Tucson, AZ", "Yuma, AZ",
    }
)  # fmt: skip
"""Sectors since October 1999; Livermore has rows until December 2004."""

ROUNDED_FROM = 50
"""Rows from which on it is said that all counts are multiples of ten."""


def read_cbp(document: Document) -> Table:
    """The publisher's columns. ``Month (abbv)`` is 1 to 12 of the *fiscal* year, which begins in October
    before.

    Columns of an area are there if the file has them. Raises DataError.
    """
    notes = document.notes
    header = {cells.plain(name) for name in document.rows.header}
    columns = [
        column
        for column in CBP_COLUMNS
        if column.needed or any(cells.plain(name) in header for name in (column.name, *column.also))
    ]
    frame = build(document.rows, columns, notes)
    keys = [name for name in frame.columns if name != COUNT]
    frame = without_duplicates(frame, keys, (COUNT,), lambda _: "this kind of encounter", notes, few=True)
    frame.columns["month"] = calendar_month(frame["Fiscal Year"], frame["Month (abbv)"])
    _check_years(frame, notes)
    check_gaps(frame, _series(frame, "Component", COUNT), notes)
    del frame.columns["month"]
    return table((CBP, "CSV"), frame, notes, spellings={"Month (abbv)": _month_abbv}, few=(COUNT,))


def read_sectors(document: Document) -> Table:
    """Columns ``month`` (calendar), ``fiscal_year``, ``sector``, ``encounters``. Raises DataError."""
    notes = document.notes
    frame = build(document.rows, SECTOR_COLUMNS, notes)
    name = _series(frame, "sector", "encounters").label
    frame = without_duplicates(frame, ("month", "sector"), ("encounters",), name, notes, few=True)
    check_gaps(frame, _series(frame, "sector", "encounters"), notes)
    _check_fiscal_years(frame, notes)
    for sector in sorted(set(frame["sector"].tolist()) - USBP_SECTORS):
        row = int(np.flatnonzero(frame["sector"] == sector)[0])
        notes.odd("unknown-kind", int(frame.lines[row]), "sector", value=sector, name="sector")
    if len(frame.lines) >= ROUNDED_FROM and not np.nan_to_num(frame["encounters"] % 10).any():
        notes.odd("rounded", None, "encounters")
    return table((SECTORS, "CSV"), frame, notes, few=("encounters",))


def calendar_month(fiscal_years: Values, months: Values) -> Values:
    """datetime64[M] of fiscal years (``2025 (FYTD)``) and months 1 to 12; 1970-01 where no year is said."""
    years = np.array([_year(text) or 1970 for text in fiscal_years])
    return (12 * (years - (months >= 10) - 1970) + months - 1).astype("datetime64[M]")


def _year(text: str) -> int | None:
    number = cells.whole(text.split("(")[0])
    return number if number is not None and 1990 <= number <= 2100 else None


def _check_years(frame: Frame, notes: Notes) -> None:
    for value in sorted(set(frame["Fiscal Year"].tolist())):
        if _year(value) is None:
            row = int(np.flatnonzero(frame["Fiscal Year"] == value)[0])
            wanted, done = "a fiscal year", "The lines were kept."
            notes.odd("bad-cell", int(frame.lines[row]), "Fiscal Year", value=value, wanted=wanted, done=done)


def _check_fiscal_years(frame: Frame, notes: Notes) -> None:
    if "fiscal_year" not in frame.columns:
        return
    at = frame["month"].astype(np.int64)
    right = 1970 + at // 12 + (at % 12 >= 9)
    for row in np.flatnonzero(right != frame["fiscal_year"]):
        told = {"right": int(right[row]), "value": int(frame["fiscal_year"][row])}
        notes.odd("fiscal-year", int(frame.lines[row]), "fiscal_year", month=str(frame["month"][row]), **told)


def _month_abbv(month: Any) -> str:
    return cells.MONTHS[int(month) - 1].upper()


def _series(frame: Frame, place: str, value: str) -> Series:
    return Series(place, (), "month", value, lambda row: str(frame[place][row]))


LAYOUTS: Sequence[Layout] = (
    Layout(CBP, "CSV", "csv", CBP_COLUMNS, read_cbp),
    Layout(SECTORS, "CSV", "csv", SECTOR_COLUMNS, read_sectors),
)
