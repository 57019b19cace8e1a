"""Numbers as a reader wants them: rounded to what the interval can carry, with unit, thousands and sign."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

MINUS = "−"
NOTHING = "–"
GLUE = "\N{NO-BREAK SPACE}"  # between a number and its unit


def step_for(value: float, low: float = math.nan, high: float = math.nan, *, least: float = 1.0) -> float:
    """The step to round to: two digits of the interval's width, at most three of the largest number.

    ``least`` is the finest step that makes sense for the quantity (1 for counts, 0.1 for small minutes).
    """
    finite = [abs(number) for number in (value, low, high) if math.isfinite(number)]
    largest = max(finite, default=0.0)
    if largest == 0.0:
        return least
    step = 10.0 ** (math.floor(math.log10(largest)) - 2)
    width = high - low
    if math.isfinite(width) and width > 0:
        step = max(step, 10.0 ** (math.floor(math.log10(width)) - 1))
    # An interval wider than its value must not round the value itself away.
    step = min(step, 10.0 ** math.floor(math.log10(largest)))
    return max(step, least)


def plain(value: float, step: float = 1.0, *, signed: bool = False) -> str:
    """``value`` to the nearest ``step``, with thousands separators; a minus sign that is not a hyphen."""
    if not math.isfinite(value):
        return NOTHING
    digits = max(0, -math.floor(math.log10(step))) if step < 1 else 0
    # Half-way cases go up; the product is made on whole steps, so steps of 0.1 stay exact in print.
    rounded = math.floor(abs(value) / step + 0.5) * step
    text = f"{rounded:,.{digits}f}"
    if rounded == 0:
        return text
    if value < 0:
        return MINUS + text
    return f"+{text}" if signed else text


def count(value: float, low: float = math.nan, high: float = math.nan, *, signed: bool = False) -> str:
    """A count alone, rounded by its interval."""
    return plain(value, step_for(value, low, high), signed=signed)


def with_interval(
    value: float, low: float, high: float, *, least: float = 1.0, signed: bool = False, censored: str = ""
) -> str:
    """``1,230 (1,150 to 1,310)``; the bare number where there is no interval or all runs agree."""
    if not math.isfinite(value):
        return censored or NOTHING
    step = step_for(value, low, high, least=least)
    text = plain(value, step, signed=signed)
    if not (math.isfinite(low) and math.isfinite(high)):
        return text
    lower, upper = plain(low, step, signed=signed), plain(high, step, signed=signed)
    if lower == upper == text:
        return text
    return f"{text} ({lower} to {upper})"


def least_step(unit: str, value: float) -> float:
    """The finest step worth printing for a unit."""
    if unit in {"min", "minutes"}:
        return 1.0 if abs(value) >= 10 else 0.1
    if unit in {"h", "hours", "km"}:
        return 0.1
    if unit in {"", "1", "ratio", "share", "index"}:
        return 0.01
    if unit == "%":
        return 1.0 if abs(value) >= 10 else 0.1
    return 1.0


def share(part: float, whole: float) -> str:
    """A percentage in whole points; what is there but rounds to nothing is ``<1 %``."""
    if not whole or not math.isfinite(part) or not math.isfinite(whole):
        return NOTHING
    percent = 100.0 * part / whole
    if 0 < percent < 1:
        return f"<1{GLUE}%"
    if 99 < percent < 100:
        return f">99{GLUE}%"
    return f"{plain(percent)}{GLUE}%"


def duration(minutes: float, *, step: float = 1.0, hours: bool | None = None) -> str:
    """``45 min``, ``3 h 10 min``, ``2 days 4 h``; ``hours`` writes shorter or longer ones that way too."""
    if not math.isfinite(minutes):
        return NOTHING
    sign = MINUS if minutes < 0 else ""
    total = round(abs(minutes) / step) * step
    if total < 60 or not (total >= 120 if hours is None else hours):
        return f"{sign}{plain(total, min(step, 1.0))}{GLUE}min"
    whole = round(total)
    days, rest = divmod(whole, 1440)
    full, left = divmod(rest, 60)
    if whole >= 2880:
        return f"{sign}{days}{GLUE}days {full}{GLUE}h" if full else f"{sign}{days}{GLUE}days"
    full += 24 * days
    return f"{sign}{full}{GLUE}h{GLUE}{left}{GLUE}min" if left else f"{sign}{full}{GLUE}h"


def durations(*minutes: float) -> list[str]:
    """Several in one style: to the minute below two hours, beyond to five minutes in hours and minutes."""
    largest = max((abs(number) for number in minutes if math.isfinite(number)), default=0.0)
    long = largest >= 120
    return [duration(number, step=5.0 if long else 1.0, hours=long) for number in minutes]


def duration_with_interval(value: float, low: float, high: float, *, censored: str = "") -> str:
    """A duration with its interval, all in one style."""
    if not math.isfinite(value):
        return censored or NOTHING
    if not (math.isfinite(low) and math.isfinite(high)):
        return durations(value)[0]
    text, lower, upper = durations(value, low, high)
    return text if lower == upper == text else f"{text} ({lower} to {upper})"


def at(moment: datetime, zone: ZoneInfo, *, day: bool = True, with_zone: bool = False) -> str:
    """``Sun 25 Nov 11:30 PST``: local time of the port."""
    local = moment.astimezone(zone)
    text = f"{local:%a} {local.day} {local:%b %H:%M}" if day else f"{local:%H:%M}"
    return f"{text} {local:%Z}" if with_zone else text


def moment_of(minutes: float) -> datetime:
    """Minutes since 1970 UTC as a datetime."""
    return datetime.fromtimestamp(minutes * 60.0, tz=UTC)
