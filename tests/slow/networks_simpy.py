"""The networks in SimPy: processes for arrivals, inspections, the timetable and looks at the queues."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import simpy

from slow.networks import REPLICATIONS, Line, Network, measures

DAY_MIN, END_MIN = 1440.0, 4 * 1440.0
TICK_MIN = 5.0


class Station:
    """A line with named booths: one that closes finishes the party it has, the others go on."""

    def __init__(self, world: World, line: Line | None, mean: float, law: str, open_booths: int) -> None:
        self.world, self.line, self.mean, self.law = world, line, mean, law
        self.open, self.closed = open_booths, False
        self.queue: deque[dict[str, Any]] = deque()
        self.busy: set[int] = set()
        self.idle: list[int] = list(range(open_booths))  # longest idle first
        self.waits: list[float] = []
        self.live = self.each = self.moves = 0.0
        self.joined = 0

    def set_open(self, booths: int) -> None:
        for booth in range(self.open, booths):
            if booth not in self.busy and booth not in self.idle:
                self.idle.append(booth)
        self.idle = [booth for booth in self.idle if booth < booths]
        self.open = booths
        self.start()

    def join(self) -> None:
        line, env = self.line, self.world.env
        if line is not None and line.room is not None and len(self.queue) + len(self.busy) >= line.room:
            self.world.lost += 1
            return
        party = {"joined": env.now, "here": True}
        self.queue.append(party)
        if line is not None and line.patience is not None:
            env.process(self.lose(party, self.world.random.exponential(line.patience)))
        self.start()

    def lose(self, party: dict[str, Any], patience: float) -> Any:
        yield self.world.env.timeout(patience)
        if party["here"]:
            self.queue.remove(party)
            self.world.lost += 1

    def start(self) -> None:
        while self.queue and self.idle:
            booth, party = self.idle.pop(0), self.queue.popleft()
            party["here"] = False
            self.waits.append(self.world.env.now - party["joined"])
            self.busy.add(booth)
            self.world.env.process(self.inspect(booth))

    def inspect(self, booth: int) -> Any:
        exponential = self.world.random.exponential
        yield self.world.env.timeout(exponential(self.mean) if self.law == "exponential" else self.mean)
        self.busy.remove(booth)
        if booth < self.open:
            self.idle.append(booth)
        if self.line is not None and self.world.random.random() < self.line.referral:
            self.world.secondary[self.line.name].join()
        self.start()


class World:
    """One replication."""

    def __init__(self, network: Network, seed: int) -> None:
        self.network, self.random, self.env = network, np.random.default_rng(seed), simpy.Environment()
        self.lost = self.came = self.moved = 0
        self.stations = [Station(self, line, line.mean, line.law, line.staffed(0)) for line in network.lines]
        self.secondary = {
            name: Station(self, None, mean, "exponential", places)
            for name, (places, mean) in network.secondary.items()
        }
        for station in self.stations:
            self.env.process(self.timetable(station))
            self.env.process(self.arrivals(station))
        if network.threshold is not None:
            self.env.process(self.look())
        self.env.run(until=END_MIN)

    def shut(self, station: Station, minute: float) -> bool:
        return any(
            name == station.line.name and 60.0 * begin <= minute < 60.0 * end
            for name, begin, end in self.network.closures
        )

    def timetable(self, station: Station) -> Any:
        times = {60.0 * hour for hour in range(96)}
        times |= {60.0 * time for _, begin, end in self.network.closures for time in (begin, end)}
        for time in sorted(times):
            yield self.env.timeout(time - self.env.now)
            station.closed = self.shut(station, time)
            staffed = station.line.staffed(int(time // 60.0) % 24)
            station.set_open(0 if station.closed else staffed)

    def arrivals(self, station: Station) -> Any:
        for hour in range(24):
            begin, rate = 60.0 * hour, station.line.rate(hour) / 60.0
            time = begin
            while True:
                time += self.random.exponential(1.0 / rate)
                if time >= begin + 60.0:
                    break
                yield self.env.timeout(time - self.env.now)
                self.came += 1
                self.arrive(station, time)

    def arrive(self, station: Station, time: float) -> None:
        if self.network.threshold is not None:
            above, margin, _, minutes = self.network.threshold
            other = min((one for one in self.stations if one is not station), key=lambda one: one.live)
            expected = station.live + station.joined * station.each - station.moves * (time % TICK_MIN)
            if expected > max(above, other.live + margin):
                self.moved += 1
                self.env.process(self.travel(other, minutes))
                return
            station.joined += 1
        station.join()

    def travel(self, other: Station, minutes: float) -> Any:
        yield self.env.timeout(minutes)
        other.join()

    def look(self) -> Any:
        """What people who look at the queues expect, every five minutes."""
        while True:
            for station in self.stations:
                booths = station.line.staffed(0) if station.closed or not station.open else station.open
                station.each = station.mean / booths
                station.live = len(station.queue) * station.each
                station.live += self.network.threshold[2] if station.closed else 0.0
                station.moves, station.joined = 0.0 if station.closed else 1.0, 0
            yield self.env.timeout(TICK_MIN)


def by_simpy(network: Network) -> list[dict[str, float]]:
    """Every replication's measures."""
    found = []
    for replication in range(REPLICATIONS):
        world = World(network, 1000 + replication)
        waits = {station.line.id: station.waits for station in world.stations}
        waits["secondary"] = [wait for station in world.secondary.values() for wait in station.waits]
        found.append(measures(waits, world.came, world.lost, world.moved))
    return found
