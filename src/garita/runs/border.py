"""Many regions at once: each an ordinary simulation, run side by side, reduced to days while it is in memory.

Kept of a region are a few numbers a day and mode, so that memory grows neither with days nor with regions.
Trains are counted by the publishers but not simulated: what a closure stops of them is their count.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from garita.build import Builder
from garita.engine import load, release, run_both, run_replication
from garita.engine.types import ARRIVED, BIN_MINUTES, STARTED, STARTED_PEOPLE, WAIT_SUM, WAITED
from garita.runs.border_totals import by_day
from garita.runs.executors import executor_for
from garita.runs.manifest import versions
from garita.runs.rail import stopped_trains

MODES = ("car", "pedestrian", "bus", "truck")
FIELDS = (ARRIVED, STARTED, STARTED_PEOPLE, WAITED, WAIT_SUM)
NAMES = ("joined", "crossed", "people", "waited", "wait_min")
VARIANTS = ("scenario", "baseline")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Day:
    """What happened at one port on one local day in one mode, mean of the replications.

    Pairs are (scenario, baseline); without a baseline both are the scenario. ``joined`` and ``crossed`` are
    parties (who is turned away and comes again joins again), ``people`` those in them who crossed,
    ``wait_min`` the mean wait of those who crossed.
    """

    region: str
    port: str
    day: date
    mode: str
    joined: tuple[float, float]
    crossed: tuple[float, float]
    people: tuple[float, float]
    wait_min: tuple[float, float]
    usd: float  # value of what did not cross that otherwise would have: trucks' freight, else 0

    @property
    def stopped(self) -> float:
        """Parties that crossed in the baseline and do not in the scenario (negative: more cross)."""
        return self.crossed[1] - self.crossed[0]

    @property
    def people_stopped(self) -> float:
        """The people in them."""
        return self.people[1] - self.people[0]


@dataclass(frozen=True)
class BorderOutcome:
    """Days of all regions, and where they come from. ``histories`` [R, days, 5]: the sums of each history by
    day, in the order of :data:`garita.runs.border_totals.BY_DAY`."""

    title: str
    days: list[Day]
    paired: bool
    manifest: dict[str, Any]
    histories: NDArray[np.float64]


@dataclass(frozen=True)
class _Job:
    region: int
    case: Any
    replication: int
    begins: date


def run_border(border: Any, *, replications: int = 1, seed: int | None = None, workers: int | None = None,
               baseline: bool = True, progress: Progress | None = None) -> BorderOutcome:  # fmt: skip
    """Simulate every region of a border, with and without what happens.

    ``workers``: simulations at once, one a core by default; results do not depend on it. Without closures and
    other events the baseline is the same, and is not simulated.
    """
    began = time.monotonic()
    cases = [case if seed is None else case.with_(seed=seed) for case in border.cases]
    paired = baseline and _something_happens(cases[0])
    periods = border.periods()
    jobs = [
        _Job(number, _part(case, start, days, len(periods) > 1), replication, start)
        for number, case in enumerate(cases)
        for start, days in periods
        for replication in range(replications)
    ]
    # Large ones first, so that no worker is left with one at the end; merged they are in order all the same.
    order = sorted(range(len(jobs)), key=lambda at: -len(jobs[at].case.tables.tables["flows"]))
    load(_build(jobs[order[0]], paired)[0].run)
    release()
    found: dict[int, NDArray[np.float64]] = {}
    results = executor_for(workers).map(lambda at: (at, _days_of(jobs[at], paired)), order)
    for at, days in results:
        found[at] = days
        if progress is not None:
            progress(len(found), len(jobs))
    release()
    rows: list[Day] = []
    histories: list[list[Day]] = [[] for _ in range(replications)]
    for number, case in enumerate(cases):
        mine = [at for at, job in enumerate(jobs) if job.region == number]
        rows += _rows(case, [(jobs[at].begins, found[at]) for at in mine], replications, paired)
        for at_number, history in enumerate(histories):
            its = [(jobs[at].begins, found[at]) for at in mine if jobs[at].replication == at_number]
            history += _rows(case, its, 1, paired) if replications > 1 else rows[len(history) :]
    about = {
        "title": border.title,
        "scenario": border.name,
        "seed": cases[0].scenario.seed,
        "replications": replications,
        "regions": {case.tables.id: case.digest for case in cases},
        "parties_simulated": sum(float(days[0, ..., 0].sum()) for days in found.values()),
        "seconds": round(time.monotonic() - began, 3),
        "versions": versions(),
    }
    return BorderOutcome(border.title, rows, paired, about, np.stack([by_day(days) for days in histories]))


def _something_happens(case: Any) -> bool:
    return bool(case.without("closures").canonical != case.canonical)


def _part(case: Any, start: date, days: int, several: bool) -> Any:
    """The case of some of its days. What happened before goes on."""
    return case.with_(start=start.isoformat(), days=days) if several else case


def _build(job: _Job, paired: bool) -> list[Any]:
    builder = Builder(job.case, record_finals=False)
    resolved = job.case.resolve(job.replication)
    if not paired:
        return [builder.build(resolved)]
    without = job.case.without("closures")
    other = without.resolve(job.replication)
    return [builder.build(resolved, other), builder.of_variant(without).build(other, resolved)]


def _days_of(job: _Job, paired: bool) -> NDArray[np.float64]:
    """Sums by variant, day, port, mode [V, D, P, M, 5] in the order of NAMES."""
    built = _build(job, paired)
    seed = job.case.scenario.seed
    if paired:
        books = run_both(built[0].run, built[1].run, seed, job.replication)
    else:
        books = iter([run_replication(built[0].run, seed, job.replication)])
    return np.stack([_by_day(job, one, output.bins) for one, output in zip(built, books, strict=True)])


def _by_day(job: _Job, built: Any, bins: NDArray[Any]) -> NDArray[np.float64]:
    """Sums by local day, port and mode of the days that are reported."""
    calendar, region = built.calendar, built.region
    first = round(calendar.warm_up_min / BIN_MINUTES)
    last = 4 * calendar.demand_hours
    zone = ZoneInfo(str(job.case.zone))
    of_bin = [
        (datetime.fromtimestamp((calendar.start[0] + BIN_MINUTES * at) * 60.0, UTC).astimezone(zone).date()
         - job.begins).days
        for at in range(first, last)
    ]  # fmt: skip
    days = int(job.case.scenario.days)
    starts = np.searchsorted(of_bin, np.arange(days))
    ports = _ports(job.case)
    port_of = {crossing.id: ports.index(crossing.port) for crossing in region.crossings}
    found = np.zeros((days, len(ports), len(MODES), len(FIELDS)))
    for f, line in enumerate(region.lines):
        sums = np.add.reduceat(bins[f, first:last][:, list(FIELDS)].astype(float), starts, axis=0)
        found[:, port_of[line.crossing], MODES.index(line.mode)] += sums
    return found


def _ports(case: Any) -> list[str]:
    return sorted({row.get("port") or row["crossing"] for row in case.tables.tables["crossings"]})


def _rows(case: Any, parts: Sequence[tuple[date, NDArray[np.float64]]], replications: int,
          paired: bool) -> list[Day]:  # fmt: skip
    """The days of a region, and what was stopped by rail."""
    sums: dict[date, NDArray[np.float64]] = {}
    for begins, days in parts:
        for number in range(days.shape[1]):
            day = begins + timedelta(days=number)
            sums[day] = sums.get(day, 0.0) + days[:, number] / replications
    value = _worth_of_trucks(case)
    ports, rows = _ports(case), []
    for day in sorted(sums):
        for p, port in enumerate(ports):
            for m, mode in enumerate(MODES):
                joined, crossed, people, waited, wait = sums[day][:, p, m].T
                if joined.max() == 0 and crossed.max() == 0:
                    continue
                parties, persons = (
                    (float(crossed[0]), float(crossed[-1])),
                    (float(people[0]), float(people[-1])),
                )
                queued = float(joined[0]), float(joined[-1])
                mean = wait / np.maximum(waited, 1e-9)
                usd = value.get(port, 0.0) if mode == "truck" else 0.0
                waits = float(mean[0]), float(mean[-1])
                row = Day(case.tables.id, port, day, mode, queued, parties, persons, waits, 0.0)
                rows.append(replace(row, usd=row.stopped * usd))
    for day in sorted(sums):
        for port, mode, count, stopped, usd in stopped_trains(case, day, paired):
            crossing, none = (count - stopped, count), (0.0, 0.0)
            rows.append(Day(case.tables.id, port, day, mode, none, crossing, none, none, usd))
    return rows


def _worth_of_trucks(case: Any) -> dict[str, float]:
    """USD that a truck carries on average, by port: of its BTS code, else the region's mean cargo value."""
    trade = {
        row["bts_port_code"]: float(row["usd_each"])
        for row in case.tables.get("trade", ())
        if row["mode"] == "truck"
    }
    usual = next(float(row["mid"]) for row in case.tables["costs"] if row["item"] == "cargo_value")
    return {
        row.get("port") or row["crossing"]: trade.get(row.get("bts_port_code", ""), usual)
        for row in case.tables["crossings"]
    }
