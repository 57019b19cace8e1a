"""What must hold between an observation and its scenario, and what the observation amounts to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from garita.errors import Problem, did_you_mean
from garita.fit.amounts import CHANGE, COUNT, HOURS, LOG_RATIO, METRES, MINUTES, SHARE, Kind, amount
from garita.fit.case_models import FATES, FORMS, WAITS, Lines, Observation, ValidationCase
from garita.scenario.case import Case
from garita.scenario.loader import Document, Path
from garita.scenario.times import LocalTime

KINDS = {
    **dict.fromkeys(WAITS, MINUTES),
    **dict.fromkeys(FATES, SHARE),
    "queue": COUNT,
    "queue_m": METRES,
    "served": COUNT,
    "recovery": HOURS,
}
STATISTICS_OF = {
    **dict.fromkeys(WAITS, ("mean", "max", "min")),
    "longest_wait": ("max",),
    "queue": ("max", "mean", "min"),
    "queue_m": ("max", "mean", "min"),
    "served": ("total", "per_day", "per_hour"),
}
CLOSED = ("closed", "-", "")


@dataclass(frozen=True)
class Target:
    """What an observation amounts to, in the unit of its kind.

    ``low`` and ``high``: between them lies what was observed (one is infinite for `at least` and `at most`);
    ``hours``: 24 figures instead, NaN where closed. ``noise``: one standard deviation of the observation
    (of the logarithm of the ratio, for a change). ``lines``: (crossing, direction, mode, lane type) it is of,
    less the figure of the lines in ``minus``;
    ``window``: from and until in minutes UTC since 1970.
    """

    observation: Observation
    unit: str
    low: float
    high: float
    noise: float
    statistic: str
    lines: frozenset[tuple[str, str, str, str]]
    minus: frozenset[tuple[str, str, str, str]]
    to: frozenset[str]
    window: tuple[float, float]
    hours: tuple[float, ...] = ()


def usual_noise(measure: str, unit: str, low: float, high: float) -> float:
    """The noise of an observation that does not say how good it is, in its unit.

    Waits and recovery are seldom known better than to a quarter of an hour, or a quarter of themselves;
    counts of ports to 5 %, queues that somebody estimated to a quarter, shares to 0.1.
    """
    size = max((abs(end) for end in (low, high) if math.isfinite(end)), default=0.0)
    if unit == "%":
        return 0.05
    if unit == "share":
        return 0.1
    if measure == "served":
        return max(0.05 * size, 1.0)
    if measure in ("queue", "queue_m"):
        return max(0.25 * size, 10.0)
    return max(0.25 * size, 1.0 if measure == "recovery" else 15.0)


def check_observations(
    model: ValidationCase, document: Document, case: Case | None
) -> tuple[list[Target], list[Problem]]:
    """The targets of a case, and the problems of its observations; without a scenario, of their amounts."""
    targets: list[Target] = []
    problems: list[Problem] = []
    for i, observation in enumerate(model.observations):
        if getattr(observation, "measure", None) is None:
            continue  # what could not be read is None
        reader = _Reader(observation, document, ("observations", i), case)
        target = reader.target()
        problems += reader.problems
        if target is not None:
            targets.append(target)
    return targets, problems


def check_shut(model: ValidationCase, document: Document, case: Case | None) -> list[Problem]:
    """Problems of what the simple guesses take to be shut."""
    problems: list[Problem] = []
    for i, shut in enumerate(model.shut or []):
        if shut is not None and case is not None:
            problems += lines_of(case, shut, shut.directions or [], document, ("shut", i))[1]
    return problems


def has_event(case: Case) -> bool:
    """Whether the scenario with its event differs from the one without it."""
    return case.canonical != case.without("closures").canonical


class _Reader:
    """Reads one observation against its scenario."""

    def __init__(self, observation: Observation, document: Document, at: Path, case: Case | None) -> None:
        self.seen, self.document, self.at, self.case = observation, document, at, case
        self.problems: list[Problem] = []
        self.kind = CHANGE if observation.compare == "change" else KINDS[observation.measure]

    def add(self, code: str, *names: str | int, **params: Any) -> None:
        self.problems.append(self.document.problem(code, (*self.at, *names), **params))

    def target(self) -> Target | None:
        """What it amounts to; None where there is a problem."""
        low, high, hours = self.figures()
        statistic = self.statistic()
        self.comparison()
        lines: frozenset[tuple[str, str, str, str]] = frozenset()
        minus = lines
        window, to = (-math.inf, math.inf), frozenset[str]()
        if self.case is not None:
            lines, found = lines_of(self.case, self.seen, [self.seen.direction], self.document, self.at)
            self.problems += found
            if self.seen.minus is not None:
                other = self.seen.model_copy(update={"lane_types": self.seen.minus})
                minus, found = lines_of(self.case, other, [self.seen.direction], self.document, self.at)
                self.problems += found
            to, window = self.neighbours(), self.window()
        noise = self.noise(low, high, hours)
        if any(problem.severity == "error" for problem in self.problems):
            return None
        return Target(
            self.seen, self.kind.unit, low, high, noise, statistic, lines, minus, to, window, tuple(hours)
        )

    # amounts ---------------------------------------------------------------------------------------

    def figures(self) -> tuple[float, float, list[float]]:
        """Lowest, highest, and the figures by hour."""
        given = [name for name in FORMS if getattr(self.seen, name) is not None]
        if len(given) != 1:
            self.add("observation-form" if not given else "either-or",
                     allowed=", ".join(FORMS), given=" and ".join(given))  # fmt: skip
            return math.nan, math.nan, []
        form, said = given[0], getattr(self.seen, given[0])
        if form == "by_hour":
            if len(said) != 24:
                self.add("observation-hours", form, got=len(said))
            return math.nan, math.nan, [
                math.nan if str(one).strip().lower() in CLOSED else self.read(one, form, i)
                for i, one in enumerate(said)
            ]  # fmt: skip
        if form == "range":
            if len(said) != 2:
                self.add("range-length", form)
                return math.nan, math.nan, []
            low, high = (self.read(one, form, i) for i, one in enumerate(said))
            if low > high:
                self.add("observation-range", form)
            return low, high, []
        value = self.read(said, form)
        return {"at_least": (value, math.inf, []), "at_most": (-math.inf, value, [])}.get(
            form, (value, value, [])
        )

    def read(self, said: Any, *names: str | int, kind: Kind | None = None) -> float:
        kind = kind or self.kind
        unit = self.seen.unit if kind is self.kind else None
        value = amount(said, kind, unit)
        if value is None:
            self.add("observation-amount", *names, value=str(said), form=kind.form)
            return math.nan
        return value

    def noise(self, low: float, high: float, hours: Sequence[float]) -> float:
        if self.seen.noise is None:
            known = [hour for hour in hours if math.isfinite(hour)]
            mean = sum(known) / len(known) if known else math.nan
            ends = (mean, mean) if hours else (low, high)
            return usual_noise(self.seen.measure, self.kind.unit, *ends)
        said = self.read(self.seen.noise, "noise", kind=LOG_RATIO if self.kind is CHANGE else self.kind)
        if said <= 0.0:
            self.add("observation-noise", "noise")
        return said

    # what it is of ---------------------------------------------------------------------------------

    def statistic(self) -> str:
        allowed = STATISTICS_OF.get(self.seen.measure, ("mean",))
        if self.seen.statistic is None:
            return allowed[0]
        if self.seen.statistic not in allowed:
            self.add("observation-statistic", "statistic", value=self.seen.statistic,
                     measure=self.seen.measure, allowed=", ".join(allowed))  # fmt: skip
        return self.seen.statistic

    def comparison(self) -> None:
        measure, compare = self.seen.measure, self.seen.compare
        if self.seen.minus is not None and (measure in FATES or measure == "recovery"):
            self.add("observation-minus", "minus", measure=measure)
        if compare != "with" and (measure in FATES or measure == "recovery"):
            self.add("observation-compare", "compare", measure=measure)
        needs = compare in ("difference", "change") or measure in FATES or measure == "recovery"
        if self.case is not None and needs and not has_event(self.case):
            self.add("no-event", "compare" if compare != "with" else "measure")
        if measure == "share_diverted" and self.seen.to is None:
            self.add("observation-to", "measure")

    def neighbours(self) -> frozenset[str]:
        assert self.case is not None
        catalogue = self.case.catalogue
        found: set[str] = set()
        for i, name in enumerate(self.seen.to or []):
            there = catalogue.expand(name)
            if not there:
                self.add("unknown-crossing", "to", i, value=name, hint=did_you_mean(name, catalogue.names),
                         allowed=", ".join(catalogue.names))  # fmt: skip
            found |= set(there)
        return frozenset(found)

    def window(self) -> tuple[float, float]:
        assert self.case is not None
        window = span(self.seen.start, self.seen.until, self.case)
        begin, end = self.case.start, self.case.end
        if window[1] <= begin.timestamp() / 60 or window[0] >= end.timestamp() / 60 or window[0] >= window[1]:
            name = "from" if self.seen.start is not None else "until"
            self.add(
                "observation-window", name, start=f"{begin:%Y-%m-%d %H:%M}", until=f"{end:%Y-%m-%d %H:%M}"
            )
        return window


def span(start: LocalTime | None, until: Any, case: Case) -> tuple[float, float]:
    """A window in minutes UTC since 1970; the reported days where an end is left out."""
    begin = (start.aware(case.zone) if start is not None else case.start).timestamp() / 60.0
    if isinstance(until, LocalTime):
        return begin, until.aware(case.zone).timestamp() / 60.0
    return begin, begin + until if isinstance(until, float | int) else case.end.timestamp() / 60.0


def lines_of(
    case: Case, said: Lines, directions: Iterable[str], document: Document, at: Path
) -> tuple[frozenset[tuple[str, str, str, str]], list[Problem]]:
    """The lines of a scenario that something is about, and what is wrong with how they are named."""
    catalogue = case.catalogue
    problems: list[Problem] = []
    places: set[str] = set()
    for i, name in enumerate(said.crossing or []):
        there = catalogue.expand(name)
        if not there:
            hint, allowed = did_you_mean(name, catalogue.names), ", ".join(catalogue.names)
            path = (*at, "crossing", i)
            if path not in document.marks:
                path = path[:-1]  # one name stands for a list of one
            problems.append(
                document.problem("unknown-crossing", path, value=name, hint=hint, allowed=allowed)
            )
        places |= set(there)
    ways, modes, types = set(directions), said.modes, said.lane_types
    lines = frozenset(
        flow
        for flow in catalogue.flows
        if flow[0] in places
        and flow[1] in ways
        and (modes is None or flow[2] in modes)
        and (types is None or flow[3] in types)
    )
    if places and not lines and not problems:
        there_is = sorted({f"{flow[2]} {flow[3]} {flow[1]}" for flow in catalogue.flows if flow[0] in places})
        asked = " ".join([*(modes or []), *(types or []), *sorted(ways)])
        problems.append(
            document.problem("observation-nobody", at, line=asked, hint="", allowed=", ".join(there_is))
        )
    return lines, problems
