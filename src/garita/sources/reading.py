"""Any known file in, a table out: the data set is recognised by what is inside."""

from __future__ import annotations

from pathlib import Path

from garita.errors import file_name, shorten
from garita.sources import text
from garita.sources.catalogue import SOURCES, layouts
from garita.sources.layout import Document, Layout
from garita.sources.messages import Notes
from garita.sources.records import address_of
from garita.sources.table import Table

FITS = 0.6
"""Share of the needed columns from which on a file is taken for a data set with changed headings."""


def read(path: Path | str) -> Table:
    """Read a file of any data set of the catalogue; plain or `.gz`, CSV, JSON or XML.

    Raises DataError, which says all that is wrong, when nothing of it can be used. What was left out or is
    odd stands in the table's remarks.
    """
    notes = Notes(file_name(path))
    document = Document(text.read(Path(path), notes), notes, address=address_of(Path(path)))
    return recognised(document).read(document)


def recognised(document: Document) -> Layout:
    """The layout that fits best.

    Raises DataError if none fits well enough, or if a field may identify persons, whatever the rest is.
    """
    document.refuse_personal()
    best = max(layouts(), key=lambda layout: layout.fits(document))
    if best.fits(document) < FITS:
        found = ", ".join(shorten(name, 30) for name in document.fields[:12]) or "none"
        hint = f"Nearest is {best.source} ({best.name}). " if best.fits(document) else ""
        raise document.notes.refuse("data-unknown", 1, found=found, hint=hint, known=", ".join(SOURCES))
    return best
