"""A second, slow model of people who choose, from the documentation alone: one event after the other.

It shares no code with `garita.engine`; the draws are those of the documentation (see `independent`).
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field

import numpy as np

from engine import independent
from engine.independent import ARRIVAL, PERSON, blocks, grains, hash_of, quantiles

HALF = 2.0**-32


@dataclass
class Party:
    """One party: whose demand it is, when it sets out, and what it is for."""

    home: str
    hour: int
    ordinal: int
    time: float
    service_draw: float
    choice: float
    attempts: int = 0
    people: int = 1

    def block(self, seed: int, replication: int, purpose: int) -> tuple[int, int]:
        """The two words of a draw of its own."""
        counter = self.hour << 32 | self.ordinal << 8 | purpose
        return independent.threefry((seed, replication), (hash_of(self.home), counter))


@dataclass
class Place:
    """A line with booths that are always there."""

    name: str
    rate: float
    booths: int
    table: np.ndarray
    usual: float = 0.0
    free: list[float] = field(default_factory=list)
    joined: list[float] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    crossed: list[tuple[Party, float, float]] = field(default_factory=list)
    live: float = 0.0

    def join(self, party: Party, now: float) -> None:
        """First come, first served: the start is known on joining."""
        minutes = float(grains(quantiles(self.table, np.array([party.service_draw])))[0])
        self.free = self.free or [-math.inf] * self.booths
        booth = min(range(self.booths), key=lambda b: (self.free[b], b))
        start = max(now, self.free[booth])
        self.free[booth] = start + minutes
        self.starts.append(start)
        self.crossed.append((party, now, start))

    def look(self, now: float) -> None:
        """The wait of who joins now, as it is."""
        waiting = sum(start >= now for start in self.starts[-5000:])
        self.live = waiting * float(self.table[0, 128]) / self.booths


def own_demand(place: Place, seed: int, replication: int, hours: int, begin: float) -> list[Party]:
    """Everyone of a line's own demand."""
    found = []
    for i in range(hours):
        hour = int(begin) // 60 + i
        ordinals = np.arange(int(place.rate + 12.0 * place.rate**0.5 + 30.0))
        base = np.uint64(hour << 32) | (ordinals.astype(np.uint64) << np.uint64(8))
        key, first = (seed, replication), hash_of(place.name)
        gap, word = blocks(key, first, base | np.uint64(ARRIVAL))
        person = blocks(key, first, base | np.uint64(PERSON))[0]
        u = ((gap >> np.uint64(11)).astype(float) + 0.5) * 2.0**-53
        elapsed = np.cumsum(-np.log(u) / place.rate)
        for k in ordinals[elapsed < 1.0]:
            time = begin + 60.0 * i + float(grains(elapsed[k] * 60.0))
            service, choice = ((int(w) >> 32) + 0.5 for w in (word[k], person[k]))
            found.append(Party(place.name, hour, int(k), time, service * HALF, choice * HALF))
    return found


def perfect(
    places: list[Place],
    travel: float,
    coefficient: float,
    travel_coefficient: float,
    tick: float,
    begin: float,
    hours: int,
    seed: int,
    replication: int,
) -> list[Place]:
    """Two crossings; everybody knows both waits as they were at the last tick, and nobody stays at home."""
    here, there = places
    events: list[tuple[float, int, int, object]] = []
    number = 0
    for place in places:
        for party in own_demand(place, seed, replication, hours, begin):
            heapq.heappush(events, (party.time, 1, number, (party, place, True)))
            number += 1
    for i in range(int(60 * (hours + 24) / tick)):
        heapq.heappush(events, (begin + i * tick, 0, i, None))
    while events:
        now, _, _, what = heapq.heappop(events)
        if what is None:
            for place in places:
                place.look(now)
            continue
        party, place, decides = what
        if decides:
            other = there if place is here else here
            own, else_ = (one.rate * math.exp(coefficient * (one.live - one.usual)) for one in (place, other))
            before = place.rate / (place.rate + other.rate)
            stay = min(1.0, own / (own + else_) / before)
            if party.choice >= stay:
                heapq.heappush(events, (now + travel, 1, number, (party, other, False)))
                number += 1
                continue
        place.join(party, now)
    return places
