"""Monthly counts of any data set in one shape, and their sums by year with how complete they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from garita.sources.encounters import COUNT, calendar_month
from garita.sources.table import Table, Values
from garita.sources.texas_bridges import VALUE, month_of

ZEROS_BELOW = 1_000
"""A month that a series leaves out is taken for a zero if no other of its year reaches this, and the place
reported
other counts then (BTS leaves out zeros)."""

EL_PASO, TOGETHER = ("El Paso", "Ysleta"), "El Paso and Ysleta"


@dataclass(frozen=True)
class Counts:
    """Counts by place, kind and month. `group` is that among which places are ranked, such as the border.

    `marked` says which are odd, `placed` how places are called, `few` that people on the move are counted.
    """

    placed: str
    place: Values
    group: Values
    kind: Values
    month: Values
    value: Values
    marked: Values
    few: bool = False


@dataclass(frozen=True)
class Year:
    """The sum of a year. `months` are those that are known, of twelve; `marked` of them are odd."""

    total: float
    months: int
    marked: int

    @property
    def whole(self) -> bool:
        """Whether all twelve months are known."""
        return self.months == 12


Sums = dict[tuple[str, str, str], dict[int, Year]]
"""By group, kind and place: the sums of its years."""


def counts(table: Table) -> Counts | None:
    """The counts of a table; None if it holds none by month and place. Rows that must not enter a sum are
    left out.
    """
    how = _READERS.get((table.source, "sums" in table.layout))
    if how is None:
        return None
    found = how(table)
    kept = table.usable & ~np.isnan(found.value)
    marked = np.array([bool(flags) and flags != "with-ysleta" for flags in table.flags], bool)
    return Counts(
        found.placed, found.place[kept], found.group[kept], found.kind[kept],
        found.month[kept], found.value[kept], marked[kept], found.few,
    )  # fmt: skip


def sums(counted: Counts) -> Sums:
    """The sums by year of every series."""
    months = counted.month.astype("datetime64[M]").astype(np.int64)
    reported: dict[tuple[str, str], set[int]] = defaultdict(set)
    series: dict[tuple[str, str, str], dict[int, list[tuple[int, float, bool]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    columns = (counted.group, counted.kind, counted.place, months, counted.value, counted.marked)
    for group, kind, place, month, value, marked in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        reported[group, place].add(month)
        series[group, kind, place][1970 + month // 12].append((month, value, marked))
    return {
        key: {year: _year(year, rows, reported[key[0], key[2]]) for year, rows in sorted(years.items())}
        for key, years in series.items()
    }


def _year(year: int, rows: list[tuple[int, float, bool]], reported: set[int]) -> Year:
    known = {month for month, _, _ in rows}
    if max(value for _, value, _ in rows) < ZEROS_BELOW:
        first = 12 * (year - 1970)
        known |= reported & set(range(first, first + 12))
    return Year(sum(value for _, value, _ in rows), len(known), sum(marked for _, _, marked in rows))


def with_el_paso_together(found: Sums) -> Sums:
    """Add El Paso and Ysleta as one place, so that there is a series across March 2020."""
    for (group, kind, place), years in list(found.items()):
        if place != EL_PASO[0]:
            continue
        other = found.get((group, kind, EL_PASO[1]), {})
        together = {}
        for year, first in years.items():
            second = other.get(year)
            # in 2020 Ysleta has ten months of its own, and two within El Paso's
            whole = (
                first.months if second is None or (year == 2020 and second.months >= 10) else second.months
            )
            total = first.total + (second.total if second else 0.0)
            marked = first.marked + (second.marked if second else 0)
            together[year] = Year(total, min(first.months, whole), marked)
        if other:
            found[group, kind, TOGETHER] = together
    return found


def _bts(table: Table) -> Counts:
    month = table["Date"].astype("datetime64[M]")
    return _counted("ports", table, "Port Name", "Border", table["Measure"], month, "Value")


def _texas(table: Table) -> Counts:
    month = month_of(table["Year"], table["Month"])
    return _counted("bridges", table, "Crossing", "Region", table["Modes"], month, VALUE)


def _sectors(table: Table) -> Counts:
    kind = np.full(len(table), "encounters", object)
    return _counted("sectors", table, "sector", None, kind, table["month"], "encounters", few=True)


def _encounters(table: Table) -> Counts:
    month = calendar_month(table["Fiscal Year"], table["Month (abbv)"])
    kind = np.full(len(table), "encounters", object)
    return _counted("components", table, "Component", None, kind, month, COUNT, few=True)


def _trade(table: Table) -> Counts:
    kind = table["TradeType"] + " by " + table["Mode"] + ", USD"
    month = month_of(table["Year"], table["Month"])
    return _counted("countries", table, "Country", None, kind, month, "TradeValue")


def _counted(
    placed: str,
    table: Table,
    place: str,
    group: str | None,
    kind: Values,
    month: Values,
    value: str,
    few: bool = False,
) -> Counts:
    groups = table[group] if group else np.full(len(table), "", object)
    values = table[value].astype(float)
    return Counts(placed, table[place], groups, kind, month, values, np.zeros(len(table), bool), few)


_READERS: dict[tuple[str, bool], Callable[[Table], Any]] = {
    ("bts", False): _bts,
    ("texas-bridges", False): _texas,
    ("usbp-sectors", False): _sectors,
    ("cbp-encounters", False): _encounters,
    ("transborder", True): _trade,
}
