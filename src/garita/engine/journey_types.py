"""The arrays that journeys read and write. T steps, P places, L directed links, R routes, H hops of routes, N
people.

A route is a simple path of links from a place; the routes of one place stand together. A step is a day in the
files of Flee and may be shorter elsewhere: speeds are km a step, chances are per step.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Flags = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]

# A person's key: place of origin (24 bits), step of setting out (16 bits), ordinal among those (24 bits).
KEY_BITS, STEP_BITS, ORDINAL_BITS = 24, 16, 24
MOST_STEPS, MOST_A_STEP = 2**STEP_BITS, 2**ORDINAL_BITS

# Purposes of draws: the lowest eight bits of the second counter word.
MOVE, ADMIT, ORIGIN, ARRIVALS, LEAVE, COHORTS = 0, 1, 2, 3, 4, 5

# Entries of ``Journeys.numbers``
SOFTENING, WEIGHT_SOFTENING, DISTANCE_POWER, WEIGHT_POWER, PRUNING = 0, 1, 2, 3, 4
BUFFER, FULL_SPEED, WALK_SPEED, SCALE_BASE, SCALE_POWER, TURN_BACK = 5, 6, 7, 8, 9, 10
NUMBERS = 11

# Entries of ``Journeys.switches``
AVOID_SHORT_STINTS, START_ON_FOOT, TAKE_FROM_POPULATION, HOME_MATTERS = 0, 1, 2, 3
ANYWHERE_WHEN_FULL, SHORTEST_ONLY = 4, 5
SWITCHES = 6

# Bits of a person's ``marks``
FIRST_LINK, ON_FOOT, GOING_BACK, CUT_OFF, JUST_CAME = 1, 2, 4, 8, 16

# How a history ended
FINE, TOO_MANY, NOT_CONSERVED = 0, 1, 2

MOST_HOPS = 255
"""Links that one person may finish within one step."""

PERSON = np.dtype(
    [
        ("gone", "f8"),  # done of the present link: km (rule of Flee) or effort (own rule)
        ("recent", "f8"),  # how much of the last steps was spent travelling, at the end of step ``since``
        ("route", "i4"),
        ("since", "i4"),
        ("home", "i4"),
        ("hop", "u1"),  # links of the route that were entered
        ("marks", "u1"),
    ],
    align=True,
)
BYTES_A_PERSON = PERSON.itemsize + 8 + 4 + 4
"""State of a person in bytes: the record, the key, where they are, and a place in the list of travellers."""


class Journeys(NamedTuple):
    """A network, what changes on it from step to step, and who sets out when."""

    key: Words  # [P] of 24 bits, each place its own
    start: Small  # [L]
    end: Small  # [L]
    reverse: Small  # [L] the same link the other way
    distance: Floats  # [L] km
    speed: Floats  # [L] km a step by vehicle
    walk_chance: Floats  # [L] that the link is done on foot (rule of Flee: drawn anew each step)
    effort: Floats  # [L] of the link by vehicle, in mm at full speed; a whole number
    effort_on_foot: Floats  # [L]
    first_route: Small  # [P + 1]
    route_end: Small  # [R]
    route_length: Floats  # [R] km
    first_hop: Small  # [R + 1]
    hop_link: Small  # [H]
    forced: Flags  # [T, L] whoever leaves the link's start takes it
    open: Flags  # [T, L]
    chance: Floats  # [T, P] of leaving in a step, before scaling by population
    score: Floats  # [T, P]
    camp: Flags  # [T, P] a camp on that day, so people look whether it is full
    town: Flags  # [T, P] people may be made to go on from here
    capacity: Floats  # [P] people; below 1: without a limit
    hard: Flags  # [P] nobody gets in beyond the capacity
    nearness: Floats  # [P, P] factor on the score of a place, by home or place of departure; [1, 1] if unused
    initial: Ints  # [P] people there at the beginning
    fixed: Ints  # [T, P] who set out in a step
    ratio: Floats  # [T, P] the same as a share of the population
    mean: Floats  # [T, P] the same as the mean of a Poisson distribution
    shared: Ints  # [T] who set out from places drawn by population times ``share``
    share: Floats  # [T, P]
    population: Floats  # [P] at the beginning
    gone_chance: Floats  # [P] of leaving the simulation in a step, for people who stay there
    numbers: Floats  # [NUMBERS]
    switches: Ints  # [SWITCHES]


class People(NamedTuple):
    """Working memory of a history in person mode."""

    tag: Words  # [N]
    at: Small  # [N] see ``garita.engine.people``
    person: Any  # [N] of PERSON
    moving: Small  # [N] the people to move in this step
    count: Ints  # [P] people at each place
    outside: Ints  # [P] people at a full place, without a bed
    passing: Ints  # [P] people there with part of their route still ahead (own rule)
    waiting: Ints  # [P] of those, who came before this step
    came: Ints  # [P] of those, who came in this step
    beds: Ints  # [P] free, for those who waited
    beds_left: Ints  # [P] free, for those who came
    on_link: Ints  # [L]
    border: Ints  # [L] people waiting at the end of a closed link
    population: Floats  # [P]
    ordinal: Ints  # [P] people who set out from there in this step
    multiplier: Floats  # [P] what fullness does to the weight of a place
    weights: Floats  # [R] running sums within each place
    fresh: Ints  # [P] version of the multipliers that ``weights`` was made with
    open_route: Flags  # [R]
    threshold: Words  # [3 P + 2 L + 1] chance of leaving where one is, of 2^32
    origins: Floats  # [P] running sums
    words: Words  # [BLOCK]
    total: Ints  # [TOTALS]


# Entries of ``People.total``
SET_OUT, LEFT, VERSION, LISTED, FAULT = 0, 1, 2, 3, 4
TOTALS = 5

BLOCK = 256


class Journal(NamedTuple):
    """The books of a history, at the end of each step."""

    inside: Small  # [T, P] people at a place; at a hard capacity only those within it
    outside: Small  # [T, P] people in front of a full place, or resting there on their way further
    on_link: Small  # [T, L] on the way
    at_border: Small  # [T, L] waiting at the end of a closed link
    set_out: Ints  # [T] people so far
    left: Ints  # [T] people who left the simulation so far
    moves: Ints  # [T] links entered in the step
    nowhere: Ints  # [T] people for whom there was no place to set out from
