"""Where compiled code cannot be kept the engine compiles anew, says so, and gives the same bits."""

from __future__ import annotations

import pytest

from engine.test_kernel import compiled_here, run_elsewhere

pytestmark = pytest.mark.slow


def test_compiled_without_a_cache(tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    found, log = run_elsewhere(tmp_path / "file", NUMBA_DISABLE_JIT="0")
    assert not found["plain"] and found["found"] == compiled_here()
    assert "compiled kernels cannot be kept" in log


def test_compiled_into_an_empty_cache(tmp_path):
    """And read from it again."""
    first, _ = run_elsewhere(tmp_path, NUMBA_DISABLE_JIT="0")
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("simulate-*")}
    again, log = run_elsewhere(tmp_path, NUMBA_DISABLE_JIT="0")
    assert kept and first["found"] == again["found"] and log == ""
    assert not again["numba"], "what was compiled is read without it"
    assert kept == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("simulate-*")}
