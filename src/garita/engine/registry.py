"""What the makers and the callers of machine code agree on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# Every kernel that was defined.
KERNELS: list[Callable[..., Any]] = []
# Symbol of the function that machine code is entered by.
ENTRY = "garita_entry"
