"""One line as a list of events: the textbook way, for rooms that are bounded and parties that lose patience.

It shares no code with `garita.engine`, and takes the order of events at one and the same moment from the
documentation: inspections end, the timetable changes, parties arrive, inspections start, patience ends.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Sequence

import numpy as np

END, CHANGE, ARRIVAL, PATIENCE = range(4)


class Line:
    """Who starts when: ``start`` [N] inf for those who never do; ``left`` [N] when those left unserved (the
    time of arrival of who is turned away), else inf.
    """

    def __init__(
        self,
        joined: Sequence[float],
        service: Sequence[float],
        timetable: Sequence[tuple[float, int]],
        room: float = math.inf,
        patience: Sequence[float] | None = None,
    ) -> None:
        self.service, self.room, self.patience = service, room, patience
        self.start, self.left = np.full(len(joined), np.inf), np.full(len(joined), np.inf)
        self.turned_away = np.zeros(len(joined), bool)
        self.queue: deque[int] = deque()
        self.free_since: dict[int, float] = {}  # of booths without a party, open or not
        self.busy: dict[int, int] = {}
        self.open = 0
        self.events: list[tuple[float, int, int]] = [(t, CHANGE, n) for t, n in timetable]
        self.events += [(t, ARRIVAL, i) for i, t in enumerate(joined)]
        heapq.heapify(self.events)
        self._run()

    def _run(self) -> None:
        while self.events:
            now, kind, number = heapq.heappop(self.events)
            if kind == END:
                del self.busy[number]
                self.free_since[number] = now
            elif kind == CHANGE:
                for booth in range(self.open, number):
                    if booth not in self.busy:
                        self.free_since[booth] = now
                self.open = number
            elif kind == ARRIVAL:
                self._arrive(now, number)
            elif number in self.queue:
                self.queue.remove(number)
                self.left[number] = now
            if not self.events or (self.events[0][0], self.events[0][1]) >= (now, PATIENCE):
                self._start(now)

    def _arrive(self, now: float, party: int) -> None:
        if len(self.queue) + len(self.busy) >= self.room:
            self.left[party], self.turned_away[party] = now, True
            return
        self.queue.append(party)
        if self.patience is not None:
            heapq.heappush(self.events, (now + self.patience[party], PATIENCE, party))

    def _start(self, now: float) -> None:
        while self.queue:
            idle = [(since, booth) for booth, since in self.free_since.items() if booth < self.open]
            if not idle:
                return
            _, booth = min(idle)
            party = self.queue.popleft()
            del self.free_since[booth]
            self.busy[booth] = party
            self.start[party] = now
            heapq.heappush(self.events, (now + self.service[party], END, booth))
