"""A scenario is a base and what differs: base files are read and laid under the file that names them.

Lists of things that happen (closures, lanes, staffing, hours, conversions, demand) and of sources and
notes follow those of the base; behaviour is overridden parameter by parameter; anything else is replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path as FilePath
from typing import Any

from garita.errors import GaritaError, ScenarioError, did_you_mean, shorten
from garita.scenario import region as regions
from garita.scenario.loader import Document, Mark, Path, read
from garita.scenario.models import ENTRIES

APPENDED = (*ENTRIES, "officers", "crossings", "flows", "secondary", "travel", "sources", "notes")
MOST_BASES = 20


def packaged_cases() -> list[str]:
    """The names of the packaged cases."""
    folder = resources.files("garita") / "cases"
    if not folder.is_dir():
        return []
    return sorted(entry.name for entry in folder.iterdir() if (entry / "scenario.yaml").is_file())


def packaged_path(name: str) -> FilePath:
    """The scenario file of a packaged case."""
    return FilePath(str(resources.files("garita") / "cases" / name / "scenario.yaml"))


def with_bases(document: Document) -> tuple[Document, regions.Tables | None]:
    """The document laid over all its bases, and the tables of the packaged region they end in."""
    seen = {document.path.resolve()} if document.path is not None else set()
    for _ in range(MOST_BASES):
        base = document.tree.get("base")
        if not isinstance(base, str):
            return document, None
        name = base.strip()
        if name in regions.packaged_regions():
            document.tree["base"] = name
            return document, _tables(document, name, regions.load_tables)
        path = _base_path(document, name)
        if path is None:
            return document, None
        if path.is_dir():
            return document, _tables(document, path, regions.read_tables)
        if path.resolve() in seen:
            document.problems.append(document.problem("base-cycle", ("base",)))
            return document, None
        seen.add(path.resolve())
        document = _over(read(path), document)
    document.problems.append(document.problem("base-cycle", ("base",)))
    return document, None


def _tables(document: Document, name: Any, read: Callable[[Any], regions.Tables]) -> regions.Tables | None:
    try:
        return read(name)
    except GaritaError as error:
        if any(problem.line for problem in error.problems):  # of the tables themselves
            document.problems.extend(error.problems)
            return None
        params: dict[str, Any] = {
            "value": shorten(name),
            "reason": shorten(error.problems[0].text if error.problems else error, 200),
        }
        document.problems.append(document.problem("base-unreadable", ("base",), **params))
        return None


def _base_path(document: Document, name: str) -> FilePath | None:
    """The file a base is in, or the folder of its tables; notes a problem when there is none."""
    cases = packaged_cases()
    if name in cases:
        return packaged_path(name)
    mark = document.marks.get(("base",))
    folder = FilePath(mark.file).parent if mark is not None and mark.file else FilePath.cwd()
    if len(name) < 500:
        path = folder / name
        try:
            if path.is_file() if name.endswith((".yaml", ".yml")) else regions.is_region(path):
                return path
        except OSError:
            pass
    known = [*regions.packaged_regions(), *cases]
    params: dict[str, Any] = {
        "value": shorten(name),
        "hint": did_you_mean(name, known),
        "allowed": ", ".join(known),
    }
    document.problems.append(document.problem("unknown-base", ("base",), **params))
    return None


def _over(base: Document, top: Document) -> Document:
    """``top`` laid over ``base``; marks keep pointing into the file each value was written in."""
    tree: dict[str, Any] = dict(base.tree)
    marks: dict[Path, Mark] = dict(base.marks)
    for name, value in top.tree.items():
        below = base.tree.get(name)
        shift = 0
        if name == "base":
            continue
        if name in APPENDED and isinstance(below, list) and isinstance(value, list):
            shift = len(below)
            tree[name] = [*below, *value]
        elif name == "behaviour" and isinstance(below, dict) and isinstance(value, dict):
            tree[name] = {**below, **value}
        else:
            tree[name] = value
            marks = {path: mark for path, mark in marks.items() if path[:1] != (name,)}
        for path, mark in top.marks.items():
            if path[:1] == (name,):
                marks[_shifted(path, shift)] = mark
    marks[()] = top.marks[()]
    if "base" not in base.tree:
        tree.pop("base", None)
    problems = [*base.problems, *top.problems]
    return Document(tree, marks, top.text, top.path, problems)


def _shifted(path: Path, shift: int) -> Path:
    if shift and len(path) > 1 and isinstance(path[1], int):
        return (path[0], path[1] + shift, *path[2:])
    return path


def require(problems: list[Any]) -> None:
    """Raise when any of the problems is an error."""
    if any(problem.severity == "error" for problem in problems):
        raise ScenarioError(problems)
