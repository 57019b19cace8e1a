"""An ordinary week of a region's lines: how many come when, who staffs the booths, from tables and waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from garita.build.packaged import Demand, LineKey, Row
from garita.build.packaged import line_key as line_of
from garita.fit.fluid import Lines, capacity_for
from garita.fit.observed import HOURS, Column, Floats

Tables = Mapping[str, Sequence[Row]]
FULLEST = 0.95
"""Share of its booths that a line's roster may reach: beyond, an inspection is taken to be shorter."""
QUIET, LONGER = 0.1, 4.0
"""A tenth of the hours may need less than one booth; for that inspections are made at most so much longer."""


@dataclass(frozen=True)
class Line:
    """A line that is fitted, as the region's tables have it. ``column``: position of its waits; ``shape``
    [168] parties an hour of an ordinary week, of which ``daily`` a day; ``share`` of its place's daily
    parties."""

    key: LineKey
    column: int
    shape: Floats
    share: float
    mean_s: float
    booths: float
    must: float
    own: float

    @property
    def daily(self) -> float:
        return float(self.shape.sum()) / 7.0


def lines_of(tables: Tables, columns: Sequence[Column]) -> list[Line]:
    """The lines behind the columns. A line's share is that of the parties of its mode at its port."""
    daily = _daily(tables)
    port = {row["crossing"]: row.get("port") or row["crossing"] for row in tables["crossings"]}
    shapes, musts = _shapes(tables), _musts(tables)
    rows = {line_of(row): row for row in tables["flows"]}
    found = []
    for number, column in enumerate(columns):
        for key in column.lines:
            alike = [other for other in daily if other[1:3] == key[1:3]]
            place = sum(daily[other] for other in alike if port[other[0]] == port[key[0]])
            kind = sum(daily[other] for other in alike if other[3] == key[3])
            row = rows[key]
            found.append(
                Line(
                    key,
                    number,
                    shapes[key] * daily[key] * 7.0,
                    daily[key] / place if place > 0 else 1.0,
                    float(row["mean_s"]),
                    float(row["booths"]),
                    musts.get(key[1:], musts.get((*key[1:3], "standard"), 0.22)),
                    daily[key] / kind if kind > 0 else 1.0,
                )
            )
    return found


def _daily(tables: Tables) -> dict[LineKey, float]:
    """Parties a day of every line, the mean of the months in the tables."""
    months: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for row in tables["volumes"]:
        months[row["crossing"], row["direction"], row["mode"]].append(float(row["parties"]) * 12.0 / 365.25)
    return {
        line_of(row): float(np.mean(months.get(line_of(row)[:3], [0.0]))) * float(row["lane_share"])
        for row in tables["flows"]
    }


def _shapes(tables: Tables) -> dict[LineKey, Floats]:
    """Share of an ordinary week's parties in each of its hours [168]."""
    demand = Demand(tables)
    found = {}
    for row in tables["flows"]:
        key = line_of(row)
        days = zip(demand.weekday[key], demand.day_types(key), strict=True)
        week = np.concatenate([factor * np.array(demand.share[key, kind]) for factor, kind in days])
        found[key] = week / max(float(week.sum()), 1e-12)
    return found


def _musts(tables: Tables) -> dict[tuple[str, ...], float]:
    return {
        (row["direction"], row["mode"], row["lane_type"]): float(row["must_share"])
        for row in tables["purposes"]
    }


@dataclass(frozen=True)
class Week:
    """What reproduces waits: ``arrivals`` [N, 168] parties an hour, ``booths`` [N, 168] on average,
    ``mean_s``
    [N] seconds an inspection takes."""

    arrivals: Floats
    booths: Floats
    mean_s: Floats

    def of_volume(self, daily: Floats) -> Week:
        """The same waits with so many parties a day [N]: only booths over service time shows in waits."""
        ratio = daily * 7.0 / np.maximum(self.arrivals.sum(axis=1), 1e-9)
        return Week(self.arrivals * ratio[:, None], self.booths, self.mean_s / ratio)


def inferred(lines: Sequence[Line], usual: Floats, daily: Floats) -> Week:
    """Demand as the tables have it, and the booths that make it wait as usual [N, 168]. ``daily`` [N] parties
    a day. Where more booths than there are would be needed, an inspection is taken to be shorter."""
    shape = np.array([line.shape for line in lines])
    shape = shape * (daily * 7.0 / np.maximum(shape.sum(axis=1), 1e-9))[:, None]
    return staffed(lines, shape, usual, np.array([line.mean_s for line in lines]))


def staffed(lines: Sequence[Line], arrivals: Floats, usual: Floats, mean_s: Floats) -> Week:
    """The booths for arrivals [N, 168], parties an hour, and usual waits.

    Only booths over service time shows in waits. A line with hardly one booth is given longer inspections
    and more booths, as far as it has them, for part of a booth cannot be staffed.
    """
    capacity = capacity_for(arrivals, usual) / 3600.0
    most = np.array([line.booths for line in lines]) * FULLEST
    quiet = np.quantile(capacity, QUIET, axis=1)
    mean_s = np.clip(1.0 / np.maximum(quiet, 1e-9), mean_s, LONGER * mean_s)
    mean_s = np.minimum(mean_s, most / np.maximum(capacity.max(axis=1), 1e-9))
    return Week(arrivals, capacity * mean_s[:, None], mean_s)


def whole(booths: Floats, phase: float) -> Floats:
    """Booths [N, 168] in whole numbers; what rounding takes or gives is carried over to the next hour.

    ``phase``, 0 to 1: what is carried over at the beginning, so that weeks of different phases together have
    the booths on average.
    """
    carry = np.full(len(booths), phase - 0.5)
    found = np.empty(booths.shape)
    for hour in range(HOURS):
        wanted = booths[:, hour] + carry
        found[:, hour] = np.where(booths[:, hour] > 0.01, np.maximum(1.0, np.floor(wanted + 0.5)), 0.0)
        carry = np.clip(wanted - found[:, hour], -0.5, 0.5)
    return found


def fluid_lines(lines: Sequence[Line], week: Week, usual: Floats) -> Lines:
    """The lines as fluid queues."""
    return Lines(
        usual,
        week.arrivals,
        week.booths,
        60.0 / week.mean_s,
        np.array([line.must for line in lines]),
        np.array([line.own for line in lines]),
    )


def corrected(week: Week, usual: Floats, got: Floats, pace: float = 0.65, kept: float = 0.7) -> Week:
    """Demand moved towards what would have led to the usual waits [N, 168] instead of those it led to.

    A wait e minutes too short an hour lacks e x capacity parties in the queue half an hour before, of which
    ``kept`` would be left an hour later; ``pace`` of them are made to come, in the two hours before.
    """
    lacking = (usual - got) * week.booths / week.mean_s[:, None] * 60.0
    come = pace * (lacking - kept * np.roll(lacking, 1, axis=1))
    moved = week.arrivals + 0.5 * (np.roll(come, -1, axis=1) + np.roll(come, -2, axis=1))
    least = 0.2 * np.minimum(week.arrivals, week.arrivals.mean(axis=1, keepdims=True))
    return Week(np.maximum(moved, least), week.booths, week.mean_s)
