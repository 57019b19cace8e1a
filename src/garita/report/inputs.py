"""What went in: each figure's status and source, and what share is measured, derived or assumed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from garita.report import bars, numbers
from garita.report.model import Input, Reference
from garita.scenario.journeys import PARTS, called

STATUSES = ("measured", "derived", "assumed", "proposal")


def shares(rows: Sequence[Input]) -> dict[str, Any]:
    """One bar, a sentence, and the count by table. A row that sums up many figures counts as many."""
    total: Counter[str] = Counter()
    tables: dict[str, Counter[str]] = {}
    for row in rows:
        if not row.figures:
            continue
        status = row.status if row.status in STATUSES else "other"
        total[status] += row.figures
        tables.setdefault(row.table, Counter())[status] += row.figures
    everything = sum(total.values())
    present = [status for status in (*STATUSES, "other") if total[status]]
    return {
        "sentence": sentence(total, everything, rows),
        "svg": bars.shares([(status, total[status] / everything) for status in present])
        if everything
        else "",
        "parts": [
            {"key": status, "name": named(status), "share": numbers.share(total[status], everything)}
            for status in present
        ],
        "tables": [
            {
                "name": name,
                "count": numbers.plain(sum(counted.values())),
                "cells": [
                    numbers.share(counted[status], sum(counted.values())) if counted[status] else ""
                    for status in present
                ],
            }
            for name, counted in tables.items()
        ],
    }


def named(status: str) -> str:
    """The status as the page tells it; a proposal is a default that no data of the place have settled yet."""
    return {"proposal": "default, not calibrated", "other": "not said"}.get(status, status)


def sentence(total: Counter[str], everything: int, rows: Sequence[Input]) -> str:
    if not everything and rows:
        return (
            "The figures are those of the scenario file, which stands in full under How to reproduce; "
            "its remarks say where they come from."
        )
    if not everything:
        return "The report was made without the tables of the inputs."
    words = (
        f"of {numbers.plain(everything)} input figures, "
        f"{numbers.share(total['measured'], everything)} are measured, "
        f"{numbers.share(total['derived'], everything)} derived from measurements, "
        f"{numbers.share(total['assumed'], everything)} assumed, and "
        f"{numbers.share(total['proposal'], everything)} defaults not calibrated to this place."
    )
    return words[0].upper() + words[1:]


def table(rows: Sequence[Input]) -> dict[str, Any]:
    return {
        "rows": rows,
        "by_source": by_source([row for row in rows if row.figures or row.source]),
        "tables": list(dict.fromkeys(row.table for row in rows)),
        "statuses": [status for status in dict.fromkeys(row.status for row in rows) if status],
    }


SECTIONS = (
    "closures", "lanes", "staffing", "hours", "conversions", "officers", "pools", "emergency", "demand",
    "crossings", "flows", "secondary", "travel", "sources",
)  # fmt: skip
# Keys of a packaged row that are not the figure itself.
KEYS = {
    "crossing", "port", "direction", "mode", "modes", "lane_type", "weekday", "hour", "from_hour", "day_type",
    "month", "date", "class", "purpose", "parameter", "item", "pool", "origin", "destination", "id", "name",
    "unit", "meaning", "status", "source", "note", "how", "treat_as",
}  # fmt: skip
LONG = 60  # a table with more rows is summed up by line, status and source


def rows_of(case: Any | None, region: str) -> tuple[Input, ...]:
    """The figures of the region's tables, then what the scenario itself says."""
    made: list[Input] = []
    for name, rows in _tables(case, region).items():
        if name in {"sources", "region"}:
            continue
        name = name.replace("_", " ")
        rated = [row for row in rows if row.get("status") or row.get("source")]
        made += _summed(name, rated) if len(rated) > LONG else [_row(name, row) for row in rated]
    made += _of_scenario(getattr(case, "scenario", None))
    return tuple(made)


def references_of(case: Any | None, region: str) -> tuple[Reference, ...]:
    """What the keys in square brackets stand for: the region's table ``sources``."""
    rows = _tables(case, region).get("sources", ())
    return tuple(
        Reference(str(row.get("key", "")), str(row.get("title", "")), str(row.get("address", "")))
        for row in rows
    )


def by_source(rows: Sequence[Input]) -> list[dict[str, str]]:
    """Figures by table, status and source: the short form that is printed."""
    counted: dict[tuple[str, str, str], int] = {}
    for row in rows:
        key = row.table, row.status, row.source
        counted[key] = counted.get(key, 0) + row.figures
    return [
        {"table": table, "status": status, "source": source, "count": numbers.plain(count) if count else ""}
        for (table, status, source), count in counted.items()
    ]


def _tables(case: Any | None, region: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The tables of the case's region; without a case those of the packaged region of that name."""
    found: Any = getattr(case, "tables", None)
    if case is None and region:
        from garita import reference

        if region in reference.regions():
            found = reference.load_region(region)
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = getattr(found, "tables", None) or {}
    return tables


def _row(table: str, row: Mapping[str, Any]) -> Input:
    return Input(table, _what(row), _value(row), str(row.get("status") or ""), str(row.get("source") or ""))


def _what(row: Mapping[str, Any]) -> str:
    told = [
        str(row[key])
        for key in row
        if key in KEYS and key not in {"status", "source", "unit", "meaning", "note"}
    ]
    words = " · ".join(word for word in told if word and word != "*")
    meaning = str(row.get("meaning") or row.get("note") or "")
    return f"{words}: {meaning}" if meaning else words


def _value(row: Mapping[str, Any]) -> str:
    """The figures with their names; ``value`` itself without one, and its range in brackets."""
    unit = str(row.get("unit") or "")
    if row.get("value") not in (None, "") or row.get("mid") not in (None, ""):
        number = row.get("value") if row.get("value") not in (None, "") else row.get("mid")
        ends = [str(row[key]) for key in ("low", "high") if row.get(key) not in (None, "")]
        text = f"{number} {unit}".strip()
        return f"{text} ({' to '.join(ends)})" if len(ends) == 2 else text
    return ", ".join(
        f"{key.replace('_', ' ')} {value}"
        for key, value in row.items()
        if key not in KEYS and value not in (None, "")
    )


def _summed(table: str, rows: Sequence[Mapping[str, Any]]) -> list[Input]:
    """One row for all figures of a line that share status and source, with their smallest and largest."""
    groups: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        line = " · ".join(
            str(row[key])
            for key in ("crossing", "direction", "mode", "lane_type")
            if row.get(key) not in (None, "", "*")
        )
        key = line, str(row.get("status") or ""), str(row.get("source") or "")
        groups.setdefault(key, []).append(row)
    made = []
    for (line, status, source), members in groups.items():
        made.append(
            Input(table, f"{line} ({len(members)} rows)", _range(members), status, source, len(members))
        )
    return made


def _range(rows: Sequence[Mapping[str, Any]]) -> str:
    """``wait_min 0 to 95`` for every column of numbers."""
    words = []
    for key in rows[0]:
        if key in KEYS:
            continue
        found = [value for value in (_number(row.get(key)) for row in rows) if value is not None]
        if found:
            low, high = f"{min(found):g}", f"{max(found):g}"
            words.append(f"{key.replace('_', ' ')} {low if low == high else f'{low} to {high}'}")
    return ", ".join(words)


@lru_cache(maxsize=65536)  # most tables hold the same few numbers over and over
def _number(value: Any) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


def _of_scenario(scenario: Any) -> list[Input]:
    """What happens in the scenario: closures, lanes, staffing and so on, each with the source it names."""
    made = []
    # At once: pydantic takes a while to get ready to dump every kind of entry by itself.
    said = _dumped(scenario, include={*SECTIONS, "journeys"})
    for section in SECTIONS:
        for index, fields in enumerate(said.get(section) or ()):
            source = fields.pop("source", "") or fields.get("url", "")
            what = f"{section}[{index}] " + str(fields.pop("name", "") or fields.get("crossing", "") or "")
            made.append(
                Input(f"scenario: {section}", what.strip(), _listed(fields), "scenario", str(source), 0)
            )
    for part in PARTS if said.get("journeys") else ():
        table = f"scenario: journeys, {part.replace('_', ' ')}"
        for entry, fields in zip(getattr(scenario.journeys, part), said["journeys"][part], strict=True):
            source = str(fields.pop("source", ""))
            made.append(Input(table, called(entry), _listed(fields), "scenario", source, 0))
    written = _dumped(scenario, include={"behaviour"}, exclude_unset=True)
    for name, value in (written.get("behaviour") or {}).items():
        made.append(Input("scenario: behaviour", name, _told(value), "scenario", "", 0))
    return made


def _dumped(scenario: Any, **chosen: Any) -> dict[str, Any]:
    """Parts of the scenario as plain values."""
    dump = getattr(scenario, "model_dump", None)
    found: dict[str, Any] = dump(mode="json", exclude_none=True, **chosen) if dump else {}
    return found


def _listed(fields: Mapping[str, Any]) -> str:
    return ", ".join(f"{key.replace('_', ' ')} {_told(value)}" for key, value in fields.items() if value)


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {_told(one)}" for key, one in value.items() if one not in (None, ""))
    if isinstance(value, (list, tuple)):
        return ", ".join(_told(one) for one in value)
    if found := re.fullmatch(r"(\d+(?:\.\d+)?) min", str(value)):
        return numbers.duration(float(found[1]))
    if found := re.fullmatch(r"(\d{4}-\d\d-\d\d) 00:00", str(value)):
        return found[1]
    # 6000.0 is 6000, and a mean of 0.4166666666666667 minutes needs no sixteen digits.
    return re.sub(r"\d+\.\d+", lambda found: f"{float(found[0]):.6g}", str(value))
