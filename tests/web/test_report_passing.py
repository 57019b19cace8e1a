"""A crossing that passes an hour on the same day anyway does not pass it because of the closure."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from garita.outcomes.timing import Timing
from garita.report import passing
from web import fake_comparison

CLOSING = fake_comparison.SHUT_FROM
NAN = math.nan


def waits(hours: int, *long: tuple[int, int]) -> np.ndarray:
    """Three histories ``[R, B]`` of quarter hours from the closing's midnight: 20 min, or 90 in ``long``."""
    made = np.full((3, 4 * hours), 20.0, dtype=np.float32)
    for first, last in long:
        made[:, first:last] = 90.0
    return made


def told(
    with_: np.ndarray, without: np.ndarray, *, closed: bool = False
) -> tuple[Any, list[passing.Passing]]:
    scope = SimpleNamespace(key="x:inbound:car:all", direction="inbound", mode="car")
    midnight = CLOSING - 11.5 * 60
    timing: Any = object.__new__(Timing)  # only what waits say, without the arrays behind them
    timing.groups, timing.closing_min = [scope], CLOSING
    timing.starts = midnight + 15.0 * np.arange(with_.shape[1])
    timing.waits = (with_[:, None], without[:, None])
    timing.layout = SimpleNamespace(zone="America/Los_Angeles")
    comparison: Any = SimpleNamespace(timing=timing, closing_min=CLOSING, is_closed=lambda scope: closed)
    return comparison, passing.passings(comparison)


@pytest.mark.parametrize(
    ("with_", "without", "words", "caused"),
    [
        ([], [], ("", ""), False),
        ([(52, 60)], [], ("after 1 h 30 min", "not that day"), True),
        ([(52, 60)], [(56, 60)], ("after 1 h 30 min", "after 2 h 30 min"), True),
        ([(52, 80)], [(52, 60)], ("after 1 h 30 min", "after 1 h 30 min"), False),
        ([(52, 80)], [(46, 60)], ("after 1 h 30 min", "at once"), False),
        # The next morning's rush is not that day's.
        ([(52, 60), (128, 140)], [(128, 140)], ("after 1 h 30 min", "not that day"), True),
        # Before the closing does not count, and what lasts into it is there at once.
        ([(20, 30)], [(20, 30)], ("", ""), False),
    ],
)
def test_both_days_are_told(with_: Any, without: Any, words: tuple[str, str], caused: bool) -> None:
    comparison, found = told(waits(48, *with_), waits(48, *without))
    assert tuple(text.replace("\N{NO-BREAK SPACE}", " ") for text in found[0].words()) == words
    assert found[0].caused is caused
    assert (passing.first_caused(comparison, "inbound", "car") is not None) is caused
    assert passing.first_caused(comparison, "outbound", "car") is None


def test_a_closed_crossing_is_no_neighbour() -> None:
    comparison, found = told(waits(48, (52, 60)), waits(48), closed=True)
    assert found[0].caused
    assert passing.first_caused(comparison, "inbound", "car") is None


def test_one_bus_in_one_history_passes_nothing() -> None:
    rare = np.full((3, 192), np.nan, dtype=np.float32)
    rare[0, 52] = 200.0
    assert told(rare, waits(48))[1][0].words() == ("", "")


def test_without_a_closure_nothing_is_passed() -> None:
    assert passing.passings(fake_comparison.comparison(2, "")) == []


def test_the_neighbours_of_the_fake_case_pass_after_the_closing() -> None:
    found = passing.passings(fake_comparison.comparison())
    assert any(math.isfinite(one.with_) for one in found)
    assert all(not one.with_ < 0 for one in found)
