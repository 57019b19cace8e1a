"""A results folder: manifest, axes, compact arrays, and the long tables as Parquet.

Every file is written under a temporary name and renamed; ``results.json`` comes last and lists the others
with their sizes, so a folder without it, or with a file cut short, is not taken for a result.
"""

from __future__ import annotations

import json
import os
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from garita.engine import types
from garita.outcomes import tables as long_tables
from garita.outcomes.arrays import Arrays
from garita.outcomes.fields import STATUS_NAMES
from garita.outcomes.layout import Layout
from garita.outcomes.officers import officers_columns
from garita.outcomes.problems import results_error
from garita.outcomes.stations import stations_columns
from garita.outcomes.stored import unpack

RESULTS_VERSION = 2
READABLE_VERSIONS = (2,)
INDEX = "results.json"
ARRAYS = "arrays.npz"
REPLICATIONS_AT_ONCE = 40


def save(
    outcome: Arrays, folder: Path, tables: bool = True, more: Callable[[Path], list[str]] | None = None
) -> Path:
    """Write ``outcome`` to ``folder`` (made if needed). An existing result there is replaced.

    ``more`` writes further files to the folder and returns their names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _drop_left_over(folder)
    (folder / INDEX).unlink(missing_ok=True)
    _renamed(folder / ARRAYS, lambda path: _write_arrays(path, _pack(outcome)))
    if tables:
        _write_tables(outcome, folder)
    written = [ARRAYS, *(f"{name}.parquet" for name in _tables_of(outcome) if tables)]
    written += more(folder) if more is not None else []
    index = {
        "version": RESULTS_VERSION,
        "layout": json.loads(outcome.layout.to_json()),
        "manifest": outcome.manifest,
        "files": {name: (folder / name).stat().st_size for name in written},
    }
    text = json.dumps(index, ensure_ascii=False, indent=1, default=str)
    _renamed(folder / INDEX, lambda path: path.write_text(text, encoding="utf-8"))
    return folder


def load(folder: Path) -> tuple[Layout, dict[str, Any], dict[str, Any]]:
    """Inverse of :func:`save`: layout, manifest and arrays.

    Raises ResultsError if anything is missing, damaged or of another version.
    """
    index = _read_index(folder)
    for name, size in index["files"].items():
        path = folder / name
        if not path.is_file():
            raise results_error("results-missing", file=folder, what=name)
        if path.stat().st_size != size:
            reason = f"{path.stat().st_size} bytes instead of {size}"
            raise results_error("results-damaged", file=path, what=name, reason=reason)
    try:
        layout = Layout.from_json(json.dumps(index["layout"]))
        with np.load(folder / ARRAYS, allow_pickle=False) as stored:
            arrays = unpack(stored, layout)
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        MemoryError,
        zipfile.BadZipFile,
    ) as error:
        reason = f"{type(error).__name__}: {error}"
        raise results_error("results-damaged", file=folder, what="the results", reason=reason) from error
    return layout, index["manifest"], arrays


def _read_index(folder: Path) -> dict[str, Any]:
    path = folder / INDEX
    if not path.is_file():
        raise results_error("results-missing", file=folder, what=INDEX)
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
        version = index["version"]
        complete = {"layout": dict, "manifest": dict, "files": dict}
        wrong = [key for key, kind in complete.items() if not isinstance(index.get(key), kind)]
        if "files" not in wrong and ARRAYS not in index["files"]:
            wrong.append(f"{ARRAYS} among its files")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise results_error("results-damaged", file=path, what=INDEX, reason=reason) from error
    if version not in READABLE_VERSIONS:
        allowed = ", ".join(map(str, READABLE_VERSIONS))
        raise results_error("results-version", file=path, value=version, allowed=allowed)
    if wrong:
        raise results_error("results-damaged", file=path, what=INDEX, reason=f"no {', '.join(wrong)}")
    assert isinstance(index, dict)
    return index


_TEMPORARY = re.compile(r"\.[a-z0-9.-]+\.(\d+)\.tmp")


def _drop_left_over(folder: Path) -> None:
    """Remove temporary files of a process that was killed while it wrote; those of a living one stay."""
    for path in folder.iterdir():
        found = _TEMPORARY.fullmatch(path.name)
        if found is not None and not _running(int(found[1])):
            with suppress(OSError):  # Windows does not remove what a process has open
                path.unlink()


def _running(process: int) -> bool:
    """Whether there is a process of that number, which may be another one by now."""
    if sys.platform == "win32":  # where a signal 0 would end it
        return process == os.getpid()
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # somebody else's
        return True
    return True


def _renamed(path: Path, write: Callable[[Path], object]) -> None:
    """Write to a temporary name beside ``path``, then rename: readers see the old file or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write_arrays(path: Path, arrays: Iterator[tuple[str, NDArray[Any] | list[bytes]]]) -> None:
    """The format of ``numpy.savez``, one array in memory at a time; a list of bytes becomes a uint8 array."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, array in arrays:
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                if isinstance(array, list):
                    about = {"descr": "|u1", "fortran_order": False, "shape": (sum(map(len, array)),)}
                    np.lib.format.write_array_header_1_0(file, about)
                    for blob in array:
                        file.write(blob)
                else:
                    np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)


def _narrow(values: NDArray[np.float32]) -> NDArray[Any]:
    """The smallest whole-number type that keeps every value, else the values as they are."""
    low, high = values.min(initial=0), values.max(initial=0)  # NaN fails both tests below
    if not (low >= 0 and high <= 65535):
        return values
    kind = np.uint8 if high <= 255 else np.uint16
    narrow = values.astype(kind)
    return narrow if np.array_equal(narrow, values) else values


def _pack(outcome: Arrays) -> Iterator[tuple[str, NDArray[Any] | list[bytes]]]:
    for index in range(types.FIELDS):
        yield f"count_{index:02d}", _narrow(outcome.counts[index])
    for name in ("p50", "p95", "window_hist", "ledger", "gross", "diverted", "travel_extra"):
        yield name, getattr(outcome, name)
    if outcome.layout.stations:
        yield "stations", outcome.station_counts
    if outcome.layout.officers:
        yield "officers", outcome.officer_counts
    if outcome.away is not None:
        yield "away", outcome.away
    filled = np.flatnonzero(outcome.hist)  # most bins of most hours are empty
    yield "hist_at", filled.astype(np.uint32)
    yield "hist_n", outcome.hist.reshape(-1)[filled]
    yield "finals", list(outcome.finals)
    yield "finals_length", np.array([len(blob) for blob in outcome.finals], dtype=np.int64)
    known = [offsets for offsets in outcome.offsets if offsets is not None]
    if len(known) == outcome.replications:
        same = all(np.array_equal(known[0], offsets) for offsets in known[1:])
        yield "offsets", np.stack(known[:1] if same else known)


def _tables_of(outcome: Arrays) -> tuple[str, ...]:
    """The long tables there are: of stations and officers only where a scenario has any."""
    more = [name for name in ("stations", "officers") if getattr(outcome.layout, name)]
    return ("waits", "flows", "events", *more)


def _write_tables(outcome: Arrays, folder: Path) -> None:
    """The long tables through DuckDB; names join there, so no column of text is built in Python."""
    import duckdb

    layout = outcome.layout
    connection = duckdb.connect()
    try:
        connection.execute("SET enable_progress_bar = false; SET threads = 1")  # a third of the memory
        names = {
            name: np.array([getattr(flow, name) for flow in layout.flows], dtype=object)
            for name in long_tables.FLOW_COLUMNS
        }
        axes = {
            "lines": {"flow": np.arange(len(layout.flows), dtype=np.int32), **names},
            "times": {
                "bin": np.arange(layout.bins, dtype=np.int32),
                "bin_start_utc": layout.starts_utc(),
                "bin_start_local": layout.starts_local(),
            },
            "states": {
                "status": np.arange(len(STATUS_NAMES), dtype=np.int8),
                "name": np.array(STATUS_NAMES, dtype=object),
            },
        }
        for name, columns in axes.items():
            connection.register("axis", columns)
            connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM axis")  # to join Python's is slow
        _copy_waits(connection, outcome, folder)
        others = {"flows": long_tables.flows_columns, "events": long_tables.events_columns}
        if outcome.layout.stations:
            others["stations"] = stations_columns
        if outcome.layout.officers:
            others["officers"] = officers_columns
        for name, table in others.items():
            connection.register(name, table(outcome))
            copy_to(connection, f"SELECT * FROM {name}", folder / f"{name}.parquet")
    finally:
        connection.close()


_WAITS_QUERY = """
SELECT replication, crossing, direction, mode, lane_type, bin_start_utc, bin_start_local,
       rows.* EXCLUDE (replication, flow, bin, status), states.name AS status
FROM rows JOIN lines USING (flow) JOIN times USING (bin) JOIN states ON rows.status = states.status
"""


def _copy_waits(connection: Any, outcome: Arrays, folder: Path) -> None:
    """The largest table, some replications at a time, so that its columns never stand in memory whole."""
    target = folder / "waits.parquet"
    last = outcome.replications
    if last <= REPLICATIONS_AT_ONCE:
        connection.register("rows", long_tables.waits_columns(outcome))
        copy_to(connection, _WAITS_QUERY, target)
        return
    pieces: list[Path] = []
    try:
        step = max(1, REPLICATIONS_AT_ONCE // 4)  # two variants are written side by side, beside the report
        for first in range(0, last, step):
            chosen = slice(first, min(first + step, last))
            connection.register("rows", long_tables.waits_columns(outcome, chosen))
            pieces.append(folder / f".waits-{first}.{os.getpid()}.tmp")
            copy_to(connection, _WAITS_QUERY, pieces[-1])
            connection.unregister("rows")
        listed = ", ".join(quoted(piece) for piece in pieces)
        copy_to(connection, f"SELECT * FROM read_parquet([{listed}])", target)
    finally:
        for piece in pieces:
            piece.unlink(missing_ok=True)


def quoted(path: Path) -> str:
    """A path as DuckDB reads it."""
    return "'" + path.as_posix().replace("'", "''") + "'"


def copy_to(connection: Any, query: str, path: Path) -> None:
    """Write what a query gives as Parquet. Raises ResultsError if the disk does not take it."""

    def write(temporary: Path) -> None:
        options = f"FORMAT parquet, COMPRESSION snappy, KV_METADATA {{garita_results: '{RESULTS_VERSION}'}}"
        import duckdb

        try:
            connection.execute(f"COPY ({query}) TO {quoted(temporary)} ({options})")
        except duckdb.IOException as error:  # a full disk, which elsewhere is an OSError
            reason = str(error).splitlines()[0]
            raise results_error("results-unwritable", file=path, what=path.name, reason=reason) from error

    _renamed(path, write)
