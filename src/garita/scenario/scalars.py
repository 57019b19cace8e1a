"""The single values a scenario may hold, each typed from its text by one rule.

A :class:`Scalar` is put into a pydantic annotation; it parses, bounds, writes back and describes its kind of
value.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Literal, NoReturn

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from garita.errors import did_you_mean, shorten
from garita.scenario.times import (
    FIRST_YEAR,
    LAST_YEAR,
    SLASHED,
    LocalTime,
    Special,
    in_years,
    minutes_of,
    moment_of,
    parse_any_time,
    parse_duration,
)

Kind = Literal[
    "number", "count", "share", "factor", "duration", "minutes", "seconds", "time", "until", "notice"
]
TIMES: frozenset[str] = frozenset({"time", "until", "notice"})

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)

_FORMS: dict[str, str] = {
    "number": "a number",
    "count": "a whole number",
    "share": "a share: 0.3 or 30 %",
    "factor": "a factor: 0.8 or 80 %",
    "duration": "a duration with its unit: 90 s, 45 min, 2 h, 1 day",
    "minutes": "minutes: 45, or a duration with its unit such as 90 s or 2 h",
    "time": "a local date and time: 2018-11-25 11:30",
    "until": "a local date and time, a duration counted from the beginning (5 h), or `for good`",
    "notice": "`none`, a duration before the beginning (2 days), or the date and time it was announced",
}


def refuse(code: str, **params: object) -> NoReturn:
    """Raise a problem of that code from inside a validator; its text comes from the message table."""
    raise PydanticCustomError(code, code, params)


def what(value: object) -> str:
    """The shape of a value, for people."""
    if isinstance(value, dict):
        return "a group of fields"
    if isinstance(value, list | tuple):
        return "a list"
    return f"`{shorten(value)}`" if value is not None else "nothing"


@dataclass(frozen=True)
class Scalar:
    """One kind of value with its bounds; ``above`` excludes the lower bound itself."""

    kind: Kind
    low: float | None = None
    high: float | None = None
    above: bool = False

    @property
    def allowed(self) -> str:
        """The bounds, for people."""
        lower = (
            f"{'more than' if self.above else 'at least'} {self._show(self.low)}"
            if self.low is not None
            else ""
        )
        upper = f"at most {self._show(self.high)}" if self.high is not None else ""
        return " and ".join(part for part in (lower, upper) if part)

    def _show(self, bound: float) -> str:
        """A bound with its unit."""
        if self.kind not in ("duration", "minutes", "notice", "until") or not bound:
            return f"{bound:.0f}" if bound == int(bound) else f"{bound:g}"
        return f"{bound / 1440:.0f} days" if bound > 1440 and not bound % 1440 else f"{bound:g} min"

    @property
    def form(self) -> str:
        """How it is written, for people."""
        return _FORMS[self.kind]

    # reading ---------------------------------------------------------------------------------------

    def parse(self, value: Any) -> Any:
        """A value of this kind from text (or from a Python value); raises a problem that pydantic
        collects."""
        if isinstance(value, Special) and self.kind in TIMES:
            return value
        if isinstance(value, LocalTime) and self.kind in TIMES:
            return _dated(value, str(value))
        if isinstance(value, datetime) and self.kind in TIMES:
            return _dated(_from_datetime(value), str(value))
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            refuse(
                {"time": "not-a-time", "duration": "not-a-duration"}.get(self.kind, "not-a-number"),
                value=what(value).strip("`"),
            )
        if isinstance(value, str):
            return self._from_text(value.strip())
        return self._bounded(float(value), str(value))

    def _from_text(self, text: str) -> Any:
        if self.kind in TIMES:
            return self._time_from_text(text)
        if self.kind in ("duration", "minutes"):
            return self._duration_from_text(text)
        digits = text[:-1].rstrip() if self.kind in ("share", "factor") and text.endswith("%") else text
        number = parse_number(digits)
        return self._bounded(number / 100.0 if digits is not text else number, text)

    def _time_from_text(self, text: str) -> Any:
        word = " ".join(text.lower().split())
        if word == "for good" and self.kind == "until":
            return Special.FOR_GOOD
        if word == "none" and self.kind == "notice":
            return Special.NONE
        moment = parse_any_time(text)
        if moment is not None:
            return _dated(moment, text)
        if self.kind in ("until", "notice") and (minutes := parse_duration(text)) is not None:
            return self._bounded(minutes, text)
        if SLASHED.fullmatch(text):
            refuse("ambiguous-date", value=shorten(text))
        also = {
            "until": ", or a duration such as 5 h, or `for good`",
            "notice": ", or a duration such as 2 days, or `none`",
        }
        refuse("not-a-time", value=shorten(text), hint=also.get(self.kind, ""))

    def _duration_from_text(self, text: str) -> float:
        if _NUMBER.fullmatch(text):
            if self.kind == "minutes":
                return float(self._bounded(parse_number(text), text))
            refuse("duration-unit", value=shorten(text))
        minutes = parse_duration(text)
        if minutes is None:
            refuse("not-a-duration", value=shorten(text))
        return float(self._bounded(minutes, text))

    def _bounded(self, number: float, text: str) -> Any:
        if not math.isfinite(number):
            refuse("not-finite", value=shorten(text))
        too_low = self.low is not None and (number <= self.low if self.above else number < self.low)
        if too_low or (self.high is not None and number > self.high):
            refuse("out-of-range", value=shorten(text), allowed=self.allowed)
        if self.kind == "count":
            if number != int(number):
                refuse("not-a-whole-number", value=shorten(text))
            return int(number)
        return number + 0.0  # -0.0 becomes 0.0

    # writing ---------------------------------------------------------------------------------------

    def write(self, value: Any) -> Any:
        """The value as JSON that :meth:`parse` reads back to the same value."""
        if isinstance(value, Special):
            return value.value
        if isinstance(value, LocalTime):
            return str(value)
        if isinstance(value, datetime):
            return value.isoformat(sep=" ")
        if isinstance(value, float) and self.kind in ("duration", "minutes", "until", "notice"):
            return f"{value!r} min"
        return value

    # drawing ---------------------------------------------------------------------------------------

    def number(self, value: Any, zone: tzinfo) -> float:
        """The number behind a value: minutes since 1970 for times, minutes for durations, infinite for
        good."""
        if isinstance(value, LocalTime):
            return minutes_of(value.aware(zone))
        if isinstance(value, datetime):
            return minutes_of(value)
        if isinstance(value, Special):
            return math.inf if value is Special.FOR_GOOD else 0.0
        return float(value)

    def settle(self, value: Any, zone: tzinfo) -> Any:
        """A plain value for the model: an aware time, a number, or None (for good; no notice)."""
        if isinstance(value, LocalTime):
            return value.aware(zone)
        return None if isinstance(value, Special) else value

    def drawn(self, number: float, zone: tzinfo, as_time: bool) -> Any:
        """A plain value from a drawn number, put at the bound where it lies outside."""
        if as_time:
            return moment_of(number, zone)
        if self.low is not None:
            number = max(number, math.nextafter(self.low, math.inf) if self.above else self.low)
        if self.high is not None:
            number = min(number, self.high)
        return round(number) if self.kind == "count" else number

    # pydantic --------------------------------------------------------------------------------------

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        writer = core_schema.plain_serializer_function_ser_schema(self.write, when_used="json")
        return core_schema.no_info_plain_validator_function(self.parse, serialization=writer)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        described: dict[str, Any] = {"description": self.form}
        if self.kind in ("number", "count", "share", "factor", "minutes"):
            described["type"] = ["integer" if self.kind == "count" else "number", "string"]
        else:
            described["type"] = "string"
        if self.kind not in TIMES and self.kind != "duration":
            if self.low is not None:
                described["exclusiveMinimum" if self.above else "minimum"] = self.low
            if self.high is not None:
                described["maximum"] = self.high
        return described


def _dated(time: LocalTime, text: str) -> LocalTime:
    if not in_years(time):
        first, last = f"{FIRST_YEAR}-01-01", f"{LAST_YEAR}-12-31"
        refuse("date-out-of-range", value=shorten(text), first=first, last=last)
    return time


def _from_datetime(value: datetime) -> LocalTime:
    offset = value.utcoffset()
    minutes = None if offset is None else round(offset.total_seconds() / 60)
    return LocalTime(value.replace(tzinfo=None, fold=0), minutes)


def parse_number(text: str) -> float:
    """A finite number from plain digits; raises a problem otherwise."""
    if _NUMBER.fullmatch(text) is None:
        if text.lower().lstrip("+-.") in ("nan", "inf", "infinity"):
            refuse("not-finite", value=shorten(text))
        bare = re.sub(r"[,_' ]", "", text)
        refuse(
            "not-a-number",
            value=shorten(text),
            hint=f"; perhaps {bare}" if bare != text and bare.isdigit() else "",
        )
    number = float(text)
    if not math.isfinite(number):
        refuse("not-finite", value=shorten(text))
    return number


@dataclass(frozen=True)
class Word:
    """A name out of a list, in small or capital letters. ``reserved`` names are known but not simulated
    yet."""

    kind: str
    allowed: tuple[str, ...]
    also: tuple[tuple[str, str], ...] = ()
    reserved: tuple[str, ...] = ()

    def parse(self, value: Any) -> str:
        if not isinstance(value, str):
            refuse(
                "unknown-name",
                value=what(value).strip("`"),
                kind=self.kind,
                hint="",
                allowed=", ".join(self.allowed),
            )
        word = value.strip().lower()
        if word in self.allowed:
            return word
        if word in self.reserved:
            refuse("mode-reserved", value=shorten(value), allowed=", ".join(self.allowed))
        also = dict(self.also).get(word)
        hint = f"Did you mean `{also}`? " if also else did_you_mean(word, self.allowed)
        refuse(
            "unknown-name", value=shorten(value), kind=self.kind, hint=hint, allowed=", ".join(self.allowed)
        )

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.parse)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.allowed)}
