"""Every party, or every event, of the runs of which somebody wants to see them: a Parquet file for each kind.

A replication is written as soon as it is simulated, so that no more than one a worker is in memory. ``party``
is the number of a party within its run: never a person, and another one for every seed.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from garita.engine import recording, types
from garita.engine.state import FLOW_SHIFT
from garita.outcomes.fields import KINDS, STATUS_NAMES
from garita.outcomes.layout import Layout
from garita.outcomes.problems import results_error
from garita.outcomes.storage import copy_to, quoted

if TYPE_CHECKING:
    import pandas as pd

TRAVELLERS, EVENTS = "travellers", "events"
RECORDS = (TRAVELLERS, EVENTS)
FILES = {TRAVELLERS: "travellers.parquet", EVENTS: "event_log.parquet"}

_TIMES = {
    "planned": "planned_utc",
    "set_out": "set_out_utc",
    "joined": "joined_utc",
    "start": "inspection_start_utc",
    "end": "inspection_end_utc",
    "left": "left_utc",
    "secondary_start": "secondary_start_utc",
    "secondary_end": "secondary_end_utc",
}
Columns = dict[str, NDArray[Any]]
Names = Mapping[str, Sequence[str]]  # of columns that hold positions


class Recorded:
    """What was recorded of one variant; kept in a temporary folder until the results are saved."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = [name for name in RECORDS if name in names]
        self.folder = Path(tempfile.mkdtemp(prefix="garita-recorded-"))
        self.pieces: dict[str, list[Path]] = {name: [] for name in self.names}

    def __del__(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def add(self, layout: Layout, stations: Sequence[str], replication: int, output: types.Output) -> None:
        """Write down one replication; ``stations``: names of the places of secondary inspection."""
        extra = output.extra  # type: ignore[attr-defined]
        lines = [*layout.flow_ids, *stations]
        tables = {
            TRAVELLERS: lambda: (
                _travellers(layout, extra.travellers, output.finals),
                _traveller_names(lines),
            ),
            EVENTS: lambda: (_events(extra.log[: extra.logged[0]]), _event_names(lines)),
        }
        for name in self.names:
            piece = self.folder / f"{name}-{replication:07}.parquet"
            _write(replication, *tables[name](), piece)
            self.pieces[name].append(piece)

    def save(self, folder: Path) -> list[str]:
        """Write the files of all replications to a results folder; returns their names."""
        for name in self.names:
            listed = ", ".join(quoted(piece) for piece in sorted(self.pieces[name]))
            with _connection() as connection:
                copy_to(connection, f"SELECT * FROM read_parquet([{listed}])", folder / FILES[name])
        return [FILES[name] for name in self.names]

    def table(self, name: str) -> pd.DataFrame:
        """One kind of record of all recorded replications. Raises ResultsError where it was not recorded."""
        if name not in self.names:
            raise results_error("results-not-recorded", what=name)
        return read(sorted(self.pieces[name]))


def read(files: Sequence[Path]) -> pd.DataFrame:
    """Parquet files, one after another, as pandas."""
    with _connection() as connection:
        listed = ", ".join(quoted(path) for path in files)
        frame: pd.DataFrame = connection.execute(f"SELECT * FROM read_parquet([{listed}])").df()
    return frame


def _connection() -> Any:
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false; SET threads = 1")
    return connection


def _write(replication: int, columns: Columns, names: Names, path: Path) -> None:
    """Columns as Parquet; in those of ``names`` stand positions among names, -1 for none."""
    with _connection() as connection:
        connection.register("rows", {"at": np.arange(len(next(iter(columns.values())))), **columns})
        fields, joins = [f"CAST({replication} AS INTEGER) AS replication"], ""
        for column in columns:
            if column not in names:
                fields.append(f"rows.{column}")
                continue
            positions = np.arange(len(names[column]), dtype=np.int32)
            labels = {"position": positions, "label": np.array(names[column], dtype=object)}
            connection.register(f"of_{column}", labels)
            fields.append(f"of_{column}.label AS {column}")
            joins += f" LEFT JOIN of_{column} ON rows.{column} = of_{column}.position"
        copy_to(connection, f"SELECT {', '.join(fields)} FROM rows{joins} ORDER BY rows.at", path)


def _utc(minutes: NDArray[np.float64]) -> NDArray[np.datetime64]:
    """Minutes since 1970 as times; 0 is never."""
    times = np.round(minutes * 60e6).astype(np.int64).astype("datetime64[us]")
    times[minutes == 0.0] = np.datetime64("NaT")
    return times


def _traveller_names(lines: list[str]) -> Names:
    return {"planned_line": lines, "line": lines, "outcome": KINDS, "purpose": ("need not", "must")}


def _travellers(layout: Layout, rows: Any, finals: NDArray[np.uint16]) -> Columns:
    """One row for each party that thought of setting out, in the order of lines and planned hours."""
    chosen = np.flatnonzero((finals & 15) != types.NONE)
    rows, finals = rows[chosen], finals[chosen]
    planned = (rows["tag"] >> FLOW_SHIFT).astype(np.int32)
    people = np.stack([flow.people_by_class() for flow in layout.flows])
    columns: Columns = {
        "party": rows["tag"].copy(),
        "planned_line": planned,
        "line": rows["line"].copy(),
        "outcome": (finals & 15).astype(np.int32),
        "people": people[planned, (finals >> 4) & 15].astype(np.int32),
        "purpose": rows["must"].copy(),
    }
    for field, name in _TIMES.items():
        columns[name] = _utc(np.ascontiguousarray(rows[field]))
    served = rows["start"] > 0.0
    columns["wait_min"] = np.where(served, rows["start"] - rows["joined"], np.nan)
    return columns


def _event_names(lines: list[str]) -> Names:
    return {"event": recording.EVENT_NAMES, "line": lines, "to_line": lines, "status": STATUS_NAMES}


def _events(log: Any) -> Columns:
    """One row an event, by time; those of one moment in the order in which they were decided."""
    log = log[np.argsort(log["time"], kind="stable")]
    kind, value = log["kind"], log["value"]
    lasting = np.isin(kind, (recording.STARTED, recording.SECONDARY_STARTED, recording.PUT_OFF))

    def only(which: int) -> NDArray[np.int32]:
        """The whole number that events of a kind carry, -1 elsewhere."""
        return np.where(kind == which, value, -1.0).astype(np.int32)

    return {
        "time_utc": _utc(np.ascontiguousarray(log["time"])),
        "event": kind.copy(),
        "line": log["line"].copy(),
        "party": log["tag"].copy(),
        "to_line": only(recording.DIVERTED),
        "minutes": np.where(lasting, value, np.nan),
        "status": only(recording.LINE_STATUS),
        "booths": np.where(kind == recording.BOOTHS_OPEN, value, np.nan),
    }
