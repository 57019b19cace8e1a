"""Whatever the network: nobody is lost, nobody is beyond a hard capacity, and the bits depend on seed
alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.journey_nets import network, people
from garita.engine import journey_types as types
from garita.engine.journeys import travel

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

BOTH = pytest.mark.parametrize("rules", ["flee3", "garita"])
STEPS = 12


@st.composite
def networks(draw, rules="garita"):
    """Random networks with closures, camps that open and close, arrivals, sinks and forced links."""
    places = draw(st.integers(2, 7))
    ends = st.tuples(
        st.integers(0, places - 1), st.integers(0, places - 1), st.sampled_from([1, 90, 180, 360, 777])
    )
    found = draw(st.lists(ends.filter(lambda ends: ends[0] != ends[1]), min_size=1, max_size=12))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    links = 2 * len(found)
    camp = (rng.random((STEPS, places)) < 0.4).astype(np.uint8)
    switches = {
        switch: draw(st.integers(0, 1))
        for switch in (types.AVOID_SHORT_STINTS, types.START_ON_FOOT, types.TAKE_FROM_POPULATION)
    }
    if rules == "garita":
        switches[types.SHORTEST_ONLY] = draw(st.integers(0, 1))
    return network(
        places,
        found,
        STEPS,
        rules=rules,
        awareness=draw(st.integers(1, 3)),
        switches=switches,
        settings={types.TURN_BACK: 0.3},
        open=rng.random((STEPS, links)) < draw(st.sampled_from([1.0, 0.8])),
        forced=(rng.random((STEPS, links)) < 0.1) & (rules == "garita"),
        chance=rng.choice([0, 0.3, 1], (STEPS, places)),
        score=rng.choice([0.1, 1, 2], places),
        camp=camp,
        town=1 - camp,
        hard=rng.random(places) < 0.7,
        capacity=rng.choice([0, 5, 40], places),
        initial=rng.integers(0, 50, places),
        fixed=rng.integers(0, 4, (STEPS, places)),
        mean=rng.choice([0.0, 2.5], places),
        shared=rng.integers(0, 20, STEPS),
        share=rng.random(places),
        population=rng.integers(0, 100, places),
        gone_chance=rng.choice([0, 0.2], places),
        walk_chance=rng.choice([0, 0.5], links),
    )


def check(net, journal):
    for step in range(STEPS):
        there = people(journal)[step]
        assert there == journal.set_out[step] - journal.left[step]
    assert (np.diff(journal.set_out) >= 0).all()
    assert min(book.min() for book in journal) >= 0


@settings(max_examples=60)
@given(networks())
def test_our_rule_loses_nobody_and_keeps_capacities(net):
    journal = travel(net, 1, 0, "garita")
    check(net, journal)
    limited = (net.hard > 0) & (net.capacity >= 1) & (net.camp > 0)
    assert (journal.inside[limited] <= np.broadcast_to(net.capacity, limited.shape)[limited]).all()
    assert journal.outside[~limited].sum() == 0
    assert (journal.at_border[:, :] * net.open == 0).all()


@settings(max_examples=40)
@given(networks(rules="flee3"))
def test_the_rule_of_flee_loses_nobody(net):
    journal = travel(net, 1, 0, "flee3")
    check(net, journal)
    assert journal.outside.sum() == journal.at_border.sum() == 0


def some_network():
    return network(
        4, [(0, 1, 100), (1, 2, 400), (2, 3, 90), (0, 3, 800)], 30, awareness=2, chance=[1, 0.3, 0.3, 0.01],
        initial=[3000, 0, 0, 0], fixed=[20, 0, 0, 0], capacity=[0, 0, 0, 500], camp=[0, 0, 0, 1],
        hard=[0, 0, 0, 1],
        settings={types.TURN_BACK: 0.3, types.SOFTENING: 10},
    )  # fmt: skip


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@BOTH
def test_the_same_seed_gives_the_same_bits_for_any_number_of_workers(rules):
    net = some_network()
    alone = [travel(net, 5, replication, rules) for replication in range(6)]
    for workers in (1, 2, 5):
        with ThreadPoolExecutor(workers) as pool:
            again = pool.map(lambda replication: travel(net, 5, replication, rules), range(6))
            assert all(map(same, alone, again))
    assert not same(alone[0], alone[1])
    assert not same(alone[0], travel(net, 6, 0, rules))


@BOTH
def test_who_comes_from_elsewhere_changes_nobodys_luck(rules):
    """More people from an island change nothing for the others: draws are keyed by origin, day and
    ordinal."""
    net = network(4, [(0, 1, 100), (2, 3, 100)], 5, rules=rules, chance=0.5, initial=[500, 0, 0, 0], town=0)
    more = net._replace(initial=np.array([500, 0, 700, 0]))
    one, other = travel(net, 3, 0, rules), travel(more, 3, 0, rules)
    assert np.array_equal(one.inside[:, :2], other.inside[:, :2])
    assert other.inside[0, 3] > 0
