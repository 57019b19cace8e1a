"""What queueing theory says, in closed form. Rates and times in any one unit."""

from __future__ import annotations

import math


def erlang_c(offered: float, booths: int) -> float:
    """Probability of waiting in M/M/c, offered load in erlang (Erlang 1917)."""
    blocked = 1.0
    for n in range(1, booths + 1):  # Erlang B by recursion
        blocked = offered * blocked / (n + offered * blocked)
    return blocked / (1.0 - offered / booths * (1.0 - blocked))


def mmc_wait(rate: float, mean: float, booths: int) -> float:
    """Mean wait in M/M/c."""
    return erlang_c(rate * mean, booths) / (booths / mean - rate)


def mmc_tail(rate: float, mean: float, booths: int, wait: float) -> float:
    """Probability of waiting longer than ``wait`` in M/M/c."""
    return erlang_c(rate * mean, booths) * math.exp(-(booths / mean - rate) * wait)


def mg1_wait(rate: float, mean: float, cv: float) -> float:
    """Mean wait in M/G/1 (Pollaczek 1930, Khinchine 1932)."""
    load = rate * mean
    return load * mean * (1.0 + cv**2) / (2.0 * (1.0 - load))


def closure(inflow: float, capacity: float, length: float) -> dict[str, float]:
    """Fluid limit of a closure: peak queue, time to clear it, total delay (a triangle), mean delay."""
    peak = inflow * length
    clearing = peak / (capacity - inflow)
    delay = peak * (length + clearing) / 2.0
    return {
        "peak": peak,
        "clearing": clearing,
        "delay": delay,
        "mean": delay / (inflow * (length + clearing)),
    }
