"""What people expect and decide before they set out, against the formulas in the documentation."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from garita.engine import beliefs, choice, departures, on_foot, parties, state, types
from plain.place import RATES, U64, Place, closed_in_the_model


@pytest.fixture
def place():
    return Place()


# What is expected


@pytest.mark.parametrize(
    ("published", "informed", "expected"),
    [
        (np.nan, False, 7.0),
        (np.nan, True, 7.0),
        (25.0, False, 7.0),
        (25.0, True, 25.0),
        (0.0, True, 0.0),
        (types.PUBLISHED_CLOSED, True, 127.0),
        (types.PUBLISHED_CLOSED, False, 7.0),
        (types.PUBLISHED_OUTSIDE_HOURS, True, 7.0),
    ],
)
def test_who_looks_believes_what_is_published(published, informed, expected):
    place = Place({"believed_remaining_min": 120}, usual_wait=7)
    place.state.lines.published[0] = published
    assert place.call(beliefs.expected_wait, informed=informed) == expected


def test_who_has_heard_of_a_closure_adds_what_it_lasts():
    place = Place(usual_wait=7)
    closed_in_the_model(place)
    place.state.lines.published[0] = 3.0
    assert place.call(beliefs.expected_wait, epoch=1, informed=True) == 107.0
    assert place.call(beliefs.expected_wait, flow=1, epoch=1, informed=False) == 7.0


def test_who_knows_the_lines_as_they_are_sees_that_one_is_closed():
    place = Place({"believed_remaining_min": 120}, usual_wait=7)
    place.state.lines.live[0] = 25.0

    def expects(epoch=0):
        return place.call(beliefs.live_wait, usual=7.0, epoch=epoch)

    found = [expects()]
    for status in (types.OUTSIDE_HOURS, types.CLOSED):
        place.state.lines.status[0] = status
        found.append(expects())
    closed_in_the_model(place)
    found.append(expects(1))
    assert found == [25.0, 7.0, 145.0, 125.0]


def test_news_takes_an_exponential_time():
    place = Place({"news_mean_min": 30})
    closed_in_the_model(place)
    news, behaviour = place.model.news, place.behaviour
    word = U64(int(math.exp(-0.5) * 2**32) << 32)  # a delay of half a mean

    def known(*after):
        return [
            place.call(beliefs.believed_epoch, epoch=1, time=place.now + each, word=word) for each in after
        ]

    assert known(14.9, 15.1) == [0, 1]
    news.notice[1] = 10.0
    assert known(4.9, 5.1) == [0, 1]
    news.notice[1] = 60.0  # announced long ago: known at once, not before
    assert known(-0.1, 0.0) == [0, 1]
    assert place.call(beliefs.hearsay_until) == -math.inf
    assert place.call(beliefs.hearsay_until, epoch=1) == place.now + 23 * 30
    behaviour.rule = types.RULE_THRESHOLD
    assert place.call(beliefs.hearsay_until, epoch=1) == -math.inf


# The incremental logit


def by_formula(place, flow, changes, coefficient, suppression, cap, travel_coefficient):
    """Participation, chance to stay, and cumulative shares of the other crossings."""
    planned = np.array(list(RATES.values()))
    after = planned * np.exp(coefficient * np.array(changes))
    inclusive = math.log(after.sum() / planned.sum()) / coefficient
    travel = min(cap, math.exp(-suppression * inclusive))
    before_share, after_share = planned / planned.sum(), after / after.sum()
    stay = min(1.0, after_share[flow] / before_share[flow])
    gains = np.maximum(0.0, after_share - before_share)
    gains[flow] = 0.0
    gains *= np.exp(travel_coefficient * place.model.travel[flow, :, 0])
    if gains.sum() == 0.0:
        return travel / cap, 1.0, None
    return travel / cap, stay, np.cumsum(gains) / gains.sum()


@pytest.mark.parametrize("row", range(4))
@pytest.mark.parametrize("flow", [0, 1])
def test_shares_follow_the_formula(row, flow):
    place = Place(
        {
            "wait_coefficient_must": -0.03,
            "wait_coefficient_other": -0.012,
            "suppression_must": 0.001,
            "suppression_other": 0.004,
            "induced_cap": 1.2,
        },
        usual_wait=10,
    )
    place.state.lines.published[:] = [70.0, 25.0, 5.0]
    place.call(choice.refresh, flow=flow, row=row)
    changes = (60.0, 15.0, -5.0) if row >= 2 else (0.0, 0.0, 0.0)
    coefficient, suppression = (-0.03, 0.001) if row % 2 else (-0.012, 0.004)
    travel, stay, where = by_formula(
        place, flow, changes, coefficient, suppression, 1.2, place.behaviour.travel_coefficient
    )
    chance = place.state.chance[flow, 0, row]
    assert chance.stamp == place.state.count[state.VERSION]
    assert chance.participate == pytest.approx(travel, rel=1e-12)
    assert chance.stay == pytest.approx(stay, rel=1e-12)
    if where is not None and stay < 1.0:
        assert place.state.where[flow, 0, row] == pytest.approx(where, rel=1e-12)


def test_more_travel_where_waits_are_short_up_to_a_cap():
    place = Place({"suppression_other": 0.02, "induced_cap": 1.1}, usual_wait=60)
    place.state.lines.published[:] = 0.0
    for row in (0, 2):
        place.call(choice.refresh, row=row)
    assert place.state.chance[0, 0, 2].participate == 1.0
    assert place.state.chance[0, 0, 0].participate == pytest.approx(1.0 / 1.1)


def test_without_a_dislike_of_waiting_the_mean_change_counts():
    place = Place({"wait_coefficient_other": 0, "suppression_other": 0.01, "induced_cap": 1}, usual_wait=0)
    place.state.lines.published[:] = [60.0, 0.0, 0.0]
    place.call(choice.refresh, row=2)
    chance = place.state.chance[0, 0, 2]
    assert chance.participate == pytest.approx(math.exp(-0.01 * 60.0 * 40.0 / 60.0))
    assert chance.stay == 1.0


def test_where_no_share_is_left_who_travels_keeps_to_the_plan():
    place = Place({"wait_coefficient_other": -10, "suppression_other": 1})
    place.state.lines.published[:] = 1e6
    place.call(choice.refresh, row=2)
    chance = place.state.chance[0, 0, 2]
    assert (chance.participate, chance.stay) == (0.0, 1.0)


def test_where_nobody_plans_to_travel_there_are_no_shares():
    place = Place({"induced_cap": 1.25})
    place.model.flow_hours.rate[:] = 0.0
    place.call(choice.refresh, row=2)
    chance = place.state.chance[0, 0, 2]
    assert (chance.participate, chance.stay) == (0.8, 1.0)


def test_nobody_is_sent_to_a_gate_that_is_shut():
    place = Place()
    place.state.lines.published[:] = [200.0, 5.0, 5.0]
    place.model.flow_hours.within[1] = 0
    place.call(choice.refresh, row=2)
    assert place.state.where[0, 0, 2].tolist() == [0.0, 0.0, 1.0]


def test_the_threshold_rule_takes_the_shortest_of_the_others():
    place = Place({"choice_rule": "threshold", "threshold_above_min": 45, "threshold_margin_min": 20})
    for live, limit, stay, where in (
        ([60.0, 30.0, 35.0], 50.0, 0.0, [0.0, 1.0, 1.0]),
        ([60.0, 45.0, 41.0], 61.0, 1.0, [0.0, 0.0, 1.0]),
        ([45.0, 0.0, 0.0], 45.0, 1.0, [0.0, 1.0, 1.0]),
        ([45.1, 0.0, 0.0], 45.0, 0.0, [0.0, 1.0, 1.0]),
    ):
        place.state.lines.live[:] = live
        place.call(choice.refresh, row=2)
        chance = place.state.chance[0, 0, 2]
        assert (chance.limit, chance.stay, chance.participate) == (limit, stay, 1.0)
        assert place.state.where[0, 0, 2].tolist() == where


def test_who_looks_counts_those_who_joined_since():
    line = types.records(state.LINE, 1)[0]
    line.live, line.joined, line.each, line.moves, line.seen = 12.0, 3, 2.0, 1.0, 100.0
    assert choice.wait_at(line, 104.0) == 14.0
    line.moves = 0.0
    assert choice.wait_at(line, 104.0) == 18.0


# Setting out, later, or not


def test_whoever_does_not_keep_to_the_plan_is_sent_by_the_shares(place):
    place.state.where[0, 0, 2] = [0.0, 0.25, 1.0]
    for u, target in ((0.2, 1), (0.39, 1), (0.41, 2), (0.99, 2)):
        before = place.state.lines.way.copy()
        place.call(choice.set_out, row=2, tag=5, word=U64(3), u=u, stay=0.2)
        assert np.flatnonzero(place.state.lines.way - before).tolist() == [target]
    assert place.output.diverted[0].tolist() == [[0, 0], [2, 6], [2, 6]]
    assert place.output.gross[0, types.DIVERTED_AT_DEPARTURE].tolist() == [4, 12]
    assert place.output.travel_extra.tolist() == [3 * (30 + 30 + 40 + 40), 0.0, 0.0]
    arriving = np.sort(place.state.way[2].time[:2])
    assert arriving.tolist() == [place.now + 40.0] * 2


def test_where_there_is_no_line_nobody_is_sent(place):
    place.model.alternative.flow[0, 2] = -1
    place.state.where[0, 0, 2] = [0.0, 0.0, 0.0]
    place.call(choice.set_out, row=2, tag=5, word=U64(3), u=0.9, stay=0.2)
    assert place.state.lines.way.tolist() == [1, 0, 0] and place.output.diverted.sum() == 0


def test_later_keeps_who_it_is_and_counts_the_attempt():
    place = Place({"later_share": 0.4, "later_from_min": 60, "later_to_min": 360})
    checks = U64(5) << state.CHECKS_SHIFT
    word = U64(2) | state.MUST_BIT | state.MOVED_BIT | checks
    assert not place.call(choice.try_later, tag=9, word=word, u_whether=0.4, u_when=0.5)
    assert place.call(choice.try_later, tag=9, word=word, u_whether=0.39, u_when=0.5)
    later = place.state.later[0, 0]
    assert (later.time, later.tag) == (place.now + 210.0, 9)
    assert later.word == U64(2) | state.MUST_BIT | (U64(1) << state.ATTEMPT_SHIFT)
    assert place.state.lines.later.tolist() == [1, 0, 0]
    last = U64(2) | (state.ATTEMPT_MASK << state.ATTEMPT_SHIFT)
    assert not place.call(choice.try_later, tag=9, word=last, u_whether=0.0, u_when=0.5)
    place.state.lines.later[0] = place.state.later.shape[1]
    assert place.call(choice.try_later, tag=9, word=word, u_whether=0.0, u_when=0.5)
    assert place.state.count[state.FAULT] == types.QUEUE_FULL


@pytest.mark.parametrize("share", [0, 1])
@pytest.mark.parametrize("attempt", [0, 1])
def test_a_trip_not_made_is_made_later_or_cancelled(share, attempt):
    place = Place({"later_share": share})
    tag, word = parties.make_tag(1, place.hour, 4), U64(3) | (U64(attempt) << state.ATTEMPT_SHIFT)
    place.call(choice.not_now, known=0, tag=tag, word=word)
    gross = place.output.gross[1, :, 0]
    assert gross[types.LATER_AT_DEPARTURE] == (1 if share and not attempt else 0)
    assert gross[types.CANCELLED_AT_DEPARTURE] == place.output.balance[types.CANCELLED] == 1 - share
    assert place.output.ledger[1, types.CANCELLED, 1].tolist() == [1 - share, 3 * (1 - share)]
    assert place.state.lines.later[1] == share and place.state.count[state.CANCELLED_COUNT] == 1 - share


def test_the_size_of_a_party():
    sizes = np.array([0.5, 0.75] + [0.9] * 12 + [1.0])
    assert [departures.size_by(sizes, u) for u in (0.0, 0.49, 0.5, 0.74, 0.75, 0.89, 0.9)] == [
        1,
        1,
        2,
        2,
        3,
        3,
        15,
    ]


def test_candidates_of_an_hour():
    place = Place({"induced_cap": 1.15})
    assert place.call(departures.parties_expected) == pytest.approx(46.0)
    place.model.hours.length[place.hour] = 30.0
    assert place.call(departures.parties_expected) == pytest.approx(23.0)


def test_where_no_crossing_is_worth_the_wait_everybody_who_can_walks():
    place = Place()
    extra = SimpleNamespace(
        features=np.zeros(9, np.int64),
        people=[SimpleNamespace(walk_equivalent_min=40.0)],
        foot=np.array([[1, -1, 2]]),
        foot_minutes=np.zeros((1, 3)),
        walk_chance=np.zeros((1, 1, 4)),
        walk_where=np.zeros((1, 1, 4, 3)),
    )
    place.call(on_foot.refresh_walking, extra=extra, row=2, coefficient=-0.01, inclusive=1e6)
    assert extra.walk_chance[0, 0, 2] == 1.0
    assert extra.walk_where[0, 0, 2].tolist() == [0.5, 0.5, 1.0]


def test_people_behind_the_first_of_a_party_on_foot_are_inspected_too():
    place = Place()
    place.model.flows.on_foot[1] = 1
    line, queue = place.state.lines[1], place.state.queue[1]
    for planned, people in ((0, 3), (1, 5), (0, 2)):  # of the second line's own parties each is one
        state.put(queue[line.tail], place.now, parties.make_tag(planned, place.hour, 0), U64(people), -1.0)
        line.tail += 1
    extra = SimpleNamespace(walked=np.ones(3, np.int64))
    assert place.call(on_foot.people_behind, extra=extra, station=1) == 2 + 1


def test_nobody_stands_behind_a_line_that_nobody_walks_to():
    place = Place()
    assert place.call(on_foot.people_behind, extra=SimpleNamespace(walked=np.zeros(3, np.int64))) == 0
