"""Small made-up files of the publishers' shape, for the tests of `garita.sources`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

BTS_HEADER = "Port Name,State,Port Code,Border,Date,Measure,Value,Latitude,Longitude,Point"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Count = tuple[str, str, str, int, int, str, int]
"""Port, state, code, year, month, measure, value."""


def months(first: tuple[int, int], number: int) -> list[tuple[int, int]]:
    """(year, month) of so many months."""
    start = 12 * first[0] + first[1] - 1
    return [(at // 12, at % 12 + 1) for at in range(start, start + number)]


def series(port: str, code: str, measure: str, first: tuple[int, int], values: Iterable[int]) -> list[Count]:
    """One count for every month from the first on."""
    listed = list(values)
    return [
        (port, "Texas", code, year, month, measure, value)
        for (year, month), value in zip(months(first, len(listed)), listed, strict=True)
    ]


def bts_csv(counts: Iterable[Count]) -> str:
    """The layout of today."""
    lines = [
        f"{port},{state},{code},US-Mexico Border,{MONTHS[month - 1]} {year},{measure},{value},31.5,-106.2,"
        "POINT (-106.2 31.5)"
        for port, state, code, year, month, measure, value in counts
    ]
    return "\n".join([BTS_HEADER, *lines]) + "\n"


def bts_csv_2019(counts: Iterable[Count]) -> str:
    """The layout of 2019: one column of places, dates with the month first, codes without leading zeros."""
    lines = [
        f"{port},{state},{int(code)},US-Mexico Border,{month:02}/01/{year} 12:00:00 AM,{measure},{value},"
        "POINT (-106.2 31.5)"
        for port, state, code, year, month, measure, value in counts
    ]
    return "\n".join(["Port Name,State,Port Code,Border,Date,Measure,Value,Location", *lines]) + "\n"


def bts_json(counts: Iterable[Count]) -> str:
    """What the Socrata interface answers: everything but the point is text."""
    return json.dumps(
        [
            {
                "port_name": port, "state": state, "port_code": code, "border": "US-Mexico Border",
                "date": f"{year}-{month:02}-01T00:00:00.000", "measure": measure, "value": str(value),
                "latitude": "31.5", "longitude": "-106.2",
                "point": {"type": "Point", "coordinates": [-106.2, 31.5]},
            }
            for port, state, code, year, month, measure, value in counts
        ],
        indent=1,
    )  # fmt: skip


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """A file of that text or those bytes."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def codes(remarks: Iterable[Any]) -> set[str]:
    """The kinds of remarks there are."""
    return {remark.code for remark in remarks}
