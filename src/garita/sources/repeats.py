"""Rows that stand in a file twice: dropped if they say the same, marked if they contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from garita.sources.frame import Frame
from garita.sources.messages import Notes
from garita.sources.table import FEW, spelled

Namer = Callable[[int], str]
"""From a row to its name in a remark: ``Roma (2310), Buses``."""


def without_duplicates(frame: Frame, keys: Sequence[str], values: Sequence[str], name: Namer, notes: Notes,
                       few: bool = False) -> Frame:  # fmt: skip
    """Leave out rows that repeat another with the same `keys`; mark both as "conflict" if one of `values`
    differs.

    With `few`, counts under ten are not told.
    """
    first: dict[Any, int] = {}
    chosen = np.ones(len(frame.lines), bool)
    for row, key in enumerate(zip(*(_comparable(frame[key]) for key in keys), strict=True)):
        earlier = first.setdefault(key, row)
        if earlier == row:
            continue
        line, other = int(frame.lines[row]), int(frame.lines[earlier])
        differs = [value for value in values if not _same(frame[value][row], frame[value][earlier])]
        if not differs:
            chosen[row] = False
            notes.odd("duplicate-row", line, first=other)
            continue
        frame.flags[row].add("conflict")
        frame.flags[earlier].add("conflict")
        shown = {"value": told(frame[differs[0]][row], few), "other": told(frame[differs[0]][earlier], few)}
        notes.odd("conflict", line, what=name(row), first=other, **shown)
    return frame.keep(chosen)


def told(value: Any, few: bool = False) -> str:
    """A value in a remark: with commas between thousands; under ten as ``<10`` where counts are of few
    people.
    """
    if few and not value >= FEW:
        return f"<{FEW}"
    if value != value:
        return "nothing"
    return f"{int(value):,}" if value == int(value) else spelled(float(value))


def _comparable(values: Any) -> list[Any]:
    """As a list in which missing numbers are equal to one another."""
    return list((np.nan_to_num(values, nan=-1.0) if values.dtype.kind == "f" else values).tolist())


def _same(one: Any, other: Any) -> bool:
    return bool(one == other or (one != one and other != other))
