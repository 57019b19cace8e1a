"""The region on one map: border, coast, crossings, longest waits, and who crossed elsewhere than planned."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from garita.report import arrows, names, numbers, svg
from garita.report.ground import Box, Window, countries, ground, overlap, scale_bar, window
from garita.report.model import Flow, Place

TOGETHER = 16.0  # points on the page nearer than this share a sign
CALLOUTS_AT_MOST = 7
ARCS_ON_A_PHONE = 4
ROW, HEAD, BOX = 16.0, 22.0, 264.0


@dataclass(frozen=True)
class Row:
    """One mode at one crossing: the longest wait in the map's direction, with and without, in minutes."""

    place: str  # id
    name: str
    mode: str
    with_: float
    without: float
    told: tuple[str, str]  # both as they are written, without first


@dataclass
class Sign:
    """Crossings that lie together, drawn as one circle."""

    places: list[Place]
    x: float
    y: float
    rows: list[Row] = field(default_factory=list)

    @property
    def name(self) -> str:
        ports = list(dict.fromkeys(place.port_name for place in self.places))
        return self.places[0].name if len(self.places) == 1 and len(ports) == 1 else ", ".join(ports)

    @property
    def with_(self) -> float:
        return max((row.with_ for row in self.rows), default=0.0)

    @property
    def without(self) -> float:
        return max((row.without for row in self.rows), default=0.0)

    @property
    def height(self) -> float:
        return HEAD + ROW * len(self.rows) + 6


def signs(places: Sequence[Place], rows: Sequence[Row], view: Window) -> list[Sign]:
    """Places joined where their points would touch; from west to east."""
    found: list[Sign] = []
    for place in sorted(places, key=lambda one: (one.lon, one.lat, one.id)):
        x, y = view.point(place.lon, place.lat)
        near = [sign for sign in found if math.hypot(sign.x - x, sign.y - y) < TOGETHER]
        if near:
            sign = near[0]
            share = len(sign.places)
            sign.x, sign.y = (sign.x * share + x) / (share + 1), (sign.y * share + y) / (share + 1)
            sign.places.append(place)
        else:
            found.append(Sign([place], x, y))
    for sign in found:
        ids = [place.id for place in sign.places]
        sign.rows = [row for row in rows if row.place in ids]
        sign.rows.sort(key=lambda row: -row.with_)
    return found


def spread(
    wanted: Sequence[float], widths: Sequence[float], total: float, gap: float = 10.0
) -> list[float] | None:
    """Left edges nearest to the wanted middles, in order, without overlap; None where they do not fit."""
    if sum(widths) + gap * (len(widths) - 1) > total:
        return None
    lefts = [middle - width / 2 for middle, width in zip(wanted, widths, strict=True)]
    for _ in range(60):
        moved = False
        for index in range(len(lefts) - 1):
            over = lefts[index] + widths[index] + gap - lefts[index + 1]
            if over > 0.05:
                lefts[index] -= over / 2
                lefts[index + 1] += over / 2
                moved = True
        lefts = [min(max(left, 4.0), total - width - 4) for left, width in zip(lefts, widths, strict=True)]
        if not moved:
            break
    edge = total
    for index in range(len(lefts) - 1, -1, -1):
        lefts[index] = min(lefts[index], edge - widths[index] - (0 if edge == total else gap))
        edge = lefts[index]
    edge = 0.0
    for index, width in enumerate(widths):
        lefts[index] = max(lefts[index], edge + (gap if index else 0))
        edge = lefts[index] + width
    return lefts


def sides(found: Sequence[Sign], width: float) -> dict[int, tuple[float, bool]] | None:
    """For each sign the left edge of its box and whether it stands above; the least sideways shift wins."""
    if len(found) > CALLOUTS_AT_MOST:
        return None
    best: tuple[float, dict[int, tuple[float, bool]]] | None = None
    for choice in itertools.product((True, False), repeat=len(found)):
        placed: dict[int, tuple[float, bool]] = {}
        cost = 0.0
        for above in (True, False):
            mine = [index for index, side in enumerate(choice) if side is above]
            lefts = spread([found[index].x for index in mine], [BOX] * len(mine), width) if mine else []
            if lefts is None:
                break
            for index, left in zip(mine, lefts, strict=True):
                placed[index] = (left, above)
                cost += abs(left + BOX / 2 - found[index].x) + (0.01 if not above else 0.0)
        else:
            # Two short rows read better than one long and one empty side.
            cost += 30.0 * abs(sum(choice) - len(found) / 2)
            if best is None or cost < best[0]:
                best = (cost, placed)
    return best[1] if best else None


def radius(minutes: float, longest: float, size: float = 20.0) -> float:
    """Area in proportion to the wait."""
    return 3.0 + size * math.sqrt(max(minutes, 0.0) / longest) if longest > 0 else 3.0


def radii(found: Sequence[Sign], size: float = 20.0) -> list[tuple[float, float]]:
    """Of each sign's disc (with the closure) and ring (without)."""
    longest = max((max(sign.with_, sign.without) for sign in found), default=0.0)
    return [(radius(sign.with_, longest, size), radius(sign.without, longest, size)) for sign in found]


def dots(found: Sequence[Sign], size: float = 20.0) -> Markup:
    """Filled: the longest wait with the closure. Ring: without it."""
    parts = []
    for sign, (disc, ring) in zip(found, radii(found, size), strict=True):
        parts.append(svg.circle(sign.x, sign.y, disc, class_="dot with"))
        parts.append(svg.circle(sign.x, sign.y, ring, class_="dot without"))
        parts.append(svg.circle(sign.x, sign.y, 1.8, class_="core"))
    return svg.join(parts)


def box(sign: Sign, left: float, top: float, longest: float) -> Markup:
    """A small table of the sign's crossings: bars with the closure, a tick for without."""
    parts = [svg.rectangle(left, top, BOX, sign.height, class_="box", rx="3")]
    parts.append(svg.text(left + 8, top + 15, sign.name, class_="head"))
    start, room = left + 140, 44.0
    for index, row in enumerate(sign.rows):
        y = top + HEAD + ROW * index
        parts.append(svg.text(left + 8, y + 11, label_of(row, sign), class_="small"))
        if longest > 0:
            parts.append(svg.rectangle(start, y + 3, room * row.with_ / longest, 9, class_="bar with"))
            tick = start + room * row.without / longest
            parts.append(svg.line(tick, y + 1, tick, y + 14, class_="tickmark"))
        words = Markup("<tspan class='was'>{}</tspan> → <tspan class='now'>{}</tspan>").format(*row.told)
        parts.append(svg.text(left + BOX - 7, y + 11, words, class_="small end"))
    return svg.join(parts)


def label_of(row: Row, sign: Sign) -> str:
    """The mode, after the crossing's own name where several crossings of the sign take it."""
    mode = names.mode(row.mode)
    if len({other.place for other in sign.rows if other.mode == row.mode}) == 1:
        return mode
    own = row.name
    for place in sign.places:
        if own.startswith(place.port_name) and own != place.port_name:
            own = own[len(place.port_name) :].strip(" ,:-–")
    return f"{own}: {mode}" if len(own) + len(mode) < 22 else own


@dataclass(frozen=True)
class Maps:
    """A wide map, a narrow one for phones, and the signs that each of them only numbers."""

    wide: Markup
    narrow: Markup
    narrow_signs: list[Sign]
    wide_signs: list[Sign]


def draw(
    places: Sequence[Place], rows: Sequence[Row], flows: Sequence[Flow], way: str = "northbound"
) -> Maps | None:
    """Both maps of waits and moves in one direction, ``way`` in words.

    Crossings without coordinates are left out, and with none located there is no map.
    """
    located = [place for place in places if place.located]
    if not located:
        return None
    view = window(located, 1000, 400, (185, 120))
    found = signs(located, rows, view)
    placed = sides(found, view.width)
    small = window(located, 360, 210, (34, 90))
    narrow_signs = signs(located, rows, small)
    narrow = numbered_map(narrow_signs, flows, small, way)
    if placed:
        return Maps(callout_map(found, placed, flows, view, way), narrow, narrow_signs, [])
    return Maps(numbered_map(found, flows, view, way), narrow, narrow_signs, found)


def callout_map(
    found: Sequence[Sign],
    placed: dict[int, tuple[float, bool]],
    flows: Sequence[Flow],
    view: Window,
    way: str,
) -> Markup:
    """Boxes in a row above and a row below, each tied to its sign."""
    longest = max((max(row.with_, row.without) for sign in found for row in sign.rows), default=0.0)
    above = max((found[index].height for index, (_, up) in placed.items() if up), default=0.0)
    below = max((found[index].height for index, (_, up) in placed.items() if not up), default=0.0)
    sizes = [max(pair) for pair in radii(found)]
    shown = arrows.going(found, flows)
    apexes = [arrows.apex(found[origin], found[target]) for origin, target, _ in shown]
    top = min([sign.y - 34 for sign in found] + apexes) - 22 - above
    bottom = max([sign.y + 28 for sign in found] + apexes) + 24 + below
    busy: list[Box] = []
    boxes, ties = [], []
    for index, (left, up) in placed.items():
        sign = found[index]
        y = top + 8 + above - sign.height if up else bottom - 8 - below
        boxes.append(box(sign, left, y, longest))
        busy.append((left, y, left + BOX, y + sign.height))
        foot = min(max(sign.x, left + 12), left + BOX - 12)
        ties.append(svg.line(foot, y + sign.height if up else y, sign.x, sign.y, class_="tie"))
        size = sizes[index]
        busy.append((sign.x - size, sign.y - size, sign.x + size, sign.y + size))
    frame = (0.0, top, view.width, bottom - top)
    drawn = [
        ground(view, frame),
        svg.join(ties),
        dots(found),
        arrows.arcs(found, sizes, shown, busy, " people"),
        svg.join(boxes),
        countries(view, frame, busy),
        scale_bar(view, 14, bottom - 12),
    ]
    return whole(svg.join(drawn), frame, "map wide", found, way)


def numbered_map(found: Sequence[Sign], flows: Sequence[Flow], view: Window, way: str) -> Markup:
    """Signs with numbers; their names stand in the list below the map."""
    phone = view.width < 500
    shown = arrows.going(found, flows)[: ARCS_ON_A_PHONE if phone else None]
    apexes = [arrows.apex(found[origin], found[target]) for origin, target, _ in shown]
    size = 12.0 if phone else 16.0
    sizes = [max(pair) for pair in radii(found, size)]
    busy: list[Box] = []
    marks = numbers_beside(found, sizes, busy)
    top = min([sign.y - 30 for sign in found] + apexes) - 24
    bottom = max([area[3] for area in busy] + apexes) + 30
    frame = (0.0, top, view.width, bottom - top)
    moves = arrows.arcs(found, sizes, shown, busy, "" if phone else " people")
    parts = [ground(view, frame), dots(found, size), moves, marks]
    parts += [countries(view, frame, busy), scale_bar(view, 10, bottom - 10)]
    return whole(svg.join(parts), frame, "map narrow" if phone else "map wide", found, way)


def numbers_beside(found: Sequence[Sign], sizes: Sequence[float], busy: list[Box]) -> Markup:
    """The number of each sign, tied to it, where no other stands; what they take is added to ``busy``."""
    marks: list[Markup] = []
    for index, sign in enumerate(found):
        y = sign.y + sizes[index] + 17  # below the border; the curves to the east bend above it
        while any(overlap((sign.x - 10, y - 14, sign.x + 10, y + 6), other) for other in busy):
            y += 22
        busy.append((sign.x - 10, y - 14, sign.x + 10, y + 6))
        marks.append(svg.line(sign.x, y - 4, sign.x, sign.y, class_="tie"))
        marks.append(svg.circle(sign.x, y - 4, 9, class_="mark"))
        marks.append(svg.text(sign.x, y, str(index + 1), class_="marktext middle"))
    return svg.join(marks)


def whole(content: Markup, frame: Box, kind: str, found: Sequence[Sign], way: str) -> Markup:
    told = "; ".join(
        f"{sign.name}: longest {way} wait {numbers.plain(sign.without)} minutes without and "
        f"{numbers.plain(sign.with_)} minutes with the closure"
        for sign in found
    )
    return framed(content, frame, kind, f"Map of the region. {told}.")


def framed(content: Markup, frame: Box, kind: str, label: str) -> Markup:
    """A map as an image with a name."""
    return Markup("<svg class='{}' viewBox='{}' role='img' aria-label='{}'>{}</svg>").format(
        kind, " ".join(svg.number(value) for value in frame), label, content
    )
