"""Inspections before and after primary as arrays: who passes which, how many are inspected at once, and which
stations hold one another up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from garita.build.calendar import Calendar
from garita.build.closures import FOR_GOOD, applies, expand, minute
from garita.build.extra import Part
from garita.build.inline import places_by_hour, service_of
from garita.build.lines import Line, Region
from garita.build.schedule import Steps, by_clock
from garita.build.service import Service, stack
from garita.engine.types import (
    NODE,
    SERVER,
    STATION_FIELDS,
    STATION_POST,
    Floats,
    Ints,
    Records,
    records,
)
from garita.errors import Problem

UNLIMITED = 2**40


@dataclass(frozen=True)
class Post:
    """One inspection besides primary and secondary, at one crossing in one direction."""

    name: str
    crossing: str
    direction: str
    before: bool
    order: int
    lines: tuple[int, ...]  # positions of the lines that come by
    places: tuple[int, ...]  # by hour of the day
    service: Service
    share: float
    room: int
    room_behind: int
    start: float  # minutes UTC
    until: float

    @property
    def id(self) -> str:
        """Permanent identifier, the key of its random draws."""
        return f"{self.crossing}:{self.direction}:{self.name}"

    def position(self) -> tuple[str, str, bool, int, str]:
        """Its place in the order of inspections."""
        return self.crossing, self.direction, not self.before, self.order, self.id


def posts_of(resolved: Any, region: Region) -> list[Post]:
    """The inspections of a resolved scenario, in an order that does not depend on that of the file."""
    found = []
    for station in resolved.stations:
        here = expand(station.crossing, region.crossings)
        for crossing in sorted(here):
            for direction in station.directions:
                lines = tuple(
                    f
                    for f, line in enumerate(region.lines)
                    if (line.crossing, line.direction) == (crossing, direction)
                    and applies(station, line, here)
                )
                if lines:
                    found.append(_post(station, crossing, direction, lines))
    return sorted(found, key=Post.position)


def _post(station: Any, crossing: str, direction: str, lines: tuple[int, ...]) -> Post:
    return Post(
        station.name,
        crossing,
        direction,
        station.place == "before",
        int(station.order),
        lines,
        places_by_hour(station.places),
        service_of(station.service),
        float(station.share),
        UNLIMITED if station.room is None else int(station.room),
        UNLIMITED if station.room_behind is None else int(station.room_behind),
        minute(station.start),
        minute(station.until),
    )


def with_those_beside(posts: Sequence[Post], others: Iterable[Post]) -> list[Post]:
    """The inspections of one variant, and those that only another one has, which never exist here: so that
    the two have the same stations, and share what lies before the first difference.
    """
    known = {post.id for post in posts}
    never = [replace(post, start=FOR_GOOD, until=FOR_GOOD) for post in others if post.id not in known]
    return sorted(
        [*posts, *never],
        key=Post.position,
    )


class Posts:
    """The inspections of one history; ``beside``: the variant it will be compared with."""

    def __init__(
        self,
        resolved: Any,
        beside: Any,
        region: Region,
        zones: Mapping[str, ZoneInfo],
        calendar: Calendar,
    ) -> None:
        self.region, self.calendar = region, calendar
        self.posts = posts_of(resolved, region)
        if beside is not None:
            self.posts = with_those_beside(self.posts, posts_of(beside, region))
        self.steps = [by_clock(post.places, zones[post.crossing], calendar) for post in self.posts]

    def times(self) -> set[float]:
        """Every instant at which something changes."""
        spans = {time for post in self.posts for time in (post.start, post.until)}
        return spans.union(*(steps.times for steps in self.steps)) - {FOR_GOOD}

    def service(self, others: Floats) -> Floats:
        """The tables of service times of lines and secondary [T - X, ...] with those of inspections after."""
        if not self.posts:
            return others
        return np.concatenate([others, stack([post.service for post in self.posts])])

    def part(self, flows: Records, starts: Floats) -> Part:
        """The arrays of ``Extra``; ``flows``: FLOW [F]; ``starts`` [N]: beginnings of intervals."""
        places, exists = _by_interval(self.posts, self.steps, starts)
        arrays = station_arrays(self.posts, self.region, flows, 4 * self.calendar.hours)
        return bool(self.posts), {**arrays, "post_places": places, "post_exists": exists}


def clashes(lines: Sequence[Line], together: Ints, group_of: Ints, code: str) -> list[Problem]:
    """Booths that change lines know when they are free; those of stations with inspections behind do not.

    ``together`` [F]: groups of lines that share booths or people, -1 none; ``code`` says which.
    """
    both = [line.id for f, line in enumerate(lines) if len(group_of) and together[f] >= 0 <= group_of[f]]
    return [Problem(code, {"line": line}, field=f"flows[{line}]") for line in both]


def station_arrays(posts: Sequence[Post], region: Region, flows: Records, bins: int) -> dict[str, Any]:
    """The arrays of ``Extra`` about stations that do not depend on time, and empty ones for what changes."""
    first = len(region.lines) + len(region.secondary)
    count = first + len(posts)
    found = records(STATION_POST, len(posts))
    for x, post in enumerate(posts):
        digest = hashlib.blake2b(post.id.encode("utf-8"), digest_size=8).digest()
        found.hash[x] = int.from_bytes(digest, "big")
        found.before[x], found.share[x] = int(post.before), post.share
        found.mean_service[x] = post.service.mean_minutes
    groups, group_of = _groups(posts, flows, count)
    room = np.full(count, UNLIMITED, np.int64)
    for x, post in enumerate(posts):
        room[first + x] = post.room
        for f in post.lines if post.before else ():
            room[f] = min(room[f], post.room_behind)
    kept = [station for station in range(count) if group_of[station] >= 0]
    book_of = np.full(count, -1, np.int64)
    book_of[kept] = np.arange(len(kept))
    return {
        "posts": found,
        "ways_in": _ways(posts, region.lines, first, before=True),
        "ways_out": _ways(posts, region.lines, first, before=False),
        "groups": groups,
        "group_of": group_of,
        "room_before": room,
        "book_of": book_of,
        "nodes": records(NODE, count),
        "servers": records(SERVER, count, 1),
        "busy": np.zeros((count, 1), np.int64),
        "idle": np.zeros((count, 1), np.int64),
        "station_books": np.zeros((len(kept), bins, STATION_FIELDS)),
    }


def _by_interval(posts: Sequence[Post], steps: Sequence[Steps], starts: Floats) -> tuple[Ints, Ints]:
    """Places and existence of every inspection in every interval [N, X]."""
    places = np.zeros((len(starts), len(posts)), np.int64)
    exists = np.zeros(places.shape, np.int64)
    for x, (post, of) in enumerate(zip(posts, steps, strict=True)):
        exists[:, x] = (post.start <= starts) & (starts < post.until)
        values = np.array(of.values)[np.searchsorted(of.times, starts, side="right")]
        places[:, x] = values * exists[:, x]
    return places, exists


def _ways(posts: Sequence[Post], lines: Sequence[Line], first: int, *, before: bool) -> Ints:
    """The inspections of each line before or after primary, in order, then -1 [F, longest + 1]."""
    ways = [
        [first + x for x, post in enumerate(posts) if post.before == before and f in post.lines]
        for f in range(len(lines))
    ]
    found = np.full((len(lines), max(map(len, ways), default=0) + 1), -1, np.int64)
    for f, way in enumerate(ways):
        found[f, : len(way)] = way
    return found


def _groups(posts: Sequence[Post], flows: Records, count: int) -> tuple[Ints, Ints]:
    """Stations that pass parties on to one another [G, members], the last of a way first, then -1; and the
    group of each station [T], -1 none.
    """
    first = count - len(posts)
    group = np.arange(count)

    def unite(one: int, other: int) -> None:
        group[group == group[other]] = group[one]

    touched = {f for post in posts for f in post.lines}
    for x, post in enumerate(posts):
        for f in post.lines:
            unite(first + x, f)
    shared = {int(flows.secondary[f]) for f in touched} - {-1}
    for f, station in enumerate(flows.secondary):
        if station in shared:
            unite(int(station), f)
            touched |= {f, int(station)}
    touched |= set(range(first, count))

    def from_the_end(station: int) -> tuple[int, int, int]:
        if station < first:
            return (1, 0, station) if station >= len(flows) else (2, 0, station)
        post = posts[station - first]
        return (3 if post.before else 0, -post.order, station)

    group_of = np.full(count, -1, np.int64)
    names = sorted({int(group[station]) for station in touched})
    members = [sorted((s for s in touched if group[s] == name), key=from_the_end) for name in names]
    found = np.full((len(members), max(map(len, members), default=0) + 1), -1, np.int64)
    for g, stations in enumerate(members):
        found[g, : len(stations)] = stations
        group_of[stations] = g
    return found, group_of
