"""A packaged region as lines: monthly counts spread over days and hours."""

from __future__ import annotations

import math
from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from garita.build.calendar import Calendar, LocalHour, clock
from garita.build.lines import WEEKDAYS, Crossing, HourlyValues, Line, Region, Secondary
from garita.build.service import Service
from garita.engine.types import Floats
from garita.errors import DataError, Problem

Row = Mapping[str, str]
LineKey = tuple[str, str, str, str]
# A decision on staffing takes effect half an hour later, and what is published is half an hour old by
# then: officers
# aim at the wait people are used to at that time.
TARGET_AHEAD_HOURS = 0.5
DAY_TYPES = ("weekday",) * 5 + ("saturday", "sunday")


def line_key(row: Row) -> LineKey:
    return row["crossing"], row["direction"], row["mode"], row["lane_type"]


def _number(text: str | None, otherwise: float) -> float:
    return float(text) if text not in (None, "") else otherwise


class Demand:
    """Parties an hour of every line: monthly counts x weekday and special-day factors x hourly shares.

    A month's total is that of the publisher plus what it could not count while a crossing was shut; a month
    that is not in the tables takes the nearest one of the same season, which is an assumption.
    """

    def __init__(self, tables: Mapping[str, Sequence[Row]]) -> None:
        self.volume: dict[tuple[str, str, str], dict[str, float]] = defaultdict(dict)
        for row in tables["volumes"]:
            total = float(row["parties"]) + _number(row.get("not_counted_parties"), 0.0)
            self.volume[row["crossing"], row["direction"], row["mode"]][row["month"]] = total
        self.weekday: dict[LineKey, list[float]] = defaultdict(lambda: [1.0] * 7)
        for row in tables["weekday_factors"]:
            self.weekday[line_key(row)][WEEKDAYS.index(row["weekday"])] = float(row["factor"])
        self.share: dict[tuple[LineKey, str], list[float]] = defaultdict(lambda: [0.0] * 24)
        for row in tables["hour_shares"]:
            self.share[line_key(row), row["day_type"]][int(row["hour"])] = float(row["share"])
        self.special: dict[tuple[date, str, str], tuple[float, str]] = {
            (date.fromisoformat(row["date"]), row["direction"], row["mode"]): (
                float(row["factor"]),
                row["treat_as"],
            )
            for row in tables.get("special_days", ())
        }

        self._months: dict[tuple[LineKey, int, int], tuple[float, float]] = {}  # parties, sum of weights

    def _weight(self, key: LineKey, day: date) -> float:
        factor = self.special.get((day, key[1], key[2]), (1.0, ""))[0]
        return factor * self.weekday[key][day.weekday()]

    def month_total(self, key: LineKey, day: date) -> float:
        """Parties in the day's month, or in the same month of the nearest year that is known."""
        months = self.volume[key[:3]]
        if not months:
            return 0.0
        wanted = day.year * 12 + day.month
        nearest = min(
            months,
            key=lambda month: (
                abs(int(month[5:]) - day.month) % 12 != 0,
                abs(int(month[:4]) * 12 + int(month[5:]) - wanted),
            ),
        )
        return months[nearest]

    def of_day(self, key: LineKey, lane_share: float, day: date) -> float:
        """Parties of one day."""
        month = key, day.year, day.month
        if month not in self._months:
            days = monthrange(day.year, day.month)[1]
            weights = sum(self._weight(key, day.replace(day=number + 1)) for number in range(days))
            self._months[month] = self.month_total(key, day), weights
        total, weights = self._months[month]
        return total * lane_share * self._weight(key, day) / weights if weights > 0 else 0.0

    def day_types(self, key: LineKey) -> tuple[str, ...]:
        """The day type of each weekday: its own (``mon``, ...) where hourly shares are given by weekday."""
        return tuple(
            name if (key, name) in self.share else DAY_TYPES[day] for day, name in enumerate(WEEKDAYS)
        )

    def hourly(self, key: LineKey, lane_share: float) -> HourlyValues:
        """Parties an hour of one line."""

        def values(calendar: Calendar, local: Sequence[LocalHour]) -> Floats:
            totals = {day: self.of_day(key, lane_share, day) for day in {at.day for at in local}}
            found = np.zeros(calendar.hours)
            usual = self.day_types(key)
            for i, at in enumerate(local):
                day_type = self.special.get((at.day, key[1], key[2]), (1.0, usual[at.weekday]))[1]
                found[i] = totals[at.day] * self.share[key, day_type][at.hour]
            return found

        return values


def _usual(rows: Sequence[Row]) -> dict[LineKey, Floats]:
    waits: dict[LineKey, Floats] = defaultdict(lambda: np.zeros((7, 24)))
    for row in rows:
        waits[line_key(row)][WEEKDAYS.index(row["weekday"]), int(row["hour"])] = _number(row["wait_min"], 0.0)
    return waits


def _by_week(table: Floats) -> HourlyValues:
    def values(calendar: Calendar, local: Sequence[LocalHour]) -> Floats:
        return np.array([table[at.weekday, at.hour] for at in local])

    return values


def _ahead(table: Floats, hours: float) -> Floats:
    """A table by weekday and hour, read so many hours later."""
    week = table.ravel()
    whole, part = int(hours), hours - int(hours)
    later = (1.0 - part) * np.roll(week, -whole) + part * np.roll(week, -whole - 1)
    return later.reshape(table.shape)


def _rosters(rows: Sequence[Row]) -> dict[LineKey, tuple[tuple[tuple[int, float], ...], ...]]:
    steps: dict[LineKey, list[list[tuple[int, float]]]] = defaultdict(lambda: [[] for _ in range(7)])
    for row in rows:
        steps[line_key(row)][WEEKDAYS.index(row["weekday"])].append(
            (int(row["from_hour"]) * 60, float(row["booths"]))
        )
    return {key: tuple(tuple(sorted(day)) for day in week) for key, week in steps.items()}


def _in_season(rows: Sequence[Row], flows: Sequence[Row], demand: Demand, day: date) -> list[Row]:
    """Rosters of a month: those made for so many parties a day (``made_for``) grow and shrink with demand.

    A port staffs more booths in a month when more people come; rosters without that column hold all year.
    """
    flow = {line_key(row): row for row in flows}
    days = monthrange(day.year, day.month)[1]
    found = []
    for row in rows:
        made_for, line = _number(row.get("made_for"), 0.0), flow.get(line_key(row))
        if made_for > 0 and line is not None and int(row["booths"]):
            now = demand.month_total(line_key(row), day) / days * float(line["lane_share"])
            booths = math.floor(float(row["booths"]) * now / made_for + 0.5)
            row = {**row, "booths": str(max(1, min(booths, int(line["booths"]))))}
        found.append(row)
    return found


def _service(row: Row, mean: float) -> Service:
    shape, cv = _number(row.get("shape"), math.nan), _number(row.get("cv"), math.nan)
    use_shape = row["distribution"] in ("erlang", "gamma") and not math.isnan(shape)
    use_cv = row["distribution"] in ("gamma", "lognormal") and not use_shape
    return Service(row["distribution"], mean, shape if use_shape else None, cv if use_cv else None)


def _crossings(rows: Sequence[Row], zone: str) -> tuple[Crossing, ...]:
    return tuple(
        Crossing(
            row["crossing"],
            row["name"],
            row["port"],
            row.get("port_name") or row["port"],
            float(row["lat"]),
            float(row["lon"]),
            row["choice_group"],
            ZoneInfo(row.get("zone") or zone),
            ((clock(row["opens"]), clock(row["closes"])),),
        )
        for row in rows
    )


def packaged_region(region: Any, day: date | None = None) -> Region:
    """The region of packaged tables, staffed as in the month of a day (None: as the tables say).

    Raises DataError if a table lacks a line it must have.
    """
    tables = region.tables
    demand, usual = Demand(tables), _usual(tables["usual_waits"])
    staffed = tables["rosters"]
    if day is not None:
        staffed = _in_season(staffed, tables["flows"], demand, day)
    rosters = _rosters(staffed)
    must = {
        (row["direction"], row["mode"], row["lane_type"]): float(row["must_share"])
        for row in tables["purposes"]
    }
    classes: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in tables["classes"]:
        classes[row["direction"], row["mode"]][row["class"]] = float(row["share"])
    lines, problems = [], []
    for row in tables["flows"]:
        key = line_key(row)
        if key not in rosters:
            problems.append(Problem("missing-row", {"table": "rosters", "row": ":".join(key)}))
            continue
        waits, target = _by_week(usual[key]), _by_week(_ahead(usual[key], TARGET_AHEAD_HOURS))
        lines.append(
            Line(
                *key,
                float(row["lanes"]),
                float(row["booths"]),
                _service(row, float(row["mean_s"]) / 60.0),
                float(row["referral_share"]),
                float(row["people_per_party"]),
                float(row["spacing_m"]),
                _number(row["approach_m"], math.nan),
                must.get(key[1:], must.get((*key[1:3], "standard"), 0.22)),
                demand.hourly(key, float(row["lane_share"])),
                waits,
                target if row["pool"] else None,
                rosters[key],
                row["pool"],
                classes[key[1], key[2]],
            )
        )
    if problems:
        raise DataError(problems)
    secondary = tuple(
        Secondary(
            row["crossing"],
            row["direction"],
            tuple(row["modes"].split(";")),
            (int(row["places"]),) * 24,
            _service(row, float(row["mean_min"])),
        )
        for row in tables["secondary"]
    )
    travel = {
        (row["origin"], row["destination"], row["mode"]): float(row["extra_min"])
        for row in tables.get("travel", ())
    }
    pools = {row["pool"]: float(row["limit_factor"]) for row in tables["pools"]}
    return Region(
        region.id,
        region.name,
        _crossings(tables["crossings"], region.zone),
        tuple(lines),
        secondary,
        travel,
        pools,
    )
