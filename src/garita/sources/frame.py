"""From cells of text to typed columns: which a data set has, and what to do with what does not fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from garita.errors import did_you_mean, shorten
from garita.reference import hxl
from garita.sources import cells
from garita.sources.csv_text import Rows
from garita.sources.messages import Notes
from garita.sources.privacy import refuse_personal
from garita.sources.table import FLAG, Values


@dataclass(frozen=True)
class Kind:
    """How the cells of a column are read: a function of the text, the type of the array, and its words."""

    read: Callable[[str], Any]
    dtype: str
    words: str
    empty: Any = None  # what an empty cell means; None: it is as wrong as any other


KINDS = {
    "text": Kind(str.strip, "O", "text", ""),
    "count": Kind(cells.whole, "i8", "a whole number"),
    "few": Kind(cells.few, "f8", "a whole number, or <10"),
    "people": Kind(cells.people, "f8", "a whole number, or <10"),
    "people-or-none": Kind(cells.people, "f8", "a whole number, or <10", np.nan),
    "number": Kind(cells.number, "f8", "a number", np.nan),
    "month": Kind(cells.month, "M8[M]", "a month"),
    "day": Kind(cells.day, "M8[D]", "a date"),
    "minute": Kind(cells.minute_of_day, "i8", "a time of day"),
    "month-of-year": Kind(cells.month_of_year, "i8", "a month of the year"),
    "weekday": Kind(cells.weekday, "i8", "a day of the week"),
}


@dataclass(frozen=True)
class Column:
    """A column of a data set: the publisher's name, the kind of its cells, its names in other layouts.

    Without a column that is `needed` nothing can be read; a row is left out if its cell there does not fit.
    `low` and `high` bound numbers; what lies outside does not fit. `tags`: its HXL hashtags, by which it is
    found where the heading has another name.
    """

    name: str
    kind: str | Kind = "text"
    also: tuple[str, ...] = ()
    needed: bool = True
    low: float = 0
    high: float = 1e15
    words: str = ""
    tags: tuple[str, ...] = ()

    @property
    def how(self) -> Kind:
        """How its cells are read."""
        return KINDS[self.kind] if isinstance(self.kind, str) else self.kind


@dataclass
class Frame:
    """Typed columns under the publisher's names, the line each row stands on, and the flags of those that
    have any.
    """

    columns: dict[str, Values]
    lines: NDArray[np.int64]
    flags: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __getitem__(self, name: str) -> Values:
        return self.columns[name]

    def keep(self, chosen: NDArray[np.bool_]) -> Frame:
        """The chosen rows."""
        if chosen.all():
            return self
        place = np.cumsum(chosen) - 1
        kept = Frame({name: values[chosen] for name, values in self.columns.items()}, self.lines[chosen])
        kept.flags.update({int(place[row]): flags for row, flags in self.flags.items() if chosen[row]})
        return kept

    def flagged(self) -> list[str]:
        """The flags of every row, in alphabetical order with spaces between."""
        return [
            " ".join(sorted(self.flags[row])) if row in self.flags else "" for row in range(len(self.lines))
        ]


def matches(header: Sequence[str], columns: Iterable[Column], hashtags: Sequence[str] = ()) -> float:
    """Share of the needed columns that a heading has, under any of their names or hashtags."""
    plain, tags = _plain(header, hashtags)
    needed = [column for column in columns if column.needed]
    return sum(_find(column, plain, tags) is not None for column in needed) / len(needed)


def found_in(rows: Rows, column: Column) -> bool:
    """Whether a file has a column, under any of its names or hashtags."""
    return place_of(rows, column) is not None


def place_of(rows: Rows, column: Column) -> int | None:
    """The number of a column in a file."""
    found = _find(column, *_plain(rows.header, rows.hashtags))
    return None if found is None else found[0]


def _plain(header: Sequence[str], hashtags: Sequence[str]) -> tuple[list[str], list[str]]:
    return [cells.heading(name) for name in header], [hxl.plain(tag) for tag in hashtags]


def _find(column: Column, plain: Sequence[str], tags: Sequence[str]) -> tuple[int, str] | None:
    """The place of a column among plain headings and hashtags, and the name it was found by."""
    for name in _names(column):
        if cells.plain(name) in plain:
            return plain.index(cells.plain(name)), name
    for tag in column.tags:
        if hxl.plain(tag) in tags:
            return tags.index(hxl.plain(tag)), column.name
    return None


def build(rows: Rows, columns: Sequence[Column], notes: Notes) -> Frame:
    """Typed columns of `rows`; rows whose needed cells do not fit are noted and left out.

    Raises DataError when needed columns are missing, when a column may identify persons, and when no row is
    left.
    """
    refuse_personal(rows.header, notes, rows.header_line)
    places = _places(rows, columns, notes)
    good = np.ones(len(rows.lines), bool)
    built: dict[str, Values] = {}
    for column in columns:
        if column.name in places:
            texts = rows.cells[places[column.name]]
            built[column.name], fits = _values(texts, column, rows, good, notes)
            good &= fits
        elif column.how.empty is not None:
            built[column.name] = np.full(len(rows.lines), column.how.empty, column.how.dtype)
    if not good.any():
        raise notes.refuse("data-nothing")
    return Frame(built, np.array(rows.lines, np.int64)).keep(good)


def _names(column: Column) -> tuple[str, ...]:
    return (column.name, *column.also)


def _places(rows: Rows, columns: Sequence[Column], notes: Notes) -> dict[str, int]:
    """Which column of the file is which, by name, without its case and signs."""
    plain, tags = _plain(rows.header, rows.hashtags)
    for place, name in enumerate(rows.header):
        if plain[place] in plain[:place]:
            notes.odd("column-twice", rows.header_line, name=shorten(name))
    places: dict[str, int] = {}
    missing = []
    for column in columns:
        at = _find(column, plain, tags)
        if at is not None:
            places[column.name] = at[0]
            found = rows.header[at[0]]
            if found != at[1]:
                notes.odd("column-renamed", rows.header_line, found=shorten(found), name=at[1])
        elif column.needed:
            missing.append(column.name)
        else:
            notes.odd("column-absent", rows.header_line, name=column.name)
    spare = [name for place, name in enumerate(rows.header) if place not in places.values() and name != FLAG]
    for name in missing:
        found = shorten(", ".join(rows.header), 200)
        notes.lose("column-missing", rows.header_line, name=name, hint=did_you_mean(name, spare), found=found)
    if missing:
        raise notes.refuse("data-nothing")
    for name in spare:
        if cells.heading(name) not in {cells.plain(other) for column in columns for other in _names(column)}:
            notes.odd("column-ignored", rows.header_line, name=shorten(name))
    return places


def _values(
    texts: list[str], column: Column, rows: Rows, so_far: NDArray[np.bool_], notes: Notes
) -> tuple[Values, NDArray[np.bool_]]:
    """The array of a column and which of its cells fit. Each different text is read once."""
    kind = column.how
    numeric = column.kind in ("count", "few", "people", "people-or-none", "number")
    read = kind.read
    if column.kind == "number" and rows.decimal_comma:
        read = _with_decimal_comma
    filler = kind.empty if kind.empty is not None else 0
    known: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for text in dict.fromkeys(texts):
        value = read(text) if text.strip() or kind.empty is None else kind.empty
        if numeric and value is not None and value < column.low:
            wrong[text] = "negative-count" if column.low == 0 and column.needed else "bad-cell"
        elif value is None or (numeric and value > column.high) or (column.needed and value == ""):
            wrong[text] = "bad-cell"
        known[text] = filler if text in wrong else value
    values = np.array([known[text] for text in texts], kind.dtype)
    fits = np.array([text not in wrong for text in texts], bool)
    for row in np.flatnonzero(~fits & so_far):
        _note_wrong(texts[row], wrong[texts[row]], column, rows.lines[row], notes)
    return values, fits if column.needed else np.ones(len(texts), bool)


def _with_decimal_comma(text: str) -> float | None:
    return cells.number(text, decimal_comma=True)


def _note_wrong(text: str, code: str, column: Column, line: int, notes: Notes) -> None:
    if code == "negative-count":
        notes.lose(code, line, column.name, value=shorten(text))
        return
    wanted = column.words or column.how.words
    done = "The line was left out." if column.needed else "The cell was taken as empty."
    (notes.lose if column.needed else notes.odd)(
        code, line, column.name, value=shorten(text), wanted=wanted, done=done
    )
