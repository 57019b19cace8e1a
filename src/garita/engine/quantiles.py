"""Quantiles of many logarithmic histograms, and what there is in them, in one pass."""

from __future__ import annotations

import math

import numpy as np

from garita.engine.kernel import kernel

FIRST_EDGE_MIN = 0.5  # bin 0 ends here; every further bin is an eighth of an octave wide
LOG_WIDTH = math.log(2.0) / 8.0


@kernel
def read_histograms(histograms, rows, shares, quantiles, places, numbers):
    """Fill ``quantiles`` [S, M] (minutes) at ``shares`` [S] of the ``rows`` [M] of ``histograms`` [N, 96].

    A row without anybody gets NaN. Inside a bin a quantile is interpolated geometrically; share 0 is the
    lower edge of the first filled bin. ``places`` and ``numbers`` [96 M]: where the flat table is not 0 in
    these rows, and what is there. Returns how many places those are.
    """
    bins = histograms.shape[1]
    listed = np.int64(0)
    for at in range(rows.shape[0]):
        row = rows[at]
        counts, first, total = histograms[row], listed, np.int64(0)
        for place in range(bins):
            if counts[place] != 0:
                places[listed], numbers[listed] = row * bins + place, counts[place]
                total += np.int64(counts[place])
                listed += 1
        for which in range(shares.shape[0]):
            target = max(shares[which], 1e-9) * total
            enough = target * (1.0 - 1e-12)  # sums of shares are not exact
            found, below, reached = math.nan, 0.0, False
            for one in range(first, listed):
                if not reached:
                    number = float(numbers[one])
                    if below + number >= enough or one == listed - 1:
                        reached = True
                        part = min(max((target - below) / number, 0.0), 1.0)
                        found = between(places[one] - row * bins, part)
                    below += number
            quantiles[which, at] = found
    return listed


@kernel
def between(place, fraction):
    """The wait at a fraction of a bin, minutes."""
    if place == 0:
        return FIRST_EDGE_MIN * fraction
    return FIRST_EDGE_MIN * math.exp((place - 1 + fraction) * LOG_WIDTH)
