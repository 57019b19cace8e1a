"""Waiting lists in the report: forecasts of the wait with intervals, and who is on the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from garita.outcomes.forecasts import forecast, middle
from garita.outcomes.journey_figures import Curve, people_range, spread
from garita.report.journey_aid import parted
from garita.report.journey_charts import Chart, draw
from garita.report.journey_words import list_named

if TYPE_CHECKING:
    from garita.outcomes import JourneyOutcome
    from garita.outcomes.forecasts import Floats

MOST_DAYS = 400.0
"""Longer waits are drawn as this."""
CALLED = "median and middle 90 %; who has not been called by the end waits on at the pace of the last 14 days"


def forecast_charts(outcome: JourneyOutcome, at: int, name: str) -> list[dict[str, Any]]:
    """Days waited by day of registration and, where it is known, by day of arrival."""
    found = forecast(outcome, at)
    charts = [_chart(outcome, f"{name}: wait by day of registration", found.registered, CALLED)]
    if np.isfinite(found.arrived).any():
        note = "since arrival, of those who register later"
        charts.append(_chart(outcome, f"{name}: wait by day of arrival", found.arrived, note))
    return charts


def _chart(outcome: JourneyOutcome, title: str, waits: Floats, note: str) -> dict[str, Any]:
    known = np.isfinite(waits).mean(axis=0) >= 0.5
    curve = Curve(*(np.where(known, np.minimum(each, MOST_DAYS), np.nan) for each in middle(waits)))
    made = Chart(title, "days waited", "days", outcome.layout.date(0), curve, note=note)
    return {"name": title, "note": note, "svg": draw(made)}


def who_waits(outcome: JourneyOutcome) -> tuple[dict[str, Any], ...]:
    """A row for each kind of people on a list: registered, called, taken in, waiting at the end."""
    return tuple(
        {
            "list": list_named(outcome.layout, one.list),
            "kind": one.kind.replace("-", " "),
            "cells": [
                parted(people_range(spread(values)))
                for values in (
                    outcome.registered_by[:, :, at].sum(axis=1),
                    outcome.called_by[:, :, at].sum(axis=1),
                    outcome.taken_by[:, :, at].sum(axis=1),
                    outcome.listed_by[:, -1, at],
                )
            ],
        }
        for at, one in enumerate(outcome.layout.list_kinds)
    )
