"""Numbers of people by chance are binomial, whole, and keyed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from garita.engine import chances

GRID = (np.arange(5000) + 0.5) / 5000
LUCK = chances.Luck(GRID, chances.normal_quantile(GRID))


def test_normal_quantiles_are_those_of_the_normal_distribution():
    u = np.concatenate((GRID, [1e-15, 1e-9, 1 - 1e-9]))
    assert np.abs(chances.normal_quantile(u) - stats.norm.ppf(u)).max() < 1e-8


@pytest.mark.parametrize(
    ("n", "p"), [(5, 0.3), (1000, 0.002), (4000, 0.9), (100, 0.07), (50, 0.5), (7000, 0.3)]
)
def test_quantiles_are_binomial(n, p):
    found = chances.binomial(np.full(len(GRID), n), p, LUCK)
    wanted = stats.binom.ppf(GRID, n, p)
    assert np.abs(found - wanted).max() <= 1
    assert np.mean(found != wanted) < 0.02
    if n * p * (1 - p) < chances.SMALL_VARIANCE:
        assert (found == wanted).all()


@pytest.mark.parametrize("mean", [0.0, 0.4, 3.0, 60.0])
def test_arrivals_are_poisson(mean):
    found = chances.poisson(np.full(len(GRID), mean), LUCK)
    wanted = stats.poisson.ppf(GRID, mean) if mean else np.zeros(len(GRID))
    assert np.abs(found - wanted).max() <= 1
    assert np.mean(found != wanted) < 0.02


def test_certain_and_impossible_things_need_no_luck():
    n = np.array([7, 7, 0])
    luck = chances.Luck(*(each[:3] for each in LUCK))
    assert chances.binomial(n, np.array([1.0, 0.0, 0.5]), luck).tolist() == [7, 0, 0]


def test_draws_are_keyed_by_purpose_day_and_replication():
    first = chances.Draws(1, np.array([4, 7]), 5)
    second = chances.Draws(1, np.array([7]), 9)
    assert (first.of("a").u[:, 1] == second.of("a").u[:5, 0]).all()
    assert first.of("a").u[0, 0] != first.of("b").u[0, 0]
    assert len(np.unique(first.of("a").u)) == 10
    assert chances.Draws(2, np.array([7]), 5).of("a").u[0, 0] != second.of("a").u[0, 0]


@given(
    st.lists(st.lists(st.integers(0, 400), min_size=3, max_size=3), min_size=1, max_size=5),
    st.integers(0, 1300),
)
def test_what_is_divided_in_proportion_is_all_and_whole(of, n):
    table = np.array(of, np.int64)
    parts = chances.in_proportion(np.full(len(of), n), table)
    assert (parts.sum(axis=1) == np.minimum(n, table.sum(axis=1))).all()
    assert ((parts >= 0) & (parts <= table)).all()
    exact = table * (np.minimum(n, table.sum(axis=1)) / np.maximum(table.sum(axis=1), 1))[:, None]
    assert np.abs(parts - exact).max() < 1.0 + 1e-9


def test_a_split_leaves_nobody_out():
    n = np.full(len(GRID), 300)
    luck = [
        chances.Luck(np.roll(GRID, k), chances.normal_quantile(np.roll(GRID, k))) for k in (0, 1700, 3100)
    ]
    parts = chances.split(n, [np.full(len(GRID), share) for share in (0.2, 0.5, 0.3)], luck)
    assert (sum(parts) == 300).all()
    assert [round(part.mean()) for part in parts] == [60, 150, 90]
