"""Run one replication and hand its books over; the only door into the compiled loop."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from garita.engine.loop import simulate
from garita.engine.state import new_state
from garita.engine.types import (
    FIELDS,
    GROSS,
    HISTOGRAM_BINS,
    KINDS,
    NOT_CONSERVED,
    PUBLISHED,
    QUEUE_FULL,
    Model,
    Output,
)

LARGEST_ROOM = 2**24


class ConservationError(AssertionError):
    """People were lost or made up by a run: a bug of the program, never of its input."""


@dataclass
class Run:
    """A model ready to run, with the room its queues have been found to need."""

    model: Model
    demand_hours: int
    bins: int
    lag_slots: int = 1
    measurements: int = 1
    record_finals: bool = True
    room: int = field(default=1024)

    def new_output(self) -> Output:
        """Empty books for one replication."""
        model = self.model
        flows, crossings = model.alternative.shape
        stations = model.service.shape[0]
        last = model.flow_hours[-1, -1]
        candidates = int(last.offset + last.room) if self.record_finals else 0
        output = Output(
            bins=np.zeros((flows, self.bins, FIELDS)),
            histogram=np.zeros((flows, self.bins, HISTOGRAM_BINS), np.uint32),
            ledger=np.zeros((flows, KINDS, crossings, 2), np.int64),
            gross=np.zeros((flows, GROSS, 2), np.int64),
            diverted=np.zeros((crossings, crossings, 2), np.int64),
            travel_extra=np.zeros(flows),
            secondary=np.zeros((max(stations - flows, 0), 4)),
            finals=np.zeros(candidates, np.uint16),
            balance=np.zeros(KINDS, np.int64),
            used=np.zeros(1, np.int64),
        )
        output.bins[:, :, PUBLISHED] = np.nan
        return output


def run_replication(run: Run, seed: int, replication: int) -> Output:
    """One history of the region, the same bits wherever and in whatever order it is run.

    Raises ConservationError if people do not balance (a bug), MemoryError if a queue outgrows the machine.
    """
    model = run.model
    flows, crossings = model.alternative.shape
    stations = model.service.shape[0]
    booths = int(max(model.plan.cap.max(initial=1), model.places.max(initial=1), 1))
    key = np.uint64(seed % 2**64), np.uint64(replication)
    while True:
        output = run.new_output()
        state = new_state(
            flows, stations, crossings, len(model.news), booths, run.room, run.lag_slots, run.measurements
        )
        with np.errstate(over="ignore"):  # 64-bit words wrap on purpose where the engine runs as plain Python
            ended, interval = simulate(*key, model, state, output, run.demand_hours)
        if ended == QUEUE_FULL:
            # Rooms are powers of two; a run is repeated with more of it, and later runs start with what
            # was needed.
            run.room = max(run.room, 512) * 4
            if run.room > LARGEST_ROOM:
                raise MemoryError(f"a queue of more than {LARGEST_ROOM:,} parties")
            continue
        if ended == NOT_CONSERVED:
            raise ConservationError(
                f"people do not balance in interval {interval} of replication {replication}"
            )
        return output
