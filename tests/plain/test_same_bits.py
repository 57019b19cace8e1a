"""Plain Python gives the same bits as compiled; last, because this waits for the other process."""

from __future__ import annotations

import numba
import pytest

from plain import days
from plain.test_days import plain


def test_the_jit_is_off():
    """Otherwise these tests would measure nothing."""
    assert numba.config.DISABLE_JIT


@pytest.mark.parametrize("name", days.DAYS)
def test_the_same_bits_as_compiled(name, compiled):
    assert days.digests(plain(name)) == compiled[name]
