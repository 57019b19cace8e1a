"""Garita: what happens when a border crossing closes.

    import garita
    case = garita.load("san-ysidro-2018")
    change = garita.compare(garita.run(case), garita.run(case.without("closures")))
    garita.report(change, "san-ysidro.html")

The names in ``__all__`` and the command ``garita`` are public; everything else may change without notice.
Each name is imported when it is first used, so that ``import garita`` and ``garita --help`` stay quick.

``garita.report`` is both the package of that name and the function that writes a report: the package is a
module that can be called, so it makes no difference which of the two is imported first.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from garita.errors import DataError, GaritaError, Problem, ResultsError, RunError, ScenarioError
    from garita.outcomes import Comparison, JourneyOutcome, Outcome, compare
    from garita.report import write as report
    from garita.runs import run, run_pair, travel
    from garita.scenario import Case, Scenario, load

__version__ = "0.1.0"

_HOMES = {
    "Case": "garita.scenario",
    "Comparison": "garita.outcomes",
    "DataError": "garita.errors",
    "GaritaError": "garita.errors",
    "JourneyOutcome": "garita.outcomes",
    "Outcome": "garita.outcomes",
    "Problem": "garita.errors",
    "ResultsError": "garita.errors",
    "RunError": "garita.errors",
    "Scenario": "garita.scenario",
    "ScenarioError": "garita.errors",
    "compare": "garita.outcomes",
    "load": "garita.scenario",
    "run": "garita.runs",
    "run_pair": "garita.runs",
    "travel": "garita.runs",
}

__all__ = [
    "Case",
    "Comparison",
    "DataError",
    "GaritaError",
    "JourneyOutcome",
    "Outcome",
    "Problem",
    "ResultsError",
    "RunError",
    "Scenario",
    "ScenarioError",
    "__version__",
    "compare",
    "load",
    "report",
    "run",
    "run_pair",
    "travel",
]


def __getattr__(name: str) -> Any:
    if name == "report":
        return import_module("garita.report")
    if name not in _HOMES:
        raise AttributeError(f"module 'garita' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
