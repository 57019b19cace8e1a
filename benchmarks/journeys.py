"""How fast people move: ``python -m benchmarks.journeys INSTANCE...`` on one core.

Each INSTANCE is a directory in the format of Flee (mali2012, burundi2015 of github.com/djgroen/FabFlee).
Printed are person-days a second of CPU time of the loop alone, for both rules and for cohorts, the best of
several; the same where everybody moves every day; and the seconds of `garita flee` from start to end, in a
process of its own with compiled code at hand. Flee is not run: its figures are those measured elsewhere with
its version of 14 May 2026, on a two-core machine, and so only an order of magnitude. With ``--many`` only 25
million people over 554 days are timed, of whom at most 5 % move a day: some minutes, and 1.5 GB.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from garita.engine.journey_types import BYTES_A_PERSON, Journal, Journeys
from garita.engine.journeys import travel, travel_in_cohorts
from garita.flee.model import journeys
from garita.flee.network import Rules
from garita.sources.flee import read_instance

# Person-days per CPU second of Flee itself.
FLEE = {"mali2012": 218e3, "burundi2015": 216e3, "tigray2020": 41e3, "everybody moves": 45e3}
MODES: dict[str, Callable[[Journeys, int], Journal]] = {
    "flee3": lambda model, seed: travel(model, seed, 0, "flee3"),
    "garita": lambda model, seed: travel(model, seed, 0, "garita"),
    "garita, cohorts": lambda model, seed: travel_in_cohorts(model, seed, 0),
}


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.journeys", description=__doc__)
    parser.add_argument("instance", nargs="*", type=Path)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--many", action="store_true", help="25 million people over 554 days, once")
    given = parser.parse_args(arguments)
    print(f"{'':16} {'mode':16} {'person-days':>12} {'CPU s':>7} {'million/s':>9} {'times Flee':>10}")
    if given.many:
        for mode in ("garita, cohorts", "garita"):
            travel_little(mode)
            show("many leave", mode, many_leave(), 0)
        return 0
    for folder in given.instance:
        instance = read_instance(folder)
        for mode in MODES:
            rules = "flee3" if mode == "flee3" else "garita"
            show(instance.name, mode, journeys(instance, rules)[0], given.repeat)
    for mode in MODES:
        show("everybody moves", mode, everybody_moves(), given.repeat)
    for folder in given.instance:
        print(f"garita flee {folder.name}: {end_to_end(folder, given.repeat):.2f} s of CPU, start to end")
    print(f"{BYTES_A_PERSON} bytes a person")
    return 0


def show(name: str, mode: str, model: Journeys, repeat: int) -> None:
    """Measure one model in one mode and print a row."""
    times, person_days = [], 0
    for seed in range(repeat + 1):  # the first loads or compiles; alone, it counts
        start = time.process_time()
        journal = MODES[mode](model, seed)
        times.append(time.process_time() - start)
        person_days = int((journal.set_out - journal.left).sum())
    spent = min(times[1:] or times)
    speed = person_days / spent
    ratio = f"{speed / FLEE[name]:10.0f}" if name in FLEE else f"{'':10}"
    print(f"{name:16} {mode:16} {person_days:12,} {spent:7.2f} {speed / 1e6:9.1f} {ratio}", flush=True)


def everybody_moves(people: int = 100_000, days: int = 100, places: int = 10) -> Journeys:
    """A ring of towns 200 km apart, at 200 km a day: one link for everybody on every day."""
    towns = "".join(f"T{place},R,Home,0,0,town,,\n" for place in range(places))
    roads = "".join(f"T{place},T{(place + 1) % places},200,\n" for place in range(places))
    settings = "move_rules: {max_move_speed: 200, default_movechance: 1}\n"
    # Routes as by Flee's rule: by ours nobody walks from town to town.
    model = made(f"{towns}Camp,R,Home,0,0,camp,,\n", ["Camp"], roads, settings, days, "flee3")
    return model._replace(initial=np.append(np.full(places, people // places), 0))


def many_leave(people: int = 25_000_000, days: int = 554, towns: int = 20, camps: int = 10) -> Journeys:
    """Towns that one in twenty leaves a day, for camps 100 to 2,000 km away, from which few go on."""
    places = "".join(f"T{place},R,Home,0,0,conflict_zone,0,100000\n" for place in range(towns))
    places += "".join(f"C{camp},R,Away,0,0,camp,,\n" for camp in range(camps))
    roads = "".join(
        f"T{town},C{camp},{100 * (1 + (town + camp) % 20)},\n"
        for town in range(towns)
        for camp in range(camps)
    )
    settings = "move_rules: {max_move_speed: 200, conflict_movechance: 0.05, camp_movechance: 0.001}\n"
    model = made(places, [f"C{camp}" for camp in range(camps)], roads, settings, days, "garita")
    return model._replace(initial=np.append(np.full(towns, people // towns), np.zeros(camps, int)))


def travel_little(mode: str) -> None:
    """Load or compile a mode before it is timed."""
    MODES[mode](many_leave(1000, 10), 0)


def made(places: str, camps: list[str], roads: str, settings: str, days: int, rules: Rules) -> Journeys:
    """The arrays of an instance in the format of Flee, written for the purpose."""
    files = {
        "input_csv/locations.csv": places,
        "input_csv/routes.csv": roads,
        "input_csv/sim_period.csv": f"StartDate,2020-01-01\nLength,{days}\n",
        "source_data/data_layout.csv": "".join(f"{camp},camp.csv\n" for camp in camps),
        "source_data/camp.csv": "2020-01-01,0\n",
        "simsetting.yml": settings,
    }
    with tempfile.TemporaryDirectory(prefix="garita-benchmarks-") as folder:
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        model, _ = journeys(read_instance(folder), rules)
    return model


def end_to_end(folder: Path, repeat: int) -> float:
    """CPU seconds of the command in a process of its own, the best of several (Windows tells none)."""
    times = []
    for _ in range(repeat + 1):
        before = os.times()
        subprocess.run([sys.executable, "-m", "garita", "flee", str(folder)], check=True, capture_output=True)
        after = os.times()
        times.append(
            after.children_user + after.children_system - before.children_user - before.children_system
        )
    return min(times[1:])


if __name__ == "__main__":
    raise SystemExit(main())
