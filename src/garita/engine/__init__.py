"""The engine: compiled kernels and the arrays they take. No files, no scenario objects, no printing."""

from __future__ import annotations

from garita.engine.memory import hand_back, release
from garita.engine.run import Run, load, run_both, run_replication

__all__ = ["Run", "hand_back", "load", "release", "run_both", "run_replication"]
