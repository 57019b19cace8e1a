"""The door to journeys: routes of a network, and one history of people moving over it."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import numpy as np

from garita.engine.cohort_types import COHORT, TOO_MANY_COHORTS, Cohorts, Stream
from garita.engine.cohort_types import TOTALS as COHORT_TOTALS
from garita.engine.cohorts import journey_cohorts
from garita.engine.flee_rule import journey_flee3
from garita.engine.journey_types import (
    BLOCK,
    COHORTS,
    FINE,
    PERSON,
    TOO_MANY,
    TOTALS,
    Flags,
    Floats,
    Journal,
    Journeys,
    People,
    Small,
)
from garita.engine.own_rule import journey_people
from garita.engine.routes import DEEPEST, list_routes
from garita.engine.run import ConservationError

Rules = Literal["flee3", "garita"]
MOST_ROUTES = 2_000_000


class TooManyRoutes(ValueError):
    """The knowledge of places ahead makes more routes than fit in memory."""


class Routes(NamedTuple):
    """The routes of every place, as :class:`Journeys` holds them."""

    first_route: Small
    route_end: Small
    route_length: Floats
    first_hop: Small
    hop_link: Small


def routes(
    start: Small, end: Small, distance: Floats, taken_as: Small, marker: Flags, awareness: int
) -> Routes:
    """Every simple path of up to ``awareness`` (1 or more) places ahead, markers not counted.

    ``start``, ``end``, ``distance`` (km) and ``taken_as`` (the link that is travelled in its stead) describe
    the directed links [L], ``marker`` [P] the places that are passed and never a destination. Raises
    TooManyRoutes above two million routes.
    """
    out_of = np.argsort(start, kind="stable").astype(np.int32)
    first_link = np.searchsorted(start[out_of], np.arange(len(marker) + 1)).astype(np.int32)
    first = np.zeros(len(marker) + 1, np.int32)
    work = np.zeros((3, DEEPEST + len(marker)), np.int64), np.zeros(DEEPEST)
    network = (first_link, out_of, end, taken_as, distance, marker, awareness, MOST_ROUTES, *work, first)
    ends, lengths = np.zeros(4096, np.int32), np.zeros(4096)
    hops, links = np.zeros(4097, np.int32), np.zeros(16384, np.int32)
    found, used = list_routes(*network, ends, lengths, hops, links)
    if found > MOST_ROUTES:
        raise TooManyRoutes(found)
    if found > len(ends) or used > len(links):
        ends, lengths = np.zeros(found, np.int32), np.zeros(found)
        hops, links = np.zeros(found + 1, np.int32), np.zeros(used, np.int32)
        found, used = list_routes(*network, ends, lengths, hops, links)
    return Routes(first, ends[:found], lengths[:found], hops[: found + 1], links[:used])


def ready(journeys: Journeys) -> Journeys:
    """The same arrays, laid out in the one way that the kernels are compiled for."""
    return Journeys(*(np.require(array, requirements=["C", "W"]) for array in journeys))


def room(journeys: Journeys) -> int:
    """The most people a history can have: what is given, and rates with ample margin."""
    given = journeys.initial.sum() + journeys.fixed.sum() + journeys.shared.sum()
    shares = (journeys.ratio * journeys.population).sum()
    mean = float(journeys.mean.sum())
    return int(given + shares + mean + 12 * math.sqrt(mean) + 64)


def new_people(journeys: Journeys) -> People:
    """Working memory for one history in person mode."""
    places, links, found = len(journeys.key), len(journeys.start), len(journeys.route_end)
    people = -(-room(journeys) // BLOCK) * BLOCK
    return People(
        tag=np.zeros(people, np.uint64),
        at=np.zeros(people, np.int32),
        person=np.zeros(people, PERSON).view(np.recarray),
        moving=np.zeros(people, np.int32),
        count=np.zeros(places, np.int64),
        outside=np.zeros(places, np.int64),
        passing=np.zeros(places, np.int64),
        waiting=np.zeros(places, np.int64),
        came=np.zeros(places, np.int64),
        beds=np.zeros(places, np.int64),
        beds_left=np.zeros(places, np.int64),
        on_link=np.zeros(links, np.int64),
        border=np.zeros(links, np.int64),
        population=journeys.population.copy(),
        ordinal=np.zeros(places, np.int64),
        multiplier=np.ones(places),
        weights=np.zeros(found),
        fresh=np.full(places, -1, np.int64),
        open_route=np.zeros(found, np.uint8),
        threshold=np.zeros(3 * places + 2 * links + 1, np.uint64),
        origins=np.zeros(places),
        words=np.zeros(BLOCK, np.uint64),
        total=np.zeros(TOTALS, np.int64),
    )


def new_journal(journeys: Journeys) -> Journal:
    """Empty books for one history."""
    (steps, links), places = journeys.open.shape, len(journeys.key)
    return Journal(
        inside=np.zeros((steps, places), np.int32),
        outside=np.zeros((steps, places), np.int32),
        on_link=np.zeros((steps, links), np.int32),
        at_border=np.zeros((steps, links), np.int32),
        set_out=np.zeros(steps, np.int64),
        left=np.zeros(steps, np.int64),
        moves=np.zeros(steps, np.int64),
        nowhere=np.zeros(steps, np.int64),
    )


def travel(journeys: Journeys, seed: int, replication: int, rules: Rules) -> Journal:
    """One history, person by person: the same bits wherever and in whatever order it is run.

    Raises ConservationError if people do not balance (a bug), MemoryError if more set out than fit.
    """
    journeys = ready(journeys)
    journal = new_journal(journeys)
    entrance = {"flee3": journey_flee3, "garita": journey_people}[rules]
    sinks = int((journeys.gone_chance > 0).any())
    key = np.uint64(seed), np.uint64(replication)
    ended = entrance(*key, journeys, new_people(journeys), journal, sinks)
    if ended == TOO_MANY:
        raise MemoryError("more people set out than a history holds")
    if ended != FINE:
        raise ConservationError("people were lost or made up on their way")
    return journal


def new_cohorts(journeys: Journeys, most: int) -> Cohorts:
    """Working memory for one history in cohort mode, with room for ``most`` states (a power of 2)."""
    places, links, found = len(journeys.key), len(journeys.start), len(journeys.route_end)
    by_place = {
        name: np.zeros(places, np.int64)
        for name in ("count", "outside", "passing", "waiting", "came", "beds", "beds_left", "fresh")
    }
    return Cohorts(
        **by_place,
        one=np.zeros(most, COHORT).view(np.recarray),
        other=np.zeros(most, COHORT).view(np.recarray),
        size=np.zeros(2, np.int64),
        slot=np.zeros(4 * most, np.int32),
        slot_step=np.zeros(4 * most, np.int32),
        stack=np.zeros(most, COHORT).view(np.recarray),
        rest=np.zeros(most),
        on_link=np.zeros(links, np.int64),
        border=np.zeros(links, np.int64),
        population=journeys.population.copy(),
        multiplier=np.ones(places),
        weights=np.zeros(found),
        open_route=np.zeros(found, np.uint8),
        threshold=np.zeros(3 * places + 2 * links + 1, np.uint64),
        origins=np.zeros(places),
        total=np.zeros(COHORT_TOTALS, np.int64),
    )


def travel_in_cohorts(journeys: Journeys, seed: int, replication: int) -> Journal:
    """One history by our own rule, all who are in the same state together.

    Equal in distribution to :func:`travel` with ``garita``, not in bits. Its cost grows with places,
    links and routes, not with the people. Raises ConservationError if people do not balance (a bug).
    """
    journeys = ready(journeys)
    sinks = int((journeys.gone_chance > 0).any())
    most = 2**12
    while True:
        journal, places = new_journal(journeys), len(journeys.key)
        stream = Stream(journeys.key, np.zeros(places, np.int64), np.array([0, COHORTS], np.int64))
        memory = new_cohorts(journeys, most)
        ended = journey_cohorts(
            np.uint64(seed), np.uint64(replication), journeys, memory, stream, journal, sinks
        )
        if ended == TOO_MANY_COHORTS:
            most *= 4
        elif ended == FINE:
            return journal
        else:
            raise ConservationError("people were lost or made up on their way")
