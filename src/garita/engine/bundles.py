"""Handing the whole model to a kernel as one reference."""

from __future__ import annotations

from typing import Any


def bundle(fields: Any) -> Any:
    """The named tuple itself; in compiled code a pointer to its arrays (``numba_bundles.py``)."""
    return fields
