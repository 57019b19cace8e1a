"""Two histories that are the same up to some moment: with a closure and without it, on the same draws.

What comes before the first difference is simulated once, kept, and continued twice.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from garita.engine.extra import BY_EPOCH, CHANGING, Extra
from garita.engine.state import State
from garita.engine.types import Model, Output

_BY_BIN = ("bins", "histogram")
_BY_INTERVAL = ("intervals", "plan", "pool_limit", "places")
_BY_EPOCH, _CHANCES = ("news", "belief"), ("chance", "where")
_PARTIES = ("queue", "way", "later", "turned", "parties")
# Whatever is not compared or copied in part is compared or copied whole.
_EVERYWHERE = tuple(name for name in Model._fields if name not in (*_BY_INTERVAL, *_BY_EPOCH, "flow_hours"))
_WHOLE = tuple(name for name in State._fields if name not in (*_PARTIES, *_CHANCES))


def shared_intervals(one: Model, other: Model) -> int:
    """How many intervals two models have in common from the beginning, so that any run of either is the same
    up to there.
    """
    if not all(np.array_equal(getattr(one, name), getattr(other, name)) for name in _EVERYWHERE):
        return 0
    hours = one.flow_hours, other.flow_hours
    if not all(np.array_equal(hours[0][name], hours[1][name]) for name in ("offset", "room")):
        return 0
    count = min(len(one.intervals), len(other.intervals))
    differs = np.zeros(count, bool)
    for name in _BY_INTERVAL:
        rows = getattr(one, name)[:count] != getattr(other, name)[:count]
        differs |= rows.any(axis=1) if rows.ndim > 1 else rows
    hour_differs = (hours[0] != hours[1]).any(axis=0)
    differs |= hour_differs[one.intervals.hour[:count]]
    shared = int(differs.argmax()) if differs.any() else count
    if shared == 0:
        return 0
    epochs = int(one.intervals.epoch[shared - 1]) + 1
    for name in _BY_EPOCH:
        if not np.array_equal(getattr(one, name)[:epochs], getattr(other, name)[:epochs]):
            return 0
    return shared


class Kept:
    """A copy of what is under way and of the books so far; as small as the queues are."""

    def __init__(self, state: State, output: Output, extra: Extra | None, epochs: int) -> None:
        self.whole = {name: getattr(state, name).copy() for name in _WHOLE}
        self.epochs = epochs
        self.chances = {name: getattr(state, name)[:, :epochs].copy() for name in _CHANCES}
        self.parties = [place[at].copy() for place, at in _live(state)]
        rows = int(output.used[0])
        changing = CHANGING if extra is not None else ()
        self.extra = {name: _known(extra, name, epochs).copy() for name in changing}
        self.books = {name: _so_far(output, name, rows).copy() for name in Output._fields}

    def restore(self, state: State, output: Output, extra: Extra | None) -> None:
        """Enter the copy into a new state and empty books, of the same model or of one with the same past."""
        for name, copied in self.whole.items():
            getattr(state, name)[...] = copied
        for name, copied in self.chances.items():
            getattr(state, name)[:, : self.epochs] = copied
        for (place, at), copied in zip(_live(state), self.parties, strict=True):
            place[at] = copied
        for name, copied in self.extra.items():
            _known(extra, name, self.epochs)[...] = copied
        for name, copied in self.books.items():
            _so_far(output, name, int(self.books["used"][0]))[...] = copied


def _known(extra: Extra | None, name: str, epochs: int) -> Any:
    """The epochs of an extra array that have begun; any other array whole."""
    array = getattr(extra, name)
    return array[:epochs] if name in BY_EPOCH else array


def _so_far(output: Output, name: str, rows: int) -> Any:
    """The bins of a table by bin that have begun; any other table whole."""
    array = getattr(output, name)
    return array[:, :rows] if name in _BY_BIN else array


def _live(state: State) -> list[tuple[Any, Any]]:
    """Where there are parties: in queues, on the way, putting a trip off, turned away."""
    # As plain arrays: to look a field up in a record array takes longer than to copy a queue.
    queue, way, later, turned, lines = (
        getattr(state, name).view(np.ndarray) for name in ("queue", "way", "later", "turned", "lines")
    )
    heads, tails = lines["head"].tolist(), lines["tail"].tolist()
    mask = queue.shape[1] - 1
    found = [(queue[t], np.arange(heads[t], tails[t]) & mask) for t in range(len(lines))]
    found += [(way[t], slice(used)) for t, used in enumerate(lines["used"].tolist())]
    for place, sizes in ((later, lines["later"]), (turned, lines["turned"])):
        found += [(place[f], slice(size)) for f, size in enumerate(sizes[: len(place)].tolist())]
    return found
