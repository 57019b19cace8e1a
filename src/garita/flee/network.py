"""The network of an instance as arrays: places, directed links, routes known from each place."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from garita.engine.journey_types import KEY_BITS, Flags, Floats, Small, Words
from garita.engine.journeys import Routes, Rules, TooManyRoutes, routes
from garita.errors import DataError, Problem, file_name
from garita.sources.flee import FleeInstance

MM_PER_KM = 1e6
EARTH_KM = 6371.0


class Links(NamedTuple):
    """Directed links: each route there and back. ``forced`` [L]: whoever leaves the start is sent along
    it."""

    start: Small
    end: Small
    reverse: Small
    distance: Floats
    speed: Floats
    walk_chance: Floats
    forced: npt.NDArray[np.bool_]


def links(instance: FleeInstance, rules: Rules) -> Links:
    """The links of an instance. By the rule of Flee, ``forced_redirection`` 1 doubles a route and sends
    nobody."""
    index = {name: place for place, name in enumerate(instance.places)}
    usual = instance.settings.move["max_move_speed"]
    start, end, distance, speed, walk, forced = [], [], [], [], [], []
    for route in instance.routes:
        for _ in range(2 if rules == "flee3" and route.redirection == 1 else 1):
            start += [index[route.first], index[route.second]]
            end += [index[route.second], index[route.first]]
            distance += [route.distance] * 2
            speed += [usual if route.speed is None else route.speed] * 2
            walk += [route.walk_chance] * 2
            forced += [route.redirection == 2, route.redirection == 1]
    both = np.arange(len(start), dtype=np.int32)
    return Links(
        np.array(start, np.int32),
        np.array(end, np.int32),
        both ^ 1,
        np.array(distance, float),
        np.array(speed, float),
        np.array(walk, float),
        np.array(forced, bool) if rules == "garita" else np.zeros(len(start), bool),
    )


def efforts(found: Links, full: float, walk: float) -> tuple[Floats, Floats]:
    """Length of each link in mm at full speed, by vehicle and on foot (km a day), whole numbers.

    So that a step's distance is spent to the last millimetre, however many links it is spent on.
    """
    mm = np.rint(found.distance * MM_PER_KM)
    by_vehicle = np.where(found.speed == full, mm, np.floor(mm * full / found.speed))
    return np.maximum(by_vehicle, 1.0), np.maximum(np.floor(mm * full / walk), 1.0)


def known_routes(instance: FleeInstance, found: Links, rules: Rules) -> Routes:
    """The routes people choose among, by their knowledge of places ahead.

    Of parallel links Flee travels the first, whatever was chosen. With its ``fixed_routes`` only the shortest
    route to each place counts, and the routes of major_routes.csv are known too. Raises DataError when there
    are too many.
    """
    awareness = instance.settings.move["awareness_level"]
    marker = np.array([place.kind == "marker" for place in instance.places.values()], np.uint8)
    if rules == "flee3" and awareness == 0:  # nobody moves: the ninth defect
        none = np.zeros(len(instance.places) + 1, np.int32)
        return Routes(none, none[:0], np.zeros(0), none[:1], none[:0])
    taken_as = np.arange(len(found.start), dtype=np.int32)
    if rules == "flee3":
        first: dict[tuple[int, int], int] = {}
        for link, ends in enumerate(zip(found.start.tolist(), found.end.tolist(), strict=True)):
            taken_as[link] = first.setdefault(ends, link)
    try:
        known = routes(found.start, found.end, found.distance, taken_as, marker, max(awareness, 1))
    except TooManyRoutes as error:
        path = file_name(instance.folder / "simsetting.yml")
        problem = {"what": f"choosing among {error} routes", "instead": "Lower `awareness_level`."}
        raise DataError(
            Problem("flee-unsupported", problem, path, field="move_rules.awareness_level")
        ) from None
    return _fixed(instance, found, known) if instance.settings.move["fixed_routes"] else known


def _fixed(instance: FleeInstance, found: Links, known: Routes) -> Routes:
    """Only the shortest route to each place, and the major routes."""
    index = {name: place for place, name in enumerate(instance.places)}
    between = {
        ends: link
        for link, ends in reversed(
            list(enumerate(zip(found.start.tolist(), found.end.tolist(), strict=True)))
        )
    }
    best: list[dict[int, tuple[float, list[int]]]] = [{} for _ in instance.places]

    def offer(place: int, path: list[int], length: float) -> None:
        end = int(found.end[path[-1]])
        if end not in best[place] or length < best[place][end][0]:
            best[place][end] = length, path

    for place in range(len(best)):
        for route in range(known.first_route[place], known.first_route[place + 1]):
            path = known.hop_link[known.first_hop[route] : known.first_hop[route + 1]].tolist()
            offer(place, path, float(known.route_length[route]))
    for names in instance.major_routes:
        for way in (names, names[::-1]):
            path = [between[index[a], index[b]] for a, b in pairwise(way)]
            if path:
                offer(index[way[0]], path, float(found.distance[path].sum()))
    paths = [sorted(of_place.items()) for of_place in best]
    counts = np.cumsum([0, *(len(of_place) for of_place in paths)])
    every = [(end, length, path) for of_place in paths for end, (length, path) in of_place]
    return Routes(
        counts.astype(np.int32),
        np.array([end for end, _, _ in every], np.int32),
        np.array([length for _, length, _ in every], float),
        np.cumsum([0, *(len(path) for _, _, path in every)]).astype(np.int32),
        np.array([link for _, _, path in every for link in path], np.int32),
    )


def place_keys(names: list[str]) -> Words:
    """A number of 24 bits for each name, by which people are drawn: the same whatever other places there are.

    In the rare case that two names share one, the later in the alphabet takes the next that is free.
    """
    taken: dict[int, str] = {}
    for name in sorted(names):
        key = int.from_bytes(hashlib.blake2b(name.encode("utf-8"), digest_size=KEY_BITS // 8).digest(), "big")
        while key in taken or key == 2**KEY_BITS - 1:  # the last is kept for what concerns everybody
            key = (key + 1) % 2**KEY_BITS
        taken[key] = name
    by_name = {name: key for key, name in taken.items()}
    return np.array([by_name[name] for name in names], np.uint64)


def nearness(instance: FleeInstance, rules: Rules) -> Floats:
    """[P, P] factor on the score of a place by its distance from home (rows); [1, 1] where it does not
    matter.

    Great circles on a sphere. Flee takes latitude for longitude (the seventh defect), and so does its
    rule here.
    """
    if not instance.settings.move["stay_close_to_home"]:
        return np.ones((1, 1))
    latitude = np.radians([place.latitude for place in instance.places.values()])
    longitude = np.radians([place.longitude for place in instance.places.values()])
    if rules == "flee3":
        latitude, longitude = longitude, latitude
    km = great_circle(latitude[:, np.newaxis], longitude[:, np.newaxis], latitude, longitude)
    power = instance.settings.move["home_distance_power"]
    factor: Floats = np.maximum(km, 1.0) ** -power
    return factor


def great_circle(latitude: Floats, longitude: Floats, to_latitude: Floats, to_longitude: Floats) -> Floats:
    """Distance in km between points given in radians (haversine formula)."""
    half = np.sin((to_latitude - latitude) / 2) ** 2
    half = half + np.cos(latitude) * np.cos(to_latitude) * np.sin((to_longitude - longitude) / 2) ** 2
    km: Floats = 2 * EARTH_KM * np.arctan2(np.sqrt(half), np.sqrt(1 - half))
    return km


def flags(values: npt.NDArray[np.bool_]) -> Flags:
    """Yes and no as the engine takes them."""
    return np.ascontiguousarray(values).astype(np.uint8)
