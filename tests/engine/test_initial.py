"""Runs that begin with lines as they are seen: who stands there is a party like any other."""

from __future__ import annotations

import numpy as np
import pytest

import garita
from engine import event_list, helpers, independent
from engine.test_queues import books, who_comes
from garita import runs, scenario
from garita.build import Builder
from garita.engine import run_both, run_replication, types
from garita.errors import ScenarioError
from properties import worlds
from properties.test_conservation import check

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

LINE = "a:inbound:car:standard"
SERVICE = {"distribution": "lognormal", "mean": "40 s", "cv": 0.7}
OWN_HOUR = 1 << 31


def initial_services(built, number, seed):
    """Inspections of the initial parties, by the independent engine."""
    key = int(built.calendar.start[0]) // 60 + OWN_HOUR
    base = np.uint64(key << 32) | (np.arange(number, dtype=np.uint64) << np.uint64(8))
    word = independent.blocks((seed, 0), independent.hash_of(LINE), base)[1]
    half = ((word >> np.uint64(32)).astype(float) + 0.5) * 2.0**-32
    return independent.grains(independent.quantiles(built.run.model.service[0], half))


@pytest.mark.parametrize(
    ("entry", "number"),
    [
        ({"parties": 70}, 73),
        ({"parties": 70, "booths": 0}, 70),
        ({"parties": 0}, 0),
        ({"parties": 0, "booths": 2}, 2),
        ({"wait_min": 40}, 183),  # 40 minutes of 3 booths that take 40 s, and one in each
        ({"wait_min": 40, "booths": 6}, 366),
    ],
)
def test_party_by_party(entry, number):
    line = helpers.flow(per_hour=240, booths=3, service=SERVICE)
    case = helpers.case([line], initial=[{"crossing": "a", **entry}])
    built, output = helpers.built(case), helpers.run(case, 1, 5)[0]
    coming, origin = who_comes(built, 5, 0), built.calendar.start[0]
    joined = np.concatenate([np.full(number, origin), coming.joined])
    service = np.concatenate([initial_services(built, number, 5), coming.service])
    found = event_list.Line(joined, service, [(origin, 3)])
    expected, histogram = books(built, joined, found.start, service)
    for field, values in expected.items():
        assert (output.bins[0, :, field] == values).all(), field
    assert (output.histogram[0] == histogram).all()
    assert output.balance[types.CROSSED] == len(joined)
    assert np.count_nonzero(output.finals & 15) == len(joined)


def test_who_joins_now_waits_as_long_as_is_said():
    line = helpers.flow(per_hour=240, booths=20, lanes=20, service={"mean": "5 min"})
    case = helpers.case([line], initial=[{"crossing": "a", "wait_min": 60}])
    outputs = helpers.run(case, 30)
    waits = [output.bins[0, 0, types.WAIT_SUM] for output in outputs]
    came = [output.bins[0, 0, types.ARRIVED] for output in outputs]
    standing = 240.0 * 30.0  # those who stand there, one after another in an hour
    found = (np.mean(waits) - standing) / (np.mean(came) - 260.0)
    assert found == pytest.approx(60.0, rel=0.08)


FLOWS = [*worlds.rooms(worlds.flows(1.1))]
SEEN = [
    {"crossing": "north", "parties": 55},
    {"crossing": "south", "wait_min": 20, "lane_type": "ready"},
    {"crossing": "middle", "parties": 30, "mode": "pedestrian"},
    {"crossing": "island", "parties": 80},
]
CLOSURE = [{"crossing": "north", "from": helpers.at(1), "until": "4 h"}]


def world(rule="logit", **more):
    flows = [{**flow, **({"room": 90} if "room" in flow else {})} for flow in FLOWS]
    fields = {"closures": CLOSURE, "initial": SEEN, **more}
    return worlds.case(behaviour={"choice_rule": rule}, flows=flows, **fields)


@pytest.mark.parametrize("rule", ["logit", "threshold", "none"])
def test_people_are_conserved(rule):
    case = world(rule)
    for seed in (1, 2):
        check(case, helpers.run(case, 1, seed)[0])


@pytest.mark.parametrize("rule", ["logit", "none"])
def test_more_cuts_change_nothing(rule):
    idle = [{"crossing": "all", "from": helpers.at(hour), "until": "1 s", "factor": 1} for hour in (0.1, 1.3)]
    assert not helpers.different(helpers.run(world(rule))[0], helpers.run(world(rule, staffing=idle))[0])


def test_the_order_of_the_file_changes_nothing():
    assert not helpers.different(helpers.run(world())[0], helpers.run(world(initial=SEEN[::-1]))[0])


def test_nobody_elses_draws_change():
    """The same people come as when the lines begin empty."""
    with_queue = helpers.run(world("none", closures=[]))[0]
    without = helpers.run(world("none", closures=[], initial=[]))[0]
    more = (with_queue.bins - without.bins)[..., types.ARRIVED]
    assert more[:, 1:].any() == 0 and more[:, 0].sum() > 200
    counts = helpers.kinds(with_queue)
    assert sum(counts) == sum(helpers.kinds(without)) + more[:, 0].sum()


def test_two_histories_share_them():
    one, other = (helpers.built(case).run for case in (world(), world().without("closures")))
    for books_, run in zip(run_both(one, other, 3, 1), (one, other), strict=True):
        assert not helpers.different(books_, run_replication(run, 3, 1))


def test_they_are_recorded():
    case = world("none", closures=[])
    books_ = run_replication(Builder(case).build(case.resolve(0), record=("travellers",)).run, 1, 0)
    rows = books_.extra.travellers
    begin = helpers.built(case).calendar.start[0]
    first = rows[rows.planned == begin]
    assert len(first) > 200 and (first.joined == begin).all() and len(np.unique(first.tag)) == len(first)


def test_a_comparison_counts_them_once():
    with_closure, without = runs.run_pair(world(), replications=2)
    change = garita.compare(with_closure, without)
    assert len(change.summary()) > 0
    for outcome in (with_closure, without):
        table = outcome.waits
        at_first = table[table.bin_start_utc == table.bin_start_utc.min()]
        assert at_first.arrivals.sum() > 2 * 200


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"warm_up_days": 1}, "initial-warm-up"),
        ({"start": "2018-01-15 00:30"}, "initial-hour"),
        ({"initial": [{"crossing": "b", "parties": 1}]}, "unknown-line"),
        ({"initial": [{"crossing": "a", "parties": 1, "mode": "truck"}]}, "unknown-line"),
        ({"initial": [{"crossing": "a", "parties": 1}] * 2}, "initial-twice"),
        ({"initial": [{"crossing": "a"}]}, "nothing-to-change"),
        ({"initial": [{"crossing": "a", "parties": 1, "wait_min": 5}]}, "either-or"),
    ],
)
def test_refused(fields, code):
    fields = {"initial": [{"crossing": "a", "parties": 1}], **fields}
    with pytest.raises(ScenarioError) as refused:
        scenario.loads(helpers.text([helpers.flow()], **fields))
    assert code in [problem.code for problem in refused.value.problems]


def test_more_than_there_is_room_for():
    case = helpers.case([helpers.flow(room=20)], initial=[{"crossing": "a", "parties": 20}])
    with pytest.raises(ScenarioError, match="21 parties in the line"):
        helpers.built(case)
