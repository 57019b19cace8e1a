"""The kinds of field the models are made of, and the words they may hold.

For a type checker a quantity is the plain value it resolves to, because that is what all later parts see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field
from pydantic.fields import FieldInfo

from garita.errors import shorten
from garita.scenario.limits import MOST_ABOARD, MOST_BOOTHS, MOST_IN_LINE, MOST_PER_HOUR
from garita.scenario.quantities import quantity
from garita.scenario.scalars import Scalar, Word, refuse, what
from garita.scenario.times import parse_clock

DIRECTIONS = ("inbound", "outbound")
MODES = ("car", "pedestrian", "bus", "truck")
LANE_TYPES = ("standard", "ready", "sentri", "nexus", "fast")
CLASSES = (
    "citizens",
    "permanent-residents",
    "visa-holders",
    "essential-work",
    "freight",
    "asylum-processing",
)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SERVICES = ("exponential", "erlang", "gamma", "lognormal", "deterministic", "empirical")
CHOICE_RULES = ("logit", "threshold", "none")
GOING_LATER = ("some-hours", "planned")
INFORMATION = ("published", "perfect", "none")
STATION_PLACES = ("before", "after")
JOURNEY_MODES = ("walk", "bus", "train")
LONG_ACTIONS = ("elsewhere", "stay", "between-ports")
RETURN_KINDS = ("assisted-voluntary", "deported-by-mexico", "removed-by-us", "on-their-own")
VEHICLES = ("bus", "plane")
PUBLISHED = ("arrived", "present", "sheltered", "list-length", "taken-in", "returned", "arrested")

_TEN_YEARS = 10 * 366 * 1440.0


def declare(
    description: str, *, unit: str = "", default: Any = ..., alias: str | None = None, **bounds: Any
) -> Any:
    """A field, declared once: what it is, its unit, its default."""
    extra: Any = {"unit": unit} if unit else None
    if callable(default) and not isinstance(default, type(...)):
        field: FieldInfo = Field(
            default_factory=default, description=description, alias=alias, json_schema_extra=extra, **bounds
        )
    else:
        field = Field(
            default=default, description=description, alias=alias, json_schema_extra=extra, **bounds
        )
    return field


def _text(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _list(value: Any) -> Any:
    """One name may stand for a list of one."""
    return [value] if isinstance(value, str) else value


def _identifier(value: Any) -> str:
    word = value.strip().lower() if isinstance(value, str) else ""
    if (
        not word
        or len(word) > 80
        or not all(part.isascii() and part.isalnum() for part in word.replace("_", "-").split("-"))
    ):
        refuse("not-an-identifier", value=what(value).strip("`"))
    return word


def _clock(value: Any) -> str:
    clock = parse_clock(value) if isinstance(value, str) else None
    if clock is None:
        refuse("not-a-clock-time", value=what(value).strip("`"))
    return clock


def _yes_or_no(value: Any) -> bool:
    word = value.strip().lower() if isinstance(value, str) else value
    if isinstance(word, bool):
        return word
    if word not in ("true", "yes", "false", "no"):
        refuse("not-yes-or-no", value=what(value).strip("`"))
    return word in ("true", "yes")


def _hours(value: Any) -> tuple[str, str]:
    """``05:00-23:00`` or ``24 h`` as (opens, closes)."""
    if isinstance(value, list | tuple) and len(value) == 2:
        value = f"{value[0]}-{value[1]}"
    text = value.strip().lower() if isinstance(value, str) else ""
    if text in ("24 h", "24h", "24 hours"):
        return "00:00", "24:00"
    opens, dash, closes = text.replace("–", "-").partition("-")
    first, last = parse_clock(opens), parse_clock(closes)
    if not dash or first is None or last is None or first == last:
        refuse("not-opening-hours", value=shorten(value))
    return first, last


def _hours_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


if TYPE_CHECKING:
    Number: TypeAlias = float
    Headcount: TypeAlias = int
    PeopleADay: TypeAlias = float
    Count: TypeAlias = float
    RoomBetween: TypeAlias = float
    BoothCount: TypeAlias = float
    PerHour: TypeAlias = float
    PerDay: TypeAlias = float
    PartySize: TypeAlias = float
    Spread: TypeAlias = float
    Shape: TypeAlias = float
    PerLane: TypeAlias = float
    Room: TypeAlias = float
    Standing: TypeAlias = float
    Growth: TypeAlias = float
    Share: TypeAlias = float
    Factor: TypeAlias = float
    Duration: TypeAlias = float
    ServiceTime: TypeAlias = float
    Minutes: TypeAlias = float
    Period: TypeAlias = float
    PositiveNumber: TypeAlias = float
    Rate: TypeAlias = float
    Coefficient: TypeAlias = float
    Signed: TypeAlias = int
    Integer: TypeAlias = int
    Text: TypeAlias = str
    Identifier: TypeAlias = str
    Clock: TypeAlias = str
else:
    Number = quantity("Number", Scalar("number", 0.0, 1e9))
    Headcount = quantity("Headcount", Scalar("count", 0, 100_000_000))
    PeopleADay = quantity("PeopleADay", Scalar("number", 0.0, 1e6))
    PositiveNumber = quantity("PositiveNumber", Scalar("number", 0.0, 1e9, above=True))
    Coefficient = quantity("Coefficient", Scalar("number", -10.0, 0.0))
    Rate = quantity("Rate", Scalar("number", 0.0, 1e6))
    Count = quantity("Count", Scalar("count", 0, MOST_BOOTHS))
    RoomBetween = quantity("RoomBetween", Scalar("count", 0, 1_000_000))
    BoothCount = quantity("BoothCount", Scalar("number", 0.0, MOST_BOOTHS))
    PerHour = quantity("PerHour", Scalar("number", 0.0, MOST_PER_HOUR))
    PerDay = quantity("PerDay", Scalar("number", 0.0, 24 * MOST_PER_HOUR))
    PartySize = quantity("PartySize", Scalar("number", 1.0, MOST_ABOARD))
    Spread = quantity("Spread", Scalar("number", 0.0, 10.0, above=True))
    Shape = quantity("Shape", Scalar("number", 0.01, 1e6))
    PerLane = quantity("PerLane", Scalar("number", 0.1, 100.0))
    Standing = quantity("Standing", Scalar("number", 0.0, MOST_IN_LINE))
    Room = quantity("Room", Scalar("count", 1, MOST_IN_LINE))
    Growth = quantity("Growth", Scalar("factor", 1.0, 10.0))
    Signed = quantity("Signed", Scalar("count", -1_000, 1_000))
    Share = quantity("Share", Scalar("share", 0.0, 1.0))
    Factor = quantity("Factor", Scalar("factor", 0.0, 100.0))
    Duration = quantity("Duration", Scalar("duration", 0.0, _TEN_YEARS))
    ServiceTime = quantity("ServiceTime", Scalar("duration", 0.0, 1440.0, above=True))
    Period = quantity("Period", Scalar("minutes", 1.0, 1440.0))
    Minutes = quantity("Minutes", Scalar("minutes", 0.0, _TEN_YEARS))
    Integer = Annotated[Any, Scalar("count", 0, 2**62)]
    Text = Annotated[str, BeforeValidator(_text)]
    Identifier = Annotated[str, BeforeValidator(_identifier)]
    Clock = Annotated[str, BeforeValidator(_clock)]

# Once resolved: an aware datetime; `Until` may be None (for good), `Notice` is minutes before, or None.
Time: Any = quantity("Time", Scalar("time"))
Until: Any = quantity("Until", Scalar("until", 0.0, _TEN_YEARS))
Notice: Any = quantity("Notice", Scalar("notice", 0.0, _TEN_YEARS))
Moment: Any = Annotated[Any, Scalar("time")]  # one time, no range or claims

Direction = Annotated[
    str, Word("direction", DIRECTIONS, (("northbound", "inbound"), ("southbound", "outbound")))
]
Mode = Annotated[
    str,
    Word(
        "mode",
        MODES,
        (
            ("cars", "car"),
            ("pedestrians", "pedestrian"),
            ("foot", "pedestrian"),
            ("vehicle", "car"),
            ("vehicles", "car"),
            ("buses", "bus"),
            ("trucks", "truck"),
            ("ped", "pedestrian"),
        ),
        reserved=("train",),
    ),
]
LaneType = Annotated[str, Word("lane type", LANE_TYPES, (("general", "standard"), ("regular", "standard")))]
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Annotated[str, Word("day of the week", WEEKDAYS, tuple(zip(_DAYS, WEEKDAYS, strict=True)))]
TravellerClass = Annotated[str, Word("class of traveller", CLASSES)]
ServiceName = Annotated[str, Word("service distribution", SERVICES, (("constant", "deterministic"),))]
StationPlace = Annotated[str, Word("place of an inspection", STATION_PLACES)]
LaneRule = Annotated[str, Word("rule of choice of a lane", ("none", "shorter", "logit"))]
ChoiceRule = Annotated[str, Word("rule of choice", CHOICE_RULES)]
GoingLater = Annotated[str, Word("way of going later", GOING_LATER)]
JourneyMode = Annotated[
    str, Word("way of travelling", JOURNEY_MODES, (("foot", "walk"), ("on foot", "walk")))
]
LongAction = Annotated[str, Word("thing to do instead of waiting", LONG_ACTIONS)]
ReturnKind = Annotated[str, Word("kind of return", RETURN_KINDS)]
Vehicle = Annotated[str, Word("vehicle", VEHICLES)]
Published = Annotated[str, Word("published count", PUBLISHED)]
Information = Annotated[str, Word("kind of information", INFORMATION)]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Hours = Annotated[tuple[str, str], BeforeValidator(_hours)]
HoursList = Annotated[list[Hours], BeforeValidator(_hours_list)]

Directions = Annotated[list[Direction], BeforeValidator(_list), Field(min_length=1, max_length=100)]
Names = Annotated[list[Identifier], BeforeValidator(_list), Field(min_length=1, max_length=1_000)]
Modes = Annotated[list[Mode], BeforeValidator(_list), Field(min_length=1, max_length=100)]
LaneTypes = Annotated[list[LaneType], BeforeValidator(_list), Field(min_length=1, max_length=100)]
Weekdays = Annotated[list[Weekday], BeforeValidator(_list), Field(min_length=1, max_length=7)]
Classes = Annotated[list[TravellerClass], BeforeValidator(_list), Field(max_length=100)]
ClassShares = Annotated[dict[TravellerClass, Share], Field(max_length=len(CLASSES))]
Texts = Annotated[list[Text], BeforeValidator(_list), Field(max_length=1_000)]
