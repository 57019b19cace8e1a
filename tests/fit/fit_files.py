"""Small files in the publishers' columns, made from a known truth: waits of San Ysidro and monthly counts."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from garita.fit.observed import Floats

MONTHS = (1, 2, 4, 5, 7, 8, 10, 11)


def shape(level: float) -> Floats:
    """A plausible week of waits [168], minutes: mornings and Sundays are longest."""
    hour = np.arange(24)
    day = 0.6 + 0.4 * np.exp(-(((hour - 9.0) / 4.0) ** 2)) + 0.25 * np.exp(-(((hour - 17.0) / 3.0) ** 2))
    return level * np.concatenate([day * factor for factor in (1.05, 0.95, 0.95, 0.97, 1.0, 1.02, 1.15)])


def write_averages(path: Path, wait: Callable[[int], tuple[Floats, Floats]], months: Sequence[int]) -> Path:
    """CBP's averages, wide: ``wait(month)`` gives standard and Ready waits of cars [168], minutes."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["month", "bwt_day", "time_slot", "cv_time_avg", "xcv_time_avg", "pv_time_avg",
             "xpv_time_avg", "pv_ready_lanes_time_avg", "ped_time_avg", "ped_ready_lanes_time_avg"]
        )  # fmt: skip
        for month in months:
            standard, ready = wait(month)
            for at in range(168):
                cells = [0, 0, f"{standard[at]:.0f}", 0, f"{ready[at]:.0f}", 0, 0]
                writer.writerow([month, at // 24, at % 24, *cells])
    return path


def write_counts(
    path: Path, daily: Callable[[int, int], float], years: Sequence[int] = (2022, 2023, 2024)
) -> Path:
    """BTS entries of cars at San Ysidro: ``daily(year, month)`` cars a day."""
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Port Name", "State", "Port Code", "Border", "Date", "Measure", "Value"])
        for year in years:
            for month, name in enumerate(names, 1):
                days = 28 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
                days += month == 2 and year % 4 == 0
                value = round(days * daily(year, month)) + 13 * month  # no count twice: it would be marked
                writer.writerow(["San Ysidro", "California", "2504", "US-Mexico Border",
                                 f"{name} {year}", "Personal Vehicles", value])  # fmt: skip
    return path
