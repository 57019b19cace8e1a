"""The formulas themselves, against figures published or worked out by hand."""

from __future__ import annotations

import math

import pytest

from theory import formulas


def test_one_booth_is_the_simple_queue():
    assert formulas.erlang_c(0.5, 1) == pytest.approx(0.5)
    assert formulas.mmc_wait(0.5, 1.0, 1) == pytest.approx(1.0)
    assert formulas.mmc_tail(0.5, 1.0, 1, 1.0) == pytest.approx(0.5 * math.exp(-0.5))
    assert formulas.mg1_wait(0.8, 1.0, 1.0) == pytest.approx(formulas.mmc_wait(0.8, 1.0, 1))
    assert formulas.mg1_wait(0.8, 1.0, 0.0) == pytest.approx(2.0)


def test_erlang_c_by_its_sum():
    offered, booths = 12.6, 14
    terms = [offered**n / math.factorial(n) for n in range(booths)]
    last = offered**booths / math.factorial(booths) * booths / (booths - offered)
    assert formulas.erlang_c(offered, booths) == pytest.approx(last / (sum(terms) + last), rel=1e-12)


def test_a_closure_by_hand():
    """40 an hour come, 55 an hour can pass, nobody for 5 hours."""
    found = formulas.closure(40.0, 55.0, 5.0)
    assert found["peak"] == 200.0
    assert found["clearing"] == pytest.approx(40.0 / 3.0)
    assert found["delay"] == pytest.approx(5500.0 / 3.0)
    assert found["mean"] == pytest.approx(2.5)
