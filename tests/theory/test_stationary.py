"""Queues that theory knows exactly, each within three standard errors over independent replications.

All are lines of one region: crossings without travel times between them do not touch each other. Inspections
take 6 s on average unless said otherwise, so that two days hold tens of thousands of parties.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

from engine import helpers
from garita.engine import types
from theory import formulas

REPLICATIONS, DAYS, WARM_UP = 24, 2, 1


@dataclass(frozen=True)
class Queue:
    """A line of its own: load per booth, booths, inspections and their coefficient of variation."""

    load: float
    booths: int = 1
    service: dict[str, Any] = field(default_factory=lambda: {"distribution": "exponential", "mean": "6 s"})
    cv: float = 1.0
    mean: float = 0.1  # minutes

    @property
    def rate(self) -> float:
        """Parties a minute."""
        return self.load * self.booths / self.mean


MARKOV = {
    "m-m-1-half": Queue(0.5),
    "m-m-1": Queue(0.8),
    "m-m-3": Queue(0.85, 3),
    "m-m-14": Queue(0.9, 14, {"distribution": "exponential", "mean": "60 s"}, mean=1.0),
}
GENERAL = {
    "m-d-1": Queue(0.8, 1, {"distribution": "deterministic", "mean": "6 s"}, 0.0),
    "m-e3-1": Queue(0.8, 1, {"distribution": "erlang", "mean": "6 s", "shape": 3}, 3**-0.5),
    "m-ln-1": Queue(0.8, 1, {"distribution": "lognormal", "mean": "6 s", "cv": 0.6}, 0.6),
    "m-ln-1-wide": Queue(0.6, 1, {"distribution": "lognormal", "mean": "6 s", "cv": 1.2}, 1.2),
    "m-gamma-1": Queue(0.7, 1, {"distribution": "gamma", "mean": "6 s", "shape": 0.5}, 2**0.5),
    # 2 s and 10 s, equally often: the mean is 6 s, the standard deviation 4 s
    "m-two-1": Queue(0.8, 1, {"distribution": "empirical", "values": ["2 s", "10 s"]}, 2.0 / 3.0),
}
QUEUES = {**MARKOV, **GENERAL}


@cache
def case():
    """All of them in one region."""
    flows = [
        helpers.flow(name, per_hour=60.0 * queue.rate, booths=queue.booths, service=queue.service)
        for name, queue in QUEUES.items()
    ]
    return helpers.case(flows, days=DAYS, warm_up_days=WARM_UP)


@cache
def line_of(name):
    """Position of a line among the arrays."""
    return helpers.lines(case()).index(f"{name}:inbound:car:standard")


@pytest.fixture(scope="module")
def outputs():
    """Every replication's books."""
    return helpers.run(case(), REPLICATIONS, seed=11)


def waits(outputs, name):
    """Mean wait of each replication after the warm-up, while demand lasts."""
    f = line_of(name)
    return [helpers.mean_wait(output, f, 96 * WARM_UP, 96 * (WARM_UP + DAYS)) for output in outputs]


def tails(outputs, name, edge):
    f = line_of(name)
    return [helpers.share_above(output, f, edge, 96 * WARM_UP, 96 * (WARM_UP + DAYS)) for output in outputs]


def sharp(values, expected, share):
    """A test that could not fail would prove nothing: the standard error is small."""
    return helpers.standard_error(values) < share * expected


@pytest.mark.parametrize("name", MARKOV)
def test_mean_wait_by_erlang_c(outputs, name):
    queue = MARKOV[name]
    expected, found = formulas.mmc_wait(queue.rate, queue.mean, queue.booths), waits(outputs, name)
    assert helpers.within(found, expected) and sharp(found, expected, 0.04)


@pytest.mark.parametrize(
    ("name", "edge"),
    [("m-m-1", 0), ("m-m-1", 8), ("m-m-1", 14), ("m-m-3", 0), ("m-m-14", 8), ("m-m-1-half", 0)],
)
def test_waits_above_a_time_by_erlang_c(outputs, name, edge):
    """Shares that wait longer than 1/2 x 2^(edge / 8) minutes, edges of the histogram."""
    queue = MARKOV[name]
    wait = 0.5 * 2.0 ** (edge / 8.0)
    expected = formulas.mmc_tail(queue.rate, queue.mean, queue.booths, wait)
    found = tails(outputs, name, edge)
    assert helpers.within(found, expected) and sharp(found, expected, 0.08)


@pytest.mark.parametrize("name", GENERAL)
def test_mean_wait_by_pollaczek_and_khinchine(outputs, name):
    queue = GENERAL[name]
    expected, found = formulas.mg1_wait(queue.rate, queue.mean, queue.cv), waits(outputs, name)
    assert helpers.within(found, expected) and sharp(found, expected, 0.04)


@pytest.mark.parametrize("name", QUEUES)
def test_littles_law(outputs, name):
    """Mean queue, looked at every quarter of an hour, equals arrivals a minute times mean wait."""
    f = line_of(name)
    window = slice(96 * WARM_UP, 96 * (WARM_UP + DAYS))
    queue = [output.bins[f, window, types.QUEUE_END].mean() for output in outputs]
    work = [output.bins[f, window, types.WAIT_SUM].sum() / (1440.0 * DAYS) for output in outputs]
    assert helpers.within(np.subtract(queue, work), 0.0)
    assert helpers.standard_error(np.subtract(queue, work)) < 0.06 * np.mean(work)


@pytest.mark.parametrize("name", QUEUES)
def test_booths_are_busy_as_much_as_the_load_says(outputs, name):
    f = line_of(name)
    window = slice(96 * WARM_UP, 96 * (WARM_UP + DAYS))
    found = [
        output.bins[f, window, types.BUSY_BOOTH_MIN].sum()
        / output.bins[f, window, types.OPEN_BOOTH_MIN].sum()
        for output in outputs
    ]
    assert helpers.within(found, QUEUES[name].load) and sharp(found, QUEUES[name].load, 0.01)


@pytest.mark.parametrize("name", ["m-m-1", "m-ln-1", "m-two-1"])
def test_arrivals_are_poisson(outputs, name):
    """Counts of quarters and of hours vary as much as their mean, and neighbours are unrelated."""
    f = line_of(name)
    counts = np.array([output.bins[f, : 96 * (WARM_UP + DAYS), types.ARRIVED] for output in outputs])
    for quarters in (1, 4, 96):
        whole = counts.reshape(len(outputs), -1, quarters).sum(axis=2).ravel()
        expected = QUEUES[name].rate * 15.0 * quarters
        dispersion = ((whole - expected) ** 2).sum() / expected
        assert 1e-3 < stats.chi2.cdf(dispersion, len(whole)) < 1.0 - 1e-3
    deviation = counts - QUEUES[name].rate * 15.0
    for apart in (1, 2, 3, 4, 96):
        related = np.corrcoef(deviation[:, :-apart].ravel(), deviation[:, apart:].ravel())[0, 1]
        assert abs(related) < 3.5 / counts[:, apart:].size ** 0.5


def test_lines_do_not_share_their_luck(outputs):
    counts = np.array(
        [[output.bins[f, :288, types.ARRIVED] for output in outputs] for f in range(len(QUEUES))]
    )
    related = np.corrcoef(counts.reshape(len(QUEUES), -1))[np.triu_indices(len(QUEUES), 1)]
    scores = related * (288 * len(outputs)) ** 0.5
    assert np.abs(scores).max() < 5.0
    assert stats.chi2.sf((scores**2).sum(), len(scores)) > 1e-3
