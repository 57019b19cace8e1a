"""A normal week before anything is closed: simulated waits by weekday and hour, beside published ones.

Compared is what the model *publishes* (hourly, late, rounded), because that is what the published figures
are.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from garita.engine.types import PUBLISHED, WAIT_SUM, WAITED
from garita.outcomes import Outcome
from garita.reference import validation_waits
from garita.runs import run
from garita.scenario import Case
from garita.scenario.case import loads

Waits = npt.NDArray[np.float64]  # [7 weekdays from Monday, 24 hours], minutes; nan closed

SCENARIO = """garita: 1
title: a normal fortnight
base: {base}
start: {start}
days: {days}
replications: {replications}
demand:
  - {{crossing: all, factor: {factor}}}
"""


@dataclass(frozen=True)
class Column:
    """A published series: one lane type of a port, over the lines that belong to it."""

    name: str
    port: str
    mode: str
    lane_types: tuple[str, ...]


COLUMNS = (
    Column("San Ysidro standard", "san-ysidro", "car", ("standard",)),
    Column("San Ysidro Ready", "san-ysidro", "car", ("ready",)),
    Column("San Ysidro SENTRI", "san-ysidro", "car", ("sentri",)),
    Column("San Ysidro on foot", "san-ysidro", "pedestrian", ("standard", "ready")),
    Column("Otay Mesa standard", "otay-mesa", "car", ("standard",)),
    Column("Otay Mesa Ready", "otay-mesa", "car", ("ready",)),
    Column("Otay Mesa SENTRI", "otay-mesa", "car", ("sentri",)),
    Column("Otay Mesa on foot", "otay-mesa", "pedestrian", ("standard", "ready")),
    Column("Tecate standard", "tecate", "car", ("standard",)),
    Column("Tecate on foot", "tecate", "pedestrian", ("standard",)),
)
# Columns of CBP's averages at San Ysidro. Its SENTRI lanes are the "express" ones.
CBP_COLUMNS = {
    "pv_time_avg": Column("San Ysidro standard", "san-ysidro", "car", ("standard",)),
    "pv_ready_lanes_time_avg": Column("San Ysidro Ready", "san-ysidro", "car", ("ready",)),
    "xpv_time_avg": Column("San Ysidro SENTRI", "san-ysidro", "car", ("sentri",)),
    "ped_time_avg": Column("San Ysidro on foot, standard", "san-ysidro", "pedestrian", ("standard",)),
    "ped_ready_lanes_time_avg": Column("San Ysidro on foot, Ready", "san-ysidro", "pedestrian", ("ready",)),
}


def fortnight(
    base: str = "san-diego-tijuana",
    start: str = "2018-11-03",
    days: int = 14,
    replications: int = 4,
    demand_factor: float = 1.0,
) -> Case:
    """Two ordinary weeks of a region, with demand scaled by a factor."""
    return loads(
        SCENARIO.format(base=base, start=start, days=days, replications=replications, factor=demand_factor)
    )


def simulate(case: Case, workers: int | None = None) -> Outcome:
    """Run a fortnight."""
    return run(case, workers=workers, variant="baseline")


def weekly_waits(
    outcome: Outcome, column: Column, published: bool = True, replications: Sequence[int] | None = None
) -> Waits:
    """Mean over days and replications of a column's wait by weekday and hour; lines weighted by parties.

    With ``published`` false, the true wait of those who joined. ``replications`` are positions; None = all.
    """
    layout = outcome.layout
    port = {crossing.id: crossing.port for crossing in layout.crossings}
    mine = [
        f
        for f, flow in enumerate(layout.flows)
        if port[flow.crossing] == column.port
        and flow.mode == column.mode
        and flow.direction == "inbound"
        and flow.lane_type in column.lane_types
    ]
    chosen = slice(None) if replications is None else list(replications)
    bins = outcome.bins[chosen][:, mine][:, :, layout.measured].astype(float)
    if published:
        values, weights = bins[..., PUBLISHED], np.maximum(bins[..., WAITED], 1e-9)
        weights = np.where(np.isnan(values) | (values < 0.0), 0.0, weights)
        values = np.where(weights > 0.0, values, 0.0)
        total, weight = (values * weights).sum(axis=(0, 1)), weights.sum(axis=(0, 1))
    else:
        total, weight = bins[..., WAIT_SUM].sum(axis=(0, 1)), bins[..., WAITED].sum(axis=(0, 1))
    zone = ZoneInfo(layout.zone)
    sums, counts = np.zeros((7, 24)), np.zeros((7, 24))
    for i, minute in enumerate(layout.bin_start_min[layout.measured]):
        local = datetime.fromtimestamp(minute * 60.0, UTC).astimezone(zone)
        sums[local.weekday(), local.hour] += total[i]
        counts[local.weekday(), local.hour] += weight[i]
    return np.where(counts > 0.0, sums / np.maximum(counts, 1e-12), np.nan)


def observed_v1() -> dict[str, Waits]:
    """Case V1: published mean waits by hour of a weekday, by column name ([24] minutes, nan closed)."""
    found = {column.name: np.full(24, np.nan) for column in COLUMNS}
    for row in validation_waits("V1"):
        for column in COLUMNS:
            kind = "all" if column.mode == "pedestrian" else column.lane_types[0]
            same = row["crossing_group"] == column.port and row["mode"] == column.mode
            if same and row.get("lane_type", kind) in (kind, "all", *column.lane_types) and row["wait_min"]:
                found[column.name][int(row["hour"])] = float(row["wait_min"])
    return found


def observed_cbp(path: Path, month: int) -> dict[str, Waits]:
    """CBP's averages of a month at San Ysidro, by column name [7 weekdays from Monday, 24 hours], minutes.

    ``path`` is CBP's table with the columns month, bwt_day (0 = Monday), time_slot and one for each line.
    """
    found = {column.name: np.full((7, 24), np.nan) for column in CBP_COLUMNS.values()}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if int(row["month"]) == month:
                for key, column in CBP_COLUMNS.items():
                    found[column.name][int(row["bwt_day"]), int(row["time_slot"])] = float(row[key])
    return found


def weekday_mean(waits: Waits) -> Waits:
    """Mean of Monday to Friday by hour [24]; nan where no day has a wait."""
    known = ~np.isnan(waits[:5])
    days = known.sum(axis=0)
    total = np.where(known, waits[:5], 0.0).sum(axis=0)
    return np.where(days > 0, total / np.maximum(days, 1), np.nan)


def errors(simulated: Mapping[str, Waits], observed: Mapping[str, Waits]) -> dict[str, float]:
    """Mean absolute error of each column over the hours that both have, minutes."""
    found = {}
    for name, waits in observed.items():
        both = ~np.isnan(waits) & ~np.isnan(simulated[name])
        found[name] = float(np.abs(simulated[name] - waits)[both].mean()) if both.any() else float("nan")
    return found


def weekday_errors(outcome: Outcome) -> dict[str, float]:
    """Mean absolute error against case V1 of each column, minutes."""
    simulated = {column.name: weekday_mean(weekly_waits(outcome, column)) for column in COLUMNS}
    return errors(simulated, observed_v1())


@dataclass(frozen=True)
class Shape:
    """Agreement of two daily curves, minutes; ``level`` is the observed mean over the simulated one."""

    correlation: float
    error: float
    level: float
    scaled_error: float  # after the observed curve is brought to the simulated mean


def shape(simulated: Sequence[float] | Waits, observed: Sequence[float] | Waits) -> Shape:
    """Compare two daily curves in shape before level, over the hours that both have."""
    a, b = np.asarray(simulated, float), np.asarray(observed, float)
    both = ~np.isnan(a) & ~np.isnan(b)
    a, b = a[both], b[both]
    if not len(a) or a.mean() <= 0.0 or b.mean() <= 0.0:
        return Shape(*[float("nan")] * 4)
    spread = a.std() * b.std()
    together = float(((a - a.mean()) * (b - b.mean())).mean() / spread) if spread > 0 else float("nan")
    scaled = b * a.mean() / b.mean()
    return Shape(
        together, float(np.abs(a - b).mean()), float(b.mean() / a.mean()), float(np.abs(a - scaled).mean())
    )
