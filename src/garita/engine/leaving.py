"""What people do when the wait is long, and how some go back: by chances a day, seats and vehicles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from garita.engine.chances import binomial, in_proportion, split
from garita.engine.daily_types import (
    BETWEEN_PORTS,
    ELSEWHERE,
    DailyBooks,
    DailyModel,
    Floats,
    Whole,
    at_day,
)

if TYPE_CHECKING:
    from garita.engine.daily import State


def leave(model: DailyModel, state: State, books: DailyBooks, day: int) -> None:
    """People at the end of their journey, on a list or not, make up their minds; others are signed up."""
    for place in sorted({*model.choices.place.tolist(), *model.returns.place.tolist()}):
        _by_table(model, state, books, place, day)
        _by_choice(model, state, books, place, day)
    for r, name in enumerate(model.returns.name):
        if model.returns.removed[r]:
            some = binomial(
                state.crossed, model.returns.chance[:, day, r], state.draws.of(f"removed:{name}").on(day)
            )
            some += np.minimum(model.returns.given[:, day, r], state.crossed - some)
            state.crossed -= some
            _sign_up(state, books, r, some, day)


def _sign_up(state: State, books: DailyBooks, r: int, people: Whole, day: int) -> None:
    state.signed[:, r] += people
    books.signed_up[:, day, r] += people.astype(np.int32)


def _there(model: DailyModel, state: State, place: int) -> tuple[Whole, list[int]]:
    """People at a place, [H, 1 + 1 and twice the days of registration for each list], and its lists."""
    lists = np.flatnonzero(model.lists.place == place).tolist()
    parts = [state.free[:, place, None]]
    for w in lists:
        parts += [state.intend[:, w, None], state.queue[:, :, w], state.lodged[:, :, w]]
    return np.concatenate(parts, axis=1), lists


def _take_away(state: State, place: int, lists: list[int], people: Whole, there: Whole) -> None:
    """``people`` [H] leave, in proportion from all that are there."""
    parts = in_proportion(people, there)
    state.free[:, place] -= parts[:, 0]
    at, days = 1, state.queue.shape[1]
    for w in lists:
        state.intend[:, w] -= parts[:, at]
        state.queue[:, :, w] -= parts[:, at + 1 : at + 1 + days]
        state.lodged[:, :, w] -= parts[:, at + 1 + days : at + 1 + 2 * days]
        at += 1 + 2 * days


def _by_table(model: DailyModel, state: State, books: DailyBooks, place: int, day: int) -> None:
    for r in np.flatnonzero((model.returns.place == place) & ~model.returns.removed).tolist():
        given = model.returns.given[:, day, r]
        if given.any():
            there, lists = _there(model, state, place)
            some = np.minimum(given, there.sum(axis=1))
            _take_away(state, place, lists, some, there)
            _sign_up(state, books, r, some, day)


def _by_choice(model: DailyModel, state: State, books: DailyBooks, place: int, day: int) -> None:
    choices, returns = model.choices, model.returns
    wait = np.zeros(len(model.replications))
    for w in np.flatnonzero(model.lists.place == place).tolist():
        wait = state.expected[:, w]
    options: list[tuple[str, int, Floats]] = []
    for c in np.flatnonzero(choices.place == place).tolist():
        chance = np.where(wait >= choices.wait_over[:, c], choices.chance[:, day, c], 0.0)
        options.append(("choice", c, chance))
    for r in np.flatnonzero((returns.place == place) & ~returns.removed).tolist():
        chance = np.where(wait >= returns.wait_over[:, r], returns.chance[:, day, r], 0.0)
        options.append(("return", r, chance))
    options = [option for option in options if option[2].any()]
    if not options:
        return
    there, lists = _there(model, state, place)
    stays = np.prod([1.0 - chance for _, _, chance in options], axis=0)
    some = binomial(there.sum(axis=1), 1.0 - stays, state.draws.of(f"leaves:{model.names[place]}").on(day))
    if not some.any():
        return
    _take_away(state, place, lists, some, there)
    total = np.sum([chance for _, _, chance in options], axis=0)
    shares = [chance / np.maximum(total, 1e-300) for _, _, chance in options]
    names = [(choices if kind == "choice" else returns).name[at] for kind, at, _ in options]
    luck = [state.draws.of(f"which:{name}").on(day) for name in names]
    for (kind, at, _), people in zip(options, split(some, shares, luck), strict=True):
        if kind == "return":
            _sign_up(state, books, at, people, day)
        else:
            _choose(model, state, at, people, day)
            books.chose[:, day, at] = people


def _choose(model: DailyModel, state: State, c: int, people: Whole, day: int) -> None:
    kind, place = model.choices.kind[c], model.choices.place[c]
    if kind == BETWEEN_PORTS:
        state.crossed += people
    elif kind == ELSEWHERE:
        state.going += people
        to, days = int(model.choices.to[c]), model.choices.trip_days[:, c]
        _later(state.due_free, day, days, people, state.free, to)
        if state.composition is not None:
            state.composition.go_elsewhere(int(place), to, people, day + days)
    else:
        state.settled[:, place] += people


def depart(model: DailyModel, state: State, books: DailyBooks, day: int) -> None:
    """Vehicles leave with those who are signed up, as many as there are seats for."""
    returns = model.returns
    if day in state.returning:
        back = state.returning.pop(day)
        state.on_trip -= back
        state.back += back
        books.brought[:, day] = back
    for r in range(len(returns.name)):
        limit = returns.per_day[:, day, r]
        could = np.where(limit > 0.0, state.seats_left[:, r] + limit, 0.0)
        whole = np.where(np.isinf(could), state.signed[:, r], np.floor(np.minimum(could, 2.0**53) + 1e-9))
        left = np.minimum(state.signed[:, r], whole.astype(np.int64))
        seats = returns.seats[:, r]
        full = left // np.maximum(seats, 1) * seats
        left = np.where(left - full < returns.fill[:, r] * seats, full, left)
        # What is less than a person adds up; for a vehicle that waits for days, what fills it does.
        kept = np.where((returns.fill[:, r] > 0.0) & (limit < seats), seats, 0.0)
        with np.errstate(invalid="ignore"):
            unused = np.maximum(could - whole, np.minimum(could - left, kept))
            state.seats_left[:, r] = np.where(np.isinf(could), 0.0, np.maximum(unused, 0.0))
        state.signed[:, r] -= left
        state.on_trip[:, r] += left
        books.left[:, day, r] = left
        books.trips[:, day, r] = np.where(seats > 0, -(-left // np.maximum(seats, 1)), 0)
        books.waiting_return[:, day, r] = state.signed[:, r]
        _later(state.returning, day, returns.trip_days[:, r], left, state.signed, r)


def _later(by_day: dict[int, Whole], day: int, after: Whole, people: Whole, like: Whole, column: int) -> None:
    """Keep ``people`` [H] for so many days later, in a column of arrays shaped ``like`` another one."""
    for days in np.unique(after[people > 0]).tolist():
        some = np.flatnonzero((after == days) & (people > 0))
        at_day(by_day, day + days, like)[some, column] += people[some]
