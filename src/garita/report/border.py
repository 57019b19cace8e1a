"""The page of a run of many regions: what is stopped at a whole border, by day, region and port."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from garita import __version__
from garita.outcomes.journey_figures import Curve
from garita.report import border_map, border_words, inputs, journey_charts, numbers
from garita.report.model import Floats, Input, Place, Reference
from garita.report.render import CONTROL, days, environment, static, write_whole
from garita.runs import border_totals
from garita.runs.border_totals import BY_DAY

if TYPE_CHECKING:
    from garita.runs.border import BorderOutcome
    from garita.scenario.border import Border

CURVES = (
    ("People", "people a day", "people", "people_without", 1.0),
    ("Trucks", "trucks a day", "trucks", "trucks_without", 1.0),
    ("Goods", "million USD a day", "usd_stopped", "", 1e-6),
)
"""Title, what is counted, and the columns of the histories: with, without; without the latter, what is
stopped itself."""

EVENTS = {f"scenario: {section}" for section in inputs.SECTIONS}
"""What a scenario says happens; what it leaves as it is usual, it does not say."""

Sums = Mapping[str, tuple[border_totals.Place, Mapping[str, border_totals.Place]]]


def write(outcome: BorderOutcome, border: Border, path: str | Path) -> Path:
    """Write the page as one HTML file that asks nothing of any server. Returns its path."""
    return write_whole(Path(path), page_of(outcome, border))


def page_of(outcome: BorderOutcome, border: Border) -> str:
    """The whole HTML text."""
    scenario = border.cases[0].scenario
    dates = sorted({day.day for day in outcome.days})
    sums = border_totals.places(outcome.days)
    told = border_words.Told(
        outcome.paired,
        len(dates),
        {row["mode"]: row for row in border_totals.totals(outcome.days)},
        border_totals.place(outcome.days, len(dates)),
        {name_of(case): sums[case.tables.id][0] for case in cases_of(border)},
    )
    rows, references = inputs_of(border)
    page = {
        "style": Markup(static("report.css") + static("border.css")),
        "version": __version__,
        "title": border.title,
        "question": scenario.question or border_words.question(outcome.paired),
        "period": days(dates[0], dates[-1]),
        "days": len(dates),
        "regions": len(border.cases),
        "paired": outcome.paired,
        "histories": len(outcome.histories),
        "answer": border_words.answer(told),
        "figures": border_words.keys(told),
        "map": map_of(border, sums, outcome.paired),
        "charts": charts(outcome, dates[0]),
        "places": table(border, sums, told.border),
        "shares": inputs.shares(rows),
        "by_region": by_region(border),
        "by_source": inputs.by_source([row for row in rows if row.figures or row.source]),
        "references": references,
        "anchors": {one.key: f"#source-{place}" for place, one in enumerate(references)},
        "events": [row for row in rows if row.table in EVENTS],
        "caveats": border_words.caveats(told, len(outcome.histories)),
        "command": border_words.command(border, outcome, len(dates)),
        "text": border.text,
        "digests": outcome.manifest["regions"],
    }
    return CONTROL.sub("", environment().get_template("border.html.j2").render(page=page))


def cases_of(border: Border) -> tuple[Any, ...]:
    """Its cases, each of which is on the tables of a region."""
    return border.cases


def name_of(case: Any) -> str:
    return str(case.tables.name)


# where


def ports_of(case: Any) -> dict[str, Place]:
    """The ports of a region: the mean of their crossings."""
    rows: dict[str, list[Any]] = {}
    for row in case.tables.tables["crossings"]:
        rows.setdefault(row.get("port") or row["crossing"], []).append(row)
    found = {}
    for port, mine in rows.items():
        name = mine[0].get("port_name") or mine[0]["name"]
        lat, lon = (float(np.mean([float(row[at] or "nan") for row in mine])) for at in ("lat", "lon"))
        found[port] = Place(port, name, port, name, lat, lon)
    return found


def map_of(border: Border, sums: Sums, paired: bool) -> dict[str, Any] | None:
    """The maps, and the list of what the numbers on them stand for."""
    regions = {}
    for case in cases_of(border):
        here, places = sums[case.tables.id][0], tuple(ports_of(case).values())
        regions[case.tables.id] = border_map.Region(
            case.tables.id, name_of(case), places, here.people[1], here.people_stopped
        )
    drawn = border_map.draw(list(regions.values()), paired)
    if drawn is None:
        return None
    signs = [
        {
            "name": regions[one].name,
            "without": numbers.count(regions[one].without),
            "stopped": numbers.count(regions[one].stopped),
            "share": numbers.share(regions[one].stopped, regions[one].without),
        }
        for one in drawn.order
    ]
    return {"wide": drawn.wide, "narrow": drawn.narrow, "signs": signs}


# when


def charts(outcome: BorderOutcome, first: date) -> list[dict[str, Any]]:
    """A curve by day of people, trucks and the value of goods: what would cross, and what is stopped."""
    columns = {name: outcome.histories[..., number] for number, name in enumerate(BY_DAY)}
    found = []
    for name, unit, with_, without, scale in CURVES:
        would = columns[without] if without else None
        if not outcome.paired and would is None:
            continue
        stopped = columns[with_] if would is None or not outcome.paired else would - columns[with_]
        chart = journey_charts.Chart(
            f"{name} stopped" if outcome.paired else f"{name} that come in",
            unit,
            unit,
            first,
            curve_of(stopped * scale),
            curve_of(would * scale) if outcome.paired and would is not None else None,
        )
        found.append({"name": chart.name, "svg": journey_charts.draw(chart)})
    return found


def curve_of(values: Floats) -> Curve:
    """Mean of the histories [R, days] and the middle 90 %; never below the axis."""
    low, high = np.quantile(values, [0.05, 0.95], axis=0)
    return Curve(*(np.maximum(each, 0.0) for each in (values.mean(axis=0), low, high)))


# by region and port


def table(border: Border, sums: Sums, whole: border_totals.Place) -> list[dict[str, Any]]:
    """A row for the border, and for each region, with its ports below it; a day on average."""
    rows = [row_of("All regions", whole, "border")]
    cases = sorted(cases_of(border), key=lambda case: -sums[case.tables.id][0].people[1])
    for case in cases:
        here, ports = sums[case.tables.id]
        rows.append(row_of(name_of(case), here, "region"))
        if len(ports) > 1:
            named = ports_of(case)
            rows += [row_of(named[port].name, ports[port], "port") for port in ports]
    return rows


def row_of(name: str, here: border_totals.Place, kind: str) -> dict[str, Any]:
    """A row as it is written."""
    waits = [numbers.plain(wait) if wait is not None else numbers.NOTHING for wait in here.car_wait]
    return {
        "name": name,
        "kind": kind,
        "without": numbers.count(here.people[1]),
        "people": numbers.count(here.people_stopped),
        "trucks_without": numbers.count(here.trucks[1]),
        "trucks": numbers.count(here.trucks_stopped),
        "usd": numbers.plain(here.usd_stopped / 1e6, 0.1 if abs(here.usd_stopped) < 1e7 else 1.0),
        "wait": waits[0],
        "wait_without": waits[1],
    }


# what went in


def inputs_of(border: Border) -> tuple[list[Input], list[Reference]]:
    """The figures of all regions; what the scenario says, once; and the sources that keys stand for."""
    rows: list[Input] = []
    references: dict[str, Reference] = {}
    for number, case in enumerate(cases_of(border)):
        found = inputs.rows_of(case, case.tables.id)
        rows += [row for row in found if number == 0 or not row.table.startswith("scenario:")]
        for one in inputs.references_of(case, case.tables.id):
            references.setdefault(one.key, one)
    return rows, list(references.values())


def by_region(border: Border) -> list[dict[str, Any]]:
    """How many figures each region has, and what share of them is measured, derived, assumed."""
    found = []
    for case in cases_of(border):
        rows = inputs.rows_of(case, case.tables.id)
        total = sum(row.figures for row in rows)
        cells = [
            numbers.share(sum(row.figures for row in rows if row.status == status), total)
            for status in inputs.STATUSES
        ]
        found.append({"name": name_of(case), "count": numbers.plain(total), "cells": cells})
    return found
