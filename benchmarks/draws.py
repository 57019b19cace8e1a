"""Random numbers for the peers that leave them to the user (SimPy, salabim).

Drawn with NumPy, all at once, because nothing else is as fast from Python: to the advantage of the peers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.reference_day import MINUTES_PER_HOUR, Day, Inspection


@dataclass(frozen=True)
class LineDraws:
    """Everything random about one line, in order of arrival; times and durations in minutes.

    ``secondary_min`` is -1 for those not referred.
    """

    arrivals_min: list[float]
    inspection_min: list[float]
    secondary_min: list[float]


def lognormal_parameters(inspection: Inspection) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm, from the mean and the coefficient of variation."""
    variance = float(np.log1p(inspection.cv**2))
    return float(np.log(inspection.mean_min)) - variance / 2, variance**0.5


def durations(generator: np.random.Generator, inspection: Inspection, count: int) -> np.ndarray:
    """``count`` inspection times in minutes."""
    if inspection.distribution == "erlang":
        return generator.gamma(inspection.shape, inspection.mean_min / inspection.shape, count)
    if inspection.distribution == "lognormal":
        return generator.lognormal(*lognormal_parameters(inspection), count)
    raise ValueError(f"unknown distribution {inspection.distribution!r}")


def draw(day: Day, seed: int) -> list[list[LineDraws]]:
    """Draws by port and line of the day: a Poisson process with a constant rate within each hour."""
    drawn = []
    for port_index, port in enumerate(day.ports):
        lines = []
        for line_index, line in enumerate(port.lines):
            generator = np.random.default_rng([seed, port_index, line_index])
            per_hour = [generator.poisson(line.per_minute(hour) * MINUTES_PER_HOUR) for hour in range(24)]
            within = [hour + np.sort(generator.random(count)) for hour, count in enumerate(per_hour)]
            arrivals = np.concatenate(within) * MINUTES_PER_HOUR
            secondary = durations(generator, port.secondary, arrivals.size)
            secondary[generator.random(arrivals.size) >= line.referred] = -1.0
            lines.append(
                LineDraws(
                    arrivals.tolist(),
                    durations(generator, line.inspection, arrivals.size).tolist(),
                    secondary.tolist(),
                )
            )
        drawn.append(lines)
    return drawn
