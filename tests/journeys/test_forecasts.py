from __future__ import annotations

import warnings

import numpy as np
import pytest

from garita.outcomes.forecasts import middle


def test_days_on_which_nobody_registers_are_told_without_silencing_warnings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To silence them is a matter of the whole process, and two variants are saved in two threads."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the filters of warnings belong to all threads")

    monkeypatch.setattr(warnings, "catch_warnings", refuse)
    mid, low, high = middle(np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]]))
    assert (mid[0], low[0], high[0]) == pytest.approx((2.0, 1.1, 2.9))
    assert np.isnan([mid[1], low[1], high[1]]).all()
