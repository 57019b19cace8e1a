"""Bounded rooms and patience that ends, where theory is exact: within three standard errors.

All are lines of one region, as in `test_stationary.py`.
"""

from __future__ import annotations

from functools import cache

import pytest

from engine import helpers
from garita.engine import types
from garita.engine.patience import OUT_OF_PATIENCE, TURNED_AWAY
from theory import formulas

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

REPLICATIONS, DAYS, WARM_UP = 20, 2, 1
EXPONENTIAL = {"distribution": "exponential", "mean": "6 s"}
MEAN = 0.1
WINDOW = slice(96 * WARM_UP, 96 * (WARM_UP + DAYS))

# name: parties a minute, booths, room
ROOMS = {"room-1-5": (9.0, 1, 5), "room-10-30": (120.0, 10, 30), "room-3-4": (20.0, 3, 4)}
# name: parties a minute, booths, inspections
LOSSES = {
    "loss-1": (5.0, 1, EXPONENTIAL),
    "loss-20": (250.0, 20, EXPONENTIAL),
    "loss-4-equal": (30.0, 4, {"distribution": "deterministic", "mean": "6 s"}),
    "loss-4-wide": (30.0, 4, {"distribution": "lognormal", "mean": "6 s", "cv": 1.5}),
    "loss-4-two": (30.0, 4, {"distribution": "empirical", "values": ["2 s", "10 s"]}),
}
# name: parties a minute, booths, mean patience in minutes
PATIENCES = {"patience-18": (200.0, 18, 0.5), "patience-2": (19.0, 2, 1.0), "patience-over": (15.0, 1, 0.2)}


@cache
def case():
    flows = [
        helpers.flow(name, per_hour=60.0 * rate, booths=booths, service=EXPONENTIAL, room=room)
        for name, (rate, booths, room) in ROOMS.items()
    ]
    flows += [
        helpers.flow(name, per_hour=60.0 * rate, booths=booths, service=service, room=booths)
        for name, (rate, booths, service) in LOSSES.items()
    ]
    flows += [
        helpers.flow(
            name,
            per_hour=60.0 * rate,
            booths=booths,
            service=EXPONENTIAL,
            patience={"distribution": "exponential", "mean": f"{60.0 * mean} s"},
        )
        for name, (rate, booths, mean) in PATIENCES.items()
    ]
    return helpers.case(flows, days=DAYS, warm_up_days=WARM_UP)


@pytest.fixture(scope="module")
def outputs():
    return helpers.run(case(), REPLICATIONS, seed=17)


def line_of(name):
    return helpers.lines(case()).index(f"{name}:inbound:car:standard")


def share(outputs, name, column):
    """Of those who came, turned away or out of patience."""
    f = line_of(name)
    return [
        output.extra.unserved[f, WINDOW, column].sum() / output.bins[f, WINDOW, types.ARRIVED].sum()
        for output in outputs
    ]


def queues(outputs, name):
    return [output.bins[line_of(name), WINDOW, types.QUEUE_END].mean() for output in outputs]


def holds(found, expected, sharp=0.05):
    """Within three standard errors, which are small enough for that to mean something."""
    return helpers.within(found, expected) and helpers.standard_error(found) < sharp * expected


@pytest.mark.parametrize("name", ROOMS)
def test_a_bounded_room_is_m_m_c_k(outputs, name):
    rate, booths, room = ROOMS[name]
    expected = formulas.mmck(rate, MEAN, booths, room)
    assert holds(share(outputs, name, TURNED_AWAY), expected["lost"], 0.02)
    assert holds(queues(outputs, name), expected["queue"], 0.1)
    f = line_of(name)
    waits = [helpers.mean_wait(output, f, WINDOW.start, WINDOW.stop) for output in outputs]
    assert holds(waits, expected["wait"], 0.02)
    assert max(output.bins[f, :, types.QUEUE_END].max() for output in outputs) <= room


@pytest.mark.parametrize("name", LOSSES)
def test_no_room_to_wait_is_erlang_loss_whatever_the_inspections(outputs, name):
    rate, booths, _ = LOSSES[name]
    assert holds(share(outputs, name, TURNED_AWAY), formulas.erlang_b(rate * MEAN, booths), 0.02)
    assert all((output.bins[line_of(name), :, types.WAIT_MAX] == 0.0).all() for output in outputs)


@pytest.mark.parametrize("name", PATIENCES)
def test_patience_is_erlang_a(outputs, name):
    rate, booths, patience = PATIENCES[name]
    expected = formulas.erlang_a(rate, MEAN, booths, patience)
    assert holds(share(outputs, name, OUT_OF_PATIENCE), expected["left"], 0.03)
    assert holds(queues(outputs, name), expected["queue"])
