"""When waits are back: paired, one-sided, within max(10 %, 10 min), held for 2 h, censored at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TOLERANCE_SHARE = 0.10
TOLERANCE_MIN = 10.0
HELD_MIN = 120.0
AGAIN_MIN = 60.0  # a second wave counts if waits exceed the tolerance for so long on end ...
AGAIN_WITHIN_MIN = 1440.0  # ... and end within a day of the reopening
BOOTSTRAP_SAMPLES = 200


@dataclass(frozen=True)
class Recovery:
    """Time to recover of one group of lines.

    ``hours``: after ``from_min`` (minutes UTC; last reopening, or the closing if for good); NaN if censored.
    ``low``, ``high``: 95 % bootstrap interval over replications; infinite where samples are censored.
    ``censored_after``: hours observed, if it had not recovered by the horizon. ``disturbed``: exceeded the
    tolerance at any time after the closing. ``again_until``: hours after ``from_min`` at which a second wave
    ends, one that begins after the recovery, lasts an hour or more and ends within a day; NaN if none.
    """

    crossing: str
    direction: str
    mode: str
    lane_type: str
    from_min: float
    hours: float
    low: float
    high: float
    disturbed: bool
    censored_after: float | None
    again_until: float = float("nan")

    @property
    def censored(self) -> bool:
        return self.censored_after is not None


def disturbed_bins(
    with_closure: NDArray[Any], without: NDArray[Any], stuck: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Bins in which the wait exceeds the tolerance, of mean waits [..., B] in minutes.

    Where nobody who joined was served (NaN) there is no wait: then ``stuck`` decides, true where people
    were left waiting in a line that served nobody. Without people a line is taken to be back.
    """
    reference = np.nan_to_num(without)
    excess = with_closure - reference > np.maximum(TOLERANCE_SHARE * reference, TOLERANCE_MIN)
    return np.where(np.isnan(with_closure), stuck, excess)


def recovered_at(disturbed: NDArray[np.bool_], start: int, held: int) -> NDArray[np.int64]:
    """First bin, from ``start`` on, that begins ``held`` undisturbed bins [...]; -1 if there is none.

    ``disturbed`` bool [..., B]. Near the end a quiet spell shorter than ``held`` does not count.
    """
    tail = disturbed[..., start:]
    length = tail.shape[-1]
    if length < held:
        return np.full(tail.shape[:-1], -1)
    count = np.concatenate([np.zeros((*tail.shape[:-1], 1), np.int64), np.cumsum(tail, axis=-1)], axis=-1)
    quiet = count[..., held:] == count[..., : length - held + 1]
    return np.where(quiet.any(axis=-1), start + quiet.argmax(axis=-1), -1)


def second_wave_ends(
    with_closure: NDArray[Any],
    without: NDArray[Any],
    stuck: NDArray[np.bool_],
    reopening: int,
    bin_min: float,
    hours: Floats,
) -> Floats:
    """Hours from ``reopening`` to the end of a second wave of G groups [G]; NaN where there is none.

    Arrays as of :func:`recover`, whose ``hours`` are given; on the mean over replications.
    """
    weights = np.ones((1, with_closure.shape[0]), dtype=np.float32)
    shape = with_closure.shape[1:]
    waits = (np.asarray(wait, np.float32) for wait in (with_closure, without))
    means = [_weighted_mean(weights, wait).reshape(shape) for wait in waits]
    disturbed = disturbed_bins(means[0], means[1], stuck.mean(axis=0) > 0.5)
    last = min(reopening + round(AGAIN_WITHIN_MIN / bin_min), shape[-1])
    needed = max(round(AGAIN_MIN / bin_min), 1)
    found = np.full(shape[0], np.nan)
    for group in np.flatnonzero(np.isfinite(hours)):
        spell = 0
        for at in range(reopening + round(hours[group] * 60 / bin_min), last):
            spell = spell + 1 if disturbed[group, at] else 0
            if spell >= needed:
                found[group] = (at + 1 - reopening) * bin_min / 60
    return found


def recover(
    with_closure: NDArray[Any],
    without: NDArray[Any],
    stuck: NDArray[np.bool_],
    closing: int,
    reopening: int,
    bin_min: float,
    seed: int = 0,
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    """Hours from ``reopening`` to recovery for G groups: (hours, low, high, disturbed), each [G].

    Arrays [R, G, B]: mean wait by joining bin (NaN: nobody served), and where people are stuck; B ends at the
    horizon. ``closing`` and ``reopening`` are bins. Censored: NaN, in the interval infinite.
    """
    held = max(round(HELD_MIN / bin_min), 1)
    groups_in, bins_in = with_closure.shape[1:]
    if min(closing, reopening) >= bins_in:  # it begins when the measured days are over
        nothing = np.full(groups_in, np.nan)
        return np.zeros(groups_in), nothing, nothing, np.zeros(groups_in, dtype=bool)
    window = slice(min(closing, reopening), None)
    waits = [np.asarray(array[..., window], dtype=np.float32) for array in (with_closure, without)]
    start = reopening - (window.start or 0)
    replications, groups, bins = waits[0].shape
    # Row 0 weighs every replication once; the others are bootstrap samples, the same for both variants.
    draws = np.random.default_rng(seed).integers(0, replications, (BOOTSTRAP_SAMPLES, replications))
    weights = np.ones((BOOTSTRAP_SAMPLES + 1, replications), dtype=np.float32)
    weights[1:] = np.stack([np.bincount(draw, minlength=replications) for draw in draws])
    means = [_weighted_mean(weights, wait) for wait in waits]
    held_up = (weights @ stuck[..., window].reshape(replications, -1).astype(np.float32)) * 2 > replications
    disturbed = disturbed_bins(means[0], means[1], held_up).reshape(-1, groups, bins)
    at = recovered_at(disturbed, start, held)
    hours = np.where(at >= 0, (at - start) * bin_min / 60, np.inf)
    low, high = np.quantile(hours[1:], (0.025, 0.975), axis=0, method="nearest")
    estimate = np.where(np.isfinite(hours[0]), hours[0], np.nan)
    return estimate, low, high, disturbed[0].any(axis=-1)


def _weighted_mean(weights: NDArray[np.float32], wait: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean over replications under each row of weights [W, G * B]; NaN where no replication has a wait."""
    flat = wait.reshape(wait.shape[0], -1)
    known = np.isfinite(flat)
    total = weights @ np.where(known, flat, np.float32(0))
    count = weights @ known.astype(np.float32)
    return np.divide(total, count, out=np.full(total.shape, np.nan, dtype=np.float32), where=count > 0)
