"""Inspections before the port and after primary, with full stations that hold up the ones before them."""

from __future__ import annotations

import numpy as np
import pytest

from engine import chains, helpers, independent
from garita.engine import types

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

SEED = 7
EXPONENTIAL = {"distribution": "exponential", "mean": "40 s"}
FLOWS = [
    helpers.flow(per_hour=100, booths=2, service=EXPONENTIAL),
    helpers.flow(per_hour=50, booths=1, lane_type="ready", referral=0.2, service=EXPONENTIAL),
]
SECONDARY = [
    {"crossing": "a", "places": 2, "service": {"distribution": "lognormal", "mean": "8 min", "cv": 0.6}}
]


def station(name, place, seconds, places, **more):
    """An inspection at crossing a."""
    service = {"distribution": "erlang", "mean": f"{seconds} s", "shape": 2}
    return {"name": name, "crossing": "a", "place": place, "places": places, "service": service, **more}


EXIT = station("exit", "after", 70, 3, room=4)
GATE = station("gate", "after", 60, 3, room=1, order=2)
ZONE = station("zone", "before", 40, 2, room_behind=3)
EXPORT = station("export", "before", 30, 2, order=0)
NARROW = {**ZONE, "room": 2}

PLAZAS = {
    "after": [EXIT],
    "no room at all": [{**EXIT, "room": 0}],
    "two after": [EXIT, GATE],
    "before": [ZONE],
    "two before": [EXPORT, NARROW],
    "before and after": [EXPORT, NARROW, EXIT, GATE],
    "some": [{**EXIT, "share": 0.8, "room": 0}, {**ZONE, "share": 0.7, "room_behind": None}],
    "one line": [{**EXIT, "lane_types": ["ready"]}, {**NARROW, "room": None, "lane_types": ["standard"]}],
    "unlimited": [{**EXIT, "room": None}, EXPORT],
}


def second_model(case):
    """The same plaza in SimPy, with the same draws; places by name."""
    built = helpers.built(case)
    tables, begin = built.run.model.service, built.run.model.intervals[0].start
    lines = [line.id for line in built.region.lines]
    stations = sorted(case.scenario.stations, key=lambda one: one.order)
    rooms = {one.name: np.inf if one.room is None else one.room for one in stations}
    room_behind = min([one.room_behind for one in stations if one.room_behind is not None], default=np.inf)
    places, people, ways = {}, {}, {}
    names = [post.name for post in built.posts]
    for one in stations:
        places[one.name] = chains.Place(int(one.places), rooms[one.name], {})
    places["secondary"] = chains.Place(2, np.inf, {})
    for f, line in enumerate(lines):
        flow = next(flow for flow in case.scenario.flows if flow.id == line)
        here = independent.parties(line, SEED, 0, [flow.arrivals.per_hour] * 24, begin, tables[f])
        people[line] = here.joined
        mine = [one for one in stations if flow.lane_type in (one.lane_types or [flow.lane_type])]
        bounded = room_behind if any(one.room_behind is not None for one in mine) else np.inf
        service = {(line, i): minutes for i, minutes in enumerate(here.service)}
        places[line] = chains.Place(int(flow.booths), bounded, service)
        key = (here.hour_key.astype(np.uint64) << np.uint64(32)) | (
            here.ordinal.astype(np.uint64) << np.uint64(8)
        )
        words = independent.blocks(
            (SEED, 0), independent.hash_of(line), key | np.uint64(independent.SECONDARY)
        )[0]
        found = chains.minutes(words, tables[len(lines)])
        places["secondary"].minutes.update({(line, i): value for i, value in enumerate(found)})
        stops = {}
        for one in mine:
            first, second = chains.station_words(line, f"a:inbound:{one.name}", SEED, 0, here)
            found = chains.minutes(first, tables[len(lines) + 1 + names.index(one.name)])
            places[one.name].minutes.update({(line, i): value for i, value in enumerate(found)})
            stops[one.name] = ((second >> np.uint64(12)).astype(float) + 0.5) * 2.0**-52 < one.share
        referred = here.referral < flow.referral
        for i in range(len(here.joined)):
            way = [one.name for one in mine if one.place == "before" and stops[one.name][i]] + [line]
            way += ["secondary"] * bool(referred[i])
            way += [one.name for one in mine if one.place == "after" and stops[one.name][i]]
            ways[line, i] = [places[name] for name in way]
    chains.run(list(places.values()), people, lambda line, i: ways[line, i])
    return places


@pytest.mark.parametrize("name", PLAZAS)
def test_the_same_waits_as_a_second_model(name):
    case = helpers.case(FLOWS, secondary=SECONDARY, stations=PLAZAS[name], seed=SEED)
    output = helpers.run(case, seed=SEED)[0]
    places = second_model(case)
    lines = helpers.lines(case)
    for f, line in enumerate(lines):
        assert helpers.total(output, types.WAITED, f) == len(places[line].waits)
        assert helpers.total(output, types.WAIT_SUM, f) == sum(places[line].waits)
    assert output.secondary[0, 0] == len(places["secondary"].waits)
    assert output.secondary[0, 1] == sum(places["secondary"].waits)
    books = helpers.station_books(case, output)
    for one in PLAZAS[name]:
        book, place = books[f"a:inbound:{one['name']}"], places[one["name"]]
        assert book[types.STATION_STARTED] == book[types.STATION_ARRIVED] == len(place.waits)
        assert book[types.STATION_WAIT_SUM] == sum(place.waits)
        assert book[types.STATION_HELD_MIN] == place.held
    for line in lines:
        assert books[line][types.STATION_HELD_MIN] == places[line].held
    if name not in ("unlimited", "one line"):
        assert sum(place.held for place in places.values()) > 60.0


@pytest.mark.parametrize("stations", [[{**EXIT, "room": None}], [{**EXIT, "room": 10**6}], [EXIT]])
def test_an_inspection_that_is_not_there_changes_nothing(stations):
    """Events or recursion, the same bits; one with room for all does not touch what precedes it."""
    gone = [{**one, "from": helpers.at(9), "until": helpers.at(9)} for one in stations]
    plain, never = (
        helpers.run(helpers.case(FLOWS, secondary=SECONDARY, stations=list_))[0] for list_ in ([], gone)
    )
    assert not helpers.different(plain, never)
    if stations[0]["room"] != EXIT["room"]:
        there = helpers.run(helpers.case(FLOWS, secondary=SECONDARY, stations=stations))[0]
        for field in (types.WAIT_SUM, types.STARTED, types.QUEUE_END, types.BUSY_BOOTH_MIN):
            assert (there.bins[:, :96, field] == plain.bins[:, :96, field]).all()
        assert (there.secondary == plain.secondary).all()


def test_the_plaza_fills_backwards():
    """One inspector behind six booths: the area behind primary fills, booths are held up, the line grows."""
    flows = [helpers.flow(per_hour=120, booths=6, service={"distribution": "deterministic", "mean": "1 min"})]
    slow = station("exit", "after", 45, 1, room=10, **{"from": helpers.at(8), "until": helpers.at(12)})
    case = helpers.case(flows, stations=[slow])
    output = helpers.run(case)[0]
    hours = output.bins[0, :96].reshape(24, 4, -1)
    served = hours[:, :, types.STARTED].sum(axis=1)
    assert served[9:12].max() <= 80.0 + 6.0  # what one inspector of 45 s lets past
    # 8:00 to 12:00 at 40 an hour more than get past
    queue = hours[:, -1, types.QUEUE_END]
    assert queue[7] < 10 and 110 <= queue[11] <= 190
    assert queue[12] < queue[11] and queue[14] < 10  # six booths, nobody behind them any more
    books = helpers.station_books(case, output, by_bin=True)["a:inbound:car:standard"]
    held = books[:, types.STATION_HELD_MIN].reshape(-1, 4).sum(axis=1)
    assert held[9:12].min() > 150.0 and held[:8].sum() == 0.0 and held[13:].sum() == 0.0


def test_who_waits_for_an_inspection_that_is_given_up_goes_on():
    stations = [
        station("exit", "after", 600, 1, room=3, until=helpers.at(10)),
        station("zone", "before", 600, 1, until=helpers.at(10)),
    ]
    case = helpers.case(FLOWS, secondary=SECONDARY, stations=stations)
    output = helpers.run(case)[0]
    books = helpers.station_books(case, output, by_bin=True)
    assert output.balance[types.CROSSED] == output.balance.sum()
    zone = books["a:inbound:zone"]
    assert zone[39, types.STATION_QUEUE_END] > 1000 and zone[40:, types.STATION_QUEUE_END].max() == 0.0
    assert zone[40:, types.STATION_STARTED].sum() == 0.0
    assert output.bins[:, 40, types.ARRIVED].sum() > 1000


def test_inspectors_by_hour():
    """Nobody inspects at night: a full area stops the plaza until the morning."""
    places = [0] * 6 + [4] * 18
    case = helpers.case(FLOWS, stations=[station("exit", "after", 60, places, room=5)])
    output = helpers.run(case)[0]
    started = output.bins[:, :, types.STARTED].sum(axis=0)
    assert started[:24].sum() == 5 + 3 and started[24] > 30  # the area, and one party in each booth
    open_min = helpers.station_books(case, output, by_bin=True)["a:inbound:exit"][:96, types.STATION_OPEN_MIN]
    assert open_min.sum() == 4 * 18 * 60.0


def test_people_see_that_a_line_does_not_move():
    """The wait that officers measure follows what holds the booths up, not the empty booths."""
    behaviour = {"choice_rule": "logit", "publication_every_min": 15, "publication_age_min": 0}
    behaviour |= {"publication_round_min": 0, "access_min": 0, "tick_min": 5}
    fast = helpers.flow(per_hour=100, booths=5, service=EXPONENTIAL)
    slow = station("exit", "after", 60, 1, room=2)
    output = helpers.run(helpers.case([fast], stations=[slow], behaviour=behaviour))[0]
    at = slice(40, 90)
    published, queue = output.bins[0, at, types.PUBLISHED], output.bins[0, at, types.QUEUE_END]
    # one minute a party, whatever the booths could do
    assert np.corrcoef(published, queue)[0, 1] > 0.95
    assert 0.8 < published.mean() / queue.mean() < 1.2
