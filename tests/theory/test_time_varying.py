"""M(t)/M/c(t): rates and booths by the hour, against Kolmogorov's equations and against the fluid limit."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from engine import helpers
from garita.engine import types

LINES, REPLICATIONS = 60, 12
MEAN = 1.0 / 60.0  # hours
RATES = [150, 150, 170, 230, 300, 420, 420, 380, 300, 250, 200, 180] + [150] * 12  # parties an hour
BOOTHS = [3, 3, 3, 4, 5, 6, 6, 7, 7, 7, 7, 7] + [7] * 12  # booths of 60 parties an hour each
SHUT = (15.0, 16.0)
STATES = 700
HOURS = 18


def kolmogorov() -> dict[int, tuple[float, float]]:
    """Mean and standard deviation of the queue at the end of each hour.

    Booths only become more, but for a closure: then only those who wait are still there an hour later, since
    inspections of a minute are over by then.
    """
    n = np.arange(STATES)
    law = np.zeros(STATES)
    law[0] = 1.0
    found = {}
    for hour in range(HOURS):
        rate, booths = float(RATES[hour]), BOOTHS[hour]
        if hour == SHUT[0]:
            law = np.concatenate([[law[: booths + 1].sum()], law[booths + 1 :], np.zeros(booths)])
        if SHUT[0] <= hour < SHUT[1]:
            booths = 0
        deaths = np.minimum(n, booths) / MEAN

        def change(_: float, p: np.ndarray, rate: float = rate, deaths: np.ndarray = deaths) -> np.ndarray:
            flow = -(rate + deaths) * p
            flow[-1] += rate * p[-1]
            flow[1:] += rate * p[:-1]
            flow[:-1] += deaths[1:] * p[1:]
            return flow

        solution = solve_ivp(
            change, (0.0, 1.0), law, method="LSODA", rtol=1e-8, atol=1e-12, lband=1, uband=1, t_eval=[1.0]
        )
        law = solution.y[:, -1]
        queue = np.maximum(n - booths, 0)
        mean = float(queue @ law)
        found[hour + 1] = mean, float(max(0.0, queue**2 @ law - mean**2) ** 0.5)
    assert abs(law.sum() - 1.0) < 1e-6 and law[-10:].sum() < 1e-9
    return found


@pytest.fixture(scope="module")
def outputs():
    """Equal lines that do not feel one another: as many replications as there are lines, times the runs."""
    service = {"distribution": "exponential", "mean": "60 s"}
    flows = [helpers.flow(f"place-{i}", per_hour=RATES, booths=BOOTHS, service=service) for i in range(LINES)]
    closures = [{"crossing": "all", "from": helpers.at(SHUT[0]), "until": helpers.at(SHUT[1])}]
    return helpers.run(helpers.case(flows, closures=closures), REPLICATIONS, seed=23)


def test_queues_by_the_numerical_solution(outputs):
    """Within three standard errors at every hour but one, and that within 3.6: chance is once in 150."""
    scores = []
    for hour, (mean, spread) in kolmogorov().items():
        found = np.concatenate([output.bins[:, 4 * hour - 1, types.QUEUE_END] for output in outputs])
        error = spread / len(found) ** 0.5
        assert error < 0.15 * mean + 0.02
        scores.append((found.mean() - mean) / error)
    assert np.abs(scores).max() < 3.6 and abs(np.mean(scores)) < 1.0
    assert sum(abs(score) > 3.0 for score in scores) <= 1


def fluid(rates, capacities):
    """Queue at the end of each quarter of an hour if people were water; both per hour, by the hour."""
    queue, found = 0.0, []
    for rate, capacity in zip(rates, capacities, strict=True):
        for _ in range(4):
            queue = max(0.0, queue + (rate - capacity) / 4.0)
            found.append(queue)
    return np.array(found)


def test_at_high_volume_it_is_the_fluid_queue():
    """A hundred times the parties; ten times the booths, ten times as fast."""
    rates = [100 * rate for rate in RATES]
    booths = [10 * number for number in BOOTHS]
    line = helpers.flow(per_hour=rates, booths=booths, service={"distribution": "exponential", "mean": "6 s"})
    closures = [{"crossing": "a", "from": helpers.at(SHUT[0]), "until": helpers.at(SHUT[1])}]
    outputs = helpers.run(helpers.case([line], closures=closures), 6, seed=2)
    capacity = [0 if SHUT[0] <= hour < SHUT[1] else 600 * booths[hour] for hour in range(24)]
    expected = fluid(rates, capacity)
    found = np.mean([output.bins[0, :96, types.QUEUE_END] for output in outputs], axis=0)
    assert expected.max() > 10_000
    assert np.abs(found - expected).max() < 0.02 * expected.max()
