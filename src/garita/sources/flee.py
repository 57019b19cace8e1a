"""Instance directories of Flee: read as they are, checked as a whole, with nothing passed over in silence.

The formats are those of Flee 3 (github.com/djgroen/flee): ``input_csv/``, ``source_data/`` and
``simsetting.yml``. Lines may end with CRLF and cells may have blanks around them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from garita.errors import DataError, Problem, file_name, shorten
from garita.sources.flee_places import (
    FleeChange,
    FleeClosure,
    FleePlace,
    FleeRoute,
    read_changes,
    read_closures,
    read_major_routes,
    read_places,
    read_routes,
)
from garita.sources.flee_series import FleeCounts, read_counts
from garita.sources.flee_settings import FleeSettings, read_settings
from garita.sources.flee_text import Cells, Problems, day, each_row, read_table
from garita.sources.privacy import identifies

PERIOD_ROWS = ("StartDate", "Length")
LONGEST = 2**16 - 1
"""Days of a simulation at most: the day of setting out is part of what people are drawn by."""


@dataclass
class FleeInstance:
    """One conflict as its files say it; D days, P places.

    ``conflicts`` [D, P] are intensities from 0 to 1 (None: by the dates in locations.csv), ``hunger``
    [D, P] the
    percentage of people in a food crisis (None without the file), ``agents`` people by place who are
    there at the
    beginning. ``warnings`` say what is odd or not simulated.
    """

    name: str
    folder: Path
    places: dict[str, FleePlace]
    routes: list[FleeRoute]
    major_routes: list[list[str]]
    closures: list[FleeClosure]
    changes: list[FleeChange]
    start: date
    days: int
    conflicts: npt.NDArray[np.float64] | None
    hunger: npt.NDArray[np.float64] | None
    agents: dict[str, int]
    settings: FleeSettings
    counts: FleeCounts
    warnings: tuple[Problem, ...]


def read_instance(folder: Path | str, settings: Path | str | None = None) -> FleeInstance:
    """Read an instance directory, with its own settings or those in another file.

    Raises DataError with every problem of every file.
    """
    folder, problems = Path(folder), Problems()
    if not (folder / "input_csv").is_dir():
        what = "the folder `input_csv`" if folder.is_dir() else "the folder itself"
        raise DataError(Problem("flee-missing", {"what": what}, file_name(folder)))
    given = folder / "input_csv"
    places = read_places(given / "locations.csv", problems)
    routes = read_routes(given / "routes.csv", places, problems)
    links = {(route.first, route.second) for route in routes} | {
        (route.second, route.first) for route in routes
    }
    start, days = _read_period(given / "sim_period.csv", problems)
    read = read_settings(Path(settings) if settings is not None else folder / "simsetting.yml", problems)
    conflicts = _read_daily(given / "conflicts.csv", places, days, 1.0, problems)
    hunger = _read_hunger(given / "region_attributes_IPC.csv", places, days, problems)
    camps = {place.name: place.line for place in places.values() if place.camp}
    counts = read_counts(
        folder / "source_data", given / "registration_corrections.csv", places, camps, start, days, problems
    )
    closures = read_closures(given / "closures.csv", places, links, problems)
    changes = read_changes(_changes(folder), places, problems)
    major = read_major_routes(given / "major_routes.csv", places, links, problems)
    agents = (
        _read_agents(given / "agents.csv", places, problems)
        if read.spawn["read_from_agents_csv_file"]
        else {}
    )
    _say_unread(given, problems)
    problems.stop_if_any()
    return FleeInstance(
        name=folder.resolve().name,
        folder=folder,
        places=places,
        routes=routes,
        major_routes=major,
        closures=closures,
        changes=changes,
        start=start,
        days=days,
        conflicts=conflicts,
        hunger=hunger,
        agents=agents,
        settings=read,
        counts=counts,
        warnings=problems.warnings,
    )


def _changes(folder: Path) -> Path:
    """Flee looks for the changes in its working directory; instances keep them with the rest or above."""
    beside = folder / "input_csv" / "location_changes.csv"
    return beside if beside.is_file() else folder / "location_changes.csv"


def _read_period(path: Path, problems: Problems) -> tuple[date, int]:
    """First day and number of days."""
    start, days = date(2000, 1, 1), 1
    table = read_table(path, problems)
    if table is None:
        return start, days
    found = set()
    for cells in each_row(table, problems):
        name = cells.text(0)
        found.add(name)
        if name == "StartDate":
            given = day(cells.text(1))
            if given is None:
                cells.add("flee-date", "StartDate", value=shorten(cells.text(1)))
            start = given or start
        elif name == "Length":
            days = cells.whole(1, "Length", 1, LONGEST)
        else:
            cells.not_a("a row of it", None, name, PERIOD_ROWS)
    for name in PERIOD_ROWS:
        if name not in found:
            problems.add("flee-missing", path, None, name, what=f"the row `{name}`")
    return start, max(days, 1)


def _read_daily(
    path: Path, places: Mapping[str, FleePlace], days: int, highest: float, problems: Problems
) -> npt.NDArray[np.float64] | None:
    """A table of one row a day and one column a place; None without the file."""
    if not path.is_file():
        return None
    names, rows = _numbers(path, places, problems, "flee-place", highest)
    index = {name: place for place, name in enumerate(places)}
    values = np.zeros((days, len(places)))
    for at, (line, found) in enumerate(rows):
        if found[0] != at:
            problems.add("flee-day", path, line, "#Day", value=f"{found[0]:g}", wanted=at)
            return values
        if at < days:
            for name, value in zip(names, found[1:], strict=True):
                if name in index:
                    values[at, index[name]] = value
    if len(rows) < days:
        problems.add("flee-short", path, None, last=len(rows) - 1, wanted=days - 1)
    return values


def _read_hunger(
    path: Path, places: Mapping[str, FleePlace], days: int, problems: Problems
) -> npt.NDArray[np.float64] | None:
    """Percentages by place, from a table by region whose rows are days apart."""
    if not path.is_file():
        return None
    regions = {place.region for place in places.values()}
    names, rows = _numbers(path, regions, problems, "flee-kind", 100.0)
    if not rows:
        return None
    at = np.arange(days)
    given = np.array([row[0] for _, row in rows])
    by_region = {name: np.interp(at, given, [row[1 + i] for _, row in rows]) for i, name in enumerate(names)}
    return np.stack([by_region.get(place.region, np.zeros(days)) for place in places.values()], axis=1)


def _numbers(
    path: Path, known: Collection[str], problems: Problems, code: str, highest: float
) -> tuple[list[str], list[tuple[int, list[float]]]]:
    """The names in the heading and the rows of numbers: a day, then one value for each name."""
    table = read_table(path, problems)
    if table is None:
        return [], []
    heading = table.heading
    if heading is None:
        problems.add("flee-missing", path, 1, what="the heading `#Day,...`")
        return [], []
    cells = heading.cells
    while len(cells) > 1 and not cells[-1]:
        cells = cells[:-1]
    names = Cells(table, heading, problems)
    for at in range(1, len(cells)):
        if cells[at] in cells[1:at]:
            names.add("flee-header", None, value=shorten(cells[at]))
        elif code == "flee-place":
            names.known(at, "heading", known)
    rows = []
    for row in table.rows:
        values = row.cells[: len(cells)]
        line = Cells(table, row, problems)
        if len(values) < len(cells) or any(row.cells[len(cells) :]):
            line.add(
                "flee-columns", None, got=len(row.cells), wanted=len(cells), columns=shorten(", ".join(cells))
            )
            continue
        found = [line.number(0, "#Day", 0, 1e6)]
        found += [line.number(at, shorten(cells[at], 40), 0, highest) for at in range(1, len(cells))]
        rows.append((row.line, found))
    return cells[1:], rows


def _read_agents(path: Path, places: Collection[str], problems: Problems) -> dict[str, int]:
    """People by place; what else is said of them is not used, and nothing may identify them."""
    table = read_table(path, problems)
    people: dict[str, int] = {}
    if table is not None and (headings := table.heading or (table.rows[0] if table.rows else None)):
        for name in headings.cells[1:]:
            if identifies(name):
                problems.add("data-personal", path, headings.line, field_name=shorten(name))
    for place, cells in enumerate(each_row(table, problems)):
        if place == 0 and table is not None and table.heading is None:
            continue  # the heading need not begin with #
        name = cells.known(0, "location", places)
        people[name] = people.get(name, 0) + 1
    return people


def _say_unread(folder: Path, problems: Problems) -> None:
    """Name the files that are there and change nothing."""
    for path in sorted(folder.glob("*.csv")):
        name = path.name
        if (
            name == "flood_level.csv"
            or name.startswith(("location_attributes_", "demographics_"))
            or (name.startswith("region_attributes_") and name != "region_attributes_IPC.csv")
        ):
            problems.add(
                "flee-unsupported",
                path,
                severity="warning",
                what="what this file says",
                instead="It is left out.",
            )
