"""What the time costs: hours queueing and on detours times the value of an hour, low, mid and high.

Only time is counted here. Rates come from the region's table ``costs`` (item, mode, low, mid, high, unit);
the item is ``value_of_time`` and the unit says whether an hour is a person's or a vehicle's. A line of a
region of one's own has the value of an hour of one person's time that its scenario gives. An hour is worth
the same whatever it was for: what purposes differ in is how people choose, not what their time is counted as.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from garita.engine import types
from garita.outcomes.arrays import Arrays
from garita.outcomes.statistics import estimate

if TYPE_CHECKING:
    import pandas as pd

Rates = Mapping[str, tuple[bool, float, float, float]]


def region_rates(region: str) -> Rates:
    """Value of time by mode: (per person?, low, mid, high) in USD an hour.

    Empty for a region without a table.
    """
    from garita.reference import load_region, regions

    if region not in regions():  # none, or one of the user's own, whose tables stand elsewhere
        return {}
    tables: Any = load_region(region)
    rows: Sequence[Mapping[str, Any]] = tables.get("costs", ())
    rates: dict[str, tuple[bool, float, float, float]] = {}
    for row in rows:
        if str(row["item"]).replace("-", "_") == "value_of_time":
            numbers = (float(row["low"]), float(row["mid"]), float(row["high"]))
            rates[str(row["mode"])] = ("person" in str(row["unit"]), *numbers)
    return rates


def costs_table(outcome: Arrays, rates: Rates) -> pd.DataFrame:
    """One row per replication and line: who bears it, hours, USD low, mid and high.

    Hours are the area under the queue from the end of warm-up to the end of the run (all who wait, served or
    not) and the extra travel of those who were planned for the line.
    """
    import pandas as pd

    layout = outcome.layout
    hours = layout.bin_min / 60
    rows: list[dict[str, Any]] = []
    queue = {
        person: outcome.counts[index][..., layout.counted].sum(axis=2, dtype=np.float64) * hours
        for person, index in ((True, types.QUEUE_PEOPLE_END), (False, types.QUEUE_END))
    }
    for position, flow in enumerate(layout.flows):
        rate = rates.get(flow.mode) or rates.get("all")
        if flow.value_of_time is not None:
            rate = (True, flow.value_of_time, flow.value_of_time, flow.value_of_time)
        if rate is None:
            continue
        per_person, low, mid, high = rate
        travel = outcome.travel_extra[:, position] / 60
        if not per_person:
            travel = travel / max(flow.people_per_party, 1.0)
        for item, values in (("queueing", queue[per_person][:, position]), ("detours", travel)):
            for replication, value in enumerate(values):
                rows.append(
                    {
                        "replication": replication,
                        "crossing": flow.crossing,
                        "direction": flow.direction,
                        "mode": flow.mode,
                        "lane_type": flow.lane_type,
                        "borne_by": "travellers" if flow.mode != "truck" else "carriers",
                        "item": item,
                        "hours": value,
                        "hour_of": "person" if per_person else "vehicle",
                        "usd_low": value * low,
                        "usd_mid": value * mid,
                        "usd_high": value * high,
                    }
                )
    return pd.DataFrame(rows)


def extra_costs(with_closure: pd.DataFrame, without: pd.DataFrame) -> pd.DataFrame:
    """What the closure costs in time: the costs of one variant less those of the other, replication by
    replication. One row for each mode and item, and for both items (``all``) of each mode and of all modes:
    mean and 95 % interval over replications of the hours, and of USD at the low, middle and high value of
    time. Hours of persons and of vehicles are not added up.
    """
    import pandas as pd

    figures = ["hours", "usd_low", "usd_mid", "usd_high"]
    keys = ["mode", "borne_by", "hour_of", "item"]
    signed = pd.concat([with_closure, without.assign(**{name: -without[name] for name in figures})])
    parts = [
        signed,
        signed.assign(item="all"),
        signed.assign(mode="all", borne_by="all", hour_of="", hours=np.nan, item="all"),
    ]
    rows = []
    for part in parts:
        for key, group in part.groupby(keys, sort=False):
            by_run = group.groupby("replication")[figures].sum(min_count=1)
            row: dict[str, Any] = dict(zip(keys, key, strict=True))
            for name in figures:
                found = estimate(by_run[name].to_numpy(np.float64))
                row |= {name: found.mean, f"{name}_from": found.low, f"{name}_to": found.high}
            rows.append(row)
    return pd.DataFrame(rows)
