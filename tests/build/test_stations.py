"""Inspections before and after primary: who passes which, and what cannot be built."""

from __future__ import annotations

import numpy as np
import pytest

from engine import helpers
from garita import scenario
from garita.errors import ScenarioError

ZONE = {"name": "zone", "crossing": "a", "place": "before", "places": 1, "service": {"mean": "1 min"}}
EXIT = {"name": "exit", "crossing": "all", "place": "after", "places": 2, "service": {"mean": "1 min"}}
FLOWS = [
    helpers.flow("a"),
    helpers.flow("a", lane_type="ready", lanes=2, booths_per_lane=1),
    helpers.flow("b"),
    helpers.flow("b", mode="pedestrian"),
]


def of(*stations, **more):
    return helpers.built(helpers.case(FLOWS, stations=list(stations), **more))


def problems(*stations, **more):
    with pytest.raises(ScenarioError) as raised:
        of(*stations, **more)
    return {problem.code: problem for problem in raised.value.problems}


def test_each_crossing_has_its_own():
    built = of(EXIT, ZONE)
    assert [post.id for post in built.posts] == ["a:inbound:zone", "a:inbound:exit", "b:inbound:exit"]
    extra = built.run.extra
    lines = [line.id for line in built.region.lines]
    assert lines == ["a:inbound:car:ready", "a:inbound:car:standard"] + [
        f"b:inbound:{mode}:standard" for mode in ("car", "pedestrian")
    ]
    assert extra.ways_in[:, 0].tolist() == [4, 4, -1, -1]
    assert extra.ways_out[:, 0].tolist() == [5, 5, 6, 6]
    groups = [[station for station in group if station >= 0] for group in extra.groups]
    assert groups == [[5, 0, 1, 4], [6, 2, 3]]  # the last of a way first


def test_lines_of_one_secondary_are_advanced_together():
    secondary = [{"crossing": "a", "places": 1, "service": {"mean": "5 min"}}]
    built = of({**EXIT, "crossing": "a", "lane_types": ["ready"]}, secondary=secondary)
    assert built.run.extra.group_of.tolist() == [0, 0, -1, -1, 0, 0]


def test_places_by_hour_and_a_span():
    hours = {"from": helpers.at(8), "until": helpers.at(20), "places": [1] * 12 + [3] * 12}
    built = of({**EXIT, "crossing": "a", **hours})
    starts = (built.run.model.intervals.start - built.run.model.intervals.start[0]) / 60.0
    expected = np.select([starts < 8, starts < 12, starts < 20], [0, 1, 3], 0)
    assert (built.run.extra.post_places[:, 0] == expected).all()
    assert (built.run.extra.post_exists[:, 0] == (expected > 0)).all()


def test_without_stations_there_is_nothing():
    assert of().run.extra is None


def test_one_after_the_other():
    found = problems(EXIT, {**EXIT, "name": "gate"})
    assert "higher `order`" in found["station-order"].remedy
    of(EXIT, {**EXIT, "name": "gate", "order": 2})
    of({**EXIT, "crossing": "a"}, {**EXIT, "crossing": "b", "name": "gate"})
    of({**EXIT, "modes": ["pedestrian"]}, {**EXIT, "modes": ["car"], "name": "gate"})


def test_room_is_between_two():
    assert "on the road" in problems({**ZONE, "room": 3})["room-nothing-before"].remedy
    of({**ZONE, "room": 3, "order": 2}, {**ZONE, "name": "export"})
    found = problems({**ZONE, "room_behind": 3}, {**ZONE, "name": "last", "order": 2})
    assert "`last`" in found["room-behind-not-last"].remedy
    assert "room-behind-after" in problems({**EXIT, "room_behind": 3})


def test_it_needs_a_name_and_somebody_to_inspect():
    with pytest.raises(ScenarioError, match="`name` is missing"):
        of({name: value for name, value in ZONE.items() if name != "name"})
    with pytest.raises(ScenarioError, match="no bus crosses at a"):
        of({**ZONE, "modes": ["bus"]})
    with pytest.raises(ScenarioError, match="is not a place of an inspection"):
        of({**ZONE, "place": "between"})


def test_lanes_that_change_type_and_stations_do_not_go_together():
    lanes = [helpers.flow("a", lanes=4), helpers.flow("a", lane_type="ready", lanes=2)]
    moves = {"crossing": "a", "lanes": 1, "from_type": "standard", "to_type": "ready", "hours": "08:00-12:00"}
    with pytest.raises(ScenarioError, match="Leave one of the two out"):
        helpers.built(helpers.case(lanes, stations=[ZONE], conversions=[moves]))


def test_it_can_be_left_out_by_name():
    case = helpers.case(FLOWS, stations=[ZONE, {**EXIT, "event": True}])
    assert [one.name for one in case.without("zone").scenario.stations] == ["exit"]
    assert [one.name for one in case.without("closures").scenario.stations] == ["zone"]
    assert isinstance(case, scenario.Case)
