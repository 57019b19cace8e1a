"""What is odd in series of monthly counts: a month twice, months that are missing, values that repeat or
jump.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import groupby, pairwise
from typing import Any

import numpy as np

from garita.sources.frame import Frame
from garita.sources.messages import Notes

CARRIED_AT_ONCE = 1_000
"""The same count as the month before is remarkable from here on."""

CARRIED_LATER = 20_000, 25
"""The same count again within so many months is remarkable from here on: of 400 counts of a series that
scatter by
a tenth, two within two years agree by chance once in a few hundred series."""

JUMP = 5.0
"""A month below a fifth, or above five times, of both its neighbours is remarkable ..."""

JUMP_FROM = 1_000
"""... where the greater of them is at least this."""

NOT_SMALL = 100
"""A month without a row between two counts of at least this is not taken for a zero."""

Key = tuple[Any, ...]


def without_duplicates(frame: Frame, keys: Sequence[str], value: str, name: Callable[[int], str],
                       notes: Notes) -> Frame:  # fmt: skip
    """Leave out rows that stand twice; mark those that contradict each other ("conflict"). `name` words a
    row.
    """
    first: dict[Key, int] = {}
    chosen = np.ones(len(frame.lines), bool)
    values = frame[value].tolist()
    for row, key in enumerate(zip(*(frame[key].tolist() for key in keys), strict=True)):
        earlier = first.setdefault(key, row)
        if earlier == row:
            continue
        line, other = int(frame.lines[row]), int(frame.lines[earlier])
        if values[row] == values[earlier]:
            chosen[row] = False
            notes.odd("duplicate-row", line, first=other)
        else:
            frame.flags[row].add("conflict")
            frame.flags[earlier].add("conflict")
            shown = {"value": f"{values[row]:,}", "other": f"{values[earlier]:,}"}
            notes.odd("conflict", line, what=name(row), first=other, **shown)
    return frame.keep(chosen)


def check(frame: Frame, place: str, kinds: Sequence[str], month: str, value: str,
          name: Callable[[int], str], notes: Notes) -> None:  # fmt: skip
    """Mark repeated values and jumps, and note months without a row.

    A series has one `place` (the port) and one value of each of `kinds` (the measure). `month` holds
    datetime64[M], `value` counts.
    """
    months = frame[month].astype("datetime64[M]").astype(np.int64)
    places = frame[place].tolist()
    reported: dict[Any, set[int]] = defaultdict(set)
    series: dict[Key, list[int]] = defaultdict(list)
    conflicting = {row for row, flags in frame.flags.items() if "conflict" in flags}
    for row, key in enumerate(zip(places, *(frame[kind].tolist() for kind in kinds), strict=True)):
        if row not in conflicting:
            series[key].append(row)
        reported[key[0]].add(int(months[row]))
    _note_absent(frame, reported, dict(zip(places, range(len(places)), strict=True)), name, notes)
    for key, unsorted in series.items():
        rows = sorted(unsorted, key=lambda row: months[row])
        at = months[rows]
        gaps = (set(range(at[0], at[-1])) - set(at.tolist())) & reported[key[0]]
        values = frame[value][rows].tolist()
        _note_gaps(frame, rows, at.tolist(), values, gaps, name, notes)
        _mark(frame, rows, at.tolist(), values, name, notes)


def _note_absent(
    frame: Frame,
    reported: dict[Any, set[int]],
    rows: dict[Any, int],
    name: Callable[[int], str],
    notes: Notes,
) -> None:
    for place, months in reported.items():
        gaps = sorted(set(range(min(months), max(months))) - months)
        if gaps:
            row = rows[place]
            what = name(row).rpartition(", ")[0] or name(row)
            notes.odd("months-absent", None, what=what, months=spans(gaps))


def _note_gaps(frame: Frame, rows: list[int], months: list[int], values: list[int], gaps: set[int],
               name: Callable[[int], str], notes: Notes) -> None:  # fmt: skip
    """Note months without a row: those between counts that are not small are no zeros that were left out."""
    small, large = set(gaps), []
    for (month, value), (later, after) in pairwise(zip(months, values, strict=True)):
        within = [gap for gap in range(month + 1, later) if gap in gaps]
        if within and min(value, after) >= NOT_SMALL:
            small -= set(within)
            large.append((within, value, after))
    what, line = name(rows[0]), int(frame.lines[rows[0]])
    for within, before, after in large:
        told = {"before": f"{before:,}", "after": f"{after:,}"}
        notes.odd("months-missing", line, what=what, months=spans(within), **told)
    if small:
        notes.odd("months-unlisted", line, what=what, months=spans(sorted(small)))


def _mark(frame: Frame, rows: list[int], months: list[int], values: list[int], name: Callable[[int], str],
          notes: Notes) -> None:  # fmt: skip
    """Mark rows of one series, in order of time, whose value repeats an earlier one or jumps."""
    level, within = CARRIED_LATER
    seen: dict[int, int] = {}
    for place, (month, value) in enumerate(zip(months, values, strict=True)):
        earlier = seen.get(value)
        if earlier is not None:
            at_once = month - months[earlier] == 1 and value >= CARRIED_AT_ONCE
            if at_once or (value >= level and month - months[earlier] < within):
                frame.flags[rows[place]].add("carried")
                first = int(frame.lines[rows[earlier]])
                line = int(frame.lines[rows[place]])
                notes.odd("carried", line, what=name(rows[place]), value=f"{value:,}", first=first)
        seen[value] = place
        if 0 < place < len(rows) - 1 and months[place + 1] - months[place - 1] == 2:
            before, after = values[place - 1], values[place + 1]
            jumps = value > JUMP * max(before, after) or value * JUMP < min(before, after)
            if jumps and max(before, after, value) >= JUMP_FROM:
                frame.flags[rows[place]].add("outlier")
                told = {"value": f"{value:,}", "before": f"{before:,}", "after": f"{after:,}"}
                notes.odd("outlier", int(frame.lines[rows[place]]), what=name(rows[place]), **told)


def spans(months: Sequence[int], at_most: int = 6) -> str:
    """Months since 1970 in words: ``2019-03 to 2019-05, 2020-01``; of many spans the first ones."""
    found = []
    for _, group in groupby(enumerate(sorted(months)), lambda pair: pair[1] - pair[0]):
        run = [np.datetime64(month, "M") for _, month in group]
        found.append(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}")
    more = f" and {len(found) - at_most} more spans" if len(found) > at_most else ""
    return ", ".join(found[:at_most]) + more
