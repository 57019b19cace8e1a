"""From the text of a cell to its value. Every function gives None for what it does not understand."""

from __future__ import annotations

import math
import re
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAMES = ("January", "February", "March", "April", "May", "June", "July",
         "August", "September", "October", "November", "December")  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
YEARS = range(1970, 2101)
BELOW_TEN = 0.5
"""What stands for a count that is told as below ten: no whole number, and shown as ``<10`` again."""

_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
_WHOLE = re.compile(r"[+-]?\d{1,18}(\.0+)?")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_WORDED = re.compile(r"([A-Za-z]{3,9})\.?[ -](\d{4})")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: 12:00(?::00)? AM| 0?0:00(?::00)?)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?)?")
_QUESTION = re.compile(r"^\s*\d+(\.\w{1,3})+\.?\s*:\s*")
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2})(?::\d{2})?)? ?([ap])\.?m\.?", re.IGNORECASE)


def whole(text: str) -> int | None:
    """A whole number, with or without commas between thousands: ``"1,234"``, ``"1234.0"``."""
    text = text.strip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    return int(text.split(".")[0]) if _WHOLE.fullmatch(text) else None


def few(text: str) -> float | None:
    """A whole number; NaN for ``<10``, which stands for any below ten."""
    if text.strip() == "<10":
        return math.nan
    found = whole(text)
    return None if found is None else float(found)


def people(text: str) -> float | None:
    """A whole number; half of one for ``<10``, so that it is told from a cell without any (which is NaN)."""
    return BELOW_TEN if text.strip() == "<10" else few(text)


def number(text: str, decimal_comma: bool = False) -> float | None:
    """A number with a decimal point, or, where that is usual, a comma."""
    text = text.strip()
    if _GROUPED.fullmatch(text) and not decimal_comma:
        text = text.replace(",", "")
    if decimal_comma and text.count(",") == 1:
        text = text.replace(",", ".")
    found = float(text) if _NUMBER.fullmatch(text) else None
    return found if found is not None and abs(found) < 1e300 else None


def month(text: str) -> int | None:
    """Months since January 1970, of ``Jan 2024``, ``2024-01``, ``2024-01-01T00:00:00.000``, ``01/01/2024
    12:00:00 AM``.

    A date inside a month (``03/15/2019``) is none: it shows that day and month changed places.
    """
    text = text.strip()
    if found := _WORDED.fullmatch(text):
        return _month(int(found[2]), month_of_year(found[1]))
    if found := _AMERICAN.fullmatch(text):
        return _month(int(found[3]), int(found[1])) if int(found[2]) == 1 else None
    if found := _ISO.fullmatch(text):
        return _month(int(found[1]), int(found[2])) if int(found[3] or 1) == 1 else None
    return None


def _month(year: int, which: int | None) -> int | None:
    if which is None or year not in YEARS or not 1 <= which <= 12:
        return None
    return 12 * (year - 1970) + which - 1


def month_of_year(text: str) -> int | None:
    """1 to 12, of a name (``Oct``, ``OCT``, ``October``) or a number."""
    text = text.strip().casefold()
    if text.isdecimal() and 1 <= int(text[:3]) <= 12:
        return int(text)
    fits = text[:3] in MONTHS and (
        len(text) == 3 or NAMES[MONTHS.index(text[:3])].casefold().startswith(text)
    )
    return MONTHS.index(text[:3]) + 1 if fits else None


def day(text: str) -> int | None:
    """Days since 1970-01-01, of ``8/2/2026`` (month first), ``2026-08-02`` and either with midnight behind
    it.
    """
    text = text.strip()
    if found := _AMERICAN.fullmatch(text):
        parts = int(found[3]), int(found[1]), int(found[2])
    elif (found := _ISO.fullmatch(text)) and found[3]:
        parts = int(found[1]), int(found[2]), int(found[3])
    else:
        return None
    try:
        return (date(*parts) - date(1970, 1, 1)).days if parts[0] in YEARS else None
    except ValueError:
        return None


def minute_of_day(text: str) -> int | None:
    """Minutes after midnight, of ``Midnight``, ``Noon``, ``1:00 AM``, ``13:25:16``."""
    text = text.strip()
    if text.casefold() in ("midnight", "noon"):
        return 0 if text.casefold() == "midnight" else 720
    if found := _CLOCK.fullmatch(text):
        hour, minute = int(found[1]), int(found[2] or 0)
        return (
            (hour % 12 + 12 * (found[3] in "pP")) * 60 + minute if 1 <= hour <= 12 and minute < 60 else None
        )
    if found := re.fullmatch(r"(\d{1,2}):(\d{2})(?::\d{2})?", text):
        hour, minute = int(found[1]), int(found[2])
        return hour * 60 + minute if hour < 24 and minute < 60 else None
    return None


def weekday(text: str) -> int | None:
    """0 (Monday) to 6 (Sunday), of an English name."""
    names = [name.casefold() for name in WEEKDAYS]
    text = text.strip().casefold()
    return names.index(text) if text in names else None


def heading(text: str) -> str:
    """A heading as :func:`plain`, without a questionnaire's number before it: `1.1.d.1: Site Name`."""
    return plain(_QUESTION.sub("", text))


def plain(text: str) -> str:
    """A name without case, spaces and signs: `Port Name`, `port_name` and `PORT NAME` are the same."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())
