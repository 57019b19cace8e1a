"""Waiting lists at ports: who registers, who is called, how long they have waited, and what they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from garita.engine.chances import binomial, in_proportion
from garita.engine.daily_types import NOT_TOLD, DailyBooks, DailyModel, Whole, list_of

if TYPE_CHECKING:
    from garita.engine.daily import State

LOOKS_BACK = 14
"""Days over which a list looks back to tell how long the wait will be."""


def register(model: DailyModel, state: State, books: DailyBooks, day: int) -> None:
    """Some of those who intend to register do so."""
    for w, name in enumerate(model.lists.name):
        chance = 1.0 / np.maximum(model.lists.after_days[:, w], 1.0)
        some = binomial(state.intend[:, w], chance, state.draws.of(f"after:{name}").on(day))
        state.intend[:, w] -= some
        state.queue[:, model.lists.before + day, w] += some
        others = model.lists.others[:, day, w]
        state.lodged[:, model.lists.before + day, w] += others
        state.entered += others
        if state.composition is not None:
            state.composition.register(w, int(model.lists.place[w]), others)
        books.registered[:, day, w] = some + others


def call(model: DailyModel, state: State, books: DailyBooks, day: int) -> None:
    """The port takes people in, in the order of the list, in whole numbers of it, while there is room."""
    lists = model.lists
    for part in state.parts:
        w, name = part[0], list_of(lists.name[part[0]])
        released = binomial(
            state.held[:, w],
            1.0 / np.maximum(lists.held_days[:, w], 1.0),
            state.draws.of(f"held:{name}").on(day),
        )
        state.held[:, w] -= released
        size = np.maximum(lists.size[:, w], 1)
        could = state.unused[:, w] + lists.rate[:, day, w]
        numbers = np.floor(could / size + 1e-9).astype(np.int64)
        room = np.where(lists.holding[:, w] < 0, numbers * size, lists.holding[:, w] - state.held[:, w])
        numbers = np.minimum(numbers, room // size)
        state.offered[:, day, w] = numbers * size
        waiting = state.queue[:, :, part].sum(axis=2) + state.lodged[:, :, part].sum(axis=2)
        called = np.minimum(numbers * size, waiting.sum(axis=1))
        state.unused[:, w] = np.minimum(could - numbers * size, size - 1e-9)
        of_each = np.clip(called[:, None] - (np.cumsum(waiting, axis=1) - waiting), 0, waiting)
        for one, people in zip(part, _take_off(state, part, of_each), strict=True):
            _show_up(model, state, books, one, w, people, day)


def _take_off(state: State, part: list[int], of_each: Whole) -> list[Whole]:
    """``of_each`` [H, C] of those registered on each day are called, in proportion from all kinds of people;
    returns how many of each kind.
    """
    there = np.stack([array[:, :, w] for w in part for array in (state.lodged, state.queue)], axis=2)
    taken = in_proportion(of_each.reshape(-1), there.reshape(-1, there.shape[2])).reshape(there.shape)
    found = []
    for k, w in enumerate(part):
        state.lodged[:, :, w] -= taken[:, :, 2 * k]
        state.queue[:, :, w] -= taken[:, :, 2 * k + 1]
        found.append(taken[:, :, 2 * k] + taken[:, :, 2 * k + 1])
    return found


def _show_up(
    model: DailyModel, state: State, books: DailyBooks, w: int, of_list: int, people: Whole, day: int
) -> None:
    """``people`` [H, C] are called: some are no longer there, whole families of them; the others taken in."""
    lists = model.lists
    books.called_of[:, :, w] += people.astype(np.int32)
    books.waited[:, :, w] += people * (lists.before + day - np.arange(people.shape[1]))
    called = people.sum(axis=1)
    together = lists.together[:, w]
    luck = state.draws.of(f"no-show:{lists.name[w]}").on(day)
    missing = np.minimum(binomial(-(-called // together), lists.no_show[:, w], luck) * together, called)
    books.called[:, day, w], books.taken[:, day, w] = called, called - missing
    state.held[:, of_list] += called - missing
    state.taken += called - missing
    state.gone += missing


def told(model: DailyModel, state: State, books: DailyBooks, day: int) -> None:
    """What who registers now is told: people listed, by how many could be called a day of late."""
    for part in state.parts:
        w = part[0]
        first = max(0, day + 1 - LOOKS_BACK)
        recent = state.offered[:, first : day + 1, w].sum(axis=1, dtype=np.float64)
        earlier = LOOKS_BACK - (day + 1 - first)  # before the first day as many as is claimed
        a_day = (recent + earlier * model.lists.claimed[:, w]) / LOOKS_BACK
        length = (state.queue[:, :, part] + state.lodged[:, :, part]).sum(axis=(1, 2))
        days = np.where(a_day > 0.0, length / np.maximum(a_day, 1e-9), NOT_TOLD)
        state.expected[:, part] = np.minimum(np.where(length > 0, days, 0.0), NOT_TOLD)[:, None]
        if day >= 0:
            books.expected[:, day, part] = state.expected[:, part]


def still_waiting(model: DailyModel, books: DailyBooks) -> None:
    """The books of those never called say how long they have waited until the last day."""
    ages = model.lists.before + model.days - np.arange(books.waited.shape[1])
    books.waited[:] += books.still_listed * ages[None, :, None]
