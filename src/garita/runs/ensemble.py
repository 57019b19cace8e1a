"""An ensemble: many possible histories of one case, with and without its closures, on the same draws."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from garita.build import Builder, Built
from garita.engine import hand_back, load, release, run_both, run_replication
from garita.engine.run import Books
from garita.engine.types import BIN_MINUTES, PUBLISHED, Output
from garita.errors import GaritaError, Problem, RunError, ScenarioError
from garita.outcomes import (
    RECORDS,
    Layout,
    Outcome,
    Recorded,
    RunPart,
)
from garita.outcomes.outcome import Condensed, Gathering, condense
from garita.outcomes.transitions import Paired, pair
from garita.runs.axes import layout, officer_books, station_books
from garita.runs.executors import executor_for
from garita.runs.journeys import journeys_of
from garita.runs.manifest import combined, manifest, part_digest

Progress = Callable[[int, int], None]
SCENARIO, BASELINE = "scenario", "baseline"


@dataclass(frozen=True)
class Done:
    """One replication of one variant: its books, condensed where they were made, and its closures; with the
    variant it is compared with beside it, if there is one.
    """

    part: Condensed
    closures: tuple[dict[str, Any], ...]
    digest: str
    paired: Paired | None = None


def run(
    case: Any,
    *,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    variant: str = SCENARIO,
    record: Collection[str] = (),
    record_runs: int = 1,
) -> Outcome:
    """Simulate a case.

    ``replications`` and ``seed`` default to the scenario's own. ``workers``: replications at once, one a
    core by default; results do not depend on it. ``progress(done, total)`` is called after each
    replication. ``record``: "travellers", "events" or both, written down for the first ``record_runs``
    replications (see :class:`garita.outcomes.Outcome`). Raises ScenarioError for what the engine cannot
    express, RunError if a run fails.
    """
    recording = Recording(record, record_runs)
    [outcome] = _ensemble(_with(case, seed), [variant], replications, workers, progress, recording)
    return outcome


def run_pair(
    case: Any,
    *,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    record: Collection[str] = (),
    record_runs: int = 1,
) -> tuple[Outcome, Outcome]:
    """Simulate a case, and the same without its closures on the same random draws. Arguments as of
    :func:`run`.
    """
    recording = Recording(record, record_runs)
    variants = [SCENARIO, BASELINE]
    scenario, baseline = _ensemble(_with(case, seed), variants, replications, workers, progress, recording)
    return scenario, baseline


def _with(case: Any, seed: int | None) -> Any:
    return case if seed is None or seed == case.scenario.seed else case.with_(seed=seed)


class Builders:
    """The builders of every variant; those of a region with members, for each member that was met."""

    def __init__(self, cases: dict[str, Any], first: str) -> None:
        self.cases, self.first = cases, first
        self.made: dict[int, dict[str, Builder]] = {}

    def of(self, replication: int) -> dict[str, Builder]:
        """The builder of each variant in a replication."""
        histories = {variant: case.history(replication) for variant, case in self.cases.items()}
        key = id(histories[self.first])  # kept alive by its case
        if key not in self.made:
            builder = Builder(histories[self.first])
            self.made[key] = {variant: builder.of_variant(case) for variant, case in histories.items()}
        return self.made[key]


class Recording:
    """What is written down of the first replications. Raises GaritaError for what cannot be recorded."""

    def __init__(self, record: Collection[str], runs: int) -> None:
        self.names = frozenset([record] if isinstance(record, str) else record)
        self.runs = runs if self.names else 0
        self.of: dict[str, Recorded] = {}  # by variant
        unknown = sorted(self.names - set(RECORDS))
        if unknown or runs < 1:
            given = ", ".join(unknown) or f"{runs} runs"
            params = {
                "message": f"`{given}` cannot be recorded",
                "remedy": f"Allowed: {' and '.join(RECORDS)}, of 1 run or more.",
            }
            raise GaritaError([Problem("record-unknown", params)])
        if runs > 1 and not self.names:
            params = {
                "message": f"nothing is to be recorded of the {runs} runs to record",
                "remedy": f"Say what too (`--record`): {' or '.join(RECORDS)}, or both.",
            }
            raise GaritaError([Problem("record-nothing", params)])

    def begin(self, variants: Sequence[str]) -> None:
        """Make room for what is recorded of the variants."""
        self.of = {variant: Recorded(self.names) for variant in variants if self.names}

    def wanted(self, replication: int) -> Collection[str]:
        """What is recorded of a replication."""
        return self.names if replication < self.runs else ()

    def add(self, variant: str, layout: Layout, built: Built, replication: int, output: Output) -> None:
        """Write down a replication, if that is wanted."""
        if replication < self.runs:
            stations = [f"{place.crossing}:{place.direction}:secondary" for place in built.region.secondary]
            self.of[variant].add(layout, stations, replication, output)


def _ensemble(
    case: Any,
    variants: list[str],
    replications: int | None,
    workers: int | None,
    progress: Progress | None,
    recording: Recording,
) -> list[Outcome]:
    count = case.scenario.replications if replications is None else replications
    if count < 1:
        raise ScenarioError(
            [
                Problem(
                    "too-few-replications",
                    {
                        "message": f"{count} replications: at least 1 is needed",
                        "remedy": "Give a whole number of 1 or more.",
                    },
                )
            ]
        )
    case.require_crossings()
    cases = {variant: case.without("closures") if variant == BASELINE else case for variant in variants}
    builders = Builders(cases, variants[0])
    seed = int(case.scenario.seed)
    room = [0]

    def build(replication: int) -> list[Built]:
        of_variant = builders.of(replication)
        resolved = [of_variant[variant].case.resolve(replication) for variant in variants]
        beside = reversed(resolved) if len(resolved) == 2 else [None]
        built = [
            of_variant[variant].build(one, other, recording.wanted(replication))
            for variant, one, other in zip(variants, resolved, beside, strict=True)
        ]
        for one in built:
            one.run.room = max(one.run.room, room[0])
        return built

    def done(replication: int) -> list[Done]:
        built = build(replication)
        found: list[Done] = []
        finals: list[NDArray[Any]] = []
        for one, output, variant in zip(built, _run(built, seed, replication), variants, strict=True):
            recording.add(variant, layouts[variant], one, replication, output)
            part = _part(replication, one, output)
            condensed = condense(layouts[variant], part)
            found.append(Done(condensed, one.closures, part_digest(part, condensed)))
            finals.append(output.finals)
            hand_back(output.bins, output.histogram)
            del output, part  # before the next history is begun
        room[0] = max(one.run.room for one in built)
        if len(built) == 2 and finals[0].size == finals[1].size:
            # Here, while both lists are in memory: to unpack them again costs more than all of this.
            closures = found[0].closures
            paired = pair(layouts[variants[0]], closures, finals[1], finals[0], found[0].part.offsets)
            found[0] = replace(found[0], paired=paired)
        hand_back(*finals)
        return found

    first = build(0)
    layouts = {
        variant: layout(cases[variant], built, variant, count)
        for variant, built in zip(variants, first, strict=True)
    }
    load(first[0].run)  # before workers start, which would wait for one another
    if 0 < recording.runs < count:
        load(build(recording.runs)[0].run)  # in the form that records nothing
    release()  # the workers have their own memory
    recording.begin(variants)
    started = time.monotonic()
    with ThreadPoolExecutor(1, thread_name_prefix="garita-journeys") as beside:  # a moment, if there are any
        moving = None
        if case.scenario.journeys is not None:
            moving = beside.submit(journeys_of, case, variants, count)
        results = executor_for(workers).map(done, range(count))
        collected = _collect(results, cases, layouts, count, seed, progress)
    release()
    if moving is not None:
        for outcome, journeys in zip(collected, moving.result(), strict=True):
            outcome.journeys = journeys
            outcome.manifest["journeys_digest"] = journeys.digest
    for outcome in collected:
        outcome.recorded = recording.of.get(outcome.layout.variant)
        outcome.manifest["seconds"] = round(time.monotonic() - started, 3)
    return collected


def _run(built: Sequence[Built], seed: int, replication: int) -> Iterator[Books]:
    """One replication of one or both variants; a queue that outgrows the machine is an error of the run."""
    try:
        if len(built) == 2:
            yield from run_both(built[0].run, built[1].run, seed, replication)
        else:
            yield run_replication(built[0].run, seed, replication)
    except MemoryError as problem:
        params = {
            "message": f"replication {replication}: {problem}",
            "remedy": "Check demand, booths and closures: a line never moves.",
        }
        raise RunError([Problem("queue-too-long", params)]) from problem


def _part(replication: int, built: Built, output: Books) -> RunPart:
    """The books up to the last bin that was needed.

    In the engine people on their way know what was published when they set out; the table says what is
    published at the time.
    """
    ahead = round(built.access_min / BIN_MINUTES)
    if ahead:
        published = output.bins[:, :, PUBLISHED]
        published[:, :-ahead] = published[:, ahead:].copy()
    used = int(output.used[0])
    away = None
    if output.extra is not None and built.run.homeward:
        away = np.cumsum(output.extra.away, axis=1)[:, :used]
    return RunPart(
        replication,
        output.bins[:, :used],
        output.histogram[:, :used],
        output.ledger,
        output.gross,
        output.diverted,
        output.travel_extra,
        output.finals,
        np.ascontiguousarray(built.offsets),
        station_books(output, used),
        away,
        officer_books(output, used),
    )


def _collect(
    results: Iterator[list[Done]],
    cases: dict[str, Any],
    layouts: dict[str, Layout],
    count: int,
    seed: int,
    progress: Progress | None,
) -> list[Outcome]:
    """Hand every part to its variant's outcome as it arrives, so that few parts are in memory at once."""
    variants = list(cases)
    gathered = {variant: Gathering(layouts[variant]) for variant in variants}
    closures: dict[str, list[tuple[dict[str, Any], ...]]] = {variant: [] for variant in variants}
    digests: dict[str, list[str]] = {variant: [] for variant in variants}
    pairs: list[Paired] = []
    for number, histories in enumerate(results, 1):
        for variant, done in zip(variants, histories, strict=True):
            gathered[variant].add_condensed(done.part)
            closures[variant].append(done.closures)
            digests[variant].append(done.digest)
            if done.paired is not None:
                pairs.append(done.paired)
        if progress is not None:
            progress(number * len(variants), count * len(variants))
    bins = max(gathering.used for gathering in gathered.values())  # variants are compared bin by bin
    outcomes: list[Outcome] = []
    for variant in variants:
        about = manifest(cases[variant], variant, seed, count)
        about["parts"], about["digest"] = digests[variant], combined(digests[variant])
        outcomes.append(gathered[variant].finish(about, tuple(closures[variant]), bins))
    if len(pairs) == count:
        outcomes[0].pairs = outcomes[1].manifest["digest"], pairs
    return outcomes
