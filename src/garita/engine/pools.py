"""Officers as a pool, of a port or of several: who staffs which line, decided anew every so often.

The policy is described in docs/background/officers-and-lanes.md. An officer is at a booth of a line, on the
way to one, or standing by at a crossing; whoever moves first finishes the party at hand.
"""

from __future__ import annotations

import math

import numpy as np

from garita.engine.booths import BOOTH_MASK, free_time
from garita.engine.extra import AT_BOOTHS_MIN, MOVES, MOVING_MIN, ON_DUTY_MIN
from garita.engine.kernel import kernel
from garita.engine.types import OUTSIDE_HOURS

NOBODY_THERE = 1e18  # minutes: more than any queue; its negative is less than any


@kernel
def clearing_minutes(model, state, extra, pool, flow, hour, officers):
    """Minutes that so many officers need for who waits in a line and who is expected within the horizon,
    above the wait that the line aims at.
    """
    expected = model.flow_hours[flow, hour].rate * extra.pools[pool].horizon / 60.0
    work = (state.lines[flow].waiting + expected) * model.flows[flow].mean_service
    if officers <= 0:
        return NOBODY_THERE if work > 0.0 else -NOBODY_THERE
    return work / officers - model.flow_hours[flow, hour].target


@kernel
def most_officers(model, state, extra, interval, pool, flow, tick):
    """Booths that a line may have: lanes, closures and the pool's upper bound; after closing time those it
    has, until the line is empty.
    """
    line = state.lines[flow]
    if line.status == OUTSIDE_HOURS:
        return np.int64(0) if tick and line.head >= line.last else extra.officers[flow]
    return min(np.int64(model.plan[interval, flow].cap), extra.pools[pool].most)


@kernel
def receiver(model, state, extra, interval, pool, hour, tick):
    """The line that needs an officer most: below its least number first, then by clearing minutes; -1 none.

    Returns the line, whether it is below its least number, and its clearing minutes.
    """
    found, found_below, found_minutes = np.int64(-1), False, 0.0
    for flow in range(model.flows.shape[0]):
        if model.flows[flow].pool != pool:
            continue
        has = extra.officers[flow] + extra.coming[flow]
        most = most_officers(model, state, extra, interval, pool, flow, tick)
        if has >= most:
            continue
        below = has < extra.pools[pool].least
        minutes = clearing_minutes(model, state, extra, pool, flow, hour, has)
        if found < 0 or (below and not found_below) or (below == found_below and minutes > found_minutes):
            found, found_below, found_minutes = np.int64(flow), below, minutes
    return found, found_below, found_minutes


@kernel
def giver(model, state, extra, interval, pool, hour, tick, but, bound):
    """The line that can best spare an officer: the fewest clearing minutes once one is gone; -1 none.

    ``bound``: whether a line keeps its least number. Returns the line and those minutes.
    """
    found, found_minutes = np.int64(-1), 0.0
    for flow in range(model.flows.shape[0]):
        if model.flows[flow].pool != pool or flow == but or extra.officers[flow] == 0:
            continue
        has = extra.officers[flow] + extra.coming[flow]
        most = most_officers(model, state, extra, interval, pool, flow, tick)
        if bound and has <= min(extra.pools[pool].least, most):
            continue
        minutes = clearing_minutes(model, state, extra, pool, flow, hour, has - 1)
        if found < 0 or minutes < found_minutes:
            found, found_minutes = np.int64(flow), minutes
    return found, found_minutes


@kernel
def set_off(extra, flow, time):
    """An officer is on the way to a line, to be there at a time."""
    journey = extra.journeys[extra.journeying[0]]
    journey.time = time
    journey.flow = flow
    extra.journeying[0] += 1
    extra.coming[flow] += 1


@kernel
def leaves_at(line, booths, number, now):
    """When the officer of a booth can leave: now, or when the party there is done."""
    for i in range(line.open):
        key = booths[i].key
        if (key & BOOTH_MASK) == number:
            return max(now, free_time(key))
    return now


@kernel
def move(model, state, extra, pool, source, target, now, row):
    """An officer goes from one line to another: at once, or by a journey."""
    extra.officers[source] -= 1
    extra.duty[pool, row, MOVES] += 1.0
    here, there = model.flows[source].crossing, model.flows[target].crossing
    minutes = extra.pools[pool].move
    if here == there and minutes <= 0.0:
        extra.officers[target] += 1  # the booth is handed over: see officers.hand_over
        return
    leave = leaves_at(state.lines[source], state.booths[source], extra.officers[source], now)
    set_off(extra, target, leave + minutes + model.travel[here, there, 0])


@kernel
def call(model, extra, pool, target, now, row):
    """Bring an officer who stands by to a line, from the crossing that is nearest."""
    there, nearest = model.flows[target].crossing, np.int64(-1)
    for crossing in range(extra.spare.shape[1]):
        if extra.spare[pool, crossing] > 0 and (
            nearest < 0 or model.travel[crossing, there, 0] < model.travel[nearest, there, 0]
        ):
            nearest = np.int64(crossing)
    extra.spare[pool, nearest] -= 1
    if nearest == there:
        extra.officers[target] += 1
    else:
        extra.duty[pool, row, MOVES] += 1.0
        set_off(extra, target, now + model.travel[nearest, there, 0])


@kernel
def go_home(model, state, extra, interval, pool, hour, tick):
    """One officer goes off duty: who stands by, then where one can best be spared, then who is on the way."""
    for behind in range(extra.spare.shape[1]):
        crossing = extra.spare.shape[1] - 1 - behind
        if extra.spare[pool, crossing] > 0:
            extra.spare[pool, crossing] -= 1
            return
    for bound in (True, False):
        flow, _ = giver(model, state, extra, interval, pool, hour, tick, np.int64(-1), bound)
        if flow >= 0:
            extra.officers[flow] -= 1
            return
    for behind in range(extra.journeying[0]):
        place = extra.journeying[0] - 1 - behind
        flow = extra.journeys[place].flow
        if model.flows[flow].pool == pool:
            end_journey(extra, place)
            return


@kernel
def end_journey(extra, place):
    """Take a journey off the list, which keeps its order."""
    extra.coming[extra.journeys[place].flow] -= 1
    extra.journeying[0] -= 1
    for i in range(place, extra.journeying[0]):
        extra.journeys[i].time = extra.journeys[i + 1].time
        extra.journeys[i].flow = extra.journeys[i + 1].flow


@kernel
def on_duty(model, extra, pool):
    """Officers of a pool, wherever they are."""
    found = np.int64(0)
    for crossing in range(extra.spare.shape[1]):
        found += extra.spare[pool, crossing]
    for flow in range(model.flows.shape[0]):
        if model.flows[flow].pool == pool:
            found += extra.officers[flow] + extra.coming[flow]
    return found


@kernel
def report(model, state, extra, interval, pool, now, tick, hour, row):
    """What must be done at once: as many officers as are on duty, none above a line's bound, nobody idle
    where there is a booth, no line below its least number while another is above it.
    """
    flows = model.flows.shape[0]
    home = np.int64(-1)
    for flow in range(flows):
        if model.flows[flow].pool != pool:
            continue
        here = model.flows[flow].crossing
        home = here if home < 0 else min(home, here)
        most = most_officers(model, state, extra, interval, pool, flow, tick)
        while extra.officers[flow] > 0 and extra.officers[flow] + extra.coming[flow] > most:
            extra.officers[flow] -= 1
            extra.spare[pool, here] += 1
    there, wanted = on_duty(model, extra, pool), model.pool_limit[interval, pool]
    for _ in range(wanted, there):
        go_home(model, state, extra, interval, pool, hour, tick)
    fresh, standing_by = max(0, wanted - there), np.int64(0)  # who comes on duty goes where needed at once
    for crossing in range(extra.spare.shape[1]):
        standing_by += extra.spare[pool, crossing]
    for i in range(fresh + standing_by):
        flow, _, _ = receiver(model, state, extra, interval, pool, hour, tick)
        if flow < 0:
            if i < fresh:
                extra.spare[pool, home] += fresh - i
            break
        if i < fresh:
            extra.officers[flow] += 1
        else:
            call(model, extra, pool, flow, now, row)


@kernel
def reallocate(model, state, extra, interval, pool, now, tick, hour, row, all_lines):
    """Move officers one by one, while a line is below its least number, or (``all_lines``) while the neediest
    line gains more than the margin over the one that can best spare an officer.
    """
    for _ in range(4 * model.pool_limit[interval, pool] + 4):
        target, below, needs = receiver(model, state, extra, interval, pool, hour, tick)
        if target < 0 or not (below or all_lines):
            return
        source, spares = giver(model, state, extra, interval, pool, hour, tick, target, True)
        if source < 0 or not (below or needs > spares + extra.pools[pool].margin):
            return
        move(model, state, extra, pool, source, target, now, row)


@kernel
def assign(model, state, extra, interval, now, tick, wanted):
    """Officers of every pool to lines; ``wanted`` [F] is overwritten for lines of pools."""
    this = model.intervals[interval]
    hour, row = this.hour, this.bin
    if tick:
        place = 0
        while place < extra.journeying[0]:
            if extra.journeys[place].time <= now:
                extra.officers[extra.journeys[place].flow] += 1
                end_journey(extra, place)
            else:
                place += 1
    for pool in range(extra.pools.shape[0]):
        if extra.pools[pool].managed == 0:
            continue
        report(model, state, extra, interval, pool, now, tick, hour, row)
        due = tick and now >= extra.next_decision[pool]
        if due:
            every = extra.pools[pool].every
            past = math.floor((now - extra.next_decision[pool]) / every)
            extra.next_decision[pool] += (past + 1.0) * every
        reallocate(model, state, extra, interval, pool, now, tick, hour, row, due)
    for flow in range(model.flows.shape[0]):
        pool = model.flows[flow].pool
        if pool >= 0 and extra.pools[pool].managed == 1:
            wanted[flow] = extra.officers[flow]


@kernel
def book_officers(model, extra, interval, minutes, row):
    """Officer-minutes of an interval: on duty, at booths, on the way."""
    for pool in range(extra.pools.shape[0]):
        if extra.pools[pool].managed == 0:
            continue
        extra.duty[pool, row, ON_DUTY_MIN] += on_duty(model, extra, pool) * minutes
        for flow in range(model.flows.shape[0]):
            if model.flows[flow].pool == pool:
                extra.duty[pool, row, AT_BOOTHS_MIN] += extra.officers[flow] * minutes
                extra.duty[pool, row, MOVING_MIN] += extra.coming[flow] * minutes
