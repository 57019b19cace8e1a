"""Who is there at the beginning and who sets out on each day."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from garita.engine.journey_types import Floats, Ints
from garita.flee.calendar import Calendar
from garita.sources.flee import FleeInstance


class Arrivals(NamedTuple):
    """``initial`` [P]; ``fixed``, ``ratio`` and ``mean`` [D, P] by place; ``shared`` [D] drawn by
    population times
    ``share`` [D, P]; ``registered`` [D, C] the counts of camps, ``raw`` and ``debt`` [D] as Flee writes them.
    """

    initial: Ints
    fixed: Ints
    ratio: Floats
    mean: Floats
    shared: Ints
    share: Floats
    registered: Ints
    raw: Ints
    debt: Ints


CITY = 100_000
"""People of the place that a rate of setting out is told for."""


def arrivals(
    instance: FleeInstance, found: Calendar, people_power: float = 1.0, people_a_day: float | None = None
) -> Arrivals:
    """Arrivals by the rules of the settings, or by the conflict alone.

    A place sends people by its intensity times its population to the power ``people_power``. How many set out
    in all is up to the settings, or, with ``people_a_day``, to the conflict: so many a day from a place of
    100,000 in full conflict, and no registered count tells more.

    In its standard validation Flee takes how many set out from the registered counts: the day's increase of
    their sum (or of `total`); a decrease is a debt that later increases pay first.
    """
    settings, places, days = instance.settings, list(instance.places.values()), instance.days
    registered, total = counts(instance)
    initial = np.zeros(len(places), np.int64)
    for place, people in instance.agents.items():
        initial[list(instance.places).index(place)] += people // settings.hasten
    at_camps = settings.spawn["insert_day0"] and not settings.spawn["empty_camps_on_day0"]
    if at_camps:
        for camp, name in enumerate(camps(instance)):
            initial[list(instance.places).index(name)] += registered[0, camp]
    shape = days, len(places)
    fixed, ratio, mean = np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape)
    share = np.where(found.intensity > 0, found.intensity * found.decay, 0.0)
    share[:, [place.camp for place in places]] = 0.0
    if people_power != 1.0:  # the engine multiplies by the population itself
        share *= np.maximum(cities(instance), 1.0 / CITY) ** (people_power - 1.0)
    increase = np.diff(total, prepend=0)
    shared, debt = _with_debt(increase, first_is_there=at_camps)
    if people_a_day is not None:
        up_to = np.floor(people_a_day / settings.hasten * np.cumsum(share @ cities(instance)) + 1e-9)
        shared, debt = np.diff(up_to, prepend=0.0).astype(np.int64), np.zeros(days, np.int64)
    elif settings.rate is not None:
        shared, debt = np.zeros(days, np.int64), np.zeros(days, np.int64)
        expected: Floats = settings.rate * found.intensity
        if settings.spawn_mode == "constant":
            fixed = expected.astype(np.int64)
        elif settings.spawn_mode == "poisson":
            mean = expected
        else:
            ratio = expected
    return Arrivals(initial, fixed, ratio, mean, shared, share, registered, np.cumsum(increase), debt)


def cities(instance: FleeInstance) -> Floats:
    """[P] population in hundreds of thousands."""
    return np.array([place.size / CITY for place in instance.places.values()])


def camps(instance: FleeInstance) -> list[str]:
    """The places where people are counted, in the order of locations.csv."""
    return [place.name for place in instance.places.values() if place.camp]


def counts(instance: FleeInstance) -> tuple[Ints, Ints]:
    """Registered people by day: [D, C] in the camps, and [D] the sum that people set out by."""
    settings, found = instance.settings, instance.counts
    by_camp, hasten = found.camps // settings.hasten, settings.hasten
    total = by_camp.sum(axis=1)
    if not settings.spawn["sum_from_camps"] and found.total is not None:
        total = found.total // hasten
    if settings.spawn["empty_camps_on_day0"]:
        by_camp, total = by_camp - by_camp[0], total - total[0]
    columns = [found.names.index(name) for name in camps(instance)]
    return by_camp[:, columns], total


def _with_debt(increase: Ints, *, first_is_there: bool) -> tuple[Ints, Ints]:
    """People who set out by day, and the debt after it."""
    shared, debts, debt = [], [], 0
    for day, more in enumerate(increase.tolist()):
        people = 0 if day == 0 and first_is_there else more - debt
        debt = max(-people, 0)
        shared.append(max(people, 0))
        debts.append(debt)
    return np.array(shared, np.int64), np.array(debts, np.int64)
