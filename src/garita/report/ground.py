"""What lies under the map: the projection, the sea, the border, the countries' names, the scale bar.

The projection is equirectangular about the middle latitude, which is good to a pixel over a region.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from markupsafe import Markup

from garita.report import svg
from garita.report.model import Place

EARTH_KM_PER_DEGREE = 111.195
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Window:
    """From longitude and latitude to the page."""

    west: float
    north: float
    scale: float  # page units per degree of latitude
    squeeze: float
    width: float
    height: float

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - self.west) * self.squeeze * self.scale, (self.north - lat) * self.scale


@cache
def outline() -> dict[str, Any]:
    """The packaged border and sea; see ``static/OUTLINE.md``."""
    file = Path(__file__).parent / "static" / "outline.json"
    packaged: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return packaged


def window(places: Sequence[Place], width: float, height: float, margin: tuple[float, float]) -> Window:
    """The part of the world that holds all places with ``margin`` (sides, top and bottom) in page units."""
    lats, lons = [place.lat for place in places], [place.lon for place in places]
    middle_lat, middle_lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    squeeze = max(math.cos(math.radians(middle_lat)), 0.05)
    smallest = 6.0 / EARTH_KM_PER_DEGREE
    wide = max((max(lons) - min(lons)) * squeeze, smallest)
    tall = max(max(lats) - min(lats), smallest / 2)
    scale = min((width - 2 * margin[0]) / wide, (height - 2 * margin[1]) / tall)
    return Window(
        middle_lon - width / 2 / scale / squeeze,
        middle_lat + height / 2 / scale,
        scale,
        squeeze,
        width,
        height,
    )


def ground(view: Window, frame: Box) -> Markup:
    """Sea and border within ``frame`` (x, y, width, height)."""
    parts = [svg.rectangle(*frame, class_="land")]
    for sea in outline()["seas"]:
        points = [view.point(lon, lat) for lon, lat in sea]
        # The ring ends some way out; a map that would show that end goes without a sea.
        if _meets(points, frame) and not any(_inside(corner, frame) for corner in _far_side(points)):
            parts.append(svg.path(svg.trail(points) + "z", class_="sea"))
    for border in outline()["borders"]:
        points = [view.point(lon, lat) for lon, lat in border["line"]]
        near = [place for place in range(len(points) - 1) if _meets(points[place : place + 2], frame)]
        if near:
            shown = points[near[0] : near[-1] + 2]
            parts.append(svg.path(svg.trail(shown), class_="border"))
    return svg.join(parts)


def _far_side(ring: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The made-up corners out at sea, and points on the edges between them and the coast."""
    first, last = ring[-1], ring[-2]
    ends = [(first, last), (first, ring[0]), (last, ring[-3])]
    return [(a[0] + (b[0] - a[0]) * t / 8, a[1] + (b[1] - a[1]) * t / 8) for a, b in ends for t in range(9)]


def _inside(point: tuple[float, float], frame: Box) -> bool:
    left, top, width, height = frame
    return left < point[0] < left + width and top < point[1] < top + height


def _meets(points: Sequence[tuple[float, float]], frame: Box) -> bool:
    """Whether the box around the points meets the frame."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    left, top, width, height = frame
    return max(xs) >= left and min(xs) <= left + width and max(ys) >= top and min(ys) <= top + height


def countries(view: Window, frame: Box, busy: list[Box]) -> Markup:
    """Both countries' names beside the border, the first to the north, where nothing else stands."""
    left, top, width, height = frame
    for border in outline()["borders"]:
        line = [view.point(lon, lat) for lon, lat in border["line"]]
        half = 4.6 * max(len(name) for name in border["between"])
        for share in (0.97, 0.75, 0.62, 0.5, 0.4, 0.3):
            x = left + share * width - half
            for (ax, ay), (bx, by) in pairwise(line):
                if not min(ax, bx) <= x <= max(ax, bx) or ax == bx or x - half < left:
                    continue
                y = ay + (by - ay) * (x - ax) / (bx - ax)
                areas = [(x - half, y - 28, x + half, y - 14), (x - half, y + 14, x + half, y + 29)]
                inside = top < y - 30 and y + 30 < top + height
                crossed = any(_crosses(line, area) for area in areas)
                if (
                    inside
                    and not crossed
                    and not any(overlap(area, other) for area in areas for other in busy)
                ):
                    busy += areas
                    return svg.text(x, y - 17, border["between"][0], class_="country middle") + svg.text(
                        x, y + 26, border["between"][1], class_="country middle"
                    )
    return Markup("")


def _crosses(line: Sequence[tuple[float, float]], area: Box) -> bool:
    """Whether a line runs through a box, tried every few units."""
    left, top, right, bottom = area
    for (ax, ay), (bx, by) in pairwise(line):
        if max(ax, bx) < left or min(ax, bx) > right or max(ay, by) < top or min(ay, by) > bottom:
            continue
        steps = max(2, int(math.hypot(bx - ax, by - ay) / 4))
        points = ((ax + (bx - ax) * t / steps, ay + (by - ay) * t / steps) for t in range(steps + 1))
        if any(left <= x <= right and top <= y <= bottom for x, y in points):
            return True
    return False


def overlap(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    return wide * tall if wide > 0 and tall > 0 else 0.0


def scale_bar(view: Window, x: float, y: float) -> Markup:
    km = view.width / view.scale * EARTH_KM_PER_DEGREE / 6
    nice = max(step for step in (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500) if step <= max(km, 0.5))
    length = nice / EARTH_KM_PER_DEGREE * view.scale
    return svg.path(
        f"M{svg.number(x)} {svg.number(y - 4)}v4h{svg.number(length)}v-4", class_="scale"
    ) + svg.text(x + length + 6, y + 1, f"{nice:g} km", class_="small")
