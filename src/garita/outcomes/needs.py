"""What the people of journeys need by a standard: by place, shelter and day, and what shelters lack of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from garita.outcomes.journey_tables import ALL, STREET, Columns, days_of
from garita.reference.standards import Need, packaged

if TYPE_CHECKING:
    from garita.outcomes.journeys import JourneyOutcome

Floats = NDArray[np.float64]


class Where(NamedTuple):
    """People who are counted together: all of a place, those in a shelter, or those in the street."""

    place: str
    shelter: str  # ``all``, a shelter's identifier, or ``street``
    people: Floats  # [R, D]
    at_place: int
    shelter_at: int  # the number of the shelter, or -1


def standard_of(outcome: JourneyOutcome) -> tuple[Need, ...]:
    """The standard of the scenario: the packaged one with its own rows in it."""
    return outcome.layout.standard or packaged()


def everywhere(outcome: JourneyOutcome) -> Iterator[Where]:
    """All places, their shelters and streets, in the order of the layout."""
    layout = outcome.layout
    ids = [place.id for place in layout.places]
    for at, place in enumerate(ids):
        yield Where(place, ALL, outcome.present[:, :, at].astype(np.float64), at, -1)
    for number, one in enumerate(layout.shelters):
        inside = outcome.sheltered[:, :, number].astype(np.float64)
        yield Where(one.place, one.id, inside, ids.index(one.place), number)
    for place in dict.fromkeys(one.place for one in layout.shelters):
        at = ids.index(place)
        yield Where(place, STREET, outcome.street[:, :, at].astype(np.float64), at, -1)


def needed(outcome: JourneyOutcome, need: Need, where: Where) -> Floats | None:
    """How much is needed of an item, [R, D]; None where the people who need it are not told apart.

    In a shelter and in the street women, men and children have the shares of their place. What stands for
    several people is counted in whole ones.
    """
    people = where.people
    if need.whom != "everybody":
        if not outcome.layout.kinds:
            return None
        of_place = outcome.by_kind[need.whom][:, :, where.at_place]
        people = people * of_place / np.maximum(outcome.present[:, :, where.at_place], 1)
    if need.per_person is not None:
        return people * need.per_person
    assert need.people_per_one is not None
    whole: Floats = np.ceil(np.maximum(people / need.people_per_one - 1e-6, 0.0))
    return whole


def supply(outcome: JourneyOutcome, need: Need, where: Where) -> Floats | None:
    """What a shelter has of an item while it is open, [R, D]; None where nothing is said of it."""
    layout = outcome.layout
    if where.shelter_at < 0 or need.item not in layout.supplied:
        return None
    has = outcome.supply[:, where.shelter_at, layout.supplied.index(need.item)]
    if np.isnan(has).any():
        return None
    found: Floats = np.where(outcome.capacity[:, :, where.shelter_at] > 0, has[:, None], 0.0)
    return found


def needs(outcome: JourneyOutcome, standard: Sequence[Need] | None = None) -> Columns:
    """Columns: place, shelter, day, item, unit, period; over the histories the mean and the 5 % and 95 %
    quantile of what is ``needed``, what a shelter has (``supply``, NaN where nothing is said) and what it is
    ``short`` of. Days on which nobody is there in any history are left out.
    """
    parts = [
        _rows(outcome, where, need)
        for where in everywhere(outcome)
        if where.people.any()
        for need in (standard_of(outcome) if standard is None else standard)
    ]
    found = [part for part in parts if part]
    return {
        name: np.concatenate([np.zeros(0, kind), *(part[name] for part in found)])
        for name, kind in COLUMNS.items()
    }


def _rows(outcome: JourneyOutcome, where: Where, need: Need) -> Columns:
    """The rows of one item; none where those who need it are not told apart."""
    amount = needed(outcome, need, where)
    if amount is None:
        return {}
    there = where.people.any(axis=0)
    has = supply(outcome, need, where)
    has = np.full_like(amount, np.nan) if has is None else has
    words = {
        "place": where.place, "shelter": where.shelter,
        "item": need.item, "unit": need.unit, "period": need.period,
    }  # fmt: skip
    found: Columns = {name: np.full(int(there.sum()), word, object) for name, word in words.items()}
    found |= {"day": days_of(outcome)[there], "supply": has[:, there].mean(axis=0)}
    found |= _over_histories("needed", amount[:, there])
    return found | _over_histories("short", np.maximum(amount - has, 0.0)[:, there])


def _over_histories(name: str, values: Floats) -> dict[str, Any]:
    low, high = np.quantile(values, (0.05, 0.95), axis=0)
    return {name: values.mean(axis=0), f"{name}_low": low, f"{name}_high": high}


COLUMNS = {
    "place": "O", "shelter": "O", "day": "M8[us]", "item": "O", "unit": "O", "period": "O",
    "needed": "f8", "needed_low": "f8", "needed_high": "f8", "supply": "f8",
    "short": "f8", "short_low": "f8", "short_high": "f8",
}  # fmt: skip
