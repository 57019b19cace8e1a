"""How far simulated waits are from observed ones, beside climatology: the mean of the months that were
fitted."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from garita.fit.observed import HOURS, Column, Floats


@dataclass(frozen=True)
class Told:
    """A month as it was and as it was told from others: waits [C, 168], minutes, nan where there is none."""

    month: str
    columns: tuple[Column, ...]
    observed: Floats
    climatology: Floats
    simulated: Floats


@dataclass(frozen=True)
class Score:
    """Mean absolute errors, minutes, over the hours that were observed."""

    month: str
    column: str
    hours: int
    climatology: float
    simulated: float

    @property
    def share(self) -> float:
        """Error as a share of that of climatology; below 1 is better."""
        return self.simulated / self.climatology if self.climatology > 0.0 else float("nan")


def scores(told: Iterable[Told]) -> list[Score]:
    """The scores of months, one for each column."""
    found = []
    for month in told:
        for c, column in enumerate(month.columns):
            there = ~np.isnan(month.observed[c])
            if there.any():
                off = [np.abs(values[c] - month.observed[c])[there].mean()
                       for values in (month.climatology, month.simulated)]  # fmt: skip
                found.append(Score(month.month, column.id, int(there.sum()), float(off[0]), float(off[1])))
    return found


def over_months(found: Sequence[Score]) -> list[Score]:
    """The means over the months of each column, and of all columns as the mean of their shares of error."""
    columns = list(dict.fromkeys(score.column for score in found))
    rows = []
    for column in columns:
        mine = [score for score in found if score.column == column]
        climatology, simulated = (
            float(np.mean([getattr(score, name) for score in mine])) for name in ("climatology", "simulated")
        )
        rows.append(Score("all", column, sum(score.hours for score in mine), climatology, simulated))
    return rows


def write_scores(path: Path, found: Sequence[Score]) -> None:
    """Write scores as CSV."""
    heading = ("month", "column", "hours", "climatology_mae_min", "simulated_mae_min", "share")
    rows = [
        (
            one.month,
            one.column,
            one.hours,
            f"{one.climatology:.2f}",
            f"{one.simulated:.2f}",
            f"{one.share:.3f}",
        )
        for one in found
    ]
    _write(path, heading, rows)


def write_waits(path: Path, told: Iterable[Told]) -> None:
    """Write observed and told waits as CSV, one row per month, column and hour of the week."""
    heading = ("month", "column", "weekday", "hour", "observed_min", "climatology_min", "simulated_min")
    rows = []
    for month in told:
        for c, column in enumerate(month.columns):
            for hour in range(HOURS):
                values = (month.observed[c, hour], month.climatology[c, hour], month.simulated[c, hour])
                cells = ["" if np.isnan(value) else f"{value:.2f}" for value in values]
                rows.append((month.month, column.id, hour // 24, hour % 24, *cells))
    _write(path, heading, rows)


def _write(path: Path, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(heading)
        writer.writerows(rows)
    temporary.replace(path)
