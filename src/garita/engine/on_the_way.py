"""People between places: which way they take, when they arrive, where they rest, and who is held up.

Speeds are kept exactly however short the ways are: the time of day at which a group passes each place is
known beforehand, and a way takes as many midnights as lie between leaving and arriving.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from garita.engine.chances import Luck, binomial, split
from garita.engine.daily_types import DailyBooks, DailyModel, Floats, Whole, at_day

if TYPE_CHECKING:
    from garita.engine.daily import State

_NO_WAY = -1
IN_VAIN = 1e6


class Paths(NamedTuple):
    """What people know of the ways on a day."""

    ends: Whole  # [K] the destinations there are
    far: Floats  # [K, H, P] days to each, by the ways that people think are open
    next: Whole  # [K, H, P] the way they take, or -1
    leaves_at: Floats  # [H, G, P] days since setting out at which a group leaves a place
    rests: Whole  # [H, G, P] midnights it rests there


def paths(model: DailyModel, day: int, before: Paths | None = None) -> Paths:
    """The paths of a day: those of the day before, unless something opened or closed, or was heard of."""
    ways = model.ways
    if before is not None and (
        day == 0
        or (
            np.array_equal(ways.closed[:, day], ways.closed[:, day - 1])
            and np.array_equal(ways.known[:, day], ways.known[:, day - 1])
        )
    ):
        return before
    ends = np.unique(model.groups.destination)
    shape = (len(ends), len(model.replications), model.places)
    far, usually = (
        np.array([_far(model, days, end) for end in ends.tolist()]).reshape(shape)
        for days in (np.where(ways.known[:, day], np.inf, ways.days), ways.days)
    )
    following = np.full(shape, _NO_WAY)
    best, nearest = np.full(shape, np.inf), np.full(shape, np.inf)
    for way, (start, end) in enumerate(zip(ways.start.tolist(), ways.end.tolist(), strict=True)):
        # Who knows of no open way goes as far as the usual one leads.
        vain = np.where(usually[:, :, end] < usually[:, :, start], IN_VAIN + usually[:, :, end], np.inf)
        beyond = np.where(np.isfinite(far[:, :, end]), far[:, :, end], vain)
        cost = np.where(ways.closed[:, day, way], np.inf, ways.days[:, way] + beyond)
        # Of two that take as long the one whose end is nearer: by ways of no length people could go round.
        ties = np.isfinite(cost) & (cost == best[:, :, start])
        better = (cost < best[:, :, start]) | (ties & (beyond < nearest[:, :, start]))
        following[:, :, start] = np.where(better, way, following[:, :, start])
        nearest[:, :, start] = np.where(better, beyond, nearest[:, :, start])
        best[:, :, start] = np.minimum(best[:, :, start], cost)
    leaves_at, rests = (before.leaves_at, before.rests) if before is not None else _timetable(model)
    return Paths(ends, far, following, leaves_at, rests)


def _far(model: DailyModel, days: Floats, end: int) -> Floats:
    """Days to a place from all others, [H, P], by ways that take ``days`` [H, L] (Bellman and Ford)."""
    ways = model.ways
    far = np.full((len(model.replications), model.places), np.inf)
    far[:, end] = 0.0
    for _ in range(model.places):
        old = far.copy()
        for way, (start, to) in enumerate(zip(ways.start.tolist(), ways.end.tolist(), strict=True)):
            far[:, start] = np.minimum(far[:, start], days[:, way] + far[:, to])
        if np.array_equal(old, far):
            break
    return far


def _timetable(model: DailyModel) -> tuple[Floats, Whole]:
    """When a group that nothing holds up leaves each place, and the midnights it rests there."""
    groups, ways = model.groups, model.ways
    reaches = np.full(groups.rest.shape, np.inf)
    for group, origin in enumerate(groups.origin.tolist()):
        at = reaches[:, group]
        at[:, origin] = 0.0
        for _ in range(model.places):
            old = at.copy()
            for way, (start, end) in enumerate(zip(ways.start.tolist(), ways.end.tolist(), strict=True)):
                takes = groups.rest[:, group, start] + ways.days[:, way] / groups.pace[:, group]
                at[:, end] = np.minimum(at[:, end], at[:, start] + takes)
            if np.array_equal(old, at):
                break
    reaches[~np.isfinite(reaches)] = 0.0
    leaves_at = reaches + groups.rest
    return leaves_at, (np.floor(leaves_at) - np.floor(reaches)).astype(np.int64)


def arrive(model: DailyModel, state: State, books: DailyBooks, paths_: Paths, day: int) -> None:
    """People set out, arrive, rest, and go on; whoever finds the way closed stays, and some turn back."""
    if day in state.ended:
        state.on_way -= state.ended.pop(day)
    if day in state.due_free:
        came = state.due_free.pop(day)
        state.going -= came.sum(axis=1)
        books.reached[:, day] += came
        _stay(model, state, came, day, "elsewhere")
    came = state.due.pop(day, np.zeros_like(state.ready))
    set_out = model.groups.set_out[:, day]
    if set_out.any():
        for group, origin in enumerate(model.groups.origin.tolist()):
            came[:, group, origin] += set_out[:, group]
        state.entered += set_out.sum(axis=1)
        if state.composition is not None:
            state.composition.set_out(set_out)
    if day in state.rested:
        rested = state.rested.pop(day)
        state.resting -= rested
        state.ready += rested
    waiting = state.ready.copy()  # who came earlier, and could have gone on
    state.ready[:] = 0
    for _ in range(model.places + 1):
        if came.any():
            waiting += _come(model, state, books, came, paths_, day)
        if not waiting.any():
            break
        _go_on(model, state, waiting, paths_, day)
        waiting = np.zeros_like(waiting)
        came = state.due.pop(day, np.zeros_like(waiting))
        if not came.any():
            break
    else:  # round and round within a day: enough for today
        state.ready += _come(model, state, books, came, paths_, day)
    _turn_back(model, state, day)


def _come(model: DailyModel, state: State, books: DailyBooks, came: Whole, paths_: Paths, day: int) -> Whole:
    """People arrive: some end their journey, some rest; returns who goes on at once."""
    books.reached[:, day] += came.sum(axis=1).astype(np.int32)
    for group, (place, into) in enumerate(
        zip(model.groups.merge_at.tolist(), model.groups.merge_into.tolist(), strict=True)
    ):
        if place >= 0:
            if state.composition is not None:
                state.composition.join(group, into, came[:, group, place])
            came[:, into, place] += came[:, group, place]
            came[:, group, place] = 0
    for group, place in enumerate(model.groups.destination.tolist()):
        if came[:, group, place].any():
            ended = np.zeros_like(state.free)
            ended[:, place] = came[:, group, place]
            _stay(model, state, ended, day, model.groups.name[group])
            if state.composition is not None:
                state.composition.end_journey(group, place, came[:, group, place])
            came[:, group, place] = 0
    resting = np.where(paths_.rests > 0, came, 0)
    for h, group, place in np.argwhere(resting).tolist():
        until = day + int(paths_.rests[h, group, place])
        at_day(state.rested, until, state.ready)[h, group, place] += resting[h, group, place]
    state.resting += resting
    return came - resting


def _stay(model: DailyModel, state: State, came: Whole, day: int, who: str) -> None:
    """People [H, P] whose journey ends: some of them will put their names on a list."""
    state.free += came
    lists = model.lists
    for part in state.parts:
        place = int(lists.place[part[0]])
        if not came[:, place].any():
            continue
        kinds = [came[:, place]]
        if len(part) > 1:
            luck = [state.draws.of(f"kind:{lists.name[w]}:{who}").on(day) for w in part]
            kinds = split(came[:, place], [lists.share[:, w] for w in part], luck)
        for w, some in zip(part, kinds, strict=True):
            luck_of_all = state.draws.of(f"registers:{lists.name[w]}:{who}").on(day)
            will = binomial(some, lists.registers[:, w], luck_of_all)
            state.intend[:, w] += will
            state.free[:, place] -= will


def _go_on(model: DailyModel, state: State, waiting: Whole, paths_: Paths, day: int) -> None:
    """Everybody who can go on takes a way, or stays for another day."""
    groups, ways = model.groups, model.ways
    kind = np.searchsorted(paths_.ends, groups.destination)
    somewhere = np.argwhere(waiting.any(axis=0))
    here = waiting[:, somewhere[:, 0], somewhere[:, 1]]
    goes_on = groups.goes_on[:, somewhere[:, 0]]
    left = here if (goes_on >= 1.0).all() else _going(model, state, somewhere, here, goes_on, day)
    shared = np.flatnonzero(~np.isnan(ways.share).all(axis=0))
    for k, (group, place) in enumerate(somewhere.tolist()):
        state.ready[:, group, place] += here[:, k] - left[:, k]
        on = left[:, k]
        for way in shared[ways.start[shared] == place].tolist():
            far = paths_.far[kind[group]]
            nearer = (far[:, ways.end[way]] < far[:, place]) & ~ways.closed[:, day, way]
            chance = np.where(nearer, np.nan_to_num(ways.share[:, way]), 0.0)
            purpose = f"takes:{groups.name[group]}:{model.names[place]}>{model.names[ways.end[way]]}"
            some = binomial(on, chance, state.draws.of(purpose).on(day))
            _take(model, state, paths_, day, group, np.full(len(some), way), some)
            on = on - some
        following = paths_.next[kind[group], :, place]
        state.ready[:, group, place] += np.where(following < 0, on, 0)
        _take(model, state, paths_, day, group, following, np.where(following < 0, 0, on))


def _going(
    model: DailyModel, state: State, somewhere: Whole, here: Whole, goes_on: Floats, day: int
) -> Whole:
    """How many of those ``here`` [H, K], of groups at places ``somewhere`` [K, 2], go on today."""
    names = [(model.groups.name[group], model.names[place]) for group, place in somewhere.tolist()]
    luck = [state.draws.of(f"goes-on:{group}:{place}").on(day) for group, place in names]
    together = Luck(*(np.stack(each, axis=1).reshape(-1) for each in zip(*luck, strict=True)))
    return binomial(here.reshape(-1), goes_on.reshape(-1), together).reshape(here.shape)


def _take(
    model: DailyModel, state: State, paths_: Paths, day: int, group: int, way: Whole, people: Whole
) -> None:
    """``people`` [H] of a group take a way each."""
    ways, some = model.ways, np.flatnonzero(people)
    if not len(some):
        return
    way, people = way[some], people[some]
    leaves = paths_.leaves_at[some, group, ways.start[way]]
    takes = ways.days[some, way] / model.groups.pace[some, group]
    nights = (np.floor(leaves + takes) - np.floor(leaves)).astype(np.int64)
    ends = ways.end[way]
    state.on_way[some, way] += np.where(nights > 0, people, 0)
    for night in np.unique(nights).tolist():
        chosen = nights == night
        due = at_day(state.due, day + night, state.ready)
        due[some[chosen], group, ends[chosen]] += people[chosen]
        if night:
            ended = at_day(state.ended, day + night, state.on_way)
            ended[some[chosen], way[chosen]] += people[chosen]


def _turn_back(model: DailyModel, state: State, day: int) -> None:
    """Some of those held up at a closed way turn back."""
    if not state.ready.any() or not model.ways.turn_back.any():
        return
    for group, place in np.argwhere(state.ready.any(axis=0)).tolist():
        luck = state.draws.of(f"turns-back:{model.groups.name[group]}:{model.names[place]}").on(day)
        back = binomial(state.ready[:, group, place], model.ways.turn_back, luck)
        state.ready[:, group, place] -= back
        state.turned_back += back
