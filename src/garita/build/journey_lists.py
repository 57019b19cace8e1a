"""The waiting lists of journeys as arrays: an entry for each list, or for each kind of people on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from garita.build.calendar import clock
from garita.build.journey_days import Days, Told, come_by_themselves, in_days
from garita.build.port_closed import closed_shares
from garita.engine.chances import Draws, split
from garita.engine.daily_types import Floats, Lists, Whole

MOST_BEFORE = 366


def lists_of(told: Sequence[Told], place: dict[str, int], days: Days, catalogue: Any, draws: Draws) -> Lists:
    """All waiting lists; ``catalogue`` knows the crossings behind the name of a port."""
    drawn = [one.journeys for one in told]
    lists = drawn[0].waiting_lists
    at = [w for w, entry in enumerate(lists) for _ in range(max(1, _kinds(entry)))]
    rules = np.array([[_rule(*each) for each in list_entries(one)] for one in drawn]).reshape(
        len(drawn), -1, 4
    )
    share, registers, no_show = rules[:, :, 0], rules[:, :, 1], rules[:, :, 2]

    def stack(value: Any, kind: Any) -> Any:
        found = [[value(one.waiting_lists[w]) for w in at] for one in drawn]
        return np.array(found, kind).reshape(len(drawn), -1)

    waited = stack(lambda one: max(1, round(in_days(one.waited))), np.int64)
    before = int(min(waited.max(initial=1), MOST_BEFORE))
    waiting = np.zeros((len(drawn), before, len(at)), np.int64)
    claimed = stack(lambda one: one.per_day, np.float64)
    others = np.zeros((len(drawn), days.count, len(at)), np.int64)
    rate = np.repeat(claimed[:, None, :], days.count, axis=1)
    for w, entry in enumerate(lists):
        part = [k for k, number in enumerate(at) if number == w]
        of_kind = _of_kinds(share[:, part], registers[:, part])
        means = np.repeat([[one.waiting_lists[w].others for one in drawn]], days.count, axis=0)
        found = come_by_themselves(means, draws.of(f"others:{entry.name}"))
        others[:, :, part] = _by_kind(found, of_kind, entry, draws)
        for h, one in enumerate(told):
            said = one.journeys.waiting_lists[w]
            waiting[h, :, part] = _waiting(
                int(said.waiting), min(int(waited[h, part[0]]), before), before, of_kind[h]
            )
            if said.crossing is not None:
                hours = (clock(said.hours[0]), clock(said.hours[1]))
                open_share = 1.0 - closed_shares(one.closures, said.crossing, hours, days, catalogue)
                rate[h][:, part] *= open_share[:, None]
    return Lists(
        tuple(_name(*each) for each in list_entries(drawn[0])),
        np.array([place.get(lists[w].place or "", -1) for w in at], np.int64),
        before,
        waiting,
        others,
        rate,
        claimed,
        stack(lambda one: max(1, one.people_per_number), np.int64),
        no_show,
        stack(lambda one: -1 if one.holding is None else one.holding, np.int64),
        stack(lambda one: in_days(one.held), np.float64),
        registers,
        stack(lambda one: in_days(one.after), np.float64),
        share,
        rules[:, :, 3].astype(np.int64),
    )


def _kinds(entry: Any) -> int:
    return len(entry.with_kinds()) if entry.kinds else 1


def list_entries(journeys: Any) -> list[tuple[Any, Any]]:
    """Every list and kind of people on it: (list, kind), the kind None where there are none."""
    found: list[tuple[Any, Any]] = []
    for entry in journeys.waiting_lists:
        found += [(entry, kind) for kind in entry.with_kinds()] if entry.kinds else [(entry, None)]
    return found


def _name(entry: Any, kind: Any) -> str:
    return str(entry.name if kind is None else f"{entry.name}/{kind.name}")


def _rule(entry: Any, kind: Any) -> tuple[float, float, float, float]:
    """Share of those who come, shares that register and do not show up, people who come together."""
    if kind is None:
        return 1.0, entry.registers, entry.no_show, 1.0
    return kind.share, kind.registers, kind.no_show, float(kind.together)


def _of_kinds(share: Floats, registers: Floats) -> Floats:
    """Of those on a list, the share of each kind, [H, K]: who may not register is not on it."""
    weight = share * registers
    weight = np.where(weight.sum(axis=1, keepdims=True) > 0.0, weight, share)
    found: Floats = weight / weight.sum(axis=1, keepdims=True)
    return found


def _by_kind(people: Whole, of_kind: Floats, entry: Any, draws: Draws) -> Whole:
    """People [H, D] by kind, [H, D, K], by chance."""
    if of_kind.shape[1] == 1:
        return people[:, :, None]
    luck = [draws.of(f"others:{entry.name}/{kind.name}").flat() for kind in entry.with_kinds()]
    days = people.shape[1]
    chances = [np.tile(of_kind[:, k], days) for k in range(of_kind.shape[1])]  # days come first in luck
    parts = split(people.T.reshape(-1), chances, luck)
    return np.stack([part.reshape(days, -1).T for part in parts], axis=2)


def _waiting(people: int, since: int, before: int, of_kind: Floats) -> Whole:
    """Those listed before the first day, [K, before]: as many on each day, the kinds in proportion."""
    up_to = np.arange(1, since + 1) * people // since
    found = np.zeros((len(of_kind), before), np.int64)
    so_far = np.zeros(len(of_kind), np.int64)
    for day, listed in enumerate(up_to.tolist()):
        left = listed - int(so_far.sum())
        for k, share in enumerate(of_kind.tolist()):
            last = k + 1 == len(of_kind)
            some = left if last else min(left, max(0, round(share * listed) - int(so_far[k])))
            found[k, before - since + day] = some
            so_far[k] += some
            left -= some
    return found
