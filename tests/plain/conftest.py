"""Tests of the engine as plain Python, in a process of their own with the JIT switched off: `make coverage`.

They are quick because they are small; the compiled engine computes the same days beside them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

# Compiled kernels that only kernels call cannot be called from here, and their lines are not seen.
collect_ignore_glob = [] if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0") else ["test_*.py"]

PROGRAM = """
import json, sys
from plain import days
json.dump({name: days.digests(days.run(name)) for name in days.DAYS}, sys.stdout)
"""


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> Iterator[Callable[[], dict[str, dict[str, str]]]]:
    """Begin at once, so that the compiled days are there when they are asked for."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "NUMBA_DISABLE_JIT": "0", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    found: dict[str, dict[str, str]] = {}

    def result() -> dict[str, dict[str, str]]:
        if not found:
            assert process.stdout is not None
            found.update(json.loads(process.stdout.read()))
        return found

    yield result
    if process.poll() is None:
        process.kill()
    process.wait()


@pytest.fixture(scope="session")
def compiled(_compiled: Callable[[], dict[str, dict[str, str]]]) -> dict[str, dict[str, str]]:
    """Digests of the books of every day, by the compiled engine in another process."""
    return _compiled()
