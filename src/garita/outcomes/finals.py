"""Final outcome of every candidate party, packed: one uint16 each, kept small in memory and on disk.

A value holds the kind (bits 0-3), the size of the party (bits 4-7) and the crossing (bits 8-15). Most
parties cross as planned, in runs of one crossing, and many candidates do not travel; so a packed list is,
through zlib: one bit a candidate for the exceptions; one bit an exception for those who travel all the same;
the runs of those who crossed as planned; the sizes of all who travel, two to a byte; and what became of the
travelling exceptions. That takes a seventh of the memory and a fifth of the time of zlib on the whole list,
which matters: there are a million parties in a replication.
"""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from garita.engine.packing import take_apart
from garita.engine.types import CROSSED, NONE
from garita.outcomes.problems import results_error

_HEADER = struct.Struct("<qqq")  # candidates, exceptions, runs


def pack(finals: NDArray[Any]) -> tuple[bytes, NDArray[np.int64]]:
    """Compress uint16 [N] to bytes; with how many have each kind [16]."""
    values = np.ascontiguousarray(finals, dtype=np.uint16)
    n = values.size
    exceptional, travelling, crossings = np.empty((3, n + 1), np.uint8)
    sizes, starts, others = np.zeros(n + 2, np.uint8), np.empty(n + 1, "<u4"), np.empty((2, n + 1), np.uint8)
    books = exceptional, travelling, starts, crossings, sizes, others
    exceptions, runs, sized, other = take_apart(values, *books)
    sizes[sized] = 0  # beyond the last, where their number is odd
    sizes = sizes[: (sized + 1) // 2 * 2]
    packer = zlib.compressobj(1, zlib.DEFLATED, 15, 9, zlib.Z_RLE)
    pieces = [
        _HEADER.pack(n, exceptions, runs),
        packer.compress(np.packbits(exceptional[:n]).data),
        packer.compress(np.packbits(travelling[:exceptions]).data),
        packer.compress(starts[:runs].data),
        packer.compress(crossings[:runs].data),
        packer.compress((sizes[0::2] | (sizes[1::2] << 4)).data),
        packer.compress(others[:, :other].tobytes()),
        packer.flush(),
    ]
    kinds = np.bincount(others[0, :other], minlength=16)
    kinds[[CROSSED, NONE]] += n - exceptions, exceptions - other
    return b"".join(pieces), kinds


def unpack(blob: bytes) -> NDArray[np.uint16]:
    """Inverse of :func:`pack`; an empty blob is an empty list. Raises ResultsError on a damaged one."""
    if not blob:
        return np.empty(0, dtype=np.uint16)
    try:
        return _unpack(blob)
    except (ValueError, IndexError, OverflowError, MemoryError, struct.error, zlib.error) as error:
        raise results_error(
            "results-damaged", what="the list of final outcomes", reason=str(error)
        ) from error


def _unpack(blob: bytes) -> NDArray[np.uint16]:
    count, exceptions, runs = _HEADER.unpack_from(blob)
    packer, at = zlib.decompressobj(), 0
    data = packer.decompress(memoryview(blob)[_HEADER.size :])
    if not packer.eof or packer.unused_data:
        raise ValueError("the length is wrong")

    def take(number: int, kind: str) -> NDArray[Any]:
        nonlocal at
        values = np.frombuffer(data, dtype=kind, count=number, offset=at)
        at += values.nbytes
        return values

    excepted = np.unpackbits(take((count + 7) // 8, "u1"), count=count)
    exception = np.flatnonzero(excepted)
    if exception.size != exceptions:
        raise ValueError("the number of exceptions is wrong")
    travelling = np.unpackbits(take((exceptions + 7) // 8, "u1"), count=exceptions).astype(bool)
    starts, crossing = take(runs, "<u4").astype(np.int64), take(runs, "u1")
    travellers = int(np.count_nonzero(travelling))
    travelled = count - exceptions + travellers
    sizes = take((travelled + 1) // 2, "u1")
    others = take(2 * travellers, "u1").reshape(2, travellers)
    if at != len(data):
        raise ValueError("the length is wrong")
    # What comes before the first run is all exceptions, so the first run may begin at 0.
    bounds = np.concatenate(([0], starts[1:], [count])) if runs else np.array([0, count])
    planned = (crossing.astype(np.uint16) << 8) | np.uint16(CROSSED) if runs else np.zeros(1, dtype=np.uint16)
    values = np.repeat(planned, np.diff(bounds))
    values *= excepted ^ 1  # NONE is 0
    travellers_at = exception[travelling]
    values[travellers_at] = others[0] | (others[1].astype(np.uint16) << 8)
    low = np.empty(sizes.size * 2, dtype=np.uint8)
    low[0::2] = sizes << 4
    low[1::2] = sizes & 0xF0
    excepted[travellers_at] = 0
    values[np.flatnonzero(excepted ^ 1)] |= low[:travelled]
    return values
