"""Lines and booths: who joins, who starts when, which booths are open.

First come, first served, by named booths. A booth that closes finishes the person it has; the open ones go
on. Simultaneous events: schedule changes, then decisions in the queue, then arrivals (by time, then by
tag), then starts (the booth longest free first, the lowest number among equals).
"""

from __future__ import annotations

import math

import numpy as np

from garita.engine.booths import engage, free_time
from garita.engine.extra import RETURNS, WALK
from garita.engine.homeward import TROUBLED, let_go
from garita.engine.kernel import kernel
from garita.engine.on_foot import rest_of_party, walking
from garita.engine.parties import (
    draw,
    grains,
    people_of,
    planned_flow,
    planned_hour,
    quantile,
    settle,
    size_of,
)
from garita.engine.patience import gone_by, lose
from garita.engine.random import SECONDARY, high_half
from garita.engine.recording import note_secondary, note_started
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
    put,
)
from garita.engine.tandem import clear_way, leave_lane
from garita.engine.travel import arrive, send
from garita.engine.types import (
    ARRIVED,
    ARRIVED_PEOPLE,
    BIN_MINUTES,
    BUSY_BOOTH_MIN,
    CROSSED,
    CROSSED_ELSEWHERE,
    CROSSED_ON_FOOT,
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

PLACES_BEHIND = 256
_KEEP_LOW = np.uint64(0xFFFF)
_FRACTION, _HALF = 2**52 - 1, 1022 << 52
_EIGHTHS = tuple(2.0 ** (k / 8.0 - 1.0) for k in range(8))


@kernel
def append(line, queue, count, time, tag, word):
    """Put a party at the end of a queue."""
    if line.tail - line.head >= queue.shape[0]:
        count[FAULT] = QUEUE_FULL
        return
    put(queue[line.tail & (queue.shape[0] - 1)], time, tag, word, UNSET)
    line.tail += 1


@kernel
def move_up(line, queue):
    """Begin the ring anew once more places lie behind a queue than it has parties, so that it touches little
    memory.
    """
    first, parties = line.head, line.tail - line.head
    if parties > 0 and first < parties + PLACES_BEHIND:
        return
    begin = first & (queue.shape[0] - 1)
    if begin + parties > queue.shape[0]:  # a queue over the ring's end would be written over
        return
    for place in range(parties):
        copy(queue[place], queue[begin + place])
    line.head, line.tail, line.last = 0, parties, max(0, line.last - first)


@kernel
def receive(state, extra, station, bins, now, until, thinks):
    """Let those who arrive before ``until`` join a line; ``thinks``: they will decide again at the next
    tick.
    """
    line, queue = state.lines[station], state.queue[station]
    if line.way > 0:
        arrive(state, station, now, until)
    mask = queue.shape[0] - 1
    parties = line.tail - line.fresh
    people = 0
    for place in range(line.fresh, line.tail):
        party = queue[place & mask]
        people += people_of(extra, party.tag, party.word)
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
    bits = np.float64(wait).view(np.int64)  # wait = mantissa x 2^exponent, mantissa in [1/2, 1)
    exponent = (bits >> 52) - 1022
    mantissa = np.int64((bits & _FRACTION) | _HALF).view(np.float64)
    eighth = 4 if mantissa >= _EIGHTHS[4] else 0
    eighth += 2 if mantissa >= _EIGHTHS[eighth + 2] else 0
    eighth += 1 if mantissa >= _EIGHTHS[eighth + 1] else 0
    return min(1 + 8 * exponent + eighth, HISTOGRAM_BINS - 1)


@kernel
def book_crossing(model, output, extra, station, tag, word):
    """The final outcome of a party that begins primary inspection in a line."""
    here = model.flows[station].crossing
    kind = CROSSED if model.flows[planned_flow(tag)].crossing == here else CROSSED_ELSEWHERE
    if extra is not None and extra.features[WALK] and walking(model, station, tag):
        kind = CROSSED_ON_FOOT
    if (word >> ATTEMPT_SHIFT) & ATTEMPT_MASK != NO_ATTEMPT:
        kind += 1
    settle(model.flow_hours, output.ledger, output.balance, output.finals, extra, tag, word, kind, here)


@kernel
def start_primary(seed, replication, model, state, output, extra, station, until, row_now, origin):
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
    cell, waits = bins[0], histogram[0]
    started, started_people, busy, planned, planned_people = 0, 0, 0.0, 0, 0
    while head < tail:
        party = queue[head & mask]
        tag = party.tag
        if tag == GONE:
            head += 1
            continue
        joined = party.time
        if extra is not None and extra.tandem.shape[0] > 0:
            clear_way(extra, booths, open_booths, station)
        start = max(joined, free_time(booths[0].key))
        if start >= until:
            break
        if extra is not None:
            ends = gone_by(seed, replication, model, extra, station, party, start)
            if ends < start:
                lose(seed, replication, model, state, output, extra, station, party, ends, row_now)
                head += 1
                continue
        word = party.word
        if extra is not None and extra.features[RETURNS] and extra.watch[TROUBLED] > 0:
            let_go(seed, replication, model, extra, tag, word, start, True)
        minutes = grains(quantile(service, high_half(word)))
        if extra is not None and extra.features[WALK] and walking(model, station, tag):
            minutes += rest_of_party(seed, replication, model, service, tag, word)
        end = start + minutes
        if extra is not None and extra.tandem.shape[0] > 0:
            end = leave_lane(extra, booths, station, start, end)
        engage(booths, open_booths, end)
        if extra is not None:
            note_started(model, state, extra, station, start, minutes, tag)
        people = people_of(extra, tag, word)
        wait = start - joined
        if joined >= row_end:  # joining times only grow, so most parties share the bin of the one before
            row = np.int64((joined - origin) / BIN_MINUTES)
            row_end = origin + (row + 1) * BIN_MINUTES
            cell, waits = bins[row], histogram[row]
        cell[WAITED] += 1.0
        cell[WAIT_SUM] += wait
        cell[WAIT_PEOPLE_SUM] += wait * people
        cell[WAIT_MAX] = max(cell[WAIT_MAX], wait)
        cell[INSPECTION_SUM] += minutes
        waits[np.uint64(wait_bin(wait))] += np.uint32(1)
        started += 1
        started_people += people
        busy += minutes
        if planned_flow(tag) == station and (word >> ATTEMPT_SHIFT) & ATTEMPT_MASK == NO_ATTEMPT:
            planned += 1
            planned_people += people
            if recorded:
                place = flow_hours[station, planned_hour(tag)].offset + (tag & ORDINAL_MASK)
                finals[place] = np.uint16(as_planned | (size_of(word) << 4))
        else:
            book_crossing(model, output, extra, station, tag, word)
        if np.float64((word >> REFERRAL_SHIFT) & REFERRAL_MASK) < referred:
            # The referral draw is spent: its place now keeps the line, and the upper half the joining bin.
            send(
                state,
                secondary,
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
def start_secondary(seed, replication, model, state, output, extra, station, now, until):
    """Those referred join and start secondary inspection; their time there is booked on the line they came
    by.
    """
    line, booths, queue = state.lines[station], state.booths[station], state.queue[station]
    line.fresh = line.tail
    arrive(state, station, now, until)
    line.waiting += line.tail - line.fresh
    totals = output.secondary[station - model.flows.shape[0]]
    while line.head < line.tail and line.open > 0:
        party = queue[line.head & (queue.shape[0] - 1)]
        joined, word = party.time, party.word
        start = max(joined, free_time(booths[0].key))
        if start >= until:
            break
        first, _ = draw(seed, replication, model.flows, model.hours, party.tag, SECONDARY)
        minutes = grains(quantile(model.service[station], high_half(first)))
        engage(booths, line.open, start + minutes)
        if extra is not None:
            note_secondary(model, state, extra, station, start, minutes, party.tag)
        came_by = np.int64((word >> REFERRAL_SHIFT) & REFERRAL_MASK)
        output.bins[came_by, np.int64(word >> SERVICE_SHIFT), INSPECTION_SUM] += start - joined + minutes
        totals[0] += 1.0
        totals[1] += start - joined
        totals[2] = max(totals[2], start - joined)
        line.waiting -= 1
        line.head += 1
