"""Holders of passes who may use other lanes choose by what they see."""

from __future__ import annotations

import numpy as np
import pytest

from engine import booths, helpers
from garita import runs
from garita.engine import types
from garita.errors import ScenarioError

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

FIXED = {"distribution": "deterministic", "mean": "60 s"}
SHORTER = {"lane_rule": "shorter", "tick_min": 5}
READY, SENTRI, STANDARD = 0, 1, 2  # in the order of their names


def three(ready=60, sentri=60, standard=60, numbers=(3, 2, 4), **more):
    rates = {"standard": (standard, numbers[2]), "ready": (ready, numbers[0]), "sentri": (sentri, numbers[1])}
    flows = [
        helpers.flow("a", rate, number, service=FIXED, lane_type=lane_type)
        for lane_type, (rate, number) in rates.items()
    ]
    return helpers.case(flows, **more)


def use(output):
    return output.extra.lane_use[..., 0]


def test_off_unless_asked_for():
    assert helpers.built(three()).run.extra is None


def test_nobody_changes_where_no_time_is_saved():
    quiet = helpers.run(three(behaviour=SHORTER))[0]
    assert (use(quiet) == np.diag(np.diag(use(quiet)))).all() and use(quiet).sum() > 4000
    assert not helpers.different(quiet, helpers.run(three(behaviour={"tick_min": 5}))[0])


def test_passes_work_downwards_only():
    """A crowded SENTRI lane sends its people to the others; nobody without the pass comes to it."""
    crowded = helpers.run(three(sentri=260, behaviour=SHORTER))[0]
    assert use(crowded)[SENTRI, [READY, STANDARD]].min() > 100
    assert use(crowded)[READY, SENTRI] == use(crowded)[STANDARD].sum() - use(crowded)[STANDARD, STANDARD] == 0
    other = helpers.run(three(standard=500, behaviour=SHORTER))[0]
    assert use(other)[STANDARD, [READY, SENTRI]].sum() == 0


def test_waits_differ_by_no_more_than_the_margin_and_what_a_look_misses():
    for margin in (5, 20):
        output = helpers.run(three(sentri=200, behaviour={**SHORTER, "lane_margin_min": margin}))[0]
        busy = slice(40, 96)
        waits = output.bins[:, busy, types.QUEUE_END] / np.array([3, 2, 4])[:, None]
        excess = waits[SENTRI] - np.minimum(waits[READY], waits[STANDARD])
        assert excess.max() < margin + 3.0 and excess.mean() > margin - 4.0


def test_final_outcomes_are_those_of_planned_lines():
    output = helpers.run(three(sentri=260, behaviour=SHORTER))[0]
    assert (use(output).sum(axis=1) == output.ledger[..., 0].sum(axis=(1, 2))).all()
    assert (use(output).sum(axis=0) == output.bins[..., types.ARRIVED].sum(axis=1)).all()
    assert output.balance[types.CROSSED] == output.balance.sum()
    assert (
        output.extra.lane_use[..., 1].sum(axis=0) == output.bins[..., types.ARRIVED_PEOPLE].sum(axis=1)
    ).all()


def test_a_closed_lane_is_left_for_another_that_is_open():
    closures = [{"crossing": "a", "lane_types": ["sentri"], "from": helpers.at(9), "until": "4 h"}]
    output = helpers.run(three(behaviour=SHORTER, closures=closures))[0]
    assert output.bins[SENTRI, 36:52, types.ARRIVED].sum() == 0
    assert use(output)[SENTRI, [READY, STANDARD]].sum() > 150
    everything = [{"crossing": "a", "from": helpers.at(9), "until": "4 h"}]
    output = helpers.run(three(behaviour=SHORTER, closures=everything))[0]
    assert output.bins[SENTRI, 36:52, types.ARRIVED].sum() > 150  # nowhere to go


def test_by_logit_shares_follow_the_waits():
    """With equal waits of nobody the chance is that of the margins alone."""
    behaviour = {"tick_min": 5, "lane_rule": "logit", "lane_margin_min": 10, "lane_coefficient": -0.1}
    output = helpers.run(three(60, 100, 60, (30, 30, 30), behaviour=behaviour))[0]
    shares = use(output)[SENTRI] / use(output)[SENTRI].sum()
    away = np.exp(-1.0)
    expected = np.array([away, 1.0, away]) / (1.0 + 2.0 * away)
    assert shares == pytest.approx(expected, abs=4.0 * (0.25 / use(output)[SENTRI].sum()) ** 0.5)
    ready = use(output)[READY] / use(output)[READY].sum()
    assert ready[SENTRI] == 0.0 and ready[STANDARD] == pytest.approx(away / (1.0 + away), abs=0.06)


@pytest.mark.parametrize("rates", [(60, 200, 100), (200, 100, 60), (150, 150, 300)])
def test_against_the_rule_written_a_second_time(rates):
    """Every wait of the three lanes: people by time, who look at queues as they were at the last tick."""
    case = three(*rates, behaviour={**SHORTER, "lane_margin_min": 7})
    built = helpers.built(case)
    [output] = helpers.run(case)
    begin = float(built.run.model.intervals.start[0])
    numbers, may = (3, 2, 4), {READY: [STANDARD], SENTRI: [READY, STANDARD], STANDARD: []}
    came = [booths.of_run(built, f) for f in range(3)]
    everybody = sorted(
        (time, f, service)
        for f, one in enumerate(came)
        for time, service in zip(one.joined, one.service, strict=True)
    )
    lines = [booths.Line([], []) for _ in range(3)]
    booths.staff(lines, numbers, begin)
    moved, tick, looked, since = 0, begin, [0.0] * 3, [0] * 3
    for time, f, service in everybody:
        while tick <= time:
            for line in lines:
                line.serve(tick)
            looked, since = [line.waiting(tick) / n for line, n in zip(lines, numbers, strict=True)], [0] * 3
            last, tick = tick, tick + 5.0
        # At the first look no booth is open yet: one is reckoned with, and nobody is served.
        first = last == begin
        each, gone = [1.0 if first else 1.0 / n for n in numbers], 0.0 if first else time - last
        waits = [max(0.0, looked[g] + since[g] * each[g] - gone) for g in range(3)]
        best = min(may[f], key=lambda g: waits[g], default=f)
        target = best if waits[f] > waits[best] + 7.0 else f
        moved += target != f
        since[target] += 1
        lines[target].joined.append(time)
        lines[target].service.append(service)
    for line in lines:
        line.serve(np.inf)
    assert moved == use(output).sum() - np.trace(use(output)) > 50
    for f, line in enumerate(lines):
        joined, starts = np.array(line.joined), np.array(line.starts)
        rows = ((joined - begin) / 15.0).astype(int)
        found = output.bins[f]
        assert np.array_equal(np.bincount(rows, starts - joined, len(found)), found[:, types.WAIT_SUM])


def test_what_is_refused():
    with pytest.raises(ScenarioError):
        three(behaviour={"lane_rule": "guess"})


def test_who_wants_to_see_it_has_planned_and_joined_lines_of_every_party():
    case = three(sentri=260, behaviour=SHORTER, replications=1)
    table = runs.run(case, record=["travellers"]).travellers
    names = helpers.lines(case)
    counted = np.zeros((3, 3), int)
    for planned, joined in zip(table["planned_line"], table["line"], strict=True):
        counted[names.index(planned), names.index(joined)] += 1
    assert (counted == use(helpers.run(case)[0])).all() and counted[SENTRI, READY] > 100
