from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from garita.outcomes.statistics import band, estimate, estimates, mean_over_replications, t_quantile


def test_t_quantiles_agree_with_scipy():
    for degrees in (1, 2, 5, 10, 11, 12, 20, 39, 99, 1000):
        assert t_quantile(degrees) == pytest.approx(stats.t.ppf(0.975, degrees), rel=1e-4)
    assert math.isnan(t_quantile(0))


def test_intervals_cover_the_truth_19_times_in_20():
    values = np.random.default_rng(5).normal(10.0, 3.0, (4000, 12))
    covered = np.mean([item.low <= 10.0 <= item.high for item in estimates(values)])
    assert 0.94 < covered < 0.96


def test_replications_without_a_value_are_left_out():
    found = estimate(np.array([1.0, np.nan, 3.0]))
    assert (found.mean, found.minimum, found.maximum, found.replications) == (2.0, 1.0, 3.0, 2)
    nothing = estimate(np.full(3, np.nan))
    assert math.isnan(nothing.mean) and math.isnan(nothing.maximum) and nothing.replications == 0
    alone = estimate(np.array([4.0]))
    assert alone.mean == 4.0 and math.isnan(alone.low)


def test_bands_agree_with_numpy():
    values = np.random.default_rng(6).random((17, 5))
    values[3, 2] = values[9, 2] = np.nan
    values[:, 4] = np.nan
    found = band(values, 0.05)
    assert np.allclose(found[:4], np.nanquantile(values[:, :4], 0.05, axis=0))
    assert np.isnan(found[4]) and np.isnan(mean_over_replications(values)[4])
