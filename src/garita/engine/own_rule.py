"""People move by our own rule, person by person.

What differs from Flee: a step's distance is spent exactly, over however many links; nobody gets into a place
beyond a hard capacity, and who does not stays in front of it, visibly; a closed link is met at its end, where
people wait or turn back; whoever finds the next link closed chooses anew; forced links are taken. The routes
that people choose among are the caller's (``garita.flee.rule``). All that people know is how things stood at
the beginning of the step, so people in the same situation are exchangeable, which is what
``garita.engine.cohorts`` rests on.
"""

from __future__ import annotations

import numpy as np

from garita.engine.bundles import bundle
from garita.engine.journey_types import (
    ADMIT,
    AVOID_SHORT_STINTS,
    BUFFER,
    FAULT,
    FIRST_LINK,
    FULL_SPEED,
    GOING_BACK,
    JUST_CAME,
    LISTED,
    MOST_HOPS,
    MOVE,
    ON_FOOT,
    SET_OUT,
    START_ON_FOOT,
    TURN_BACK,
    VERSION,
)
from garita.engine.kernel import kernel
from garita.engine.people import (
    as_threshold,
    chance_to_leave,
    choose_route,
    close_books,
    draw,
    fullness,
    is_on_link,
    leaves,
    limited,
    list_movers,
    open_routes,
    people_set_out,
    some_leave_the_story,
)
from garita.engine.random import U64, low_half, uniform

_CERTAIN = U64(2**32)
_MM = 1e6
FULL_DAY = 15
"""A whole step of travelling, as it is remembered."""


@kernel
def step_effort(model):
    """What a person can do in a step: mm at full speed."""
    return np.float64(np.int64(model.numbers[FULL_SPEED] * _MM + 0.5))


@kernel
def look_around(model, multiplier, count, step):
    """What is known of how full the places are, at the beginning of a step."""
    for place in range(model.key.shape[0]):
        multiplier[place] = 1.0
        if model.camp[step, place]:
            multiplier[place] = fullness(count[place], model.capacity[place], model.numbers[BUFFER])


@kernel
def set_thresholds(model, state, step):
    """Chances of leaving where one is."""
    places, links = model.key.shape[0], model.start.shape[0]
    restless = as_threshold(model.numbers[TURN_BACK])
    for place in range(places):
        state.threshold[place] = as_threshold(chance_to_leave(model, state.population, step, place))
        state.threshold[places + links + place] = _CERTAIN
        state.threshold[2 * places + links + place] = restless if limited(model, step, place) else _CERTAIN
    for link in range(links):
        state.threshold[3 * places + links + link] = _CERTAIN if model.open[step, link] else restless


@kernel
def goes_on_foot(model, link, first, word):
    """Whether a link is done on foot: the first one where people start so, others by chance."""
    if model.switches[START_ON_FOOT] and first:
        return True
    return model.walk_chance[link] > 0.0 and low_half(word) < model.walk_chance[link]


@kernel
def enter(model, state, journal, step, who, link, word):
    """Put somebody who is nowhere at the beginning of a link."""
    person = state.person[who]
    person.marks &= 0xFF - ON_FOOT - GOING_BACK
    if goes_on_foot(model, link, person.marks & FIRST_LINK, word):
        person.marks |= ON_FOOT
    person.gone = 0.0
    state.at[who] = model.key.shape[0] + link
    state.on_link[link] += 1
    journal.moves[step] += 1


@kernel
def depart(model, state, journal, step, who, place, word, other):
    """Take the next link of the route; choose one if there is none or it is closed. Returns whether they
    left."""
    person = state.person[who]
    if person.route >= 0:
        link = model.hop_link[model.first_hop[person.route] + person.hop]
        if model.open[step, link]:
            person.hop += 1
            enter(model, state, journal, step, who, link, word)
            return True
    person.route = choose_route(model, state, step, place, person.home, other)
    if person.route < 0:
        return False
    person.hop = 1
    enter(model, state, journal, step, who, model.hop_link[model.first_hop[person.route]], word)
    return True


@kernel
def set_off(seed, replication, model, state, journal, step, who):
    """Somebody leaves where they are, if there is a way."""
    places, links = model.key.shape[0], model.start.shape[0]
    at = state.at[who]
    word, other = draw(seed, replication, state.tag[who], step, 0, MOVE)
    if at >= 3 * places + links:
        leave_the_border(model, state, journal, step, who, at - 3 * places - links)
    elif at >= 2 * places + links:
        place = at - 2 * places - links
        if limited(model, step, place):
            if depart(model, state, journal, step, who, place, word, other):
                state.outside[place] -= 1
        else:  # no camp any more: they are where they stand
            state.outside[place] -= 1
            state.count[place] += 1
            state.at[who] = place
    else:
        place = at if at < places else at - places - links
        go_on_from(model, state, journal, step, who, place, word, other)


@kernel
def go_on_from(model, state, journal, step, who, place, word, other):
    """Somebody at a place, or on the way through it, leaves. Returns whether there is a way."""
    passing = state.at[who] != place
    if depart(model, state, journal, step, who, place, word, other):
        if passing:
            state.passing[place] -= 1
        else:
            state.count[place] -= 1
        return True
    if passing:  # the journey ends here
        state.passing[place] -= 1
        stop_at(model, state, step, who, place)
    return False


@kernel
def stop_at(model, state, step, who, place):
    """Somebody who is not counted anywhere comes to a place. Returns whether they are free to go on at
    once."""
    if limited(model, step, place):
        stand_in_front(model, state, who, place)
        return False
    state.at[who] = place
    state.count[place] += 1
    return True


@kernel
def stand_in_front(model, state, who, place):
    """Somebody who is not counted anywhere comes to a limited place."""
    state.at[who] = 2 * model.key.shape[0] + model.start.shape[0] + place
    state.person[who].marks |= JUST_CAME
    state.outside[place] += 1
    state.came[place] += 1


@kernel
def leave_the_border(model, state, journal, step, who, link):
    """Whoever waited at the end of a closed link goes through, or turns back."""
    person = state.person[who]
    state.border[link] -= 1
    if model.open[step, link] == 0:
        link = model.reverse[link]
        person.gone, person.route = 0.0, -1
        person.marks |= GOING_BACK
        journal.moves[step] += 1
    state.at[who] = model.key.shape[0] + link
    state.on_link[link] += 1


@kernel
def length_left(model, person, link):
    """What is left of a link, in mm at full speed."""
    on_foot = person.marks & ON_FOOT
    return (model.effort_on_foot[link] if on_foot else model.effort[link]) - person.gone


@kernel
def arrive(model, state, step, who, link):
    """The end of a link. Returns the place if the person is free to go on from there, -1 if they stay."""
    places, links = model.key.shape[0], model.start.shape[0]
    person, place = state.person[who], model.end[link]
    back = person.marks & GOING_BACK
    if model.open[step, link] == 0 and not back:
        person.gone += length_left(model, person, link)
        state.border[link] += 1
        state.on_link[link] -= 1
        state.at[who] = 3 * places + links + link
        return -1
    state.on_link[link] -= 1
    person.marks &= 0xFF - FIRST_LINK - GOING_BACK
    if person.route >= 0 and person.hop < model.first_hop[person.route + 1] - model.first_hop[person.route]:
        state.at[who] = places + links + place
        state.passing[place] += 1
        return place
    person.route = -1
    return place if stop_at(model, state, step, who, place) else -1


@kernel
def goes_on(model, state, step, who, place, recent, word):
    """Whether somebody who has just arrived with time left goes on at once."""
    if state.at[who] >= model.key.shape[0]:
        return True
    if model.switches[AVOID_SHORT_STINTS] and model.town[step, place] and recent < FULL_DAY:
        return True
    return leaves(word, state.threshold[place])


@kernel
def travel(seed, replication, model, state, journal, step, who, effort):
    """Spend somebody's step on the way."""
    places = model.key.shape[0]
    person, rest = state.person[who], effort
    before = int(person.recent) >> min(max(step - 1 - person.since, 0), 8)
    for hop in range(MOST_HOPS):
        link = state.at[who] - places
        left = length_left(model, person, link)
        if left > rest:
            person.gone += rest
            rest = 0.0
            break
        rest -= left
        place = arrive(model, state, step, who, link)
        if place < 0 or rest <= 0.0:
            break
        word, other = draw(seed, replication, state.tag[who], step, hop + 1, MOVE)
        if not goes_on(model, state, step, who, place, before + spent(effort, rest), word):
            break
        if not go_on_from(model, state, journal, step, who, place, word, other):
            break
    person.recent = float((before + spent(effort, rest)) >> 1)
    person.since = step


@kernel
def spent(effort, rest):
    """how much of the step was spent travelling, of 15."""
    return int((effort - rest) * FULL_DAY / effort)


@kernel
def opens(model, step, place):
    """Whether a place becomes a limited one in this step."""
    return limited(model, step, place) and (step == 0 or not limited(model, step - 1, place))


@kernel
def wait_in_front(model, state, step):
    """Who sets out from a limited place, or is there when it becomes one, is let in like everybody."""
    places, wanted = model.key.shape[0], False
    for place in range(places):
        if opens(model, step, place) or (limited(model, step, place) and state.ordinal[place] > 0):
            wanted = True
    if not wanted:
        return False
    for who in range(state.total[SET_OUT]):
        place = state.at[who]
        if place >= places or not limited(model, step, place):
            continue
        if opens(model, step, place) or (state.person[who].since == step and state.person[who].recent == 0.0):
            state.count[place] -= 1
            stand_in_front(model, state, who, place)
    return True


@kernel
def share_beds(model, state, step):
    """Free beds by place: first for who waited, then for who came in this step. Returns whether there
    are any."""
    any_free = False
    for place in range(model.key.shape[0]):
        state.waiting[place] = state.outside[place] - state.came[place]
        state.beds[place], state.beds_left[place] = 0, 0
        if limited(model, step, place) and state.outside[place] > 0:
            free = max(int(model.capacity[place]) - state.count[place], 0)
            state.beds[place] = min(free, state.waiting[place])
            state.beds_left[place] = min(free - state.beds[place], state.came[place])
            any_free = any_free or free > 0
    return any_free


@kernel
def let_in(seed, replication, model, state, step):
    """People in front of a place get its free beds: those who waited first, among equals by lot."""
    places, links = model.key.shape[0], model.start.shape[0]
    front, people_came = 2 * places + links, False
    for place in range(places):
        people_came = people_came or state.came[place] > 0
    if not (share_beds(model, state, step) or people_came):
        return
    for who in range(state.total[SET_OUT]):
        place = state.at[who] - front
        if place < 0 or place >= places:
            continue
        person = state.person[who]
        just_came = person.marks & JUST_CAME
        people, beds = (state.came, state.beds_left) if just_came else (state.waiting, state.beds)
        person.marks &= 0xFF - JUST_CAME
        if beds[place] > 0:
            word, _ = draw(seed, replication, state.tag[who], step, 0, ADMIT)
            if uniform(word) * people[place] < beds[place]:
                beds[place] -= 1
                state.at[who] = place
                state.outside[place] -= 1
                state.count[place] += 1
        people[place] -= 1


@kernel
def journey_people(seed, replication, model_fields, state_fields, journal_fields, sinks):
    """One history by our own rule; returns how it ended."""
    model, state, journal = bundle(model_fields), bundle(state_fields), bundle(journal_fields)
    effort = step_effort(model)
    for step in range(model.open.shape[0]):
        people_set_out(seed, replication, model, state, journal, step)
        if wait_in_front(model, state, step):
            let_in(seed, replication, model, state, step)
        look_around(model, state.multiplier, state.count, step)
        open_routes(model, state.open_route, step)
        state.total[VERSION] += 1
        set_thresholds(model, state, step)
        list_movers(seed, replication, model, state, step)
        for i in range(state.total[LISTED]):
            who = state.moving[i]
            if not is_on_link(model, state.at[who]):
                set_off(seed, replication, model, state, journal, step, who)
            if is_on_link(model, state.at[who]):
                travel(seed, replication, model, state, journal, step, who, effort)
        let_in(seed, replication, model, state, step)
        if sinks:
            some_leave_the_story(seed, replication, model, state, step)
        close_books(model, state, journal, step)
        if state.total[FAULT]:
            break
    return state.total[FAULT]
