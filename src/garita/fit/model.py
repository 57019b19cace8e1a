"""A fit: what was read, what was found, and the ordinary week of any month that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from garita.errors import DataError, Problem
from garita.fit.counts import Counts
from garita.fit.engine import Simulation
from garita.fit.objective import Data, Objective, surprise
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

SHOWN = 0.06
"""Change of log volume that the engine is asked about. A change of a few per mille would drown in the chance
of a few replications; what is told of it is that of a larger one, made smaller in proportion."""

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

    @cached_property
    def borne_out(self) -> Floats:
        """Share of what volumes say of waits that the months bear out, by member and column [members, C]."""
        objective = Objective(self.data)
        return np.array([objective.borne_out(member) for member in self.members])

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
        fitted = tuple(of_month.fitted(week, member, of_month.once) for member in range(len(self.members)))
        return Month(month, wait, of_month.usual, week, fitted)


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
        of_months = season(data.known)
        self.usual = data.known.usual if month is None else of_months.wait(float(month[-2:]))  # [C, 168]
        self.once = np.ones(len(data.lines))
        self.beyond = np.zeros((len(fit.members), len(self.usual)))  # [members, C]
        if log_volume is not None and month is not None:
            beyond = surprise(of_months, data.log_volume, log_volume, float(month[-2:]))
            self.beyond += np.clip(beyond, -SURPRISE, SURPRISE)
        if self.beyond.any():
            self.beyond *= fit.borne_out

    def fitted(self, week: Week, member: int, volume: Floats) -> Fitted:
        """The week of a member: the same demand, its own booths; with ``volume`` [N] times what the month's
        volume is beyond what is told."""
        data, values = self.data, self.fit.members[member]
        usual = data.usual(self.usual)
        made = staffed(data.lines, data.week.arrivals, usual, data.week.mean_s)
        made = Week(week.arrivals, made.booths, made.mean_s * week.mean_s / data.week.mean_s)
        if volume.any():
            beyond = volume * self.beyond[member][data.line_columns]
            share = follows(values, data.known.usual.mean(axis=1))[data.line_columns]
            made = Week(
                made.arrivals * np.exp(beyond)[:, None], made.booths, made.mean_s * np.exp(-share * beyond)
            )
        return Fitted(data.lines, made, usual, behaviour(values, data.region), self.fit.source)

    def simulated(self, progress: Progress | None, workers: int | None) -> Month:
        """Correct demand until the waits are the usual ones on average, then simulate the month's volume."""
        simulation = Simulation(self.fit.base, seed=self.fit.seed, workers=workers)
        week, target = self.fit.week or self.data.week, self.data.usual(self.usual)
        corrections = CORRECTIONS if self.fit.week is None else FEWER
        members = range(len(self.fit.members))
        for step in range(corrections):
            got = simulation.waits([self.fitted(week, member, 0.0 * self.once) for member in members])
            got = np.where(np.isnan(got), target, got)
            week = corrected(week, target, got).of_volume(week.arrivals.sum(axis=1) / 7.0)
            if progress is not None:
                progress(step + 1, corrections + 1)
        fitted = tuple(self.fitted(week, member, self.once) for member in members)
        if self.month is None:
            wait = simulation.waits(fitted)
        else:
            wait = np.maximum(0.0, target + self.changed(simulation, week))
        if progress is not None:
            progress(corrections + 1, corrections + 1)
        return Month(self.month, self.data.by_column(wait), self.usual, week, fitted)

    def changed(self, simulation: Simulation, week: Week) -> Floats:
        """By how many minutes the month's volume changes the waits of the lines [N, 168].

        The difference of two simulations on the same draws, with and without it. In a mode where it is too
        small to show: with as much more as less, at least so much that it does, made smaller in proportion.
        """
        most = np.abs(self.beyond).max(axis=0)[self.data.line_columns]
        if not most.any():
            return np.zeros(week.arrivals.shape)
        modes, times = np.array([line.key[2] for line in self.data.lines]), self.once.copy()
        for mode in set(modes):
            largest = float(most[modes == mode].max())
            times[modes == mode] = max(1.0, SHOWN / largest) if largest > 0.0 else 1.0
        other = np.where(times > 1.0, -times, 0.0)
        more, less = (
            simulation.waits([self.fitted(week, n, volume) for n in range(len(self.fit.members))])
            for volume in (times, other)
        )
        found = (more - less) / (times - other)[:, None]
        return np.asarray(np.where(np.isnan(found), 0.0, found))


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
