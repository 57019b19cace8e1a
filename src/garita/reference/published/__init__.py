"""Codes and names under which publishers list ports and crossings."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def bts_ports() -> dict[str, dict[str, str]]:
    """Ports of entry by their four-digit code: columns code, name, state, border, status and source."""
    return {row["code"]: row for row in _rows("bts_ports.csv")}


@cache
def cbp_crossings() -> dict[str, dict[str, str]]:
    """Crossings of the border wait time feed by their six-digit number.

    Columns port_number, bwt_id (which the feed's graphs and averages are asked by), border, port_name,
    crossing_name, bts_code (empty if unknown), status and source.
    """
    return {row["port_number"]: row for row in _rows("cbp_crossings.csv")}


@cache
def texas_bridges() -> dict[str, dict[str, str]]:
    """Texas bridges by their name: columns name, port, region, status and source."""
    return {row["name"]: row for row in _rows("texas_bridges.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
