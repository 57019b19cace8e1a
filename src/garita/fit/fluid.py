"""Lines as fluid queues over an ordinary week: a cheap likeness of the engine, many lines at once.

Officers follow the queue around a roster, people look at the published wait: as in the engine
(`behaviour.csv` of a region has the parameters), but parties are a continuous stream, booths may be parts of
one, and other crossings stay at their usual waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from garita.fit.observed import HOURS, Floats

STEP_MIN = 15
STEPS_AN_HOUR = 60 // STEP_MIN
STEPS = HOURS * STEPS_AN_HOUR
WEEKS = 2  # the first is left out
MEASURED_BEFORE = 0.5
"""Hours by which what is published is old: the wait of an hour is that of half an hour before."""


@dataclass(frozen=True)
class Lines:
    """Lines of an ordinary week. ``usual`` [N, 168] minutes; ``arrivals`` [N, 168] parties an hour;
    ``booths``
    [N, 168] on the roster; ``a_booth`` [N] parties a minute; ``must`` [N] share that must cross, ``own`` [N]
    the line's share of those who could take it."""

    usual: Floats
    arrivals: Floats
    booths: Floats
    a_booth: Floats
    must: Floats
    own: Floats


def joining(change: Floats, lines: Lines, behaviour: Mapping[str, float]) -> Floats:
    """Who joins, per planned party, where the known wait is ``change`` [N] minutes above the usual one.

    Incremental logit between the line and the rest at its usual wait; trips not made by the change of the
    inclusive wait; of these a share comes back later in the day.
    """
    total = np.zeros(len(change))
    for purpose, weight in (("must", lines.must), ("other", 1.0 - lines.must)):
        coefficient = behaviour[f"wait_coefficient_{purpose}"]
        suppression = behaviour[f"suppression_{purpose}"] * (1.0 - behaviour["later_share"])
        gain = np.exp(coefficient * change)
        after = lines.own * gain + 1.0 - lines.own
        travel = np.minimum(behaviour["induced_cap"], np.exp(-suppression * np.log(after) / coefficient))
        total += weight * travel * gain / after
    return np.asarray(1.0 - behaviour["informed_share"] + behaviour["informed_share"] * total)


def by_step(week: Floats) -> Floats:
    """Published waits [N, 168] as the waits [N, steps] that they are a record of, between the hours
    linear."""
    at = (np.arange(STEPS) + 0.5) / STEPS_AN_HOUR + MEASURED_BEFORE
    low = np.floor(at).astype(int)
    part = at - low
    return np.asarray((1.0 - part) * week[:, low % HOURS] + part * week[:, (low + 1) % HOURS])


def published(lines: Lines, behaviour: Mapping[str, float], factor: float | Floats = 1.0) -> Floats:
    """Published wait by hour of the week [N, 168], minutes, with demand times a factor."""
    count = len(lines.usual)
    horizon, down, up = (behaviour[name] for name in ("trim_horizon_min", "trim_down", "trim_up"))
    lag = max(1, round(behaviour["trim_lag_min"] / STEP_MIN))
    target = by_step(lines.usual)
    arrivals = np.repeat(lines.arrivals * np.reshape(factor, (-1, 1)), STEPS_AN_HOUR, axis=1) * STEP_MIN / 60
    booths = np.repeat(lines.booths, STEPS_AN_HOUR, axis=1)
    queue = target[:, 0] * booths[:, 0] * lines.a_booth
    change, found = np.zeros(count), np.zeros((count, HOURS))
    decided = np.zeros((lag, count))
    before = queue / np.maximum(booths[:, 0] * lines.a_booth, 1e-9)
    for step in range(WEEKS * STEPS):
        at = step % STEPS
        roster = booths[:, at]
        least = np.maximum(roster * (1.0 - down), np.minimum(roster, 1.0))
        staffed = np.clip(roster + decided[step % lag], least, roster * (1.0 + up))
        capacity = staffed * lines.a_booth
        wait = queue / np.maximum(capacity, 1e-9)
        decided[step % lag] = (wait - target[:, at]) * staffed / horizon
        if at % STEPS_AN_HOUR == 0:
            hour = at // STEPS_AN_HOUR
            change = before - lines.usual[:, hour]
            found[:, hour] = before
        if at % STEPS_AN_HOUR == STEPS_AN_HOUR // 2:
            before = wait
        queue = np.maximum(
            0.0, queue + arrivals[:, at] * joining(change, lines, behaviour) - capacity * STEP_MIN
        )
    return found


def response(lines: Lines, behaviour: Mapping[str, float], step: float = 0.03) -> Floats:
    """By how many minutes the published wait [N, 168] changes with demand, per 1 of log demand."""
    more, less = (published(lines, behaviour, np.exp(sign * step)) for sign in (1.0, -1.0))
    return np.asarray((more - less) / (2.0 * step))


def capacity_for(arrivals: Floats, usual: Floats) -> Floats:
    """Capacity [N, 168], parties an hour, under which arrivals [N, 168] keep the published wait as usual.

    What is published is the queue over the capacity c, so d(c W)/dt = arrivals - c, which is solved step by
    step over two weeks, of which the second is kept.
    """
    wait = by_step(usual)
    come = np.repeat(arrivals, STEPS_AN_HOUR, axis=1)
    found = np.empty(come.shape)
    capacity = come[:, -1]
    for step in range(WEEKS * STEPS):
        at = step % STEPS
        capacity = (come[:, at] * STEP_MIN + wait[:, at - 1] * capacity) / (wait[:, at] + STEP_MIN)
        found[:, at] = capacity
    return np.asarray(found.reshape(len(found), HOURS, STEPS_AN_HOUR).mean(axis=2))
