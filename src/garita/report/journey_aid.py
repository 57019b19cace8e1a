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


def aid_of(outcome: JourneyOutcome, main: int) -> Aid:
    """The tables, and the charts of the place that the story is about."""
    layout = outcome.layout
    found = figures.who_is_there(outcome)
    kinds = [name for name in HEADINGS if any(name in one.by_kind for one in found)]
    who = tuple(
        {
            "where": f"{layout.places[one.place].name}, {day_named(layout.date(one.day))}",
            "people": people_range(one.people),
            "cells": [people_range(one.by_kind[name]) if name in one.by_kind else "0" for name in kinds],
        }
        for one in found
    )
    charts = []
    for name in ("women", "men", "children") if found else ():
        title = f"{name.capitalize()} in {layout.places[main].name}"
        values = outcome.by_kind[name][:, :, main]
        made = Chart(title, "people", "people", layout.date(0), figures.curve(values))
        charts.append({"name": title, "svg": draw(made)})
    return Aid(tuple(HEADINGS[name] for name in kinds), who, tuple(charts))
