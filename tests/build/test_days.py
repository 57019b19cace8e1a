"""A busy day is busy everywhere: factors by day, alike in all variants of a replication."""

from __future__ import annotations

import numpy as np
import pytest

from engine import helpers
from garita.build import Builder
from garita.build.days import lognormal
from garita.engine.run import _shared
from properties import worlds

DAYS = {"days": 40, "crossings": [{"id": "a"}, {"id": "b"}]}
FLOWS = [
    helpers.flow("a", 30),
    helpers.flow("a", 10, mode="pedestrian"),
    helpers.flow("b", [20] * 24, direction="outbound"),
]


def factors(region=0.0, own=0.0, replication=0, **more):
    """Rates of lines and days over the planned ones [F, days]."""
    behaviour = {"day_sd_region": region, "day_sd_crossing": own}
    case = helpers.case(FLOWS, **{**DAYS, **more}, behaviour=behaviour)
    plain = helpers.case(FLOWS, **{**DAYS, **more})
    rate, planned = (helpers.built(one, replication).run.model.flow_hours.rate for one in (case, plain))
    hours = (rate / planned)[:, : 24 * case.scenario.days].reshape(len(FLOWS), -1, 24)
    assert (hours == hours[:, :, :1]).all()  # one factor a day
    return hours[:, :, 0]


def test_off_unless_asked_for():
    assert (factors() == 1.0).all()


def test_one_factor_for_the_region_and_one_for_each_crossing():
    region, own, both = factors(region=0.2), factors(own=0.2), factors(0.2, 0.2)
    assert np.allclose(region[0], region[2], rtol=1e-12) and np.ptp(region[0]) > 0.3
    assert np.allclose(own[0], own[1], rtol=1e-12) and (abs(own[0] - own[2]) > 1e-6).all()
    assert np.allclose(both, region * own, rtol=1e-12)


def test_days_and_replications_differ():
    first, second = (factors(region=0.2, replication=replication) for replication in (0, 1))
    assert len(np.unique(first[0])) == first.shape[1]
    assert not (first == second).any()


def test_their_spread_and_correlation_are_what_was_asked_for():
    drawn = np.concatenate(
        [factors(0.1, 0.05, replication)[[0, 2]] for replication in range(30)], axis=1
    )  # 1,200 days
    days = drawn.shape[1]
    sd = np.hypot(0.1, np.hypot(0.05, 0.1 * 0.05))  # of a product of independent factors of mean 1
    for line in drawn:
        assert abs(line.mean() - 1.0) < 3.0 * sd / np.sqrt(days)
        assert abs(line.std() / sd - 1.0) < 3.0 / np.sqrt(2.0 * days) * 1.1  # a little more than normal tails
    expected = 0.1**2 / sd**2
    assert abs(np.corrcoef(drawn)[0, 1] - expected) < 3.0 * (1.0 - expected**2) / np.sqrt(days)


def test_lognormal_has_mean_one():
    u = (np.arange(20_000) + 0.5) / 20_000
    values = np.array([lognormal(one, 0.3) for one in u])
    assert values.mean() == pytest.approx(1.0, abs=1e-4)
    assert values.std() == pytest.approx(0.3, rel=5e-3)


def test_a_day_begins_when_the_clocks_of_the_crossing_strike_midnight():
    case = helpers.case(
        [helpers.flow("a", 30)],
        days=3,
        region={"id": "test", "zone": "America/Los_Angeles"},
        behaviour={"day_sd_region": 0.2},
    )
    rate = helpers.built(case).run.model.flow_hours.rate[0]
    assert [hour for hour in range(1, 72) if rate[hour] != rate[hour - 1]] == [24, 48]


def test_nominal_values_have_ordinary_days():
    case = helpers.case(FLOWS, **DAYS, behaviour={"day_sd_region": 0.2})
    built = Builder(case).build(case.resolve())
    assert (built.run.model.flow_hours.rate[0] == 30.0).all()


@pytest.mark.compiled
def test_both_variants_have_the_same_days():
    case = worlds.case(
        behaviour={"day_sd_region": 0.1, "day_sd_crossing": 0.1},
        closures=[{"crossing": "north", "from": helpers.at(13), "until": "4 h"}],
    )
    runs = [helpers.built(one).run for one in (case, case.without("closures"))]
    assert (runs[0].model.flow_hours.rate == runs[1].model.flow_hours.rate).all()
    assert _shared(*runs) > 100
    assert not helpers.equal(helpers.run(case)[0], helpers.run(worlds.case())[0])


def test_room_in_the_books_follows_the_day():
    """A busy day has as many places for candidates, beyond what is expected, as an ordinary one."""
    case = helpers.case(FLOWS, **DAYS, behaviour={"day_sd_region": 0.3})
    hours = helpers.built(case).run.model.flow_hours
    demand = slice(0, 24 * 40)
    assert (hours.room[:, demand] > hours.rate[:, demand] + 9.0 * np.sqrt(hours.rate[:, demand])).all()
