"""What must hold across fields: names that exist, times that exist and follow one another, sizes that can be
run.

The checks run on whatever could be read, so they pass over fields that are None.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from garita.errors import Problem, Severity, did_you_mean
from garita.scenario.events import Closure
from garita.scenario.journey_checks import check_journeys
from garita.scenario.loader import Document, Path
from garita.scenario.models import ENTRIES, INLINE, Scenario
from garita.scenario.officers import Conversion, Emergency, Giver, OfficerPool, PoolChange
from garita.scenario.quantities import Claims, Uncertain
from garita.scenario.region import Catalogue
from garita.scenario.resolve import begin_of, end_of, walk, zone_of
from garita.scenario.sizes import Sizes
from garita.scenario.starting import check_initial
from garita.scenario.stations import check_stations
from garita.scenario.times import LocalTime, Special, find_zone, minutes_of, moment_of


class Checker:
    """Collects the problems of one scenario."""

    def __init__(
        self, scenario: Any, document: Document, catalogue: Catalogue, problems: list[Problem]
    ) -> None:
        self.scenario, self.document, self.catalogue = scenario, document, catalogue
        self.problems = problems
        self.broken: set[Path] = set()  # times that do not exist: no second complaint about their order

    def add(self, code: str, path: Path, severity: Severity = "error", **params: Any) -> None:
        self.problems.append(self.document.problem(code, path, severity=severity, **params))

    def run(self) -> None:
        """All checks."""
        self.region()
        self.every_time()
        for section in ENTRIES:
            for i, entry in enumerate(getattr(self.scenario, section) or []):
                if entry is not None:
                    self.where(entry, (section, i))
                    self.order(entry, (section, i))
        self.officers()
        check_initial(self)
        self.unique_names()
        self.behaviour()
        check_stations(self)
        check_journeys(self)
        Sizes(self).run()

    # names -----------------------------------------------------------------------------------------

    def where(self, entry: Any, path: Path) -> None:
        """The crossing, directions, modes and lane types of an entry, and of its steps of reopening."""
        if isinstance(entry, Conversion):
            self.conversion(entry, path)
            return
        if isinstance(entry, PoolChange):
            known = [*dict(self.catalogue.pools), *(pool.pool for pool in self.pools() if pool.pool)]
            if entry.pool is not None and entry.pool not in known:
                self.unknown("pool", entry.pool, (*path, "pool"), known or ["none: define it under officers"])
            return
        if entry.crossing is None or not self.catalogue.names:
            return
        here = self.catalogue.expand(entry.crossing)
        if not here:
            if self.catalogue.crossings or entry.crossing != "all":
                self.unknown("crossing", entry.crossing, (*path, "crossing"), self.catalogue.names)
            return
        self.within(entry, entry, here, path)
        if isinstance(entry, Emergency) and entry.taken_from is not None:
            self.giver(entry.taken_from, here, path)
        for i, step in enumerate(getattr(entry, "reopening", None) or []):
            if step is not None:
                self.within(step, entry, here, (*path, "reopening", i))

    def giver(self, giver: Giver, here: tuple[str, ...], path: Path) -> None:
        """The line that helps in an emergency."""
        places = here if giver.crossing is None else (giver.crossing,)
        known = sorted(":".join(flow) for flow in self.catalogue.flows)
        for place in places:
            line = (place, giver.direction, giver.mode, giver.lane_type)
            if None not in line and ":".join(line) not in known:
                self.unknown("line", ":".join(line), (*path, "taken_from"), known)

    def pools(self) -> list[OfficerPool]:
        """The pools that could be read."""
        return [pool for pool in self.scenario.officers or [] if pool is not None]

    def officers(self) -> None:
        """Every pool has lines, and every line one pool at most."""
        self.unique("duplicate-name", "officers", "pool", lambda pool: pool.pool)
        staffed: dict[Any, str] = {}
        for i, pool in enumerate(self.scenario.officers or []):
            if pool is None or pool.pool is None or not self.catalogue.flows:
                continue
            for k, name in enumerate(pool.crossings or []):
                if not self.catalogue.expand(name):
                    self.unknown("crossing", name, ("officers", i, "crossings", k), self.catalogue.names)
            lines = sorted(self.catalogue.staffed_by(pool))
            if not lines:
                self.add("pool-of-nothing", ("officers", i))
            for line in lines:
                if line in staffed and staffed[line] != pool.pool:
                    self.add(
                        "pool-twice",
                        ("officers", i),
                        line=":".join(line),
                        pool=pool.pool,
                        other=staffed[line],
                    )
                    break
                staffed[line] = pool.pool

    def conversion(self, entry: Conversion, path: Path) -> None:
        """Both lines of lanes that change type."""
        if None in (entry.crossing, entry.direction, entry.mode, entry.from_type, entry.to_type):
            return
        known = sorted(":".join(flow) for flow in self.catalogue.flows if flow[0] == entry.crossing)
        if entry.crossing not in self.catalogue.zones:
            self.unknown("crossing", entry.crossing, (*path, "crossing"), list(self.catalogue.crossings))
            return
        for line, field in zip(entry.ends_of_it, ("from_type", "to_type"), strict=True):
            if ":".join(line) not in known:
                self.unknown("line", ":".join(line), (*path, field), known or ["none"])

    def within(self, part: Any, entry: Any, here: tuple[str, ...], path: Path) -> None:
        """That there is somebody at these crossings whom the entry, or its part, is about."""
        directions = part.directions if part.directions is not None else entry.directions
        modes = part.modes if part.modes is not None else entry.modes
        at = entry.crossing
        if "directions" in part.model_fields_set:
            self.all_known(
                "unknown-direction", part.directions, self.catalogue.some(1, here), path, "directions", at
            )
        self.all_known(
            "unknown-mode", part.modes, self.catalogue.some(2, here, directions), path, "modes", at
        )
        there = self.catalogue.some(3, here, directions, modes)
        if there:
            self.all_known("unknown-lane-type", part.lane_types, there, path, "lane_types", at)

    def all_known(
        self, code: str, given: Any, there: list[str], path: Path, field: str, crossing: str
    ) -> None:
        for i, value in enumerate(given or []):
            if value not in there:
                at = (*path, field, i) if (*path, field, i) in self.document.marks else (*path, field)
                self.add(
                    code,
                    at,
                    value=value,
                    crossing=crossing,
                    hint=did_you_mean(value, there),
                    allowed=", ".join(there) or "none",
                )

    def unknown(self, kind: str, value: str, path: Path, allowed: list[str]) -> None:
        self.add(
            f"unknown-{kind}",
            path,
            value=value,
            hint=did_you_mean(value, allowed),
            allowed=", ".join(allowed),
        )

    def unique_names(self) -> None:
        for section in ENTRIES:
            self.unique("duplicate-name", section, "name", lambda entry: getattr(entry, "name", None))

    def unique(self, code: str, section: str, field: str, of: Callable[[Any], Any]) -> None:
        seen: set[Any] = set()
        for i, entry in enumerate(getattr(self.scenario, section) or []):
            value = of(entry) if entry is not None else None
            if value is not None and value in seen:
                self.add(code, (section, i, field), value=value)
            seen.add(value)

    # the region ------------------------------------------------------------------------------------

    def region(self) -> None:
        """A base or a region of its own, not both, and nothing left over."""
        given = [name for name in INLINE if self.document.tree.get(name)]
        base = self.document.tree.get("base")
        if base is not None:
            for name in given:
                self.add("inline-with-base", (name,), name=name, base=base)
            return
        if "flows" not in given:
            if self.scenario.journeys is None:  # which need no crossings
                self.add("no-region", ())
        elif "region" not in given:
            self.add("missing-field", ("region",), name="region", description="region: {id: ..., zone: ...}")
        region = self.scenario.region
        if region is not None and region.zone is not None and find_zone(region.zone) is None:
            self.add("unknown-zone", ("region", "zone"), value=region.zone, hint=_like_zone(region.zone))
        self.inline()

    def inline(self) -> None:
        self.unique("duplicate-crossing", "crossings", "id", lambda crossing: crossing.id)
        self.unique(
            "duplicate-flow",
            "flows",
            "crossing",
            lambda flow: (
                None if None in (flow.crossing, flow.direction, flow.mode, flow.lane_type) else flow.id
            ),
        )
        known = list(self.catalogue.crossings)
        for section, fields in (
            ("flows", ["crossing"]),
            ("secondary", ["crossing"]),
            ("travel", ["origin", "destination"]),
        ):
            for i, entry in enumerate(getattr(self.scenario, section) or []):
                for field in fields if entry is not None else ():
                    value = getattr(entry, field)
                    if value is not None and value not in known:
                        self.unknown(
                            "crossing",
                            value,
                            (section, i, field),
                            known or ["none: define it under crossings"],
                        )
        for i, flow in enumerate(self.scenario.flows or []):
            table = flow.arrivals.table if flow is not None and flow.arrivals is not None else None
            rows = [
                self.interval(row.start, flow)
                for row in table or []
                if row is not None and row.start is not None
            ]
            if any(later[1] <= sooner[0] for sooner, later in pairwise(rows)):
                self.add("steps-order", ("flows", i, "arrivals", "table"))
            first = table[0] if table else None
            if first is not None and isinstance(first.start, LocalTime):
                begins = self.interval(first.start, flow)  # the last row holds ever after
                self.in_run(flow, ("flows", i, "arrivals", "table"), begins, (math.inf, math.inf))

    def behaviour(self) -> None:
        """Parameters that mean something only where people weigh what they expect."""
        behaviour = self.scenario.behaviour
        if behaviour is None or behaviour.choice_rule in (None, "logit"):
            return
        for name in ("walk_able_share", "home_share_inbound", "home_share_outbound"):
            value = getattr(behaviour, name)
            if value is not None and self.interval(value, None)[1] > 0.0:
                self.add("needs-logit", ("behaviour", name), field=name, rule=behaviour.choice_rule)

    # times -----------------------------------------------------------------------------------------

    def every_time(self) -> None:
        """No local time that clocks skip, and none that they repeat unless it has an offset."""
        for place, value in walk(self.scenario):
            zone = zone_of(place.entry, self.catalogue)
            leaves = value.leaves() if isinstance(value, Uncertain) else [((), value)]
            for inner, leaf in leaves:
                trouble = leaf.trouble(zone) if isinstance(leaf, LocalTime) else None
                if trouble is not None:
                    self.broken.add(place.path)
                    self.add(trouble[0], (*place.path, *inner), **dict[str, Any](trouble[1]))

    def interval(self, value: Any, entry: Any) -> tuple[float, float]:
        """Lowest and highest number behind a value."""
        zone = zone_of(entry, self.catalogue)
        if isinstance(value, Uncertain):
            return value.support(zone)
        number = (
            minutes_of(value.aware(zone))
            if isinstance(value, LocalTime)
            else (math.inf if isinstance(value, Special) else float(value))
        )
        return number, number

    def show(self, minutes: float, entry: Any) -> str:
        if math.isinf(minutes):
            return "for good"
        return moment_of(minutes, zone_of(entry, self.catalogue)).strftime("%Y-%m-%d %H:%M")

    def order(self, entry: Any, path: Path) -> None:
        """Beginning, end, notice and reopening in order, and not all outside the run."""
        begins = self.interval(entry.start, entry) if entry.start is not None else (-math.inf, -math.inf)
        ends = self.ends(entry, path, begins)
        if (*path, "from") in self.broken or (*path, "until") in self.broken:
            return
        if ends[1] < begins[0]:
            self.add(
                "until-before-from",
                (*path, "until"),
                until=self.show(ends[1], entry),
                start=self.show(begins[0], entry),
            )
            return
        if isinstance(entry, Closure):
            self.reopenings(entry, path, begins, ends)
            self.notice(entry, path, begins)
        self.in_run(entry, path, begins, ends)

    def ends(self, entry: Any, path: Path, begins: tuple[float, float]) -> tuple[float, float]:
        """When an entry may end; claims that lie before its beginning are problems of their own."""
        until = entry.until
        if until is None or isinstance(until, Special):
            return math.inf, math.inf
        low, high = self.interval(until, entry)
        if isinstance(until, Claims):
            numbers = [self.from_start(claim.value, entry, begins) for claim in until.claims]
            for i, (_, latest) in enumerate(numbers):
                if latest < begins[0] <= max(number[1] for number in numbers):
                    self.add(
                        "claim-before-start",
                        (*path, "until", "claims", i, "value"),
                        value=str(until.claims[i].value),
                        start=self.show(begins[0], entry),
                    )
            return min(number[0] for number in numbers), max(number[1] for number in numbers)
        if self.is_duration(until):
            return begins[0] + low, begins[1] + high
        return low, high

    def from_start(self, value: Any, entry: Any, begins: tuple[float, float]) -> tuple[float, float]:
        low, high = self.interval(value, entry)
        return (low, high) if isinstance(value, LocalTime | Special) else (begins[0] + low, begins[1] + high)

    def is_duration(self, value: Any) -> bool:
        leaves = [leaf for _, leaf in value.leaves()] if isinstance(value, Uncertain) else [value]
        return not any(isinstance(leaf, LocalTime | Special) for leaf in leaves)

    def reopenings(
        self, closure: Any, path: Path, begins: tuple[float, float], ends: tuple[float, float]
    ) -> None:
        for i, step in enumerate(closure.reopening or []):
            at = (*path, "reopening", i, "at")
            if step is None or step.at is None or at in self.broken:
                continue
            low, high = self.interval(step.at, closure)
            if high < begins[0] or low > ends[1]:
                value = self.show(high, closure) if high < begins[0] else self.show(low, closure)
                self.add(
                    "reopening-outside",
                    at,
                    value=value,
                    start=self.show(begins[0], closure),
                    until=self.show(ends[1], closure),
                )

    def notice(self, closure: Any, path: Path, begins: tuple[float, float]) -> None:
        notice = closure.notice
        if notice is None or isinstance(notice, Special) or self.is_duration(notice):
            return
        low, _ = self.interval(notice, closure)
        if low > begins[1]:
            self.add(
                "notice-after-start",
                (*path, "notice"),
                value=self.show(low, closure),
                start=self.show(begins[1], closure),
            )

    def in_run(self, entry: Any, path: Path, begins: tuple[float, float], ends: tuple[float, float]) -> None:
        start = self.scenario.start
        if (
            not isinstance(start, LocalTime)
            or self.scenario.days is None
            or self.scenario.warm_up_days is None
        ):
            return
        first = minutes_of(begin_of(self.scenario, self.catalogue.zone))
        last = minutes_of(end_of(self.scenario, self.catalogue.zone))
        if begins[0] >= last or ends[1] <= first:
            self.add(
                "closure-outside-run",
                path,
                "warning",
                start=self.show(first, None),
                until=self.show(last, None),
            )


def _like_zone(name: str) -> str:
    from zoneinfo import available_timezones

    hint = did_you_mean(name, available_timezones())
    return f". {hint.strip()}" if hint else "."


def check(scenario: Scenario | BaseModel, document: Document, catalogue: Catalogue) -> list[Problem]:
    """Every problem across fields, warnings included."""
    problems: list[Problem] = []
    Checker(scenario, document, catalogue, problems).run()
    return problems
