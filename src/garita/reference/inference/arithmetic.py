"""Small arithmetic shared by what is inferred at loading and by the scripts that make tables."""

from __future__ import annotations

import math
from collections.abc import Sequence

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_TYPES = ("weekday",) * 5 + ("saturday", "sunday")
# Where a crossing closes for the night, few come late: share of demand in the last hour, the last but one.
CLOSING_TAPER = (0.25, 0.7)


def normalised(values: Sequence[float]) -> list[float]:
    """Values divided by their sum."""
    total = math.fsum(values)
    return [value / total for value in values]


def rounded_shares(values: Sequence[float], digits: int = 5) -> list[float]:
    """Shares rounded so that they still sum to one exactly in decimal."""
    unit = 10**digits
    whole = [math.floor(value * unit) for value in values]
    rest = sorted(range(len(values)), key=lambda i: (whole[i] - values[i] * unit, i))
    for i in rest[: unit - sum(whole)]:
        whole[i] += 1
    return [value / unit for value in whole]


def closing_taper(hour: int, opens: int, closes: int) -> float:
    """Share of the demand, and of a line, in an hour: none when closed, less shortly before closing."""
    if not opens <= hour < closes:
        return 0.0
    before = closes - 1 - hour
    taper = CLOSING_TAPER
    return taper[before] if closes - opens < 24 and before < len(taper) else 1.0


def apportioned(total: int, weights: Sequence[float]) -> list[int]:
    """Whole parts of a total in the proportion of weights, each at least 1; the total must suffice."""
    rest = total - len(weights)
    wanted = [weight * total / math.fsum(weights) for weight in weights]
    above = [max(0.0, value - 1.0) for value in wanted]
    share = [value / (math.fsum(above) or 1.0) * rest for value in above]
    parts = [1 + math.floor(value) for value in share]
    order = sorted(range(len(parts)), key=lambda i: (math.floor(share[i]) - share[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def text(value: float | str, digits: int = 5) -> str:
    """Shortest text of a cell: no trailing zeros, no -0."""
    if not isinstance(value, float):
        return str(value)
    short = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short
