"""One set of behavioural parameters for all cases, chosen leaving each case out in turn.

Nothing is tuned to a case: a few sets are tried on all of them, on the same random draws, and a case is
scored with the set that does best on the *other* cases. What is tried lies within the ranges of the table of
behaviour, one parameter away from the packaged values, so that a set that wins says which parameter did it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from garita.fit.case_checks import has_event
from garita.fit.case_files import ValidationEntry
from garita.fit.scores import weighted
from garita.fit.validation import MODEL, Told, validate
from garita.reference import load_region
from garita.scenario.case import dump

PACKAGED = "as packaged"
MODEL_REGION = "san-diego-tijuana"
TRIED = (
    "informed_share",
    "aftermath_drop",
    "believed_remaining_min",
    "patience_min",
    "suppression_other",
    "later_share",
)


@dataclass(frozen=True)
class LeaveOneOut:
    """Scores of every set on every case, and what leaving each case out gives.

    ``scores``: set -> case -> score; ``chosen``: case -> the set that does best on the other cases;
    ``best``: the set that does best on all cases.
    """

    sets: dict[str, dict[str, float]]
    scores: dict[str, dict[str, float]]
    chosen: dict[str, str]
    best: str

    def mean(self, name: str) -> float:
        """Mean score of a set over all cases."""
        return _mean(self.scores[name].values())

    @property
    def left_out(self) -> float:
        """Mean score of each case with the set that the other cases chose."""
        return _mean(self.scores[name][case] for case, name in self.chosen.items())


def candidates() -> dict[str, dict[str, float]]:
    """The packaged values, and each parameter of :data:`TRIED` at either end of its range."""
    rows = {row["parameter"]: row for row in load_region(MODEL_REGION)["behaviour"]}
    found: dict[str, dict[str, float]] = {PACKAGED: {}}
    for name in TRIED:
        for end in ("low", "high"):
            value = float(rows[name][end])
            found[f"{name} {value:g}"] = {name: value}
    return found


def with_behaviour(entry: ValidationEntry, changes: Mapping[str, float]) -> ValidationEntry:
    """A case with some parameters of behaviour replaced, whatever its scenario or region says of them."""
    if not changes or entry.scenario is None:
        return entry
    case = entry.scenario
    behaviour = {**dump(case.scenario.behaviour, written=True), **changes}
    return replace(
        entry, scenario=case.with_(behaviour=behaviour), digest=f"{entry.digest}|{sorted(changes.items())}"
    )


def leave_one_out(
    entries: Sequence[ValidationEntry],
    *,
    replications: int = 2,
    workers: int | None = None,
    kept: Path | None = None,
    sets: Mapping[str, Mapping[str, float]] | None = None,
    progress: Told | None = None,
) -> LeaveOneOut:
    """Try all sets on all cases that have an event, and leave each case out in turn.

    Results are kept set by set below ``kept``, so that a search that is broken off goes on where it was.
    """
    chosen = [entry for entry in entries if entry.scenario is not None and has_event(entry.scenario)]
    tried = {name: dict(values) for name, values in (sets or candidates()).items()}
    scores: dict[str, dict[str, float]] = {}
    for name, values in tried.items():
        changed = [with_behaviour(entry, values) for entry in chosen]
        folder = kept / name.replace(" ", "-") if kept is not None else None
        found = validate(changed, replications=replications, workers=workers, kept=folder, progress=progress)
        scores[name] = {case.name: case.scores[MODEL] for case in found.ran}
    return choose(tried, scores)


def choose(sets: Mapping[str, Mapping[str, float]], scores: Mapping[str, Mapping[str, float]]) -> LeaveOneOut:
    """For each case the set with the best mean over the others; ties go to the set named first."""
    everywhere = set.intersection(*(set(of) for of in scores.values()))
    cases = [case for case in next(iter(scores.values())) if case in everywhere]

    def best(over: Sequence[str]) -> str:
        return max(scores, key=lambda name: _mean(scores[name][case] for case in over))

    chosen = {case: best([other for other in cases if other != case]) for case in cases}
    return LeaveOneOut(
        {name: dict(values) for name, values in sets.items()},
        {name: {case: scores[name][case] for case in cases} for name in scores},
        chosen,
        best(cases),
    )


def _mean(scores: Iterable[float]) -> float:
    values = list(scores)
    return weighted(values, [1.0] * len(values))
