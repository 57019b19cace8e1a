"""An instance of Flee as the arrays of the engine, for either rule of movement."""

from __future__ import annotations

import numpy as np

from garita.engine import journey_types as types
from garita.engine.journey_types import Journeys
from garita.engine.journeys import Rules
from garita.flee.arrivals import Arrivals, arrivals
from garita.flee.calendar import calendar
from garita.flee.closures import forced_links, open_links
from garita.flee.network import efforts, flags, known_routes, links, nearness, place_keys
from garita.sources.flee import FleeInstance


def journeys(instance: FleeInstance, rules: Rules) -> tuple[Journeys, Arrivals]:
    """The arrays of an instance, and who sets out. Raises DataError when people know too many routes."""
    move, places = instance.settings.move, list(instance.places.values())
    network, days = links(instance, rules), calendar(instance, rules)
    people = arrivals(instance, days)
    hasten = instance.settings.hasten
    size = np.array([float(place.size // hasten) for place in places])
    camp = np.array([place.camp for place in places])
    beds = np.where(camp, size, 0.0)
    if rules == "flee3" and instance.settings.spawn["insert_day0"]:
        beds = beds - np.where(camp, people.initial, 0)  # as it really runs
    by_vehicle, on_foot = efforts(network, move["max_move_speed"], move["max_walk_speed"])
    return Journeys(
        key=place_keys(list(instance.places)),
        start=network.start,
        end=network.end,
        reverse=network.reverse,
        distance=network.distance,
        speed=network.speed,
        walk_chance=network.walk_chance,
        effort=by_vehicle,
        effort_on_foot=on_foot,
        **known_routes(instance, network, rules)._asdict(),
        forced=flags(forced_links(instance, network)),
        open=flags(open_links(instance, network, rules)),
        chance=days.chance,
        score=days.score,
        camp=flags(days.camp),
        town=flags(days.town),
        capacity=beds * move["capacity_scaling"],
        hard=flags(camp),
        nearness=nearness(instance, rules),
        initial=people.initial,
        fixed=people.fixed,
        ratio=people.ratio,
        mean=people.mean,
        shared=people.shared,
        share=people.share,
        population=size,
        gone_chance=_sinks(instance, rules),
        numbers=_numbers(instance),
        switches=_switches(instance, rules),
    ), people


def _sinks(instance: FleeInstance, rules: Rules) -> types.Floats:
    """[P] the daily chance of leaving the simulation from a camp. Flee reads a misspelt key (the eighth
    defect)."""
    spawn = instance.settings.spawn
    wanted = spawn["camps_are_sicks"] or (rules == "garita" and spawn["camps_are_sinks"])
    chances = [place.attributes.get("deactivation_probability", 0.0) for place in instance.places.values()]
    return np.array(chances) if wanted else np.zeros(len(chances))


def _numbers(instance: FleeInstance) -> types.Floats:
    move = instance.settings.move
    numbers = np.zeros(types.NUMBERS)
    numbers[types.SOFTENING] = move["softening"]
    numbers[types.WEIGHT_SOFTENING] = move["weight_softening"]
    numbers[types.DISTANCE_POWER] = move["distance_power"]
    numbers[types.WEIGHT_POWER] = move["weight_power"]
    numbers[types.PRUNING] = move["pruning_threshold"]
    numbers[types.BUFFER] = move["capacity_buffer"]
    numbers[types.FULL_SPEED] = move["max_move_speed"]
    numbers[types.WALK_SPEED] = move["max_walk_speed"]
    numbers[types.SCALE_BASE] = move["movechance_pop_base"]
    numbers[types.SCALE_POWER] = move["movechance_pop_scale_factor"]
    numbers[types.TURN_BACK] = move["default_movechance"]
    return numbers


def _switches(instance: FleeInstance, rules: Rules) -> types.Ints:
    move = instance.settings.move
    switches = np.zeros(types.SWITCHES, np.int64)
    switches[types.AVOID_SHORT_STINTS] = move["avoid_short_stints"]
    switches[types.START_ON_FOOT] = move["start_on_foot"]
    switches[types.TAKE_FROM_POPULATION] = instance.settings.spawn["take_from_population"]
    switches[types.HOME_MATTERS] = move["stay_close_to_home"]
    switches[types.UNWEIGHTED] = rules == "garita" and move["awareness_level"] < 1
    switches[types.ANYWHERE_WHEN_FULL] = rules == "flee3"
    return switches
