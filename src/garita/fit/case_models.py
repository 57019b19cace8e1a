"""What a validation case may say: a scenario, what was observed, and what the simple guesses are told."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from garita.errors import register_messages
from garita.scenario.fields import (
    Direction,
    Directions,
    HoursList,
    LaneTypes,
    Modes,
    Moment,
    Names,
    Text,
    Weekdays,
    declare,
)
from garita.scenario.quantities import Strict
from garita.scenario.scalars import Scalar, Word, refuse, what

VERSION = 1

WAITS = ("published_wait", "wait", "longest_wait")
FATES = ("share_crossed", "share_diverted", "share_later", "share_cancelled", "share_gave_up")
MEASURES = (*WAITS, "queue", "queue_m", "served", *FATES, "recovery")
STATISTICS = ("mean", "max", "min", "total", "per_day", "per_hour")
COMPARISONS = ("with", "without", "difference", "change")
COUNTS = ("parties", "people")
FORMS = ("value", "range", "at_least", "at_most", "by_hour")

register_messages(
    {
        "validation-version": (
            "version {value} of validation cases is not known",
            "This program reads version 1: `validation: 1`.",
        ),
        "validation-empty": ("there is nothing to compare with", "Give a scenario and observations."),
        "validation-both": ("a case that is not run has no {name}", "Remove `not_run`, or `{name}`."),
        "observations-weigh-nothing": (
            "all observations have the weight 0, so nothing counts",
            "Give one of them a weight, or leave `weight` out.",
        ),
        "observation-form": ("this says nothing that was observed", "Give exactly one of {allowed}."),
        "observation-amount": ("`{value}` is no amount of this measure", "Write {form}."),
        "observation-hours": ("{got} hours are given", "Write 24 amounts; `closed` where shut."),
        "observation-range": ("the range ends before it begins", "Write `range: [lowest, highest]`."),
        "observation-statistic": ("`{value}` is not computed of {measure}", "Allowed: {allowed}."),
        "observation-compare": ("`{measure}` is a comparison by itself", "Remove `compare`."),
        "observation-minus": ("nothing can be taken off `{measure}`", "Remove `minus`."),
        "observation-to": ("`share_diverted` needs the neighbour", "Add `to: <crossing or port>`."),
        "observation-noise": ("the noise is 0 or less", "Give a standard deviation, or leave it out."),
        "observation-window": (
            "nothing of this window is simulated ({start} to {until})",
            "Change it, or `start` and `days`.",
        ),
        "observation-nobody": ("there is no such line: {line}", "{hint}There: {allowed}."),
        "scenario-nowhere": (
            "there is no scenario `{value}`",
            "{hint}Packaged: {allowed}. Or name a file beside this one, or write its fields.",
        ),
        "no-event": (
            "without an event there is nothing to compare",
            "Write what happens under `closures`, or mark it `event: true`.",
        ),
    }
)


def _version(value: Any) -> int:
    text = value.strip() if isinstance(value, str) else value
    if isinstance(text, bool) or text not in (VERSION, str(VERSION)):
        refuse("validation-version", value=what(value).strip("`"))
    return VERSION


def _scenario(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    if not isinstance(value, dict):
        refuse("not-a-mapping", got=what(value), description="Name a scenario, or write its fields here.")
    return value


def _texts(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Until = Annotated[Any, Scalar("until", 0.0, 10 * 366 * 1440.0)]
Whole = Annotated[float, Scalar("share", 0.0, 1.0)]


class Lines(Strict):
    """The lines something is about."""

    crossing: Names = declare("crossings or ports (all their crossings), or `all`", default=lambda: ["all"])
    modes: Modes | None = declare("modes of travel; all of them when left out", default=None)
    lane_types: LaneTypes | None = declare("lane types; all of them when left out", default=None)


class Observation(Lines):
    """One figure, or one figure for each hour, that was observed, and what it is compared with."""

    name: Text | None = declare("what it is, in a few words", default=None, max_length=200)
    measure: Annotated[str, Word("measure", MEASURES)] = declare("what was observed")
    direction: Direction = declare("inbound (into the US) or outbound", default="inbound")
    count: Annotated[str, Word("count", COUNTS)] = declare("parties (vehicles) or people", default="parties")
    statistic: Annotated[str, Word("statistic", STATISTICS)] | None = declare(
        "over the window: mean, max, min, total, per_day, per_hour; the usual one of the measure when left "
        "out",
        default=None,
    )
    compare: Annotated[str, Word("comparison", COMPARISONS)] = declare(
        "with: as it was; without: the same days without the event; difference: with minus without; change: "
        "with against without, in per cent",
        default="with",
    )
    minus: LaneTypes | None = declare("lane types whose figure is taken off", default=None)
    to: Names | None = declare("share_diverted: the crossing or port they went to", default=None)
    start: Moment | None = declare("when the window begins, local time", alias="from", default=None)
    until: Until | None = declare("when it ends: a time, or a duration from its beginning", default=None)
    weekdays: Weekdays | None = declare("only these days of the week", default=None)
    hours: HoursList | None = declare("only these hours of the day", default=None, max_length=24)
    value: Any = declare("what was observed: an amount", default=None)
    range: Annotated[list[Any], Field(max_length=1000)] | None = declare("between two amounts", default=None)
    at_least: Any = declare("at least this amount", default=None)
    at_most: Any = declare("at most this amount", default=None)
    by_hour: Annotated[list[Any], Field(max_length=1000)] | None = declare(
        "24 amounts, one for each hour of a day; `closed` where it is shut", default=None
    )
    unit: Text | None = declare("unit of amounts written without one", default=None, max_length=20)
    noise: Any = declare(
        "standard deviation of the observation's own error; of a change, that of the logarithm of the ratio "
        "(0.05 = 5 %)",
        default=None,
    )
    weight: Annotated[float, Scalar("number", 0.0, 1000.0)] = declare(
        "how much it counts in the score of the case", default=1.0
    )
    source: Text = declare("where it is known from", default="", max_length=2_000)
    quality: Text = declare("how good it is, in the words of the source", default="", max_length=300)
    note: Text = declare("what a reader should know", default="", max_length=2_000)


class Shut(Lines):
    """What the simple guesses take to be shut, where it is not simply the closures of the scenario."""

    directions: Directions = declare("inbound, outbound, or both", default=lambda: ["inbound"])
    start: Moment | None = declare("when it begins; with the run when left out", alias="from", default=None)
    until: Until | None = declare("when it ends: a time, or a duration from its beginning", default=None)
    share: Whole = declare("share of the travellers it concerns", unit="share", default=1.0)


class ValidationCase(Strict):
    """Something that happened: the scenario of it, and what was observed."""

    validation: Annotated[int, BeforeValidator(_version)] = declare("version of this format: 1")
    title: Text = declare("what happened, in a line", min_length=1, max_length=300)
    about: Text = declare("which published case or event this is", default="", max_length=300)
    scenario: Annotated[Any, BeforeValidator(_scenario)] = declare(
        "a packaged case or region, a scenario file beside this one, or the fields of a scenario",
        default=None,
    )
    replications: Annotated[int, Scalar("count", 1, 10_000)] | None = declare(
        "histories to simulate; that of the command when left out", default=None
    )
    observations: Annotated[list[Observation], Field(max_length=10_000)] = declare(
        "what was observed", default=list
    )
    shut: Annotated[list[Shut], Field(max_length=1_000)] | None = declare(
        "what the simple guesses take to be shut; the closures of the scenario when left out", default=None
    )
    caveats: Annotated[list[Text], BeforeValidator(_texts), Field(max_length=100)] = declare(
        "what a reader should know before believing the score", default=list
    )
    not_run: Text | None = declare("why this cannot be run (then nothing else is needed)", default=None)
