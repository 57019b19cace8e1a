"""Waits at Tijuana's crossings as a local app shows them: JSON in Spanish, one list of lanes per crossing.

Unofficial: it repeats what CBP publishes, in its own words (``2:17 horas``, ``5 líneas abiertas``).
"""

from __future__ import annotations

import re
from typing import Any

from garita.sources.csv_text import Rows
from garita.sources.frame import Column, Kind, build
from garita.sources.json_text import lists, text_of
from garita.sources.layout import Document, Layout, listed, table
from garita.sources.table import Table

NAME = "tijuana-app"
LANE = ("icono", "tipo", "tiempo", "líneas_abiertas")
_WAIT = re.compile(r"(?:(\d{1,2}):(\d{2})|(\d{1,2})) horas?|(\d{1,3}) minutos?", re.IGNORECASE)
_LANES = re.compile(r"(\d{1,2}) l[ií]neas? abiertas?", re.IGNORECASE)


def minutes(text: str) -> float | None:
    """Minutes of ``2:17 horas``, ``1 hora`` or ``26 minutos``."""
    found = _WAIT.fullmatch(text.strip())
    if not found:
        return None
    hours = int(found[1] or found[3] or 0)
    return float(60 * hours + int(found[2] or found[4] or 0))


def lanes(text: str) -> float | None:
    """The number in ``5 líneas abiertas``."""
    found = _LANES.fullmatch(text.strip())
    return float(found[1]) if found else None


COLUMNS = (
    Column("garita"),
    Column("icono", words="vehicular or peatonal"),
    Column("tipo"),
    Column("tiempo", Kind(minutes, "f8", "a time such as 2:17 horas", float("nan"))),
    Column("líneas_abiertas", Kind(lanes, "f8", "a number of lanes such as 5 líneas abiertas", float("nan"))),
    Column("Ultima_actualizacion", needed=False),
)
FIELDS = tuple(Column(name) for name in LANE)
_UPDATED = re.compile(r'"Ultima_actualizacion"\s*:\s*"([^"\n]{1,40})"')


def read(document: Document) -> Table:
    """One row per crossing (``garita``) and lane type (``icono``, ``tipo``): ``tiempo`` in minutes, open
    lanes.

    Raises DataError.
    """
    notes = document.notes
    rows = document.rows if document.form == "csv" else _rows(document)
    frame = build(rows, COLUMNS, notes)
    spellings = {"tiempo": _spell_minutes, "líneas_abiertas": _spell_lanes}
    return table((NAME, document.form.upper()), frame, notes, spellings=spellings)


def _rows(document: Document) -> Rows:
    updated = _UPDATED.search(document.text)
    when = updated[1] if updated else ""
    found = [
        (entry.line, [garita, *(text_of(entry.fields.get(name)) for name in LANE), when])
        for garita, entries in lists(document.text, document.notes).items()
        for entry in entries
    ]
    return listed([column.name for column in COLUMNS], found)


def _spell_minutes(value: Any) -> str:
    if value != value:
        return ""
    hours, rest = divmod(int(value), 60)
    return f"{hours}:{rest:02} horas" if hours else f"{rest} minutos"


def _spell_lanes(value: Any) -> str:
    if value != value:
        return ""
    return f"{int(value)} línea abierta" if value == 1 else f"{int(value)} líneas abiertas"


LAYOUTS = (
    Layout(NAME, "JSON", "json", FIELDS, read),
    Layout(NAME, "CSV", "csv", COLUMNS, read),
)
