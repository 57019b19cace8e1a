"""Lines whose booths open, close and change lines, a second time: objects and events, no shared code."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine import independent


@dataclass
class Line:
    """Parties in order of joining, and booths by number: when each is free; the first ``open`` are open."""

    joined: Sequence[float]
    service: Sequence[float]
    group: int = -1
    open: int = 0
    free: dict[int, float] = field(default_factory=dict)
    next: int = 0
    starts: list[float] = field(default_factory=list)

    def serve(self, until: float) -> None:
        """Everyone who can start before a moment does."""
        while self.next < len(self.joined) and self.open:
            at, number = min((self.free[number], number) for number in range(self.open))
            start = max(at, self.joined[self.next])
            if start >= until:
                return
            self.starts.append(start)
            self.free[number] = start + self.service[self.next]
            self.next += 1

    def waiting(self, now: float) -> int:
        """Parties in line at a moment up to which all were served who could be."""
        return int(np.searchsorted(self.joined, now)) - self.next

    def left(self) -> list[float]:
        """When the open booths are free, by number."""
        return [self.free[number] for number in range(self.open)]


def staff(lines: Sequence[Line], wanted: Sequence[int], now: float) -> None:
    """Open and close booths; in a group those that close are handed to lines that open some."""
    for group in {line.group for line in lines}:
        members = [(line, want) for line, want in zip(lines, wanted, strict=True) if line.group == group]
        gone = sorted(free for line, want in members for free in line.left()[want:])
        for line, want in members:
            for number in range(line.open, want):
                handed = group >= 0 and gone
                line.free[number] = max(now, gone.pop(0) if handed else line.free.get(number, -math.inf))
    for line, want in zip(lines, wanted, strict=True):
        line.open = want


def simulate(
    lines: Sequence[Line], instants: Sequence[float], decide: Callable[[float], Sequence[int]]
) -> None:
    """Staff the lines at each instant, and serve between them and after the last."""
    for now, then in zip(instants, [*instants[1:], math.inf], strict=True):
        staff(lines, decide(now), now)
        for line in lines:
            line.serve(then)


def of_run(built, f: int, seed: int = 1) -> Line:
    """The parties of a line of a run, from the keys of its draws."""
    model, line = built.run.model, built.region.lines[f]
    rates = model.flow_hours.rate[f, : built.run.demand_hours]
    begin = float(model.hours.start[0])
    found = independent.parties(line.id, seed, 0, rates, begin, model.service[f])
    return Line(found.joined.tolist(), found.service.tolist())
