"""The page of a fit: observed and simulated waits by hour, residuals, and parameters with their intervals.

It takes plain data (:func:`garita.fit.page.record`), so that the two packages stay apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from garita import __version__
from garita.report import svg
from garita.report.render import CONTROL, environment, static, write_whole

Record = Mapping[str, Any]
Numbers = Sequence[float]

WIDE, TALL, LEFT = 720.0, 150.0, 32.0
SMALL, LOW = 336.0, 96.0
STRIP = 240.0
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOURS = 168


def write(record: Record, path: str | Path) -> Path:
    """Write the page of a fit as one HTML file that asks nothing of any server. Returns its path."""
    return write_whole(Path(path), page_of(record))


def page_of(record: Record) -> str:
    """The whole HTML text."""
    page = {
        "style": Markup(static("report.css") + static("fitting.css")),
        "version": __version__,
        "region": record["region"],
        "source": record["source"],
        "answer": answer(record),
        "scores": [score_row(one) for one in record["scores"]],
        "months": [month(one) for one in record["told"]],
        "parameters": [parameter_row(one) for one in record["parameters"]],
        "lines": record["lines"],
        "fitted": record["months"],
        "counts_of": record["counts_of"],
        "members": len(record["members"]),
    }
    return CONTROL.sub("", environment().get_template("fitting.html.j2").render(page=page))


def answer(record: Record) -> list[str]:
    """What it comes to, in sentences."""
    found = []
    scores = record["scores"]
    if scores:
        # Where climatology is exact there is no share of its error, and no mean of shares.
        shares = [one["simulated"] / one["climatology"] for one in scores if one["climatology"]]
        better = sum(one["simulated"] <= one["climatology"] for one in scores)
        if shares:
            change = round(100.0 * (1.0 - sum(shares) / len(shares)))
            size = (
                f"{abs(change)} % {'smaller' if change >= 0 else 'larger'} than" if change else "as large as"
            )
            found.append(
                f"In months that were not fitted, errors are on average *{size}* those of climatology, the "
                "mean of the fitted months."
            )
        found.append(f"They are no larger in *{better} of {len(scores)}* months and lines.")
    else:
        found.append("No month was left out: nothing here says how well a month is told that was not fitted.")
    told = [one["label"] for one in record["parameters"] if one["told"]]
    open_ = [one["label"] for one in record["parameters"] if not one["told"]]
    found.append(
        f"The data tell {_listed(told) or 'none of the parameters'}"
        + (f"; they hardly tell {_listed(open_)}." if open_ else ".")
    )
    return found


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1] if words else ""


def score_row(one: Record) -> dict[str, str]:
    """A month and line of the table of scores."""
    share = one["simulated"] / one["climatology"] if one["climatology"] else None
    return {
        "month": one["month"],
        "name": one["column"].replace(":", ", "),
        "climatology": f"{one['climatology']:.1f}",
        "simulated": f"{one['simulated']:.1f}",
        "share": "–" if share is None else f"{share:.2f}",
        "kind": "better" if one["simulated"] <= one["climatology"] else "worse",
    }


def month(one: Record) -> dict[str, Any]:
    """A month as its section shows it: for each line a week, and residuals by hour of the day."""
    return {
        "name": one["month"],
        "average": one["month"] == "average",
        "lines": [
            {
                "name": line["name"].replace(":", ", "),
                "error": f"{error(line['observed'], line['simulated']):.1f}",
                "week": week(line),
                "residuals": residuals(line),
            }
            for line in one["lines"]
        ],
    }


def error(observed: Numbers, simulated: Numbers) -> float:
    """Mean absolute error over the hours that were observed, minutes."""
    both = [abs(a - b) for a, b in zip(observed, simulated, strict=True) if math.isfinite(a - b)]
    return sum(both) / len(both) if both else math.nan


def week(line: Record) -> Markup:
    """Hour by hour from Monday: observed, simulated, and climatology as a band's edge."""
    series = [("observed", "without"), ("simulated", "with"), ("climatology", "was")]
    known = [value for name, _ in series for value in line[name] if math.isfinite(value)]
    top, step = svg.nice_top(max(known, default=1.0), minutes=True)

    def place(hour: float, value: float) -> tuple[float, float]:
        return LEFT + (WIDE - LEFT - 6) * hour / HOURS, 8 + (TALL - 28) * (1 - value / top)

    parts = _levels(top, step, place, WIDE)
    for day, name in enumerate(DAYS):
        x = place(24 * day, 0)[0]
        parts += [svg.line(x, 8, x, TALL - 20, class_="grid"),
                  svg.text(x + (WIDE - LEFT) / 14, TALL - 5, name, class_="tick middle")]  # fmt: skip
    for name, kind in (series[2], series[0], series[1]):
        for run in _runs(line[name]):
            points = [place(hour + 0.5, line[name][hour]) for hour in run]
            parts.append(svg.path(svg.trail(points), class_=f"line {kind}"))
    return _frame(parts, WIDE, TALL, f"{line['name']}: observed and simulated waits by hour of the week")


def residuals(line: Record) -> Markup:
    """Simulated minus observed by hour of the day, mean of the week: bars up where the simulation is
    longer."""
    means = []
    for hour in range(24):
        found = [line["simulated"][24 * day + hour] - line["observed"][24 * day + hour] for day in range(7)]
        there = [value for value in found if math.isfinite(value)]
        means.append(sum(there) / len(there) if there else math.nan)
    top, _ = svg.nice_top(max((abs(one) for one in means if math.isfinite(one)), default=1.0), least=1.0)

    def place(hour: float, value: float) -> tuple[float, float]:
        return LEFT + (SMALL - LEFT - 6) * hour / 24, 8 + (LOW - 26) * (0.5 - value / top / 2)

    parts = []
    for level in (-top, 0.0, top):
        y = place(0, level)[1]
        parts += [svg.line(LEFT, y, SMALL - 6, y, class_="axis" if level == 0.0 else "grid"),
                  svg.text(LEFT - 4, y + 4, f"{level:g}".replace("-", "−"), class_="tick end")]  # fmt: skip
    for hour, value in enumerate(means):
        if math.isfinite(value):
            (x, y), base = place(hour + 0.1, value), place(hour, 0.0)[1]
            width = 0.8 * (SMALL - LEFT - 6) / 24
            parts.append(svg.rectangle(x, min(y, base), width, abs(base - y), class_="residual"))
    for hour in (0, 6, 12, 18):
        parts.append(svg.text(place(hour + 0.5, 0)[0], LOW - 3, f"{hour:02}", class_="tick middle"))
    return _frame(parts, SMALL, LOW, f"{line['name']}: simulated minus observed by hour of the day")


def _levels(top: float, step: float, place: Any, width: float) -> list[Markup]:
    parts, value = [], 0.0
    while value <= top + 1e-9:
        y = place(0, value)[1]
        parts += [svg.line(LEFT, y, width - 6, y, class_="grid"),
                  svg.text(LEFT - 4, y + 4, f"{value:g}", class_="tick end")]  # fmt: skip
        value += step
    return parts


def _runs(values: Numbers) -> list[list[int]]:
    """Stretches of hours that have a value."""
    found: list[list[int]] = []
    for hour, value in enumerate(values):
        if math.isfinite(value):
            if found and found[-1][-1] == hour - 1:
                found[-1].append(hour)
            else:
                found.append([hour])
    return found


def _frame(parts: Sequence[Markup], width: float, height: float, words: str) -> Markup:
    box = Markup("<svg class='chart' viewBox='0 0 {} {}' role='img'>").format(int(width), int(height))
    return box + svg.title(words) + svg.join(parts) + Markup("</svg>")


def parameter_row(one: Record) -> dict[str, Any]:
    """A parameter: its range as a line, the interval as a bar, the best value as a dot."""
    x = [8 + (STRIP - 16) * place for place in (one["place_low"], one["place_high"], one["place"])]
    parts = [
        svg.line(8, 11, STRIP - 8, 11, class_="axis"),
        svg.rectangle(x[0], 6, max(x[1] - x[0], 2.0), 10, class_=f"interval {'' if one['told'] else 'open'}"),
        svg.circle(x[2], 11, 4.5, class_="best"),
    ]
    told = f"{one['label']}: {one['best']:.3g}, nine in ten between {one['low']:.3g} and {one['high']:.3g}"
    head = Markup("<svg class='strip' viewBox='0 0 {} 22' role='img' aria-label='{}'>")
    return {
        "name": one["label"],
        "what": one["what"],
        "unit": one["unit"],
        "best": f"{one['best']:.3g}",
        "interval": f"{one['low']:.3g} to {one['high']:.3g}",
        "range": f"{one['from']:.3g} to {one['to']:.3g}",
        "told": "yes" if one["told"] else "hardly",
        "strip": head.format(svg.number(STRIP), told) + svg.join(parts) + Markup("</svg>"),
    }
