"""Where cohorts are kept: people in the same state are found by hash and counted together."""

from __future__ import annotations

import numpy as np

from garita.engine.cohort_types import STACKED, TOO_MANY_COHORTS
from garita.engine.journey_types import FAULT, FIRST_LINK, JUST_CAME, SET_OUT
from garita.engine.kernel import kernel


@kernel
def clear(cohort):
    """An empty cohort nowhere."""
    cohort.people, cohort.gone, cohort.at, cohort.route, cohort.home = 0, 0.0, 0, -1, 0
    cohort.links, cohort.recent, cohort.hop, cohort.marks = 0, 0, 0, 0


@kernel
def copy(target, source):
    """The same state and people."""
    target.people, target.gone, target.at = source.people, source.gone, source.at
    target.route, target.home, target.links = source.route, source.home, source.links
    target.recent, target.hop, target.marks = source.recent, source.hop, source.marks


@kernel
def alike(one, other):
    """Whether two cohorts are in the same state."""
    return (
        one.at == other.at
        and one.gone == other.gone
        and one.recent == other.recent
        and one.route == other.route
        and one.hop == other.hop
        and one.marks == other.marks
        and one.home == other.home
    )


@kernel
def hash_of(cohort, slots):
    """Where a state is looked for first."""
    mixed = np.int64(cohort.at) * 1000003 + np.int64(cohort.gone)
    mixed = mixed * 1000003 + cohort.recent * 31 + cohort.marks
    mixed = mixed * 1000003 + np.int64(cohort.route) * 257 + cohort.hop
    mixed = mixed * 1000003 + np.int64(cohort.home)
    mixed ^= mixed >> 29
    return mixed & (slots - 1)


@kernel
def add(state, later, which, step, cohort):
    """Put people among those of the next step, with others in the same state if there are any."""
    slots = state.slot.shape[0]
    place = hash_of(cohort, slots)
    while state.slot_step[place] == step:
        found = later[state.slot[place]]
        if alike(found, cohort):
            found.people += cohort.people
            return
        place = (place + 1) & (slots - 1)
    end = state.size[which]
    if end >= later.shape[0]:
        state.total[FAULT] = TOO_MANY_COHORTS
        return
    state.slot[place], state.slot_step[place] = end, step
    copy(later[end], cohort)
    later[end].links = 0
    state.size[which] += 1


@kernel
def append(state, cohorts, which, people, place, home):
    """New people at a place."""
    end = state.size[which]
    if people <= 0:
        return
    if end >= cohorts.shape[0]:
        state.total[FAULT] = TOO_MANY_COHORTS
        return
    clear(cohorts[end])
    cohorts[end].people, cohorts[end].at, cohorts[end].home = people, place, home
    cohorts[end].marks = FIRST_LINK
    state.size[which] += 1
    state.total[SET_OUT] += people


@kernel
def recount(model, state, cohorts, which):
    """How many people are where."""
    places, links = model.key.shape[0], model.start.shape[0]
    for place in range(places):
        state.count[place], state.outside[place] = 0, 0
        state.passing[place], state.came[place] = 0, 0
    for link in range(links):
        state.on_link[link], state.border[link] = 0, 0
    for i in range(state.size[which]):
        at, people = cohorts[i].at, cohorts[i].people
        if at < places:
            state.count[at] += people
        elif at < places + links:
            state.on_link[at - places] += people
        elif at < 2 * places + links:
            state.passing[at - places - links] += people
        elif at < 3 * places + links:
            state.outside[at - 2 * places - links] += people
            if cohorts[i].marks & JUST_CAME:
                state.came[at - 2 * places - links] += people
        else:
            state.border[at - 3 * places - links] += people


@kernel
def push(state, group, people, rest):
    """Put part of a group on the way."""
    top = state.total[STACKED]
    if people <= 0:
        return
    if top >= state.stack.shape[0]:
        state.total[FAULT] = TOO_MANY_COHORTS
        return
    copy(state.stack[top], group)
    state.stack[top].people = people
    state.rest[top] = rest
    state.total[STACKED] += 1


@kernel
def drop_empty(state, cohorts, which):
    """Cohorts that nobody is left in take no room."""
    end = 0
    for i in range(state.size[which]):
        if cohorts[i].people > 0:
            if end < i:
                copy(cohorts[end], cohorts[i])
            end += 1
    state.size[which] = end
