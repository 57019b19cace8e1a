"""Lines party by party against the slow engine of `engine/independent.py`, as plain Python."""

from __future__ import annotations

import numpy as np
import pytest

from engine import helpers
from engine.test_queues import SERVICES, compare
from garita.engine import load, run_replication, types
from garita.engine.run import ConservationError

PER_HOUR = [0, 30, 10, 0] + [0] * 20


@pytest.mark.parametrize("service", SERVICES, ids=[service["distribution"] for service in SERVICES])
def test_booths_by_the_hour(service):
    service = (
        {**service, "values": ["2 min", "9 min"], "weights": [3, 1]}
        if "values" in service
        else {**service, "mean": "5 min"}
    )
    booths = [0, 3, 1, 4, 2] + [1] * 19
    line = helpers.flow(per_hour=PER_HOUR, booths=booths, service=service)
    waits, _ = compare(helpers.case([line]), list(enumerate(booths)))
    assert waits.max() > 20.0


def test_a_closure_between():
    closures = [{"crossing": "a", "from": helpers.at(1.3), "until": helpers.at(2.6)}]
    line = helpers.flow(per_hour=PER_HOUR, booths=3, service=SERVICES[1])
    waits, _ = compare(helpers.case([line], closures=closures), [(0.0, 3), (1.3, 0), (2.6, 3)])
    assert waits.max() > 30.0


def test_a_queue_outgrows_its_room():
    """Simulated again with more room; the same bits."""
    case = helpers.case([helpers.flow(per_hour=PER_HOUR, booths=0)])
    small, usual = helpers.run(case, room=8), helpers.run(case)
    assert small[0].balance[types.WAITING] > 8 and helpers.equal(small[0], usual[0])


def test_a_queue_may_outgrow_the_machine(monkeypatch):
    from garita.engine import run

    monkeypatch.setattr(run, "LARGEST_ROOM", 4)
    with pytest.raises(MemoryError, match="more than 4 parties"):
        helpers.run(helpers.case([helpers.flow(per_hour=PER_HOUR, booths=0)]), room=8)


def test_without_a_record_of_finals():
    case = helpers.case([helpers.flow(per_hour=PER_HOUR)])
    ready = helpers.built(case).run
    ready.record_finals = False
    without, with_them = run_replication(ready, 1, 0), helpers.run(case)[0]
    assert without.finals.size == 0
    assert (without.ledger == with_them.ledger).all()


def test_loading_simulates_nothing():
    assert load(helpers.built(helpers.case([helpers.flow()])).run) is None


def test_lost_people_are_a_bug(monkeypatch):
    from garita.engine import run

    monkeypatch.setattr(run, "simulate", lambda *_: (types.NOT_CONSERVED, 5))
    with pytest.raises(ConservationError, match="interval 5 of replication 2"):
        run_replication(helpers.built(helpers.case([helpers.flow()])).run, 1, 2)


def test_the_balance_is_struck_every_quarter_of_an_hour(monkeypatch):
    """A party that is counted in twice is found out at the end of the bin."""
    from garita.engine import loop
    from garita.engine.state import ENTERED

    honest = loop.depart

    def dishonest(seed, replication, model, state, output, *more):
        before = state.count[ENTERED]
        honest(seed, replication, model, state, output, *more)
        if state.count[ENTERED] > before:
            state.count[ENTERED] += 1

    monkeypatch.setattr(loop, "depart", dishonest)
    with pytest.raises(ConservationError):
        helpers.run(helpers.case([helpers.flow(per_hour=PER_HOUR)]))


def test_every_draw_is_a_number():
    output = helpers.run(helpers.case([helpers.flow(per_hour=PER_HOUR)]))[0]
    assert np.isfinite(output.bins[..., : types.PUBLISHED]).all()
