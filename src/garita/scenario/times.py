"""Times, durations and clock times as people write them.

Nothing here knows pydantic. Durations are minutes; local times stay local until a zone is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import Enum
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1970, 2200
EARLIEST = 0.0  # minutes since 1970, UTC
LATEST = datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp() / 60.0


class Special(Enum):
    """Words that stand where a time or duration may stand; both resolve to None."""

    FOR_GOOD = "for good"
    NONE = "none"


@dataclass(frozen=True)
class LocalTime:
    """A date and time as written: local to the port unless an offset (minutes east of UTC) was given."""

    moment: datetime
    offset: int | None = None

    def __str__(self) -> str:
        seconds = self.moment.second or self.moment.microsecond
        text = self.moment.isoformat(sep=" ", timespec="auto" if seconds else "minutes")
        if self.offset is None:
            return text
        hours, minutes = divmod(abs(self.offset), 60)
        return f"{text}{'-' if self.offset < 0 else '+'}{hours:02d}:{minutes:02d}"

    def aware(self, zone: tzinfo) -> datetime:
        """The moment in ``zone``. A time that occurs twice is read as its first occurrence: see
        :meth:`trouble`."""
        if self.offset is None:
            return self.moment.replace(tzinfo=zone)
        return self.moment.replace(tzinfo=timezone(timedelta(minutes=self.offset))).astimezone(zone)

    def trouble(self, zone: tzinfo) -> tuple[str, dict[str, str]] | None:
        """``(code, parameters)`` when the clocks of ``zone`` skip or repeat this time and no offset was
        given."""
        if self.offset is not None:
            return None
        first = self.moment.replace(tzinfo=zone, fold=0).utcoffset()
        second = self.moment.replace(tzinfo=zone, fold=1).utcoffset()
        if first is None or second is None or first == second:
            return None
        params = {"value": str(self), "zone": str(zone)}
        if first < second:
            return "time-nonexistent", params
        for name, offset in (("first", first), ("second", second)):
            params[name] = str(LocalTime(self.moment, round(offset.total_seconds() / 60)))
        return "time-ambiguous", params


def minutes_of(moment: datetime) -> float:
    """Minutes since 1970 (UTC), the number behind a time."""
    return moment.timestamp() / 60.0


def moment_of(minutes: float, zone: tzinfo) -> datetime:
    """The time behind a number of minutes since 1970 (UTC), to the nearest second; what lies outside the
    years that can be simulated, as the tail of a distribution may, becomes their beginning or end."""
    minutes = min(max(minutes, EARLIEST), LATEST)
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=round(minutes * 60.0))).astimezone(zone)


def find_zone(name: str) -> ZoneInfo | None:
    """The time zone of that name, or None."""
    if not re.fullmatch(r"[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)*", name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # also folders of the zone database
        return None


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_OFFSET = r"(?P<offset>\s*(?:Z|UTC|[+-]\d{2}:?\d{2}))?"
_CLOCK = (
    r"(?:(?:\s*,\s*|\s+|T)(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.0+)?)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?" + _OFFSET + r")?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_FORMS = tuple(
    re.compile(_WEEKDAY + day + _CLOCK, re.IGNORECASE | re.ASCII)
    for day in (
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})\.?\s+(?P<month>[a-z]{3,9})\.?,?\s+(?P<year>\d{4})",
        r"(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})",
    )
)
SLASHED = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}.*", re.ASCII)


def parse_time(text: str) -> LocalTime | None:
    """A date, or date and time, in the forms people use; None when it is none, or lies outside
    `FIRST_YEAR` to `LAST_YEAR`.

    ``2018-11-25``, ``2018-11-25 11:30``, ``2018-11-25T11:30:00-08:00``, ``25 Nov 2018 11:30 am``,
    ``Sunday, November 25, 2018 11:30``. ``24:00`` is midnight at the end of the day.
    """
    time = parse_any_time(text)
    return time if time is not None and in_years(time) else None


def in_years(time: LocalTime) -> bool:
    """Whether a time lies in the years that can be simulated."""
    return FIRST_YEAR <= time.moment.year <= LAST_YEAR or time.moment == datetime(LAST_YEAR + 1, 1, 1)


def parse_any_time(text: str) -> LocalTime | None:
    """As :func:`parse_time`, in any year."""
    found = next((match for form in _FORMS if (match := form.fullmatch(text.strip()))), None)
    if found is None:
        return None
    clock = _clock(found)
    month = _month(found["month"])
    if clock is None or month is None:
        return None
    try:
        moment = datetime(int(found["year"]), month, int(found["day"])) + timedelta(seconds=clock)
    except (ValueError, OverflowError):
        return None
    offset = _offset(found["offset"])
    return None if offset is False else LocalTime(moment, offset)


def _month(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    word = text.lower()
    if word == "sept":
        return 9
    return next((i for i, name in enumerate(_MONTH_NAMES, 1) if word in (name, _MONTHS[i - 1])), None)


def _clock(found: re.Match[str]) -> int | None:
    """Seconds after midnight."""
    if found["hour"] is None:
        return 0
    hour, minute, second = int(found["hour"]), int(found["minute"] or 0), int(found["second"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    elif found["minute"] is None:  # a bare `11` says too little
        return None
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and (minute or second)):
        return None
    return hour * 3600 + minute * 60 + second


def _offset(text: str | None) -> int | bool | None:
    """Minutes east of UTC; None when none is given; False when it is no offset."""
    if text is None:
        return None
    text = text.strip().upper().replace(":", "")
    if text in ("Z", "UTC"):
        return 0
    minutes = int(text[1:3]) * 60 + int(text[3:5])
    if int(text[3:5]) > 59 or minutes > 14 * 60:
        return False
    return -minutes if text[0] == "-" else minutes


_UNITS = {"s": 1 / 60, "min": 1.0, "h": 60.0, "day": 1440.0, "week": 10080.0}
_UNIT_WORDS = {
    "s": "s",
    "sec": "s",
    "secs": "s",
    "second": "s",
    "seconds": "s",
    "m": "min",
    "min": "min",
    "mins": "min",
    "minute": "min",
    "minutes": "min",
    "h": "h",
    "hr": "h",
    "hrs": "h",
    "hour": "h",
    "hours": "h",
    "d": "day",
    "day": "day",
    "days": "day",
    "week": "week",
    "weeks": "week",
}
_PART = re.compile(
    r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-z]+)\.?\s*(?:,|and\b)?", re.IGNORECASE | re.ASCII
)


def parse_duration(text: str) -> float | None:
    """Minutes in ``90 s``, ``45 min``, ``2 h``, ``1 h 30 min``, ``1 day``; None when it is no duration."""
    total, at, text = 0.0, 0, text.strip()
    while at < len(text):
        part = _PART.match(text, at)
        unit = _UNIT_WORDS.get(part[2].lower()) if part else None
        if part is None or unit is None:
            return None
        # seconds are divided, not multiplied by an inexact sixtieth
        total += float(part[1]) / 60.0 if unit == "s" else float(part[1]) * _UNITS[unit]
        at = part.end()
    return total if text else None


def parse_clock(text: str) -> str | None:
    """A time of day as ``HH:MM``, from 00:00 to 24:00; None when it is none."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip(), re.ASCII)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2])
    if minute > 59 or hour * 60 + minute > 1440:
        return None
    return f"{hour:02d}:{minute:02d}"
