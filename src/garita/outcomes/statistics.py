"""Means and 95 % intervals over replications, without SciPy (its import alone costs a third of a second)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_Z = 1.959963984540054
# Student t, 97.5 %, 1 to 10 degrees of freedom; from 11 on the expansion below is right to 1e-4.
_T_SMALL = (
    12.706205,
    4.302653,
    3.182446,
    2.776445,
    2.570582,
    2.446912,
    2.364624,
    2.306004,
    2.262157,
    2.228139,
)


@dataclass(frozen=True)
class Estimate:
    """Mean over replications, its 95 % interval, and the extremes. NaN where nothing was observed."""

    mean: float
    low: float
    high: float
    minimum: float
    maximum: float
    replications: int

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2


def t_quantile(degrees: int) -> float:
    """97.5 % point of Student's t (Abramowitz and Stegun 26.7.5 beyond ten degrees of freedom)."""
    if degrees < 1:
        return float("nan")
    if degrees <= len(_T_SMALL):
        return _T_SMALL[degrees - 1]
    z, n = _Z, float(degrees)
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
    )


def estimates(values: NDArray[Any]) -> list[Estimate]:
    """One estimate for each row of ``values`` [K, R]; replications without a value (NaN) are left out."""
    table = np.asarray(values, dtype=np.float64)
    known = np.isfinite(table)
    count = known.sum(axis=1)
    filled = np.where(known, table, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = filled.sum(axis=1) / count
        spread = np.where(known, table - mean[:, None], 0.0)
        deviation = np.sqrt((spread**2).sum(axis=1) / (count - 1))
        critical = {int(n): t_quantile(int(n) - 1) for n in np.unique(count)}
        half = np.array([critical[int(n)] for n in count]) * deviation / np.sqrt(count)
    half = np.where(count > 1, half, np.nan)
    low = np.where(count > 0, np.where(known, table, np.inf).min(axis=1, initial=np.inf), np.nan)
    high = np.where(count > 0, np.where(known, table, -np.inf).max(axis=1, initial=-np.inf), np.nan)
    rows = zip(mean.tolist(), half.tolist(), low.tolist(), high.tolist(), count.tolist(), strict=True)
    return [Estimate(m, m - h, m + h, lo, hi, n) for m, h, lo, hi, n in rows]


def estimate(values: NDArray[Any]) -> Estimate:
    """Estimate of one quantity from its values in each replication [R]."""
    return estimates(np.asarray(values, dtype=np.float64)[None, :])[0]


def mean_over_replications(values: NDArray[Any]) -> NDArray[np.float64]:
    """Mean along axis 0, leaving out NaN; NaN where no replication has a value."""
    known = np.isfinite(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0, dtype=np.float64)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def band(values: NDArray[Any], share: float) -> NDArray[np.float64]:
    """Quantile along axis 0 over replications, leaving out NaN (NumPy's own loops in Python over NaN)."""
    ordered = np.sort(np.asarray(values, dtype=np.float64), axis=0)  # NaN last
    count = np.isfinite(ordered).sum(axis=0)
    place = share * np.maximum(count - 1, 0)
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    at_low = np.take_along_axis(ordered, low[None, ...], axis=0)[0]
    at_high = np.take_along_axis(ordered, high[None, ...], axis=0)[0]
    return np.where(count > 0, at_low + (place - low) * (at_high - at_low), np.nan)
