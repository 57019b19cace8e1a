"""Garita on the reference day, in one process, in two extents.

``garita``      The engine: random numbers, decisions, queues, and its books (each line's 15-minute bins and
                histograms of waits, every party's final outcome, the ledger), and from them the figures by
                station, as in the peers. The arrays of the day are made before; they are the same for all.
``garita-run``  ``garita.run``: for every day the scenario resolved and built anew, the engine, and the
                books reduced to an outcome, in memory.

Compiling (or loading what was compiled before) comes first and is shown apart. One run makes many days,
as nobody runs one, and its time is divided by them.
"""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.garita_scenario import LINES, crossing_id, scenario_text
from benchmarks.measures import Station
from benchmarks.reference_day import Day, day


def timed(name: str, scenario: str, fraction: float, seed: int, days: int, clock: Any) -> dict[str, Any]:
    """Simulate so many days; ``clock`` is a context manager with ``wall_s`` and ``cpu_s``."""
    import garita
    import garita.build
    import garita.runs  # imported before any clock runs

    of = day(scenario, fraction)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "reference-day.yaml")
        path.write_text(scenario_text(of, fraction, seed), encoding="utf-8")
        case = garita.load(path)
    return (_timed_run if name == "garita-run" else _timed_engine)(case, of, seed, days, clock)


def _timed_engine(case: Any, of: Day, seed: int, days: int, clock: Any) -> dict[str, Any]:
    from garita.build import Builder
    from garita.engine import run_replication

    with clock() as loading:
        built = Builder(case).build(case.resolve(0))
        run_replication(built.run, seed, 0)
    rows = station_rows(built, of)
    with clock() as running:
        found = [figures(run_replication(built.run, seed, replication), rows) for replication in range(days)]
    stations: dict[str, list[Station]] = {}
    for figures_of_day in found:
        for station, values in zip(rows, zip(*figures_of_day, strict=True), strict=True):
            count, waited, longest = values
            mean = float(waited / count) if count else 0.0
            stations.setdefault(station, []).append(Station(int(count), mean, math.nan, float(longest)))
    travellers = sum(
        one.travellers for name, of_days in stations.items() for one in of_days if "secondary" not in name
    )
    return _result(days, running, loading, travellers, stations)


def _timed_run(case: Any, _of: Day, seed: int, days: int, clock: Any) -> dict[str, Any]:
    import garita
    from garita.engine.types import WAITED

    with clock() as loading:
        garita.run(case, workers=1, replications=1, seed=seed)
    with clock() as running:
        outcome = garita.run(case, workers=1, replications=days, seed=seed)
    travellers = int(np.asarray(outcome.counts[WAITED], dtype=np.float64).sum())
    return _result(days, running, loading, travellers, {})


def _result(
    days: int, running: Any, loading: Any, travellers: int, stations: dict[str, list[Station]]
) -> dict[str, Any]:
    return {
        "days": days,
        "wall_s": running.wall_s / days,
        "cpu_s": running.cpu_s / days,
        "load_wall_s": loading.wall_s,
        "travellers": travellers / days,
        "stations": stations,
    }


def station_rows(built: Any, of: Day) -> dict[str, int]:
    """Where the engine keeps each station: lines first, then secondary inspections."""
    lines = {(line.crossing, line.mode, line.lane_type): row for row, line in enumerate(built.region.lines)}
    secondary = {station.crossing: row for row, station in enumerate(built.region.secondary, len(lines))}
    rows = {}
    for port in of.ports:
        for line in port.lines:
            rows[f"{port.name} {line.name}"] = lines[crossing_id(port), *LINES[line.name]]
        rows[f"{port.name} secondary"] = secondary[crossing_id(port)]
    return rows


def figures(output: Any, rows: dict[str, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Served, sum of waits in minutes and longest queue at a quarter of an hour, by station.

    The engine keeps no queue of secondary inspection: nan.
    """
    from garita.engine.types import QUEUE_END, WAIT_SUM, WAITED

    order = list(rows.values())
    second = output.secondary
    served = np.concatenate([output.bins[:, :, WAITED].sum(axis=1), second[:, 0]])
    waited = np.concatenate([output.bins[:, :, WAIT_SUM].sum(axis=1), second[:, 1]])
    longest = np.concatenate([output.bins[:, :, QUEUE_END].max(axis=1), np.full(len(second), np.nan)])
    return served[order], waited[order], longest[order]
