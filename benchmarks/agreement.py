"""Do the engines agree? Mean waits and longest queues by station, as z-scores.

A peer runs only a few days, too few for a standard deviation of its own, so both sides take that of the
side with many: z = (difference of means) / (sd x sqrt(1/n + 1/m)). If the engines simulate the same thing,
z is standard normal: mean z^2 about 1, one in twenty beyond 2, hardly any beyond 3.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, stdev
from typing import Any

from benchmarks.measures import Station

Samples = Mapping[str, Sequence[Station]]

AT_QUARTERS = "longest queue at a quarter of an hour"

# Means and per-day standard deviations over 1000 (base, close) and 600 (divert) days of an independent kernel
# written before Garita, with "count" semantics: (wait, sd, longest queue, sd), minutes and travellers.
KERNEL_DAYS = {"base": 1000, "close": 1000, "divert": 600}
KERNEL: dict[str, dict[str, tuple[float, ...]]] = {
    "base": {
        "A general": (4.99, 1.35, 270, 54),
        "A ready": (3.56, 1.03, 272, 60),
        "A sentri": (0.053, 0.011, 21, 6),
        "A pedestrian": (7.71, 1.36, 752, 86),
        "A secondary": (161.5, 19.2, 400, 44),
    },
    "close": {
        "A general": (139.8, 4.1, 2760, 57),
        "A ready": (137.1, 3.4, 3437, 59),
        "A sentri": (112.7, 2.9, 3437, 57),
        "A pedestrian": (146.6, 4.9, 6379, 131),
        "A secondary": (220.9, 22.2, 521, 46),
    },
    "divert": {
        "A general": (40.9, 3.4, 967, 51),
        "A ready": (41.9, 3.2, 1321, 64),
        "A sentri": (18.3, 1.5, 1020, 52),
        "A pedestrian": (48.9, 4.2, 2306, 110),
        "A secondary": (191.0, 21.2, 416, 41),
        "B general": (136.8, 5.0),
        "B ready": (150.5, 4.6),
        "B sentri": (108.8, 5.4),
        "B pedestrian": (119.9, 3.1),
        "B secondary": (123.3, 26.3),
    },
}


@dataclass(frozen=True)
class Comparison:
    """One figure of one station in two engines."""

    scenario: str
    station: str
    figure: str
    engine: str
    mean: float
    days: int
    against: str
    against_mean: float
    z: float


def z_score(mean: float, days: int, against: float, sd: float, against_days: int) -> float:
    """How many standard errors two means are apart (0 where nothing varies and nothing differs)."""
    if sd <= 0.0:
        return 0.0 if mean == against else math.copysign(math.inf, mean - against)
    return (mean - against) / (sd * math.sqrt(1 / days + 1 / against_days))


def with_kernel(scenario: str, engine: str, samples: Samples) -> list[Comparison]:
    """An engine against the independent kernel."""
    found = []
    for station, days in samples.items():
        known = KERNEL[scenario].get(station, ())
        figures = [("mean wait, min", [day.mean_wait_min for day in days], known[0:2])]
        if all(not math.isnan(day.max_queue) for day in days):
            figures.append(("longest queue", [day.max_queue for day in days], known[2:4]))
        for figure, values, reference in figures:
            if reference:
                mean, (against, sd) = fmean(values), reference
                z = z_score(mean, len(values), against, sd, KERNEL_DAYS[scenario])
                found.append(
                    Comparison(scenario, station, figure, engine, mean, len(values), "kernel", against, z)
                )
    return found


def with_garita(scenario: str, engine: str, samples: Samples, garita: Samples) -> list[Comparison]:
    """A peer against Garita, whose queues are looked at every quarter of an hour, and so the peer's."""
    found = []
    for station, days in samples.items():
        many = garita.get(station, ())
        if len(many) < 2:
            continue
        for figure, field in (("mean wait, min", "mean_wait_min"), (AT_QUARTERS, "max_queue_quarters")):
            values = [getattr(day, field) for day in days]
            others = [getattr(day, field) for day in many]
            if any(math.isnan(value) for value in others):
                continue
            mean, against = fmean(values), fmean(others)
            z = z_score(mean, len(values), against, stdev(others), len(others))
            found.append(
                Comparison(scenario, station, figure, engine, mean, len(values), "garita", against, z)
            )
    return found


def compare(samples: Mapping[tuple[str, str], Samples], full_day: bool) -> list[Comparison]:
    """Every engine against the kernel (whose figures are of the full day) and every peer against Garita."""
    found: list[Comparison] = []
    for (engine, scenario), stations in samples.items():
        if full_day:
            found += with_kernel(scenario, engine, stations)
        if engine != "garita" and ("garita", scenario) in samples:
            found += with_garita(scenario, engine, stations, samples["garita", scenario])
    return found


def summaries(comparisons: Sequence[Comparison]) -> list[dict[str, Any]]:
    """For each pair of engines: how many figures, mean z^2, how many beyond 2 and 3, the largest."""
    pairs = dict.fromkeys((item.engine, item.against) for item in comparisons)
    rows = []
    for engine, against in pairs:
        scores = [abs(item.z) for item in comparisons if (item.engine, item.against) == (engine, against)]
        rows.append({
            "engine": engine,
            "against": against,
            "figures": len(scores),
            "mean_z2": fmean(score**2 for score in scores),
            "beyond_2": sum(score > 2 for score in scores),
            "beyond_3": sum(score > 3 for score in scores),
            "largest": max(scores),
        })  # fmt: skip
    return rows


def records(comparisons: Sequence[Comparison]) -> list[dict[str, Any]]:
    """For JSON."""
    return [asdict(item) for item in comparisons]
