"""What both rules of movement share: where people can be, who sets out, and how a route is chosen.

``at`` is a number: a place (0 to P - 1), a link (P on), a place with part of the route still ahead (P +
L on),
in front of a full place (2 P + L on), at the end of a closed link (3 P + L on), gone (3 P + 2 L). So whether
somebody leaves where they are is one comparison with a table.
"""

from __future__ import annotations

import numpy as np

from garita.engine.journey_types import (
    ANYWHERE_WHEN_FULL,
    ARRIVALS,
    BLOCK,
    BUFFER,
    DISTANCE_POWER,
    FAULT,
    FIRST_LINK,
    HOME_MATTERS,
    LEAVE,
    LEFT,
    LISTED,
    MOST_A_STEP,
    NOT_CONSERVED,
    ORIGIN,
    PRUNING,
    SCALE_BASE,
    SCALE_POWER,
    SET_OUT,
    SHORTEST_ONLY,
    SOFTENING,
    TAKE_FROM_POPULATION,
    TOO_MANY,
    VERSION,
    WEIGHT_POWER,
    WEIGHT_SOFTENING,
)
from garita.engine.kernel import kernel
from garita.engine.random import U64, counter, exponential, high_half, threefry, uniform

_24, _32, _40 = U64(24), U64(32), U64(40)
_EVERYBODY = U64(0xFFFFFF) << _40
_SURE = 2.0**32


@kernel
def draw(seed, replication, tag, step, hop, purpose):
    """The two random words of a person for a purpose, in a step, after so many links within it."""
    return threefry(seed, replication, tag, counter(step, hop, purpose))


@kernel
def fill_words(seed, replication, step, tag, first, words):
    """The first word of the next people, without branches, so that several are drawn at once."""
    second = counter(step, 0, 0)
    for i in range(BLOCK):
        words[i], _ = threefry(seed, replication, tag[first + i], second)


@kernel
def add_person(model, state, step, place):
    """One more person at a place."""
    who = state.total[SET_OUT]
    if who >= state.at.shape[0] or state.ordinal[place] >= MOST_A_STEP:
        state.total[FAULT] = TOO_MANY
        return
    state.tag[who] = (model.key[place] << _40) | (U64(step) << _24) | U64(state.ordinal[place])
    state.ordinal[place] += 1
    state.at[who] = place
    person = state.person[who]
    person.gone, person.recent = 0.0, 0.0
    person.route, person.since, person.home = -1, step, place
    person.hop, person.marks = 0, FIRST_LINK
    state.count[place] += 1
    state.total[SET_OUT] += 1
    if (
        model.switches[TAKE_FROM_POPULATION]
        and state.population[place] > 0.0
        and model.camp[step, place] == 0
    ):
        state.population[place] -= 1.0


@kernel
def arrivals_by_rate(seed, replication, model, step, place):
    """A Poisson number: how many unit-rate arrivals the mean has room for."""
    mean, number, passed = model.mean[step, place], 0, 0.0
    while mean > 0.0:
        word, _ = threefry(seed, replication, model.key[place], counter(step, number, ARRIVALS))
        passed += exponential(word)
        if passed > mean:
            break
        number += 1
    return number


@kernel
def number_setting_out(seed, replication, model, population, step, place):
    """How many set out from one place by itself: given, a share of its population, and by a rate."""
    return (
        model.fixed[step, place]
        + np.int64(model.ratio[step, place] * population[place])
        + arrivals_by_rate(seed, replication, model, step, place)
    )


@kernel
def origin_weights(model, population, step, origins):
    """Running sums of the weights of the places that people set out from; returns their sum."""
    weight = 0.0
    for place in range(origins.shape[0]):
        weight += population[place] * model.share[step, place]
        origins[place] = weight
    return weight


@kernel
def people_set_out(seed, replication, model, state, journal, step):
    """Add the people of a step."""
    places = model.key.shape[0]
    for place in range(places):
        state.ordinal[place] = 0
        if step == 0:
            for _ in range(model.initial[place]):
                add_person(model, state, step, place)
    weight = origin_weights(model, state.population, step, state.origins)
    for place in range(places):
        for _ in range(number_setting_out(seed, replication, model, state.population, step, place)):
            add_person(model, state, step, place)
    if weight <= 0.0:
        journal.nowhere[step] = model.shared[step]
        return
    for i in range(model.shared[step]):
        word, _ = threefry(seed, replication, _EVERYBODY | U64(i), counter(step, 0, ORIGIN))
        place = first_above(state.origins, 0, places, uniform(word) * weight)
        add_person(model, state, step, place)


@kernel
def first_above(sums, first, end, value):
    """The first index whose running sum is above a value, at the last increase if none is."""
    low, high = first, end - 1
    while low < high:
        middle = (low + high) >> 1
        if sums[middle] > value:
            high = middle
        else:
            low = middle + 1
    while low > first and sums[low] == sums[low - 1]:
        low -= 1
    return low


@kernel
def fullness(people, capacity, buffer):
    """What fullness does to the weight of a place: 1 up to the buffer, then straight down to 0."""
    if capacity < 1.0 or people <= buffer * capacity:
        return 1.0
    if people >= capacity:
        return 0.0
    return 1.0 - (people - buffer * capacity) / (capacity * (1.0 - buffer))


@kernel
def look_at(model, state, place):
    """Notice how full a place is now."""
    if model.capacity[place] < 1.0:
        return
    found = fullness(state.count[place], model.capacity[place], model.numbers[BUFFER])
    if found != state.multiplier[place]:
        state.multiplier[place] = found
        state.total[VERSION] += 1


@kernel
def sent_elsewhere(model, step, link):
    """Whether whoever leaves the start of a link is sent along another one."""
    if model.forced[step, link]:
        return False
    for other in range(model.start.shape[0]):
        if model.start[other] == model.start[link] and model.forced[step, other] and model.open[step, other]:
            return True
    return False


@kernel
def passable(model, step, route):
    """Whether a route can be followed to its end: all links open, and nobody is sent off it on the way."""
    for hop in range(model.first_hop[route], model.first_hop[route + 1]):
        link = model.hop_link[hop]
        if model.open[step, link] == 0:
            return 0
        if model.switches[SHORTEST_ONLY] and sent_elsewhere(model, step, link):
            return 0
    return 1


@kernel
def as_yesterday(model, step):
    """Whether links are open, and people sent along them, as in the step before."""
    if step == 0:
        return False
    for link in range(model.start.shape[0]):
        if (
            model.open[step, link] != model.open[step - 1, link]
            or model.forced[step, link] != model.forced[step - 1, link]
        ):
            return False
    return True


@kernel
def open_routes(model, open_route, step):
    """Mark the routes that can be followed; with ``SHORTEST_ONLY`` of those to the same end only the first,
    as they are listed by end and length."""
    if as_yesterday(model, step):
        return
    for place in range(model.key.shape[0]):
        end, found = -1, False
        for route in range(model.first_route[place], model.first_route[place + 1]):
            if model.route_end[route] != end:
                end, found = model.route_end[route], False
            if found and model.switches[SHORTEST_ONLY]:
                open_route[route] = 0
                continue
            open_route[route] = passable(model, step, route)
            found = open_route[route] != 0


@kernel
def route_weight(model, multiplier, step, route, home):
    """The weight of a route (moving.py of Flee, by the description in its reference)."""
    numbers, end = model.numbers, model.route_end[route]
    score = model.score[step, end]
    if model.switches[HOME_MATTERS]:
        score *= model.nearness[home, end]
    far = numbers[SOFTENING] + model.route_length[route]
    if numbers[DISTANCE_POWER] != 1.0:
        far = far ** numbers[DISTANCE_POWER]
    weight = (numbers[WEIGHT_SOFTENING] + score) / far * multiplier[end]
    if numbers[WEIGHT_POWER] != 1.0:
        weight = weight ** numbers[WEIGHT_POWER]
    return weight


@kernel
def weigh_routes(model, multiplier, open_route, weights, step, place, home):
    """Running sums of the weights of a place's routes, those pruned or closed at 0."""
    first, end = model.first_route[place], model.first_route[place + 1]
    forced = False
    for route in range(first, end):
        if open_route[route] and model.forced[step, model.hop_link[model.first_hop[route]]]:
            forced = True
    best = 0.0
    for route in range(first, end):
        weights[route] = 0.0
        if open_route[route] == 0:
            continue
        if forced and model.forced[step, model.hop_link[model.first_hop[route]]] == 0:
            continue
        weights[route] = route_weight(model, multiplier, step, route, home)
        best = max(best, weights[route])
    if best <= 0.0 and model.switches[ANYWHERE_WHEN_FULL]:
        for route in range(first, end):
            weights[route] = np.float64(open_route[route])
    least = best / model.numbers[PRUNING] if model.numbers[PRUNING] > 1.0 else 0.0
    weight = 0.0
    for route in range(first, end):
        if weights[route] >= least:
            weight += weights[route]
        weights[route] = weight


@kernel
def choose_route(model, state, step, place, home, word):
    """A route from a place, drawn by weight; -1 if there is none."""
    first, end = model.first_route[place], model.first_route[place + 1]
    if first == end:
        return -1
    if model.switches[HOME_MATTERS] or state.fresh[place] != state.total[VERSION]:
        weigh_routes(model, state.multiplier, state.open_route, state.weights, step, place, home)
        state.fresh[place] = state.total[VERSION]
    weight = state.weights[end - 1]
    if weight <= 0.0:
        return -1
    return first_above(state.weights, first, end, uniform(word) * weight)


@kernel
def chance_to_leave(model, population, step, place):
    """Chance that somebody without a route leaves a place in a step."""
    chance = model.chance[step, place]
    if model.numbers[SCALE_POWER] != 0.0:
        size = max(population[place], model.capacity[place])
        chance *= (size / model.numbers[SCALE_BASE]) ** model.numbers[SCALE_POWER]
    return chance


@kernel
def as_threshold(chance):
    """A chance as a share of 2^32."""
    return U64(min(max(chance, 0.0), 1.0) * _SURE)


@kernel
def leaves(word, threshold):
    """Whether a word's upper half is below a threshold."""
    return (word >> _32) < threshold


@kernel
def is_on_link(model, at):
    """Whether somebody is on a link."""
    places = model.key.shape[0]
    return at >= places and at < places + model.start.shape[0]


@kernel
def list_movers(seed, replication, model, state, step):
    """List in order who decides to leave where they are, and who is on a link."""
    people, listed = state.total[SET_OUT], 0
    for first in range(0, people, BLOCK):
        fill_words(seed, replication, step, state.tag, first, state.words)
        for who in range(first, min(first + BLOCK, people)):
            at = state.at[who]
            if leaves(state.words[who - first], state.threshold[at]) or is_on_link(model, at):
                state.moving[listed] = who
                listed += 1
    state.total[LISTED] = listed


@kernel
def some_leave_the_story(seed, replication, model, state, step):
    """People who stay at a place that they leave the simulation from."""
    places, links = model.key.shape[0], model.start.shape[0]
    for who in range(state.total[SET_OUT]):
        place = state.at[who]
        if place < places and model.gone_chance[place] > 0.0 and model.camp[step, place]:
            word, _ = draw(seed, replication, state.tag[who], step, 0, LEAVE)
            if high_half(word) < model.gone_chance[place]:
                state.at[who] = 3 * places + 2 * links
                state.count[place] -= 1
                state.total[LEFT] += 1
                look_at(model, state, place)


@kernel
def limited(model, step, place):
    """Whether nobody gets in beyond the capacity of a place in this step."""
    return model.hard[place] and model.camp[step, place] and model.capacity[place] >= 1.0


@kernel
def close_books(model, state, journal, step):
    """Write the end of a step and see that nobody was lost or made up."""
    people = np.int64(0)
    for place in range(model.key.shape[0]):
        in_front = state.outside[place]
        if limited(model, step, place):
            in_front += state.passing[place]
        people_there = state.count[place] + state.outside[place] + state.passing[place]
        journal.inside[step, place] = people_there - in_front
        journal.outside[step, place] = in_front
        people += people_there
    for link in range(model.start.shape[0]):
        journal.on_link[step, link] = state.on_link[link]
        journal.at_border[step, link] = state.border[link]
        people += state.on_link[link] + state.border[link]
    journal.set_out[step] = state.total[SET_OUT]
    journal.left[step] = state.total[LEFT]
    if people != state.total[SET_OUT] - state.total[LEFT] and state.total[FAULT] == 0:
        state.total[FAULT] = NOT_CONSERVED
