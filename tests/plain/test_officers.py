"""What officers see and do, and what is published."""

from __future__ import annotations

import numpy as np
import pytest

from engine import helpers
from garita.engine import staffing, state, types
from garita.engine.run import _booths, _new_state
from plain.place import Place


def test_what_officers_see_of_a_line():
    place = Place({"threshold_closed_min": 90}, service={"distribution": "deterministic", "mean": "2 min"})
    lines = place.state.lines
    lines.waiting[:], lines.open[:], lines.joined[:] = [10, 10, 0], [4, 0, 1], 5
    lines.roster[1] = 5
    place.call(staffing.look_at_queues)
    assert lines.live.tolist() == [5.0, 4.0, 0.0] and lines.each.tolist() == [0.5, 0.4, 2.0]
    assert lines.moves.tolist() == [1.0, 0.0, 1.0] and (lines.joined == 0).all()
    assert (lines.seen == place.now).all()
    lines.status[0], lines.roster[1] = types.CLOSED, 0
    place.behaviour.rule = types.RULE_THRESHOLD
    place.model.flows.nominal[0] = 2
    place.call(staffing.look_at_queues)
    assert lines.live.tolist() == [100.0, 20.0, 0.0] and lines.moves.tolist() == [0.0, 0.0, 1.0]


def test_the_trim():
    place = Place({"trim_horizon_min": 60}, target_wait=15)
    place.state.lines.open[:], place.state.lines.live[:] = [4, 0, 2], [45.0, 45.0, 0.0]
    place.state.count[state.TICKS] = 1
    slots = place.state.trim.shape[1]
    place.call(staffing.decide_trim)
    assert place.state.trim[:, 1 % slots].tolist() == [30.0 * 4 / 60, 0.0, -0.5]


@pytest.mark.parametrize(
    ("roster", "cap", "decided", "wanted"),
    [
        (10, 99, 0.0, 10),
        (10, 99, 1.4, 11),
        (10, 99, 1.5, 12),
        (10, 99, 50.0, 15),
        (10, 99, -50.0, 7),
        (10, 12, 50.0, 12),
        (1, 9, -50.0, 1),
        (0, 9, 3.0, 0),
    ],
)
def test_booths_wanted(roster, cap, decided, wanted):
    place = Place(
        {"trim_up": 0.5, "trim_down": 0.3, "trim_every_min": 15, "trim_lag_min": 30}, target_wait=15
    )
    slots = place.state.trim.shape[1]
    assert slots == 3 and place.behaviour.trim_lag_ticks == 2
    place.model.plan.roster[0, 0], place.model.plan.cap[0, 0] = roster, cap
    place.state.count[state.TICKS] = 4
    place.state.trim[0, (4 - 2) % slots] = decided
    assert place.call(staffing.wanted_booths) == wanted


def test_booths_stay_at_closing_time_until_the_line_is_empty():
    place = Place()
    line = place.state.lines[0]
    line.status, line.open, line.head, line.last = types.OUTSIDE_HOURS, 3, 4, 5
    assert place.call(staffing.wanted_booths, tick=True) == 3
    line.head = 5
    assert place.call(staffing.wanted_booths, tick=False) == 3
    assert place.call(staffing.wanted_booths, tick=True) == 0


def test_where_officers_are_too_few_the_booths_furthest_above_the_roster_close_first():
    place = Place({"trim_up": 1}, usual_wait=5)
    place.model.flows.pool[:] = [0, 0, -1]
    plan = place.model.plan
    plan.roster[0], plan.cap[0] = [2, 1, 2], [2, 2, 2]
    limits = np.full((len(plan), 1), 3, np.int64)
    place.model = place.model._replace(pool_limit=limits)

    def staffed(limit):
        limits[:] = limit
        wanted = np.zeros(3, np.int64)
        place.call(staffing.staff, wanted=wanted)
        assert wanted.tolist() == place.state.lines.open.tolist()
        return wanted.tolist()

    assert staffed(3) == [2, 1, 2]
    assert place.state.lines.roster.tolist() == [2, 1, 2]
    assert staffed(2) == [1, 1, 2]
    place.model.flows.trimmed[1] = 1
    place.state.trim[1] = 1.0  # the second wants two, one above its roster
    assert [staffed(limit) for limit in (4, 3, 2)] == [[2, 2, 2], [2, 1, 2], [1, 1, 2]]
    assert staffed(-1) == [0, 0, 2]


def test_places_of_secondary_inspection_follow_the_timetable():
    service = {"distribution": "exponential", "mean": "9 min"}
    secondary = [{"crossing": "a", "places": [2] * 12 + [0] * 12, "service": service}]
    ready = helpers.built(helpers.case([helpers.flow("a", 10, 1)], secondary=secondary)).run
    region, model, wanted = _new_state(ready, _booths(ready)), ready.model, np.zeros(1, np.int64)
    found = []
    for interval in np.searchsorted(model.intervals.start, model.hours.start[[0, 11, 12, 24]]):
        staffing.staff(model, region, None, interval, model.intervals[interval].start, True, wanted)
        found.append(int(region.lines.open[1]))
    assert found == [2, 2, 0, 2]


def test_what_is_published():
    place = Place({"publication_round_min": 5, "publication_cap_min": 120})
    lines, seen = place.state.lines, []
    place.state = place.state._replace(measured=np.full((3, 2), np.nan))
    for live in ([7.4, 7.5, 500.0], [1.0, 2.0, 3.0]):
        lines.live[:] = live
        place.call(staffing.measure)
        place.call(staffing.publish)
        seen.append(place.state.lines.published.tolist())
    assert seen == [[5.0, 10.0, 120.0]] * 2  # one measurement late
    lines.status[:] = [types.CLOSED, types.OUTSIDE_HOURS, types.PARTLY]
    place.call(staffing.measure)
    place.call(staffing.publish)
    assert place.state.lines.published.tolist() == [0.0, 0.0, 5.0]
    place.behaviour.publication_round_min = 0.0
    place.call(staffing.measure)
    place.call(staffing.publish)
    assert place.state.lines.published.tolist() == [-1.0, -2.0, 3.0]
