"""The direction of the imports: only from a lower level, without cycles (docs/architecture.md).

    engine, reference  <  scenario  <  sources, build, outcomes  <  runs, flee  <  fit, report  <  web, cli

`garita.errors` may be imported by all. `garita` itself only hands names on, so from below nothing but its
version may be taken. `cases` holds packaged scenarios and no code.
Imports are read from the source text, wherever they stand: in functions and under TYPE_CHECKING too. One
under TYPE_CHECKING makes no cycle, though: it is never executed.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

SOURCE = Path(__file__).parents[1] / "src"

LEVELS = (
    {"errors", "cases"},
    {"engine", "reference"},
    {"scenario"},
    {"sources", "build", "outcomes"},
    {"runs", "flee"},
    {"fit", "report"},
    {
        "web",
        "cli",
        "cli_border",
        "cli_fit",
        "cli_flee",
        "cli_journeys",
        "cli_sources",
        "cli_validate",
        "console",
        "doctor",
        "folders",
        "starter",
        "summary",
        "__main__",
    },
)
LEVEL = {package: number for number, level in enumerate(LEVELS) for package in level}
# The parts of the command line, which stand on one level, in their own order: the command uses the others.
WITHIN_TOP = {("cli", name) for name in LEVELS[-1]}
WITHIN_TOP |= {("doctor", "starter"), ("cli_flee", "console"), ("cli_sources", "console")}
WITHIN_TOP |= {("cli_validate", "console"), ("cli_journeys", "console"), ("cli_border", "console")}
WITHIN_TOP |= {("cli_fit", "console")}
WITHIN_TOP |= {("__main__", "cli")}


def modules(source: Path) -> dict[str, Path]:
    """Dotted name -> file of every module under ``source/garita``."""
    found = {}
    for path in sorted((source / "garita").rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


class Import(NamedTuple):
    """One import of something of ours. ``name``: what is taken from it; ``executed``: not for types only."""

    module: str
    target: str
    line: int
    name: str
    executed: bool


@cache
def imports(source: Path) -> tuple[Import, ...]:
    """Every import of something of ours, those with a star or dots too."""
    known = modules(source)
    found = []
    for module, path in known.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for_types = {
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
            for statement in node.body
            for inner in ast.walk(statement)
        }
        for node in ast.walk(tree):
            executed = node not in for_types
            if isinstance(node, ast.Import):
                found += [Import(module, name.name, node.lineno, "", executed) for name in node.names]
            elif isinstance(node, ast.ImportFrom):
                package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
                home = package[: len(package) - node.level + 1] if node.level else []
                target = ".".join([*home, *([node.module] if node.module else [])])
                for name in node.names:
                    inner = f"{target}.{name.name}"
                    inner = inner if inner in known else target
                    found.append(Import(module, inner, node.lineno, name.name, executed))
    return tuple(item for item in found if item.target.split(".")[0] == "garita")


def wrong_arrows(source: Path) -> list[str]:
    """Imports that do not go from a higher to a lower level, in words."""
    wrong = []
    for module, target, line, name, _ in imports(source):
        if module == "garita":
            continue
        place = f"{module}:{line}"
        if name == "*":
            wrong.append(f"{place} takes everything (*) from {target}")
        if target == "garita":
            if name != "__version__":
                wrong.append(f"{place} takes {name or 'the package'} from garita itself")
            continue
        here, there = module.split(".")[1], target.split(".")[1]
        if unknown := {here, there} - LEVEL.keys():
            wrong.append(f"{place}: {', '.join(sorted(unknown))} has no level")
        elif here != there and LEVEL[here] <= LEVEL[there] and (here, there) not in WITHIN_TOP:
            wrong.append(f"{place}: {here} may not import {there} (level {LEVEL[here]} and {LEVEL[there]})")
    return wrong


def cycles(source: Path) -> list[str]:
    """Chains of modules that import one another in a ring."""
    graph: dict[str, set[str]] = {name: set() for name in modules(source)}
    for module, target, _, _, executed in imports(source):
        if executed and "garita" not in (module, target) and target in graph and target != module:
            graph[module].add(target)
    done: set[str] = set()
    found = []

    def walk(module: str, trail: list[str]) -> None:
        if module in trail:
            found.append(" -> ".join([*trail[trail.index(module) :], module]))
        elif module not in done:
            for target in sorted(graph[module]):
                walk(target, [*trail, module])
            done.add(module)

    for module in graph:
        walk(module, [])
    return found


def test_imports_go_down_only() -> None:
    assert not wrong_arrows(SOURCE)


def test_imports_make_no_cycle() -> None:
    assert not cycles(SOURCE)


def test_an_import_for_types_makes_no_cycle(tmp_path: Path) -> None:
    files = {
        "engine/a.py": "from garita.engine import b\n",
        "engine/b.py": "if TYPE_CHECKING:\n    from garita.engine.a import x\n",
    }
    assert cycles(tree(tmp_path, {**GOOD, **files})) == []


def test_every_import_is_of_something_that_exists() -> None:
    known = modules(SOURCE)
    assert [item for item in imports(SOURCE) if item.target not in known] == []


def tree(folder: Path, files: dict[str, str]) -> Path:
    """A source tree of the given files (path under garita/ -> text)."""
    for name, text in files.items():
        path = folder / "garita" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        for parent in path.parents:
            if parent == folder:
                break
            (parent / "__init__.py").touch()
    return folder


GOOD = {
    "engine/loop.py": "from garita.engine.random import draw\n",
    "engine/random.py": "def draw(): ...\n",
    "runs/one.py": "from garita import __version__\nfrom garita.engine import loop\n",
    "build/one.py": "from garita.errors import GaritaError\n",
    "errors.py": "",
}


def test_a_good_tree_passes(tmp_path: Path) -> None:
    source = tree(tmp_path, GOOD)
    assert wrong_arrows(source) == []
    assert cycles(source) == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("engine/bad.py", "import garita.runs\n", "engine may not import runs"),
        ("engine/bad.py", "def f():\n    from garita.runs import one\n", "engine may not import runs"),
        ("engine/bad.py", "from ..runs import one\n", "engine may not import runs"),
        ("engine/bad.py", "from garita import run\n", "takes run from garita itself"),
        ("engine/bad.py", "import garita\n", "takes the package from garita itself"),
        ("reference/bad.py", "from garita.engine import loop\n", "reference may not import engine"),
        (
            "scenario/bad.py",
            "if TYPE_CHECKING:\n    from garita.build import x\n",
            "scenario may not import build",
        ),
        ("report/bad.py", "from garita.cli import app\n", "report may not import cli"),
        ("errors.py", "from garita.scenario import load\n", "errors may not import scenario"),
        ("novelty/bad.py", "from garita.engine import loop\n", "novelty has no level"),
        ("runs/bad.py", "from garita.engine.loop import *\n", "takes everything"),
    ],
)
def test_a_wrong_arrow_is_found(tmp_path: Path, name: str, text: str, said: str) -> None:
    source = tree(
        tmp_path, {**GOOD, "scenario/__init__.py": "", "build/__init__.py": "", "cli.py": "", name: text}
    )
    found = wrong_arrows(source)
    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize(
    "files",
    [
        {"engine/a.py": "from garita.engine import b\n", "engine/b.py": "from garita.engine.a import x\n"},
        {
            "engine/__init__.py": "from garita.engine.a import x\n",
            "engine/a.py": "from garita.engine import y\n",
        },
        {
            "runs/a.py": "import garita.runs.b\n",
            "runs/b.py": "def f():\n    from garita.runs import c\n",
            "runs/c.py": "from .a import x\n",
        },
    ],
)
def test_a_cycle_is_found(tmp_path: Path, files: dict[str, str]) -> None:
    assert len(cycles(tree(tmp_path, {**GOOD, **files}))) == 1
