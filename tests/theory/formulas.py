"""What queueing theory says, in closed form. Rates and times in any one unit."""

from __future__ import annotations

import math
from collections.abc import Sequence


def erlang_c(offered: float, booths: int) -> float:
    """Probability of waiting in M/M/c, offered load in erlang (Erlang 1917)."""
    blocked = erlang_b(offered, booths)
    return blocked / (1.0 - offered / booths * (1.0 - blocked))


def mmc_wait(rate: float, mean: float, booths: int) -> float:
    """Mean wait in M/M/c."""
    return erlang_c(rate * mean, booths) / (booths / mean - rate)


def mmc_tail(rate: float, mean: float, booths: int, wait: float) -> float:
    """Probability of waiting longer than ``wait`` in M/M/c."""
    return erlang_c(rate * mean, booths) * math.exp(-(booths / mean - rate) * wait)


def stationary(births: Sequence[float], deaths: Sequence[float]) -> list[float]:
    """Stationary law of a birth-death chain; ``births`` from state 0 on, ``deaths`` from state 1 on."""
    weights = [1.0]
    for birth, death in zip(births, deaths, strict=True):
        weights.append(weights[-1] * birth / death)
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def mmck(rate: float, mean: float, booths: int, room: int) -> dict[str, float]:
    """M/M/c/K: share turned away, mean queue, mean wait of those admitted."""
    law = stationary([rate] * room, [min(n, booths) / mean for n in range(1, room + 1)])
    queue = math.fsum((n - booths) * p for n, p in enumerate(law) if n > booths)
    return {"lost": law[room], "queue": queue, "wait": queue / (rate * (1.0 - law[room]))}


def erlang_b(offered: float, booths: int) -> float:
    """Share turned away in M/G/c/c, whatever the inspections (Erlang 1917; insensitive: Sevastyanov 1957)."""
    blocked = 1.0
    for n in range(1, booths + 1):
        blocked = offered * blocked / (n + offered * blocked)
    return blocked


def erlang_a(rate: float, mean: float, booths: int, patience: float, states: int = 2000) -> dict[str, float]:
    """M/M/c+M (Palm 1957): share that leaves, share that waits, mean queue."""
    deaths = [min(n, booths) / mean + max(0, n - booths) / patience for n in range(1, states)]
    law = stationary([rate] * (states - 1), deaths)
    queue = math.fsum((n - booths) * p for n, p in enumerate(law) if n > booths)
    return {"left": queue / patience / rate, "waits": math.fsum(law[booths:]), "queue": queue}


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
