"""Queueing cases with expected figures from the shared development data, where that is at hand.

Cases that the engine has no means for are listed in docs/background/queue-cases.md, and skipped here.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine import given as given_parties
from engine import helpers, independent
from garita.engine import types
from theory import formulas

CASES = Path(__file__).parents[3] / "shared" / "data" / "queue-cases" / "analytic_cases_dev.json"

pytestmark = pytest.mark.slow


def cases():
    if not CASES.exists():
        return [pytest.param(None, id="no data")]
    return [pytest.param(case, id=case["id"]) for case in json.loads(CASES.read_text(encoding="utf-8"))]


def stationary(rate, booths, service, unit, days, warm_up, replications=20):
    """Replications of one line; ``rate`` per ``unit`` minutes."""
    line = helpers.flow(per_hour=60.0 * rate / unit, booths=booths, service=service)
    return helpers.run(helpers.case([line], days=days, warm_up_days=warm_up), replications, seed=24)


def means(outputs, days, warm_up):
    return [helpers.mean_wait(output, 0, 96 * warm_up, 96 * (warm_up + days)) for output in outputs]


def queues(outputs, days, warm_up):
    return [
        output.bins[0, 96 * warm_up : 96 * (warm_up + days), types.QUEUE_END].mean() for output in outputs
    ]


def markov(given, expected):
    """M/M/c. The unit of time is a minute, or 6 s where the queue forgets slowly."""
    rate, booths = given["lam"], given["c"]
    slow = rate / booths > 0.95
    unit, days, warm_up = (0.1, 100, 20) if slow else (1.0, 20, 1)
    service = {"distribution": "exponential", "mean": f"{60 * unit} s"}
    outputs = stationary(rate, booths, service, unit, days, warm_up)
    waits = np.array(means(outputs, days, warm_up)) / unit
    assert helpers.within(waits, expected["Wq"])
    assert helpers.standard_error(waits) < (0.15 if slow else 0.03) * expected["Wq"]
    assert helpers.within(queues(outputs, days, warm_up), expected["Lq"])
    if unit == 1.0:
        above = [helpers.share_above(output, 0, 8, 96 * warm_up, 96 * (warm_up + days)) for output in outputs]
        assert helpers.within(above, expected["P_Wq_gt_1"])
    assert formulas.mmc_wait(rate, 1.0, booths) == pytest.approx(expected["Wq"], rel=1e-9)


LAWS = {
    "D": {"distribution": "deterministic"},
    "E2": {"distribution": "erlang", "shape": 2},
    "E3": {"distribution": "erlang", "shape": 3},
    "M": {"distribution": "exponential"},
}


def law(name, cv2):
    if name.startswith("LN"):
        return {"distribution": "lognormal", "cv": cv2**0.5}
    if name not in LAWS:
        pytest.skip(f"no service distribution {name}")
    return LAWS[name]


def general(given, expected):
    """M/G/1."""
    service = {**law(given["law"], given["cv2"]), "mean": "6 s"}
    outputs = stationary(given["lam"], 1, service, 0.1, 20, 1)
    waits = np.array(means(outputs, 20, 1)) / 0.1
    assert helpers.within(waits, expected["Wq"]) and helpers.standard_error(waits) < 0.02 * expected["Wq"]
    assert helpers.within(queues(outputs, 20, 1), expected["Lq"])


def heavy(given, expected):
    """M/G/1 near its limit, below Kingman's bound."""
    service = {"distribution": "lognormal", "mean": "6 s", "cv": given["cs2"] ** 0.5}
    outputs = stationary(given["lam"], 1, service, 0.1, 60, 5)
    waits = np.array(means(outputs, 60, 5)) / 0.1
    assert helpers.within(waits, expected["Wq_exact"])
    assert waits.mean() + 3.0 * helpers.standard_error(waits) < expected["kingman_upper"] * 1.05


def fluid(given, expected):
    """A closure, a hundred times larger than given, so that it is nearly fluid."""
    scale, begin, length = 100.0, 6.0, given["T"]
    booths = 10
    service = {
        "distribution": "deterministic",
        "mean": f"{3600.0 * booths / (scale * given['capacity_rate']):.9f} s",
    }
    line = helpers.flow(per_hour=scale * given["lam"], booths=booths, service=service)
    closures = [{"crossing": "a", "from": helpers.at(begin), "until": f"{length} h"}]
    runs = [helpers.run(helpers.case([line], days=3, closures=which), 20, seed=4) for which in (closures, [])]
    outputs = runs[0]
    assert helpers.within(
        [output.bins[0, :, types.QUEUE_END].max() / scale for output in outputs], expected["max_queue"]
    )
    delay = [
        (helpers.total(shut, types.WAIT_SUM) - helpers.total(usual, types.WAIT_SUM)) / 60.0 / scale
        for shut, usual in zip(*runs, strict=True)
    ]
    assert helpers.within(delay, expected["total_delay"])
    assert max(output.bins[0, :, types.WAIT_MAX].max() for output in outputs) / 60.0 == pytest.approx(
        expected["max_delay"], rel=0.01
    )
    curve = np.mean([output.bins[0, :, types.QUEUE_END] for output in outputs], axis=0) / scale
    after = curve[round(4 * (begin + length)) - 1 :]
    between = (after < 0.9 * expected["max_queue"]) & (after > 0.05 * expected["max_queue"])
    slope, level = np.polyfit(np.arange(len(after))[between] / 4.0, after[between], 1)
    assert -level / slope == pytest.approx(expected["recovery_time_after_reopening"], rel=0.01)


def steps(given, expected):
    """M(t)/M/c(t) from empty. The unit is an hour; the expected figures interrupt service when capacity
    falls, so only the times before that are compared."""
    lines, replications = 100, 20
    changes, falls = [], np.inf
    for (begin, booths), (_, before) in zip(given["capacity"][1:], given["capacity"], strict=False):
        changes.append((begin, booths))
        falls = min(falls, begin if booths < before else np.inf)
    rates = [next(rate for begin, rate in reversed(given["lam"]) if begin <= hour) for hour in range(24)]
    booths = [next(n for begin, n in reversed(given["capacity"]) if begin <= hour) for hour in range(24)]
    service = {"distribution": "exponential", "mean": f"{60.0 / given['mu']} min"}
    flows = [helpers.flow(f"place-{i}", per_hour=rates, booths=booths, service=service) for i in range(lines)]
    outputs = helpers.run(helpers.case(flows), replications, seed=31)
    compared = 0
    for time, figures in expected.items():
        if float(time) <= falls:
            compared += 1
            row = round(4 * float(time)) - 1
            found = [output.bins[f, row, types.QUEUE_END] for output in outputs for f in range(lines)]
            assert helpers.within(found, figures["ELq"]), time
            assert helpers.standard_error(found) < 0.1 * figures["ELq"]
    assert compared >= 4


def closed_by_hand(given, expected):
    """Party by party, by the engine and by the independent recursion."""
    begin, end = given["closed"]
    timetable = [(0.0, given["servers"]), (begin, 0), (end, given["servers"])]
    services = [given["service"]] * 20
    assert list(independent.starts(np.arange(1.0, 21.0), services, timetable)) == expected["start"]
    assert list(given_parties.run(np.arange(1.0, 21.0), services, timetable).start) == expected["start"]


def recursion(given, expected):
    """Lindley's, by the engine and by the independent one."""
    found = given_parties.run(given["arrivals"], given["services"], [(0.0, 1)])
    assert found.start - given["arrivals"] == pytest.approx(expected["wait"], abs=1e-5)
    assert independent.lindley(given["arrivals"], given["services"]) == pytest.approx(expected["wait"])


def one_line(rate, booths, **more):
    """Twenty replications of a line with inspections of 6 s, and the share that leaves it unserved."""
    line = helpers.flow(
        per_hour=600.0 * rate, booths=booths, service={"distribution": "exponential", "mean": "6 s"}, **more
    )
    outputs = helpers.run(helpers.case([line], days=10, warm_up_days=1), 20, seed=25)
    window = slice(96, 96 * 11)
    lost = [
        output.bins[0, window, types.LEFT].sum() / output.bins[0, window, types.ARRIVED].sum()
        for output in outputs
    ]
    return outputs, lost


def bounded(given, expected):
    """M/M/c/K."""
    outputs, lost = one_line(given["lam"], given["c"], room=given["K"])
    assert helpers.within(lost, expected["P_block"]) and helpers.standard_error(lost) < 0.01
    assert helpers.within(queues(outputs, 10, 1), expected["Lq"])
    assert helpers.within(np.array(means(outputs, 10, 1)) * 10.0, expected["Wq_accepted"])


def loss(given, expected):
    """M/M/c/c: whatever the law of inspections."""
    _, lost = one_line(given["a"], given["c"], room=given["c"])
    assert helpers.within(lost, expected["P_block"]) and helpers.standard_error(lost) < 0.01


def impatient(given, expected):
    """M/M/c+M."""
    patience = {"distribution": "exponential", "mean": f"{6.0 / given['theta']} s"}
    outputs, lost = one_line(given["lam"], given["c"], patience=patience)
    assert helpers.within(lost, expected["P_abandon"]) and helpers.standard_error(lost) < 0.01
    assert helpers.within(queues(outputs, 10, 1), expected["Lq"])


KINDS = {
    "M/M/c": markov,
    "M/G/1": general,
    "G/G/1 heavy traffic / Kingman bound": heavy,
    "fluid queue, constant rate, closure of length T then capacity cm": fluid,
    "M(t)/M/c(t) step rates and step capacities": steps,
    "D/D/c with closure (exact hand recursion)": closed_by_hand,
    "Lindley recursion": recursion,
    "M/M/c/K": bounded,
    "M/G/c/c": loss,
    "M/M/c+M (Erlang A)": impatient,
}


@pytest.mark.parametrize("case", cases())
def test_analytic_case(case):
    if case is None:
        pytest.skip("the development data are not here")
    if case["model"] not in KINDS:
        pytest.skip(f"the engine has no {case['model']}")
    KINDS[case["model"]](case["input"], case["expected"])
