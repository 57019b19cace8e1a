"""CSV as publishers write it and as it comes back from spreadsheets: header, cells and the line of each row.

A line of the file is a row: none of the data sets has line breaks inside cells, and a lost quotation mark
must not swallow the rest of the file.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from itertools import islice

from garita.errors import shorten
from garita.reference import hxl
from garita.sources.messages import Notes

LINE_LIMIT = 20_000
"""Characters of a line; the longest of the known files has a few hundred."""

AT_ONCE = 20_000
"""Lines that are split before their cells are put into columns: more would only take memory."""

SIGNS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass
class Rows:
    """Cells as text: ``cells[column][row]``, and the line of the file (from 1) that each row stands on.

    `decimal_comma` says that numbers may be written with one: cells are separated by something else.
    `hashtags` are those of a row of HXL tags below the heading, if there is one.
    """

    header: list[str]
    header_line: int
    cells: list[list[str]] = field(repr=False)
    lines: list[int] = field(repr=False)
    decimal_comma: bool = False
    hashtags: list[str] = field(default_factory=list)


def header(text: str) -> tuple[int, str, list[str]]:
    """The line, separator and names of the heading: the first line that is not empty."""
    for number, line in enumerate(islice(text.split("\n", 50), 50), 1):
        if line.strip(' ,;\t"'):
            heading = line[:LINE_LIMIT]
            sign = max(SIGNS, key=lambda sign: (len(_split(heading, sign) or ()), sign == ","))
            return number, sign, [name.strip() for name in _split(heading, sign) or [heading]]
    return 1, ",", []


def hashtags(text: str) -> tuple[int, list[str]]:
    """The line of a row of HXL hashtags below the heading, and its cells; 0 and none if there is none."""
    first, sign, _ = header(text)
    for number, line in enumerate(islice(text.split("\n", first + 50), first, first + 50), first + 1):
        cells = _split(line[:LINE_LIMIT], sign) or []
        if any(cell.strip() for cell in cells):
            return (number, [cell.strip() for cell in cells]) if hxl.is_row(cells) else (0, [])
    return 0, []


def read(text: str, notes: Notes) -> Rows:
    """All rows with as many cells as the heading has names; what is wrong with the others is noted."""
    first, sign, names = header(text)
    if sign != ",":
        notes.odd("delimiter", first, sign=SIGNS[sign])
    lines = text.split("\n")
    found = Rows(names, first, [[] for _ in names], [], decimal_comma=sign != ",")
    tagged, found.hashtags = hashtags(text)
    known: dict[str, str] = {}  # one object for equal cells: most stand there many times
    for start in range(first, len(lines), AT_ONCE):
        rows = _split_all(lines[start : start + AT_ONCE], start + 1, sign, notes)
        good = [
            place
            for place, row in enumerate(rows)
            if len(row) == len(names) and row != names and start + 1 + place != tagged
        ]
        for place in set(range(len(rows))) - set(good) - {tagged - start - 1}:
            _note_wrong(rows[place], start + 1 + place, names, notes)
        found.lines += [start + 1 + place for place in good]
        for column, cells in zip(
            found.cells, zip(*(rows[place] for place in good), strict=True), strict=False
        ):
            column += [known.setdefault(cell, cell) for cell in cells]
    return found


def _split_all(lines: list[str], number: int, sign: str, notes: Notes) -> list[list[str]]:
    """The cells of lines, of which the first has that number; of one that cannot be read none."""
    if any('"' in line or len(line) > LINE_LIMIT for line in lines):
        return [_read_line(line, at, sign, notes) for at, line in enumerate(lines, number)]
    return list(csv.reader(lines, delimiter=sign, quoting=csv.QUOTE_NONE))


def _read_line(line: str, number: int, sign: str, notes: Notes) -> list[str]:
    """The cells of one line; none if it cannot be read."""
    if len(line) > LINE_LIMIT:
        notes.lose("line-too-long", number, length=f"{len(line):,}", limit=f"{LINE_LIMIT:,}")
        return []
    cells = line.split(sign) if '"' not in line else _split(line, sign)
    if cells is None:
        notes.lose("quotes-broken", number)
    return cells or []


def _note_wrong(cells: list[str], number: int, names: list[str], notes: Notes) -> None:
    if cells == names:
        notes.odd("header-again", number)
    elif any(cell.strip() for cell in cells):
        notes.lose("cells-missing", number, found=len(cells), wanted=len(names), shown=shorten(cells[0]))


def _split(line: str, sign: str) -> list[str] | None:
    """The cells of one line, or None if its quotation marks do not come in pairs."""
    try:
        return next(csv.reader([line], delimiter=sign, strict=True))
    except (csv.Error, StopIteration):
        return None
