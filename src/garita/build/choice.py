"""Which lines a party could use instead of its own, and how far they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from garita.build.lines import Crossing, Line, Region
from garita.engine.types import ALTERNATIVE, Floats, Records, records

# Lines a holder of a lane type may use elsewhere, best first
USABLE = {
    "sentri": ("sentri", "ready", "standard"),
    "nexus": ("nexus", "ready", "standard"),
    "ready": ("ready", "standard"),
    "fast": ("fast", "standard"),
    "standard": ("standard",),
}


def line_at(lines: Sequence[Line], line: Line, crossing: str, mode: str) -> int:
    """The line of a mode that a party of one line joins at a crossing, -1 if it has none for its kind."""
    for lane_type in USABLE.get(line.lane_type, (line.lane_type,)):
        for k, other in enumerate(lines):
            if (other.crossing, other.direction, other.mode, other.lane_type) == (
                crossing,
                line.direction,
                mode,
                lane_type,
            ):
                return k
    return -1


def travel_minutes(region: Region) -> Floats:
    """Extra minutes between crossings [C, C, 2], by vehicle and on foot; nan where no way is known."""
    index = {crossing.id: i for i, crossing in enumerate(region.crossings)}
    found = np.full((len(index), len(index), 2), np.nan)
    for i in range(len(index)):
        found[i, i] = 0.0
    for (origin, destination, mode), minutes in region.travel.items():
        if origin in index and destination in index:
            way = 1 if mode == "pedestrian" else 0
            # Where modes differ the car's time stands for vehicles; others only fill gaps.
            if mode in ("car", "pedestrian") or np.isnan(found[index[origin], index[destination], way]):
                found[index[origin], index[destination], way] = minutes
    return found


def alternatives(region: Region, daily: Floats, travel: Floats) -> Records:
    """For each line and crossing: the line its parties would join there, and the share of that line's
    planned

    demand that is of their kind (``daily`` [F]: planned parties, by which kinds of passes are shared out).
    """
    lines = region.lines
    index = {crossing.id: i for i, crossing in enumerate(region.crossings)}
    group = {crossing.id: crossing.choice_group for crossing in region.crossings}
    joins = np.full((len(lines), len(region.crossings)), -1, np.int64)
    weight = np.zeros(joins.shape)
    kinds: dict[tuple[str, str, str], float] = defaultdict(float)
    for f, line in enumerate(lines):
        kinds[line.direction, line.mode, line.lane_type] += daily[f]
    for f, line in enumerate(lines):
        way = 1 if line.mode == "pedestrian" else 0
        for crossing in region.crossings:
            c = index[crossing.id]
            reachable = not np.isnan(travel[index[line.crossing], c, way])
            if group[line.crossing] == crossing.choice_group and reachable:
                joins[f, c] = line_at(lines, line, crossing.id, line.mode)
    for f, line in enumerate(lines):
        way_of = (line.direction, line.mode)
        for c in range(len(region.crossings)):
            if joins[f, c] < 0:
                continue
            sharing = {
                other.lane_type
                for g, other in enumerate(lines)
                if (other.direction, other.mode) == way_of and joins[g, c] == joins[f, c]
            }
            total = sum(kinds[(*way_of, kind)] for kind in sharing)
            weight[f, c] = kinds[(*way_of, line.lane_type)] / total if total > 0 else 1.0
    found = records(ALTERNATIVE, *joins.shape)
    found.flow, found.weight = joins, weight
    return found


def crossing_indices(crossings: Sequence[Crossing]) -> dict[str, int]:
    """Position of each crossing."""
    return {crossing.id: i for i, crossing in enumerate(crossings)}
