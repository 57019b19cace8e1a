"""Nothing so large that it could only be a slip of the pen, or that the engine cannot count it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Protocol

from garita.errors import Severity
from garita.scenario import limits
from garita.scenario.loader import Path
from garita.scenario.quantities import Uncertain
from garita.scenario.region import Catalogue
from garita.scenario.resolve import begin_of, end_of
from garita.scenario.times import EARLIEST, FIRST_YEAR, LAST_YEAR, LATEST, LocalTime, minutes_of


class Collector(Protocol):
    """What the checks across fields lend to those of sizes."""

    scenario: Any
    catalogue: Catalogue

    def add(self, code: str, path: Path, severity: Severity = "error", **params: Any) -> None: ...
    def interval(self, value: Any, entry: Any) -> tuple[float, float]: ...
    def ends(self, entry: Any, path: Path, begins: tuple[float, float]) -> tuple[float, float]: ...


class Sizes:
    """The sizes of one scenario. They pass over fields that could not be read."""

    def __init__(self, checker: Collector) -> None:
        self.checker, self.scenario, self.add = checker, checker.scenario, checker.add
        self.flows = [(i, flow) for i, flow in enumerate(self.scenario.flows or []) if flow is not None]

    def run(self) -> None:
        """All checks."""
        self.dates()
        self.run_days()
        self.parties()
        for i, flow in self.flows:
            self.lanes(flow, ("flows", i))
            self.people(flow, ("flows", i))
            self.classes(flow, ("flows", i))
        for section in ("flows", "secondary", "stations"):
            for i, entry in enumerate(getattr(self.scenario, section) or []):
                for name in ("service", "patience"):
                    if getattr(entry, name, None) is not None:
                        self.service(getattr(entry, name), entry, (section, i, name))
        self.exemptions()

    def most(self, value: Any, entry: Any) -> float:
        """The highest number that may be drawn."""
        high = self.checker.interval(value, entry)[1]
        bound = value.scalar.high if isinstance(value, Uncertain) else None
        return high if bound is None else min(high, bound)

    def least(self, value: Any, entry: Any) -> float:
        """The lowest number that may be drawn."""
        low = self.checker.interval(value, entry)[0]
        bound = value.scalar.low if isinstance(value, Uncertain) else None
        return low if bound is None else max(low, bound)

    # time ------------------------------------------------------------------------------------------

    def dates(self) -> None:
        """The days simulated lie within the years that clocks and calendars are known for."""
        scenario, zone = self.scenario, self.checker.catalogue.zone
        if not isinstance(scenario.start, LocalTime) or None in (scenario.days, scenario.warm_up_days):
            return
        begin, end = begin_of(scenario, zone), end_of(scenario, zone)
        known: dict[str, Any] = {"first": f"{FIRST_YEAR}-01-01", "last": f"{LAST_YEAR}-12-31"}
        if minutes_of(begin) < EARLIEST:
            self.add("date-out-of-range", ("start",), value=f"{begin:%Y-%m-%d}", **known)
        if minutes_of(end) > LATEST + 1440.0:
            self.add("date-out-of-range", ("days",), value=f"{end:%Y-%m-%d}", **known)

    def run_days(self) -> None:
        days, runs = self.days(), self.scenario.replications
        if days is not None and runs is not None and days * runs > limits.MOST_RUN_DAYS:
            value, limit = f"{days * runs:,}", f"{limits.MOST_RUN_DAYS:,}"
            self.add("too-much", ("replications",), what="days times replications", value=value, limit=limit)

    def days(self) -> int | None:
        """Days simulated, the warm-up included."""
        if self.scenario.days is None or self.scenario.warm_up_days is None:
            return None
        return int(self.scenario.days + self.scenario.warm_up_days)

    # parties ---------------------------------------------------------------------------------------

    def parties(self) -> None:
        """Parties of a line in an hour, and of all lines in one history, with what changes of demand add."""
        days = self.days() or 0
        total = 0.0
        for i, flow in self.flows:
            if flow.arrivals is None:
                continue
            hourly, daily, field = self.arrivals(flow.arrivals, flow)
            total += daily * days
            if self.too_many(hourly, flow, ("flows", i, "arrivals", field)):
                continue
            for k, factor, length in self.changes(flow):
                self.too_many(hourly * factor, flow, ("demand", k, "factor"))
                total += daily * max(0.0, factor - 1.0) * length
        if total > limits.MOST_PARTIES:
            problem = limits.too_many_parties(total)
            self.add(problem.code, ("flows",), **problem.params)

    def too_many(self, hourly: float, flow: Any, path: Path) -> bool:
        """Whether more would come in an hour than can be simulated; that is a problem at ``path``."""
        if hourly <= limits.MOST_PER_HOUR:
            return False
        problem = limits.too_many_an_hour(_name(flow), hourly)
        self.add(problem.code, path, **problem.params)
        return True

    def arrivals(self, arrivals: Any, flow: Any) -> tuple[float, float, str]:
        """The most parties that may come in an hour and in a day, and the field that says so."""
        if arrivals.per_day is not None:
            daily = self.most(arrivals.per_day, flow)
            shares = [self.most(share, flow) for share in arrivals.profile or [1.0] * 24]
            least = math.fsum(self.least(share, flow) for share in arrivals.profile or [1.0] * 24)
            part = max(shares) / least if least >= max(shares) > 0.0 else 1.0
            return daily * part, daily, "per_day"
        if arrivals.table is not None:
            rows = [row.per_hour for row in arrivals.table if row is not None and row.per_hour is not None]
            hourly = max((self.most(value, flow) for value in rows), default=0.0)
            return hourly, 24.0 * hourly, "table"
        if arrivals.per_hour is None:
            return 0.0, 0.0, "per_hour"
        listed = arrivals.per_hour if isinstance(arrivals.per_hour, list) else [arrivals.per_hour]
        each = [self.most(value, flow) for value in listed]
        return max(each, default=0.0), math.fsum(each) * 24.0 / max(1, len(each)), "per_hour"

    def changes(self, flow: Any) -> Iterator[tuple[int, float, float]]:
        """Changes of demand that a flow takes part in: number, highest factor, days of the run they hold."""
        start = self.scenario.start
        if not isinstance(start, LocalTime) or self.days() is None:
            return
        zone = self.checker.catalogue.zone
        first, last = minutes_of(begin_of(self.scenario, zone)), minutes_of(end_of(self.scenario, zone))
        for k, change in enumerate(self.scenario.demand or []):
            if change is None or change.factor is None or not self.touches(change, flow):
                continue
            begins = self.checker.interval(change.start, change) if change.start is not None else (first,) * 2
            until = self.checker.ends(change, ("demand", k), begins)[1]
            days = (min(until, last) - max(begins[0], first)) / 1440.0
            if days > 0.0:
                yield k, self.most(change.factor, change), days

    def touches(self, entry: Any, flow: Any) -> bool:
        """Whether an entry is about a flow."""
        return (
            flow.crossing in self.checker.catalogue.expand(entry.crossing)
            and flow.direction in (entry.directions or [flow.direction])
            and flow.mode in (entry.modes or [flow.mode])
            and flow.lane_type in (entry.lane_types or [flow.lane_type])
        )

    # lines -----------------------------------------------------------------------------------------

    def lanes(self, flow: Any, path: Path) -> None:
        """Lanes times booths in a lane."""
        if flow.lanes is None or flow.booths_per_lane is None:
            return
        booths = self.most(flow.lanes, flow) * self.most(flow.booths_per_lane, flow)
        if booths > limits.MOST_BOOTHS:
            problem = limits.too_many_booths(_name(flow), booths)
            self.add(problem.code, (*path, "lanes"), **problem.params)

    def service(self, service: Any, entry: Any, path: Path) -> None:
        """The longest inspection or patience that is drawn lasts less than a year."""
        needs = {"exponential": ("mean",), "erlang": ("mean", "shape"), "lognormal": ("mean", "cv")}
        needs["gamma"] = ("mean", "shape" if service.cv is None else "cv")
        names = needs.get(service.distribution, ())
        if not names or any(getattr(service, name) is None for name in names):
            return
        given = {}
        for name in names:
            extreme = self.least if name == "shape" else self.most  # a small shape is a wide spread
            given[name] = extreme(getattr(service, name), entry)
        longest = limits.longest_service(service.distribution, given)
        if not longest < limits.LONGEST_SERVICE_MIN:
            self.add("service-too-long", path, value=f"{longest / 1440.0:,.0f} days", limit="a year")

    def people(self, flow: Any, path: Path) -> None:
        """People in a party: as many as a bus holds only where they get out."""
        if flow.people_per_party is None:
            return
        most = self.most(flow.people_per_party, flow)
        if flow.walk_through is not None:
            if most > self.least(flow.people_per_party, flow):
                self.add("people-of-buses", (*path, "people_per_party"))
            if flow.walk_through.service is not None:
                self.service(flow.walk_through.service, flow, (*path, "walk_through", "service"))
            return
        if most > limits.MOST_PEOPLE:
            self.add(
                "party-of-many",
                (*path, "people_per_party"),
                value=f"{most:g}",
                limit=limits.MOST_PEOPLE,
                aboard=limits.MOST_ABOARD,
            )

    # classes ---------------------------------------------------------------------------------------

    def classes(self, flow: Any, path: Path) -> None:
        total = math.fsum(self.most(share, flow) for share in (flow.classes or {}).values())
        if total > 1.0 + 1e-9:
            self.add("shares-above-one", (*path, "classes"), value=f"{total:g}")

    def exemptions(self) -> None:
        """A closure that exempts classes which nobody belongs to turns everybody away."""
        for i, closure in enumerate(self.scenario.closures or []):
            if closure is None or not closure.exempt:
                continue
            lines = [
                _name(flow)
                for _, flow in self.flows
                if self.touches(closure, flow)
                and not any(self.most(share, flow) > 0.0 for share in self.exempt(closure, flow))
            ]
            if lines:
                listed = ", ".join(lines[:3]) + (f" and {len(lines) - 3} more" if len(lines) > 3 else "")
                exempt = ", ".join(closure.exempt)
                path = ("closures", i, "exempt")
                self.add(
                    "exempt-nobody", path, "warning", lines=listed, exempt=exempt, example=closure.exempt[0]
                )

    def exempt(self, closure: Any, flow: Any) -> list[Any]:
        return [share for name, share in (flow.classes or {}).items() if name in closure.exempt]


def _name(flow: Any) -> str:
    """A flow's identifier, as far as it could be read."""
    return ":".join(str(part) for part in (flow.crossing, flow.direction, flow.mode, flow.lane_type) if part)
