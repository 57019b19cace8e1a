"""A fit as plain data for its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from garita.fit.model import Fit
from garita.fit.month_scores import Score, Told
from garita.fit.observed import Floats
from garita.fit.parameters import Parameter


def record(
    fit: Fit, told: Sequence[Told], scores: Sequence[Score], counts_of: Sequence[str]
) -> dict[str, Any]:
    """What :func:`garita.report.fitting.write` takes. The average week comes first in ``told``."""
    return {
        "region": fit.base.name,
        "source": fit.source,
        "months": list(fit.waits.months),
        "counts_of": list(counts_of),
        "members": [dict(member) for member in fit.members],
        "parameters": [_parameter(fit, parameter) for parameter in fit.data.space],
        "scores": [
            {"month": one.month, "column": one.column, "climatology": one.climatology,
             "simulated": one.simulated}
            for one in scores
        ],
        "told": [
            {
                "month": month.month,
                "lines": [
                    {"name": column.id, "observed": _list(month.observed[c]),
                     "climatology": _list(month.climatology[c]), "simulated": _list(month.simulated[c])}
                    for c, column in enumerate(month.columns)
                ],
            }
            for month in told
        ],
        "lines": _lines(fit),
    }  # fmt: skip


def _parameter(fit: Fit, parameter: Parameter) -> dict[str, Any]:
    found = fit.intervals[parameter.name]
    return {
        "label": parameter.label,
        "what": parameter.what,
        "unit": parameter.unit,
        "best": found.best,
        "low": found.low,
        "high": found.high,
        "from": parameter.low,
        "to": parameter.high,
        "told": found.told,
        "place": parameter.place(found.best),
        "place_low": parameter.place(found.low),
        "place_high": parameter.place(found.high),
    }


def _lines(fit: Fit) -> list[Mapping[str, str]]:
    week = fit.week or fit.data.week
    return [
        {
            "name": ", ".join(part for part in line.key if part != "inbound"),
            "daily": f"{week.arrivals[n].sum() / 7.0:,.0f}",
            "mean_s": f"{week.mean_s[n]:.0f}",
            "before_s": f"{line.mean_s:.0f}",
            "least": f"{week.booths[n].min():.1f}",
            "most": f"{week.booths[n].max():.1f}",
        }
        for n, line in enumerate(fit.data.lines)
    ]


def _list(values: Floats) -> list[float]:
    found: list[float] = np.round(values, 2).tolist()
    return found
