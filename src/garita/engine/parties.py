"""A party: who it is by its draws, and what became of it in the end."""

from __future__ import annotations

import numpy as np

from garita.engine.extra import BATCHES
from garita.engine.kernel import kernel
from garita.engine.random import CLASS, U64, counter, threefry
from garita.engine.state import FLOW_SHIFT, HOUR_MASK, HOUR_SHIFT, ORDINAL_MASK, SIZE_MASK
from garita.engine.types import GRAIN, QUANTILE_CELLS

_SHARE_16 = 1.0 / 65536.0


# Adding a number of this size and taking it off again leaves whole grains, for durations below 2^30 minutes.
_ROUNDER = 1.5 * 2.0**52 * GRAIN


@kernel
def grains(minutes):
    """Round a duration to the engine's grain."""
    return (minutes + _ROUNDER) - _ROUNDER


@kernel
def make_tag(flow, hour, ordinal):
    """Permanent number of a party within a run."""
    return (flow << FLOW_SHIFT) | (hour << HOUR_SHIFT) | ordinal


@kernel
def planned_flow(tag):
    """The flow a party planned to use."""
    return tag >> FLOW_SHIFT


@kernel
def planned_hour(tag):
    """The hour a party planned to arrive in."""
    return (tag >> HOUR_SHIFT) & HOUR_MASK


@kernel
def size_of(word):
    """People in the party."""
    return np.int64(word & SIZE_MASK)


@kernel
def people_of(extra, tag, word):
    """People in a party, those of a bus among them, of which a word holds only the class of size."""
    if extra is not None and extra.features[BATCHES]:
        return extra.aboard[planned_flow(tag), size_of(word)]
    return size_of(word)


@kernel
def draw(seed, replication, flows, hours, tag, purpose):
    """The two random words of a party for one purpose."""
    return threefry(
        seed,
        replication,
        flows[planned_flow(tag)].hash,
        counter(hours[planned_hour(tag)].key, tag & ORDINAL_MASK, purpose),
    )


@kernel
def class_of(seed, replication, model, tag):
    """Class of the traveller (citizen, permanent resident, ...), drawn only where a closure asks for it."""
    first, _ = draw(seed, replication, model.flows, model.hours, tag, CLASS)
    u = np.float64(first >> U64(48)) * _SHARE_16
    flow = planned_flow(tag)
    found = 0
    while found < 7 and u >= model.classes[flow, found]:
        found += 1
    return found


@kernel
def settle(flow_hours, ledger, balance, finals, extra, tag, word, kind, crossing):
    """Enter a party's final outcome in the books, once."""
    flow = planned_flow(tag)
    ledger[flow, kind, crossing, 0] += 1
    ledger[flow, kind, crossing, 1] += people_of(extra, tag, word)
    balance[kind] += 1
    if finals.size > 0:
        place = flow_hours[flow, planned_hour(tag)].offset + (tag & ORDINAL_MASK)
        finals[place] = np.uint16(kind | (size_of(word) << 4) | (crossing << 8))


@kernel
def quantile(table, u):
    """Value of a service-time table [3, cells + 1] at u: body, then the upper 1/256, then the upper
    1/65536.
    """
    level = 0
    x = u * QUANTILE_CELLS
    while level < 2 and x >= QUANTILE_CELLS - 1:
        x = (x - (QUANTILE_CELLS - 1)) * QUANTILE_CELLS
        level += 1
    cell = min(np.int64(x), QUANTILE_CELLS - 1)
    low = table[level, cell]
    return low + (x - cell) * (table[level, cell + 1] - low)
