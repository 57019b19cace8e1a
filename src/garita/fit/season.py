"""The usual waits of a month of the year, from those of other months: partial pooling by season.

A line's wait in an hour of the week is its mean over the months times what the season adds: of the lines of
a kind together a level, and a profile by hour and by kind of day; of each line a profile of its own. Each
part is carried over from month to month as far as months near in the year are alike (kriging over the
months), and as far as the months that are known bear it out when each is predicted from the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from garita.fit.observed import HOURS, Floats

PARTS = 3  # level, profile of lines of a kind, profile of the line
NOISE = (1.0, 1.0, 3.0)
"""Variance of what is no season over that of the season, of each part. With a few months only its order of
size can be told; what is too much is taken back by the share that is borne out."""

SEASON_MONTHS = 1.0
"""Width of a season: waits of neighbouring months are alike by 0.6, of those two months apart by 0.14. A few
months cannot tell it: searched, it wandered from 0.7 to 1.6, and left-out months were told worse."""

SMOOTH_HOURS, USUAL_HOURS = 1.0, 0.6
"""Standard deviation of the smoothing over hours, of what a season adds and of what is usual."""

NOTHING = 1e-12
"""Mean square, relative to the level of waits, below which a part of a season is rounding."""

LEAST_TO_TRIM = 5
TRIMMED = (0.0, 0.25, 0.5, 0.75, 1.0)
KINDS_OF_DAY = ((0, 1, 2, 3), (4,), (5,), (6,))  # Monday to Thursday are alike


@dataclass(frozen=True)
class Known:
    """Waits of the months that are known: ``wait`` [C, M, 168] minutes without gaps, ``at`` [M] month of the
    year (1 to 12), ``kind`` [C] number of the kind of line."""

    wait: Floats
    at: Floats
    kind: tuple[int, ...]

    def without(self, month: int) -> Known:
        """The same without one of the months (its position)."""
        kept = [i for i in range(len(self.at)) if i != month]
        return Known(self.wait[:, kept], self.at[kept], self.kind)

    @property
    def mean(self) -> Floats:
        """Climatology: the mean of the months [C, 168]."""
        return np.asarray(self.wait.mean(axis=1))

    @property
    def trimmed(self) -> Floats:
        """The mean of the months without the longest and the shortest wait of each hour [C, 168]."""
        return np.asarray(np.sort(self.wait, axis=1)[:, 1:-1].mean(axis=1))

    @cached_property
    def usual(self) -> Floats:
        """What is usual over the year [C, 168]: between the mean and the trimmed mean, for what happened once
        is not usual; smoothed a little over the hours.

        How far the extremes are left out is told line by line, by what tells each month best from the others
        (mean absolute error): short waits have peaks of single months; where queues always stand the mean is
        better.
        """
        months = range(len(self.at))
        if len(self.at) < LEAST_TO_TRIM:
            return smooth(self.mean, USUAL_HOURS)
        others = [self.without(month) for month in months]
        off = np.zeros((len(TRIMMED), len(self.kind)))
        for month, other in zip(months, others, strict=True):
            for i, share in enumerate(TRIMMED):
                off[i] += np.abs(other.between(share) - self.wait[:, month]).mean(axis=1)
        return self.between(np.array(TRIMMED)[off.argmin(axis=0)])

    def between(self, share: float | Floats) -> Floats:
        """The mean with a share [C] of the way to the trimmed mean [C, 168], smoothed."""
        part = np.reshape(share, (-1, 1))
        return smooth((1.0 - part) * self.mean + part * self.trimmed, USUAL_HOURS)


def filled(wait: Floats) -> Floats:
    """Waits [C, M, 168] with gaps filled: by the mean of the other months at that hour, else by the hours
    beside it."""
    known = ~np.isnan(wait)
    count = known.sum(axis=1)
    mean = np.where(count > 0, np.where(known, wait, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)
    for row in mean:
        gaps = np.isnan(row)
        if gaps.any() and not gaps.all():
            row[gaps] = np.interp(np.flatnonzero(gaps), np.flatnonzero(~gaps), row[~gaps], period=HOURS)
    return np.where(known, wait, mean[:, None])


def nearness(one: Floats, other: Floats, width: float) -> Floats:
    """How alike months of the year are [len(one), len(other)], 1 for the same month; ``width`` in months."""
    apart = np.abs(one[:, None] - other[None, :]) % 12.0
    apart = np.minimum(apart, 12.0 - apart)
    return np.asarray(np.exp(-((apart / width) ** 2) / 2.0))


def weights(at: Floats, month: float, width: float, noise: float) -> Floats:
    """Weights [M] of the months' deviations from their mean, for that of another month (simple kriging)."""
    count = len(at)
    centre = np.eye(count) - 1.0 / count
    among = nearness(at, at, width)
    towards = nearness(np.array([month]), at, width)[0]
    centred = towards - towards.mean() - among.mean(axis=0) + among.mean()
    return np.asarray(np.linalg.solve(centre @ among @ centre + noise * np.eye(count), centred))


def smooth(values: Floats, width: float = SMOOTH_HOURS) -> Floats:
    """Profiles [..., 168] smoothed over the hours of the week, by a Gaussian of so many hours."""
    reach = np.arange(-4, 5)
    weight = np.exp(-((reach / width) ** 2) / 2.0)
    weight /= weight.sum()
    return np.asarray(sum(w * np.roll(values, r, axis=-1) for w, r in zip(weight, reach, strict=True)))


def parts(known: Known, month: float, width: float) -> Floats:
    """What each part of the season adds in a month [3, C, 168], minutes."""
    mean = known.mean
    level = np.maximum(mean.mean(axis=1), 1e-9)
    rest = (known.wait - mean[:, None]) / level[:, None, None]
    weight = [weights(known.at, month, width, noise) for noise in NOISE]
    found = np.zeros((PARTS, *mean.shape))
    kinds = np.array(known.kind)
    for kind in set(known.kind):
        lines = np.flatnonzero(kinds == kind)
        levels = rest[lines].mean(axis=(0, 2))
        found[0, lines] = weight[0] @ levels
        left = rest[lines] - levels[:, None]
        shared = smooth(_by_kind_of_day(left.mean(axis=0)))
        found[1, lines] = weight[1] @ shared
        for line, own in zip(lines, smooth(left - shared), strict=True):
            found[2, line] = weight[2] @ own
    return np.asarray(found * level[:, None])


def _by_kind_of_day(week: Floats) -> Floats:
    """Profiles [M, 168] with alike days averaged."""
    days = week.reshape(len(week), 7, 24).copy()
    for alike in KINDS_OF_DAY:
        days[:, alike] = days[:, alike].mean(axis=1, keepdims=True)
    return np.asarray(days.reshape(len(week), HOURS))


def borne_out(known: Known, width: float) -> Floats:
    """Share of each part of the season, 0 to 1 [3, C], that the months bear out when each is predicted from
    the others."""
    months = range(len(known.at))
    if len(known.at) < 3:
        return np.zeros((PARTS, len(known.kind)))
    others = [known.without(month) for month in months]
    told = np.array(
        [parts(other, known.at[month], width) for month, other in zip(months, others, strict=True)]
    )
    rest = np.array([known.wait[:, month] - others[month].mean for month in months])
    level = np.maximum(known.mean.mean(axis=1), 1e-9)[:, None]
    kinds, found = np.array(known.kind), np.zeros((PARTS, len(known.kind)))
    for kind in set(known.kind):
        lines = np.flatnonzero(kinds == kind)
        left = rest[:, lines] / level[lines]
        for part in range(PARTS):
            said = told[:, part][:, lines] / level[lines]
            found[part, lines] = share = share_of(said, left)
            left = left - share * said
    return found


def share_of(said: Floats, seen: Floats) -> float:
    """The share, 0 to 1, of what was said that comes nearest to what was seen (least squares)."""
    power = float((said * said).sum())
    if power <= NOTHING * said.size:
        return 0.0
    return min(max(float((said * seen).sum()) / power, 0.0), 1.0)


@dataclass(frozen=True)
class Season:
    """What is pooled: ``width`` in months, ``share`` [3, C] of each part."""

    known: Known
    width: float
    share: Floats

    def wait(self, month: float) -> Floats:
        """Usual waits of a month of the year [C, 168], minutes."""
        added = (self.share[:, :, None] * parts(self.known, month, self.width)).sum(axis=0)
        return np.asarray(np.maximum(self.known.usual + added, 0.0))

    def pooled(self, values: Floats, month: float) -> Floats:
        """A figure of each line and month [C, M], such as log volume, pooled as the level of waits is [C]."""
        mean = values.mean(axis=1)
        weight = weights(self.known.at, month, self.width, NOISE[0])
        return np.asarray(mean + self.share[0] * ((values - mean[:, None]) @ weight))


def season(known: Known, width: float = SEASON_MONTHS) -> Season:
    """The season of the known months."""
    return Season(known, width, borne_out(known, width))


def kinds_of(kinds: Sequence[tuple[str, bool]]) -> tuple[int, ...]:
    """Kinds of lines as numbers."""
    order = list(dict.fromkeys(kinds))
    return tuple(order.index(kind) for kind in kinds)
