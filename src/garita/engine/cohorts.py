"""People move by our own rule, all who are in the same state together.

Equal in distribution to ``own_rule.py``: there everybody decides by how things stood at the beginning of the
step, so people in the same state are exchangeable, and how many of them do what is a binomial number. A step
costs states times routes, whatever the number of people.
"""

from __future__ import annotations

import numpy as np

from garita.engine.bundles import bundle
from garita.engine.cohort_memory import add, append, copy, drop_empty, push, recount
from garita.engine.cohort_types import STACKED, TOO_MANY_COHORTS
from garita.engine.journey_types import (
    AVOID_SHORT_STINTS,
    FAULT,
    FIRST_LINK,
    GOING_BACK,
    HOME_MATTERS,
    JUST_CAME,
    LEFT,
    MOST_HOPS,
    ON_FOOT,
    START_ON_FOOT,
    TAKE_FROM_POPULATION,
)
from garita.engine.kernel import kernel
from garita.engine.own_rule import (
    FULL_DAY,
    length_left,
    look_around,
    opens,
    set_thresholds,
    share_beds,
    spent,
    step_effort,
)
from garita.engine.people import close_books, is_on_link, limited, open_routes, origin_weights, weigh_routes
from garita.engine.variates import binomial, hypergeometric, poisson

_OF_2_32 = 2.0**-32


@kernel
def take_from(model, state, step, place, people):
    """Population that sets out is no longer there."""
    if model.switches[TAKE_FROM_POPULATION] and model.camp[step, place] == 0:
        state.population[place] = max(state.population[place] - people, 0.0)


@kernel
def people_set_out(seed, replication, model, state, journal, stream, now, which, step):
    """Add the people of a step; returns the first of the new cohorts."""
    places, first = model.key.shape[0], state.size[which]
    weight, left = origin_weights(model, state.population, step, state.origins), model.shared[step]
    if weight <= 0.0:
        journal.nowhere[step], left = left, 0
    before = 0.0
    for place in range(places):
        people = model.fixed[step, place] + np.int64(model.ratio[step, place] * state.population[place])
        people += poisson(seed, replication, stream, place, model.mean[step, place])
        if step == 0:
            people += model.initial[place]
        if left > 0:
            share = state.origins[place] - before
            drawn = binomial(seed, replication, stream, place, left, min(share / (weight - before), 1.0))
            people += drawn
            left -= drawn
            before = state.origins[place]
        home = place if model.switches[HOME_MATTERS] else 0
        append(state, now, which, people, place, home)
        take_from(model, state, step, place, people)
    return first


@kernel
def wait_in_front(model, state, now, which, step, first):
    """Who sets out from a limited place, or is there when it becomes one, is let in like everybody."""
    front, wanted = 2 * model.key.shape[0] + model.start.shape[0], False
    for i in range(state.size[which]):
        place = now[i].at
        if place >= model.key.shape[0] or not limited(model, step, place):
            continue
        if i >= first or opens(model, step, place):
            now[i].at = front + place
            now[i].marks |= JUST_CAME
            wanted = True
    return wanted


@kernel
def let_in(seed, replication, model, state, stream, cohorts, which, step):
    """People in front of a place get its free beds: those who waited first, among equals by lot."""
    places, front = model.key.shape[0], 2 * model.key.shape[0] + model.start.shape[0]
    share_beds(model, state, step)
    for i in range(state.size[which]):
        cohort = cohorts[i]
        place = cohort.at - front
        if place < 0 or place >= places:
            continue
        just_came = cohort.marks & JUST_CAME
        people, beds = (state.came, state.beds_left) if just_came else (state.waiting, state.beds)
        lucky = hypergeometric(seed, replication, stream, place, cohort.people, people[place], beds[place])
        people[place] -= cohort.people
        beds[place] -= lucky
        cohort.marks &= 0xFF - JUST_CAME
        if lucky == cohort.people:
            cohort.at = place
        elif lucky > 0:
            end = state.size[which]
            if end >= cohorts.shape[0]:
                state.total[FAULT] = TOO_MANY_COHORTS
                return
            cohort.people -= lucky
            copy(cohorts[end], cohort)
            cohorts[end].people, cohorts[end].at = lucky, place
            state.size[which] += 1


@kernel
def enter(seed, replication, model, state, journal, stream, step, place, group, people, route, hop, rest):
    """Part of a group takes a link of a route, some of them perhaps on foot."""
    marks, at, old_route, old_hop, gone = group.marks, group.at, group.route, group.hop, group.gone
    link = model.hop_link[model.first_hop[route] + hop]
    on_foot = 0
    if model.switches[START_ON_FOOT] and marks & FIRST_LINK:
        on_foot = people
    elif model.walk_chance[link] > 0.0:
        on_foot = binomial(seed, replication, stream, place, people, model.walk_chance[link])
    group.at, group.route, group.hop, group.gone = model.key.shape[0] + link, route, hop + 1, 0.0
    group.marks = marks & (0xFF - ON_FOOT - GOING_BACK)
    journal.moves[step] += people
    push(state, group, people - on_foot, rest)
    group.marks |= ON_FOOT
    push(state, group, on_foot, rest)
    group.marks, group.at, group.route, group.hop, group.gone = marks, at, old_route, old_hop, gone


@kernel
def go_on_from(seed, replication, model, state, journal, stream, step, place, group, people, rest):
    """People at a place, or on the way through it, leave. Returns whether there is a way."""
    if group.route >= 0:
        link = model.hop_link[model.first_hop[group.route] + group.hop]
        if model.open[step, link]:
            enter(
                seed, replication, model, state, journal, stream, step, place, group, people, group.route,
                group.hop, rest,
            )  # fmt: skip
            return True
    first, end = model.first_route[place], model.first_route[place + 1]
    if first == end:
        return False
    if model.switches[HOME_MATTERS] or state.fresh[place] != step + 1:
        weigh_routes(model, state.multiplier, state.open_route, state.weights, step, place, group.home)
        state.fresh[place] = step + 1
    whole, before, left = state.weights[end - 1], 0.0, people
    if whole <= 0.0:
        return False
    for route in range(first, end):
        share = state.weights[route] - before
        if share > 0.0 and left > 0:
            chance = 1.0 if state.weights[route] >= whole else share / (whole - before)
            chosen = binomial(seed, replication, stream, place, left, chance)
            left -= chosen
            if chosen > 0:
                enter(
                    seed, replication, model, state, journal, stream, step, place, group, chosen, route, 0,
                    rest,
                )  # fmt: skip
        before = state.weights[route]
    return True


@kernel
def stop_at(model, step, place, group):
    """A group comes to a place. Returns whether it is free to go on at once."""
    places, links = model.key.shape[0], model.start.shape[0]
    group.route, group.hop, group.gone = -1, 0, 0.0
    group.marks &= FIRST_LINK
    if limited(model, step, place):
        group.at = 2 * places + links + place
        group.marks |= JUST_CAME
        return False
    group.at = place
    return True


@kernel
def set_off(seed, replication, model, state, journal, stream, step, group, later, which, effort):
    """A group leaves where it is, if there is a way; else it stays, and the step is over for it."""
    places, links = model.key.shape[0], model.start.shape[0]
    at = group.at
    if at >= 3 * places + links:
        link = at - 3 * places - links
        if model.open[step, link] == 0:
            link = model.reverse[link]
            group.gone, group.route, group.hop = 0.0, -1, 0
            group.marks |= GOING_BACK
            journal.moves[step] += group.people
        group.at = places + link
        push(state, group, group.people, effort)
        return
    place = at if at < places else (at - places - links) % places
    if at >= 2 * places + links and not limited(model, step, place):
        group.at = place  # no camp any more: they are where they stand
    elif go_on_from(
        seed, replication, model, state, journal, stream, step, place, group, group.people, effort
    ):
        return
    elif at >= places and at < 2 * places + links:
        stop_at(model, step, place, group)
    group.recent >>= 1
    add(state, later, which, step + 1, group)


@kernel
def everybody_decides(seed, replication, model, state, journal, stream, step, now, later, which, effort):
    """Of each cohort some leave; who stays has rested."""
    places, links = model.key.shape[0], model.start.shape[0]
    group = state.stack[state.stack.shape[0] - 1]  # the last place is kept for this
    for i in range(state.size[which]):
        cohort = now[i]
        at = cohort.at
        if is_on_link(model, at):
            push(state, cohort, cohort.people, effort)
            travel(seed, replication, model, state, journal, stream, step, later, 1 - which, effort)
            continue
        place = at
        if at >= 3 * places + links:
            place = model.end[at - 3 * places - links]
        elif at >= places:
            place = (at - places - links) % places
        chance = np.float64(state.threshold[at]) * _OF_2_32
        leaving = binomial(seed, replication, stream, place, cohort.people, chance)
        if leaving > 0:
            copy(group, cohort)
            group.people = leaving
            set_off(seed, replication, model, state, journal, stream, step, group, later, 1 - which, effort)
        if leaving < cohort.people:
            copy(group, cohort)
            group.people = cohort.people - leaving
            group.recent >>= 1
            add(state, later, 1 - which, step + 1, group)
        travel(seed, replication, model, state, journal, stream, step, later, 1 - which, effort)
        if state.total[FAULT]:
            return


@kernel
def finish(state, later, which, step, group, effort, rest):
    """The step is over for a group that was on the way."""
    recent = group.recent
    group.recent = (recent + spent(effort, rest)) >> 1
    add(state, later, which, step + 1, group)
    group.recent = recent


@kernel
def travel(seed, replication, model, state, journal, stream, step, later, which, effort):
    """Spend the step of all groups on the way, and of the parts they fall into."""
    group = state.stack[state.stack.shape[0] - 2]
    while state.total[STACKED] > 0 and state.total[FAULT] == 0:
        if state.total[STACKED] > state.stack.shape[0] - 2:
            state.total[FAULT] = TOO_MANY_COHORTS
            return
        state.total[STACKED] -= 1
        top = state.total[STACKED]
        copy(group, state.stack[top])
        move_group(
            seed, replication, model, state, journal, stream, step, later, which, effort, group,
            state.rest[top],
        )  # fmt: skip


@kernel
def move_group(seed, replication, model, state, journal, stream, step, later, which, effort, group, rest):
    """To the end of its link, if the step is long enough, and perhaps further."""
    places, links = model.key.shape[0], model.start.shape[0]
    link = group.at - places
    left = length_left(model, group, link)
    if left > rest:
        group.gone += rest
        finish(state, later, which, step, group, effort, 0.0)
        return
    rest -= left
    place = model.end[link]
    if model.open[step, link] == 0 and not group.marks & GOING_BACK:
        group.gone += left
        group.at = 3 * places + links + link
        finish(state, later, which, step, group, effort, rest)
        return
    group.marks &= 0xFF - FIRST_LINK - GOING_BACK - ON_FOOT
    group.links += 1
    going = group.people
    if group.route >= 0 and group.hop < model.first_hop[group.route + 1] - model.first_hop[group.route]:
        group.at, group.gone = places + links + place, 0.0
    elif not stop_at(model, step, place, group):
        going = 0
    else:
        recent = group.recent + spent(effort, rest)
        if not (model.switches[AVOID_SHORT_STINTS] and model.town[step, place] and recent < FULL_DAY):
            chance = np.float64(state.threshold[place]) * _OF_2_32
            going = binomial(seed, replication, stream, place, going, chance) if rest > 0.0 else 0
    if rest <= 0.0 or group.links >= MOST_HOPS:
        going = 0
    staying = group.people - going
    passing = group.route >= 0
    if going > 0 and not go_on_from(
        seed, replication, model, state, journal, stream, step, place, group, going, rest
    ):
        if passing and staying == 0:
            stop_at(model, step, place, group)
        staying = group.people
    if staying > 0:
        group.people = staying
        finish(state, later, which, step, group, effort, rest)


@kernel
def some_leave_the_story(seed, replication, model, state, stream, cohorts, which, step):
    """People who stay at a place that they leave the simulation from."""
    for i in range(state.size[which]):
        place = cohorts[i].at
        if place < model.key.shape[0] and model.gone_chance[place] > 0.0 and model.camp[step, place]:
            leaving = binomial(seed, replication, stream, place, cohorts[i].people, model.gone_chance[place])
            cohorts[i].people -= leaving
            state.total[LEFT] += leaving


@kernel
def one_step(seed, replication, model, state, journal, stream, now, later, which, step, effort, sinks):
    """A step, from the cohorts ``now`` to those ``later``."""
    first = people_set_out(seed, replication, model, state, journal, stream, now, which, step)
    front = wait_in_front(model, state, now, which, step, first)
    recount(model, state, now, which)
    if front:
        let_in(seed, replication, model, state, stream, now, which, step)
        recount(model, state, now, which)
    look_around(model, state.multiplier, state.count, step)
    open_routes(model, state.open_route, step)
    set_thresholds(model, state, step)
    state.size[1 - which] = 0
    everybody_decides(seed, replication, model, state, journal, stream, step, now, later, which, effort)
    recount(model, state, later, 1 - which)
    let_in(seed, replication, model, state, stream, later, 1 - which, step)
    if sinks:
        some_leave_the_story(seed, replication, model, state, stream, later, 1 - which, step)
    drop_empty(state, later, 1 - which)
    recount(model, state, later, 1 - which)
    if state.total[FAULT] == 0:
        close_books(model, state, journal, step)


@kernel
def journey_cohorts(seed, replication, model_fields, state_fields, stream_fields, journal_fields, sinks):
    """One history by our own rule in cohorts; returns how it ended."""
    model, state = bundle(model_fields), bundle(state_fields)
    stream, journal = bundle(stream_fields), bundle(journal_fields)
    effort = step_effort(model)
    for step in range(model.open.shape[0]):
        stream.now[0] = step
        for place in range(model.key.shape[0]):
            stream.drawn[place] = 0
        if step & 1:
            one_step(
                seed, replication, model, state, journal, stream, state.other, state.one, 1, step, effort,
                sinks,
            )  # fmt: skip
        else:
            one_step(
                seed, replication, model, state, journal, stream, state.one, state.other, 0, step, effort,
                sinks,
            )  # fmt: skip
        if state.total[FAULT]:
            break
    return state.total[FAULT]
