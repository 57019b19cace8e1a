"""Places, routes, closures and changes of type of a Flee instance."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from garita.errors import Severity, shorten
from garita.sources.flee_text import Cells, Problems, Row, Table, each_row, number, read_table, trimmed

LOCATION_COLUMNS = "name, region, country, latitude, longitude, location_type, conflict_date, population"
ROUTE_COLUMNS = "name1, name2, distance, forced_redirection"
CLOSURE_COLUMNS = "closure_type, name1, name2, closure_start, closure_end"
CLOSURE_KINDS = ("country", "location", "link", "camp", "idpcamp", "remove_forced_redirection")
KINDS = ("camp", "idpcamp", "conflict_zone", "forwarding_hub", "marker", "flood_zone", "town")
USED_COLUMNS = frozenset({"conflict_intensity", "deactivation_probability"})
MOST_PEOPLE, FAR, LAST_DAY = 10**10, 1e6, 10**6


@dataclass
class FleePlace:
    """A row of locations.csv. ``size``: people there, or beds of a camp (0: no limit).

    ``attributes`` are the further columns. Angles in degrees.
    """

    name: str
    region: str
    country: str
    latitude: float
    longitude: float
    kind: str
    conflict_date: int
    size: int
    line: int
    attributes: dict[str, float] = field(default_factory=dict)

    @property
    def camp(self) -> bool:
        """Whether people are counted there."""
        return self.kind in ("camp", "idpcamp")


@dataclass
class FleeRoute:
    """A row of routes.csv, travelled both ways. ``redirection``: 0, 1 (whoever is in ``second`` has to go to
    ``first``) or 2 (the other way). Speed in km a day, None for the usual one.
    """

    first: str
    second: str
    distance: float
    redirection: int
    speed: float | None
    walk_chance: float
    line: int


@dataclass
class FleeClosure:
    """A row of closures.csv, in days; ``end`` below 0 or not after ``start``: for good."""

    kind: str
    first: str
    second: str
    start: int
    end: int
    line: int


@dataclass
class FleeChange:
    """A row of location_changes.csv."""

    name: str
    kind: str
    day: int
    line: int


def kind_of(text: str) -> str | None:
    """The kind of place that Flee takes a location type for: by words within it, in Flee's order."""
    text = text.casefold()
    if "camp" in text:
        return "idpcamp" if "idp" in text else "camp"
    for word, kind in (("conflict", "conflict_zone"), ("forward", "forwarding_hub"), ("marker", "marker")):
        if word in text:
            return kind
    if "flood_zone" in text:
        return "flood_zone"
    return "town" if "town" in text or "default" in text else None


def read_places(path: Path, problems: Problems) -> dict[str, FleePlace]:
    """The places in order, by name."""
    table = read_table(path, problems)
    if table is None:
        return {}
    if not table.rows:
        problems.add("flee-empty", path, what="place")
    found: dict[str, FleePlace] = {}
    further = _further_columns(table, 8, problems)
    for row in table.rows:
        row = trimmed(row, 8)
        cells = Cells(table, row, problems)
        wanted = 8 + len(further)
        if not 8 <= len(row.cells) <= wanted:
            _wrong_columns(cells, "8" if not further else f"8 to {wanted}", [LOCATION_COLUMNS, *further])
            continue
        place = _place(cells, row, further)
        if place.name in found:
            cells.add("flee-twice", "name", value=shorten(place.name), first=found[place.name].line)
        elif not place.name:
            cells.add("flee-kind", "name", value="", what="a name of a place", allowed="any text")
        else:
            found[place.name] = place
    _say_unused(table, further, USED_COLUMNS, problems)
    return found


def _wrong_columns(cells: Cells, wanted: str, columns: list[str]) -> None:
    cells.add("flee-columns", None, got=len(cells.cells), wanted=wanted, columns=", ".join(columns))


def _further_columns(table: Table, fixed: int, problems: Problems) -> list[str]:
    """Names of the columns beyond the fixed ones, from the heading."""
    if table.heading is None:
        return []
    further = table.heading.cells[fixed:]
    while further and not further[-1]:
        further.pop()
    for place, name in enumerate(further):
        if name and name in further[:place]:
            problems.add("flee-header", table.path, table.heading.line, value=shorten(name))
    return further


def _place(cells: Cells, row: Row, further: list[str]) -> FleePlace:
    kind = kind_of(row.cells[5])
    if kind is None:
        cells.not_a("a type of place", "location_type", row.cells[5], KINDS)
    place = FleePlace(
        name=row.cells[0],
        region=row.cells[1] or "unknown",
        country=row.cells[2] or "unknown",
        latitude=cells.number(3, "latitude", -90, 90, 0.0),
        longitude=cells.number(4, "longitude", -180, 180, 0.0),
        kind=kind or "town",
        conflict_date=cells.whole(6, "conflict_date", -LAST_DAY, LAST_DAY, 0),
        size=cells.whole(7, "population", 0, MOST_PEOPLE, 0),
        line=row.line,
    )
    for at, name in enumerate(further, 8):
        text = cells.text(at)
        if name in USED_COLUMNS:
            place.attributes[name] = cells.number(
                at, name, 0, 1, 1.0 if name == "conflict_intensity" else 0.0
            )
        elif text:
            place.attributes[name] = number(text) or 0.0
    return place


def _say_unused(table: Table, further: list[str], used: Collection[str], problems: Problems) -> None:
    for name in further:
        if name and name not in used and table.heading is not None:
            what = f"the column `{shorten(name)}`"
            problems.add(
                "flee-unsupported",
                table.path,
                table.heading.line,
                severity="warning",
                what=what,
                instead="It changes nothing.",
            )


def read_routes(path: Path, places: Collection[str], problems: Problems) -> list[FleeRoute]:
    """The routes, in order."""
    table = read_table(path, problems)
    if table is None:
        return []
    if not table.rows:
        problems.add("flee-empty", path, what="route")
    found = []
    further = _further_columns(table, 4, problems)
    for row in table.rows:
        row = trimmed(row, 3)
        cells = Cells(table, row, problems)
        wanted = 4 + len(further)
        if not 3 <= len(row.cells) <= wanted:
            _wrong_columns(cells, f"3 to {wanted}", [ROUTE_COLUMNS, *further])
            continue
        named = dict(zip(further, range(4, 4 + len(further)), strict=True))
        speed, walk = named.get("max_move_speed"), named.get("walk_probability")
        route = FleeRoute(
            first=cells.known(0, "name1", places),
            second=cells.known(1, "name2", places),
            distance=cells.number(2, "distance", 1e-3, FAR),
            redirection=cells.whole(3, "forced_redirection", 0, 2, 0),
            speed=cells.number(speed, "max_move_speed", 1e-3, FAR) if speed and cells.text(speed) else None,
            walk_chance=cells.number(walk, "walk_probability", 0, 1, 0.0) if walk else 0.0,
            line=row.line,
        )
        if route.first == route.second:
            cells.add("flee-loop", "name2", value=shorten(route.first))
        found.append(route)
    _say_unused(table, further, ("max_move_speed", "walk_probability"), problems)
    return found


def read_major_routes(
    path: Path, places: Collection[str], links: Collection[tuple[str, str]], problems: Problems
) -> list[list[str]]:
    """Routes over several places that people know as a whole; only used with ``fixed_routes``."""
    table = read_table(path, problems) if path.is_file() else None
    found = []
    for cells in each_row(table, problems):
        names = [cells.known(at, "place", places) for at, cell in enumerate(cells.cells) if cell]
        for first, second in pairwise(names):
            if {first, second} <= set(places) and (first, second) not in links:
                cells.add("flee-link", None, value=f"`{shorten(first)}` and `{shorten(second)}`")
        found.append(names)
    return found


def read_closures(
    path: Path, places: Mapping[str, FleePlace], links: Collection[tuple[str, str]], problems: Problems
) -> list[FleeClosure]:
    """The closures, in order; none without the file."""
    table = read_table(path, problems) if path.is_file() else None
    countries = {place.country for place in places.values()}
    found = []
    for cells in each_row(table, problems):
        if len(cells.cells) < 5 or any(cells.cells[5:]):
            _wrong_columns(cells, "5", [CLOSURE_COLUMNS])
            continue
        kind = cells.text(0).casefold()
        closure = FleeClosure(
            kind,
            cells.text(1),
            cells.text(2),
            cells.whole(3, "closure_start", -LAST_DAY, LAST_DAY),
            cells.whole(4, "closure_end", -LAST_DAY, LAST_DAY),
            cells.line,
        )
        if kind not in CLOSURE_KINDS:
            cells.not_a("a type of closure", "closure_type", kind, CLOSURE_KINDS)
            continue
        names = range(1, 2) if kind in ("location", "camp", "idpcamp") else range(1, 3)
        for at in names:
            if kind == "country":
                cells.known(at, f"name{at}", countries, "flee-country")
            else:
                cells.known(at, f"name{at}", places)
        pair = closure.first, closure.second
        if kind in ("link", "remove_forced_redirection") and set(pair) <= set(places) and pair not in links:
            severity: Severity = "error" if kind == "link" else "warning"
            value = f"`{shorten(pair[0])}` and `{shorten(pair[1])}`"
            problems.add("flee-link", path, cells.line, None, severity, value=value)
        found.append(closure)
    return found


def read_changes(path: Path, places: Collection[str], problems: Problems) -> list[FleeChange]:
    """Places that become another kind of place on a day; none without the file."""
    table = read_table(path, problems) if path.is_file() else None
    found = []
    for cells in each_row(table, problems):
        if len(cells.cells) < 3:
            _wrong_columns(cells, "3", ["name, location_type, day"])
            continue
        kind = kind_of(cells.text(1))
        if kind is None:
            cells.not_a("a type of place", "location_type", cells.text(1), KINDS)
        name = cells.known(0, "name", places)
        found.append(FleeChange(name, kind or "town", cells.whole(2, "day", 0, LAST_DAY), cells.line))
    return found
