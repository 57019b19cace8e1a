"""A line as a fluid queue with whole booths, the trim, and people who look at the published wait.

A cheap likeness of the engine for one line at a time: the other crossings stay at their usual waits. The
trim, what is published and how people react follow behaviour.csv, as in the engine.
"""

from __future__ import annotations

import math

import numba
import numpy as np
import region_sdt_settings as settings
from region_sdt_settings import STEP_MIN

HOURS = 168
STEPS_AN_HOUR = 60 // STEP_MIN
STEPS = HOURS * STEPS_AN_HOUR
# Order of the figures handed to the compiled loop.
TRIM = ("trim_horizon_min", "trim_every_min", "trim_lag_min", "trim_down", "trim_up")
CHOICE = (
    "informed_share", "induced_cap", "later_share", "wait_coefficient_must", "wait_coefficient_other",
    "suppression_must", "suppression_other",
)  # fmt: skip


def trim_settings() -> np.ndarray:
    """The trim of behaviour.csv, in the order of TRIM."""
    return np.array([float(settings.BEHAVIOUR[name]) for name in TRIM])


def choice_settings(must_share: float, own_share: float) -> np.ndarray:
    """How people of a line react: CHOICE, the share that must cross, the line's share of its kind."""
    return np.array([*(float(settings.BEHAVIOUR[name]) for name in CHOICE), must_share, own_share])


@numba.njit
def joining_factor(change, choice):
    """Joiners per planned joiner if the known wait is `change` minutes above the usual one.

    Incremental logit between this line and the rest at its usual wait, trips not made by the change of the
    inclusive wait; of these a share comes back later in the day.
    """
    informed, cap, later, must, own = choice[0], choice[1], choice[2], choice[7], choice[8]
    total = 0.0
    for kind in range(2):
        weight = must if kind == 0 else 1.0 - must
        coefficient, suppression = choice[3 + kind], choice[5 + kind] * (1.0 - later)
        gain = math.exp(coefficient * change)
        after = own * gain + 1.0 - own
        travel = min(cap, math.exp(-suppression * math.log(after) / coefficient))
        total += weight * travel * gain / after
    return 1.0 - informed + informed * total


@numba.njit
def fluid_weeks(arrivals, usual, ahead, planned, per_booth, most, trim, choice, noise, factor):
    """Published wait, and mean wait of who joins, by hour of the week (mean over weeks, the first left out).

    `arrivals` parties an hour by hour of the week [168]; `usual` wait [168], minutes; `ahead` the target of
    the trim by step; `planned` booths [168], 0 outside opening hours; `per_booth` parties a minute; `noise`
    factors of arrivals [weeks, steps]. Published is -1 where closed.
    """
    weeks = noise.shape[0]
    horizon, down, up = trim[0], trim[3], trim[4]
    every, lag = int(trim[1]) // STEP_MIN, int(trim[2]) // STEP_MIN
    decided = np.zeros(weeks * STEPS + lag + every + 1)
    measured = np.full(weeks * HOURS, -1.0)
    seen, joined = np.zeros((weeks, HOURS)), np.zeros(weeks * STEPS + 1)
    served, queue, staffed = np.zeros(weeks * STEPS + 1), 0.0, max(planned[0], 1)
    for step in range(weeks * STEPS):
        week, place = step // STEPS, step % STEPS
        hour = place // STEPS_AN_HOUR
        base = planned[hour]
        live = queue / (per_booth * max(staffed, 1))
        if base > 0:
            if staffed == 0:
                staffed = base
                live = queue / (per_booth * base)
            if step % every == 0:
                need = (live - ahead[place]) * staffed / horizon
                for later in range(every):
                    decided[step + lag + later] = need
            least, largest = math.floor(base * (1.0 - down)), math.ceil(base * (1.0 + up))
            wanted = math.floor(min(max(base + decided[step], least), largest) + 0.5)
            staffed = min(most, max(1, wanted))
        elif queue <= 0.0:
            staffed = 0
        at = step // STEPS_AN_HOUR
        if step % STEPS_AN_HOUR == 0:
            measured[at] = live if base > 0 else -1.0
            last = measured[at - 1] if at > 0 else -1.0
            if last < 0.0 or measured[at] < 0.0:
                seen[week, hour] = max(last, measured[at])
            else:
                seen[week, hour] = (last + measured[at]) / 2.0
        known = measured[at - 1] if at > 0 else -1.0
        change = known - usual[hour] if known >= 0.0 else 0.0
        joining = (
            arrivals[hour] * factor / 60.0 * STEP_MIN * noise[week, place] * joining_factor(change, choice)
        )
        leaving = min(queue + joining, staffed * per_booth * STEP_MIN)
        queue += joining - leaving
        joined[step + 1], served[step + 1] = joined[step] + joining, served[step] + leaving
    published = np.zeros(HOURS)
    for hour in range(HOURS):
        published[hour] = seen[1:, hour].mean()
    return published, waits_of_joiners(joined, served, weeks)


@numba.njit
def waits_of_joiners(joined, served, weeks):
    """Mean wait of those who join in each hour of the week, from the two cumulative curves."""
    sums, ahead, last = np.zeros(HOURS), 0, weeks * STEPS
    for step in range(STEPS, last):
        middle = (joined[step] + joined[step + 1]) / 2.0
        ahead = max(ahead, step)
        while ahead < last and served[ahead + 1] < middle:
            ahead += 1
        pace = served[min(ahead + 1, last)] - served[ahead]
        part = (middle - served[ahead]) / pace if pace > 0.0 else 0.0
        passed = max(0.0, (ahead + min(max(part, 0.0), 1.0) - step - 0.5) * STEP_MIN)
        sums[step % STEPS // STEPS_AN_HOUR] += passed / STEPS_AN_HOUR / (weeks - 1)
    return sums
