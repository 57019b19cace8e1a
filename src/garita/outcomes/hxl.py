"""The tables of journeys as CSV with a row of HXL hashtags: means over the histories by place and day."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from garita.outcomes.journey_figures import FEW, curve
from garita.outcomes.needs import needs
from garita.reference.hxl import TABLES
from garita.reference.standards import Need

if TYPE_CHECKING:
    from garita.outcomes.journeys import JourneyOutcome

Rows = list[dict[str, Any]]


def write(outcome: JourneyOutcome, folder: Path, standard: Sequence[Need] | None = None) -> list[str]:
    """Write ``people.csv``, ``shelters.csv``, ``needs.csv`` and ``waitlists.csv``, those that have rows.

    Returns the files' names.
    """
    made = {
        "people": _people(outcome),
        "shelters": _shelters(outcome),
        "needs": _needs(outcome, standard),
        "waitlists": _waitlists(outcome),
    }
    names = []
    for name, rows in made.items():
        if rows:
            (folder / f"{name}.csv").write_text(text(name, rows), encoding="utf-8", newline="\n")
            names.append(f"{name}.csv")
    return names


def text(table: str, rows: Rows) -> str:
    """A table with its heading and its row of hashtags. Counts of people below ten are not told apart."""
    columns = TABLES[table]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    writer.writerow([column.tag for column in columns])
    for row in rows:
        writer.writerow([_spelled(row.get(column.name), column.kind) for column in columns])
    return stream.getvalue()


def _spelled(value: Any, kind: str) -> str:
    if value is None or value != value:
        return ""
    if kind == "people":
        whole = round(float(value))
        return f"<{FEW}" if 0 < whole < FEW else str(whole)
    if kind == "amount":  # whole from a hundred up, else three digits
        return f"{float(value):.0f}" if abs(float(value)) >= 100 else f"{float(value):.3g}"
    return f"{float(value):.10g}" if kind == "number" else str(value)


def _by_day(outcome: JourneyOutcome, there: Any, **values: NDArray[Any]) -> Iterator[dict[str, Any]]:
    """A row for each day on which anybody is there: the mean of each of ``values`` [R, D], and ``name_low``
    and ``name_high``.
    """
    curves = {name: curve(each) for name, each in values.items()}
    for day in np.flatnonzero(there).tolist():
        row: dict[str, Any] = {"day": outcome.layout.date(day).isoformat()}
        for name, each in curves.items():
            row |= {name: each.mean[day], f"{name}_low": each.low[day], f"{name}_high": each.high[day]}
        yield row


def _people(outcome: JourneyOutcome) -> Rows:
    found: Rows = []
    for at, place in enumerate(outcome.layout.places):
        about = {
            "place": place.id, "place_name": place.name, "country": place.country,
            "lat": place.lat, "lon": place.lon,
        }  # fmt: skip
        present, arrived = outcome.present[:, :, at], outcome.reached[:, :, at]
        by_kind = {name: each[:, :, at] for name, each in outcome.by_kind.items()}
        there = (present + arrived).any(axis=0)
        rows = _by_day(outcome, there, people=present, arrived=arrived, **by_kind)
        found += [about | row for row in rows]
    return found


def _shelters(outcome: JourneyOutcome) -> Rows:
    found: Rows = []
    names = {place.id: place.name for place in outcome.layout.places}
    for at, one in enumerate(outcome.layout.shelters):
        about = {
            "shelter": one.id, "shelter_name": one.name,
            "place": one.place, "place_name": names[one.place],
        }  # fmt: skip
        inside, capacity = outcome.sheltered[:, :, at], outcome.capacity[:, :, at]
        there = (inside + capacity).any(axis=0)
        over = np.maximum(inside - capacity, 0)
        found += [
            about | row
            for row in _by_day(outcome, there, people=inside, capacity=capacity, over_capacity=over)
        ]
    return found


def _needs(outcome: JourneyOutcome, standard: Sequence[Need] | None) -> Rows:
    columns = needs(outcome, standard)
    days = columns["day"].astype("datetime64[D]")
    listed = {name: values.tolist() for name, values in columns.items()} | {"day": days.tolist()}
    return [dict(zip(listed, row, strict=True)) for row in zip(*listed.values(), strict=True)]


def _waitlists(outcome: JourneyOutcome) -> Rows:
    found: Rows = []
    everyday = np.ones(outcome.layout.days, bool)
    for at, one in enumerate(outcome.layout.lists):
        rows = _by_day(
            outcome,
            everyday,
            people_waiting=outcome.listed[:, :, at],
            registered=outcome.registered[:, :, at],
            taken_in=outcome.taken[:, :, at],
            expected_wait_days=outcome.expected[:, :, at],
        )
        found += [{"list": one.name, "place": one.place} | row for row in rows]
    return found
