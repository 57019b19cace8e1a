"""How people choose among camps by our own rule, and the ways they take.

Whoever leaves a place knows every camp that is open and the shortest way to it along links that are open, and
chooses one by gravity: fewer the further it is, and fewer the fuller it is. On the way they do not stop to
choose again, unless the way is closed.
"""

from __future__ import annotations

import heapq
import json
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from garita.engine.journey_types import Floats
from garita.engine.journeys import Routes
from garita.errors import DataError, Problem, file_name, register_messages
from garita.flee.network import Links

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rule:
    """The parameters of our rule, the same for every instance. ``garita fit flee`` finds them.

    The weight of a camp d km away, with n people and C beds, is (``softening_km`` + d) ^ -``distance_power``,
    times (C - n) / (C - ``crowding`` C) above a share ``crowding`` of its beds. A place in conflict sends
    people by its intensity times its population to the power ``people_power``; where registered counts do not
    say how many, ``people_a_day`` from a place of 100,000 in full conflict. Capacities are taken as they
    stand, and nobody gets in beyond them.
    """

    distance_power: float
    softening_km: float
    people_power: float
    crowding: float
    people_a_day: float


RULE = Rule(distance_power=2.03, softening_km=30.0, people_power=0.29, crowding=0.63, people_a_day=85.0)
"""Fitted by ``garita fit flee`` (docs/reference/flee.md)."""

_MOST = Rule(distance_power=20.0, softening_km=20_000.0, people_power=3.0, crowding=1.0, people_a_day=1e6)
"""Far beyond what a fit finds; above it numbers overflow."""

register_messages(
    {
        "flee-no-rule": (
            "there are no parameters of the rule of movement here ({reason})",
            "Name a folder that `garita fit flee` wrote.",
        ),
    }
)


def read_rule(folder: Path) -> Rule:
    """The parameters that a fit found. Raises DataError."""
    path = folder / "fit.json"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))["rule"]
        found = Rule(**{field.name: float(told[field.name]) for field in fields(Rule)})
        for name, most in vars(_MOST).items():
            if not 0.0 <= getattr(found, name) <= most:  # nor is nan
                raise ValueError(f"{name} is not between 0 and {most:,.10g}")
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise DataError(Problem("flee-no-rule", {"reason": reason}, file_name(path))) from None
    return found


def ways_to_camps(found: Links, camps: list[int], places: int, is_open: Bools, forced: Bools) -> Routes:
    """For every place the shortest way to each of ``camps``, as links are on any of the days: of one place by
    camp and then by length. ``is_open`` and ``forced`` [D, L].

    A way goes by no link that is closed, and from where people are sent along a link only along that.
    """
    known: list[dict[tuple[int, tuple[int, ...]], float]] = [{} for _ in range(places)]
    seen: set[bytes] = set()
    for day in range(len(is_open)):
        allowed = is_open[day] & _followed(found, is_open[day], forced[day], places)
        if allowed.tobytes() in seen:
            continue
        seen.add(allowed.tobytes())
        into: list[list[int]] = [[] for _ in range(places)]
        for link in np.flatnonzero(allowed).tolist():
            into[int(found.end[link])].append(link)
        for camp in camps:
            for place, (length, path) in _shortest(found, into, camp).items():
                known[place][camp, path] = length
    ways = [sorted((camp, length, path) for (camp, path), length in of_place.items()) for of_place in known]
    every = [way for of_place in ways for way in of_place]
    return Routes(
        np.cumsum([0, *(len(of_place) for of_place in ways)]).astype(np.int32),
        np.array([camp for camp, _, _ in every], np.int32),
        np.array([length for _, length, _ in every], float),
        np.cumsum([0, *(len(path) for _, _, path in every)]).astype(np.int32),
        np.array([link for _, _, path in every for link in path], np.int32),
    )


def _followed(found: Links, is_open: Bools, forced: Bools, places: int) -> Bools:
    """[L] whether whoever leaves a link's start may take it."""
    sends = np.zeros(places, bool)
    sends[found.start[forced & is_open]] = True
    allowed: Bools = forced | ~sends[found.start]
    return allowed


def _shortest(found: Links, into: list[list[int]], camp: int) -> dict[int, tuple[float, tuple[int, ...]]]:
    """Length in km and links of the shortest way from every place to a camp (Dijkstra); among equals by
    place."""
    first: dict[int, tuple[float, int]] = {}
    ahead: list[tuple[float, int, int]] = [(0.0, camp, -1)]
    while ahead:
        length, place, link = heapq.heappop(ahead)
        if place in first:
            continue
        first[place] = length, link
        for before in into[place]:
            start = int(found.start[before])
            if start not in first:
                heapq.heappush(ahead, (length + float(found.distance[before]), start, before))
    ways = {}
    for place, (length, link) in first.items():
        path = []
        while link >= 0:
            path.append(link)
            link = first[int(found.end[link])][1]
        if path:
            ways[place] = length, tuple(path)
    return ways


def gravity(rule: Rule, km: Floats) -> Floats:
    """Weight of a camp by the length of the way to it, as long as it has room."""
    weight: Floats = (rule.softening_km + km) ** -rule.distance_power
    return weight
