"""The figures of journeys that summaries and reports tell: curves and estimates over the histories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from garita.outcomes import needs
from garita.outcomes.journey_layout import JourneyLayout
from garita.outcomes.journey_tables import ALL, STREET
from garita.outcomes.journeys import Answer, JourneyOutcome
from garita.reference.standards import Need

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


class Needed(NamedTuple):
    """What people at a place, in a shelter or in the street need of an item on a day; ``short``: beyond what
    is there, None where nothing is said of it.
    """

    place: int
    shelter: str  # ``all``, a shelter's identifier, or ``street``
    day: int
    need: Need
    amount: Spread
    short: Spread | None


def needs_at_most(outcome: JourneyOutcome, standard: Sequence[Need] | None = None) -> list[Needed]:
    """Needs on the fullest day, of places with shelters or lists (else of the fullest place) and shelters."""
    layout = outcome.layout
    chosen = {one.place for axis in (layout.lists, layout.shelters) for one in axis}
    rows = [where for where in needs.everywhere(outcome) if where.people.mean(axis=0).max(initial=0.0) >= FEW]
    if not chosen and rows:
        chosen = {max(rows, key=lambda where: float(where.people.mean(axis=0).max())).place}
    found = []
    for where in rows:
        if where.shelter == ALL and _is_one_shelter(outcome, where):
            continue  # the shelter of that name is told
        day = int(where.people.mean(axis=0).argmax())
        for need in (
            (needs.standard_of(outcome) if standard is None else standard) if where.place in chosen else ()
        ):
            amount, has = needs.needed(outcome, need, where), needs.supply(outcome, need, where)
            if amount is not None:
                short = None if has is None else spread(np.maximum(amount - has, 0.0)[:, day])
                found.append(Needed(where.at_place, where.shelter, day, need, spread(amount[:, day]), short))
    return found


def _is_one_shelter(outcome: JourneyOutcome, where: needs.Where) -> bool:
    """Whether a place is a camp: everybody there is in a shelter that has its name."""
    name = outcome.layout.places[where.at_place].name
    return any(
        one.place == where.place
        and one.name == name
        and np.array_equal(outcome.sheltered[:, :, at], where.people)
        for at, one in enumerate(outcome.layout.shelters)
    )


def where(layout: JourneyLayout, place: int, shelter: str) -> str:
    """``Tijuana``, ``Sports hall``, ``the street in Tijuana``."""
    name = layout.places[place].name
    if shelter == STREET:
        return f"the street in {name}"
    return next((one.name for one in layout.shelters if one.id == shelter), name)


def amounts(found: Spread) -> str:
    """``118,650 (102,000 to 131,000)``: amounts of things, to three digits where they are many."""
    low, high = amount(found.low), amount(found.high)
    if low == high:
        return amount(found.mean)
    word = high.partition(" ")[2]  # said once: 13.9 to 19.2 million
    return f"{amount(found.mean)} ({low.removesuffix(f' {word}')} to {high})"


def amount(value: float) -> str:
    """An amount of things, to three digits."""
    if value >= 999_500_000:
        return f"{value / 1e9:,.3g} billion"
    if value >= 999_500:
        return f"{value / 1e6:.3g} million"
    digits = 0 if value < 1000 else 3 - len(f"{value:.0f}")
    return f"{round(value, digits):,.0f}" if value >= 10 else f"{value:.2g}"
