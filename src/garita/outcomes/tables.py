"""The long tables of a variant, as NumPy columns and as pandas (imported only here, on demand)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from garita.engine import types
from garita.outcomes.arrays import Arrays
from garita.outcomes.fields import STATUS_NAMES
from garita.outcomes.layout import EPOCH, Layout, local_time, metres_per_party

if TYPE_CHECKING:
    import pandas as pd

Columns = dict[str, NDArray[Any]]

FLOW_COLUMNS = ("crossing", "direction", "mode", "lane_type")

# column of the table waits -> field of the engine
_FIELD_OF = {
    "arrivals": types.ARRIVED,
    "arrivals_people": types.ARRIVED_PEOPLE,
    "served": types.STARTED,
    "served_people": types.STARTED_PEOPLE,
    "left_unserved": types.LEFT,
    "queue_parties": types.QUEUE_END,
    "queue_people": types.QUEUE_PEOPLE_END,
    "max_wait_min": types.WAIT_MAX,
    "published_wait_min": types.PUBLISHED,
}


def waits_columns(outcome: Arrays, replications: slice = slice(None)) -> Columns:
    """Columns of ``waits`` without names: ``replication``, ``flow`` and ``bin`` are positions on the axes.

    Bins of the warm-up are left out, and so are bins of the emptying phase in which nothing happens anywhere.
    """
    layout, counts = outcome.layout, outcome.counts
    window = slice(layout.first_bin, _last_active(outcome))
    cut = counts[:, replications, :, window]
    shape = cut.shape[1:]

    def flat(values: NDArray[Any]) -> NDArray[Any]:
        return np.ascontiguousarray(np.broadcast_to(values, shape)).reshape(-1)

    columns: Columns = {
        "replication": flat(np.arange(outcome.replications, dtype=np.int32)[replications, None, None]),
        "flow": flat(np.arange(shape[1], dtype=np.int32)[None, :, None]),
        "bin": flat(np.arange(window.start, window.stop, dtype=np.int32)[None, None, :]),
    }
    for name, index in _FIELD_OF.items():
        columns[name] = flat(cut[index])
    served = cut[types.WAITED]
    nobody = served <= 0
    with np.errstate(invalid="ignore", divide="ignore"):
        columns["mean_wait_min"] = flat(np.where(nobody, np.nan, cut[types.WAIT_SUM] / served))
        columns["inspection_min"] = flat(np.where(nobody, np.nan, cut[types.INSPECTION_SUM] / served))
        open_min = cut[types.OPEN_BOOTH_MIN]
        utilisation = np.where(open_min > 0, cut[types.BUSY_BOOTH_MIN] / open_min, np.nan)
    columns["max_wait_min"] = flat(np.where(nobody, np.nan, cut[types.WAIT_MAX]))
    columns["p50_wait_min"] = flat(outcome.p50[replications, :, window])
    columns["p95_wait_min"] = flat(outcome.p95[replications, :, window])
    columns["booths_open"] = flat(open_min / np.float32(layout.bin_min))
    columns["utilisation"] = flat(utilisation.astype(np.float32))
    columns["queue_m"] = flat(cut[types.QUEUE_END] * metres_per_party(layout)[None, :, None])
    columns["status"] = flat(np.nan_to_num(cut[types.STATUS]).astype(np.int8))
    return columns


def rows_by_bin(layout: Layout, replications: int, names: Mapping[str, Sequence[str]]) -> Columns:
    """The first columns of a table with a row for each replication, item and bin after the warm-up; ``names``
    are columns of text about the items.
    """
    bins = np.arange(layout.first_bin, layout.bins)
    shape = replications, len(next(iter(names.values()))), len(bins)

    def flat(values: NDArray[Any]) -> NDArray[Any]:
        return np.ascontiguousarray(np.broadcast_to(values, shape)).reshape(-1)

    columns: Columns = {"replication": flat(np.arange(replications, dtype=np.int32)[:, None, None])}
    for name, texts in names.items():
        columns[name] = flat(np.array(texts, dtype=object)[None, :, None])
    columns["bin_start_utc"] = flat(layout.starts_utc()[bins][None, None, :])
    columns["bin_start_local"] = flat(layout.starts_local()[bins][None, None, :])
    return columns


def _last_active(outcome: Arrays) -> int:
    """First bin after which nothing happens in any replication (never before the horizon)."""
    counts = outcome.counts
    busy = np.zeros(outcome.layout.bins, dtype=bool)
    for index in (types.ARRIVED, types.STARTED, types.QUEUE_END, types.LEFT):
        busy |= (counts[index] > 0).any(axis=(0, 1))
    last = int(np.flatnonzero(busy).max(initial=-1)) + 1
    return max(last, outcome.layout.horizon_bin)


def waits_table(outcome: Arrays) -> pd.DataFrame:
    """``waits`` as pandas, with names and times."""
    import pandas as pd

    layout = outcome.layout
    columns = waits_columns(outcome)
    flow, place = columns.pop("flow"), columns.pop("bin")
    data: dict[str, Any] = {"replication": columns.pop("replication")}
    for name in FLOW_COLUMNS:
        data[name] = _category(pd, [getattr(item, name) for item in layout.flows], flow)
    data["bin_start_utc"] = layout.starts_utc()[place]
    data["bin_start_local"] = layout.starts_local()[place]
    status = columns.pop("status")
    data.update(columns)
    data["status"] = _category(pd, list(STATUS_NAMES), status)
    return pd.DataFrame(data)


def _category(pd: Any, names: list[str], position: NDArray[Any]) -> Any:
    values = list(dict.fromkeys(names))
    codes = np.array([values.index(name) for name in names], dtype=np.int16)
    return pd.Categorical.from_codes(codes[position], categories=values)


def flows_columns(outcome: Arrays) -> Columns:
    """Columns of ``flows``: final outcomes (``count`` = final) and decisions, which overlap (= gross).

    ``to`` is the crossing where it ended; empty where there is none. Rows with nobody are left out.
    """
    layout = outcome.layout
    crossings = np.array([*layout.crossing_ids, ""], dtype=object)
    r, f, kind, c = np.nonzero(outcome.ledger[..., 0])
    parties, people = outcome.ledger[r, f, kind, c].T
    gr, gf, what = np.nonzero(outcome.gross[..., 0])
    gross_parties, gross_people = outcome.gross[gr, gf, what].T
    flow = np.concatenate([f, gf])
    columns: Columns = {"replication": np.concatenate([r, gr]).astype(np.int32)}
    for name in FLOW_COLUMNS:
        columns[name] = np.array([getattr(item, name) for item in layout.flows], dtype=object)[flow]
    columns["count"] = np.array(["final"] * len(f) + ["gross"] * len(gf), dtype=object)
    columns["outcome"] = np.concatenate(
        [np.array(layout.kinds, dtype=object)[kind], np.array(layout.decisions, dtype=object)[what]]
    )
    columns["to"] = crossings[np.concatenate([c, np.full(len(gf), len(crossings) - 1)])]
    columns["parties"] = np.concatenate([parties, gross_parties])
    columns["people"] = np.concatenate([people, gross_people])
    return columns


def flows_table(outcome: Arrays) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(flows_columns(outcome))


def events_columns(outcome: Arrays) -> Columns:
    """Columns of ``events``: one row per replication and closure; ``until`` is empty for good, ``share``
    where ``lanes`` are counted, and ``lanes`` elsewhere.
    """
    layout = outcome.layout
    rows: list[tuple[Any, ...]] = []
    for replication in range(layout.replications):
        for closure in layout.closures_of(replication):
            until = closure.get("until_utc")
            end = (
                (np.datetime64("NaT"), np.datetime64("NaT")) if until is None else _times(until, layout.zone)
            )
            listed = [
                ";".join(closure.get(key) or ("all",))
                for key in ("crossings", "directions", "modes", "lane_types")
            ]
            share, lanes = (closure.get(key) for key in ("share", "lanes"))
            if share is None and lanes is None:  # of results that do not tell: all of it
                share = 1.0
            extent = (
                *(np.nan if one is None else one for one in (share, lanes)),
                ";".join(closure.get("exempt") or ()),
            )
            begin = _times(closure["start_utc"], layout.zone)
            reason = str(closure.get("reason") or "")
            rows.append((replication, "closure", *listed, *extent, *begin, *end, reason))
    names = (
        "replication",
        "event",
        "crossings",
        "directions",
        "modes",
        "lane_types",
        "share",
        "lanes",
        "exempt",
    )
    times = ("start_utc", "start_local", "until_utc", "until_local")
    kinds = {"replication": "int32", "share": "float64", "lanes": "float64"}
    kinds |= dict.fromkeys(times, "datetime64[us]")
    every = (*names, *times, "reason")
    values = list(zip(*rows, strict=True)) if rows else [()] * len(every)
    columns: Columns = {}
    for name, column in zip(every, values, strict=True):
        kind = kinds.get(name, object)
        columns[name] = np.array(column, dtype=kind)
    return columns


def _times(minute: float, zone: str) -> tuple[np.datetime64, np.datetime64]:
    local = local_time(minute, zone)
    utc = local.astimezone(EPOCH.tzinfo).replace(tzinfo=None)
    return np.datetime64(utc, "us"), np.datetime64(local.replace(tzinfo=None), "us")


def events_table(outcome: Arrays) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(events_columns(outcome))
