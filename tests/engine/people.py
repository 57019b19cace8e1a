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


def size_of(party: Party, seed: int, replication: int, mean: float) -> int:
    """One person, and a Poisson number of others, at most 14."""
    _, word = party.block(seed, replication, PERSON)
    u = (word & 0xFFFF) / 65536.0
    chances = [math.exp(1.0 - mean) * (mean - 1.0) ** k / math.factorial(k) for k in range(15)]
    people, below = 1, chances[0] / sum(chances)
    while people < 15 and u >= below:
        below += chances[people] / sum(chances)
        people += 1
    return people


AGAIN, WHO, STAY, ABOARD, FIRST_LEG = 112, 120, 121, 122, 126


def halves(block: tuple[int, int]) -> list[float]:
    """The four halves of a block, as numbers between 0 and 1: upper, lower, upper, lower."""
    return [(half + 0.5) * HALF for word in block for half in (word >> 32, word & 0xFFFFFFFF)]


def leaving_cars(
    car: Place,
    foot: Place,
    coefficient: float,
    walk: float,
    equivalent: float,
    able: float,
    mean_people: float,
    tick: float,
    begin: float,
    hours: int,
    seed: int,
    replication: int,
) -> list[tuple[Party, float]]:
    """A crossing with a line of cars and one on foot; everybody knows both waits as at the last tick.

    Returns who left the car, and when. On foot everybody aboard is inspected in a row at one booth.
    """
    events: list[tuple[float, int, str, int, int, object]] = []
    for place in (car, foot):
        for party in own_demand(place, seed, replication, hours, begin):
            heapq.heappush(events, (party.time, 1, party.home, party.hour, party.ordinal, (party, place)))
    for i in range(int(60 * (hours + 24) / tick)):
        heapq.heappush(events, (begin + i * tick, 0, "", 0, 0, None))
    service = float(car.table[0, 128]), float(foot.table[0, 128])
    joined_foot: list[tuple[float, float, int]] = []  # joining, start, inspections
    left: list[tuple[Party, float]] = []
    before = math.exp(coefficient * (walk + equivalent + foot.usual - car.usual))
    chance = 0.0
    while events:
        now, _, _, _, _, what = heapq.heappop(events)
        if what is None:
            car.live = sum(start >= now for start in car.starts) * service[0] / car.booths
            waiting = sum(many for joined, start, many in joined_foot if joined < now <= start)
            foot.live = waiting * service[1] / foot.booths
            after = before * math.exp(coefficient * (foot.live - foot.usual))
            by_car = math.exp(coefficient * (car.live - car.usual))
            chance = max(0.0, 1.0 - (1.0 + before) / (1.0 + after / by_car))
            continue
        party, place = what
        if place is car:
            could = halves(party.block(seed, replication, WHO))[0] < able
            if could and halves(party.block(seed, replication, AGAIN))[3] < chance:
                party.people = size_of(party, seed, replication, mean_people)
                left.append((party, now))
                heapq.heappush(events, (now + walk, 1, party.home, party.hour, party.ordinal, (party, foot)))
                continue
        draws = [party.service_draw]
        for block in range(-(-(party.people - 1) // 4)):
            draws += halves(party.block(seed, replication, ABOARD + block))
        minutes = sum(grains(quantiles(place.table, np.array(draws[: party.people]))))
        place.free = place.free or [-math.inf] * place.booths
        booth = min(range(place.booths), key=lambda b, place=place: (place.free[b], b))
        start = max(now, place.free[booth])
        place.free[booth] = start + float(minutes)
        place.starts.append(start)
        place.crossed.append((party, now, start))
        if place is foot:
            joined_foot.append((now, start, party.people))
    return left
