"""Officers and booths that change lines: lanes that change type, and booths handed from line to line.

Lines between which booths move form a group. Where a booth closes in one line of a group as one opens in
another, at the same moment, it is the same booth: it begins in the new line when it has finished the party
it has.
"""

from __future__ import annotations

import numpy as np

from garita.engine.booths import BOOTH_MASK, free_time
from garita.engine.kernel import kernel
from garita.engine.types import TICK


@kernel
def closing_booths(line, booths, wanted, closing, count):
    """Add to ``closing`` [..] when each booth that closes has finished, earliest first; returns how many."""
    for i in range(line.open):
        key = booths[i].key
        if (key & BOOTH_MASK) < wanted:
            continue
        free, place = free_time(key), count
        while place > 0 and closing[place - 1] > free:
            closing[place] = closing[place - 1]
            place -= 1
        closing[place] = free
        count += 1
    return count


@kernel
def note_elsewhere(extra, booths, flow, number, free):
    """Until a booth that comes from another line is free, its party takes up room there, not here. The booth
    whose number it takes may have closed with a party, which still takes up room here.
    """
    before = booths[number].free
    mine = extra.elsewhere[flow, number] != before
    if mine and before != free:
        extra.finishing[flow, number] = max(extra.finishing[flow, number], before)
    extra.elsewhere[flow, number] = 0.0 if mine and before == free else free


@kernel
def hand_over(state, extra, wanted):
    """Booths that open in a line of a group as others close in it are those; the first that are free first.

    Called before booths open and close: ``set_open`` lets a booth that opens begin when it is free.
    """
    group, closing = extra.hand_over, extra.closing
    flows = group.shape[0]
    for first in range(flows):  # a group has the number of its first line
        if group[first] != first:
            continue
        count = np.int64(0)
        for flow in range(first, flows):
            if group[flow] == first and state.lines[flow].open > wanted[flow]:
                count = closing_booths(state.lines[flow], state.booths[flow], wanted[flow], closing, count)
        handed = 0
        for flow in range(first, flows):
            if group[flow] == first and handed < count:
                booths = state.booths[flow]
                for number in range(state.lines[flow].open, wanted[flow]):
                    if handed < count:
                        note_elsewhere(extra, booths, flow, number, closing[handed])
                        booths[number].free = closing[handed]
                        handed += 1


@kernel
def moments_of_officers(extra):
    """Events at which officers act, besides changes of the timetable and the decisions on the trim."""
    return TICK if extra.journeys.shape[0] + extra.emergencies.shape[0] > 0 else 0
