"""The engine: compiled kernels and the arrays they take. No files, no scenario objects, no printing."""

from __future__ import annotations

from garita.engine.run import Run, run_replication

__all__ = ["Run", "run_replication"]
