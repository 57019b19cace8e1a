"""Trains and rail containers, which are counted and not simulated: how many a closure stops."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

TRAIN, CONTAINER = "train", "rail container"


def stopped_trains(case: Any, day: date, paired: bool) -> Iterator[tuple[str, str, float, float, float]]:
    """Port, kind, mean count of the day, how many of them are stopped, and their value in USD.

    The month's count is that of the packaged year, spread evenly. A closure stops trains if at noon it shuts
    every crossing of the port for trucks, all of them, and does not exempt freight.
    """
    worth = {
        row["port"]: float(row["usd_each"]) for row in case.tables.get("trade", ()) if row["mode"] == "rail"
    }
    for row in case.tables.get("rail", ()):
        if int(row["month"][5:7]) != day.month:
            continue
        days = monthrange(int(row["month"][:4]), day.month)[1]
        share = 1.0 if paired and _freight_stops(case, row["port"], day) else 0.0
        yield row["port"], TRAIN, int(row["trains"]) / days, share * int(row["trains"]) / days, 0.0
        loaded = int(row["loaded"]) / days
        yield row["port"], CONTAINER, loaded, share * loaded, share * loaded * worth.get(row["port"], 0.0)


def _freight_stops(case: Any, port: str, day: date) -> bool:
    noon = datetime.combine(day, time(12), case.zone)
    resolved, catalogue = case.resolve(None), case.catalogue
    places = set(catalogue.expand(port))
    for closure in resolved.closures:
        shut = closure.start <= noon and (closure.until is None or noon < closure.until)
        whole = closure.share == 1.0 and closure.lanes is None and "freight" not in closure.exempt
        trucks = closure.modes is None or "truck" in closure.modes
        if shut and whole and trucks and places <= set(catalogue.expand(closure.crossing)):
            return True
    return False
