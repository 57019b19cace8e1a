"""How far simulated counts are from registered ones, by the measures that Flee reports.

Suleimenova, Bell and Groen 2017 (doi 10.1038/s41598-017-13828-9): averaged relative difference. Hyndman and
Koehler 2006 (doi 10.1016/j.ijforecast.2006.03.001): mean absolute scaled error.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]

NAIVE_DAYS = (7, 30)


class Difference(NamedTuple):
    """Averaged relative differences, 0 to 2: of the counts as they are, and scaled to the registered
    total."""

    normal: float
    rescaled: float


def rescaled(simulated: Counts, registered: Counts) -> Values:
    """Simulated counts [days, camps] scaled so that each day's sum is that of the registered ones."""
    total = simulated.sum(axis=1)
    factor = np.divide(registered.sum(axis=1), total, out=np.zeros(len(total)), where=total > 0)
    scaled: Values = simulated * factor[:, np.newaxis]
    return scaled


def relative_difference(simulated: Counts, registered: Counts) -> Difference:
    """Sum over camps of the absolute difference, as a share of the registered sum (at least 1), mean of
    the days."""
    people = np.maximum(registered.sum(axis=1), 1)

    def mean(counts: Counts | Values) -> float:
        return float((np.abs(counts - registered).sum(axis=1) / people).mean())

    return Difference(mean(simulated), mean(rescaled(simulated, registered)))


def total_difference(simulated: Counts, registered: Counts) -> float:
    """Absolute difference of two totals [days] as a share of the registered one (at least 1), mean of the
    days."""
    return float((np.abs(simulated - registered) / np.maximum(registered, 1)).mean())


def naive(registered: Counts, day: int) -> dict[str, Values]:
    """Three guesses [days, camps] from one day's counts, by Flee's names.

    ``flat``: the counts stay; ``sloped``: they grow by as much every day; ``ratio``: the camps' shares stay.
    """
    days = np.arange(len(registered))[:, np.newaxis]
    total = registered.sum(axis=1)[:, np.newaxis]
    then = registered[day]
    return {
        "flat": np.broadcast_to(then.astype(float), registered.shape),
        "sloped": days * then.astype(float),
        "ratio": total * (then / max(int(then.sum()), 1)),
    }


def scaled_errors(simulated: Counts, registered: Counts) -> dict[str, float]:
    """Mean absolute scaled error against six guesses: ``flat 7``, ``sloped 7``, ``ratio 7``, and from day 30.

    The error of the rescaled counts over all days, divided by that of the guess after its day; the mean over
    camps weighted by their registered people. Camps where a guess makes no error are left out; NaN if none is
    left or the period is too short.
    """
    error = np.abs(rescaled(simulated, registered) - registered).mean(axis=0)
    weight = registered.sum(axis=0).astype(float)
    found = {}
    for day in NAIVE_DAYS:
        for name in ("flat", "sloped", "ratio"):
            found[f"{name} {day}"] = math.nan
        if day + 1 >= len(registered):
            continue
        for name, guess in naive(registered, day).items():
            of_guess = np.abs(guess - registered)[day + 1 :].mean(axis=0)
            known = (of_guess > 0) & (weight > 0)
            if known.any():
                ratio = error[known] / of_guess[known]
                found[f"{name} {day}"] = float((ratio * weight[known]).sum() / weight[known].sum())
    return found
