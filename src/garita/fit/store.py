"""A fit on disk.

DIR/fit.json        what was fitted, the members, intervals, digests; written last
DIR/scores.csv      left-out months: errors beside those of climatology
DIR/waits.csv       observed and simulated, by hour of the week
DIR/region/         tables of the fitted region: `base: DIR/region` in a scenario
DIR/parts/          what was computed on the way; a fit that is killed goes on from there
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from garita.errors import GaritaError, Problem, ResultsError, file_name
from garita.fit.model import Fit, Month
from garita.fit.observed import Column, Floats, Waits
from garita.fit.parameters import Interval
from garita.fit.region import OWN, fitted_tables, write_tables
from garita.fit.search import write_json
from garita.fit.week import Week
from garita.reference import RegionTables, load_region, read_region
from garita.runs.manifest import versions

VERSION = 1
FIT, PARTS, KEY, REGION = "fit.json", "parts", "key.json", "region"
YEAR = 2023
"""Volumes are written for the months of this year; only how many there are a day counts."""


def prepare(folder: Path, key: Mapping[str, str]) -> Path:
    """The folder for the parts of a fit made of ``key`` (what, digest). Parts of the same key stay.

    Raises ResultsError if the folder holds something else, or an unfinished fit of something else.
    """
    parts = folder / PARTS
    if folder.exists() and not folder.is_dir():
        raise ResultsError(Problem("fit-folder-foreign", {}, file_name(folder)))
    there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if there and not {FIT, PARTS} & there:
        raise ResultsError(Problem("fit-folder-foreign", {}, file_name(folder)))
    told = read_json(parts / KEY) if (parts / KEY).is_file() else None
    if told is not None and told != dict(key):
        if FIT not in there:
            other = ", ".join(name for name in key if told.get(name) != key[name])
            raise ResultsError(Problem("fit-folder-other", {"what": other}, file_name(folder)))
        shutil.rmtree(parts)
    write_json(parts / KEY, dict(key))
    return parts


def digest_of(*arrays: Any) -> str:
    """SHA-256 (hex) of arrays and texts."""
    digest = hashlib.sha256()
    for array in arrays:
        content = array.encode() if isinstance(array, str) else np.ascontiguousarray(array).tobytes()
        digest.update(len(content).to_bytes(8, "little") + content)
    return digest.hexdigest()


def save(folder: Path, fit: Fit, about: Mapping[str, Any]) -> None:
    """Write the manifest, which says that the fit is complete."""
    assert fit.week is not None
    content = {
        "version": VERSION,
        **about,
        "region": fit.base.id,
        "region_digest": fit.base.digest,
        "seed": fit.seed,
        "source": fit.source,
        "members": [dict(member) for member in fit.members],
        "intervals": {name: asdict(found) for name, found in fit.intervals.items()},
        "columns": [asdict(column) for column in fit.waits.columns],
        "months": list(fit.waits.months),
        "wait_min": _plain(fit.waits.wait),
        "log_daily_parties": _plain(fit.log_volume, 6),
        "week": _week_told(fit.week),
        "versions": versions(),
    }
    content["digest"] = digest_of(json.dumps([content["members"], content["week"]], sort_keys=True))
    write_json(folder / FIT, content)


def load(folder: Path) -> tuple[Fit, dict[str, Any]]:
    """A fit, and all that its manifest says. Raises ResultsError."""
    path = folder / FIT
    if not path.is_file():
        raise ResultsError(Problem("fit-folder-none", {}, file_name(folder)))
    try:
        told = read_json(path)
        columns = tuple(
            Column(one["place"], one["mode"], one["lane_type"], tuple(tuple(line) for line in one["lines"]))
            for one in told["columns"]
        )
        waits = Waits(columns, tuple(told["months"]), _array(told["wait_min"]))
        intervals = {name: Interval(**found) for name, found in told["intervals"].items()}
        fit = Fit(
            region_of(told["begun_from"]), waits, _array(told["log_daily_parties"]), tuple(told["members"]),
            intervals, told["source"], told["seed"], week_of(told["week"]),
        )  # fmt: skip
    except GaritaError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise ResultsError(Problem("fit-folder-damaged", {"reason": reason}, file_name(path))) from None
    return fit, told


def region_of(name: str) -> RegionTables:
    """The tables of a packaged region, or of those in a folder. Raises DataError."""
    folder = Path(name)
    return read_region(folder) if (folder / "region.csv").is_file() else load_region(name)


def write_region(folder: Path, fit: Fit, month: Month) -> Path:
    """Write the region of a simulated month: its tables, and of each member those that are its own."""
    months = [f"{YEAR}-{number:02}" for number in range(1, 13)]
    fresh = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(fresh, ignore_errors=True)
    for number, fitted in enumerate(month.fitted):
        tables = fitted_tables(fit.base, fitted, months)
        if number == 0:
            write_tables(fresh, tables.tables)
        write_tables(fresh / "members" / f"{number + 1:02}", tables.tables, OWN)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    return folder


def week_of(told: Mapping[str, Any]) -> Week:
    return Week(_array(told["arrivals"]), _array(told["booths"]), _array(told["mean_s"]))


def _week_told(week: Week) -> dict[str, Any]:
    return {
        "arrivals": _plain(week.arrivals),
        "booths": _plain(week.booths, 4),
        "mean_s": _plain(week.mean_s, 5),
    }


def month_told(month: Month) -> dict[str, Any]:
    """A simulated month as a part."""
    return {"wait": _plain(month.wait, 3), "usual": _plain(month.usual, 3), "week": _week_told(month.week)}


def _plain(values: Floats, digits: int = 3) -> list[Any]:
    """Rounded numbers; None for nan."""
    rounded = np.round(values, digits)
    found: list[Any] = np.where(np.isnan(rounded), np.array(None), rounded.astype(object)).tolist()
    return found


def _array(values: Sequence[Any]) -> Floats:
    return np.array(values, dtype=float)


def read_json(path: Path) -> dict[str, Any]:
    """An object in a file of JSON."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
