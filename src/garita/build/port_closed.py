"""When a port takes nobody in from its waiting list: the closures of the scenario, by day."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from garita.build.closures import Shut, listed, minute, shut_for
from garita.engine.daily_types import Floats

ASYLUM = "asylum-processing"


class _Line(NamedTuple):
    """The pedestrians' facility of a crossing, as closures see it."""

    direction: str = "inbound"
    mode: str = "pedestrian"
    lane_type: str = "standard"
    lanes: float = 1.0


def closed_shares(
    closures: Sequence[Any], crossing: str, hours: tuple[int, int], days: Any, catalogue: Any
) -> Floats:
    """Share of the hours of intake of each day in which every pedestrians' facility of a port is closed.

    Some lanes shut, or a share of the capacity, stop nobody on the list: it has officers of its own. Nor does
    a closure that exempts the processing of asylum. ``hours``: minutes of the local day.
    """
    found = np.zeros(days.count)
    there = [name for name in catalogue.expand(crossing) if _on_foot(name, catalogue)]
    shut = [[one for closure in closures for one in _of(closure, name, catalogue)] for name in there]
    if not there or not all(shut):
        return found
    times = sorted({at for ones in shut for one in ones for at in one.times()})
    first, last = days.midnights[0], days.midnights[-1]
    for day in range(days.count) if times[0] < last and times[-1] > first else ():
        opens, closes = (days.midnights[day] + each for each in hours)
        closes += 1440.0 if closes <= opens else 0.0
        if times[-1] <= opens or times[0] >= closes:
            continue
        cuts = [opens, *(at for at in times if opens < at < closes), closes]
        shut_minutes = sum(
            b - a for a, b in pairwise(cuts) if all(any(one.closes(a) for one in ones) for ones in shut)
        )
        found[day] = shut_minutes / (closes - opens)
    return found


def _on_foot(crossing: str, catalogue: Any) -> bool:
    return any(flow[:3] == (crossing, "inbound", "pedestrian") for flow in catalogue.flows)


def _of(closure: Any, crossing: str, catalogue: Any) -> list[Shut]:
    """A closure as the pedestrians' facility of a crossing sees it; nothing where it is not about it."""
    line = _Line()
    start, until = minute(closure.start), minute(closure.until)
    applies = (
        until > start
        and crossing in catalogue.expand(closure.crossing)
        and listed(closure.directions, line.direction)
        and listed(closure.modes, line.mode)
        and listed(closure.lane_types, line.lane_type)
        and ASYLUM not in closure.exempt
    )
    if not applies:
        return []
    found: Any = shut_for(closure, line, start, until)  # type: ignore[arg-type]
    return [Shut(found.start, found.until, found.steps, found.lanes, 0, found.notice)]
