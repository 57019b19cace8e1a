"""Buses whose people walk through inspection, as arrays: places for buses, booths, who shares them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from garita.build.calendar import Calendar
from garita.build.extra import Part
from garita.build.lines import Line, Region, WalkThrough
from garita.build.schedule import by_clock
from garita.build.service import Service, stack
from garita.engine.extra import HALL, PLACE
from garita.engine.state import BOOTH
from garita.engine.types import GRAIN, QUANTILE_CELLS, STATION_FIELDS, Floats, Ints, Records, records
from garita.errors import Problem
from garita.scenario import limits

CLASSES_OF_SIZE = 15


def most_people(line: Line) -> float:
    """The most people that a party of a line may have on average."""
    return limits.MOST_PEOPLE if line.walk_through is None else limits.MOST_ABOARD


def _chances(mean: float, most: int) -> Floats:
    """Probabilities of 1, 2, ... people: one, and a Poisson number of others (an assumption)."""
    others = mean - 1.0
    if others <= 0.0:
        return np.concatenate([np.ones(1), np.zeros(most - 1)])
    chance = np.array([math.exp(k * math.log(others) - math.lgamma(k + 1.0) - others) for k in range(most)])
    found: Floats = chance / chance.sum()
    return found


def sizes_of(line: Line) -> Floats:
    """Cumulative probabilities of the 15 classes of size of a line's parties: 1 .. 15 people, or as many
    equally frequent sizes of buses.
    """
    if line.walk_through is not None:
        return np.arange(1, CLASSES_OF_SIZE + 1) / CLASSES_OF_SIZE
    others = line.people_per_party - 1.0
    chance = np.array([math.exp(-others) * others**k / math.factorial(k) for k in range(CLASSES_OF_SIZE)])
    cumulative = np.cumsum(chance / chance.sum())
    cumulative[-1] = 1.0
    return cumulative


def people_by_class(line: Line) -> Ints:
    """People by class of size [16]; those of buses are the means of 15 equal parts of their distribution, as
    whole numbers whose mean is that of the line as nearly as they can.
    """
    if line.walk_through is None:
        return np.arange(CLASSES_OF_SIZE + 1)
    mean = line.people_per_party
    ends = np.cumsum(_chances(mean, 4 * int(limits.MOST_ABOARD)))
    u = (np.arange(64 * CLASSES_OF_SIZE) + 0.5) / (64 * CLASSES_OF_SIZE)
    parts = (np.searchsorted(ends, u) + 1.0).reshape(CLASSES_OF_SIZE, 64).mean(axis=1)
    edges = np.floor(np.concatenate([[0.0], np.cumsum(parts * mean / parts.mean())]) + 0.5)
    return np.concatenate([[0], np.maximum(1.0, np.sort(np.diff(edges)))]).astype(np.int64)


class Halls:
    """Where people of the buses of a region are inspected: one hall for each line of such buses."""

    def __init__(self, region: Region, zones: Mapping[str, ZoneInfo], calendar: Calendar) -> None:
        self.region, self.calendar = region, calendar
        position = {line.id: f for f, line in enumerate(region.lines)}
        self.buses = [f for f, line in enumerate(region.lines) if line.walk_through is not None]
        self.ways: list[WalkThrough] = [way for line in region.lines if (way := line.walk_through)]
        self.foot = [
            position.get(f"{line.crossing}:{line.direction}:pedestrian:{way.booths_of}", -1)
            for line, way in self.pairs()
        ]
        self.steps = [
            by_clock(way.booths or (0,), zones[line.crossing], calendar) for line, way in self.pairs()
        ]

    def pairs(self) -> list[tuple[Line, WalkThrough]]:
        """Each line of buses, and how their people walk through."""
        return [(self.region.lines[f], way) for f, way in zip(self.buses, self.ways, strict=True)]

    def times(self) -> set[float]:
        """Every instant at which something changes."""
        return set().union(*(steps.times for steps in self.steps))

    def services(self) -> list[Service]:
        """The inspection of one person, in each hall."""
        lines = self.region.lines
        return [
            way.service if way.service is not None else lines[f].service
            for f, way in zip(self.foot, self.ways, strict=True)
        ]

    def booths(self) -> list[float]:
        """Booths that inspect the people of a hall, at most."""
        lines = self.region.lines
        return [
            max(1.0, lines[f].booths if f >= 0 else max(way.booths))
            for f, way in zip(self.foot, self.ways, strict=True)
        ]

    def slow_down(self, flows: Records) -> None:
        """How long a bus has its place, as who queues behind it reckons: its own inspection, or that of all
        people of as many buses as have places.
        """
        for f, service, booths in zip(self.buses, self.services(), self.booths(), strict=True):
            line = self.region.lines[f]
            way = line.walk_through
            walk = way.walk if way is not None else 0.0
            people = max(1.0, line.booths) * line.people_per_party * service.mean_minutes / booths
            flows.mean_service[f] = max(line.service.mean_minutes, walk, people)

    def nowhere(self) -> list[Problem]:
        """Lines of buses whose people have no booths to go to, or those of others' people."""
        found, lent = [], set()
        for (line, way), foot in zip(self.pairs(), self.foot, strict=True):
            place = f"flows[{line.id}].walk_through"
            if way.booths_of and foot < 0:
                found.append(Problem("walk-through-nowhere", {"line": line.id}, field=place))
            elif foot in lent:
                other = self.region.lines[foot].id
                found.append(Problem("walk-through-twice", {"line": other}, field=place))
            elif foot >= 0:
                lent.add(foot)
        return found

    def problems(self, hand_over: Ints, group_of: Ints) -> list[Problem]:
        """What buses, or the line on foot that lends them booths, do not go together with."""
        found = []
        for f, foot in zip(self.buses, self.foot, strict=True):
            place = f"flows[{self.region.lines[f].id}].walk_through"
            for g in (f, foot):
                if g < 0:
                    continue
                one = self.region.lines[g]
                held = len(group_of) > 0 and group_of[g] >= 0
                if one.room is not None or one.tandem or hand_over[g] >= 0 or held:
                    found.append(Problem("walk-through-with-others", {"line": one.id}, field=place))
                elif g == f and one.patience is not None:
                    found.append(Problem("walk-through-patience", {"line": one.id}, field=place))
        return found

    def part(self, starts: Floats, stations: dict[str, Any]) -> Part:
        """The arrays of ``Extra``; ``starts`` [N]: beginnings of intervals; ``stations``: the arrays of
        stations, whose books get a row for each hall.
        """
        lines, halls = self.region.lines, records(HALL, len(self.buses))
        books = stations["station_books"]
        hall_of = np.full(len(lines), -1, np.int64)
        most = max((max(way.booths, default=0) for way in self.ways), default=0)
        booths = records(BOOTH, len(self.buses), most + 2)
        booths.free = -np.inf
        opened = np.zeros((len(starts), len(self.buses)), np.int64)
        services = self.services()
        for w, (f, foot, way) in enumerate(zip(self.buses, self.foot, self.ways, strict=True)):
            halls.line[w], halls.foot[w], halls.together[w] = f, foot, int(way.together)
            halls.walk[w] = math.floor(way.walk / GRAIN + 0.5) * GRAIN
            halls.each[w], halls.book[w] = services[w].mean_minutes, len(books) + w
            hall_of[f] = w
            if foot >= 0:
                hall_of[foot] = w
            steps = self.steps[w]
            opened[:, w] = np.array(steps.values)[np.searchsorted(steps.times, starts, side="right")]
        empty = np.zeros((0, 3, QUANTILE_CELLS + 1))
        return bool(self.buses), {
            "aboard": np.array([people_by_class(line) for line in lines]),
            "hall_of": hall_of,
            "halls": halls,
            "hall_service": stack(services) if services else empty,
            "hall_booths": booths,
            "bus_places": records(PLACE, len(self.buses), 1),
            "hall_open": opened,
            "station_books": np.concatenate(
                [books, np.zeros((len(self.buses), 4 * self.calendar.hours, STATION_FIELDS))]
            ),
        }
