"""A second model of a plaza: processes of SimPy that hold a booth until there is room behind it.

It shares the draws of the engine (tests/engine/independent.py), and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import simpy

from engine import independent

STATION = 96


@dataclass
class Place:
    """A station: ``booths`` inspect, ``room`` parties can wait, minutes of each party by (line, number)."""

    booths: int
    room: float
    minutes: dict[tuple[str, int], float]
    waits: list[float] = field(default_factory=list)
    held: float = 0.0

    def open(self, plaza: simpy.Environment) -> None:
        self.server = simpy.Resource(plaza, self.booths)
        capacity = self.room + self.booths
        self.area = simpy.Resource(plaza, int(capacity)) if capacity < np.inf else None


def party(plaza, when: float, who: tuple[str, int], way: Sequence[Place]):
    """One party on its way through all stations: it leaves a booth once there is room at the next."""
    yield plaza.timeout(when - plaza.now)
    booth = area = None
    before: Place | None = None
    for place in way:
        ended = plaza.now
        entering = None
        if place.area is not None and before is not None:
            entering = place.area.request()
            yield entering
        if before is not None:
            before.held += plaza.now - ended
            before.server.release(booth)
            if area is not None:
                before.area.release(area)
        joined = plaza.now
        booth = place.server.request()
        yield booth
        place.waits.append(plaza.now - joined)
        yield plaza.timeout(place.minutes[who])
        before, area = place, entering
    before.server.release(booth)
    if area is not None:
        before.area.release(area)


def run(
    places: Sequence[Place], arrivals: dict[str, np.ndarray], way: Callable[[str, int], Sequence[Place]]
) -> None:
    """Everybody, until the last has left; the books are those of the places."""
    plaza = simpy.Environment(initial_time=min(times[0] for times in arrivals.values()) - 1.0)
    for place in places:
        place.open(plaza)
    for line, times in arrivals.items():
        for number, when in enumerate(times):
            plaza.process(party(plaza, when, (line, number), way(line, number)))
    plaza.run()


def station_words(
    line: str, station: str, seed: int, replication: int, parties: independent.Parties
) -> tuple[np.ndarray, np.ndarray]:
    """The two words of each party of a line at an inspection before or after primary."""
    second = (
        (parties.hour_key.astype(np.uint64) << np.uint64(32))
        | (parties.ordinal.astype(np.uint64) << np.uint64(8))
        | np.uint64(STATION)
    )
    first = independent.hash_of(line) ^ independent.hash_of(station)
    return independent.blocks((seed, replication), first, second)


def minutes(words: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Inspection times from the upper halves of words."""
    u = ((words >> np.uint64(32)).astype(float) + 0.5) * 2.0**-32
    return independent.grains(independent.quantiles(table, u))
