"""Small pieces of drawing: axes' steps, compact paths, text that is always escaped."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from markupsafe import Markup, escape

Floats = npt.NDArray[np.float64]

WITH = "#b8450b"  # vermilion and blue: apart for all common kinds of colour vision, and in grey print
WITHOUT = "#0a5c9e"
INK = "#1d2329"
MUTED = "#56616b"
RULE = "#cdd4da"


def number(value: float) -> str:
    """A coordinate with one decimal and no trailing zero."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def text(x: float, y: float, words: str, **attributes: str) -> Markup:
    """A ``text`` element; underscores in attribute names become hyphens, ``class_`` becomes ``class``."""
    return Markup(f"<text x='{number(x)}' y='{number(y)}'{_attributes(attributes)}>{escape(words)}</text>")


def line(x1: float, y1: float, x2: float, y2: float, **attributes: str) -> Markup:
    return path(f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}", **attributes)


def rectangle(x: float, y: float, width: float, height: float, **attributes: str) -> Markup:
    size = f"width='{number(max(width, 0.0))}' height='{number(max(height, 0.0))}'"
    return Markup(f"<rect x='{number(x)}' y='{number(y)}' {size}{_attributes(attributes)}/>")


def circle(x: float, y: float, radius: float, **attributes: str) -> Markup:
    place = f"cx='{number(x)}' cy='{number(y)}' r='{number(radius)}'"
    return Markup(f"<circle {place}{_attributes(attributes)}/>")


def path(d: str, **attributes: str) -> Markup:
    """``d`` is our own: numbers and letters, nothing that would need escaping."""
    return Markup(f"<path d='{d}'{_attributes(attributes)}/>")


def join(parts: Iterable[Markup]) -> Markup:
    return Markup("".join(parts))  # every part is safe already


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(
        f" {name.rstrip('_').replace('_', '-')}='{escape(value)}'" for name, value in attributes.items()
    )


def nice_top(largest: float, *, minutes: bool = False, least: float = 0.0) -> tuple[float, float]:
    """The end of an axis from 0 and the step of its ticks (``least`` or more): two to four round numbers."""
    if not math.isfinite(largest) or largest <= 0:
        largest = 1.0
    if minutes:
        steps: Sequence[float] = (5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 5760, 14400)
        for step in steps:
            if largest <= 3.5 * step:
                return max(math.ceil(largest / step * 2) / 2, 1.0) * step, float(step)
    size = 10.0 ** math.floor(math.log10(largest))
    for factor in (0.2, 0.5, 1.0, 2.0, 5.0):
        step = max(factor * size, least)
        if largest <= 3.5 * step:
            return max(math.ceil(largest / step * 2) / 2, 1.0) * step, step
    return 10 * size, 5 * size


def runs(seen: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Stretches ``[first, last)`` of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], seen, [False])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def thin(x: Floats, y: Floats, tolerance: float = 0.35) -> list[tuple[float, float]]:
    """Fewer points for the same picture: no dropped point is further than ``tolerance`` from the line drawn.

    One pass that keeps a cone of slopes from the last kept point (as the swing filter does).
    """
    size = len(x)
    if size <= 2:
        return [(float(a), float(b)) for a, b in zip(x, y, strict=True)]
    if y.min() == y.max():  # nobody, all day
        return [(float(x[0]), float(y[0])), (float(x[-1]), float(y[-1]))]
    xs, ys = x.tolist(), y.tolist()
    kept = [(xs[0], ys[0])]
    ax, ay = kept[0]
    lowest, highest = -math.inf, math.inf
    for index in range(1, size):
        dx = xs[index] - ax
        if dx <= 0:
            continue
        slope = (ys[index] - ay) / dx
        if not lowest <= slope <= highest:
            ax, ay = xs[index - 1], ys[index - 1]
            kept.append((ax, ay))
            dx = xs[index] - ax
            lowest, highest = -math.inf, math.inf
        low, high = (ys[index] - tolerance - ay) / dx, (ys[index] + tolerance - ay) / dx
        if low > lowest:
            lowest = low
        if high < highest:
            highest = high
    kept.append((xs[-1], ys[-1]))
    return kept


def trail(points: Sequence[tuple[float, float]], start: str = "M") -> str:
    """A path of relative steps in tenths, which is half as long as absolute numbers."""
    if not points:
        return ""
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    words = [f"{start}{_tenth(tenths[0][0])} {_tenth(tenths[0][1])}"]
    if len(tenths) > 1:
        words.append("l" if start == "M" else "")
    for (ax, ay), (bx, by) in pairwise(tenths):
        words.append(f"{_tenth(bx - ax)} {_tenth(by - ay)} ")
    return "".join(words).rstrip()


@lru_cache(maxsize=8192)  # the same small steps come again and again
def _tenth(value: int) -> str:
    whole, rest = divmod(abs(value), 10)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"


def curve(x: Floats, y: Floats) -> str:
    """A line with gaps where ``y`` is not finite; a lone point becomes a short dash."""
    words = []
    for first, last in runs(np.isfinite(y)):
        if last - first == 1:
            words.append(f"M{number(x[first] - 0.5)} {number(y[first])}h1")
        else:
            words.append(trail(thin(x[first:last], y[first:last])))
    return "".join(words)


def area(x: Floats, low: Floats, high: Floats) -> str:
    """The band between two curves, in pieces where either is not finite."""
    words = []
    for first, last in runs(np.isfinite(low) & np.isfinite(high)):
        if last - first < 2:
            continue
        upper = thin(x[first:last], high[first:last])
        lower = thin(x[first:last], low[first:last])
        words.append(trail([*upper, *reversed(lower)]) + "z")
    return "".join(words)


def title(words: str) -> Markup:
    """The name of a figure for those who do not see it."""
    return Markup("<title>{}</title>").format(words)
