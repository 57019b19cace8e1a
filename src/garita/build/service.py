"""Service times as quantile tables, so that kernels know no distribution."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from garita.engine.cache import keep, kept
from garita.engine.parties import quantile
from garita.engine.types import QUANTILE_CELLS, Floats

LEVELS = 3
_LAST = 1.0 - 2.0**-33
_SHAPE = (LEVELS, QUANTILE_CELLS + 1)
# SciPy takes a quarter of a second to load, so tables that need it are kept; few, for where service times
# are uncertain every replication has tables of its own.
_MOST_KEPT = 64
_kept: set[str] = set()


@dataclass(frozen=True)
class Service:
    """A distribution of service times: ``mean`` in minutes; ``shape`` or ``cv`` as its name asks for."""

    distribution: str
    mean: float = 0.0
    shape: float | None = None
    cv: float | None = None
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()

    @property
    def mean_minutes(self) -> float:
        """Mean in minutes."""
        if self.distribution == "empirical":
            return float(np.average(self.values, weights=self.weights or None))
        return self.mean


def quantile_table(service: Service) -> Floats:
    """Quantiles [3, cells + 1] at equal steps of the body, of the upper 1/256, and of the upper 1/65536.

    Read by linear interpolation; scaled so that the mean of what is read is the distribution's own.
    """
    if service.distribution == "empirical":
        return _empirical(service)
    if service.distribution in ("deterministic", "exponential"):
        return _table(service)
    name = "table-" + hashlib.sha256((_source() + repr(service)).encode("utf-8")).hexdigest()[:16]
    blob = kept(name)
    if blob is not None and len(blob) == 8 * _SHAPE[0] * _SHAPE[1]:
        return np.frombuffer(blob).reshape(_SHAPE).copy()
    table = _table(service)
    if len(_kept) < _MOST_KEPT:
        _kept.add(name)
        keep(name, table.tobytes())
    return table


@cache
def _source() -> str:
    """This file, so that a table made by another version of it is not taken for one of this."""
    return Path(__file__).read_text(encoding="utf-8")


def _table(service: Service) -> Floats:
    quantile = _inverse(service)
    steps = np.arange(QUANTILE_CELLS + 1) / QUANTILE_CELLS
    table = np.empty(_SHAPE)
    for level in range(LEVELS):
        width = float(QUANTILE_CELLS) ** -level
        table[level] = quantile(np.minimum(1.0 - width * (1.0 - steps), _LAST))
    # The lowest cell would begin at the least possible value, far below most of what the cell stands for: it
    # begins where its mean is that of the lowest 1/256 of the distribution.
    fine = quantile((np.arange(1024) + 0.5) / 1024 / QUANTILE_CELLS)
    table[0, 0] = max(0.0, 2.0 * float(fine.mean()) - table[0, 1])
    mean = table_mean(table)
    return table * (service.mean / mean) if mean > 0.0 else table


def table_mean(table: Floats) -> float:
    """Mean of the values that a table gives for uniform draws."""
    total, width = 0.0, 1.0
    for level in range(LEVELS):
        cells = (table[level, 1:] + table[level, :-1]) / 2.0
        last = level == LEVELS - 1
        total += width / QUANTILE_CELLS * float(cells.sum() if last else cells[:-1].sum())
        width /= QUANTILE_CELLS
    return total


def pair_worth(table: Floats) -> float:
    """As how many booths two in one lane count that hold each other up, if there always is somebody: twice
    the mean over the mean of the longer of two inspections.
    """
    draws = (np.arange(4096) + 0.5) / 4096
    times = np.array([quantile(table, float(u)) for u in draws])
    longer = float(np.average(times, weights=2.0 * draws))  # the density of the larger of two uniform draws
    return 2.0 * float(times.mean()) / longer if longer > 0.0 else 2.0


def _inverse(service: Service) -> Callable[[Floats], Floats]:
    """Quantile function of a distribution."""
    name, mean = service.distribution, service.mean
    if name == "deterministic":
        return lambda u: np.full_like(u, mean)
    if name == "exponential":
        return lambda u: -mean * np.log1p(-u)
    from scipy.special import gammaincinv, ndtri

    if name == "lognormal":
        spread = math.sqrt(math.log1p((service.cv or 0.0) ** 2))
        return lambda u: mean * np.exp(spread * ndtri(np.maximum(u, 1e-12)) - spread**2 / 2.0)
    shape = service.shape if service.shape is not None else 1.0 / (service.cv or 1.0) ** 2
    return lambda u: np.asarray(mean / shape * gammaincinv(shape, u), np.float64)


def _empirical(service: Service) -> Floats:
    """Observed times as a step function: each is drawn as often as it was seen."""
    order = np.argsort(service.values)
    values = np.asarray(service.values, float)[order]
    weights = np.asarray(service.weights or np.ones(len(values)), float)[order]
    below = np.cumsum(weights) / weights.sum()
    table = np.empty(_SHAPE)
    for level in range(LEVELS):
        width = float(QUANTILE_CELLS) ** -level
        u = 1.0 - width * (1.0 - (np.arange(QUANTILE_CELLS + 1) / QUANTILE_CELLS))
        table[level] = values[
            np.minimum(np.searchsorted(below, np.minimum(u, _LAST), side="right"), len(values) - 1)
        ]
    mean = table_mean(table)
    return table * (service.mean_minutes / mean) if mean > 0.0 else table


def stack(services: Sequence[Service]) -> Floats:
    """The tables of several stations [T, 3, cells + 1]; equal distributions are computed once."""
    known: dict[Service, Floats] = {}
    for service in services:
        if service not in known:
            known[service] = quantile_table(service)
    return np.stack([known[service] for service in services])
