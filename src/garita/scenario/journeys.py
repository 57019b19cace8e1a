"""People on their way to a border, where they stay and wait, and how some of them go back: by whole days."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from garita.scenario.events import exactly_one
from garita.scenario.fields import (
    Duration,
    Factor,
    Headcount,
    Hours,
    Identifier,
    JourneyMode,
    LongAction,
    Moment,
    Number,
    PeopleADay,
    PositiveNumber,
    Published,
    ReturnKind,
    Share,
    Text,
    Time,
    Until,
    Vehicle,
    YesNo,
    declare,
)
from garita.scenario.list_kinds import KindRules, ListKind, check_kinds, rules_of
from garita.scenario.quantities import Strict
from garita.scenario.scalars import Scalar, refuse
from garita.scenario.shares import Shares
from garita.scenario.standard import StandardRow, Supplies

LONGEST_DAYS = 1_500
PARTS = (
    "places",
    "routes",
    "groups",
    "shelters",
    "waiting_lists",
    "choices",
    "returns",
    "closures",
    "standard",
    "published",
)


def called(entry: Strict) -> str:
    """What tells an entry of a part from the others: its identifier or name, or the ends of a way."""
    ends = [str(getattr(entry, name, None) or "") for name in ("origin", "destination")]
    known = getattr(entry, "item", None) or getattr(entry, "id", None) or getattr(entry, "name", None)
    return str(known or (":".join(ends) if all(ends) else ""))


class Sourced(Strict):
    """An entry with where it is known from."""

    source: Text = declare("where this is known from", default="", max_length=2_000)


class JourneyPlace(Strict):
    """A town, a border city, a camp: where people come through, stay, or wait."""

    id: Identifier = declare("identifier")
    name: Text = declare("name, for people", default="", max_length=300)
    country: Text = declare("country, as the closures of borders name it", default="", max_length=80)
    lat: Annotated[float, Scalar("number", -90.0, 90.0)] | None = declare(
        "latitude", unit="degrees", default=None
    )
    lon: Annotated[float, Scalar("number", -180.0, 180.0)] | None = declare(
        "longitude", unit="degrees", default=None
    )


class Route(Sourced):
    """The way from one place to the next, in one direction."""

    origin: Identifier = declare("a place", alias="from")
    destination: Identifier = declare("a place", alias="to")
    km: PositiveNumber | None = declare("distance", unit="km", default=None)
    takes: Duration | None = declare(
        "time it takes, instead of a distance", unit="min once resolved", default=None
    )
    mode: JourneyMode = declare("walk, bus or train", default="walk")
    km_per_day: PositiveNumber | None = declare(
        "distance made good in a day; on foot 30, by bus 500, by train 300 when left out",
        unit="km/day",
        default=None,
    )
    share: Share | None = declare(
        "share of those who go on that take this way, if it brings them nearer; the others take the fastest",
        unit="share",
        default=None,
    )

    @model_validator(mode="after")
    def _one_measure(self) -> Route:
        exactly_one(self, "km", "takes")
        if self.takes is not None and self.km_per_day is not None:
            refuse("either-or", given="takes and km_per_day")
        return self


class Rest(Strict):
    """Days that a group stays at a place on its way."""

    place: Identifier = declare("a place")
    days: Duration = declare("how long", unit="min once resolved")


class Merge(Strict):
    """A group that joins another one at a place."""

    place: Identifier = declare("where")
    into: Identifier = declare("the group they travel with from there")


class DatedPeople(Strict):
    """People of one day."""

    day: Time = declare("the day")
    people: Headcount = declare("people", unit="people")


class Group(Sourced):
    """People who travel together: a caravan, families, those who come day by day."""

    name: Identifier = declare("its name; the random draws of this entry are keyed by it")
    place: Identifier = declare("where they set out")
    to: Identifier = declare("where they go")
    start: Time | None = declare(
        "the day on which they set out, or the first of them", alias="from", default=None
    )
    people: Headcount | None = declare("people who set out together", unit="people", default=None)
    per_day: PeopleADay | None = declare(
        "people who set out each day, instead, on average", unit="people/day", default=None
    )
    until: Until = declare(
        "the first day on which nobody of those who set out day by day does so any more", default=None
    )
    table: Annotated[list[DatedPeople], Field(min_length=1, max_length=2_000)] | None = declare(
        "people who set out by day, instead", default=None
    )
    pace: Factor = declare("times the distance made good in a day", unit="factor", default=1.0)
    goes_on: Share = declare(
        "share of those who could go on that do so on a day; 1 keeps a group together",
        unit="share",
        default=1.0,
    )
    rests: list[Rest] = declare("where it stops and for how long", default=list, max_length=500)
    merges: Merge | None = declare("where it joins another group", default=None)
    shares: Shares | None = declare("shares of women, men and children among them", default=None)

    @model_validator(mode="after")
    def _one_measure(self) -> Group:
        exactly_one(self, "people", "per_day", "table")
        if self.table is None and self.start is None:
            refuse("nothing-to-change", allowed="from")
        if self.table is not None and self.start is not None:
            refuse("either-or", given="table and from")
        return self


class Shelter(Sourced):
    """A shelter with room for so many; who finds none there goes to the next one, then to the street."""

    id: Identifier = declare("identifier")
    name: Text = declare("name, for people", default="", max_length=300)
    place: Identifier = declare("the place it is in")
    capacity: Headcount = declare("people it is meant for", unit="people")
    most: Headcount | None = declare(
        "people it takes in at most, crowded; its capacity when left out", unit="people", default=None
    )
    start: Time | None = declare(
        "the day it opens; open from the beginning when left out", alias="from", default=None
    )
    until: Until = declare("the first day on which it is closed", default=None)
    moves_to: Identifier | None = declare("the shelter its people are moved to when it closes", default=None)
    moves_from: Time | None = declare(
        "the day from which they are moved, in equal parts until it closes", default=None
    )
    supplies: Supplies = declare(
        "what it has, by item of the standard and in its unit: `{water: 20000, toilets: 35}`", default=dict
    )


class WaitingList(Sourced):
    """A list of those who wait to ask for asylum at a port, who are called in the order of their names."""

    name: Identifier = declare("its name; the random draws of this entry are keyed by it")
    place: Identifier = declare("where they wait")
    crossing: Identifier | None = declare(
        "the crossing or port that takes them in: nobody while its inbound pedestrians' facility is closed",
        default=None,
    )
    waiting: Headcount = declare(
        "people on it on the first day, who have found a roof by themselves", unit="people", default=0
    )
    waited: Duration = declare(
        "how long ago the first of them registered; as many on each day since",
        unit="min once resolved",
        default=0.0,
    )
    others: PeopleADay = declare(
        "people who register besides those of the journeys, on average, and find a roof by themselves",
        unit="people/day",
        default=0.0,
    )
    per_day: PeopleADay = declare("people the port takes in a day, when it is open", unit="people/day")
    hours: Hours = declare("hours of the day in which it takes people in", default=("00:00", "24:00"))
    holding: Headcount | None = declare(
        "places where those taken in are held first: nobody is taken in when they are full",
        unit="people",
        default=None,
    )
    held: Duration = declare(
        "how long they are held there, on average", unit="min once resolved", default=4320.0
    )
    registers: Share = declare("share of those who arrive that register", unit="share", default=1.0)
    after: Duration = declare(
        "how long after their arrival they register, on average", unit="min once resolved", default=1440.0
    )
    people_per_number: Headcount = declare(
        "people that one number of the list stands for", unit="people", default=1
    )
    no_show: Share = declare("share of those called who do not come", unit="share", default=0.0)
    kinds: list[ListKind] = declare(
        "people on it for whom other rules hold; all are called in one order", default=list, max_length=20
    )
    shares: Shares | None = declare(
        "shares of women, men and children among those `waiting` and the `others`", default=None
    )

    @model_validator(mode="after")
    def _kinds_of_all(self) -> WaitingList:
        check_kinds(self.kinds)
        return self

    def with_kinds(self) -> list[KindRules]:
        """Every kind of people on it, once drawn, the rest last."""
        return rules_of(self.kinds, self.registers, self.no_show)


class Choice(Sourced):
    """What some people do instead of waiting on."""

    name: Identifier = declare("its name; the random draws of this entry are keyed by it")
    place: Identifier = declare("where they are")
    do: LongAction = declare("go to another place, stay and work, or cross between ports")
    per_day: Share = declare("share of those there who do so on a day", unit="share")
    wait_over: Duration = declare(
        "only when the wait that a list tells is longer than this", unit="min once resolved", default=0.0
    )
    to: Identifier | None = declare("where they go (elsewhere)", default=None)
    takes: Duration = declare("how long it takes to get there", unit="min once resolved", default=1440.0)
    sector: Text = declare(
        "sector of the Border Patrol they are counted in (between-ports)", default="", max_length=80
    )
    start: Time | None = declare("first day", alias="from", default=None)
    until: Until = declare("first day on which it no longer holds", default=None)

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Choice:
        if (self.do == "elsewhere") != (self.to is not None):
            refuse("journey-elsewhere")
        return self


class Return(Sourced):
    """People who are brought back, or go back: by bus or plane, so many a day, at a cost."""

    name: Identifier = declare("its name; the random draws of this entry are keyed by it")
    kind: ReturnKind = declare("assisted voluntary, deported by Mexico, removed by the US, or on their own")
    place: Identifier = declare("where they leave from")
    to: Identifier = declare("where they are brought")
    by: Vehicle = declare("bus or plane", default="bus")
    waiting: Headcount = declare("people signed up on the first day", unit="people", default=0)
    chance: Share = declare("share of those there who sign up on a day", unit="share", default=0.0)
    wait_over: Duration = declare(
        "only when the wait that a list tells is longer than this", unit="min once resolved", default=0.0
    )
    table: list[DatedPeople] = declare(
        "people who are signed up, or handed over, by day", default=list, max_length=2_000
    )
    per_day: PeopleADay | None = declare(
        "people that can leave in a day; as many as there are when left out", unit="people/day", default=None
    )
    seats: PositiveNumber | None = declare("seats of one vehicle", unit="people", default=None)
    fill: Share = declare(
        "share of its seats that must be taken before a vehicle leaves", unit="share", default=0.0
    )
    takes: Duration = declare("time of the trip", unit="min once resolved", default=1440.0)
    cost: Number | None = declare("cost for each of them", unit="USD", default=None)
    trip_cost: Number | None = declare("cost of one vehicle's trip", unit="USD", default=None)
    start: Time | None = declare("first day", alias="from", default=None)
    until: Until = declare("first day on which it no longer holds", default=None)
    shares: Shares | None = declare("shares of women, men and children among those `waiting`", default=None)
    event: YesNo = declare(
        "part of the event itself: left out of the comparison without closures", default=False
    )

    @model_validator(mode="after")
    def _trips_have_seats(self) -> Return:
        if self.trip_cost is not None and self.seats is None:
            refuse("journey-seats")
        return self


class WayClosed(Sourced):
    """A place, a way or a border between two countries that nobody on a journey passes for a while."""

    name: Identifier = declare("its name; the random draws of this entry are keyed by it")
    place: Identifier | None = declare("a place nobody enters or leaves", default=None)
    between: Annotated[list[Identifier], Field(min_length=2, max_length=2)] | None = declare(
        "two places: the way between them, in both directions", default=None
    )
    countries: Annotated[list[Text], Field(min_length=2, max_length=2)] | None = declare(
        "two countries: every way between them", default=None
    )
    start: Time = declare("first day", alias="from")
    until: Until = declare("day it opens again")
    news: Duration = declare(
        "how long it takes until people elsewhere know", unit="min once resolved", default=1440.0
    )

    @model_validator(mode="after")
    def _one_measure(self) -> WayClosed:
        exactly_one(self, "place", "between", "countries")
        return self


class PublishedCount(Sourced):
    """A published count, to compare the simulation with. It changes nothing that is simulated."""

    what: Published = declare("what was counted")
    where: Identifier | None = declare("the place, shelter or list", default=None)
    day: Time = declare("the day")
    people: Headcount = declare("people", unit="people")
    note: Text = declare("what to know of it", default="", max_length=500)


class Journeys(Strict):
    """People's journeys to the border, their stay there, and their returns, by whole days of local time."""

    start: Moment = declare("first day", alias="from")
    days: Annotated[int, Scalar("count", 1, LONGEST_DAYS)] = declare("days that are simulated", unit="days")
    places: list[JourneyPlace] = declare("places", min_length=1, max_length=2_000)
    routes: list[Route] = declare("ways from one to the next", default=list, max_length=10_000)
    groups: list[Group] = declare("people who set out", default=list, max_length=500)
    shelters: list[Shelter] = declare(
        "shelters; those of a place are filled in this order", default=list, max_length=500
    )
    waiting_lists: list[WaitingList] = declare("waiting lists at ports", default=list, max_length=50)
    choices: list[Choice] = declare("what people do instead of waiting on", default=list, max_length=200)
    returns: list[Return] = declare("how people go back", default=list, max_length=200)
    closures: list[WayClosed] = declare(
        "closed places, ways and borders on the journey", default=list, max_length=2_000
    )
    turn_back: Share = declare(
        "share of those held up at a closed way who turn back on a day", unit="share", default=0.0
    )
    standard: list[StandardRow] = declare(
        "what people need, where it is not as in the Sphere Handbook", default=list, max_length=500
    )
    published: list[PublishedCount] = declare("counts to compare with", default=list, max_length=5_000)
    answer_for: list[Annotated[int, Scalar("count", 1, 100_000_000)]] = declare(
        "numbers of people for which days and cost of returning them are told",
        default=lambda: [1000],
        max_length=20,
    )

    def without_closures(self) -> Journeys:
        """The journeys without closures; what is part of the event stays, and takes nobody."""
        nobody = {"waiting": 0, "chance": 0.0, "table": []}
        returns = [entry.model_copy(update=nobody) if entry.event else entry for entry in self.returns]
        return self.model_copy(update={"closures": [], "returns": returns})
