"""Fluid lines: staffed for the usual wait they keep it, and only feedback keeps a change of demand small."""

from __future__ import annotations

import numpy as np
import pytest

from fit.fit_files import shape
from garita.fit.fluid import Lines, capacity_for, published, response
from garita.fit.model import behaviour_of
from garita.fit.week import whole
from garita.reference import load_region

BEHAVIOUR = {**behaviour_of(load_region("san-diego-tijuana")), "trim_horizon_min": 150.0}


def lines(usual: np.ndarray) -> Lines:
    day = 300.0 + 200.0 * np.exp(-(((np.arange(24) - 11.0) / 5.0) ** 2))
    arrivals = np.tile(day, (len(usual), 7))
    capacity = capacity_for(arrivals, usual)
    count = len(usual)
    return Lines(
        usual,
        arrivals,
        capacity / 80.0,
        np.full(count, 80.0 / 60.0),
        np.full(count, 0.2),
        np.full(count, 0.5),
    )


def test_a_line_staffed_for_its_usual_wait_keeps_it() -> None:
    usual = np.array([shape(60.0), shape(30.0)])
    assert np.abs(published(lines(usual), BEHAVIOUR) - usual).mean() < 1.5


def test_capacity_serves_all_that_come() -> None:
    made = lines(np.array([shape(60.0)]))
    served = made.booths * 80.0
    assert served.sum() == pytest.approx(made.arrivals.sum(), rel=0.01)


def test_without_feedback_waits_overshoot() -> None:
    made = lines(np.array([shape(60.0)]))
    usual = made.usual.mean()
    with_feedback = response(made, BEHAVIOUR).mean() / usual
    without = {**BEHAVIOUR, "trim_down": 0.0, "trim_up": 0.0, "informed_share": 0.0}
    rigid = response(made, without).mean() / usual
    assert 0.3 < with_feedback < 6.0
    assert rigid > 20.0 * with_feedback
    suppressed = response(made, {**without, "informed_share": 0.4}).mean() / usual
    assert with_feedback < suppressed < rigid


def test_whole_booths_are_right_on_average() -> None:
    booths = np.tile(np.linspace(1.2, 6.7, 168), (2, 1))
    rounded = [whole(booths, (r + 0.5) / 20) for r in range(20)]
    assert all((one % 1.0 == 0.0).all() for one in rounded)
    assert np.abs(np.mean(rounded, axis=0) - booths).max() < 0.15
    for one in rounded:
        assert np.abs(np.cumsum(one - booths, axis=1)).max() <= 1.01
