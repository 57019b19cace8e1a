"""Validation cases from files: packaged ones by name, others by file or folder, with all their problems."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from garita.errors import Problem, ScenarioError, did_you_mean, file_name, shorten
from garita.fit.case_checks import Target, check_observations, check_shut
from garita.fit.case_models import ValidationCase
from garita.scenario.case import Case, load, part_of
from garita.scenario.loader import Document, parse, read
from garita.scenario.merge import packaged_cases
from garita.scenario.problems import lenient

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class ValidationEntry:
    """A validation case that was read and checked: what it says, its scenario, and what it is compared with.

    ``targets``: one for each observation; ``digest``: of what its result depends on, but for the program.
    ``scenario`` is None where the case says that it cannot be run.
    """

    name: str
    model: ValidationCase
    scenario: Case | None
    targets: tuple[Target, ...]
    digest: str = ""
    path: Path | None = field(default=None, compare=False)


def packaged_validation() -> dict[str, Path]:
    """The packaged validation cases by name."""
    folder = Path(str(resources.files("garita.reference") / "validation"))
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def load_cases(wanted: Sequence[str] = ()) -> list[ValidationEntry]:
    """Read packaged cases by name, files, and folders of cases (all files that say `validation:`).

    With nothing wanted all packaged cases. Raises ScenarioError with every problem of all of them.
    """
    packaged = packaged_validation()
    problems: list[Problem] = []
    documents: dict[str, Document] = {}
    for one in wanted or packaged:
        try:
            for path in _files(one, packaged):
                document = read(path)
                if Path(one).is_dir() and not {"validation", "observations"} & document.tree.keys():
                    continue  # a scenario that lies beside the cases
                documents[_unused(path.stem, documents)] = document
        except ScenarioError as error:
            problems += error.problems
    entries: list[ValidationEntry] = []
    for name, document in documents.items():
        try:
            entries.append(entry_of(name, document))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return entries


def loads_case(text: str, name: str = "case", path: Path | None = None) -> ValidationEntry:
    """Read and check a validation case from its text."""
    return entry_of(name, parse(text, path))


def _files(one: str, packaged: dict[str, Path]) -> Iterable[Path]:
    if one in packaged:
        return [packaged[one]]
    path = Path(one)
    try:
        if path.is_dir():
            found = sorted(item for item in path.rglob("*") if item.suffix in SUFFIXES and item.is_file())
            if not found:
                params = {
                    "message": "there is no validation case in this folder",
                    "remedy": "Cases end in .yaml.",
                }
                raise ScenarioError(Problem("validation-folder-empty", params, file_name(path)))
            return found
        there = path.exists()
    except (OSError, ValueError):
        there = False
    if not there and path.suffix not in SUFFIXES:
        message = f"there is no validation case `{shorten(one)}`"
        remedy = f"{did_you_mean(one, packaged)}Packaged: {', '.join(packaged)}; or name a file or folder."
        raise ScenarioError(Problem("unknown-validation-case", {"message": message, "remedy": remedy}))
    return [path]


def _unused(stem: str, taken: Iterable[str]) -> str:
    names, number = set(taken), 2
    name = stem
    while name in names:
        name, number = f"{stem}-{number}", number + 1
    return name


def entry_of(name: str, document: Document) -> ValidationEntry:
    """The case of a document. Raises ScenarioError with all its problems."""
    model, problems = lenient(ValidationCase, document.tree, document)
    assert isinstance(model, ValidationCase)
    problems = [*document.problems, *problems]
    case: Case | None = None
    targets: list[Target] = []
    if model.not_run is not None:
        for extra in ("observations", "scenario"):
            if extra in document.tree:
                problems.append(document.problem("validation-both", (extra,), at_name=True, name=extra))
    elif model.scenario is None or not model.observations:
        if not problems:
            problems.append(document.problem("validation-empty", ()))
    else:
        case, found = _scenario(model.scenario, document)
        problems += found
        targets, found = check_observations(model, document, case)
        problems += found + check_shut(model, document, case)
        if all(getattr(observation, "weight", None) == 0 for observation in model.observations):
            problems.append(document.problem("observations-weigh-nothing", ("observations",), at_name=True))
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise ScenarioError(sorted(errors, key=lambda one: (one.file or "", one.line or 0, one.column or 0)))
    said = f"{document.text}|{case.digest if case is not None else ''}"
    digest = hashlib.sha256(said.encode()).hexdigest()
    return ValidationEntry(name, model, case, tuple(targets), digest, document.path)


def _scenario(said: Any, document: Document) -> tuple[Case | None, list[Problem]]:
    """The scenario of a case: by name, in a file beside the case, or written out."""
    try:
        if isinstance(said, dict):
            return part_of(document, ("scenario",)), []
        cases = packaged_cases()
        if said in cases:
            return load(said), []
        beside = (document.path.parent if document.path is not None else Path.cwd()) / said
        for path in (beside, beside / "scenario.yaml"):
            if path.is_file():
                return load(path), []
    except ScenarioError as error:
        return None, list(error.problems)
    except (OSError, ValueError):
        pass
    hint, allowed = did_you_mean(said, cases), ", ".join(cases)
    return None, [
        document.problem("scenario-nowhere", ("scenario",), value=shorten(said), hint=hint, allowed=allowed)
    ]
