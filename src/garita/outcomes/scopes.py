"""Groups of lines that indicators are computed for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from garita.outcomes.layout import Layout
from garita.outcomes.problems import results_error

ALL = "all"


@dataclass(frozen=True)
class Scope:
    """A line or a group of lines; ``all`` stands where the group spans. ``flows``: positions on the axis."""

    crossing: str
    direction: str
    mode: str
    lane_type: str
    flows: tuple[int, ...]
    level: str  # line | crossing | region

    @property
    def key(self) -> str:
        return f"{self.crossing}:{self.direction}:{self.mode}:{self.lane_type}"


def scopes(layout: Layout) -> list[Scope]:
    """Every line, every crossing by direction and mode, the region by direction and mode, and all modes."""
    groups: dict[tuple[str, str, str, str], tuple[str, list[int]]] = {}
    for position, flow in enumerate(layout.flows):
        for key, level in (
            ((flow.crossing, flow.direction, flow.mode, flow.lane_type), "line"),
            ((flow.crossing, flow.direction, flow.mode, ALL), "crossing"),
            ((ALL, flow.direction, flow.mode, ALL), "region"),
            ((ALL, flow.direction, ALL, ALL), "region"),
        ):
            groups.setdefault(key, (level, []))[1].append(position)
    made = [Scope(*key, flows=tuple(members), level=level) for key, (level, members) in groups.items()]
    order = {"region": 0, "crossing": 1, "line": 2}
    return sorted(made, key=lambda scope: order[scope.level])


def group_sum(values: NDArray[Any], groups: Sequence[Scope]) -> NDArray[Any]:
    """Sums over the lines of each group: [R, F, ...] -> [R, S, ...]. Lines are added in the order of the
    axis.

    Not a matrix product: those differ in the last bit with the number of threads.
    """
    total = np.empty((values.shape[0], len(groups), *values.shape[2:]), dtype=values.dtype)
    for place, scope in enumerate(groups):
        first, *others = scope.flows
        total[:, place] = values[:, first]
        for flow in others:
            total[:, place] += values[:, flow]
    return total


def group_max(values: NDArray[Any], groups: Sequence[Scope]) -> NDArray[Any]:
    """Largest over the lines of each group, leaving out NaN: [R, F] -> [R, S]."""
    return np.stack([np.fmax.reduce(values[:, list(scope.flows)], axis=1) for scope in groups], axis=1)


def find(layout: Layout, crossing: str, direction: str, mode: str, lane_type: str = ALL) -> Scope:
    """One group; any part may be ``all``, and ``crossing`` may be a port.

    Raises ResultsError if it is empty.
    """
    ports = {item.id: item.port for item in layout.crossings}
    members = tuple(
        position
        for position, flow in enumerate(layout.flows)
        if crossing in (ALL, flow.crossing, ports.get(flow.crossing))
        and direction in (ALL, flow.direction)
        and mode in (ALL, flow.mode)
        and lane_type in (ALL, flow.lane_type)
    )
    if not members:
        value = f"{crossing}:{direction}:{mode}:{lane_type}"
        raise results_error("results-unknown-line", value=value, allowed=", ".join(layout.flow_ids))
    level = "line" if len(members) == 1 and lane_type != ALL else "crossing"
    return Scope(crossing, direction, mode, lane_type, members, level)
