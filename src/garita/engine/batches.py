"""Buses: one vehicle in its line; its people walk through inspection while it stands in a place of the port.

A bus takes a place, its people walk to the booths and line up there, and the place is free for the next bus
once the last of them has been inspected, and the bus itself. The booths are those of a line on foot, which
then is one line with the people of buses, or the buses' own.

Under first-come-first-served no list of events is needed here either: whoever lines up for the booths is
known before anybody behind, because a bus can only take a place when it is known when that is free. Who came
at one and the same moment: people on foot before those of a bus, buses by their number.
"""

from __future__ import annotations

import numpy as np

from garita.engine.booths import engage, free_time, set_open
from garita.engine.extra import RETURNS
from garita.engine.homeward import TROUBLED, let_go
from garita.engine.kernel import kernel
from garita.engine.parties import grains, people_of, planned_flow, planned_hour, quantile
from garita.engine.patience import lose_patience
from garita.engine.queues import start_primary
from garita.engine.random import U64, WALKER, counter, high_half, low_half, threefry
from garita.engine.recording import note_started
from garita.engine.state import FAULT, GONE, ORDINAL_MASK, REFERRAL_MASK, REFERRAL_SHIFT, SERVICE_SHIFT
from garita.engine.station_books import bin_of, book_post_wait, book_primary
from garita.engine.travel import send
from garita.engine.types import (
    BIN_END,
    BUSY_BOOTH_MIN,
    INSPECTION_SUM,
    OUTSIDE_HOURS,
    STATION_ARRIVED,
    STATION_OPEN_MIN,
    STATION_QUEUE_END,
)

NEVER = np.inf
_KEEP_LOW = U64(0xFFFF)
_STEP = U64(0x9E3779B97F4A7C15)  # tells blocks of people apart: 2^64 over the golden ratio


@kernel
def person_minutes(seed, replication, model, table, tag, number):
    """Minutes of inspection of one of the people of a bus."""
    block = U64(number // 4 + 1)
    first, second = threefry(
        seed,
        replication,
        model.flows[planned_flow(tag)].hash + block * _STEP,
        counter(model.hours[planned_hour(tag)].key, tag & ORDINAL_MASK, WALKER),
    )
    half = first if number % 4 < 2 else second
    return grains(quantile(table, high_half(half) if number % 2 == 0 else low_half(half)))


@kernel
def eligible(line):
    """The place in a queue up to which parties are served: after closing time, those who came before it."""
    return min(line.tail, line.last) if line.status == OUTSIDE_HOURS else line.tail


@kernel
def skip_gone(line, queue, end):
    """Leave behind those at the head of a queue who have gone; whether somebody is left before ``end``."""
    mask = queue.shape[0] - 1
    while line.head < end and queue[line.head & mask].tag == GONE:
        line.head += 1
    return line.head < end


@kernel
def came_by(line, queue, moment):
    """The place in a queue behind all who had joined at a moment."""
    mask, low, high = queue.shape[0] - 1, line.head, line.tail
    while low < high:
        middle = (low + high) // 2
        if queue[middle & mask].time <= moment:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def free_place(places, count):
    """The place for buses that has been, or will be, free first; -1 where that is not known of any."""
    best = -1
    for number in range(count):
        if places[number].taken == 0 and (best < 0 or places[number].free < places[best].free):
            best = number
    return best


@kernel
def let_pedestrians(seed, replication, model, state, output, extra, hall, places, until, row_now, origin):
    """People on foot who came before the people of the first bus begin; whether one of them is left."""
    foot = hall.foot
    line, queue, tail = state.lines[foot], state.queue[foot], state.lines[foot].tail
    if hall.buses > 0:
        line.tail = came_by(line, queue, places[hall.first].joined)
    start_primary(seed, replication, model, state, output, extra, foot, until, row_now, origin)
    left = skip_gone(line, queue, eligible(line))
    line.tail = tail
    return left


@kernel
def take_place(seed, replication, model, state, output, extra, hall, place, number, time, row_now, origin):
    """A bus takes a place, its own inspection begins, and its people walk to the booths."""
    line, queue = state.lines[hall.line], state.queue[hall.line]
    party = queue[line.head & (queue.shape[0] - 1)]
    tag, word, joined = party.tag, party.word, party.time
    line.head += 1
    if extra.features[RETURNS] and extra.watch[TROUBLED] > 0:
        let_go(seed, replication, model, extra, tag, word, time, True)
    people, row = people_of(extra, tag, word), bin_of(joined, origin)
    book_primary(model, state, output, extra, hall.line, row_now, row, time - joined, 0.0, tag, word)
    place.taken, place.start, place.row, place.begun, place.left = 1, time, row, 0, people
    place.tag, place.word = tag, word
    place.free = time + grains(quantile(model.service[hall.line], high_half(word)))
    place.joined = time + hall.walk
    if hall.buses == 0:
        hall.first = number
    else:
        extra.bus_places[extra.hall_of[hall.line], hall.last].next = number
    hall.last = number
    hall.buses += 1
    hall.people += people
    books = extra.station_books[hall.book]
    books[min(bin_of(place.joined, origin), books.shape[0] - 1), STATION_ARRIVED] += people


@kernel
def drive_on(model, state, output, extra, hall, place, row_now):
    """It is known when the last person of a bus is through: so is when it drives on."""
    tag, word, line = place.tag, place.word, hall.line
    minutes = place.free - place.start
    place.taken = 0
    hall.first = place.next
    hall.buses -= 1
    output.bins[line, place.row, INSPECTION_SUM] += minutes
    output.bins[line, row_now, BUSY_BOOTH_MIN] += minutes
    note_started(model, state, extra, line, place.start, minutes, tag)
    flow, drawn = model.flows[line], np.float64((word >> REFERRAL_SHIFT) & REFERRAL_MASK)
    if flow.secondary >= 0 and drawn < flow.referral * 65536.0:
        # As in ``queues.start_primary``: draws that are spent make room for the line and the joining bin.
        word = (word & _KEEP_LOW) | (U64(line) << REFERRAL_SHIFT) | (U64(place.row) << SERVICE_SHIFT)
        send(state, flow.secondary, place.free, tag, word)


@kernel
def inspect(
    seed, replication, model, output, extra, hall, w, place, booths, open_booths, time, row_now, origin
):
    """The next person of a bus, or all its people together, begin inspection at the booth longest free."""
    people = place.left if hall.together else 1
    minutes = 0.0
    for number in range(place.begun, place.begun + people):
        minutes += person_minutes(seed, replication, model, extra.hall_service[w], place.tag, number)
    engage(booths, open_booths, time + minutes)
    place.begun += people
    place.left -= people
    place.free = max(place.free, time + minutes)
    hall.people -= people
    if hall.foot >= 0:
        output.bins[hall.foot, row_now, BUSY_BOOTH_MIN] += minutes
    row = bin_of(place.joined, origin)
    book_post_wait(extra.station_books[hall.book], row_now, row, time - place.joined, minutes, people)


@kernel
def advance_hall(seed, replication, model, state, output, extra, w, interval, now, until, row_now, origin):
    """Buses, their people and the people on foot of one hall, up to ``until``."""
    hall, places = extra.halls[w], extra.bus_places[w]
    line, queue, foot = state.lines[hall.line], state.queue[hall.line], hall.foot
    if foot < 0:
        set_open(hall, extra.hall_booths[w], extra.hall_open[interval, w], now)
    booths = extra.hall_booths[w] if foot < 0 else state.booths[foot]
    open_booths = hall.open if foot < 0 else state.lines[foot].open
    for number in range(hall.places, line.open):
        places[number].free = max(places[number].free, now)
    hall.places = line.open
    going_on = True
    while going_on and not state.count[FAULT]:
        arrives, number = NEVER, -1
        if skip_gone(line, queue, eligible(line)):
            number = free_place(places, line.open)
        if number >= 0:
            # A line that opens again does so now, however long its places have been free.
            arrives = max(queue[line.head & (queue.shape[0] - 1)].time, places[number].free, now)
        limit, held = min(arrives, until), False
        if foot >= 0:
            held = let_pedestrians(
                seed, replication, model, state, output, extra, hall, places, limit, row_now, origin
            )
        begins = NEVER
        if hall.buses > 0 and not held and open_booths > 0:
            begins = max(places[hall.first].joined, free_time(booths[0].key))
        if begins < limit:
            place = places[hall.first]
            inspect(
                seed,
                replication,
                model,
                output,
                extra,
                hall,
                w,
                place,
                booths,
                open_booths,
                begins,
                row_now,
                origin,
            )
            if place.left == 0:
                drive_on(model, state, output, extra, hall, place, row_now)
        elif arrives < until:
            place = places[number]
            take_place(
                seed, replication, model, state, output, extra, hall, place, number, arrives, row_now, origin
            )
        else:
            going_on = False
    if foot >= 0:
        lose_patience(seed, replication, model, state, output, extra, foot, until, row_now)


@kernel
def advance_halls(seed, replication, model, state, output, extra, interval, now, until, row_now, origin):
    """All halls."""
    for w in range(extra.halls.shape[0]):
        advance_hall(seed, replication, model, state, output, extra, w, interval, now, until, row_now, origin)


@kernel
def inside_halls(extra):
    """People of buses whose inspection has not begun."""
    there = 0
    for w in range(extra.halls.shape[0]):
        there += extra.halls[w].people
    return there


@kernel
def see_halls(model, state, extra):
    """What who joins a line can see: people of buses at the booths of a line on foot, or ahead of a bus."""
    for w in range(extra.halls.shape[0]):
        hall = extra.halls[w]
        booths = hall.open
        if hall.foot >= 0:
            foot = state.lines[hall.foot]
            foot.live += hall.people * hall.each / max(1, foot.open if foot.open > 0 else foot.roster)
            booths = foot.open if foot.open > 0 else foot.roster
        if hall.buses >= state.lines[hall.line].open:
            state.lines[hall.line].live += hall.people * hall.each / max(1, booths)


@kernel
def keep_hall_books(state, extra, minutes, events, row):
    """Booth-minutes of the interval; at the end of a bin, the people who wait for a booth."""
    for w in range(extra.halls.shape[0]):
        hall = extra.halls[w]
        book = extra.station_books[hall.book, row]
        book[STATION_OPEN_MIN] += (state.lines[hall.foot].open if hall.foot >= 0 else hall.open) * minutes
        if events & BIN_END:
            book[STATION_QUEUE_END] = hall.people
