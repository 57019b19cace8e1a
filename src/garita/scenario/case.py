"""A case: a scenario that was read and checked, ready to be resolved and run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from garita.errors import Problem, ScenarioError, did_you_mean, file_name, shorten
from garita.scenario import region as regions
from garita.scenario.behaviour import Behaviour
from garita.scenario.checks import check
from garita.scenario.events import Closure
from garita.scenario.journeys import Journeys
from garita.scenario.loader import Document, Mark, Path, parse, read
from garita.scenario.merge import packaged_cases, packaged_path, require, with_bases
from garita.scenario.models import ENTRIES, Scenario
from garita.scenario.placing import placed
from garita.scenario.problems import lenient
from garita.scenario.resolve import Contested, Resolver, begin_of, contested, end_of, keyed


@dataclass(frozen=True)
class Case:
    """A checked scenario with its quantities unresolved, and where it came from.

    ``tables`` are those of the packaged region (None for a region defined in the scenario itself);
    ``warnings`` are problems that do not keep it from running.
    """

    scenario: Scenario
    path: FilePath | None = None
    text: str = ""
    tables: regions.Tables | None = None
    warnings: list[Problem] = field(default_factory=list)
    part: Document | None = field(default=None, repr=False, compare=False)  # of another file, if it is one

    @property
    def name(self) -> str:
        """The name of the case: that of its folder when the file is called scenario.yaml, else of the
        file."""
        if self.path is None:
            return "scenario"
        return self.path.resolve().parent.name if self.path.stem == "scenario" else self.path.stem

    @cached_property
    def catalogue(self) -> regions.Catalogue:
        """The crossings, ports, zones and flows of the region."""
        return (
            regions.from_tables(self.tables)
            if self.tables is not None
            else regions.from_scenario(self.scenario)
        )

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the region."""
        return self.catalogue.zone

    @property
    def begin(self) -> datetime:
        """When the simulation begins, the warm-up included."""
        return begin_of(self.scenario, self.zone)

    @property
    def start(self) -> datetime:
        """When the days that are reported begin."""
        moment: datetime = self.scenario.start.aware(self.zone)
        return moment

    @property
    def end(self) -> datetime:
        """When the days that are reported end."""
        return end_of(self.scenario, self.zone)

    @cached_property
    def canonical(self) -> str:
        """The merged, unresolved scenario and the digest of its region as JSON, whatever the file's
        layout."""
        content = {
            "scenario": dump(self.scenario),
            "region": self.tables.digest if self.tables is not None else None,
        }
        return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of :attr:`canonical`, in hexadecimal."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    def resolve(self, replication: int | None = None) -> Scenario:
        """The scenario with plain values, drawn for a replication (from 0), or nominal when None.

        Times are aware, durations are minutes, counts are whole, `for good` and `notice: none` are None. A
        change without a beginning begins with the run.
        """
        return Resolver(self.scenario, self.catalogue, replication, self._certain).resolved()

    def resolve_journeys(self, replication: int | None = None) -> Journeys:
        """The journeys with plain values, drawn for a replication (from 0), or nominal when None.

        Raises ScenarioError where the scenario has none.
        """
        if self.scenario.journeys is None:
            raise ScenarioError(Problem("no-journeys", {}, file_name(self.path)))
        return Resolver(self.scenario, self.catalogue, replication, self._certain).journeys()

    def resolve_closures(self, replication: int | None = None) -> list[Closure]:
        """The closures alone, as :meth:`resolve` gives them."""
        return Resolver(self.scenario, self.catalogue, replication, self._certain).closures()

    def require_crossings(self) -> None:
        """Raises ScenarioError where the scenario has journeys only, and no crossings to simulate."""
        if not self.catalogue.flows:
            raise ScenarioError(Problem("no-crossings", {}, file_name(self.path)))

    def history(self, replication: int) -> Case:
        """The case as a replication (from 0) has it: with the tables of one of the region's members in turn,
        and with that member's behaviour where the scenario says no other than the region."""
        return self._histories[replication % len(self._histories)]

    @cached_property
    def _histories(self) -> tuple[Case, ...]:
        if self.tables is None or not self.tables.members:
            return (self,)
        return tuple(self.on(member) for member in self.tables.members)

    def on(self, tables: regions.Tables) -> Case:
        """The same scenario on other tables of its region; the behaviour too is theirs, where the scenario
        says no other than its region."""
        assert self.tables is not None
        usual, own = (Behaviour(**_behaviour_of(some)) for some in (self.tables, tables))
        told = self.scenario.behaviour
        differs = {
            name: getattr(own, name)
            for name in own.model_fields_set
            if getattr(own, name) != getattr(usual, name) == getattr(told, name)
        }
        behaviour = told.model_copy(update=differs)
        return replace(
            self, tables=tables, scenario=self.scenario.model_copy(update={"behaviour": behaviour})
        )

    @cached_property
    def _certain(self) -> dict[Path, Any]:
        return Resolver(self.scenario, self.catalogue, None).certain()

    def placed(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems found when a history was built, with the places in the file of the fields they name.

        As they are, if the case is not (or no longer) that of its text.
        """
        document, tables = with_bases(self.part or parse(self.text, self.path))
        if self.canonical != _made(document, tables).canonical:
            return list(problems)
        return placed(problems, document, self.scenario)

    def claims(self) -> list[Contested]:
        """The figures that sources disagree on, with who claims what."""
        return contested(self.scenario, self.catalogue)

    def without(self, *parts: str) -> Case:
        """The case with parts left out: ``closures`` and whatever is marked ``event: true``, or another list
        (lanes, staffing, demand, ...), or an entry by its name. Draws of what remains stay as they were.

        Raises ScenarioError for a part that does not exist.
        """
        lists: dict[str, list[Any]] = {section: list(getattr(self.scenario, section)) for section in ENTRIES}
        names = [entry.name for entries in lists.values() for entry in entries if entry.name]
        journeys = self.scenario.journeys
        for part in parts:
            if part in ENTRIES:
                lists[part] = []
                if part == "closures":
                    lists = {
                        section: [entry for entry in entries if not getattr(entry, "event", False)]
                        for section, entries in lists.items()
                    }
                    journeys = journeys and journeys.without_closures()
            elif part == "journeys" and journeys is not None:
                journeys = None
            elif part in names:
                lists = {
                    section: [entry for entry in entries if entry.name != part]
                    for section, entries in lists.items()
                }
            else:
                known = [*ENTRIES, *names]
                hint = did_you_mean(part, known)
                raise ScenarioError(
                    Problem(
                        "unknown-part", {"value": shorten(part), "hint": hint, "allowed": ", ".join(known)}
                    )
                )
        scenario = self.scenario.model_copy(update={**lists, "journeys": journeys})
        return replace(self, scenario=scenario)

    def with_(self, **changes: Any) -> Case:
        """The case with top-level fields replaced, for example ``replications=10, seed=1``.

        Raises ScenarioError when the result could not be run.
        """
        raw = {**dump(self.scenario, written=True), **{name: plain(value) for name, value in changes.items()}}
        raw = {name: value for name, value in raw.items() if value is not None}
        if self.tables is None and "base" in changes:
            raise ScenarioError(
                Problem("inline-with-base", {"name": "region", "base": shorten(changes["base"])})
            )
        if self.tables is not None and changes.get("base", self.tables.id) != self.tables.id:
            return _made(*with_bases(Document(raw, {(): Mark(None, 1, 1, 1, 1)}, self.text, self.path)))
        document = Document(raw, {}, self.text, self.path)
        case = _made(document, self.tables)
        kept = {
            name: getattr(self.scenario, name)
            for name in type(self.scenario).model_fields
            if name not in changes
        }
        return replace(
            case, scenario=case.scenario.model_copy(update=kept)
        )  # entries keep the keys of their draws


def dump(model: BaseModel, *, written: bool = False) -> dict[str, Any]:
    """A model as plain JSON values that can be read back; ``written``: without defaults nobody wrote, which
    are checked less strictly than what is written."""
    return model.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=written)


def plain(value: Any) -> Any:
    """A value given from Python as it would stand in a file."""
    if isinstance(value, BaseModel):
        return dump(value, written=True)
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def load(name_or_path: str | FilePath) -> Case:
    """Read and check a packaged case by its name, or a scenario file by its path.

    Raises ScenarioError with every problem of the file.
    """
    return _made(*with_bases(read(find(name_or_path))))


def loads(text: str, path: FilePath | None = None) -> Case:
    """Read and check a scenario from its text; ``path`` is where its base files are looked for."""
    return _made(*with_bases(parse(text, path)))


def part_of(document: Document, at: Path) -> Case:
    """Read and check a scenario that stands in another file at a path; `garita:` and `title:` may be missing.

    Raises ScenarioError with every problem, at its place in that file.
    """
    tree: Any = document.tree
    for name in at:
        tree = tree[name]
    marks = {path[len(at) :]: mark for path, mark in document.marks.items() if path[: len(at)] == at}
    whole = {"garita": "1", "title": document.tree.get("title", "a scenario"), **tree}
    part = Document(whole, marks, document.text, document.path)
    return replace(_made(*with_bases(part)), part=part)


def find(name_or_path: str | FilePath) -> FilePath:
    """The scenario file behind a name or path. Raises ScenarioError when there is none."""
    text = str(name_or_path)
    cases = packaged_cases()
    if text in cases:
        return packaged_path(text)
    path = FilePath(name_or_path)
    try:
        if (path / "scenario.yaml").is_file():
            return path / "scenario.yaml"
        there = path.exists()
    except (OSError, ValueError):
        there = False
    if not there and path.suffix not in (".yaml", ".yml"):
        params = {
            "value": shorten(text),
            "hint": did_you_mean(text, cases),
            "allowed": ", ".join(cases) or "none",
        }
        raise ScenarioError(Problem("unknown-case", params))
    return path


def _made(document: Document, tables: regions.Tables | None) -> Case:
    """The case of a merged document, or ScenarioError with all its problems."""
    tree = dict(document.tree)
    if tables is not None:
        tree["behaviour"] = _with_region_behaviour(tree.get("behaviour", {}), tables)
    scenario, problems = lenient(Scenario, tree, document)
    catalogue = regions.from_tables(tables) if tables is not None else regions.from_scenario(scenario)
    if tables is not None or "base" not in tree:  # with an unknown base every crossing would be unknown too
        problems = [*problems, *check(scenario, document, catalogue)]
    problems = _in_order([*document.problems, *problems])
    require(problems)
    assert isinstance(scenario, Scenario)
    return Case(keyed(scenario), document.path, document.text, tables, problems)


def _with_region_behaviour(given: Any, tables: regions.Tables) -> Any:
    """The region's own parameters of behaviour under those of the scenario."""
    if not isinstance(given, dict):
        return given
    return {**_behaviour_of(tables), **given}


def _behaviour_of(tables: regions.Tables) -> dict[str, Any]:
    rows = tables.tables.get("behaviour", [])
    return {row["parameter"]: row["value"] for row in rows if row["parameter"] in Behaviour.model_fields}


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Once each, errors and warnings in the order of the file."""
    once: dict[tuple[Any, ...], Problem] = {}
    for problem in problems:
        once.setdefault(
            (problem.code, problem.file, problem.line, problem.column, problem.field, problem.text), problem
        )
    return sorted(
        once.values(), key=lambda problem: (problem.file or "", problem.line or 0, problem.column or 0)
    )
