"""Final outcomes of all parties taken apart, in one pass, into what a packed list holds of them."""

from __future__ import annotations

import numpy as np

from garita.engine.kernel import kernel
from garita.engine.types import CROSSED, NONE


@kernel
def take_apart(values, exceptional, travelling, runs, crossings, sizes, others):
    """Fill the parts that ``garita.outcomes.finals`` packs, from uint16 [N] final outcomes; each has room for
    N + 1 and is filled from its beginning.

    ``exceptional``: 1 for a candidate who did not cross as planned; ``travelling``: 1 for an exception who
    travels; ``runs`` and ``crossings``: where a run of parties who crossed at one crossing begins, and which
    it is; ``sizes``: of all who travel; ``others`` [2, N + 1]: kind and crossing of exceptions who travel.
    Returns how many exceptions, runs, sizes and others there are.
    """
    exceptions, begun, sized, other = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    last = np.int64(-1)
    for place in range(values.shape[0]):
        value = np.int64(values[place])
        kind, crossing = value & 15, value >> 8
        travels = np.int64(value != NONE)
        exception = np.int64(kind != CROSSED)
        if (1 - exception) & np.int64(crossing != last):  # rare
            runs[begun], crossings[begun] = place, crossing
            begun += 1
            last = crossing
        # Written in any case, and kept only where it counts: to guess which it is would often be wrong.
        exceptional[place] = exception
        travelling[exceptions] = travels
        sizes[sized] = (value >> 4) & 15
        exceptions += exception
        sized += travels
        if exception & travels:
            others[0, other], others[1, other] = kind, crossing
            other += 1
    return exceptions, begun, sized, other
