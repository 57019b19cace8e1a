"""What a day seldom meets: refusals, memory that runs out, and who makes machine code first."""

from __future__ import annotations

import os
import threading

import numpy as np
import pytest

from engine import helpers
from engine.journey_nets import network
from garita.build.batches import people_by_class
from garita.build.people import way_out
from garita.engine import cache, journeys, variates
from garita.engine.cohort_types import TOO_MANY_COHORTS, Stream
from garita.engine.run import ConservationError
from garita.errors import ScenarioError
from garita.outcomes import finals

WAY = {"booths": 2, "service": {"mean": "1 min"}}
BUS = {"mode": "bus", "people_per_party": 20, "walk_through": {"booths_of": "standard"}}
FOOT = helpers.flow(mode="pedestrian")
TANDEM = {"tandem": True, "lanes": 1, "booths_per_lane": 2}


@pytest.mark.parametrize(
    ("lines", "more", "code"),
    [
        ([helpers.flow(**BUS)], {}, "walk-through-nowhere"),
        ([FOOT, helpers.flow(**BUS), helpers.flow(lane_type="ready", **BUS)], {}, "walk-through-twice"),
        ([{**FOOT, "room": 3}, helpers.flow(**BUS)], {}, "walk-through-with-others"),
        ([FOOT, helpers.flow(patience={"mean": "9 min"}, **BUS)], {}, "walk-through-patience"),
        ([helpers.flow(**{**TANDEM, "booths_per_lane": 3}, booths=3)], {}, "tandem-of-three"),
        ([helpers.flow(**TANDEM, room=3)], {}, "tandem-with-others"),
        ([helpers.flow(room=3)], {"initial": [{"crossing": "a", "parties": 40}]}, "initial-too-many"),
        ([helpers.flow("a"), helpers.flow("b")], {"officers": [{"pool": "all"}]}, "pool-travel"),
    ],
)
def test_what_build_refuses(lines, more, code):
    with pytest.raises(ScenarioError) as refused:
        helpers.built(helpers.case(lines, **more))
    assert code in [problem.code for problem in refused.value.problems]


def test_a_bus_with_one_person():
    region = helpers.built(helpers.case([helpers.flow(mode="bus", walk_through=WAY)])).region
    assert set(people_by_class(region.lines[0])[1:].tolist()) == {1}


def test_trucks_do_not_come_home():
    region = helpers.built(helpers.case([helpers.flow(mode="truck")])).region
    assert way_out(region, region.lines[0]) == -1


def test_too_many_routes(monkeypatch):
    ways = [(i, j, 10) for i in range(9) for j in range(i)]
    many = network(9, ways, 2, awareness=4)  # more than there was room for at first
    assert len(many.route_end) > 4096
    monkeypatch.setattr(journeys, "MOST_ROUTES", 50)
    with pytest.raises(journeys.TooManyRoutes):
        network(9, ways, 2, awareness=2)


def test_people_beyond_the_memory(monkeypatch):
    net = network(2, [(0, 1, 100)], 3, initial=[600, 0], chance=1.0)
    monkeypatch.setattr(journeys, "room", lambda journeys: 1)
    with pytest.raises(MemoryError):
        journeys.travel(net, 1, 0, "garita")
    with pytest.raises(MemoryError):
        journeys.travel(net, 1, 0, "flee3")
    for name, run in (("journey_people", journeys.travel), ("journey_cohorts", journeys.travel_in_cohorts)):
        monkeypatch.setattr(journeys, name, lambda *arguments: -1)
        with pytest.raises(ConservationError):
            run(net, 1, 0, *(["garita"] if run is journeys.travel else []))


@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize("most", [1, 2, 4, 8, 16])
def test_cohorts_beyond_the_memory(most):
    net = journeys.ready(
        network(4, [(0, 1, 100), (1, 2, 150), (2, 3, 90), (0, 3, 300)], 6, initial=40, chance=0.5)
    )
    stream = Stream(net.key, np.zeros(4, np.int64), np.array([0, journeys.COHORTS], np.int64))
    memory, journal = journeys.new_cohorts(net, most), journeys.new_journal(net)
    ended = journeys.journey_cohorts(np.uint64(1), np.uint64(0), net, memory, stream, journal, 0)
    assert ended == TOO_MANY_COHORTS


@pytest.mark.filterwarnings("ignore:overflow")
def test_final_outcomes_packed_and_unpacked():
    rng = np.random.default_rng(5)
    kinds = rng.choice([0, 1, 1, 1, 1, 2, 5], 900)
    values = (kinds | (rng.integers(1, 6, 900) << 4) | (rng.integers(0, 2, 900) << 8)).astype(np.uint16)
    values[kinds == 0] = 0
    values[300:500] = 0
    values[500:700] = values[500]
    blob, counted = finals.pack(values)
    assert (finals.unpack(blob) == values).all()
    assert counted.tolist() == np.bincount(values & 15, minlength=16).tolist()


@pytest.mark.filterwarnings("ignore:overflow")
def test_large_poisson_numbers():
    stream = Stream(np.array([9], np.uint64), np.zeros(1, np.int64), np.array([0, 5], np.int64))
    for mean in (3.0, 12.0, 400.0):
        found = [variates.poisson(np.uint64(3), np.uint64(0), stream, 0, mean) for _ in range(100)]
        assert abs(np.mean(found) - mean) <= 4.0 * np.sqrt(mean / 100)


def test_one_process_at_a_time_makes_machine_code(tmp_path, monkeypatch):
    monkeypatch.setenv("GARITA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(cache, "_BEAT_SECONDS", 0.01)
    monkeypatch.setattr(cache, "_SILENT_SECONDS", 5.0)
    cache.machine_code_folder.cache_clear()
    try:
        order = []

        def another():
            with cache.alone("code"):
                order.append("another")

        with cache.alone("code"):
            waiting = threading.Thread(target=another)
            waiting.start()
            waiting.join(0.15)
            order.append("first")
        waiting.join()
        assert order == ["first", "another"]
        folder = cache.machine_code_folder()
        claim = folder / "code.claim"
        claim.touch()
        os.utime(claim, (0, 0))  # of a process that died long ago
        with cache.alone("code"):
            assert claim.exists()
        assert not claim.exists()
        (folder / "code").touch()
        with cache.alone("code"):  # made meanwhile
            assert not claim.exists()
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
        with cache.alone("code"):  # nothing can be kept there
            pass
        monkeypatch.setattr(cache, "machine_code_folder", lambda: None)
        with cache.alone("code"):
            pass
    finally:
        monkeypatch.undo()
        cache.machine_code_folder.cache_clear()
