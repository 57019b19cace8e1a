"""What is odd in series of monthly counts: months that are missing, values that repeat or jump."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

import numpy as np

from garita.sources.frame import Frame
from garita.sources.messages import Notes
from garita.sources.repeats import Namer

CARRIED_AT_ONCE = 1_000
"""The same count as the month before is remarkable from here on."""

CARRIED_LATER = 20_000, 25
"""The same count again within so many months is remarkable from here on: of 400 counts of a series that
scatter
by a tenth, two within two years agree by chance once in a few series."""

JUMP = 5.0
"""A month below a fifth, or above five times, of both its neighbours is remarkable ..."""

JUMP_FROM = 1_000
"""... where the greatest of them is at least this."""

NOT_SMALL = 100
"""A month without a row between two counts of at least this is not taken for a zero."""


@dataclass(frozen=True)
class Series:
    """Which columns make a series: one `place` (the port) and one value of each of `kinds` (the measure).

    `month` holds datetime64[M], `value` numbers. `label` names the place of a row.
    """

    place: str
    kinds: tuple[str, ...]
    month: str
    value: str
    label: Namer

    def name(self, frame: Frame) -> Namer:
        """Names the series of a row: ``Roma (2310), Buses``."""
        return lambda row: ", ".join([self.label(row), *(str(frame[kind][row]) for kind in self.kinds)])


@dataclass(frozen=True)
class _Line:
    """One series in order of time: rows, months since 1970, values."""

    name: str
    rows: list[int]
    months: list[int]
    values: list[float]


def check(frame: Frame, series: Series, notes: Notes) -> None:
    """Note months without a row, and mark counts that come again ("carried") or jump ("outlier")."""
    lines = list(_lines(frame, series))
    _check_gaps(frame, series, lines, notes)
    for _, line in lines:
        _mark_carried(frame, line, notes)
        _mark_jumps(frame, line, notes)


def check_gaps(frame: Frame, series: Series, notes: Notes) -> None:
    """Note the months for which a place has no row at all, and those that single series leave out."""
    _check_gaps(frame, series, list(_lines(frame, series)), notes)


def _check_gaps(frame: Frame, series: Series, lines: list[tuple[Any, _Line]], notes: Notes) -> None:
    reported = _reported(frame, series)
    _note_absent(frame, series, reported, notes)
    for place, line in lines:
        gaps = (set(range(line.months[0], line.months[-1])) - set(line.months)) & reported[place]
        if gaps and any(line.values):
            _note_gaps(frame, line, gaps, notes)


def _reported(frame: Frame, series: Series) -> dict[Any, set[int]]:
    """The months in which a place has any row."""
    months = frame[series.month].astype("datetime64[M]").astype(np.int64).tolist()
    reported: dict[Any, set[int]] = defaultdict(set)
    for place, month in zip(frame[series.place].tolist(), months, strict=True):
        reported[place].add(month)
    return reported


def _lines(frame: Frame, series: Series) -> Iterator[tuple[Any, _Line]]:
    """Place and line of every series; rows that contradict others are left aside."""
    months = frame[series.month].astype("datetime64[M]").astype(np.int64)
    conflicting = {row for row, flags in frame.flags.items() if "conflict" in flags}
    keys = zip(*(frame[column].tolist() for column in (series.place, *series.kinds)), strict=True)
    found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        if row not in conflicting:
            found[key].append(row)
    name = series.name(frame)
    for key, rows in found.items():
        rows.sort(key=months.__getitem__)
        yield key[0], _Line(name(rows[0]), rows, months[rows].tolist(), frame[series.value][rows].tolist())


def _note_absent(frame: Frame, series: Series, reported: dict[Any, set[int]], notes: Notes) -> None:
    row_of = {place: row for row, place in enumerate(frame[series.place].tolist())}
    for place, months in reported.items():
        gaps = sorted(set(range(min(months), max(months))) - months)
        if gaps:
            notes.odd("months-absent", None, what=series.label(row_of[place]), months=spans(gaps))


def _note_gaps(frame: Frame, line: _Line, gaps: set[int], notes: Notes) -> None:
    """Months between counts that are not small are no zeros that were left out."""
    small, at = set(gaps), int(frame.lines[line.rows[0]])
    for (month, value), (later, after) in pairwise(zip(line.months, line.values, strict=True)):
        within = [gap for gap in range(month + 1, later) if gap in gaps]
        if within and min(value, after) >= NOT_SMALL:
            small -= set(within)
            beside = {"before": f"{value:,.0f}", "after": f"{after:,.0f}"}
            notes.odd("months-missing", at, what=line.name, months=spans(within), **beside)
    if small:
        notes.odd("months-unlisted", at, what=line.name, months=spans(sorted(small)))


def _mark_carried(frame: Frame, line: _Line, notes: Notes) -> None:
    level, within = CARRIED_LATER
    seen: dict[float, int] = {}
    for place, (month, value) in enumerate(zip(line.months, line.values, strict=True)):
        earlier = seen.get(value)
        seen[value] = place
        if earlier is None:
            continue
        apart = month - line.months[earlier]
        if (apart == 1 and value >= CARRIED_AT_ONCE) or (apart < within and value >= level):
            row = line.rows[place]
            frame.flags[row].add("carried")
            first = int(frame.lines[line.rows[earlier]])
            notes.odd("carried", int(frame.lines[row]), what=line.name, value=f"{value:,.0f}", first=first)


def _mark_jumps(frame: Frame, line: _Line, notes: Notes) -> None:
    for place in range(1, len(line.rows) - 1):
        if line.months[place + 1] - line.months[place - 1] != 2:
            continue
        before, value, after = line.values[place - 1 : place + 2]
        jumps = value > JUMP * max(before, after) or value * JUMP < min(before, after)
        if jumps and max(before, after, value) >= JUMP_FROM:
            row = line.rows[place]
            frame.flags[row].add("outlier")
            told = {"value": f"{value:,.0f}", "before": f"{before:,.0f}", "after": f"{after:,.0f}"}
            notes.odd("outlier", int(frame.lines[row]), what=line.name, **told)


def spans(months: Sequence[int], at_most: int = 6) -> str:
    """Months since 1970 in words: ``2019-03 to 2019-05, 2020-01``; of many spans the first ones."""
    found = []
    for _, group in groupby(enumerate(sorted(months)), lambda pair: pair[1] - pair[0]):
        run = [np.datetime64(month, "M") for _, month in group]
        found.append(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}")
    more = f" and {len(found) - at_most} more spans" if len(found) > at_most else ""
    return ", ".join(found[:at_most]) + more
