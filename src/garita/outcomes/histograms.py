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

from garita.engine.quantiles import FIRST_EDGE_MIN, read_histograms
from garita.engine.types import HISTOGRAM_BINS

BINS_PER_OCTAVE = 8

UPPER_MIN: NDArray[np.float64] = FIRST_EDGE_MIN * 2.0 ** (np.arange(HISTOGRAM_BINS) / BINS_PER_OCTAVE)
LOWER_MIN: NDArray[np.float64] = np.concatenate(([0.0], UPPER_MIN[:-1]))


def bin_index(wait_min: NDArray[Any]) -> NDArray[np.int64]:
    """Histogram bin of each wait (minutes)."""
    index: NDArray[np.int64] = np.clip(
        np.searchsorted(UPPER_MIN, wait_min, side="right"), 0, HISTOGRAM_BINS - 1
    )
    return index


def quantiles(histogram: NDArray[Any], shares: tuple[float, ...]) -> NDArray[np.float64]:
    """Quantiles (minutes) along the last axis (96 bins); NaN where a histogram is empty.

    [S, ...]: one array per share, of the shape of the leading axes.
    """
    # As those of a run where that holds them, so that the kernel is compiled once.
    kind = np.uint32 if histogram.max(initial=0) < 2**32 else np.int64
    flat = histogram.reshape(-1, HISTOGRAM_BINS).astype(kind)
    found, _, _ = filled(flat, np.arange(len(flat)), shares)
    return found.reshape(len(shares), *histogram.shape[:-1])


def filled(
    histograms: NDArray[Any], rows: NDArray[np.int64], shares: tuple[float, ...]
) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[Any]]:
    """Some rows [M] of a table of histograms [N, 96], read once: quantiles [S, M] at the shares, where in the
    flat table those rows are not 0, and what is there.
    """
    found = np.empty((len(shares), rows.size))
    places = np.empty(rows.size * HISTOGRAM_BINS, np.int32)
    numbers = np.empty(places.size, histograms.dtype)
    listed = read_histograms(histograms, rows, np.array(shares), found, places, numbers)
    return found, places[:listed].copy(), numbers[:listed].copy()


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
