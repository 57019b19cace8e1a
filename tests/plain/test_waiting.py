"""What people decide in a line, against the formulas in the documentation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from garita.engine import choice, loop, parties, rooms, state, travel, types, waiting
from plain.place import U64, Place, closed_in_the_model


@pytest.fixture
def place():
    return Place()


def test_how_long_a_party_expects_to_wait_on():
    place = Place(service={"distribution": "deterministic", "mean": "3 min"})
    lines = place.state.lines
    lines.open[0], lines.roster[0] = 2, 4
    stay = [place.call(waiting.staying_minutes, ahead=10)]
    lines.open[0] = 0
    place.model.flow_hours.opens_in[0, place.hour] = 200.0
    stay.append(place.call(waiting.staying_minutes, ahead=10))
    lines.status[0] = types.CLOSED
    closed_in_the_model(place, remaining=100.0)
    place.state.lines.status[0], place.state.lines.roster[0] = types.CLOSED, 0
    stay.append(place.call(waiting.staying_minutes, epoch=1, ahead=10))
    assert stay == [15.0, 207.5, 130.0]


def test_the_weights_of_other_crossings():
    place = Place(usual_wait=10)
    place.state.lines.published[2] = 50.0

    def weigh(planned=0, here=0):
        return place.call(waiting.weigh_others, planned=planned, here=here, coefficient=-0.02, total=2.0)

    b, c = 15 / 40 * math.exp(-0.02 * 40.0), 5 / 40 * math.exp(-0.02 * 90.0)
    assert weigh() == pytest.approx(2.0 + b + c)
    assert place.state.weights.tolist() == pytest.approx([0.0, b, c])
    place.state.lines.status[1] = types.PARTLY
    assert weigh() == pytest.approx(2.0 + b + c)
    place.state.lines.status[1] = types.CLOSED
    assert weigh() == pytest.approx(2.0 + c)
    place.model.flow_hours.within[2] = 0
    assert weigh() == 2.0
    # a crossing that more people plan to use than this one draws no more than this one
    assert weigh(1, 1) == pytest.approx(2.0 + math.exp(-0.02 * 40.0))


def decide(place, word, may_stay=1, ahead=10, ordinal=4):
    tag = parties.make_tag(0, place.hour, ordinal)
    return place.call(waiting.decide_in_queue, tag=tag, word=word, ahead=ahead, may_stay=may_stay)


def test_who_stays_looks_again_after_a_while():
    place = Place(
        {"give_up_equivalent_other_min": 100_000, "patience_mean_min": 50, "reconsider_mean_min": 5}
    )
    place.state.lines.open[0] = 2
    word = U64(2) | state.MOVED_BIT
    stays, after, again = decide(place, word)
    assert stays and after == word + (U64(1) << state.CHECKS_SHIFT)
    place.state.lines.status[0] = types.CLOSED
    _, _, sooner = decide(place, word)
    assert (again - place.now) == pytest.approx(10 * (sooner - place.now), rel=1e-5)
    often = word | (state.CHECKS_MASK << state.CHECKS_SHIFT)
    assert decide(place, often) == (True, often, np.inf)


def test_who_cannot_stay_leaves():
    place = Place({"give_up_equivalent_other_min": 0, "later_share": 0})
    place.state.lines.open[0] = 2
    word = U64(2) | state.MOVED_BIT  # has changed crossing before: home it is
    assert decide(place, word, may_stay=0) == (False, word, np.inf)
    assert place.output.gross[0, types.GAVE_UP_IN_QUEUE].tolist() == [1, 2]
    assert place.state.count[state.GAVE_UP_COUNT] == place.output.balance[types.GAVE_UP] == 1
    place.behaviour.later_share = 1.0
    decide(place, word, may_stay=0)
    assert place.output.gross[0, types.LATER_FROM_QUEUE].tolist() == [1, 2]
    assert place.state.lines.later[0] == 1 and place.output.balance[types.GAVE_UP] == 1


def test_who_would_wait_overnight_does_not():
    place = Place({"give_up_equivalent_other_min": 100_000, "later_share": 0, "look_again_min": 60})
    word = U64(2) | state.MOVED_BIT
    place.model.flow_hours.opens_in[0, place.hour] = 61.0
    assert not decide(place, word)[0]
    place.model.flow_hours.opens_in[0, place.hour] = 60.0
    assert decide(place, word)[0]
    place.state.lines.open[0] = 1
    place.model.flow_hours.opens_in[0, place.hour] = 61.0
    assert decide(place, word)[0]


def test_who_leaves_goes_where_the_weights_say():
    """Shares of many parties, by the formula; nobody who moved moves again."""
    place = Place({"give_up_equivalent_other_min": 60, "wait_coefficient_other": -0.02, "later_share": 0})
    total, went = 400, np.zeros(3)
    for ordinal in range(total):
        before = place.state.lines.way.copy()
        stays, word, _ = decide(place, U64(1), may_stay=0, ordinal=ordinal)
        assert not stays
        moved = place.state.lines.way - before
        went += moved
        assert (word & state.MOVED_BIT != U64(0)) == bool(moved.sum())
    weights = np.array([0.0, 15 / 40 * math.exp(-0.02 * 30.0), 5 / 40 * math.exp(-0.02 * 40.0)])
    expected = total * weights / (weights.sum() + math.exp(-0.02 * 60.0))
    assert abs(went - expected).max() < 3.5 * math.sqrt(total * 0.25)
    assert went[1] > 3 * went[2] > 0
    assert place.output.gross[0, types.DIVERTED_FROM_QUEUE, 0] == went.sum()
    assert place.output.gross[0, types.GAVE_UP_IN_QUEUE, 0] == total - went.sum()


def stand(place, people, status=types.OPEN):
    """Parties in the first line: (minutes ago, people)."""
    line, queue = place.state.lines[0], place.state.queue[0]
    line.status = status
    for ordinal, (ago, size) in enumerate(people):
        state.put(
            queue[line.tail],
            place.now - ago,
            parties.make_tag(0, place.hour, ordinal),
            U64(size),
            state.UNSET,
        )
        line.tail += 1
    line.waiting, line.waiting_people = len(people), sum(size for _, size in people)
    return line, queue


def test_whether_a_line_needs_looking_through():
    place = Place({"patience_min": 30})

    def thinks():
        return bool(place.call(waiting.anybody_thinks))

    assert not thinks()
    line, queue = stand(place, [(29.0, 1), (10.0, 2)])
    assert not thinks()
    queue.time[0] -= 1.0
    assert thinks()
    queue.time[0] += 1.0
    line.looking = 1
    assert thinks()
    line.looking, line.status = 0, types.CLOSED
    assert thinks()


def test_those_whose_moment_has_come_decide():
    """Whoever thinks goes home, because waiting is so bad; the others keep their places."""
    behaviour = {
        "patience_min": 30,
        "patience_mean_min": 10,
        "give_up_equivalent_other_min": 0,
        "give_up_equivalent_must_min": 0,
        "later_share": 0,
        "wait_coefficient_other": -10,
    }
    place = Place(behaviour, service={"distribution": "deterministic", "mean": "20 min"})
    line, queue = stand(place, [(25.0, 5), (190.0, 2), (20.0, 3), (15.0, 1), (5.0, 4)])
    place.state.lines.open[0] = 1
    queue.check[3] = place.now  # due now
    queue.tag[2] = state.GONE
    line.looking, line.waiting, line.waiting_people = 1, 4, 12
    place.call(waiting.think_in_queue)
    assert [int(tag) == state.GONE for tag in queue.tag[:5]] == [False, True, True, True, False]
    assert queue.check[4] == queue.check[0] == state.UNSET
    assert (line.waiting, line.waiting_people, line.looking) == (2, 9, 0)
    assert place.output.bins[0, 3, types.LEFT] == 2


def test_patience_lasts_a_while_and_then_ends_at_a_constant_rate():
    place = Place({"patience_min": 30, "patience_mean_min": 10})
    tags = [parties.make_tag(0, place.hour, i) for i in range(400)]
    ends = np.array([place.call(waiting.patience_ends, joined=100.0, tag=tag) for tag in tags])
    assert ends.min() >= 130.0
    assert abs(ends.mean() - 140.0) < 3.5 * 10.0 / 20.0


def test_those_caught_by_a_closure_think_soon_and_later_be_patient_again():
    place = Place({"reconsider_mean_min": 20, "patience_min": 300, "patience_mean_min": 10})
    _, queue = stand(place, [(10.0, 1)] * 60)
    queue.tag[7] = state.GONE
    place.call(waiting.surprise, closes=True)
    pauses = np.delete(queue.check[:60], 7) - place.now
    assert (pauses > 0.0).all() and abs(pauses.mean() - 20.0) < 3.5 * 20.0 / 59**0.5
    assert queue.check[7] == state.UNSET
    place.call(waiting.surprise, closes=False)
    assert (np.delete(queue.check[:60], 7) > place.now + 289.0).all()
    place.call(waiting.surprise, closes=False, now=place.now + 1000.0)
    assert (np.delete(queue.check[:60], 7) == place.now + 1000.0).all()


def test_those_of_barred_classes_are_turned_away():
    place = Place()
    line, queue = stand(place, [(10.0, 2)] * 40)
    queue.tag[0] = state.GONE
    line.waiting, line.waiting_people = 39, 78
    place.model.classes[:] = [0.25, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    line.barred = 0b10
    classes = [place.call(parties.class_of, tag=tag) for tag in queue.tag[1:40]]
    place.call(waiting.turn_away, first_place=10)
    assert line.turned == sum(classes[9:]) and (queue.tag[1:10] != state.GONE).all()
    place.call(waiting.turn_away, first_place=0)
    assert 0.5 < np.mean(classes) < 0.95
    assert line.turned == sum(classes) == place.output.bins[0, 3, types.LEFT]
    assert [int(tag == state.GONE) for tag in queue.tag[1:40]] == classes
    assert line.waiting == 39 - sum(classes) and line.waiting_people == 2 * line.waiting
    place.behaviour.give_up_equivalent_other_min, place.behaviour.later_share = 0.0, 0.0
    place.call(waiting.send_on)
    went = place.state.lines.way.sum() + place.output.balance[types.GAVE_UP]
    assert line.turned == 0 and went == sum(classes)


def test_too_many_turned_away_for_the_room():
    place = Place()
    line, _ = stand(place, [(10.0, 2)] * 3)
    line.barred, line.turned = 0xFF, place.state.turned.shape[1]
    place.call(waiting.turn_away, first_place=0)
    assert place.state.count[state.FAULT] == types.QUEUE_FULL


def test_too_many_who_must_decide_for_the_room(place):
    place.state.lines.turned[0] = place.state.turned.shape[1] - 1
    for fault in (0, types.QUEUE_FULL):
        place.call(rooms.to_decide, tag=7, word=U64(1))
        assert place.state.count[state.FAULT] == fault
    assert place.state.turned.tag[0, -1] == 7


def test_whoever_is_still_there_at_the_end_is_entered_in_the_books():
    """Two in the line, of whom one has left; one turned away, one on the way, one who tries again later."""
    place = Place()
    _, queue = stand(place, [(5.0, 2), (4.0, 3)])
    queue.tag[1] = state.GONE
    tag = parties.make_tag(1, place.hour, 0)
    place.call(rooms.to_decide, tag=tag, word=U64(4))
    travel.send(place.state, 2, place.now + 9.0, tag + 1, U64(5))
    travel.send(place.state, 2, place.now + 9.5, tag + 3, U64(5))
    place.behaviour.later_share = 1.0
    place.call(choice.try_later, tag=tag + 2, word=U64(6), u_whether=0.0, u_when=0.5)
    place.call(loop.close_books)
    ledger = place.output.ledger
    assert ledger[:, types.WAITING, 0].tolist() == [[1, 2], [1, 4], [0, 0]]
    assert ledger[1, types.ON_THE_WAY].tolist() == [[0, 0], [1, 6], [2, 10]]
    assert ledger.sum() == place.output.balance.sum() + 2 + 4 + 6 + 10
    assert place.call(loop.still_here) == 1 + 1 + 2 + 1 + 1  # counted by line: who has left was not taken off
