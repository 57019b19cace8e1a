"""Amounts an observation may hold, with their units, as people write them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

NUMBER = re.compile(r"([+-]?\s*(?:\d[\d,_ ]*\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(.*)", re.IGNORECASE | re.ASCII)

# Words for a unit, and what one of it is in the unit of the kind.
TIMES: Final = {
    "s": 1 / 60, "sec": 1 / 60, "second": 1 / 60, "seconds": 1 / 60,
    "min": 1.0, "mins": 1.0, "minute": 1.0, "minutes": 1.0,
    "h": 60.0, "hr": 60.0, "hour": 60.0, "hours": 60.0, "day": 1440.0, "days": 1440.0,
}  # fmt: skip
PARTIES: Final = dict.fromkeys(
    ("party", "parties", "people", "persons", "pedestrians", "car", "cars", "vehicle", "vehicles", "truck",
     "trucks", "bus", "buses"), 1.0,
)  # fmt: skip
PER_CENT: Final = {"%": 1.0, "percent": 1.0, "per cent": 1.0}


@dataclass(frozen=True)
class Kind:
    """A kind of amount: the unit it is kept in, the words for its units, and how it is written."""

    unit: str
    words: Mapping[str, float]
    form: str
    low: float = -math.inf


MINUTES = Kind("min", TIMES, "minutes: 45, 45 min or 1.5 h")
HOURS = Kind("h", {word: one / 60 for word, one in TIMES.items()}, "hours: 18, 18 h or 90 min", 0.0)
COUNT = Kind("parties", PARTIES, "a number: 34361")
METRES = Kind(
    "m",
    {"m": 1.0, "metre": 1.0, "metres": 1.0, "meters": 1.0, "km": 1000.0, "mi": 1609.344, "mile": 1609.344,
     "miles": 1609.344, "ft": 0.3048, "feet": 0.3048},
    "metres: 800, 0.8 km or 1 mile",
)  # fmt: skip
SHARE = Kind("share", {"%": 0.01, "percent": 0.01, "per cent": 0.01, "share": 1.0}, "a share: 0.3 or 30 %")
CHANGE = Kind("%", PER_CENT, "per cent: -11.4 or -11.4 %", -100.0)
LOG_RATIO = Kind("share", SHARE.words, "the standard deviation of a ratio: 0.05 or 5 %", 0.0)


def amount(text: object, kind: Kind, unit: str | None = None) -> float | None:
    """An amount in the unit of its kind, or None where it is none.

    A number by itself is in ``unit``, by default that of the kind. Thousands may be marked by commas.
    """
    found = NUMBER.fullmatch(str(text).strip().replace("−", "-"))
    if found is None:
        return None
    digits, word = re.sub(r"[,_ ]", "", found[1]), found[2].strip().lower()
    word = word or (unit or kind.unit).strip().lower()
    if word == kind.unit.lower():
        one = 1.0
    elif word in kind.words:
        one = kind.words[word]
    else:
        return None
    value = float(digits) * one
    if not math.isfinite(value) or value < kind.low:
        return None
    return value
