"""The booths of a station: a heap of those that are open, by when they are free.

One integer, time free and number together, orders them.
"""

from __future__ import annotations

import numpy as np

from garita.engine.kernel import kernel
from garita.engine.types import GRAIN, GRAINS_PER_MINUTE

BOOTH_BITS = 12
BOOTH_MASK = (1 << BOOTH_BITS) - 1
LAST_KEY = 2**63 - 1


@kernel
def booth_key(free, number):
    """Time a booth is free and its number as one integer, which orders booths."""
    return (np.int64(free * GRAINS_PER_MINUTE) << BOOTH_BITS) | number


@kernel
def free_time(key):
    """When the booth of a key is free, minutes."""
    return np.float64(key >> BOOTH_BITS) * GRAIN


@kernel
def set_open(line, booths, wanted, now):
    """Open booths 0 .. wanted - 1 of a station; one that opens is free from now, or when it has finished."""
    before = line.open
    if wanted == before:
        return
    for i in range(before):
        key = booths[i].key
        booths[key & BOOTH_MASK].free = free_time(key)
    for number in range(before, wanted):
        booths[number].free = max(booths[number].free, now)
    for number in range(wanted):  # insertion keeps the heap in order
        key = booth_key(booths[number].free, number)
        i = number
        while i > 0:
            parent = (i - 1) >> 1
            if booths[parent].key < key:
                break
            booths[i].key = booths[parent].key
            i = parent
        booths[i].key = key
    booths[wanted].key = LAST_KEY
    line.open = wanted


@kernel
def engage(booths, count, until):
    """The first booth of the heap takes a party and is free again at ``until``."""
    key = booth_key(until, booths[0].key & BOOTH_MASK)
    one = np.uint64(1)
    i, child, last = np.uint64(0), one, np.uint64(count)
    while child < last:
        left, right = booths[child].key, booths[child + one].key
        child += np.uint64(right < left)
        least = min(left, right)
        if key < least:
            break
        booths[i].key = least
        i = child
        child = (i << one) + one
    booths[i].key = key
