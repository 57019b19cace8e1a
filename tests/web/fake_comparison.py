"""A comparison with made-up but plausible numbers, through the real ``outcomes``: queues as fluids.

Seven crossings around San Diego and Tijuana; San Ysidro is shut on 25 November 2018 from 11:30 until about
17:30. Nothing in it is a result: it only gives the report every kind of row it must show.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from garita.engine import types
from garita.outcomes import Comparison, CrossingAxis, FlowAxis, Layout, Outcome, RunPart, compare

ZONE = ZoneInfo("America/Los_Angeles")
START = datetime(2018, 11, 24, tzinfo=ZONE).timestamp() / 60
HOURS, TAIL = 72, 12  # simulated, and emptying afterwards
SHUT_FROM = datetime(2018, 11, 25, 11, 30, tzinfo=ZONE).timestamp() / 60

CROSSINGS = tuple(
    CrossingAxis(*words, lat=lat, lon=lon)
    for words, lat, lon in (
        (("san-ysidro-vehicles", "San Ysidro, vehicles", "san-ysidro", "San Ysidro"), 32.5434, -117.0293),
        (("san-ysidro-pedeast", "San Ysidro, PedEast", "san-ysidro", "San Ysidro"), 32.5431, -117.0282),
        (("san-ysidro-pedwest", "San Ysidro, PedWest", "san-ysidro", "San Ysidro"), 32.5425, -117.0350),
        (("cross-border-xpress", "Cross Border Xpress", "cbx", "Cross Border Xpress"), 32.5483, -116.9745),
        (("otay-mesa-passenger", "Otay Mesa, passenger", "otay-mesa", "Otay Mesa"), 32.5503, -116.9385),
        (("otay-mesa-commercial", "Otay Mesa, commercial", "otay-mesa", "Otay Mesa"), 32.5545, -116.9330),
        (("tecate", "Tecate", "tecate", "Tecate"), 32.5764, -116.6262),
    )
)

# crossing, direction, mode, lane type, parties a day, capacity an hour
LINES = (
    ("san-ysidro-vehicles", "inbound", "car", "standard", 14000, 700),
    ("san-ysidro-vehicles", "inbound", "car", "ready", 15000, 780),
    ("san-ysidro-vehicles", "inbound", "car", "sentri", 12000, 900),
    ("san-ysidro-vehicles", "inbound", "bus", "standard", 90, 8),
    ("san-ysidro-pedeast", "inbound", "pedestrian", "standard", 11000, 640),
    ("san-ysidro-pedeast", "inbound", "pedestrian", "ready", 9000, 640),
    ("san-ysidro-pedwest", "inbound", "pedestrian", "standard", 6000, 420),
    ("cross-border-xpress", "inbound", "pedestrian", "standard", 3300, 400),
    ("otay-mesa-passenger", "inbound", "car", "standard", 7000, 380),
    ("otay-mesa-passenger", "inbound", "car", "sentri", 6000, 460),
    ("otay-mesa-passenger", "inbound", "pedestrian", "standard", 9000, 560),
    ("otay-mesa-commercial", "inbound", "truck", "standard", 1500, 150),
    ("otay-mesa-commercial", "inbound", "truck", "fast", 1300, 160),
    ("tecate", "inbound", "car", "standard", 2600, 170),
    ("tecate", "inbound", "pedestrian", "standard", 1900, 180),
    ("san-ysidro-vehicles", "outbound", "car", "standard", 40000, 4200),
    ("otay-mesa-passenger", "outbound", "car", "standard", 13000, 1500),
    ("tecate", "outbound", "car", "standard", 2600, 400),
    ("tecate", "outbound", "bus", "standard", 0, 10),
)

SHAPE = np.array([1, 1, 1, 2, 4, 6, 6, 5, 5, 5, 5, 5, 5, 5, 6, 7, 8, 8, 7, 6, 5, 4, 3, 2.0])


def layout(variant: str, replications: int, closure: str) -> Layout:
    flows = tuple(
        FlowAxis(
            ":".join(line[:4]),
            *line[:4],
            spacing_m=7.5 if line[2] != "pedestrian" else 0.5,
            queue_lanes=8.0,
            people_per_party=1.9 if line[2] == "car" else 1.0,
        )
        for line in LINES
    )
    vehicles = {
        "crossings": ["san-ysidro-vehicles"],
        "directions": ["inbound", "outbound"],
        "modes": ["car", "bus"],
    }
    on_foot = {
        "crossings": ["san-ysidro-pedeast", "san-ysidro-pedwest"],
        "directions": ["inbound"],
        "modes": ["pedestrian"],
        "until_utc": SHUT_FROM + 268,
    }
    both = {"lane_types": None, "start_utc": SHUT_FROM, "reason": "a protest"}
    closures = [
        (
            {**both, **vehicles, "until_utc": None if closure == "for good" else SHUT_FROM + minutes},
            {**both, **on_foot},
        )
        for minutes in 335 + 55 * (np.arange(replications) % 2)
    ]
    return Layout(
        flows=flows,
        crossings=CROSSINGS,
        bin_start_min=START + 15.0 * np.arange(4 * (HOURS + TAIL)),
        first_bin=0,
        horizon_bin=4 * HOURS,
        replications=replications,
        zone="America/Los_Angeles",
        variant=variant,
        title="San Ysidro closes for an afternoon",
        digest="5f2c" + "0" * 60,
        region="",
        closures=tuple(closures) if variant == "scenario" and closure else (),
        hour_start_min=START + 60.0 * np.arange(HOURS),
    )


def shut(axis: Layout, replication: int) -> np.ndarray:
    """Lines by bins: true while shut."""
    closed = np.zeros((len(axis.flows), axis.bins), dtype=bool)
    for closure in axis.closures_of(replication):
        inside = (axis.bin_start_min >= closure["start_utc"]) & (
            axis.bin_start_min < (closure["until_utc"] or np.inf)
        )
        closed |= axis.closed_flows(closure)[:, None] & inside
    return closed


def part(axis: Layout, replication: int, scale: float) -> RunPart:
    """One replication: fluid queues for the bins, lots for the final outcomes."""
    draw = np.random.default_rng(1000 + replication)
    f, b, c = len(LINES), axis.bins, len(CROSSINGS)
    closed = shut(axis, replication)
    bins, hist = np.zeros((f, b, types.FIELDS)), np.zeros((f, b, types.HISTOGRAM_BINS), dtype=np.uint32)
    rates = np.zeros((f, b))
    for row, line in enumerate(LINES):
        share = np.tile(np.repeat(SHAPE / SHAPE.sum() / 4, 4), 4)[:b]
        rates[row] = scale * line[4] * share * draw.normal(1.0, 0.06, b).clip(0.5)
    rates[:, axis.horizon_bin :] = 0
    kept = np.where(closed, 0.35, 1.0)
    moved = (rates * (1 - kept)).sum(axis=0)
    rates = rates * kept
    for row, line in enumerate(LINES):
        if line[0] == "otay-mesa-passenger" and line[1:3] == ("inbound", "car"):
            rates[row] += 0.09 * moved
        capacity = scale * line[5] / 4 * np.where(closed[row], 0.0, 1.0)
        fill(bins[row], hist[row], rates[row], capacity, closed[row], line[2])
    finals, offsets, ledger = outcomes(axis, replication, rates, scale)
    gross = np.zeros((f, types.GROSS, 2), dtype=np.int64)
    diverted = np.zeros((c, c, 2), dtype=np.int64)
    if axis.closures:
        for row, line in enumerate(LINES):
            if line[1] == "inbound" and line[0].startswith("san-ysidro"):
                went = ledger[row, types.CROSSED_ELSEWHERE].sum(axis=0)
                gross[row] = (np.array([1.2, 0.4, 1.1, 0.5, 0.3, 0.6])[:, None] * went).astype(np.int64)
                here = [item.id for item in CROSSINGS].index(line[0])
                for target, weight in ((4, 0.8), (6, 0.12), (1, 0.05)):
                    diverted[here, target] += (weight * went).astype(np.int64) if target != here else 0
    travel = ledger[:, types.CROSSED_ELSEWHERE, :, 1].sum(axis=1) * 35.0
    return RunPart(replication, bins, hist, ledger, gross, diverted, travel, finals, offsets)


def fill(bins: Any, hist: Any, rate: Any, capacity: Any, closed: Any, mode: str) -> None:
    queue, people = 0.0, 1.9 if mode == "car" else 1.0
    normal = max(capacity.max(), 1e-9)
    for at in range(len(rate)):
        shut_for = int(np.argmin(np.append(closed[at:], False))) if closed[at] else 0
        wait = 15.0 * shut_for + 15.0 * queue / normal + (3.0 if rate[at] else 0.0)
        started = min(queue + rate[at], capacity[at])
        left = 0.03 * queue if closed[at] else 0.0
        queue = max(queue + rate[at] - started - left, 0.0)
        arrived = rate[at]
        row = bins[at]
        row[types.ARRIVED], row[types.ARRIVED_PEOPLE] = arrived, arrived * people
        row[types.STARTED], row[types.STARTED_PEOPLE] = started, started * people
        row[types.WAITED], row[types.WAIT_SUM] = arrived, arrived * wait
        row[types.WAIT_PEOPLE_SUM], row[types.WAIT_MAX] = (
            arrived * people * wait,
            wait * 1.2 if arrived else 0,
        )
        row[types.INSPECTION_SUM] = arrived * 1.5
        row[types.QUEUE_END], row[types.QUEUE_PEOPLE_END] = queue, queue * people
        row[types.LEFT] = left
        row[types.OPEN_BOOTH_MIN], row[types.BUSY_BOOTH_MIN] = 15 * capacity[at], 15 * started
        row[types.PUBLISHED] = -1 if closed[at] else 5 * round(wait / 5)
        hour = at // 4 % 24
        outside = mode == "truck" and not 6 <= hour < 20
        row[types.STATUS] = types.CLOSED if closed[at] else types.OUTSIDE_HOURS if outside else types.OPEN
        if arrived >= 1:
            place = 0 if wait < 0.5 else min(int(8 * np.log2(wait / 0.5)) + 1, types.HISTOGRAM_BINS - 1)
            hist[at, place] = round(arrived)


def outcomes(axis: Layout, replication: int, rates: Any, scale: float) -> tuple[Any, Any, Any]:
    """Final outcome of every candidate, from the same numbers of candidates in both variants."""
    draw = np.random.default_rng(5000 + replication)
    f, c = len(LINES), len(CROSSINGS)
    ledger = np.zeros((f, types.KINDS, c, 2), dtype=np.int64)
    offsets, pieces, total = np.zeros((f, HOURS), dtype=np.int64), [], 0
    closed = shut(axis, replication)
    ids = [item.id for item in CROSSINGS]
    for row, line in enumerate(LINES):
        for hour in range(HOURS):
            offsets[row, hour] = total
            number = draw.poisson(scale * line[4] * SHAPE[hour % 24] / SHAPE.sum())
            lot, size = draw.random(number), draw.integers(1, 4 if line[2] == "car" else 2, number)
            edges = [0.0, 0.005, 0.01] if not closed[row, 4 * hour + 2] else [0.22, 0.32, 0.48]
            kind = np.full(number, types.CROSSED)
            elsewhere = types.CROSSED_ELSEWHERE
            for low, high, what in zip(
                [0.0, *edges, edges[-1] + 0.02],
                [*edges, edges[-1] + 0.02, edges[-1] + 0.03],
                [
                    elsewhere,
                    types.CROSSED_LATER,
                    types.CANCELLED,
                    types.GAVE_UP,
                    types.CROSSED_ELSEWHERE_LATER,
                ],
                strict=True,
            ):
                if closed[row, 4 * hour + 2] or what != types.GAVE_UP:
                    kind[(lot >= low) & (lot < high)] = what
            home = ids.index(line[0])
            other = ids.index("otay-mesa-passenger") if home != 4 else 6
            moved = (kind == elsewhere) | (kind == types.CROSSED_ELSEWHERE_LATER)
            at = np.where(
                moved, other, np.where((kind == types.CANCELLED) | (kind == types.GAVE_UP), 0, home)
            )
            pieces.append((kind | size << 4 | at << 8).astype(np.uint16))
            np.add.at(ledger, (row, kind, at, 0), 1)
            np.add.at(ledger, (row, kind, at, 1), size)
            total += number
    return np.concatenate(pieces), offsets, ledger


CLAIMS = [
    {"field": "closures[0].until", "value": value, "who": who, "source": source, "weight": 1.0}
    for value, who, source in (
        ("2018-11-25 17:05", "AP", "https://example.org/ap"),
        ("2018-11-25 18:00", "UPI <wire>", "https://example.org/upi"),
    )
]
MANIFEST = {
    "seed": 20181125,
    "engine_digest": "ab" * 32,
    "versions": {"garita": "0.1.0", "numpy": "2.4.6"},
    "command": "garita run san-ysidro-2018 --replications 6",
    "claims": CLAIMS,
}


@cache
def comparison(replications: int = 4, closure: str = "hours", scale: float = 0.1) -> Comparison:
    """The comparison; ``closure`` is ``hours``, ``for good`` or empty; ``scale`` shrinks the numbers."""
    made = []
    for variant in ("scenario", "baseline"):
        axis = layout(variant, replications, closure)
        parts = (part(axis, replication, scale) for replication in range(replications))
        made.append(Outcome.collect(axis, MANIFEST, parts))
    return compare(*made)


def case(**changes: Any) -> Any:
    """What the report asks of a case, nothing more."""
    values: dict[str, Any] = {
        "name": "fake",
        "text": "garita: 1\ntitle: San Ysidro closes for an afternoon\n",
        "digest": "5f2c" + "0" * 60,
        "path": None,
        "scenario": SimpleNamespace(
            title="San Ysidro closes for an afternoon",
            question="What does closing San Ysidro on a Sunday do to waits there and next door?",
        ),
        "claims": list,
    }
    return SimpleNamespace(**{**values, **changes})
