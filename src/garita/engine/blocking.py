"""Stations that hold one another up, event by event.

Whoever is inspected stays in the booth until there is room at the next station (blocking after service), so
when a booth is free depends on what happens behind it, and no start is known on joining. The stations of one
group, which pass parties on to one another, are advanced together: inspections before the port, primary
lines, secondary, inspections after primary. At one instant inspections end first (of the last stations first,
then by booth), then newcomers join, then whoever can move on or start does, from the last station to the
first. Who was held up first moves on first.
"""

from __future__ import annotations

import numpy as np

from garita.engine.booths import BOOTH_BITS, BOOTH_MASK, booth_key, free_time
from garita.engine.extra import RETURNS, WALK
from garita.engine.homeward import TROUBLED, let_go
from garita.engine.kernel import kernel
from garita.engine.nodes import leave, pop_key, push_key, set_booths, set_free, wait_behind
from garita.engine.on_foot import rest_of_party, walking
from garita.engine.parties import class_of, draw, grains, people_of, quantile
from garita.engine.patience import gone_by, lose, lose_patience, note_patience
from garita.engine.queues import append
from garita.engine.random import SECONDARY, high_half
from garita.engine.recording import note_joined, note_left, note_secondary, note_started
from garita.engine.rooms import no_room, to_decide
from garita.engine.state import FAULT, GONE, REFERRAL_MASK, REFERRAL_SHIFT, SERVICE_SHIFT, copy, put
from garita.engine.station_books import bin_of, book_held, book_post, book_primary
from garita.engine.stations import OUT, destination, draw_at, first_post, next_stop, one_by_one
from garita.engine.travel import arrive, comes_after
from garita.engine.types import (
    ARRIVED,
    ARRIVED_PEOPLE,
    HELD,
    INSPECTING,
    INSPECTION_SUM,
    LEFT,
    OUTSIDE_HOURS,
    QUEUE_FULL,
    STATION_ARRIVED,
)

_KEEP_LOW = np.uint64(0xFFFF)


@kernel
def enqueue(state, station, time, tag, word, line):
    """Put a party at the end of an inspection's queue; before primary it is known by the line it goes to."""
    queue, waiting = state.queue[station], state.lines[station]
    append(waiting, queue, state.count, time, tag, word)
    queue[(waiting.tail - 1) & (queue.shape[0] - 1)].check = np.float64(line)
    waiting.waiting += 1


@kernel
def join_line(seed, replication, model, state, output, extra, flow, time, tag, word, row_now):
    """A party comes to a line for primary, one by one: from an inspection before the port, or to a line with
    a bounded room.
    """
    line, queue = state.lines[flow], state.queue[flow]
    people = people_of(extra, tag, word)
    note_joined(model, state, extra, flow, time, tag)
    output.bins[flow, row_now, ARRIVED] += 1.0
    output.bins[flow, row_now, ARRIVED_PEOPLE] += people
    if line.barred != 0 and (line.barred >> class_of(seed, replication, model, tag)) & 1 == 1:
        output.bins[flow, row_now, LEFT] += 1.0
        note_left(model, state, extra, flow, time, tag)
        to_decide(state, flow, time, tag, word)
        return
    lose_patience(seed, replication, model, state, output, extra, flow, time, row_now)
    if line.waiting + extra.nodes[flow].manned >= extra.waiting_room[flow]:
        no_room(model, state, output, extra, flow, time, tag, word, row_now)
        return
    append(line, queue, state.count, time, tag, word)
    if extra.nodes[flow].thinks:
        queue[(line.tail - 1) & (queue.shape[0] - 1)].check = time
        line.looking += 1
    line.waiting += 1
    line.waiting_people += people
    note_patience(seed, replication, model, extra, flow, time, tag)


@kernel
def enter(seed, replication, model, state, output, extra, station, time, tag, word, line, row_now):
    """A party joins the queue of a station."""
    if station < model.flows.shape[0]:
        join_line(seed, replication, model, state, output, extra, station, time, tag, word, row_now)
        return
    enqueue(state, station, time, tag, word, line)
    x = station - first_post(model)
    if x >= 0:
        extra.station_books[extra.book_of[station], row_now, STATION_ARRIVED] += 1.0
        extra.nodes[station].inside += extra.posts[x].before


@kernel
def end_inspection(seed, replication, model, extra, interval, station, time):
    """The next inspection of a station ends: the party goes, or lines up for room at its next station."""
    node, busy = extra.nodes[station], extra.busy[station]
    number = busy[0] & BOOTH_MASK
    server = extra.servers[station, number]
    pop_key(busy, node.busy)
    node.busy -= 1
    target = destination(seed, replication, model, extra, interval, station, server)
    if target == OUT:
        leave(model, extra, station)
        set_free(extra, station, number, time)
        return
    server.task, server.ended = HELD, time
    wait_behind(extra, target, station, number)


@kernel
def admit(seed, replication, model, state, output, extra, target, now, time, row_now):
    """Whoever has been held up longest by a station joins its queue."""
    node = extra.nodes[target]
    station, number = node.first >> BOOTH_BITS, node.first & BOOTH_MASK
    server = extra.servers[station, number]
    node.held -= 1
    node.first = server.next
    book_held(output, extra, station, server, now, time, row_now, True)
    leave(model, extra, station)
    enter(
        seed,
        replication,
        model,
        state,
        output,
        extra,
        target,
        time,
        server.tag,
        server.word,
        server.line,
        row_now,
    )
    set_free(extra, station, number, time)


@kernel
def start(seed, replication, model, state, output, extra, station, party, time, row_now, origin):
    """A party begins its inspection at the booth that has been free longest."""
    node, line = extra.nodes[station], state.lines[station]
    number = extra.idle[station, 0] & BOOTH_MASK
    pop_key(extra.idle[station], node.idle)
    node.idle -= 1
    node.manned += 1
    server, flows, posts = extra.servers[station, number], model.flows.shape[0], first_post(model)
    tag, word, joined = party.tag, party.word, party.time
    server.task, server.tag, server.word, server.referred = INSPECTING, tag, word, 0
    wait, row = time - joined, bin_of(joined, origin)
    if station < flows:
        if extra.features[RETURNS] and extra.watch[TROUBLED] > 0:
            let_go(seed, replication, model, extra, tag, word, time, True)
        minutes = grains(quantile(model.service[station], high_half(word)))
        if extra.features[WALK] and walking(model, station, tag):
            minutes += rest_of_party(seed, replication, model, model.service[station], tag, word)
        book_primary(model, state, output, extra, station, row_now, row, wait, minutes, tag, word)
        note_started(model, state, extra, station, time, minutes, tag)
        flow = model.flows[station]
        drawn = np.float64((word >> REFERRAL_SHIFT) & REFERRAL_MASK)
        server.referred = 1 if flow.secondary >= 0 and drawn < flow.referral * 65536.0 else 0
        server.line, server.row = station, row
        # As in ``queues.start_primary``: draws that are spent make room for the line and the joining bin.
        server.word = (
            (word & _KEEP_LOW) | (np.uint64(station) << REFERRAL_SHIFT) | (np.uint64(row) << SERVICE_SHIFT)
        )
    elif station >= posts and extra.posts[station - posts].before:
        first, _ = draw_at(seed, replication, model, extra.posts[station - posts], tag)
        minutes = grains(quantile(model.service[station], high_half(first)))
        book_post(extra, station, row_now, row, wait, minutes)
        line.waiting -= 1
        server.line, server.row = np.int64(party.check), -1
    else:
        server.line = np.int64((word >> REFERRAL_SHIFT) & REFERRAL_MASK)
        server.row = np.int64(word >> SERVICE_SHIFT)
        if station < posts:
            first, _ = draw(seed, replication, model.flows, model.hours, tag, SECONDARY)
            minutes = grains(quantile(model.service[station], high_half(first)))
            note_secondary(model, state, extra, station, time, minutes, tag)
            totals = output.secondary[station - flows]
            totals[0] += 1.0
            totals[1] += wait
            totals[2] = max(totals[2], wait)
        else:
            first, _ = draw_at(seed, replication, model, extra.posts[station - posts], tag)
            minutes = grains(quantile(model.service[station], high_half(first)))
            book_post(extra, station, row_now, row, wait, minutes)
        line.waiting -= 1
        output.bins[server.line, server.row, INSPECTION_SUM] += wait + minutes
    push_key(extra.busy[station], node.busy, booth_key(time + minutes, number))
    node.busy += 1


@kernel
def served_until(model, line, station):
    """The place in a queue up to which parties are served: after closing time, those who came before it."""
    if station < model.flows.shape[0] and line.status == OUTSIDE_HOURS:
        return min(line.tail, line.last)
    return line.tail


@kernel
def serve(seed, replication, model, state, output, extra, station, now, time, row_now, origin):
    """At one instant: everyone who can start at a station does, and who is held up by it moves on."""
    node, line, queue = extra.nodes[station], state.lines[station], state.queue[station]
    mask, room = queue.shape[0] - 1, extra.room_before[station]
    while True:
        tail = served_until(model, line, station)
        while line.head < tail:
            party = queue[line.head & mask]
            if party.tag != GONE:
                if node.idle == 0 or party.time > time:
                    break
                if station < model.flows.shape[0]:
                    ends = gone_by(seed, replication, model, extra, station, party, time)
                    if ends < time:
                        lose(seed, replication, model, state, output, extra, station, party, ends, row_now)
                        line.head += 1
                        continue
                start(seed, replication, model, state, output, extra, station, party, time, row_now, origin)
            line.head += 1
        if node.held == 0 or state.count[FAULT]:
            return
        if station < model.flows.shape[0]:
            lose_patience(seed, replication, model, state, output, extra, station, time, row_now)
        if line.waiting >= room + node.idle:
            return
        admit(seed, replication, model, state, output, extra, station, now, time, row_now)


@kernel
def next_instant(model, state, extra, members, pending):
    """When something happens next in a group; ``pending``: when the next newcomer comes."""
    time = pending
    for i in range(members.shape[0]):
        station = members[i]
        if station < 0:
            break
        node, line = extra.nodes[station], state.lines[station]
        if node.busy > 0:
            time = min(time, free_time(extra.busy[station, 0]))
        # Newcomers of a line that is not joined one by one stand in its queue before their time.
        if node.idle > 0 and line.head < served_until(model, line, station):
            time = min(time, state.queue[station, line.head & (state.queue.shape[1] - 1)].time)
    return time


@kernel
def gather(model, state, extra, members, now, until):
    """Those who come to the lines that are joined one by one, by time, then tag; returns how many."""
    parties, mask, found = state.parties, state.queue.shape[1] - 1, np.int64(0)
    for i in range(members.shape[0]):
        flow = members[i]
        if one_by_one(model, extra, flow) and state.lines[flow].way > 0:
            arrive(state, flow, now, until)
    for i in range(members.shape[0]):
        flow = members[i]
        if not one_by_one(model, extra, flow):
            continue
        line, queue = state.lines[flow], state.queue[flow]
        before, last = found - 1, line.tail - 1
        place = before + line.tail - line.fresh
        if place >= parties.shape[0]:
            state.count[FAULT] = QUEUE_FULL
            return np.int64(0)
        found = place + 1
        while last >= line.fresh:
            party = queue[last & mask]
            if before >= 0 and comes_after(parties[before], party.time, party.tag):
                copy(parties[place], parties[before])
                before -= 1
            else:
                put(parties[place], party.time, party.tag, party.word, np.float64(flow))
                last -= 1
            place -= 1
        line.tail = line.fresh
    return found


@kernel
def drop_inspection(seed, replication, model, state, output, extra, interval, station, now, row_now):
    """An inspection is given up: who waits for it, or is held up by it, goes on to what comes next."""
    line, node, queue = state.lines[station], extra.nodes[station], state.queue[station]
    before = extra.posts[station - first_post(model)].before
    while line.head < line.tail:
        party = queue[line.head & (queue.shape[0] - 1)]
        tag, word = party.tag, party.word
        line.head += 1
        line.waiting -= 1
        leave(model, extra, station)
        if before:
            flow = np.int64(party.check)
            way, end = extra.ways_in[flow], flow
        else:
            flow = np.int64((word >> REFERRAL_SHIFT) & REFERRAL_MASK)
            way, end = extra.ways_out[flow], np.int64(OUT)
        target = next_stop(seed, replication, model, extra, interval, way, station, tag, end)
        if target != OUT:
            enter(seed, replication, model, state, output, extra, target, now, tag, word, flow, row_now)
    who, held = node.first, node.held
    node.held = 0
    for _ in range(held):
        behind, number = who >> BOOTH_BITS, who & BOOTH_MASK
        server = extra.servers[behind, number]
        who = server.next
        target = destination(seed, replication, model, extra, interval, behind, server)
        if target == OUT:
            book_held(output, extra, behind, server, now, now, row_now, True)
            leave(model, extra, behind)
            set_free(extra, behind, number, now)
        else:
            wait_behind(extra, target, behind, number)


@kernel
def hold_over(output, extra, members, now, until, row_now):
    """Minutes of the interval for which booths have been held up that still are at its end."""
    for i in range(members.shape[0]):
        if members[i] < 0:
            break
        node = extra.nodes[members[i]]
        who = node.first
        for _ in range(node.held):
            station = who >> BOOTH_BITS
            server = extra.servers[station, who & BOOTH_MASK]
            book_held(output, extra, station, server, now, until, row_now, False)
            who = server.next


@kernel
def advance_group(
    seed, replication, model, state, output, extra, group, interval, now, until, row_now, origin
):
    """Everything that happens in a group of stations from ``now`` on, before ``until``."""
    members, posts = extra.groups[group], first_post(model)
    newcomers, parties = gather(model, state, extra, members, now, until), state.parties
    for i in range(members.shape[0]):
        station = members[i]
        if station < 0:
            break
        if station >= posts:
            state.lines[station].open = extra.post_places[interval, station - posts]
        set_booths(extra, station, state.lines[station].open, now)
        if station >= posts and extra.post_exists[interval, station - posts] == 0:
            drop_inspection(seed, replication, model, state, output, extra, interval, station, now, row_now)
    came, time = 0, now
    while time < until and not state.count[FAULT]:
        for i in range(members.shape[0]):
            station = members[i]
            if station < 0:
                break
            while extra.nodes[station].busy > 0 and free_time(extra.busy[station, 0]) <= time:
                end_inspection(seed, replication, model, extra, interval, station, time)
        while came < newcomers and parties[came].time <= time:
            party = parties[came]
            flow = np.int64(party.check)
            target = next_stop(
                seed, replication, model, extra, interval, extra.ways_in[flow], -1, party.tag, flow
            )
            enter(
                seed,
                replication,
                model,
                state,
                output,
                extra,
                target,
                party.time,
                party.tag,
                party.word,
                flow,
                row_now,
            )
            came += 1
        for i in range(members.shape[0]):
            station = members[i]
            if station < 0:
                break
            line, node = state.lines[station], extra.nodes[station]
            if node.held > 0 or (node.idle > 0 and line.head < line.tail):
                serve(seed, replication, model, state, output, extra, station, now, time, row_now, origin)
        pending = parties[came].time if came < newcomers else np.inf
        time = next_instant(model, state, extra, members, pending)
    hold_over(output, extra, members, now, until, row_now)
    for i in range(members.shape[0]):
        if 0 <= members[i] < model.flows.shape[0]:
            lose_patience(seed, replication, model, state, output, extra, members[i], until, row_now)
