"""The policy of docs/background/officers-and-lanes.md a second time: officers as objects, from the text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.booths import Line

AT, WAY, SPARE = "at a booth", "on the way", "standing by"


@dataclass
class Officer:
    state: str
    place: int  # a line, or a crossing of who stands by
    until: float = 0.0  # of a journey
    since: int = 0  # running number of the journey


@dataclass
class Pool:
    """One pool for all lines. ``lanes(f, now)``: booths there may be; ``rate(f, now)``: parties an hour."""

    lines: Sequence[Line]
    crossing: Sequence[int]
    service: Sequence[float]
    target: Sequence[float]
    on_duty: Callable[[float], int]
    lanes: Callable[[int, float], int]
    rate: Callable[[int, float], float]
    travel: Mapping[tuple[int, int], float]
    begin: float
    every: float = 15.0
    horizon: float = 60.0
    margin: float = 10.0
    least: int = 1
    most: int = 10**6
    move: float = 0.0
    tick: float = 5.0

    def __post_init__(self) -> None:
        self.officers: list[Officer] = []
        self.decide_at = self.begin
        self.moves = self.journeys = 0

    def of(self, f: int, *states: str) -> list[Officer]:
        return [one for one in self.officers if one.state in states and one.place == f]

    def has(self, f: int) -> int:
        return len(self.of(f, AT, WAY))

    def bound(self, f: int, now: float) -> int:
        return min(self.lanes(f, now), self.most)

    def minutes(self, f: int, officers: int, now: float) -> float:
        work = (self.lines[f].waiting(now) + self.rate(f, now) * self.horizon / 60.0) * self.service[f]
        if officers == 0:
            return 1e18 if work > 0 else -1e18
        return work / officers - self.target[f]

    def neediest(self, now: float) -> int | None:
        able = [f for f in range(len(self.lines)) if self.has(f) < self.bound(f, now)]
        keys = {f: (self.has(f) < self.least, self.minutes(f, self.has(f), now), -f) for f in able}
        return max(able, key=lambda f: keys[f], default=None)

    def best_giver(self, now: float, but: int | None, bounded: bool) -> int | None:
        able = [f for f in range(len(self.lines)) if f != but and self.of(f, AT)]
        if bounded:
            able = [f for f in able if self.has(f) > min(self.least, self.bound(f, now))]
        return min(able, key=lambda f: (self.minutes(f, self.has(f) - 1, now), f), default=None)

    def send(self, officer: Officer, f: int, until: float) -> None:
        self.journeys += 1
        officer.state, officer.place, officer.until, officer.since = WAY, f, until, self.journeys

    def transfer(self, giver: int, f: int, now: float) -> None:
        self.moves += 1
        there = self.of(giver, AT)
        officer, number = there[-1], len(there) - 1
        near = self.crossing[giver] == self.crossing[f]
        if near and self.move == 0:
            officer.place = f
            return
        line = self.lines[giver]
        leave = max(now, line.free[number]) if number < line.open else now
        way = 0.0 if near else self.travel[self.crossing[giver], self.crossing[f]]
        self.send(officer, f, leave + self.move + way)

    def decide(self, now: float) -> list[int]:
        """What happens at an instant; returns the booths of each line."""
        ticks = (now - self.begin) % self.tick == 0
        if ticks:
            for officer in self.officers:
                if officer.state == WAY and officer.until <= now:
                    officer.state = AT
        for f in range(len(self.lines)):
            while self.of(f, AT) and self.has(f) > self.bound(f, now):
                officer = self.of(f, AT)[-1]
                officer.state, officer.place = SPARE, self.crossing[f]
        while len(self.officers) > self.on_duty(now):
            spare = [one for one in self.officers if one.state == SPARE]
            if spare:
                gone = max(spare, key=lambda one: one.place)
            else:
                f = self.best_giver(now, None, True)
                f = self.best_giver(now, None, False) if f is None else f
                travelling = [one for one in self.officers if one.state == WAY]
                gone = self.of(f, AT)[-1] if f is not None else max(travelling, key=lambda one: one.since)
            self.officers.remove(gone)
        fresh = self.on_duty(now) - len(self.officers)
        while (fresh > 0 or any(one.state == SPARE for one in self.officers)) and (
            f := self.neediest(now)
        ) is not None:
            if fresh > 0:
                fresh -= 1
                self.officers.append(Officer(AT, f))
                continue
            spare = [one for one in self.officers if one.state == SPARE]
            here = self.crossing[f]
            far = {one.place: self.travel[one.place, here] if one.place != here else 0.0 for one in spare}
            officer = min(spare, key=lambda one: (far[one.place], one.place))
            if officer.place == here:
                officer.state, officer.place = AT, f
            else:
                self.moves += 1
                self.send(officer, f, now + far[officer.place])
        self.officers += [Officer(SPARE, min(self.crossing)) for _ in range(fresh)]
        due = ticks and now >= self.decide_at
        while due and self.decide_at <= now:
            self.decide_at += self.every
        while (f := self.neediest(now)) is not None:
            below = self.has(f) < self.least
            giver = self.best_giver(now, f, True)
            if giver is None or not (below or due):
                break
            gain = self.minutes(f, self.has(f), now) - self.minutes(giver, self.has(giver) - 1, now)
            if not below and not gain > self.margin:
                break
            self.transfer(giver, f, now)
        return [len(self.of(f, AT)) for f in range(len(self.lines))]
