"""The words that the statistical battery gets are the engine's draws."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine import independent

pytestmark = pytest.mark.slow  # Numba compiles what writes them
SCRIPT = Path(__file__).parents[2] / "scripts" / "random_battery.py"
SEED, LINE, HOUR = 1, 0x5A17_E0D1_0C3B_9F42, 428_256


@pytest.mark.parametrize("order", ["by-party", "by-replication"])
def test_the_words_of_the_battery(order):
    with subprocess.Popen([sys.executable, str(SCRIPT), "--write", order], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        found = np.frombuffer(process.stdout.read(3 * 4 * 8), np.uint64).reshape(3, 2, 2)
    for i in range(3):
        for purpose in (independent.ARRIVAL, independent.PERSON):
            ordinal, replication = (i, 0) if order == "by-party" else (0, i)
            counter = (LINE, (HOUR << 32) | (ordinal << 8) | purpose)
            assert tuple(found[i, purpose].tolist()) == independent.threefry((SEED, replication), counter)


def test_it_says_why_it_is_skipped(tmp_path):
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        env={"PATH": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "dieharder is not installed" in done.stdout
