"""The validation data of a Flee instance: counts of people by camp and date, interpolated to days."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from garita.errors import did_you_mean, shorten
from garita.sources.flee_text import Cells, Problems, day, each_row, read_table

TOTAL = "total"
LAYOUT = "data_layout.csv"
MOST_PEOPLE = 10_000_000_000
Series = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""Days since the start, and people on them."""


@dataclass
class FleeCounts:
    """People registered by day: ``camps`` [days, camps] in the order of ``names``, and ``total`` [days],
    which may
    count more than the camps; None where the layout names none.
    """

    names: tuple[str, ...]
    camps: npt.NDArray[np.int64]
    total: npt.NDArray[np.int64] | None


def read_counts(
    folder: Path,
    corrections: Path,
    places: Collection[str],
    camps: Mapping[str, int],
    start: date,
    days: int,
    problems: Problems,
) -> FleeCounts:
    """The counts that ``data_layout.csv`` of ``folder`` lists, with the corrections of registration.

    ``places`` are all names, ``camps`` the places that must be counted, with their lines in
    locations.csv. Between
    two dates counts go straight from one to the other, before the first and after the last they stay.
    Several files
    of one camp are added.
    """
    found: dict[str, tuple[int, Series]] = {}
    table = read_table(folder / LAYOUT, problems)
    for cells in each_row(table, problems):
        _listed(cells, folder, places, start, found)
    if table is not None:
        listed = {row.cells[0] for row in table.rows}
        for name in camps:
            if name not in listed:
                problems.add("flee-uncounted", table.path, None, None, value=shorten(name))
    series = {name: item for name, (_, item) in found.items()}
    if corrections.is_file():
        _correct(corrections, series, start, problems)
    names = tuple(name for name in found if name != TOTAL)
    at = np.arange(days)
    columns = [_by_day(series[name], at) for name in names]
    counts = np.stack(columns, axis=1) if columns else np.zeros((days, 0), np.int64)
    return FleeCounts(names, counts, _by_day(series[TOTAL], at) if TOTAL in series else None)


def _listed(
    cells: Cells, folder: Path, places: Collection[str], start: date, found: dict[str, tuple[int, Series]]
) -> None:
    """Read what one row of the layout lists into ``found``, by name, with the line."""
    name, files = cells.text(0), [cell for cell in cells.cells[1:] if cell]
    if name in found:
        cells.add("flee-twice", "name", value=shorten(name), first=found[name][0])
        return
    if name != TOTAL and name not in places:
        what = f"people are counted in `{shorten(name)}`, which is not a place of locations.csv"
        instead = f"{did_you_mean(name, places)}They are among those who set out."
        cells.add("flee-quirk", "name", severity="warning", what=what, instead=instead)
    if not files:
        cells.add("flee-columns", None, got=len(cells.cells), wanted="at least 2", columns="name, file, ...")
        return
    read = []
    for file in files:
        if (folder / file).is_file():
            one = _read_series(folder / file, start, cells.problems)
            read += [] if one is None else [one]
        else:
            cells.add("flee-listed", None, value=shorten(file))
    if len(read) == len(files):
        found[name] = cells.line, _together(read)


def _read_series(path: Path, start: date, problems: Problems) -> Series | None:
    table = read_table(path, problems)
    if table is None:
        return None
    days: list[int] = []
    people: list[float] = []
    for place, row in enumerate(table.rows):
        cells = Cells(table, row, problems)
        if place == 0 and row.cells[0] in ("Date", "DateTime"):
            continue
        if len(row.cells) < 2:
            cells.add("flee-columns", None, got=len(row.cells), wanted="at least 2", columns="date, count")
            continue
        if not row.cells[1]:
            continue  # nothing was counted
        when = day(row.cells[0])
        if when is None:
            cells.add("flee-date", "date", value=shorten(row.cells[0]))
            continue
        at = (when - start).days
        if days and at <= days[-1]:
            cells.add("flee-order", "date", value=shorten(row.cells[0]))
            continue
        days.append(at)
        people.append(cells.number(1, "count", 0, MOST_PEOPLE))
    if not days:
        problems.add("flee-empty", path, what="date and count")
        return None
    return np.array(days, np.float64), np.array(people)


def _together(series: list[Series]) -> Series:
    """The sum of several series, at every date of any."""
    if len(series) == 1:
        return series[0]
    days = np.unique(np.concatenate([days for days, _ in series]))
    return days, np.sum([np.interp(days, *one) for one in series], axis=0)


def _correct(path: Path, series: dict[str, Series], start: date, problems: Problems) -> None:
    """Scale what was registered before a date so that the jump on that date disappears."""
    for cells in each_row(read_table(path, problems), problems):
        name, when = cells.known(0, "camp", series), day(cells.text(1))
        how = cells.text(2)
        if when is None:
            cells.add("flee-date", "date", value=shorten(cells.text(1)))
            continue
        if how not in ("", "normalize"):
            cells.not_a("a correction", None, how, ["normalize"])
        if name not in series:
            continue
        days, people = series[name]
        place = int(np.searchsorted(days, (when - start).days))
        if not 0 < place < len(days) or days[place] != (when - start).days or people[place - 1] <= 0:
            cells.add("flee-correction", "date", value=name, date=cells.text(1))
            continue
        people = people.copy()
        people[:place] *= people[place] / people[place - 1]
        series[name] = days, people


def _by_day(series: Series, days: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Whole people on each day, as Flee rounds: down."""
    return np.interp(days, *series).astype(np.int64)
