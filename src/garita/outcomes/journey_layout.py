"""What the axes of the journeys' results mean: days, places, ways, shelters, lists, choices and returns."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from garita.reference.standards import Need

BY_LIST_KIND = ("listed", "registered", "called", "taken")
"""What is told of kinds of people on a waiting list: arrays ``listed_by`` and so on, [R, D, kinds]."""
OPTIONAL = ("after_days",)
"""Arrays that results of earlier versions do not have."""


@dataclass(frozen=True)
class PlaceAxis:
    """A place on the journeys (degrees)."""

    id: str
    name: str
    country: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True)
class WayAxis:
    """A way from one place to another."""

    start: str
    end: str
    mode: str


@dataclass(frozen=True)
class ShelterAxis:
    """A shelter and the place it is in."""

    id: str
    name: str
    place: str


@dataclass(frozen=True)
class ListAxis:
    """A waiting list, where people wait, and the port that takes them in."""

    name: str
    place: str
    crossing: str


@dataclass(frozen=True)
class ListKindAxis:
    """People on a waiting list for whom other rules hold, and the rest of them."""

    list: str
    kind: str


@dataclass(frozen=True)
class ChoiceAxis:
    """Something people do instead of waiting on; ``sector``: where crossings between ports are counted."""

    name: str
    place: str
    do: str
    sector: str


@dataclass(frozen=True)
class ReturnAxis:
    """A way of going back."""

    name: str
    kind: str
    place: str
    to: str
    by: str
    source: str


@dataclass(frozen=True)
class PublishedRow:
    """A published count: what it is of, the day (from 0), the lowest and highest claim, and who says so."""

    what: str
    where: str
    day: int
    low: float
    high: float
    nominal: float
    source: str
    note: str


@dataclass(frozen=True)
class JourneyLayout:
    """The axes. ``before``: days of registration before the first day; ``answer_for``: numbers of people for
    whom days and cost of returning them are told.
    """

    first_day: str
    days: int
    before: int
    replications: int
    variant: str
    places: tuple[PlaceAxis, ...]
    ways: tuple[WayAxis, ...]
    shelters: tuple[ShelterAxis, ...]
    lists: tuple[ListAxis, ...]
    choices: tuple[ChoiceAxis, ...]
    returns: tuple[ReturnAxis, ...]
    published: tuple[PublishedRow, ...]
    answer_for: tuple[int, ...]
    kinds: tuple[str, ...] = ()  # of people, where shares of women, men and children are given
    standard: tuple[Need, ...] = ()  # what people need; the packaged standard where there is none
    supplied: tuple[str, ...] = ()  # items of the standard that shelters have
    list_kinds: tuple[ListKindAxis, ...] = ()  # of people, on the lists that tell them apart

    def date(self, day: int) -> datetime.date:
        """The date of a day."""
        return datetime.date.fromisoformat(self.first_day) + datetime.timedelta(days=day)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> JourneyLayout:
        """Inverse of :meth:`to_json`. Raises ValueError, KeyError or TypeError for anything else."""
        found: Mapping[str, Any] = json.loads(text)
        rows = {
            "places": PlaceAxis, "ways": WayAxis, "shelters": ShelterAxis, "lists": ListAxis,
            "choices": ChoiceAxis, "returns": ReturnAxis, "published": PublishedRow, "standard": Need,
            "list_kinds": ListKindAxis,
        }  # fmt: skip
        known = {
            "kinds": (),
            "standard": (),
            "supplied": (),
            "list_kinds": (),
            **found,
        }  # earlier results have none
        made = {field.name: known[field.name] for field in fields(cls)}
        made |= {name: tuple(kind(**row) for row in known[name]) for name, kind in rows.items()}
        made["answer_for"] = tuple(found["answer_for"])
        made |= {name: tuple(made[name]) for name in ("kinds", "supplied")}
        datetime.date.fromisoformat(made["first_day"])
        return cls(**made)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every array of the results."""
        r, d, cohorts = self.replications, self.days, self.before + self.days
        p, w, n = len(self.places), len(self.lists), len(self.returns)
        by_day = {
            "present": p, "reached": p, "settled": p, "street": p, "held_up": p, "on_way": len(self.ways),
            "sheltered": len(self.shelters), "listed": w, "registered": w, "called": w, "taken": w,
            "expected": w, "chose": len(self.choices), "signed_up": n, "waiting_return": n, "left": n,
            "trips": n, "brought": n,
        }  # fmt: skip
        found: dict[str, tuple[int, ...]] = {name: (r, d, size) for name, size in by_day.items()}
        found |= dict.fromkeys(("turned_back", "crossed", "gone"), (r, d))
        found |= dict.fromkeys(("called_of", "waited", "still_listed"), (r, cohorts, w))
        found |= {"capacity": (r, d, len(self.shelters)), "entered": (r,)}
        if self.kinds:
            found["composition"] = (r, d, p, len(self.kinds))
        found["after_days"] = (r, w)
        found |= dict.fromkeys(
            (f"{name}_by" for name in BY_LIST_KIND if self.list_kinds), (r, d, len(self.list_kinds))
        )
        if self.supplied:
            found["supply"] = (r, len(self.shelters), len(self.supplied))
        found |= dict.fromkeys(("cost", "trip_cost", "per_day", "seats", "fill", "trip_days"), (r, n))
        return found
