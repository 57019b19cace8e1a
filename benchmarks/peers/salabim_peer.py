"""salabim: one component per traveller, ``set_capacity`` for the booths, processes with ``yield``.

A booth that closes finishes the traveller it has ("count" semantics). Monitors are off, which is faster
than salabim's default; the draws are those of the SimPy peers.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import salabim

from benchmarks.draws import LineDraws, draw
from benchmarks.measures import Station
from benchmarks.peers.simpy_fastest import measure_ports
from benchmarks.reference_day import Change, Day

Process = Generator[None, None, None]


class Booths(salabim.Resource):
    """The booths of one line, or the places of a secondary."""

    def setup(self, changes: list[Change], mean_min: float) -> None:
        self.mean_min = mean_min
        self.change = changes[0]
        self.joined: list[float] = []
        self.started: list[float] = []
        Roster(booths=self, changes=changes)

    def predicted_wait(self, closed_min: float) -> float:
        """Wait in minutes that somebody joining now would expect."""
        work = len(self.requesters()) * self.mean_min
        return work / self.change.open if self.change.open else work / self.change.nominal + closed_min


class Roster(salabim.Component):
    """Opens and closes booths by the schedule."""

    def setup(self, booths: Booths, changes: list[Change]) -> None:
        self.booths = booths
        self.changes = changes

    def process(self) -> Process:
        for change in self.changes[1:]:
            yield self.hold(till=change.minute)
            self.booths.change = change
            self.booths.set_capacity(change.open)


class Checkpoint:
    """A port in salabim: its booths and its secondary."""

    def __init__(self, day: Day, port_index: int) -> None:
        self.port = day.ports[port_index]

        def station(by_hour: tuple[int, ...], mean_min: float) -> Booths:
            changes = day.changes(port_index, by_hour)
            return Booths(capacity=changes[0].open, monitor=False, changes=changes, mean_min=mean_min)

        self.lines = [station(line.booths, line.inspection.mean_min) for line in self.port.lines]
        self.secondary = station(self.port.secondary_places, self.port.secondary.mean_min)


class Traveller(salabim.Component):
    """Queues, is inspected, and if referred queues and is inspected again."""

    # Set after the creation, as salabim checks the signature of a setup anew for every component.
    line: Booths
    secondary: Booths
    inspection_min: float
    secondary_min: float
    extra_min: float

    def process(self) -> Process:
        if self.extra_min > 0.0:
            yield self.hold(self.extra_min)
        yield from self.inspect(self.line, self.inspection_min)
        if self.secondary_min >= 0.0:
            yield from self.inspect(self.secondary, self.secondary_min)

    def inspect(self, booths: Booths, inspection_min: float) -> Process:
        """Queue for a booth and be inspected."""
        joined = self.env.now()
        yield self.request(booths)
        booths.joined.append(joined)
        booths.started.append(self.env.now())
        yield self.hold(inspection_min)
        self.release(booths)


class Arrivals(salabim.Component):
    """Lets the travellers of one line arrive, and choose a port where there is a choice."""

    def setup(self, day: Day, choices: list[tuple[Booths, Booths]], drawn: LineDraws) -> None:
        self.day = day
        self.choices = choices
        self.drawn = drawn

    def process(self) -> Process:
        drawn = self.drawn
        for arrival, inspection, second in zip(
            drawn.arrivals_min, drawn.inspection_min, drawn.secondary_min, strict=True
        ):
            yield self.hold(till=arrival)
            (line, secondary), extra_min = self.choices[0], 0.0
            if len(self.choices) > 1 and self.diverts():
                (line, secondary), extra_min = self.choices[1], self.day.extra_min
            traveller = Traveller()
            traveller.line, traveller.secondary, traveller.extra_min = line, secondary, extra_min
            traveller.inspection_min, traveller.secondary_min = inspection, second

    def diverts(self) -> bool:
        """Whether somebody arriving now drives on to the other port."""
        day = self.day
        here, there = (line.predicted_wait(day.threshold_closed_min) for line, _ in self.choices)
        return here > day.threshold_above_min and here > there + day.threshold_margin_min


def run(day: Day, seed: int) -> dict[str, Station]:
    """Simulate one day; figures by station, e.g. ``A general``."""
    salabim.yieldless(False)
    env: Any = salabim.Environment(trace=False, random_seed=seed)
    ports = [Checkpoint(day, index) for index in range(len(day.ports))]
    for port_index, lines in enumerate(draw(day, seed)):
        open_to = ports if day.divert and port_index == 0 else [ports[port_index]]
        for line_index, drawn in enumerate(lines):
            choices = [(port.lines[line_index], port.secondary) for port in open_to]
            Arrivals(day=day, choices=choices, drawn=drawn)
    env.run()
    return measure_ports(ports)
