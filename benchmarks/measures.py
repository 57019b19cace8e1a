"""What is compared between engines: for each station how many, how long they waited, how long the queue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

import numpy as np

QUARTER_HOUR_MIN = 15.0


class Station(NamedTuple):
    """One station on one day.

    ``max_queue`` is the longest queue ever, those being inspected not counted; ``max_queue_quarters`` the
    longest seen when looking just before every quarter of an hour, which is what an engine that keeps a
    table by quarter hours can tell.
    """

    travellers: int
    mean_wait_min: float
    max_queue: float
    max_queue_quarters: float


def measure(joined_min: Iterable[float], started_min: Iterable[float]) -> Station:
    """A station's figures from the times of joining and of starting inspection, in the same order."""
    joined = np.fromiter(joined_min, dtype=np.float64)
    started = np.fromiter(started_min, dtype=np.float64)
    if not joined.size:
        return Station(0, 0.0, 0.0, 0.0)
    mean_wait = float((started - joined).mean())
    joined.sort()
    started.sort()
    quarters = np.arange(0.0, started[-1] + QUARTER_HOUR_MIN, QUARTER_HOUR_MIN)
    return Station(
        travellers=int(joined.size),
        mean_wait_min=mean_wait,
        max_queue=float(_queue(joined, joined, started, "right").max()),
        max_queue_quarters=float(_queue(quarters, joined, started, "left").max()),
    )


def _queue(
    times: np.ndarray, joined: np.ndarray, started: np.ndarray, side: Literal["left", "right"]
) -> np.ndarray:
    return np.searchsorted(joined, times, side) - np.searchsorted(started, times, side)
