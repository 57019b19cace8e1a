"""Runs: one history, ensembles of paired histories, and where they are run."""

from __future__ import annotations

from garita.runs.axes import layout
from garita.runs.ensemble import run, run_pair
from garita.runs.executors import Executor, InProcess, Threads
from garita.runs.journeys import travel, travel_pair

__all__ = ["Executor", "InProcess", "Threads", "layout", "run", "run_pair", "travel", "travel_pair"]
