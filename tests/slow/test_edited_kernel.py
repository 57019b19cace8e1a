"""Editing one kernel leaves no other one stale: what was compiled before the edit is not used after it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import garita

pytestmark = pytest.mark.slow  # compiles the engine twice
PROGRAM = """
import hashlib
from engine import helpers
import garita
output = helpers.one([helpers.flow(per_hour=60, booths=1, service={"mean": "50 s"})])
print(garita.__file__, hashlib.sha256(output.bins.tobytes()).hexdigest(), int(output.balance.sum()))
"""
ONE_WORD, ANOTHER = "PARITY = U64(0x1BD11BDAA9FC1A22)", "PARITY = U64(0x1BD11BDAA9FC1A23)"


def test_a_kernel_called_by_kernels_is_edited(tmp_path):
    source = tmp_path / "src" / "garita"
    shutil.copytree(Path(garita.__file__).parent, source, ignore=shutil.ignore_patterns("__pycache__"))
    tests = str(Path(__file__).parents[1])
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(source.parent), tests]),
        "GARITA_CACHE_DIR": str(tmp_path / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    def run() -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
        )
        path, *found = done.stdout.split()
        assert Path(path).is_relative_to(tmp_path)
        return found

    first = run()
    random = source / "engine" / "random.py"
    text = random.read_text(encoding="utf-8")
    assert text.count(ONE_WORD) == 1
    random.write_text(text.replace(ONE_WORD, ANOTHER), encoding="utf-8")
    edited = run()
    assert edited != first
    random.write_text(text, encoding="utf-8")
    assert run() == first and int(first[1]) > 1000 and int(edited[1]) > 1000
