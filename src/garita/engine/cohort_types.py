"""What cohorts are kept in: people in the same state count as one record."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from garita.engine.journey_types import Flags, Floats, Ints, Small, Words

COHORT = np.dtype(
    [
        ("people", "i8"),
        ("gone", "f8"),
        ("at", "i4"),
        ("route", "i4"),
        ("home", "i4"),
        ("links", "i4"),  # finished in this step
        ("recent", "i4"),
        ("hop", "u1"),
        ("marks", "u1"),
    ],
    align=True,
)

# Entries of ``Cohorts.total`` beyond those of persons
STACKED, TOTALS = 5, 6
TOO_MANY_COHORTS = 3
"""How a history ended: there was no room for all states people can be in. The caller makes more."""


class Stream(NamedTuple):
    """Where draws come from: places' keys, how many were drawn in this step, and [step, purpose]."""

    key: Words
    drawn: Ints
    now: Ints


class Cohorts(NamedTuple):
    """Working memory of a history in cohort mode; M cohorts."""

    one: Any  # [M] of COHORT: of this step in even steps, of the next in odd ones
    other: Any  # [M]
    size: Ints  # [2] cohorts in the two
    slot: Small  # [4 M] by hash: index of a cohort of the next step
    slot_step: Small  # [4 M] the step that ``slot`` is of
    stack: Any  # [M] groups on the way
    rest: Floats  # [M] of their step
    count: Ints  # [P] as in People, all of them
    outside: Ints
    passing: Ints
    waiting: Ints
    came: Ints
    beds: Ints
    beds_left: Ints
    on_link: Ints  # [L]
    border: Ints  # [L]
    population: Floats
    multiplier: Floats
    weights: Floats  # [R]
    fresh: Ints
    open_route: Flags
    threshold: Words
    origins: Floats
    total: Ints  # [TOTALS]
