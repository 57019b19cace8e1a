"""The arrays of one variant of a run, as tables, indicators and files use them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from garita.engine import types
from garita.outcomes import finals as packing
from garita.outcomes.layout import Layout

if TYPE_CHECKING:
    from garita.outcomes.transitions import Paired

# Axis of bins of those arrays that have one.
_BIN_AXIS = {"counts": 3, "p50": 2, "p95": 2, "hist": 1, "station_counts": 3, "officer_counts": 3, "away": 2}


def with_bins(arrays: Mapping[str, Any], bins: int) -> dict[str, Any]:
    """The same arrays with so many bins: without the last ones, or with bins in which nothing happens."""
    found = dict(arrays)
    for name, axis in _BIN_AXIS.items():
        array = arrays[name]
        if array is None:
            continue
        kept = array[(slice(None),) * axis + (slice(bins),)]
        missing = [(0, 0)] * array.ndim
        missing[axis] = (0, bins - kept.shape[axis])
        nothing = np.nan if name in ("p50", "p95") else 0
        found[name] = np.pad(kept, missing, constant_values=nothing) if missing[axis][1] else kept
    return found


class Arrays:
    """One variant of a run, reduced to what fits in memory.

    Arrays (R replications): ``counts`` float32 [16, R, F, B], one plane for each of the engine's bin fields;
    ``p50``, ``p95`` float32 [R, F, B] minutes by joining bin; ``window_hist`` uint32 [R, F, 96] over the
    measured period; ``hist`` uint32 [F, B, 96] over all replications; ``ledger`` int64 [R, F, 9, C, 2];
    ``gross`` int64 [R, F, 6, 2]; ``diverted`` int64 [R, C, C, 2]; ``travel_extra`` float64 [R, F]
    person-minutes; ``station_counts`` float32 [9, R, W, B], the books of stations (``layout.stations``);
    ``officer_counts`` float32 [5, R, N, B], those of pools and emergencies (``layout.officers``);
    ``away`` int32 [R, F, B, 2] parties and people whom a closure keeps from home, or None; ``finals``:
    packed bytes per replication; ``offsets``: int64 [F, H] for each.
    """

    def __init__(self, layout: Layout, manifest: Mapping[str, Any], arrays: Mapping[str, Any]) -> None:
        self.layout = layout
        self.manifest = dict(manifest)
        self.arrays = dict(arrays)
        self.counts: NDArray[np.float32] = arrays["counts"]
        self.p50: NDArray[np.float32] = arrays["p50"]
        self.p95: NDArray[np.float32] = arrays["p95"]
        self.window_hist: NDArray[np.uint32] = arrays["window_hist"]
        self.hist: NDArray[np.uint32] = arrays["hist"]
        self.ledger: NDArray[np.int64] = arrays["ledger"]
        self.gross: NDArray[np.int64] = arrays["gross"]
        self.diverted: NDArray[np.int64] = arrays["diverted"]
        self.travel_extra: NDArray[np.float64] = arrays["travel_extra"]
        self.away: NDArray[np.int32] | None = arrays.get("away")
        self.finals: list[bytes] = list(arrays["finals"])
        self.station_counts: NDArray[np.float32] = arrays["station_counts"]
        self.officer_counts: NDArray[np.float32] = arrays["officer_counts"]
        self.offsets: list[NDArray[np.int64] | None] = list(arrays["offsets"])
        self.pairs: tuple[str, list[Paired]] | None = None
        """Pairs with another variant made while both were run, and the digest of that variant."""

    @property
    def replications(self) -> int:
        return self.layout.replications

    @property
    def bins(self) -> NDArray[np.float32]:
        """The engine's bin fields as a view [R, F, B, 16]."""
        return np.moveaxis(self.counts, 0, -1)

    def mean_wait(self) -> NDArray[np.float32]:
        """Mean wait (minutes) by joining bin [R, F, B]; NaN where nobody who joined was served."""
        waited = self.counts[types.WAITED]
        with np.errstate(invalid="ignore", divide="ignore"):
            mean: NDArray[np.float32] = self.counts[types.WAIT_SUM] / np.where(waited > 0, waited, np.nan)
        return mean

    def paired_with(self, without: Arrays) -> list[Paired] | None:
        """The pairs with another variant, by replication, if they were made while both were run."""
        if self.pairs is None or self.pairs[0] != without.manifest.get("digest"):
            return None
        return self.pairs[1]

    def final_outcomes(self, replication: int) -> NDArray[np.uint16]:
        """Final outcome of every candidate of a replication, uint16 [N]: kind, size << 4, crossing << 8."""
        return packing.unpack(self.finals[replication])
