"""The whole border on one map: a circle for each region, a point for each port."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from garita.report import maps, numbers, svg
from garita.report.ground import Box, Window, ground, outline, overlap, scale_bar, window
from garita.report.model import Place

COUNTRY_AT = (0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)
"""Where across the map a country's name is tried."""


@dataclass(frozen=True)
class Region:
    """People a day who would cross (``without``) and who do not (``stopped``), and where the ports are."""

    id: str
    name: str
    ports: tuple[Place, ...]
    without: float
    stopped: float


@dataclass(frozen=True)
class BorderMap:
    """A wide map and one for phones; in both, regions are numbered from west to east, as ``order`` says."""

    wide: Markup
    narrow: Markup
    order: tuple[str, ...]


def draw(regions: Sequence[Region], paired: bool) -> BorderMap | None:
    """Both maps. Regions whose ports have no coordinates are left out; without any there is no map."""
    shown = [region for region in regions if any(port.located for port in region.ports)]
    if not shown:
        return None
    shown.sort(key=lambda region: (_middle(region).lon, region.id))
    return BorderMap(
        _map(shown, 1000.0, 470.0, (70.0, 50.0), 30.0, paired),
        _map(shown, 360.0, 210.0, (26.0, 40.0), 14.0, paired),
        tuple(region.id for region in shown),
    )


def _middle(region: Region) -> Place:
    """The place of a region's circle: the mean of its ports."""
    ports = [port for port in region.ports if port.located]
    lat, lon = (sum(getattr(port, name) for port in ports) / len(ports) for name in ("lat", "lon"))
    return Place(region.id, region.name, region.id, region.name, lat, lon)


def _map(
    regions: Sequence[Region], width: float, height: float, margin: tuple[float, float], size: float,
    paired: bool,
) -> Markup:  # fmt: skip
    ports = [port for region in regions for port in region.ports if port.located]
    view = window(ports, width, height, margin)
    found = []
    for region in regions:
        middle = _middle(region)
        told = (numbers.count(region.without), numbers.count(region.stopped))
        inner = region.stopped if paired else region.without
        row = maps.Row(region.id, region.name, "people", max(inner, 0.0), region.without, told)
        found.append(maps.Sign([middle], *view.point(middle.lon, middle.lat), [row]))
    points = svg.join(
        svg.circle(*view.point(port.lon, port.lat), 1.6 if width < 500 else 2.4, class_="core")
        for port in ports
    )
    sizes = [max(pair) for pair in maps.radii(found, size)]
    busy: list[Box] = []
    marks = maps.numbers_beside(found, sizes, busy)
    top = min(sign.y - one for sign, one in zip(found, sizes, strict=True)) - 26
    bottom = max(area[3] for area in busy) + 30
    frame = (0.0, top, view.width, bottom - top)
    parts = [ground(view, frame), _circles(found, size), points, marks]
    for sign, one in zip(found, sizes, strict=True):
        busy.append((sign.x - one, sign.y - one, sign.x + one, sign.y + one))
    parts += [_countries(view, frame, busy), scale_bar(view, 10, bottom - 10)]
    kind = "map narrow" if width < 500 else "map wide"
    return maps.framed(svg.join(parts), frame, kind, label(regions, paired))


def _countries(view: Window, frame: Box, busy: list[Box]) -> Markup:
    """Both countries' names, each on its side of a border that runs across the map: beside the line, where
    nothing else stands."""
    left, top, width, height = frame
    parts = []
    for border in outline()["borders"]:
        line = np.array([view.point(lon, lat) for lon, lat in border["line"]])
        for name, side in zip(border["between"], (-1.0, 1.0), strict=True):
            half = 5.2 * len(name)
            for share in COUNTRY_AT:
                x = left + share * width
                near = line[(line[:, 0] > x - half) & (line[:, 0] < x + half), 1]
                if not len(near) or x - half < left or x + half > left + width:
                    continue
                y = float(near.max()) + 40.0 if side > 0 else float(near.min()) - 26.0
                area = (x - half, y - 14, x + half, y + 4)
                inside = top + 4 < area[1] and area[3] < top + height - 20
                if inside and not any(overlap(area, other) for other in busy):
                    busy.append(area)
                    parts.append(svg.text(x, y, name, class_="country middle"))
                    break
    return svg.join(parts)


def _circles(found: Sequence[maps.Sign], size: float) -> Markup:
    """Filled: people stopped, or crossing where nothing happens. Ring: those who would cross."""
    parts = []
    for sign, (disc, ring) in zip(found, maps.radii(found, size), strict=True):
        parts.append(svg.circle(sign.x, sign.y, disc, class_="dot with"))
        parts.append(svg.circle(sign.x, sign.y, ring, class_="dot without"))
    return svg.join(parts)


def label(regions: Sequence[Region], paired: bool) -> str:
    """The map in words, for those who do not see it."""
    told = "; ".join(
        f"{region.name}: {numbers.count(region.without)} people a day"
        + (f", {numbers.count(region.stopped)} stopped" if paired else "")
        for region in regions
    )
    return f"Map of the border. {told}."
