"""Booths beyond the roster and longer hours: the rules of a scenario as arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from garita.build.closures import applies, expand, minute
from garita.build.lines import Region
from garita.engine.extra import ALARM, EMERGENCY
from garita.engine.types import records


@dataclass(frozen=True)
class Emergency:
    """One rule: its terms in minutes, and by line how many booths it gives and which it keeps open."""

    terms: tuple[float, ...]  # as in the engine's EMERGENCY
    watches: tuple[int, ...]
    gives: tuple[int, ...]
    stays_open: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]  # lines that give and get booths


def emergencies_of(resolved: Any, region: Region) -> tuple[Emergency, ...]:
    """The rules of a resolved scenario, in the order of the file."""
    position = {line.id: f for f, line in enumerate(region.lines)}
    found = []
    for rule in resolved.emergency:
        places = expand(rule.crossing, region.crossings)
        mine = [f for f, line in enumerate(region.lines) if applies(rule, line, places)]
        booths = int(rule.booths)
        gives = [booths if f in mine else 0 for f in range(len(region.lines))]
        pairs = []
        if rule.taken_from is not None:
            giver = rule.taken_from
            for f in mine:
                place = giver.crossing or region.lines[f].crossing
                donor = position[f"{place}:{giver.direction}:{giver.mode}:{giver.lane_type}"]
                gives[donor] -= booths
                pairs.append((donor, f))
        by_hand = rule.wait_above_min is None
        above = math.inf if by_hand else float(rule.wait_above_min)
        below = above / 2.0 if rule.until_below_min is None else float(rule.until_below_min)
        terms = (
            float(by_hand),
            above,
            float(rule.lasting_min),
            below,
            float(rule.delay_min),
            minute(rule.start),
            minute(rule.until),
        )
        watched = tuple(int(f in mine) for f in range(len(region.lines)))
        stays = tuple(int(seen and rule.stay_open) for seen in watched)
        found.append(Emergency(terms, watched, tuple(gives), stays, tuple(pairs)))
    return tuple(found)


def emergency_arrays(rules: tuple[Emergency, ...], region: Region, bins: int) -> tuple[bool, dict[str, Any]]:
    """Whether there are any, and their fields of the engine's extra arrays."""
    lines = len(region.lines)
    terms, alarms = records(EMERGENCY, len(rules)), records(ALARM, len(rules))
    for g, rule in enumerate(rules):
        terms[g] = rule.terms
    alarms.since = alarms.due = math.inf

    def table(name: str) -> Any:
        return np.array([getattr(rule, name) for rule in rules], np.int64).reshape(len(rules), lines)

    return bool(rules), {
        "emergencies": terms,
        "alarms": alarms,
        "watches": table("watches"),
        "gives": table("gives"),
        "stays_open": table("stays_open"),
        "all_booths": np.array([math.floor(line.booths + 1e-9) for line in region.lines], np.int64),
        "in_force": np.zeros((len(rules), bins)),
    }
