"""BTS TransBorder Freight: value and weight of US trade with Canada and Mexico by mode, month, port or
commodity.

The Bureau of Transportation Statistics publishes three raw tables a month (DOT1: state and port, DOT2:
state and commodity, DOT3: port and commodity); two yearly and monthly sums made of them are read too.
Values are US dollars, weights kilograms in the raw tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from garita.reference.published import bts_ports
from garita.sources.frame import Column, Frame, build
from garita.sources.layout import Document, Layout, table
from garita.sources.messages import Notes
from garita.sources.monthly import Series, check_gaps
from garita.sources.repeats import without_duplicates
from garita.sources.table import Table
from garita.sources.texas_bridges import month_of

NAME = "transborder"
CODES = {
    "TRDTYPE": {"1": "exports", "2": "imports"},
    "DISAGMOT": {"1": "vessel", "3": "air", "4": "mail", "5": "truck", "6": "rail", "7": "pipeline",
                 "8": "other", "9": "foreign trade zones"},
    "COUNTRY": {"1220": "Canada", "2010": "Mexico"},
    "DF": {"1": "domestic", "2": "foreign"},
}  # fmt: skip
"""The publisher's codes: direction of trade, mode, country and origin of the goods."""

EXPORTS = "1"
WEIGHED = ("1", "3")
"""Modes whose exports are weighed: vessel and air."""

RAW = (
    Column("TRDTYPE"),
    Column("USASTATE", needed=False),
    Column("DEPE", needed=False),
    Column("COMMODITY2", needed=False),
    Column("DISAGMOT"),
    Column("MEXSTATE", needed=False),
    Column("CANPROV", needed=False),
    Column("COUNTRY"),
    Column("VALUE", "count"),
    Column("SHIPWT", "number", needed=False),
    Column("FREIGHT_CHARGES", "number", needed=False),
    Column("DF", needed=False),
    Column("CONTCODE", needed=False),
    Column("MONTH", "month-of-year"),
    Column("YEAR", "count", low=1990, high=2100, words="a year"),
)
TRADE = (Column("Mode"), Column("TradeType"), Column("TradeValue", "number"))
MONTHLY = (Column("Year", "count", low=1990, high=2100, words="a year"), Column("Month", "month-of-year"),
           Column("Country"), *TRADE, Column("Weight", "number", needed=False),
           Column("WeightLb", "number", needed=False))  # fmt: skip
PORTS = (Column("Year", "count", low=1990, high=2100, words="a year"), Column("PortCode"), Column("Port"),
         *TRADE, Column("Weight", "number", needed=False), Column("FreightCharges", "number", needed=False),
         Column("Region", needed=False), Column("Lat", "number", needed=False, low=-90, high=90),
         Column("Lon", "number", needed=False, low=-180, high=180),
         Column("WeightLb", "number", needed=False))  # fmt: skip


def read_raw(document: Document) -> Table:
    """The publisher's columns of DOT1, DOT2 or DOT3; which of the three, the layout says. Codes: `CODES`.

    ``VALUE`` in US dollars, ``SHIPWT`` in kilograms; the weight of exports by land, which is not recorded,
    is missing instead of zero. Raises DataError.
    """
    notes = document.notes
    columns = [column for column in RAW if column.needed or column.name in document.rows.header]
    frame = build(document.rows, columns, notes)
    keys = [name for name in frame.columns if name not in ("VALUE", "SHIPWT", "FREIGHT_CHARGES")]
    values = [name for name in frame.columns if name not in keys]
    frame = without_duplicates(frame, keys, values, lambda _: "this entry", notes)
    for name, codes in CODES.items():
        if name in frame.columns:
            _note_unknown(frame, name, codes, notes)
    _empty_weights(frame, notes)
    which = {("DEPE", "USASTATE"): 1, ("COMMODITY2", "USASTATE"): 2, ("COMMODITY2", "DEPE"): 3}
    there = tuple(name for name in ("COMMODITY2", "DEPE", "USASTATE") if name in frame.columns)
    layout = f"DOT{which[there]}" if there in which else "raw"
    return table((NAME, layout), frame, notes, spellings={"MONTH": _two_digits})


def read_monthly(document: Document) -> Table:
    """Sums by month, country, mode and direction of trade; ``TradeValue`` in US dollars. Raises DataError."""
    notes = document.notes
    frame = build(document.rows, MONTHLY, notes)
    keys = ("Year", "Month", "Country", "Mode", "TradeType")
    values = ("TradeValue", "Weight")
    frame = without_duplicates(frame, keys, values, _series(frame, "Country").name(frame), notes)
    frame.columns["month"] = month_of(frame["Year"], frame["Month"])
    check_gaps(frame, _series(frame, "Country"), notes)
    del frame.columns["month"]
    return table((NAME, "sums by month"), frame, notes)


def read_ports(document: Document) -> Table:
    """Sums by year, port, mode and direction of trade; the last year may be incomplete. Raises DataError."""
    notes = document.notes
    frame = build(document.rows, PORTS, notes)
    keys = ("Year", "PortCode", "Mode", "TradeType")
    frame = without_duplicates(
        frame, keys, ("TradeValue", "Weight"), _series(frame, "Port").name(frame), notes
    )
    codes = {code: code.zfill(4) for code in set(frame["PortCode"].tolist())}
    frame.columns["PortCode"] = np.array([codes[code] for code in frame["PortCode"]], object)
    for code in sorted(set(frame["PortCode"].tolist()) - bts_ports().keys()):
        row = int(np.flatnonzero(frame["PortCode"] == code)[0])
        notes.odd("unknown-port", int(frame.lines[row]), "PortCode", value=f"{code} ({frame['Port'][row]})")
    return table((NAME, "sums by year and port"), frame, notes)


def _series(frame: Frame, place: str) -> Series:
    kinds = ("Mode", "TradeType")
    return Series(place, kinds, "month", "TradeValue", lambda row: str(frame[place][row]))


def _two_digits(value: Any) -> str:
    return f"{int(value):02}"


def _note_unknown(frame: Frame, name: str, known: dict[str, str], notes: Notes) -> None:
    for code in sorted(set(frame[name].tolist()) - known.keys() - {""}):
        row = int(np.flatnonzero(frame[name] == code)[0])
        notes.odd("unknown-kind", int(frame.lines[row]), name, value=code, name=name)


def _empty_weights(frame: Frame, notes: Notes) -> None:
    """Weights of zero of exports that are not weighed become missing."""
    if "SHIPWT" not in frame.columns:
        return
    unweighed = (frame["TRDTYPE"] == EXPORTS) & ~np.isin(frame["DISAGMOT"], WEIGHED)
    zero = unweighed & (frame["SHIPWT"] == 0) & (frame["VALUE"] > 0)
    if zero.any():
        line = int(frame.lines[np.flatnonzero(zero)[0]])
        notes.odd("weight-not-recorded", line, "SHIPWT", count=f"{zero.sum():,}")
        frame.columns["SHIPWT"] = np.where(zero, np.nan, frame["SHIPWT"])


LAYOUTS: Sequence[Layout] = (
    Layout(NAME, "raw", "csv", RAW, read_raw),
    Layout(NAME, "sums by year and port", "csv", PORTS, read_ports),
    Layout(NAME, "sums by month", "csv", MONTHLY, read_monthly),
)
