"""Small multiples of waits and queues by time of day, and cumulative curves; they print without script."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from markupsafe import Markup

from garita.report import numbers, svg
from garita.report.model import Band, Clock, Curve, Floats, Line, Span

WIDTH, LEFT, RIGHT = 384.0, 54.0, 6.0
WAIT_TOP, WAIT_HEIGHT = 20.0, 104.0
QUEUE_TOP, QUEUE_HEIGHT = 146.0, 50.0
HEIGHT = 226.0
CURVE_TOP, CURVE_HEIGHT, CURVE_TOTAL = 20.0, 176.0, 226.0


@dataclass(frozen=True)
class Scale:
    """Where minutes and values of a chart lie on the page."""

    clock: Clock
    top: float
    height: float
    largest: float
    minutes: bool

    @property
    def ends(self) -> tuple[float, float]:
        return svg.nice_top(self.largest, minutes=self.minutes, least=0.0 if self.minutes else 1.0)

    def x(self, minutes: float) -> float:
        share = min(max(minutes / self.clock.minutes, 0.0), 1.0)
        return LEFT + (WIDTH - LEFT - RIGHT) * share

    def y(self, values: Floats) -> Floats:
        scaled: Floats = self.top + self.height * (1.0 - values / self.ends[0])
        return scaled


def middles(clock: Clock) -> Floats:
    """Page positions of the middles of the bins."""
    step = (WIDTH - LEFT - RIGHT) / clock.bins
    return LEFT + step * (np.arange(clock.bins, dtype=np.float64) + 0.5)


def midnights(clock: Clock) -> list[tuple[float, str]]:
    """Starts of the local days the run touches, in minutes since its start (the first may lie before it)."""
    day = clock.start.astimezone(clock.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    first = clock.start.timestamp() / 60.0
    while day.timestamp() / 60.0 < first + clock.minutes:
        found.append((day.timestamp() / 60.0 - first, f"{day:%a} {day.day} {day:%b}"))
        day += timedelta(days=1)  # on the clock of the wall, so days with 23 or 25 hours come out right
    return found


@lru_cache(maxsize=8)  # the same under every chart
def time_axis(clock: Clock, bottom: float, top: float) -> Markup:
    """Hours of the day where they fit, the days below them; midnights as lines through the chart."""
    scale = Scale(clock, top, bottom - top, 1.0, False)
    marks = midnights(clock)
    parts = [svg.line(LEFT, bottom, WIDTH - RIGHT, bottom, class_="axis")]
    hour = 60 * (WIDTH - LEFT - RIGHT) / scale.clock.minutes
    every = next((step for step in (3, 6, 12) if step * hour >= 24), 0)
    for since, _ in marks:
        parts.append(svg.line(scale.x(since), top, scale.x(since), bottom, class_="grid"))
    for since, name in hours_of_day(scale.clock, every) if every else []:
        x = scale.x(since)
        parts.append(svg.line(x, bottom, x, bottom + 3, class_="axis"))
        if LEFT + 4 <= x <= WIDTH - RIGHT - 2:
            parts.append(svg.text(x, bottom + 14, name, class_="tick middle"))
    ends = [since for since, _ in marks[1:]] + [scale.clock.minutes]
    days = [(max(since, 0.0), end, name) for (since, name), end in zip(marks, ends, strict=True)]
    wide = [day for day in days if scale.x(day[1]) - scale.x(day[0]) > 34]
    if not wide:  # a long run: every so many days
        wide = days[:: max(1, math.ceil(len(days) / 7))]
    for since, end, name in wide:
        middle = (scale.x(since) + scale.x(end)) / 2
        parts.append(svg.text(middle, bottom + (27 if every else 14), name, class_="tick middle"))
    return svg.join(parts)


def hours_of_day(clock: Clock, every: int) -> list[tuple[float, str]]:
    """Full local hours that ``every`` divides, as minutes since the start of the run."""
    first = clock.start.timestamp() / 60.0
    found = []
    for quarter in range(math.ceil(first / 15.0), math.floor((first + clock.minutes) / 15.0) + 1):
        local = numbers.moment_of(quarter * 15.0).astimezone(clock.zone)
        if local.minute == 0 and local.hour % every == 0:
            found.append((quarter * 15.0 - first, f"{local:%H}"))
    return found


def value_axis(scale: Scale, label: str) -> Markup:
    """Horizontal rules with numbers, and what is counted written above them."""
    top, step = scale.ends
    parts = []
    in_hours = scale.minutes and step >= 60
    for index in range(int(top / step + 1e-9) + 1):
        value = index * step
        y = float(scale.y(np.array([value]))[0])
        if index:
            parts.append(svg.line(LEFT, y, WIDTH - RIGHT, y, class_="grid"))
        words = f"{value / 60:g} h" if in_hours else f"{value:g}"
        if not scale.minutes:
            words = numbers.plain(value, 1.0 if step >= 1 else step)
        parts.append(svg.text(LEFT - 5, y + 4, words if value else "0", class_="tick end"))
    unit = "" if in_hours else ", min" if scale.minutes else ""
    parts.append(svg.text(LEFT, scale.top - 7, label + unit, class_="name"))
    return svg.join(parts)


def shading(scale: Scale, spans: Sequence[Span], top: float, bottom: float, kind: str) -> Markup:
    """Stretches of time behind the curves; the share of runs they hold in sets how dark they are."""
    parts = []
    for span in spans:
        x = scale.x(span.start)
        width = max(scale.x(span.end) - x, 0.8)
        opacity = f"{0.35 + 0.65 * min(max(span.share, 0.0), 1.0):.2f}"
        parts.append(svg.rectangle(x, top, width, bottom - top, class_=kind, opacity=opacity))
    return svg.join(parts)


def pair(scale: Scale, x: Floats, with_: Band, without: Band) -> Markup:
    """Both bands, then both lines: without in blue and dashed below, with the closure on top."""
    parts = []
    for band, kind in ((without, "without"), (with_, "with")):
        parts.append(svg.path(svg.area(x, scale.y(band.low), scale.y(band.high)), class_=f"band {kind}"))
    for band, kind in ((without, "without"), (with_, "with")):
        parts.append(svg.path(svg.curve(x, scale.y(band.mid)), class_=f"line {kind}"))
    return svg.join(parts)


def largest(bands: Sequence[Band]) -> float:
    """The highest point of any band's upper edge."""
    tops = [float(band.high[np.isfinite(band.high)].max()) for band in bands if np.isfinite(band.high).any()]
    return max(tops, default=0.0)


def panel(line: Line, clock: Clock, wait_top: float, name: str, unit: str) -> Markup:
    """One line's waits above its queue. ``wait_top`` is shared by the panels that are to be compared."""
    wait = Scale(clock, WAIT_TOP, WAIT_HEIGHT, wait_top, True)
    queue = Scale(clock, QUEUE_TOP, QUEUE_HEIGHT, largest([line.queue_with, line.queue_without]), False)
    bottom = QUEUE_TOP + QUEUE_HEIGHT
    x = middles(clock)
    parts = [
        svg.title(f"{name}: wait and queue by time of day, with and without the closure"),
        shading(wait, line.outside_hours, WAIT_TOP, bottom, "outside"),
        shading(wait, line.closed, WAIT_TOP, bottom, "closed"),
        value_axis(wait, "wait"),
        value_axis(queue, f"queue, {unit}"),
        time_axis(clock, bottom, WAIT_TOP),
        pair(wait, x, line.wait_with, line.wait_without),
        pair(queue, x, line.queue_with, line.queue_without),
        svg.line(LEFT, WAIT_TOP + WAIT_HEIGHT, WIDTH - RIGHT, WAIT_TOP + WAIT_HEIGHT, class_="axis"),
        Markup("<path class='cursor' d='M0 {}V{}'/>").format(svg.number(WAIT_TOP), svg.number(bottom)),
    ]
    return frame(svg.join(parts), HEIGHT, name)


def cumulative(curve: Curve, clock: Clock) -> Markup:
    """Parties that joined the line and parties that reached an officer, added up from the start."""
    series = [curve.joined_with, curve.joined_without, curve.served_with, curve.served_without]
    scale = Scale(clock, CURVE_TOP, CURVE_HEIGHT, max(float(np.nanmax(part)) for part in series), False)
    x = middles(clock)
    bottom = CURVE_TOP + CURVE_HEIGHT
    parts = [
        svg.title(f"{curve.title}: cumulative arrivals and departures"),
        shading(scale, curve.closed, CURVE_TOP, bottom, "closed"),
        value_axis(scale, "added up since the start"),
        time_axis(clock, bottom, CURVE_TOP),
        svg.path(svg.area(x, scale.y(curve.served_with), scale.y(curve.joined_with)), class_="band with"),
        svg.path(svg.curve(x, scale.y(curve.joined_without)), class_="line without"),
        svg.path(svg.curve(x, scale.y(curve.joined_with)), class_="line with"),
        svg.path(svg.curve(x, scale.y(curve.served_with)), class_="line with thin"),
    ]
    return frame(svg.join(parts), CURVE_TOTAL, curve.title)


def frame(content: Markup, height: float, label: str) -> Markup:
    return Markup("<svg class='chart' viewBox='0 0 {} {}' role='img' aria-label='{}'>{}</svg>").format(
        svg.number(WIDTH), svg.number(height), label, content
    )


def readout(line: Line) -> dict[str, Any]:
    """What the page's script tells at the pointer: whole minutes and whole parties by bin, -1 for nothing."""
    data: dict[str, Any] = {}
    for name, band in (
        ("w", line.wait_with),
        ("v", line.wait_without),
        ("q", line.queue_with),
        ("p", line.queue_without),
    ):
        data[name] = [whole(band.mid), whole(band.low), whole(band.high)]
    return data


def whole(values: Floats) -> list[int]:
    rounded = np.where(np.isfinite(values), np.rint(values), -1.0)
    return [int(value) for value in rounded]
