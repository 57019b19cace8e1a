"""The journeys of a case: all replications of one or two variants at once, on the same draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from garita.build.journey_days import Days, Told
from garita.build.journeys import daily_model
from garita.engine.composition import KINDS
from garita.engine.daily import LostPeople, run_days
from garita.engine.daily_types import DailyBooks, DailyModel
from garita.errors import Problem, RunError
from garita.outcomes.journey_layout import (
    BY_LIST_KIND,
    ChoiceAxis,
    JourneyLayout,
    ListAxis,
    ListKindAxis,
    PlaceAxis,
    PublishedRow,
    ReturnAxis,
    ShelterAxis,
    WayAxis,
)
from garita.outcomes.journeys import JourneyOutcome
from garita.scenario.quantities import Uncertain
from garita.scenario.standard import standard_of

SCENARIO, BASELINE = "scenario", "baseline"


def travel(case: Any, *, replications: int | None = None, seed: int | None = None) -> JourneyOutcome:
    """Simulate the journeys of a case alone: nobody is simulated at the ports, whose closures still count.

    ``replications`` and ``seed`` default to the scenario's own. Raises ScenarioError without journeys.
    """
    return journeys_of(case if seed is None else case.with_(seed=seed), [SCENARIO], replications)[0]


def travel_pair(
    case: Any, *, replications: int | None = None, seed: int | None = None
) -> tuple[JourneyOutcome, JourneyOutcome]:
    """Simulate the journeys of a case, and the same without its closures, on the same draws."""
    case = case if seed is None else case.with_(seed=seed)
    with_closures, without = journeys_of(case, [SCENARIO, BASELINE], replications)
    return with_closures, without


def journeys_of(case: Any, variants: Sequence[str], replications: int | None = None) -> list[JourneyOutcome]:
    """The journeys of the variants of a case, in their order."""
    count = case.scenario.replications if replications is None else replications
    journeys = [case.resolve_journeys(replication) for replication in range(count)]
    told = []
    for variant in variants:
        for replication, drawn in enumerate(journeys):
            if variant == BASELINE:
                told.append(Told(replication, drawn.without_closures(), ()))
            else:
                told.append(Told(replication, drawn, case.resolve_closures(replication)))
    model = daily_model(told, int(case.scenario.seed), case.zone, case.catalogue)
    try:
        books = run_days(model)
    except LostPeople as error:
        params = {
            "message": f"people were lost or made up on the journeys ({error})",
            "remedy": "This is a fault of the program, please report it with the scenario.",
        }
        raise RunError([Problem("journeys-not-conserved", params)]) from error
    found = []
    for number, variant in enumerate(variants):
        chosen = slice(number * count, (number + 1) * count)
        drawn = [one.journeys for one in told[chosen]]
        arrays = _by_list(model, {name: getattr(books, name)[chosen] for name in DailyBooks._fields})
        arrays |= _given(model, drawn, chosen)
        if model.shares is None:
            del arrays["composition"]
        supplied = _supplied(journeys[0])
        if supplied:
            arrays["supply"] = _supply(drawn, supplied)
        found.append(JourneyOutcome(_layout(case, journeys[0], model, variant, count), arrays))
    return found


def _by_list(model: DailyModel, arrays: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The books by list; of kinds of people on a list apart, as ``listed_by`` and so on."""
    parts = model.lists.parts()
    if all(len(part) == 1 for part in parts):
        return arrays
    kinds = [w for part in parts if len(part) > 1 for w in part]
    found = arrays | {f"{name}_by": arrays[name][:, :, kinds] for name in BY_LIST_KIND}
    for name in (*BY_LIST_KIND, "called_of", "waited", "still_listed"):
        summed = [arrays[name][:, :, part].sum(axis=2) for part in parts]
        found[name] = np.stack(summed, axis=2).astype(arrays[name].dtype)
    return found | {"expected": arrays["expected"][:, :, [part[0] for part in parts]]}


def _given(model: DailyModel, drawn: Sequence[Any], chosen: slice) -> dict[str, NDArray[Any]]:
    """Figures of the input that results are measured against."""
    shelters, returns = model.shelters, model.returns
    day = np.arange(model.days)[None, :, None]
    is_open = (shelters.opens[chosen, None, :] <= day) & (day < shelters.closes[chosen, None, :])

    def of_returns(name: str) -> NDArray[np.float64]:
        rows = [[getattr(entry, name) for entry in one.returns] for one in drawn]
        table = [[np.nan if value is None else float(value) for value in row] for row in rows]
        return np.array(table, np.float64).reshape(len(drawn), -1)

    per_day = of_returns("per_day")
    return {
        "capacity": np.where(is_open, shelters.capacity[chosen, None, :], 0).astype(np.int32),
        "cost": of_returns("cost"),
        "trip_cost": of_returns("trip_cost"),
        "per_day": np.where(np.isnan(per_day), np.inf, per_day),
        "seats": returns.seats[chosen].astype(np.float64),
        "fill": returns.fill[chosen],
        "trip_days": returns.trip_days[chosen].astype(np.float64),
        "after_days": model.lists.after_days[chosen][:, [part[0] for part in model.lists.parts()]],
    }


def _layout(case: Any, journeys: Any, model: DailyModel, variant: str, count: int) -> JourneyLayout:
    days = Days(journeys, case.zone)
    return JourneyLayout(
        first_day=days.first.isoformat(),
        days=days.count,
        before=model.lists.before,
        replications=count,
        variant=variant,
        places=tuple(
            PlaceAxis(one.id, one.name or one.id, one.country, one.lat, one.lon) for one in journeys.places
        ),
        ways=tuple(WayAxis(one.origin, one.destination, one.mode) for one in journeys.routes),
        shelters=tuple(ShelterAxis(one.id, one.name or one.id, one.place) for one in journeys.shelters),
        lists=tuple(ListAxis(one.name, one.place, one.crossing or "") for one in journeys.waiting_lists),
        choices=tuple(ChoiceAxis(one.name, one.place, one.do, one.sector) for one in journeys.choices),
        returns=tuple(
            ReturnAxis(one.name, one.kind, one.place, one.to, one.by, one.source) for one in journeys.returns
        ),
        published=_published(case, journeys, days),
        answer_for=tuple(journeys.answer_for),
        kinds=KINDS if model.shares is not None else (),
        standard=standard_of(journeys.standard) if journeys.standard else (),
        supplied=_supplied(journeys),
        list_kinds=tuple(
            ListKindAxis(entry.name, kind.name)
            for entry in journeys.waiting_lists
            if entry.kinds
            for kind in entry.with_kinds()
        ),
    )


def _supplied(journeys: Any) -> tuple[str, ...]:
    """The items of the standard that any shelter is said to have."""
    return tuple(dict.fromkeys(item for shelter in journeys.shelters for item in shelter.supplies))


def _supply(drawn: Sequence[Any], items: Sequence[str]) -> NDArray[np.float64]:
    """What shelters have of each item, by history, [R, S, I]; NaN where it is not said."""
    rows = [[[one.supplies.get(item, np.nan) for item in items] for one in told.shelters] for told in drawn]
    return np.array(rows, np.float64)


def _published(case: Any, journeys: Any, days: Days) -> tuple[PublishedRow, ...]:
    """The published counts; of claims the lowest, the highest, and the one shown."""
    found = []
    for said, drawn in zip(case.scenario.journeys.published, journeys.published, strict=True):
        people = said.people
        low, high = people.support(case.zone) if isinstance(people, Uncertain) else (people, people)
        nominal = people.nominal(case.zone) if isinstance(people, Uncertain) else people
        found.append(
            PublishedRow(
                said.what,
                said.where or "",
                days.of(drawn.day, 0),
                float(low),
                float(high),
                float(nominal),
                said.source or _sources(people),
                said.note,
            )
        )
    return tuple(found)


def _sources(people: Any) -> str:
    """Who claims a count, and where."""
    claims = getattr(people, "claims", ())
    return "; ".join(f"{claim.who} {claim.source}".strip() for claim in claims)
