"""Kernels called one by one, against what can be worked out by hand or in one line."""

from __future__ import annotations

import heapq
import math
import random as shuffles

import numpy as np
import pytest

from engine.test_random import VECTORS
from garita.engine import booths as booths_of
from garita.engine import memory, parties, queues, random, state, travel, types
from garita.engine.types import records

U64 = np.uint64


def empty(stations=1, room=64, booths=4):
    """A region of so many stations, all of them lines, where nothing has happened."""
    return state.new_state(stations, stations, stations, 1, booths, room, 2, 2)


def times(queue, line):
    """Who stands in a line: (time, tag), from the front."""
    places = np.arange(line.head, line.tail) & (len(queue) - 1)
    return [(float(queue.time[place]), int(queue.tag[place])) for place in places]


# random


@pytest.mark.parametrize(("counter", "key", "expected"), VECTORS)
def test_known_answers(counter, key, expected):
    with np.errstate(over="ignore"):
        assert tuple(map(int, random.threefry(*map(U64, (*key, *counter))))) == expected


def test_minus_log():
    for x in (2.0**-53, 1e-9, 0.1, 0.5, 2.0**-0.5, 0.75, 0.999, 1.0 - 2.0**-53):
        assert random.minus_log(x) == pytest.approx(-math.log(x), rel=3e-16, abs=1e-300)


def test_words_become_shares():
    word = U64((3 << 62) | (1 << 12) | (1 << 31))
    assert random.uniform(word) == ((int(word) >> 12) + 0.5) / 2**52
    assert random.high_half(word) == ((int(word) >> 32) + 0.5) / 2**32
    assert random.low_half(word) == ((int(word) & (2**32 - 1)) + 0.5) / 2**32
    assert random.exponential(word) == random.minus_log(random.uniform(word))
    assert int(random.counter(5, 6, U64(7))) == (5 << 32) + (6 << 8) + 7


# parties


def test_a_tag_says_line_hour_and_ordinal():
    tag = parties.make_tag(11, 700_000, 2**28 - 1)
    assert (parties.planned_flow(tag), parties.planned_hour(tag)) == (11, 700_000)
    assert tag & state.ORDINAL_MASK == 2**28 - 1
    assert parties.size_of(U64(0xFF0F)) == 15


def test_grains():
    assert parties.grains(1.0 / 3.0) == round(2**20 / 3) / 2**20
    assert parties.grains(5.25) == 5.25


@pytest.mark.parametrize(
    ("u", "expected"),
    [
        (0.0, 0.0),
        (0.5 / 256, 0.5),
        (100.25 / 256, 100.25),
        (255.0 / 256, 1000.0),  # the last cell is spread over the next table
        ((255.0 + 7.5 / 256) / 256, 1007.5),
        (1.0 - 1.0 / 65536, 2000.0),
        (1.0 - 1.0 / 65536 + 3.0 / 256 / 65536, 2003.0),
        (1.0 - 0.5 / 256**3, 2255.5),
    ],
)
def test_quantiles_in_three_steps(u, expected):
    table = np.array([np.arange(257.0), 1000.0 + np.arange(257.0), 2000.0 + np.arange(257.0)])
    assert parties.quantile(table, u) == pytest.approx(expected, rel=1e-12)


def test_a_final_outcome_is_entered_once():
    hours = records(types.FLOW_HOUR, 2, 3)
    hours.offset[1, 2] = 40
    ledger, balance = np.zeros((2, types.KINDS, 2, 2), np.int64), np.zeros(types.KINDS, np.int64)
    finals = np.zeros(60, np.uint16)
    parties.settle(hours, ledger, balance, finals, None, parties.make_tag(1, 2, 5), U64(3), types.GAVE_UP, 1)
    assert ledger[1, types.GAVE_UP, 1].tolist() == [1, 3] and ledger.sum() == 4
    assert balance[types.GAVE_UP] == balance.sum() == 1
    assert np.flatnonzero(finals).tolist() == [45]
    assert finals[45] == types.GAVE_UP + (3 << 4) + (1 << 8)


# heaps


def test_a_heap_of_parties_is_in_order():
    heap = records(state.PARTY, 64)
    shuffles.seed(3)
    came = [(float(shuffles.randrange(8)), shuffles.randrange(1000)) for _ in range(60)]
    for size, (time, tag) in enumerate(came):
        state.push(heap, size, time, tag, U64(tag))
        assert (heap[0].time, heap[0].tag) == min(came[: size + 1])
    for size in range(60, 0, -1):
        assert (heap[0].time, heap[0].tag, heap[0].word) == (
            *sorted(came)[60 - size],
            sorted(came)[60 - size][1],
        )
        assert heap[0].check == state.UNSET
        state.drop_first(heap, size)


def booth_heap(booths, count):
    return sorted(int(key) for key in booths.key[:count])


def test_the_booth_longest_free_is_next():
    region = empty(booths=9)
    line, booths = region.lines[0], region.booths[0]
    booths.free[:] = [3.0, 9.0, 3.0, 0.5, 7.0, 6.0, 5.0, 4.0, 1.0, 0.0]
    booths_of.set_open(line, booths, 9, 2.0)
    free = [(max(float(time), 2.0), number) for number, time in enumerate(booths.free[:9])]
    heapq.heapify(free)
    assert line.open == 9 and booths.key[9] == booths_of.LAST_KEY
    shuffles.seed(5)
    for _ in range(200):
        time, number = free[0]
        assert booths_of.free_time(booths[0].key) == time
        assert booths[0].key & booths_of.BOOTH_MASK == number
        until = time + shuffles.randrange(1, 40) / 4.0
        heapq.heapreplace(free, (until, number))
        booths_of.engage(booths, 9, until)
        assert booth_heap(booths, 9) == sorted(booths_of.booth_key(*booth) for booth in free)


def test_booths_that_close_finish_and_those_that_open_are_free_from_now():
    region = empty(booths=4)
    line, booths = region.lines[0], region.booths[0]
    booths_of.set_open(line, booths, 3, 10.0)
    for until in (11.0, 25.0, 13.0):
        booths_of.engage(booths, 3, until)
    booths_of.set_open(line, booths, 1, 12.0)
    assert line.open == 1 and booths_of.free_time(booths[0].key) == 11.0
    assert booths[1].key == booths_of.LAST_KEY
    booths_of.set_open(line, booths, 4, 20.0)
    free = {int(key) & booths_of.BOOTH_MASK: booths_of.free_time(key) for key in booths.key[:4]}
    assert free == {0: 11.0, 1: 25.0, 2: 20.0, 3: 20.0}
    before = booths.copy()
    booths_of.set_open(line, booths, 4, 99.0)  # no change: nobody's time is touched
    assert (before == booths).all()


# lines


def test_a_ring_that_is_full_says_so():
    region = empty(room=4)
    line, queue = region.lines[0], region.queue[0]
    line.head = line.tail = 6
    for tag in range(4):
        queues.append(line, queue, region.count, 1.0 + tag, tag, U64(1))
    assert region.count[state.FAULT] == 0 and times(queue, line) == [(1.0 + tag, tag) for tag in range(4)]
    queues.append(line, queue, region.count, 9.0, 9, U64(1))
    assert region.count[state.FAULT] == types.QUEUE_FULL and line.tail == 10


@pytest.mark.parametrize(
    ("head", "length", "moves"),
    [
        (0, 0, True),
        (5, 0, True),
        (100, 3, False),
        (258, 3, False),
        (259, 3, True),
        (1022, 3, False),
        (1021, 3, True),
    ],
)
def test_a_line_moves_up_where_it_touches_less_memory(head, length, moves):
    region = empty(room=1024)
    line, queue = region.lines[0], region.queue[0]
    line.head = line.tail = head
    for tag in range(length):
        queues.append(line, queue, region.count, float(tag), tag, U64(tag))
    line.last = head + 2
    before = times(queue, line)
    queues.move_up(line, queue)
    assert times(queue, line) == before
    assert line.head == (0 if moves else head) and line.last == line.head + 2


def test_who_joins_is_counted_and_may_look_again():
    region = empty()
    line, queue = region.lines[0], region.queue[0]
    line.waiting, line.waiting_people = 2, 5
    bins = np.zeros(types.FIELDS)
    for tag, people in enumerate((1, 4)):
        queues.append(line, queue, region.count, 3.0 + tag, tag, U64(people))
    queues.receive(region, None, 0, bins, 0.0, 10.0, True)
    assert (line.waiting, line.waiting_people, line.looking) == (4, 10, 2)
    assert (bins[types.ARRIVED], bins[types.ARRIVED_PEOPLE]) == (2, 5)
    assert queue.check[:2].tolist() == [3.0, 4.0]
    line.fresh = line.tail
    travel.send(region, 0, 4.5, 7, U64(2))
    queues.receive(region, None, 0, bins, 0.0, 10.0, False)
    assert (line.waiting, line.waiting_people, line.looking, line.way) == (5, 12, 2, 0)
    assert bins[types.ARRIVED] == 3 and queue.check[2] == state.UNSET


def test_eight_bins_an_octave():
    edges = 0.5 * 2.0 ** (np.arange(95) / 8.0)
    shuffles.seed(1)
    waits = [0.0, *edges, *np.nextafter(edges, 0.0), *(shuffles.expovariate(0.02) for _ in range(300)), 1e9]
    for wait in waits:
        assert queues.wait_bin(wait) == np.searchsorted(edges, wait, side="right"), wait


# people on the way


def sent(region, people):
    for time, tag in people:
        travel.send(region, 0, time, tag, U64(tag + 1))


def test_who_is_on_the_way_arrives_in_order_of_time_and_tag():
    shuffles.seed(2)
    people = [(100.0 + shuffles.randrange(2000) / 4.0, tag) for tag in range(300)]
    people += [(130.25, tag) for tag in range(300, 360)]  # more than sixteen in one minute
    shuffles.shuffle(people)
    region = empty(room=512)
    line, queue = region.lines[0], region.queue[0]
    sent(region, people)
    assert line.way == 360
    came, now = [], 100.0
    while now < 620.0:
        until = now + shuffles.choice([0.25, 1.0, 7.5, 60.0, 240.0])
        line.fresh = line.tail
        travel.arrive(region, 0, now, until)
        expected = sorted(party for party in people if now <= party[0] < until)
        assert times(queue, line)[len(came) :] == expected
        came += expected
        now = until
    assert came == sorted(people) and line.way == 0
    assert all(queue.word[place] == queue.tag[place] + 1 for place in range(360))


def test_places_on_the_way_are_used_again():
    region = empty(room=4)
    line = region.lines[0]
    for turn in range(5):
        line.head = line.tail = line.fresh = 0
        sent(region, [(10.0 * turn + tag, tag) for tag in range(4)])
        travel.arrive(region, 0, 10.0 * turn, 10.0 * turn + 10.0)
        assert line.tail == 4 and line.used == 4
    assert region.count[state.FAULT] == 0
    sent(region, [(99.0, tag) for tag in range(5)])
    assert region.count[state.FAULT] == types.QUEUE_FULL and line.way == 4


def test_they_fall_in_among_those_who_joined_in_the_same_interval():
    region = empty()
    line, queue = region.lines[0], region.queue[0]
    for time, tag in ((1.0, 0), (5.0, 1), (7.0, 9), (8.0, 3)):
        queues.append(line, queue, region.count, time, tag, U64(1))
    line.fresh = 1  # the first joined before: nobody goes before it
    sent(region, [(7.0, 4), (0.5, 5), (9.0, 6), (7.0, 10)])
    travel.arrive(region, 0, 0.0, 10.0)
    expected = [(1.0, 0), (0.5, 5), (5.0, 1), (7.0, 4), (7.0, 9), (7.0, 10), (8.0, 3), (9.0, 6)]
    assert times(queue, line) == expected


def test_a_line_too_full_for_those_who_arrive_says_so():
    region = empty(room=4)
    line, queue = region.lines[0], region.queue[0]
    for tag in range(3):
        queues.append(line, queue, region.count, 1.0, tag, U64(1))
    line.fresh = 3
    sent(region, [(2.0, 7), (3.0, 8)])
    travel.arrive(region, 0, 2.0, 4.0)
    assert region.count[state.FAULT] == types.QUEUE_FULL and line.tail == 3


def test_a_threads_next_run_has_the_same_memory():
    first = empty(room=32)
    assert empty(room=32).queue is first.queue
    assert empty(room=16).queue is not first.queue
    last = empty(room=16)
    memory.release()
    assert empty(room=16).queue is not last.queue
