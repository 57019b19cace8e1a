"""When a crossing passes an hour's wait, beside the same days without the closure.

A crossing that passes an hour on the same day anyway does not do so because of the closure. Both times are
therefore told, and only who passes it earlier than without the closure, or would not have, counts as driven
by it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from garita.outcomes.timing import caused
from garita.report import numbers

if TYPE_CHECKING:
    from garita.outcomes import Comparison, Scope


@dataclass(frozen=True)
class Passing:
    """First time at or after the closing that the mean wait reaches 60 minutes, in minutes after the closing.

    ``without``: the same without the closure, up to midnight of the day on which it is passed with it. NaN:
    not passed.
    """

    scope: Scope
    with_: float
    without: float

    @property
    def caused(self) -> bool:
        """Passed with the closure, and without it later or not that day."""
        return math.isfinite(caused(self.with_, self.without))

    def words(self) -> tuple[str, str]:
        """``("1 h 30 min", "not that day")``: with the closure and without; empty where it is not passed."""
        if not math.isfinite(self.with_):
            return "", ""
        return _after(self.with_), _after(self.without) if math.isfinite(self.without) else "not that day"


def _after(minutes: float) -> str:
    return f"after {numbers.duration(minutes, hours=True)}" if minutes >= 1 else "at once"


def passings(comparison: Comparison) -> list[Passing]:
    """Of every crossing, direction and mode; empty where nothing is closed."""
    timing = comparison.timing
    if not math.isfinite(comparison.closing_min):
        return []
    made = []
    for scope, times in zip(timing.groups, timing.past_an_hour(), strict=True):
        with_, without = (
            max(time - comparison.closing_min, 0.0) if math.isfinite(time) else time for time in times
        )
        made.append(Passing(scope, with_, without))
    return made


def first_caused(comparison: Comparison, direction: str, mode: str) -> Passing | None:
    """The open neighbour that is first to pass an hour because of the closure."""
    found = [
        one
        for one in passings(comparison)
        if one.caused
        and (one.scope.direction, one.scope.mode) == (direction, mode)
        and not comparison.is_closed(one.scope)
    ]
    return min(found, key=lambda one: one.with_, default=None)
