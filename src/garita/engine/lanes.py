"""Which line of a crossing a party joins when it may use several: its own, or one that asks less of it.

Parties choose as they arrive, by what they see: the queues at the last look, those who joined since, and the
time that has gone by. Lines between which they choose form a group, whose arrivals are taken in the order of
time.
"""

from __future__ import annotations

import math

import numpy as np

from garita.engine.kernel import kernel
from garita.engine.parties import draw, people_of, planned_flow
from garita.engine.random import U64, high_half
from garita.engine.state import ATTEMPT_MASK, ATTEMPT_SHIFT, MOVED_BIT, copy
from garita.engine.travel import arrive, comes_after, send
from garita.engine.types import OPEN, PARTLY

LANE = U64(128)  # purpose of the draw: + attempt, + 8 once the party has changed crossing
BY_LOGIT = 2.0
NEVER = 1e18


@kernel
def seen_wait(extra, line, flow, time):
    """Minutes that who looks at a line expects to wait in it."""
    if line.open == 0 or (line.status != OPEN and line.status != PARTLY):
        return NEVER
    return max(0.0, line.live + extra.lane_joined[flow] * line.each - line.moves * (time - line.seen))


@kernel
def shorter_line(state, extra, flow, time):
    """The shortest line a party may use, if it is shorter than its own by more than the margin."""
    own, best, target = seen_wait(extra, state.lines[flow], flow, time), NEVER, flow
    for k in range(extra.usable.shape[1]):
        other = extra.usable[flow, k]
        if other >= 0:
            wait = seen_wait(extra, state.lines[other], other, time)
            if wait < best:
                best, target = wait, np.int64(other)
    return target if own > best + extra.lane_terms[1] else np.int64(flow)


@kernel
def line_by_logit(seed, replication, model, state, extra, flow, time, tag, word):
    """A line by chance: weights exp(coefficient x (wait + margin)), no margin for its own line."""
    margin, coefficient = extra.lane_terms[1], extra.lane_terms[2]
    own = seen_wait(extra, state.lines[flow], flow, time)
    least = own
    for k in range(extra.usable.shape[1]):
        other = extra.usable[flow, k]
        if other >= 0:
            least = min(least, seen_wait(extra, state.lines[other], other, time) + margin)
    if least >= NEVER:
        return np.int64(flow)
    total = math.exp(coefficient * (own - least))
    for k in range(extra.usable.shape[1]):
        other = extra.usable[flow, k]
        if other >= 0:
            wait = seen_wait(extra, state.lines[other], other, time) + margin
            total += math.exp(coefficient * (wait - least))
    purpose = LANE + ((word >> ATTEMPT_SHIFT) & ATTEMPT_MASK)
    if (word & MOVED_BIT) != U64(0):
        purpose += U64(8)
    first, _ = draw(seed, replication, model.flows, model.hours, tag, purpose)
    u = high_half(first) * total - math.exp(coefficient * (own - least))
    if u < 0.0:
        return np.int64(flow)
    target = np.int64(flow)
    for k in range(extra.usable.shape[1]):
        other = extra.usable[flow, k]
        if other >= 0 and u >= 0.0:
            target = np.int64(other)
            wait = seen_wait(extra, state.lines[other], other, time) + margin
            u -= math.exp(coefficient * (wait - least))
    return target


@kernel
def next_arrival(state, extra, group):
    """The line of a group whose next arrival comes first, by time, then by tag; -1 none is left."""
    found, mask = np.int64(-1), state.queue.shape[1] - 1
    for flow in range(group, extra.lane_group.shape[0]):
        if extra.lane_group[flow] != group or extra.lane_next[flow] >= state.lines[flow].tail:
            continue
        party = state.queue[flow, extra.lane_next[flow] & mask]
        if found < 0 or comes_after(state.queue[found, extra.lane_next[found] & mask], party.time, party.tag):
            found = np.int64(flow)
    return found


@kernel
def choose_in_group(seed, replication, model, state, extra, group, now, until):
    """Everyone who comes to a line of a group before ``until`` stays in it or goes to another of them."""
    flows, mask = extra.lane_group.shape[0], state.queue.shape[1] - 1
    for flow in range(group, flows):
        if extra.lane_group[flow] == group:
            line = state.lines[flow]
            if line.way > 0:
                arrive(state, flow, now, until)
            extra.lane_next[flow] = extra.lane_kept[flow] = line.fresh
            if extra.lane_seen[flow] != line.seen:
                extra.lane_seen[flow], extra.lane_joined[flow] = line.seen, 0
    flow = next_arrival(state, extra, group)
    while flow >= 0:
        queue = state.queue[flow]
        party = queue[extra.lane_next[flow] & mask]
        time, tag, word = party.time, party.tag, party.word
        if extra.lane_terms[0] == BY_LOGIT:
            target = line_by_logit(seed, replication, model, state, extra, flow, time, tag, word)
        else:
            target = shorter_line(state, extra, flow, time)
        extra.lane_joined[target] += 1
        extra.lane_use[planned_flow(tag), target, 0] += 1
        extra.lane_use[planned_flow(tag), target, 1] += people_of(extra, tag, word)
        if target == flow:
            if extra.lane_kept[flow] != extra.lane_next[flow]:
                copy(queue[extra.lane_kept[flow] & mask], party)
            extra.lane_kept[flow] += 1
        else:
            send(state, target, time, tag, word)
        extra.lane_next[flow] += 1
        flow = next_arrival(state, extra, group)
    for flow in range(group, flows):
        if extra.lane_group[flow] == group:
            state.lines[flow].tail = extra.lane_kept[flow]


@kernel
def choose_lanes(seed, replication, model, state, extra, now, until):
    """Who arrives before ``until`` chooses a line; a group has the number of its first line."""
    if extra.lane_terms[0] > 0.0:
        for group in range(extra.lane_group.shape[0]):
            if extra.lane_group[group] == group:
                choose_in_group(seed, replication, model, state, extra, group, now, until)
