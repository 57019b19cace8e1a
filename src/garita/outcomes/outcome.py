"""One variant of a run, reduced from its replications to arrays that fit in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from garita.engine import types
from garita.outcomes import finals as packing
from garita.outcomes import storage
from garita.outcomes.arrays import Arrays, with_bins
from garita.outcomes.costs import costs_table, region_rates
from garita.outcomes.histograms import filled
from garita.outcomes.journeys import LAYOUT as JOURNEYS
from garita.outcomes.journeys import JourneyOutcome
from garita.outcomes.layout import Layout
from garita.outcomes.officers import OFFICER_FIELDS, officers_table
from garita.outcomes.problems import results_error
from garita.outcomes.recorded import EVENTS, FILES, TRAVELLERS, Recorded, read
from garita.outcomes.stations import stations_table
from garita.outcomes.tables import events_table, flows_table, waits_table

if TYPE_CHECKING:
    import pandas as pd


class RunPart(NamedTuple):
    """What one replication leaves behind (F lines, B bins, C crossings, H hours, N candidate parties).

    ``bins`` float64 [F, B, 16]; ``hist`` uint32 [F, B, 96]; ``ledger`` int64 [F, 9, C, 2]
    (``layout.kinds``); ``gross`` int64 [F, 6, 2] (``layout.decisions``); ``diverted`` int64 [C, C, 2];
    ``travel_extra`` float64 [F]; ``finals`` uint16 [N] or empty; ``offsets`` int64 [F, H]: first
    candidate planned for a line and hour (lines and hours in order), or None where planned hours are
    not wanted; ``away`` int64 [F, B, 2]: parties and people whom a closure keeps from home at the end of
    each bin, by the line they planned to come home by, where the layout is ``homeward``.
    """

    replication: int
    bins: NDArray[Any]
    hist: NDArray[Any]
    ledger: NDArray[Any]
    gross: NDArray[Any]
    diverted: NDArray[Any]
    travel_extra: NDArray[Any]
    finals: NDArray[Any]
    offsets: NDArray[Any] | None = None
    stations: NDArray[Any] | None = None  # float64 [W, B, 9]; None where the layout has no stations
    away: NDArray[Any] | None = None
    officers: NDArray[Any] | None = None  # float64 [N, B, 5]; None where the layout has no officers


class Outcome(Arrays):
    """What came of one variant of a run: its arrays (see :class:`Arrays`), long tables, and files."""

    recorded: Recorded | None = None
    folder: Path | None = None  # the results folder it was read from
    journeys: JourneyOutcome | None = None  # people's journeys, where the scenario has any

    @classmethod
    def collect(cls, layout: Layout, manifest: Mapping[str, Any], parts: Iterable[RunPart]) -> Outcome:
        """Reduce the parts as they arrive, in any order; one part is held at a time.

        Raises ResultsError if a replication is missing or comes twice, if a shape does not fit the layout,
        or if the final outcomes do not add up to the ledger.
        """
        gathering = Gathering(layout)
        for part in parts:
            gathering.add(part)
        return gathering.finish(manifest)

    @cached_property
    def waits(self) -> pd.DataFrame:
        """Long table: one row per replication, line and bin of 15 minutes by time of joining."""
        return waits_table(self)

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Long table: final outcomes by replication, planned line and crossing, and gross flows."""
        return flows_table(self)

    @cached_property
    def stations(self) -> pd.DataFrame:
        """Long table: inspections before and after primary, and what they hold up, by bin."""
        return stations_table(self)

    @cached_property
    def officers(self) -> pd.DataFrame:
        """Long table: officers of pools on duty, at booths and on the way, and emergencies, by bin."""
        return officers_table(self)

    @cached_property
    def events(self) -> pd.DataFrame:
        """Long table: closures of each replication."""
        return events_table(self)

    @cached_property
    def costs(self) -> pd.DataFrame:
        """Long table: cost of time spent queueing and on detours, USD, low, mid and high."""
        return costs_table(self, region_rates(self.layout.region))

    @cached_property
    def travellers(self) -> pd.DataFrame:
        """Long table: every party of the recorded replications (``record=["travellers"]``).

        Raises ResultsError where they were not recorded.
        """
        return self._recorded(TRAVELLERS)

    @cached_property
    def event_log(self) -> pd.DataFrame:
        """Long table: every event of the recorded replications (``record=["events"]``).

        Raises ResultsError where they were not recorded.
        """
        return self._recorded(EVENTS)

    def _recorded(self, name: str) -> pd.DataFrame:
        if self.recorded is not None:
            return self.recorded.table(name)
        if self.folder is None or not (self.folder / FILES[name]).is_file():
            raise results_error("results-not-recorded", file=self.folder, what=name)
        return read([self.folder / FILES[name]])

    def save(self, path: str | Path, tables: bool = True) -> Path:
        """Write a results folder; with ``tables`` also the long tables as Parquet. Returns the folder."""
        return storage.save(self, Path(path), tables, lambda folder: self._save_more(folder, tables))

    def _save_more(self, folder: Path, tables: bool) -> list[str]:
        (folder / JOURNEYS).unlink(missing_ok=True)  # of an earlier result
        written = self.recorded.save(folder) if self.recorded else []
        return written + (self.journeys.save(folder, tables) if self.journeys is not None else [])

    @classmethod
    def open(cls, path: str | Path) -> Outcome:
        """Read a results folder. Raises ResultsError if it is missing, damaged or of another version."""
        found = cls(*storage.load(Path(path)))
        found.folder = Path(path)
        found.journeys = JourneyOutcome.open(found.folder)
        return found


class Gathering:
    """An outcome in the making: parts are added as they arrive, in any order, and reduced at once."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.arrays = _empty(layout)
        self.seen: set[int] = set()
        self.used = 0

    def add(self, part: RunPart) -> None:
        """Reduce one replication. Raises ResultsError if it comes twice or does not fit the layout."""
        _check_shapes(self.layout, part)
        self.add_condensed(condense(self.layout, part))

    def add_condensed(self, part: Condensed) -> None:
        """Enter a replication that was condensed where it was run. Raises ResultsError if it comes twice."""
        layout = self.layout
        if part.replication in self.seen or not 0 <= part.replication < layout.replications:
            reason = f"{part.replication} comes twice or lies outside"
            raise results_error("results-replications", last=layout.replications - 1, reason=reason)
        self.seen.add(part.replication)
        self.used = max(self.used, part.counts.shape[-1], layout.horizon_bin)
        _enter(part, self.arrays)

    def finish(
        self,
        manifest: Mapping[str, Any],
        closures: tuple[tuple[Mapping[str, Any], ...], ...] | None = None,
        bins: int | None = None,
    ) -> Outcome:
        """The outcome, once all parts are there; ``closures`` of each replication, if not in the layout.

        Only the first ``bins`` are kept: by default as many as any replication needed until everybody was
        gone.
        """
        missing = sorted(set(range(self.layout.replications)) - self.seen)
        if missing:
            reason = "missing " + ", ".join(map(str, missing[:10]))
            raise results_error("results-replications", last=self.layout.replications - 1, reason=reason)
        layout = self.layout if closures is None else replace(self.layout, closures=closures)
        kept = self.used if bins is None else bins
        layout = replace(layout, bin_start_min=layout.bin_start_min[:kept])
        return Outcome(layout, manifest, with_bins(self.arrays, kept))


def _empty(layout: Layout) -> dict[str, Any]:
    """Arrays to be filled, one slot per replication."""
    r, f, b, c = layout.replications, len(layout.flows), layout.bins, len(layout.crossings)
    return {
        "counts": np.zeros((types.FIELDS, r, f, b), dtype=np.float32),
        "p50": np.full((r, f, b), np.nan, dtype=np.float32),
        "p95": np.full((r, f, b), np.nan, dtype=np.float32),
        "window_hist": np.zeros((r, f, types.HISTOGRAM_BINS), dtype=np.uint32),
        "hist": np.zeros((f, b, types.HISTOGRAM_BINS), dtype=np.uint32),
        "ledger": np.zeros((r, f, len(layout.kinds), c, 2), dtype=np.int64),
        "gross": np.zeros((r, f, len(layout.decisions), 2), dtype=np.int64),
        "diverted": np.zeros((r, c, c, 2), dtype=np.int64),
        "travel_extra": np.zeros((r, f)),
        "station_counts": np.zeros((types.STATION_FIELDS, r, len(layout.stations), b), dtype=np.float32),
        "officer_counts": np.zeros((OFFICER_FIELDS, r, len(layout.officers), b), dtype=np.float32),
        "away": np.zeros((r, f, b, 2), dtype=np.int32) if layout.homeward else None,
        "finals": [b""] * r,
        "offsets": [None] * r,
    }


def _check_shapes(layout: Layout, part: RunPart) -> None:
    f, b, c = len(layout.flows), layout.bins, len(layout.crossings)
    wanted = {
        "bins": (f, b, types.FIELDS),
        "hist": (f, b, types.HISTOGRAM_BINS),
        "ledger": (f, len(layout.kinds), c, 2),
        "gross": (f, len(layout.decisions), 2),
        "diverted": (c, c, 2),
        "travel_extra": (f,),
    }
    if layout.homeward:
        wanted["away"] = (f, b, 2)
    if part.offsets is not None:
        wanted["offsets"] = (f, len(layout.hour_start_min))
    for name, shape in wanted.items():
        got = np.shape(getattr(part, name))
        if got != shape:
            raise results_error(
                "results-shape", replication=part.replication, what=name, got=got, wanted=shape
            )


class Condensed(NamedTuple):
    """A part without what is not kept of it; as many bins as the part has (see :class:`RunPart`)."""

    replication: int
    counts: NDArray[np.float32]  # [16, F, bins]
    p50: NDArray[np.float64]  # [F, bins]
    p95: NDArray[np.float64]
    hist: tuple[NDArray[Any], NDArray[Any]]  # flat places where [F, bins, 96] is not 0, and what is there
    window_hist: NDArray[np.uint32]  # [F, 96]
    ledger: NDArray[Any]
    gross: NDArray[Any]
    diverted: NDArray[Any]
    travel_extra: NDArray[Any]
    finals: bytes
    offsets: NDArray[np.int64] | None
    stations: NDArray[np.float32]  # [9, W, bins]
    officers: NDArray[np.float32]  # [5, N, bins]
    away: NDArray[Any] | None


def condense(layout: Layout, part: RunPart) -> Condensed:
    """Quantiles and packed outcomes of a part, made where the part was run: the costly half of gathering.

    ``part`` may have fewer bins than the layout, if nothing happened after them. Raises ResultsError if the
    final outcomes do not add up to the ledger.
    """
    counts = np.ascontiguousarray(np.moveaxis(part.bins, -1, 0), dtype=np.float32)
    longest = counts[types.WAIT_MAX]
    limit = np.where(np.isnan(longest), np.inf, longest)
    rows = np.flatnonzero(counts[types.WAITED])  # most bins of most lines are empty
    found, places, numbers = filled(part.hist.reshape(-1, types.HISTOGRAM_BINS), rows, (0.5, 0.95))
    p50, p95 = np.full((2, *limit.shape), np.nan)
    for values, some in zip((p50, p95), found, strict=True):
        values.reshape(-1)[rows] = np.minimum(some, limit.reshape(-1)[rows])
    finals, kinds = packing.pack(part.finals)
    if part.finals.size:
        _check_conserved(layout, part, kinds)
    offsets = None if part.offsets is None else np.asarray(part.offsets, dtype=np.int64)
    window = part.hist[:, layout.measured].sum(axis=1, dtype=np.uint32)
    books = part.ledger, part.gross, part.diverted, part.travel_extra
    stations = np.zeros((types.STATION_FIELDS, len(layout.stations), counts.shape[-1]), np.float32)
    if part.stations is not None:
        stations[:] = np.moveaxis(part.stations, -1, 0)
    officers = np.zeros((OFFICER_FIELDS, len(layout.officers), counts.shape[-1]), np.float32)
    if part.officers is not None:
        officers[:] = np.moveaxis(part.officers, -1, 0)
    return Condensed(
        part.replication,
        counts,
        p50,
        p95,
        (places, numbers),
        window,
        *books,
        finals,
        offsets,
        stations,
        officers,
        part.away,
    )


def _enter(part: Condensed, arrays: dict[str, Any]) -> None:
    """Enter one replication; the full histogram is only added up, never kept."""
    r, bins = part.replication, part.counts.shape[-1]
    arrays["counts"][:, r, :, :bins] = part.counts
    arrays["p50"][r, :, :bins] = part.p50
    arrays["p95"][r, :, :bins] = part.p95
    arrays["station_counts"][:, r, :, :bins] = part.stations
    arrays["officer_counts"][:, r, :, :bins] = part.officers
    places, numbers = part.hist
    flow, place = np.divmod(places, bins * types.HISTOGRAM_BINS)
    arrays["hist"].reshape(len(arrays["hist"]), -1)[flow, place] += numbers
    for name in ("window_hist", "ledger", "gross", "diverted", "travel_extra"):
        arrays[name][r] = getattr(part, name)
    if part.away is not None:
        # Who is away after the last bin of this replication stays so until the last of any.
        arrays["away"][r, :, :bins], arrays["away"][r, :, bins:] = part.away, part.away[:, -1:]
    # A copy made here, by the thread that keeps it: what is kept among what a worker frees leaves holes.
    arrays["finals"][r] = bytes(memoryview(part.finals))
    arrays["offsets"][r] = _shared_offsets(arrays["offsets"], part.offsets)


def _shared_offsets(known: list[Any], offsets: NDArray[np.int64] | None) -> NDArray[np.int64] | None:
    """The same array for all replications whose books have the same order."""
    first = next((one for one in known if one is not None), None)
    if first is not None and offsets is not None and np.array_equal(first, offsets):
        return np.asarray(first, np.int64)
    return offsets if offsets is None else offsets.copy()


def _check_conserved(layout: Layout, part: RunPart, kinds: NDArray[np.int64]) -> None:
    """Every party in the ledger has one final outcome, and the other way round; ``kinds`` of them [16]."""
    ledger = part.ledger[..., 0].sum(axis=(0, 2))
    for kind in range(1, len(layout.kinds)):
        if kinds[kind] != ledger[kind]:
            raise results_error(
                "results-not-conserved",
                replication=part.replication,
                kind=layout.kinds[kind],
                ledger=int(ledger[kind]),
                finals=int(kinds[kind]),
            )
