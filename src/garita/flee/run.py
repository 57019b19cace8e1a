"""Run an instance of Flee, score it, and write its series in Flee's columns."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

from garita.engine.journey_types import Ints, Journal
from garita.engine.journeys import Rules, travel
from garita.errors import DataError, Problem, counted, file_name
from garita.flee.arrivals import Arrivals, camps
from garita.flee.closures import of_one_way
from garita.flee.measures import Difference, relative_difference, scaled_errors, total_difference
from garita.flee.model import journeys
from garita.flee.rule import RULE, Rule
from garita.sources.flee import FleeInstance, read_instance

RULES: tuple[Rules, ...] = ("flee3", "garita")
SMALLEST = 1e-5


@dataclass
class FleeRun:
    """One history of an instance: D days, C camps.

    ``simulated`` and ``registered`` [D, C] people by camp; ``outside`` [D, C] people in front of a full camp,
    ``on_the_way`` and ``at_borders`` [D] people on links and at closed ones, ``people`` [D] all who set
    out and have
    not left the simulation; ``warnings`` what is odd or not simulated. ``rule`` are the parameters of
    ``garita``; ``told``: registered counts said how many set out.
    """

    instance: FleeInstance
    rules: Rules
    camps: list[str]
    simulated: Ints
    registered: Ints
    outside: Ints
    on_the_way: Ints
    at_borders: Ints
    people: Ints
    arrivals: Arrivals
    warnings: tuple[Problem, ...]
    rule: Rule | None
    told: bool

    @property
    def total_difference(self) -> float:
        """Mean over days of how far the people in the simulation are from the registered total, as a share
        of that."""
        return total_difference(self.people, self.arrivals.raw)

    @property
    def person_days(self) -> int:
        """Sum over days of the people in the simulation."""
        return int(self.people.sum())

    @property
    def difference(self) -> Difference:
        """Averaged relative difference from the registered counts."""
        return relative_difference(self.simulated, self.registered)

    @property
    def scaled_errors(self) -> dict[str, float]:
        """Mean absolute scaled error against six naive guesses."""
        return scaled_errors(self.simulated, self.registered)

    def rows(self) -> Iterator[list[str | int | float]]:
        """The heading and one row a day, in Flee's columns; people in front of camps follow where there
        are any."""
        names = [f"{name} {what}" for name in self.camps for what in ("sim", "data", "error")]
        overflow = np.flatnonzero(self.outside.any(axis=0))
        idp = self.instance.settings.idp_totals
        yield [
            *(
                "Day",
                "Date",
                *names,
                "Total error",
                "refugees in camps (UNHCR)",
                "total refugees (simulation)",
            ),
            *("raw UNHCR refugee count", "refugees in camps (simulation)", "refugee_debt"),
            *(("total IDPs",) if idp else ()),
            *(f"{self.camps[camp]} outside" for camp in overflow),
        ]
        kinds = [self.instance.places[name].kind for name in self.camps]
        for day in range(len(self.people)):
            simulated, registered = self.simulated[day], self.registered[day]
            raw = int(self.arrivals.raw[day])
            cells: list[str | int | float] = [day, (self.instance.start + timedelta(days=day)).isoformat()]
            for people, counts in zip(simulated.tolist(), registered.tolist(), strict=True):
                cells += [people, counts, round(abs(people / counts - 1), 4) if counts > SMALLEST else 0.0]
            cells.append(float(np.abs(simulated - registered).sum()) / raw if raw > 0 else 0.0)
            cells += [int(registered.sum()), int(self.people[day]), raw, int(simulated.sum())]
            cells.append(int(self.arrivals.debt[day]))
            if idp:
                cells.append(
                    sum(n for n, kind in zip(simulated.tolist(), kinds, strict=True) if kind == "idpcamp")
                )
            yield cells + self.outside[day, overflow].tolist()

    def write(self, path: Path) -> None:
        """Write the rows as CSV; a file that is there is replaced when the new one is whole."""
        unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            with unfinished.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream, lineterminator="\n").writerows(self.rows())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


def run(
    folder: Path | str,
    rules: Rules = "flee3",
    seed: int = 0,
    settings: Path | str | None = None,
    rule: Rule = RULE,
    *,
    by_conflict: bool = False,
) -> FleeRun:
    """Read and simulate an instance directory; ``settings`` replaces its simsetting.yml, ``rule`` the
    parameters of ``garita``. ``by_conflict``: how many set out is up to the conflict alone.

    Raises DataError with every problem of the files.
    """
    return simulate(read_instance(folder, settings), rules, seed, rule=rule, by_conflict=by_conflict)


def simulate(
    instance: FleeInstance, rules: Rules = "flee3", seed: int = 0, replication: int = 0, rule: Rule = RULE,
    *, by_conflict: bool = False,
) -> FleeRun:  # fmt: skip
    """One history of an instance: the same bits for the same seed and replication.

    Raises DataError when people know of too many routes.
    """
    if rules not in RULES:
        raise ValueError(f"rules must be one of {', '.join(RULES)}")
    model, people = journeys(instance, rules, rule, by_conflict=by_conflict)
    try:
        journal = travel(model, seed, replication, rules)
    except MemoryError:
        path = file_name(instance.folder)
        raise DataError(Problem("flee-people", {"most": f"{2**24:,}"}, path)) from None
    names = camps(instance)
    columns = [list(instance.places).index(name) for name in names]
    return FleeRun(
        instance=instance,
        rules=rules,
        camps=names,
        simulated=journal.inside[:, columns].astype(np.int64),
        registered=people.registered,
        outside=journal.outside[:, columns].astype(np.int64),
        on_the_way=journal.on_link.sum(axis=1, dtype=np.int64),
        at_borders=journal.at_border.sum(axis=1, dtype=np.int64),
        people=journal.set_out - journal.left,
        arrivals=people,
        warnings=(*instance.warnings, *_quirks(instance, rules), *_from_nowhere(instance, journal)),
        rule=rule if rules == "garita" else None,
        told=not by_conflict and instance.settings.rate is None,
    )


def _quirks(instance: FleeInstance, rules: Rules) -> Iterator[Problem]:
    """What Flee's rule makes of the input that its author can hardly have meant."""
    if rules != "flee3":
        return
    closures = file_name(instance.folder / "input_csv" / "closures.csv")
    settings = file_name(instance.folder / "simsetting.yml")
    ours = "The rules `garita` do what is meant."
    found: list[tuple[str, str | None, int | None]] = []
    for closure in instance.closures:
        if closure.kind == "link":
            found.append(("Flee passes over closures of one link", closures, closure.line))
        if of_one_way(instance, closure):
            what = f"Flee closes every way of {closure.first}, not only the one to {closure.second}"
            found.append((what, closures, closure.line))
    if any(route.redirection for route in instance.routes):
        routes = file_name(instance.folder / "input_csv" / "routes.csv")
        line = next(route.line for route in instance.routes if route.redirection)
        found.append(("in Flee a forced redirection sends nobody", routes, line))
    if instance.settings.spawn["camps_are_sinks"] and not instance.settings.spawn["camps_are_sicks"]:
        found.append(("Flee does not know `camps_are_sinks`: it reads `camps_are_sicks`", settings, None))
    if instance.settings.move["awareness_level"] == 0:
        found.append(("with `awareness_level: 0` nobody leaves their place in Flee", settings, None))
    for what, file, at in found:
        yield Problem("flee-quirk", {"what": what, "instead": ours}, file, at, severity="warning")


def _from_nowhere(instance: FleeInstance, journal: Journal) -> Iterator[Problem]:
    """People who should have set out while no place had conflict and population."""
    missing = int(journal.nowhere.sum())
    if missing:
        days = counted(int((journal.nowhere > 0).sum()), "day")
        what = (
            f"{counted(missing, 'person').replace('persons', 'people')} could set out from nowhere, on {days}"
        )
        instead = "On every day with new people some place needs conflict and population."
        path = file_name(instance.folder / "input_csv" / "conflicts.csv")
        yield Problem("flee-quirk", {"what": what, "instead": instead}, path, severity="warning")
