"""What people decide in a queue: stay, another crossing, another time, or home.

Each option is weighed by exp(coefficient x minutes it is expected to take); going home counts as a number
of minutes a party would rather lose than wait on. Whoever thinks of leaving looks up what is published of
the other crossings, and changes crossing at most once. In a moving queue nobody thinks of leaving before a
threshold, and then at a constant rate; at a closed line, or one seen to be very long, sooner. Decisions
fall on ticks.
"""

from __future__ import annotations

import math

import numpy as np

from garita.engine.beliefs import expected_wait
from garita.engine.choice import count_twice, divert, puts_off
from garita.engine.extra import RETURNS, WALK
from garita.engine.homeward import hold_up
from garita.engine.kernel import kernel
from garita.engine.on_foot import send_on_foot, weigh_walking
from garita.engine.parties import class_of, draw, grains, people_of, planned_flow, settle
from garita.engine.random import CAUGHT, PATIENCE, RECONSIDER, U64, exponential, high_half, low_half, uniform
from garita.engine.recording import GAVE_UP_TRIP, note, note_left
from garita.engine.state import (
    CHECKS_MASK,
    CHECKS_SHIFT,
    FAULT,
    GAVE_UP_COUNT,
    GONE,
    MOVED_BIT,
    MUST_BIT,
    UNSET,
    put,
)
from garita.engine.tandem import worth
from garita.engine.types import (
    CLOSED,
    DIVERTED_FROM_QUEUE,
    GAVE_UP,
    GAVE_UP_IN_QUEUE,
    LATER_FROM_QUEUE,
    LEFT,
    OPEN,
    PARTLY,
    QUEUE_FULL,
    SWITCHED_IN_QUEUE,
)


@kernel
def weigh_others(model, state, extra, planned, here, hour, epoch, coefficient, total):
    """Weights of going from a line to each other crossing; returns ``total`` with them added.

    0 where that is impossible or it is closed. A crossing that few use on ordinary days draws few: planned
    demand there over planned demand here. Arrays are fetched once, because every fetch costs.
    """
    alternative, flow_hours, lines, travel = model.alternative, model.flow_hours, state.lines, model.travel
    weights, on_foot = state.weights, model.flows[planned].on_foot
    own = alternative[planned, here]
    at_home = flow_hours[own.flow, hour].rate * own.weight
    for crossing in range(alternative.shape[1]):
        weights[crossing] = 0.0
        other = alternative[planned, crossing].flow
        if crossing == here or other < 0 or at_home <= 0.0 or flow_hours[other, hour].within == 0:
            continue
        status = lines[other].status
        if status != OPEN and status != PARTLY:
            continue
        drawn = flow_hours[other, hour].rate * alternative[planned, crossing].weight
        expected = travel[here, crossing, on_foot] + expected_wait(
            model, state, extra, other, hour, epoch, True
        )
        weights[crossing] = min(1.0, drawn / at_home) * math.exp(coefficient * expected)
        total += weights[crossing]
    return total


@kernel
def give_up(model, state, output, extra, time, tag, word):
    """Home for good, from a line."""
    flow = planned_flow(tag)
    if extra is not None:
        note(state, extra, GAVE_UP_TRIP, time, flow, tag, 0.0)
    count_twice(output.gross, flow, np.int64(GAVE_UP_IN_QUEUE), people_of(extra, tag, word))
    state.count[GAVE_UP_COUNT] += 1
    settle(
        model.flow_hours,
        output.ledger,
        output.balance,
        output.finals,
        extra,
        tag,
        word,
        np.int64(GAVE_UP),
        model.flows[flow].crossing,
    )


@kernel
def leave_queue(seed, replication, model, state, output, extra, epoch, now, tag, word, u_whether, u_when):
    """Out of the queue for home: to try again later, or to give the trip up."""
    flow = planned_flow(tag)
    people = people_of(extra, tag, word)
    if puts_off(seed, replication, model, state, extra, epoch, now, tag, word, u_whether, u_when):
        count_twice(output.gross, flow, np.int64(LATER_FROM_QUEUE), people)
        return
    give_up(model, state, output, extra, now, tag, word)


@kernel
def staying_minutes(model, state, extra, line, hour, epoch, ahead):
    """How long a party with so many ahead of it expects to wait on."""
    booths = max(1, state.lines[line].open if state.lines[line].open > 0 else state.lines[line].roster)
    minutes = ahead * model.flows[line].mean_service / booths
    if extra is not None and extra.tandem.shape[0] > 0:
        minutes *= booths / worth(extra, line, booths)
    if state.lines[line].status == CLOSED:
        return minutes + model.belief[epoch, line].remaining
    if state.lines[line].open == 0:  # after closing time
        return minutes + model.flow_hours[line, hour].opens_in
    return minutes


@kernel
def decide_in_queue(
    seed, replication, model, state, output, extra, line, hour, epoch, now, tag, word, ahead, may_stay
):
    """A party in a line weighs staying, other crossings and leaving. Returns (stays, word, next check)."""
    behaviour = model.behaviour[0]
    planned, here = planned_flow(tag), model.flows[line].crossing
    checks = (word >> CHECKS_SHIFT) & CHECKS_MASK
    first, second = draw(seed, replication, model.flows, model.hours, tag, RECONSIDER + checks)
    must, moved = (word & MUST_BIT) != U64(0), (word & MOVED_BIT) != U64(0)
    coefficient = behaviour.wait_coefficient_must if must else behaviour.wait_coefficient_other
    leaving = behaviour.give_up_equivalent_must_min if must else behaviour.give_up_equivalent_other_min
    stay_weight = 0.0
    overnight = (
        model.flow_hours[line, hour].opens_in > behaviour.look_again_min and state.lines[line].open == 0
    )
    if may_stay == 1 and not overnight:
        stay_weight = math.exp(coefficient * staying_minutes(model, state, extra, line, hour, epoch, ahead))
    total = stay_weight + math.exp(coefficient * leaving)
    others = 0 if moved else model.alternative.shape[1]
    if not moved:
        total = weigh_others(model, state, extra, planned, here, hour, epoch, coefficient, total)
    if extra is not None and extra.features[WALK]:
        total = weigh_walking(
            seed, replication, model, state, extra, line, hour, epoch, coefficient, tag, total
        )
    u = high_half(first) * total
    if u < stay_weight:
        if checks >= CHECKS_MASK:
            return True, word, np.inf
        closed = state.lines[line].status == CLOSED
        pause = behaviour.reconsider_mean_min if closed else behaviour.patience_mean_min
        return True, word + (U64(1) << CHECKS_SHIFT), now + grains(pause * exponential(second))
    u -= stay_weight
    for crossing in range(others):
        weight = state.weights[crossing]
        if u < weight:
            word = (word & ~(CHECKS_MASK << CHECKS_SHIFT)) | MOVED_BIT
            why = np.int64(DIVERTED_FROM_QUEUE)
            divert(model, state, output, extra, planned, here, crossing, now, tag, word, why)
            return False, word, np.inf
        u -= weight
    if extra is not None and extra.features[WALK]:
        for crossing in range(model.alternative.shape[1]):
            weight = extra.walk_weights[crossing]
            if u < weight:
                word &= ~(CHECKS_MASK << CHECKS_SHIFT)
                decision = np.int64(SWITCHED_IN_QUEUE)
                send_on_foot(model, state, output, extra, line, crossing, now, tag, word, decision)
                return False, word, np.inf
            u -= weight
    u_whether, u_when = low_half(first), uniform(second)
    leave_queue(seed, replication, model, state, output, extra, epoch, now, tag, word, u_whether, u_when)
    return False, word, np.inf


@kernel
def patience_ends(seed, replication, model, joined, tag):
    """When a party in a moving queue first thinks of leaving: after a threshold, then at a constant rate."""
    first, _ = draw(seed, replication, model.flows, model.hours, tag, PATIENCE)
    behaviour = model.behaviour[0]
    return joined + grains(behaviour.patience_min + behaviour.patience_mean_min * exponential(first))


@kernel
def take_out(extra, line, party, bins):
    """Mark a party as gone from a line."""
    bins[LEFT] += 1.0
    line.waiting -= 1
    line.waiting_people -= people_of(extra, party.tag, party.word)
    party.tag = GONE


@kernel
def think_in_queue(seed, replication, model, state, output, extra, station, hour, epoch, now, row):
    """At a tick, everyone in a line whose moment has come decides again."""
    line, queue, bins = state.lines[station], state.queue[station], output.bins[station, row]
    mask = queue.shape[0] - 1
    impatient = now - model.behaviour[0].patience_min
    line.looking = 0
    ahead = np.int64(0)
    for place in range(line.head, line.tail):
        party = queue[place & mask]
        if party.tag == GONE:
            continue
        if extra is not None and extra.features[RETURNS] and line.status == CLOSED:
            hold_up(seed, replication, model, extra, party.tag, party.word, now)
        if party.check == UNSET and party.time <= impatient:
            party.check = patience_ends(seed, replication, model, party.time, party.tag)
        if party.check != UNSET and party.check <= now:
            stays, word, again = decide_in_queue(
                seed,
                replication,
                model,
                state,
                output,
                extra,
                station,
                hour,
                epoch,
                now,
                party.tag,
                party.word,
                ahead,
                np.int64(1),
            )
            if not stays:
                if extra is not None:
                    note_left(model, state, extra, station, now, party.tag)
                take_out(extra, line, party, bins)
                continue
            party.word = word
            party.check = again
        ahead += 1


@kernel
def anybody_thinks(model, state, station, now):
    """Whether a line needs looking through at this tick: closed, newcomers appalled by it, or its head
    impatient.
    """
    line = state.lines[station]
    if line.waiting == 0:
        return False
    if line.status == CLOSED or line.looking > 0:
        return True
    first = state.queue[station, line.head & (state.queue.shape[1] - 1)]
    return first.time <= now - model.behaviour[0].patience_min


@kernel
def surprise(seed, replication, model, state, station, now, closes):
    """A line closes or reopens before those who queue: when will each of them first think of leaving?"""
    line, queue = state.lines[station], state.queue[station]
    mask = queue.shape[0] - 1
    for place in range(line.head, line.tail):
        party = queue[place & mask]
        if party.tag == GONE:
            continue
        if closes:
            first, _ = draw(seed, replication, model.flows, model.hours, party.tag, CAUGHT)
            party.check = now + grains(model.behaviour[0].reconsider_mean_min * exponential(first))
        else:
            party.check = max(now, patience_ends(seed, replication, model, party.time, party.tag))


@kernel
def turn_away(seed, replication, model, state, output, extra, station, first_place, now, row):
    """Those whose class may not cross leave the line; they decide where to go at the next tick."""
    line, queue, turned = state.lines[station], state.queue[station], state.turned[station]
    mask = queue.shape[0] - 1
    for place in range(first_place, line.tail):
        party = queue[place & mask]
        tag = party.tag
        if tag == GONE or not (line.barred >> class_of(seed, replication, model, tag)) & 1:
            continue
        if line.turned >= turned.shape[0]:
            state.count[FAULT] = QUEUE_FULL
            return
        put(turned[line.turned], party.time, tag, party.word, UNSET)
        line.turned += 1
        if extra is not None:
            note_left(model, state, extra, station, max(now, party.time), tag)
        take_out(extra, line, party, output.bins[station, row])


@kernel
def send_on(seed, replication, model, state, output, extra, station, hour, epoch, now):
    """At a tick, those turned away choose among other crossings, another time, and home."""
    line = state.lines[station]
    for i in range(line.turned):
        party = state.turned[station, i]
        decide_in_queue(
            seed,
            replication,
            model,
            state,
            output,
            extra,
            station,
            hour,
            epoch,
            now,
            party.tag,
            party.word,
            np.int64(0),
            np.int64(0),
        )
    line.turned = 0
