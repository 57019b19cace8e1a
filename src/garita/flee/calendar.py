"""What each place is on each day: a conflict zone, a camp, a town; how attractive, and how soon people
leave it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from garita.engine.journey_types import Floats
from garita.engine.journeys import Rules
from garita.flee.closures import closed_camps
from garita.sources.flee import FleeInstance

NO_CONFLICT = 1e-6
ALMOST_A_CAMP = 0.005
Bools = npt.NDArray[np.bool_]


@dataclass
class Calendar:
    """Places by day; [D, P] each.

    ``chance`` of leaving in a day, ``intensity`` of conflict (0: none), ``decay`` of what it does,
    ``score`` of the
    place as a destination.
    """

    chance: Floats
    camp: Bools
    town: Bools
    intensity: Floats
    decay: Floats
    score: Floats


@dataclass
class _Place:
    """A place while the days pass."""

    chance: float
    camp: bool
    town: bool
    intensity: float = 0.0
    since: int = -1


def calendar(instance: FleeInstance, rules: Rules) -> Calendar:
    """The calendar of an instance.

    By the rule of Flee only the beginning and the end of a conflict are noticed, not what its intensity
    becomes in
    between (the tenth defect), and a place that is hardly ever left is taken for a camp.
    """
    given, days, places = intensities(instance), instance.days, list(instance.places.values())
    now = [_begin(instance, place.kind, place.conflict_date, rules) for place in places]
    for place, state in zip(places, now, strict=True):
        if state.intensity:
            state.intensity = place.attributes.get("conflict_intensity", 1.0)
    closed = closed_camps(instance)
    shape = days, len(places)
    chance, intensity, since = np.zeros(shape), np.zeros(shape), np.zeros(shape, np.int64)
    camp, town = np.zeros(shape, bool), np.zeros(shape, bool)
    before = np.vstack([np.zeros(len(places)), given[:-1]])
    starts, ends = (
        (given > NO_CONFLICT) & (before <= NO_CONFLICT),
        (given <= NO_CONFLICT) & (before > NO_CONFLICT),
    )
    for day in range(days):
        for change in instance.changes:
            if change.day == day:
                now[list(instance.places).index(change.name)] = _begin(instance, change.kind, 0, rules)
        if rules == "flee3":
            _notice(instance, day, given[day], starts[day], ends[day], now)
            _close_and_open(instance, day, now)
        else:
            _follow(instance, day, given[day], starts[day], closed[day], now)
        chance[day] = [state.chance for state in now]
        camp[day], town[day] = [state.camp for state in now], [state.town for state in now]
        intensity[day], since[day] = [state.intensity for state in now], [state.since for state in now]
    decay = decays(instance, np.arange(days)[:, np.newaxis] - since)
    found = Calendar(chance, camp, town, intensity, decay, np.ones(shape))
    found.score = scores(instance, found)
    if rules == "garita":  # people head for camps
        found.score[~found.camp] = 0.0
    return found


def intensities(instance: FleeInstance) -> Floats:
    """[D, P] intensity of conflict, from conflicts.csv or else from the dates in locations.csv."""
    if instance.conflicts is not None:
        return instance.conflicts
    found = np.zeros((instance.days, len(instance.places)))
    for at, place in enumerate(instance.places.values()):
        if place.kind == "conflict_zone":
            found[max(place.conflict_date, 0) :, at] = place.attributes.get("conflict_intensity", 1.0)
    return found


def _begin(instance: FleeInstance, kind: str, conflict_date: int, rules: Rules) -> _Place:
    """A place of a kind, before anything happens."""
    move = instance.settings.move
    chance = {
        "camp": move["camp_movechance"],
        "idpcamp": move["idpcamp_movechance"],
        "conflict_zone": move["conflict_movechance"],
        "forwarding_hub": 1.0,
        "marker": 1.0,
    }.get(kind, move["default_movechance"])
    camp = kind in ("camp", "idpcamp")
    if kind == "conflict_zone" and conflict_date > 0:
        kind, chance = "town", move["default_movechance"]
    if rules == "flee3" and chance < ALMOST_A_CAMP and not camp and kind != "flood_zone":
        return _Place(chance, camp=True, town=False)
    return _Place(chance, camp, kind == "town", 1.0 if kind == "conflict_zone" else 0.0)


def _notice(
    instance: FleeInstance, day: int, given: Floats, starts: Bools, ends: Bools, now: list[_Place]
) -> None:
    """Conflicts begin and end, as Flee notices them."""
    move = instance.settings.move
    for at in np.flatnonzero(starts):
        now[at].chance, now[at].town = move["conflict_movechance"], False
        now[at].intensity, now[at].since = float(given[at]), day
    for at in np.flatnonzero(ends):
        now[at].chance, now[at].town, now[at].intensity = move["default_movechance"], True, 0.0


def _close_and_open(instance: FleeInstance, day: int, now: list[_Place]) -> None:
    """Camps become towns and camps again, without counting who closed them."""
    move, index = instance.settings.move, list(instance.places)
    for closure in instance.closures:
        if closure.kind not in ("camp", "idpcamp"):
            continue
        place = now[index.index(closure.first)]
        if day == closure.start:
            place.chance, place.camp, place.town, place.intensity = (
                move["default_movechance"],
                False,
                True,
                0.0,
            )
        if day == closure.end:
            place.chance, place.camp, place.town = move[f"{closure.kind}_movechance"], True, False
            place.intensity = 0.0


def _follow(
    instance: FleeInstance, day: int, given: Floats, starts: Bools, closed: Bools, now: list[_Place]
) -> None:
    """Each day's intensity and closures as they are; where there is no conflict the place is what its
    kind says."""
    move = instance.settings.move
    for at, place in enumerate(instance.places.values()):
        state, kind = now[at], place.kind
        for change in instance.changes:
            if change.name == place.name and change.day <= day:
                kind = change.kind
        calm = _begin(instance, "town" if kind == "conflict_zone" else kind, 0, "garita")
        if closed[at] and calm.camp:
            calm = _begin(instance, "town", 0, "garita")
        state.chance, state.camp, state.town = calm.chance, calm.camp, calm.town
        if given[at] > NO_CONFLICT:
            state.chance, state.town = move["conflict_movechance"], False
        state.intensity = float(given[at])
        if starts[at]:
            state.since = day


def decays(instance: FleeInstance, age: npt.NDArray[np.int64]) -> Floats:
    """What is left of a conflict's effect after so many days, in steps of an interval; the last share
    stays."""
    shares = instance.settings.decay
    if not shares:
        return np.ones(age.shape)
    step = age // instance.settings.spawn["conflict_spawn_decay_interval"]
    found: Floats = np.array(shares)[np.clip(step, 0, len(shares) - 1)]
    return found


def scores(instance: FleeInstance, found: Calendar) -> Floats:
    """[D, P] how attractive a place is: 1, times a weight for what it is."""
    move, places = instance.settings.move, list(instance.places.values())
    home = places[0].country
    foreign = np.array([place.country != home for place in places])
    score = np.ones(found.chance.shape)
    score[:, foreign] *= move["foreign_weight"]
    score[found.camp] *= move["camp_weight"]
    score *= np.where(found.intensity > 0, move["conflict_weight"] ** (found.decay * found.intensity), 1.0)
    if move["avoid_food_deprived_locations"] and instance.hunger is not None:
        score *= 1.0 - (instance.hunger / 100.0) ** 2
    if move["use_pop_for_loc_weight"]:
        people = np.maximum([float(place.size) for place in places], 1.0) ** move["pop_power_for_loc_weight"]
        score *= np.where(found.camp, 1.0, people)
    return score
