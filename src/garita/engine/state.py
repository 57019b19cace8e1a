"""What changes during a run: queues, people on the way, booths, what is published. Allocated once a run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from garita.engine.kernel import kernel
from garita.engine.memory import rooms
from garita.engine.types import OUTSIDE_HOURS, Floats, Ints, Records, records

# Positions in ``State.count``
ENTERED, CROSSED_COUNT, CANCELLED_COUNT, GAVE_UP_COUNT, VERSION, FAULT, TICKS, MEASURES = range(8)
COUNTS = 8
BATCH = 32  # parties whose words are drawn at once
SPOKES = 256  # minutes of one turn of the wheel that keeps people on the way

# A travelling party's word: service draw in the upper 32 bits, then referral draw (16 bits), then these
# fields
SIZE_MASK = np.uint64(15)
ATTEMPT_SHIFT, ATTEMPT_MASK, NO_ATTEMPT = np.uint64(4), np.uint64(7), np.uint64(0)
MUST_BIT, INFORMED_BIT = np.uint64(1 << 7), np.uint64(1 << 8)
MOVED_BIT = np.uint64(1 << 9)  # has left one queue for another crossing; nobody does so twice
CHECKS_SHIFT, CHECKS_MASK = np.uint64(12), np.uint64(15)
REFERRAL_SHIFT, REFERRAL_MASK = np.uint64(16), np.uint64(0xFFFF)
SERVICE_SHIFT = np.uint64(32)

# A party's tag: planned flow, hour, ordinal within the hour
FLOW_SHIFT, HOUR_SHIFT = 48, 28
HOUR_MASK, ORDINAL_MASK = (1 << 20) - 1, (1 << 28) - 1

GONE = -1  # tag of a party that has left the queue
UNSET = -1.0  # no decision in the queue is due

PARTY = np.dtype(
    [
        ("time", "f8"),  # joining a queue, or arrival of those on the way
        ("tag", "i8"),
        ("word", "u8"),
        ("check", "f8"),  # when the party next thinks about leaving the queue
    ]
)
TRAVELLER = np.dtype(
    [
        ("time", "f8"),  # arrival
        ("tag", "i8"),
        ("word", "u8"),
        ("next", "i8"),  # place of another who arrives in the same minute, or of another empty place; -1 none
    ]
)
LINE = np.dtype(
    [
        ("head", "i8"),  # running number of the first in the queue
        ("tail", "i8"),  # running number after the last
        ("last", "i8"),  # running number after the last who stood in line at closing time
        ("fresh", "i8"),  # running number of the first who joined in this interval
        ("waiting", "i8"),
        ("waiting_people", "i8"),
        ("way", "i8"),  # parties on the way to it
        ("used", "i8"),  # places of ``State.way`` that were ever used
        ("spare", "i8"),  # the first of them that is empty again, -1 none
        ("later", "i8"),
        ("turned", "i8"),  # sizes of the heap and the list
        ("open", "i8"),  # open booths
        ("roster", "i8"),  # booths on the roster, closed or not
        ("elapsed", "f8"),  # next arrival of the flow's own demand, as a share of the hour
        ("word", "u8"),  # second word of that arrival's draws
        ("ordinal", "i8"),  # its place within the hour
        ("status", "i8"),
        ("barred", "i8"),
        ("looking", "i8"),  # parties that joined since the last tick and will look again at once
        ("live", "f8"),  # expected wait of who joins at the last look, minutes
        ("seen", "f8"),  # when that look was
        ("joined", "i8"),  # parties of its own demand that joined since
        ("each", "f8"),  # minutes that each of them adds
        ("moves", "f8"),  # minutes that go by a minute: 1, or 0 while nobody is served
        ("published", "f8"),  # minutes; -1 closed, nan never yet
    ]
)
BOOTH = np.dtype(
    [
        ("free", "f8"),  # when the named booth is free, kept here while it is closed
        ("key", "i8"),  # heap of the open booths: time free in grains, then number
    ]
)
CHANCE = np.dtype(
    [
        ("stamp", "i8"),  # version of the information it was made from
        ("participate", "f8"),  # chance of setting out, over the cap of induced trips
        ("stay", "f8"),  # chance of keeping to the planned crossing
        ("limit", "f8"),  # threshold rule: wait above which the other crossing is taken, minutes
    ]
)


class State(NamedTuple):
    """T stations (flows, then secondary), K places in a ring or heap, C crossings, E epochs of news."""

    queue: Records  # PARTY [T, K], a ring
    way: Records  # TRAVELLER [T, K] on the way to a station, linked by minute of arrival
    spokes: Ints  # [T, SPOKES] first of those who arrive in a minute, -1 none
    parties: Records  # PARTY [K] room for those who join a line in one interval
    later: Records  # PARTY [F, K] will try again later, a heap
    turned: Records  # PARTY [F, K] turned away at the line, deciding at the next tick
    lines: Records  # LINE [T]
    booths: Records  # BOOTH [T, booths]
    trim: Floats  # [F, lag] booths to add to the roster, decided but not yet effective
    measured: Floats  # [F, measurements kept] minutes; -1 closed, nan never yet
    chance: Records  # CHANCE [F, E, 4]; rows: 2 x informed + must go
    where: Floats  # [F, E, 4, C] cumulative: where those go who do not keep to their crossing
    weights: Floats  # [C] room for the options of one decision
    count: Ints  # [COUNTS]
    draws: Ints  # uint64 [F, 3, BATCH] words of the next parties of each flow
    wanted: Ints  # [F] booths wanted of each line, while officers act
    gaps: Floats  # [F, BATCH] times to the next party, in units of the mean


def new_state(
    flows: int, stations: int, crossings: int, epochs: int, booths: int, room: int, lag: int, kept: int
) -> State:
    """An empty region. ``room`` (a power of two) is the number of parties a queue can hold."""
    queue, later, turned, parties, way = rooms(
        ((stations, room), PARTY),
        ((flows, room), PARTY),
        ((flows, room), PARTY),
        ((room,), PARTY),
        ((stations, room), TRAVELLER),
    )
    state = State(
        queue=queue,
        way=way,
        spokes=np.full((stations, SPOKES), -1, np.int64),
        parties=parties,
        later=later,
        turned=turned,
        lines=records(LINE, stations),
        booths=records(BOOTH, stations, booths + 1),
        trim=np.zeros((flows, lag)),
        measured=np.full((flows, kept), np.nan),
        chance=records(CHANCE, flows, epochs, 4),
        where=np.zeros((flows, epochs, 4, crossings)),
        weights=np.zeros(crossings),
        count=np.zeros(COUNTS, np.int64),
        draws=np.zeros((flows, 3, BATCH), np.uint64),
        wanted=np.zeros(flows, np.int64),
        gaps=np.zeros((flows, BATCH)),
    )
    state.lines.status = OUTSIDE_HOURS
    state.lines.elapsed = np.inf
    state.lines.spare = -1
    state.lines.published = np.nan
    state.booths.free = -np.inf
    state.chance.stamp = -1
    return state


@kernel
def put(place, time, tag, word, check):
    """Fill a record of a party."""
    place.time = time
    place.tag = tag
    place.word = word
    place.check = check


@kernel
def copy(target, source):
    """Copy a record of a party."""
    target.time = source.time
    target.tag = source.tag
    target.word = source.word
    target.check = source.check


@kernel
def push(heap, size, time, tag, word):
    """Add to a heap of the given size, ordered by time, then tag. The caller counts and checks the room."""
    i = size
    while i > 0:
        parent = (i - 1) >> 1
        above = heap[parent]
        if above.time < time or (above.time == time and above.tag <= tag):
            break
        copy(heap[i], above)
        i = parent
    put(heap[i], time, tag, word, UNSET)


@kernel
def drop_first(heap, size):
    """Take the first element off a heap of the given size; the caller has read it and counts."""
    last = size - 1
    time, tag, word = heap[last].time, heap[last].tag, heap[last].word
    i = 0
    while True:
        child = 2 * i + 1
        if child >= last:
            break
        other = child + 1
        if other < last and (
            heap[other].time < heap[child].time
            or (heap[other].time == heap[child].time and heap[other].tag < heap[child].tag)
        ):
            child = other
        if time < heap[child].time or (time == heap[child].time and tag <= heap[child].tag):
            break
        copy(heap[i], heap[child])
        i = child
    put(heap[i], time, tag, word, UNSET)
