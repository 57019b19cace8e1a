"""The parameters that are searched, their ranges, and what the data say of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from garita.fit.observed import Floats

Values = Mapping[str, float]


@dataclass(frozen=True)
class Parameter:
    """A parameter between ``low`` and ``high``; ``usual`` is where it stands if the data say nothing."""

    name: str
    label: str
    low: float
    high: float
    usual: float
    unit: str
    what: str
    by_ratio: bool = False

    def at(self, place: float) -> float:
        """The value at a place from 0 (low) to 1 (high)."""
        place = min(max(place, 0.0), 1.0)
        if self.by_ratio:
            return self.low * math.exp(place * math.log(self.high / self.low))
        return self.low + place * (self.high - self.low)

    def place(self, value: float) -> float:
        """Where a value lies, from 0 to 1."""
        if self.by_ratio:
            found = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            found = (value - self.low) / (self.high - self.low)
        return min(max(found, 0.0), 1.0)


SHORT_MIN = 20.0
"""Mean usual wait, minutes, below which a line has no standing queue: there a small change of demand would
show as a large change of the wait, unless officers see to it."""


def follows(values: Values, waits: Floats) -> Floats:
    """Share of a change of volume that rosters make up for [C], by the lines' mean usual waits [C]."""
    return np.where(waits < SHORT_MIN, values["roster_follows_short"], values["roster_follows"])


def parameters(longest_wait: float) -> tuple[Parameter, ...]:
    """The parameters of a region whose usual waits reach ``longest_wait`` minutes.

    Officers who added booths for a wait in less time than the wait itself would overshoot: the horizon begins
    above it.
    """
    horizon = max(60.0, 1.3 * longest_wait)
    return (
        Parameter("roster_follows", "rosters follow volume", 0.0, 1.0, 0.5, "share",
                  "of a month's change of volume, what rosters make up for"),
        Parameter("roster_follows_short", "the same, short waits", 0.0, 1.0, 0.8, "share",
                  f"where usual waits are below {SHORT_MIN:.0f} min"),
        Parameter("trim_horizon_min", "officers' horizon", horizon, 2.5 * horizon, 1.5 * horizon, "min",
                  "time in which officers mean to work off a wait above the usual", True),
        Parameter("trim_limit", "officers' limit", 0.1, 0.5, 0.3, "share",
                  "most that staffing leaves the roster"),
        Parameter("suppression", "trips not made", 0.5, 2.0, 1.0, "times the region's",
                  "trips not made when waits are above the usual", True),
        Parameter("informed_share", "informed share", 0.1, 0.9, 0.4, "share",
                  "people who look at the published wait"),
        Parameter("later_share", "made later", 0.0, 0.8, 0.4, "share",
                  "of trips not made, those made later that day"),
    )  # fmt: skip


def behaviour(values: Values, region: Values) -> dict[str, float]:
    """Behaviour of people and officers under the parameters; ``region`` is that of the region's tables."""
    return {
        "trim_horizon_min": values["trim_horizon_min"],
        "trim_down": values["trim_limit"],
        "trim_up": values["trim_limit"],
        "suppression_must": values["suppression"] * region["suppression_must"],
        "suppression_other": values["suppression"] * region["suppression_other"],
        "informed_share": values["informed_share"],
        "later_share": values["later_share"],
    }


@dataclass(frozen=True)
class Tried:
    """A point that was tried: places of the parameters [P], loss of every month [M] (or
    instance) and in all."""

    places: tuple[float, ...]
    each: tuple[float, ...]
    loss: float


MEMBERS = 8
TOLD = 0.6
"""A parameter is told by the data if nine in ten of the sets that explain them lie in less of its range."""


def members(good: Sequence[Tried], count: int = MEMBERS) -> list[Tried]:
    """The best, and others at equal distances in the order in which they were found."""
    best = min(good, key=lambda one: one.loss)
    steps = np.linspace(0, len(good) - 1, max(count - 1, 1)).round().astype(int)
    return list(dict.fromkeys([best, *(good[step] for step in steps)]))[:count]


@dataclass(frozen=True)
class Interval:
    """What the data say of a parameter: the best value, and where nine in ten of the good ones lie."""

    best: float
    low: float
    high: float
    told: bool


def intervals(space: Sequence[Parameter], good: Sequence[Tried]) -> dict[str, Interval]:
    """Intervals of the parameters, from points that explain the data about equally well."""
    places: Floats = np.array([one.places for one in good])
    best = min(good, key=lambda one: one.loss).places
    found = {}
    for p, parameter in enumerate(space):
        low, high = (float(place) for place in np.quantile(places[:, p], [0.05, 0.95]))
        found[parameter.name] = Interval(
            parameter.at(best[p]), parameter.at(low), parameter.at(high), bool(high - low < TOLD)
        )
    return found
