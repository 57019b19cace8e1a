"""The engine's waits of an ordinary week, and the demand under which they are what they should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from garita.build.packaged import Row
from garita.engine.types import PUBLISHED
from garita.fit.observed import HOURS, Floats
from garita.fit.region import Fitted, fitted_tables
from garita.outcomes import Outcome
from garita.reference import RegionTables
from garita.runs.ensemble import run
from garita.scenario import Case
from garita.scenario.case import loads

MONTH, MONDAY = "2023-02", "2023-02-06"
"""A month that has every weekday four times; only its weekdays count."""

SCENARIO = """garita: 1
title: an ordinary week
base: {base}
start: {start}
days: 7
replications: {replications}
seed: {seed}
"""


@dataclass(frozen=True)
class Simulation:
    """How a week is simulated: at least so many replications, as many of each member. ``seed`` is the same
    for
    every trial: common random numbers."""

    base: RegionTables
    replications: int = 8
    seed: int = 1
    workers: int | None = 1

    def waits(self, fitted: Sequence[Fitted]) -> Floats:
        """Mean published wait of the fitted lines by hour of the week [N, 168], minutes, over the members.

        Each replication has rosters rounded in its own way, so that together they have the booths on average.
        """
        count = -(-self.replications // len(fitted)) * len(fitted)
        members = tuple(
            replace(self._tables(replace(fitted[r % len(fitted)], phase=(r + 0.5) / count)), members=())
            for r in range(count)
        )
        outcome = run(self._case(replace(members[0], members=members)), workers=self.workers)
        return np.array([line_waits(outcome, line.key) for line in fitted[0].lines])

    def _tables(self, fitted: Fitted) -> RegionTables:
        """The region with the fitted lines, and only those of others that people might take instead."""
        made = fitted_tables(self.base, fitted, [MONTH])
        modes = {line.key[2] for line in fitted.lines}
        tables = {name: _inbound(rows, modes) for name, rows in made.tables.items()}
        tables["special_days"] = []
        return replace(made, tables=tables, digest="")

    def _case(self, tables: RegionTables) -> Case:
        text = SCENARIO.format(
            base=self.base.id, start=MONDAY, replications=len(tables.members), seed=self.seed
        )
        return loads(text).on(tables)


def _inbound(rows: Sequence[Row], modes: set[str]) -> list[dict[str, str]]:
    """The rows of inbound lines of some modes; rows of other kinds as they are."""
    return [
        dict(row) for row in rows
        if row.get("direction", "inbound") == "inbound" and row.get("mode", next(iter(modes))) in modes
    ]  # fmt: skip


def line_waits(outcome: Outcome, key: tuple[str, ...]) -> Floats:
    """Mean published wait of a line by hour of the week [168], minutes, over the measured days and the
    replications; nan where the line is closed."""
    layout = outcome.layout
    number = next(
        n for n, flow in enumerate(layout.flows)
        if (flow.crossing, flow.direction, flow.mode, flow.lane_type) == key
    )  # fmt: skip
    values = outcome.bins[:, number][:, layout.measured, PUBLISHED].astype(float)
    known = ~np.isnan(values) & (values >= 0.0)
    zone = ZoneInfo(layout.zone)
    local = [
        datetime.fromtimestamp(m * 60.0, UTC).astimezone(zone) for m in layout.bin_start_min[layout.measured]
    ]
    hours = np.array([24 * at.weekday() + at.hour for at in local])
    total = np.bincount(hours, np.where(known, values, 0.0).sum(axis=0), HOURS)
    count = np.bincount(hours, known.sum(axis=0), HOURS)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
