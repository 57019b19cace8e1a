"""One timed run in a process of its own, so that engines share neither memory, caches nor random state.

``python -m benchmarks.one_run simpy-fastest close --seed 3`` prints one line of JSON: wall and CPU seconds
a day, travellers a day, figures by station for every day simulated, memory, and apart from them the
seconds to load and compile. Importing the engine is not in the clock.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from importlib import import_module
from typing import Any

from benchmarks.engines import BY_NAME
from benchmarks.reference_day import SCENARIOS, day

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]


def cpu_seconds() -> float:
    """CPU time of this process and of its finished children."""
    own = time.process_time()
    if resource is None:
        return own
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own + children.ru_utime + children.ru_stime


def peak_memory_mb() -> float | None:
    """Largest resident memory so far; None where the system does not tell."""
    if resource is None:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak) / (2**20 if sys.platform == "darwin" else 2**10)


class Clock:
    """Wall and CPU seconds of a ``with`` block."""

    wall_s = 0.0
    cpu_s = 0.0

    def __enter__(self) -> Clock:
        self._wall, self._cpu = time.perf_counter(), cpu_seconds()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall_s = time.perf_counter() - self._wall
        self.cpu_s = cpu_seconds() - self._cpu


def time_peer(module: Any, scenario: str, fraction: float, seed: int) -> dict[str, Any]:
    """One day in a peer."""
    of = day(scenario, fraction)
    with Clock() as clock:
        stations = module.run(of, seed)
    travellers = sum(
        station.travellers for name, station in stations.items() if not name.endswith("secondary")
    )
    return {
        "days": 1,
        "wall_s": clock.wall_s,
        "cpu_s": clock.cpu_s,
        "travellers": travellers,
        "stations": {name: [station] for name, station in stations.items()},
    }


def time_bound(module: Any, scenario: str, fraction: float, seed: int, days: int) -> dict[str, Any]:
    """Random numbers and memory of as many days as Garita runs."""
    arguments = module.prepare(day(scenario, fraction))
    with Clock() as loading:
        module.run(arguments, seed, 1)
    with Clock() as clock:
        travellers = module.run(arguments, seed, days)
    return {
        "days": days,
        "wall_s": clock.wall_s / days,
        "cpu_s": clock.cpu_s / days,
        "load_wall_s": loading.wall_s,
        "travellers": travellers / days,
        "stations": {},
    }


def time_engine(name: str, scenario: str, fraction: float, seed: int, days: int) -> dict[str, Any]:
    """Time one engine on one scenario."""
    module = import_module(BY_NAME[name].module)
    if name in ("garita", "garita-run"):
        figures = module.timed(name, scenario, fraction, seed, days, Clock)
    elif name == "bound":
        figures = time_bound(module, scenario, fraction, seed, days)
    else:
        figures = time_peer(module, scenario, fraction, seed)
    return {"engine": name, "scenario": scenario, "seed": seed, "peak_memory_mb": peak_memory_mb(), **figures}


def main(arguments: list[str] | None = None) -> None:
    """Command line of one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=BY_NAME)
    parser.add_argument("scenario", choices=SCENARIOS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fraction", type=float, default=1.0)
    parser.add_argument("--days", type=int, default=40, help="replications, for Garita and the bound")
    given = parser.parse_args(arguments)
    print(json.dumps(time_engine(given.engine, given.scenario, given.fraction, given.seed, given.days)))


if __name__ == "__main__":
    main()
