"""The books of stations that are advanced event by event: primary lines, and inspections before and after."""

from __future__ import annotations

import numpy as np

from garita.engine.kernel import kernel
from garita.engine.parties import people_of, settle
from garita.engine.queues import book_crossing, wait_bin
from garita.engine.state import CROSSED_COUNT
from garita.engine.stations import first_post
from garita.engine.types import (
    BIN_END,
    BIN_MINUTES,
    BUSY_BOOTH_MIN,
    FREE,
    INSPECTION_SUM,
    STARTED,
    STARTED_PEOPLE,
    STATION_BUSY_MIN,
    STATION_HELD_MIN,
    STATION_OPEN_MIN,
    STATION_QUEUE_END,
    STATION_STARTED,
    STATION_WAIT_MAX,
    STATION_WAIT_SUM,
    STATION_WAITED,
    WAIT_MAX,
    WAIT_PEOPLE_SUM,
    WAIT_SUM,
    WAITED,
    WAITING,
)


@kernel
def bin_of(minute, origin):
    """The bin of a moment."""
    return np.int64((minute - origin) / BIN_MINUTES)


@kernel
def book_primary(model, state, output, extra, flow, row_now, row, wait, minutes, tag, word):
    """A party begins primary inspection: its wait by the bin in which it joined, and what became of it."""
    line, people = state.lines[flow], people_of(extra, tag, word)
    cell, now = output.bins[flow, row], output.bins[flow, row_now]
    cell[WAITED] += 1.0
    cell[WAIT_SUM] += wait
    cell[WAIT_PEOPLE_SUM] += wait * people
    cell[WAIT_MAX] = max(cell[WAIT_MAX], wait)
    cell[INSPECTION_SUM] += minutes
    output.histogram[flow, row, wait_bin(wait)] += np.uint32(1)
    now[STARTED] += 1.0
    now[STARTED_PEOPLE] += people
    now[BUSY_BOOTH_MIN] += minutes
    line.waiting -= 1
    line.waiting_people -= people
    state.count[CROSSED_COUNT] += 1
    book_crossing(model, output, extra, flow, tag, word)


@kernel
def book_post(extra, station, row_now, row, wait, minutes):
    """A party begins an inspection before or after primary."""
    book_post_wait(extra.station_books[extra.book_of[station]], row_now, row, wait, minutes, 1)


@kernel
def book_post_wait(books, row_now, row, wait, minutes, number):
    """So many who waited alike begin an inspection, which takes them as many minutes together."""
    cell, now = books[row], books[row_now]
    cell[STATION_WAITED] += number
    cell[STATION_WAIT_SUM] += wait * number
    cell[STATION_WAIT_MAX] = max(cell[STATION_WAIT_MAX], wait)
    now[STATION_STARTED] += number
    now[STATION_BUSY_MIN] += minutes


@kernel
def book_held(output, extra, station, server, since, time, row_now, whole):
    """Minutes for which a booth was held up; ``whole``: the party moves on, and its own time is known."""
    book = extra.book_of[station]
    if book >= 0:
        extra.station_books[book, row_now, STATION_HELD_MIN] += time - max(since, server.ended)
    if whole and server.row >= 0:
        output.bins[server.line, server.row, INSPECTION_SUM] += time - server.ended


@kernel
def keep_station_books(model, state, extra, minutes, events, row):
    """Booth-minutes of the interval; at the end of a bin, what stands in the queues."""
    for station in range(first_post(model), extra.nodes.shape[0]):
        book = extra.station_books[extra.book_of[station], row]
        book[STATION_OPEN_MIN] += state.lines[station].open * minutes
        if events & BIN_END:
            book[STATION_QUEUE_END] = state.lines[station].waiting


@kernel
def remains(model, output, extra, kind, crossing, tag, word):
    """Enter in the books that a party has not crossed at the end of a run."""
    settle(model.flow_hours, output.ledger, output.balance, output.finals, extra, tag, word, kind, crossing)


@kernel
def settle_before(model, state, output, extra):
    """At the end of a run: whoever is still in an inspection before the port is waiting at its crossing."""
    mask, flows, kind = state.queue.shape[1] - 1, model.flows, np.int64(WAITING)
    for station in range(first_post(model), extra.nodes.shape[0]):
        if extra.posts[station - first_post(model)].before == 0:
            continue
        line = state.lines[station]
        for place in range(line.head, line.tail):
            party = state.queue[station, place & mask]
            crossing = flows[np.int64(party.check)].crossing
            remains(model, output, extra, kind, crossing, party.tag, party.word)
        for number in range(extra.servers.shape[1]):
            server = extra.servers[station, number]
            if server.task != FREE:
                remains(model, output, extra, kind, flows[server.line].crossing, server.tag, server.word)
