"""Ensembles: the same whatever the workers, however many replications, and in pairs."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from engine import helpers
from garita import runs
from garita.build import Builder
from garita.engine import run_replication, types
from garita.errors import RunError, ScenarioError
from garita.runs import executors
from properties import worlds

CLOSURES = [
    {
        "crossing": "north",
        "directions": ["inbound"],
        "from": helpers.at(8),
        "until": {"range": ["3 h", "6 h"]},
    }
]
STAFFING = [
    {
        "crossing": "middle",
        "directions": ["inbound"],
        "from": helpers.at(8),
        "until": "4 h",
        "factor": 0.5,
        "event": True,
    }
]


def case(**more):
    """A contested closure, and officers who are moved because of it."""
    return worlds.case(0.5, closures=CLOSURES, staffing=STAFFING, **more)


@pytest.fixture(scope="module")
def alone():
    """Four replications, one after the other."""
    return runs.run(case(), replications=4, workers=1)


@pytest.mark.parametrize("workers", [2, 3, 8])
def test_workers_do_not_matter(alone, workers):
    outcome = runs.run(case(), replications=4, workers=workers)
    assert outcome.manifest["parts"] == alone.manifest["parts"]
    assert outcome.manifest["digest"] == alone.manifest["digest"]


def test_replications_do_not_touch_each_other(alone):
    """More of them begin with the same ones; and each is itself when run by hand, last first."""
    more = runs.run(case(), replications=6, workers=2)
    assert more.manifest["parts"][:4] == alone.manifest["parts"]
    assert len(set(more.manifest["parts"])) == 6
    assert more.manifest["digest"] != alone.manifest["digest"]
    builder, the_case = Builder(case()), case()
    for replication in (3, 1):
        output = run_replication(builder.build(the_case.resolve(replication)).run, 1, replication)
        assert output.ledger.tobytes() == alone.ledger[replication].tobytes()
        assert output.gross.tobytes() == alone.gross[replication].tobytes()


def test_contested_figures_differ_between_replications(alone):
    ends = {closures[0]["until_utc"] for closures in alone.layout.closures}
    assert len(ends) == 4


def test_seeds(alone):
    again = runs.run(case(seed=1), replications=4)
    other = runs.run(case(), replications=4, seed=2)
    assert again.manifest["digest"] == alone.manifest["digest"]
    assert not set(other.manifest["parts"]) & set(alone.manifest["parts"])
    assert other.manifest["digest"] == runs.run(case(seed=2), replications=4).manifest["digest"]
    assert (alone.manifest["seed"], other.manifest["seed"]) == (1, 2)


def test_another_seed_where_people_cross_in_one_direction_only():
    """A closure that does not name its directions may be run with another seed all the same."""
    the_case = worlds.case(0.1, closures=[{"crossing": "north", "from": helpers.at(8), "until": "2 h"}])
    assert runs.run(the_case, replications=1, seed=5).manifest["seed"] == 5


def test_a_large_seed():
    outcome = runs.run(case(), replications=1, seed=2**53 - 1, workers=1)
    assert outcome.manifest["parts"] != runs.run(case(), replications=1, seed=0, workers=1).manifest["parts"]


def test_pairs(alone):
    """With the closures as when run by itself; without them as the case without them, on the same draws."""
    scenario, baseline = runs.run_pair(case(), replications=4, workers=2)
    assert scenario.manifest["digest"] == alone.manifest["digest"]
    assert (
        baseline.manifest["digest"] == runs.run(case().without("closures"), replications=4).manifest["digest"]
    )
    assert scenario.manifest["digest"] != baseline.manifest["digest"]
    assert (scenario.layout.variant, baseline.layout.variant) == ("scenario", "baseline")
    assert scenario.manifest["scenario_digest"] != baseline.manifest["scenario_digest"]
    # the same parties are candidates in both, and before the closure nothing differs
    assert all((a == b).all() for a, b in zip(scenario.offsets, baseline.offsets, strict=True))
    arrived = [outcome.counts[types.ARRIVED][:, :, :32] for outcome in (scenario, baseline)]
    assert (arrived[0] == arrived[1]).all()


def test_a_pair_without_an_event_is_the_same_twice():
    scenario, baseline = runs.run_pair(worlds.case(0.3), replications=2)
    assert scenario.manifest["digest"] == baseline.manifest["digest"]


def test_progress():
    seen = []
    runs.run(case(), replications=3, workers=2, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    seen.clear()
    runs.run_pair(case(), replications=2, workers=1, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(2, 4), (4, 4)]  # a replication is both variants


def test_replications_and_seed_are_those_of_the_scenario():
    outcome = runs.run(worlds.case(0.2, replications=2, seed=99))
    assert (
        outcome.layout.replications == len(outcome.manifest["parts"]) == outcome.manifest["replications"] == 2
    )
    assert outcome.manifest["seed"] == 99


@pytest.mark.parametrize("count", [0, -3])
def test_no_replications(count):
    with pytest.raises(ScenarioError) as refused:
        runs.run(case(), replications=count)
    assert refused.value.problems[0].code == "too-few-replications"


def test_what_a_manifest_says(alone):
    about = alone.manifest
    assert about["scenario_digest"] == case().digest and about["variant"] == "scenario"
    assert {"garita", "python", "numpy", "numba", "machine"} <= set(about["versions"])
    assert about["seconds"] >= 0.0 and len(about["engine_digest"]) == 64


# Room for queues


@pytest.mark.parametrize("room", [1, 16, 256])
def test_room_does_not_matter(room):
    """A queue that outgrows its room is run again with more, and ends with the same bits."""
    closures = [{"crossing": "north", "from": helpers.at(6), "until": "8 h"}]
    the_case = worlds.case(2.0, closures=closures)
    ample = helpers.run(the_case, room=65_536)[0]
    assert ample.bins[..., types.QUEUE_END].max() > room
    assert not helpers.different(ample, helpers.run(the_case, room=room)[0])


def test_room_is_kept_for_later_runs():
    ready = helpers.built(
        worlds.case(4.0, closures=[{"crossing": "all", "from": helpers.at(6), "until": "9 h"}])
    ).run
    ready.room = 16
    run_replication(ready, 1, 0)
    assert ready.room >= 1024 and ready.room & (ready.room - 1) == 0


def test_a_queue_that_outgrows_the_machine(monkeypatch):
    monkeypatch.setattr("garita.engine.run.LARGEST_ROOM", 512)
    never = helpers.case([helpers.flow(per_hour=500, booths=0)])
    with pytest.raises(MemoryError):
        helpers.run(never)
    with pytest.raises((MemoryError, RunError)):
        runs.run(never, replications=1)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_fails_says_which(monkeypatch, workers):
    """Also when the very first one does, which is run to compile."""
    monkeypatch.setattr("garita.engine.run.LARGEST_ROOM", 512)
    never = helpers.case([helpers.flow(per_hour=500, booths=0)])
    with pytest.raises(RunError) as failed:
        runs.run(never, replications=2, workers=workers)
    assert failed.value.problems[0].code == "queue-too-long"


# Executors


@pytest.mark.parametrize("executor", [executors.InProcess(), executors.Threads(1), executors.Threads(4)])
def test_results_come_in_order(executor):
    slow = threading.Event()

    def work(task):
        if task % 5 == 0:
            slow.wait(0.01)
        return task * task

    assert list(executor.map(work, range(40))) == [task * task for task in range(40)]


@pytest.mark.parametrize("executor", [executors.InProcess(), executors.Threads(2)])
def test_an_error_comes_when_its_turn_comes(executor):
    def work(task):
        if task == 3:
            raise ValueError("the fourth")
        return task

    results, seen = executor.map(work, range(10)), []
    with pytest.raises(ValueError, match="the fourth"):
        seen.extend(results)
        seen.append(None)
    assert None not in seen


def test_few_tasks_are_under_way():
    """Results that nobody fetches do not pile up."""
    started = []
    results = executors.Threads(2).map(lambda task: started.append(task), range(1000))
    for _ in range(5):
        next(results)
    assert len(started) <= 5 + 2 * 2
    results.close()


def test_executor_for():
    assert isinstance(executors.executor_for(1), executors.InProcess)
    assert executors.executor_for(3).workers == 3
    assert executors.available_cores() >= 1


# What the axes mean


def test_layout():
    the_case = worlds.case(0.2, warm_up_days=1, days=2)
    built = helpers.built(the_case)
    axes = runs.layout(the_case, built, "scenario", 5)
    assert [flow.id for flow in axes.flows] == helpers.lines(the_case)
    assert (axes.first_bin, axes.horizon_bin) == (96, 288)
    assert np.diff(axes.bin_start_min).tolist() == [15.0] * (axes.bins - 1)
    assert axes.bin_start_min[0] == built.calendar.start[0] == axes.hour_start_min[0]
    assert axes.replications == 5 and axes.digest == the_case.digest and axes.zone == "UTC"


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_demand_that_belongs_to_the_event_is_paired(factor):
    """It is not in the run without closures, and every party has the same place in the books of both."""
    from garita.outcomes import compare

    event = {"from": helpers.at(9), "until": "3 h", "factor": factor, "event": True}
    closed = [{"crossing": "a", "from": helpers.at(12), "until": "3 h"}]
    one = helpers.case([helpers.flow("a", per_hour=100, booths=3)], closures=closed, demand=[event])
    with_closure, without = runs.run_pair(one, replications=2, workers=1)
    planned = compare(with_closure, without).indicator(
        "crossed", basis="parties", crossing="a", direction="inbound", mode="car"
    )
    assert planned is not None
    more = (with_closure.ledger - without.ledger)[..., 0].sum(axis=(1, 2, 3))
    assert (more < -100).all() if factor < 1 else (more > 200).all()
