"""Booths beyond the roster, and longer hours, when waits are long or somebody orders it.

A rule watches lines at ticks. Where the longest of their waits has been above a bound for some time it is
called, and in force some time later; it ends where that wait falls below another bound. A rule without a
bound is in force between two times.
"""

from __future__ import annotations

import math

import numpy as np

from garita.engine.kernel import kernel
from garita.engine.types import OPEN, OUTSIDE_HOURS, PARTLY


@kernel
def longest_wait(model, state, extra, rule):
    """Minutes that who joins the longest line of a rule now would wait; lines that are shut do not count."""
    found = 0.0
    for flow in range(model.flows.shape[0]):
        line = state.lines[flow]
        if extra.watches[rule, flow] == 0 or (line.status != OPEN and line.status != PARTLY):
            continue
        booths = line.open if line.open > 0 else max(1, line.roster)
        found = max(found, line.waiting * model.flows[flow].mean_service / booths)
    return found


@kernel
def watch_waits(model, state, extra, now):
    """At a tick: which rules are called, come into force, or end."""
    for rule in range(extra.emergencies.shape[0]):
        terms, alarm = extra.emergencies[rule], extra.alarms[rule]
        within = terms.begin <= now < terms.end
        if terms.by_hand != 0:
            alarm.active = 1 if within else 0
            continue
        wait = longest_wait(model, state, extra, rule)
        if alarm.active == 1:
            if wait < terms.below or not within:
                alarm.active, alarm.since, alarm.due = 0, math.inf, math.inf
            continue
        if wait > terms.above and within:
            alarm.since = min(alarm.since, now)
            if now - alarm.since >= terms.lasting:
                alarm.due = min(alarm.due, now + terms.delay)
        else:
            alarm.since = math.inf
        if alarm.due <= now:
            if within:
                alarm.active = 1
            else:
                alarm.due = math.inf


@kernel
def kept_open(extra, flow, status):
    """The status of a line by the timetable, or open where a rule in force keeps it so after closing time."""
    if status == OUTSIDE_HOURS:
        for rule in range(extra.emergencies.shape[0]):
            if extra.alarms[rule].active == 1 and extra.stays_open[rule, flow] == 1:
                return OPEN
    return status


@kernel
def reinforce(model, state, extra, interval, wanted):
    """Add the booths of the rules in force to ``wanted`` [F], and take those they take elsewhere."""
    for flow in range(model.flows.shape[0]):
        plan, status = model.plan[interval, flow], state.lines[flow].status
        more = np.int64(0)
        for rule in range(extra.emergencies.shape[0]):
            if extra.alarms[rule].active == 1:
                more += extra.gives[rule, flow]
        if status != OPEN and status != PARTLY:
            continue
        cap, base = np.int64(plan.cap), wanted[flow]
        pool = model.flows[flow].pool
        if plan.status == OUTSIDE_HOURS:  # kept open
            cap = extra.all_booths[flow]
            if pool < 0 or extra.pools[pool].managed == 0:
                base = np.int64(plan.roster)
        wanted[flow] = max(0, min(base, cap) + more)


@kernel
def book_emergencies(extra, minutes, row):
    """Minutes for which each rule was in force."""
    for rule in range(extra.emergencies.shape[0]):
        extra.in_force[rule, row] += extra.alarms[rule].active * minutes
