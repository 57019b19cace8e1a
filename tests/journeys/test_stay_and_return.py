"""Shelters, waiting lists, what people do when the wait is long, and how they go back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from garita.runs import travel_pair
from journeys.stories import at, story, told

TOWN = """\
journeys:
  from: 2018-11-01
  days: 40
  places: [{id: town}, {id: home}, {id: other}]
  groups: [{name: all, place: town, to: town, from: 2018-11-02, people: PEOPLE}]
"""


def town(people, rest="", **how):
    return told(TOWN.replace("PEOPLE", str(people)) + rest, **how)


def test_shelters_fill_in_order_then_crowd_then_the_street():
    shelters = (
        "  shelters:\n"
        "    - {id: first, place: town, capacity: 100, most: 150}\n"
        "    - {id: second, place: town, capacity: 60}\n"
    )
    for people, inside, street in (
        (90, [90, 0], 0),
        (155, [100, 55], 0),
        (180, [120, 60], 0),
        (400, [150, 60], 190),
    ):
        outcome = town(people, shelters)
        assert outcome.sheltered[0, 5].tolist() == inside
        assert outcome.street[0, 5, at(outcome, "town")] == street
        table = outcome.places
        table = table[(table.shelter != "all") & (table.day.astype(str) == "2018-11-06")]
        assert table.people.sum() == people
        assert table.over_capacity.sum() == max(0, inside[0] - 100) + street


def test_a_shelter_that_closes_moves_its_people_over_days():
    shelters = (
        "  shelters:\n"
        "    - {id: old, place: town, capacity: 400, until: 2018-11-12, "
        "moves_to: new, moves_from: 2018-11-08}\n"
        "    - {id: new, place: town, capacity: 300, from: 2018-11-07}\n"
    )
    outcome = town(350, shelters)
    inside = outcome.sheltered[0]
    assert inside[6].tolist() == [350, 0]  # 7 November
    assert inside[7, 0] == 350 - 88 and inside[9, 0] < inside[8, 0] < inside[7, 0]
    assert inside[11].tolist() == [0, 300]
    assert outcome.street[0, 11, at(outcome, "town")] == 50


LIST = "  waiting_lists: [{name: list, place: town, per_day: 10, after: 0 min, MORE}]\n"


def test_a_list_with_a_steady_intake_waits_as_long_as_it_is():
    outcome = town(200, LIST.replace(", MORE", ""))
    assert outcome.registered[0, 2, 0] == 200  # the day after they came
    assert outcome.taken[0, 2:22, 0].tolist() == [10] * 20 and outcome.taken[0, 22:, 0].sum() == 0
    # as many on each of 20 days: 0, 1, ... 19 days
    assert outcome.wait_by_registration(0)[0, outcome.layout.before + 2] == pytest.approx(9.5)
    assert outcome.listed[0, 10, 0] == 110
    assert outcome.expected[0, 10, 0] == pytest.approx(11.0)


def test_those_who_were_there_before_come_first_and_have_waited():
    outcome = town(0, LIST.replace("MORE", "waiting: 300, waited: 30 days"))
    assert outcome.layout.before == 30
    waits = outcome.wait_by_registration(0)[0, :30]
    assert waits == pytest.approx(np.full(30, 30.0))  # as fast as it grew
    assert outcome.listed[0, :30, 0].tolist() == list(range(290, -1, -10))


def test_numbers_stand_for_several_people_and_are_called_whole():
    outcome = town(200, LIST.replace("MORE", "people_per_number: 25"))
    taken = outcome.taken[0, 2:30, 0]
    assert set(taken.tolist()) == {0, 25} and taken.sum() == 200
    assert np.flatnonzero(taken).tolist() == [0, 2, 5, 7, 10, 12, 15, 17]


def test_nobody_is_taken_in_while_there_is_no_place_to_hold_them():
    outcome = town(200, LIST.replace("MORE", "holding: 4, held: 3000 days"))
    assert outcome.taken[0, :, 0].sum() <= 5
    outcome = town(
        2000, LIST.replace("per_day: 10", "per_day: 100").replace("MORE", "holding: 60, held: 3 days")
    )
    assert 60 + 10 * 20 < outcome.taken[0, :, 0].sum() < 60 + 37 * 20 * 1.3


def test_no_shows_are_called_and_not_taken_in():
    outcome = town(
        2000, LIST.replace("per_day: 10", "per_day: 50").replace("MORE", "no_show: 0.2"), replications=3
    )
    assert outcome.called.sum() == 3 * 38 * 50
    assert abs(outcome.taken.sum() / outcome.called.sum() - 0.8) < 0.02
    assert (outcome.gone[:, -1] == (outcome.called - outcome.taken).sum(axis=(1, 2))).all()


CLOSED = "closures: [{crossing: CROSSING, MODES from: 2018-11-10, until: 2018-11-15, MORE}]\n"


@pytest.mark.parametrize(
    ("crossing", "modes", "more", "days"),
    [
        ("port", "", "", 5),
        ("all", "modes: [pedestrian],", "exempt: [citizens]", 5),
        ("port", "modes: [car],", "", 0),
        ("gate", "", "", 0),  # the bridge is open
        ("port", "", "exempt: [asylum-processing]", 0),
        ("port", "", "share: 0.5", 0),
        ("port", "directions: [outbound],", "", 0),
        ("port", "", "reopening: [{at: 2018-11-12, share: 0.4}]", 2),
    ],
)
def test_the_list_stands_still_while_the_port_is_closed_on_foot(crossing, modes, more, days):
    flows = "".join(
        f"  - {{crossing: {name}, direction: outbound, mode: pedestrian, arrivals: 1, "
        "service: {mean: 30 s}, booths: 1}\n"
        for name in ("gate", "bridge")
    )
    closed = CLOSED.replace("CROSSING", crossing).replace("MODES", modes).replace("MORE", more)
    if "citizens" in more:
        flows = flows.replace("booths: 1}", "booths: 1, classes: {citizens: 0.5}}")
    case = story(
        TOWN.replace("PEOPLE", "500") + LIST.replace("MORE", "crossing: port"), flows + closed, port=True
    )
    with_closure, without = travel_pair(case, replications=1)
    assert (without.taken[0, 2:, 0] == 10).all()
    assert with_closure.taken[0, 9:14, 0].tolist() == [0] * days + [10] * (5 - days)
    assert (with_closure.taken[0, :9] == without.taken[0, :9]).all()
    if days == 5:
        assert with_closure.expected[0, 13, 0] > without.expected[0, 13, 0]


def test_a_closure_takes_its_part_of_the_hours_of_intake():
    closed = "closures: [{crossing: port, from: 2018-11-10 12:00, until: 2018-11-10 22:00}]\n"
    waiting = LIST.replace("MORE", 'crossing: port, hours: "08:00-16:00"')
    case = story(TOWN.replace("PEOPLE", "500") + waiting, closed, port=True)
    with_closure, _ = travel_pair(case, replications=1)
    assert with_closure.taken[0, 8:11, 0].tolist() == [10, 5, 10]


def test_people_choose_by_chance_and_only_when_the_wait_is_long():
    choices = (
        "  choices:\n"
        "    - {name: work, place: town, do: stay, per_day: 10 %}\n"
        "    - {name: leave, place: town, do: elsewhere, to: other, per_day: 10 %, "
        "takes: 3 days, wait_over: 30 days}\n"
        "    - {name: cross, place: town, do: between-ports, per_day: 5 %, "
        "sector: San Diego, wait_over: 3000 days}\n"
    )
    outcome = town(1000, LIST.replace(", MORE", "") + choices)
    chose = outcome.chose[0]
    assert 60 < chose[3, 0] < 140 and chose[:, 2].sum() == 0
    assert chose[3, 1] > 0 and chose[30, 1] == 0  # by then the list is short
    assert outcome.present[0, 6, at(outcome, "other")] == chose[:4, 1].sum()
    assert outcome.settled[0, -1, at(outcome, "town")] == chose[:, 0].sum()
    table = outcome.encounters
    assert table[table.kind == "apprehension"].events.sum() == 0
    assert table[table.kind == "inadmissible"].events.sum() == outcome.taken.sum()


RETURN = "  returns: [{name: back, kind: KIND, place: town, to: home, MORE}]\n"


def returns(kind="assisted-voluntary", **more):
    fields = ", ".join(f"{name}: {value}" for name, value in more.items())
    return RETURN.replace("KIND", kind).replace("MORE", fields)


def test_returns_leave_by_seats_and_trips_and_cost_what_they_cost():
    back = returns(by="plane", chance="100 %", per_day=100, seats=40, takes="2 days", trip_cost=5000, cost=10)
    outcome = town(250, back)
    assert outcome.left[0, 1:5, 0].tolist() == [100, 100, 50, 0]
    assert outcome.trips[0, 1:5, 0].tolist() == [3, 3, 2, 0]
    assert outcome.brought[0, 3:7, 0].tolist() == [100, 100, 50, 0]
    assert outcome.waiting_return[0, 1:4, 0].tolist() == [150, 50, 0]
    assert outcome.paid()[0, 0] == 8 * 5000 + 250 * 10
    assert outcome.returns.cost_usd.sum() == 8 * 5000 + 250 * 10
    answer = outcome.returning(0, 250)
    assert answer.days[0] == 5 and answer.trips[0] == 8 and answer.usd[0] == 42_500
    assert outcome.returning(0, 100).days[0] == 3


def test_vehicles_wait_until_enough_of_their_seats_are_taken():
    back = returns(waiting=130, chance="1 %", seats=50, fill="60 %")
    outcome = town(100, back)
    left = outcome.left[0, :, 0]
    assert left[0] == 130  # two full, and 30 in the third
    assert ((left == 0) | (left >= 30)).all() and left[1:10].sum() == 0


def test_a_plane_larger_than_a_days_capacity_leaves_when_it_is_full():
    outcome = town(300, returns(chance="100 %", per_day=40, seats=130, fill="100 %", trip_cost=1000))
    left = outcome.left[0, :, 0]
    assert set(left.tolist()) == {0, 130} and left.sum() == 260
    assert np.diff(np.flatnonzero(left)).tolist() == [3]
    assert outcome.returning(0, 260).usd[0] == 2000


def test_without_a_limit_all_leave_at_once_and_unknown_costs_stay_unknown():
    outcome = town(250, returns(chance="100 %"))
    assert outcome.left[0, 1, 0] == 250 and outcome.trips.sum() == 0
    assert np.isnan(outcome.paid()[0, 0]) and np.isnan(outcome.returning(0, 10).usd[0])
    assert np.isnan(outcome.returns.cost_usd).all()


def test_less_than_one_a_day_adds_up():
    outcome = town(20, returns(chance="100 %", per_day=0.25))
    assert outcome.left[0, :, 0].sum() == 10 and outcome.left[0, :, 0].max() == 1


def test_people_handed_over_are_given_by_table_and_part_of_the_event():
    back = returns("deported-by-mexico", table="[{day: 2018-11-10, people: 98}]", event="true")
    case = story(TOWN.replace("PEOPLE", "500") + back)
    with_event, without = travel_pair(case, replications=1)
    assert with_event.left[0, 9, 0] == 98 and with_event.present[0, 9, 0] == 402
    assert without.left.sum() == 0 and without.present[0, 9, 0] == 500


def test_the_us_removes_those_who_crossed_between_ports():
    more = "  choices: [{name: cross, place: town, do: between-ports, per_day: 10 %, sector: San Diego}]\n"
    outcome = town(1000, more + returns("removed-by-us", chance="50 %", by="bus"), replications=2)
    assert (outcome.left.sum(axis=(1, 2)) <= outcome.chose.sum(axis=(1, 2))).all()
    assert (
        outcome.left[:, :, 0].sum(axis=1) + outcome.crossed[:, -1] == outcome.chose.sum(axis=(1, 2))
    ).all()
    assert outcome.encounters.query("kind == 'apprehension'")["where"].unique().tolist() == ["San Diego"]
    assert outcome.encounters.query("kind == 'apprehension'").events.sum() == outcome.chose.sum()


def test_those_signed_up_before_wait_for_their_seats():
    outcome = town(0, returns(waiting=70, per_day=30))
    assert outcome.left[0, :3, 0].tolist() == [30, 30, 10]


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_nobody_is_lost_or_made_up(data):
    """The engine checks each day itself; here over stories put together at random."""
    number = data.draw

    def share(high=0.4):
        return round(number(st.floats(0.0, high)), 3)

    groups = "".join(
        f"    - {{name: g{k}, place: {start}, to: town, from: 2018-11-{number(st.integers(1, 20)):02}, "
        f"people: {number(st.integers(0, 500))}, goes_on: {share(1.0)}"
        f"{number(st.sampled_from(['', f', shares: {{women: {share()}, men: {share()}}}']))}}}\n"
        for k, start in enumerate(
            number(st.lists(st.sampled_from(["home", "mid", "town"]), min_size=1, max_size=4))
        )
    )
    kinds = ", ".join(
        f"{{name: k{k}, share: {share()}, registers: {share(1.0)}, together: {number(st.integers(1, 6))}}}"
        for k in range(number(st.integers(0, 2)))
    )
    text = (
        "journeys:\n  from: 2018-11-01\n  days: 35\n  turn_back: " + str(share()) + "\n"
        "  places: [{id: town}, {id: home}, {id: mid}, {id: other}]\n"
        f"  routes: [{{from: home, to: mid, km: {number(st.integers(1, 200))}}}, "
        f"{{from: mid, to: town, km: 40}}, {{from: home, to: town, km: 300, share: {share(1.0)}}}]\n"
        f"  groups:\n{groups}"
        "  closures: [{name: x, between: [mid, town], from: 2018-11-05, "
        f"until: {number(st.integers(1, 20))} days}}]\n"
        f"  shelters: [{{id: s, place: town, capacity: {number(st.integers(0, 300))}, until: 2018-11-20}}]\n"
        f"  waiting_lists: [{{name: l, place: town, waiting: {number(st.integers(0, 90))}, waited: 5 days, "
        f"per_day: {number(st.integers(0, 40))}, registers: {share(1.0)}, no_show: {share(1.0)}, "
        f"people_per_number: {number(st.integers(1, 12))}, holding: {number(st.integers(0, 60))}, "
        f"kinds: [{kinds}]}}]\n"
        "  choices:\n"
        f"    - {{name: a, place: town, do: stay, per_day: {share()}}}\n"
        f"    - {{name: b, place: town, do: elsewhere, to: other, per_day: {share()}}}\n"
        f"    - {{name: c, place: town, do: between-ports, per_day: {share()}}}\n"
        "  returns:\n"
        f"    - {{name: r, kind: on-their-own, place: town, to: home, "
        f"chance: {share()}, per_day: 7, waiting: 9}}\n"
        f"    - {{name: s, kind: removed-by-us, place: town, to: home, chance: {share()}}}\n"
    )
    outcome = told(text, replications=3)
    room = outcome.capacity.max(axis=(0, 1))
    assert (outcome.sheltered <= np.maximum(room, 0)).all()
    assert (outcome.present >= 0).all() and (outcome.listed >= 0).all()
    assert (outcome.called.sum(axis=1) == outcome.called_of.sum(axis=1)).all()
    for name in ("listed", "called", "taken") if outcome.layout.list_kinds else ():
        assert (outcome.arrays[f"{name}_by"].sum(axis=2) == outcome.arrays[name][:, :, 0]).all()
    if outcome.layout.kinds:
        parts = sum(outcome.by_kind[name] for name in ("women", "men", "children", "not_told"))
        assert np.abs(parts - outcome.present).max() < 0.01


def test_others_register_too_and_need_no_shelter():
    shelters = "  shelters: [{id: s, place: town, capacity: 10}]\n"
    outcome = town(0, LIST.replace("MORE", "others: 10, waiting: 100, waited: 10 days") + shelters)
    assert 250 < outcome.registered[0, :, 0].sum() < 550
    assert outcome.sheltered.sum() == 0 and outcome.street.sum() == 0
    assert outcome.present[0, -1, at(outcome, "town")] == outcome.listed[0, -1, 0]
    assert outcome.entered[0] == 100 + outcome.registered[0, :, 0].sum()
