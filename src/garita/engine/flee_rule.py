"""People move by the rule of Flee 3, its defects included, one person after the other.

Written from the description of Flee's movement rule (Suleimenova, Bell and Groen 2017, doi
10.1038/s41598-017-13828-9; Ghorbani et al. 2024, doi 10.1016/j.jocs.2024.102371), not from its source.
``garita.engine.own_rule`` is the rule without the defects.
"""

from __future__ import annotations

import numpy as np

from garita.engine.bundles import bundle
from garita.engine.journey_types import (
    AVOID_SHORT_STINTS,
    CUT_OFF,
    FAULT,
    FIRST_LINK,
    FULL_SPEED,
    LISTED,
    MOST_HOPS,
    MOVE,
    START_ON_FOOT,
    VERSION,
    WALK_SPEED,
)
from garita.engine.kernel import kernel
from garita.engine.people import (
    as_threshold,
    chance_to_leave,
    choose_route,
    close_books,
    draw,
    is_on_link,
    leaves,
    list_movers,
    look_at,
    open_routes,
    people_set_out,
    some_leave_the_story,
)
from garita.engine.random import U64, low_half

_CERTAIN = U64(2**32)


@kernel
def set_thresholds(model, state, step):
    """Chances of leaving: of the place, or certain while a route is left; nobody leaves a link."""
    places, links = model.key.shape[0], model.start.shape[0]
    for place in range(places):
        state.threshold[place] = as_threshold(chance_to_leave(model, state.population, step, place))
        state.threshold[places + links + place] = _CERTAIN


@kernel
def set_off(seed, replication, model, state, journal, step, who):
    """Somebody leaves where they are, if there is a way."""
    _, word = draw(seed, replication, state.tag[who], step, 0, MOVE)
    leave(model, state, journal, step, who, word)


@kernel
def leave(model, state, journal, step, who, word):
    """Take the next link of the route, chosen now if there is none; returns whether that is possible.

    A closed link, or a camp at the end of the route that is full by half, ends the route, and the day.
    """
    places, links = model.key.shape[0], model.start.shape[0]
    person, place = state.person[who], state.at[who]
    if place >= places:
        place -= places + links
        state.at[who] = place
    else:
        person.route = choose_route(model, state, step, place, person.home, word)
        person.hop = 0
        if person.route < 0:
            return False
    link = model.hop_link[model.first_hop[person.route] + person.hop]
    end = model.route_end[person.route]
    if model.open[step, link] == 0 or (model.camp[step, end] and state.multiplier[end] < 0.5):
        return False
    state.count[place] -= 1
    look_at(model, state, place)
    state.at[who] = places + link
    state.on_link[link] += 1
    journal.moves[step] += 1
    person.gone = 0.0
    person.hop += 1
    return True


@kernel
def arrive(model, state, who, link):
    """Put somebody at the end of a link, or back at its start if it was closed since they entered it."""
    places, links = model.key.shape[0], model.start.shape[0]
    person = state.person[who]
    state.on_link[link] -= 1
    back = person.marks & CUT_OFF
    place = model.start[link] if back else model.end[link]
    person.marks &= 0xFF - CUT_OFF - FIRST_LINK
    ahead = person.hop < model.first_hop[person.route + 1] - model.first_hop[person.route]
    state.at[who] = place + places + links if ahead and not back else place
    state.count[place] += 1
    look_at(model, state, place)
    return place, not back


@kernel
def speed_today(model, state, step, who, link, word):
    """Km of this step on a link."""
    person = state.person[who]
    if model.switches[START_ON_FOOT] and person.marks & FIRST_LINK:
        return model.numbers[WALK_SPEED]
    if model.walk_chance[link] > 0.0 and low_half(word) < model.walk_chance[link]:
        return model.numbers[WALK_SPEED]
    return model.speed[link]


@kernel
def half_to_the(power):
    """0.5 to a power of -1 or more, exactly, from the bits of the number."""
    if power > 1022:
        return 0.0
    return np.int64(np.int64(1023 - power) << 52).view(np.float64)


@kernel
def travel(seed, replication, model, state, journal, step, who):
    """Move somebody who is on a link; after each arrival with less than a day's distance, perhaps further."""
    places = model.key.shape[0]
    person, full = state.person[who], model.numbers[FULL_SPEED]
    recent, moved = person.recent * half_to_the(step - 1 - person.since), 0.0
    word, _ = draw(seed, replication, state.tag[who], step, 0, MOVE)
    for hop in range(MOST_HOPS):
        link = state.at[who] - places
        speed = speed_today(model, state, step, who, link, word)
        if model.open[step, link] == 0:
            person.marks |= CUT_OFF
        person.gone += speed
        moved += speed
        if person.gone <= model.distance[link]:
            break
        moved += model.distance[link] - person.gone
        place, onward = arrive(model, state, who, link)
        if not onward or moved >= speed:
            break
        word, other = draw(seed, replication, state.tag[who], step, hop + 1, MOVE)
        threshold = state.threshold[state.at[who]]
        short = model.switches[AVOID_SHORT_STINTS] and (recent + moved / full) / 2.0 < 0.5
        if state.at[who] < places and model.town[step, place] and short:
            threshold = _CERTAIN
        if not leaves(word, threshold) or not leave(model, state, journal, step, who, other):
            break
    person.recent = (recent + moved / full) / 2.0
    person.since = step


@kernel
def journey_flee3(seed, replication, model_fields, state_fields, journal_fields, sinks):
    """One history by the rule of Flee; returns how it ended."""
    model, state, journal = bundle(model_fields), bundle(state_fields), bundle(journal_fields)
    for step in range(model.open.shape[0]):
        people_set_out(seed, replication, model, state, journal, step)
        for place in range(model.key.shape[0]):
            look_at(model, state, place)
        open_routes(model, state.open_route, step)
        state.total[VERSION] += 1
        set_thresholds(model, state, step)
        list_movers(seed, replication, model, state, step)
        for i in range(state.total[LISTED]):
            if not is_on_link(model, state.at[state.moving[i]]):
                set_off(seed, replication, model, state, journal, step, state.moving[i])
        for i in range(state.total[LISTED]):
            if is_on_link(model, state.at[state.moving[i]]):
                travel(seed, replication, model, state, journal, step, state.moving[i])
        if sinks:
            some_leave_the_story(seed, replication, model, state, step)
        close_books(model, state, journal, step)
        if state.total[FAULT]:
            break
    return state.total[FAULT]
