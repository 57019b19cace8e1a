"""CSV as publishers write it and as it comes back from spreadsheets: header, cells and the line of each row.

A line of the file is a row: none of the data sets has line breaks inside cells, and a lost quotation mark
must not swallow the rest of the file.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from itertools import islice

from garita.errors import shorten
from garita.sources.messages import Notes

LINE_LIMIT = 20_000
"""Characters of a line; the longest of the known files has a few hundred."""

SIGNS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass
class Rows:
    """Cells as text: ``cells[column][row]``, and the line of the file (from 1) that each row stands on.

    `decimal_comma` says that numbers may be written with one: cells are separated by something else.
    """

    header: list[str]
    header_line: int
    cells: list[list[str]] = field(repr=False)
    lines: list[int] = field(repr=False)
    decimal_comma: bool = False


def header(text: str) -> tuple[int, str, list[str]]:
    """The line, separator and names of the heading: the first line that is not empty."""
    for number, line in enumerate(islice(text.split("\n", 50), 50), 1):
        if line.strip(' ,;\t"'):
            heading = line[:LINE_LIMIT]
            sign = max(SIGNS, key=lambda sign: (len(_split(heading, sign) or ()), sign == ","))
            return number, sign, [name.strip() for name in _split(heading, sign) or [heading]]
    return 1, ",", []


def read(text: str, notes: Notes) -> Rows:
    """All rows with as many cells as the heading has names; what is wrong with the others is noted."""
    first, sign, names = header(text)
    if sign != ",":
        notes.odd("delimiter", first, sign=SIGNS[sign])
    rows, lines, wanted = [], [], len(names)
    for number, line in enumerate(text.split("\n"), 1):
        if number <= first or not line:
            continue
        if len(line) > LINE_LIMIT:
            notes.lose("line-too-long", number, length=f"{len(line):,}", limit=f"{LINE_LIMIT:,}")
            continue
        cells = line.split(sign) if '"' not in line else _split(line, sign)
        if cells is None:
            notes.lose("quotes-broken", number)
        elif len(cells) != wanted:
            _wrong_length(cells, number, wanted, notes)
        elif cells[0] == names[0] and cells == names:
            notes.odd("header-again", number)
        else:
            rows.append(cells)
            lines.append(number)
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
    return Rows(names, first, columns, lines, decimal_comma=sign != ",")


def _wrong_length(cells: list[str], number: int, wanted: int, notes: Notes) -> None:
    if any(cell.strip() for cell in cells):
        notes.lose("cells-missing", number, found=len(cells), wanted=wanted, shown=shorten(cells[0]))


def _split(line: str, sign: str) -> list[str] | None:
    """The cells of one line, or None if its quotation marks do not come in pairs."""
    try:
        return next(csv.reader([line], delimiter=sign, strict=True))
    except (csv.Error, StopIteration):
        return None
