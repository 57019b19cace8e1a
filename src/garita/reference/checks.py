"""A user's tables of a region, looked at cell by cell before anything is inferred from them."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from garita.errors import Problem, shorten
from garita.reference.inference.arithmetic import DAYS
from garita.reference.inference.lines import LANE_SHARES, PEOPLE
from garita.reference.inference.waits import SETS

Check = Callable[[str], str]  # of a cell; what is allowed, empty if it is fine
MOST_PEOPLE_A_PARTY = 10.0


def _number(low: float, high: float = math.inf, *, empty: bool = False) -> Check:
    allowed = f"a number from {low:g}" + (f" to {high:g}" if high < math.inf else "")

    def check(text: str) -> str:
        if not text:
            return "" if empty else allowed
        try:
            return "" if low <= float(text) <= high else allowed
        except ValueError:
            return allowed

    return check


def _one_of(*names: str, empty: bool = False) -> Check:
    def check(text: str) -> str:
        return "" if text in names or (empty and not text) else " or ".join(names)

    return check


def _lane_types(text: str) -> str:
    known = sorted({kind for _, kind in LANE_SHARES})
    said = [kind for kind in text.split(";") if kind]
    good = bool(said) and set(said) <= set(known) and len(set(said)) == len(said)
    return "" if good else f"{', '.join(known)}, or several of them as standard;ready"


def _month(text: str) -> str:
    good = re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text)
    return "" if good else "a month such as 2025-03"


def _clock(text: str) -> str:
    good = re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", text)
    return "" if good else "a time of day such as 06:00"


def _waits(text: str) -> str:
    parts = text.split()
    good = len(parts) in (1, 24) and not any(_number(0, 1440)(part) for part in parts)
    return "" if good else "one number of minutes, or 24 with spaces between them"


def _date(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        return "a date such as 2025-03-24"
    return ""


def _some(text: str) -> str:
    return "" if text.strip() else "a name"


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        return "a time zone such as America/Los_Angeles"
    return ""


MODE, DIRECTION = _one_of(*PEOPLE), _one_of("inbound", "outbound", empty=True)
SHARE, COUNT = _number(0, 1), _number(0, 1e12)
NEEDED: dict[str, Mapping[str, Check]] = {
    "region": {"id": _some, "name": _some, "zone": _zone},
    "crossings": {"crossing": _some, "name": _some, "lat": _number(-90, 90), "lon": _number(-180, 180),
                  "opens": _clock, "closes": _clock},
    "flows": {"crossing": _some, "mode": MODE, "lane_type": _lane_types},
    "volumes": {"crossing": _some, "mode": MODE, "month": _month, "parties": COUNT},
    "usual_waits": {"crossing": _some, "mode": MODE, "lane_type": _lane_types, "wait_min": _waits},
    "weekday_factors": {"crossing": _some, "mode": MODE, "lane_type": _lane_types, "weekday": _one_of(*DAYS),
                        "factor": _number(0, 100)},
    "hour_shares": {"crossing": _some, "mode": MODE, "lane_type": _lane_types,
                    "day_type": _one_of("weekday", "saturday", "sunday", *DAYS), "hour": _number(0, 23),
                    "share": SHARE},
    "rosters": {"crossing": _some, "mode": MODE, "lane_type": _lane_types, "weekday": _one_of(*DAYS),
                "from_hour": _number(0, 23), "booths": _number(0, 4095)},
    "travel": {"origin": _some, "destination": _some, "mode": MODE, "extra_min": _number(0, 1e5)},
    "special_days": {"date": _date, "mode": MODE, "factor": _number(0, 100)},
}  # fmt: skip
ALSO: dict[str, Mapping[str, Check]] = {
    "flows": {"direction": DIRECTION, "lanes": _number(0, 4095, empty=True),
              "booths": _number(1, 4095, empty=True), "mean_s": _number(0.01, 86_400, empty=True),
              "lane_share": _number(0, 1, empty=True),
              "referral_share": _number(0, 1, empty=True),
              "people_per_party": _number(1, MOST_PEOPLE_A_PARTY, empty=True)},
    "volumes": {"direction": DIRECTION, "people": _number(0, 1e13, empty=True)},
    "usual_waits": {"direction": DIRECTION, "weekday": _one_of(*SETS, empty=True),
                    "hour": _number(0, 23, empty=True)},
}  # fmt: skip
# What makes a row one of its kind: a second one is a mistake.
KEYS = {
    "crossings": ("crossing",),
    "flows": ("crossing", "direction", "mode", "lane_type"),
    "volumes": ("crossing", "direction", "mode", "month"),
    "usual_waits": ("crossing", "direction", "mode", "lane_type", "weekday", "hour"),
}


def problems(folder: Path) -> list[Problem]:
    """What is wrong with the tables in a folder, with file, line and column."""
    found: list[Problem] = []
    tables: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for name in NEEDED:
        path = folder / f"{name}.csv"
        if path.is_file():
            rows, wrong = _rows(path, name)
            tables[name] = rows
            found += wrong
    if not found:
        found += _beyond_cells(folder, tables)
    return found


def _rows(path: Path, name: str) -> tuple[list[tuple[int, dict[str, str]]], list[Problem]]:
    """Rows with their lines, and what is wrong with cells."""
    try:
        lines = csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
        header = [column.strip() for column in next(lines, [])]
    except UnicodeDecodeError as error:
        return [], [Problem("region-unreadable", {"reason": f"not UTF-8, byte {error.start}"}, str(path))]
    missing = [column for column in NEEDED[name] if column not in header]
    if missing:
        hint = "Put commas between the columns. " if len(header) == 1 and ";" in header[0] else ""
        params = {"missing": ", ".join(missing), "hint": hint}
        return [], [Problem("region-column", params, str(path), 1)]
    rows: list[tuple[int, dict[str, str]]] = []
    wrong: list[Problem] = []
    seen: dict[tuple[str, ...], int] = {}
    for cells in lines:
        line = lines.line_num
        if not any(cell.strip() for cell in cells):
            wrong.append(Problem("region-row", {"got": 0, "allowed": len(header)}, str(path), line))
            continue
        if len(cells) != len(header):
            wrong.append(Problem("region-row", {"got": len(cells), "allowed": len(header)}, str(path), line))
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        for column, check in {**NEEDED[name], **ALSO.get(name, {})}.items():
            if column in row and (allowed := check(row[column])):
                params = {"value": shorten(row[column]), "allowed": allowed}
                wrong.append(Problem("region-cell", params, str(path), line, field=column))
        if name in KEYS:
            key = tuple(row.get(column) or "" for column in KEYS[name])
            if key in seen:
                wrong.append(Problem("region-twice", {"first": seen[key]}, str(path), line))
            seen.setdefault(key, line)
        rows.append((line, row))
    if not rows and not wrong:
        wrong.append(Problem("region-row", {"got": 0, "allowed": len(header)}, str(path), 2))
    return rows, wrong


def _beyond_cells(folder: Path, tables: Mapping[str, list[tuple[int, dict[str, str]]]]) -> Iterator[Problem]:
    """What is wrong between rows: crossings nobody knows, lines nobody counts, hours the wrong way round."""
    known = {row["crossing"] for _, row in tables.get("crossings", ())}
    counted = {(row["crossing"], row["mode"]) for _, row in tables.get("volumes", ())}
    for name, rows in tables.items():
        path = str(folder / f"{name}.csv")
        for line, row in rows:
            for column in ("crossing", "origin", "destination"):
                if column in row and name != "crossings" and row[column] not in known:
                    params = {"value": shorten(row[column]), "allowed": ", ".join(sorted(known)[:30])}
                    yield Problem("region-unknown", params, path, line, field=column)
            if name == "crossings" and row["opens"] >= row["closes"]:
                params = {"value": row["closes"], "allowed": f"a time after {row['opens']}, or 24:00"}
                yield Problem("region-cell", params, path, line, field="closes")
            if name == "flows" and (row["crossing"], row["mode"]) not in counted:
                params = {"value": f"{row['crossing']}, {row['mode']}"}
                yield Problem("region-uncounted", params, path, line)
