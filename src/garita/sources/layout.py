"""How a data set may lie in a file: its form, what tells it from others, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from garita.sources import csv_text, json_text, xml_text
from garita.sources.frame import Column, Frame, matches
from garita.sources.json_text import Entry, text_of
from garita.sources.messages import Notes
from garita.sources.privacy import refuse_personal
from garita.sources.table import Table


@dataclass
class Document:
    """The text of a file, its form and, once asked for, its rows or entries.

    `address` is where it was fetched from, if that is known: some files do not say what they are of.
    """

    text: str = field(repr=False)
    notes: Notes
    form: str = ""
    address: str = ""

    def __post_init__(self) -> None:
        self.form = self.form or {"[": "json", "{": "json", "<": "xml"}.get(self.text.lstrip()[:1], "csv")

    @cached_property
    def fields(self) -> list[str]:
        """The names that the form is known by: headings, fields of the first entry, the outermost element."""
        if self.form == "csv":
            return csv_text.header(self.text)[2]
        if self.form == "xml":
            return xml_text.tags(self.text)[:1]
        return list(self.entries[0].fields) if self.entries else []

    @cached_property
    def hashtags(self) -> list[str]:
        """Of CSV: the HXL hashtags below the heading, if there are any."""
        return csv_text.hashtags(self.text)[1] if self.form == "csv" else []

    @cached_property
    def entries(self) -> list[Entry]:
        """Of JSON: the objects of its list."""
        return json_text.entries(self.text, self.notes)

    def refuse_personal(self) -> None:
        """Raise DataError if any field, however deep, may identify persons."""
        if self.form == "xml":
            refuse_personal(xml_text.tags(self.text), self.notes)
        elif self.form == "json":
            refuse_personal(sorted(all_fields(entry.fields for entry in self.entries)), self.notes)
        else:
            refuse_personal(self.fields, self.notes, 1)

    @cached_property
    def rows(self) -> csv_text.Rows:
        """Of CSV: its rows. Of JSON: plain fields of its entries."""
        if self.form == "csv":
            return csv_text.read(self.text, self.notes)
        return flat((entry.line, entry.fields) for entry in self.entries)


@dataclass(frozen=True)
class Layout:
    """One way in which a data set is published.

    A file has this layout if it has the `form` and the needed ones of `columns` (or, for XML, if its
    outermost element is the only one of them). `read` makes a table of it.
    """

    source: str
    name: str
    form: str
    columns: Sequence[Column]
    read: Callable[[Document], Table]

    def fits(self, document: Document) -> float:
        """From 0 (not at all) to 1 (everything needed is there)."""
        if document.form != self.form:
            return 0.0
        return matches(document.fields, self.columns, document.hashtags)


def flat(entries: Iterable[tuple[int, dict[str, Any]]]) -> csv_text.Rows:
    """Entries as rows of text under the names that any of them has; lists and objects inside are left out."""
    found = list(entries)
    names = dict.fromkeys(
        name for _, fields in found for name, value in fields.items() if not isinstance(value, dict | list)
    )
    rows = ((line, [text_of(fields.get(name)) for name in names]) for line, fields in found)
    return listed(list(names), rows, found[0][0] if found else 1)


def listed(
    names: Sequence[str], found: Iterable[tuple[int, list[str]]], header_line: int = 1
) -> csv_text.Rows:
    """Rows of text under those names, from lines and their cells."""
    rows = list(found)
    cells = [[cells[place] for _, cells in rows] for place in range(len(names))]
    return csv_text.Rows(list(names), header_line, cells, [line for line, _ in rows])


def all_fields(entries: Iterable[Any]) -> set[str]:
    """The names of all fields of nested entries."""
    found: set[str] = set()
    waiting = list(entries)
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            found.update(str(name) for name in item)
            waiting.extend(value for value in item.values() if isinstance(value, dict | list))
        elif isinstance(item, list):
            waiting.extend(item)
    return found


def table(layout: tuple[str, str], frame: Frame, notes: Notes, **more: Any) -> Table:
    """What a reader hands back: the frame with all remarks. `layout` is (source, name of the layout)."""
    source, name = layout
    return Table(
        source,
        name,
        notes.file,
        frame.columns,
        frame.lines,
        frame.flagged(),
        notes.remarks(),
        notes.lost,
        **more,
    )
