"""Who sleeps where: shelters filled in their order, crowded only when all are full, then the street."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from garita.engine.chances import in_proportion
from garita.engine.daily_types import DailyBooks, DailyModel, Whole

if TYPE_CHECKING:
    from garita.engine.daily import State


def house(model: DailyModel, state: State, books: DailyBooks, day: int) -> None:
    """Everybody at a place with shelters who needs one gets room in one, or stays in the street."""
    shelters = model.shelters
    for place in np.unique(shelters.place).tolist():
        here = np.flatnonzero(shelters.place == place)
        need = _need(model, state, place)
        inside = state.inside[:, here]
        inside = inside - in_proportion(np.maximum(inside.sum(axis=1) - need, 0), inside)  # some have left
        is_open = (shelters.opens[:, here] <= day) & (day < shelters.closes[:, here])
        most = np.where(is_open, shelters.most[:, here], 0)
        capacity = np.minimum(np.where(is_open, shelters.capacity[:, here], 0), most)
        moved = _moved(model, inside, most, here, day)
        inside = np.minimum(inside + moved, most)
        outside = need - inside.sum(axis=1)
        for limit in (capacity, most):
            for k in range(len(here)):
                more = np.clip(outside, 0, np.maximum(limit[:, k] - inside[:, k], 0))
                inside[:, k] += more
                outside = outside - more
        state.inside[:, here] = inside
        books.sheltered[:, day, here] = inside
        books.street[:, day, place] = outside


def _need(model: DailyModel, state: State, place: int) -> Whole:
    """People at a place without a roof of their own; those listed before the first day have found one."""
    need = (
        state.free[:, place] + state.ready[:, :, place].sum(axis=1) + state.resting[:, :, place].sum(axis=1)
    )
    for w in np.flatnonzero(model.lists.place == place).tolist():
        need = need + state.intend[:, w] + state.queue[:, :, w].sum(axis=1)
    for r in np.flatnonzero((model.returns.place == place) & ~model.returns.removed).tolist():
        need = need + np.maximum(state.signed[:, r] - model.returns.waiting[:, r], 0)
    return need


def _moved(model: DailyModel, inside: Whole, most: Whole, here: Whole, day: int) -> Whole:
    """How many more (or fewer) are in each shelter because people are moved from one that closes."""
    shelters = model.shelters
    change = np.zeros_like(inside)
    position = {shelter: k for k, shelter in enumerate(here.tolist())}
    for k, shelter in enumerate(here.tolist()):
        to = int(shelters.moves_to[shelter])
        if to < 0:
            continue
        left = shelters.closes[:, shelter] - day
        moving = (day >= shelters.moves_from[:, shelter]) & (left >= 0)
        some = np.where(moving, -(-inside[:, k] // np.maximum(left, 1)), 0)
        some = np.where(left <= 0, inside[:, k], some)
        goes_to = position[to]
        room = np.maximum(most[:, goes_to] - inside[:, goes_to] - change[:, goes_to], 0)
        some = np.minimum(some, room)
        change[:, k] -= some
        change[:, goes_to] += some
    return change
