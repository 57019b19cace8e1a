"""Women, men and children at each place: shares of those who came, applied to the people counted there.

Nobody is simulated as a woman, a man or a child. A group on its way has the shares that are given for it;
those who stay at a place have the mean of the shares of all who came to stay, as they came, because whoever
leaves it, is taken in or goes back is taken from all of them alike. So parts add up to the people counted.
"""

from __future__ import annotations

import numpy as np

from garita.engine.daily_types import Floats, Shares, Whole

KINDS = ("women", "men", "girls", "boys", "children", "not-told")
"""``children``: girls and boys who are not told apart. ``not-told``: people of whom no share is given."""


class Composition:
    """Shares of the people at every place, as they change from day to day."""

    def __init__(self, shares: Shares, places: int) -> None:
        histories, groups, kinds = shares.of_group.shape
        self.shares = shares
        self.of_group = shares.of_group.copy()
        self.in_group = np.zeros((histories, groups))  # people who set out in it or joined it, so far
        self.stay = np.zeros((histories, places, kinds))  # shares of those who stay at a place
        self.staying = np.zeros((histories, places))  # people they are the shares of
        self.came = np.zeros((histories, places, kinds))  # people who came to stay since then
        self.later: dict[int, Floats] = {}  # day: people [H, P, K] who then come to stay

    def set_out(self, people: Whole) -> None:
        """People [H, G] set out."""
        self.in_group += people

    def join(self, group: int, into: int, people: Whole) -> None:
        """``people`` [H] of a group go on with another one, which then has the shares of both."""
        total = np.maximum(self.in_group[:, into] + people, 1e-9)[:, None]
        part = people[:, None] / total
        self.of_group[:, into] += part * (self.of_group[:, group] - self.of_group[:, into])
        self.in_group[:, into] += people

    def end_journey(self, group: int, place: int, people: Whole) -> None:
        """``people`` [H] of a group come to stay."""
        self.came[:, place] += people[:, None] * self.of_group[:, group]

    def register(self, on_list: int, place: int, people: Whole) -> None:
        """``people`` [H] who are not of the journeys are put on a list."""
        self.came[:, place] += people[:, None] * self.shares.of_list[:, on_list]

    def sign_up(self, for_return: int, place: int, people: Whole) -> None:
        """``people`` [H] are signed up to go back before the first day."""
        self.came[:, place] += people[:, None] * self.shares.of_return[:, for_return]

    def go_elsewhere(self, start: int, to: int, people: Whole, days: Whole) -> None:
        """``people`` [H] who stayed at a place come to another one, on ``days`` [H]."""
        for day in np.unique(days[people > 0]).tolist():
            due = self.later.setdefault(day, np.zeros_like(self.came))
            due[:, to] += np.where(days == day, people, 0)[:, None] * self.stay[:, start]

    def mix(self, day: int) -> None:
        """Whoever came is among those who stay."""
        self.came += self.later.pop(day, 0.0)
        came = self.came.sum(axis=2)
        part = came / np.maximum(self.staying + came, 1e-9)
        shares = self.came / np.maximum(came, 1e-9)[:, :, None]
        self.stay += part[:, :, None] * (shares - self.stay)
        self.came[:] = 0.0

    def people(self, present: Whole, on_their_way: Whole) -> Floats:
        """People of each kind at the end of a day, [H, P, K], of those ``present`` [H, P]."""
        self.staying = (present - on_their_way.sum(axis=1)).astype(np.float64)
        staying = self.staying[:, :, None] * self.stay
        found: Floats = staying + np.einsum("hgp,hgk->hpk", on_their_way, self.of_group)
        return found
