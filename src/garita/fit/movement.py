"""The parameters of our rule of movement, fitted to several instances of Flee by simulating them.

One set of parameters for all instances; what it is worth on others is told by leaving each out in turn. All
points are tried with the same seeds. Points are tried in cohorts, which takes a few hundredths of a second;
the errors that are printed are of histories person by person, as `garita flee` runs them.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from garita.engine.journey_types import Journeys
from garita.engine.journeys import Rules, travel, travel_in_cohorts
from garita.errors import DataError, Problem
from garita.fit import store
from garita.fit.parameters import Interval, Parameter, Tried, intervals
from garita.fit.search import Effort, Progress, search, write_json
from garita.flee.arrivals import Arrivals, arrivals, camps, cities
from garita.flee.calendar import Calendar, calendar
from garita.flee.measures import relative_difference, total_difference
from garita.flee.model import journeys, with_rule
from garita.flee.rule import RULE, Rule
from garita.runs.manifest import versions
from garita.sources.flee import FleeInstance, read_instance

SPACE = (
    Parameter("distance_power", "power of distance", 0.5, 3.5, 2.0, "",
              "how much less a camp further away draws"),
    Parameter("softening_km", "softening", 1.0, 300.0, 20.0, "km", "added to every distance", True),
    Parameter("people_power", "power of population", 0.0, 1.0, 0.5, "",
              "how many more set out from a place with more people"),
    Parameter("crowding", "crowding", 0.0, 0.95, 0.5, "of the beds",
              "share of its beds from which a camp draws less"),
)  # fmt: skip
HISTORIES = 2
"""Histories of every point that is tried."""

PRIOR = 0.004
"""What it costs to be a whole range away from the usual value, of the mean error."""


@dataclass(frozen=True)
class Known:
    """An instance, ready to be simulated with any parameters; ``model`` with the usual ones."""

    instance: FleeInstance
    calendar: Calendar
    model: Journeys
    people: Arrivals
    columns: list[int]

    @classmethod
    def of(cls, instance: FleeInstance) -> Known:
        """Raises DataError when people know too many routes."""
        names = list(instance.places)
        columns = [names.index(name) for name in camps(instance)]
        usual = rule_at([p.place(p.usual) for p in SPACE])
        return cls(instance, calendar(instance, "garita"), *journeys(instance, "garita", usual), columns)

    def with_rule(self, rule: Rule) -> Journeys:
        """The arrays under other parameters."""
        share = arrivals(self.instance, self.calendar, rule.people_power).share
        return self.model._replace(numbers=with_rule(self.model.numbers, rule), share=share)

    def error(self, inside: Any) -> float:
        """Averaged relative difference, rescaled, of people by place [D, P]."""
        return relative_difference(inside[:, self.columns].astype(np.int64), self.people.registered).rescaled

    def error_of(self, model: Journeys, rules: Rules, seed: int, histories: int) -> float:
        """Mean error of so many histories, person by person."""
        return float(
            np.mean([self.error(travel(model, seed, run, rules).inside) for run in range(histories)])
        )

    def rate(self, people_power: float) -> float:
        """People a day from a place of 100,000 in full conflict, so that in all as many set out as were
        registered; nan without a conflict."""
        share = arrivals(self.instance, self.calendar, people_power).share
        pressure = float((share @ cities(self.instance)).sum())
        rise = float(self.people.raw[-1] - self.people.raw[0])
        return rise * self.instance.settings.hasten / pressure if pressure > 0 and rise > 0 else math.nan

    def total(self, rule: Rule) -> tuple[float, float]:
        """Error of the total that the conflict alone tells: people at the end as a share of those
        registered, and the mean daily difference as a share."""
        found = arrivals(self.instance, self.calendar, rule.people_power, rule.people_a_day)
        people = found.initial.sum() + np.cumsum(found.shared)
        return float(people[-1] / max(int(found.raw[-1]), 1)), total_difference(people, found.raw)


class Movement:
    """The loss of parameters: the mean rescaled error of the instances that are ``kept``."""

    space = SPACE
    indifference = 0.004

    def __init__(self, known: Sequence[Known], kept: Sequence[int], seed: int, memo: Memo) -> None:
        self.known, self.kept, self.seed, self.memo = known, kept, seed, memo

    def __call__(self, places: Sequence[float]) -> Tried:
        """Try parameters at places from 0 to 1."""
        clipped = tuple(float(min(max(place, 0.0), 1.0)) for place in places)
        each = tuple(self._error(k, clipped) for k in self.kept)
        away = sum((x - p.place(p.usual)) ** 2 for x, p in zip(clipped, SPACE, strict=True))
        return Tried(clipped, each, float(np.mean(each) + PRIOR * away))

    def _error(self, k: int, places: tuple[float, ...]) -> float:
        if (k, places) not in self.memo:
            model = self.known[k].with_rule(rule_at(places))
            runs = [travel_in_cohorts(model, self.seed, run).inside for run in range(HISTORIES)]
            self.memo[k, places] = float(np.mean([self.known[k].error(inside) for inside in runs]))
        return self.memo[k, places]


Memo = dict[tuple[int, tuple[float, ...]], float]


def rule_at(places: Sequence[float]) -> Rule:
    """The rule with parameters at places from 0 to 1."""
    return replace(RULE, **{p.name: p.at(place) for p, place in zip(SPACE, places, strict=True)})


@dataclass(frozen=True)
class Figures:
    """Of one instance: mean rescaled error by the rule of Flee, by the parameters fitted to all instances,
    and by those fitted to the others.

    With the latter also the total that the conflict alone tells: at the end, and its mean daily difference,
    as shares of the registered one.
    """

    name: str
    flee3: float
    fitted: float
    left_out: float
    total_at_end: float
    total_error: float


@dataclass(frozen=True)
class MovementFit:
    """A finished fit. ``without``: the parameters fitted to all instances but one."""

    rule: Rule
    intervals: dict[str, Interval]
    without: dict[str, Rule]
    figures: list[Figures]

    @property
    def gain(self) -> float:
        """By what share the mean error of the instances left out is below that of the rule of Flee."""
        flee3 = sum(one.flee3 for one in self.figures)
        return 1.0 - sum(one.left_out for one in self.figures) / flee3 if flee3 > 0 else 0.0


Say = Callable[[str, int, int], None]


def fit_movement(
    folders: Sequence[Path], out: Path, *, seed: int = 1, effort: Effort | None = None, histories: int = 8,
    progress: Say | None = None,
) -> MovementFit:  # fmt: skip
    """Fit the rule to instance directories and write the fit to ``out``; a fit that was killed goes on from
    where it was. ``histories``: how many the printed errors are means of.

    Raises DataError for what is wrong with the instances, ResultsError for a folder of something else.
    """
    effort, say = effort or Effort(), progress or (lambda *_: None)
    names = [folder.resolve().name for folder in folders]
    if len(names) < 2 or len(set(names)) < len(names):
        raise DataError(Problem("fit-one-instance", {}))
    known = [Known.of(read_instance(folder)) for folder in folders]
    parts = store.prepare(out, _key(known, seed, effort, histories))
    memo: Memo = {}
    everything = range(len(known))
    found = search(
        Movement(known, everything, seed, memo), parts / "all", seed, _saying(say, "all instances"), effort
    )
    for one in found.tried:
        memo.update({(k, one.places): error for k, error in enumerate(one.each)})
    rule = _with_rate(_middle(found.good), known)
    without, figures = {}, []
    for k, name in enumerate(names):
        kept = [other for other in everything if other != k]
        told = search(
            Movement(known, kept, seed, memo),
            parts / f"without-{name}",
            seed,
            _saying(say, f"without {name}"),
            effort,
        )
        without[name] = _with_rate(_middle(told.good), [known[other] for other in kept])
        say(f"errors of {name}", k, len(names))
        figures.append(_figures(parts, name, known[k], rule, without[name], seed, histories))
    fit = MovementFit(rule, intervals(SPACE, found.good), without, figures)
    _write(out, fit, names, seed, effort, histories)
    return fit


def _middle(good: Sequence[Tried]) -> Rule:
    """The mean of the points of the walks: they explain the data about equally well, and their middle is
    further from chance than the best of them."""
    return rule_at(np.mean([one.places for one in good], axis=0).tolist())


def _saying(say: Say, what: str) -> Progress:
    return lambda done, total: say(what, done, total)


def _with_rate(rule: Rule, known: Sequence[Known]) -> Rule:
    """The rule with the rate of setting out that instances tell: their geometric mean."""
    rates = [rate for rate in (one.rate(rule.people_power) for one in known) if not math.isnan(rate)]
    rate = math.exp(float(np.mean(np.log(rates)))) if rates else RULE.people_a_day
    return replace(rule, people_a_day=rate)


def _figures(
    parts: Path, name: str, known: Known, rule: Rule, without: Rule, seed: int, histories: int
) -> Figures:
    path = parts / f"errors-{name}.json"
    if path.is_file():
        return Figures(**store.read_json(path))
    at_end, daily = known.total(without)
    found = Figures(
        name,
        known.error_of(journeys(known.instance, "flee3")[0], "flee3", seed, histories),
        known.error_of(known.with_rule(rule), "garita", seed, histories),
        known.error_of(known.with_rule(without), "garita", seed, histories),
        at_end,
        daily,
    )
    write_json(path, asdict(found))
    return found


def _key(known: Sequence[Known], seed: int, effort: Effort, histories: int) -> dict[str, str]:
    """What a fit is made of."""
    key = {
        f"instance {one.instance.name}": store.digest_of(*one.model, *one.people, repr(one.instance.settings))
        for one in known
    }
    return {
        **key, "seed": str(seed), "effort": str(effort), "histories": str(histories), "space": str(SPACE),
    }  # fmt: skip


def _write(
    out: Path, fit: MovementFit, names: Sequence[str], seed: int, effort: Effort, histories: int
) -> None:
    """The errors as a table, and the fit, which says that it is complete."""
    with (out / "errors.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow([field.name for field in fields(Figures)])
        for one in fit.figures:
            table.writerow([one.name, *(f"{value:.4f}" for value in list(asdict(one).values())[1:])])
    write_json(
        out / store.FIT,
        {
            "version": store.VERSION,
            "what": "rule of movement",
            "instances": list(names),
            "rule": asdict(fit.rule),
            "without": {name: asdict(rule) for name, rule in fit.without.items()},
            "intervals": {name: asdict(found) for name, found in fit.intervals.items()},
            "errors": [asdict(one) for one in fit.figures],
            "gain": fit.gain,
            "seed": seed,
            "effort": vars(effort),
            "histories": histories,
            "versions": versions(),
        },
    )
