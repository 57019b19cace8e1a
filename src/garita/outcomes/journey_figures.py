"""The figures of journeys that summaries and reports tell: curves and estimates over the histories."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from garita.outcomes.journeys import Answer, JourneyOutcome

FEW = 10
"""Counts of people on the move below this are shown as "<10"."""


class Spread(NamedTuple):
    """Mean over the histories and the middle 90 % of them."""

    mean: float
    low: float
    high: float


class Curve(NamedTuple):
    """Mean and middle 90 % of the histories by day."""

    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


class Compared(NamedTuple):
    """A published count beside the simulated ones; ``inside``: whether it lies among the middle 90 %."""

    what: str
    where: str
    day: int
    low: float
    high: float
    nominal: float
    simulated: Spread | None
    inside: bool | None
    source: str
    note: str


def spread(values: Any) -> Spread:
    """Of one figure by history; those without a value (NaN) are left out."""
    known = np.asarray(values, np.float64)
    known = known[np.isfinite(known)]
    if not len(known):
        return Spread(np.nan, np.nan, np.nan)
    low, high = np.quantile(known, (0.05, 0.95))
    return Spread(float(known.mean()), float(low), float(high))


def curve(values: Any) -> Curve:
    """Of a figure by history and day, [R, D]."""
    table = np.asarray(values, np.float64)
    low, high = np.quantile(table, (0.05, 0.95), axis=0)
    return Curve(table.mean(axis=0), low, high)


def people(value: float) -> str:
    """A number of people on the move: those below ten are not told apart."""
    if not np.isfinite(value):
        return "-"
    whole = round(value)
    return "0" if whole == 0 else "<10" if whole < FEW else f"{whole:,}"


def people_range(found: Spread) -> str:
    """``4,510 (3,900 to 5,200)``."""
    if not np.isfinite(found.mean):
        return "-"
    low, high = people(found.low), people(found.high)
    return people(found.mean) if low == high else f"{people(found.mean)} ({low} to {high})"


def compared(outcome: JourneyOutcome) -> list[Compared]:
    """Every published count beside what is simulated, in the order of days."""
    rows = []
    for row in sorted(outcome.layout.published, key=lambda one: (one.day, one.what)):
        counts = outcome.counted(row.what, row.where, row.day)
        simulated = None if counts is None else spread(counts)
        inside = None if simulated is None else row.high >= simulated.low and row.low <= simulated.high
        rows.append(
            Compared(
                row.what,
                row.where,
                row.day,
                row.low,
                row.high,
                row.nominal,
                simulated,
                inside,
                row.source,
                row.note,
            )
        )
    return rows


def answers(outcome: JourneyOutcome) -> list[tuple[int, Answer]]:
    """Days and dollars of returning so many people, for every return with a limit a day or a cost."""
    found = []
    for at in range(len(outcome.layout.returns)):
        limited = np.isfinite(outcome.arrays["per_day"][:, at]).all()
        paid = ~(np.isnan(outcome.arrays["cost"][:, at]) & np.isnan(outcome.arrays["trip_cost"][:, at])).all()
        if limited or paid:
            found += [(at, outcome.returning(at, people)) for people in outcome.layout.answer_for]
    return found


class WhoIsThere(NamedTuple):
    """Women, men and children at a place on a day; ``by_kind`` of those that there are."""

    place: int
    day: int
    people: Spread
    by_kind: dict[str, Spread]


def who_is_there(outcome: JourneyOutcome) -> list[WhoIsThere]:
    """Each place on its fullest day and on the last one, where shares of women and so on are given."""
    found = []
    for place, day in fullest(outcome) if outcome.layout.kinds else ():
        for at in dict.fromkeys((day, outcome.layout.days - 1)):
            if not outcome.present[:, at, place].any():
                continue
            by_kind = {name: spread(values[:, at, place]) for name, values in outcome.by_kind.items()}
            known = {name: each for name, each in by_kind.items() if each.high >= 0.5}
            found.append(WhoIsThere(place, at, spread(outcome.present[:, at, place]), known))
    return found


def fullest(outcome: JourneyOutcome) -> list[tuple[int, int]]:
    """Every place where ten people or more ever are, on average, and the day on which it has most."""
    mean = outcome.present.mean(axis=0)
    return [(at, int(mean[:, at].argmax())) for at in range(mean.shape[1]) if mean[:, at].max() >= FEW]
