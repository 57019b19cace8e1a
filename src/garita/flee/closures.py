"""Which links are open, and where people are sent along one, on each day."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from garita.engine.journeys import Rules
from garita.flee.network import Links
from garita.sources.flee import FleeInstance
from garita.sources.flee_places import FleeClosure

Bools = npt.NDArray[np.bool_]


def lasts(closure: FleeClosure, days: int) -> slice:
    """The days on which a closure holds: for good unless it ends after its start, never with a start
    below 0."""
    if closure.start < 0:
        return slice(0, 0)
    return slice(closure.start, closure.end if closure.end > closure.start else days)


def of_one_way(instance: FleeInstance, closure: FleeClosure) -> bool:
    """Whether a closure of a place names a second one that a route leads to: then it is meant for the way
    between the two. Flee reads the first name only, and closes every way of that place."""
    return closure.kind == "location" and any(
        {route.first, route.second} == {closure.first, closure.second} for route in instance.routes
    )


def closed_links(instance: FleeInstance, found: Links, closure: FleeClosure, rules: Rules) -> Bools:
    """[L] the links that a closure concerns, both ways."""
    names = np.array(list(instance.places))
    country = np.array([place.country for place in instance.places.values()])
    start, end = found.start, found.end
    kind = "link" if rules == "garita" and of_one_way(instance, closure) else closure.kind
    if kind == "location":
        at: Bools = (names[start] == closure.first) | (names[end] == closure.first)
        return at
    of = {"country": country, "link": names}.get(kind)
    if of is None:
        return np.zeros(len(start), bool)
    there = (of[start] == closure.first) & (of[end] == closure.second)
    back = (of[start] == closure.second) & (of[end] == closure.first)
    either: Bools = there | back
    return either


def open_links(instance: FleeInstance, found: Links, rules: Rules) -> Bools:
    """[D, L] whether a link is open.

    Closures that overlap are counted. By the rule of Flee they are not: each reopening opens all it
    concerns (the
    third defect), and a closure of one link does nothing (the first).
    """
    days = instance.days
    concerned = [(closure, closed_links(instance, found, closure, rules)) for closure in instance.closures]
    if rules == "garita":
        closures = np.zeros((days, len(found.start)), np.int64)
        for closure, which in concerned:
            closures[lasts(closure, days)] += which
        uncounted: Bools = closures == 0
        return uncounted
    is_open = np.ones((days, len(found.start)), bool)
    for day in range(days):
        if day > 0:
            is_open[day] = is_open[day - 1]
        for closure, which in concerned:
            if closure.kind != "link" and day == closure.start:
                is_open[day] &= ~which
            if closure.kind != "link" and day == closure.end:
                is_open[day] |= which
    return is_open


def closed_camps(instance: FleeInstance) -> Bools:
    """[D, P] whether a camp is closed, by any closure."""
    closed = np.zeros((instance.days, len(instance.places)), bool)
    index = {name: place for place, name in enumerate(instance.places)}
    for closure in instance.closures:
        if closure.kind in ("camp", "idpcamp"):
            closed[lasts(closure, instance.days), index[closure.first]] = True
    return closed


def forced_links(instance: FleeInstance, found: Links) -> Bools:
    """[D, L] whether whoever leaves the start of a link is sent along it, until that is removed."""
    forced = np.tile(found.forced, (instance.days, 1))
    names = np.array(list(instance.places))
    for closure in instance.closures:
        if closure.kind == "remove_forced_redirection":
            this = (names[found.start] == closure.first) & (names[found.end] == closure.second)
            forced[lasts(closure, instance.days)] &= ~this
    return forced
