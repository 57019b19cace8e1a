"""How long who registers, or arrives, on a day will wait until called: forecasts over the histories.

Of those who have been called the wait is what it was. Who still waits on the last day will wait as long as
the people ahead, and half of those of the same day, take at the rate at which the list was called of late.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from garita.engine.daily_types import NOT_TOLD
from garita.outcomes.journey_tables import Columns, days_of

if TYPE_CHECKING:
    from garita.outcomes.journeys import JourneyOutcome

Floats = NDArray[np.float64]
REACH = 0.5
"""Share of those who arrive on a day that must have registered within the story, for a wait to be told."""


class Forecast(NamedTuple):
    """Days waited, NOT_TOLD for a wait without end and NaN where nobody registered, all [R, D].

    ``registered``: by day of registration; ``arrived``: by day of arrival, until called; ``called``: share of
    those who registered that day that have been called.
    """

    registered: Floats
    arrived: Floats
    called: Floats


def forecast(outcome: JourneyOutcome, at: int) -> Forecast:
    """Of one list."""
    called = outcome.called_of[:, :, at].astype(np.float64)
    still = outcome.still_listed[:, :, at].astype(np.float64)
    length, told = still.sum(axis=1), outcome.expected[:, -1, at].astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        # what was told on the last day was the length by the people called a day
        days_a_person = np.where(length > 0, told / length, 0.0)
        ahead = np.cumsum(still, axis=1) - 0.5 * still
        more = ahead * days_a_person[:, None]
        mean = (outcome.waited[:, :, at] + np.where(still > 0, still * more, 0.0)) / (called + still)
        share = called / (called + still)
    endless = (still > 0) & (told >= NOT_TOLD)[:, None]
    mean = np.where(endless, NOT_TOLD, np.minimum(mean, NOT_TOLD))
    by_day = mean[:, outcome.layout.before :]
    return Forecast(by_day, _by_arrival(outcome, at, by_day), share[:, outcome.layout.before :])


def _by_arrival(outcome: JourneyOutcome, at: int, by_day: Floats) -> Floats:
    """The wait since arrival: until registration, on some day or other, and from then on."""
    found = np.full_like(by_day, np.nan)
    if "after_days" not in outcome.arrays:
        return found
    chance = 1.0 / np.maximum(outcome.after_days[:, at], 1.0)
    histories, days = by_day.shape
    weight, total = np.zeros((histories, days)), np.zeros((histories, days))
    for later in range(1, days):
        on = chance * (1.0 - chance) ** (later - 1)
        if float(on.max()) < 1e-9:
            break
        wait = by_day[:, later:]
        known = np.isfinite(wait)
        weight[:, : days - later] += np.where(known, on[:, None], 0.0)
        total[:, : days - later] += np.where(known, on[:, None] * (wait + later), 0.0)
    enough = weight >= REACH
    found[enough] = np.minimum(total[enough] / weight[enough], NOT_TOLD)
    return found


def middle(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Median, 5 % and 95 % quantile over the histories that tell something; NaN where none does."""
    low, mid, high = np.full((3, values.shape[1]), np.nan)
    told = np.isfinite(values).any(axis=0)  # on some days nobody registers
    low[told], mid[told], high[told] = np.nanquantile(values[:, told], (0.05, 0.5, 0.95), axis=0)
    return mid, low, high


def forecasts(outcome: JourneyOutcome) -> Columns:
    """Columns: list, day; the days that who registers is ``told`` to wait, that they will wait (``wait``),
    and that who arrives that day and registers later will have waited since (``since_arrival``): median and
    middle 90 % of the histories; ``called_share`` of those registered that day by the end. A wait without
    end is 9999 days.
    """
    layout = outcome.layout
    parts: list[Columns] = []
    for at, one in enumerate(layout.lists):
        found = forecast(outcome, at)
        part: Columns = {"list": np.full(layout.days, one.name, object), "day": days_of(outcome)}
        for name, values in (
            ("told", outcome.expected[:, :, at].astype(np.float64)),
            ("wait", found.registered),
            ("since_arrival", found.arrived),
        ):
            mid, low, high = middle(values)
            part |= {f"{name}_days": mid, f"{name}_days_low": low, f"{name}_days_high": high}
        known = np.isfinite(found.called)
        counted = np.maximum(known.sum(axis=0), 1)
        called = np.where(known, found.called, 0.0).sum(axis=0) / counted
        part["called_share"] = np.where(known.any(axis=0), called, np.nan)
        parts.append(part)
    if not parts:
        return {"list": np.zeros(0, object), "day": days_of(outcome)[:0]}
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
