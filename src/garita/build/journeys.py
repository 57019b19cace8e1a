"""The journeys of a scenario as arrays: all replications, and the variants of each, side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from garita.build.journey_days import Days, Told, come_by_themselves, in_days, numbers_of, stack
from garita.build.journey_lists import list_entries, lists_of
from garita.engine.chances import Draws
from garita.engine.composition import KINDS
from garita.engine.daily_types import (
    BETWEEN_PORTS,
    ELSEWHERE,
    NEVER,
    STAY,
    Choices,
    DailyModel,
    Floats,
    Groups,
    Returns,
    Shares,
    Shelters,
    Ways,
    Whole,
)

SPEED_KM_A_DAY = {"walk": 30.0, "bus": 500.0, "train": 300.0}
ACTIONS = {"elsewhere": ELSEWHERE, "stay": STAY, "between-ports": BETWEEN_PORTS}


def daily_model(told: Sequence[Told], seed: int, zone: ZoneInfo, catalogue: Any) -> DailyModel:
    """All histories as one model. ``catalogue`` knows the crossings behind the name of a port."""
    journeys = told[0].journeys
    days = Days(journeys, zone)
    place = {one.id: number for number, one in enumerate(journeys.places)}
    replications = np.array([one.replication for one in told], np.int64)
    drawn = [one.journeys for one in told]
    draws = Draws(seed, replications, days.count)
    return DailyModel(
        seed,
        replications,
        days.count,
        tuple(place),
        _ways(drawn, place, days),
        _groups(drawn, place, days, draws),
        _shelters(drawn, place, days),
        lists_of(told, place, days, catalogue, draws),
        _choices(drawn, place, days),
        _returns(drawn, place, days),
        _shares(drawn),
    )


def _shares(drawn: Sequence[Any]) -> Shares | None:
    """Shares of women, men and children; None where no entry gives any."""
    parts = ("groups", "waiting_lists", "returns")
    if all(entry.shares is None for part in parts for entry in getattr(drawn[0], part)):
        return None

    def by_kind(entry: Any) -> list[float]:
        told = {"not-told": 1.0} if entry.shares is None else entry.shares.parts()
        return [told.get(kind, 0.0) for kind in KINDS]

    def stacked(part: str) -> Floats:
        entries = [
            [entry for entry, _ in list_entries(one)] if part == "waiting_lists" else getattr(one, part)
            for one in drawn
        ]
        found = [[by_kind(entry) for entry in each] for each in entries]
        return np.array(found, np.float64).reshape(len(drawn), -1, len(KINDS))

    return Shares(*(stacked(part) for part in parts))


def _way_days(route: Any) -> float:
    if route.takes is not None:
        return in_days(route.takes)
    return float(route.km / (route.km_per_day or SPEED_KM_A_DAY[route.mode]))


def _ways(drawn: Sequence[Any], place: dict[str, int], days: Days) -> Ways:
    start = numbers_of(drawn, "routes", "origin", place)
    end = numbers_of(drawn, "routes", "destination", place)
    shape = (len(drawn), days.count, len(start))
    closed, known = np.zeros(shape, bool), np.zeros(shape, bool)
    country = [one.country for one in drawn[0].places]
    for h, one in enumerate(drawn):
        for closure in one.closures:
            span = days.span(closure)
            told = slice(span.start + math.ceil(in_days(closure.news)), span.stop)
            for way, (a, b) in enumerate(zip(start.tolist(), end.tolist(), strict=True)):
                if _closes(closure, a, b, place, country):
                    closed[h, span, way] = True
                    known[h, told, way] = True
    return Ways(
        start,
        end,
        stack(drawn, "routes", _way_days, np.float64),
        stack(drawn, "routes", lambda route: math.nan if route.share is None else route.share, np.float64),
        closed,
        known,
        np.array([one.turn_back for one in drawn], np.float64),
    )


def _closes(closure: Any, start: int, end: int, place: dict[str, int], country: Sequence[str]) -> bool:
    """Whether a closure is about the way between two places."""
    if closure.place is not None:
        return place[closure.place] in (start, end)
    if closure.between is not None:
        return {place[name] for name in closure.between} == {start, end}
    return {name.casefold() for name in closure.countries} == {
        country[start].casefold(),
        country[end].casefold(),
    }


def _groups(drawn: Sequence[Any], place: dict[str, int], days: Days, draws: Draws) -> Groups:
    groups = drawn[0].groups
    number = {group.name: at for at, group in enumerate(groups)}
    set_out = np.zeros((len(drawn), days.count, len(groups)), np.int64)
    rest = np.zeros((len(drawn), len(groups), len(place)))
    for h, one in enumerate(drawn):
        for g, group in enumerate(one.groups):
            _set_out(set_out[h, :, g], group, days)
            for stop in group.rests:
                rest[h, g, place[stop.place]] += in_days(stop.days)
    for g, group in enumerate(groups):
        if group.per_day is not None:
            means = np.zeros((days.count, len(drawn)))
            for h, one in enumerate(drawn):
                means[days.span(one.groups[g]), h] = one.groups[g].per_day
            set_out[:, :, g] = come_by_themselves(means, draws.of(f"sets-out:{group.name}"))
    merges = [group.merges for group in groups]
    return Groups(
        tuple(number),
        numbers_of(drawn, "groups", "place", place),
        numbers_of(drawn, "groups", "to", place),
        set_out,
        stack(drawn, "groups", lambda group: max(group.pace, 1e-6), np.float64),
        stack(drawn, "groups", lambda group: group.goes_on, np.float64),
        rest,
        np.array([-1 if one is None else place[one.place] for one in merges], np.int64),
        np.array([-1 if one is None else number[one.into] for one in merges], np.int64),
    )


def _set_out(people: Whole, group: Any, days: Days) -> None:
    """People of one group of one history by day, where they are given."""
    rows = group.table or []
    if group.people is not None:
        rows = [group]
    for row in rows:
        day = days.of(row.start if row is group else row.day, 0)
        if 0 <= day < days.count:
            people[day] += int(row.people)


def _shelters(drawn: Sequence[Any], place: dict[str, int], days: Days) -> Shelters:
    number = {shelter.id: at for at, shelter in enumerate(drawn[0].shelters)}

    def most(shelter: Any) -> int:
        return int(max(shelter.capacity, shelter.most or 0))

    return Shelters(
        numbers_of(drawn, "shelters", "place", place),
        stack(drawn, "shelters", lambda shelter: shelter.capacity, np.int64),
        stack(drawn, "shelters", most, np.int64),
        stack(drawn, "shelters", lambda shelter: days.of(shelter.start, -1), np.int64),
        stack(drawn, "shelters", lambda shelter: days.until(shelter, days.of(shelter.start, 0)), np.int64),
        numbers_of(drawn, "shelters", "moves_to", number),
        stack(drawn, "shelters", lambda shelter: days.of(shelter.moves_from, NEVER), np.int64),
    )


def _while_it_holds(drawn: Sequence[Any], part: str, value: Any, days: Days) -> Floats:
    """``value(entry)`` on the days on which an entry holds, else 0, [H, D, N]."""
    found = np.zeros((len(drawn), days.count, len(getattr(drawn[0], part))))
    for h, one in enumerate(drawn):
        for n, entry in enumerate(getattr(one, part)):
            found[h, days.span(entry), n] = value(entry)
    return found


def _trip_days(entry: Any) -> int:
    return max(1, math.ceil(in_days(entry.takes)))


def _choices(drawn: Sequence[Any], place: dict[str, int], days: Days) -> Choices:
    return Choices(
        tuple(one.name for one in drawn[0].choices),
        numbers_of(drawn, "choices", "place", place),
        np.array([ACTIONS[one.do] for one in drawn[0].choices], np.int64),
        numbers_of(drawn, "choices", "to", place),
        _while_it_holds(drawn, "choices", lambda one: one.per_day, days),
        stack(drawn, "choices", lambda one: in_days(one.wait_over), np.float64),
        stack(drawn, "choices", _trip_days, np.int64),
    )


def _returns(drawn: Sequence[Any], place: dict[str, int], days: Days) -> Returns:
    given = np.zeros((len(drawn), days.count, len(drawn[0].returns)), np.int64)
    for h, one in enumerate(drawn):
        for r, entry in enumerate(one.returns):
            for row in entry.table:
                day = days.of(row.day, 0)
                if 0 <= day < days.count:
                    given[h, day, r] += int(row.people)
    return Returns(
        tuple(one.name for one in drawn[0].returns),
        numbers_of(drawn, "returns", "place", place),
        numbers_of(drawn, "returns", "to", place),
        np.array([one.kind == "removed-by-us" for one in drawn[0].returns], bool),
        _while_it_holds(drawn, "returns", lambda one: one.chance, days),
        stack(drawn, "returns", lambda one: in_days(one.wait_over), np.float64),
        given,
        stack(drawn, "returns", lambda one: one.waiting, np.int64),
        _while_it_holds(drawn, "returns", lambda one: math.inf if one.per_day is None else one.per_day, days),
        stack(drawn, "returns", lambda one: 0 if one.seats is None else max(1, round(one.seats)), np.int64),
        stack(drawn, "returns", lambda one: one.fill, np.float64),
        stack(drawn, "returns", _trip_days, np.int64),
    )
