"""Small made-up runs with the shapes of the engine's output and honest books."""

from __future__ import annotations

from typing import Any

import numpy as np

from garita.engine import types
from garita.outcomes import CrossingAxis, FlowAxis, Layout, Outcome, RunPart
from garita.outcomes.histograms import bin_index

START = 1543104000.0 / 60  # 2018-11-25 00:00 UTC, minutes
CROSSINGS = ("south", "east", "far")


def make_layout(replications: int = 3, days: int = 2, variant: str = "scenario", **changes: Any) -> Layout:
    """Three crossings; cars on two lanes and people on foot, inbound; one warm-up day and some emptying."""
    flows = [
        FlowAxis(f"{crossing}:inbound:{mode}:{lane}", crossing, "inbound", mode, lane, spacing, 2000.0, rows)
        for crossing in CROSSINGS
        for mode, lane, spacing, rows in (
            ("car", "standard", 7.5, 5.0),
            ("car", "ready", 7.5, 3.0),
            ("pedestrian", "standard", float("nan"), 1.0),
        )
    ]
    bins = days * 96 + 24
    fields: dict[str, Any] = {
        "flows": tuple(flows),
        "crossings": tuple(CrossingAxis(name, name.title(), f"port-{name}") for name in CROSSINGS),
        "bin_start_min": START + 15.0 * np.arange(bins),
        "first_bin": 96,
        "horizon_bin": days * 96,
        "replications": replications,
        "zone": "America/Los_Angeles",
        "variant": variant,
        "title": "A made-up closure",
        "hour_start_min": START + 60.0 * np.arange(days * 24),
    }
    closure = {
        "crossings": ["south"],
        "directions": ["inbound"],
        "modes": None,
        "lane_types": None,
        "start_utc": START + 96 * 15 + 600.0,
        "until_utc": START + 96 * 15 + 900.0,
        "reason": "made up",
    }
    if variant == "scenario":
        fields["closures"] = tuple((closure,) for _ in range(replications))
    fields.update(changes)
    return Layout(**fields)


def make_part(
    layout: Layout, replication: int, wait_min: Any = 20.0, per_bin: int = 6, seed: int = 1
) -> RunPart:
    """``per_bin`` parties in every line and bin wait around ``wait_min`` (broadcast to [F, B]) and cross."""
    flows, bins = len(layout.flows), layout.bins
    rng = np.random.default_rng([seed, replication])
    waits = np.broadcast_to(np.asarray(wait_min, dtype=float), (flows, bins))[..., None] * np.exp(
        rng.normal(0, 0.05, (flows, bins, per_bin))
    )
    active = np.arange(bins) < layout.horizon_bin
    waits = np.where(active[:, None], waits, 0.0)
    parties = np.where(active, per_bin, 0)
    out = np.zeros((flows, bins, types.FIELDS))
    for field, values in (
        (types.ARRIVED, parties),
        (types.ARRIVED_PEOPLE, 2 * parties),
        (types.STARTED, parties),
        (types.STARTED_PEOPLE, 2 * parties),
        (types.WAITED, parties),
        (types.WAIT_SUM, waits.sum(axis=2)),
        (types.WAIT_PEOPLE_SUM, 2 * waits.sum(axis=2)),
        (types.WAIT_MAX, waits.max(axis=2)),
        (types.QUEUE_END, waits.mean(axis=2) * parties / 15),
        (types.OPEN_BOOTH_MIN, 30.0 * active),
        (types.QUEUE_PEOPLE_END, 2 * waits.mean(axis=2) * parties / 15),
        (types.BUSY_BOOTH_MIN, 20.0 * active),
        (types.PUBLISHED, waits.mean(axis=2)),
    ):
        out[..., field] = values
    hist = np.zeros((flows, bins, types.HISTOGRAM_BINS), dtype=np.uint32)
    f, b, _ = np.nonzero(np.broadcast_to(active[None, :, None], waits.shape))
    np.add.at(hist, (f, b, bin_index(waits[f, b, _])), 1)
    return RunPart(replication, out, hist, *make_books(layout), offsets=make_offsets(layout))


PER_CELL = 24  # candidates planned for each line and hour


def make_offsets(layout: Layout) -> Any:
    shape = (len(layout.flows), len(layout.hour_start_min))
    return (np.arange(shape[0] * shape[1]) * PER_CELL).reshape(shape)


def make_books(layout: Layout, finals: Any = None) -> tuple[Any, ...]:
    """Ledger, gross, diverted, extra travel and finals that agree; by default everybody crosses as
    planned."""  # FIXME
    names = list(layout.crossing_ids)
    cells = PER_CELL * len(layout.hour_start_min)
    planned = np.repeat(np.arange(len(layout.flows)), cells)
    if finals is None:
        crossing = np.array([names.index(flow.crossing) for flow in layout.flows])
        finals = (types.CROSSED | (2 << 4) | (crossing[planned] << 8)).astype(np.uint16)
    ledger = np.zeros((len(layout.flows), types.KINDS, len(names), 2), dtype=np.int64)
    settled = (finals & 15) > 0
    at = (planned[settled], finals[settled] & 15, finals[settled] >> 8)
    np.add.at(ledger[..., 0], at, 1)
    np.add.at(ledger[..., 1], at, (finals[settled] >> 4) & 15)
    return (
        ledger,
        np.zeros((len(layout.flows), types.GROSS, 2), dtype=np.int64),
        np.zeros((len(names), len(names), 2), dtype=np.int64),
        np.zeros(len(layout.flows)),
        finals,
    )


def make_outcome(layout: Layout, wait_min: Any = 20.0, seed: int = 1, **manifest: Any) -> Outcome:
    parts = (make_part(layout, r, wait_min, seed=seed) for r in range(layout.replications))
    return Outcome.collect(layout, {"seed": 7, **manifest}, parts)
