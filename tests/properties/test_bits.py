"""What must not change a single bit of a history."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import helpers
from garita.engine import types
from properties import worlds


def test_the_world_is_alive():
    """The region of these tests uses what there is: otherwise equal bits would prove little."""
    shut = helpers.run(worlds.case(closures=[{"crossing": "north", "from": helpers.at(8), "until": "5 h"}]))[
        0
    ]
    counts = helpers.kinds(shut)
    assert all(counts[kind] > 10 for kind in range(1, 7)), counts
    assert (shut.gross[..., 0].sum(axis=0) > 5).all()
    assert (shut.secondary[:, 0] > 50).all() and shut.secondary[:, 1].sum() > 0
    assert helpers.different(shut, worlds.usual())
    assert len(np.unique(worlds.usual().bins[:, :96, types.OPEN_BOOTH_MIN])) > 3  # staffing follows the queue


@worlds.few(6)
@given(closure=worlds.closures(least=0, most=0))
def test_a_closure_of_no_length_changes_nothing(closure):
    assert not helpers.different(helpers.run(worlds.case(closures=[closure]))[0], worlds.usual())


@worlds.few(4)
@given(real=worlds.closures(), none=worlds.closures(least=0, most=0), first=st.booleans())
def test_not_beside_a_real_closure_either(real, none, first):
    alone = helpers.run(worlds.case(closures=[real]))[0]
    both = helpers.run(worlds.case(closures=[none, real] if first else [real, none]))[0]
    assert not helpers.different(alone, both)


@st.composite
def idle_changes(draw):
    """Changes at odd times that change nothing."""
    span = {
        "crossing": draw(st.sampled_from(["north", "middle", "all"])),
        "from": helpers.at(draw(worlds.seconds) / 3600),
        "until": f"{draw(st.integers(1, 80_000))} s",
    }
    return draw(
        st.sampled_from(
            [
                {"staffing": [{**span, "factor": 1}]},
                {"lanes": [{**span, "change": 0}]},
                {"demand": [{**span, "factor": 1}]},
                {"closures": [{**span, "share": 0}]},
                {"closures": [{**span, "lanes": 0}]},
            ]
        )
    )


@worlds.few(7)
@given(idle=idle_changes())
def test_more_cuts_change_nothing(idle):
    assert not helpers.different(helpers.run(worlds.case(**idle))[0], worlds.usual())


@pytest.mark.slow
@worlds.few(8)
@given(
    idle=worlds.idle_cuts(),
    closure=worlds.closures(),
    feature=worlds.features,
)
def test_many_cuts_change_nothing_in_a_closure(idle, closure, feature):
    cut = helpers.run(worlds.case(behaviour=feature, closures=[closure], staffing=idle))[0]
    assert not helpers.different(cut, helpers.run(worlds.case(behaviour=feature, closures=[closure]))[0])


@pytest.mark.slow
@worlds.few(4)
@given(idle=worlds.idle_cuts(), closure=worlds.closures())
def test_nor_where_rooms_are_bounded_and_patience_ends(idle, closure):
    flows = worlds.rooms(worlds.flows(1.2))
    cut, usual = (
        helpers.run(worlds.case(flows=flows, closures=[closure], staffing=cuts))[0] for cuts in (idle, [])
    )
    assert not helpers.different(cut, usual)
    assert (cut.extra.unserved == usual.extra.unserved).all() and (
        usual.extra.unserved.sum(axis=(0, 1)) > 50
    ).all()


@pytest.mark.slow
@worlds.few(4)
@given(idle=worlds.idle_cuts(), closure=worlds.closures())
def test_nor_where_booths_stand_behind_one_another(idle, closure):
    flows = worlds.tandem(worlds.flows(1.2))
    cut, usual = (
        helpers.run(worlds.case(flows=flows, closures=[closure], staffing=cuts))[0] for cuts in (idle, [])
    )
    assert not helpers.different(cut, usual)
    assert (cut.extra.lane_free == usual.extra.lane_free).all() and (usual.extra.lane_free > 0).any()


@pytest.mark.slow
@worlds.few(6)
@given(idle=worlds.idle_cuts(), closure=worlds.closures(), feature=worlds.features)
def test_nor_where_people_of_buses_walk_through_inspection(idle, closure, feature):
    flows = worlds.buses(worlds.flows(1.2))
    fields = {"flows": flows, "behaviour": feature, "closures": [closure]}
    cut, usual = (helpers.run(worlds.case(**fields, staffing=cuts))[0] for cuts in (idle, []))
    assert not helpers.different(cut, usual)
    assert (cut.extra.station_books == usual.extra.station_books).all()
    assert (usual.extra.station_books[..., types.STATION_STARTED].sum(axis=1) > 300).all()


@pytest.mark.slow
@worlds.few(6)
@given(
    idle=worlds.idle_cuts(),
    closure=worlds.closures(),
    bounded=st.booleans(),
    feature=worlds.features,
)
def test_nor_where_stations_hold_one_another_up(idle, closure, bounded, feature):
    flows = worlds.rooms(worlds.flows(1.2)) if bounded else worlds.flows(1.2)
    fields = {"flows": flows, "stations": worlds.stations(), "behaviour": feature, "closures": [closure]}
    cut, usual = (helpers.run(worlds.case(**fields, staffing=cuts))[0] for cuts in (idle, []))
    assert not helpers.different(cut, usual)
    assert (cut.extra.station_books == usual.extra.station_books).all()
    held = usual.extra.station_books[..., types.STATION_HELD_MIN].sum(axis=1)
    assert (held > 30.0).sum() >= 4


@worlds.few(6)
@given(data=st.data())
def test_overlapping_closures_in_any_order(data):
    together = data.draw(st.lists(worlds.closures(), min_size=2, max_size=4))
    shuffled = data.draw(st.permutations(together))
    first, second = (helpers.run(worlds.case(closures=each))[0] for each in (together, shuffled))
    assert not helpers.different(first, second)


def in_order(case, output):
    """The books of a history by the names of lines, crossings and stations, whatever their order."""
    built = helpers.built(case)
    region = built.region
    places = np.argsort([crossing.id for crossing in region.crossings])
    found = {}
    for f, line in enumerate(region.lines):
        found[line.id] = (
            output.bins[f],
            output.histogram[f],
            output.ledger[f][:, places],
            output.gross[f],
            output.travel_extra[f : f + 1],
        )
        for hour, (offset, room) in enumerate(
            zip(built.run.model.flow_hours.offset[f], built.run.model.flow_hours.room[f], strict=True)
        ):
            kept = output.finals[offset : offset + room]
            crossing = places.argsort()[kept >> 8].astype(np.uint16)
            found[line.id, hour] = (kept & 0xFF, np.where(kept & 15, crossing, 0))
    found["diverted"] = (output.diverted[np.ix_(places, places)],)
    for s, station in enumerate(region.secondary):
        found["secondary", station.crossing, station.direction] = (output.secondary[s],)
    return found


def same_by_name(first, second):
    """Names of what differs."""
    one, other = in_order(*first), in_order(*second)
    assert one.keys() == other.keys()
    return [
        name
        for name in one
        if any(a.tobytes() != b.tobytes() for a, b in zip(one[name], other[name], strict=True))
    ]


def in_another_order(number, flows=None):
    """The parts of the region shuffled."""
    generator = np.random.default_rng(number)
    parts = {**worlds.region(), "flows": flows or worlds.flows()}
    return {name: [part[i] for i in generator.permutation(len(part))] for name, part in parts.items()}


CLOSURE = [{"crossing": "north", "from": helpers.at(7.9), "until": "6 h"}]


def different_when_shuffled(number, **behaviour):
    cases = [
        worlds.case(behaviour=behaviour, closures=CLOSURE, **parts)
        for parts in ({}, in_another_order(number))
    ]
    return same_by_name(*((case, helpers.run(case)[0]) for case in cases))


@pytest.mark.parametrize("number", range(2))
def test_the_order_of_the_file_changes_nothing_without_choice(number):
    assert different_when_shuffled(number, choice_rule="none") == []


@pytest.mark.parametrize("number", range(2))
@pytest.mark.parametrize("rule", ["logit", "threshold"])
def test_the_order_of_the_file_changes_nothing_with_choice(rule, number):
    assert different_when_shuffled(number, choice_rule=rule) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", worlds.FEATURES)
def test_the_order_of_the_file_changes_nothing_with_features(name):
    assert different_when_shuffled(0, **worlds.FEATURES[name]) == []
    assert different_when_shuffled(1, **worlds.everything()) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", range(2))
def test_nor_the_order_of_stations(number):
    stations = worlds.stations()
    cases = [
        worlds.case(closures=CLOSURE, stations=listed, **parts)
        for listed, parts in ((stations, {}), (stations[::-1], in_another_order(number)))
    ]
    outputs = [helpers.run(case)[0] for case in cases]
    assert same_by_name(*zip(cases, outputs, strict=True)) == []
    books = [helpers.station_books(*one) for one in zip(cases, outputs, strict=True)]
    assert all((books[0][name] == books[1][name]).all() for name in books[0]) and len(books[0]) > 10


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["none", "logit"])
def test_nor_where_rooms_are_bounded(rule):
    flows = worlds.rooms(worlds.flows(1.2))
    cases = [
        worlds.case(behaviour={"choice_rule": rule}, closures=CLOSURE, **parts)
        for parts in ({"flows": flows}, in_another_order(3, flows))
    ]
    assert same_by_name(*((case, helpers.run(case)[0]) for case in cases)) == []


@pytest.mark.slow
def test_nor_where_people_of_buses_walk_through_inspection_in_any_order():
    flows = worlds.buses(worlds.flows())
    cases = [
        worlds.case(closures=CLOSURE, **parts) for parts in ({"flows": flows}, in_another_order(3, flows))
    ]
    assert same_by_name(*((case, helpers.run(case)[0]) for case in cases)) == []


def test_the_order_of_fields_changes_nothing():
    """Whole files with every mapping turned round."""

    def turned(value):
        if isinstance(value, dict):
            return {name: turned(value[name]) for name in reversed(value)}
        return [turned(item) for item in value] if isinstance(value, list) else value

    parts = {**worlds.region(), "flows": worlds.flows(), "closures": CLOSURE}
    first, second = (
        worlds.case(**parts),
        worlds.case(**{name: turned(part) for name, part in reversed(parts.items())}),
    )
    assert first.digest == second.digest
    assert not helpers.different(helpers.run(first)[0], helpers.run(second)[0])


def test_a_name_is_a_key():
    """Renaming a line is not relabelling: it has other draws."""
    first = helpers.one([helpers.flow("a")])
    assert not helpers.same_line(first, 0, helpers.one([helpers.flow("b")]), 0)
    assert helpers.same_line(first, 0, helpers.one([helpers.flow("b"), helpers.flow("a")]), 0)
