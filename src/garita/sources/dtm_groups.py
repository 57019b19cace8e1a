"""People counted at sites or passing points (DTM) as the groups of a scenario's journeys."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from garita.errors import DataError, Problem, register_messages, shorten
from garita.sources.catalogue import SOURCES
from garita.sources.dtm import FLOWS, SITES
from garita.sources.table import FEW, Table

register_messages(
    {
        "groups-kind": (
            "people's journeys cannot begin with a table of {source}",
            "Give a site assessment or a table of flow monitoring ({known}).",
        ),
        "groups-nobody": ("no place of the table has ten people or more", "Give a larger table."),
    }
)

PARTS = {"women": "Women", "men": "Men", "girls": "Girls", "boys": "Boys", "children": "Children"}


class Start(NamedTuple):
    """People at one place: on one day (a site), or day by day (a monitoring point)."""

    id: str
    name: str
    lat: float
    lon: float
    people: list[tuple[str, int]]  # day as in ISO 8601, people
    shares: dict[str, float]


def starts(table: Table) -> list[Start]:
    """Where people are or pass: of a site its last assessment, of a monitoring point all days.

    Rows that contradict each other are left out, and counts below ten, which do not say how many. Raises
    DataError for another table, and where nobody is left.
    """
    if table.source not in (SITES, FLOWS):
        told = {"source": table.source, "known": f"{SITES}, {FLOWS}"}
        raise DataError(Problem("groups-kind", told, table.file))
    place = "Site Name" if table.source == SITES else "Flow Monitoring Point"
    rows = np.flatnonzero(table.usable & (table["Individuals"] >= FEW))
    by_place: dict[str, list[int]] = {}
    for row in rows.tolist():
        by_place.setdefault(str(table[place][row]), []).append(row)
    if not by_place:
        raise DataError(Problem("groups-nobody", {}, table.file))
    taken: set[str] = set()
    found = []
    for name, its in by_place.items():
        chosen = its
        if table.source == SITES:
            last = max(table["reportingDate"][its])
            chosen = [row for row in its if table["reportingDate"][row] == last]
        found.append(_start(table, name, chosen, taken))
    return found


def _start(table: Table, name: str, rows: list[int], taken: set[str]) -> Start:
    days: dict[str, int] = {}
    for row in rows:
        day = str(table["reportingDate"][row])
        days[day] = days.get(day, 0) + int(table["Individuals"][row])
    lat, lon = (
        float(table[column][rows[0]]) if column in table.columns else float("nan")
        for column in ("Latitude", "Longitude")
    )
    return Start(_identifier(name, taken), name, lat, lon, sorted(days.items()), _shares(table, rows))


def _shares(table: Table, rows: list[int]) -> dict[str, float]:
    """Shares of women, men and children, where the parts of all rows are told and add up."""
    for parts in (("women", "men", "girls", "boys"), ("women", "men", "children")):
        if all(PARTS[name] in table.columns for name in parts):
            sums = {name: float(table[PARTS[name]][rows].sum()) for name in parts}
            whole = all(
                (table[PARTS[name]][rows] == np.rint(table[PARTS[name]][rows])).all() for name in parts
            )
            total = table["Individuals"][rows].sum()
            if whole and sum(sums.values()) == total > 0:
                return {name: round(value / float(total), 4) for name, value in sums.items()}
    return {}


def _identifier(name: str, taken: set[str]) -> str:
    """A name as an identifier of a scenario, each once."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in plain
                      if not unicodedata.combining(sign))  # fmt: skip
    words = "-".join(part for part in letters.split("-") if part)[:60] or "place"
    found, number = words, 2
    while found in taken:
        found, number = f"{words}-{number}", number + 1
    taken.add(found)
    return found


def as_yaml(table: Table, to: str) -> Iterator[str]:
    """Lines of ``places`` and ``groups`` for the journeys of a scenario; everybody sets out for ``to``."""
    found = starts(table)
    source = f"{SOURCES[table.source].publisher}: {table.file}"
    yield "  places:"
    for one in found:
        where = "" if np.isnan(one.lat) or np.isnan(one.lon) else f", lat: {one.lat:g}, lon: {one.lon:g}"
        yield f"    - {{id: {one.id}, name: {_quoted(one.name)}{where}}}"
    yield "  groups:"
    for one in found:
        yield f"    - name: from-{one.id}"
        yield f"      place: {one.id}"
        yield f"      to: {to}"
        if table.source == SITES:
            [(day, people)] = one.people
            yield f"      from: {day}"
            yield f"      people: {people}"
        else:
            yield "      table:"
            yield from (f"        - {{day: {day}, people: {people}}}" for day, people in one.people)
        if one.shares:
            told = ", ".join(f"{name}: {share:g}" for name, share in one.shares.items())
            yield f"      shares: {{{told}}}"
        yield f"      source: {_quoted(source)}"


def _quoted(text: Any) -> str:
    """A text as YAML takes it, whatever signs it holds."""
    plain = "".join(sign if sign.isprintable() else " " for sign in shorten(str(text), 300))
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
