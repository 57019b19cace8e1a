"""Garita on the reference day, through its public interface, in one process.

The clock covers ``garita.run``: the days simulated and the books of every line and quarter of an hour, in
memory. Reading the scenario and compiling (or loading what was compiled before) come first and are shown
apart. One run makes many days, and its time is divided by them, as nobody runs one.
"""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.garita_scenario import LINES, crossing_id, scenario_text
from benchmarks.measures import Station
from benchmarks.reference_day import Day, Port, day


def timed(scenario: str, fraction: float, seed: int, days: int, clock: Any) -> dict[str, Any]:
    """Simulate so many days; ``clock`` is a context manager with ``wall_s`` and ``cpu_s``."""
    import garita

    of = day(scenario, fraction)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "reference-day.yaml")
        path.write_text(scenario_text(of, fraction, seed), encoding="utf-8")
        with clock() as loading:
            case = garita.load(path)
            garita.run(case, workers=1, replications=1)
        with clock() as running:
            outcome = garita.run(case, workers=1, replications=days)
    stations = figures(outcome, of)
    travellers = sum(
        station.travellers
        for name, of_days in stations.items()
        if not name.endswith("secondary")
        for station in of_days
    )
    return {
        "days": days,
        "wall_s": running.wall_s / days,
        "cpu_s": running.cpu_s / days,
        "load_wall_s": loading.wall_s,
        "travellers": travellers / days,
        "stations": stations,
    }


def figures(outcome: Any, of: Day) -> dict[str, list[Station]]:
    """Figures by station, one for each replication, from the books of an outcome."""
    flows = {(axis.crossing, axis.mode, axis.lane_type): i for i, axis in enumerate(outcome.layout.flows)}
    stations = {}
    for port in of.ports:
        rows = [flows[crossing_id(port), *LINES[line.name]] for line in port.lines]
        for line, flow in zip(port.lines, rows, strict=True):
            stations[f"{port.name} {line.name}"] = _line(outcome, flow)
        stations[f"{port.name} secondary"] = _secondary(outcome, port, rows)
    return stations


def _books(outcome: Any, name: str, flow: int) -> np.ndarray:
    """One field of a line in every replication and bin [R, B]."""
    from garita.engine import types

    return np.asarray(outcome.counts[getattr(types, name), :, flow], dtype=np.float64)


def _line(outcome: Any, flow: int) -> list[Station]:
    served = _books(outcome, "WAITED", flow).sum(axis=1)
    waited = _books(outcome, "WAIT_SUM", flow).sum(axis=1)
    queue = _books(outcome, "QUEUE_END", flow).max(axis=1)
    return [
        Station(int(count), float(total / count), math.nan, float(longest))
        for count, total, longest in zip(served, waited, queue, strict=True)
    ]


def _secondary(outcome: Any, port: Port, rows: list[int]) -> list[Station]:
    """The mean wait for secondary, from the total time of inspection.

    The books hold the sum of primary inspection, wait for secondary and secondary inspection. Their known
    means are taken off and the rest is shared among the expected number of those referred: unbiased, and
    the noise is small beside that of the wait.
    """
    referred, rest = 0.0, 0.0
    for line, flow in zip(port.lines, rows, strict=True):
        if line.referred > 0.0:
            served = _books(outcome, "WAITED", flow).sum(axis=1)
            inspected = _books(outcome, "INSPECTION_SUM", flow).sum(axis=1)
            rest = rest + inspected - served * line.inspection.mean_min
            referred = referred + served * line.referred
    waits = np.asarray(rest) / np.asarray(referred) - port.secondary.mean_min
    counts = np.asarray(referred)
    return [
        Station(round(count), float(wait), math.nan, math.nan)
        for count, wait in zip(counts, waits, strict=True)
    ]
