"""A scenario for many regions at once: what `regions:` names instead of `base:`, each an ordinary case.

People choose between the crossings of a region, not between regions, so each is simulated by itself;
everything else in the file holds for all of them (`crossing: all` is every crossing of each). Only inbound
lines take part."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from garita.errors import Problem, ScenarioError, did_you_mean, register_messages, shorten
from garita.scenario.case import Case, _made, find
from garita.scenario.loader import Document, parse, read
from garita.scenario.merge import with_bases

register_messages(
    {
        "regions-unknown": (
            "`{value}` is neither a region nor a part of the border",
            "{hint}Allowed: {allowed}.",
        ),
        "regions-missing": (
            "no region is named",
            "Write `regions: southern`, `northern`, or a list of regions.",
        ),
        "regions-and-base": ("`regions` and `base` exclude one another", "Leave one of them out."),
    }
)

FILE = "border.yaml"
PARTS = {"southern": "US;MX", "northern": "US;CA"}  # of the border, by the countries of a region
LONGEST_DAYS = 62
"""More days are simulated month by month, each with a warm-up of its own, so that memory does not grow."""


@dataclass(frozen=True)
class Border:
    """The cases of a scenario for many regions, in the order of the regions' ids."""

    name: str
    title: str
    text: str
    cases: tuple[Case, ...]

    def periods(self) -> list[tuple[date, int]]:
        """First day and number of days of each part that is simulated by itself."""
        first, days = self.cases[0].start.date(), int(self.cases[0].scenario.days)
        return list(_months(first, days)) if days > LONGEST_DAYS else [(first, days)]

    def year(self) -> Border:
        """The same for the whole year in which it begins."""
        number = self.cases[0].start.year
        days = 366 if calendar.isleap(number) else 365
        cases = tuple(case.with_(start=f"{number}-01-01", days=days) for case in self.cases)
        return replace(self, cases=cases)


def _months(first: date, days: int) -> Iterator[tuple[date, int]]:
    day, left = first, days
    while left > 0:
        count = min(left, calendar.monthrange(day.year, day.month)[1] - day.day + 1)
        yield day, count
        day, left = day + timedelta(days=count), left - count


def packaged_borders() -> list[str]:
    """The names of the packaged scenarios for many regions."""
    folder = resources.files("garita") / "cases"
    return sorted(entry.name for entry in folder.iterdir() if (entry / FILE).is_file())


def border_title(name: str) -> str:
    """The title of a packaged scenario for many regions."""
    path = _path(name)
    assert path is not None
    return str(read(path).tree["title"])


def _path(name_or_path: str | Path) -> Path | None:
    """The file of a scenario for many regions; None if it is an ordinary one, or none at all."""
    if str(name_or_path) in packaged_borders():
        return Path(str(resources.files("garita") / "cases" / str(name_or_path) / FILE))
    path = Path(name_or_path)
    if (path / FILE).is_file():
        return path / FILE
    if path.suffix in (".yaml", ".yml") and path.is_file():
        text = path.read_text(encoding="utf-8", errors="replace")
        return path if any(line.startswith("regions:") for line in text.splitlines()) else None
    return None


def is_border(name_or_path: str | Path) -> bool:
    """Whether this is a scenario for many regions."""
    return _path(name_or_path) is not None


def load_border(name_or_path: str | Path) -> Border:
    """Read and check a scenario for many regions. Raises ScenarioError with its problems."""
    path = _path(name_or_path) or find(name_or_path)
    document = read(path)
    regions = _regions(document)
    cases = [_case(document, path, region) for region in regions]
    name = path.resolve().parent.name if path.name == FILE else path.stem
    return Border(name, cases[0].scenario.title, document.text, tuple(cases))


def _case(document: Document, path: Path, region: str) -> Case:
    """The case of one region, its inbound lines only."""
    fresh = parse(document.text, path)
    tree = {name: value for name, value in fresh.tree.items() if name != "regions"} | {"base": region}
    marks = {(("base", *at[1:]) if at[:1] == ("regions",) else at): mark for at, mark in fresh.marks.items()}
    case = _made(*with_bases(Document(tree, marks, fresh.text, path, fresh.problems)))
    return replace(case, tables=case.tables.inbound())  # type: ignore[union-attr]


def _regions(document: Document) -> list[str]:
    """The regions that are named, without repetition, in order of their ids."""
    from garita import reference

    given: Any = document.tree.get("regions")
    if "base" in document.tree:
        raise ScenarioError(document.problem("regions-and-base", ("base",)))
    if not given:
        raise ScenarioError(document.problem("regions-missing", ("regions",)))
    countries = {name: reference.region_about(name)["countries"] for name in reference.regions()}
    known = {part: [name for name, both in countries.items() if both == of] for part, of in PARTS.items()}
    known |= {name: [name] for name in countries}
    chosen: set[str] = set()
    problems: list[Problem] = []
    for value in given if isinstance(given, list) else [given]:
        found = known.get(str(value).strip(), [])
        chosen.update(found)
        if not found:
            hint, allowed = did_you_mean(str(value), known), ", ".join(known)
            problems.append(
                document.problem(
                    "regions-unknown", ("regions",), value=shorten(value), hint=hint, allowed=allowed
                )
            )
    if problems:
        raise ScenarioError(problems)
    return sorted(chosen)
