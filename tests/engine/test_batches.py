"""Buses: vehicles wait in their line, and their people walk through inspection."""

from __future__ import annotations

import numpy as np
import pytest
import simpy

from engine import helpers, independent
from garita.engine import run_both, run_replication, types
from garita.engine.run import _shared
from garita.errors import ScenarioError
from garita.outcomes.transitions import pair
from garita.runs.axes import layout

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

SEED = 7
WALKER = 97
STEP = 0x9E3779B97F4A7C15
BUS, FOOT = "a:inbound:bus:standard", "a:inbound:pedestrian:standard"
ERLANG = {"distribution": "erlang", "mean": "90 s", "shape": 2}
LONG = {"distribution": "lognormal", "mean": "12 min", "cv": 0.8}
OWN = {"booths": 3, "service": ERLANG}
SECONDARY = [{"crossing": "a", "places": 2, "modes": ["bus"], "service": {"mean": "20 min"}}]


def flows(walk_through, on_foot=60, buses=4, places=2, people=24, **bus):
    """People on foot at three booths, and buses."""
    bus = {"mode": "bus", "people_per_party": people, "service": LONG, "walk_through": walk_through, **bus}
    return [
        helpers.flow(per_hour=on_foot, booths=4, mode="pedestrian", service=ERLANG),
        helpers.flow(per_hour=buses, booths=places, **bus),
    ]


def second_model(case, way):
    """The same in SimPy with the same draws; returns waits of people on foot, of buses, of their people, when
    each bus drove on, and the people of each bus.
    """
    built = helpers.built(case)
    region, model = built.region, built.run.model
    begin = model.intervals[0].start
    parties, sizes = {}, np.zeros(0)
    for f, line in enumerate(region.lines):
        rates = [float(model.flow_hours[f, hour].rate) for hour in range(24)]
        parties[line.id] = independent.parties(line.id, SEED, 0, rates, begin, model.service[f])
    bus = parties[BUS]
    seconds = (bus.hour_key.astype(np.uint64) << np.uint64(32)) | (
        bus.ordinal.astype(np.uint64) << np.uint64(8)
    )
    more = independent.blocks((SEED, 0), independent.hash_of(BUS), seconds | np.uint64(1))[1]
    share = (more & np.uint64(0xFFFF)).astype(float) / 65536.0
    classes = np.minimum(15, 1 + np.floor(share * 15)).astype(int)
    extra = built.run.extra
    sizes = extra.aboard[extra.halls.line[0]][classes]
    table, most = extra.hall_service[0], int(sizes.max())
    minutes = np.zeros((len(sizes), most + 4))
    for block in range(most // 4 + 1):
        key = (independent.hash_of(BUS) + (block + 1) * STEP) % 2**64
        words = independent.blocks((SEED, 0), key, seconds | np.uint64(WALKER))
        for k in range(4):
            half = words[k // 2] >> np.uint64(32) if k % 2 == 0 else words[k // 2] & np.uint64(0xFFFFFFFF)
            u = (half.astype(float) + 0.5) * 2.0**-32
            minutes[:, 4 * block + k] = independent.grains(independent.quantiles(table, u))
    port = simpy.Environment(initial_time=begin)
    line = {one.id: one for one in region.lines}
    places = simpy.Resource(port, int(line[BUS].booths))
    own = "booths" in way
    own_booths = simpy.Resource(port, way["booths"]) if own else None
    foot_booths = simpy.Resource(port, int(line[FOOT].booths))
    booths = own_booths if own else foot_booths
    waits = {"foot": [], "bus": [], "people": []}
    drove_on = {}

    def pedestrian(i):
        yield port.timeout(parties[FOOT].joined[i] - port.now)
        with foot_booths.request() as turn:
            yield turn
            waits["foot"].append(port.now - parties[FOOT].joined[i])
            yield port.timeout(parties[FOOT].service[i])

    def person(spans):
        joined = port.now
        with booths.request() as turn:
            yield turn
            waits["people"] += [port.now - joined] * len(spans)
            yield port.timeout(spans.sum())

    def of_bus(i):
        yield port.timeout(bus.joined[i] - port.now)
        with places.request() as turn:
            yield turn
            waits["bus"].append(port.now - bus.joined[i])
            vehicle = port.timeout(bus.service[i])
            yield port.timeout(way.get("walk", 0))
            spans = minutes[i, : sizes[i]]
            groups = [spans] if way.get("together") else [spans[k : k + 1] for k in range(len(spans))]
            yield simpy.AllOf(port, [vehicle, *(port.process(person(group)) for group in groups)])
            drove_on[i] = port.now

    for i in range(len(parties[FOOT].joined)):
        port.process(pedestrian(i))
    for i in range(len(bus.joined)):
        port.process(of_bus(i))
    port.run()
    return waits, bus, drove_on, sizes


WAYS = {
    "booths of a line on foot": {"booths_of": "standard"},
    "a way to walk": {"booths_of": "standard", "walk": 4},
    "together": {"booths_of": "standard", "together": True},
    "booths of their own": OWN,
    "together at their own": {**OWN, "together": True, "walk": 2},
}


@pytest.mark.parametrize("places", [1, 3])
@pytest.mark.parametrize("name", WAYS)
def test_the_same_waits_as_a_second_model(name, places):
    way = WAYS[name]
    case = helpers.case(flows(way, places=places), seed=SEED)
    output = helpers.run(case, seed=SEED)[0]
    waits, bus, drove_on, sizes = second_model(case, way)
    b, foot = helpers.lines(case).index(BUS), helpers.lines(case).index(FOOT)
    assert helpers.total(output, types.WAITED, b) == len(waits["bus"]) > 70
    assert helpers.total(output, types.WAIT_SUM, b) == sum(waits["bus"])
    assert helpers.total(output, types.WAIT_SUM, foot) == sum(waits["foot"])
    assert helpers.total(output, types.STARTED_PEOPLE, b) == sizes.sum()
    book = output.extra.station_books[0].sum(axis=0)
    assert book[types.STATION_ARRIVED] == book[types.STATION_STARTED] == sizes.sum() == len(waits["people"])
    assert book[types.STATION_WAIT_SUM] == sum(waits["people"])
    at_port = sum(drove_on.values()) - sum(bus.joined) - sum(waits["bus"])
    assert helpers.total(output, types.INSPECTION_SUM, b) == at_port
    assert sum(waits["bus"]) > 60.0 and (sum(waits["people"]) > 1000.0 or "together" in way)


def test_sizes_of_buses():
    """Whole numbers with the mean of the line; their spread is that of a Poisson number of others."""
    for people in (1, 3, 24, 41.5, 100):
        extra = helpers.built(helpers.case(flows(OWN, people=people))).run.extra
        aboard = extra.aboard[extra.halls.line[0], 1:]
        assert aboard.min() >= 1 and abs(aboard.mean() - people) <= 1 / 15
        assert abs(aboard.std() - np.sqrt(people - 1)) < 0.06 * np.sqrt(people) + 0.3
    foot = extra.aboard[helpers.lines(helpers.case(flows(OWN))).index(FOOT)]
    assert foot.tolist() == list(range(16))


def test_booths_that_are_shut_keep_buses_in_their_places():
    """Nobody inspects at night: the people wait, no bus leaves its place, and all are through in the end."""
    way = {"booths": [0] * 6 + [4] * 18, "service": ERLANG}
    case = helpers.case(flows(way, referral=0.5), secondary=SECONDARY)
    output = helpers.run(case)[0]
    bus = helpers.lines(case).index(BUS)
    started = output.bins[bus, :, types.STARTED]
    assert started[:24].sum() == 2 and started[24:].sum() > 60
    book = output.extra.station_books[0]
    assert book[:24, types.STATION_STARTED].sum() == 0 < book[24, types.STATION_STARTED]
    assert book[:, types.STATION_STARTED].sum() == output.bins[bus, :, types.STARTED_PEOPLE].sum()
    assert book[23, types.STATION_QUEUE_END] == book[:24, types.STATION_ARRIVED].sum()
    assert output.balance[types.CROSSED] == output.balance.sum()
    assert 0.3 < output.secondary[0, 0] / started.sum() < 0.7


def test_a_closed_line_on_foot_holds_up_the_buses_whose_people_use_it():
    closed = {"crossing": "a", "modes": ["pedestrian"], "from": helpers.at(9), "until": "3 h"}
    case = helpers.case(flows({"booths_of": "standard"}), closures=[closed])
    output = helpers.run(case)[0]
    started = output.bins[helpers.lines(case).index(BUS), :, types.STARTED]
    assert started[37:48].sum() <= 2 and started[49:60].sum() > 4
    assert output.extra.station_books[0, 37:48, types.STATION_STARTED].sum() == 0


def test_people_on_foot_see_the_people_of_buses():
    behaviour = {"publication_every_min": 15, "publication_age_min": 0, "publication_round_min": 0}
    behaviour |= {"access_min": 0, "tick_min": 5}
    case = helpers.case(flows({"booths_of": "standard"}, on_foot=20, buses=3), behaviour=behaviour)
    output = helpers.run(case)[0]
    foot = output.bins[helpers.lines(case).index(FOOT), 8:90]
    people = output.extra.station_books[0, 8:90, types.STATION_QUEUE_END]
    each = 1.5 / 4.0
    assert (foot[:, types.PUBLISHED] >= each * people - 1e-6).mean() > 0.6 and people.max() > 30


def test_people_of_buses_in_the_comparison_of_two_variants():
    """Every bus has one outcome in either variant, and its people are counted as they are."""
    closed = {"crossing": "a", "modes": ["bus"], "from": helpers.at(9), "until": "for good"}
    line = flows({"booths_of": "standard"})
    case = helpers.case(line, closures=[closed])
    with_closure, without = (helpers.built(one) for one in (case, case.without("closures")))
    assert _shared(with_closure.run, without.run) > 10
    both = list(run_both(with_closure.run, without.run, SEED, 0))
    for found, one in zip(both, (with_closure, without), strict=True):  # what they share is simulated once
        alone = run_replication(one.run, SEED, 0)
        assert not helpers.different(found, alone)
        assert (found.extra.station_books == alone.extra.station_books).all()
    axes = layout(case, with_closure, "scenario", 1)
    closures = with_closure.closures
    found = pair(axes, closures, both[1].finals, both[0].finals, with_closure.offsets)
    parties = found.joint[..., 0].sum() - found.joint[types.NONE, types.NONE, 0]
    assert parties == both[0].balance.sum()
    for output, axis in ((both[1], 1), (both[0], 0)):
        people = found.joint[..., 1].sum(axis=axis)
        ledger = output.ledger[..., 1].sum(axis=0).reshape(-1)
        assert (people[types.CROSSED] == ledger[types.CROSSED]) and people.sum() == ledger.sum()
    [affected] = found.affected.values()
    assert affected[types.WAITING].tolist() == [affected[:, 0].sum(), affected[:, 1].sum()]
    assert 20 < affected[types.WAITING][1] / affected[types.WAITING][0] < 28


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"mode": "car"}, "walk-through-not-bus"),
        ({"walk_through": {"booths": 2}}, "walk-through-booths"),
        ({"walk_through": {**OWN, "booths_of": "standard"}}, "walk-through-booths"),
        ({"walk_through": {"booths_of": "sentri"}}, "walk-through-nowhere"),
        ({"walk_through": None}, "party-of-many"),
        ({"people_per_party": 120}, "out-of-range"),
        ({"people_per_party": {"range": [20, 30]}}, "people-of-buses"),
        ({"room": 5}, "walk-through-with-others"),
        ({"lanes": 1, "booths_per_lane": 2, "tandem": True}, "walk-through-with-others"),
        ({"patience": {"mean": "30 min"}}, "walk-through-patience"),
    ],
)
def test_what_cannot_be_said_is_refused(change, code):
    foot, bus = flows({"booths_of": "standard"})
    with pytest.raises(ScenarioError) as caught:
        helpers.built(helpers.case([foot, {**bus, **change}]))
    assert code in [problem.code for problem in caught.value.problems]
    assert all(problem.remedy for problem in caught.value.problems)


def test_two_lines_of_buses_need_booths_of_their_own():
    foot, bus = flows({"booths_of": "standard"})
    zone = {"name": "zone", "crossing": "a", "place": "before", "places": 2, "service": ERLANG}
    for lines, more, code in (
        ([foot, bus, {**bus, "lane_type": "ready"}], {}, "walk-through-twice"),
        ([foot, bus], {"stations": [{**zone, "modes": ["pedestrian"]}]}, "walk-through-with-others"),
        ([{**foot, "room": 9}, bus], {}, "walk-through-with-others"),
    ):
        with pytest.raises(ScenarioError) as caught:
            helpers.built(helpers.case(lines, **more))
        assert [problem.code for problem in caught.value.problems] == [code]
    both = [foot, bus, {**bus, "lane_type": "ready", "walk_through": OWN}]
    output = helpers.run(helpers.case(both))[0]
    assert (output.extra.station_books[:, :, types.STATION_STARTED].sum(axis=1) > 500).all()
