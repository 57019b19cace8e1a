"""Small networks as the engine takes them."""

from __future__ import annotations

import numpy as np

from garita.engine import journey_types as types
from garita.engine import journeys
from garita.engine.journey_types import Journeys

FULL, WALK = 360.0, 36.0


def network(places, routes, steps=20, *, rules="garita", awareness=1, settings=None, switches=None, **given):
    """Journeys over ``routes`` (first, second, km), travelled both ways, everything open and nobody there.

    ``given`` replaces arrays; scalars and rows are spread over them. ``settings`` and ``switches`` by
    their index.
    """
    start = np.array([end for first, second, _ in routes for end in (first, second)], np.int32)
    end = np.array([end for first, second, _ in routes for end in (second, first)], np.int32)
    km = np.repeat([float(route[2]) for route in routes], 2)
    links = len(start)
    as_it_is = np.arange(links, dtype=np.int32)
    known = journeys.routes(start, end, km, as_it_is, np.zeros(places, np.uint8), awareness)
    numbers = np.zeros(types.NUMBERS)
    for index in (types.DISTANCE_POWER, types.WEIGHT_POWER, types.PRUNING, types.SCALE_BASE):
        numbers[index] = 1.0
    numbers[types.BUFFER], numbers[types.FULL_SPEED], numbers[types.WALK_SPEED] = 0.9, FULL, WALK
    for index, value in (settings or {}).items():
        numbers[index] = value
    flags = np.zeros(types.SWITCHES, np.int64)
    flags[types.ANYWHERE_WHEN_FULL] = rules == "flee3"
    for index, value in (switches or {}).items():
        flags[index] = value
    mm = np.rint(km * 1e6)
    full = numbers[types.FULL_SPEED]
    fields = {
        "key": np.arange(1, places + 1, dtype=np.uint64),
        "start": start,
        "end": end,
        "reverse": as_it_is ^ 1,
        "distance": km,
        "speed": np.full(links, full),
        "walk_chance": np.zeros(links),
        "effort": mm,
        "effort_on_foot": np.floor(mm * full / numbers[types.WALK_SPEED]),
        **known._asdict(),
        "forced": np.zeros((steps, links), np.uint8),
        "open": np.ones((steps, links), np.uint8),
        "chance": np.zeros((steps, places)),
        "score": np.ones((steps, places)),
        "camp": np.zeros((steps, places), np.uint8),
        "town": np.ones((steps, places), np.uint8),
        "capacity": np.zeros(places),
        "hard": np.zeros(places, np.uint8),
        "nearness": np.ones((1, 1)),
        "initial": np.zeros(places, np.int64),
        "fixed": np.zeros((steps, places), np.int64),
        "ratio": np.zeros((steps, places)),
        "mean": np.zeros((steps, places)),
        "shared": np.zeros(steps, np.int64),
        "share": np.zeros((steps, places)),
        "population": np.zeros(places),
        "gone_chance": np.zeros(places),
        "numbers": numbers,
        "switches": flags,
    }
    for name, value in given.items():
        shape, kind = fields[name].shape, fields[name].dtype
        fields[name] = np.ascontiguousarray(np.broadcast_to(np.asarray(value, kind), shape))
    return Journeys(**fields)


def people(journal):
    """People in all places, on links and at borders, by step."""
    return sum(getattr(journal, name).sum(axis=1) for name in ("inside", "outside", "on_link", "at_border"))
