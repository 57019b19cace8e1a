"""Curves by day: people, capacity, lists and waits; published counts as marks beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from markupsafe import Markup

from garita.outcomes.journey_figures import Curve
from garita.report import numbers, svg
from garita.report.model import Floats

WIDTH, LEFT, RIGHT, TOP, HEIGHT, TOTAL = 384.0, 54.0, 8.0, 20.0, 120.0, 166.0


@dataclass(frozen=True)
class Mark:
    """A published count: its day, and the lowest and highest claim."""

    day: int
    low: float
    high: float


@dataclass(frozen=True)
class Chart:
    """One chart by day. ``without``: the same without the closures; ``limit``: what there is room for."""

    name: str
    label: str
    unit: str
    first: date
    with_: Curve
    without: Curve | None = None
    limit: Floats | None = None
    marks: Sequence[Mark] = field(default_factory=tuple)
    note: str = ""


def draw(chart: Chart) -> Markup:
    """The chart as a figure's picture."""
    days = len(chart.with_.mean)
    tops = [chart.with_.high, *([chart.without.high] if chart.without is not None else [])]
    tops += [chart.limit] if chart.limit is not None else []
    tops += [np.array([mark.high]) for mark in chart.marks]
    top, step = svg.nice_top(max(float(np.nanmax(each, initial=1.0)) for each in tops), least=1.0)

    def height(values: Floats) -> Floats:
        scaled: Floats = TOP + HEIGHT * (1.0 - np.asarray(values, np.float64) / top)
        return scaled

    def across(day: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (day + 0.5) / days

    x = LEFT + (WIDTH - LEFT - RIGHT) * (np.arange(days) + 0.5) / days
    parts = [svg.title(f"{chart.name}, {chart.label} by day")]
    for index in range(int(top / step + 1e-9) + 1):
        y = float(height(np.array([index * step]))[0])
        parts.append(svg.line(LEFT, y, WIDTH - RIGHT, y, class_="grid" if index else "axis"))
        parts.append(
            svg.text(LEFT - 5, y + 4, numbers.plain(index * step, 1.0) if index else "0", class_="tick end")
        )
    parts.append(svg.text(LEFT, TOP - 7, chart.label, class_="name"))
    parts += _days(chart.first, days, across)
    for curve, kind in ((chart.without, "without"), (chart.with_, "with")):
        if curve is not None:
            parts.append(svg.path(svg.area(x, height(curve.low), height(curve.high)), class_=f"band {kind}"))
    for curve, kind in ((chart.without, "without"), (chart.with_, "with")):
        if curve is not None:
            parts.append(svg.path(svg.curve(x, height(curve.mean)), class_=f"line {kind}"))
    if chart.limit is not None:
        parts.append(
            svg.path(svg.curve(x, height(np.where(chart.limit > 0, chart.limit, np.nan))), class_="limit")
        )
    for mark in chart.marks:
        low, high = height(np.array([mark.low, mark.high])).tolist()
        parts.append(svg.line(across(mark.day), high - 4, across(mark.day), low + 4, class_="claimed"))
        parts.append(svg.circle(across(mark.day), (low + high) / 2, 3.2, class_="published"))
    return Markup("<svg class='chart' viewBox='0 0 {} {}' role='img' aria-label='{}'>{}</svg>").format(
        svg.number(WIDTH),
        svg.number(TOTAL),
        f"{chart.name}, {chart.label} by day. {chart.note}",
        svg.join(parts),
    )


def _days(first: date, days: int, across: object) -> list[Markup]:
    """Marks at the first of each month, and between where there is room."""
    assert callable(across)
    parts = []
    every = (1, 15) if days <= 200 else (1,)
    names = 0
    for day in range(days):
        at = date.fromordinal(first.toordinal() + day)
        if at.day in every and (days <= 200 or at.month in ((1, 4, 7, 10) if days <= 400 else (1, 7))):
            x = across(day - 0.5)
            parts.append(svg.line(x, TOP, x, TOP + HEIGHT + 3, class_="grid"))
            words = f"{at.day} {at:%b}" if days <= 400 else f"{at:%b %Y}"
            parts.append(svg.text(x, TOP + HEIGHT + 15, words, class_="tick middle"))
            names += 1
    if not names:
        for day in (0, days - 1):
            at = date.fromordinal(first.toordinal() + day)
            parts.append(svg.text(across(day), TOP + HEIGHT + 15, f"{at.day} {at:%b}", class_="tick middle"))
    return parts
