"""Journeys by whole days: the order of a day, written once, for many histories side by side.

A day: who waits to register does so; people set out, arrive and go on; some do something else than wait or
sign up to go back; the port takes people in from the list; vehicles leave; shelters are filled; the books are
written, and nobody may have got lost.
"""

from __future__ import annotations

import numpy as np

from garita.engine.chances import Draws
from garita.engine.composition import KINDS, Composition
from garita.engine.daily_types import DailyBooks, DailyModel
from garita.engine.leaving import depart, leave
from garita.engine.on_the_way import arrive, paths
from garita.engine.shelters import house
from garita.engine.waitlists import call, register, still_waiting, told


class LostPeople(Exception):
    """People of a history do not add up: a bug."""


class State:
    """Where everybody is, by history."""

    def __init__(self, model: DailyModel) -> None:
        histories, days = len(model.replications), model.days
        groups, lists, returns = len(model.groups.name), model.lists, model.returns
        whole = np.int64
        self.draws = Draws(model.seed, model.replications, days)
        self.ready = np.zeros((histories, groups, model.places), whole)  # could go on
        self.resting = np.zeros((histories, groups, model.places), whole)
        self.rested: dict[int, np.ndarray] = {}  # day: people [H, G, P] who then could go on
        self.due: dict[int, np.ndarray] = {}  # day: people [H, G, P] who then arrive
        self.due_free: dict[int, np.ndarray] = {}  # day: people [H, P] who arrive and stay
        self.ended: dict[int, np.ndarray] = {}  # day: people [H, L] whose way then ends
        self.on_way = np.zeros((histories, len(model.ways.start)), whole)
        self.going = np.zeros(histories, whole)  # to another place, outside the ways
        self.free = np.zeros((histories, model.places), whole)  # at the end of their journey, not registered
        self.parts = lists.parts()
        self.intend = np.zeros((histories, len(lists.name)), whole)  # will register
        self.queue = np.zeros((histories, lists.before + days, len(lists.name)), whole)  # by day registered
        self.lodged = np.zeros_like(self.queue)  # the same, of those with a roof of their own
        self.lodged[:, : lists.before] = lists.waiting
        self.unused = np.zeros((histories, len(lists.name)))  # parts of a number the port could have taken
        self.offered = np.zeros((histories, days, len(lists.name)), whole)  # could have been called that day
        self.held = np.zeros((histories, len(lists.name)), whole)
        self.expected = np.zeros((histories, len(lists.name)))
        self.settled = np.zeros((histories, model.places), whole)
        self.signed = returns.waiting.astype(whole).copy()
        self.seats_left = np.zeros((histories, len(returns.name)))
        self.returning: dict[int, np.ndarray] = {}  # day: people [H, R] who are then back
        self.on_trip = np.zeros((histories, len(returns.name)), whole)
        self.back = np.zeros((histories, len(returns.name)), whole)
        self.inside = np.zeros((histories, len(model.shelters.place)), whole)
        self.taken = np.zeros(histories, whole)
        self.gone = np.zeros(histories, whole)
        self.crossed = np.zeros(histories, whole)
        self.turned_back = np.zeros(histories, whole)
        self.entered = self.lodged.sum(axis=(1, 2)) + self.signed.sum(axis=1)
        self.composition: Composition | None = None
        if model.shares is not None:
            self.composition = Composition(model.shares, model.places)
            for w, place in enumerate(lists.place.tolist()):
                self.composition.register(w, place, self.lodged[:, :, w].sum(axis=1))
            for r, place in enumerate(returns.place.tolist()):
                if not returns.removed[r]:
                    self.composition.sign_up(r, place, self.signed[:, r])

    def everybody(self) -> np.ndarray:
        """All people of the story, wherever they are, [H]."""
        places = self.ready.sum(axis=(1, 2)) + self.resting.sum(axis=(1, 2)) + self.free.sum(axis=1)
        waiting = self.intend.sum(axis=1) + self.signed.sum(axis=1)
        waiting += (self.queue + self.lodged).sum(axis=(1, 2))
        moving = self.on_way.sum(axis=1) + self.going + self.on_trip.sum(axis=1)
        ended = self.settled.sum(axis=1) + self.back.sum(axis=1) + self.taken + self.gone
        total: np.ndarray = places + waiting + moving + ended + self.crossed + self.turned_back
        return total


def _books(model: DailyModel) -> DailyBooks:
    h, d = len(model.replications), model.days
    w, r = len(model.lists.name), len(model.returns.name)
    by_day = {
        "present": model.places, "reached": model.places, "settled": model.places, "street": model.places,
        "held_up": model.places, "on_way": len(model.ways.start), "sheltered": len(model.shelters.place),
        "listed": w, "registered": w, "called": w, "taken": w, "chose": len(model.choices.name),
        "signed_up": r, "waiting_return": r, "left": r, "trips": r, "brought": r,
    }  # fmt: skip
    found = {name: np.zeros((h, d, size), np.int32) for name, size in by_day.items()}
    found |= {name: np.zeros((h, d), np.int32) for name in ("turned_back", "crossed", "gone")}
    cohorts = model.lists.before + d
    found |= {name: np.zeros((h, cohorts, w), np.int32) for name in ("called_of", "still_listed")}
    return DailyBooks(
        **found,
        expected=np.zeros((h, d, w), np.float32),
        waited=np.zeros((h, cohorts, w)),
        entered=np.zeros(h, np.int64),
        composition=np.zeros((h, d, model.places, 0 if model.shares is None else len(KINDS)), np.float32),
    )


def run_days(model: DailyModel) -> DailyBooks:
    """Simulate all histories. Raises LostPeople if somebody is."""
    state, books = State(model), _books(model)
    told(model, state, books, -1)
    way = paths(model, 0)
    for day in range(model.days):
        register(model, state, books, day)
        way = paths(model, day, way)
        arrive(model, state, books, way, day)
        if state.composition is not None:
            state.composition.mix(day)
        leave(model, state, books, day)
        call(model, state, books, day)
        depart(model, state, books, day)
        house(model, state, books, day)
        told(model, state, books, day)
        _write(model, state, books, day)
        if (state.everybody() != state.entered).any():
            raise LostPeople(f"day {day}")
    books.still_listed[:] = state.queue + state.lodged
    books.entered[:] = state.entered
    still_waiting(model, books)
    return books


def _write(model: DailyModel, state: State, books: DailyBooks, day: int) -> None:
    present = state.free + state.settled + state.ready.sum(axis=1) + state.resting.sum(axis=1)
    for w, place in enumerate(model.lists.place.tolist()):
        books.listed[:, day, w] = (state.queue[:, :, w] + state.lodged[:, :, w]).sum(axis=1)
        present[:, place] += state.intend[:, w] + books.listed[:, day, w]
    for r, place in enumerate(model.returns.place.tolist()):
        if not model.returns.removed[r]:
            present[:, place] += state.signed[:, r]
    books.present[:, day] = present
    books.settled[:, day] = state.settled
    books.held_up[:, day] = state.ready.sum(axis=1)
    books.on_way[:, day] = state.on_way
    books.turned_back[:, day] = state.turned_back
    books.crossed[:, day] = state.crossed
    books.gone[:, day] = state.gone
    if state.composition is not None:
        books.composition[:, day] = state.composition.people(present, state.ready + state.resting)
