"""A feed-forward network of Jackson (1957): lines at two crossings and the secondary stations they share.

Every station is M/M/c by itself: what leaves one is Poisson (Burke 1956), and so is a share of several.
"""

from __future__ import annotations

import numpy as np
import pytest

from engine import helpers
from garita.engine import types
from theory import formulas

DAYS, REPLICATIONS = 3, 16
MEAN = 0.1  # minutes of a primary inspection
# crossing, mode, lane type: parties a minute, booths, share referred
LINES = {
    ("a", "car", "standard"): (25.0, 3, 0.04),
    ("a", "car", "ready"): (16.0, 2, 0.03),
    ("a", "car", "sentri"): (7.0, 1, 0.01),
    ("a", "pedestrian", "standard"): (36.0, 4, 0.02),
    ("b", "truck", "standard"): (8.0, 1, 0.1),
    ("b", "bus", "standard"): (17.0, 2, 0.2),
}
# crossing, modes: places, mean minutes
STATIONS = {("a", ("car",)): (3, 1.5), ("a", ("pedestrian",)): (1, 1.0), ("b", ("truck", "bus")): (6, 1.25)}


@pytest.fixture(scope="module")
def outputs():
    flows = [
        helpers.flow(
            crossing, per_hour=60.0 * rate, booths=booths, mode=mode, lane_type=lane, referral=referral
        )
        for (crossing, mode, lane), (rate, booths, referral) in LINES.items()
    ]
    secondary = [
        {
            "crossing": crossing,
            "modes": list(modes),
            "places": places,
            "service": {"distribution": "exponential", "mean": f"{60.0 * mean} s"},
        }
        for (crossing, modes), (places, mean) in STATIONS.items()
    ]
    case = helpers.case(flows, secondary=secondary, days=DAYS, warm_up_days=1)
    return helpers.lines(case), helpers.built(case).region.secondary, helpers.run(case, REPLICATIONS, seed=9)


@pytest.mark.parametrize("line", LINES, ids="-".join)
def test_every_line_is_by_itself(outputs, line):
    lines, _, books = outputs
    crossing, mode, lane = line
    rate, booths, _ = LINES[line]
    f = lines.index(f"{crossing}:inbound:{mode}:{lane}")
    found = [helpers.mean_wait(output, f, 96, 96 * (1 + DAYS)) for output in books]
    expected = formulas.mmc_wait(rate, MEAN, booths)
    assert helpers.within(found, expected) and helpers.standard_error(found) < 0.05 * expected


@pytest.mark.parametrize("station", STATIONS, ids=lambda station: "-".join((station[0], *station[1])))
def test_every_station_sees_the_sum_of_what_is_referred(outputs, station):
    _, stations, books = outputs
    places, mean = STATIONS[station]
    referred = sum(
        rate * referral
        for (crossing, mode, _), (rate, _, referral) in LINES.items()
        if crossing == station[0] and mode in station[1]
    )
    s = [(place.crossing, place.modes) for place in stations].index(station)
    expected = formulas.mmc_wait(referred, mean, places)
    found = [output.secondary[s, 1] / output.secondary[s, 0] for output in books]
    assert helpers.within(found, expected) and helpers.standard_error(found) < 0.05 * expected
    served = [output.secondary[s, 0] / (1440.0 * (1 + DAYS)) for output in books]
    assert helpers.within(served, referred) and helpers.standard_error(served) < 0.01 * referred


def test_neighbouring_stations_are_independent(outputs):
    """Queues of one moment in different lines are uncorrelated, although they feed the same station."""
    lines, _, books = outputs
    cars = [f for f, line in enumerate(lines) if ":car:" in line]
    queues = np.concatenate([output.bins[cars, 96 : 96 * (1 + DAYS), types.QUEUE_END] for output in books], 1)
    related = np.corrcoef(queues)[np.triu_indices(len(cars), 1)]
    assert np.abs(related).max() < 4.0 / queues.shape[1] ** 0.5
