"""What people need by a standard of humanitarian aid: the packaged one, or a table of the user's own."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import Any

from garita.errors import DataError, Problem, did_you_mean, file_name, register_messages, shorten

SPHERE = "sphere-2018"
PERIODS = ("", "day", "month")
WHOM = ("everybody", "women", "men", "children")
MOST_BYTES, MOST_ROWS = 1_000_000, 500
SIGNS = ",;\t"
SIGNED = {"m2": "m²", "m3": "m³"}  # how units are told

register_messages(
    {
        "standard-unreadable": ("the standard cannot be read ({reason})", "Give a CSV file in UTF-8."),
        "standard-column": (
            "a standard has no column `{name}`",
            "{hint}Columns: {allowed}. `garita standard` prints the packaged table.",
        ),
        "standard-missing": (
            "the column `{name}` is missing",
            "`garita standard` prints the packaged table.",
        ),
        "standard-cell": ("`{value}` is not allowed here", "Allowed: {allowed}."),
        "standard-measure": (
            "`{item}` needs one measure",
            "Give either `per_person`, how much each needs, or `people_per_one`, how many share one.",
        ),
        "standard-range": (
            "the range of `{item}` does not hold its figure",
            "Let it lie between `low` and `high`.",
        ),
        "standard-twice": ("`{item}` stands twice", "Keep one of the two."),
        "standard-empty": ("there is no row in the standard", "`garita standard` prints the packaged table."),
    }
)


@dataclass(frozen=True)
class Need:
    """What people need of one item: ``per_person`` of a unit, or one for so many (``people_per_one``).

    ``low`` and ``high``: the range of that figure, in the same measure. ``period``: for a day or a month, or
    at any time (""). ``whom``: who needs it.
    """

    item: str
    name: str = ""
    unit: str = ""
    per_person: float | None = None
    people_per_one: float | None = None
    low: float | None = None
    high: float | None = None
    period: str = ""
    whom: str = "everybody"
    source: str = ""

    @property
    def figure(self) -> float:
        """The figure, in its own measure."""
        found = self.per_person if self.per_person is not None else self.people_per_one
        assert found is not None
        return found

    @property
    def called(self) -> str:
        """Its name for people."""
        return self.name or self.item

    @property
    def measure(self) -> str:
        """``litres a day``, ``m²``: what it is counted in, and for how long."""
        return SIGNED.get(self.unit, self.unit) + (f" a {self.period}" if self.period else "")

    @property
    def words(self) -> str:
        """``15 litres a person and day``, ``1 for 20 people``."""
        whom = {"everybody": "person", "women": "woman", "men": "man", "children": "child"}[self.whom]
        when = f" and {self.period}" if self.period else ""
        if self.per_person is not None:
            return f"{self.per_person:,g} {SIGNED.get(self.unit, self.unit)} a {whom}{when}"
        return f"1 for {self.people_per_one:,g} {'people' if self.whom == 'everybody' else self.whom}{when}"


COLUMNS = tuple(field.name for field in fields(Need))
NUMBERS = ("per_person", "people_per_one", "low", "high")


def problems_of(need: Need) -> list[tuple[str, str, dict[str, Any]]]:
    """What is wrong with a row: (code, column, parameters)."""
    if (need.per_person is None) == (need.people_per_one is None):
        return [("standard-measure", "per_person", {"item": need.item})]
    low = need.figure if need.low is None else need.low
    high = need.figure if need.high is None else need.high
    if not low <= need.figure <= high:
        return [("standard-range", "low", {"item": need.item})]
    return []


@cache
def packaged() -> tuple[Need, ...]:
    """The minimum standards of the Sphere Handbook, edition of 2018."""
    return _table(packaged_text(), f"{SPHERE}.csv")


def packaged_text() -> str:
    """The packaged table as it stands in its file."""
    return (resources.files(__package__) / f"{SPHERE}.csv").read_text(encoding="utf-8")


def read_standard(path: Path) -> tuple[Need, ...]:
    """A user's own table, with the columns of the packaged one. Raises DataError, which says all that is
    wrong.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
        text = data.decode("utf-8-sig")
        if len(data) > MOST_BYTES or "\0" in text:
            raise ValueError("too long, or not text")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise DataError(Problem("standard-unreadable", {"reason": reason}, file_name(path))) from None
    return _table(text, file_name(path))


def _table(text: str, file: str | None) -> tuple[Need, ...]:
    heading = text.partition("\n")[0]
    sign = max(SIGNS, key=heading.count)
    reader = csv.reader(io.StringIO(text), delimiter=sign)
    try:
        rows = [(reader.line_num, cells) for cells in islice(reader, MOST_ROWS + 1)]
    except csv.Error as error:
        raise DataError(
            Problem("standard-unreadable", {"reason": str(error)}, file, reader.line_num)
        ) from None
    names = [cell.strip() for cell in rows[0][1]] if rows else []
    wrong = _columns(names, file)
    found: list[Need] = []
    for line, cells in rows[1:] if not wrong else []:
        if any(cell.strip() for cell in cells):
            given = dict(zip(names, (cell.strip() for cell in cells), strict=False))
            need, problems = _row(given, file, line)
            if need is not None and need.item in {one.item for one in found}:
                problems.append(
                    Problem("standard-twice", {"item": shorten(need.item)}, file, line, None, "item")
                )
            wrong += problems
            found += [need] if need is not None else []
    if not found and not wrong:
        wrong.append(Problem("standard-empty", {}, file))
    if wrong:
        raise DataError(wrong)
    return tuple(found)


def _columns(names: list[str], file: str | None) -> list[Problem]:
    unknown = [name for name in names if name not in COLUMNS]
    told = {"allowed": ", ".join(COLUMNS)}
    wrong = [
        Problem(
            "standard-column", {"name": shorten(name), "hint": did_you_mean(name, COLUMNS), **told}, file, 1
        )
        for name in unknown
    ]
    return wrong + [
        Problem("standard-missing", {"name": name}, file, 1) for name in ("item", "unit") if name not in names
    ]


def _row(given: dict[str, str], file: str | None, line: int) -> tuple[Need | None, list[Problem]]:
    """A row of text as a need, and what is wrong with it."""
    wrong: list[Problem] = []
    values: dict[str, Any] = {}
    allowed = {"period": PERIODS, "whom": WHOM}

    def refuse(name: str, what: str) -> None:
        told = {"value": shorten(given.get(name, "")), "allowed": what}
        wrong.append(Problem("standard-cell", told, file, line, None, name))

    for name, text in given.items():
        if name in NUMBERS:
            number = _number(text)
            if text and number is None:
                refuse(name, "a number above 0, or nothing")
            values[name] = number
        elif name in allowed and (name == "period" or text) and text not in allowed[name]:
            refuse(name, ", ".join(one or "nothing" for one in allowed[name]))
        elif text or name != "whom":
            values[name] = text
    for name in ("item", "unit"):
        if not given.get(name):
            refuse(name, "a word")
    if wrong:
        return None, wrong
    need = Need(**values)
    return need, [Problem(code, told, file, line, None, name) for code, name, told in problems_of(need)]


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0.0 < number < math.inf else None
