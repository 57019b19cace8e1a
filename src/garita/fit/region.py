"""A fitted week as the tables of a region, and such tables as a folder that a scenario may be based on."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from garita.build.lines import WEEKDAYS
from garita.build.packaged import LineKey, Row
from garita.build.packaged import line_key as line_of
from garita.fit.counts import days_of
from garita.fit.observed import Floats
from garita.fit.week import Line, Week, whole
from garita.reference import RegionTables

OWN = ("flows", "volumes", "weekday_factors", "hour_shares", "usual_waits", "rosters", "behaviour")
"""Tables that a fit makes; the others are those of the region it began from."""

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Fitted:
    """What a fit says of an ordinary week: ``usual`` [N, 168] minutes of the lines, and ``behaviour`` of
    people and officers; ``phase`` of the rounding of booths; ``source`` is told in the tables."""

    lines: Sequence[Line]
    week: Week
    usual: Floats
    behaviour: Mapping[str, float]
    source: str
    phase: float = 0.5


def fitted_tables(base: RegionTables, fitted: Fitted, months: Sequence[str]) -> RegionTables:
    """The region's tables with what was fitted; the week's volume for each of the months (``2018-11``)."""
    keys = [line.key for line in fitted.lines]
    scale = _scale(base, fitted)
    source = {"status": "derived", "source": fitted.source}
    tables = dict(base.tables)
    tables["flows"] = _flows(base["flows"], fitted, scale)
    tables["volumes"] = _volumes(base["volumes"], fitted, scale, months, source)
    for name, rows in _weeks(fitted, source).items():
        tables[name] = [*_others(base[name], keys), *rows]
    tables["behaviour"] = _behaviour(base["behaviour"], fitted.behaviour, fitted.source)
    return replace(base, tables=tables)


def _others(rows: Sequence[Row], keys: Sequence[LineKey]) -> Rows:
    return [dict(row) for row in rows if line_of(row) not in keys]


def _scale(base: RegionTables, fitted: Fitted) -> dict[tuple[str, str, str], float]:
    """Parties a day of each crossing and mode that has fitted lines: as before, times the change of these."""
    found: dict[tuple[str, str, str], float] = {}
    share = {line_of(row): float(row["lane_share"]) for row in base["flows"]}
    for counted in dict.fromkeys(line.key[:3] for line in fitted.lines):
        mine = [n for n, line in enumerate(fitted.lines) if line.key[:3] == counted]
        daily = float(fitted.week.arrivals[mine].sum()) / 7.0
        found[counted] = daily / max(sum(share[fitted.lines[n].key] for n in mine), 1e-9)
    return found


def _flows(rows: Sequence[Row], fitted: Fitted, daily: Mapping[tuple[str, str, str], float]) -> Rows:
    """Service times of the fitted lines, and their shares of the parties of their crossing and mode."""
    numbers = {line.key: n for n, line in enumerate(fitted.lines)}
    found = []
    for row in rows:
        key, made = line_of(row), dict(row)
        if key in numbers:
            n = numbers[key]
            made["mean_s"] = f"{fitted.week.mean_s[n]:.4f}"
            made["lane_share"] = f"{fitted.week.arrivals[n].sum() / 7.0 / daily[key[:3]]:.6f}"
            made["status"], made["source"] = "derived", fitted.source
        found.append(made)
    return found


def _volumes(
    rows: Sequence[Row], fitted: Fitted, daily: Mapping[tuple[str, str, str], float], months: Sequence[str],
    source: Mapping[str, str],
) -> Rows:  # fmt: skip
    people = {line.key[:3]: 1.0 for line in fitted.lines}
    for row in rows:
        counted = row["crossing"], row["direction"], row["mode"]
        if counted in people and float(row["parties"]) > 0:
            people[counted] = float(row["people"]) / float(row["parties"])
    kept = [dict(row) for row in rows if (row["crossing"], row["direction"], row["mode"]) not in daily]
    for counted, parties in daily.items():
        place = dict(zip(("crossing", "direction", "mode"), counted, strict=True))
        for month in months:
            total = parties * days_of(month)
            told = {"month": month, "parties": f"{total:.1f}", "people": f"{total * people[counted]:.1f}"}
            kept.append({**place, **told, "not_counted_parties": "0", **source})
    return kept


def _weeks(fitted: Fitted, source: Mapping[str, str]) -> dict[str, Rows]:
    """Weekday factors, hourly shares, usual waits and rosters of the fitted lines."""
    found: dict[str, Rows] = {
        name: [] for name in ("weekday_factors", "hour_shares", "usual_waits", "rosters")
    }
    rosters = whole(fitted.week.booths, fitted.phase)
    for n, line in enumerate(fitted.lines):
        told = dict(zip(("crossing", "direction", "mode", "lane_type"), line.key, strict=True))
        days = fitted.week.arrivals[n].reshape(7, 24)
        for d, day in enumerate(WEEKDAYS):
            total = float(days[d].sum())
            factor = f"{7.0 * total / max(float(days.sum()), 1e-9):.6f}"
            found["weekday_factors"].append({**told, "weekday": day, "factor": factor, **source})
            for hour in range(24):
                share = f"{days[d, hour] / max(total, 1e-9):.8f}"
                wait = f"{fitted.usual[n, 24 * d + hour]:.2f}"
                booths = f"{rosters[n, 24 * d + hour]:.0f}"
                at = {**told, "hour": str(hour)}
                found["hour_shares"].append(
                    {**told, "day_type": day, "hour": str(hour), "share": share, **source}
                )
                found["usual_waits"].append({**at, "weekday": day, "wait_min": wait, **source})
                if hour == 0 or booths != f"{rosters[n, 24 * d + hour - 1]:.0f}":
                    found["rosters"].append(
                        {**told, "weekday": day, "from_hour": str(hour), "booths": booths, **source}
                    )
    return found


def _behaviour(rows: Sequence[Row], values: Mapping[str, float], source: str) -> Rows:
    found = []
    for row in rows:
        made = dict(row)
        if row["parameter"] in values:
            made |= {"value": f"{values[row['parameter']]:.6g}", "status": "derived", "source": source}
        found.append(made)
    return found


def write_tables(
    folder: Path, tables: Mapping[str, Sequence[Row]], names: Sequence[str] | None = None
) -> None:
    """Write tables as CSV, one file each; of ``names`` only."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        if rows and (names is None or name in names):
            temporary = folder / f".{name}.part"
            with temporary.open("w", encoding="utf-8", newline="") as stream:
                columns = list(dict.fromkeys(column for row in rows for column in row))
                writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
            temporary.replace(folder / f"{name}.csv")
