"""Where in its file stands what turns out to be impossible only when a history is built."""

from __future__ import annotations

from collections.abc import Iterable

from garita.errors import Problem
from garita.scenario.loader import Document, Path, dotted
from garita.scenario.models import Scenario


def placed(problems: Iterable[Problem], document: Document, scenario: Scenario) -> list[Problem]:
    """The problems with file and line of the fields they name; lines and pools may be named instead of
    numbered (``flows[a:inbound:car:standard]``).
    """
    paths = {dotted(path): path for path in document.marks}
    paths.update(_by_name(scenario))
    return [_placed(problem, document, paths) for problem in problems]


def _placed(problem: Problem, document: Document, paths: dict[str, Path]) -> Problem:
    path = paths.get(problem.field or "")
    if path is None or problem.line is not None:
        return problem
    found = document.problem(problem.code, path, severity=problem.severity, **problem.params)
    return Problem(
        found.code, found.params, found.file, found.line, found.column, problem.field, found.severity
    )


def _by_name(scenario: Scenario) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for i, flow in enumerate(scenario.flows or ()):
        found[f"flows[{flow.crossing}:{flow.direction}:{flow.mode}:{flow.lane_type}]"] = ("flows", i)
    for i, pool in enumerate(scenario.officers):
        found[f"officers[{pool.pool}]"] = ("officers", i)
    return found
