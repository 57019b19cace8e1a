"""What happens in a scenario: closures, and changes of lanes, staffing and demand."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field, model_validator

from garita.scenario.fields import (
    DIRECTIONS,
    BoothCount,
    Classes,
    Count,
    Directions,
    Factor,
    HoursList,
    Identifier,
    LaneTypes,
    Modes,
    Notice,
    Share,
    Signed,
    Text,
    Time,
    Until,
    YesNo,
    declare,
)
from garita.scenario.quantities import Strict
from garita.scenario.scalars import refuse


class Where(Strict):
    """The flows something applies to."""

    name: Identifier | None = declare(
        "a name of your own; the random draws of this entry are keyed by it", default=None
    )
    crossing: Identifier = declare("a crossing, a port (all its crossings), or `all`")
    directions: Directions = declare(
        "inbound (into the US), outbound, or both", default=lambda: list(DIRECTIONS)
    )
    modes: Modes | None = declare("modes of travel; all of them when left out", default=None)
    lane_types: LaneTypes | None = declare("lane types; all of them when left out", default=None)


class Reopening(Strict):
    """A step of a staged reopening: from then on this share of the capacity is open again."""

    at: Time = declare("when")
    directions: Directions | None = declare("directions; those of the closure when left out", default=None)
    modes: Modes | None = declare("modes; those of the closure when left out", default=None)
    lane_types: LaneTypes | None = declare("lane types; those of the closure when left out", default=None)
    share: Share = declare("share of the usual capacity open from then on", unit="share", default=1.0)
    lanes: Count | None = declare(
        "number of lanes of each line open from then on, instead of a share", unit="lanes", default=None
    )

    @model_validator(mode="after")
    def _one_measure(self) -> Reopening:
        if self.lanes is not None and "share" in self.model_fields_set:
            refuse("either-or", given="share and lanes")
        return self


class Closure(Where):
    """A crossing, port, direction, mode or lane type that is shut for a while or for good."""

    exempt: Classes = declare("classes of travellers who may cross all the same", default=list)
    start: Time = declare("when it begins", alias="from")
    until: Until = declare("when it ends: a time, a duration from the beginning, or `for good`")
    notice: Notice = declare(
        "how long before the beginning it was announced: `none`, a duration, or a time",
        unit="min",
        default=None,
    )
    share: Share = declare("share of the capacity that is shut", unit="share", default=1.0)
    lanes: Count | None = declare("number of lanes shut, instead of a share", unit="lanes", default=None)
    reopening: list[Reopening] = declare("steps of a staged reopening", default=list, max_length=1_000)
    reason: Text = declare("why", default="", max_length=2_000)
    source: Text = declare("where this is known from", default="", max_length=2_000)

    @model_validator(mode="after")
    def _one_measure(self) -> Closure:
        if self.lanes is not None and "share" in self.model_fields_set and self.share != 1.0:
            refuse("either-or", given="share and lanes")
        if self.exempt and (self.lanes is not None or self.share != 1.0):
            refuse("exempt-in-part", given="lanes" if self.lanes is not None else "share")
        return self


class Timed(Strict):
    """Something other than usual, for a while."""

    start: Time | None = declare("when it begins; before the run when left out", alias="from", default=None)
    until: Until = declare("when it ends: a time, a duration from the beginning, or `for good`", default=None)
    event: YesNo = declare(
        "part of the event itself: left out of the comparison without closures", default=False
    )
    reason: Text = declare("why", default="", max_length=2_000)
    source: Text = declare("where this is known from", default="", max_length=2_000)


class Change(Timed, Where):
    """Some flows other than usual, for a while."""


def exactly_one(change: Strict, *names: str) -> None:
    given = [name for name in names if getattr(change, name) is not None]
    if not given:
        refuse("nothing-to-change", allowed=" or ".join(names))
    if len(given) > 1:
        refuse("either-or", given=" and ".join(given))


class LaneChange(Change):
    """Lanes open other than usual. Lanes cap the booths that can be staffed; they do not multiply them."""

    lanes: Count | None = declare("number of lanes open", unit="lanes", default=None)
    change: Signed | None = declare("lanes more (or, negative, fewer) than usual", unit="lanes", default=None)

    @model_validator(mode="after")
    def _check(self) -> LaneChange:
        exactly_one(self, "lanes", "change")
        return self


class StaffingChange(Change):
    """Booths staffed other than the roster says."""

    booths: BoothCount | None = declare("booths staffed", unit="booths", default=None)
    factor: Factor | None = declare("times the roster", unit="factor", default=None)

    @model_validator(mode="after")
    def _check(self) -> StaffingChange:
        exactly_one(self, "booths", "factor")
        return self


class HoursChange(Change):
    """Opening hours other than usual, longer or shorter, every day while it holds."""

    hours: HoursList = declare(
        "opening hours each day: `05:00-23:00`, `24 h`, or a list", min_length=1, max_length=24
    )


class DemandChange(Change):
    """People who want to cross other than usual."""

    crossing: Identifier = declare("a crossing, a port (all its crossings), or `all`", default="all")
    factor: Factor = declare("times the usual demand", unit="factor")


class Source(Strict):
    """Where figures of this scenario come from."""

    what: Text = Field(description="what it says", min_length=1, max_length=2_000)
    who: Text = declare("who says it", default="", max_length=300)
    source: Text = declare("where, usually an address", default="", max_length=2_000)


def in_minutes(start: datetime, end: datetime) -> float:
    """Minutes from one time to another."""
    return (end.timestamp() - start.timestamp()) / 60.0
