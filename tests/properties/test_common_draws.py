"""What is changed in one place leaves other places their draws, and mostly their outcomes."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine import helpers
from garita.engine import types
from properties import worlds

CROSSINGS = [crossing["id"] for crossing in worlds.CROSSINGS]


def of_crossing(case, name):
    """Positions of the lines of a crossing."""
    return [f for f, line in enumerate(helpers.lines(case)) if line.startswith(f"{name}:")]


@worlds.few(6)
@given(closure=worlds.closures(crossings=("north", "middle", "south"), least=600))
def test_a_closure_leaves_other_groups_alone(closure):
    """Although a road leads from the one to the other: people choose within their group."""
    case = worlds.case(closures=[closure])
    output = helpers.run(case)[0]
    for f in of_crossing(case, "island"):
        assert helpers.same_line(output, f, worlds.usual(), f)
    stations = [station.crossing for station in helpers.built(case).region.secondary]
    there = stations.index("island")
    assert output.secondary[there].tobytes() == worlds.usual().secondary[there].tobytes()


@worlds.few(6)
@given(closure=worlds.closures(crossings=("island",), least=600))
def test_and_the_other_way_round(closure):
    case = worlds.case(closures=[closure])
    output = helpers.run(case)[0]
    for name in CROSSINGS[:3]:
        for f in of_crossing(case, name):
            assert helpers.same_line(output, f, worlds.usual(), f)


def test_modes_do_not_meet():
    """People on foot do not feel that cars stand: they share neither booths nor secondary inspection here."""
    closures = [{"crossing": "all", "modes": ["car"], "from": helpers.at(9), "until": "4 h"}]
    case = worlds.case(closures=closures)
    output = helpers.run(case)[0]
    for f, line in enumerate(helpers.lines(case)):
        assert helpers.same_line(output, f, worlds.usual(), f) == (":pedestrian:" in line)


@worlds.few(6)
@given(hour=st.integers(0, 23), factor=st.sampled_from([0.0, 0.5, 1.01, 2.0]), f=st.integers(0, 9))
def test_one_hour_of_one_line(hour, factor, f):
    """Without choice another demand in one hour of a line touches no other line, and of its own only
    those who come in that hour or queue behind them."""
    behaviour = {"choice_rule": "none", "aftermath_drop": 0}
    flows = [{**flow, "referral": 0} for flow in worlds.flows()]
    before = helpers.case(**{**worlds.region(), "flows": flows, "behaviour": {**worlds.LOGIT, **behaviour}})
    rates = flows[f]["arrivals"]["per_hour"]
    rates = rates if isinstance(rates, list) else [rates] * 24
    changed = [factor * rate if h == hour else rate for h, rate in enumerate(rates)]
    flows[f] = {**flows[f], "arrivals": {"per_hour": changed}}
    after = helpers.case(**{**worlds.region(), "flows": flows, "behaviour": {**worlds.LOGIT, **behaviour}})
    first, second = helpers.run(before)[0], helpers.run(after)[0]
    changed_line = ":".join(
        (flows[f]["crossing"], "inbound", flows[f].get("mode", "car"), flows[f].get("lane_type", "standard"))
    )
    f = helpers.lines(after).index(changed_line)
    for g in range(len(flows)):
        assert g == f or helpers.same_line(first, g, second, g)
    if factor in (0.0, 2.0):
        assert not helpers.same_line(first, f, second, f)
    bins = np.arange(first.bins.shape[1]) // 4 != hour
    assert (first.bins[f, bins, types.ARRIVED] == second.bins[f, bins, types.ARRIVED]).all()
    earlier = slice(0, 4 * hour)
    assert (first.histogram[f, earlier] == second.histogram[f, earlier]).all()


def test_more_demand_keeps_the_parties_there_were():
    """The first of an hour stay the first of that hour: those who came anyway are the same parties."""
    outputs = [
        helpers.one([helpers.flow(per_hour=rate, booths=5, people_per_party=2.5)]) for rate in (100, 130)
    ]
    cases = [helpers.built(helpers.case([helpers.flow(per_hour=rate)])) for rate in (100, 130)]
    for hour in range(24):
        sizes = []
        for output, built in zip(outputs, cases, strict=True):
            flow_hours = built.run.model.flow_hours
            first = flow_hours.offset[0, hour]
            finals = output.finals[first : first + flow_hours.room[0, hour]]
            sizes.append((finals[finals > 0] >> 4) & 15)
        few, many = sizes
        assert len(few) <= len(many) and (few == many[: len(few)]).all()


def test_no_closure_and_a_closure_have_the_same_people_before_it():
    closures = [{"crossing": "north", "from": helpers.at(12), "until": "3 h"}]
    output, usual = helpers.run(worlds.case(closures=closures))[0], worlds.usual()
    # Waits are booked by time of joining, so those of people who still stand there at noon may differ.
    for field in (
        types.ARRIVED,
        types.ARRIVED_PEOPLE,
        types.STARTED,
        types.LEFT,
        types.OPEN_BOOTH_MIN,
        types.BUSY_BOOTH_MIN,
        types.QUEUE_END,
        types.PUBLISHED,
        types.STATUS,
    ):
        assert output.bins[:, :48, field].tobytes() == usual.bins[:, :48, field].tobytes()
