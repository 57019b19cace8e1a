"""A first scenario to edit: a copy of a packaged case, or a small one that says everything itself."""

from __future__ import annotations

import re
import shutil
from importlib.resources import files
from pathlib import Path

from garita.errors import Problem, ScenarioError, did_you_mean, file_name, register_messages
from garita.scenario import packaged_cases
from garita.scenario.border import FILE, packaged_borders

register_messages(
    {
        "new-bad-name": (
            "`{value}` cannot be the name of a new scenario",
            "Use letters, digits, hyphens and underscores, beginning with a letter or digit.",
        ),
        "new-exists": (
            "this already exists, and nothing is overwritten",
            "Choose another name, or move it away.",
        ),
        "new-no-parent": ("there is no folder to put it in", "Make the folder first."),
        "new-unwritable": ("the folder cannot be made ({reason})", "Choose another place."),
    }
)

SCENARIO = "scenario.yaml"
MINIMAL = Path(__file__).parent / "minimal"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
# Windows keeps these for devices, whatever the folder.
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def copy_case(name: str, folder: Path) -> Path:
    """Copy the packaged case ``name`` to the new ``folder``; the scenario file in it is returned.

    Raises ScenarioError if there is no such case, or the folder exists or cannot be made.
    """
    borders = packaged_borders()
    cases = [*packaged_cases(), *borders]
    if name not in cases:
        params = {"value": name, "hint": did_you_mean(name, cases), "allowed": ", ".join(sorted(cases))}
        raise ScenarioError(Problem("unknown-case", params))
    made = _make(folder, Path(str(files("garita") / "cases" / name)))
    return made.with_name(FILE) if name in borders else made


def minimal(folder: Path) -> Path:
    """Write a small scenario to the new ``folder``, with the tables of its region: counts, lanes, hours and
    waits, from which the rest is inferred. The scenario file is returned.
    """
    return _make(folder, MINIMAL)


def small_text() -> str:
    """A small scenario that says everything itself."""
    return (Path(__file__).parent / "small.yaml").read_text(encoding="utf-8")


def _make(folder: Path, template: Path) -> Path:
    def refuse(code: str, **params: object) -> ScenarioError:
        return ScenarioError(Problem(code, params, file_name(folder)))

    if not _NAME.fullmatch(folder.name) or folder.name.casefold() in _RESERVED:
        raise refuse("new-bad-name", value=folder.name or str(folder))
    if folder.exists() or folder.is_symlink():
        raise refuse("new-exists")
    if not folder.parent.is_dir():
        raise refuse("new-no-parent")
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)  # of a copy that was cut short
    try:
        shutil.copytree(template, unfinished, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
        unfinished.rename(folder)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise refuse("new-unwritable", reason=error.strerror or str(error)) from None
    return folder / SCENARIO
