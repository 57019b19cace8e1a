"""A year of every southern crossing: as many as were counted, in less than 2 GB."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="the benchmark asks the system for its memory"),
]


def test_a_year_of_the_border() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.border_year"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    # BTS counts 130 million parties in 2018; those who look at the published waits may come or stay away.
    assert found["parties"] == pytest.approx(130.3e6, rel=0.03)
    assert found["memory_bytes"] < 2e9
