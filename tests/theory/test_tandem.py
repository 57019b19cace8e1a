"""Secondary behind primary: what leaves M/M/c is Poisson again (Burke 1956), and so is a share of it."""

from __future__ import annotations

import numpy as np
import pytest

from engine import helpers
from garita.engine import types
from theory import formulas

DAYS, REPLICATIONS = 5, 16
REFERRAL, PLACES = 0.05, 3
LINES = {"ready": (22.0, 3), "standard": (10.0, 2)}  # parties a minute, booths of 10 a minute
REFERRED = REFERRAL * sum(rate for rate, _ in LINES.values())
SECONDARY_MEAN = 1.5


@pytest.fixture(scope="module")
def outputs():
    """Two lines, exponential throughout, that share the places of secondary inspection."""
    flows = [
        helpers.flow(per_hour=60.0 * rate, booths=booths, lane_type=lane, referral=REFERRAL)
        for lane, (rate, booths) in LINES.items()
    ]
    secondary = [
        {"crossing": "a", "places": PLACES, "service": {"distribution": "exponential", "mean": "90 s"}}
    ]
    return helpers.run(
        helpers.case(flows, secondary=secondary, days=DAYS, warm_up_days=1), REPLICATIONS, seed=3
    )


def test_mean_wait_in_secondary(outputs):
    expected = formulas.mmc_wait(REFERRED, SECONDARY_MEAN, PLACES)
    found = [output.secondary[0, 1] / output.secondary[0, 0] for output in outputs]
    assert helpers.within(found, expected)
    assert helpers.standard_error(found) < 0.03 * expected


def test_share_referred(outputs):
    found = [output.secondary[0, 0] / output.balance[types.CROSSED] for output in outputs]
    assert helpers.within(found, REFERRAL)
    assert helpers.standard_error(found) < 0.005 * REFERRAL


def test_it_is_booked_on_the_line_they_came_by(outputs):
    """Inspection of a line: its own, and for the share referred the wait and time in secondary."""
    wait = formulas.mmc_wait(REFERRED, SECONDARY_MEAN, PLACES)
    for f in range(2):
        window = slice(96, 96 * (1 + DAYS))
        found = [
            output.bins[f, window, types.INSPECTION_SUM].sum() / output.bins[f, window, types.WAITED].sum()
            for output in outputs
        ]
        assert helpers.within(found, 0.1 + REFERRAL * (wait + SECONDARY_MEAN))
        assert helpers.standard_error(found) < 0.01 * np.mean(found)


def test_primary_does_not_feel_it(outputs):
    expected = formulas.mmc_wait(10.0, 0.1, 2)
    found = [helpers.mean_wait(output, 1, 96, 96 * (1 + DAYS)) for output in outputs]
    assert helpers.within(found, expected)
