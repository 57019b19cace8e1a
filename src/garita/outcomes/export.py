"""A comparison as plain rows and as CSV files."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np

from garita.outcomes.definitions import DEFINITIONS
from garita.outcomes.fields import KINDS
from garita.outcomes.layout import local_time
from garita.outcomes.pairing import Pairing
from garita.outcomes.scopes import Scope
from garita.outcomes.statistics import Estimate


def indicator_rows(comparison: Pairing) -> list[dict[str, Any]]:
    """The indicators as plain rows, in the order of the definitions."""
    rows = []
    for item in comparison.indicators:
        row: dict[str, Any] = {
            "indicator": item.name,
            "label": item.label,
            "unit": item.unit,
            "basis": item.basis,
            "level": item.scope.level,
            "crossing": item.scope.crossing,
            "direction": item.scope.direction,
            "mode": item.scope.mode,
            "lane_type": item.scope.lane_type,
            "other_crossing": item.other,
            "line_closed": comparison.is_closed(item.scope) and item.scope.level != "region",
        }
        for prefix in ("with_closure", "without", "difference"):
            row.update(_flat(prefix, getattr(item, prefix)))
        rows.append(row)
    return rows


def tables(comparison: Pairing) -> dict[str, list[dict[str, Any]]]:
    """Every table as plain rows, by file name without extension."""
    zone = comparison.layout.zone
    states = comparison.states()
    mean = comparison.joint.mean(axis=0)
    # Parties that travel in neither history are candidates of the draws, not people in this story.
    cells = [
        (a, b)
        for a, b in np.argwhere(mean[..., 0] > 0).tolist()
        if {states[a][0], states[b][0]} != {KINDS[0]}
    ]
    return {
        "indicators": indicator_rows(comparison),
        "peaks": [
            {
                **_scope_row(item.scope),
                "closed": item.closed,
                **_flat("with_closure_min", item.with_closure),
                **_flat("without_min", item.without),
                **_flat("difference_min", item.difference),
                "peak_local": _clock(item.at_min, zone),
                "peak_local_without": _clock(item.at_min_without, zone),
            }
            for item in comparison.peaks
        ],
        "passes_60": [
            {
                **_scope_row(item.scope),
                "passes_local": _clock(item.at_min, zone),
                "hours_after_closing": item.hours,
                "share_of_replications": item.share,
                **_flat("hours", item.by_replication),
            }
            for item in comparison.passings
        ],
        "time_to_recover": [
            {
                "crossing": item.crossing,
                "direction": item.direction,
                "mode": item.mode,
                "from_local": _clock(item.from_min, zone),
                "hours": item.hours,
                "low": item.low,
                "high": item.high,
                "disturbed": item.disturbed,
                "censored_after_hours": item.censored_after,
            }
            for item in comparison.recoveries
        ],
        "affected": [
            {
                "crossing": item.crossing,
                "direction": item.direction,
                "mode": item.mode,
                "outcome": item.outcome,
                "to": item.to,
                "basis": item.basis,
                **_flat("number", item.number),
                **_flat("share", item.share),
            }
            for item in comparison.affected
        ],
        "transitions": [
            {
                "without": states[a][0],
                "without_crossing": states[a][1],
                "with_closure": states[b][0],
                "with_closure_crossing": states[b][1],
                "parties": mean[a, b, 0],
                "people": mean[a, b, 1],
            }
            for a, b in cells
        ],
        "definitions": [{"indicator": key, **item._asdict()} for key, item in DEFINITIONS.items()],
    }


def write_csv(comparison: Pairing, folder: str | Path) -> list[Path]:
    """Write every table as CSV (UTF-8, points as decimal sign). Returns the files."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for name, rows in tables(comparison).items():
        path = target / f"{name}.csv"
        temporary = path.with_name(f".{path.name}.tmp")
        with temporary.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else ["empty"])
            writer.writeheader()
            writer.writerows({key: _blank(value) for key, value in row.items()} for row in rows)
        temporary.replace(path)
        written.append(path)
    return written


def _flat(prefix: str, value: Estimate) -> dict[str, Any]:
    return {
        f"{prefix}_mean": value.mean,
        f"{prefix}_low": value.low,
        f"{prefix}_high": value.high,
        f"{prefix}_min_replication": value.minimum,
        f"{prefix}_max_replication": value.maximum,
    }


def _scope_row(scope: Scope) -> dict[str, str]:
    return {"crossing": scope.crossing, "direction": scope.direction, "mode": scope.mode}


def _blank(value: Any) -> Any:
    return "" if value is None or (isinstance(value, float) and np.isnan(value)) else value


def _clock(minute: float, zone: str) -> str:
    return local_time(minute, zone).strftime("%Y-%m-%d %H:%M") if np.isfinite(minute) else ""
