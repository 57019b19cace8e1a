"""Final outcome of every candidate party, packed: one uint16 each, kept small in memory and on disk.

A value holds the kind (bits 0-3), the size of the party (bits 4-7) and the crossing (bits 8-15). There are a
million parties in a replication, so a list is packed where it was made: to a sixth of it and less, by
``garita.engine.packing``, in less time than a general compressor takes to look at it.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from garita.engine.packing import LONGEST_CODE_BITS, pack_outcomes, unpack_outcomes
from garita.outcomes.problems import results_error

_HEADER = struct.Struct("<qq")  # candidates, words


def pack(finals: NDArray[Any]) -> tuple[bytes, NDArray[np.int64]]:
    """Compress uint16 [N] to bytes; with how many have each kind [16]."""
    values = np.ascontiguousarray(finals, dtype=np.uint16)
    words, kinds = np.empty(values.size * LONGEST_CODE_BITS // 64 + 2, np.uint64), np.zeros(16, np.int64)
    used = pack_outcomes(values, values[: values.size // 4 * 4].view(np.uint64), words, kinds)
    return _HEADER.pack(values.size, used) + words[:used].astype("<u8", copy=False).tobytes(), kinds


def unpack(blob: bytes) -> NDArray[np.uint16]:
    """Inverse of :func:`pack`; an empty blob is an empty list. Raises ResultsError on a damaged one."""
    if not blob:
        return np.empty(0, dtype=np.uint16)
    try:
        return _unpack(blob)
    except (ValueError, OverflowError, MemoryError, struct.error) as error:
        raise results_error(
            "results-damaged", what="the list of final outcomes", reason=str(error)
        ) from error


def _unpack(blob: bytes) -> NDArray[np.uint16]:
    count, used = _HEADER.unpack_from(blob)
    if used * 8 != len(blob) - _HEADER.size:
        raise ValueError("the length is wrong")
    if not 0 <= count <= 65535 * 3 * used:  # a code of 22 bits may stand for that many
        raise ValueError("the number of candidates is wrong")
    words = np.frombuffer(blob, "<u8", used, _HEADER.size).astype(np.uint64)
    values = np.empty(count, np.uint16)
    if unpack_outcomes(words, values) != count:
        raise ValueError("the list is cut short or too long")
    return values
