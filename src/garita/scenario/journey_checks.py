"""Whether journeys lead somewhere: names that exist, ways that connect, days that lie within the story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from garita.errors import did_you_mean, register_messages
from garita.reference.standards import packaged
from garita.scenario.journeys import PARTS, called
from garita.scenario.limits import MOST_PLACE_DAYS
from garita.scenario.loader import Path
from garita.scenario.quantities import Uncertain
from garita.scenario.sizes import Collector
from garita.scenario.times import LocalTime

register_messages(
    {
        "no-journeys": ("this scenario has no journeys", "Add `journeys`, or use `garita run`."),
        "no-crossings": (
            "this scenario has journeys and no crossings",
            "Use `garita journeys`, or add a base.",
        ),
        "unknown-place": ("there is no place `{value}` on the journeys", "{hint}Allowed: {allowed}."),
        "unknown-group": ("there is no group `{value}`", "{hint}Allowed: {allowed}."),
        "unknown-shelter": ("there is no shelter `{value}` there", "{hint}Allowed: {allowed}."),
        "unknown-country": ("no place is in `{value}`", "{hint}Allowed: {allowed}."),
        "unknown-counted": ("`{value}` is not what {what} are counted of", "{hint}Allowed: {allowed}."),
        "journey-nowhere": ("no way leads from {start} to {end}", "Add the `routes` between them."),
        "journey-loop": ("this leads from {value} to itself", "Name two different places."),
        "journey-twice": ("the way from {start} to {end} is given twice", "Keep one of the two."),
        "journey-outside": (
            "this lies outside the days of the journeys ({start} to {until})",
            "Change it, or `from` and `days` of the journeys.",
        ),
        "journey-elsewhere": (
            "`to` says where those go who go elsewhere, and nothing for others",
            "Give `to` together with `do: elsewhere`.",
        ),
        "journey-seats": (
            "the cost of a trip is given, and not how many it takes",
            "Add `seats`, or give `cost`.",
        ),
        "unknown-item": ("the standard has no item `{value}`", "{hint}Allowed: {allowed}."),
        "journey-lists": ("two waiting lists are at {value}", "Make it one list, or two places."),
        "journey-on-foot": (
            "nobody crosses northbound on foot at {value}, so no list is taken in there",
            "Name a crossing or port with pedestrians, or leave `crossing` out.",
        ),
        "journey-most": (
            "it takes in at most {most}, fewer than the {capacity} it is meant for",
            "Let `most` be the larger.",
        ),
    }
)

KINDS_OF_PEOPLE = 6
"""Women, men, girls, boys, children and people not told."""
NAMED_PLACES = {
    "routes": ("origin", "destination"),
    "groups": ("place", "to"),
    "shelters": ("place",),
    "waiting_lists": ("place",),
    "choices": ("place", "to"),
    "returns": ("place", "to"),
    "closures": ("place",),
}
COUNTED_OF = {
    "arrived": "places", "present": "places", "sheltered": "shelters", "list-length": "waiting_lists",
    "taken-in": "waiting_lists", "returned": "returns",
}  # fmt: skip


class JourneyChecks:
    """Checks on whatever of the journeys could be read."""

    def __init__(self, checker: Collector, journeys: Any) -> None:
        self.checker, self.journeys = checker, journeys
        self.places = [one.id for one in journeys.places or [] if one is not None and one.id is not None]

    def entries(self, part: str) -> Iterator[tuple[Path, Any]]:
        """The entries of a part that could be read, with their paths."""
        for i, entry in enumerate(getattr(self.journeys, part) or []):
            if entry is not None:
                yield ("journeys", part, i), entry

    def names(self, part: str) -> list[str]:
        """What the entries of a part are called."""
        return [called(entry) for _, entry in self.entries(part) if called(entry)]

    def run(self) -> None:
        """All checks."""
        for part in PARTS:
            if part not in ("routes", "published"):
                self.unique(part)
        for part, fields in NAMED_PLACES.items():
            for path, entry in self.entries(part):
                for field in fields:
                    self.known(
                        getattr(entry, field), self.places, "unknown-place", (*path, _alias(entry, field))
                    )
        self.routes()
        self.groups()
        self.shelters()
        self.lists()
        self.closures()
        self.published()
        self.size()

    def known(self, value: Any, allowed: list[str], code: str, path: Path, **more: Any) -> bool:
        """Whether a name is among those there are; a problem if not."""
        if value is None or value in allowed:
            return True
        hint, listed = did_you_mean(value, allowed), ", ".join(allowed) or "none"
        self.checker.add(code, path, value=value, hint=hint, allowed=listed, **more)
        return False

    def unique(self, part: str) -> None:
        seen: set[str] = set()
        for path, entry in self.entries(part):
            name = called(entry)
            if name and name in seen:
                self.checker.add("duplicate-name", path, value=name)
            seen.add(name)

    def routes(self) -> None:
        seen: set[tuple[str, str]] = set()
        for path, route in self.entries("routes"):
            ends = route.origin, route.destination
            if None in ends:
                continue
            if ends[0] == ends[1]:
                self.checker.add("journey-loop", path, value=ends[0])
            if ends in seen:
                self.checker.add("journey-twice", path, start=ends[0], end=ends[1])
            seen.add(ends)

    def groups(self) -> None:
        ahead: dict[str, set[str]] = {}
        for _, route in self.entries("routes"):
            ahead.setdefault(route.origin, set()).add(route.destination)
        for path, group in self.entries("groups"):
            known = group.place in self.places and group.to in self.places
            if known and not _reaches(group.place, group.to, ahead):
                self.checker.add("journey-nowhere", path, start=group.place, end=group.to)
            for i, rest in enumerate(group.rests or []):
                if rest is not None:
                    self.known(rest.place, self.places, "unknown-place", (*path, "rests", i, "place"))
            if group.merges is not None:
                others = [name for name in self.names("groups") if name != group.name]
                self.known(group.merges.place, self.places, "unknown-place", (*path, "merges", "place"))
                self.known(group.merges.into, others, "unknown-group", (*path, "merges", "into"))
            self.within(group.start, (*path, "from"))
            for i, row in enumerate(group.table or []):
                if row is not None:
                    self.within(row.day, (*path, "table", i, "day"))

    def items(self) -> list[str]:
        """The items of the standard."""
        own = [row.item for _, row in self.entries("standard") if row.item is not None]
        return list(dict.fromkeys([*(need.item for need in packaged()), *own]))

    def within(self, moment: Any, path: Path) -> None:
        """That a single date lies within the days of the journeys."""
        start, days = self.journeys.start, self.journeys.days
        if not isinstance(moment, LocalTime) or not isinstance(start, LocalTime) or days is None:
            return
        first = start.moment.date()
        if not 0 <= (moment.moment.date() - first).days < days:
            until = first + timedelta(days=int(days) - 1)
            self.checker.add("journey-outside", path, start=str(first), until=str(until))

    def shelters(self) -> None:
        for path, shelter in self.entries("shelters"):
            there = [
                other.id
                for _, other in self.entries("shelters")
                if other.place == shelter.place and other.id not in (None, shelter.id)
            ]
            self.known(shelter.moves_to, there, "unknown-shelter", (*path, "moves_to"))
            for item in shelter.supplies or {}:
                self.known(item, self.items(), "unknown-item", (*path, "supplies", item))
            capacity, most = shelter.capacity, shelter.most
            if isinstance(capacity, int) and isinstance(most, int) and most < capacity:
                self.checker.add("journey-most", (*path, "most"), most=most, capacity=capacity)

    def lists(self) -> None:
        seen: set[str] = set()
        catalogue = self.checker.catalogue
        for path, waiting in self.entries("waiting_lists"):
            if waiting.place is not None and waiting.place in seen:
                self.checker.add("journey-lists", path, value=waiting.place)
            seen.add(waiting.place)
            if waiting.crossing is None:
                continue
            if self.known(waiting.crossing, catalogue.names, "unknown-crossing", (*path, "crossing")):
                there = catalogue.expand(waiting.crossing)
                if not any(
                    flow[0] in there and flow[1:3] == ("inbound", "pedestrian") for flow in catalogue.flows
                ):
                    self.checker.add("journey-on-foot", (*path, "crossing"), value=waiting.crossing)

    def closures(self) -> None:
        countries = sorted({one.country for _, one in self.entries("places") if one.country})
        folded = {name.casefold(): name for name in countries}
        for path, closure in self.entries("closures"):
            for i, name in enumerate(closure.between or []):
                self.known(name, self.places, "unknown-place", (*path, "between", i))
            for i, name in enumerate(closure.countries or []):
                if name.casefold() not in folded:
                    self.known(name, countries, "unknown-country", (*path, "countries", i))

    def published(self) -> None:
        for path, count in self.entries("published"):
            part = COUNTED_OF.get(count.what or "")
            if part is not None and count.where is not None:
                what = {"arrived": "arrivals", "present": "people"}.get(count.what, count.what)
                self.known(count.where, self.names(part), "unknown-counted", (*path, "where"), what=what)
            elif part is not None:
                self.checker.add("missing-field", path, name="where", description="where it was counted")

    def size(self) -> None:
        """Histories, days and places that fit in memory."""
        runs, days = self.checker.scenario.replications, self.journeys.days
        if runs is None or days is None:
            return
        rows = sum(1 for part in ("places", "routes", "shelters") for _ in self.entries(part))
        told = ("groups", "waiting_lists", "returns")
        if any(entry.shares is not None for part in told for _, entry in self.entries(part)):
            rows += KINDS_OF_PEOPLE * sum(1 for _ in self.entries("places"))
        value = 2 * runs * days * max(1, rows)
        if value > MOST_PLACE_DAYS:
            self.checker.add(
                "too-much",
                ("journeys", "days"),
                what="days times places times replications",
                value=f"{value:,}",
                limit=f"{MOST_PLACE_DAYS:,}",
            )


def check_journeys(checker: Collector) -> None:
    """All problems of the journeys across fields."""
    journeys = checker.scenario.journeys
    if journeys is not None and not isinstance(journeys, Uncertain):
        JourneyChecks(checker, journeys).run()


def _alias(entry: Any, field: str) -> str:
    return type(entry).model_fields[field].alias or field


def _reaches(start: str, end: str, ahead: dict[str, set[str]]) -> bool:
    seen, new = {start}, {start}
    while new:
        new = {to for place in new for to in ahead.get(place, ())} - seen
        seen |= new
    return end in seen
