"""Bounded waiting rooms and exact patience, party by party, against the list of events of `event_list.py`."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import event_list, helpers, independent
from engine.test_queues import SERVICES, books, timetables, who_comes
from garita import scenario
from garita.build.service import quantile_table
from garita.engine import types
from garita.engine.patience import OUT_OF_PATIENCE, TURNED_AWAY
from garita.errors import ScenarioError

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

LINE = "a:inbound:car:standard"
ENDURANCE = 144
PATIENCES = [
    {"distribution": "exponential", "mean": "10 min"},
    {"distribution": "deterministic", "mean": "4 min"},
    {"distribution": "lognormal", "mean": "8 min", "cv": 1.2},
]


def endurance(built, coming, seed, replication):
    """How long each party stays in line, by the independent engine."""
    words = [
        independent.threefry(
            (seed, replication), (independent.hash_of(LINE), (int(h) << 32) | (int(n) << 8) | ENDURANCE)
        )[0]
        for h, n in zip(coming.hour_key, coming.ordinal, strict=True)
    ]
    half = ((np.array(words, np.uint64) >> np.uint64(32)).astype(float) + 0.5) * 2.0**-32
    table = quantile_table(built.region.lines[0].patience)
    return independent.grains(independent.quantiles(table, half))


def compare(case, timetable, seed=1):
    """The books equal those of the list of events, bit for bit. ``timetable``: (hour, booths)."""
    built, output = helpers.built(case), helpers.run(case, 1, seed)[0]
    coming = who_comes(built, seed, 0)
    line, origin = built.region.lines[0], built.calendar.start[0]
    found = event_list.Line(
        coming.joined,
        coming.service,
        [(origin + 60.0 * hour, booths) for hour, booths in timetable],
        np.inf if line.room is None else line.room,
        endurance(built, coming, seed, 0) if line.patience is not None else None,
    )
    expected, histogram = books(built, coming.joined, found.start, coming.service)
    gone = np.isfinite(found.left)
    row = ((found.left[gone] - origin) / 15.0).astype(int)
    expected[types.LEFT] = np.bincount(row, minlength=built.run.bins)
    ends = origin + 15.0 * (np.arange(built.run.bins) + 1)
    left = np.searchsorted(np.sort(found.left[gone]), ends)
    expected[types.QUEUE_END] = expected[types.QUEUE_END] - left
    for field, values in expected.items():
        assert (output.bins[0, :, field] == values).all(), field
    assert (output.histogram[0] == histogram).all()
    for column, those in ((TURNED_AWAY, found.turned_away), (OUT_OF_PATIENCE, gone & ~found.turned_away)):
        when = ((found.left[those] - origin) / 15.0).astype(int)
        counted = np.bincount(when, minlength=built.run.bins)
        assert (output.extra.unserved[0, :, column] == counted).all()
    assert output.balance[types.GAVE_UP] == gone.sum() == output.gross[0, types.GAVE_UP_IN_QUEUE, 0]
    return found, output


@settings(max_examples=30)
@given(
    timetable=timetables(),
    rate=st.integers(5, 400),
    service=st.sampled_from(SERVICES),
    room=st.none() | st.integers(1, 30),
    patience=st.none() | st.sampled_from(PATIENCES),
    seed=st.integers(0, 2**53),
)
def test_any_timetable_party_by_party(timetable, rate, service, room, patience, seed):
    """Booths open and close while they are busy; nobody comes after the fourth hour."""
    untils = [hour for hour, _ in timetable[1:]] + [200.0]
    staffing = [
        {"crossing": "a", "from": helpers.at(hour), "until": helpers.at(until), "booths": booths}
        for (hour, booths), until in zip(timetable, untils, strict=True)
    ]
    more = {name: value for name, value in (("room", room), ("patience", patience)) if value is not None}
    line = helpers.flow(per_hour=[rate] * 4 + [0] * 20, service=service, lanes=6, **more)
    case = helpers.case([line], staffing=staffing)
    if room is None and patience is None:
        assert helpers.run(case)[0].extra is None
    else:
        compare(case, timetable, seed)


def test_both_at_once_turn_away_and_lose():
    line = helpers.flow(per_hour=200, booths=2, service=SERVICES[0], room=12, patience=PATIENCES[0])
    closures = [{"crossing": "a", "from": helpers.at(3), "until": helpers.at(5.25)}]
    found, output = compare(helpers.case([line], closures=closures), [(0.0, 2), (3.0, 0), (5.25, 2)], seed=4)
    assert found.turned_away.sum() > 500 and output.extra.unserved[0, :, OUT_OF_PATIENCE].sum() > 300
    assert output.bins[0, :, types.QUEUE_END].max() <= 12


def test_a_room_for_the_booths_alone_lets_nobody_wait():
    found, output = compare(
        helpers.case([helpers.flow(per_hour=200, booths=3, service=SERVICES[0], room=3)]), [(0.0, 3)]
    )
    assert output.bins[0, :, types.WAIT_MAX].max() == 0.0 and found.turned_away.sum() > 300


def test_called_at_the_very_moment_is_served():
    """Everybody stays four minutes, and every inspection takes four: whoever is next is called in time."""
    four = {"distribution": "deterministic", "mean": "4 min"}
    case = helpers.case([helpers.flow(per_hour=60, service=four, patience=four)])
    found, output = compare(case, [(0.0, 1)], seed=2)
    assert np.isfinite(found.left).sum() > 500
    assert output.bins[0, :, types.WAIT_MAX].max() <= 4.0


def test_rooms_so_large_and_patience_so_long_change_nothing():
    """The second compiled form gives the books of the first."""
    plain = helpers.one([helpers.flow(per_hour=590, service=SERVICES[3], booths=7)])
    roomy = {"room": 1_000_000, "patience": {"distribution": "deterministic", "mean": "24 h"}}
    assert helpers.equal(
        plain, helpers.one([helpers.flow(per_hour=590, service=SERVICES[3], booths=7, **roomy)])
    )


def test_people_who_choose_decide_at_the_next_tick():
    """With the rule of choice in force, whoever finds a line full may go to the other crossing, or later."""
    flows = [
        helpers.flow("a", per_hour=200, service={"distribution": "exponential", "mean": "30 s"}, room=5),
        helpers.flow("b", per_hour=50, booths=4, service={"distribution": "exponential", "mean": "30 s"}),
    ]
    crossings = [{"id": name, "choice_group": "g"} for name in ("a", "b")]
    travel = [
        {"origin": "a", "destination": "b", "minutes": 5},
        {"origin": "b", "destination": "a", "minutes": 5},
    ]
    case = helpers.case(
        flows, crossings=crossings, travel=travel, behaviour={"choice_rule": "logit", "tick_min": 5}
    )
    output = helpers.run(case)[0]
    turned_away = output.extra.unserved[0, :, TURNED_AWAY].sum()
    decided = output.gross[0, [types.DIVERTED_FROM_QUEUE, types.LATER_FROM_QUEUE, types.GAVE_UP_IN_QUEUE], 0]
    assert turned_away > 500 and decided.sum() == turned_away and (decided > 10).all()
    assert output.ledger[0, types.CROSSED_ELSEWHERE, 1, 0] == decided[0]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("room", 0, "out-of-range"),
        ("room", 2_000_000, "out-of-range"),
        ("patience", {"distribution": "exponential"}, "distribution-missing"),
        ("patience", {"distribution": "lognormal", "mean": "20 h", "cv": 10}, "service-too-long"),
    ],
)
def test_refused(field, value, code):
    with pytest.raises(ScenarioError) as refused:
        scenario.loads(helpers.text([helpers.flow(**{field: value})]))
    assert [problem.code for problem in refused.value.problems] == [code]


def lasting(mean):
    return {"distribution": "deterministic", "mean": mean}


def test_a_booth_that_moved_while_busy_takes_up_room_where_its_party_came_by():
    """It has that party until the end of the day: nothing changes in the line to which it went."""
    ready = helpers.flow(per_hour=30, lanes=2, lane_type="ready", room=1, service=lasting("1 min"))
    lines = [helpers.flow(booths=2, lanes=2, service=lasting("1440 min")), ready]
    move = {"crossing": "a", "from_type": "standard", "to_type": "ready", "lanes": 1, "hours": "06:00-22:00"}
    usual, moved = (helpers.one(lines, conversions=changes) for changes in ([], [move]))
    f = helpers.lines(helpers.case(lines)).index("a:inbound:car:ready")
    assert moved.bins[f, 30, types.OPEN_BOOTH_MIN] == 2 * usual.bins[f, 30, types.OPEN_BOOTH_MIN] == 30.0
    for field in (types.STARTED, types.LEFT):
        assert (moved.bins[f, :92, field] == usual.bins[f, :92, field]).all()
    assert usual.bins[f, 24:88, types.STARTED].sum() > 200


def test_a_closed_booth_takes_up_room_after_another_has_taken_its_number():
    """Of two booths one closes at 04:00 with a party until after 10:00; at 06:00 another line gives one."""
    roster = [{"from": "00:00", "booths": 2}, {"from": "04:00", "booths": 1}]
    ready = helpers.flow(per_hour=60, booths=roster, lanes=2, lane_type="ready", room=2)
    ready["service"] = lasting("600 min")
    lines = [helpers.flow(per_hour=0, booths=2, lanes=2), ready]
    move = {"crossing": "a", "from_type": "standard", "to_type": "ready", "lanes": 1, "hours": "06:00-22:00"}
    output = helpers.one(lines, conversions=[move])
    f = helpers.lines(helpers.case(lines)).index("a:inbound:car:ready")
    assert output.bins[f, [20, 30], types.OPEN_BOOTH_MIN].tolist() == [15.0, 30.0]
    assert output.bins[f, :40, types.STARTED].sum() == 2  # until 10:00 the two parties take up the room
    assert output.bins[f, 40:42, types.STARTED].sum() == 2
