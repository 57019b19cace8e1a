"""Regions that a scenario defines itself: crossings, flows, inspection and travel times."""

from __future__ import annotations

from typing import Annotated, Any, Union

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)

from garita.errors import counted
from garita.scenario.fields import (
    BoothCount,
    ClassShares,
    Clock,
    Count,
    Direction,
    HoursList,
    Identifier,
    LaneType,
    Minutes,
    Mode,
    Modes,
    Number,
    PartySize,
    PerDay,
    PerHour,
    PerLane,
    PositiveNumber,
    Room,
    ServiceName,
    ServiceTime,
    Shape,
    Share,
    Spread,
    Text,
    Time,
    YesNo,
    declare,
)
from garita.scenario.quantities import Strict
from garita.scenario.scalars import Scalar, refuse


class BoothStep(Strict):
    """From that time of day on, so many booths."""

    start: Clock = declare("time of day", alias="from")
    booths: BoothCount = declare("booths staffed", unit="booths")


class ArrivalStep(Strict):
    """From that time on, so many arrivals an hour, until the next row."""

    start: Time = declare("date and time", alias="from")
    per_hour: PerHour = declare("parties an hour", unit="parties/h")


def _form(value: Any) -> str:
    if not isinstance(value, list | tuple):
        return "~single"
    if value and (isinstance(value[0], BoothStep) or (isinstance(value[0], dict) and "from" in value[0])):
        return "~steps"
    return "~hours"


def _single_or_hours(value: Any) -> str:
    return "~hours" if isinstance(value, list | tuple) else "~single"


def _long(*counts: int, or_one: bool = True) -> AfterValidator:
    """Refuse a list that has not one value for each hour of a day (or week)."""
    allowed = " or ".join(str(count) for count in ((1, *counts) if or_one else counts))

    def check(value: Any) -> Any:
        if isinstance(value, list) and len(value) not in counts:
            refuse("wrong-count", got=len(value), allowed=allowed)
        return value

    return AfterValidator(check)


def _in_order(steps: Any) -> Any:
    times = [step.start for step in steps]
    if times != sorted(set(times)):
        refuse("steps-order")
    return steps


def _one_or_list(single: Any, *counts: int) -> Any:
    """One value for all hours, or a list of as many as one of ``counts``."""
    several: Any = Annotated[list[single], Field(max_length=8_784), _long(*counts)]
    return Annotated[
        Union[Annotated[single, Tag("~single")], Annotated[several, Tag("~hours")]],  # noqa: UP007
        Discriminator(_single_or_hours),
    ]


_BOOTH_HOURS: Any = Annotated[list[BoothCount], Field(max_length=8_784), _long(24)]
_STEPS: Any = Annotated[list[BoothStep], Field(min_length=1, max_length=1_000), AfterValidator(_in_order)]
PerHourByHour: Any = _one_or_list(PerHour, 24, 168)
MinutesByHour: Any = _one_or_list(Minutes, 24, 168)
PlacesByHour: Any = _one_or_list(BoothCount, 24)
Booths: Any = Annotated[
    Annotated[BoothCount, Tag("~single")]
    | Annotated[_BOOTH_HOURS, Tag("~hours")]
    | Annotated[_STEPS, Tag("~steps")],
    Discriminator(_form),
]


class Region(Strict):
    """The crossings people choose between."""

    id: Identifier = declare("identifier")
    name: Text = declare("name, for people", default="", max_length=300)
    zone: Text = declare("time zone, for example America/Los_Angeles", max_length=80)


class Crossing(Strict):
    """One place where people cross."""

    id: Identifier = declare("identifier")
    name: Text = declare("name, for people", default="", max_length=300)
    port: Identifier | None = declare("the port of entry it belongs to", default=None)
    lat: Annotated[float, Scalar("number", -90.0, 90.0)] | None = declare(
        "latitude", unit="degrees", default=None
    )
    lon: Annotated[float, Scalar("number", -180.0, 180.0)] | None = declare(
        "longitude", unit="degrees", default=None
    )
    choice_group: Identifier | None = declare("people choose among the crossings of one group", default=None)
    hours: HoursList = declare(
        "opening hours each day: `05:00-23:00`, `24 h`, or a list",
        default=lambda: [("00:00", "24:00")],
        max_length=24,
    )


class Service(Strict):
    """How long one inspection takes, from party to party; or how long a party stays in line."""

    distribution: ServiceName = declare("its name", default="exponential")
    mean: ServiceTime | None = declare("mean", unit="min once resolved", default=None)
    shape: Shape | None = declare("shape of erlang (whole) or gamma", default=None)
    cv: Spread | None = declare("standard deviation divided by the mean (gamma, lognormal)", default=None)
    values: Annotated[list[ServiceTime], Field(min_length=1, max_length=100_000)] | None = declare(
        "observed times (empirical)", unit="min once resolved", default=None
    )
    weights: Annotated[list[Number], Field(min_length=1, max_length=100_000)] | None = declare(
        "how much each observed time counts", default=None
    )

    @model_validator(mode="after")
    def _check(self) -> Service:
        needs = {
            "exponential": ({"mean"}, set()),
            "deterministic": ({"mean"}, set()),
            "erlang": ({"mean", "shape"}, set()),
            "gamma": ({"mean"}, {"shape", "cv"}),
            "lognormal": ({"mean"}, {"cv"}),
            "empirical": ({"values"}, {"weights"}),
        }
        needed, may = needs[self.distribution]
        allowed = ", ".join(sorted(needed)) + (f" and {' or '.join(sorted(may))}" if may else "")
        given = {
            name for name in ("mean", "shape", "cv", "values", "weights") if getattr(self, name) is not None
        }
        for name in sorted(given - needed - may):
            refuse("distribution-field", distribution=self.distribution, name=name, allowed=allowed)
        for name in sorted(needed - given):
            refuse("distribution-missing", distribution=self.distribution, name=name, allowed=allowed)
        if self.distribution in ("gamma", "lognormal") and len(given & may) != 1:
            refuse(
                "distribution-missing",
                distribution=self.distribution,
                name=" or ".join(sorted(may)),
                allowed=allowed,
            )
        return self

    @field_validator("shape", mode="after")
    @classmethod
    def _whole(cls, shape: Any, info: ValidationInfo) -> Any:
        if info.data.get("distribution") == "erlang" and isinstance(shape, float) and shape % 1:
            need = "Its shape is a whole number."
            refuse("distribution-value", distribution="erlang", name="shape", value=shape, need=need)
        return shape

    @field_validator("weights", mode="after")
    @classmethod
    def _weigh(cls, weights: Any, info: ValidationInfo) -> Any:
        values = info.data.get("values")
        if weights is not None and values is not None and len(weights) != len(values):
            allowed = f"one weight for each of the {counted(len(values), 'value')}"
            refuse("wrong-count", got=len(weights), allowed=allowed)
        if weights is not None and all(weight == 0 for weight in weights):
            refuse("weights-zero", what="observed value")
        return weights


class Arrivals(Strict):
    """Parties who come to cross: by hour, by day with a profile, or as a table of times."""

    per_hour: PerHourByHour | None = declare(
        "parties an hour: one value, 24 (by hour of day) or 168 (by hour of week from Monday)",
        unit="parties/h",
        default=None,
    )
    per_day: PerDay | None = declare("parties a day, with a profile", unit="parties/day", default=None)
    profile: Annotated[list[Number], _long(24, or_one=False)] | None = declare(
        "24 shares of the day by hour (made to sum to 1)", unit="share", default=None
    )
    table: Annotated[list[ArrivalStep], Field(min_length=1, max_length=100_000)] | None = declare(
        "rows of time and parties an hour", default=None
    )

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        if isinstance(value, list | tuple | str | int | float) and not isinstance(value, bool):
            return {"per_hour": value}
        if isinstance(value, dict) and any(form in value for form in ("claims", "range", "distribution")):
            return {"per_hour": value}
        return value

    @model_validator(mode="after")
    def _check(self) -> Arrivals:
        given = [name for name in ("per_hour", "per_day", "table") if getattr(self, name) is not None]
        if not given:
            refuse("nothing-to-change", allowed="per_hour, per_day or table")
        if len(given) > 1:
            refuse("either-or", given=" and ".join(given))
        if self.profile is not None and self.per_day is None:
            refuse("either-or", given=f"{given[0]} and profile")
        return self

    @field_validator("profile", mode="after")
    @classmethod
    def _some(cls, profile: Any) -> Any:
        if profile is not None and all(share == 0 for share in profile):
            refuse("profile-zero")
        return profile


class WalkThrough(Strict):
    """People of a bus walk through inspection, while it stands in one of the line's booths (its place): the
    place is free for the next bus when the last of them is through, and the bus itself (`service`).
    """

    booths_of: LaneType | None = declare(
        "lane type of the line on foot at the crossing whose booths they use, in one line with its people",
        default=None,
    )
    booths: PlacesByHour | None = declare(
        "booths of their own: one value, or 24 by hour", unit="booths", default=None
    )
    service: Service | None = declare("inspection of one person, at booths of their own", default=None)
    walk: Minutes = declare("time from the bus to the booths", unit="min", default=0.0)
    together: YesNo = declare(
        "one booth inspects all people of a bus, one after the other; else each goes to the next free booth",
        default=False,
    )

    @model_validator(mode="after")
    def _check(self) -> WalkThrough:
        own = (self.booths is not None, self.service is not None)
        if own != ((False, False) if self.booths_of is not None else (True, True)):
            refuse("walk-through-booths")
        return self


class Flow(Strict):
    """One line of people: a crossing, direction, mode and lane type, with who comes and who serves."""

    crossing: Identifier = declare("one of the crossings above")
    direction: Direction = declare("inbound (into the US) or outbound", default="inbound")
    mode: Mode = declare("car, pedestrian, bus or truck", default="car")
    lane_type: LaneType = declare("standard, ready, sentri, nexus or fast", default="standard")
    arrivals: Arrivals = declare("parties who come to cross")
    service: Service = declare("primary inspection of one party")
    booths: Booths = declare(
        'booths staffed: one value, 24 by hour, or steps `{from: "05:00", booths: 4}`', unit="booths"
    )
    lanes: Count | None = declare("lanes open", unit="lanes", default=None)
    booths_per_lane: PerLane = declare("booths behind one another in a lane", unit="booths", default=1.0)
    tandem: YesNo = declare(
        "two booths behind one another hold each other up; else each serves as if alone in a lane",
        default=False,
    )
    referral: Share = declare("share of parties sent to secondary inspection", unit="share", default=0.0)
    people_per_party: PartySize = declare("people in one party", unit="people", default=1.0)
    classes: ClassShares | None = declare(
        "share of travellers in each class that closures may exempt; the rest belongs to none of them",
        unit="share",
        default=None,
    )
    usual_wait: MinutesByHour = declare(
        "published wait people are used to: one value, 24 or 168", unit="min", default=0.0
    )
    target_wait: MinutesByHour | None = declare(
        "wait that staffing aims at; without it staffing does not follow the queue", unit="min", default=None
    )
    room: Room | None = declare(
        "most parties in line and in booths; who comes to a full line is turned away",
        unit="parties",
        default=None,
    )
    patience: Service | None = declare(
        "how long a party stays in line before it leaves unserved and gives up", default=None
    )
    walk_through: WalkThrough | None = declare("how people of a bus walk through inspection", default=None)
    spacing_m: PositiveNumber = declare("room one party takes up in a line", unit="m", default=7.5)
    approach_m: PositiveNumber | None = declare("length of the approach road", unit="m", default=None)
    value_of_time: Number | None = declare(
        "value of an hour of one person's time", unit="USD/h", default=None
    )
    must_share: Share = declare("share of trips that must be made", unit="share", default=0.22)

    @model_validator(mode="after")
    def _check(self) -> Flow:
        if self.walk_through is not None and self.mode != "bus":
            refuse("walk-through-not-bus", mode=self.mode)
        return self

    @property
    def id(self) -> str:
        """``crossing:direction:mode:lane_type``."""
        return f"{self.crossing}:{self.direction}:{self.mode}:{self.lane_type}"


class Secondary(Strict):
    """The further inspection of those referred, shared by the lines of a crossing."""

    crossing: Identifier = declare("one of the crossings above")
    direction: Direction = declare("inbound or outbound", default="inbound")
    modes: Modes | None = declare("modes it serves; all when left out", default=None)
    places: PlacesByHour = declare(
        "parties inspected at the same time: one value, or 24 by hour", unit="places"
    )
    service: Service = declare("how long it takes")


class Travel(Strict):
    """How long it takes to go from one crossing to another."""

    origin: Identifier = declare("a crossing")
    destination: Identifier = declare("a crossing")
    mode: Mode = declare("mode", default="car")
    minutes: Minutes = declare("time it takes", unit="min")
    km: Number | None = declare("distance", unit="km", default=None)
