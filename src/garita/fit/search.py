"""The search: points spread over the ranges, the best of them improved, and walks among the good ones.

A part is written under another name and renamed. A fit that is killed goes on with the parts that are there
and ends with the same result.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from scipy.optimize import minimize
from scipy.stats import qmc

from garita.fit.parameters import Parameter, Tried


@dataclass(frozen=True)
class Effort:
    """How much is tried: points spread evenly (a Sobol sequence, a power of two); of the best, how many
    are improved by so many trials of a simplex; and walks of so many steps."""

    spread: int = 64
    starts: int = 2
    trials: int = 40
    walks: int = 4
    steps: int = 50

    @classmethod
    def of(cls, hard: int) -> Effort:
        """How much is tried: 4 is the usual, 1 a quick look."""
        spread = 2 ** (3 + hard.bit_length())  # a power of two, which keeps the points even
        return cls(spread, 1 + hard // 4, 10 * hard, 4, max(5, 50 * hard // 4))


A_PART = 16
STRIDE = 0.3
"""Standard deviation of a step of a walk, as a share of the range of the parameter that is moved."""

Progress = Callable[[int, int], None]


class Objective(Protocol):
    """What is searched: the loss of parameters at places from 0 to 1."""

    @property
    def space(self) -> tuple[Parameter, ...]:
        """The parameters and their ranges."""
        ...

    @property
    def indifference(self) -> float:
        """Difference of loss that means little."""
        ...

    def __call__(self, places: Sequence[float]) -> Tried:
        """Try a point."""
        ...


@dataclass(frozen=True)
class Found:
    """Every point tried; and the points of the walks, which are draws of what explains the data."""

    tried: list[Tried]
    good: list[Tried]


def search(
    objective: Objective, folder: Path | None, seed: int = 1, progress: Progress | None = None,
    effort: Effort | None = None,
) -> Found:  # fmt: skip
    """Search the ranges. ``folder`` is where parts are kept; None keeps none. ``progress(parts done, in
    all)`` is called after each."""
    effort = effort or Effort()
    space = objective.space
    points = qmc.Sobol(len(space), seed=seed).random(effort.spread)
    points[0] = [p.place(p.usual) for p in space]
    blocks = range(0, effort.spread, A_PART)
    total, done = len(blocks) + effort.starts + effort.walks, 0

    def part(name: str, make: Callable[[], list[Tried]]) -> list[Tried]:
        nonlocal done
        found = _part(folder, name, make)
        done += 1
        if progress is not None:
            progress(done, total)
        return found

    tried: list[Tried] = []
    for first in blocks:
        tried += part(f"spread-{first:03}", partial(_all, objective, points[first : first + A_PART].tolist()))
    for number, start in enumerate(sorted(tried, key=_loss)[: effort.starts]):
        tried += part(f"improved-{number}", partial(improved, objective, start, effort.trials))
    best, good = min(tried, key=_loss), []
    for number in range(effort.walks):
        chance = np.random.default_rng([seed, number])
        good += part(f"walk-{number}", partial(walk, objective, best, effort.steps, chance))
    return Found([*tried, *good], good)


def _loss(one: Tried) -> float:
    return one.loss


def _all(objective: Objective, points: list[list[float]]) -> list[Tried]:
    return [objective(point) for point in points]


def improved(objective: Objective, start: Tried, trials: int) -> list[Tried]:
    """The points of a simplex (Nelder and Mead) that begins at ``start``."""
    found: list[Tried] = []

    def loss(places: object) -> float:
        found.append(objective(np.asarray(places, float).tolist()))
        return found[-1].loss

    size = len(start.places)
    corners = np.array([start.places] * (size + 1))
    for p in range(size):
        corners[p + 1, p] += 0.15 if corners[p + 1, p] < 0.6 else -0.15
    options: Any = {"initial_simplex": corners, "maxfev": trials, "xatol": 1e-3, "fatol": 1e-5}
    minimize(loss, start.places, method="Nelder-Mead", bounds=[(0.0, 1.0)] * size, options=options)
    return found


def walk(objective: Objective, start: Tried, steps: int, chance: np.random.Generator) -> list[Tried]:
    """Where a walk is after each step (Metropolis), which moves one parameter after the other: anywhere in
    the ranges, as often as the loss is small."""
    at, found = start, []
    for step in range(steps):
        place = np.array(at.places)
        moved = step % len(place)
        # Turned back at the ends of the range.
        place[moved] = 1.0 - abs(1.0 - abs(place[moved] + chance.normal(0.0, STRIDE)))
        trial = objective(place.tolist())
        if chance.random() < math.exp(min(0.0, (at.loss - trial.loss) / objective.indifference)):
            at = trial
        found.append(at)
    return found


def _part(folder: Path | None, name: str, make: Callable[[], list[Tried]]) -> list[Tried]:
    """A part from its file, or made and written."""
    path = folder / f"{name}.json" if folder is not None else None
    if path is not None and path.is_file():
        told = json.loads(path.read_text(encoding="utf-8"))
        return [Tried(tuple(one["places"]), tuple(one["each"]), one["loss"]) for one in told]
    made = make()
    if path is not None:
        write_json(path, [asdict(one) for one in made])
    return made


def write_json(path: Path, content: object) -> None:
    """Write JSON under another name, and rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    temporary.replace(path)
