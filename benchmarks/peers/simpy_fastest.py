"""SimPy, as fast as its processes and resources go.

A ``Resource`` whose capacity is changed through the private ``_capacity`` (SimPy has no public way) and
whose queue is a ``deque``: the list of the stock class costs more the longer the queue. One process per
traveller; a release is no event of its own. A booth that closes finishes the traveller it has, and nobody
starts while more are being inspected than booths are open ("count" semantics).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from typing import Any

import simpy

from benchmarks.draws import LineDraws, draw
from benchmarks.measures import Station, measure
from benchmarks.reference_day import Change, Day


class Booths(simpy.Resource):
    """A first-come-first-served resource with a queue that costs the same however long it is."""

    PutQueue = deque

    def __init__(self, env: simpy.Environment, first: Change, mean_min: float) -> None:
        super().__init__(env, capacity=first.open)
        self.nominal = first.nominal
        self.mean_min = mean_min
        self.joined: list[float] = []
        self.started: list[float] = []

    def _trigger_put(self, get_event: Any) -> None:
        queue, users, capacity = self.put_queue, self.users, self._capacity
        while queue and len(users) < capacity:
            request = queue.popleft()
            users.append(request)
            request.succeed()

    def leave(self, request: simpy.resources.resource.Request) -> None:
        """Release at once: nobody waits for the event that SimPy would make of it."""
        self.users.remove(request)
        if self.put_queue:
            self._trigger_put(None)

    def set_booths(self, change: Change) -> None:
        """From now on so many may start."""
        self._capacity = change.open
        self._trigger_put(None)

    def predicted_wait(self, closed_min: float) -> float:
        """Wait in minutes that somebody joining now would expect."""
        work = len(self.put_queue) * self.mean_min
        return work / self._capacity if self._capacity else work / self.nominal + closed_min


class Checkpoint:
    """A port in SimPy: its booths and its secondary."""

    def __init__(self, env: simpy.Environment, day: Day, port_index: int) -> None:
        self.port = day.ports[port_index]

        def station(by_hour: tuple[int, ...], mean_min: float) -> Booths:
            changes = day.changes(port_index, by_hour)
            booths = Booths(env, changes[0], mean_min)
            env.process(roster(env, changes, booths))
            return booths

        self.lines = [station(line.booths, line.inspection.mean_min) for line in self.port.lines]
        self.secondary = station(self.port.secondary_places, self.port.secondary.mean_min)


def roster(
    env: simpy.Environment, changes: list[Change], booths: Booths
) -> Generator[simpy.Event, Any, None]:
    """Open and close booths by the schedule."""
    for change in changes[1:]:
        yield env.timeout(change.minute - env.now)
        booths.set_booths(change)


def traveller(
    env: simpy.Environment, line: Booths, secondary: Booths, inspection_min: float, secondary_min: float
) -> Generator[simpy.Event, Any, None]:
    """Queue, be inspected, and if referred queue and be inspected again."""
    joined = env.now
    request = line.request()
    yield request
    line.joined.append(joined)
    line.started.append(env.now)
    yield env.timeout(inspection_min)
    line.leave(request)
    if secondary_min >= 0.0:
        joined = env.now
        request = secondary.request()
        yield request
        secondary.joined.append(joined)
        secondary.started.append(env.now)
        yield env.timeout(secondary_min)
        secondary.leave(request)


def elsewhere(
    env: simpy.Environment, extra_min: float, journey: Iterator[simpy.Event]
) -> Generator[simpy.Event, Any, None]:
    """Drive to the other port and go through there."""
    yield env.timeout(extra_min)
    yield from journey


def arrivals(
    env: simpy.Environment,
    day: Day,
    ports: list[Checkpoint],
    port_index: int,
    line_index: int,
    drawn: LineDraws,
) -> Generator[simpy.Event, Any, None]:
    """Let the travellers of one line arrive, and choose a port where they may."""
    here = ports[port_index].lines[line_index]
    secondary = ports[port_index].secondary
    may_divert = day.divert and port_index == 0
    if may_divert:
        there, there_secondary = ports[1].lines[line_index], ports[1].secondary
    for arrival, inspection, second in zip(
        drawn.arrivals_min, drawn.inspection_min, drawn.secondary_min, strict=True
    ):
        yield env.timeout(arrival - env.now)
        if may_divert:
            wait = here.predicted_wait(day.threshold_closed_min)
            if wait > day.threshold_above_min and wait > (
                there.predicted_wait(day.threshold_closed_min) + day.threshold_margin_min
            ):
                journey = traveller(env, there, there_secondary, inspection, second)
                env.process(elsewhere(env, day.extra_min, journey))
                continue
        env.process(traveller(env, here, secondary, inspection, second))


def run(day: Day, seed: int) -> dict[str, Station]:
    """Simulate one day; figures by station, e.g. ``A general``."""
    env = simpy.Environment()
    ports = [Checkpoint(env, day, index) for index in range(len(day.ports))]
    for port_index, lines in enumerate(draw(day, seed)):
        for line_index, drawn in enumerate(lines):
            env.process(arrivals(env, day, ports, port_index, line_index, drawn))
    env.run()
    return measure_ports(ports)


def measure_ports(ports: list[Any]) -> dict[str, Station]:
    """Figures by station of ports that have ``lines`` and ``secondary`` with ``joined`` and ``started``."""
    stations = {}
    for port in ports:
        for line, booths in zip(port.port.lines, port.lines, strict=True):
            stations[f"{port.port.name} {line.name}"] = measure(booths.joined, booths.started)
        stations[f"{port.port.name} secondary"] = measure(port.secondary.joined, port.secondary.started)
    return stations
