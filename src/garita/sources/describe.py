"""A table in a few words: what was understood of each column, and what was odd."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from garita.errors import Problem, shorten
from garita.sources.table import FEW, FLAG, Table, spelled

EXAMPLES = 3
"""Values of a column of text, and remarks of a kind, that are shown."""


class Understood(NamedTuple):
    """One column: what kind of values it holds, how many are there, and from what to what they go."""

    column: str
    kind: str
    there: int
    values: str


KINDS = {"O": "text", "i": "whole number", "f": "number", "M": "date"}


def columns(table: Table) -> list[Understood]:
    """What every column holds."""
    return [_column(table, name) for name in table.columns]


def _column(table: Table, name: str) -> Understood:
    values = table[name]
    kind = KINDS[values.dtype.kind]
    if kind == "text":
        there = values[values != ""]
        different = list(dict.fromkeys(there.tolist()))
        shown = ", ".join(shorten(value, 30) for value in different[:EXAMPLES])
        told = shown if len(different) <= EXAMPLES else f"{len(different):,} different: {shown}, …"
        return Understood(name, kind, len(there), told)
    there = (
        values[~np.isnan(values)]
        if kind == "number" and (name not in table.few or name in table.gaps)
        else values
    )
    if not len(there):
        return Understood(name, kind, 0, "")
    low, high = there.min(), there.max()
    if kind == "date":
        return Understood(name, kind, len(there), f"{low} to {high}")
    if name in table.few:
        known = np.nan_to_num(there, nan=0.0)
        least, most = (f"<{FEW}" if end < FEW else spelled(end) for end in (known.min(), known.max()))
        return Understood(name, kind, len(there), f"{least} to {most}")
    return Understood(name, kind, len(there), f"{spelled(low)} to {spelled(high)}")


def sheet(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str]
) -> list[str]:
    """A table as lines: a title, columns as wide as their cells, and notes."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    lines = [
        "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True))
        for row in (headings, *rows)
    ]
    return [title, *(f"  {line}".rstrip() for line in lines), *(f"  {note}" for note in notes), ""]


def head(table: Table, number: int) -> list[str]:
    """The first rows as lines, in the publisher's spelling, with their flags."""
    if not number:
        return []
    rows = [
        [*(shorten(table.shown(name, row), 30) for name in table.columns), table.flags[row]]
        for row in range(min(number, len(table)))
    ]
    return sheet("", [*table.columns, FLAG], rows, ())


def oddities(remarks: Iterable[Problem], all_of_them: bool = False) -> list[str]:
    """The remarks, kind by kind: some of each, and how many more there are; or all."""
    lines = []
    for _, group in groupby(remarks, lambda remark: (remark.severity, remark.code)):
        alike = list(group)
        shown = alike if all_of_them else alike[:EXAMPLES]
        lines += [str(remark) for remark in shown]
        if len(alike) > len(shown):
            lines.append(f"  ... and {len(alike) - len(shown):,} more like this (--all shows them)")
    return lines
