"""From what was said to plain values: each range, distribution and list of claims becomes one value.

The draw of a quantity is keyed by the seed, the replication and the quantity's own path, hashed with
BLAKE2b. So the order of fields, other fields, and entries added or left out do not touch it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any

from pydantic import BaseModel

from garita.scenario import journeys
from garita.scenario.events import Closure, Timed, in_minutes
from garita.scenario.loader import Path, dotted
from garita.scenario.models import ENTRIES, Scenario, uniform
from garita.scenario.quantities import Strict, Uncertain
from garita.scenario.region import Catalogue
from garita.scenario.times import LocalTime, Special


def keyed(scenario: Scenario) -> Scenario:
    """Give every entry what its draws are keyed by: its own name, else the flows it is about and its ordinal
    there."""
    for section in (*ENTRIES, "officers", "initial", "flows", "crossings", "secondary", "travel"):
        count: dict[str, int] = {}
        for entry in getattr(scenario, section):
            about = _about(entry)
            count[about] = count.get(about, 0) + 1
            entry._key = f"{section}[{about}]" if count[about] == 1 else f"{section}[{about}#{count[about]}]"
    if scenario.journeys is not None:
        for part in journeys.PARTS:
            for i, entry in enumerate(getattr(scenario.journeys, part)):
                entry._key = f"journeys.{part}[{journeys.called(entry) or i}]"
    return scenario


def _about(entry: Any) -> str:
    if getattr(entry, "name", None) and isinstance(entry, Timed | Closure):
        return str(getattr(entry, "name", ""))
    parts = []
    for name in (
        "id",
        "crossing",
        "direction",
        "directions",
        "mode",
        "modes",
        "lane_type",
        "lane_types",
        "from_type",
        "to_mode",
        "to_type",
        "pool",
        "origin",
        "destination",
    ):
        value = getattr(entry, name, None)
        if value is not None:
            parts.append("+".join(sorted(value)) if isinstance(value, list) else str(value))
    return ":".join(parts)


@dataclass(frozen=True)
class Place:
    """Where a value stands: its path in the scenario, the path its draws are keyed by, the entry it belongs
    to."""

    path: Path
    key: str
    entry: Any


def walk(model: BaseModel, place: Place | None = None) -> Iterator[tuple[Place, Any]]:
    """Every uncertain value and every time of a scenario, with its place; models that are None are passed
    over."""
    place = place or Place((), "", model)
    for name, info in type(model).model_fields.items():
        value = getattr(model, name, None)
        yield from _walk_value(value, _inside(place, info.alias or name))


def _walk_value(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, Uncertain | LocalTime):
        yield place, value
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _walk_value(item, _item(place, i, item))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _walk_value(item, _inside(place, name))
    elif isinstance(value, BaseModel):
        yield from walk(value, place)


def _journeys_of(scenario: Scenario) -> Place:
    return Place(("journeys",), "journeys", scenario)


def _inside(place: Place, name: str) -> Place:
    return Place((*place.path, name), f"{place.key}.{name}" if place.key else name, place.entry)


def _item(place: Place, i: int, item: Any) -> Place:
    key = item._key if isinstance(item, Strict) and item._key else f"{place.key}[{i}]"
    entry = item if len(place.path) == 1 else place.entry
    return Place((*place.path, i), key, entry)


@dataclass(frozen=True)
class Resolver:
    """Resolves one scenario for one replication (or, with None, to its nominal values).

    ``settled``: entries that are the same in every replication, by their path.
    """

    scenario: Scenario
    catalogue: Catalogue
    replication: int | None
    settled: Mapping[Path, Any] = field(default_factory=dict)

    def resolved(self) -> Scenario:
        """The scenario with plain values: numbers, minutes, aware times, or None for `for good` and no
        notice; its journeys as they are (see :meth:`journeys`)."""
        plain: Scenario = self._model(self.scenario, Place((), "", self.scenario)).model_copy()
        plain._replication = self.replication
        return plain

    def closures(self) -> list[Closure]:
        """The closures of ports with plain values, and nothing else."""
        place = Place(("closures",), "closures", self.scenario)
        found = self._value(self.scenario.closures, place)
        return list(found)

    def journeys(self) -> journeys.Journeys:
        """The journeys with plain values."""
        said, inside = self.scenario.journeys, _journeys_of(self.scenario)
        assert said is not None
        plain: dict[str, Any] = {
            name: self._value(getattr(said, name), _inside(inside, alias))
            for name, alias in (("start", "from"), ("turn_back", "turn_back"))
        }
        for part in journeys.PARTS:
            # Most entries are the same in every history; their places need not be made up to find them.
            plain[part] = [
                self.settled[(*inside.path, part, i)]
                if (*inside.path, part, i) in self.settled
                else self._model(entry, _item(_inside(inside, part), i, entry))
                for i, entry in enumerate(getattr(said, part))
            ]
        return said.model_copy(update=plain)

    def certain(self) -> dict[Path, Any]:
        """The entries without a quantity to draw, resolved: thousands of closures, if there are any, are the
        same in every replication."""
        found = {}
        for section in ENTRIES:
            for i, entry in enumerate(getattr(self.scenario, section)):
                place = _item(Place((section,), section, self.scenario), i, entry)
                if not any(isinstance(value, Uncertain) for _, value in walk(entry, place)):
                    found[place.path] = self._model(entry, place)
        if self.scenario.journeys is not None:
            inside = _journeys_of(self.scenario)
            for part in journeys.PARTS:
                for i, entry in enumerate(getattr(self.scenario.journeys, part)):
                    place = _item(_inside(inside, part), i, entry)
                    if not any(isinstance(value, Uncertain) for _, value in walk(entry, place)):
                        found[place.path] = self._model(entry, place)
        return found

    def _model(self, model: Any, place: Place) -> Any:
        if place.path in self.settled:
            return self.settled[place.path]
        changes = {}
        for name, info in type(model).model_fields.items():
            value = getattr(model, name)
            if value is None or isinstance(value, str | int | float | journeys.Journeys):
                continue
            plain = self._value(value, _inside(place, info.alias or name))
            if plain is not value:
                changes[name] = plain
        copy = model.model_copy(update=changes) if changes else model
        if isinstance(copy, Closure):
            return settle_closure(copy)
        if isinstance(copy, Timed):
            return settle_change(copy, begin_of(self.scenario, self.catalogue.zone))
        return copy

    def _value(self, value: Any, place: Place) -> Any:
        if isinstance(value, Uncertain):
            zone = self._zone(place)
            if self.replication is None:
                return value.nominal(zone)
            return value.draw(uniform(self.scenario.seed, self.replication, place.key), zone)
        if isinstance(value, LocalTime):
            return value.aware(self._zone(place))
        if isinstance(value, Special):
            return None
        if isinstance(value, list):
            items = [self._value(item, _item(place, i, item)) for i, item in enumerate(value)]
            return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
        if isinstance(value, dict):
            return {name: self._value(item, _inside(place, name)) for name, item in value.items()}
        if isinstance(value, BaseModel):
            return self._model(value, place)
        return value

    def _zone(self, place: Place) -> tzinfo:
        return zone_of(place.entry, self.catalogue)


def zone_of(entry: Any, catalogue: Catalogue) -> tzinfo:
    """The time zone in which an entry's local times are meant."""
    return catalogue.zone_at(getattr(entry, "crossing", None))


def begin_of(scenario: Scenario, zone: tzinfo) -> datetime:
    """When the simulation begins, the warm-up included."""
    local: LocalTime = scenario.start
    return LocalTime(local.moment - timedelta(days=scenario.warm_up_days), local.offset).aware(zone)


def end_of(scenario: Scenario, zone: tzinfo) -> datetime:
    """When the days that are reported end."""
    local: LocalTime = scenario.start
    return LocalTime(local.moment + timedelta(days=scenario.days), local.offset).aware(zone)


def _ending(start: datetime, until: Any) -> datetime | None:
    """The end as a time, not before the beginning: independent draws of the two may cross."""
    if until is None:
        return None
    if isinstance(until, datetime):
        return max(start, until, key=datetime.timestamp)
    return datetime.fromtimestamp(start.timestamp() + float(until) * 60.0, start.tzinfo)


def settle_closure(closure: Closure) -> Closure:
    """End, notice and reopening as the later parts want them: times in order, notice in minutes."""
    start: Any = closure.start
    until = _ending(start, closure.until)
    notice: Any = closure.notice
    if isinstance(notice, datetime):
        notice = max(0.0, in_minutes(notice, start))
    reopening = []
    for step in closure.reopening:
        at: Any = max(start, step.at, key=datetime.timestamp)
        reopening.append(
            step.model_copy(update={"at": at if until is None else min(at, until, key=datetime.timestamp)})
        )
    return closure.model_copy(update={"until": until, "notice": notice, "reopening": reopening})


def settle_change(change: Timed, begin: datetime) -> Timed:
    """Beginning and end as times; a change without a beginning holds from the beginning of the run."""
    start: Any = change.start if change.start is not None else begin
    return change.model_copy(update={"start": start, "until": _ending(start, change.until)})


@dataclass(frozen=True)
class Contested:
    """A figure that sources disagree on: where it stands, what is claimed by whom, and the value shown."""

    field: str
    key: str
    claims: list[dict[str, Any]]
    nominal: Any


def contested(scenario: Scenario, catalogue: Catalogue) -> list[Contested]:
    """Every list of claims in a scenario."""
    from garita.scenario.quantities import Claims

    found = []
    for place, value in walk(scenario):
        if isinstance(value, Claims):
            claims = [
                {
                    "value": value.scalar.write(claim.value),
                    "who": claim.who,
                    "source": claim.source,
                    "weight": claim.weight,
                }
                for claim in value.claims
            ]
            found.append(
                Contested(
                    dotted(place.path), place.key, claims, value.nominal(zone_of(place.entry, catalogue))
                )
            )
    return found
