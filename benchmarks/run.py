"""Run all engines on the reference day, in turn, on one core; write results/latest.json and latest.md.

``python -m benchmarks.run`` takes about a quarter of an hour, nearly all of it in the slow peers;
``--quick`` a few seconds (a small day, to see that everything works), ``--engines garita,simpy-fastest``
leaves out who is not wanted.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import agreement
from benchmarks.engines import BOUND, BY_NAME, ENGINES
from benchmarks.measures import Station
from benchmarks.reference_day import SCENARIOS
from benchmarks.tables import markdown

RESULTS = Path(__file__).with_name("results")
QUICK_FRACTION = 0.03
SEEDS_APART = 1000  # every engine has seeds of its own, so that peers are independent samples


def main(arguments: list[str] | None = None) -> int:
    """Command line. Returns 0, or 1 if an engine failed or the engines disagree."""
    settings = _settings(arguments)
    engines, missing = _installed(settings["engines"])
    settings["engines"] = engines
    with _one_core() as pinned:
        settings["pinned"] = pinned
        runs, failed = _measure(settings)
    result = _result(settings, runs, failed, missing)
    page = markdown(result)
    if settings["out"]:
        out = Path(settings["out"])
        out.mkdir(parents=True, exist_ok=True)
        (out / "latest.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        (out / "latest.md").write_text(page, encoding="utf-8")
    print(page)
    for name in missing:
        print(f"{name} is not installed and was left out", file=sys.stderr)
    return 1 if failed or any(row["beyond_3"] > _allowed(row) for row in result["agreement_summary"]) else 0


def _allowed(row: Mapping[str, Any]) -> int:
    # By chance one figure in 370 lies beyond 3: none of fewer than a hundred, one of every further hundred.
    return int(row["figures"]) // 100


def _settings(arguments: list[str] | None) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    names = ",".join(engine.name for engine in ENGINES)
    parser.add_argument("--engines", default=names, help=f"comma-separated, of {names}")
    parser.add_argument("--scenarios", default=None, help=f"comma-separated, of {','.join(SCENARIOS)}")
    parser.add_argument("--repeat", type=int, default=None, help="runs of each engine (3)")
    parser.add_argument("--days", type=int, default=None, help="days in one run of Garita (200)")
    parser.add_argument("--quick", action="store_true", help="a small day, once: does everything work?")
    parser.add_argument("--out", default=None, help=f"folder for the results ({RESULTS}; with --quick none)")
    given = parser.parse_args(arguments)
    scenarios = given.scenarios or ("base,close" if given.quick else ",".join(SCENARIOS))
    settings = {
        "engines": given.engines.split(","),
        "scenarios": scenarios.split(","),
        "repeat": given.repeat or (1 if given.quick else 3),
        "days": given.days or (20 if given.quick else 200),
        "fraction": QUICK_FRACTION if given.quick else 1.0,
        "out": given.out or (None if given.quick else str(RESULTS)),
    }
    for kind, allowed in (("engines", {engine.name for engine in ENGINES}), ("scenarios", set(SCENARIOS))):
        unknown = sorted(set(settings[kind]) - allowed)
        if unknown:
            parser.error(f"unknown {kind}: {', '.join(unknown)}; choose among {', '.join(sorted(allowed))}")
    return settings


def _installed(names: Sequence[str]) -> tuple[list[str], list[str]]:
    found = [name for name in names if BY_NAME[name].installed]
    return found, [name for name in names if name not in found]


@contextlib.contextmanager
def _one_core() -> Iterator[bool]:
    """Keep this process and its children on one core, where the system lets us; tells whether it does."""
    if not hasattr(os, "sched_setaffinity"):
        yield False
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield True
    finally:
        os.sched_setaffinity(0, cores)


def _measure(settings: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """All runs, engine after engine, and again; and the engines that failed, with the reason."""
    engines = [*settings["engines"], BOUND.name]
    turns = [
        (number, scenario, engine)
        for number in range(settings["repeat"])
        for scenario in settings["scenarios"]
        for engine in engines
    ]
    runs: list[dict[str, Any]] = []
    failed: dict[str, str] = {}
    for done, (number, scenario, engine) in enumerate(turns, start=1):
        seed = 1 + number + SEEDS_APART * engines.index(engine)
        try:
            run = _one_run(engine, scenario, seed, settings)
        except subprocess.CalledProcessError as error:
            reason = (error.stderr.strip().splitlines() or ["no message"])[-1]
            failed[engine] = f"{engine} failed on {scenario}: {reason}"
            print(failed[engine], file=sys.stderr)
            continue
        runs.append(run)
        print(f"[{done}/{len(turns)}] {engine} {scenario}: {run['cpu_s']:.4f} CPU s a day", file=sys.stderr)
    return runs, list(failed.values())


def _one_run(engine: str, scenario: str, seed: int, settings: Mapping[str, Any]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.one_run", engine, scenario, "--seed", str(seed),
               "--fraction", str(settings["fraction"]), "--days", str(settings["days"])]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=True, cwd=Path(__file__).parents[1]
    )
    run: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    run["stations"] = {
        name: [Station(*values) for values in days] for name, days in run["stations"].items()
    }
    return run


def _result(
    settings: Mapping[str, Any], runs: Sequence[dict[str, Any]], failed: list[str], missing: list[str]
) -> dict[str, Any]:
    samples: dict[tuple[str, str], dict[str, list[Station]]] = defaultdict(lambda: defaultdict(list))
    for run in runs:
        if run["engine"] != BOUND.name:
            for station, days in run["stations"].items():
                samples[run["engine"], run["scenario"]][station] += days
    comparisons = agreement.compare(samples, full_day=settings["fraction"] == 1.0)
    timings, bound = _timings(settings, runs)
    return {
        "measured": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": {
            "processor": _processor(),
            "cores": os.cpu_count(),
            "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
        },
        "versions": {engine.package: engine.version for engine in BY_NAME.values() if engine.version},
        "settings": dict(settings),
        "closing": {engine.name: engine.closing for engine in ENGINES},
        "timings": timings,
        "bound": bound,
        "agreement_summary": agreement.summaries(comparisons),
        "agreement": agreement.records(comparisons),
        "failed": failed,
        "not_installed": missing,
    }


def _timings(
    settings: Mapping[str, Any], runs: Sequence[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Medians by engine and scenario, with their ratios; the bound apart."""
    timings, bound = [], []
    for scenario in settings["scenarios"]:
        by_engine = defaultdict(list)
        for run in runs:
            if run["scenario"] == scenario:
                by_engine[run["engine"]].append(run)
        rows = {name: _medians(name, scenario, of_engine) for name, of_engine in by_engine.items()}
        speed = {name: row["travellers_per_cpu_s"] for name, row in rows.items()}
        fastest_peer = max((value for name, value in speed.items() if BY_NAME[name].peer), default=None)
        garita = speed.get("garita")
        limit = rows.pop(BOUND.name, None)
        for name, row in rows.items():
            row["times_fastest_peer"] = speed[name] / fastest_peer if fastest_peer else None
            row["garita_times"] = garita / speed[name] if garita and name != "garita" else None
            timings.append(row)
        if limit:
            limit["ns_per_traveller"] = 1e9 / limit["travellers_per_cpu_s"]
            limit["garita_share"] = garita / limit["travellers_per_cpu_s"] if garita else None
            bound.append(limit)
    return timings, bound


def _medians(name: str, scenario: str, runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    def middle(field: str) -> float | None:
        values = [run[field] for run in runs if run.get(field) is not None]
        return median(values) if values else None

    return {
        "engine": name,
        "label": BY_NAME[name].label,
        "scenario": scenario,
        "runs": len(runs),
        "wall_s": middle("wall_s"),
        "cpu_s": middle("cpu_s"),
        "all_cpu_s": [run["cpu_s"] for run in runs],
        "load_wall_s": middle("load_wall_s"),
        "travellers": middle("travellers"),
        "travellers_per_cpu_s": median(run["travellers"] / run["cpu_s"] for run in runs),
        "peak_memory_mb": middle("peak_memory_mb"),
    }


def _processor() -> str:
    """The processor's name; Linux tells it only in a file."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    raise SystemExit(main())
