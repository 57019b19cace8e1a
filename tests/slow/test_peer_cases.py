"""Cases that the tests of other programs pin down, run by the engine under the semantics they name.

What the engine has no means for is listed with the reason in docs/background/queue-cases.md; the list must be
exactly that.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from engine import given, helpers
from garita.build import Builder
from garita.engine import run_replication, types
from slow import test_queue_cases as analytic

ROOT = Path(__file__).parents[2]
FOLDER = ROOT.parent / "shared" / "data" / "queue-cases"
PAGE = ROOT / "docs" / "background" / "queue-cases.md"

pytestmark = pytest.mark.slow


def read(name):
    path = FOLDER / name
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def every_day(capacity, cycle, until=600.0):
    """A timetable repeated: (minute, booths)."""
    return [
        (begin + round_ * cycle, booths) for round_ in range(int(until / cycle)) for begin, booths in capacity
    ]


def same(found, expected):
    """Up to the grain that times are rounded to."""
    assert np.asarray(found, float) == pytest.approx(np.asarray(expected, float), abs=1e-5)


def schedule_offset(case, expected):
    """Named booths close and finish whom they have: here that gives what a new set of servers gives."""
    number = len(case["arrivals"])
    timetable = every_day(case["capacity"], case["cycle_end"])
    found = given.run(case["arrivals"], [case["service"]] * number, timetable)
    same(sorted(found.start), expected["start"])


def reneging(case, expected):
    """Patience ends in line, at the given moments; who is served does not leave."""
    left = {int(n): time for n, time in expected["renege"].items()}
    patience = [
        left.get(n, 1000.0) - (time if n in left else 0.0) for n, time in enumerate(case["arrivals"], 1)
    ]
    number = len(case["arrivals"])
    found = given.run(
        case["arrivals"], [case["service"]] * number, [(0.0, case["servers"])], patience=patience
    )
    for n in range(1, number + 1):
        assert np.isnan(found.start[n - 1]) == (n in left)
        if n in left:
            same(found.left[n - 1], left[n])
        else:
            same(found.start[n - 1], expected["start"][str(n)])
            same(found.end[n - 1], expected["end"][str(n)])


def endless_servers(case, expected):
    """More booths than parties: nobody ever waits."""
    assert case["servers"] == "inf"
    line = helpers.flow(per_hour=600, booths=300, service={"distribution": "exponential", "mean": "10 min"})
    for output in helpers.run(helpers.case([line]), 5):
        assert output.bins[0, :, types.WAIT_SUM].sum() == expected["sum_wait"]
        assert output.bins[0, :, types.WAITED].sum() > 10_000


def capacity_once(case, expected):
    """The open booths are those of the timetable (in hours here, so that quarters show them)."""
    steps = list(zip(case["timetable"], case["values"], strict=True))
    assert [[0, 0], *map(list, steps)] == expected["change"]
    untils = [begin for begin, _ in steps[1:]] + [case["until"]]
    staffing = [
        {"crossing": "a", "from": helpers.at(begin), "until": helpers.at(until), "booths": booths}
        for (begin, booths), until in zip(steps, untils, strict=True)
    ]
    line = helpers.flow(per_hour=10, booths=0, lanes=max(case["values"]))
    output = helpers.one([line], staffing=staffing, days=3)
    booths = output.bins[0, : 4 * case["until"], types.OPEN_BOOTH_MIN].reshape(-1, 4) / 15.0
    wanted = np.zeros(case["until"])
    for begin, number in steps:
        wanted[begin:] = number
    assert (booths == wanted[:, None]).all()


def first_come_first_served(case, expected):
    assert expected["order"] == "by arrival"
    number = len(case["arrivals"])
    found = given.run(case["arrivals"], [case["service"]] * number, [(0.0, case["servers"])])
    assert (np.diff(found.start) == case["service"]).all() and found.start[0] == case["arrivals"][0]


def one_booth(case, expected):
    analytic.markov(
        {"lam": case["lam"] / case["mu"], "c": case["c"]},
        {
            "Wq": expected["Wq"] * case["mu"],
            "Lq": expected["Lq"],
            "P_Wq_gt_1": case["lam"] / case["mu"] * np.exp(-(1.0 - case["lam"] / case["mu"])),
        },
    )


def shuffled(case, _expected):
    """Who stands where in the memory of the program changes nobody's start."""
    generator = np.random.default_rng(5)
    number = 120  # as many services as a table tells apart
    arrivals = np.sort(np.round(generator.uniform(0.0, 600.0, number), 3))
    services = np.round(generator.exponential(9.0, number), 3)
    timetable = [(0.0, case["servers"])]
    usual = given.run(arrivals, services, timetable)
    order = generator.permutation(number)
    other = given.run(arrivals[order], services[order], timetable)
    assert (usual.end[order] == other.end).all() and usual.start.max() - arrivals.max() > 1.0


def tandem(case, _expected):
    """Nobody leaves secondary inspection before primary."""
    line = helpers.flow(per_hour=case["n"], booths=2, referral=1, service={"mean": "60 s"})
    secondary = [{"crossing": "a", "places": 2, "service": {"distribution": "exponential", "mean": "60 s"}}]
    ready = helpers.case([line], secondary=secondary)
    run = Builder(ready).build(ready.resolve(0), record=("travellers",)).run
    rows = run_replication(run, 1, 0).extra.travellers
    rows = rows[rows.end > 0.0]
    assert len(rows) > 20 * case["n"]
    assert (rows.secondary_start >= rows.end).all() and (rows.secondary_end > rows.secondary_start).all()


RUNNERS = {
    "ciw-schedule-offset-0": schedule_offset,
    "ciw-renege-simultaneous": reneging,
    "ciw-mminf": endless_servers,
    "simmer-sched-once": capacity_once,
    "simmer-prio-fifo": first_come_first_served,
    "qc-mm1": one_booth,
    "qc-permutation": shuffled,
    "qc-tandem": tandem,
}


@pytest.mark.parametrize("name", RUNNERS)
def test_peer_case(name):
    cases = read("peer_cases_dev.json")
    if cases is None:
        pytest.skip("the development data are not here")
    [case] = [case for case in cases if case["id"] == name]
    RUNNERS[name](case["input"], case["expected"])


def test_the_page_lists_exactly_what_cannot_be_run():
    peers, theory = read("peer_cases_dev.json"), read("analytic_cases_dev.json")
    if peers is None or theory is None:
        pytest.skip("the development data are not here")
    missing = {case["id"] for case in peers if case["id"] not in RUNNERS}
    missing |= {case["id"] for case in theory if case["model"] not in analytic.KINDS}
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name for name, _ in rows} == missing
    assert all(len(reason) > 20 for _, reason in rows)
