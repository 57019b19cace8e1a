"""A fit: what was read, what was found, and the ordinary week of any month that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from garita.errors import DataError, Problem
from garita.fit.counts import Counts
from garita.fit.engine import Simulation
from garita.fit.objective import Data, surprise
from garita.fit.observed import Column, Floats, Waits
from garita.fit.parameters import Interval, Values, behaviour, follows, parameters
from garita.fit.region import Fitted
from garita.fit.season import Known, filled, kinds_of, season
from garita.fit.week import Week, corrected, inferred, lines_of, staffed
from garita.reference import RegionTables

CORRECTIONS, FEWER = 7, 4
"""How often demand is corrected by what the engine makes of it: of an average month; of another, which begins
from that."""

SURPRISE = 0.15
"""A month's log volume is not believed to differ by more than this from what the others tell: counts have
faults of their own."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Fit:
    """``waits`` and ``log_volume`` [C, M] of the months that were fitted; ``members``: sets of parameters
    that
    explain them about equally well, the best first."""

    base: RegionTables
    waits: Waits
    log_volume: Floats
    members: tuple[Values, ...]
    intervals: Mapping[str, Interval]
    source: str
    seed: int = 1
    week: Week | None = None  # of an average month, corrected by the engine

    @cached_property
    def data(self) -> Data:
        return data_of(self.base, self.waits, self.log_volume)

    def log_volumes(self, counts: Counts, month: str) -> Floats:
        """Log of the parties a day [C] of a month at the places of the columns; nan where not known."""
        return log_volumes(self.waits.columns, counts, month)

    def month(
        self, month: str | None, log_volume: Floats | None = None, progress: Progress | None = None,
        workers: int | None = 1,
    ) -> Month:  # fmt: skip
        """An ordinary week of a month of the year, or of an average month, by simulation.

        ``log_volume`` [C] of parties a day in that month, by default what the fitted months tell.
        """
        return _Week(self, month, log_volume).simulated(progress, workers)

    def resumed(self, month: str | None, log_volume: Floats | None, wait: Floats, week: Week) -> Month:
        """A month whose waits and corrected demand were computed before."""
        of_month = _Week(self, month, log_volume)
        fitted = tuple(of_month.fitted(week, member, True) for member in range(len(self.members)))
        return Month(month, wait, of_month.usual.mean(axis=0), week, fitted)


@dataclass(frozen=True)
class Month:
    """What the simulator says of a month: published waits of the columns [C, 168], minutes; those of
    the season alone; the corrected demand, and the week of each member."""

    month: str | None
    wait: Floats
    usual: Floats
    week: Week  # before the month's own volume
    fitted: tuple[Fitted, ...]


class _Week:
    """The way from the parameters of the members to a simulated week."""

    def __init__(self, fit: Fit, month: str | None, log_volume: Floats | None) -> None:
        self.fit, self.month, data = fit, month, fit.data
        self.data = data
        usual, left = [], []
        for values in fit.members:
            of_months = season(data.known, values["season_months"])
            at = float(month[-2:]) if month is not None else None
            waits = of_months.wait(at) if at is not None else data.known.usual
            usual.append(waits)
            beyond = np.zeros(len(waits))
            if log_volume is not None and at is not None:
                beyond = surprise(of_months, data.log_volume, log_volume, at)
            left.append(np.clip(beyond, -SURPRISE, SURPRISE))
        self.usual = np.array(usual)  # [members, C, 168]
        self.beyond = np.array(left)  # [members, C]
        told = np.where(
            np.isnan(data.log_volume), np.nanmean(data.log_volume, axis=1, keepdims=True), data.log_volume
        )
        self.pooled = told.mean(axis=1)

    def fitted(self, week: Week, member: int, of_the_month: bool) -> Fitted:
        """The week of a member: the same demand, its own booths; of the month, with the month's volume."""
        data, values = self.data, self.fit.members[member]
        usual = data.usual(self.usual[member])
        made = staffed(data.lines, data.week.arrivals, usual, data.week.mean_s)
        made = Week(week.arrivals, made.booths, made.mean_s * week.mean_s / data.week.mean_s)
        if of_the_month:
            beyond = self.beyond[member][data.line_columns]
            share = follows(values, data.known.usual.mean(axis=1))[data.line_columns]
            made = Week(
                made.arrivals * np.exp(beyond)[:, None], made.booths, made.mean_s * np.exp(-share * beyond)
            )
        return Fitted(data.lines, made, usual, behaviour(values, data.region), self.fit.source)

    def simulated(self, progress: Progress | None, workers: int | None) -> Month:
        """Correct demand until the waits are the usual ones on average, then simulate the month's volume."""
        simulation = Simulation(self.fit.base, seed=self.fit.seed, workers=workers)
        week, target = self.fit.week or self.data.week, self.data.usual(self.usual.mean(axis=0))
        corrections = CORRECTIONS if self.fit.week is None else FEWER
        members = range(len(self.fit.members))
        for step in range(corrections):
            got = simulation.waits([self.fitted(week, member, False) for member in members])
            got = np.where(np.isnan(got), target, got)
            week = corrected(week, target, got).of_volume(week.arrivals.sum(axis=1) / 7.0)
            if progress is not None:
                progress(step + 1, corrections + 1)
        fitted = tuple(self.fitted(week, member, True) for member in members)
        wait = simulation.waits(fitted)
        if self.month is not None:
            # What the month's volume changes, on the same draws, is less noisy than the waits themselves.
            before = simulation.waits([self.fitted(week, member, False) for member in members])
            wait = np.maximum(0.0, target + wait - before)
        if progress is not None:
            progress(corrections + 1, corrections + 1)
        return Month(self.month, self.data.by_column(wait), self.usual.mean(axis=0), week, fitted)


def log_volumes(columns: Sequence[Column], counts: Counts, month: str) -> Floats:
    """Log of the parties a day [C] of a month at the places of the columns; nan where not known."""
    daily = [counts.daily(crossings_of(column), column.mode, month) for column in columns]
    return np.asarray(np.log(np.array(daily)))


def crossings_of(column: Column) -> frozenset[str]:
    return frozenset(line[0] for line in column.lines)


def volumes_of(waits: Waits, counts: Counts) -> Floats:
    """Log of the parties a day [C, M]. Raises DataError for columns that are not counted at all."""
    found = np.array([log_volumes(waits.columns, counts, month) for month in waits.months]).T
    problems = []
    for column, row in zip(waits.columns, found, strict=True):
        if np.isnan(row).all():
            what = f"{column.mode} at {column.place}"
            problems.append(Problem("fit-month-uncounted", {"what": what, "month": "any of the months"}))
    if problems:
        raise DataError(problems)
    return found


def data_of(base: RegionTables, waits: Waits, log_volume: Floats) -> Data:
    """What a fit is made of, from waits and volumes and the tables of the region."""
    wait = filled(waits.wait)
    at = np.array([float(month[-2:]) for month in waits.months])
    known = Known(wait, at, kinds_of([column.kind for column in waits.columns]))
    lines = lines_of(base.tables, waits.columns)
    columns = [line.column for line in lines]
    usual = known.usual[columns]
    daily = np.exp(np.nanmean(log_volume, axis=1))[columns] * np.array([line.share for line in lines])
    week = inferred(lines, usual, daily)
    space = parameters(float(np.quantile(usual.max(axis=0), 0.95)))
    return Data(known, waits.wait, log_volume, lines, week, space, behaviour_of(base))


def behaviour_of(base: RegionTables) -> dict[str, float]:
    """The numbers among the region's parameters of behaviour."""
    found = {}
    for row in base["behaviour"]:
        try:
            found[row["parameter"]] = float(row["value"])
        except ValueError:
            continue
    return found
