"""Quantiles from the engine's logarithmic histograms of waits.

Bin 0 holds [0, 0.5) minutes; bin k holds [0.5 * 2^((k-1)/8), 0.5 * 2^(k/8)): eight bins an octave, 96 in
all, the last one open above (1,722 minutes). Inside a bin a quantile is interpolated geometrically. A bin
is 9.05 % wide, so a quantile is never off by more than that; with waits spread evenly inside the bin it is
far closer, and half a bin (4.5 %) holds in practice. Below half a minute the error is at most 0.5 min.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from garita.engine.types import HISTOGRAM_BINS

BINS_PER_OCTAVE = 8
FIRST_EDGE_MIN = 0.5

UPPER_MIN: NDArray[np.float64] = FIRST_EDGE_MIN * 2.0 ** (np.arange(HISTOGRAM_BINS) / BINS_PER_OCTAVE)
LOWER_MIN: NDArray[np.float64] = np.concatenate(([0.0], UPPER_MIN[:-1]))

_GROUP = 8  # two-level search: 12 groups of 8 bins, which reads the histogram only once


def bin_index(wait_min: NDArray[Any]) -> NDArray[np.int64]:
    """Histogram bin of each wait (minutes)."""
    index: NDArray[np.int64] = np.clip(
        np.searchsorted(UPPER_MIN, wait_min, side="right"), 0, HISTOGRAM_BINS - 1
    )
    return index


def quantiles(histogram: NDArray[Any], shares: tuple[float, ...]) -> tuple[NDArray[np.float64], ...]:
    """Quantiles (minutes) along the last axis (96 bins); NaN where a histogram is empty.

    One array per share, of the shape of the leading axes.
    """
    lead = histogram.shape[:-1]
    groups = HISTOGRAM_BINS // _GROUP
    flat = histogram.reshape(-1, groups, _GROUP)
    coarse = np.einsum("ijk->ij", flat)  # four times faster than sum over so short an axis
    filled = np.flatnonzero(coarse.any(axis=1))
    results = [np.full(coarse.shape[0], np.nan) for _ in shares]
    if filled.size:
        # Bins come first from here on: NumPy adds along a long axis much faster than along a short last one.
        cumulative = np.cumsum(np.ascontiguousarray(coarse[filled].T), axis=0, dtype=np.float64)
        for share, result in zip(shares, results, strict=True):
            result[filled] = _quantile(flat, filled, cumulative, share)
    return tuple(result.reshape(lead) for result in results)


def _quantile(
    flat: NDArray[Any], rows: NDArray[np.int64], cumulative: NDArray[np.float64], share: float
) -> NDArray[np.float64]:
    """Quantile of the histograms ``rows``: find the group, then the bin, then the place in it."""
    target = max(share, 1e-9) * cumulative[-1]  # share 0: the lower edge of the first filled bin
    enough = target * (1 - 1e-12)
    group = (cumulative < enough).sum(axis=0)
    at = np.arange(rows.size)
    before = np.where(group > 0, cumulative[np.maximum(group - 1, 0), at], 0.0)
    fine = np.ascontiguousarray(flat[rows, group].T)
    within = np.cumsum(fine, axis=0, dtype=np.float64) + before
    place = np.minimum((within < enough).sum(axis=0), _GROUP - 1)
    count = fine[place, at].astype(np.float64)
    below = within[place, at] - count
    fraction = np.clip((target - below) / np.maximum(count, 1e-300), 0.0, 1.0)
    index = group * _GROUP + place
    lower, upper = LOWER_MIN[index], UPPER_MIN[index]
    geometric = np.maximum(lower, FIRST_EDGE_MIN) * (upper / np.maximum(lower, FIRST_EDGE_MIN)) ** fraction
    value: NDArray[np.float64] = np.where(index == 0, upper * fraction, geometric)
    return value


def counts_within(histogram: NDArray[Any], limit_min: float) -> NDArray[np.float64]:
    """How many waits were at most ``limit_min`` minutes, along the last axis."""
    index = int(np.searchsorted(UPPER_MIN, limit_min, side="left"))
    if index >= HISTOGRAM_BINS:
        everybody: NDArray[np.float64] = histogram.sum(axis=-1, dtype=np.float64)
        return everybody
    lower, upper = LOWER_MIN[index], UPPER_MIN[index]
    part = limit_min / upper if index == 0 else np.log(limit_min / lower) / np.log(upper / lower)
    whole: NDArray[np.float64] = histogram[..., :index].sum(axis=-1, dtype=np.float64)
    whole += part * histogram[..., index]
    return whole
