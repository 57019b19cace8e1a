"""Officers on booths: a roster, a trim that follows the queue, and what is published of the waits."""

from __future__ import annotations

import math

import numpy as np

from garita.engine.booths import set_open
from garita.engine.emergency import reinforce
from garita.engine.extra import WALK
from garita.engine.kernel import kernel
from garita.engine.officers import hand_over
from garita.engine.on_foot import people_behind
from garita.engine.pools import assign
from garita.engine.state import MEASURES, TICKS
from garita.engine.tandem import worth
from garita.engine.types import (
    CLOSED,
    OUTSIDE_HOURS,
    PUBLISHED_CLOSED,
    PUBLISHED_OUTSIDE_HOURS,
    RULE_THRESHOLD,
)


@kernel
def look_at_queues(model, state, extra, now):
    """Expected wait of who joins each line now: work in the queue over open booths (rostered ones if
    closed).
    """
    behaviour = model.behaviour[0]
    for flow in range(model.flows.shape[0]):
        line = state.lines[flow]
        booths, closed = line.open, 0.0
        # A line that closes now still has its booths: they go when officers act, after this look.
        if line.status == CLOSED and behaviour.rule == RULE_THRESHOLD:
            booths, closed = model.flows[flow].nominal, behaviour.threshold_closed_min
        elif booths == 0:
            booths = max(1, line.roster)
        each = model.flows[flow].mean_service
        if extra is not None and extra.tandem.shape[0] > 0:
            each *= booths / worth(extra, flow, booths)
        line.each = each / booths
        waiting = line.waiting
        if extra is not None and extra.features[WALK]:
            waiting += people_behind(model, state, extra, flow)
        line.live = waiting * each / booths + closed
        line.seen, line.joined, line.moves = now, 0, 1.0 if line.open > 0 and line.status != CLOSED else 0.0


@kernel
def decide_trim(model, state, hour):
    """Booths to add to the roster when the decision takes effect: (wait - target) x open booths / horizon."""
    slot = state.count[TICKS] % state.trim.shape[1]
    for flow in range(model.flows.shape[0]):
        line = state.lines[flow]
        state.trim[flow, slot] = 0.0
        if model.flows[flow].trimmed == 1 and line.open > 0:
            excess = line.live - model.flow_hours[flow, hour].target
            state.trim[flow, slot] = excess * line.open / model.behaviour[0].trim_horizon_min


@kernel
def wanted_booths(model, state, interval, flow, tick):
    """Roster plus the trim decided some ticks ago, within its bounds and what lanes and closures allow.

    At closing time the line is cut, and whoever stands in it is still served: booths stay until it is
    empty.
    """
    line = state.lines[flow]
    if line.status == OUTSIDE_HOURS:
        return np.int64(0) if tick and line.head >= line.last else line.open
    roster = np.int64(model.plan[interval, flow].roster)
    cap = np.int64(model.plan[interval, flow].cap)
    wanted = roster
    if model.flows[flow].trimmed == 1:
        behaviour = model.behaviour[0]
        slots = state.trim.shape[1]
        decided = state.trim[flow, (state.count[TICKS] + slots - np.int64(behaviour.trim_lag_ticks)) % slots]
        least = math.floor(roster * (1.0 - behaviour.trim_down))
        most = math.ceil(roster * (1.0 + behaviour.trim_up))
        wanted = np.int64(math.floor(min(max(roster + decided, least), most) + 0.5))
        if roster > 0:
            wanted = max(1, wanted)
    return min(wanted, cap)


@kernel
def staff(model, state, extra, interval, now, tick, wanted):
    """Open and close booths. Where a pool of officers is too small, the booths furthest above roster close
    first.
    """
    flows = model.flows.shape[0]
    for flow in range(flows):
        wanted[flow] = wanted_booths(model, state, interval, flow, tick)
    for pool in range(model.pool_limit.shape[1]):
        total = 0
        for flow in range(flows):
            if model.flows[flow].pool == pool:
                total += wanted[flow]
        while total > model.pool_limit[interval, pool]:
            furthest, excess = -1, -1e9
            for flow in range(flows):
                above = np.float64(wanted[flow] - model.plan[interval, flow].roster)
                if model.flows[flow].pool == pool and wanted[flow] > 0 and above > excess:
                    furthest, excess = flow, above
            if furthest < 0:
                break
            wanted[furthest] -= 1
            total -= 1
    if extra is not None:
        if extra.journeys.shape[0] > 0:
            assign(model, state, extra, interval, now, tick, wanted)
        if extra.emergencies.shape[0] > 0:
            reinforce(model, state, extra, interval, wanted)
        if extra.closing.shape[0] > 0:
            hand_over(state, extra, wanted)
    for flow in range(flows):
        state.lines[flow].roster = model.plan[interval, flow].roster
        set_open(state.lines[flow], state.booths[flow], wanted[flow], now)
    for station in range(model.places.shape[1]):
        set_open(
            state.lines[flows + station], state.booths[flows + station], model.places[interval, station], now
        )


@kernel
def measure(state, flows):
    """What officers see of each line: its expected wait, or that it is closed."""
    slot = state.count[MEASURES] % state.measured.shape[1]
    state.count[MEASURES] += 1
    for flow in range(flows):
        line = state.lines[flow]
        if line.status == CLOSED:
            state.measured[flow, slot] = PUBLISHED_CLOSED
        elif line.status == OUTSIDE_HOURS:
            state.measured[flow, slot] = PUBLISHED_OUTSIDE_HOURS
        else:
            state.measured[flow, slot] = line.live


@kernel
def publish(model, state):
    """Publish the oldest measurement that is kept, rounded and capped."""
    behaviour = model.behaviour[0]
    kept = state.measured.shape[1]
    slot = max(0, state.count[MEASURES] - kept) % kept
    for flow in range(model.flows.shape[0]):
        seen = state.measured[flow, slot]
        if seen >= 0.0:
            step = behaviour.publication_round_min
            if step > 0.0:
                seen = math.floor(seen / step + 0.5) * step
            seen = min(seen, behaviour.publication_cap_min)
        state.lines[flow].published = seen
