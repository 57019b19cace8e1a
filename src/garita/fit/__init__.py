"""Fit and validation: whether a region looks like itself."""

from __future__ import annotations

from garita.fit.normal_week import COLUMNS, Column, errors, observed_v1, weekly_waits

__all__ = ["COLUMNS", "Column", "errors", "observed_v1", "weekly_waits"]
