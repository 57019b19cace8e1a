"""Which other lines of their crossing people may use, and by what they choose."""

from __future__ import annotations

from typing import Any

import numpy as np

from garita.build.choice import USABLE
from garita.build.lines import Region
from garita.engine.types import Ints

RULES = {"none": 0.0, "shorter": 1.0, "logit": 2.0}


def lanes_of(region: Region) -> tuple[Ints, Ints]:
    """The other lines that people of each line may use [F, most], -1 none, and the group of each line [F].

    Holders of SENTRI may use Ready and standard lanes, those of Ready and FAST standard ones.
    """
    lines, flows = region.lines, len(region.lines)
    places = [line.id.rpartition(":")[0] for line in lines]
    position = {line.id: f for f, line in enumerate(lines)}
    most = max(len(types) for types in USABLE.values()) - 1
    usable, group = np.full((flows, most), -1, np.int64), np.full(flows, -1, np.int64)
    for f, line in enumerate(lines):
        place = places[f]
        others = [
            position[f"{place}:{lane_type}"]
            for lane_type in USABLE.get(line.lane_type, ())
            if lane_type != line.lane_type and f"{place}:{lane_type}" in position
        ]
        usable[f, : len(others)] = others
        if places.count(place) > 1:
            group[f] = places.index(place)
    return usable, group


def lane_arrays(lanes: tuple[Ints, Ints], behaviour: Any) -> tuple[bool, dict[str, Any]]:
    """Whether people choose between lanes, and the fields of the engine's extra arrays for it."""
    usable, group = lanes
    flows = len(group)
    rule = RULES[behaviour.lane_rule]
    return rule > 0.0, {
        "lane_terms": np.array([rule, float(behaviour.lane_margin_min), float(behaviour.lane_coefficient)]),
        "usable": usable,
        "lane_group": group,
        "lane_joined": np.zeros(flows, np.int64),
        "lane_seen": np.full(flows, -1.0),
        "lane_next": np.zeros(flows, np.int64),
        "lane_kept": np.zeros(flows, np.int64),
        "lane_use": np.zeros((flows, flows, 2), np.int64),
    }
