"""Fitting a region from files to a folder: search, average week, months that were left out."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from garita import __version__
from garita.engine.cache import engine_digest
from garita.errors import DataError, Problem
from garita.fit import store
from garita.fit.counts import Counts, read_counts
from garita.fit.model import Fit, Month, data_of, log_volumes, volumes_of
from garita.fit.month_scores import Score, Told, scores, write_scores, write_waits
from garita.fit.objective import Objective
from garita.fit.observed import LEAST_MONTHS, Floats, Waits, month_of, read_waits
from garita.fit.page import record
from garita.fit.parameters import intervals, members
from garita.fit.places import Places
from garita.fit.search import Effort, search, write_json
from garita.reference import RegionTables

Progress = Callable[[str, int, int], None]
"""What is called with (what is done, parts done, parts in all)."""


@dataclass(frozen=True)
class Sources:
    """What a fit is made from, read and checked. ``files`` are told in the result."""

    base: RegionTables
    begun_from: str
    waits: Waits
    counts: Counts
    files: tuple[str, ...]

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What was left out."""
        return self.waits.notes


def read_sources(
    region: str, counts: Sequence[str | Path], waits: Sequence[str | Path], since: str | None = None,
    until: str | None = None,
) -> Sources:  # fmt: skip
    """Read counts and waits of a region (its name, or a folder with tables). ``since`` and ``until``, as
    ``2019-05``, limit waits by date, and the counts that averages are set against. Raises DataError."""
    first, last = (month_of(limit) if limit else None for limit in (since, until))
    for limit in (first, last):
        if limit is not None and len(limit) == 2:
            raise DataError(Problem("fit-month", {"value": limit}))
    base = store.region_of(region)
    places = Places(base.tables)
    read = read_waits(waits, places, first, last)
    averages = any(len(month) == 2 for month in read.months)
    files = tuple(Path(str(name).rpartition("=")[2]).name for name in (*counts, *waits))
    return Sources(base, region, read, read_counts(counts, places, first, last, averages), files)


@dataclass(frozen=True)
class Result:
    """A finished fit: its folder, what it found, months told without having been fitted, and their scores."""

    folder: Path
    fit: Fit
    told: list[Told]
    scores: list[Score]
    page: dict[str, Any]  # what garita.report.fitting writes


def calibrate(
    sources: Sources, folder: Path, *, leave_out: Sequence[str] = (), seed: int = 1,
    effort: Effort | None = None, workers: int | None = None, progress: Progress | None = None,
) -> Result:  # fmt: skip
    """Fit a region and write the fit to ``folder``; a fit that was killed goes on from where it was.

    ``leave_out``: months (``11``, ``november``, ``2018-11``) that are not fitted, but told from their volume
    and scored. Raises DataError for months that are not there or too few, ResultsError for a folder that
    holds
    something else.
    """
    effort = effort or Effort()
    left_out, kept = _split(sources.waits, leave_out)
    fitted = sources.waits.of_months(kept)
    volume = volumes_of(fitted, sources.counts)
    parts = store.prepare(folder, _key(sources, fitted, volume, seed, effort))
    say = progress or (lambda *_: None)

    data = data_of(sources.base, fitted, volume)
    found = search(Objective(data), parts, seed, lambda *at: say("searching", *at), effort)
    source = f"fit of {', '.join(sources.files)}"
    chosen = tuple(data.values(one.places) for one in members(found.good))
    fit = Fit(sources.base, fitted, volume, chosen, intervals(data.space, found.good), source, seed)

    average = _month(parts, fit, None, None, workers, lambda *at: say("an average week", *at))
    fit = replace(fit, week=average.week)
    told = []
    for month in left_out:
        at = log_volumes(fitted.columns, sources.counts, month)
        simulated = _month(parts, fit, month, at, workers, lambda *at, m=month: say(f"month {m}", *at))
        told.append(told_of(fit, sources.waits, simulated))
    store.write_region(folder / store.REGION, fit, average)
    months = scores(told)
    write_scores(folder / "scores.csv", months)
    write_waits(folder / "waits.csv", [told_of(fit, sources.waits, average), *told])
    about = {
        "garita": __version__,
        "begun_from": sources.begun_from,
        "files": list(sources.files),
        "left_out": list(left_out),
        "counts_of": [sources.counts.since, sources.counts.until],
        "effort": vars(effort),
        "key": json.loads((parts / store.KEY).read_text(encoding="utf-8")),
        "left_out_log_daily_parties": {
            month: [None if np.isnan(value) else round(float(value), 6)
                    for value in log_volumes(fitted.columns, sources.counts, month)]
            for month in left_out
        },
        "space": [vars(parameter) for parameter in data.space],
    }  # fmt: skip
    store.save(folder, fit, about)
    everything = [told_of(fit, sources.waits, average), *told]
    page = record(fit, everything, months, [sources.counts.since, sources.counts.until])
    return Result(folder, fit, told, months, page)


def _split(waits: Waits, leave_out: Sequence[str]) -> tuple[list[str], list[str]]:
    """The months to leave out, and those to fit."""
    left_out = list(dict.fromkeys(month_of(month) for month in leave_out))
    for month in left_out:
        if month not in waits.months:
            params = {"value": month, "allowed": ", ".join(waits.months)}
            raise DataError(Problem("fit-unknown-month", params))
    kept = [month for month in waits.months if month not in left_out]
    if len(kept) < LEAST_MONTHS:
        raise DataError(Problem("fit-few-months", {"found": len(kept), "wanted": LEAST_MONTHS}))
    return left_out, kept


def _key(sources: Sources, waits: Waits, volume: Floats, seed: int, effort: Effort) -> dict[str, str]:
    """What a fit depends on, by digests."""
    return {
        "waits": store.digest_of(waits.wait, " ".join([*waits.months, *(c.id for c in waits.columns)])),
        "counts": store.digest_of(volume),
        "region": sources.base.digest,
        "seed": str(seed),
        "effort": json.dumps(vars(effort)),
        "program": f"{__version__} {engine_digest()}",
    }


def _month(
    parts: Path, fit: Fit, month: str | None, log_volume: Floats | None, workers: int | None, progress: Any
) -> Month:
    """A simulated month from its part, or made and written. Numbers are those of the part either way."""
    path = parts / f"month-{month or 'average'}.json"
    if not path.is_file():
        write_json(path, store.month_told(fit.month(month, log_volume, progress, workers)))
    told = json.loads(path.read_text(encoding="utf-8"))
    return fit.resumed(month, log_volume, np.array(told["wait"], float), store.week_of(told["week"]))


def told_of(fit: Fit, observed: Waits, month: Month) -> Told:
    """A simulated month beside what was observed; an average month beside the mean of those fitted."""
    climatology = fit.data.known.mean
    if month.month is None:
        return Told("average", fit.waits.columns, climatology, climatology, month.wait)
    at = observed.months.index(month.month)
    rows = [observed.columns.index(column) for column in fit.waits.columns]
    return Told(month.month, fit.waits.columns, observed.wait[rows, at], climatology, month.wait)


def score(
    fit: Fit, observed: Waits, counts: Counts, *, months: Sequence[str] | None = None,
    workers: int | None = None, progress: Progress | None = None,
) -> list[Told]:  # fmt: skip
    """Tell months from a finished fit and their volumes, and set them beside what was observed.

    ``months`` by default those of ``observed`` that were not fitted. Raises DataError if there are none.
    """
    chosen = (
        [month for month in observed.months if month not in fit.waits.months] if months is None else months
    )
    if not chosen:
        raise DataError(Problem("fit-all-fitted", {}))
    for month in chosen:
        if month not in observed.months:
            params = {"value": month, "allowed": ", ".join(observed.months)}
            raise DataError(Problem("fit-unknown-month", params))
    say = progress or (lambda *_: None)
    columns = [column for column in fit.waits.columns if column in observed.columns]
    if len(columns) < len(fit.waits.columns):
        observed = _with_missing(fit, observed)
    told = []
    for month in chosen:
        volume = log_volumes(fit.waits.columns, counts, month)
        simulated = fit.month(month, volume, lambda *at, m=month: say(f"month {m}", *at), workers)
        told.append(told_of(fit, observed, simulated))
    return told


def _with_missing(fit: Fit, observed: Waits) -> Waits:
    """Waits with nan for columns of the fit that were not observed."""
    missing = [column for column in fit.waits.columns if column not in observed.columns]
    nothing = np.full((len(missing), *observed.wait.shape[1:]), np.nan)
    return Waits((*observed.columns, *missing), observed.months, np.concatenate([observed.wait, nothing]))


def in_turn(sources: Sources, folder: Path, **how: Any) -> list[Result]:
    """Leave out each month in turn: a fit of its own for each, in ``folder/without-MONTH``."""
    return [
        calibrate(sources, folder / f"without-{month}", leave_out=[month], **how)
        for month in sources.waits.months
    ]


def write_month(
    folder: Path, name: str, counts: Sequence[str | Path], out: Path, workers: int | None = None,
    progress: Progress | None = None,
) -> Path:  # fmt: skip
    """Write the region of a fit as it is in one month, with that month's volume. Raises DataError if it is
    not
    counted."""
    fit, about = store.load(folder)
    month = month_of(name)
    since = about["counts_of"][0]
    found = read_counts(counts, Places(fit.base.tables), since, averages=len(month) == 2)
    volume = log_volumes(fit.waits.columns, found, month)
    if np.isnan(volume).all():
        raise DataError(Problem("fit-month-uncounted", {"what": "the region's ports", "month": month}))
    say = progress or (lambda *_: None)
    simulated = fit.month(month, volume, lambda *at: say(f"month {month}", *at), workers)
    return store.write_region(out, fit, simulated)
