"""How much could be told of a left-out month at all: errors of rules that know what nobody can know.

Each is a share of the error of climatology (the mean of the other months). They say where the limit of any
model lies that is given the months at hand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from garita.fit.observed import Floats, Waits

ELASTICITIES = np.linspace(-8.0, 8.0, 161)
BLOCKS = 4
"""Parts of the day whose mean waits are handed in, beside those of the days of the week."""


@dataclass(frozen=True)
class Hindsight:
    """Shares of climatology's error at a line. ``volume``: waits change with the month's volume by the one
    elasticity that serves all months best; ``volume_told``: by that which serves the other months best;
    ``level``: the month's own mean level is handed in; ``shape``: its means by day of the week and by
    quarter of the day."""

    column: str
    climatology: float  # minutes
    volume: float
    volume_told: float
    level: float
    shape: float


def hindsight(waits: Waits, log_volume: Floats) -> list[Hindsight]:
    """What each rule would give, of waits and log volumes [C, M]. Lines whose months are all alike are left
    out."""
    found = []
    for column, wait, volume in zip(waits.columns, waits.wait, log_volume, strict=True):
        known = [month for month in range(len(wait)) if not np.isnan(wait[month]).all()]
        rows = [_month(wait[known], volume[known], at) for at in range(len(known))]
        error = float(np.mean([row[0] for row in rows])) if rows else 0.0
        if len(known) < 2 or error <= 0.0:
            continue
        by_elasticity = np.array([row[1] for row in rows])
        told = [
            by_elasticity[at, np.delete(by_elasticity, at, axis=0).sum(axis=0).argmin()]
            for at in range(len(rows))
        ]
        level, shape = (float(np.mean([row[n] for row in rows])) / error for n in (2, 3))
        best = float(by_elasticity.mean(axis=0).min()) / error
        found.append(Hindsight(column.id, error, best, float(np.mean(told)) / error, level, shape))
    return found


def _month(wait: Floats, volume: Floats, at: int) -> tuple[float, Floats, float, float]:
    """Mean absolute errors of one month [M, 168], minutes: of climatology, by elasticity, with its level,
    with its shape."""
    others = np.delete(wait, at, axis=0)
    there = ~np.isnan(wait[at]) & ~np.isnan(others).all(axis=0)
    mean = np.full(wait.shape[1], np.nan)
    mean[there] = np.nanmean(others[:, there], axis=0)
    left = wait[at] - mean
    beyond = volume[at] - np.nanmean(np.delete(volume, at)) if not np.isnan(volume).all() else 0.0
    factor = np.exp(ELASTICITIES * (0.0 if np.isnan(beyond) else beyond))
    by_elasticity = np.nanmean(np.abs(mean * factor[:, None] - wait[at]), axis=1)
    level = float(np.nanmean(np.abs(left - np.nanmedian(left))))
    return (
        float(np.nanmean(np.abs(left))),
        by_elasticity,
        level,
        float(np.nanmean(np.abs(left - _shape(left)))),
    )


def _shape(left: Floats) -> Floats:
    """Means by day of the week and by part of the day [168], added."""
    days = left.reshape(7, 24)
    known = ~np.isnan(days)
    values = np.where(known, days, 0.0)
    by_day = values.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    parts = values.reshape(7, BLOCKS, -1).sum(axis=(0, 2)) / np.maximum(
        known.reshape(7, BLOCKS, -1).sum(axis=(0, 2)), 1
    )
    mean = values.sum() / max(known.sum(), 1)
    return np.asarray((by_day[:, None] + np.repeat(parts, 24 // BLOCKS)[None] - mean).reshape(-1))
