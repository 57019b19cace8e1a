"""SimPy as a bare event list: no resource and no process per traveller, the queue written by hand.

Two events a traveller (arriving, leaving the booth) and plain functions as callbacks. This is hardly what
anybody would call a SimPy model any more; it shows what is left when only SimPy's clock is used. "Count"
semantics; the draws, and so the results, are those of ``simpy_fastest``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from functools import partial
from typing import Any

import simpy

from benchmarks.draws import LineDraws, draw
from benchmarks.measures import Station
from benchmarks.peers.simpy_fastest import measure_ports
from benchmarks.reference_day import Change, Day


class Booths:
    """A first-come-first-served station that only asks SimPy to call back later."""

    def __init__(
        self, env: simpy.Environment, changes: list[Change], mean_min: float, secondary: Booths | None
    ) -> None:
        self.env = env
        self.mean_min = mean_min
        self.nominal = changes[0].nominal
        self.open = changes[0].open
        self.busy = 0
        self.queue: deque[tuple[float, float, float]] = deque()
        self.joined: list[float] = []
        self.started: list[float] = []
        self.secondary = secondary
        env.process(self.roster(changes))

    def roster(self, changes: list[Change]) -> Generator[simpy.Event, Any, None]:
        """Open and close booths by the schedule."""
        for change in changes[1:]:
            yield self.env.timeout(change.minute - self.env.now)
            self.open = change.open
            while self.queue and self.busy < self.open:
                self.start(*self.queue.popleft())

    def join(self, inspection_min: float, secondary_min: float) -> None:
        """Join the queue, or start at once."""
        if self.busy < self.open and not self.queue:
            self.start(self.env.now, inspection_min, secondary_min)
        else:
            self.queue.append((self.env.now, inspection_min, secondary_min))

    def start(self, joined: float, inspection_min: float, secondary_min: float) -> None:
        """Start an inspection."""
        self.busy += 1
        self.joined.append(joined)
        self.started.append(self.env.now)
        self.env.timeout(inspection_min, secondary_min).callbacks = [self.finished]

    def finished(self, event: simpy.Event) -> None:
        """Send on whoever was referred, and start the next."""
        self.busy -= 1
        if self.queue and self.busy < self.open:
            self.start(*self.queue.popleft())
        secondary_min: Any = event.value
        if secondary_min >= 0.0 and self.secondary is not None:
            self.secondary.join(secondary_min, -1.0)

    def predicted_wait(self, closed_min: float) -> float:
        """Wait in minutes that somebody joining now would expect."""
        work = len(self.queue) * self.mean_min
        return work / self.open if self.open else work / self.nominal + closed_min


class Checkpoint:
    """A port in SimPy: its booths and its secondary."""

    def __init__(self, env: simpy.Environment, day: Day, port_index: int) -> None:
        self.port = day.ports[port_index]
        self.secondary = Booths(
            env, day.changes(port_index, self.port.secondary_places), self.port.secondary.mean_min, None
        )
        self.lines = [
            Booths(env, day.changes(port_index, line.booths), line.inspection.mean_min, self.secondary)
            for line in self.port.lines
        ]


def arrivals(
    env: simpy.Environment, day: Day, here: Booths, there: Booths | None, drawn: LineDraws
) -> Generator[simpy.Event, Any, None]:
    """Let the travellers of one line arrive, and choose a port where there is another."""
    for arrival, inspection, second in zip(
        drawn.arrivals_min, drawn.inspection_min, drawn.secondary_min, strict=True
    ):
        yield env.timeout(arrival - env.now)
        if there is not None:
            wait = here.predicted_wait(day.threshold_closed_min)
            if wait > day.threshold_above_min and wait > (
                there.predicted_wait(day.threshold_closed_min) + day.threshold_margin_min
            ):
                env.timeout(day.extra_min).callbacks = [partial(arrived, there, inspection, second)]
                continue
        here.join(inspection, second)


def arrived(there: Booths, inspection_min: float, secondary_min: float, _event: simpy.Event) -> None:
    """Join the queue at the other port."""
    there.join(inspection_min, secondary_min)


def run(day: Day, seed: int) -> dict[str, Station]:
    """Simulate one day; figures by station, e.g. ``A general``."""
    env = simpy.Environment()
    ports = [Checkpoint(env, day, index) for index in range(len(day.ports))]
    for port_index, lines in enumerate(draw(day, seed)):
        for line_index, drawn in enumerate(lines):
            there = ports[1].lines[line_index] if day.divert and port_index == 0 else None
            env.process(arrivals(env, day, ports[port_index].lines[line_index], there, drawn))
    env.run()
    return measure_ports(ports)
