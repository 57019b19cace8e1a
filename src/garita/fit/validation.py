"""Running validation cases: the simulation and three guesses beside what was observed, all scored alike."""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from garita.errors import GaritaError, shorten
from garita.fit.case_checks import Target, has_event
from garita.fit.case_files import ValidationEntry
from garita.fit.guesses import GUESSES, guesses
from garita.fit.history import History, history_of
from garita.fit.measures import predicted
from garita.fit.scores import distance, middle, score, weighted

MODEL = "simulation"
WAYS = (MODEL, *GUESSES)
REPLICATIONS = 8
PROGRAM = ("engine", "scenario", "build", "outcomes", "runs", "fit")  # what a result depends on

Progress = Callable[[int, int], None]
Told = Callable[[str, int, int], Progress | None]


@dataclass(frozen=True)
class Figure:
    """What one way says of an observation: figure, range over nine tenths of the replications, distance in
    standard deviations, score. By hour: 24 figures in ``hours``, and their mean as ``value``.
    """

    value: float
    low: float
    high: float
    distance: float
    score: float
    hours: tuple[float, ...] = ()


@dataclass(frozen=True)
class Compared:
    """An observation, and what each way says of it."""

    name: str
    measure: str
    compare: str
    unit: str
    low: float
    high: float
    noise: float
    weight: float
    where: str
    window: str
    source: str
    quality: str
    note: str
    figures: dict[str, Figure]
    hours: tuple[float, ...] = ()


@dataclass(frozen=True)
class CaseResult:
    """A case, its observations and its scores by way; or the reason why there is none."""

    name: str
    title: str
    about: str
    kind: str  # ordinary days | hours of an event | months of an event
    compared: tuple[Compared, ...] = ()
    scores: dict[str, float] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    not_run: str = ""
    failed: str = ""
    replications: int = 0
    seconds: float = 0.0
    key: str = ""

    @property
    def ran(self) -> bool:
        """Whether there are scores."""
        return bool(self.scores)


@dataclass(frozen=True)
class ValidationResult:
    """All cases that were wanted, in their order."""

    cases: tuple[CaseResult, ...]

    @property
    def ran(self) -> tuple[CaseResult, ...]:
        """The cases that were run."""
        return tuple(case for case in self.cases if case.ran)

    def overall(self, kind: str | None = None) -> dict[str, float]:
        """Mean score of each way over the cases that were run, each case counting once; of one kind only."""
        chosen = [case for case in self.ran if kind is None or case.kind == kind]
        return {way: weighted([case.scores[way] for case in chosen], [1.0] * len(chosen)) for way in WAYS}

    def record(self) -> dict[str, Any]:
        """All of it as plain values, for the page."""
        by_kind = {kind: self.overall(kind) for kind in self.kinds()}
        return {"cases": [asdict(case) for case in self.cases], "overall": self.overall(), "kinds": by_kind}

    def kinds(self) -> list[str]:
        """The kinds of case that were run."""
        return list(dict.fromkeys(case.kind for case in self.ran))


ORDINARY, HOURS, MONTHS = "ordinary days", "hours of an event", "months of an event"


def validate(
    entries: Sequence[ValidationEntry],
    *,
    replications: int | None = None,
    workers: int | None = None,
    kept: Path | None = None,
    progress: Told | None = None,
) -> ValidationResult:
    """Run cases and score them.

    ``replications`` goes before what the cases say; ``kept`` is a folder in which the result of each case is
    stored as soon as it is there, and from which it is taken when neither case nor program has changed.
    ``progress(name, number, cases)`` is called before each case and may return what is told of its runs. A
    case that fails is reported as such; the others go on.
    """
    results = []
    for number, entry in enumerate(entries, 1):
        count = replications or entry.model.replications or REPLICATIONS
        key = f"{entry.digest}|{program_digest()}|{count}"
        found = _stored(kept, entry.name, key)
        if found is None:
            told = progress(entry.name, number, len(entries)) if progress is not None else None
            found = _run(entry, count, workers, told, key)
            _store(kept, found)
        results.append(found)
    return ValidationResult(tuple(results))


def _run(
    entry: ValidationEntry, count: int, workers: int | None, progress: Progress | None, key: str
) -> CaseResult:
    model = entry.model
    about: dict[str, Any] = {
        "name": entry.name, "title": model.title, "about": model.about, "caveats": tuple(model.caveats),
    }  # fmt: skip
    if entry.scenario is None:
        return CaseResult(**about, kind="", not_run=str(model.not_run))
    started = time.monotonic()
    event_there = has_event(entry.scenario)
    try:
        event, usual = _histories(entry, count, workers, progress, event_there)
    except GaritaError as error:
        said = "; ".join(str(problem) for problem in error.problems)
        return CaseResult(**about, kind="", failed=shorten(said, 600))
    ways = {MODEL: event, **(guesses(entry, event, usual) if event_there else dict.fromkeys(GUESSES, usual))}
    compared = tuple(compare(target, ways, usual, entry) for target in entry.targets)
    weights = [one.weight for one in compared]
    scores = {way: weighted([one.figures[way].score for one in compared], weights) for way in WAYS}
    return CaseResult(
        **about, kind=_kind(entry, event_there), compared=compared, scores=scores, replications=count,
        seconds=round(time.monotonic() - started, 1), key=key,
    )  # fmt: skip


def _histories(
    entry: ValidationEntry, count: int, workers: int | None, progress: Progress | None, event_there: bool
) -> tuple[History, History]:
    from garita.runs import run, run_pair

    assert entry.scenario is not None
    if event_there:
        event, usual = run_pair(entry.scenario, replications=count, workers=workers, progress=progress)
        return history_of(event), history_of(usual)
    only = history_of(run(entry.scenario, replications=count, workers=workers, progress=progress))
    return only, only


def _kind(entry: ValidationEntry, event_there: bool) -> str:
    if not event_there:
        return ORDINARY
    changes = [target for target in entry.targets if target.observation.compare == "change"]
    return MONTHS if 2 * len(changes) > len(entry.targets) else HOURS


def compare(target: Target, ways: dict[str, History], usual: History, entry: ValidationEntry) -> Compared:
    """An observation beside what each way says of it."""
    seen = target.observation
    figures = {way: _figure(target, predicted(target, history, usual)) for way, history in ways.items()}
    return Compared(
        name=seen.name or _named(target),
        measure=seen.measure, compare=seen.compare, unit=target.unit, low=target.low, high=target.high,
        noise=target.noise, weight=seen.weight, where=_where(target), window=_window(target, entry),
        source=seen.source, quality=seen.quality, note=seen.note, figures=figures, hours=target.hours,
    )  # fmt: skip


def _figure(target: Target, values: Any) -> Figure:
    found = middle(values)
    away = distance(target, found)
    if target.hours:
        hours = tuple(float(one) for one in found)
        known = [one for one in hours if not math.isnan(one)]
        mean = float(np.mean(known)) if known else math.nan
        return Figure(mean, math.nan, math.nan, away, score(away), hours)
    known = values[~np.isnan(values)]
    ends = [math.nan, math.nan]
    if len(known):
        ends = [float(one) for one in np.quantile(known, (0.05, 0.95), method="nearest")]
    return Figure(found, ends[0], ends[1], away, score(away))


def _named(target: Target) -> str:
    words = {"change": "change of ", "difference": "what the event adds to ", "without": "usually, "}
    measure = target.observation.measure.replace("_", " ")
    return f"{words.get(target.observation.compare, '')}{measure}"


def _where(target: Target) -> str:
    seen = target.observation
    parts = [", ".join(seen.crossing), ", ".join(seen.modes or []), ", ".join(seen.lane_types or [])]
    return "; ".join(part for part in (*parts, "outbound" if seen.direction == "outbound" else "") if part)


def _window(target: Target, entry: ValidationEntry) -> str:
    seen = target.observation
    parts = [f"from {seen.start}" if seen.start is not None else "", _until(seen.until)]
    parts += [", ".join(seen.weekdays or [])]
    parts += [", ".join("-".join(hours) for hours in seen.hours or [])]
    assert entry.scenario is not None
    days = f"{entry.scenario.start:%Y-%m-%d}, {entry.scenario.scenario.days} days"
    return "; ".join(part for part in parts if part) or days


def _until(until: Any) -> str:
    if until is None:
        return ""
    return f"for {until:g} min" if isinstance(until, float | int) else f"until {until}"


@cache
def program_digest() -> str:
    """SHA-256 in hex of all sources that results depend on."""
    home = resources.files("garita")
    digest = hashlib.sha256()
    for package in PROGRAM:
        for path in sorted(Path(str(home / package)).rglob("*.py")):
            digest.update(f"{package}/{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


# kept results --------------------------------------------------------------------------------------


def _file(kept: Path, name: str) -> Path:
    return kept / f"{name}.json"


def _store(kept: Path | None, result: CaseResult) -> None:
    if kept is None or not result.ran:
        return
    kept.mkdir(parents=True, exist_ok=True)
    path = _file(kept, result.name)
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(json.dumps(asdict(result), ensure_ascii=False, indent=1), encoding="utf-8")
    temporary.replace(path)


def _stored(kept: Path | None, name: str, key: str) -> CaseResult | None:
    if kept is None:
        return None
    try:
        record = json.loads(_file(kept, name).read_text(encoding="utf-8"))
        return case_result(record) if record["key"] == key else None
    except (OSError, ValueError, KeyError, TypeError):  # not there, or not whole: it is made anew
        return None


def case_result(record: dict[str, Any]) -> CaseResult:
    """The result of a case from what was stored. Raises KeyError or TypeError on anything else."""
    compared = []
    for one in record["compared"]:
        figures = {
            way: Figure(**{**figure, "hours": tuple(figure["hours"])})
            for way, figure in one["figures"].items()
        }
        compared.append(Compared(**{**one, "figures": figures, "hours": tuple(one["hours"])}))
    return CaseResult(**{**record, "compared": tuple(compared), "caveats": tuple(record["caveats"])})
