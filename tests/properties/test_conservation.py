"""Nobody is lost, made up, or counted twice, whatever happens."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import helpers
from garita.engine import types
from properties import worlds


def check(case, output):
    """Every way of counting the same people agrees."""
    built = helpers.built(case)
    finals, ledger = output.finals, output.ledger
    kind, size, crossing = finals & 15, (finals >> 4) & 15, finals >> 8
    assert (kind < ledger.shape[1]).all()
    assert (size[kind > 0] > 0).all() and (finals[kind == 0] == 0).all()
    # the ledger, by planned line, kind and crossing, is the sum over parties
    offsets = built.run.model.flow_hours.offset
    for f, (first, end) in enumerate(itertools.pairwise([*offsets[:, 0], finals.size])):
        mine = slice(first, end)
        again = np.zeros_like(ledger[f])
        np.add.at(again, (kind[mine], crossing[mine], 0), kind[mine] > 0)
        people = output.extra.aboard[f] if output.extra is not None else np.arange(16)
        np.add.at(again, (kind[mine], crossing[mine], 1), people[size[mine]])
        assert (again == ledger[f]).all()
    parties = ledger[..., 0].sum(axis=(0, 2))
    assert (parties == output.balance).all() and parties[0] == 0
    # who joined a line started, left, or is still in one
    bins, gross = output.bins, output.gross[..., 0].sum(axis=0)
    done = [*range(types.CROSSED, types.CANCELLED), *range(types.KINDS, ledger.shape[1])]
    crossed = parties[done].sum()
    assert bins[..., types.STARTED].sum() == bins[..., types.WAITED].sum() == crossed
    assert bins[..., types.STARTED_PEOPLE].sum() == ledger[:, done, :, 1].sum()
    before_the_port = output.extra.nodes.inside.sum() if output.extra is not None else 0
    waiting = parties[types.WAITING] - before_the_port
    assert bins[..., types.ARRIVED].sum() == crossed + bins[..., types.LEFT].sum() + waiting
    assert output.histogram.sum() == crossed
    # decisions and their ends
    assert gross[types.CANCELLED_AT_DEPARTURE] == parties[types.CANCELLED]
    assert gross[types.GAVE_UP_IN_QUEUE] == parties[types.GAVE_UP]
    diverted = gross[types.DIVERTED_AT_DEPARTURE] + gross[types.DIVERTED_FROM_QUEUE]
    assert diverted == output.diverted[..., 0].sum() and (np.diagonal(output.diverted) == 0).all()
    later = parties[types.CROSSED_LATER] + parties[types.CROSSED_ELSEWHERE_LATER]
    assert later <= gross[types.LATER_AT_DEPARTURE] + gross[types.LATER_FROM_QUEUE]
    for f, line in enumerate(built.region.lines):
        here = [place.id for place in built.region.crossings].index(line.crossing)
        elsewhere = np.arange(ledger.shape[2]) != here
        assert ledger[f, [types.CROSSED, types.CROSSED_LATER]][:, elsewhere].sum() == 0
        assert ledger[f, [types.CROSSED_ELSEWHERE, types.CROSSED_ELSEWHERE_LATER], here].sum() == 0
    # lines: arrived less started less left, summed up, is what stands there
    standing = np.cumsum(bins[..., types.ARRIVED] - bins[..., types.STARTED] - bins[..., types.LEFT], axis=1)
    assert (standing >= 0).all()
    written = last_written(output)
    assert (standing[:, :written] == bins[:, :written, types.QUEUE_END]).all()
    if output.extra is not None:  # nobody is turned away or loses patience without leaving a line
        assert (output.extra.unserved.sum(axis=2) <= bins[..., types.LEFT]).all()
    littles_law(bins, standing)
    # waits
    assert (bins[..., types.WAIT_SUM] <= bins[..., types.WAIT_MAX] * bins[..., types.WAITED] + 1e-9).all()
    assert (bins[..., types.WAIT_MAX] <= bins[..., types.WAIT_SUM] + 1e-9).all()
    referred = output.secondary[:, 0].sum() + output.secondary[:, 3].sum()
    assert referred <= crossed
    return parties


def littles_law(bins, standing):
    """Queue times time is the sum of waits, in every line of every run.

    Between two looks, a quarter of an hour apart, a queue is no shorter than what was there less who has gone
    since, and no longer than that and who has come: so much is the integral known, whatever happened between.
    """
    before = np.pad(standing, ((0, 0), (1, 0)))[:, :-1]
    came = bins[..., types.ARRIVED]
    went = bins[..., types.STARTED] + bins[..., types.LEFT]
    least = np.maximum(np.maximum(before - went, standing - came), 0.0).sum(axis=1) * types.BIN_MINUTES
    most = np.minimum(before + came, standing + went).sum(axis=1) * types.BIN_MINUTES
    waited = bins[..., types.WAIT_SUM].sum(axis=1)
    assert (waited <= most + 1e-6).all()
    all_served = (bins[..., types.LEFT].sum(axis=1) == 0) & (standing[:, -1] == 0)
    assert (waited >= least - 1e-6)[all_served].all()


def last_written(output):
    """Bins before the run was over: after that nothing is written."""
    open_booths = output.bins[..., types.OPEN_BOOTH_MIN].sum(axis=0)
    return int(np.flatnonzero(open_booths).max()) if open_booths.any() else 0


@pytest.mark.slow
@worlds.few(7)
@given(
    closures=st.lists(worlds.closures(), max_size=3),
    seed=st.integers(0, 2**53 - 1),
    scale=st.sampled_from([0.3, 1.0, 1.4]),
    rule=st.sampled_from(["logit", "logit", "threshold", "none"]),
    rooms=st.booleans(),
    stations=st.booleans(),
    feature=worlds.features,
)
def test_people_are_conserved(closures, seed, scale, rule, rooms, stations, feature):
    flows = worlds.rooms(worlds.flows(scale)) if rooms else worlds.flows(scale)
    case = worlds.case(
        behaviour={"choice_rule": rule, **(feature if rule == "logit" else {})},
        flows=flows,
        closures=closures,
        stations=worlds.stations() if stations else [],
    )
    check(case, helpers.run(case, 1, seed)[0])


@pytest.mark.slow
@worlds.few(6)
@given(
    closures=st.lists(worlds.closures(), max_size=3),
    seed=st.integers(0, 2**53 - 1),
    rule=st.sampled_from(["logit", "logit", "threshold", "none"]),
    feature=worlds.features,
)
def test_people_of_buses_are_conserved(closures, seed, rule, feature):
    """Whoever comes by bus walks through inspection, or waits for it at the end of the run."""
    behaviour = {"choice_rule": rule, **(feature if rule == "logit" else {})}
    case = worlds.case(behaviour=behaviour, flows=worlds.buses(worlds.flows()), closures=closures)
    output = helpers.run(case, 1, seed)[0]
    check(case, output)
    halls, books = output.extra.halls, output.extra.station_books.sum(axis=1)
    came = output.bins[halls.line, :, types.STARTED_PEOPLE].sum(axis=1)
    assert (came == books[:, types.STATION_STARTED] + halls.people).all() and (came > 300).all()
    assert (books[:, types.STATION_ARRIVED] == came).all()


def test_people_are_conserved_when_all_closes_for_good():
    closures = [{"crossing": "all", "from": helpers.at(9), "until": "for good"}]
    case = worlds.case(closures=closures)
    parties = check(case, helpers.run(case)[0])
    assert (
        parties[types.WAITING] + parties[types.ON_THE_WAY] + parties[types.GAVE_UP] + parties[types.CANCELLED]
        > 500
    )


def test_people_are_conserved_when_nobody_can_be_served():
    """No booths at all: everybody is there in the end."""
    case = helpers.case([helpers.flow(per_hour=30, booths=0)])
    parties = check(case, helpers.run(case)[0])
    assert parties[types.WAITING] == parties.sum() > 500


@pytest.mark.slow
def test_people_are_conserved_who_wait_before_the_port():
    """Nobody is let through an inspection before the port: everybody waits there in the end."""
    zone = {"name": "zone", "crossing": "a", "place": "before", "places": 0, "service": {"mean": "1 min"}}
    case = helpers.case([helpers.flow(per_hour=30)], stations=[zone])
    output = helpers.run(case)[0]
    parties = check(case, output)
    assert parties[types.WAITING] == parties.sum() == output.extra.nodes.inside.sum() > 500


def test_nobody_comes():
    case = helpers.case([helpers.flow(per_hour=0)])
    assert check(case, helpers.run(case)[0]).sum() == 0
