"""Waiting lists at ports: who registers, who is called, how long they have waited, and what they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from garita.engine.chances import binomial
from garita.engine.daily_types import NOT_TOLD, DailyBooks, DailyModel

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
    for w, name in enumerate(lists.name):
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
        waiting = state.queue[:, :, w] + state.lodged[:, :, w]
        called = np.minimum(numbers * size, waiting.sum(axis=1))
        state.unused[:, w] = np.minimum(could - numbers * size, size - 1e-9)
        of_each = np.clip(called[:, None] - (np.cumsum(waiting, axis=1) - waiting), 0, waiting)
        of_lodged = of_each * state.lodged[:, :, w] // np.maximum(waiting, 1)
        state.lodged[:, :, w] -= of_lodged
        state.queue[:, :, w] -= of_each - of_lodged
        books.called_of[:, :, w] += of_each.astype(np.int32)
        books.waited[:, :, w] += of_each * (lists.before + day - np.arange(waiting.shape[1]))
        missing = binomial(called, lists.no_show[:, w], state.draws.of(f"no-show:{name}").on(day))
        books.called[:, day, w], books.taken[:, day, w] = called, called - missing
        state.held[:, w] += called - missing
        state.taken += called - missing
        state.gone += missing


def told(model: DailyModel, state: State, books: DailyBooks, day: int) -> None:
    """What who registers now is told: people listed, by how many could be called a day of late."""
    for w in range(len(model.lists.name)):
        first = max(0, day + 1 - LOOKS_BACK)
        recent = state.offered[:, first : day + 1, w].sum(axis=1, dtype=np.float64)
        earlier = LOOKS_BACK - (day + 1 - first)  # before the first day as many as is claimed
        a_day = (recent + earlier * model.lists.claimed[:, w]) / LOOKS_BACK
        length = (state.queue[:, :, w] + state.lodged[:, :, w]).sum(axis=1)
        days = np.where(a_day > 0.0, length / np.maximum(a_day, 1e-9), NOT_TOLD)
        state.expected[:, w] = np.minimum(np.where(length > 0, days, 0.0), NOT_TOLD)
        if day >= 0:
            books.expected[:, day, w] = state.expected[:, w]


def still_waiting(model: DailyModel, books: DailyBooks) -> None:
    """The books of those never called say how long they have waited until the last day."""
    ages = model.lists.before + model.days - np.arange(books.waited.shape[1])
    books.waited[:] += books.still_listed * ages[None, :, None]
