"""Bars: what changed for people, and what share of the inputs is measured."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from garita.report import numbers, svg
from garita.report.model import Fate, Outcome


def changes(outcomes: Sequence[Outcome]) -> dict[str, Any] | None:
    """One bar per final outcome: more (right) or fewer (left) people than without the closure, in per cent of
    the bar's room, with the ends of the interval. The page draws them, so that they fit a phone and print."""
    shown = [one for one in outcomes if one.people.difference.known]
    spans = [_span(one) for one in shown]
    lowest = min((low for low, _ in spans), default=0.0)
    highest = max((high for _, high in spans), default=0.0)
    if highest - lowest <= 0:
        return None

    def place(value: float) -> float:
        return 100.0 * (value - lowest) / (highest - lowest)

    rows = []
    for one in shown:
        change = one.people.difference
        ends = sorted((place(0.0), place(change.value)))
        whisker = math.isfinite(change.low) and math.isfinite(change.high) and change.high > change.low
        rows.append(
            {
                "label": one.label,
                "number": numbers.count(change.value, change.low, change.high, signed=True),
                "left": svg.number(ends[0]),
                "width": svg.number(ends[1] - ends[0]),
                "whisker_left": svg.number(place(change.low)) if whisker else "",
                "whisker_width": svg.number(place(change.high) - place(change.low)) if whisker else "",
            }
        )
    return {"rows": rows, "zero": svg.number(place(0.0))}


def _span(one: Outcome) -> tuple[float, float]:
    """From the bar's or the interval's lower end to the upper one, zero included."""
    change = one.people.difference
    ends = [end for end in (0.0, change.value, change.low, change.high) if math.isfinite(end)]
    return min(ends), max(ends)


def shares(parts: Sequence[tuple[str, float]]) -> Markup:
    """One bar over the full width, split by status; ``parts``: (status, share of 1)."""
    x = 0.0
    pieces = []
    for status, share in parts:
        pieces.append(svg.rectangle(x, 0, 1000 * share, 20, class_=f"status-{status}"))
        x += 1000 * share
    told = ", ".join(f"{status} {numbers.share(share, 1.0)}" for status, share in parts)
    return Markup(
        "<svg viewBox='0 0 1000 20' preserveAspectRatio='none' role='img' aria-label='{}'>{}</svg>"
    ).format(f"Inputs by status: {told}", svg.join(pieces))


# Light and dark in turn, so that neighbours differ in grey print too (after Okabe and Ito).
COLOURS = {
    "crossed": "#0a5c9e",
    "crossed_later": "#8cc0e8",
    "crossed_elsewhere": "#5b3a86",
    "crossed_elsewhere_later": "#c3a8e0",
    "crossed_on_foot": "#1d6b45",
    "crossed_on_foot_later": "#9fd4b6",
    "gave_up": "#b8450b",
    "cancelled": "#f0b98f",
    "waiting": "#3d4a52",
    "on_the_way": "#b9c0c6",
}
DARK = {"crossed", "crossed_elsewhere", "crossed_on_foot", "gave_up", "waiting"}
LABELS = {
    "crossed": "crossed there, having waited or in time",
    "crossed_later": "crossed there later",
    "crossed_elsewhere": "crossed elsewhere",
    "crossed_elsewhere_later": "elsewhere and later",
    "crossed_on_foot": "crossed on foot",
    "crossed_on_foot_later": "on foot and later",
    "gave_up": "gave up in the queue",
    "cancelled": "did not set out",
    "waiting": "still waiting",
    "on_the_way": "on the way at the end",
}


def fates(rows: Sequence[Fate]) -> dict[str, Any] | None:
    """One bar per closed crossing and mode, split by final outcome; shares are written in where they fit."""
    if not rows:
        return None
    used: set[str] = set()
    bars = []
    for one in rows:
        shares_of = {key: sum(share.value for kind, _, share in one.parts if kind == key) for key in COLOURS}
        parts = [
            {
                "name": LABELS[key],
                "width": svg.number(100.0 * share),
                "text": numbers.share(share, 1.0),
                "written": share >= 0.09,
                "colour": COLOURS[key],
                "ink": "#fff" if key in DARK else svg.INK,
            }
            for key, share in shares_of.items()
            if share > 0
        ]
        total = numbers.with_interval(one.total.value, one.total.low, one.total.high)
        used.update(key for key, share in shares_of.items() if share > 0)
        bars.append({"head": f"{one.name}: {total} {one.unit}", "parts": parts})
    legend = [{"name": LABELS[key], "colour": COLOURS[key]} for key in COLOURS if key in used]
    return {"bars": bars, "legend": legend}
