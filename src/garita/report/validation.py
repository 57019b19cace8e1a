"""The page "Observed and simulated": validation cases, their scores, every figure beside what was observed.

It takes the plain form of a result of :mod:`garita.fit.validation` (``dataclasses.asdict``), so that the two
packages stay apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from garita import __version__
from garita.report import numbers, svg
from garita.report.render import CONTROL, environment, static, write_whole

Record = Mapping[str, Any]

REACH = 5.0  # standard deviations that a strip shows on either side
STRIP = 220.0
MARKS = {"simulation": "sim", "no effect": "none", "all divert": "divert", "all cancel": "cancel"}
NEAR, FAR = 1.0, 2.0
CHART, TALL, LEFT = 336.0, 130.0, 30.0
UNITS = {"min": "min", "h": "h", "parties": "", "m": "m", "share": "", "%": "%"}


def write(result: Record, path: str | Path) -> Path:
    """Write the page of a result as one HTML file that asks nothing of any server. Returns its path.

    ``result``: ``cases`` (records of cases), ``overall`` (score by way) and ``kinds`` (the same by kind).
    """
    return write_whole(Path(path), page_of(result))


def page_of(result: Record) -> str:
    """The whole HTML text."""
    ways = list(result["overall"])
    ran = [case for case in result["cases"] if case["scores"]]
    everything = [(case, one) for case in ran for one in case["compared"]]
    distances = [one["figures"][ways[0]]["distance"] for _, one in everything] if ways else []
    far = sorted(
        (pair for pair in everything if _far(pair[1]["figures"][ways[0]]["distance"])),
        key=lambda pair: -_worst(pair[1]["figures"][ways[0]]["distance"]),
    )
    page = {
        "style": Markup(static("report.css") + static("validation.css")),
        "version": __version__,
        "ways": [{"name": way, "mark": mark(way, 8, 8)} for way in ways],
        "answer": answer(result, len(ran), distances),
        "scores": [score_row(case["title"], f"#case-{case['name']}", case["scores"]) for case in ran],
        "means": [score_row(f"mean, {kind}", "", scores) for kind, scores in result["kinds"].items()]
        + [score_row("mean of all cases", "", result["overall"])],
        "far": [
            {"case": case["title"], "anchor": f"#case-{case['name']}", **row(one, ways)} for case, one in far
        ],
        "cases": [case_of(case, ways) for case in ran],
        "left": [case for case in result["cases"] if not case["scores"]],
    }  # fmt: skip
    return CONTROL.sub("", environment().get_template("validation.html.j2").render(page=page))


def answer(result: Record, cases: int, distances: Sequence[float]) -> list[str]:
    """What it comes to, in sentences; nothing is said that the scores do not say."""
    if not cases:
        return ["No case was run."]
    simulated, *guessed = result["overall"].items()
    best = max(guessed, key=lambda pair: pair[1])
    verdict = "above" if simulated[1] > best[1] else "not above"
    near = sum(one <= NEAR for one in distances)
    far = sum(_far(one) for one in distances)
    return [
        f"The simulation scores *{simulated[1]:.2f}* over {cases} cases; 1 is best. That is *{verdict}* the "
        f"best of three guesses that need no simulation, “{best[0]}” with {best[1]:.2f}.",
        f"Of {len(distances)} observations {near} are met within one standard deviation of their own noise, "
        f"and {far} are missed by more than two.",
    ]


def _far(distance: float) -> bool:
    return not distance <= FAR  # no figure is far too


def _worst(distance: float) -> float:
    return math.inf if math.isnan(distance) else distance


def score_row(name: str, anchor: str, scores: Mapping[str, float]) -> dict[str, Any]:
    """A row of the table of scores: a strip from 0 to 1 with a mark for each way, and the numbers."""
    marks = [svg.line(6, 11, STRIP - 6, 11, class_="axis")]
    for x in (0.0, 0.5, 1.0):
        marks.append(svg.line(*[6 + x * (STRIP - 12), 4, 6 + x * (STRIP - 12), 18], class_="grid"))
    last = list(scores.items())[::-1]  # the simulation on top
    marks += [mark(way, 6 + score * (STRIP - 12), 11) for way, score in last if math.isfinite(score)]
    told = ", ".join(f"{way} {score:.2f}" for way, score in scores.items())
    return {
        "name": name,
        "anchor": anchor,
        "strip": _strip(marks, told),
        "scores": [f"{score:.2f}" if math.isfinite(score) else numbers.NOTHING for score in scores.values()],
        "best": _best(scores),
    }


def _best(scores: Mapping[str, float]) -> list[int]:
    """Positions of the best as they are printed, to be bold; none where all are level."""
    known = [round(score, 2) if math.isfinite(score) else -1.0 for score in scores.values()]
    if len(set(known)) < 2:
        return []
    return [place for place, score in enumerate(known) if score == max(known)]


def _strip(parts: Sequence[Markup], told: str) -> Markup:
    head = Markup("<svg class='strip' viewBox='0 0 {} 22' role='img' aria-label='{}'>")
    return head.format(svg.number(STRIP), told) + svg.join(parts) + Markup("</svg>")


def mark(way: str, x: float, y: float) -> Markup:
    """The sign of a way: a full circle for the simulation, others for the guesses."""
    kind = MARKS.get(way, "none")
    shape = {
        "none": "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0",
        "sim": "M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0",
        "divert": "M-4.5 -5L5.5 0L-4.5 5z",
        "cancel": "M-4.5 -4.5L4.5 4.5M-4.5 4.5L4.5 -4.5",
    }[kind]
    return svg.path(shape, class_=f"mark {kind}", transform=f"translate({svg.number(x)} {svg.number(y)})")


def case_of(case: Record, ways: Sequence[str]) -> dict[str, Any]:
    """A case as its section shows it."""
    return {
        "name": case["name"],
        "title": case["title"],
        "about": case["about"],
        "caveats": case["caveats"],
        "replications": case["replications"],
        "scores": score_row("score of the case", "", case["scores"]),
        "rows": [row(one, ways) for one in case["compared"]],
        "charts": [chart(one, ways[0]) for one in case["compared"] if one["hours"]],
        "sources": list(dict.fromkeys(one["source"] for one in case["compared"] if one["source"])),
        "notes": [f"{one['name']}: {one['note']}" for one in case["compared"] if one["note"]],
    }


def row(one: Record, ways: Sequence[str]) -> dict[str, Any]:
    """An observation as a row: what was observed, what each way says, and a strip of distances."""
    return {
        "name": one["name"],
        "where": one["where"],
        "window": one["window"],
        "observed": observed(one),
        "noise": noise(one),
        "strip": distances(one, ways) if not one["hours"] else "",
        "cells": [
            {"figure": figure(one, one["figures"][way]), "score": f"{one['figures'][way]['score']:.2f}"}
            for way in ways
        ],
    }


def distances(one: Record, ways: Sequence[str]) -> Markup:
    """Where each way lies, in standard deviations below or above what was observed; far ones at the end."""
    half = STRIP / 2
    scale = (half - 8) / REACH
    parts = [
        svg.rectangle(half - scale, 2, 2 * scale, 18, class_="within"),
        svg.line(2, 11, STRIP - 2, 11, class_="axis"),
        svg.line(half, 2, half, 20, class_="axis"),
    ]
    told = []
    for way in reversed(list(ways)):
        found = one["figures"][way]
        away = found["distance"]
        if math.isnan(away):
            continue
        signed = -away if found["value"] < one["low"] else away
        parts.append(mark(way, half + scale * max(-REACH, min(REACH, signed)), 11))
        told.append(f"{way} {signed:+.1f}")
    return _strip(parts, "standard deviations from the observation: " + ", ".join(reversed(told)))


def amount(value: float, unit: str) -> str:
    """An amount as it is read: shares in per cent, changes with their sign."""
    if math.isinf(value):
        return "not by the end"
    if unit == "share":
        return f"{numbers.plain(100.0 * value)} %"
    step = numbers.step_for(value, least=numbers.least_step(unit, value))
    word = UNITS.get(unit, unit)
    return numbers.plain(value, step, signed=unit == "%") + (f" {word}" if word else "")


def observed(one: Record) -> str:
    """What was observed, in words."""
    unit = one["unit"]
    if one["hours"]:
        known = [hour for hour in one["hours"] if math.isfinite(hour)]
        return f"{amount(sum(known) / len(known), unit)} on average" if known else numbers.NOTHING
    low, high = one["low"], one["high"]
    if math.isinf(low):
        return f"at most {amount(high, unit)}"
    if math.isinf(high):
        return f"at least {amount(low, unit)}"
    return amount(low, unit) if low == high else f"{amount(low, unit)} to {amount(high, unit)}"


def noise(one: Record) -> str:
    """The noise of the observation; of a change in per cent of the ratio."""
    if one["unit"] == "%":
        return f"± {numbers.plain(100.0 * one['noise'])} %"
    return f"± {amount(one['noise'], one['unit'])}"


def figure(one: Record, found: Record) -> str:
    """A predicted figure, with its range where replications differ."""
    value, unit = found["value"], one["unit"]
    if math.isnan(value):
        return numbers.NOTHING
    low, high = amount(found["low"], unit), amount(found["high"], unit)
    said = amount(value, unit)
    if one["hours"]:
        return f"{said}, off by {amount(found['distance'] * one['noise'], unit)} an hour"
    if math.isnan(found["low"]) or math.isinf(value) or (low == said == high):
        return said
    return f"{said} ({low} to {high})"


def chart(one: Record, way: str) -> dict[str, Any]:
    """Hour by hour: observed with its noise as a band, simulated as a line."""
    seen, said = one["hours"], one["figures"][way]["hours"]
    spread = one["noise"]
    top, step = svg.nice_top(
        max([value for value in (*seen, *said) if math.isfinite(value)], default=1.0) + spread / 2,
        minutes=one["unit"] == "min",
    )

    def place(hour: float, value: float) -> tuple[float, float]:
        return LEFT + (CHART - LEFT - 6) * hour / 23, 8 + (TALL - 26) * (1 - min(max(value, 0.0), top) / top)

    parts = []
    value = 0.0
    while value <= top + 1e-9:
        y = place(0, value)[1]
        parts += [svg.line(LEFT, y, CHART - 6, y, class_="grid"),
                  svg.text(LEFT - 4, y + 4, f"{value:g}", class_="tick end")]  # fmt: skip
        value += step
    for hour in (0, 6, 12, 18):
        parts.append(svg.text(place(hour, 0)[0], TALL - 3, f"{hour:02}", class_="tick middle"))
    known = [hour for hour in range(24) if math.isfinite(seen[hour])]
    upper = [place(hour, seen[hour] + spread) for hour in known]
    lower = [place(hour, seen[hour] - spread) for hour in known]
    if len(known) > 1:
        parts.append(svg.path(svg.trail([*upper, *lower[::-1]]) + "z", class_="band without"))
    for values, kind in ((seen, "without"), (said, "with")):
        points = [place(hour, values[hour]) for hour in range(24) if math.isfinite(values[hour])]
        if points:
            parts.append(svg.path(svg.trail(points), class_=f"line {kind}"))
    box = Markup("<svg class='chart' viewBox='0 0 {} {}' role='img'>").format(int(CHART), int(TALL))
    name = svg.title(f"{one['name']}, {one['where']}, by hour: observed and simulated")
    return {"name": one["where"], "svg": box + name + svg.join(parts) + Markup("</svg>")}
