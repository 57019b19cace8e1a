"""Dates with strokes: whether the day or the month comes first, decided for a whole column."""

from __future__ import annotations

import re
from calendar import monthrange

from garita.sources.csv_text import Rows
from garita.sources.frame import Column, place_of
from garita.sources.messages import Notes

_STROKES = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(\s.*)?")
_MOMENT = re.compile(r"\s*(\d{4}-\d{1,2}-\d{1,2})[T ]\d{2}:\d{2}.*")


def _longest(month: int) -> int:
    """Days of a month at most; 0 for what is none."""
    return monthrange(2000, month)[1] if 1 <= month <= 12 else 0


def in_one_order(rows: Rows, column: Column, notes: Notes) -> None:
    """Write the dates of a column as in ISO 8601, in place; times of day are left out.

    The day comes first (``25/11/2018``) if any date of the column says so, else the month, and where no date
    tells them apart it is noted.
    """
    at = place_of(rows, column)
    if at is None:
        return
    texts = rows.cells[at]
    found = {text: _STROKES.fullmatch(text) for text in dict.fromkeys(texts)}
    firsts = [int(each[1]) for each in found.values() if each]
    seconds = [int(each[2]) for each in found.values() if each]
    day_first = any(first > 12 for first in firsts)
    if firsts and not day_first and all(second <= 12 for second in seconds):
        notes.odd("day-or-month", rows.header_line, column.name)
    known: dict[str, str] = {}
    for text, each in found.items():
        known[text] = text
        if each:
            day, month = (each[1], each[2]) if day_first else (each[2], each[1])
            if int(each[1]) <= 12 or int(day) <= _longest(int(month)):
                known[text] = f"{each[3]}-{int(month):02}-{int(day):02}"  # else it is refused as it stands
        elif moment := _MOMENT.fullmatch(text):
            known[text] = moment[1]
    rows.cells[at] = [known[text] for text in texts]
