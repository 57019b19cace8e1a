"""Two booths one behind the other in one lane, which hold each other up.

A booth whose number is below that of lanes is alone in its lane until booth ``number + lanes`` opens. Of two
parties in a lane, the second cannot leave before the first, and nobody passes the second to reach the booth
in front. So two booths in a lane serve fewer than two lanes do: the field's rule is 1.4 to 1.7 times as many
as one. Whichever booth begins while the other is idle is the one in front.
"""

from __future__ import annotations

import numpy as np

from garita.engine.booths import BOOTH_MASK, engage, free_time
from garita.engine.kernel import kernel


@kernel
def beside(extra, station, number):
    """The other booth of a booth's lane; -1 where it has none."""
    lanes = extra.tandem[station]
    if lanes == 0:
        return np.int64(-1)
    other = number + lanes if number < lanes else number - lanes
    return other if other < extra.lane_free.shape[1] else np.int64(-1)


@kernel
def clear_way(extra, booths, count, station):
    """Put off booths that cannot be reached while another is inspected behind them: the first booth of the
    heap is the one that can be reached first.
    """
    blocked = True
    while blocked:
        key = booths[0].key
        other = beside(extra, station, key & BOOTH_MASK)
        blocked = other >= 0 and extra.behind[station, other] == 1
        if blocked:
            until = extra.lane_free[station, other]
            blocked = until > free_time(key)
            if blocked:
                engage(booths, count, until)


@kernel
def leave_lane(extra, booths, station, start, end):
    """Note a party that begins at the first booth of the heap; returns when it leaves the lane, after the
    one in front.
    """
    number = booths[0].key & BOOTH_MASK
    other = beside(extra, station, number)
    if other < 0:
        return end
    ahead = extra.lane_free[station, other]
    leaves = max(end, ahead)
    extra.behind[station, number] = 1 if ahead > start else 0
    extra.lane_free[station, number] = leaves
    return leaves


@kernel
def worth(extra, station, booths):
    """As how many booths that hold nobody up the open booths of a line count."""
    lanes = extra.tandem[station]
    pairs = min(max(booths - lanes, 0), lanes)
    return booths - pairs * extra.lost[station]
