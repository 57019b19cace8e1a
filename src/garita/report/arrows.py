"""Arrows of the map: from where people meant to cross to where they crossed, with how many did."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from markupsafe import Markup

from garita.report import numbers, svg
from garita.report.ground import Box, overlap
from garita.report.model import Flow, Place

ARCS_AT_MOST = 6
LEAST_SHARE = 0.02  # of the largest move: smaller ones would only clutter the map
HEAD = 9.0  # length of an arrowhead; the marker in report.html.j2 is as long
Point = tuple[float, float]
Arc = tuple[Point, Point, Point]  # a quadratic curve: start, control point, end


class Spot(Protocol):
    """What arrows lead from and to: crossings that lie together on the page."""

    places: list[Place]
    x: float
    y: float


def going(found: Sequence[Spot], flows: Sequence[Flow]) -> list[tuple[int, int, float]]:
    """From spot, to spot, people: the largest first, without those that are few beside it."""
    where = {place.id: index for index, spot in enumerate(found) for place in spot.places}
    total: dict[tuple[int, int], float] = {}
    for flow in flows:
        ends = where.get(flow.origin), where.get(flow.destination)
        if ends[0] is not None and ends[1] is not None and ends[0] != ends[1] and flow.people.known:
            total[ends[0], ends[1]] = total.get((ends[0], ends[1]), 0.0) + flow.people.value
    least = max(10.0, LEAST_SHARE * max(total.values(), default=0.0))
    shown = [(origin, target, people) for (origin, target), people in total.items() if people >= least]
    return sorted(shown, key=lambda one: -one[2])[:ARCS_AT_MOST]


def bulge(start: Spot, end: Spot) -> float:
    """How far a curve rises above the straight line: to the east it bends north (negative), else south."""
    rise = 16 + 0.11 * math.hypot(end.x - start.x, end.y - start.y)
    return -rise if end.x >= start.x else rise


def apex(start: Spot, end: Spot) -> float:
    """The height on the page of the middle of a curve, which is close to its outermost point."""
    return (start.y + end.y) / 2 + bulge(start, end)


def point(arc: Arc, t: float) -> Point:
    """The curve at ``t`` from 0 to 1."""
    (ax, ay), (bx, by), (cx, cy) = arc
    first, second, third = (1 - t) ** 2, 2 * t * (1 - t), t * t
    return first * ax + second * bx + third * cx, first * ay + second * by + third * cy


def trimmed(arc: Arc, before: float, after: float) -> Arc:
    """The curve without what lies nearer than ``before`` to its start and ``after`` to its end."""
    steps = [step / 96 for step in range(97)]
    first = next((t for t in steps if math.dist(point(arc, t), arc[0]) >= before), 0.0)
    last = next((t for t in reversed(steps) if math.dist(point(arc, t), arc[2]) >= after), 1.0)
    if first >= last:  # two signs that all but touch
        return arc
    a, b, c = arc
    shares = (1 - first) * (1 - last), first * (1 - last) + last * (1 - first), first * last
    control = tuple(
        sum(share * end[axis] for share, end in zip(shares, (a, b, c), strict=True)) for axis in (0, 1)
    )
    return point(arc, first), (control[0], control[1]), point(arc, last)


def arcs(
    found: Sequence[Spot],
    sizes: Sequence[float],
    shown: Sequence[tuple[int, int, float]],
    busy: list[Box],
    unit: str,
) -> Markup:
    """Curves that begin and end outside the circles (``sizes``: their radii), then their labels on top."""
    curves: list[Arc] = []
    parts = []
    for origin, target, people in shown:
        start, end = found[origin], found[target]
        control = (start.x + end.x) / 2, (start.y + end.y) / 2 + 2 * bulge(start, end)
        width = 1.0 + 5.0 * math.sqrt(people / shown[0][2])
        whole = (start.x, start.y), control, (end.x, end.y)
        arc = trimmed(whole, sizes[origin] + 1, sizes[target] + HEAD)
        curves.append(arc)
        ends = [svg.number(value) for place in arc for value in place]
        d = f"M{ends[0]} {ends[1]}Q{' '.join(ends[2:])}"
        parts.append(svg.path(d, class_="arc", stroke_width=svg.number(width), marker_end="url(#tip)"))
    trails = [[point(arc, step / 40) for step in range(41)] for arc in curves]
    for index, (origin, target, people) in enumerate(shown):
        others = [spot for other, trail in enumerate(trails) if other != index for spot in trail]
        above = bulge(found[origin], found[target]) < 0
        parts.append(label(f"{numbers.count(people)}{unit}", curves[index], others, busy, above))
    return svg.join(parts)


def label(words: str, arc: Arc, others: Sequence[Point], busy: list[Box], above: bool) -> Markup:
    """The number beside its curve, where it covers nothing else; as near to the middle as that allows."""
    half = 3.4 * len(words)
    best = (math.inf, 0.0, 0.0)
    for outside in (True, False):
        for t in (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8):
            x, y = point(arc, t)
            y += -6 if above == outside else 14
            area = (x - half, y - 11, x + half, y + 3)
            cost = 4.0 * sum(overlap(area, other) for other in busy)
            cost += 30.0 * sum(
                area[0] - 4 <= px <= area[2] + 4 and area[1] - 5 <= py <= area[3] + 5 for px, py in others
            )
            cost += 40.0 * abs(t - 0.5) + (0.0 if outside else 25.0)
            if cost < best[0] - 1e-9:
                best = (cost, x, y)
    _, x, y = best
    busy.append((x - half, y - 11, x + half, y + 3))
    return svg.text(x, y, words, class_="flow middle")
