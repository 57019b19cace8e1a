"""Rosters that nobody publishes, from arrivals, usual waits and service times.

First come first served with a standing queue: who joins at t leaves at t + W(t), so
arrivals(t) = capacity(t + W) (1 + dW/dt). Inverted, the usual wait says which capacity there must have been.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from garita.reference.inference.arithmetic import DAYS

STEP_MIN = 5
STEPS_AN_HOUR = 60 // STEP_MIN
STEPS = 168 * STEPS_AN_HOUR
# First hours of the roster blocks: eight, short where the morning ramps.
BLOCKS = (0, 3, 5, 7, 10, 14, 18, 21)
# A line without a standing queue is staffed so that it is busy at most this share of the time.
FREE_FLOW_UTILISATION = 0.80
# A usual wait below this is random queueing, not a standing queue (minutes).
STANDING_QUEUE_FROM_MIN = 3.0
LEAST_BOOTHS = 1
# Days that share a roster.
ROSTER_DAYS = (("mon",), ("tue", "wed", "thu", "fri"), ("sat",), ("sun",))

Booths = dict[str, list[int]]  # by weekday, in each of BLOCKS


@dataclass(frozen=True)
class Week:
    """A line's ordinary week: parties an hour [168] and usual wait, minutes [168] from Monday 00 h."""

    arrivals: Sequence[float]
    usual: Sequence[float]
    opens: int
    closes: int
    mean_s: float
    booths: int

    @cached_property
    def wait(self) -> list[float]:
        """The usual wait by step, minutes."""
        return wait_by_step(self.usual)

    @cached_property
    def capacity(self) -> list[float]:
        """Parties an hour that must be served in each step."""
        return needed_capacity(self.arrivals, self.wait)

    def is_open(self, hour: int) -> bool:
        """Whether the line is open in an hour of the week."""
        return self.opens <= hour % 24 < self.closes


def wait_by_step(hourly: Sequence[float]) -> list[float]:
    """168 hourly means to one value a STEP_MIN, linear between the middles of hours."""
    result = []
    for step in range(STEPS):
        place = (step + 0.5) * STEP_MIN / 60 - 0.5
        low = math.floor(place)
        part = place - low
        result.append(float((1 - part) * hourly[low % 168] + part * hourly[(low + 1) % 168]))
    return result


def needed_capacity(arrivals: Sequence[float], wait: Sequence[float]) -> list[float]:
    """Capacity (parties an hour, per STEP_MIN of the week) under which the queue follows `wait`.

    Each step of arrivals is laid where it is served.
    """
    size = len(wait)
    served = [0.0] * size
    for i in range(size):
        parties = float(arrivals[i * STEP_MIN // 60]) * STEP_MIN / 60
        if wait[i] == 0.0 and wait[(i + 1) % size] == 0.0:
            served[i] += parties
            continue
        start = i + wait[i] / STEP_MIN
        end = max(i + 1 + wait[(i + 1) % size] / STEP_MIN, start + 0.05)
        for j in range(math.floor(start), math.ceil(end)):
            overlap = min(end, j + 1) - max(start, j)
            served[j % size] += parties * overlap / (end - start)
    return [value * 60 / STEP_MIN for value in served]


def inverted_roster(week: Week) -> Booths:
    """Booths by weekday and block: the inversion averaged over the block, in whole booths.

    Rounding carries over to the next block, so that no day gains or loses booth-hours. Where no queue stands
    the line is staffed for FREE_FLOW_UTILISATION instead.
    """
    wait, capacity = week.wait, week.capacity
    carry = 0.0
    result: Booths = {}
    for d, day in enumerate(DAYS):
        result[day] = []
        for start, end in zip(BLOCKS, [*BLOCKS[1:], 24], strict=True):
            inside = [d * 24 + hour for hour in range(start, end) if week.is_open(hour)]
            if not inside:
                result[day].append(0)
                continue
            steps = [s for hour in inside for s in range(hour * STEPS_AN_HOUR, (hour + 1) * STEPS_AN_HOUR)]
            booths = math.fsum(capacity[s] for s in steps) / len(steps) * week.mean_s / 3600
            if math.fsum(wait[s] for s in steps) / len(steps) < STANDING_QUEUE_FROM_MIN:
                peak = max(week.arrivals[h] for h in inside) * week.mean_s / 3600
                whole, carry = math.ceil(peak / FREE_FLOW_UTILISATION - 1e-9), 0.0
            else:
                whole = math.floor(booths + carry / len(inside) + 0.5)
                carry += (booths - max(whole, LEAST_BOOTHS)) * len(inside)
            result[day].append(min(max(whole, LEAST_BOOTHS), week.booths))
    return result


def same_on_shared_days(booths: Booths) -> Booths:
    """One roster for days that share one: the rounded mean."""
    result = {}
    for days in ROSTER_DAYS:
        mean = [
            math.floor(sum(column) / len(days) + 0.5)
            for column in zip(*(booths[day] for day in days), strict=True)
        ]
        result.update({day: list(mean) for day in days})
    return {day: result[day] for day in DAYS}


def sufficient(booths: Booths, week: Week) -> Booths:
    """A roster that serves the whole week: as long as it does not, the block that lacks most gets a booth.

    A roster must not live from officers who are called when the line is long.
    """
    capacity = week.capacity
    by_hour = [
        math.fsum(capacity[h * STEPS_AN_HOUR : (h + 1) * STEPS_AN_HOUR]) / STEPS_AN_HOUR for h in range(168)
    ]
    rate = 3600 / week.mean_s
    found = {day: list(counts) for day, counts in booths.items()}
    lacking: dict[tuple[int, int], float] = {}  # booths by days that share a roster and block
    hours: dict[tuple[int, int], int] = {}
    for group, days in enumerate(ROSTER_DAYS):
        for block, (start, end) in enumerate(zip(BLOCKS, [*BLOCKS[1:], 24], strict=True)):
            inside = [DAYS.index(day) * 24 + h for day in days for h in range(start, end)]
            inside = [hour for hour in inside if week.is_open(hour)]
            if inside:
                hours[group, block] = len(inside)
                needed = math.fsum(by_hour[hour] for hour in inside) / len(inside) / rate
                lacking[group, block] = needed - found[days[0]][block]
    short = math.fsum(week.arrivals) / rate - sum(
        found[ROSTER_DAYS[group][0]][block] * count for (group, block), count in hours.items()
    )
    room = {key for key in lacking if found[ROSTER_DAYS[key[0]][0]][key[1]] < week.booths}
    while short > 0 and room:
        group, block = max(sorted(room), key=lambda key: lacking[key])
        lacking[group, block] -= 1
        short -= hours[group, block]
        for day in ROSTER_DAYS[group]:
            found[day][block] += 1
        if found[ROSTER_DAYS[group][0]][block] >= week.booths:
            room.discard((group, block))
    return found


def with_gate_shut(booths: Booths) -> Booths:
    """Blocks before opening hold the booths of opening time: no booth is open, but the line at the gate is
    judged by them.
    """
    return {
        day: [count or next((later for later in counts[i:] if later), 0) for i, count in enumerate(counts)]
        for day, counts in booths.items()
    }
