"""What aid workers ask of journeys: women, men and children by place and day, and what they need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from garita.outcomes import journey_figures as figures
from garita.outcomes.journey_figures import people_range
from garita.report.journey_charts import Chart, draw
from garita.report.names import day_named

if TYPE_CHECKING:
    from garita.outcomes import JourneyOutcome
    from garita.reference.standards import Need

HEADINGS = {
    "women": "women",
    "men": "men",
    "children": "children",
    "girls": "of them girls",
    "boys": "of them boys",
    "not_told": "not told",
}


@dataclass(frozen=True)
class Aid:
    """What the section shows, ready for the template. ``kinds``: headings of the columns of ``who``."""

    kinds: tuple[str, ...]
    who: tuple[dict[str, Any], ...]
    charts: tuple[dict[str, Any], ...]
    needs: tuple[dict[str, Any], ...]
    need_places: tuple[str, ...]
    short: bool


def aid_of(outcome: JourneyOutcome, main: int) -> Aid:
    """The tables, and the charts of the place that the story is about."""
    layout = outcome.layout
    found = figures.who_is_there(outcome)
    kinds = [name for name in HEADINGS if any(name in one.by_kind for one in found)]
    who = tuple(
        {
            "where": f"{layout.places[one.place].name}, {day_named(layout.date(one.day))}",
            "cells": [
                parted(people_range(each) if each is not None else "0")
                for each in (one.people, *(one.by_kind.get(name) for name in kinds))
            ],
        }
        for one in found
    )
    charts = []
    for name in ("women", "men", "children") if found else ():
        title = f"{name.capitalize()} in {layout.places[main].name}"
        values = outcome.by_kind[name][:, :, main]
        made = Chart(title, "people", "people", layout.date(0), figures.curve(values))
        charts.append({"name": title, "svg": draw(made)})
    needs, places = _needs(outcome)
    short = any(cell["short"] for row in needs for cell in row["cells"])
    return Aid(tuple(HEADINGS[name] for name in kinds), who, tuple(charts), needs, places, short)


def _needs(outcome: JourneyOutcome) -> tuple[tuple[dict[str, Any], ...], tuple[str, ...]]:
    """A row for each item of the standard, a column for each place on its fullest day, and their headings."""
    layout = outcome.layout
    columns: list[str] = []
    rows: dict[str, dict[str, Any]] = {}
    for one in figures.needs_at_most(outcome):
        heading = f"{figures.where(layout, one.place, one.shelter)}, {day_named(layout.date(one.day))}"
        if heading not in columns:
            columns.append(heading)
        row = rows.setdefault(
            one.need.item,
            {
                "what": _called(one.need),
                "standard": one.need.words + _range(one.need),
                "source": one.need.source,
                "by_column": {},
            },
        )
        short = "" if one.short is None else figures.amounts(one.short)
        row["by_column"][heading] = parted(figures.amounts(one.amount)) | {"short": short}
    nothing = parted("-") | {"short": ""}
    for row in rows.values():
        row["cells"] = [row["by_column"].get(heading, nothing) for heading in columns]
    return tuple(rows.values()), tuple(columns)


def parted(text: str) -> dict[str, str]:
    """A figure and, below it, its range."""
    figure, _, span = text.partition(" (")
    return {"figure": figure, "range": span.removesuffix(")")}


def _called(need: Need) -> str:
    """``covered living space, m²``; ``water taps`` are counted in taps."""
    return need.called if need.called.endswith(need.measure) else f"{need.called}, {need.measure}"


def _range(need: Need) -> str:
    if need.low is None and need.high is None:
        return ""
    low, high = need.low or need.figure, need.high or need.figure
    return f" ({low:,g} to {high:,g})"
