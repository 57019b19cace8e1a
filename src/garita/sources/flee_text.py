"""The text files of a Flee instance as rows of stripped cells with their lines, and the list of what is
wrong."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from garita.errors import DataError, Problem, Severity, did_you_mean, file_name, register_messages, shorten

LARGEST = 200_000_000
"""Bytes of one file that are read at most."""

MOST_PROBLEMS = 200
"""Problems of one kind and file that are listed; the others are counted."""

MISSING = "{what} is missing"
register_messages(
    {
        "flee-missing": (MISSING, "An instance has `input_csv/`, `source_data/` and `simsetting.yml`."),
        "flee-listed": ("the file `{value}` is listed here, but it is not there", "Add it, or take it out."),
        "flee-uncounted": ("the camp `{value}` has no row here", "Add one with the file of its counts."),
        "flee-text": ("the file cannot be read ({reason})", "Save it as UTF-8 text."),
        "flee-empty": ("there is no row in the file", "It needs at least one {what}."),
        "flee-columns": ("the row has {got} cells, not {wanted}", "The columns are: {columns}."),
        "flee-header": ("the heading `{value}` stands twice", "Give each column a name of its own."),
        "flee-number": ("`{value}` is not {what}", "Write digits, with a point before decimals."),
        "flee-range": ("`{value}` is outside what is possible", "Allowed: {allowed}."),
        "flee-place": (
            "`{value}` is not a place of locations.csv",
            "{hint}Add the place, or correct the name.",
        ),
        "flee-country": ("no place of locations.csv lies in `{value}`", "{hint}Correct the name."),
        "flee-twice": ("`{value}` was already given on line {first}", "Keep one of the two."),
        "flee-loop": ("the route leads from `{value}` back to itself", "Remove it, or correct a name."),
        "flee-link": ("there is no route between {value}", "Add it to routes.csv, or correct the names."),
        "flee-kind": ("`{value}` is not {what}", "{hint}Allowed: {allowed}."),
        "flee-date": ("`{value}` is not a date", "Write it like 2012-02-29."),
        "flee-order": ("{value} does not come after the row before it", "Order the rows by date, each once."),
        "flee-day": ("this is day {value}, where day {wanted} is due", "Give one row a day, from day 0 on."),
        "flee-short": (
            "the rows end on day {last}; the period lasts until day {wanted}",
            "Add the other days.",
        ),
        "flee-correction": (
            "there is no count of `{value}` on {date} that a correction could start from",
            "Give the date of a row that has another, above 0, before it.",
        ),
        "flee-setting": ("the setting `{value}` is not known", "{hint}Flee itself would pass over it."),
        "flee-value": ("`{value}` is not {what}", "Correct the setting."),
        "flee-unsupported": ("{what} is not simulated", "{instead}"),
        "flee-quirk": ("{what}", "{instead}"),
        "flee-people": (
            "more than {most} people set out from one place on one day",
            "Use `hasten`, or fewer people.",
        ),
        "flee-more": ("{count} more problems of this kind", "Correct these first."),
    }
)


class Problems:
    """Everything that is wrong or doubtful in one instance, in the order of reading."""

    def __init__(self) -> None:
        self._found: dict[tuple[str | None, str, Severity], list[Problem]] = {}
        self._more: dict[tuple[str | None, str, Severity], int] = {}

    def add(
        self,
        code: str,
        file: Path | None,
        line: int | None = None,
        field: str | None = None,
        severity: Severity = "error",
        **params: Any,
    ) -> None:
        """Note a problem; of each kind in each file only the first two hundred are kept."""
        name = file_name(file)
        kind = name, code, severity
        kept = self._found.setdefault(kind, [])
        if len(kept) < MOST_PROBLEMS:
            kept.append(Problem(code, params, name, line, None, field, severity))
        else:
            self._more[kind] = self._more.get(kind, 0) + 1

    def _all(self, severity: Severity) -> Iterator[Problem]:
        for (file, code, kind), found in self._found.items():
            if kind == severity:
                yield from found
                if (file, code, kind) in self._more:
                    more = {"count": self._more[file, code, kind]}
                    yield Problem("flee-more", more, file, severity=severity)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is doubtful but keeps nothing from running."""
        return tuple(self._all("warning"))

    def stop_if_any(self) -> None:
        """Raise DataError with all that is wrong, if anything is."""
        errors = list(self._all("error"))
        if errors:
            raise DataError(errors)


class Row(NamedTuple):
    """One line of a file: its number, counted from 1, and its stripped cells."""

    line: int
    cells: list[str]


class Table(NamedTuple):
    """The rows of a file, and its heading: the last comment line before the first row, without the `#`."""

    path: Path
    heading: Row | None
    rows: list[Row]


def text_of(path: Path, problems: Problems) -> str | None:
    """The text of a file, or None with the problem noted."""
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise ValueError(f"it has more than {LARGEST:,} bytes")
        text = data.decode("utf-8-sig")
        if "\0" in text:
            raise ValueError("it holds null characters")
        return text
    except FileNotFoundError:
        problems.add("flee-missing", path, what="the file")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.add("flee-text", path, line, reason=f"byte {data[error.start]:#04x} is not UTF-8")
    except (OSError, ValueError) as error:
        problems.add("flee-text", path, reason=getattr(error, "strerror", None) or str(error))
    return None


def read_table(path: Path, problems: Problems) -> Table | None:
    """The rows of a CSV file with comments; empty lines and empty cells at the end of a row are dropped."""
    text = text_of(path, problems)
    if text is None:
        return None
    rows: list[Row] = []
    heading = None
    for line, raw in enumerate(text.splitlines(), 1):
        try:
            cells = [cell.strip() for cell in next(csv.reader([raw], strict=True), [])]
        except csv.Error as error:
            problems.add("flee-text", path, line, reason=str(error))
            continue
        if not any(cells):
            continue
        if cells[0].startswith("#"):
            if not rows:
                heading = Row(line, [cells[0].lstrip("# "), *cells[1:]])
            continue
        rows.append(Row(line, cells))
    return Table(path, heading, rows)


def trimmed(row: Row, least: int) -> Row:
    """A row without the empty cells beyond the first ``least``."""
    cells = row.cells
    while len(cells) > least and not cells[-1]:
        cells = cells[:-1]
    return Row(row.line, cells)


_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def number(text: str) -> float | None:
    """A finite number, or None."""
    found = float(text) if _NUMBER.fullmatch(text) else math.nan
    return found if math.isfinite(found) else None


def whole(text: str) -> int | None:
    """A whole number (``12`` or ``12.0``), or None."""
    found = number(text)
    return int(found) if found is not None and found == int(found) and abs(found) < 2**53 else None


def day(text: str) -> date | None:
    """A date as Flee writes it, or None."""
    found = _DATE.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


class Cells:
    """Reads the cells of one row as values, and notes what they are not."""

    def __init__(self, table: Table, row: Row, problems: Problems) -> None:
        self.path, self.line, self.cells, self.problems = table.path, row.line, row.cells, problems

    def text(self, at: int) -> str:
        """The cell, empty where the row is shorter."""
        return self.cells[at] if at < len(self.cells) else ""

    def add(self, code: str, field: str | None, **params: Any) -> None:
        """Note a problem of this row."""
        self.problems.add(code, self.path, self.line, field, **params)

    def number(
        self,
        at: int,
        field: str,
        low: float,
        high: float,
        default: float | None = None,
        *,
        whole_: bool = False,
    ) -> float:
        """A number from ``low`` to ``high``; ``default`` where nothing is written, if there is one."""
        text = self.text(at)
        if not text and default is not None:
            return default
        found = whole(text) if whole_ else number(text)
        if found is None:
            self.add(
                "flee-number", field, value=shorten(text), what="a whole number" if whole_ else "a number"
            )
        elif not low <= found <= high:
            self.add("flee-range", field, value=shorten(text), allowed=f"{low:g} to {high:g}")
        else:
            return found
        return low if default is None else default

    def whole(self, at: int, field: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number from ``low`` to ``high``."""
        return int(self.number(at, field, low, high, default, whole_=True))

    def not_a(self, what: str, field: str | None, text: str, allowed: Iterable[str]) -> None:
        """Note that a text is none of those ``allowed``."""
        names = list(allowed)
        hint = did_you_mean(text, names)
        self.add("flee-kind", field, value=shorten(text), what=what, hint=hint, allowed=", ".join(names))

    def known(self, at: int, field: str, names: Iterable[str], code: str = "flee-place") -> str:
        """A name that must be among ``names``."""
        text = self.text(at)
        if text not in names:
            self.add(code, field, value=shorten(text), hint=did_you_mean(text, names))
        return text


def each_row(table: Table | None, problems: Problems) -> Iterator[Cells]:
    """The rows of a table; none of a file that is not there."""
    if table is not None:
        for row in table.rows:
            yield Cells(table, row, problems)
