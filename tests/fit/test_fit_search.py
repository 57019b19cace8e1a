"""The search finds a minimum, says what is told and what is not, and goes on after it was killed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from garita.fit.parameters import Parameter, Tried, intervals, members, parameters
from garita.fit.search import Effort, search

EFFORT = Effort(spread=32, starts=1, trials=30, walks=4, steps=100)
SPACE = (
    Parameter("told", "told", 0.0, 10.0, 5.0, "", "what the loss depends on"),
    Parameter("open", "open", 0.0, 1.0, 0.5, "", "what it does not depend on"),
)


class Bowl:
    """A loss with its minimum at 7 of the first parameter, whatever the second is."""

    indifference = 0.01

    def __init__(self) -> None:
        self.calls = 0
        self.space = SPACE

    def __call__(self, places: Any) -> Tried:
        self.calls += 1
        loss = (places[0] - 0.7) ** 2
        return Tried(tuple(float(place) for place in places), (loss, loss), float(loss))


def found(folder: Path | None, objective: Any = None) -> Any:
    return search(objective or Bowl(), folder, effort=EFFORT)


def test_what_the_loss_depends_on_is_found_and_the_rest_is_left_open() -> None:
    space = intervals(SPACE, found(None).good)
    assert space["told"].low < 7.0 < space["told"].high
    assert space["told"].best == pytest.approx(7.0, abs=0.2)
    assert space["told"].told
    assert not space["open"].told


def test_members_begin_with_the_best() -> None:
    good = found(None).good
    chosen = members(good, 5)
    assert chosen[0].loss == min(one.loss for one in good)
    assert len({one.places for one in chosen}) == len(chosen) <= 5


def test_a_search_that_was_killed_ends_with_the_same_result(tmp_path: Path) -> None:
    class Killed(Bowl):
        def __call__(self, places: Any) -> Tried:
            if self.calls == 45:
                raise KeyboardInterrupt
            return super().__call__(places)

    whole = found(None)
    with pytest.raises(KeyboardInterrupt):
        found(tmp_path, Killed())
    parts = {path.name for path in tmp_path.iterdir()}
    assert parts == {"spread-000.json", "spread-016.json"}
    again = Bowl()
    assert found(tmp_path, again) == whole
    assert again.calls < len(whole.tried)
    assert found(tmp_path, again := Bowl()) == whole
    assert again.calls == 0
    assert all(json.loads(path.read_text(encoding="utf-8")) for path in tmp_path.iterdir())


def test_places_and_values_are_inverse() -> None:
    for parameter in parameters(80.0):
        for place in (0.0, 0.3, 1.0):
            assert parameter.place(parameter.at(place)) == pytest.approx(place)
        assert parameter.low <= parameter.usual <= parameter.high
    horizon = next(p for p in parameters(80.0) if p.name == "trim_horizon_min")
    assert horizon.low > 80.0  # officers who aim below the wait itself would overshoot
    assert np.isfinite(horizon.high)
