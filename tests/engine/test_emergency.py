"""Booths beyond the roster and longer hours, called by waits or by hand."""

from __future__ import annotations

import numpy as np
import pytest

from engine import booths, helpers
from garita.engine import types
from garita.errors import ScenarioError

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

FIXED = {"distribution": "deterministic", "mean": "60 s"}
SLOW = {"distribution": "gamma", "mean": "7 min", "shape": 2}
TICKS = {"tick_min": 5}
BUSY = [20] * 8 + [300] * 3 + [40] * 13


def line(per_hour=BUSY, number=3, service=FIXED, **more):
    return helpers.flow("a", per_hour, number, service=service, **more)


def rule(**more):
    found = {"crossing": "a", "modes": ["car"], "wait_above_min": 40, "booths": 4}
    return {**found, "lasting_min": 15, "delay_min": 30, "until_below_min": 10, **more}


def open_booths(output, f=0, last=96):
    return output.bins[f, :last, types.OPEN_BOOTH_MIN] / 15.0


def test_called_by_the_wait_and_over_when_it_is_short():
    output = helpers.one([line()], emergency=[rule()], behaviour=TICKS)
    found = open_booths(output)
    during = np.flatnonzero(output.extra.in_force[0])
    assert found.max() == 7.0 and found[:32].tolist() == [3.0] * 32 and found[60] == 3.0
    queue = output.bins[0, :96, types.QUEUE_END]
    above = np.flatnonzero(queue / 3.0 > 40.0)[0]  # end of the first quarter with so long a wait
    assert above + 2 <= during[0] <= above + 4  # a quarter of an hour of it, then half an hour
    assert queue[during[-1]] / 7.0 < 10.0 < queue[during[-1] - 1] / 7.0 + 3.0
    assert helpers.kinds(output)[types.CROSSED] == output.ledger[..., 0].sum()


def test_never_called():
    quiet = helpers.one([line()], emergency=[rule(wait_above_min=400)], behaviour=TICKS)
    assert quiet.extra.in_force.sum() == 0.0
    assert not helpers.different(quiet, helpers.one([line()], behaviour=TICKS))


def test_by_hand():
    by_hand = {"crossing": "a", "booths": 2, "from": helpers.at(9), "until": helpers.at(11.5)}
    output = helpers.one([line()], emergency=[by_hand], behaviour=TICKS)
    assert open_booths(output).tolist() == [3.0] * 36 + [5.0] * 10 + [3.0] * 50
    assert output.extra.in_force.sum() == 150.0


def test_within_its_dates_only():
    window = rule(**{"from": helpers.at(12), "until": helpers.at(13)})
    output = helpers.one([line([300] * 24)], emergency=[window], behaviour=TICKS)
    during = np.flatnonzero(output.extra.in_force[0])
    assert during.min() == 51 and during.max() == 51  # 12:00 + 15 + 30 min, until 13:00


def test_cargo_lanes_for_cars():
    """The trucks have two booths less meanwhile, never fewer than none; the cars have two more."""
    lines = [line(), line(100, 3, mode="truck")]
    helped = rule(booths=2, taken_from={"mode": "truck"})
    output = helpers.one(lines, emergency=[helped], behaviour=TICKS)
    cars, trucks = open_booths(output, 0), open_booths(output, 1)
    assert cars.max() == 5.0 and trucks.min() == 1.0
    assert (cars + trucks == 6.0).all()
    all_of_them = helpers.one(
        lines, emergency=[rule(booths=9, taken_from={"mode": "truck"})], behaviour=TICKS
    )
    assert open_booths(all_of_them, 1).min() == 0.0 and open_booths(all_of_them, 0).max() == 12.0


def test_a_closed_line_gets_nothing():
    closures = [{"crossing": "a", "from": helpers.at(10), "until": "2 h"}]
    by_hand = {"crossing": "a", "booths": 2, "from": helpers.at(9), "until": helpers.at(14)}
    output = helpers.one([line()], emergency=[by_hand], closures=closures, behaviour=TICKS)
    assert open_booths(output)[36:56].tolist() == [5.0] * 4 + [0.0] * 8 + [5.0] * 8


def test_longer_hours_by_hand_and_by_the_wait():
    crossings = [{"id": "a", "hours": "06:00-20:00"}]
    late = [20] * 18 + [300] * 2 + [30] * 4
    until = {"crossing": "a", "stay_open": True, "from": helpers.at(19), "until": helpers.at(22.5)}
    output = helpers.one([line(late)], crossings=crossings, emergency=[until], behaviour=TICKS)
    status = output.bins[0, :96, types.STATUS]
    assert np.flatnonzero(status == types.OPEN).tolist() == list(range(24, 90))
    usual = helpers.one([line(late)], crossings=crossings, behaviour=TICKS)
    assert output.bins[0, 80:90, types.ARRIVED].sum() > 50
    assert output.bins[0, 96:, types.STARTED].sum() < usual.bins[0, 96:, types.STARTED].sum()
    waits = {**rule(booths=1), "stay_open": True}
    called = helpers.one([line(late)], crossings=crossings, emergency=[waits], behaviour=TICKS)
    opened = np.flatnonzero(called.bins[0, :96, types.STATUS] == types.OPEN)
    assert 80 < opened.max() < 96
    assert (open_booths(called)[80 : opened.max()] == 4.0).all()


@pytest.mark.parametrize("service", [FIXED, SLOW])
@pytest.mark.parametrize("helped", [False, True])
def test_against_the_rule_written_a_second_time(service, helped):
    """Every wait of cars and trucks, with two rules."""
    rates = ([20] * 6 + [260] * 5 + [40] * 13, [100] * 24)
    if service is SLOW:
        rates = ([4] * 6 + [40] * 5 + [8] * 13, [20] * 24)
    lines = [line(rates[0], 3, service), line(rates[1], 4, service, mode="truck")]
    first = rule(taken_from={"mode": "truck"}, booths=3) if helped else rule(booths=3)
    second = rule(wait_above_min=70, until_below_min=35, lasting_min=0, delay_min=12, booths=2)
    case = helpers.case(lines, emergency=[first, second], behaviour=TICKS)
    built = helpers.built(case)
    [output] = helpers.run(case)
    begin = float(built.run.model.intervals.start[0])
    mean = float(built.run.model.flows.mean_service[0])
    cars, trucks = (booths.of_run(built, f) for f in range(2))
    if helped:
        cars.group = trucks.group = 0
    state = [{"rule": each, "since": None, "due": None, "on": False} for each in (first, second)]
    calls = 0

    def decide(now):
        nonlocal calls
        wait = cars.waiting(now) * mean / (cars.open or 3)
        for each in state:
            terms = each["rule"]
            if each["on"]:
                if wait < terms["until_below_min"]:
                    each.update(on=False, since=None, due=None)
                continue
            each["since"] = (
                None if wait <= terms["wait_above_min"] else now if each["since"] is None else each["since"]
            )
            lasted = each["since"] is not None and now - each["since"] >= terms["lasting_min"]
            if lasted and each["due"] is None:
                each["due"] = now + terms["delay_min"]
            if each["due"] is not None and each["due"] <= now:
                each["on"] = True
                calls += 1
        more = [terms["rule"]["booths"] if terms["on"] else 0 for terms in state]
        taken = more[0] if helped else 0
        return [3 + sum(more), max(0, 4 - taken)]

    last = int(output.used[0])
    booths.simulate([cars, trucks], [begin + 5.0 * k for k in range(3 * last)], decide)
    assert calls >= 2
    for f, one in enumerate((cars, trucks)):
        starts, joined = np.array(one.starts), np.array(one.joined[: len(one.starts)])
        rows = ((joined - begin) / 15.0).astype(int)
        found = output.bins[f]
        assert np.array_equal(np.bincount(rows, starts - joined, len(found)), found[:, types.WAIT_SUM])
    assert output.extra.in_force.sum() > 0


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"booths": 0}, "nothing-to-change"),
        ({"until_below_min": 50}, "waits-crossed"),
        ({"taken_from": {"mode": "bus"}}, "unknown-line"),
        ({"taken_from": {"crossing": "z"}}, "unknown-line"),
        ({"wait_above_min": None}, "nothing-to-change"),
    ],
)
def test_what_is_refused(given, code):
    fields = {name: value for name, value in rule(**given).items() if value is not None}
    with pytest.raises(ScenarioError) as raised:
        helpers.case([line()], emergency=[fields])
    assert code in [problem.code for problem in raised.value.problems]


def test_more_booths_than_can_be_simulated():
    with pytest.raises(ScenarioError) as raised:
        helpers.built(helpers.case([line(number=3000)], emergency=[rule(booths=2000)]))
    assert [problem.code for problem in raised.value.problems] == ["too-many-booths"]
