"""The one decorator of the engine's compiled code.

A kernel is a plain Python function. Those that Python calls are entrances: calling one runs machine code,
made by ``compiling.py`` the first time and read from a cache folder ever after; with ``NUMBA_DISABLE_JIT=1``
it runs the plain functions. All others are called by kernels only.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from garita.engine.entrance import Entrance
from garita.engine.registry import KERNELS

# Kernels that are called from Python. The others are linked into these, and exist nowhere else.
ENTRANCES = frozenset(
    {
        "simulate",
        "pack_outcomes",
        "unpack_outcomes",
        "join_outcomes",
        "read_histograms",
        "list_routes",
        "journey_flee3",
        "journey_people",
        "journey_cohorts",
    }
)

# The user wants plain Python, to look into it or to measure what tests reach.
PLAIN = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")


def kernel(function: Callable[..., Any]) -> Any:
    """Mark a function as part of the compiled engine.

    Kernels know numbers, arrays and named tuples of arrays; they allocate nothing, raise nothing, and count
    no place from the end of an array (unless it stands there: ``row[-1]``).
    """
    KERNELS.append(function)
    return function if PLAIN or function.__name__ not in ENTRANCES else Entrance(function)
