"""Numbers of many against their exact distributions (the kernels as plain Python)."""

from __future__ import annotations

import warnings
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from garita.engine import variates
from garita.engine.cohort_types import Stream

pytestmark = pytest.mark.slow  # large samples

DRAWS = 2000
SEED, REPLICATION = np.uint64(3), np.uint64(0)


def drawn(function, *arguments):
    stream = Stream(np.array([9], np.uint64), np.zeros(1, np.int64), np.array([0, 5], np.int64))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # words that wrap around are meant
        return np.array([function(SEED, REPLICATION, stream, 0, *arguments) for _ in range(DRAWS)])


def fits(found, exact):
    """Chi-square test over cells of at least 20 expected draws; one in ten thousand fails by chance."""
    values = np.arange(exact.ppf(1e-9), exact.ppf(1 - 1e-9) + 2)
    edges = [values[0] - 1]
    for value in values:
        if DRAWS * (exact.cdf(value) - exact.cdf(edges[-1])) >= 20 and DRAWS * exact.sf(value) >= 20:
            edges.append(value)
    bounds = np.array([-np.inf, *edges[1:], np.inf])
    expected = DRAWS * np.diff(exact.cdf(bounds))
    counted = np.array([((found > low) & (found <= high)).sum() for low, high in pairwise(bounds)])
    return stats.chisquare(counted, expected).pvalue > 1e-4


@pytest.mark.parametrize(
    ("n", "p"),
    [
        (1, 0.3),
        (12, 0.5),
        (40, 0.1),
        (40, 0.9),
        (25, 0.45),
        (100, 0.5),
        (5000, 0.3),
        (10**7, 0.002),
        pytest.param(10**9, 0.7, marks=pytest.mark.slow),  # SciPy takes long to say what is expected
    ],
)
def test_binomial(n, p):
    assert fits(drawn(variates.binomial, n, p), stats.binom(n, p))


def test_binomial_without_chance():
    assert set(drawn(variates.binomial, 5, 0.0)) == {0}
    assert set(drawn(variates.binomial, 5, 1.0)) == {5}
    assert set(drawn(variates.binomial, 0, 0.5)) == {0}


@pytest.mark.parametrize("mean", [0.2, 5.0, 10.0, 60.0, 1e6])
def test_poisson(mean):
    assert fits(drawn(variates.poisson, mean), stats.poisson(mean))


@pytest.mark.parametrize(
    ("n", "people", "chosen"), [(5, 12, 4), (30, 100, 50), (400, 5000, 700), (3, 10**7, 10**6), (9, 10, 8)]
)
def test_hypergeometric(n, people, chosen):
    assert fits(drawn(variates.hypergeometric, n, people, chosen), stats.hypergeom(people, n, chosen))


def test_hypergeometric_without_choice():
    assert set(drawn(variates.hypergeometric, 7, 7, 3)) == {3}
    assert set(drawn(variates.hypergeometric, 7, 20, 20)) == {7}


@pytest.mark.parametrize("k", [0, 1, 5, 15, 16, 17, 100, 10**6, 10**9])
def test_log_factorial(k):
    from scipy.special import gammaln

    assert variates.log_factorial(k) == pytest.approx(gammaln(k + 1.0), rel=1e-12, abs=1e-11)
