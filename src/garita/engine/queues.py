"""Lines and booths: who joins, who starts when, which booths are open.

First come, first served, by named booths. A booth that closes finishes the person it has; the open ones go
on. Simultaneous events: schedule changes, then decisions in the queue, then arrivals (by time, then by
tag), then starts (the booth longest free first, the lowest number among equals).
"""

from __future__ import annotations

import math

import numpy as np

from garita.engine.kernel import kernel
from garita.engine.parties import draw, grains, planned_flow, planned_hour, quantile, settle, size_of
from garita.engine.random import SECONDARY, high_half
from garita.engine.state import (
    ATTEMPT_MASK,
    ATTEMPT_SHIFT,
    CROSSED_COUNT,
    FAULT,
    GONE,
    NO_ATTEMPT,
    ORDINAL_MASK,
    REFERRAL_MASK,
    REFERRAL_SHIFT,
    SERVICE_SHIFT,
    UNSET,
    copy,
    drop_first,
    push,
    put,
)
from garita.engine.types import (
    ARRIVED,
    ARRIVED_PEOPLE,
    BIN_MINUTES,
    BUSY_BOOTH_MIN,
    CROSSED,
    CROSSED_ELSEWHERE,
    HISTOGRAM_BINS,
    INSPECTION_SUM,
    OUTSIDE_HOURS,
    QUEUE_FULL,
    STARTED,
    STARTED_PEOPLE,
    WAIT_MAX,
    WAIT_PEOPLE_SUM,
    WAIT_SUM,
    WAITED,
)

_KEEP_LOW = np.uint64(0xFFFF)
_EIGHTHS = tuple(2.0 ** (k / 8.0 - 1.0) for k in range(8))


@kernel
def set_open(line, booths, wanted, now):
    """Open booths 0 .. wanted - 1 of a station; a booth that opens is free from now, or when it has
    finished.
    """
    before = line.open
    if wanted == before:
        return
    for i in range(before):
        booths[booths[i].number].free = booths[i].time
    for number in range(before, wanted):
        booths[number].free = max(booths[number].free, now)
    for number in range(wanted):  # insertion keeps the heap in order
        free = booths[number].free
        i = number
        while i > 0:
            parent = (i - 1) >> 1
            if booths[parent].time < free or (booths[parent].time == free and booths[parent].number < number):
                break
            booths[i].time = booths[parent].time
            booths[i].number = booths[parent].number
            i = parent
        booths[i].time = free
        booths[i].number = number
    line.open = wanted


@kernel
def engage(booths, count, until):
    """The first booth of the heap takes a party and is free again at ``until``."""
    number = booths[0].number
    i = 0
    while True:
        child = 2 * i + 1
        if child >= count:
            break
        other = child + 1
        if other < count and (
            booths[other].time < booths[child].time
            or (booths[other].time == booths[child].time and booths[other].number < booths[child].number)
        ):
            child = other
        if until < booths[child].time or (until == booths[child].time and number < booths[child].number):
            break
        booths[i].time = booths[child].time
        booths[i].number = booths[child].number
        i = child
    booths[i].time = until
    booths[i].number = number


@kernel
def send(line, way, count, time, tag, word):
    """Put a party on the way to a station, to arrive at ``time``."""
    if line.way >= way.shape[0]:
        count[FAULT] = QUEUE_FULL
        return
    push(way, line.way, time, tag, word)
    line.way += 1


@kernel
def append(line, queue, count, time, tag, word):
    """Put a party at the end of a queue."""
    if line.tail - line.head >= queue.shape[0]:
        count[FAULT] = QUEUE_FULL
        return
    put(queue[line.tail & (queue.shape[0] - 1)], time, tag, word, UNSET)
    line.tail += 1


@kernel
def merge_arrivals(line, queue, way, count, until):
    """Those on the way who arrive before ``until`` join, in order of time among the fresh arrivals."""
    mask = queue.shape[0] - 1
    while line.way > 0 and way[0].time < until:
        time, tag, word = way[0].time, way[0].tag, way[0].word
        drop_first(way, line.way)
        line.way -= 1
        append(line, queue, count, time, tag, word)
        if count[FAULT]:
            return
        # Both sequences are in order, so the newcomer moves forward past the fresh arrivals that come
        # after it.
        place = line.tail - 1
        while place > line.fresh:
            before = queue[(place - 1) & mask]
            if before.time < time or (before.time == time and before.tag <= tag):
                break
            copy(queue[place & mask], before)
            place -= 1
        put(queue[place & mask], time, tag, word, UNSET)


@kernel
def receive(line, queue, way, count, bins, until, thinks):
    """Let those who arrive before ``until`` join a line; ``thinks``: they will decide again at the next
    tick.
    """
    if line.way > 0:
        merge_arrivals(line, queue, way, count, until)
    mask = queue.shape[0] - 1
    parties = line.tail - line.fresh
    people = 0
    for place in range(line.fresh, line.tail):
        people += size_of(queue[place & mask].word)
    if thinks:
        for place in range(line.fresh, line.tail):
            queue[place & mask].check = queue[place & mask].time
        line.looking += parties
    line.waiting += parties
    line.waiting_people += people
    bins[ARRIVED] += parties
    bins[ARRIVED_PEOPLE] += people


@kernel
def wait_bin(wait):
    """Histogram bin of a wait: 0 below half a minute, then eight an octave."""
    if wait < 0.5:
        return 0
    mantissa, exponent = math.frexp(wait)  # wait = mantissa x 2^exponent, mantissa in [1/2, 1)
    eighth = 4 if mantissa >= _EIGHTHS[4] else 0
    eighth += 2 if mantissa >= _EIGHTHS[eighth + 2] else 0
    eighth += 1 if mantissa >= _EIGHTHS[eighth + 1] else 0
    return min(1 + 8 * exponent + eighth, HISTOGRAM_BINS - 1)


@kernel
def start_primary(model, state, output, station, until, row_now, origin):
    """Everyone who can start primary inspection before ``until``, all in bin ``row_now``, does."""
    line, booths = state.lines[station], state.booths[station]
    open_booths, head, tail = line.open, line.head, line.tail
    if line.status == OUTSIDE_HOURS:
        tail = min(tail, line.last)
    if open_booths == 0 or head == tail:
        return
    queue, service = state.queue[station], model.service[station]
    bins, histogram, finals = output.bins[station], output.histogram[station], output.finals
    flow_hours = model.flow_hours
    mask, recorded = queue.shape[0] - 1, finals.size > 0
    here, secondary = model.flows[station].crossing, model.flows[station].secondary
    referred = model.flows[station].referral * 65536.0 if secondary >= 0 else -1.0
    as_planned = CROSSED | (here << 8)
    row, row_end = -1, -math.inf
    started, started_people, busy, planned, planned_people = 0, 0, 0.0, 0, 0
    while head < tail:
        party = queue[head & mask]
        tag = party.tag
        if tag == GONE:
            head += 1
            continue
        joined = party.time
        start = max(joined, booths[0].time)
        if start >= until:
            break
        word = party.word
        minutes = grains(quantile(service, high_half(word)))
        end = start + minutes
        engage(booths, open_booths, end)
        people = size_of(word)
        wait = start - joined
        if joined >= row_end:  # joining times only grow, so most parties share the bin of the one before
            row = np.int64((joined - origin) / BIN_MINUTES)
            row_end = origin + (row + 1) * BIN_MINUTES
        bins[row, WAITED] += 1.0
        bins[row, WAIT_SUM] += wait
        bins[row, WAIT_PEOPLE_SUM] += wait * people
        bins[row, WAIT_MAX] = max(bins[row, WAIT_MAX], wait)
        bins[row, INSPECTION_SUM] += minutes
        histogram[row, wait_bin(wait)] += np.uint32(1)
        started += 1
        started_people += people
        busy += minutes
        if planned_flow(tag) == station and (word >> ATTEMPT_SHIFT) & ATTEMPT_MASK == NO_ATTEMPT:
            planned += 1
            planned_people += people
            if recorded:
                place = flow_hours[station, planned_hour(tag)].offset + (tag & ORDINAL_MASK)
                finals[place] = np.uint16(as_planned | (people << 4))
        else:
            kind = CROSSED if model.flows[planned_flow(tag)].crossing == here else CROSSED_ELSEWHERE
            if (word >> ATTEMPT_SHIFT) & ATTEMPT_MASK != NO_ATTEMPT:
                kind += 1
            settle(flow_hours, output.ledger, output.balance, finals, tag, word, kind, here)
        if np.float64((word >> REFERRAL_SHIFT) & REFERRAL_MASK) < referred:
            # The referral draw is spent: its place now keeps the line, and the upper half the joining bin.
            send(
                state.lines[secondary],
                state.way[secondary],
                state.count,
                end,
                tag,
                (word & _KEEP_LOW)
                | (np.uint64(station) << REFERRAL_SHIFT)
                | (np.uint64(row) << SERVICE_SHIFT),
            )
        head += 1
    bins[row_now, STARTED] += started
    bins[row_now, STARTED_PEOPLE] += started_people
    bins[row_now, BUSY_BOOTH_MIN] += busy
    output.ledger[station, CROSSED, here, 0] += planned
    output.ledger[station, CROSSED, here, 1] += planned_people
    output.balance[CROSSED] += planned
    line.head = head
    line.waiting -= started
    line.waiting_people -= started_people
    state.count[CROSSED_COUNT] += started


@kernel
def start_secondary(seed, replication, model, state, output, station, until):
    """Those referred join and start secondary inspection; their time there is booked on the line they came
    by.
    """
    line, booths, queue = state.lines[station], state.booths[station], state.queue[station]
    line.fresh = line.tail
    merge_arrivals(line, queue, state.way[station], state.count, until)
    line.waiting += line.tail - line.fresh
    totals = output.secondary[station - model.flows.shape[0]]
    while line.head < line.tail and line.open > 0:
        party = queue[line.head & (queue.shape[0] - 1)]
        joined, word = party.time, party.word
        start = max(joined, booths[0].time)
        if start >= until:
            break
        first, _ = draw(seed, replication, model.flows, model.hours, party.tag, SECONDARY)
        minutes = grains(quantile(model.service[station], high_half(first)))
        engage(booths, line.open, start + minutes)
        came_by = np.int64((word >> REFERRAL_SHIFT) & REFERRAL_MASK)
        output.bins[came_by, np.int64(word >> SERVICE_SHIFT), INSPECTION_SUM] += start - joined + minutes
        totals[0] += 1.0
        totals[1] += start - joined
        totals[2] = max(totals[2], start - joined)
        line.waiting -= 1
        line.head += 1
