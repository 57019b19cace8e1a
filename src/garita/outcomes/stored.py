"""What stored arrays must be for their layout: somebody may have edited a results folder by hand."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from garita.engine import types
from garita.outcomes.layout import Layout
from garita.outcomes.officers import OFFICER_FIELDS

NUMBERS, WHOLE, FRACTIONS = "fiu", "iu", "f"
Shape = tuple[int | None, ...]  # None is any length


def shapes(layout: Layout) -> dict[str, tuple[Shape, str]]:
    """Shape and kinds of number of every array whose shape the layout alone decides."""
    replications, flows, bins = layout.replications, len(layout.flows), layout.bins
    crossings = len(layout.crossings)
    by_bin = (replications, flows, bins)
    found: dict[str, tuple[Shape, str]] = {
        f"count_{index:02d}": (by_bin, NUMBERS) for index in range(types.FIELDS)
    }
    found["p50"] = found["p95"] = by_bin, FRACTIONS
    found["window_hist"] = (replications, flows, types.HISTOGRAM_BINS), WHOLE
    found["ledger"] = (replications, flows, len(layout.kinds), crossings, 2), WHOLE
    found["gross"] = (replications, flows, len(layout.decisions), 2), WHOLE
    found["diverted"] = (replications, crossings, crossings, 2), WHOLE
    found["travel_extra"] = (replications, flows), NUMBERS
    if layout.stations:
        found["stations"] = (types.STATION_FIELDS, replications, len(layout.stations), bins), NUMBERS
    if layout.officers:
        found["officers"] = (OFFICER_FIELDS, replications, len(layout.officers), bins), NUMBERS
    if layout.homeward:
        found["away"] = (replications, flows, bins, 2), WHOLE
    found["finals_length"] = (replications,), WHOLE
    return found


def unpack(stored: Mapping[str, Any], layout: Layout) -> dict[str, Any]:
    """The arrays of an outcome. Raises ValueError, naming it, where one is not as the layout wants it."""
    flows, bins = len(layout.flows), layout.bins
    read = {name: _of(stored, name, *wanted) for name, wanted in shapes(layout).items()}
    counts = np.empty((types.FIELDS, layout.replications, flows, bins), dtype=np.float32)
    for index in range(types.FIELDS):
        counts[index] = read.pop(f"count_{index:02d}")
    lengths = read.pop("finals_length")
    no_stations = np.zeros((types.STATION_FIELDS, layout.replications, 0, bins), dtype=np.float32)
    stations = read.pop("stations", no_stations).astype(np.float32, copy=False)
    no_officers = np.zeros((OFFICER_FIELDS, layout.replications, 0, bins), dtype=np.float32)
    officers = read.pop("officers", no_officers).astype(np.float32, copy=False)
    arrays: dict[str, Any] = {**read, "counts": counts}
    arrays |= {"station_counts": stations, "officer_counts": officers}
    arrays["hist"] = _histogram(stored, (flows, bins, types.HISTOGRAM_BINS))
    blob = _of(stored, "finals", (None,), WHOLE).tobytes()
    if (lengths < 0).any() or lengths.sum() != len(blob):
        raise ValueError(f"finals_length says {lengths.sum()} bytes, finals has {len(blob)}")
    ends = np.concatenate(([0], np.cumsum(lengths))).tolist()
    arrays["finals"] = [blob[start:end] for start, end in pairwise(ends)]
    arrays["offsets"] = _offsets(stored, layout)
    return arrays


def _of(stored: Mapping[str, Any], name: str, shape: Shape, kinds: str) -> NDArray[Any]:
    """An array of the file."""
    if name not in stored:
        raise ValueError(f"{name} is missing")
    found: NDArray[Any] = stored[name]
    fits = len(found.shape) == len(shape) and all(
        wanted is None or length == wanted for length, wanted in zip(found.shape, shape, strict=True)
    )
    if not fits:
        raise ValueError(f"{name} has the shape {found.shape}, not {shape}")
    if found.dtype.kind not in kinds:
        raise ValueError(f"{name} holds {found.dtype}")
    return found


def _histogram(stored: Mapping[str, Any], shape: tuple[int, int, int]) -> NDArray[np.uint32]:
    """Waits by line and bin; only what is filled is stored."""
    at, number = (_of(stored, name, (None,), WHOLE) for name in ("hist_at", "hist_n"))
    found = np.zeros(shape, dtype=np.uint32)
    if len(at) != len(number):
        raise ValueError(f"hist_n has {len(number)} numbers for {len(at)} places")
    if len(at) and (int(at.min()) < 0 or int(at.max()) >= found.size):
        raise ValueError("hist_at names places that there are not")
    found.reshape(-1)[at] = number
    return found


def _offsets(stored: Mapping[str, Any], layout: Layout) -> list[NDArray[np.int64] | None]:
    """First candidate of each line and hour, by replication; stored once where all are alike."""
    if "offsets" not in stored:
        return [None] * layout.replications
    offsets = _of(stored, "offsets", (None, len(layout.flows), len(layout.hour_start_min)), WHOLE)
    if len(offsets) not in (1, layout.replications):
        raise ValueError(f"offsets has {len(offsets)} replications, not {layout.replications}")
    return [offsets[r if len(offsets) > 1 else 0] for r in range(layout.replications)]
