"""What no program of this kind can beat: drawing a traveller's random numbers and touching its memory.

For every traveller of the day an exponential time to the next arrival, an inspection time of its own
distribution, and a uniform number for the referral (with a secondary time where it falls so), by the
cheapest generators at hand (PCG64 with ziggurat, one stream, compiled); written to memory once and read
once. No queue, no booths, no decisions, and no keyed streams, which pairing scenarios needs.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from benchmarks.draws import lognormal_parameters
from benchmarks.reference_day import Day


@njit(cache=True)
def draw_and_touch(  # type: ignore[no-untyped-def]
    generator, counts, shapes, means, logs, deviations, referred, secondary, memory
):
    """Draw for ``counts`` travellers of each line into ``memory`` [n, 3]; returns a sum: all is read."""
    total = 0.0
    for line in range(counts.size):
        count = counts[line]
        for i in range(count):
            memory[i, 0] = generator.standard_exponential()
            if shapes[line]:
                time = 0.0
                for _ in range(shapes[line]):
                    time += generator.standard_exponential()
                memory[i, 1] = time * means[line] / shapes[line]
            else:
                memory[i, 1] = np.exp(logs[line] + deviations[line] * generator.standard_normal())
            memory[i, 2] = -1.0
            if referred[line] > 0.0 and generator.random() < referred[line]:
                memory[i, 2] = np.exp(secondary[0] + secondary[1] * generator.standard_normal())
        for i in range(count):
            total += memory[i, 0] + memory[i, 1] + memory[i, 2]
    return total


def prepare(day: Day) -> tuple[np.ndarray, ...]:
    """Arguments of the kernel for one day, after the generator."""
    lines = [line for port in day.ports for line in port.lines]
    logs, deviations = zip(
        *(lognormal_parameters(line.inspection) if line.inspection.cv else (0.0, 0.0) for line in lines),
        strict=True,
    )
    counts = np.array([round(line.per_day) for line in lines])
    return (
        counts,
        np.array([line.inspection.shape for line in lines]),
        np.array([line.inspection.mean_min for line in lines]),
        np.array(logs),
        np.array(deviations),
        np.array([line.referred for line in lines]),
        np.array(lognormal_parameters(day.ports[0].secondary)),
        np.empty((counts.max(), 3)),
    )


def run(arguments: tuple[np.ndarray, ...], seed: int, days: int) -> int:
    """Draw so many days; returns the number of travellers."""
    generator = np.random.default_rng(seed)
    for _ in range(days):
        draw_and_touch(generator, *arguments)
    return int(arguments[0].sum()) * days
