"""One possible history of one region: the order of a step, written once.

In each interval between two cuts:
 1. hours, closures and opening hours take effect;
 2. officers look at the queues, decide, open and close booths; waits are measured and published;
 3. at a tick, people in lines and people turned away decide;
 4. people set out, or not, or elsewhere, or later;
 5. arrivals join their lines;
 6. whoever can start primary inspection before the next cut does; then secondary;
 7. the books are kept, and balanced.
Only ticks and schedule changes carry decisions, so an extra cut anywhere changes no bit.
"""

from __future__ import annotations

import numpy as np

from garita.engine.batches import advance_halls, inside_halls, keep_hall_books, see_halls
from garita.engine.blocking import advance_group
from garita.engine.booths import set_open
from garita.engine.bundles import bundle
from garita.engine.choice import depart_again
from garita.engine.departures import depart, restart_hour
from garita.engine.emergency import book_emergencies, kept_open, watch_waits
from garita.engine.extra import BATCHES, PERFECT, RETURNS, STATIONS
from garita.engine.homeward import note_hour, note_tick
from garita.engine.initial import begin_with
from garita.engine.kernel import kernel
from garita.engine.lanes import choose_lanes
from garita.engine.officers import moments_of_officers
from garita.engine.parties import planned_flow
from garita.engine.patience import lose_patience
from garita.engine.pools import book_officers
from garita.engine.queues import move_up, receive, start_primary, start_secondary
from garita.engine.recording import note_lines
from garita.engine.rooms import join
from garita.engine.staffing import decide_trim, look_at_queues, measure, publish, staff
from garita.engine.state import (
    CANCELLED_COUNT,
    CROSSED_COUNT,
    ENTERED,
    FAULT,
    GAVE_UP_COUNT,
    GONE,
    SPOKES,
    TICKS,
    VERSION,
)
from garita.engine.station_books import keep_station_books, remains, settle_before
from garita.engine.stations import before_primary, behind_primary, one_by_one, slow_down
from garita.engine.types import (
    BIN_END,
    CHANGE,
    CLOSED,
    DECIDE,
    FINE,
    MEASURE,
    MEASURE_FIRST,
    NOT_CONSERVED,
    ON_THE_WAY,
    OPEN_BOOTH_MIN,
    OUTSIDE_HOURS,
    PUBLISH,
    PUBLISHED,
    PUBLISHED_CLOSED,
    PUBLISHED_OUTSIDE_HOURS,
    QUEUE_END,
    QUEUE_PEOPLE_END,
    RULE_LOGIT,
    RULE_THRESHOLD,
    STATUS,
    TICK,
    WAITING,
)
from garita.engine.waiting import anybody_thinks, send_on, surprise, think_in_queue, turn_away


@kernel
def apply_schedule(seed, replication, model, state, output, extra, interval, now, row):
    """Closures begin and end for those who queue."""
    for flow in range(model.flows.shape[0]):
        line, plan = state.lines[flow], model.plan[interval, flow]
        before, after = line.status, plan.status
        if extra is not None:
            after = kept_open(extra, flow, after)
        if before != after:
            line.status = after
            if before == OUTSIDE_HOURS:  # booths that have not closed since cannot begin before this
                set_open(line, state.booths[flow], np.int64(0), now)
            if after == OUTSIDE_HOURS:  # the line is cut; behind a closure there is nobody left to serve
                line.last = line.head if before == CLOSED else line.tail
            if model.behaviour[0].rule == RULE_LOGIT and (after == CLOSED or before == CLOSED):
                surprise(seed, replication, model, state, flow, now, after == CLOSED)
        if plan.barred != line.barred:
            line.barred = plan.barred
            if plan.barred != 0:
                turn_away(seed, replication, model, state, output, extra, flow, line.head, now, row)


@kernel
def officers_act(model, state, extra, interval, now, hour, events, wanted):
    """Look, decide, open and close booths, measure and publish."""
    if events & (TICK | DECIDE | MEASURE | MEASURE_FIRST):
        look_at_queues(model, state, extra, now)
        if extra is not None and extra.features[STATIONS]:
            slow_down(model, state, extra, interval)
        if extra is not None and extra.features[BATCHES]:
            see_halls(model, state, extra)
    if events & TICK and model.behaviour[0].rule == RULE_THRESHOLD:
        state.count[VERSION] += 1
    if extra is not None and extra.features[PERFECT]:
        state.count[VERSION] += 1
    if events & DECIDE:
        state.count[TICKS] += 1
        decide_trim(model, state, hour)
    acts = CHANGE | DECIDE
    if extra is not None:
        acts |= moments_of_officers(extra)
    if events & acts:
        staff(model, state, extra, interval, now, events & TICK != 0, wanted)
    if events & MEASURE_FIRST:
        measure(state, model.flows.shape[0])
    if events & PUBLISH:
        publish(model, state)
        state.count[VERSION] += 1
    if events & MEASURE:
        measure(state, model.flows.shape[0])


@kernel
def people_think(seed, replication, model, state, output, extra, hour, epoch, now, row):
    """At a tick, those in lines and those turned away decide."""
    if extra is not None and extra.features[RETURNS]:
        note_tick(extra)
    for flow in range(model.flows.shape[0]):
        if model.behaviour[0].rule == RULE_LOGIT and anybody_thinks(model, state, flow, now):
            think_in_queue(seed, replication, model, state, output, extra, flow, hour, epoch, now, row)
        if state.lines[flow].turned > 0:
            send_on(seed, replication, model, state, output, extra, flow, hour, epoch, now)


@kernel
def people_set_out(seed, replication, model, state, output, extra, hour, epoch, until):
    """Own demand first, then those who try again."""
    for flow in range(model.flows.shape[0]):
        line = state.lines[flow]
        move_up(line, state.queue[flow])
        line.fresh = line.tail
        if line.elapsed < 1.0:
            depart(seed, replication, model, state, output, extra, flow, hour, epoch, until)
        if line.later > 0:
            depart_again(seed, replication, model, state, output, extra, flow, hour, epoch, until)


@kernel
def looks_again(model, state, flow, hour):
    """Whether who joins a line now thinks again at once: closed, or much longer than usual."""
    behaviour, line, this = model.behaviour[0], state.lines[flow], model.flow_hours[flow, hour]
    return behaviour.rule == RULE_LOGIT and (
        line.status == CLOSED
        or line.live > this.usual + behaviour.look_again_min
        or (line.status == OUTSIDE_HOURS and this.opens_in > behaviour.look_again_min)
    )


@kernel
def lines_move(seed, replication, model, state, output, extra, interval, hour, now, until, row, origin):
    """Arrivals join, primary inspection starts, then secondary."""
    flows = model.flows.shape[0]
    if extra is not None:
        choose_lanes(seed, replication, model, state, extra, now, until)
    for flow in range(flows):
        line = state.lines[flow]
        if extra is not None and extra.features[STATIONS] and extra.group_of[flow] >= 0:
            extra.nodes[flow].thinks = looks_again(model, state, flow, hour)
            if one_by_one(model, extra, flow):
                continue
        if line.way > 0 or line.tail > line.fresh:
            thinks = looks_again(model, state, flow, hour)
            if extra is None:
                receive(state, extra, flow, output.bins[flow, row], now, until, thinks)
                if line.barred != 0:
                    turn_away(seed, replication, model, state, output, extra, flow, line.fresh, now, row)
            else:
                join(seed, replication, model, state, output, extra, flow, now, until, thinks, row, origin)
        if extra is not None and extra.features[STATIONS] and extra.group_of[flow] >= 0:
            continue
        if extra is not None and extra.features[BATCHES] and extra.hall_of[flow] >= 0:
            continue
        if line.tail > line.head:
            start_primary(seed, replication, model, state, output, extra, flow, until, row, origin)
            if extra is not None:
                lose_patience(seed, replication, model, state, output, extra, flow, until, row)
    if extra is not None:
        for group in range(extra.groups.shape[0]):
            advance_group(
                seed, replication, model, state, output, extra, group, interval, now, until, row, origin
            )
    if extra is not None and extra.features[BATCHES]:
        advance_halls(seed, replication, model, state, output, extra, interval, now, until, row, origin)
    for station in range(flows, flows + model.places.shape[1]):
        if extra is not None and extra.features[STATIONS] and extra.group_of[station] >= 0:
            continue
        if state.lines[station].way + state.lines[station].waiting > 0:
            start_secondary(seed, replication, model, state, output, extra, station, now, until)


@kernel
def keep_books(model, state, output, extra, interval, minutes, events, row):
    """Booth-minutes of the interval; at the end of a bin, what stands in the lines and what is published."""
    output.used[0] = row + 1
    if extra is not None:
        book_officers(model, extra, interval, minutes, row)
        book_emergencies(extra, minutes, row)
    if extra is not None and extra.features[STATIONS]:
        keep_station_books(model, state, extra, minutes, events, row)
    if extra is not None and extra.features[BATCHES]:
        keep_hall_books(state, extra, minutes, events, row)
    for flow in range(output.bins.shape[0]):
        bins, line = output.bins[flow, row], state.lines[flow]
        bins[OPEN_BOOTH_MIN] += line.open * minutes
        if events & BIN_END:
            bins[QUEUE_END] = line.waiting
            bins[QUEUE_PEOPLE_END] = line.waiting_people
            bins[PUBLISHED] = (
                line.published if line.published != PUBLISHED_OUTSIDE_HOURS else PUBLISHED_CLOSED
            )
            bins[STATUS] = line.status


@kernel
def still_here(model, state, extra):
    """Parties in lines or before them, on the way, putting the trip off, or turned away and deciding."""
    there, flows = 0, model.flows.shape[0]
    if extra is not None and extra.features[STATIONS]:
        there += before_primary(model, extra)
    for flow in range(flows):
        line = state.lines[flow]
        there += line.waiting + line.way + line.later + line.turned
    return there


@kernel
def in_secondary(seed, replication, model, state, extra, interval):
    """Parties sent to an inspection after primary whose inspection there has not begun."""
    there, flows = 0, model.flows.shape[0]
    for station in range(flows, flows + model.places.shape[1]):
        there += state.lines[station].waiting + state.lines[station].way
    if extra is not None and extra.features[STATIONS]:
        there += behind_primary(seed, replication, model, state, extra, interval)
    if extra is not None and extra.features[BATCHES]:
        there += inside_halls(extra)
    return there


@kernel
def close_books(model, state, output, extra):
    """Whoever is still there at the end: waiting in a line, or on the way."""
    mask, waiting, coming = state.queue.shape[1] - 1, np.int64(WAITING), np.int64(ON_THE_WAY)
    flows = model.flows.shape[0]
    for flow in range(flows):
        line, crossing = state.lines[flow], model.flows[flow].crossing
        for place in range(line.head, line.tail):
            party = state.queue[flow, place & mask]
            if party.tag != GONE:
                remains(model, output, extra, waiting, crossing, party.tag, party.word)
        for i in range(line.turned):
            party = state.turned[flow, i]
            remains(model, output, extra, waiting, crossing, party.tag, party.word)
        for spoke in range(SPOKES):
            place = state.spokes[flow, spoke]
            while place >= 0:
                party = state.way[flow, place]
                remains(model, output, extra, coming, crossing, party.tag, party.word)
                place = party.next
        for i in range(line.later):
            party = state.later[flow, i]
            home = model.flows[planned_flow(party.tag)].crossing
            remains(model, output, extra, coming, home, party.tag, party.word)
    for station in range(flows, flows + model.places.shape[1]):
        output.secondary[station - flows, 3] = state.lines[station].waiting + state.lines[station].way
    if extra is not None and extra.features[STATIONS]:
        settle_before(model, state, output, extra)


@kernel
def balanced(model, state, extra):
    """People in = crossed or in inspection + cancelled + gave up + still here."""
    return state.count[ENTERED] == (
        state.count[CROSSED_COUNT]
        + state.count[CANCELLED_COUNT]
        + state.count[GAVE_UP_COUNT]
        + still_here(model, state, extra)
    )


@kernel
def simulate(
    seed, replication, model_fields, state_fields, output_fields, extra_fields, demand_hours, first, end
):
    """Run one history, or its intervals from ``first`` to ``end``; returns (how it ended, intervals used)."""
    model = bundle(model_fields)
    state = bundle(state_fields)
    output = bundle(output_fields)
    extra = None if extra_fields is None else bundle(extra_fields)
    wanted = state.wanted
    origin = model.intervals[0].start
    hour = model.intervals[first - 1].hour if first > 0 else -1
    if extra is not None and first == 0:
        begin_with(seed, replication, model, state, output, extra)
    for interval in range(first, end):
        this = model.intervals[interval]
        now, until, events, row, epoch = this.start, this.end, this.events, this.bin, this.epoch
        if this.hour != hour:
            if extra is not None and extra.features[RETURNS] and hour >= 0:
                note_hour(state, extra, hour)
            hour = this.hour
            restart_hour(seed, replication, model, state, hour)
            state.count[VERSION] += 1
            if (
                hour >= demand_hours
                and still_here(model, state, extra) == 0
                and in_secondary(seed, replication, model, state, extra, interval) == 0
            ):
                return FINE, interval
        if extra is not None and events & TICK:
            watch_waits(model, state, extra, now)
        if events & CHANGE:
            apply_schedule(seed, replication, model, state, output, extra, interval, now, row)
        officers_act(model, state, extra, interval, now, hour, events, wanted)
        if extra is not None:
            note_lines(model, state, extra, now)
        if events & TICK:
            people_think(seed, replication, model, state, output, extra, hour, epoch, now, row)
        people_set_out(seed, replication, model, state, output, extra, hour, epoch, until)
        lines_move(seed, replication, model, state, output, extra, interval, hour, now, until, row, origin)
        keep_books(model, state, output, extra, interval, until - now, events, row)
        if state.count[FAULT]:
            return state.count[FAULT], interval
        if events & BIN_END and not balanced(model, state, extra):
            return NOT_CONSERVED, interval
    if end == model.intervals.shape[0]:
        close_books(model, state, output, extra)
    return FINE, end
