"""How long a run will take and how much memory it needs, said before it starts.

A rough reckoning from counts alone: nothing is built and nothing compiled. The rates were measured on one
core of an ordinary machine (San Ysidro, 4 and 60 days); what a run really takes may be half or twice as much.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from garita.build.calendar import EMPTYING_HOURS, make_calendar, minutes_utc
from garita.build.closures import applies, expand, minute
from garita.build.inline import inline_region
from garita.build.lines import Line, Region
from garita.build.packaged import packaged_region
from garita.engine.state import LINE, PARTY
from garita.engine.types import (
    BELIEF,
    FIELDS,
    FLOW_HOUR,
    HISTOGRAM_BINS,
    INTERVAL,
    PLAN,
)
from garita.errors import counted
from garita.runs.executors import available_cores

SECONDS_A_PARTY = 1.6e-7
"""Simulating a party and condensing what came of it, on one core."""

SECONDS_A_PARTY_KEPT = 0.4e-7
"""Writing, reading and comparing a party's final outcome, partly in parallel."""

SECONDS_A_STEP = 1.0e-7
"""Building and walking one interval of one line."""

SECONDS_A_RUN = 0.01
PROGRAM_BYTES = 250e6
"""The interpreter, its libraries and compiled code."""

FINAL_BYTES, KEPT_FINAL_BYTES = 2.0, 0.3
"""Of a party's final outcome while it is made, and packed."""

SAMPLE_DAYS = 14
WORTH_SAYING_S, WORTH_SAYING_BYTES = 30.0, 2e9


@dataclass(frozen=True)
class Estimate:
    """What a run is expected to need: ``parties`` in one history, ``histories`` to simulate in all."""

    parties: float
    histories: int
    cores: int
    seconds: float
    memory_bytes: float

    @property
    def worth_saying(self) -> bool:
        """Whether somebody would like to know before it begins."""
        return self.seconds > WORTH_SAYING_S or self.memory_bytes > WORTH_SAYING_BYTES

    def __str__(self) -> str:
        parties = f"about {float(f'{self.parties:.2g}'):,.0f} parties"
        runs = "one run" if self.histories == 1 else f"each of {self.histories:,} runs"
        time = f"{_long(self.seconds)} on {counted(self.cores, 'core')}"
        return f"{parties} in {runs}: roughly {time} and {self.memory_bytes / 1e9:.1f} GB of memory"


def estimate(
    case: Any, *, replications: int | None = None, variants: int = 2, workers: int | None = None
) -> Estimate:
    """What a run of a case is expected to need. ``variants``: 2 with the run without closures, else 1."""
    resolved = case.resolve(None)
    region = packaged_region(case.tables) if case.tables is not None else inline_region(resolved)
    count = replications if replications is not None else int(case.scenario.replications)
    cores = max(1, min(workers if workers is not None else available_cores(), count * variants))
    parties = _parties(case, resolved, region)
    candidates = parties * float(resolved.behaviour.induced_cap)
    sizes = _Sizes(case, resolved, region)
    runs = count * variants
    steps = float(sizes.intervals) * sizes.lines
    each = SECONDS_A_RUN + SECONDS_A_PARTY * candidates + SECONDS_A_STEP * steps
    seconds = runs * (each / cores + SECONDS_A_PARTY_KEPT * candidates)
    memory = PROGRAM_BYTES
    books = sizes.books() + FINAL_BYTES * candidates
    memory += cores * (sizes.model() + 2.0 * books + sizes.queues(parties))
    memory += variants * (cores + 1) * (sizes.condensed() + KEPT_FINAL_BYTES * candidates)
    memory += runs * (sizes.kept() + KEPT_FINAL_BYTES * candidates) + variants * sizes.histogram()
    return Estimate(parties, runs, cores, seconds, memory)


class _Sizes:
    """Lengths of the engine's axes, and bytes of the arrays along them."""

    def __init__(self, case: Any, resolved: Any, region: Region) -> None:
        self.lines, self.stations = len(region.lines), len(region.lines) + len(region.secondary)
        self.crossings = len(region.crossings)
        self.hours: float = (case.end - case.begin).total_seconds() / 3600.0 + EMPTYING_HOURS
        self.bins: float = 4.0 * self.hours
        changes = 2 * sum(len(getattr(resolved, name)) for name in ("closures", "lanes", "staffing", "hours"))
        self.epochs = 2 * len(resolved.closures) + 1
        self.intervals = self.hours * 60.0 / min(float(resolved.behaviour.tick_min), 5.0) + changes

    def model(self) -> float:
        """What a history is made of."""
        plan = self.intervals * (INTERVAL.itemsize + PLAN.itemsize * self.lines + 8 * self.stations)
        hours = self.hours * FLOW_HOUR.itemsize * self.lines
        choices = self.epochs * self.lines * (BELIEF.itemsize + 4 * (24 + 8 * self.crossings))
        return float(plan + hours + choices)

    def histogram(self) -> float:
        return self.lines * self.bins * HISTOGRAM_BINS * 4.0

    def books(self) -> float:
        """What one run writes, without the final outcomes."""
        return self.lines * self.bins * FIELDS * 8.0 + self.histogram()

    def condensed(self) -> float:
        """What is left of it, until it is entered with the others."""
        return self.kept() + self.histogram()

    def kept(self) -> float:
        """What is kept of each run to the end."""
        return self.lines * self.bins * (FIELDS + 2) * 4.0 + self.lines * self.hours * 8.0

    def queues(self, parties: float) -> float:
        """Room for queues: a power of two, here for three hours of the mean arrivals of all lines."""
        longest = 3.0 * parties / max(1.0, self.hours)
        room = 2.0 ** np.ceil(np.log2(max(1024.0, longest)))
        return float((self.stations + self.lines) * 2 * room * PARTY.itemsize + self.stations * LINE.itemsize)


def _parties(case: Any, resolved: Any, region: Region) -> float:
    """Parties expected in one history: the first two weeks, carried on, with the changes of demand."""
    until = min(case.end, case.begin + timedelta(days=SAMPLE_DAYS))
    calendar = make_calendar(case.begin, min(case.start, until), until)
    days = (minutes_utc(case.end) - minutes_utc(case.begin)) / 1440.0
    zones = {crossing.id: crossing.zone for crossing in region.crossings}
    local = {zone: calendar.local(zone) for zone in set(zones.values())}
    total = 0.0
    for line in region.lines:
        rates = line.arrivals(calendar, local[zones[line.crossing]])[: calendar.demand_hours]
        total += 24.0 * days * float(rates.mean()) * _demand(case, resolved, region, line)
    return total


def _demand(case: Any, resolved: Any, region: Region, line: Line) -> float:
    """Mean factor of the changes of demand of a line over the run."""
    begin, end = minutes_utc(case.begin), minutes_utc(case.end)
    factor = 1.0
    for change in resolved.demand:
        if applies(change, line, expand(change.crossing, region.crossings)):
            share = (min(minute(change.until), end) - max(minute(change.start), begin)) / (end - begin)
            factor *= 1.0 + max(0.0, share) * (float(change.factor) - 1.0)
    return factor


def _long(seconds: float) -> str:
    """A length of time in the unit people would use."""
    for unit, length in (("day", 86_400.0), ("hour", 3_600.0), ("minute", 60.0)):
        if seconds >= 1.5 * length:
            return counted(round(seconds / length), unit)
    return counted(max(1, round(seconds)), "second")
