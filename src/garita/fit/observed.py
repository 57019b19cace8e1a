"""Waits as their publishers have them, by the lines of a region: month, weekday and hour.

A month is ``"11"`` of averages that do not say of which years they are, ``"2018-11"`` of waits by date.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

import garita.fit.messages  # noqa: F401 - the texts of the problems raised here
from garita.build.packaged import LineKey
from garita.errors import DataError, Problem, did_you_mean, shorten
from garita.fit.places import Place, Places, lane_of, lane_of_kind
from garita.sources.cells import NAMES
from garita.sources.reading import read
from garita.sources.table import Table, Values

Floats = npt.NDArray[np.float64]
HOURS = 168
CHANGED = "2019-04"
"""When CBP changed how it measures waits (SANDAG's open data show the jump): no fit across this month."""

LEAST_HOURS = 0.5
"""Share of the week's hours in which a line must have waits."""

LEAST_MONTHS = 3


@dataclass(frozen=True)
class Column:
    """One published series: a lane type at a place, and the lines of the region behind it."""

    place: str
    mode: str
    lane_type: str
    lines: tuple[LineKey, ...]

    @property
    def id(self) -> str:
        return f"{self.place}:{self.mode}:{self.lane_type}"

    @property
    def kind(self) -> tuple[str, bool]:
        """Lines that are alike in how seasons show: the mode, and whether only the vetted may use them."""
        return self.mode, self.lane_type in ("trusted", "fast")


@dataclass(frozen=True)
class Waits:
    """``wait`` [columns, months, 168 hours from Monday 0 h], minutes, nan where there is none."""

    columns: tuple[Column, ...]
    months: tuple[str, ...]
    wait: Floats
    notes: tuple[Problem, ...] = ()

    def of_months(self, months: Sequence[str]) -> Waits:
        """The waits of some of the months."""
        chosen = [self.months.index(month) for month in months]
        return Waits(self.columns, tuple(months), self.wait[:, chosen], self.notes)


def month_of(text: str) -> str:
    """``2018-11``, or ``11`` of ``11`` or ``November``. Raises DataError if it is no month."""
    said = text.strip().casefold()
    for number, name in enumerate(NAMES, 1):
        if len(said) >= 3 and name.casefold().startswith(said):
            return f"{number:02}"
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", said):
        return said
    if said.isdigit() and len(said) <= 2 and 1 <= int(said) <= 12:
        return f"{int(said):02}"
    raise DataError(Problem("fit-month", {"value": shorten(text, 30)}))


def read_waits(
    files: Sequence[str | Path], places: Places, since: str | None = None, until: str | None = None
) -> Waits:
    """Waits of files of averages or of waits by date, `PLACE=FILE` where a file does not say its place.

    ``since`` and ``until``, as ``2019-05``, limit waits by date. Lines with waits in few hours or months are
    left out, and a note says so. Raises DataError, also for waits from both sides of April 2019.
    """
    found: dict[tuple[Place, str, str], dict[str, list[Floats]]] = defaultdict(lambda: defaultdict(list))
    unknown: list[str] = []
    for said in files:
        place, path = _named(said, places)
        table = read(path)
        for name, lane, weeks in _series(table, path, places if place is None else None):
            at = place or places.find(name)
            if at is None or lane is None or not places.lines_of(at, *lane):
                unknown.append(name if lane is None else f"{name} ({' '.join(lane)})".strip())
                continue
            for month, week in weeks.items():
                found[at, *lane][month].append(week)
    if not found:
        missing = {"allowed": ", ".join(places.names), "found": ", ".join(dict.fromkeys(unknown)) or "none"}
        raise DataError(Problem("fit-nothing-matches" if unknown else "fit-no-waits", missing))
    series = {
        key: {month: _mean(weeks) for month, weeks in by_month.items()} for key, by_month in found.items()
    }
    return _cube(places, _within(series, since, until))


def _mean(weeks: Sequence[Floats]) -> Floats:
    """Mean of the weeks [168] that several files have of a month; nan where none has a wait."""
    known = ~np.isnan(weeks)
    count = known.sum(axis=0)
    return np.where(count > 0, np.where(known, weeks, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)


def _named(said: str | Path, places: Places) -> tuple[Place | None, Path]:
    """The place and the file of ``PLACE=FILE``, or of ``FILE``."""
    name, sign, path = str(said).partition("=")
    if not sign or Path(said).exists():
        return None, Path(said)
    place = places.named(name) or places.find(name)
    if place is None:
        hint = did_you_mean(name, places.names)
        params = {"value": shorten(name), "hint": hint, "allowed": ", ".join(places.names)}
        raise DataError(Problem("fit-unknown-place", params))
    return place, Path(path)


Series = Iterable[tuple[str, tuple[str, str] | None, dict[str, Floats]]]


def _series(table: Table, path: Path, places: Places | None) -> Series:
    """Publisher's name, (mode, lane type) and weeks by month of every series of a table. ``places``: those
    that
    a table without names might be of; None if it was said."""
    kept = np.array(
        [not {"carried", "outlier", "conflict"} & set(flag.split()) for flag in table.flags], bool
    )
    if "avg_wait_min" in table.columns:
        months = np.array([f"{int(month):02}" for month in table["Month"]], object)
        hours = table["weekday"].astype(np.int64) * 24 + table["Time"].astype(np.int64) // 60
        yield from _long(table, months, hours, table["avg_wait_min"], kept)
    elif "wait_min" in table.columns:
        months = table["date"].astype("datetime64[M]").astype(str).astype(object)
        hours = _weekday(table["date"]) * 24 + table["Time"].astype(np.int64) // 60
        yield from _long(table, months, hours, table["wait_min"], kept)
    elif table.source in ("cbp-historical", "cbp-holidays"):
        if places is not None:
            raise DataError(Problem("fit-which-place", {"allowed": ", ".join(places.names)}, str(path)))
        if "bwt_day" in table.columns:
            if np.isnan(table["month"].astype(float)).any():
                raise DataError(Problem("fit-no-waits", {}, str(path)))
            months = np.array([f"{int(month):02}" for month in table["month"]], object)
            day = table["bwt_day"].astype(np.int64)
        else:
            months = table["bwt_date"].astype("datetime64[M]").astype(str).astype(object)
            day = _weekday(table["bwt_date"])
        hours = day * 24 + table["time_slot"].astype(np.int64)
        for name, values in table.columns.items():
            if lane := lane_of(name):
                yield "", lane, _weeks(months, hours, values.astype(float), kept)
    else:
        raise DataError(Problem("fit-no-waits", {}, str(path)))


def _long(table: Table, months: Values, hours: Values, waits: Values, kept: Values) -> Series:
    names = list(zip(table["Port"], table["Lane"], table["Sub-Lane"], strict=True))
    for port, lane, kind in dict.fromkeys(names):
        chosen = kept & np.array([name == (port, lane, kind) for name in names], bool)
        yield str(port), lane_of_kind(lane, kind), _weeks(months, hours, waits.astype(float), chosen)


def _weekday(days: Values) -> Values:
    """0 (Monday) to 6, of datetime64[D]: 1970-01-01 was a Thursday."""
    return np.asarray((days.astype("datetime64[D]").astype(np.int64) + 3) % 7)


def _weeks(months: Values, hours: Values, waits: Values, kept: Values) -> dict[str, Floats]:
    """Mean wait by hour of the week [168] of each month that has any; nan where there is none."""
    found = {}
    kept = kept & ~np.isnan(waits)
    for month in sorted(set(months[kept].tolist())):
        chosen = kept & (months == month)
        count = np.bincount(hours[chosen], minlength=HOURS)
        total = np.bincount(hours[chosen], waits[chosen], minlength=HOURS)
        found[month] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return found


By = Mapping[tuple[Place, str, str], Mapping[str, Floats]]


def _within(series: By, since: str | None, until: str | None) -> By:
    """The months that may be fitted together. Raises DataError for both sides of April 2019."""
    dated = sorted({month for weeks in series.values() for month in weeks if len(month) > 2})
    kept = [month for month in dated if (since or "") <= month <= (until or "9999") and month != CHANGED]
    averages = any(len(month) == 2 for weeks in series.values() for month in weeks)
    before = [month for month in kept if month < CHANGED]
    after = [month for month in kept if month > CHANGED]
    if before and (after or averages):
        told = {"before": before[-1], "after": after[0] if after else "averages since then"}
        raise DataError(Problem("fit-across-2019", told))
    return {
        key: {month: week for month, week in weeks.items() if len(month) == 2 or month in kept}
        for key, weeks in series.items()
    }


def _cube(places: Places, series: By) -> Waits:
    """The series that are complete enough, in the order of the region's lines."""
    months = tuple(sorted({month for weeks in series.values() for month in weeks}))
    columns, cubes, notes = [], [], []
    for (place, mode, lane_type), weeks in series.items():
        column = Column(place.id, mode, lane_type, places.lines_of(place, mode, lane_type))
        cube = np.array([weeks.get(month, np.full(HOURS, np.nan)) for month in months])
        share = (~np.isnan(cube)).mean(axis=1)
        enough = share >= LEAST_HOURS
        cube[~enough] = np.nan
        if enough.sum() < min(LEAST_MONTHS, len(months)):
            reason = f"waits in {100 * share.mean():.0f} % of the hours"
            notes.append(
                Problem("fit-lane-left-out", {"what": column.id, "reason": reason}, severity="warning")
            )
        else:
            columns.append(column)
            cubes.append(cube)
    if not columns:
        raise DataError([*notes, Problem("fit-no-waits", {})])
    order = sorted(range(len(columns)), key=lambda i: places.lines.index(columns[i].lines[0]))
    return Waits(tuple(columns[i] for i in order), months, np.array([cubes[i] for i in order]), tuple(notes))
