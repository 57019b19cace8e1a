"""The numbers of the answer in three sentences, ready for whoever writes them."""

from __future__ import annotations

from typing import Any

import numpy as np

from garita.outcomes.layout import local_time
from garita.outcomes.pairing import Pairing
from garita.outcomes.scopes import ALL


def headline(comparison: Pairing) -> dict[str, Any]:
    """The main numbers, as plain values, Estimates and aware local datetimes.

    Keys: ``title``; ``replications``; ``closed`` (names of closed crossings); ``closing`` and ``reopening``
    (None: for good); ``main``: the closed crossing, direction and mode most people were planned for;
    ``affected``: its rows of paired outcomes in parties; ``affected_total``: how many that is;
    ``neighbour``: the Peak of the open neighbour whose peak wait, in that direction, rose most;
    ``first_past_hour``: the Passing of whoever passes 60 minutes first in that direction, or None;
    ``recovery`` and ``neighbour_recovery``; ``person_hours``, ``stranded``, ``held_back``, ``gave_up``,
    ``cancelled``: Indicators in people, of the region in that direction. Keys after ``reopening`` are empty
    or None where no line was closed.
    """
    layout = comparison.layout
    result: dict[str, Any] = {
        "title": layout.title,
        "replications": layout.replications,
        "closed": [],
        "closing": None,
        "reopening": None,
        "main": None,
        "affected": [],
        "affected_total": None,
        "neighbour": None,
        "first_past_hour": None,
        "recovery": None,
        "neighbour_recovery": None,
        "person_hours": None,
        "stranded": None,
        "held_back": None,
        "gave_up": None,
        "cancelled": None,
    }
    closed = [flow.crossing for flow, shut in zip(layout.flows, comparison.closed_flows, strict=True) if shut]
    if not closed:
        return result
    result["closed"] = [layout.crossing_name(crossing) for crossing in dict.fromkeys(closed)]
    result["closing"] = local_time(comparison.closing_min, layout.zone)
    if np.isfinite(comparison.reopening_min):
        result["reopening"] = local_time(comparison.reopening_min, layout.zone)
    main = _main_group(comparison)
    result["main"] = main
    crossing, direction, mode = main
    result["affected"] = [
        row
        for row in comparison.affected
        if (row.crossing, row.direction, row.mode) == main and row.basis == "parties"
    ]
    result["affected_total"] = sum(row.number.mean for row in result["affected"]) or None
    for name in ("person_hours", "stranded", "held_back", "gave_up", "cancelled"):
        result[name] = comparison.indicator(name, ALL, direction, ALL, basis="people")
    neighbours = [
        peak
        for peak in comparison.peaks
        if not peak.closed
        and peak.scope.direction == direction
        and peak.scope.mode == mode
        and np.isfinite(peak.difference.mean)
    ]
    if neighbours:
        result["neighbour"] = max(neighbours, key=lambda peak: peak.difference.mean)
    result["first_past_hour"] = next(
        (
            item
            for item in comparison.passings
            if item.scope.direction == direction and item.scope.mode == mode and np.isfinite(item.hours)
        ),
        None,
    )
    by_group = {(item.crossing, item.direction, item.mode): item for item in comparison.recoveries}
    result["recovery"] = by_group.get((crossing, direction, mode))
    if result["neighbour"] is not None:
        scope = result["neighbour"].scope
        result["neighbour_recovery"] = by_group.get((scope.crossing, scope.direction, scope.mode))
    return result


def _main_group(comparison: Pairing) -> tuple[str, str, str]:
    """Closed crossing, direction and mode with most people served without closure; inbound comes first."""
    served: dict[tuple[str, str, str], tuple[bool, float]] = {}
    for flow, shut in zip(comparison.layout.flows, comparison.closed_flows, strict=True):
        if shut:
            found = comparison.indicator("served", flow.crossing, flow.direction, flow.mode, basis="people")
            people = 0.0 if found is None else found.without.mean
            served[flow.crossing, flow.direction, flow.mode] = (flow.direction == "inbound", people)
    return max(served, key=lambda key: served[key])
