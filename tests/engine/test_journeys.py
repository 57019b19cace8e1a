"""Journeys against what can be reckoned by hand, and the defects of Flee with the right behaviour as our
default."""

from __future__ import annotations

import numpy as np
import pytest

from engine.journey_nets import network, people
from garita.engine import journey_types as types
from garita.engine.journeys import TooManyRoutes, routes, travel

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

BOTH = pytest.mark.parametrize("rules", ["flee3", "garita"])
PEOPLE = 20_000


def within(found, wanted, people, sigmas=4.5):
    """Whether a binomial count is where chance alone would put it."""
    share = wanted / people
    return abs(found - wanted) <= sigmas * (people * share * (1 - share)) ** 0.5 + 1e-9


@BOTH
def test_two_camps_share_people_by_gravity(rules):
    """Weights 1/100 and 1/200: two thirds and one third."""
    net = network(
        3, [(0, 1, 100), (0, 2, 200)], 3, rules=rules, initial=[PEOPLE, 0, 0], chance=[1, 0, 0], town=0
    )
    journal = travel(net, 1, 0, rules)
    assert journal.inside[0, 0] == 0
    assert within(journal.inside[0, 1], PEOPLE * 2 / 3, PEOPLE)
    assert people(journal).tolist() == [PEOPLE] * 3


@BOTH
@pytest.mark.parametrize(
    ("settings", "ratio"),
    [
        ({types.SOFTENING: 100}, 300 / 200),
        ({types.DISTANCE_POWER: 2}, 4),
        ({types.WEIGHT_POWER: 3}, 8),
        ({types.WEIGHT_SOFTENING: 1}, 2),
        ({types.PRUNING: 1.5}, np.inf),
        ({types.PRUNING: 2.5}, 2),
    ],
)
def test_weights_follow_the_settings(rules, settings, ratio):
    net = network(
        3,
        [(0, 1, 100), (0, 2, 200)],
        1,
        rules=rules,
        settings=settings,
        initial=[PEOPLE, 0, 0],
        chance=[1, 0, 0],
        town=0,
    )
    share = 1.0 if ratio == np.inf else ratio / (1 + ratio)
    assert within(travel(net, 2, 0, rules).inside[0, 1], PEOPLE * share, PEOPLE)


@BOTH
def test_scores_and_movechance_scale_choices_and_departures(rules):
    net = network(
        3,
        [(0, 1, 100), (0, 2, 100)],
        1,
        rules=rules,
        score=[1, 3, 1],
        initial=[PEOPLE, 0, 0],
        chance=[0.25, 0, 0],
        town=0,
    )
    journal = travel(net, 3, 0, rules)
    left = PEOPLE - journal.inside[0, 0]
    assert within(left, PEOPLE / 4, PEOPLE)
    assert within(journal.inside[0, 1], left * 3 / 4, left)


def test_a_line_of_towns_is_travelled_in_known_time():
    """Ten links of 90 km at 360 km a day: four a day, to the last millimetre."""
    line = [(place, place + 1, 90) for place in range(10)]
    score = [0, *([1e-9] * 9), 1]
    net = network(
        11, line, 4, awareness=10, score=score, initial=[1000, *([0] * 10)], chance=[1, *([0] * 10)]
    )
    journal = travel(net, 4, 0, "garita")
    assert [int(np.argmax(row)) for row in journal.inside] == [4, 8, 10, 10]
    assert journal.inside[2, 10] >= 999


@pytest.mark.parametrize("links", [3, 7, 10, 30])
def test_speed_is_kept_exactly_however_many_hops(links):
    """360 km in equal links that no binary fraction can say are done on the first day, 360 km and 1 mm
    are not."""
    km = 360 / links
    line = [(place, place + 1, km) for place in range(links)]
    score = [0] * links + [1]
    for longer, there in ((0.0, True), (1e-3, False)):
        net = network(
            links + 1, [*line[:-1], (links - 1, links, km + longer)], 2, awareness=links, score=score,
            initial=[50] + [0] * links, chance=[1] + [0] * links,
        )  # fmt: skip
        journal = travel(net, 5, 0, "garita")
        assert (int(journal.inside[0, links]) == 50) is there
        assert journal.inside[1, links] == 50


def test_on_foot_the_first_link_takes_ten_times_as_long():
    net = network(
        3, [(0, 1, 360), (1, 2, 360)], 12, switches={types.START_ON_FOOT: 1}, score=[0, 0, 1], awareness=2,
        initial=[5, 0, 0], chance=[1, 0, 0],
    )  # fmt: skip
    journal = travel(net, 5, 0, "garita")
    assert journal.inside[:, 2].tolist() == [0] * 10 + [5, 5]


def test_the_second_hop_of_flee_doubles_the_speed():
    """Defect 5: 700 km in a day at 360 km a day. Ours takes two days."""
    two = [(0, 1, 350), (1, 2, 350)]
    for rules, days in (("flee3", 1), ("garita", 2)):
        net = network(
            3, two, 3, rules=rules, awareness=2, score=[0, 0, 1], initial=[1, 0, 0], chance=[1, 0, 0]
        )
        assert travel(net, 6, 0, rules).inside[:, 2].tolist().index(1) == days - 1


def test_nobody_gets_in_beyond_a_hard_capacity():
    """Defect 6: Flee lets 5,000 into a camp for 100. Ours lets in 100; the others stand in front of it."""
    for rules in ("flee3", "garita"):
        net = network(
            2, [(0, 1, 100)], 4, rules=rules, camp=[0, 1], town=[1, 0], hard=[0, 1], capacity=[0, 100],
            initial=[5000, 0],
            chance=[1, 0],
        )  # fmt: skip
        journal = travel(net, 7, 0, rules)
        assert people(journal).tolist() == [5000] * 4
        if rules == "flee3":
            assert journal.inside[0, 1] == 5000
        else:
            assert journal.inside[:, 1].tolist() == [100] * 4
            assert journal.outside[0, 1] == 4900


def test_overflow_looks_elsewhere_and_free_beds_go_to_who_waits():
    """Who finds a camp full leaves for the next with the daily chance; beds that become free are filled."""
    net = network(
        3, [(0, 1, 100), (1, 2, 100)], 40, camp=[0, 1, 1], town=[1, 0, 0], hard=[0, 1, 1], capacity=[0,
        100, 1000],
        initial=[1000, 0, 0], chance=[1, 0.02, 0], score=[0, 1, 1], settings={types.TURN_BACK: 0.1},
    )  # fmt: skip
    journal = travel(net, 8, 0, "garita")
    assert (journal.inside[:, 1] <= 100).all()
    assert journal.inside[5, 1] == 100
    assert journal.inside[-1, 2] > 500
    assert journal.outside[-1, 1] < 100
    assert people(journal).tolist() == [1000] * 40


def closed(steps, links, *, which, days):
    found = np.ones((steps, links), np.uint8)
    for link in which:
        found[days, link] = 0
    return found


def test_a_border_closed_for_a_day_sends_nobody_back_who_is_far_from_it():
    """Defect 4: on a way of ten days, closed on the second, Flee puts all back to the start on the tenth."""
    for rules, there in (("flee3", 0), ("garita", 100)):
        net = network(
            2, [(0, 1, 3600)], 11, rules=rules, initial=[100, 0], chance=[1, 0],
            open=closed(11, 2, which=[0, 1], days=[1]),
        )  # fmt: skip
        journal = travel(net, 9, 0, rules)
        assert journal.inside[10 if rules == "flee3" else 9, 1] == there
        if rules == "flee3":
            assert journal.inside[10, 0] == 100


def test_people_wait_at_a_closed_border_and_cross_when_it_opens():
    days = list(range(1, 6))
    net = network(
        2, [(0, 1, 400)], 8, initial=[100, 0], chance=[1, 0], open=closed(8, 2, which=[0, 1], days=days)
    )
    journal = travel(net, 10, 0, "garita")
    assert journal.at_border[:, 0].tolist() == [0, *[100] * 5, 0, 0]
    assert journal.inside[6, 1] == 100


def test_people_turn_back_from_a_border_that_stays_closed():
    net = network(
        2, [(0, 1, 400)], 12, initial=[100, 0], chance=[1, 0], open=closed(12, 2, which=[0, 1],
        days=slice(1, 12)),
        settings={types.TURN_BACK: 1.0},
    )  # fmt: skip
    journal = travel(net, 11, 0, "garita")
    assert journal.at_border[1, 0] == 100
    assert journal.inside[3:, 0].tolist() == [100] * 9  # 400 km back take two days; then the way is shut


def test_who_finds_the_next_link_closed_chooses_anew():
    """From town 1 the way to 2 closes; there is another, to 3."""
    routes_ = [(0, 1, 360), (1, 2, 100), (1, 3, 100)]
    shut = closed(4, 6, which=[2, 3], days=slice(1, 4))
    net = network(
        4,
        routes_,
        4,
        awareness=2,
        score=[0, 0, 1, 1e-9],
        initial=[100, 0, 0, 0],
        chance=[1, 0, 0, 0],
        open=shut,
    )
    journal = travel(net, 12, 0, "garita")
    assert journal.inside[0, 1] == 100
    assert journal.inside[1, 3] == 100


def test_forced_links_are_taken():
    """Defect 2: in Flee 3 a forced redirection changes nothing."""
    forced = np.zeros((2, 4), np.uint8)
    forced[:, 0] = 1
    net = network(
        3, [(0, 1, 300), (0, 2, 10)], 2, initial=[100, 0, 0], chance=[1, 0, 0], forced=forced, town=0
    )
    assert travel(net, 13, 0, "garita").inside[0].tolist() == [0, 100, 0]


def test_places_known_ahead():
    """With knowledge of one place nobody heads for what lies behind it; with two they do."""
    line = [(0, 1, 10), (1, 2, 10)]
    for awareness, there in ((1, 0), (2, 1000)):
        net = network(
            3,
            line,
            1,
            awareness=awareness,
            score=[0, 1e-6, 1e6],
            initial=[1000, 0, 0],
            chance=[1, 0, 0],
            town=0,
        )
        assert travel(net, 14, 0, "garita").inside[0, 2] == there


def two_ways(**given):
    """From place 0 to place 2: 100 km directly, 150 km by place 1, listed by length as by our rule."""
    net = network(
        3, [(0, 2, 100), (0, 1, 50), (1, 2, 100)], 3, switches={types.SHORTEST_ONLY: 1}, chance=[1, 0, 0],
        initial=[PEOPLE, 0, 0], score=[0, 0, 1], town=0, **given,
    )  # fmt: skip
    ways = routes(net.start, net.end, net.distance, np.arange(6, dtype=np.int32), np.zeros(3, np.uint8), 2)
    order = [r for r in range(ways.first_route[1]) if ways.route_end[r] == 2]
    order.sort(key=lambda r: ways.route_length[r])
    paths = [ways.hop_link[ways.first_hop[r] : ways.first_hop[r + 1]].tolist() for r in order]
    assert paths == [[0], [2, 4]]
    return net._replace(
        first_route=np.array([0, 2, 2, 2], np.int32),
        route_end=np.array([2, 2], np.int32),
        route_length=np.array([100.0, 150.0]),
        first_hop=np.array([0, 1, 3], np.int32),
        hop_link=np.array([0, 2, 4], np.int32),
    )


def test_of_two_ways_to_a_place_the_shorter_open_one_is_taken():
    for day_closed, way in ((None, [PEOPLE, 0]), (0, [0, PEOPLE])):
        shut = np.ones((3, 6), np.uint8)
        if day_closed is not None:
            shut[day_closed, :2] = 0
        journal = travel(two_ways(open=shut, walk_chance=[1, 1, 1, 1, 0, 0]), 21, 0, "garita")
        assert journal.on_link[0, [0, 2]].tolist() == way  # on foot, so still on the first link


def test_a_way_goes_where_people_are_sent():
    forced = np.zeros((3, 6), np.uint8)
    forced[:, 2] = 1
    journal = travel(two_ways(forced=forced, walk_chance=[1, 1, 1, 1, 0, 0]), 22, 0, "garita")
    assert journal.on_link[0, [0, 2]].tolist() == [0, PEOPLE]


def test_routes_are_simple_paths_and_markers_are_passed():
    start = np.array([0, 1, 1, 2, 2, 0], np.int32)
    end = np.array([1, 0, 2, 1, 0, 2], np.int32)
    km = np.array([1.0, 1, 2, 2, 4, 4])
    as_it_is = np.arange(6, dtype=np.int32)
    found = routes(start, end, km, as_it_is, np.zeros(3, np.uint8), 2)
    assert found.first_route.tolist() == [0, 4, 8, 12]
    paths = [
        (int(end), float(length))
        for end, length in zip(found.route_end[:4], found.route_length[:4], strict=True)
    ]
    assert sorted(paths) == [(1, 1.0), (1, 6.0), (2, 3.0), (2, 4.0)]
    marked = routes(start, end, km, as_it_is, np.array([0, 1, 0], np.uint8), 1)
    assert sorted(marked.route_length[: marked.first_route[1]].tolist()) == [3.0, 4.0]


def test_too_many_routes_are_refused():
    places = 60
    pairs = [(a, b) for a in range(places) for b in range(places) if a != b]
    start, end = (np.array(side, np.int32) for side in zip(*pairs, strict=True))
    with pytest.raises(TooManyRoutes):
        routes(
            start,
            end,
            np.ones(len(pairs)),
            np.arange(len(pairs), dtype=np.int32),
            np.zeros(places, np.uint8),
            5,
        )


@BOTH
def test_arrivals_are_given_shares_rates_or_drawn_by_population(rules):
    steps = 200
    net = network(
        4, [(0, 1, 100), (2, 3, 100)], steps, rules=rules, fixed=[3, 0, 0, 0], ratio=[0, 0.01, 0, 0],
        mean=[0, 0, 25, 0],
        shared=40, share=[0, 0, 1, 1], population=[0, 200, 100, 300],
    )  # fmt: skip
    journal = travel(net, 15, 0, rules)
    place = journal.inside[-1]
    assert place[0] == 3 * steps
    assert place[1] == 2 * steps
    drawn = 40 * steps
    assert within(place[3], drawn * 3 / 4, drawn)
    assert abs(place[2] - drawn + place[3] - 25 * steps) < 4.5 * (25 * steps) ** 0.5
    assert journal.nowhere.sum() == 0


def test_without_an_origin_people_are_counted_as_missing():
    net = network(2, [(0, 1, 10)], 3, shared=5)
    journal = travel(net, 1, 0, "garita")
    assert journal.nowhere.tolist() == [5, 5, 5]
    assert journal.set_out[-1] == 0


@BOTH
def test_people_leave_the_simulation_from_places_that_say_so(rules):
    net = network(
        2, [(0, 1, 10)], 1, rules=rules, initial=[0, PEOPLE], gone_chance=[0, 0.3], camp=[0, 1], town=[1, 0]
    )
    journal = travel(net, 16, 0, rules)
    assert within(journal.left[0], 0.3 * PEOPLE, PEOPLE)
    assert journal.inside[0, 1] == PEOPLE - journal.left[0]


@BOTH
def test_population_is_used_up(rules):
    net = network(
        2, [(0, 1, 10)], 10, rules=rules, switches={types.TAKE_FROM_POPULATION: 1}, shared=10, share=[1, 0],
        population=[25, 100],
    )  # fmt: skip
    journal = travel(net, 17, 0, rules)
    assert journal.set_out.tolist() == [10, 20, 30, *[30] * 7]
    assert journal.nowhere.tolist() == [0, 0, 0, *[10] * 7]


def test_home_matters_by_the_place_people_come_from():
    near = np.array([[1, 1, 9], [1, 1, 1], [1, 1, 1]], float)
    net = network(
        3,
        [(0, 1, 100), (0, 2, 100)],
        1,
        switches={types.HOME_MATTERS: 1},
        initial=[PEOPLE, 0, 0],
        chance=[1, 0, 0],
        town=0,
    )._replace(nearness=near)
    assert within(travel(net, 18, 0, "garita").inside[0, 2], PEOPLE * 0.9, PEOPLE)


def test_people_in_short_stints_go_on_through_towns():
    """Half a day's way to a town that nobody leaves by chance: who avoids short stints is on the way
    again."""
    for avoid, moves in ((0, 1), (1, 2)):
        net = network(
            3, [(0, 1, 100), (1, 2, 3600)], 1, switches={types.AVOID_SHORT_STINTS: avoid}, initial=[10, 0, 0],
            chance=[1, 0, 0], score=[0, 1, 1], awareness=1,
        )  # fmt: skip
        assert travel(net, 19, 0, "garita").moves[0] == 10 * moves


def test_a_camp_that_opens_counts_its_beds():
    """People who are at a town when it becomes a camp get beds as far as there are any, and lose them
    when it closes."""
    camp = np.zeros((6, 2), np.uint8)
    camp[2:4, 1] = 1
    net = network(2, [(0, 1, 10)], 6, camp=camp, hard=[0, 1], capacity=[0, 30], initial=[0, 100])
    journal = travel(net, 20, 0, "garita")
    assert journal.inside[:, 1].tolist() == [100, 100, 30, 30, 100, 100]
    assert journal.outside[:, 1].tolist() == [0, 0, 70, 70, 0, 0]


def test_fifty_bytes_a_person():
    assert types.BYTES_A_PERSON <= 50
