"""Mutation testing of the engine: change one thing in one kernel, and see whether a test notices.

    python scripts/mutants.py                 400 mutants, on one core; begun again, it goes on where it was
    python scripts/mutants.py --jobs 2        on two
    python scripts/mutants.py --survivors     those that survived, again: after new tests
    python scripts/mutants.py --report        what came of it

Tools for this (mutmut, cosmic-ray) skip decorated functions, and start an interpreter, NumPy and the tests'
imports anew for each mutant. Kernels are plain functions, so here the code of one is exchanged in a process
that stays, the tests that call it run until one fails, and the code is put back. The sample is fixed: the
mutants whose names have the smallest digests, so that a change of one kernel replaces its own mutants only.
"""

from __future__ import annotations

import argparse
import ast
import ctypes
import hashlib
import importlib
import json
import os
import subprocess
import sys
import threading
import time
import types
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ENGINE = ROOT / "src" / "garita" / "engine"
RESULTS = ROOT / ".mutants"
SAMPLE = 400
SECONDS = 60.0  # a mutant that takes longer is killed: it never ends
TESTS = [
    f"tests/plain/test_{name}.py"
    for name in ("kernels", "officers", "setting_out", "waiting", "lines", "days")
]
TESTS += ["tests/engine/test_journeys.py"]
TESTS += [f"tests/outcomes/test_{name}.py" for name in ("finals", "histograms")]
BITS = "tests/plain/test_same_bits.py"  # only compares with the compiled engine: asked last, counted apart
# How machine code is made, kept and entered: nothing that time advances with.
LEFT_OUT = {"cache", "compiling", "entrance", "kernel", "linking", "numba_bundles", "registry", "__init__"}

COMPARE = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
CALLS = {"min": "max", "max": "min", "floor": "ceil", "ceil": "floor", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    """One change of one function: which node, in the order of the tree, and what is done to it."""

    module: str
    function: str
    line: int
    node: int
    change: str
    before: str

    @property
    def name(self) -> str:
        return f"{self.module}.{self.function}:{self.node}:{self.change}"

    @property
    def rank(self) -> str:
        return hashlib.sha256(f"{self.name}:{self.before}".encode()).hexdigest()


def changes(node: ast.AST) -> list[str]:
    """What can be done to a node."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARE:
        return ["edge" if isinstance(node.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE) else "opposite"]
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in ARITHMETIC:
        return ["operator"]
    if isinstance(node, ast.BoolOp):
        return ["and/or"]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        return ["without sign"]
    if isinstance(node, ast.Constant) and type(node.value) in (int, float, bool):
        return ["other constant"]
    if isinstance(node, ast.Call):
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        return ["other call"] if called in CALLS else []
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        return ["never"]
    if isinstance(node, ast.Break | ast.Continue):
        return ["break/continue"]
    if isinstance(node, ast.Assign):
        return ["not assigned"]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return ["not called"]
    return []


def change(node: Any, what: str) -> Any:
    """The node changed in place, or another one for its place."""
    if what in ("edge", "opposite"):
        node.ops[0] = COMPARE[type(node.ops[0])]()
    elif what == "operator":
        node.op = ARITHMETIC[type(node.op)]()
    elif what == "and/or":
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif what == "without sign":
        return node.operand
    elif what == "other constant":
        node.value = not node.value if isinstance(node.value, bool) else node.value + 1
    elif what == "other call":
        name = "id" if isinstance(node.func, ast.Name) else "attr"
        setattr(node.func, name, CALLS[getattr(node.func, name)])
    elif what == "never":
        node.test = ast.Constant(False)
    elif what == "break/continue":
        return ast.Continue() if isinstance(node, ast.Break) else ast.Break()
    elif what in ("not assigned", "not called"):
        return ast.Pass()
    return node


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Functions and methods of a module, by qualified name."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    yield f"{node.name}.{method.name}", method


def inside(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """What a function does: neither its decorators, its arguments nor its documentation."""
    for statement in function.body:
        yield from ast.walk(statement)


def all_mutants() -> list[Mutant]:
    """Every change of every function, by rank."""
    found = []
    for path in sorted(ENGINE.glob("*.py")):
        if path.stem in LEFT_OUT:
            continue
        for name, function in functions(ast.parse(path.read_text(encoding="utf-8"))):
            for number, node in enumerate(inside(function)):
                for what in changes(node):
                    before = ast.unparse(node).splitlines()[0]
                    found.append(Mutant(path.stem, name, getattr(node, "lineno", 0), number, what, before))
    return sorted(found, key=lambda mutant: mutant.rank)


class _Replaced(ast.NodeTransformer):
    def __init__(self, target: ast.AST, what: str) -> None:
        self.target, self.what = target, what

    def visit(self, node: ast.AST) -> Any:
        return change(node, self.what) if node is self.target else self.generic_visit(node)


def mutated_code(mutant: Mutant, plain: types.FunctionType) -> tuple[types.CodeType, str]:
    """The code of a function with one change, and what the line became."""
    path = ENGINE / f"{mutant.module}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    function = dict(functions(tree))[mutant.function]
    target = list(inside(function))[mutant.node]
    was = ast.unparse(function).splitlines()
    function = _Replaced(target, mutant.change).visit(function)
    function.decorator_list = []
    became = ast.unparse(function).splitlines()
    after = next(
        (new for old, new in zip(was[len(was) - len(became) :], became, strict=False) if old != new), ""
    )
    module = ast.fix_missing_locations(ast.Module([function], []))
    code = compile(module, str(path), "exec", flags=0x1000000)  # annotations stay text
    [inner] = [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
    assert inner.co_freevars == plain.__code__.co_freevars
    return inner, after.strip()


def function_of(mutant: Mutant) -> types.FunctionType:
    """The function a mutant is of, as it runs in plain Python."""
    found: Any = importlib.import_module(f"garita.engine.{mutant.module}")
    for part in mutant.function.split("."):
        found = getattr(found, part)
    found = (
        getattr(found, "fget", None) or getattr(found, "plain", None) or getattr(found, "__wrapped__", found)
    )
    assert isinstance(found, types.FunctionType)
    return found


class Overtime(BaseException):
    """A mutant that never ends."""


class Trial:
    """A plug-in of pytest that runs, for each mutant, the tests that call what it changes."""

    def __init__(self, mutants: list[Mutant], results: Path) -> None:
        self.mutants, self.results = mutants, results
        self.failed = False

    def pytest_runtestloop(self, session: Any) -> bool:
        from garita.engine import run

        run.LARGEST_ROOM = 2**14  # a mutant that believes all queues full shall not take the machine
        items = sorted(session.items, key=lambda item: str(item.path).endswith(BITS.rsplit("/", 1)[-1]))
        calls, seconds = self._baseline(items)
        items.sort(key=lambda item: (BITS in item.nodeid, seconds[item]))
        for mutant in self.mutants:
            plain = function_of(mutant)
            chosen = [item for item in items if plain.__code__ in calls[item]]
            record = {"name": mutant.name, "tests": len(chosen), **self._one(mutant, plain, chosen)}
            with self.results.open("a", encoding="utf-8") as file:
                file.write(json.dumps(record) + "\n")
        return True

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.failed = self.failed or report.failed

    def _run(self, item: Any) -> bool:
        """Whether a test passes."""
        from _pytest.runner import runtestprotocol

        from plain import test_days

        test_days.plain.cache_clear()
        self.failed = False
        if hasattr(item, "_request"):
            item._initrequest()
        for report in runtestprotocol(item, log=False, nextitem=item.session):
            self.failed = self.failed or report.failed
        return not self.failed

    def _baseline(self, items: list[Any]) -> tuple[dict[Any, set[types.CodeType]], dict[Any, float]]:
        """Which code each test calls, and how long it takes. All must pass."""
        calls: dict[Any, set[types.CodeType]] = defaultdict(set)
        seconds = {}
        for item in items:
            begin, seen = time.monotonic(), calls[item]

            def note(frame: Any, event: str, _: Any, seen: set[types.CodeType] = seen) -> None:
                if event == "call":
                    seen.add(frame.f_code)

            sys.setprofile(note)
            try:
                passed = self._run(item)
            finally:
                sys.setprofile(None)
            seconds[item] = time.monotonic() - begin
            if not passed:
                raise SystemExit(f"{item.nodeid} fails without any mutant")
        return calls, seconds

    def _one(self, mutant: Mutant, plain: types.FunctionType, chosen: list[Any]) -> dict[str, Any]:
        code, after = mutated_code(mutant, plain)
        whole, begin = plain.__code__, time.monotonic()
        ended = threading.Event()
        main = ctypes.c_ulong(threading.get_ident())

        def watch() -> None:
            while not ended.wait(SECONDS):
                ctypes.pythonapi.PyThreadState_SetAsyncExc(main, ctypes.py_object(Overtime))

        watcher = threading.Thread(target=watch, daemon=True)
        plain.__code__ = code
        killer = ""
        try:
            watcher.start()
            for item in chosen:
                if not self._run(item):
                    killer = item.nodeid
                    break
        except Overtime:
            killer = "overtime"
        finally:
            plain.__code__ = whole
            ended.set()
            watcher.join()
        return {
            "killer": killer,
            "line": mutant.line,
            "before": mutant.before,
            "after": after,
            "seconds": round(time.monotonic() - begin, 1),
        }


def kept(sample: list[Mutant]) -> dict[str, dict[str, Any]]:
    """The latest result of each mutant of the sample."""
    names = {mutant.name for mutant in sample}
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(RESULTS.glob("*.jsonl"), key=lambda path: path.stat().st_mtime):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            if record["name"] in names:
                found[record["name"]] = record
    return found


def engine_digest() -> str:
    """Of all sources of the engine: results of another engine are put away."""
    digest = hashlib.sha256()
    for path in sorted(ENGINE.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def report(sample: list[Mutant]) -> int:
    """Print the score and the survivors; 1 if fewer than 85 % were killed."""
    found = kept(sample)
    killed = [record for record in found.values() if record["killer"]]
    by_bits = sum(BITS in record["killer"] for record in killed)
    if found:
        print(
            f"{len(found)} of {len(sample)} mutants: {len(killed)} killed ({len(killed) / len(found):.1%}), "
            f"{by_bits} of them only by comparison with the compiled engine"
        )
    for mutant in sample:
        record = found.get(mutant.name)
        if record is not None and not record["killer"]:
            what = record["after"] or mutant.before
            print(f"- `{mutant.module}.{mutant.function}`, line {mutant.line}, {mutant.change}: `{what}`")
    return 0 if len(found) == len(sample) and len(killed) >= 0.85 * len(sample) else 1


def main() -> int:
    parser = argparse.ArgumentParser(description="Mutation testing of the engine.")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--survivors", action="store_true", help="run again those that survived")
    parser.add_argument("--report", action="store_true", help="only say what came of it")
    parser.add_argument("--part", help=argparse.SUPPRESS)  # i/n, of a job
    parser.add_argument("--only", help="mutants whose name begins so")
    options = parser.parse_args()
    sample = [mutant for mutant in all_mutants() if mutant.name.startswith(options.only or "")][:SAMPLE]
    RESULTS.mkdir(exist_ok=True)
    if options.report:
        return report(sample)
    if options.part:
        return _job(sample, options)
    mark = RESULTS / "engine"
    if mark.exists() and mark.read_text(encoding="utf-8") != engine_digest():
        for path in RESULTS.glob("*.jsonl"):
            path.unlink()
    mark.write_text(engine_digest(), encoding="utf-8")
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONUTF8": "1"}
    more = [f"--only={options.only}"] if options.only else []
    more += ["--survivors"] if options.survivors else []
    jobs = [
        subprocess.Popen(
            [sys.executable, __file__, f"--part={i}/{options.jobs}", *more], env=environment, cwd=ROOT
        )
        for i in range(options.jobs)
    ]
    ended = max(job.wait() for job in jobs)
    return ended or report(sample)


def _job(sample: list[Mutant], options: argparse.Namespace) -> int:
    import pytest

    number, jobs = map(int, options.part.split("/"))
    found = kept(sample)
    left = [
        mutant
        for mutant in sample
        if mutant.name not in found or (options.survivors and not found[mutant.name]["killer"])
    ]
    trial = Trial(left[number::jobs], RESULTS / f"{number}.jsonl")
    arguments = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly", *TESTS, BITS]
    return 0 if not left else int(pytest.main(arguments, plugins=[trial]))


if __name__ == "__main__":
    sys.exit(main())
