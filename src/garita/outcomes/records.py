"""The rows of a comparison."""

from __future__ import annotations

from dataclasses import dataclass

from garita.outcomes.scopes import Scope
from garita.outcomes.statistics import Estimate


@dataclass(frozen=True)
class Indicator:
    """One number of the comparison. ``basis``: parties, people or empty; ``other``: the neighbour, if any."""

    name: str
    label: str
    unit: str
    basis: str
    scope: Scope
    other: str
    with_closure: Estimate
    without: Estimate
    difference: Estimate


@dataclass(frozen=True)
class Peak:
    """Peak wait of a group: by replication, and when the mean over replications peaks (minutes UTC)."""

    scope: Scope
    closed: bool
    with_closure: Estimate
    without: Estimate
    difference: Estimate
    at_min: float
    at_min_without: float


@dataclass(frozen=True)
class Passing:
    """When a group passes 60 minutes because of the closure: by the mean over replications (NaN: never).

    ``hours``: after the closing; ``share``: share of replications that pass; ``by_replication``: hours, those
    that pass.
    """

    scope: Scope
    at_min: float
    hours: float
    share: float
    by_replication: Estimate


@dataclass(frozen=True)
class Affected:
    """What became of those planned for one closed crossing, direction and mode in the closure hours."""

    crossing: str
    direction: str
    mode: str
    outcome: str
    to: str
    basis: str
    number: Estimate
    share: Estimate
