"""Results of validation as rows, CSV and Parquet: one row for each observation and way of predicting it."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

from garita.fit.validation import MODEL, WAYS, Compared, ValidationResult
from garita.outcomes.storage import copy_to

CSV, PARQUET, MARKDOWN = "validation.csv", "validation.parquet", "validation.md"
HOURS = tuple(f"{hour:02}" for hour in range(24))


def rows(result: ValidationResult) -> list[dict[str, Any]]:
    """One row for each case, observation and way; by hour, a row for each hour that was observed.

    ``score`` and ``distance`` are those of the whole observation; what does not exist is None.
    """
    found: list[dict[str, Any]] = []
    for case in result.cases:
        for one in case.compared:
            shared = {
                "case": case.name, "kind": case.kind, "observation": one.name, "measure": one.measure,
                "compare": one.compare, "where": one.where, "window": one.window, "unit": one.unit,
            }  # fmt: skip
            for way, figure in one.figures.items():
                last = {
                    "noise": one.noise, "distance": figure.distance, "score": figure.score,
                    "weight": one.weight, "quality": one.quality, "source": one.source,
                }  # fmt: skip
                if not one.hours:
                    seen = {"hour": None, "observed_low": one.low, "observed_high": one.high}
                    said = {"way": way, "figure": figure.value, "low": figure.low, "high": figure.high}
                    found.append({**shared, **seen, **said, **last})
                    continue
                for hour, (a, b) in enumerate(zip(one.hours, figure.hours, strict=True)):
                    if not math.isnan(a):
                        seen = {"hour": hour, "observed_low": a, "observed_high": a}
                        said = {"way": way, "figure": b, "low": None, "high": None}
                        found.append({**shared, **seen, **said, **last})
    return [{key: plain(value) for key, value in row.items()} for row in found]


def plain(value: Any) -> Any:
    """A number that is none as None; an infinite one stays."""
    return None if isinstance(value, float) and math.isnan(value) else value


def summary_rows(result: ValidationResult) -> list[dict[str, Any]]:
    """One row for each case with its scores by way, or the reason why there are none."""
    return [
        {
            "case": case.name, "title": case.title, "about": case.about, "kind": case.kind,
            "observations": len(case.compared),
            **{way: round(score, 4) for way, score in case.scores.items()},
            "not_run": case.not_run or case.failed or None,
        }
        for case in result.cases
    ]  # fmt: skip


def markdown(result: ValidationResult) -> str:
    """Scores by case, and every observation beside what was simulated, as tables of Markdown."""
    lines = ["| case | " + " | ".join(WAYS) + " |", "|---|" + "---:|" * len(WAYS)]
    scored = [(case.name, case.scores) for case in result.ran]
    scored += [(f"*mean, {kind}*", result.overall(kind)) for kind in result.kinds()]
    scored.append(("**mean of all cases**", result.overall()))
    for name, scores in scored:
        lines.append(f"| {name} | " + " | ".join(f"{scores[way]:.2f}" for way in WAYS) + " |")
    lines += ["", "| case | observation | observed | noise | simulated | distance | score |"]
    lines.append("|---|---|---:|---:|---:|---:|---:|")
    for case in result.ran:
        for one in case.compared:
            figure = one.figures[MODEL]
            cells = [case.name, f"{one.name} ({one.where})" if one.hours else one.name, _seen(one)]
            cells += [f"{one.noise:g}", _told(figure.value), f"{figure.distance:.1f}", f"{figure.score:.2f}"]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _seen(one: Compared) -> str:
    unit = "" if one.unit == "parties" else f" {one.unit}"
    if one.hours:
        known = [hour for hour in one.hours if math.isfinite(hour)]
        return f"{sum(known) / len(known):.0f}{unit} on average"
    if one.low == one.high:
        return f"{one.low:g}{unit}"
    if math.isinf(one.low):
        return f"≤ {one.high:g}{unit}"
    return f"≥ {one.low:g}{unit}" if math.isinf(one.high) else f"{one.low:g} to {one.high:g}{unit}"


def _told(value: float) -> str:
    return "–" if math.isnan(value) else "not by the end" if math.isinf(value) else f"{value:.1f}"


def write(result: ValidationResult, folder: Path) -> list[Path]:
    """Write the rows as CSV and Parquet, and the tables of Markdown. Returns the files."""
    import duckdb
    import pandas as pd

    folder.mkdir(parents=True, exist_ok=True)
    table = rows(result)
    target = folder / CSV
    temporary = target.with_name(f".{CSV}.tmp")
    with temporary.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(table[0]) if table else ["case"])
        writer.writeheader()
        writer.writerows({key: "" if value is None else value for key, value in row.items()} for row in table)
    temporary.replace(target)
    (folder / MARKDOWN).write_text(markdown(result), encoding="utf-8", newline="\n")
    if not table:
        return [target]
    frame = pd.DataFrame(table)
    with duckdb.connect() as connection:
        connection.register("table_", frame)
        copy_to(connection, "SELECT * FROM table_", folder / PARQUET)
    return [target, folder / PARQUET, folder / MARKDOWN]
