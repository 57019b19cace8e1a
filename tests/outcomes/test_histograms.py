from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from garita.engine.types import HISTOGRAM_BINS
from garita.outcomes.histograms import LOWER_MIN, UPPER_MIN, bin_index, counts_within, filled, quantiles


def histogram(waits):
    return np.bincount(bin_index(np.asarray(waits)), minlength=HISTOGRAM_BINS).astype(np.uint32)


def test_edges_follow_the_contract():
    assert UPPER_MIN[0] == 0.5 and LOWER_MIN[0] == 0.0
    assert UPPER_MIN[8] == pytest.approx(1.0)
    assert np.array_equal(bin_index(np.array([0.0, 0.4999, 0.5, 1.0, 1e9])), [0, 0, 1, 9, 95])


@pytest.mark.parametrize("mean", [3.0, 25.0, 140.0])
def test_quantiles_of_a_smooth_sample_are_within_half_a_bin(mean):
    waits = np.random.default_rng(3).gamma(3.0, mean / 3, 20_000)
    for share, found in zip((0.5, 0.95), quantiles(histogram(waits), (0.5, 0.95)), strict=True):
        assert found == pytest.approx(np.quantile(waits, share), rel=0.045)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.floats(0.0, 1700.0), min_size=1, max_size=40),
    st.sampled_from([0.0, 0.05, 0.5, 0.95, 1.0]),
)
def test_a_quantile_is_never_off_by_more_than_one_bin(waits, share):
    (found,) = quantiles(histogram(waits), (share,))
    exact = float(np.quantile(waits, share, method="inverted_cdf"))
    assert abs(found - exact) <= max(0.5, exact * (2**0.125 - 1) + 1e-9)


def test_empty_histograms_have_no_quantile():
    table = np.stack([np.zeros(HISTOGRAM_BINS, np.uint32), histogram([10.0])])
    (median,) = quantiles(table, (0.5,))
    assert np.isnan(median[0]) and LOWER_MIN[35] < 10 and median[1] == pytest.approx(10, rel=0.09)


def test_counts_beyond_32_bits():
    table = histogram([10.0, 10.0, 100.0]).astype(np.int64) * 2**33
    assert quantiles(table, (0.5, 1.0)) == pytest.approx(
        quantiles(histogram([10.0, 10.0, 100.0]), (0.5, 1.0))
    )


def test_what_is_in_histograms_is_listed_by_place():
    table = np.stack([histogram([10.0, 0.1]), histogram([]), histogram([5000.0, 10.0, 10.0])])
    found, places, numbers = filled(table, np.array([0, 2]), (0.5,))
    again = np.zeros_like(table)
    again.reshape(-1)[places] = numbers
    assert np.array_equal(again, table) and found.shape == (1, 2)


@pytest.mark.parametrize("limit", [0.25, 10.0, 60.0, 5000.0])
def test_counts_within_a_limit(limit):
    waits = np.random.default_rng(4).exponential(40.0, 50_000)
    assert counts_within(histogram(waits), limit) == pytest.approx((waits <= limit).sum(), rel=0.02, abs=20)
