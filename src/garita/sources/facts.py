"""What the data say of a port: how busy by which measure and in which year, on a typical day, and with
which trend.
"""

from __future__ import annotations

import calendar
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

from garita.errors import DataError, Problem, did_you_mean, register_messages
from garita.sources import hourly, yearly
from garita.sources.cells import NAMES, WEEKDAYS, plain
from garita.sources.repeats import told
from garita.sources.table import Table
from garita.sources.yearly import TOGETHER, Counts, Sums, Year

TOP = 3
"""Places that are listed of each ranking."""

TREND_YEARS = 10
"""Whole years that a trend goes over at most; there must be half of them."""

EL_PASO, SPLIT = yearly.EL_PASO[0], 2020
"""The port whose counts include Ysleta's until within this year."""

TITLES = {"cbp-holidays": "on days near holidays", "cbp-wait-graph": "as usual"}
"""What kind of day the waits of a data set are of, if not of a typical one."""

register_messages(
    {
        "facts-nothing": ("nothing in these files is counted by month or by hour", "Give counts or waits."),
        "facts-port": ("the files say nothing of `{value}`", "{hint}There are: {allowed}."),
    }
)


@dataclass
class Sheet:
    """A table of facts: a title, headings, rows of text, and what has to be known with it."""

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def facts(tables: Iterable[Table], port: str | None = None) -> list[Sheet]:
    """Rankings of all places, or what is known of the one called `port`.

    Raises DataError if the tables hold neither monthly counts nor hourly waits, or nothing of that port.
    """
    sheets: list[Sheet] = []
    places: dict[str, None] = {}
    for table in tables:
        counted = yearly.counts(table)
        if counted is not None and len(counted.value):
            sums = yearly.with_el_paso_together(yearly.sums(counted))
            places.update(dict.fromkeys(place for _, _, place in sums))
            sheets += _of_port(sums, counted, port) if port else _rankings(sums, counted)
        waits = list(hourly.waits(table))
        places.update(dict.fromkeys(item.place for item in waits if item.place))
        sheets += _typical_day(waits, port, table)
    if not places and not sheets:
        raise DataError(Problem("facts-nothing"))
    if port and not sheets:
        hint = did_you_mean(port, places)
        allowed = ", ".join(sorted(places))
        raise DataError(Problem("facts-port", {"value": port, "hint": hint, "allowed": allowed}))
    return sheets


def _rankings(sums: Sums, counted: Counts) -> list[Sheet]:
    """For every group: the busiest places of its last year by each kind, and the busiest year there was."""
    sheets = []
    for group in dict.fromkeys(group for group, _, _ in sums):
        year = last_year(sums, group)
        sheet = Sheet(
            f"Busiest {counted.placed}{', ' + group if group else ''}, {year}",
            ("by", "1.", "2.", "3.", "all", "busiest year of any"),
        )
        unranked: dict[str, None] = {}
        for kind in sorted({kind for of, kind, _ in sums if of == group}):
            ranked = ranking(sums, group, kind, year)
            if not ranked:
                continue
            cells = [f"{place} {_told(found, counted)}" for place, found in ranked[:TOP]]
            total = told(sum(found.total for _, found in ranked), counted.few)
            peak = _peak(sums, group, kind, counted)
            sheet.rows.append((kind, *cells, *[""] * (TOP - len(cells)), total, peak))
            unranked.update(_unranked(sums, (group, kind), year, ranked[:TOP][-1][1].total))
        if unranked:
            sheet.notes.append(f"Not ranked, because months are missing: {'; '.join(sorted(unranked))}")
        _note_marked(sheet)
        sheets.append(sheet)
    return [sheet for sheet in sheets if sheet.rows]


def _unranked(sums: Sums, key: tuple[str, str], year: int, least: float) -> dict[str, None]:
    """Places without a whole year that would have been listed, had the year gone on as it was known."""
    found = {
        place: years[year]
        for (group, kind, place), years in sums.items()
        if (group, kind) == key and year in years and not years[year].whole and place != TOGETHER
    }
    return {
        f"{place} by {key[1]} ({known.months} of 12)": None
        for place, known in found.items()
        if known.months and known.total / known.months * 12 >= least
    }


def last_year(sums: Sums, group: str) -> int:
    """The last year that is whole for at least half as many series of a group as any other year."""
    whole: dict[int, int] = defaultdict(int)
    for (of, _, _), years in sums.items():
        for year, found in years.items():
            whole[year] += of == group and found.whole
    most = max(whole.values())
    return max(year for year, number in whole.items() if 2 * number >= most)


def ranking(sums: Sums, group: str, kind: str, year: int) -> list[tuple[str, Year]]:
    """Places with a whole year above zero, the busiest first; El Paso and Ysleta each by itself."""
    there = [
        (place, years[year])
        for (of, which, place), years in sums.items()
        if (of, which) == (group, kind) and place != TOGETHER and year in years
    ]
    there = [(place, found) for place, found in there if found.whole and found.total > 0]
    return sorted(there, key=lambda pair: (-pair[1].total, pair[0]))


def _peak(sums: Sums, group: str, kind: str, counted: Counts) -> str:
    years = [
        (found.total, place, year, found)
        for (of, which, place), by_year in sums.items()
        for year, found in by_year.items()
        if (of, which) == (group, kind) and found.whole and place != TOGETHER
    ]
    _, place, year, found = max(years, key=lambda item: (item[0], item[1], item[2]))
    ysleta = " with Ysleta" if place == EL_PASO and year <= SPLIT and (group, kind, TOGETHER) in sums else ""
    return f"{place}{ysleta} {year}: {_told(found, counted)}"


def _of_port(sums: Sums, counted: Counts, port: str) -> list[Sheet]:
    """One sheet for every place that the name fits, and El Paso with Ysleta beside either."""
    sheets = []
    fitting = [place for place in dict.fromkeys(place for _, _, place in sums) if _fits(port, place)]
    for place in fitting:
        sheet = Sheet(
            f"{place}",
            (
                "by",
                "year",
                "total",
                "rank",
                "a day",
                "busiest month",
                "quietest month",
                "busiest year",
                "trend",
            ),
        )
        for (group, kind, of), years in sums.items():
            whole = {year: found for year, found in years.items() if found.whole}
            if (group, kind, TOGETHER) in sums and of == EL_PASO:
                whole = {year: found for year, found in whole.items() if year > SPLIT}
            if of == place and any(found.total for found in whole.values()):
                sheet.rows.append(_row(sums, counted, (group, kind, place), whole))
        _note_marked(sheet)
        if place == TOGETHER:
            sheet.notes.append("El Paso includes Ysleta until February 2020; here the two are added since.")
        elif place == EL_PASO and TOGETHER in fitting:
            sheet.notes.append(f"Years since {SPLIT + 1} only: before, El Paso includes Ysleta.")
        sheets.append(sheet)
    return [sheet for sheet in sheets if sheet.rows]


def _row(sums: Sums, counted: Counts, key: tuple[str, str, str], whole: dict[int, Year]) -> tuple[str, ...]:
    group, kind, place = key
    year = max(whole)
    names = [name for name, _ in ranking(sums, group, kind, year)]
    rank = f"{names.index(place) + 1} of {len(names)}" if place in names else ""
    days = 365 + calendar.isleap(year)
    a_day = "" if counted.few else f"{whole[year].total / days:,.0f}"
    peak = max(whole, key=lambda year: whole[year].total)
    months = ("", "") if place == TOGETHER else _months(counted, key, year)
    return (
        kind, str(year), _told(whole[year], counted), rank, a_day, *months,
        f"{peak}: {_told(whole[peak], counted)}", trend({year: found.total for year, found in whole.items()}),
    )  # fmt: skip


def _months(counted: Counts, key: tuple[str, str, str], year: int) -> tuple[str, str]:
    """The busiest and the quietest month of a year, by counts a day."""
    group, kind, place = key
    at = counted.month.astype("datetime64[M]").astype(np.int64)
    chosen = (counted.place == place) & (counted.kind == kind) & (counted.group == group)
    chosen &= at // 12 == year - 1970
    monthly: dict[int, float] = defaultdict(float)
    for month, value in zip(at[chosen].tolist(), counted.value[chosen].tolist(), strict=True):
        monthly[month % 12 + 1] += value / calendar.monthrange(year, month % 12 + 1)[1]
    if len(monthly) < 12 or counted.few:
        return "", ""
    most, least = max(monthly, key=monthly.__getitem__), min(monthly, key=monthly.__getitem__)
    return tuple(f"{NAMES[month - 1][:3]} {monthly[month]:,.0f} a day" for month in (most, least))  # type: ignore[return-value]


def trend(totals: dict[int, float]) -> str:
    """Change to the year before, and per year over the last ten (least squares on logarithms), in words."""
    said = []
    years = sorted(year for year, total in totals.items() if total > 0)
    for before, year in list(pairwise(years))[-1:]:
        if year - before == 1:
            said.append(f"{totals[year] / totals[before] - 1:+.1%} on {before}")
    recent = [year for year in years if year > years[-1] - TREND_YEARS] if years else []
    if len(recent) >= TREND_YEARS // 2:
        slope = np.polyfit(recent, [math.log(totals[year]) for year in recent], 1)[0]
        said.append(f"{math.expm1(slope):+.1%} a year since {recent[0]}")
    return "; ".join(said)


def _typical_day(waits: Sequence[hourly.Waits], port: str | None, table: Table) -> list[Sheet]:
    """Mean waits by hour: of each place, or of those that the name fits. Files that name no place are taken
    too.
    """
    sheets = []
    for place in dict.fromkeys(item.place for item in waits):
        if port and place and not _fits(port, place):
            continue
        where = place or Path(table.file or "").name
        sheet = Sheet(
            f"Waits in minutes {TITLES.get(table.source, 'on a typical day')}: {where}",
            ("lane", "mean", "longest at", "shortest at", "longest on", "00", "04", "08", "12", "16", "20"),
        )
        for item in waits:
            if item.place == place:
                sheet.rows.append(_day(item))
        sheets.append(sheet)
    return sheets


def _day(item: hourly.Waits) -> tuple[str, ...]:
    hours, days = item.by_hour(), item.by_weekday()
    most, least = max(hours, key=hours.__getitem__), min(hours, key=hours.__getitem__)
    longest = max(days, key=days.__getitem__) if len(days) > 1 else None
    return (
        item.lane,
        f"{np.mean(list(hours.values())):.0f}",
        f"{most:02}: {hours[most]:.0f}",
        f"{least:02}: {hours[least]:.0f}",
        f"{WEEKDAYS[longest]}: {days[longest]:.0f}" if longest is not None else "",
        *(f"{hours[hour]:.0f}" if hour in hours else "" for hour in range(0, 24, 4)),
    )


def _fits(port: str, place: str) -> bool:
    return plain(port) in plain(place)


def _told(found: Year, counted: Counts) -> str:
    return told(found.total, counted.few) + ("*" if found.marked else "")


def _note_marked(sheet: Sheet) -> None:
    if any("*" in cell for row in sheet.rows for cell in row):
        sheet.notes.append("* some of its months are marked as odd: `garita sources read` tells why.")
