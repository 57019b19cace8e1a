"""What came of journeys in one variant of a run: arrays, long tables, days and cost of returns, files."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from garita.outcomes import journey_tables as tables
from garita.outcomes.forecasts import forecasts
from garita.outcomes.journey_layout import OPTIONAL, JourneyLayout
from garita.outcomes.needs import needs
from garita.outcomes.problems import results_error

if TYPE_CHECKING:
    import pandas as pd

    from garita.reference.standards import Need

ARRAYS, LAYOUT = "journeys.npz", "journeys.json"
KINDS = ("women", "men", "children", "girls", "boys", "not_told")
"""Of people; ``children`` holds girls, boys and those not told apart."""
FRACTIONS = (
    "waited",
    "expected",
    "cost",
    "trip_cost",
    "per_day",
    "seats",
    "fill",
    "trip_days",
    "composition",
    "supply",
    "after_days",
)  # not whole numbers


class Answer(NamedTuple):
    """What returning so many people takes at a capacity: by replication."""

    people: int
    days: NDArray[np.float64]  # until the last of them has arrived
    trips: NDArray[np.float64]
    usd: NDArray[np.float64]  # NaN where no cost is given


class JourneyOutcome:
    """One variant of the journeys of a run. Arrays as in :class:`garita.engine.daily_types.DailyBooks`, and

    ``capacity`` [R, D, S] people a shelter is meant for (0 while it is closed); of returns [R, N] ``cost`` of
    a person and ``trip_cost`` of a vehicle in USD (NaN: not given), ``per_day`` people that can leave,
    ``seats`` (0: not given), ``fill`` share of them that must be taken, ``trip_days``.
    """

    def __init__(self, layout: JourneyLayout, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.layout = layout
        self.arrays = dict(arrays)

    def __getattr__(self, name: str) -> NDArray[Any]:
        arrays = self.__dict__.get("arrays", {})
        if name in arrays:
            found: NDArray[Any] = arrays[name]
            return found
        raise AttributeError(name)

    @property
    def replications(self) -> int:
        return self.layout.replications

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of all arrays."""
        found = hashlib.sha256()
        for name in sorted(self.arrays):
            found.update(name.encode() + np.ascontiguousarray(self.arrays[name]).tobytes())
        return found.hexdigest()

    @cached_property
    def places(self) -> pd.DataFrame:
        """Long table: people by replication, place and day; by shelter, over capacity, in the street."""
        return tables.frame(tables.places(self))

    @cached_property
    def people(self) -> pd.DataFrame:
        """Long table: women, men and children by replication, place and day, where shares are given.

        They are the shares of those who came, applied to the people counted; nobody is simulated apart.
        """
        return tables.frame(tables.people(self))

    def needs(self, standard: Sequence[Need] | None = None) -> pd.DataFrame:
        """Long table: what people need by place, shelter, day and item, and what shelters lack of it.

        Means over the histories and the middle 90 % of them. ``standard``: rows of
        :func:`garita.reference.standards.read_standard`; those of the scenario if left out.
        """
        return tables.frame(needs(self, standard))

    @property
    def by_kind(self) -> dict[str, NDArray[np.float64]]:
        """People of each of ``KINDS`` at places, [R, D, P]; empty where no shares are given."""
        if not self.layout.kinds:
            return {}
        each = {
            name: self.composition[:, :, :, at].astype(np.float64)
            for at, name in enumerate(self.layout.kinds)
        }
        each["not_told"] = each.pop("not-told")
        each["children"] = each["children"] + each["girls"] + each["boys"]
        return {name: each[name] for name in KINDS}

    @cached_property
    def waitlists(self) -> pd.DataFrame:
        """Long table: length, registered, called, taken in, expected wait, by replication and day."""
        return tables.frame(tables.waitlists(self))

    @cached_property
    def list_kinds(self) -> pd.DataFrame:
        """Long table: families, unaccompanied children and others on a list, by replication and day."""
        return tables.frame(tables.list_kinds(self))

    @cached_property
    def forecasts(self) -> pd.DataFrame:
        """Long table: the wait by day of registration and by day of arrival, with the middle 90 %."""
        return tables.frame(forecasts(self))

    @cached_property
    def returns(self) -> pd.DataFrame:
        """Long table: signed up, waiting, left, arrived, trips and cost, by replication, return, day."""
        return tables.frame(tables.returns(self))

    @cached_property
    def encounters(self) -> pd.DataFrame:
        """Long table: apprehensions by sector and month, and people found inadmissible by port and month.

        Events, not people. Apprehensions follow from a rate that is an input: they are no forecast.
        """
        return tables.frame(tables.encounters(self))

    def wait_by_registration(self, at: int = 0) -> NDArray[np.float64]:
        """Mean days waited by day of registration, where all have been called, [R, before + D]; or NaN."""
        called = self.called_of[:, :, at] + self.still_listed[:, :, at]
        whole = (self.still_listed[:, :, at] == 0) & (called > 0)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean: NDArray[np.float64] = self.waited[:, :, at] / np.maximum(called, 1)
        return np.where(whole, mean, np.nan)

    def returning(self, at: int, people: int) -> Answer:
        """Days and dollars to return so many people by one way of going back, at its capacity."""
        per_day, seats = self.arrays["per_day"][:, at], self.arrays["seats"][:, at]
        trip_days = self.arrays["trip_days"][:, at]
        with np.errstate(invalid="ignore", divide="ignore"):
            leaving = np.where(np.isinf(per_day), 1.0, np.ceil(people / per_day))
            full = np.where(np.isinf(per_day), people, np.minimum(people, per_day))
            # Every day's people fill their vehicles by themselves, unless these wait for the next day's.
            days_full = np.floor(people / np.maximum(full, 1e-9) + 1e-9)
            last = people - days_full * full
            trips = days_full * np.ceil(full / seats - 1e-9) + np.ceil(last / seats - 1e-9)
            trips = np.where(self.arrays["fill"][:, at] > 0.0, np.ceil(people / seats), trips)
        trips = np.where(seats > 0, trips, np.nan)
        days = leaving - 1 + trip_days + 1
        cost, trip = self.arrays["cost"][:, at], self.arrays["trip_cost"][:, at]
        usd = np.where(np.isnan(cost), 0.0, cost * people) + np.where(np.isnan(trip), 0.0, trip * trips)
        return Answer(people, days, trips, np.where(np.isnan(cost) & np.isnan(trip), np.nan, usd))

    def paid(self) -> NDArray[np.float64]:
        """What was spent on each return over the whole story, USD [R, N]; NaN where no cost is given."""
        cost, trip = self.arrays["cost"], self.arrays["trip_cost"]
        people, trips = self.left.sum(axis=1), self.trips.sum(axis=1)
        usd = np.where(np.isnan(cost), 0.0, cost * people) + np.where(np.isnan(trip), 0.0, trip * trips)
        return np.where(np.isnan(cost) & np.isnan(trip), np.nan, usd)

    def counted(self, what: str, where: str, day: int) -> NDArray[np.float64] | None:
        """What a published count is compared with, by replication; None for what is never simulated."""
        layout = self.layout
        place = {one.id: at for at, one in enumerate(layout.places)}
        shelter = {one.id: at for at, one in enumerate(layout.shelters)}
        of_list = {one.name: at for at, one in enumerate(layout.lists)}
        of_return = {one.name: at for at, one in enumerate(layout.returns)}
        if not 0 <= day < layout.days:
            return None
        up_to = slice(0, day + 1)
        found: Any = None
        if what == "arrived":
            found = self.reached[:, up_to, place[where]].sum(axis=1)
        elif what == "present":
            found = self.present[:, day, place[where]]
        elif what == "sheltered":
            found = self.sheltered[:, day, shelter[where]]
        elif what == "list-length":
            found = self.listed[:, day, of_list[where]]
        elif what == "taken-in":
            found = self.taken[:, up_to, of_list[where]].sum(axis=1)
        elif what == "returned":
            found = self.left[:, up_to, of_return[where]].sum(axis=1)
        return None if found is None else np.asarray(found, np.float64)

    # files -----------------------------------------------------------------------------------------

    def tables(self, standard: Sequence[Need] | None = None) -> dict[str, tables.Columns]:
        """Every long table by name, as columns; :meth:`needs` by ``standard``."""
        found = {
            "places": tables.places(self),
            "people": tables.people(self),
            "needs": needs(self, standard),
            "waitlists": tables.waitlists(self),
            "list_kinds": tables.list_kinds(self),
            "forecasts": forecasts(self),
            "returns": tables.returns(self),
            "encounters": tables.encounters(self),
        }
        none = {"people": not self.layout.kinds, "list_kinds": not self.layout.list_kinds}
        none["forecasts"] = not self.layout.lists
        return {name: columns for name, columns in found.items() if not none.get(name)}

    def save(self, folder: Path, parquet: bool = True, standard: Sequence[Need] | None = None) -> list[str]:
        """Write the arrays and their axes, and the long tables, to a folder; returns the files' names."""
        np.savez(folder / ARRAYS, allow_pickle=False, **self.arrays)
        (folder / LAYOUT).write_text(self.layout.to_json(), encoding="utf-8")
        names = [ARRAYS, LAYOUT]
        if parquet:
            names += tables.write(self.tables(standard), folder)
        return names

    @classmethod
    def open(cls, folder: Path) -> JourneyOutcome | None:
        """Read what :meth:`save` wrote; None where there are no journeys. Raises ResultsError if damaged."""
        if not (folder / LAYOUT).is_file():
            return None
        try:
            layout = JourneyLayout.from_json((folder / LAYOUT).read_text(encoding="utf-8"))
            with np.load(folder / ARRAYS, allow_pickle=False) as stored:
                arrays = {
                    name: _checked(stored, name, shape)
                    for name, shape in layout.shapes().items()
                    if name not in OPTIONAL or name in stored
                }
        except (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
            reason = f"{type(error).__name__}: {error}"
            raise results_error(
                "results-damaged", file=folder, what="the journeys' results", reason=reason
            ) from error
        return cls(layout, arrays)


def _checked(stored: Mapping[str, NDArray[Any]], name: str, shape: tuple[int, ...]) -> NDArray[Any]:
    found = stored[name]
    if found.shape != shape or found.dtype.kind not in ("f" if name in FRACTIONS else "iu"):
        raise ValueError(f"{name} has the shape {found.shape} of {found.dtype}, not {shape}")
    return found
