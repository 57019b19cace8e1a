"""Correlated days: a busy day is busy everywhere, and a crossing has busy days of its own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from garita.build.calendar import Calendar
from garita.build.lines import Line
from garita.engine.types import Floats


def day_factors(
    resolved: Any, lines: Sequence[Line], zones: Mapping[str, ZoneInfo], calendar: Calendar
) -> Floats | None:
    """Factors on the planned demand of every line and hour [F, H]; None where days do not differ at random.

    A local day of a crossing has one factor for the whole region times one of its own, each lognormal with
    mean 1 and the standard deviation that ``behaviour`` gives (``day_sd_region``, ``day_sd_crossing``). Days
    are independent of one another. Draws are keyed by seed, replication, day and crossing, so variants share
    them. A scenario resolved to its nominal values has none.
    """
    behaviour = resolved.behaviour
    region_sd, own_sd = float(behaviour.day_sd_region), float(behaviour.day_sd_crossing)
    if resolved.replication is None or region_sd == own_sd == 0.0:
        return None
    drawn: dict[tuple[str, str], float] = {}

    def factor(key: str, day: str, sd: float) -> float:
        if (key, day) not in drawn:
            drawn[key, day] = lognormal(resolved.luck(f"day[{day}]{key}"), sd)
        return drawn[key, day]

    found = np.ones((len(lines), calendar.hours))
    by_crossing: dict[str, Floats] = {}
    for f, line in enumerate(lines):
        if line.crossing not in by_crossing:
            days = [at.day.isoformat() for at in calendar.local(zones[line.crossing])]
            own = f".{line.crossing}"
            by_crossing[line.crossing] = np.array(
                [factor("", day, region_sd) * factor(own, day, own_sd) for day in days]
            )
        found[f] = by_crossing[line.crossing]
    return found


def lognormal(u: float, sd: float) -> float:
    """The value of a lognormal distribution of mean 1 and standard deviation ``sd`` at ``u`` in (0, 1)."""
    if sd == 0.0:
        return 1.0
    spread = math.log1p(sd * sd)
    return math.exp(math.sqrt(spread) * NormalDist().inv_cdf(u) - 0.5 * spread)
