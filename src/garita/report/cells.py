"""Rows of the page's tables."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from garita.report import names, numbers
from garita.report.model import Estimate, Gross, Indicator, Outcome, Pair, Story

COLUMNS = (
    "indicator", "crossing", "direction", "mode", "lane_type", "counted_in", "other", "unit",
    "with", "with_low", "with_high", "without", "without_low", "without_high",
    "difference", "difference_low", "difference_high", "carried_by",
)  # fmt: skip


def text_of(estimate: Estimate, unit: str, *, signed: bool = False, censored: str = "") -> str:
    """An estimate in its unit's rounding; shares as percentages, their differences as points."""
    if not signed:
        estimate = estimate.within(1.0 if unit == "share" else math.inf)
    values = [estimate.value, estimate.low, estimate.high]
    least = numbers.least_step(unit, estimate.value)
    if unit == "share":
        values = [100.0 * value for value in values]
        least = 1.0
    return numbers.with_interval(*values, least=least, signed=signed, censored=censored)


def cell(text: str) -> Markup:
    """A number and, where there is room or on a line of its own, its interval."""
    value, bracket, rest = text.partition(" (")
    if not bracket:
        return escape(text)
    return Markup(f"{escape(value)} <span class='ci'>({escape(rest)}</span>")


def unit_of(one: Indicator) -> str:
    """The unit in words: what is counted, or the measure."""
    if one.unit == "count":
        if one.counted_in == "people":
            return "people"
        return names.mode(one.mode) if one.mode not in {"all", "pedestrian"} else "people"
    unit = {"share": "%", "index": "ratio"}.get(one.unit, one.unit)
    return f"{unit}, by {one.counted_in}" if one.counted_in in ("parties", "people") else unit


def pair_cells(pair: Pair, unit: str = "count") -> list[Markup]:
    """With, without, difference."""
    return [
        cell(text_of(pair.with_, unit)),
        cell(text_of(pair.without, unit)),
        cell(text_of(pair.difference, unit, signed=True)),
    ]


def outcomes(rows: Sequence[Outcome]) -> list[dict[str, Any]]:
    return [
        {
            "label": one.label,
            "explanation": one.explanation,
            "cells": pair_cells(one.people) + pair_cells(one.parties),
        }
        for one in rows
    ]


def gross(rows: Sequence[Gross]) -> list[dict[str, Any]]:
    return [{"label": one.label, "cells": pair_cells(one.people) + pair_cells(one.parties)} for one in rows]


def diversions(story: Story) -> list[dict[str, str]]:
    """The largest first; those that come to nobody are left out."""
    name = {place.id: place.name for place in story.places}
    rows = [flow for flow in story.diversions if flow.people.known and abs(flow.people.value) >= 0.5]
    rows.sort(key=lambda flow: -flow.people.value)
    return [
        {
            "origin": name.get(flow.origin, flow.origin),
            "destination": name.get(flow.destination, flow.destination),
            "people": text_of(flow.people, "count"),
            "parties": text_of(flow.parties, "count"),
        }
        for flow in rows[:30]
    ]


def indicators(story: Story) -> dict[str, Any]:
    """Rows, the choices of the filters, and the same as CSV with unrounded numbers."""
    places = {place.id: place for place in story.places}
    rows = [row_of(one, places) for one in story.indicators]
    levels = {"region": "whole region", "crossing": "crossings", "line": "single lines"}
    present = list(dict.fromkeys(one.level for one in story.indicators))
    return {
        "rows": rows,
        "mixed": len({one.evidence for one in story.indicators}) > 1,
        "evidence": story.indicators[0].evidence if story.indicators else "",
        "csv": Markup(csv_text(story.indicators)),
        "filters": [
            {
                "name": "main",
                "label": "Show",
                "chosen": "yes",
                "options": [{"value": "yes", "label": "main indicators"}],
            },
            {
                "name": "level",
                "label": "Level",
                "chosen": "",
                "options": [{"value": level, "label": levels.get(level, level)} for level in present],
            },
            choice("key", "Indicator", {one.key: one.name for one in story.indicators}),
            choice(
                "crossing",
                "Crossing",
                {one.crossing: where_of(one.crossing, places) for one in story.indicators},
            ),
            choice("mode", "Mode", {one.mode: names.mode(one.mode) for one in story.indicators}),
            choice(
                "direction",
                "Direction",
                {one.direction: names.direction(one.direction) for one in story.indicators},
            ),
        ],
    }


def choice(name: str, label: str, options: dict[str, str]) -> dict[str, Any]:
    shown = [{"value": value, "label": words} for value, words in options.items() if value]
    return {"name": name, "label": label, "chosen": "", "options": shown}


def where_of(crossing: str, places: dict[str, Any]) -> str:
    return "whole region" if crossing == "all" else places[crossing].name if crossing in places else crossing


def row_of(one: Indicator, places: dict[str, Any]) -> dict[str, Any]:
    unit = unit_of(one)
    pair = one.numbers
    texts = [
        text_of(pair.with_, one.unit, censored=one.censored),
        text_of(pair.without, one.unit),
        text_of(pair.difference, one.unit, signed=True),
    ]
    return {
        "name": one.name,
        "key": one.key,
        "note": one.note,
        "where": one.where,
        "unit": unit,
        "evidence": one.evidence,
        "cells": [cell(text) for text in texts],
        "filter": "|".join(
            ["yes" if one.main else "", one.level, one.key, one.crossing, one.mode, one.direction]
        ),
    }


def csv_text(rows: Sequence[Indicator]) -> str:
    """The table for a spreadsheet. It stands in a script element, so ``<`` must not occur in it."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in rows:
        values = [
            end
            for estimate in (one.numbers.with_, one.numbers.without, one.numbers.difference)
            for end in (estimate.value, estimate.low, estimate.high)
        ]
        told = [f"{value:.6g}" if math.isfinite(value) else "" for value in values]
        words = [
            one.key,
            one.crossing,
            one.direction,
            one.mode,
            one.lane_type,
            one.counted_in,
            one.note,
            one.unit,
        ]
        writer.writerow([*words, *told, one.evidence])
    return made.getvalue().replace("<", "‹")


def peaks(story: Story) -> list[dict[str, Any]]:
    """Longest waits by crossing and mode, with what came after."""
    rows = []
    for one in story.peaks:
        pair = one.numbers
        rows.append(
            {
                "where": one.where,
                "closed": one.closed,
                "cells": [
                    cell(text_of(estimate, "min", signed=signed))
                    for estimate, signed in (
                        (pair.with_, False),
                        (pair.without, False),
                        (pair.difference, True),
                    )
                ],
                "at": one.at,
                "passes": one.passes,
                "passes_sort": sort_key(one.passes_sort),
                "recovery": one.recovery,
                "recovery_sort": sort_key(one.recovery_sort),
            }
        )
    return rows


def sort_key(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else "nan"


def transitions(story: Story) -> list[dict[str, Any]]:
    return [
        {"name": name, "cells": [numbers.count(value) if value >= 0.5 else "" for value in values]}
        for name, values in story.transitions
    ]
