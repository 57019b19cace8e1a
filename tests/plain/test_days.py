"""The engine as plain Python: the same bits as compiled, and nobody lost."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from engine import helpers
from garita import scenario
from garita.engine import extra, run_both, run_replication, types
from garita.engine.fork import shared_intervals
from garita.engine.run import _shared
from plain import days
from properties.test_conservation import check

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")  # 64-bit words wrap on purpose: said once


@cache
def plain(name):
    return days.run(name)


@pytest.mark.parametrize("name", days.DAYS)
def test_nobody_is_lost(name):
    assert check(scenario.loads(days.DAYS[name]), plain(name)).sum() > 90


def test_the_days_are_alive():
    """Every final outcome, every decision, secondary inspection, staffing that follows the queue."""
    outputs = [plain(name) for name in days.DAYS]
    for first, books in (
        (types.CROSSED, [output.balance for output in outputs]),
        (0, [output.gross[..., 0].sum(axis=0) for output in outputs]),
    ):
        total = np.zeros(max(map(len, books)), np.int64)  # features have outcomes and decisions of their own
        for found in books:
            total[: len(found)] += found
        assert (total[first:] > 0).all(), total
    assert plain("usual").secondary[0, 0] > 5 and plain("usual").secondary[0, 1] > 0.0
    assert plain("usual").bins[..., types.OPEN_BOOTH_MIN].max() == 30.0  # two booths, one on the roster
    assert helpers.different(plain("usual"), plain("closed"))
    assert plain("for good").balance[types.WAITING] > 0 and plain("for good").balance[types.ON_THE_WAY] > 0


@pytest.mark.parametrize(("closed", "usual"), [("closed", "usual"), ("features, logit", "features")])
def test_what_two_histories_share_is_simulated_once(closed, usual):
    case = scenario.loads(days.DAYS[closed])
    one, other = (days.ready(closed, each) for each in (case, case.without("closures")))
    assert 0 < _shared(one, other) < len(one.model.intervals)
    for found, name in zip(run_both(one, other, days.SEED, days.REPLICATION), (closed, usual), strict=True):
        assert not helpers.different(found, plain(name))


@pytest.mark.parametrize("part", ["before", "first", "second"])
def test_a_queue_that_is_full_on_the_way_is_simulated_again(part, monkeypatch):
    """In what is shared, in the first history after that, or in the second."""
    from garita.engine import run

    calls = []
    advance = run._advance

    def once_full(*arguments):
        calls.append(arguments)
        if len(calls) == {"before": 1, "first": 2, "second": 3}[part]:
            return False
        return advance(*arguments)

    case = helpers.case(
        [helpers.flow(name, [0] * 8 + [3] * 3 + [0] * 13) for name in ("north", "south")],
        closures=[{**days.CLOSED, "until": "1 h"}],
        behaviour={**days.LOGIT, "tick_min": 60},
    )
    one, other = (helpers.built(variant).run for variant in (case, case.without("closures")))
    expected = [run_replication(each, 1, 0) for each in (one, other)]
    monkeypatch.setattr(run, "_advance", once_full)
    found = list(run_both(one, other, 1, 0))
    assert [helpers.different(*pair) for pair in zip(found, expected, strict=True)] == [[], []]


def in_little(**more):
    """A quiet line, built."""
    return helpers.built(helpers.case([helpers.flow("a", 2, **more)])).run


def test_what_differs_from_the_beginning_shares_nothing():
    one = in_little()
    assert _shared(one, in_little()) == 96
    places = one.model._replace(travel=one.model.travel + 1.0)
    rooms = one.model._replace(flow_hours=one.model.flow_hours.copy())
    rooms.flow_hours.room += 1
    plans = one.model._replace(plan=one.model.plan.copy())
    plans.plan.cap += 1
    news = one.model._replace(news=one.model.news.copy())
    news.news.notice[:] = 5.0
    for model in (places, rooms, plans, news):
        assert shared_intervals(one.model, model) == 0
    ready = in_little(room=3)
    assert _shared(ready, in_little(room=3)) == 96
    assert _shared(one, ready) == _shared(ready, one) == _shared(ready, in_little(room=4)) == 0
    demand = one.model._replace(flow_hours=one.model.flow_hours.copy())
    demand.flow_hours.rate[0, 5] += 1.0
    assert shared_intervals(one.model, demand) == 5 * 4
    other = in_little()
    other.model = other.model._replace(travel=other.model.travel + 1.0)
    assert _shared(one, other) == 0
    longer = in_little()
    longer.measurements = 7
    assert _shared(one, longer) == 0


def test_extra_arrays_by_interval_are_shared_until_they_differ(monkeypatch):
    monkeypatch.setattr(extra, "BY_INTERVAL", frozenset({"waiting_room"}))
    one = in_little(room=3).extra._replace(waiting_room=np.zeros(9, np.int64))
    later = one._replace(waiting_room=np.array([0] * 7 + [1, 1]))
    assert [extra.shared_extra(one, later, count, 1) for count in (9, 7, 3)] == [7, 7, 3]
