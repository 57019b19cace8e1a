"""A closure at high volume, where theory is a triangle: up with the inflow, down with the spare capacity."""

from __future__ import annotations

import numpy as np
import pytest

from engine import helpers
from garita.engine import types
from theory import formulas

INFLOW, BOOTHS, LENGTH, START = 3_000.0, 10, 4.0, 8.0  # parties an hour, booths of 500 an hour, hours
CAPACITY = 500.0 * BOOTHS
FLUID = formulas.closure(INFLOW, CAPACITY, LENGTH)
REPLICATIONS = 12


@pytest.fixture(scope="module")
def outputs():
    line = helpers.flow(
        per_hour=INFLOW, booths=BOOTHS, service={"distribution": "deterministic", "mean": "7.2 s"}
    )
    closures = [{"crossing": "a", "from": helpers.at(START), "until": f"{LENGTH} h"}]
    return helpers.run(helpers.case([line], closures=closures, days=2), REPLICATIONS, seed=5)


@pytest.fixture(scope="module")
def open_outputs():
    line = helpers.flow(
        per_hour=INFLOW, booths=BOOTHS, service={"distribution": "deterministic", "mean": "7.2 s"}
    )
    return helpers.run(helpers.case([line], days=2), REPLICATIONS, seed=5)


def queue(output):
    """Parties in the queue at the end of each quarter of an hour."""
    return output.bins[0, :, types.QUEUE_END]


def test_peak_is_inflow_times_duration(outputs):
    at_reopening = [queue(output)[round(4 * (START + LENGTH)) - 1] for output in outputs]
    assert at_reopening == [queue(output).max() for output in outputs]
    assert helpers.within(at_reopening, FLUID["peak"])
    assert helpers.standard_error(at_reopening) < 0.005 * FLUID["peak"]


def test_it_grows_and_shrinks_in_straight_lines(outputs):
    mean = np.mean([queue(output) for output in outputs], axis=0)
    hours = (np.arange(len(mean)) + 1) / 4.0
    up = np.clip((hours - START) * INFLOW, 0.0, FLUID["peak"])
    down = np.clip(FLUID["peak"] - (hours - START - LENGTH) * (CAPACITY - INFLOW), 0.0, FLUID["peak"])
    assert np.abs(mean - np.minimum(up, down))[:192].max() < 0.015 * FLUID["peak"]


def test_clearing_time_is_peak_over_spare_capacity(outputs):
    """Where the line through the shrinking queue meets nought."""
    found = []
    first = round(4 * (START + LENGTH))
    for output in outputs:
        shrinking = queue(output)[first - 1 :]
        between = (shrinking < 0.95 * FLUID["peak"]) & (shrinking > 0.05 * FLUID["peak"])
        slope, level = np.polyfit(np.arange(len(shrinking))[between] / 4.0, shrinking[between], 1)
        found.append(-level / slope)
    assert helpers.within(found, FLUID["clearing"])
    assert helpers.standard_error(found) < 0.01 * FLUID["clearing"]


def test_total_delay_is_the_triangle(outputs, open_outputs):
    """Against the same days without it: the same parties, so the difference is sharp."""
    found = [
        (helpers.total(shut, types.WAIT_SUM) - helpers.total(usual, types.WAIT_SUM)) / 60.0
        for shut, usual in zip(outputs, open_outputs, strict=True)
    ]
    assert helpers.within(found, FLUID["delay"])
    assert helpers.standard_error(found) < 0.01 * FLUID["delay"]


def test_longest_delay_is_the_closure(outputs):
    """Who comes first waits it out; nobody waits longer."""
    longest = [output.bins[0, :, types.WAIT_MAX].max() for output in outputs]
    assert max(longest) < 60.0 * LENGTH + 0.2  # who was next when it began
    assert min(longest) > 60.0 * LENGTH - 0.2


def test_everybody_else_is_untouched(outputs, open_outputs):
    """Whoever joins half an hour before it, or well after the queue has gone, waits as on any day."""
    last = round(4 * (START + LENGTH + 1.3 * FLUID["clearing"]))
    for shut, usual in zip(outputs, open_outputs, strict=True):
        assert (shut.bins[0, :, types.ARRIVED] == usual.bins[0, :, types.ARRIVED]).all()
        assert (shut.bins[0, :30, types.WAIT_SUM] == usual.bins[0, :30, types.WAIT_SUM]).all()
        assert (shut.histogram[0, last:192] == usual.histogram[0, last:192]).all()


@pytest.mark.parametrize("share", [0.3, 0.5, 0.8])
def test_a_partial_closure_is_fluid_too(share):
    """With part of the capacity the queue grows by what cannot pass."""
    closures = [{"crossing": "a", "from": helpers.at(START), "until": f"{LENGTH} h", "share": share}]
    line = helpers.flow(
        per_hour=INFLOW, booths=BOOTHS, service={"distribution": "deterministic", "mean": "7.2 s"}
    )
    outputs = helpers.run(helpers.case([line], closures=closures), REPLICATIONS, seed=6)
    at_reopening = [queue(output)[round(4 * (START + LENGTH)) - 1] for output in outputs]
    grows = INFLOW - CAPACITY * (1.0 - share)
    if grows <= 0.0:
        assert max(at_reopening) < 50.0
    else:
        assert helpers.within(at_reopening, grows * LENGTH)
