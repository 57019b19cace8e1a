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


def test_losses_by_hand():
    """Two booths, two erlang: 1, 2, 2 in the states 0, 1, 2. A room of three adds 2 more in state 3."""
    assert formulas.erlang_b(2.0, 2) == pytest.approx(0.4)
    assert formulas.mmck(2.0, 1.0, 2, 2)["lost"] == pytest.approx(0.4)
    found = formulas.mmck(2.0, 1.0, 2, 3)
    assert found == pytest.approx({"lost": 2.0 / 7.0, "queue": 2.0 / 7.0, "wait": 0.2})


def test_patience_like_another_booth():
    """Where patience lasts as long as an inspection, as many are in the system as with endless booths."""
    found = formulas.erlang_a(3.0, 1.0, 1, 1.0)
    assert found["waits"] == pytest.approx(1.0 - math.exp(-3.0))
    assert found["queue"] == pytest.approx(3.0 - (1.0 - math.exp(-3.0)))
    assert found["left"] == pytest.approx(found["queue"] / 3.0)
