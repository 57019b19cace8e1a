"""The route on a map: places as discs, ways as bands, by day; and the numbers that the time slider shows."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from garita.outcomes.journey_figures import people
from garita.report import svg
from garita.report.ground import Box, Window, overlap

if TYPE_CHECKING:
    from garita.outcomes import JourneyOutcome

WIDTH, LEAST_HEIGHT, MOST_HEIGHT, MARGIN = 460.0, 200.0, 420.0, 46.0
LARGEST_DISC, WIDEST_WAY = 17.0, 9.0


@cache
def lands() -> dict[str, Any]:
    """Coarse coasts and borders of the world; see ``static/OUTLINE.md``."""
    file = Path(__file__).parent / "static" / "lands.json"
    packaged: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return packaged


@dataclass(frozen=True)
class RouteMap:
    """The map of a journey. ``ground``: coasts and borders, drawn once; ``day``: the day it shows at rest."""

    view: Window
    ground: Markup
    drawn: Sequence[int]  # numbers of the places that have coordinates
    labels: Sequence[tuple[float, float, str, str]]  # x, y, class, name
    people: np.ndarray[Any, Any]  # [D, places] mean
    ways: np.ndarray[Any, Any]  # [D, ways] mean
    ends: Sequence[tuple[int, int]]  # of each way that is drawn, as numbers of places
    day: int
    points: Sequence[tuple[float, float]]  # of the places, on the page

    def data(self, names: Sequence[str], dates: Sequence[str]) -> dict[str, Any]:
        """What the script moves: people by day, and how large they are drawn."""
        return {
            "dates": list(dates),
            "day": self.day,
            "names": [names[place] for place in self.drawn],
            "people": self.people.round().astype(int).T.tolist(),
            "ways": self.ways.round().astype(int).T.tolist(),
            "disc": [LARGEST_DISC, float(max(self.people.max(initial=1), 1.0))],
            "way": [WIDEST_WAY, float(max(self.ways.max(initial=1), 1.0))],
        }

    def picture(self, day: int, label: str, *, moving: bool = False) -> Markup:
        """The map of one day; ``moving``: the one that the slider changes."""
        disc, way = float(max(self.people.max(initial=1), 1.0)), float(max(self.ways.max(initial=1), 1.0))
        parts = [svg.title(label), Markup("<use href='#lands'/>")]
        for number, (start, end) in enumerate(self.ends):
            (ax, ay), (bx, by) = self.points[start], self.points[end]
            width = WIDEST_WAY * math.sqrt(self.ways[day, number] / way)
            parts.append(svg.line(ax, ay, bx, by, class_="path"))
            parts.append(svg.line(ax, ay, bx, by, class_="moving", stroke_width=svg.number(width)))
        for number, (x, y) in enumerate(self.points):
            radius = LARGEST_DISC * math.sqrt(self.people[day, number] / disc)
            parts.append(svg.circle(x, y, radius, class_="staying"))
            parts.append(svg.circle(x, y, 2.2, class_="core"))
        parts += [svg.text(x, y, name, class_=f"small {side}".strip()) for x, y, side, name in self.labels]
        kind = Markup(" id='journey-map'") if moving else Markup("")
        box = f"0 0 {svg.number(self.view.width)} {svg.number(self.view.height)}"
        return Markup("<svg class='route' viewBox='{}' role='img' aria-label='{}'{}>{}</svg>").format(
            box, label, kind, svg.join(parts)
        )


def route_map(outcome: JourneyOutcome) -> RouteMap | None:
    """The map of a journey; None where fewer than two places have coordinates."""
    layout = outcome.layout
    drawn = [at for at, place in enumerate(layout.places) if place.lat is not None and place.lon is not None]
    if len(drawn) < 2:
        return None
    spots = [(float(layout.places[at].lon or 0.0), float(layout.places[at].lat or 0.0)) for at in drawn]
    view = _window(spots)
    position = {layout.places[at].id: number for number, at in enumerate(drawn)}
    shown = [at for at, way in enumerate(layout.ways) if way.start in position and way.end in position]
    points = [view.point(lon, lat) for lon, lat in spots]
    on_way = outcome.on_way[:, :, shown].mean(axis=0)
    busiest = int(on_way.sum(axis=1).argmax()) if on_way.size else 0
    names = [layout.places[at].name for at in drawn]
    return RouteMap(
        view,
        _ground(view),
        drawn,
        _labels(points, names, view),
        outcome.present[:, :, drawn].mean(axis=0),
        on_way,
        [(position[layout.ways[at].start], position[layout.ways[at].end]) for at in shown],
        busiest,
        points,
    )


def _window(spots: Sequence[tuple[float, float]]) -> Window:
    lons, lats = [lon for lon, _ in spots], [lat for _, lat in spots]
    middle_lon, middle_lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    squeeze = max(math.cos(math.radians(middle_lat)), 0.05)
    wide, tall = max((max(lons) - min(lons)) * squeeze, 0.3), max(max(lats) - min(lats), 0.2)
    height = min(max((WIDTH - 2 * MARGIN) * tall / wide + 2 * MARGIN, LEAST_HEIGHT), MOST_HEIGHT)
    scale = min((WIDTH - 2 * MARGIN) / wide, (height - 2 * MARGIN) / tall)
    west = middle_lon - WIDTH / 2 / scale / squeeze
    return Window(west, middle_lat + height / 2 / scale, scale, squeeze, WIDTH, height)


def _ground(view: Window) -> Markup:
    """Coasts and borders that touch the map."""
    parts = [svg.rectangle(0, 0, view.width, view.height, class_="land")]
    for kind in ("coasts", "borders"):
        words = []
        for line in lands()[kind]:
            points = [view.point(lon, lat) for lon, lat in line]
            xs, ys = [x for x, _ in points], [y for _, y in points]
            if max(xs) > 0 and min(xs) < view.width and max(ys) > 0 and min(ys) < view.height:
                words += [svg.trail(piece) for piece in _pieces(points, view)]
        parts.append(svg.path("".join(words), class_=kind))
    return svg.join(parts)


def _pieces(points: Sequence[tuple[float, float]], view: Window) -> list[list[tuple[float, float]]]:
    """The stretches of a line that lie on the map, or next to it."""

    def near(point: tuple[float, float]) -> bool:
        return -60 < point[0] < view.width + 60 and -60 < point[1] < view.height + 60

    found: list[list[tuple[float, float]]] = []
    at_hand = False
    for before, after in pairwise(points):
        if near(before) or near(after):
            if not at_hand:
                found.append([before])
            found[-1].append(after)
            at_hand = True
        else:
            at_hand = False
    return found


def _labels(
    points: Sequence[tuple[float, float]], names: Sequence[str], view: Window
) -> list[tuple[float, float, str, str]]:
    """Names beside their places, on the side where nothing else stands."""
    taken: list[Box] = [(x - 4, y - 4, x + 4, y + 4) for x, y in points]
    found = []
    for (x, y), name in zip(points, names, strict=True):
        wide = 6.2 * len(name)
        tries = [
            (x + 8, y + 4, "", (x + 8, y - 6, x + 8 + wide, y + 6)),
            (x - 8, y + 4, "end", (x - 8 - wide, y - 6, x - 8, y + 6)),
            (x, y - 9, "middle", (x - wide / 2, y - 20, x + wide / 2, y - 7)),
            (x, y + 18, "middle", (x - wide / 2, y + 7, x + wide / 2, y + 20)),
            (x + 8, y - 12, "", (x + 8, y - 23, x + 8 + wide, y - 10)),
            (x + 8, y + 22, "", (x + 8, y + 11, x + 8 + wide, y + 24)),
        ]
        inside = [one for one in tries if one[3][0] >= 0 and one[3][2] <= view.width and one[3][1] >= 0]
        best = min(inside or tries, key=lambda one: sum(overlap(one[3], other) for other in taken))
        taken.append(best[3])
        found.append((best[0], best[1], best[2], name))
    return found


def told(outcome: JourneyOutcome, day: int) -> str:
    """Where people are on a day, in words."""
    layout = outcome.layout
    means = [(float(outcome.present[:, day, at].mean()), one.name) for at, one in enumerate(layout.places)]
    words = [f"{name} {people(mean)}" for mean, name in sorted(means, reverse=True)[:4] if round(mean)]
    on_way = float(outcome.on_way[:, day].sum(axis=1).mean())
    return "; ".join([*words, f"on the way {people(on_way)}"])
