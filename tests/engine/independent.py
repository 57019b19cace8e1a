"""A second, slow engine of a few lines, from the documentation alone.

It shares no code with `garita.engine`; the layout of the draws (module text of `garita.engine.random`) and
the table of quantiles are taken over. Threefry is that of Salmon, Moraes, Dror and Shaw (2011).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

GRAIN = 2.0**-20
ROTATIONS = (16, 42, 12, 31, 16, 32, 24, 21)  # Threefry-2x64
PARITY = 0x1BD11BDAA9FC1A22
WORD = 2**64 - 1
ARRIVAL, PERSON, SECONDARY = 0, 1, 2


def threefry(key: tuple[int, int], counter: tuple[int, int], rounds: int = 13) -> tuple[int, int]:
    """Threefry-2x64 in Python's whole numbers."""
    keys = (*key, PARITY ^ key[0] ^ key[1])
    x0, x1 = (counter[0] + keys[0]) & WORD, (counter[1] + keys[1]) & WORD
    for i in range(rounds):
        bits = ROTATIONS[i % 8]
        x0 = (x0 + x1) & WORD
        x1 = ((x1 << bits) | (x1 >> (64 - bits))) & WORD ^ x0
        if i % 4 == 3:
            n = i // 4 + 1
            x0 = (x0 + keys[n % 3]) & WORD
            x1 = (x1 + keys[(n + 1) % 3] + n) & WORD
    return x0, x1


def blocks(key: tuple[int, int], first: int, seconds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same for many second counter words at once."""
    keys = tuple(np.uint64(k) for k in (*key, PARITY ^ key[0] ^ key[1]))
    with np.errstate(over="ignore"):
        x0 = np.full(len(seconds), np.uint64(first)) + keys[0]
        x1 = seconds.astype(np.uint64) + keys[1]
        for i in range(13):
            bits = np.uint64(ROTATIONS[i % 8])
            x0 = x0 + x1
            x1 = ((x1 << bits) | (x1 >> (np.uint64(64) - bits))) ^ x0
            if i % 4 == 3:
                n = i // 4 + 1
                x0 = x0 + keys[n % 3]
                x1 = x1 + keys[(n + 1) % 3] + np.uint64(n)
    return x0, x1


def hash_of(name: str) -> int:
    """The first counter word of a line."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")


def grains(minutes: np.ndarray | float) -> np.ndarray:
    """Rounded to the engine's grain."""
    return np.floor(np.asarray(minutes) / GRAIN + 0.5) * GRAIN


def quantiles(table: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Linear interpolation in a table [levels, 257]: each level magnifies the last cell of the one before."""
    body, tail, far = table
    steps = np.linspace(0.0, 1.0, 257)
    found = np.interp(u, steps, body)
    last = 1.0 - 1.0 / 256
    found = np.where(u >= last, np.interp((u - last) * 256, steps, tail), found)
    further = 1.0 - 1.0 / 65536
    return np.where(u >= further, np.interp((u - further) * 65536, steps, far), found)


@dataclass(frozen=True)
class Parties:
    """Who comes to a line, in order: minutes UTC of joining, minutes of inspection, draws of referral."""

    joined: np.ndarray
    service: np.ndarray
    referral: np.ndarray
    hour_key: np.ndarray
    ordinal: np.ndarray


def parties(
    name: str, seed: int, replication: int, rates: Sequence[float], begin: float, table: np.ndarray
) -> Parties:
    """Everyone of a line's demand; ``rates`` by hour from ``begin`` (minutes UTC, a whole hour)."""
    key, first = (seed, replication), hash_of(name)
    found: list[tuple[np.ndarray, ...]] = []
    for i, rate in enumerate(rates):
        if rate <= 0.0:
            continue
        hour = int(begin) // 60 + i
        ordinal = np.arange(int(rate + 12.0 * rate**0.5 + 30.0))
        base = np.uint64(hour << 32) | (ordinal.astype(np.uint64) << np.uint64(8))
        gap, word = blocks(key, first, base | np.uint64(ARRIVAL))
        person = blocks(key, first, base | np.uint64(PERSON))[1]
        u = ((gap >> np.uint64(11)).astype(float) + 0.5) * 2.0**-53
        elapsed = np.cumsum(-np.log(u) / rate)
        joined = begin + 60.0 * i + grains(elapsed * 60.0)
        here = (elapsed < 1.0) & (joined < begin + 60.0 * (i + 1))
        half = ((word >> np.uint64(32)).astype(float) + 0.5) * 2.0**-32
        referral = ((person >> np.uint64(16)) & np.uint64(0xFFFF)).astype(float) / 65536.0
        found.append(
            (
                joined[here],
                grains(quantiles(table, half))[here],
                referral[here],
                np.full(here.sum(), hour),
                ordinal[here],
            )
        )
    columns = [np.concatenate(column) for column in zip(*found, strict=True)] if found else [np.zeros(0)] * 5
    return Parties(*columns)


def lindley(joined: Sequence[float], service: Sequence[float]) -> np.ndarray:
    """Waits at one server that is always there: W' = max(0, W + S - T)."""
    waits = np.zeros(len(joined))
    for i in range(1, len(joined)):
        waits[i] = max(0.0, waits[i - 1] + service[i - 1] - (joined[i] - joined[i - 1]))
    return waits


def starts(
    joined: Sequence[float], service: Sequence[float], timetable: Sequence[tuple[float, int]]
) -> np.ndarray:
    """When each party starts, first come first served; ``timetable``: (from when, booths open), by time.

    Booths 0 .. n - 1 are open where n are. Who starts takes the open booth free for longest, the lowest
    number among equals; a booth opened counts as free since then, or since it has finished; a booth closed
    finishes its party. Whoever never starts has inf.
    """
    free = [-np.inf] * max([n for _, n in timetable] + [1])
    found = np.full(len(joined), np.inf)
    ends = [time for time, _ in timetable[1:]] + [np.inf]
    piece, previous = -1, 0
    for i in range(len(joined)):
        while True:
            if piece >= 0:
                time, number = timetable[piece]
                open_booths = sorted((free[b], b) for b in range(number))
                if open_booths:
                    start = max(joined[i], time, open_booths[0][0])
                    if start < ends[piece]:
                        break
            piece += 1
            if piece >= len(timetable):
                return found
            time, number = timetable[piece]
            for b in range(previous, number):
                free[b] = max(free[b], time)
            previous = number
        found[i] = start
        free[open_booths[0][1]] = start + service[i]
    return found
