"""Monthly counts as their publishers have them, by the crossings of a region, as parties a day."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from garita.errors import DataError, Problem
from garita.fit.observed import CHANGED, Floats
from garita.fit.places import MODES, Place, Places
from garita.sources.reading import read
from garita.sources.table import Table

YEARS = 3
"""Averages of unknown years are set against the mean of so many last years of the counts."""

Bools = npt.NDArray[np.bool_]
AFTER = "2019-05"
ROUNDS = 20  # of the median polish


@dataclass(frozen=True)
class Counts:
    """Parties a month, by place and mode; ``since`` and ``until`` limit what averages are set against.
    ``drawn``: whether an average year is drawn towards no season as far as the years disagree."""

    series: Mapping[tuple[Place, str], Mapping[str, float]]
    since: str
    until: str
    drawn: bool = True

    def nearest(self, crossings: frozenset[str], mode: str) -> tuple[Place, Mapping[str, float]] | None:
        """The counts of the smallest place that holds these crossings."""
        found = [
            (place, series) for (place, counted), series in self.series.items()
            if counted == mode and crossings <= set(place.crossings)
        ]  # fmt: skip
        return min(found, key=lambda one: len(one[0].crossings)) if found else None

    def daily(self, crossings: frozenset[str], mode: str, month: str) -> float:
        """Parties a day at the smallest counted place that holds the crossings; nan if that is not known.

        Of a month without a year: that of an average year, whichever years have the month.
        """
        found = self.nearest(crossings, mode)
        if found is None:
            return float("nan")
        if len(month) > 2:
            return found[1].get(month, float("nan")) / days_of(month)
        return float(self._average_year(found[1])[int(month) - 1])

    def _average_year(self, series: Mapping[str, float]) -> Floats:
        """Parties a day of the twelve months: log-additive in year and month (Tukey's median polish), so that
        a year with missing months does not tilt the season."""
        chosen = {month: value for month, value in series.items() if self.since <= month <= self.until}
        years = sorted({int(month[:4]) for month in chosen})
        if not years:
            return np.full(12, np.nan)
        table = np.full((len(years), 12), np.nan)
        for month, value in chosen.items():
            table[years.index(int(month[:4])), int(month[5:]) - 1] = np.log(max(value, 1.0) / days_of(month))
        known = ~np.isnan(table).all(axis=0)
        by_month, by_year = np.zeros(12), np.zeros(len(years))
        for _ in range(ROUNDS):
            by_year = np.nanmedian(table[:, known] - by_month[known], axis=1)
            by_month[known] = np.nanmedian(table[:, known] - by_year[:, None], axis=0)
        rest = table - by_year[:, None] - by_month
        if self.drawn:
            by_month = _agreed(by_month, rest, known)
        effects = np.exp(by_month + by_year.mean())
        return np.asarray(np.where(known, effects, np.nan))


def _agreed(by_month: Floats, rest: Floats, known: Bools) -> Floats:
    """Effects of the months, drawn towards none as far as the years disagree on them.

    ``rest`` [years, 12] is what year and month leave of the log counts. A season that is not there in each of
    the years is no reason to expect longer waits (the dilution of a regression on a figure with errors).
    """
    seen = ~np.isnan(rest[:, known])
    free = seen.sum() - rest.shape[0] - known.sum() + 1
    spread = float(np.var(by_month[known]))
    if free < 1 or spread <= 0.0:
        return by_month
    error = float(np.nansum(rest[:, known] ** 2)) / free / max(float(seen.sum(axis=0).mean()), 1.0)
    return np.asarray(by_month * max(0.0, 1.0 - error / spread), np.float64)


def days_of(month: str) -> int:
    """Days of a month, as ``2018-11``."""
    return calendar.monthrange(int(month[:4]), int(month[5:]))[1]


def read_counts(
    files: Sequence[str | Path], places: Places, since: str | None = None, until: str | None = None,
    averages: bool = True,
) -> Counts:  # fmt: skip
    """Counts of files of BTS entries or Texas bridges. Marked values (carried over, contradicted) are
    unknown.

    ``since`` and ``until`` say which months averages are set against (by default the last three years); with
    ``averages`` they may not begin before April 2019. Raises DataError.
    """
    if averages and since is not None and since < CHANGED:
        raise DataError(Problem("fit-counts-before-2019", {"since": since}))
    series: dict[tuple[Place, str], dict[str, float]] = defaultdict(dict)
    for path in files:
        _add(read(Path(path)), places, series)
    if not series:
        raise DataError(Problem("fit-no-counts", {}))
    last = until or max(month for values in series.values() for month in values)
    return Counts(dict(series), since or (max(_years_before(last), AFTER) if averages else "0000-01"), last)


def _years_before(last: str) -> str:
    """The first of the YEARS years of months that end with ``last``."""
    number = 12 * (int(last[:4]) - YEARS) + int(last[5:])
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _add(table: Table, places: Places, series: dict[tuple[Place, str], dict[str, float]]) -> None:
    if "Measure" in table.columns:
        found = {code: places.of_code(str(code)) for code in set(table["Port Code"].tolist())}
        rows = zip(table["Port Code"].tolist(), table["Measure"].tolist(),
                   table["Date"].astype("datetime64[M]").astype(str).tolist(), table["Value"].tolist(),
                   table.flags, strict=True)  # fmt: skip
    elif "Northbound Crossing" in table.columns:
        found = {name: places.find(str(name)) for name in set(table["Crossing"].tolist())}
        months = [f"{year:04}-{month:02}" for year, month in zip(table["Year"], table["Month"], strict=True)]
        rows = zip(table["Crossing"].tolist(), table["Modes"].tolist(), months,
                   table["Northbound Crossing"].tolist(), table.flags, strict=True)  # fmt: skip
    else:
        raise DataError(Problem("fit-no-counts", {}, table.file))
    for where, what, month, value, flag in rows:
        place, mode = found[where], MODES.get(str(what))
        if place is not None and mode in places.modes_of(place) and not flag and value > 0:
            series[place, mode][month] = float(value)
