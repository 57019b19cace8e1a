"""Run all engines on the reference day, in turn, on one core; print the tables, keep them and a JSON file.

``python -m benchmarks`` takes about ten minutes, half of it in the slow peers, which therefore run once.
With ``--write-docs`` the results become those of the project: benchmarks/results and
docs/reference/benchmarks.md. ``--quick`` takes half a minute (a small day, to see that everything works),
``--engines garita,simpy-fastest`` leaves out who is not wanted.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import agreement
from benchmarks.docs_page import LATEST, write_docs
from benchmarks.engines import BOUND, BY_NAME, CLAIM_AGAINST, ENGINES
from benchmarks.measures import Station
from benchmarks.reference_day import SCENARIOS
from benchmarks.tables import markdown

RESULTS = Path(__file__).parents[1] / "results" / "benchmarks"
QUICK_FRACTION = 0.03
SEEDS_APART = 1000  # every engine has seeds of its own, so that peers are independent samples


def main(arguments: list[str] | None = None) -> int:
    """Command line. Returns 0, or 1 if an engine failed or the engines disagree."""
    settings = _settings(arguments)
    engines, missing = _installed(settings["engines"])
    settings["engines"] = engines
    with _one_core() as pinned, _compile_folder(settings["fresh_compile"]) as environment:
        settings["pinned"] = pinned
        runs, failed = _measure(settings, environment)
    result = _result(settings, runs, failed, missing)
    page = markdown(result)
    if settings["out"]:
        out = Path(settings["out"])
        out.mkdir(parents=True, exist_ok=True)
        (out / "latest.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        (out / "latest.md").write_text(page, encoding="utf-8")
    if settings["write_docs"]:
        write_docs(result)
    print(page)
    for name in missing:
        print(f"{name} is not installed and was left out", file=sys.stderr)
    return 1 if failed or any(_disagrees(row) for row in result["agreement_summary"]) else 0


def _disagrees(row: Mapping[str, Any]) -> bool:
    """Whether a peer is further off than chance explains: of its 35 figures one beyond 3 may be chance.

    Garita's own row against the kernel is shown, not judged: with hundreds of days on both sides it sees
    even what the minute steps of Garita's choices do (docs/reference/benchmarks.md).
    """
    return row["engine"] != "garita" and int(row["beyond_3"]) > 1 + int(row["figures"]) // 100


def _settings(arguments: list[str] | None) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    names = ",".join(engine.name for engine in ENGINES)
    parser.add_argument("--engines", default=names, help=f"comma-separated, of {names}")
    parser.add_argument("--scenarios", default=None, help=f"comma-separated, of {','.join(SCENARIOS)}")
    parser.add_argument("--repeat", type=int, default=None, help="runs of each quick engine (5)")
    parser.add_argument("--repeat-slow", type=int, default=1, help="runs of each slow one (1)")
    parser.add_argument("--days", type=int, default=None, help="days in one run of Garita (200)")
    parser.add_argument("--quick", action="store_true", help="a small day, once: does everything work?")
    parser.add_argument("--out", default=None, help=f"folder for the results ({RESULTS}; with --quick none)")
    parser.add_argument(
        "--write-docs", action="store_true", help="make them the project's: benchmarks/results and the docs"
    )
    given = parser.parse_args(arguments)
    if given.write_docs and (given.quick or given.scenarios or given.engines != names):
        parser.error("--write-docs is for the whole day, all engines and all scenarios")
    scenarios = given.scenarios or ("base,close" if given.quick else ",".join(SCENARIOS))
    settings = {
        "engines": given.engines.split(","),
        "scenarios": scenarios.split(","),
        "repeat": given.repeat or (1 if given.quick else 5),
        "repeat_slow": given.repeat_slow,
        "days": given.days or (20 if given.quick else 200),
        "fraction": QUICK_FRACTION if given.quick else 1.0,
        "out": given.out or _folder(given),
        "write_docs": given.write_docs,
        "fresh_compile": not given.quick,
    }
    for kind, allowed in (("engines", {engine.name for engine in ENGINES}), ("scenarios", set(SCENARIOS))):
        unknown = sorted(set(settings[kind]) - allowed)
        if unknown:
            parser.error(f"unknown {kind}: {', '.join(unknown)}; choose among {', '.join(sorted(allowed))}")
    return settings


def _folder(given: argparse.Namespace) -> str | None:
    if given.write_docs:
        return str(LATEST.parent)
    return None if given.quick else str(RESULTS)


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


@contextlib.contextmanager
def _compile_folder(fresh: bool) -> Iterator[dict[str, str]]:
    """Environment of the runs; with ``fresh`` Garita's first run compiles anew, so that this is measured."""
    if not fresh:
        yield dict(os.environ)
        return
    with tempfile.TemporaryDirectory(prefix="garita-benchmarks-") as folder:
        yield {**os.environ, "GARITA_CACHE_DIR": folder}


def _measure(
    settings: Mapping[str, Any], environment: Mapping[str, str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """All runs, engine after engine, and again; and the engines that failed, with the reason."""
    engines = [*settings["engines"], BOUND.name]
    turns = [
        (number, scenario, engine)
        for number in range(max(settings["repeat"], settings["repeat_slow"]))
        for scenario in settings["scenarios"]
        for engine in engines
        if number < settings["repeat_slow" if BY_NAME[engine].slow else "repeat"]
    ]
    runs: list[dict[str, Any]] = []
    failed: dict[str, str] = {}
    for done, (number, scenario, engine) in enumerate(turns, start=1):
        seed = 1 + number + SEEDS_APART * engines.index(engine)
        try:
            run = _one_run(engine, scenario, seed, settings, environment)
        except subprocess.CalledProcessError as error:
            reason = (error.stderr.strip().splitlines() or ["no message"])[-1]
            failed[engine] = f"{engine} failed on {scenario}: {reason}"
            print(failed[engine], file=sys.stderr)
            continue
        runs.append(run)
        print(f"[{done}/{len(turns)}] {engine} {scenario}: {run['cpu_s']:.4f} CPU s a day", file=sys.stderr)
    return runs, list(failed.values())


def _one_run(
    engine: str, scenario: str, seed: int, settings: Mapping[str, Any], environment: Mapping[str, str]
) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.one_run", engine, scenario, "--seed", str(seed),
               "--fraction", str(settings["fraction"]), "--days", str(settings["days"])]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=True, env=environment,
        cwd=Path(__file__).parents[1],
    )  # fmt: skip
    run: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    run["stations"] = {name: [Station(*values) for values in days] for name, days in run["stations"].items()}
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
        "settings": {name: value for name, value in settings.items() if name not in ("out", "write_docs")},
        "closing": {engine.name: engine.closing for engine in ENGINES},
        "claim_against": CLAIM_AGAINST,
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
    """Medians by engine and scenario, with how many times as fast Garita is; the bound apart."""
    timings, bound = [], []
    for scenario in settings["scenarios"]:
        by_engine = defaultdict(list)
        for run in runs:
            if run["scenario"] == scenario:
                by_engine[run["engine"]].append(run)
        rows = {name: _medians(name, scenario, of_engine) for name, of_engine in by_engine.items()}
        speed = {name: row["travellers_per_cpu_s"] for name, row in rows.items()}
        limit = rows.pop(BOUND.name, None)
        for name, row in rows.items():
            for garita, field in (("garita", "engine_times"), ("garita-run", "run_times")):
                known = BY_NAME[name].peer and garita in speed
                row[field] = speed[garita] / speed[name] if known else None
            timings.append(row)
        if limit:
            limit["ns_per_traveller"] = 1e9 / limit["travellers_per_cpu_s"]
            reached = speed.get("garita")
            limit["garita_share"] = reached / limit["travellers_per_cpu_s"] if reached else None
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
        "first_load_wall_s": runs[0].get("load_wall_s"),
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
