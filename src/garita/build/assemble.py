"""From a resolved scenario to the frozen arrays of the engine."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from garita.build.batches import Halls, most_people, sizes_of
from garita.build.calendar import Calendar, hour_table, make_calendar, over_hours
from garita.build.choice import alternatives, crossing_indices, travel_minutes
from garita.build.closures import LineEvents, closure_windows, line_events
from garita.build.days import day_factors
from garita.build.extra import extra_of, officers, people, recording, region_parts, tandem_problems
from garita.build.initial import standing, with_initial
from garita.build.inline import inline_region
from garita.build.lanes import lane_arrays, lanes_of
from garita.build.lines import CLASSES, Line, Region, in_order
from garita.build.officers import officers_of, with_pools
from garita.build.packaged import packaged_region
from garita.build.schedule import BEHAVIOUR_OF_TIMETABLE, RegionSteps, Timetable
from garita.build.service import stack
from garita.build.stations import Post, Posts, clashes
from garita.engine.run import Run
from garita.engine.types import (
    BEHAVIOUR,
    BEHAVIOUR_FIELDS,
    FLOW,
    FLOW_HOUR,
    RULE_LOGIT,
    RULE_NONE,
    RULE_THRESHOLD,
    Floats,
    Model,
    Records,
    records,
)
from garita.errors import Problem, ScenarioError
from garita.scenario import limits
from garita.scenario.models import INLINE

TIMETABLES_KEPT = 16
HOURS_OF_QUEUE, SMALLEST_ROOM, LARGEST_FIRST_ROOM = 4.0, 1024, 2**15
RULES = {"none": RULE_NONE, "logit": RULE_LOGIT, "threshold": RULE_THRESHOLD}


@dataclass(frozen=True)
class Built:
    """A resolved scenario as arrays, with what its axes mean."""

    run: Run
    region: Region
    calendar: Calendar
    closures: tuple[dict[str, Any], ...]
    offsets: Any  # int64 [F, H] first candidate of each line and hour
    access_min: float  # minutes by which people look at what is published before they arrive
    posts: tuple[Post, ...] = ()  # inspections before and after primary


class Builder:
    """Builds the histories of one case; what does not depend on the resolved values is made once.

    Raises ScenarioError for what the engine cannot express.
    """

    def __init__(self, case: Any, *, record_finals: bool = True) -> None:
        self.case = case
        self.record_finals = record_finals
        self.calendar = make_calendar(case.begin, case.start, case.end)
        self._places: dict[str, _Place] = {}

    def of_variant(self, case: Any) -> Builder:
        """A builder of another variant of the same case and days, which shares what no event changes."""
        other = Builder(case, record_finals=self.record_finals)
        one, two = self.calendar, other.calendar
        alike = np.array_equal(one.start, two.start) and one.demand_hours == two.demand_hours
        if alike and case.tables is self.case.tables:
            other._places = self._places
        return other

    def place(self, resolved: Any) -> _Place:
        """The region and what follows from it alone."""
        described = _describe(resolved)
        found = self._places.get(described)
        if found is None:
            packaged = self.case.tables is not None
            day = self.case.start.date()
            region = packaged_region(self.case.tables, day) if packaged else inline_region(resolved)
            region = in_order(region)
            region = with_pools(region, resolved, self.case.catalogue)
            _check(region)
            found = _Place(region, self.calendar)
            self._places.clear()  # an uncertain region is another one in every history
            self._places[described] = found
        return found

    def build(self, resolved: Any, beside: Any = None, record: Collection[str] = ()) -> Built:
        """Arrays for one possible history; ``resolved`` is ``case.resolve(replication)``.

        ``beside``: the resolved variant it will be compared with. Where its demand differs, the books have
        room for both, so that each party has the same place in either. ``record``: "travellers", "events".

        Raises ScenarioError for what cannot be simulated.
        """
        try:
            return self._build(resolved, beside, record)
        except ScenarioError as error:
            raise ScenarioError(self.case.placed(error.problems)) from None

    def _build(self, resolved: Any, beside: Any, record: Collection[str]) -> Built:
        place, calendar = self.place(resolved), self.calendar
        region = place.region
        events = line_events(resolved, region.lines, region.crossings)
        posts = Posts(resolved, beside, region, place.zones, calendar)
        halls = Halls(region, place.zones, calendar)
        require(halls.nowhere())
        timetable = place.timetable(events, resolved, posts.times() | halls.times())
        behaviour = _behaviour(resolved.behaviour)
        others = None
        if beside is not None and beside.demand != resolved.demand:
            others = line_events(beside, region.lines, region.crossings)
        days = day_factors(resolved, region.lines, place.zones, calendar)
        flow_hours = place.flow_hours(events, float(behaviour.induced_cap[0]), others, days)
        require(sizes(region.lines, timetable, flow_hours))
        flows = place.flows_with(timetable)
        halls.slow_down(flows)
        moving, lanes = officers(timetable), lane_arrays(place.lanes, resolved.behaviour)
        stations = posts.part(flows, timetable.intervals.start)
        shared = (
            (moving[0], "hand_over", "conversion-with-stations"),
            (lanes, "lane_group", "lanes-with-stations"),
        )
        for (used, arrays), name, code in shared:
            if used:
                require(clashes(region.lines, arrays[name], stations[1]["group_of"], code))
        require(tandem_problems(timetable, stations[1]["group_of"]))
        require(halls.problems(moving[0][1]["hand_over"], stations[1]["group_of"]))
        initial, hours = standing(resolved, region.lines, timetable), place.hours
        if initial.size:
            flow_hours, hours = with_initial(flow_hours, hours, initial)
        model = Model(
            flows=flows,
            alternative=place.alternative,
            travel=place.travel,
            service=posts.service(place.service),
            size=place.size,
            classes=place.classes,
            flow_hours=flow_hours,
            hours=hours,
            intervals=timetable.intervals,
            plan=timetable.plan,
            pool_limit=timetable.pool_limit,
            places=timetable.places,
            news=timetable.news,
            belief=timetable.belief,
            behaviour=behaviour,
        )
        run = Run(
            model,
            calendar.demand_hours,
            4 * calendar.hours,
            int(behaviour.trim_lag_ticks[0]) + 1,
            _publication_slots(resolved.behaviour),
            self.record_finals,
            _room(flow_hours),
            extra_of(
                [
                    *place.extra,
                    *moving,
                    lanes,
                    (initial.size > 0, {"initial": initial}),
                    recording(flow_hours, record),
                    people(region, resolved.behaviour, model, timetable),
                    stations,
                    halls.part(timetable.intervals.start, stations[1]),
                ]
            ),
        )
        closures = closure_windows(resolved, region)
        access = float(resolved.behaviour.access_min)
        planned = flow_hours.offset[:, : calendar.hours]
        return Built(run, region, calendar, closures, planned, access, tuple(posts.posts))


def build(case: Any, resolved: Any, *, record_finals: bool = True) -> Built:
    """Arrays for one possible history of a case (see :class:`Builder`)."""
    return Builder(case, record_finals=record_finals).build(resolved)


def _describe(resolved: Any) -> str:
    """What a region depends on besides packaged tables, as text."""
    parts = resolved.model_dump_json(include={*INLINE, "officers"})
    return str(parts)


class _Place:
    """A region's arrays that no event changes."""

    def __init__(self, region: Region, calendar: Calendar) -> None:
        self.region, self.calendar = region, calendar
        self.steps = RegionSteps(region, calendar)
        lines = region.lines
        self.zones = {crossing.id: crossing.zone for crossing in region.crossings}
        local = {zone: calendar.local(zone) for zone in set(self.zones.values())}
        self.base = records(FLOW_HOUR, len(lines), calendar.hours)
        self.base.within = self.steps.within_hours()
        self.base.opens_in = self.steps.opens_in()
        for f, line in enumerate(lines):
            hours = local[self.zones[line.crossing]]
            self.base.rate[f] = line.arrivals(calendar, hours)
            self.base.usual[f] = line.usual(calendar, hours)
            self.base.target[f] = line.target(calendar, hours) if line.target is not None else 0.0
        travel = travel_minutes(region)
        self.travel = np.nan_to_num(travel)
        usual = self.base.rate[:, : calendar.demand_hours].sum(axis=1)
        self.alternative = alternatives(region, usual, travel)
        self.service = stack(
            [line.service for line in lines] + [station.service for station in region.secondary]
        )
        self.size = np.array([sizes_of(line) for line in lines])
        self.classes = np.array([_classes(line) for line in lines])
        self.hours = hour_table(calendar)
        self.flows = _flows(region, self.steps.pools)
        self.extra = region_parts(region, 4 * calendar.hours)
        self.lanes = lanes_of(region)
        self._timetables: dict[Any, Timetable] = {}

    def timetable(
        self, events: list[LineEvents], resolved: Any, more_cuts: Collection[float] = ()
    ) -> Timetable:
        """What holds when; histories with the same closures share one."""
        behaviour = resolved.behaviour
        moved = officers_of(resolved, self.region, self.calendar)
        key = (
            frozenset(more_cuts),
            tuple(happening.plan_key() for happening in events),
            moved,
            tuple(float(getattr(behaviour, name)) for name in BEHAVIOUR_OF_TIMETABLE),
        )
        found = self._timetables.get(key)
        if found is None:
            found = Timetable(self.calendar, self.region, self.steps, events, behaviour, moved, more_cuts)
            if len(self._timetables) >= TIMETABLES_KEPT:
                self._timetables.clear()
            self._timetables[key] = found
        return found

    def flow_hours(
        self, events: list[LineEvents], cap: float, others: list[LineEvents] | None, days: Floats | None
    ) -> Records:
        """Demand, expectations and room for candidates of every line and hour; ``days``: factors [F, H]."""
        found = self.base.copy()
        if days is not None:
            found.rate *= days
        planned = found.rate.copy()
        for f, happening in enumerate(events):
            found.rate[f] *= over_hours(happening.demand, self.calendar)
            found.participation[f] = over_hours(happening.participation, self.calendar)
            if happening.hours:
                opened = [self.steps.opening_of(f, happening)]
                found.within[f] = self.steps.within_hours(opened)[0]
                found.opens_in[f] = self.steps.opens_in(opened)[0]
        most = found.rate.copy()
        for f, happening in enumerate(others or ()):
            most[f] = np.maximum(most[f], planned[f] * over_hours(happening.demand, self.calendar))
        expected = most * cap
        expected[:, self.calendar.demand_hours :] = 0.0
        room = np.where(expected > 0.0, np.ceil(expected + 10.0 * np.sqrt(expected) + 20.0), 0.0).astype(
            np.int64
        )
        found.room = room
        found.offset = np.concatenate([[0], np.cumsum(room.ravel())[:-1]]).reshape(room.shape)
        return found

    def flows_with(self, timetable: Timetable) -> Records:
        """The lines with the fewest booths that this history's roster ever has."""
        found = self.flows.copy()
        roster = np.where(timetable.plan.roster > 0, timetable.plan.roster, np.iinfo(np.int32).max)
        fewest = roster.min(axis=0)
        found.nominal = np.where(fewest == np.iinfo(np.int32).max, 1, fewest)
        return found


def sizes(lines: Sequence[Line], timetable: Timetable, flow_hours: Records) -> list[Problem]:
    """What is too large for the engine once all factors and changes are multiplied out."""
    problems = []
    for line, booths in zip(lines, timetable.most_booths, strict=True):
        if booths > limits.MOST_BOOTHS:
            problems.append(limits.too_many_booths(line.id, booths))
    for line, rate in zip(lines, flow_hours.rate.max(axis=1), strict=True):
        if rate > limits.MOST_PER_HOUR:
            problems.append(limits.too_many_an_hour(line.id, float(rate)))
    total = float(flow_hours.rate.sum())
    if total > limits.MOST_PARTIES:
        problems.append(limits.too_many_parties(total))
    return problems


def require(problems: list[Problem]) -> None:
    """Raise ScenarioError if there are problems."""
    if problems:
        raise ScenarioError(problems)


def _room(flow_hours: Records) -> int:
    """Parties a queue should have room for at first, a power of two; a run that needs more is repeated."""
    most = HOURS_OF_QUEUE * float(flow_hours.rate.max(initial=0.0))
    return int(min(LARGEST_FIRST_ROOM, max(SMALLEST_ROOM, 2 ** math.ceil(math.log2(max(most, 1.0))))))


def _check(region: Region) -> None:
    problems = [
        Problem(
            "party-too-large",
            {
                "message": f"`{line.people_per_party:g}` people in a party cannot be simulated",
                "remedy": f"Allowed: at least 1 and at most {most_people(line):g}.",
            },
            field=f"flows[{line.id}].people_per_party",
        )
        for line in region.lines
        if line.people_per_party > most_people(line) or line.people_per_party < 1.0
    ]
    require(problems)


def _flows(region: Region, pools: list[str]) -> Records:
    index = crossing_indices(region.crossings)
    found = records(FLOW, len(region.lines))
    for f, line in enumerate(region.lines):
        digest = hashlib.blake2b(line.id.encode("utf-8"), digest_size=8).digest()
        found.hash[f] = int.from_bytes(digest, "big")
        found.crossing[f] = index[line.crossing]
        found.on_foot[f] = 1 if line.mode == "pedestrian" else 0
        found.mean_service[f] = line.service.mean_minutes
        found.secondary[f] = -1
        for s, station in enumerate(region.secondary):
            if (station.crossing, station.direction) == (
                line.crossing,
                line.direction,
            ) and line.mode in station.modes:
                found.secondary[f] = len(region.lines) + s
        found.referral[f] = line.referral if found.secondary[f] >= 0 else 0.0
        found.must[f] = line.must_share
        found.pool[f] = pools.index(line.pool) if line.pool else -1
        found.trimmed[f] = 0 if line.target is None or line.pool in region.pool_rules else 1
    return found


def _classes(line: Line) -> Floats:
    shares = [line.classes.get(name, 0.0) for name in CLASSES]
    rest = max(0.0, 1.0 - sum(shares))
    return np.cumsum([*shares, rest, 0.0])


def _behaviour(behaviour: Any) -> Records:
    found = records(BEHAVIOUR, 1)
    values = {name: getattr(behaviour, name) for name in BEHAVIOUR_FIELDS if hasattr(behaviour, name)}
    values["rule"] = RULES[behaviour.choice_rule]
    values["trim_lag_ticks"] = round(behaviour.trim_lag_min / max(behaviour.trim_every_min, 1e-6))
    if values["rule"] != RULE_LOGIT:
        values["induced_cap"] = 1.0
    if values["rule"] == RULE_THRESHOLD:
        values["informed_share"] = 1.0
    if behaviour.information == "none":
        values["informed_share"] = 0.0
    if behaviour.information == "perfect":
        values["informed_share"], values["news_mean_min"] = 1.0, 0.0
    for name in BEHAVIOUR_FIELDS:
        found[name][0] = float(values[name])
    return found


def _publication_slots(behaviour: Any) -> int:
    """Measurements kept, so that the published one is as old as it should be."""
    lag = behaviour.publication_age_min + behaviour.access_min
    whole, rest = divmod(lag, max(behaviour.publication_every_min, 1e-6))
    return int(whole) + (1 if rest > 0 else 0) if lag > 0 else 1
