"""When those who put a trip off mean to make it: some hours later, at the same time tomorrow, or once the
closure is over as far as they know. Nobody plans for a time at which the crossing is not open by its hours.
"""

from __future__ import annotations

import numpy as np

from garita.engine.kernel import kernel
from garita.engine.parties import draw, grains, planned_flow
from garita.engine.random import AGAIN, high_half, low_half
from garita.engine.state import ATTEMPT_MASK, ATTEMPT_SHIFT

DAY_MIN = 1440.0


@kernel
def opens_after(openings, time):
    """The first time, not before ``time``, at which a line is open by its hours: ``time`` itself where it is.

    ``openings`` [K, 2]: from when until when, in order; ``time`` where no more are known.
    """
    low, high = np.int64(0), np.int64(openings.shape[0])
    while low < high:  # the first opening that ends after this time
        middle = (low + high) // 2
        if openings[middle, 1] > time:
            high = middle
        else:
            low = middle + 1
    if low >= openings.shape[0] or openings[low, 0] == np.inf:
        return time
    return max(time, openings[low, 0])


@kernel
def reopens_at(model, extra, epoch, flow, time):
    """When who knows of a closure thinks that it ends: as announced, or so long from now as is believed; inf
    where none is known, and for good.
    """
    belief = model.belief[epoch, flow]
    if belief.closed == 0:
        return np.inf
    announced = extra.reopens[epoch, flow]
    return announced if announced > 0.0 else time + belief.remaining


@kernel
def planned_time(seed, replication, model, extra, epoch, time, tag, word, some_hours_later):
    """For when a party plans its next attempt, minutes."""
    flow, people = planned_flow(tag), extra.people[0]
    attempt = (word >> ATTEMPT_SHIFT) & ATTEMPT_MASK
    first, second = draw(seed, replication, model.flows, model.hours, tag, AGAIN + attempt)
    spread = grains(high_half(second) * people.later_within_min)
    reopens = reopens_at(model, extra, epoch, flow, time)
    when = some_hours_later
    if reopens > time and reopens < np.inf and high_half(first) < people.later_reopening_share:
        when = reopens + spread
    elif low_half(first) < people.later_tomorrow_share:
        when = time + DAY_MIN
    opens = opens_after(extra.openings[flow], when)
    return when if opens <= when else opens + spread
