"""The long tables of journeys, as columns; pandas and DuckDB are loaded where they are used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from garita.outcomes.storage import copy_to

if TYPE_CHECKING:
    import pandas as pd

    from garita.outcomes.journeys import JourneyOutcome

Columns = dict[str, NDArray[Any]]
STREET, ALL = "street", "all"


def frame(columns: Columns) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns)


def write(tables: dict[str, Columns], folder: Path) -> list[str]:
    """Write tables as Parquet, by their names; returns the files' names."""
    import duckdb

    connection = duckdb.connect()
    try:
        connection.execute("SET enable_progress_bar = false; SET threads = 1")
        for name, columns in tables.items():
            connection.register(name, columns)
            chosen = "* REPLACE (CAST(day AS DATE) AS day)" if "day" in columns else "*"
            copy_to(connection, f"SELECT {chosen} FROM {name}", folder / f"{name}.parquet")
    finally:
        connection.close()
    return [f"{name}.parquet" for name in tables]


def days_of(outcome: JourneyOutcome) -> NDArray[Any]:
    """The days, as timestamps."""
    first = np.datetime64(outcome.layout.first_day, "D")
    return (first + np.arange(outcome.layout.days)).astype("datetime64[us]")


def _long(outcome: JourneyOutcome, names: dict[str, list[str]], values: dict[str, Any]) -> Columns:
    """Columns of arrays [R, D, N], one row each; ``names``: columns along the last axis."""
    shape = next(iter(values.values())).shape
    replication, day, column = (axis.reshape(-1) for axis in np.indices(shape))
    found: Columns = {"replication": replication.astype(np.int32)}
    found |= {name: np.array(words, dtype=object)[column] for name, words in names.items()}
    found["day"] = days_of(outcome)[day]
    return found | {name: value.reshape(-1) for name, value in values.items()}


def _joined(parts: list[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def places(outcome: JourneyOutcome) -> Columns:
    """People by replication, place, shelter and day; ``shelter`` is ``all``, a shelter's identifier, or
    ``street``. ``over_capacity``: people above what a shelter is meant for, or without room in any.
    """
    layout = outcome.layout
    ids = [place.id for place in layout.places]
    nothing = np.zeros_like(outcome.present)
    parts = [
        _long(
            outcome,
            {"place": ids, "shelter": [ALL] * len(ids)},
            {
                "people": outcome.present,
                "arrived": outcome.reached,
                "capacity": nothing,
                "over_capacity": nothing,
            },
        )
    ]
    if layout.shelters:
        capacity = outcome.capacity.astype(np.int32)
        parts.append(
            _long(
                outcome,
                {
                    "place": [one.place for one in layout.shelters],
                    "shelter": [one.id for one in layout.shelters],
                },
                {
                    "people": outcome.sheltered,
                    "arrived": np.zeros_like(outcome.sheltered),
                    "capacity": capacity,
                    "over_capacity": np.maximum(outcome.sheltered - capacity, 0),
                },
            )
        )
        with_shelters = [at for at, one in enumerate(ids) if one in {each.place for each in layout.shelters}]
        street = outcome.street[:, :, with_shelters]
        nothing = np.zeros_like(street)
        parts.append(
            _long(
                outcome,
                {"place": [ids[at] for at in with_shelters], "shelter": [STREET] * len(with_shelters)},
                {"people": street, "arrived": nothing, "capacity": nothing, "over_capacity": street},
            )
        )
    return _joined(parts)


def people(outcome: JourneyOutcome) -> Columns:
    """People of each kind by replication, place and day; ``children``: girls, boys and those not told apart.

    Empty where no shares of women, men and children are given: they are applied to the people counted.
    """
    layout = outcome.layout
    if not layout.kinds:
        return _long(outcome, {"place": []}, {"people": outcome.present[:, :, :0]})
    return _long(
        outcome,
        {"place": [place.id for place in layout.places]},
        {"people": outcome.present, **outcome.by_kind},
    )


def waitlists(outcome: JourneyOutcome) -> Columns:
    """Each list by replication and day. ``expected_wait_days``: what who registers then is told."""
    layout = outcome.layout
    return _long(
        outcome,
        {"list": [one.name for one in layout.lists], "place": [one.place for one in layout.lists]},
        {
            "people_waiting": outcome.listed,
            "registered": outcome.registered,
            "called": outcome.called,
            "taken_in": outcome.taken,
            "no_shows": outcome.called - outcome.taken,
            "expected_wait_days": outcome.expected,
        },
    )


def list_kinds(outcome: JourneyOutcome) -> Columns:
    """Each kind of people on a list by replication and day, on the lists that tell them apart."""
    kinds = outcome.layout.list_kinds
    if not kinds:
        return _long(outcome, {"list": [], "kind": []}, {"people_waiting": outcome.listed[:, :, :0]})
    return _long(
        outcome,
        {"list": [one.list for one in kinds], "kind": [one.kind for one in kinds]},
        {
            "people_waiting": outcome.listed_by,
            "registered": outcome.registered_by,
            "called": outcome.called_by,
            "taken_in": outcome.taken_by,
            "no_shows": outcome.called_by - outcome.taken_by,
        },
    )


def returns(outcome: JourneyOutcome) -> Columns:
    """Each way of going back by replication and day; cost where it is given."""
    layout = outcome.layout
    cost, trip = outcome.arrays["cost"][:, None, :], outcome.arrays["trip_cost"][:, None, :]
    usd = (
        np.where(np.isnan(cost), 0.0, cost) * outcome.left
        + np.where(np.isnan(trip), 0.0, trip) * outcome.trips
    )
    unknown = np.isnan(cost) & np.isnan(trip)
    return _long(
        outcome,
        {
            "return": [one.name for one in layout.returns],
            "kind": [one.kind for one in layout.returns],
            "by": [one.by for one in layout.returns],
            "destination": [one.to for one in layout.returns],
        },
        {
            "signed_up": outcome.signed_up,
            "waiting": outcome.waiting_return,
            "left": outcome.left,
            "trips": outcome.trips,
            "arrived": outcome.brought,
            "cost_usd": np.where(unknown, np.nan, usd),
        },
    )


def encounters(outcome: JourneyOutcome) -> Columns:
    """Apprehensions by sector and people found inadmissible by port, by month and replication: events."""
    layout = outcome.layout
    first = np.datetime64(layout.first_day, "D")
    months = (first + np.arange(layout.days)).astype("datetime64[M]")
    rows: list[tuple[str, str, str, NDArray[Any]]] = []
    kinds = [("apprehension", one.sector or one.place, outcome.chose[:, :, at]) for at, one in
             enumerate(layout.choices) if one.do == "between-ports"]  # fmt: skip
    kinds += [
        ("inadmissible", one.crossing or one.place, outcome.taken[:, :, at])
        for at, one in enumerate(layout.lists)
    ]
    for kind, where, events in kinds:
        for month in np.unique(months).tolist():
            chosen = events[:, months == np.datetime64(month, "M")].sum(axis=1)
            rows.append((kind, where, f"{month:%Y-%m}", chosen))
    count = outcome.replications
    return {
        "replication": np.tile(np.arange(count, dtype=np.int32), len(rows)),
        "kind": np.repeat(np.array([row[0] for row in rows], dtype=object), count),
        "where": np.repeat(np.array([row[1] for row in rows], dtype=object), count),
        "month": np.repeat(np.array([row[2] for row in rows], dtype=object), count),
        "events": np.concatenate([row[3] for row in rows]) if rows else np.zeros(0, np.int64),
    }
