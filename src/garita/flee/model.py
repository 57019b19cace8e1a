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
from garita.flee.rule import RULE, Rule, ways_to_camps
from garita.sources.flee import FleeInstance


def journeys(
    instance: FleeInstance, rules: Rules, rule: Rule = RULE, *, by_conflict: bool = False
) -> tuple[Journeys, Arrivals]:
    """The arrays of an instance, and who sets out; ``rule`` are the parameters of ``garita``.

    ``by_conflict``: how many set out is up to the conflict, not to the settings. Raises DataError when people
    know too many routes.
    """
    move, places = instance.settings.move, list(instance.places.values())
    network, days = links(instance, rules), calendar(instance, rules)
    power = rule.people_power if rules == "garita" or by_conflict else 1.0
    people = arrivals(instance, days, power, rule.people_a_day if by_conflict else None)
    hasten = instance.settings.hasten
    size = np.array([float(place.size // hasten) for place in places])
    camp = np.array([place.camp for place in places])
    beds = np.where(camp, size, 0.0)
    if rules == "flee3":
        if instance.settings.spawn["insert_day0"]:
            beds = beds - np.where(camp, people.initial, 0)  # as it really runs
        beds = beds * move["capacity_scaling"]
    by_vehicle, on_foot = efforts(network, move["max_move_speed"], move["max_walk_speed"])
    forced, is_open = forced_links(instance, network), open_links(instance, network, rules)
    if rules == "flee3":
        known = known_routes(instance, network, rules)
    else:
        targets = np.flatnonzero(days.camp.any(axis=0)).tolist()
        known = ways_to_camps(network, targets, len(places), is_open, forced)
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
        **known._asdict(),
        forced=flags(forced),
        open=flags(is_open),
        chance=days.chance,
        score=days.score,
        camp=flags(days.camp),
        town=flags(days.town),
        capacity=beds,
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
        numbers=_numbers(instance) if rules == "flee3" else with_rule(_numbers(instance), rule),
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


def with_rule(numbers: types.Floats, rule: Rule) -> types.Floats:
    """The numbers with the parameters of our rule in the place of Flee's."""
    found = numbers.copy()
    found[types.SOFTENING], found[types.DISTANCE_POWER] = rule.softening_km, rule.distance_power
    found[types.WEIGHT_SOFTENING], found[types.WEIGHT_POWER], found[types.PRUNING] = 0.0, 1.0, 1.0
    found[types.BUFFER] = rule.crowding
    return found


def _switches(instance: FleeInstance, rules: Rules) -> types.Ints:
    move = instance.settings.move
    switches = np.zeros(types.SWITCHES, np.int64)
    switches[types.AVOID_SHORT_STINTS] = move["avoid_short_stints"]
    switches[types.START_ON_FOOT] = move["start_on_foot"]
    switches[types.TAKE_FROM_POPULATION] = instance.settings.spawn["take_from_population"]
    switches[types.HOME_MATTERS] = move["stay_close_to_home"]
    switches[types.ANYWHERE_WHEN_FULL] = rules == "flee3"
    switches[types.SHORTEST_ONLY] = rules == "garita"
    return switches
