"""Leaving the car: parties by car who park it and cross on foot, at the same port or another.

Counts already contain those who usually walk, so only a change of the expected times moves others: a party
by car weighs its crossings by car, taken together, against the lines on foot it could join (incremental
logit, as between crossings). Leaving the car weighs as much as ``walk_equivalent_min`` of waiting, besides
the time to park and walk; a share ``walk_able_share`` of parties could do so at all. In the queue of a
closed line it is one more option.

On foot everybody of the party is inspected, one after the other at one booth, and its wait is until the
first of them begins. Its final outcome is of its own: crossed on foot.
"""

from __future__ import annotations

import math

import numpy as np

from garita.engine.beliefs import MOST_EXPONENT, expected_wait
from garita.engine.kernel import kernel
from garita.engine.parties import draw, grains, people_of, planned_flow, quantile, size_of
from garita.engine.random import ABOARD, AGAIN, U64, WHO, high_half, low_half
from garita.engine.recording import DIVERTED, note
from garita.engine.state import ATTEMPT_MASK, ATTEMPT_SHIFT, GONE, MOVED_BIT
from garita.engine.travel import send
from garita.engine.types import CLOSED, OPEN, PARTLY, SWITCHED_AT_DEPARTURE


@kernel
def walking(model, station, tag):
    """Whether a party in a line came by car and crosses on foot."""
    return model.flows[station].on_foot == 1 and model.flows[planned_flow(tag)].on_foot == 0


@kernel
def refresh_walking(model, state, extra, flow, hour, epoch, row, coefficient, inclusive):
    """Chance that a party of one kind (row = 2 x informed + must go) leaves its car, if it could, and for
    which crossing. ``inclusive``: change of the expected minutes by car, over all crossings.
    """
    flow_hours, people = model.flow_hours, extra.people[0]
    by_car = flow_hours[flow, hour].usual
    before, after = 0.0, 0.0
    where = extra.walk_where[epoch, flow, row]
    for crossing in range(extra.foot.shape[1]):
        line = extra.foot[flow, crossing]
        if line >= 0 and flow_hours[line, hour].within != 0:
            usual = flow_hours[line, hour].usual
            minutes = extra.foot_minutes[flow, crossing] + people.walk_equivalent_min + usual - by_car
            change = expected_wait(model, state, extra, line, hour, epoch, row >= 2) - usual
            before += math.exp(min(coefficient * minutes, MOST_EXPONENT))
            after += math.exp(min(coefficient * (minutes + change), MOST_EXPONENT))
        where[crossing] = after
    if after <= 0.0:
        return
    for crossing in range(extra.foot.shape[1]):
        where[crossing] /= after
    left = math.exp(min(coefficient * inclusive, MOST_EXPONENT))  # what weighed 1 on ordinary days
    if left <= 0.0:
        extra.walk_chance[epoch, flow, row] = 1.0
        return
    extra.walk_chance[epoch, flow, row] = max(0.0, 1.0 - (1.0 + before) / (1.0 + after / left))


@kernel
def able(seed, replication, model, extra, tag):
    """(Whether a party could leave its car and walk, a draw for where to.)"""
    first, _ = draw(seed, replication, model.flows, model.hours, tag, WHO)
    return high_half(first) < extra.people[0].walk_able_share, low_half(first)


@kernel
def walks_instead(seed, replication, model, state, output, extra, epoch, row, time, tag, word):
    """Whether a party about to set out leaves its car behind; if so it is on its way."""
    flow = planned_flow(tag)
    chance = extra.walk_chance[epoch, flow, row]
    if chance <= 0.0:
        return False
    attempt = (word >> ATTEMPT_SHIFT) & ATTEMPT_MASK
    _, second = draw(seed, replication, model.flows, model.hours, tag, AGAIN + attempt)
    if low_half(second) >= chance:
        return False
    could, u = able(seed, replication, model, extra, tag)
    if not could:
        return False
    crossing, where = np.int64(0), extra.walk_where[epoch, flow, row]
    while crossing < where.shape[0] - 1 and u >= where[crossing]:
        crossing += 1
    decision = np.int64(SWITCHED_AT_DEPARTURE)
    send_on_foot(model, state, output, extra, flow, crossing, time, tag, word, decision)
    return True


@kernel
def weigh_walking(seed, replication, model, state, extra, station, hour, epoch, coefficient, tag, total):
    """Weights of leaving the car in a closed line for each line on foot; returns ``total`` with them."""
    weights = extra.walk_weights
    for crossing in range(extra.foot.shape[1]):
        weights[crossing] = 0.0
    if state.lines[station].status != CLOSED or model.flows[station].on_foot == 1:
        return total
    could, _ = able(seed, replication, model, extra, tag)
    if not could:
        return total
    for crossing in range(extra.foot.shape[1]):
        line = extra.foot[station, crossing]
        if line < 0 or model.flow_hours[line, hour].within == 0:
            continue
        if state.lines[line].status != OPEN and state.lines[line].status != PARTLY:
            continue
        minutes = extra.foot_minutes[station, crossing] + extra.people[0].walk_equivalent_min
        minutes += expected_wait(model, state, extra, line, hour, epoch, True)
        weights[crossing] = math.exp(coefficient * minutes)
        total += weights[crossing]
    return total


@kernel
def send_on_foot(model, state, output, extra, start, crossing, time, tag, word, decision):
    """Put a party on the way from a car line's crossing to the line on foot at another."""
    planned, people = planned_flow(tag), people_of(extra, tag, word)
    line, minutes = extra.foot[start, crossing], extra.foot_minutes[start, crossing]
    output.gross[planned, decision, 0] += 1
    output.gross[planned, decision, 1] += people
    output.travel_extra[planned] += minutes * people
    extra.walked[line] += 1
    note(state, extra, DIVERTED, time, planned, tag, line)
    send(state, line, time + minutes, tag, word | MOVED_BIT)


@kernel
def rest_of_party(seed, replication, model, service, tag, word):
    """Minutes that the inspection of the others takes, after the first."""
    total = 0.0
    first, second = U64(0), U64(0)
    for other in range(size_of(word) - 1):
        if other % 4 == 0:
            first, second = draw(seed, replication, model.flows, model.hours, tag, ABOARD + U64(other // 4))
        half = first if other % 4 < 2 else second
        total += grains(quantile(service, high_half(half) if other % 2 == 0 else low_half(half)))
    return total


@kernel
def people_behind(model, state, extra, station):
    """Inspections that a line needs beyond one for each party in it."""
    if extra.walked[station] == 0:
        return 0
    line, queue = state.lines[station], state.queue[station]
    mask, more = queue.shape[0] - 1, np.int64(0)
    for place in range(line.head, line.tail):
        party = queue[place & mask]
        if party.tag != GONE and walking(model, station, party.tag):
            more += size_of(party.word) - 1
    return more
