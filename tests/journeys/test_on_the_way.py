"""People on their way: arrival times, rests, splits, merges, closed ways and news of them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from garita.runs import travel
from journeys.stories import LINE, at, story, told


def arrivals(outcome, place):
    """Days from 1 October (0) with the people who reached a place."""
    reached = outcome.reached[0, :, at(outcome, place)]
    return {int(day): int(reached[day]) for day in np.flatnonzero(reached)}


def test_a_line_of_towns_is_passed_at_the_exact_speed():
    # 30 km a day on foot: 75, 135 and 180 km after 2.5, 4.5 and 6 days, from 3 October
    outcome = told(LINE)
    assert arrivals(outcome, "a") == {2: 100}
    assert arrivals(outcome, "b") == {4: 100}
    assert arrivals(outcome, "c") == {6: 100}
    assert arrivals(outcome, "d") == {8: 100}
    assert outcome.present[0, -1].tolist() == [0, 0, 0, 100]


def test_many_short_ways_take_as_long_as_one_long_way():
    names = [f"p{k}" for k in range(31)]
    places = ", ".join(f"{{id: {name}}}" for name in names)
    ways = ", ".join(f"{{from: {a}, to: {b}, km: 7}}" for a, b in pairwise(names))
    text = (
        f"journeys:\n  from: 2018-10-01\n  days: 12\n  places: [{places}]\n  routes: [{ways}]\n"
        "  groups: [{name: g, place: p0, to: p30, from: 2018-10-01, people: 5}]\n"
    )
    assert arrivals(told(text), "p30") == {7: 5}  # 210 km at 30 km a day


def test_groups_rest_where_they_say_and_are_there_meanwhile():
    outcome = told(LINE.replace("people: 100", "people: 100, rests: [{place: b, days: 3 days}]"))
    assert arrivals(outcome, "b") == {4: 100}
    assert outcome.present[0, 4:7, at(outcome, "b")].tolist() == [100, 100, 100]
    assert arrivals(outcome, "d") == {11: 100}


def test_pace_and_modes_make_the_speed():
    text = LINE.replace("km: 60}", "km: 1000, mode: bus}").replace("people: 100", "people: 100, pace: 0.5")
    assert arrivals(told(text), "c") == {11: 100}  # 75 km at 15 a day, 1,000 km at 250 a day: 9 days
    assert arrivals(told(LINE.replace("km: 75}", "takes: 36 h}")), "b") == {3: 100}


def test_those_who_do_not_go_on_at_once_spread_over_days():
    outcome = told(LINE.replace("people: 100", "people: 1000, goes_on: 0.4"))
    left = -np.diff(outcome.present[0, 1:8, at(outcome, "a")])
    assert (left[1:] > 0).all() and abs(int(outcome.present[0, 2, at(outcome, "a")]) - 600) < 80
    assert outcome.entered[0] == 1000


def test_a_share_takes_the_other_way():
    text = LINE.replace(
        "{from: c, to: d, km: 45}", "{from: c, to: d, km: 45}, {from: a, to: c, km: 300, share: 0.3}"
    )
    outcome = told(text.replace("people: 100", "people: 1000"))
    there = arrivals(outcome, "c")
    assert sum(there.values()) == 1000 and set(there) == {6, 12}
    assert abs(there[12] - 300) < 60


def test_groups_merge():
    late = "{name: late, place: b, to: d, from: 2018-10-06, people: 7, merges: {place: c, into: walkers}}"
    text = LINE.replace("people: 100}", f"people: 100}}, {late}")
    outcome = told(text)
    assert outcome.present[0, -1, at(outcome, "d")] == 107


@pytest.mark.parametrize("what", ["place: c", "between: [c, b]", "countries: [B, b]"])
def test_a_closed_way_holds_people_up_until_it_opens(what):
    closed = f"  closures: [{{name: shut, {what}, from: 2018-10-01, until: 2018-10-16}}]\n"
    outcome = told(LINE + closed)
    assert outcome.held_up[0, 4:15, at(outcome, "b")].tolist() == [100] * 11
    assert arrivals(outcome, "c") == {17: 100}


def test_overlapping_closures_count():
    closed = (
        "  closures:\n"
        "    - {name: one, between: [b, c], from: 2018-10-01, until: for good}\n"
        "    - {name: two, place: c, from: 2018-10-03, until: 2018-10-05}\n"
    )
    assert arrivals(told(LINE + closed), "c") == {}


def test_news_of_a_closure_sends_people_round():
    text = LINE.replace("{from: c, to: d, km: 45}", "{from: c, to: d, km: 45}, {from: a, to: d, km: 600}")
    closed = "  closures: [{name: shut, between: [c, d], from: 2018-10-01, until: for good, news: NEWS}]\n"
    known = told(text + closed.replace("NEWS", "1 day"))
    assert arrivals(known, "d") == {22: 100} and arrivals(known, "b") == {}
    late = told(text + closed.replace("NEWS", "20 days"))
    assert arrivals(late, "c") == {6: 100} and late.held_up[0, 10, at(late, "c")] == 100


def test_some_of_those_held_up_turn_back():
    closed = (
        "  closures: [{name: shut, between: [b, c], from: 2018-10-01, until: for good}]\n  turn_back: 0.2\n"
    )
    outcome = told(LINE + closed)
    held = outcome.held_up[0, :, at(outcome, "b")]
    assert held[4] < 100 and held[12] < held[6]
    assert (held + outcome.turned_back[0])[6:].tolist() == [100] * 24


def test_the_order_of_entries_changes_nothing_but_their_order():
    two = "{name: two, place: b, to: d, from: 2018-10-02, per_day: 8, goes_on: 0.7}"
    text = LINE.replace("people: 100}", f"people: {{range: [50, 900]}}, goes_on: 0.5}}, {two}")
    text = text.replace("routes: [", "routes: [{from: a, to: c, km: 150, share: 0.3}, ")
    turned = text.replace(
        "{from: a, to: b, km: 75}, {from: b, to: c, km: 60}",
        "{from: b, to: c, km: 60}, {from: a, to: b, km: 75}",
    )
    first, second = (travel(story(each)) for each in (text, turned))
    assert (first.present == second.present).all() and (first.reached == second.reached).all()
    assert len({int(people) for people in first.entered}) == 3  # each history draws its own


def test_every_history_is_the_same_by_itself():
    text = LINE.replace("people: 100", "people: {range: [50, 900]}, goes_on: 0.5")
    case = story(text)
    whole, alone = travel(case, replications=5), travel(case, replications=2)
    for name in whole.arrays:
        assert (getattr(whole, name)[:2] == getattr(alone, name)).all(), name


def test_ways_of_no_length_lead_nobody_round_for_ever():
    text = (
        "journeys:\n  from: 2018-10-01\n  days: 10\n  places: [{id: a}, {id: b}, {id: c}]\n"
        "  routes: [{from: a, to: b, takes: 0 min}, {from: b, to: a, takes: 0 min}, "
        "{from: b, to: c, km: 30}]\n"
        "  groups: [{name: g, place: a, to: c, from: 2018-10-02, people: 9}]\n"
        "  closures: [{name: shut, between: [b, c], from: 2018-10-01, until: 2018-10-06, news: 30 days}]\n"
    )
    outcome = told(text)
    assert outcome.present[0, -1, at(outcome, "c")] == 9
