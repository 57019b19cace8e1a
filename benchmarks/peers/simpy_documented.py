"""SimPy by its public interface alone, as its own site once documented a changing capacity.

A ``PriorityResource`` with as many slots as there are ever booths; a booth is closed by a "blocker", a
process that requests a slot before everybody else and keeps it until the booth opens again. A booth that
closes finishes the traveller it has ("count" semantics). The queue is re-sorted at every request, so its
cost grows with its length: the closure is slow.

The draws are those of ``simpy_fastest``, so the results of the two must be equal.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from benchmarks.draws import LineDraws, draw
from benchmarks.measures import Station
from benchmarks.peers.simpy_fastest import measure_ports
from benchmarks.reference_day import Change, Day

BLOCKER, TRAVELLER = 0, 1  # priorities: the smaller goes first
Process = Generator[simpy.Event, Any, None]


class Booths:
    """The booths of one line, or the places of a secondary."""

    def __init__(self, env: simpy.Environment, changes: list[Change], mean_min: float) -> None:
        self.env = env
        self.slots = simpy.PriorityResource(env, capacity=max(change.open for change in changes))
        self.mean_min = mean_min
        self.now = changes[0]
        self.waiting = 0
        self.reopen: list[simpy.Event] = []
        self.joined: list[float] = []
        self.started: list[float] = []
        env.process(self.roster(changes))

    def roster(self, changes: list[Change]) -> Process:
        """Keep as many blockers as there are closed booths."""
        for change in changes:
            yield self.env.timeout(change.minute - self.env.now)
            self.now = change
            closed = self.slots.capacity - change.open
            while len(self.reopen) < closed:
                self.reopen.append(self.env.event())
                self.env.process(self.blocker(self.reopen[-1]))
            while len(self.reopen) > closed:
                self.reopen.pop().succeed()

    def blocker(self, reopen: simpy.Event) -> Process:
        """Take one booth out of use until ``reopen``."""
        with self.slots.request(priority=BLOCKER) as request:
            yield request | reopen
            yield reopen

    def inspect(self, inspection_min: float) -> Process:
        """Queue for a booth and be inspected."""
        joined = self.env.now
        self.waiting += 1
        with self.slots.request(priority=TRAVELLER) as request:
            yield request
            self.waiting -= 1
            self.joined.append(joined)
            self.started.append(self.env.now)
            yield self.env.timeout(inspection_min)

    def predicted_wait(self, closed_min: float) -> float:
        """Wait in minutes that somebody joining now would expect."""
        work = self.waiting * self.mean_min
        return work / self.now.open if self.now.open else work / self.now.nominal + closed_min


class Checkpoint:
    """A port in SimPy: its booths and its secondary."""

    def __init__(self, env: simpy.Environment, day: Day, port_index: int) -> None:
        self.port = day.ports[port_index]
        self.lines = [
            Booths(env, day.changes(port_index, line.booths), line.inspection.mean_min)
            for line in self.port.lines
        ]
        self.secondary = Booths(
            env, day.changes(port_index, self.port.secondary_places), self.port.secondary.mean_min
        )


def traveller(
    env: simpy.Environment,
    day: Day,
    choices: list[tuple[Booths, Booths]],
    inspection_min: float,
    secondary_min: float,
) -> Process:
    """Choose a port, queue, be inspected, and if referred queue and be inspected again."""
    line, secondary = choices[0]
    if len(choices) > 1:
        wait = line.predicted_wait(day.threshold_closed_min)
        other = choices[1][0].predicted_wait(day.threshold_closed_min)
        if wait > day.threshold_above_min and wait > other + day.threshold_margin_min:
            line, secondary = choices[1]
            yield env.timeout(day.extra_min)
    yield from line.inspect(inspection_min)
    if secondary_min >= 0.0:
        yield from secondary.inspect(secondary_min)


def arrivals(
    env: simpy.Environment, day: Day, choices: list[tuple[Booths, Booths]], drawn: LineDraws
) -> Process:
    """Let the travellers of one line arrive."""
    for arrival, inspection, second in zip(
        drawn.arrivals_min, drawn.inspection_min, drawn.secondary_min, strict=True
    ):
        yield env.timeout(arrival - env.now)
        env.process(traveller(env, day, choices, inspection, second))


def run(day: Day, seed: int) -> dict[str, Station]:
    """Simulate one day; figures by station, e.g. ``A general``."""
    env = simpy.Environment()
    ports = [Checkpoint(env, day, index) for index in range(len(day.ports))]
    for port_index, lines in enumerate(draw(day, seed)):
        open_to = ports if day.divert and port_index == 0 else [ports[port_index]]
        for line_index, drawn in enumerate(lines):
            choices = [(port.lines[line_index], port.secondary) for port in open_to]
            env.process(arrivals(env, day, choices, drawn))
    env.run()
    return measure_ports(ports)
