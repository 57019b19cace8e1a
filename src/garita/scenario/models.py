"""A scenario: everything a user may say, as one pydantic model."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from pydantic import BeforeValidator, PrivateAttr

from garita.scenario.behaviour import Behaviour
from garita.scenario.events import Closure, DemandChange, HoursChange, LaneChange, Source, StaffingChange
from garita.scenario.fields import Moment, Text, Texts, declare
from garita.scenario.initial import Initial
from garita.scenario.inline import Crossing, Flow, Region, Secondary, Travel
from garita.scenario.journeys import Journeys
from garita.scenario.limits import MOST_CROSSINGS
from garita.scenario.loader import MOST_ENTRIES, MOST_WAYS
from garita.scenario.officers import Conversion, Emergency, OfficerPool, PoolChange
from garita.scenario.quantities import Strict
from garita.scenario.scalars import Scalar, refuse, what
from garita.scenario.stations import Station

VERSION = 1
ENTRIES = (
    "closures",
    "lanes",
    "staffing",
    "hours",
    "conversions",
    "pools",
    "emergency",
    "demand",
    "stations",
)  # what happens; a base's come first
INLINE = ("region", "crossings", "flows", "secondary", "travel")


def uniform(seed: int, replication: int, path: str) -> float:
    """A number in (0, 1), the same on every machine for the same seed, replication and path."""
    digest = hashlib.blake2b(f"{seed}|{replication}|{path}".encode(), digest_size=8).digest()
    return ((int.from_bytes(digest, "big") >> 12) + 0.5) / 2.0**52


def _version(value: Any) -> int:
    text = value.strip() if isinstance(value, str) else value
    if isinstance(text, bool) or text not in (VERSION, str(VERSION)):
        refuse("unsupported-version", value=what(value).strip("`"))
    return VERSION


def _source(value: Any) -> Any:
    return {"what": value} if isinstance(value, str) else value


class Scenario(Strict):
    """What happens where and when, and how it is simulated."""

    garita: Annotated[int, BeforeValidator(_version)] = declare("version of the scenario language: 1")
    title: Text = declare("what this is, in a line", min_length=1, max_length=300)
    question: Text | None = declare("the question it answers", default=None, max_length=2_000)
    base: Text | None = declare(
        "what it starts from: a packaged region or case, a scenario file beside it, or a folder with a "
        "region's tables",
        default=None,
        max_length=500,
    )
    start: Moment = declare("first day (or date and time) that is reported, local time")
    days: Annotated[int, Scalar("count", 1, 3_700)] = declare("days from the start", unit="days")
    warm_up_days: Annotated[int, Scalar("count", 0, 366)] = declare(
        "days simulated before the start and not reported", unit="days", default=1
    )
    replications: Annotated[int, Scalar("count", 1, 100_000)] = declare(
        "possible histories to simulate", default=40
    )
    seed: Annotated[int, Scalar("count", 0, 2**53)] = declare(
        "number all random draws are keyed by", default=20181125
    )
    closures: list[Closure] = declare("what is shut", default=list, max_length=MOST_ENTRIES)
    lanes: list[LaneChange] = declare("lanes open other than usual", default=list, max_length=MOST_ENTRIES)
    staffing: list[StaffingChange] = declare(
        "booths staffed other than usual", default=list, max_length=MOST_ENTRIES
    )
    hours: list[HoursChange] = declare(
        "opening hours other than usual", default=list, max_length=MOST_ENTRIES
    )
    conversions: list[Conversion] = declare(
        "lanes that change type at some hours", default=list, max_length=MOST_ENTRIES
    )
    officers: list[OfficerPool] = declare(
        "pools of officers who move between lines", default=list, max_length=2_000
    )
    pools: list[PoolChange] = declare(
        "officers of pools other than usual", default=list, max_length=MOST_ENTRIES
    )
    emergency: list[Emergency] = declare(
        "booths beyond the roster and longer hours when waits are long", default=list, max_length=1_000
    )
    demand: list[DemandChange] = declare("demand other than usual", default=list, max_length=MOST_ENTRIES)
    stations: list[Station] = declare(
        "inspections besides primary and secondary", default=list, max_length=MOST_ENTRIES
    )
    initial: list[Initial] = declare(
        "lines as they are seen at the start, instead of a warm-up", default=list, max_length=2_000
    )
    behaviour: Behaviour = declare("how people and staffing behave", default=Behaviour)
    journeys: Journeys | None = declare(
        "people's journeys to the border, shelters, waiting lists and returns", default=None
    )
    region: Region | None = declare("a region defined here, instead of a base", default=None)
    crossings: list[Crossing] = declare("its crossings", default=list, max_length=MOST_CROSSINGS)
    flows: list[Flow] = declare("its flows", default=list, max_length=2_000)
    secondary: list[Secondary] = declare("its secondary inspection", default=list, max_length=2_000)
    travel: list[Travel] = declare("travel times between its crossings", default=list, max_length=MOST_WAYS)
    sources: list[Annotated[Source, BeforeValidator(_source)]] = declare(
        "where its figures come from", default=list, max_length=MOST_ENTRIES
    )
    notes: Texts = declare("remarks", default=list)

    _replication: int | None = PrivateAttr(default=None)

    @property
    def replication(self) -> int | None:
        """The replication that a resolved scenario was drawn for; None for nominal values."""
        return self._replication

    def luck(self, path: str) -> float:
        """A number in (0, 1) of a scenario drawn for a replication, keyed by what it is for."""
        assert self._replication is not None
        return uniform(self.seed, self._replication, path)
