"""Tables of Garita's own journeys, as `garita journeys --hxl` writes them, with a row of HXL hashtags."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from garita.reference.hxl import TABLES, Tagged
from garita.sources.frame import Column, build
from garita.sources.layout import Document, Layout, table
from garita.sources.table import Table

SOURCE = "garita-journeys"
NEEDED = {
    "people": ("day", "place", "people", "people_low", "people_high", "arrived"),
    "shelters": ("day", "shelter", "people", "capacity", "over_capacity"),
    "needs": ("day", "place", "shelter", "item", "unit", "needed"),
    "waitlists": ("day", "list", "people_waiting", "registered", "taken_in"),
}


def _column(tagged: Tagged, needed: bool) -> Column:
    low = -180 if tagged.name in ("lat", "lon") else 0
    kind = "people-or-none" if tagged.kind == "people" and not needed else tagged.kind
    kind = "number" if kind == "amount" else kind
    return Column(tagged.name, kind, needed=needed, low=low, tags=(tagged.tag,))


COLUMNS: dict[str, tuple[Column, ...]] = {
    name: tuple(_column(one, one.name in NEEDED[name]) for one in tagged) for name, tagged in TABLES.items()
}


def read_table(name: str, document: Document) -> Table:
    """One of the tables: means over the histories by day, and the middle 90 % of them. Raises DataError."""
    frame = build(document.rows, COLUMNS[name], document.notes)
    few = tuple(one.name for one in TABLES[name] if one.kind == "people")
    return table((SOURCE, name), frame, document.notes, few=few, gaps=few)


LAYOUTS: Sequence[Layout] = tuple(
    Layout(SOURCE, name, "csv", columns, partial(read_table, name)) for name, columns in COLUMNS.items()
)
