"""The engine: compiled kernels and the arrays they take. No files, no scenario objects, no printing."""

from __future__ import annotations

from garita.engine.run import Run, load, run_both, run_replication
from garita.engine.state import release

__all__ = ["Run", "load", "release", "run_both", "run_replication"]
