"""Rosters of san-diego-tijuana: demand and usual waits inverted, then whole booths tuned on a fluid line."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import region_sdt_demand as demand
import region_sdt_fluid as fluid
import region_sdt_model as model
import region_sdt_settings as settings
from region_sdt_settings import STEP_MIN, Flow

from garita.reference.inference import staffing
from garita.reference.inference.staffing import Booths


@dataclass(frozen=True)
class Target:
    """A line of an ordinary week: parties an hour and usual wait [168], what the trim aims at, reactions."""

    flow: Flow
    arrivals: np.ndarray
    usual: np.ndarray
    ahead: np.ndarray
    choice: np.ndarray

    @property
    def open(self) -> np.ndarray:
        """Hours of the week in which the line is open [168]."""
        opens, closes = model.opening(self.flow[0])
        return np.array([opens <= hour % 24 < closes for hour in range(168)])


def target_of(flow: Flow, arrivals: list[float], waits: dict[str, list[float]], own_share: float) -> Target:
    """What a roster of this line should bring about."""
    usual = np.array([value for day in settings.DAYS for value in waits[day]])
    # The engine aims at the usual wait half an hour ahead, hour by hour.
    ahead = np.repeat((usual + np.roll(usual, -1)) / 2, fluid.STEPS_AN_HOUR)
    must = settings.MUST_SHARES.get(flow[1:], settings.MUST_SHARES[*flow[1:3], "standard"])
    choice = fluid.choice_settings(must, own_share)
    return Target(flow, np.array(arrivals), usual, ahead, choice)


def week_of(target: Target) -> staffing.Week:
    """The line as the inversion takes it."""
    line = settings.LINES[target.flow]
    return staffing.Week(
        target.arrivals, target.usual, *model.opening(target.flow[0]), line.mean_s, line.booths
    )


# --- whole booths on a fluid line --------------------------------------------------------------------------
def chance(target: Target) -> np.ndarray:
    """Factors of arrivals by week and step: a Poisson stream's spread, the same at every rebuild."""
    source = random.Random(":".join(target.flow))
    expected = np.repeat(target.arrivals, fluid.STEPS_AN_HOUR) * STEP_MIN / 60
    normal = [[source.gauss(0.0, 1.0) for _ in expected] for _ in range(demand.TUNING_WEEKS)]
    return np.maximum(0.0, 1.0 + np.array(normal) / np.sqrt(np.maximum(expected, 0.5)))


def planned_booths(target: Target, booths: Booths) -> np.ndarray:
    """Roster by hour of the week, 0 outside opening hours."""
    block_of = [max(i for i, start in enumerate(staffing.BLOCKS) if start <= hour) for hour in range(24)]
    by_hour = np.array([booths[settings.DAYS[h // 24]][block_of[h % 24]] for h in range(168)])
    return np.where(target.open, by_hour, 0)


def fluid_waits(
    target: Target, booths: Booths, noise: np.ndarray, factor: float
) -> tuple[np.ndarray, np.ndarray]:
    """Published wait and wait of who joins, by hour of the week, minutes."""
    line = settings.LINES[target.flow]
    published, true = fluid.fluid_weeks(
        target.arrivals, target.usual, target.ahead, planned_booths(target, booths), 60.0 / line.mean_s,
        line.booths, fluid.trim_settings(), target.choice, noise, factor,
    )  # fmt: skip
    return np.where(published < 0.0, true, published), true


def by_shared_days(values: np.ndarray) -> np.ndarray:
    """Means over the days that share a roster [day groups, 24]."""
    week = values.reshape(7, 24)
    return np.array(
        [week[[settings.DAYS.index(day) for day in days]].mean(axis=0) for days in staffing.ROSTER_DAYS]
    )


def roster_error(target: Target, booths: Booths, noise: np.ndarray) -> float:
    """How far the fluid waits are from the usual wait, minutes, over TUNING_DEMANDS.

    Mean absolute error, by days that share a roster, of the published wait (what the usual wait is a record
    of) and, by TRUE_WAIT_WEIGHT, of the wait of those who join.
    """
    weight, usual = demand.TRUE_WAIT_WEIGHT, by_shared_days(target.usual)
    days = np.array([len(days) for days in staffing.ROSTER_DAYS], float)[:, None]
    open_hours = by_shared_days(target.open.astype(float)) > 0
    total = share = 0.0
    for factor, importance in demand.TUNING_DEMANDS.items():
        published, true = (by_shared_days(waits) for waits in fluid_waits(target, booths, noise, factor))
        error = (1 - weight) * np.abs(published - usual) + weight * np.abs(true - usual)
        total += importance * float((error * days * open_hours).sum() / (days * open_hours).sum())
        share += importance
    capacity = float(planned_booths(target, booths).sum()) * 3600 / settings.LINES[target.flow].mean_s
    short = max(0.0, 1 - capacity / float(target.arrivals.sum()))
    return total / share + demand.SHORT_ROSTER_PENALTY_MIN * short


def moves_of() -> list[dict[int, int]]:
    """One booth more or less in a block, or one moved to the next block (change by block)."""
    blocks = range(len(staffing.BLOCKS))
    single = [{block: change} for block in blocks for change in (1, -1)]
    return single + [{block: change, block + 1: -change} for block in blocks[:-1] for change in (1, -1)]


def moved(booths: Booths, days: tuple[str, ...], move: dict[int, int], most: int) -> Booths | None:
    """A roster with a move made on the days that share one; None if it may not be."""
    before = booths[days[0]]
    after = [count + move.get(block, 0) for block, count in enumerate(before)]
    if not all(staffing.LEAST_BOOTHS <= after[block] <= most and before[block] > 0 for block in move):
        return None
    return booths | {day: list(after) for day in days}


def descended(target: Target, start: Booths, noise: np.ndarray) -> tuple[float, Booths]:
    """A roster moved booth by booth as long as that brings the fluid line closer to the usual wait."""
    best, error = start, roster_error(target, start, noise)
    for _ in range(demand.TUNING_PASSES):
        before = error
        for days in staffing.ROSTER_DAYS:
            for move in moves_of():
                trial = moved(best, days, move, settings.LINES[target.flow].booths)
                if trial is not None and (trial_error := roster_error(target, trial, noise)) < error - 1e-3:
                    best, error = trial, trial_error
        if error >= before - 1e-3:
            break
    return error, best


def tuned_roster(target: Target) -> Booths:
    """The inverted roster, tuned on a fluid line; then again from rosters a few moves away."""
    booths = staffing.same_on_shared_days(staffing.inverted_roster(week_of(target)))
    if target.usual.max() < staffing.STANDING_QUEUE_FROM_MIN:
        return booths
    noise, source = chance(target), random.Random("kicks:" + ":".join(target.flow))
    error, best = descended(target, booths, noise)
    for _ in range(demand.TUNING_RESTARTS):
        start = best
        for days in staffing.ROSTER_DAYS:
            move = moves_of()[source.randrange(len(moves_of()))]
            start = moved(start, days, move, settings.LINES[target.flow].booths) or start
        trial_error, trial = descended(target, start, noise)
        if trial_error < error - 1e-3:
            error, best = trial_error, trial
    return best
