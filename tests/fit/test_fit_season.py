"""Months near in the year help to tell a month; what the months do not bear out is not taken over."""

from __future__ import annotations

import numpy as np
import pytest

from fit.fit_files import MONTHS, shape
from garita.fit.season import Known, filled, season

AT = np.array(MONTHS, float)


def known(wait: np.ndarray) -> Known:
    return Known(wait, AT, (0,) * len(wait))


def test_a_season_is_found_in_months_that_were_left_out() -> None:
    chance = np.random.default_rng(1)
    truth = 1.0 + 0.25 * np.cos((AT - 7.5) / 12.0 * 2.0 * np.pi)
    wait = np.array([[shape(level) * factor for factor in truth] for level in (80.0, 60.0)])
    wait = wait + chance.normal(0.0, 4.0, wait.shape)
    told, climatology = [], []
    for month in range(len(AT)):
        others = known(wait).without(month)
        told.append(np.abs(season(others).wait(AT[month]) - wait[:, month]).mean())
        climatology.append(np.abs(others.mean - wait[:, month]).mean())
    assert np.mean(told) < 0.75 * np.mean(climatology)


def test_where_months_differ_by_chance_alone_climatology_is_kept() -> None:
    told, climatology = [], []
    for seed in range(12):
        wait = 50.0 + np.random.default_rng(seed).normal(0.0, 8.0, (1, len(AT), 168))
        others = known(wait).without(3)
        told.append(np.abs(season(others).wait(AT[3]) - wait[:, 3]).mean())
        climatology.append(np.abs(others.mean - wait[:, 3]).mean())
    assert np.mean(told) < 1.01 * np.mean(climatology)


def test_extremes_are_left_out_where_that_tells_months_better() -> None:
    chance = np.random.default_rng(4)
    even = 60.0 + chance.normal(0.0, 6.0, (1, len(AT), 168))  # of a normal spread the mean tells most
    peaks = 10.0 + chance.normal(0.0, 1.0, even.shape) + 60.0 * (chance.random(even.shape) < 0.06)
    both = known(np.concatenate([even, peaks]))
    mean, trimmed = both.between(0.0), both.between(1.0)
    assert both.usual[0] == pytest.approx(mean[0], abs=1.5) and both.usual[1] == pytest.approx(trimmed[1])
    assert np.abs(trimmed[1] - 10.0).mean() < 0.5 * np.abs(mean[1] - 10.0).mean()


def test_gaps_are_filled_from_other_months_else_from_hours_beside() -> None:
    wait = np.tile(shape(50.0), (1, 3, 1))
    wait[0, 0, 10] = np.nan
    wait[0, :, 20] = np.nan
    found = filled(wait)
    assert found[0, 0, 10] == shape(50.0)[10]
    assert found[0, 1, 20] == pytest.approx((shape(50.0)[19] + shape(50.0)[21]) / 2.0)
    assert np.isnan(wait[0, 0, 10])  # what was handed in stays as it is
