"""How well parameters tell each month from the others: by its season and its volume, with fluid queues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from garita.fit.fluid import response
from garita.fit.observed import Floats
from garita.fit.parameters import Parameter, Tried, Values, behaviour, follows
from garita.fit.season import Known, Season, season, share_of
from garita.fit.week import Line, Week, fluid_lines

PRIOR = 0.004
"""What it costs to be a whole range away from the usual value: enough to settle what the data leave open."""

MOST = 0.7
"""Most that a change of volume may change the log of a wait in this likeness."""


@dataclass(frozen=True)
class Data:
    """What a fit is made of. ``known``: waits of C columns and M months without gaps; ``wait`` [C, M, 168]
    the same with gaps; ``log_volume`` [C, M] parties a day; ``region`` behaviour as the region has it."""

    known: Known
    wait: Floats
    log_volume: Floats
    lines: Sequence[Line]
    week: Week
    space: tuple[Parameter, ...]
    region: Values

    @cached_property
    def line_columns(self) -> list[int]:
        return [line.column for line in self.lines]

    def usual(self, wait: Floats) -> Floats:
        """Waits of the columns [C, 168] as those of the lines [N, 168]."""
        return wait[self.line_columns]

    def by_column(self, values: Floats) -> Floats:
        """Values of the lines [N, 168] as means of the columns [C, 168], by their parties."""
        weight = self.week.arrivals.sum(axis=1)
        found = np.zeros((len(self.known.kind), values.shape[1]))
        for column in range(len(found)):
            mine = [n for n, at in enumerate(self.line_columns) if at == column]
            found[column] = np.average(values[mine], axis=0, weights=weight[mine])
        return found

    def values(self, places: Sequence[float]) -> dict[str, float]:
        """Parameters at places from 0 to 1."""
        return {p.name: p.at(place) for p, place in zip(self.space, places, strict=True)}


class Objective:
    """The loss of parameters: each month is told from the others, and set against climatology.

    The loss of a month is the mean over the columns of the mean absolute error, as a share of that of the
    mean of the other months over all months.
    """

    def __init__(self, data: Data) -> None:
        self.data = data
        self.months = range(data.wait.shape[1])
        self.others = [data.known.without(month) for month in self.months]
        means = np.array([other.mean for other in self.others])
        self.climatology = self._errors(means)
        self.scale = np.maximum(self.climatology.mean(axis=1), 1e-9)
        self.waits, self.surprises = self._told()

    @property
    def space(self) -> tuple[Parameter, ...]:
        """The parameters and their ranges."""
        return self.data.space

    @property
    def indifference(self) -> float:
        """Difference of loss that means little. Errors of hours and lines that are alike go together: each
        kind of line is taken to judge once for every day of the week and month."""
        return 1.0 / (7.0 * len(self.months) * len(set(self.data.known.kind)))

    def _told(self) -> tuple[Floats, Floats]:
        """Waits [M, C, 168] told from the other months, and the volume beyond what they tell [M, C]."""
        waits, surprises = [], []
        for month, other in enumerate(self.others):
            of_others: Season = season(other)
            at = float(self.data.known.at[month])
            waits.append(of_others.wait(at))
            kept = [m for m in self.months if m != month]
            surprises.append(
                surprise(of_others, self.data.log_volume[:, kept], self.data.log_volume[:, month], at)
            )
        return np.array(waits), np.array(surprises)

    def predicted(self, values: Values) -> Floats:
        """Waits of every month told from the others and its volume [M, C, 168]."""
        left = 1.0 - follows(values, self.data.known.usual.mean(axis=1))
        return changed(self.waits, self.relative_response(values), self.surprises * left)

    def borne_out(self, values: Values) -> Floats:
        """Share of what volumes say of waits, 0 to 1 [C], that the months bear out when each is told from the
        others. Lines of a kind share it."""
        known = self.data.known
        level = np.maximum(known.mean.mean(axis=1), 1e-9)[:, None]
        said = (self.predicted(values) - self.waits) / level
        left = (known.wait.transpose(1, 0, 2) - self.waits) / level
        kinds, found = np.array(known.kind), np.zeros(len(known.kind))
        for kind in set(known.kind):
            mine = np.flatnonzero(kinds == kind)
            found[mine] = share_of(said[:, mine], left[:, mine])
        return found

    def relative_response(self, values: Values) -> Floats:
        """Change of the log wait per 1 of log demand, by column and hour [C, 168]."""
        data = self.data
        mean = data.known.usual
        lines = fluid_lines(data.lines, data.week, data.usual(mean))
        found = data.by_column(response(lines, {**data.region, **behaviour(values, data.region)}))
        return found / np.maximum(mean, 1.0)

    def _errors(self, predicted: Floats) -> Floats:
        """Mean absolute error [C, M], minutes, where waits are known."""
        return np.asarray(np.nanmean(np.abs(predicted.transpose(1, 0, 2) - self.data.wait), axis=2))

    def errors(self, values: Values) -> Floats:
        """Mean absolute error of every column and month [C, M], minutes."""
        return self._errors(self.predicted(values))

    def __call__(self, places: Sequence[float]) -> Tried:
        """Try parameters at places from 0 to 1."""
        clipped = tuple(float(min(max(place, 0.0), 1.0)) for place in places)
        errors = self.errors(self.data.values(clipped))
        ratios = errors / self.scale[:, None]
        worse = np.maximum(np.nanmean(ratios, axis=1) - 1.0, 0.0).mean()
        away = sum((x - p.place(p.usual)) ** 2 for x, p in zip(clipped, self.data.space, strict=True))
        months = tuple(float(value) for value in np.nanmean(ratios, axis=0))
        return Tried(clipped, months, float(np.mean(months) + worse + PRIOR * away))


def surprise(of_others: Season, log_volumes: Floats, log_volume: Floats, month: float) -> Floats:
    """Log of a month's volume [C] beyond what the other months [C, M - 1] tell; 0 where it is not known."""
    counted = np.where(np.isnan(log_volumes), np.nanmean(log_volumes, axis=1, keepdims=True), log_volumes)
    beyond = log_volume - of_others.pooled(counted, month)
    return np.where(np.isnan(beyond), 0.0, beyond)


def changed(waits: Floats, per_log_demand: Floats, beyond: Floats) -> Floats:
    """Waits [..., C, 168] with demand changed by a log [..., C]."""
    change = np.clip(per_log_demand * beyond[..., None], -MOST, MOST)
    return np.asarray(waits * np.exp(change))
