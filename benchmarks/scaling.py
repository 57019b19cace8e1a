"""How the cost grows: ``python -m benchmarks.scaling``, on one core, and two threads at the end.

One line with exponential inspections of a minute, at three quarters of what its booths can do (10,000
travellers in a day are fewer). First the number of travellers grows, with the length of the run: forty
booths, from one day to the six years that 100 million travellers take. Then the number of booths, with as
many travellers in all. A figure is the least CPU time of
several runs of the engine, arrays made before. Last, two replications in two threads beside one alone, by
the clock.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from garita import scenario
from garita.build import Builder
from garita.engine import run_replication
from garita.engine.run import Run
from garita.engine.types import STARTED

BOOTHS, LOAD = 40, 0.75
TRAVELLERS = (10_000, 100_000, 1_000_000, 10_000_000, 100_000_000)
BOOTH_COUNTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--most", type=int, default=max(TRAVELLERS), help="travellers at most")
    parser.add_argument("--by-booths", type=int, default=1_000_000, help="travellers where booths grow")
    given = parser.parse_args(arguments)
    run_replication(one_line(TRAVELLERS[0], BOOTHS), 1, 0)  # load, or compile
    print("| travellers | booths | CPU s | ns a traveller |\n| ---: | ---: | ---: | ---: |")
    for travellers in TRAVELLERS:
        if travellers <= given.most:
            measured(travellers, BOOTHS, given.repeat if travellers < 10**7 else 2)
    print("\n| travellers | booths | CPU s | ns a traveller |\n| ---: | ---: | ---: | ---: |")
    for booths in BOOTH_COUNTS:
        measured(given.by_booths, booths, given.repeat)
    ratio = two_threads(one_line(given.by_booths, BOOTHS), given.repeat)
    print(f"\nTwo replications in two threads take {ratio:.2f} times as long as one alone.")
    return 0


def one_line(travellers: int, booths: int) -> Run:
    """A line with so many booths, for the days in which about so many travellers come."""
    days = max(1, round(travellers / (booths * 60.0 * LOAD * 24)))
    flow = {
        "crossing": "a",
        "arrivals": {"per_hour": travellers / (24 * days)},
        "service": {"distribution": "exponential", "mean": "1 min"},
        "booths": booths,
    }
    whole = {
        "garita": 1,
        "title": "one line",
        "start": "2018-01-15",
        "days": days,
        "warm_up_days": 0,
        "region": {"id": "one-line", "zone": "UTC"},
        "crossings": [{"id": "a"}],
        "flows": [flow],
        "behaviour": {"choice_rule": "none", "tick_min": 60, "trim_every_min": 60},
    }
    case = scenario.loads(json.dumps(whole))  # JSON is YAML
    return Builder(case).build(case.resolve(0)).run


def measured(travellers: int, booths: int, repeat: int) -> None:
    """Run a line several times and print a row."""
    run = one_line(travellers, booths)
    served = int(run_replication(run, 1, 0).bins[:, :, STARTED].sum())
    spent = best(lambda: run_replication(run, 1, 0), repeat, time.process_time)
    print(f"| {served:,} | {booths:,} | {spent:.4f} | {spent / served * 1e9:.1f} |", flush=True)


def two_threads(run: Run, repeat: int) -> float:
    """Time of two replications in two threads over that of one alone."""
    with ThreadPoolExecutor(2) as pool:

        def both() -> None:
            list(pool.map(lambda replication: run_replication(run, 1, replication), range(2)))

        both()
        together = best(both, 4 * repeat, time.perf_counter)
    alone = best(lambda: run_replication(run, 1, 0), 4 * repeat, time.perf_counter)
    return together / alone


def best(function: Callable[[], object], repeat: int, clock: Callable[[], float]) -> float:
    """The least time a call takes."""
    times = []
    for _ in range(repeat):
        start = clock()
        function()
        times.append(clock() - start)
    return min(times)


if __name__ == "__main__":
    raise SystemExit(main())
