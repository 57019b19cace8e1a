"""The arrays of journeys by whole days, for H histories side by side (D days, P places, L ways, G groups).

Days count from 0. A moment that never comes is ``NEVER``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

NEVER = 1_000_000
NOT_TOLD = 9_999.0
"""Days of an expected wait that has no end: nobody is taken in."""
ELSEWHERE, STAY, BETWEEN_PORTS = 0, 1, 2


class Ways(NamedTuple):
    """Directed ways between places."""

    start: Whole  # [L]
    end: Whole  # [L]
    days: Floats  # [H, L] at a pace of 1
    share: Floats  # [H, L] of those who go on; NaN where people take the fastest
    closed: Flags  # [H, D, L]
    known: Flags  # [H, D, L] closed, as people elsewhere know
    turn_back: Floats  # [H]


class Groups(NamedTuple):
    """People who travel together."""

    name: tuple[str, ...]
    origin: Whole  # [G]
    destination: Whole  # [G]
    set_out: Whole  # [H, D, G] people
    pace: Floats  # [H, G]
    goes_on: Floats  # [H, G]
    rest: Floats  # [H, G, P] days
    merge_at: Whole  # [G] a place, or -1
    merge_into: Whole  # [G]


class Shelters(NamedTuple):
    """Shelters in the order in which those of a place are filled."""

    place: Whole  # [S]
    capacity: Whole  # [H, S]
    most: Whole  # [H, S]
    opens: Whole  # [H, S] day
    closes: Whole  # [H, S] first day on which it is closed
    moves_to: Whole  # [S] another shelter, or -1
    moves_from: Whole  # [H, S] day


class Lists(NamedTuple):
    """Waiting lists, or the kinds of people on them (W): those of one list stand together, as ``list/kind``.

    ``before``: days of registration before the first day that are kept apart. What is of a whole list (rate,
    size, places) is that of its first entry.
    """

    name: tuple[str, ...]
    place: Whole  # [W]
    before: int
    waiting: Whole  # [H, before, W] people who registered before the first day, the oldest first
    others: Whole  # [H, D, W] people who register besides those of the journeys
    rate: Floats  # [H, D, W] people a day, closures of the port deducted
    claimed: Floats  # [H, W] people a day when nothing is closed
    size: Whole  # [H, W] people of one number
    no_show: Floats  # [H, W]
    holding: Whole  # [H, W] places; -1 where there is no limit
    held_days: Floats  # [H, W]
    registers: Floats  # [H, W]
    after_days: Floats  # [H, W]
    share: Floats  # [H, W] of those who come; those of a list add up to 1
    together: Whole  # [H, W] people who come or stay away together when they are called

    def parts(self) -> list[list[int]]:
        """The entries of each list."""
        found: dict[str, list[int]] = {}
        for w, name in enumerate(self.name):
            found.setdefault(list_of(name), []).append(w)
        return list(found.values())


class Choices(NamedTuple):
    """What people do instead of waiting on (C)."""

    name: tuple[str, ...]
    place: Whole  # [C]
    kind: Whole  # [C] ELSEWHERE, STAY or BETWEEN_PORTS
    to: Whole  # [C] a place, or -1
    chance: Floats  # [H, D, C]
    wait_over: Floats  # [H, C] days
    trip_days: Whole  # [H, C]


class Returns(NamedTuple):
    """How people go back (R)."""

    name: tuple[str, ...]
    place: Whole  # [R]
    to: Whole  # [R]
    removed: Flags  # [R] those who crossed between ports
    chance: Floats  # [H, D, R]
    wait_over: Floats  # [H, R] days
    given: Whole  # [H, D, R] people signed up by a table
    waiting: Whole  # [H, R] on the first day
    per_day: Floats  # [H, D, R] people that can leave; infinite without a limit
    seats: Whole  # [H, R]; 0 where no vehicles are counted
    fill: Floats  # [H, R] share of the seats that must be taken before a vehicle leaves
    trip_days: Whole  # [H, R]


class Shares(NamedTuple):
    """Shares of each kind of people (K, see :mod:`garita.engine.composition`), adding up to 1."""

    of_group: Floats  # [H, G, K]
    of_list: Floats  # [H, W, K] those listed before the first day, and those who register besides
    of_return: Floats  # [H, R, K] those signed up before the first day


class DailyModel(NamedTuple):
    """Everything the daily steps need."""

    seed: int
    replications: Whole  # [H] the draws of a history; variants of one share them
    days: int
    names: tuple[str, ...]  # [P] of the places: draws are keyed by them, whatever their order
    ways: Ways
    groups: Groups
    shelters: Shelters
    lists: Lists
    choices: Choices
    returns: Returns
    shares: Shares | None = None

    @property
    def places(self) -> int:
        """How many places there are."""
        return len(self.names)


class DailyBooks(NamedTuple):
    """What came of it, int32 by history and day unless said otherwise. People at the end of the day."""

    present: NDArray[np.int32]  # [H, D, P] at a place, those who stay and work among them
    reached: NDArray[np.int32]  # [H, D, P] came there that day
    settled: NDArray[np.int32]  # [H, D, P] stay and work there
    on_way: NDArray[np.int32]  # [H, D, L] between two places
    held_up: NDArray[np.int32]  # [H, D, P] could have gone on, or found the way closed
    turned_back: NDArray[np.int32]  # [H, D] so far
    sheltered: NDArray[np.int32]  # [H, D, S]
    street: NDArray[np.int32]  # [H, D, P] without room in a shelter, where there are shelters
    listed: NDArray[np.int32]  # [H, D, W]
    registered: NDArray[np.int32]  # [H, D, W] that day
    called: NDArray[np.int32]  # [H, D, W] that day
    taken: NDArray[np.int32]  # [H, D, W] of them came, and were taken in
    expected: NDArray[np.float32]  # [H, D, W] days that who registers now is told to wait
    called_of: NDArray[np.int32]  # [H, before + D, W] called so far, by day of registration
    waited: NDArray[np.float64]  # [H, before + D, W] days they had waited, summed
    still_listed: NDArray[np.int32]  # [H, before + D, W] on the last day, by day of registration
    chose: NDArray[np.int32]  # [H, D, C] that day
    signed_up: NDArray[np.int32]  # [H, D, R] that day
    waiting_return: NDArray[np.int32]  # [H, D, R]
    left: NDArray[np.int32]  # [H, D, R] that day
    trips: NDArray[np.int32]  # [H, D, R] that day
    brought: NDArray[np.int32]  # [H, D, R] arrived that day
    crossed: NDArray[np.int32]  # [H, D] crossed between ports and not removed
    gone: NDArray[np.int32]  # [H, D] called, but no longer there, so far
    entered: NDArray[np.int64]  # [H] people of the story
    composition: NDArray[np.float32]  # [H, D, P, K] people of each kind; K is 0 where no shares are given


def list_of(name: str) -> str:
    """The list of an entry: ``list`` of ``list/kind``."""
    return name.partition("/")[0]


def at_day(by_day: dict[int, Whole], day: int, like: Whole) -> Whole:
    """What is kept for a day; zeros shaped ``like`` another array where there is nothing yet."""
    if day not in by_day:
        by_day[day] = np.zeros_like(like)
    return by_day[day]
