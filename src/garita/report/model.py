"""What the page shows, free of where it came from. ``view`` fills these; figures and templates read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf, isfinite, isnan, nan
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from garita.report import numbers

if TYPE_CHECKING:
    from garita.report.journeys import JourneyStory

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval over replications; NaN ends where there is none."""

    value: float
    low: float = nan
    high: float = nan

    @property
    def known(self) -> bool:
        return isfinite(self.value)

    def within(self, most: float = inf) -> Estimate:
        """Of what is never below zero, nor above ``most``: its interval ends there too."""
        if not 0.0 <= self.value <= most:
            return self
        low, high = (end if isnan(end) else min(max(end, 0.0), most) for end in (self.low, self.high))
        return Estimate(self.value, low, high)


@dataclass(frozen=True)
class Band:
    """A curve over bins ``[B]``: the mean of the replications and the band that holds 90 % of them."""

    mid: Floats
    low: Floats
    high: Floats

    def peak(self) -> float:
        """The highest point of the mean curve; 0 where nothing was seen."""
        seen = self.mid[np.isfinite(self.mid)]
        return float(seen.max()) if seen.size else 0.0


@dataclass(frozen=True)
class Span:
    """A stretch of time in minutes since the first bin, and the share of runs (or capacity) it concerns."""

    start: float
    end: float
    share: float = 1.0


@dataclass(frozen=True)
class Clock:
    """The bins' times: ``start`` of the first one, their width in minutes, their number, the port's zone."""

    start: datetime
    bin_minutes: float
    bins: int
    zone: ZoneInfo

    @property
    def minutes(self) -> float:
        return self.bin_minutes * self.bins

    def at(self, minutes: float, *, with_zone: bool = False) -> str:
        """Local time so many minutes after the first bin's start."""
        return numbers.at(
            numbers.moment_of(self.start.timestamp() / 60.0 + minutes), self.zone, with_zone=with_zone
        )


@dataclass(frozen=True)
class Place:
    """One crossing on the map."""

    id: str
    name: str
    port: str
    port_name: str
    lat: float
    lon: float

    @property
    def located(self) -> bool:
        return isfinite(self.lat) and isfinite(self.lon)


@dataclass(frozen=True)
class Line:
    """One flow: who queues in one line of one crossing, with and without the closure."""

    id: str
    place: Place
    direction: str
    mode: str
    lane_type: str
    wait_with: Band
    wait_without: Band
    queue_with: Band
    queue_without: Band
    closed: tuple[Span, ...] = ()
    outside_hours: tuple[Span, ...] = ()
    peak_with: Estimate = Estimate(nan)  # longest mean wait of a bin, mean over replications
    peak_without: Estimate = Estimate(nan)
    demand: float = 0.0  # parties that joined it without the closure


@dataclass(frozen=True)
class Curve:
    """Cumulative parties at one crossing and mode: who joined, who was seen by an officer."""

    title: str
    joined_with: Floats
    joined_without: Floats
    served_with: Floats
    served_without: Floats
    closed: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Pair:
    """The same quantity with the closure, without it, and the paired difference."""

    with_: Estimate
    without: Estimate
    difference: Estimate


@dataclass(frozen=True)
class Outcome:
    """One final outcome of parties: how many ended so."""

    key: str
    label: str
    explanation: str
    parties: Pair
    people: Pair


@dataclass(frozen=True)
class Indicator:
    """A row of the table of indicators."""

    key: str
    name: str
    where: str
    crossing: str
    direction: str
    mode: str
    lane_type: str
    unit: str
    numbers: Pair
    counted_in: str = ""  # parties or people, where that matters
    level: str = "line"  # line | crossing | region
    evidence: str = "direction only"
    note: str = ""
    censored: str = ""  # what to print where the number is not known within the run
    main: bool = False  # shown before the reader asks for more


@dataclass(frozen=True)
class Fate:
    """What became of those planned for one closed crossing and mode in the closure hours."""

    name: str
    direction: str
    total: Estimate  # parties
    parts: tuple[tuple[str, str, Estimate], ...]  # outcome, what it is called, share of the parties
    unit: str


@dataclass(frozen=True)
class Peak:
    """One crossing and mode: its longest wait, when it passes an hour, when it is back to normal."""

    crossing: str
    direction: str
    mode: str
    where: str
    closed: str  # closed, partly closed, or empty
    numbers: Pair
    at: str
    passes: tuple[str, str]  # when it passes an hour after the closing, with it and without
    passes_sort: float
    recovery: str
    recovery_sort: float


@dataclass(frozen=True)
class Flow:
    """How many more than without the closure went, or crossed, elsewhere than they had planned."""

    origin: str
    destination: str
    parties: Estimate
    people: Estimate


@dataclass(frozen=True)
class Gross:
    """A decision people took; decisions overlap, so they add up to no total."""

    key: str
    label: str
    parties: Pair
    people: Pair


@dataclass(frozen=True)
class Input:
    """One figure that went in."""

    table: str
    what: str
    value: str
    status: str
    source: str
    figures: int = 1  # how many figures the row sums up


@dataclass(frozen=True)
class Reference:
    """A source that inputs name by a short key in square brackets."""

    key: str
    title: str
    address: str


@dataclass(frozen=True)
class Definition:
    """What an indicator is called and what exactly is computed."""

    key: str
    label: str
    text: str


@dataclass(frozen=True)
class Claim:
    """One voice on a contested figure."""

    field: str
    value: str
    who: str
    source: str
    used: str


@dataclass(frozen=True)
class Sentence:
    """A sentence of the answer and what carries it."""

    text: str
    evidence: str = "direction only"


@dataclass(frozen=True)
class KeyFigure:
    """A number that stands out on the first page."""

    label: str
    value: str
    detail: str


@dataclass(frozen=True)
class StationDay:
    """One local day of the inspections of a crossing, means over the histories as text."""

    name: str
    inspected: str
    waiting: str  # longest queue for the inspections, parties
    held: str  # booth-hours of primary held up, and their share of those open
    line_with: str  # longest queue for primary, parties
    line_without: str


@dataclass(frozen=True)
class Plaza:
    """The inspections before and after primary of one crossing and direction."""

    where: str
    stations: str
    days: tuple[StationDay, ...]


@dataclass(frozen=True)
class Story:
    """Everything on the page."""

    title: str
    question: str
    region: str
    clock: Clock
    replications: int
    answer: tuple[Sentence, ...]
    key_figures: tuple[KeyFigure, ...]
    closures: tuple[str, ...]
    places: tuple[Place, ...]
    lines: tuple[Line, ...]
    curves: tuple[Curve, ...]
    outcomes: tuple[Outcome, ...]
    indicators: tuple[Indicator, ...]
    diversions: tuple[Flow, ...]
    gross: tuple[Gross, ...]
    inputs: tuple[Input, ...]
    references: tuple[Reference, ...]
    claims: tuple[Claim, ...]
    caveats: tuple[str, ...]
    reproduce: Mapping[str, str]
    definitions: tuple[Definition, ...] = ()
    peaks: tuple[Peak, ...] = ()
    fates: tuple[Fate, ...] = ()
    transitions: tuple[tuple[str, tuple[float, ...]], ...] = ()  # outcome without; people by outcome with
    way: str = "inbound"  # the direction the answer and the map are about
    moves: tuple[Flow, ...] = ()  # who crossed elsewhere than planned, that way
    names: tuple[str, str] | None = (
        None  # of the two results, where they are not with and without the closure
    )
    journeys: JourneyStory | None = None  # people's journeys, where the scenario has any
    plazas: tuple[Plaza, ...] = ()  # inspections before and after primary, where there are any
    shown: str = ""  # which part of the run the curves show, where it is not the whole
    scenario_text: str = ""
    focus: frozenset[str] = frozenset()  # crossings the closure names, shown first
    neighbour: tuple[str, str, str] = ("", "", "")  # crossing, direction and mode hit hardest among the open
    version: str = ""
