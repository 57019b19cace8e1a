"""With and without a closure, what they share simulated once: the same bits as two runs."""

from __future__ import annotations

import pytest

from engine import helpers
from garita.build import Builder
from garita.engine import run_both, run_replication
from garita.engine.run import _shared
from properties import worlds

CLOSURES = {
    "afternoon": [{"crossing": "north", "from": helpers.at(13), "until": "4 h"}],
    "night": [{"crossing": "all", "from": helpers.at(2.25), "until": "3 h"}],
    "late": [{"crossing": "south", "from": helpers.at(23.5), "until": "6 h"}],
    "exempt": [{"crossing": "south", "from": helpers.at(9), "until": "2 h", "exempt": ["citizens"]}],
    "announced": [{"crossing": "north", "from": helpers.at(13), "until": "4 h", "notice": "6 h"}],
    "part": [{"crossing": "north", "from": helpers.at(7), "until": "4 h", "share": 0.5}],
}


def both(closures, rule="logit", flows=None, **behaviour):
    """The runs with and without closures, and how many intervals they share."""
    behaviour = {"choice_rule": rule, **behaviour}
    case = worlds.case(behaviour=behaviour, flows=flows or worlds.flows(), closures=closures)
    runs = [helpers.built(one).run for one in (case, case.without("closures"))]
    return *runs, _shared(*runs)


def pair(case):
    """The runs with and without closures and what the event brings, each knowing of the other."""
    less, builder = case.without("closures"), Builder(case)
    resolved = case.resolve(0), less.resolve(0)
    return builder.build(*resolved).run, builder.of_variant(less).build(*resolved[::-1]).run


def same(one, other):
    arrays = ((*books, *(books.extra or ())) for books in (one, other))
    return all(a.tobytes() == b.tobytes() for a, b in zip(*arrays, strict=True))


@pytest.mark.parametrize("rule", ["logit", "threshold", "none"])
@pytest.mark.parametrize("name", CLOSURES)
def test_the_same_bits_as_two_runs(name, rule):
    one, other, shared = both(CLOSURES[name], rule)
    assert 0 < shared < len(one.model.intervals)
    found = list(run_both(one, other, 3, 1))
    assert same(found[0], run_replication(one, 3, 1))
    assert same(found[1], run_replication(other, 3, 1))
    if name != "late":
        assert not same(*found)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["afternoon", "exempt"])
def test_nor_does_it_matter_where_rooms_are_bounded(name):
    one, other, shared = both(CLOSURES[name], flows=worlds.rooms(worlds.flows(1.2)))
    assert 0 < shared < len(one.model.intervals)
    found = list(run_both(one, other, 3, 1))
    assert same(found[0], run_replication(one, 3, 1)) and same(found[1], run_replication(other, 3, 1))
    assert found[1].extra.unserved.sum() > 100 and not same(*found)


@pytest.mark.slow
@pytest.mark.parametrize("feature", [*worlds.FEATURES, "everything"])
@pytest.mark.parametrize("name", ["afternoon", "announced"])
def test_with_features_too(name, feature):
    behaviour = worlds.everything() if feature == "everything" else worlds.FEATURES[feature]
    one, other, shared = both(CLOSURES[name], **behaviour)
    assert 0 < shared < len(one.model.intervals)
    found = list(run_both(one, other, 3, 1))
    assert same(found[0], run_replication(one, 3, 1))
    assert same(found[1], run_replication(other, 3, 1))
    assert not same(*found)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["afternoon", "exempt"])
def test_with_stations_that_hold_one_another_up(name):
    """Both variants have the same stations; one that only the event brings is never there in the other."""
    flows = worlds.rooms(worlds.flows())
    one, other = pair(worlds.case(stations=worlds.stations(), flows=flows, closures=CLOSURES[name]))
    shared = _shared(one, other)
    assert 0 < shared < len(one.model.intervals)
    found = list(run_both(one, other, 3, 1))
    for output, run in zip(found, (one, other), strict=True):
        again = run_replication(run, 3, 1)
        assert same(output, again)
    assert not same(*found)


@pytest.mark.slow
def test_an_inspection_that_the_event_brings_is_left_out_of_the_comparison():
    case = worlds.case(stations=worlds.stations())
    run, beside = pair(case)
    shared = _shared(run, beside)
    before = 60.0 * 6.4 - (run.model.intervals.start[shared] - run.model.intervals.start[0])
    assert 0.0 <= before <= worlds.LOGIT["tick_min"]
    found = list(run_both(run, beside, 3, 1))
    assert same(found[0], run_replication(run, 3, 1))
    alone = run_replication(helpers.built(case.without("closures")).run, 3, 1)
    assert not helpers.different(found[1], alone)
    assert not same(*found)


@pytest.mark.slow
def test_an_inspection_that_the_event_brings_from_the_beginning_shares_nothing():
    gate = {"name": "gate", "crossing": "a", "place": "after", "places": 1, "service": {"mean": "9 s"}}
    run, beside = pair(helpers.case([helpers.flow()], stations=[{**gate, "event": True}]))
    assert _shared(run, beside) == 0
    found = list(run_both(run, beside, 3, 1))
    assert same(found[0], run_replication(run, 3, 1)) and not same(*found)


def test_queues_that_outgrow_their_room_are_run_again():
    one, other, _ = both(CLOSURES["afternoon"])
    one.room = other.room = 16
    found = list(run_both(one, other, 3, 1))
    assert one.room > 16
    assert same(found[0], run_replication(one, 3, 1)) and same(found[1], run_replication(other, 3, 1))


def test_what_differs_from_the_beginning_shares_nothing():
    """Demand that changes gives every later party another place in the books."""
    case = worlds.case(closures=CLOSURES["afternoon"])
    more = {"crossing": "north", "from": helpers.at(20), "until": helpers.at(21), "factor": 2}
    runs = [helpers.built(one).run for one in (case, worlds.case(demand=[more]))]
    assert _shared(*runs) == 0
    found = list(run_both(*runs, 3, 1))
    assert same(found[0], run_replication(runs[0], 3, 1)) and same(found[1], run_replication(runs[1], 3, 1))


def test_nothing_closed_shares_everything_but_the_emptying():
    one, other, shared = both([])
    assert one.model.intervals.hour[shared] == one.demand_hours
    found = list(run_both(one, other, 3, 1))
    assert same(*found) and same(found[0], run_replication(one, 3, 1))
