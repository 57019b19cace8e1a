"""What is compared with observations: books by line and quarter of an hour, simulated or guessed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from garita.engine import types
from garita.outcomes import Outcome
from garita.outcomes.layout import Layout
from garita.outcomes.transitions import Group

Planes = NDArray[np.float64]  # [replications, lines, bins]
Fates = dict[tuple[str, str], NDArray[np.float64]]  # (final outcome, crossing or "") -> share [R]


@dataclass(frozen=True)
class History:
    """One variant: R possible histories, F lines, B bins of 15 minutes.

    ``served``, ``waited`` (who joined and was served), ``wait_sum`` and ``wait_max`` (minutes) are parties by
    the line they used; ``published`` is minutes, below 0 where nothing is; ``queue`` parties at the end of
    the bin. ``affected``: for each replication the final outcomes [kinds, C, 2] of those whom a closure
    touched, by crossing, direction and mode; None for a guess, whose shares are ``fates``.
    """

    layout: Layout
    served: Planes
    served_people: Planes
    waited: Planes
    wait_sum: Planes
    wait_max: Planes
    published: Planes
    queue: Planes
    queue_people: Planes
    status: Planes
    affected: tuple[dict[Group, NDArray[np.int64]], ...] | None = None
    fates: Fates | None = None

    def with_(self, **changes: Any) -> History:
        """The same with some of it changed."""
        return replace(self, **changes)


def history_of(outcome: Outcome) -> History:
    """The books of a simulated variant; with the fates of those affected, where both variants were run."""

    def plane(field: int) -> Planes:
        return np.asarray(outcome.counts[field], dtype=np.float64)

    affected = None
    if outcome.pairs is not None:
        kinds, crossings = len(outcome.layout.kinds), len(outcome.layout.crossings)
        affected = tuple(
            {group: counts.reshape(kinds, crossings, 2) for group, counts in pair.affected.items()}
            for pair in outcome.pairs[1]
        )
    return History(
        layout=outcome.layout,
        served=plane(types.STARTED),
        served_people=plane(types.STARTED_PEOPLE),
        waited=plane(types.WAITED),
        wait_sum=plane(types.WAIT_SUM),
        wait_max=plane(types.WAIT_MAX),
        published=plane(types.PUBLISHED),
        queue=plane(types.QUEUE_END),
        queue_people=plane(types.QUEUE_PEOPLE_END),
        status=plane(types.STATUS),
        affected=affected,
    )
