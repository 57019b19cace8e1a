"""How far a figure is from what was observed, counted in the observation's own noise, and what that earns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from garita.fit.case_checks import Target

SMALLEST_RATIO = 0.01  # of a change: what all but vanished counts as this, so that its logarithm exists
HALF_AT = 2.0  # standard deviations at which half the score is left


def middle(values: NDArray[Any]) -> Any:
    """Median over replications, leaving out those without a figure: [R] -> number, [R, 24] -> [24]."""
    table = np.asarray(values, dtype=np.float64)
    flat = table.reshape(table.shape[0], -1)
    columns = [column[~np.isnan(column)] for column in flat.T]
    found = np.array([np.median(column) if len(column) else np.nan for column in columns])
    return found.reshape(table.shape[1:]) if table.ndim > 1 else float(found[0])


def distance(target: Target, figure: Any) -> float:
    """How far a figure is from the observation, in standard deviations of its noise; 0 within a range.

    Of a change the logarithms of the ratios are compared; of figures by hour the mean absolute error is
    divided by the noise. NaN where there is no figure.
    """
    if target.hours:
        seen, found = np.asarray(target.hours), np.asarray(figure, dtype=np.float64)
        both = ~np.isnan(seen) & ~np.isnan(found)
        return float(np.abs(seen - found)[both].mean()) / target.noise if both.any() else math.nan
    if math.isnan(figure):
        return math.nan
    low, high, value = target.low, target.high, float(figure)
    if target.unit == "%":
        low, high, value = (log_ratio(one) for one in (low, high, value))
    return max(low - value, value - high, 0.0) / target.noise


def log_ratio(per_cent: float) -> float:
    """Logarithm of the ratio behind a change in per cent."""
    return math.log(max(1.0 + per_cent / 100.0, SMALLEST_RATIO)) if math.isfinite(per_cent) else per_cent


def score(deviations: float) -> float:
    """What a distance earns: 1 for none, 0.8 at one standard deviation,
    0.5 at two, 0.2 at four; without a figure 0."""
    return 0.0 if math.isnan(deviations) else 1.0 / (1.0 + (deviations / HALF_AT) ** 2)


def weighted(scores: Sequence[float], weights: Sequence[float]) -> float:
    """Mean of scores; NaN where nothing counts."""
    total = math.fsum(weights)
    return math.fsum(a * b for a, b in zip(scores, weights, strict=True)) / total if total > 0 else math.nan
