"""Memory that a thread keeps for its next run: fresh memory costs a page fault every 4 kB."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import numpy.typing as npt

_KEPT = threading.local()


def release() -> None:
    """Give back to the system what this thread keeps for its next run."""
    _KEPT.__dict__.clear()


def rooms(*wanted: tuple[tuple[int, ...], np.dtype[np.void]]) -> list[npt.NDArray[Any]]:
    """Records of these shapes and types with anything in them, each time the same memory: for queues and
    heaps, which are read only where they were written.
    """
    if getattr(_KEPT, "wanted", None) != wanted:
        _KEPT.wanted = wanted
        _KEPT.rooms = [np.empty(shape, dtype).view(np.recarray) for shape, dtype in wanted]
    found: list[npt.NDArray[Any]] = _KEPT.rooms
    return found


def zeros(shape: tuple[int, ...], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """An array of zeros, of memory that was handed back where there is any."""
    spare = _spare().get((shape, np.dtype(dtype)))
    if not spare:
        return np.zeros(shape, dtype)
    array = spare.pop()
    array.fill(0)
    return array


def hand_back(*arrays: npt.NDArray[Any]) -> None:
    """Leave whole arrays that nobody will read again to this thread's next run."""
    for array in arrays:
        _spare().setdefault((array.shape, array.dtype), []).append(array)


def _spare() -> dict[Any, list[npt.NDArray[Any]]]:
    if not hasattr(_KEPT, "spare"):
        _KEPT.spare = {}
    found: dict[Any, list[npt.NDArray[Any]]] = _KEPT.spare
    return found
