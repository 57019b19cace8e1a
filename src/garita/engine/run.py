"""Run one replication and hand its books over; the only door into the compiled loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from garita.engine.extra import RETURNS, WALK, Extra, new_extra, shared_extra, with_log
from garita.engine.fork import Kept, shared_intervals
from garita.engine.loop import simulate
from garita.engine.memory import zeros
from garita.engine.state import State, new_state
from garita.engine.types import (
    FIELDS,
    GROSS,
    GROSS_ON_FOOT,
    HISTOGRAM_BINS,
    KINDS,
    KINDS_ON_FOOT,
    LOG_FULL,
    NOT_CONSERVED,
    PUBLISHED,
    QUEUE_FULL,
    Model,
    Output,
)

LARGEST_ROOM = 2**24


class Books(Output):
    """What a run leaves behind, with the extra arrays of features that most runs do without, or None."""

    extra: Extra | None = None


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
    extra: Extra | None = None

    @property
    def on_foot(self) -> bool:
        """Whether parties by car may cross on foot, which has final outcomes of its own."""
        return self.extra is not None and bool(self.extra.features[WALK])

    @property
    def homeward(self) -> bool:
        """Whether some parties must come home, and are counted while they cannot."""
        return self.extra is not None and bool(self.extra.features[RETURNS])

    def new_output(self) -> Output:
        """Empty books for one replication."""
        model = self.model
        flows, crossings = model.alternative.shape
        hours = model.flow_hours
        candidates = int((hours.offset + hours.room).max()) if self.record_finals else 0
        kinds = KINDS_ON_FOOT if self.on_foot else KINDS
        output = Output(
            bins=zeros((flows, self.bins, FIELDS), np.float64),
            histogram=zeros((flows, self.bins, HISTOGRAM_BINS), np.uint32),
            ledger=np.zeros((flows, kinds, crossings, 2), np.int64),
            gross=np.zeros((flows, GROSS_ON_FOOT if self.on_foot else GROSS, 2), np.int64),
            diverted=np.zeros((crossings, crossings, 2), np.int64),
            travel_extra=np.zeros(flows),
            secondary=np.zeros((model.places.shape[1], 4)),
            finals=zeros((candidates,), np.uint16),
            balance=np.zeros(kinds, np.int64),
            used=np.zeros(1, np.int64),
        )
        output.bins[:, :, PUBLISHED] = np.nan
        return output


def load(run: Run) -> None:
    """Compile the engine, or load what was compiled before, by simulating nothing."""
    booths = _booths(run)
    _advance(run, 0, 0, _new_state(run, booths), run.new_output(), new_extra(run.extra, booths), 0, 0)


def run_replication(run: Run, seed: int, replication: int) -> Books:
    """One history of the region, the same bits wherever and in whatever order it is run.

    Raises ConservationError if people do not balance (a bug), MemoryError if a queue outgrows the machine.
    """
    booths = _booths(run)
    while True:
        output, state, extra = run.new_output(), _new_state(run, booths), new_extra(run.extra, booths)
        if _advance(run, seed, replication, state, output, extra, 0, len(run.model.intervals)):
            return _books(output, extra)


def run_both(one: Run, other: Run, seed: int, replication: int) -> Iterator[Books]:
    """Two histories on the same draws, one after the other, bit by bit what :func:`run_replication` makes of
    each.

    What they share before the first difference is simulated once. Raises what it raises.
    """
    if one.extra is not None and other.extra is not None:  # logs of one length, whatever each needed before
        most = max(len(one.extra.log), len(other.extra.log))
        one.extra, other.extra = with_log(one.extra, most), with_log(other.extra, most)
    shared = _shared(one, other)
    kept = None
    if shared:
        one.room = other.room = max(one.room, other.room)
        booths = max(_booths(one), _booths(other))
        state, output, extra = _new_state(one, booths), one.new_output(), new_extra(one.extra, booths)
        if _advance(one, seed, replication, state, output, extra, 0, shared):
            kept = Kept(state, output, extra, int(one.model.intervals.epoch[shared - 1]) + 1)
            if _advance(one, seed, replication, state, output, extra, shared, len(one.model.intervals)):
                yield _books(output, extra)
            else:
                kept = None
    if kept is None:
        yield run_replication(one, seed, replication)
        yield run_replication(other, seed, replication)
        return
    state, output, extra = _new_state(other, booths), other.new_output(), new_extra(other.extra, booths)
    kept.restore(state, output, extra)
    if _advance(other, seed, replication, state, output, extra, shared, len(other.model.intervals)):
        yield _books(output, extra)
    else:
        yield run_replication(other, seed, replication)


def _shared(one: Run, other: Run) -> int:
    """Intervals that two runs have in common, all of them while there still is demand."""
    alike = ("demand_hours", "bins", "lag_slots", "measurements", "record_finals")
    if any(getattr(one, name) != getattr(other, name) for name in alike):
        return 0
    within = int(np.searchsorted(one.model.intervals.hour, one.demand_hours))
    shared = min(shared_intervals(one.model, other.model), within)
    if shared == 0:
        return 0
    epochs = int(one.model.intervals.epoch[shared - 1]) + 1
    return shared_extra(one.extra, other.extra, shared, epochs)


def _books(output: Output, extra: Extra | None) -> Books:
    books = Books(*output)
    books.extra = extra
    return books


def _booths(run: Run) -> int:
    """The most booths or places that a station ever has."""
    extra, booths = run.extra, run.model.plan.cap.max(initial=1)
    if extra is None:
        return int(max(booths, run.model.places.max(initial=1), 1))
    if len(extra.emergencies):
        booths = max(booths, extra.all_booths.max(initial=1)) + extra.gives.clip(0).sum(axis=0).max(initial=0)
    return int(max(booths, run.model.places.max(initial=1), extra.post_places.max(initial=1), 1))


def _new_state(run: Run, booths: int) -> State:
    flows, crossings = run.model.alternative.shape
    stations, epochs = run.model.service.shape[0], len(run.model.news)
    return new_state(flows, stations, crossings, epochs, booths, run.room, run.lag_slots, run.measurements)


def _advance(
    run: Run,
    seed: int,
    replication: int,
    state: State,
    output: Output,
    extra: Extra | None,
    first: int,
    end: int,
) -> bool:
    """Simulate some intervals; False if a queue or the log was full: there is more room then."""
    key = np.uint64(seed % 2**64), np.uint64(replication)
    with np.errstate(over="ignore"):  # 64-bit words wrap on purpose where the engine runs as plain Python
        ended, interval = simulate(*key, run.model, state, output, extra, run.demand_hours, first, end)
    if ended == NOT_CONSERVED:
        raise ConservationError(f"people do not balance in interval {interval} of replication {replication}")
    if ended == LOG_FULL and run.extra is not None and extra is not None:
        run.extra = with_log(run.extra, 2 * len(extra.log))
        return False
    if ended != QUEUE_FULL:
        return True
    # Rooms are powers of two; a run is repeated with more of it, and later runs start with what was needed.
    run.room = max(run.room, 512) * 4
    if run.room > LARGEST_ROOM:
        raise MemoryError(f"a queue of more than {LARGEST_ROOM:,} parties")
    return False
