"""What a month's volume says of its waits: no more than the months bear out, and free of chance."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest

from fit.fit_files import MONTHS, shape
from garita.fit.hindsight import hindsight
from garita.fit.model import SHOWN, Fit, _Week
from garita.fit.observed import Column, Floats, Waits
from garita.fit.parameters import parameters
from garita.fit.places import Places
from garita.fit.region import Fitted
from garita.reference import load_region

NAMES = tuple(f"{month:02}" for month in MONTHS)
USUAL = {p.name: p.usual for p in parameters(60.0)} | {"roster_follows": 0.0}


@cache
def fit_of(response: float) -> Fit:
    """Cars at San Ysidro whose log waits change by ``response`` times the change of log volume."""
    base = load_region("san-diego-tijuana")
    places = Places(base.tables)
    lines = places.lines_of(places.ports["san-ysidro"], "car", "standard")
    volume = np.log(40_000.0) + np.random.default_rng(2).normal(0.0, 0.05, (1, len(NAMES)))
    wait = shape(60.0) * np.exp(response * (volume - volume.mean()))[..., None]
    wait = wait + np.random.default_rng(3).normal(0.0, 2.0, wait.shape)
    waits = Waits((Column("san-ysidro", "car", "standard", lines),), NAMES, wait)
    return Fit(base, waits, volume, (USUAL,), {}, "made up")


class Engine:
    """Instead of simulations: waits as long as arrivals are many."""

    def __init__(self) -> None:
        self.asked: list[Floats] = []

    def waits(self, fitted: Sequence[Fitted]) -> Floats:
        self.asked.append(fitted[0].week.arrivals)
        return np.asarray(fitted[0].week.arrivals / 10.0)


def changed(fit: Fit, beyond: float) -> tuple[Floats, Engine, _Week]:
    engine: Any = Engine()
    of_month = _Week(fit, "07", np.array([11.0]))
    of_month.beyond = np.full((1, 1), beyond)
    return of_month.changed(engine, fit.data.week), engine, of_month


def test_volumes_that_say_nothing_of_waits_are_not_believed() -> None:
    says, says_not = fit_of(1.2), fit_of(0.0)
    assert says.borne_out[0, 0] > 0.4 and says_not.borne_out[0, 0] < 0.1
    unlike = says_not.data.log_volume[:, 4] + 0.1
    assert abs(_Week(says_not, "07", unlike).beyond).max() < 0.02 < _Week(says, "07", unlike).beyond[0, 0]


def test_a_small_change_is_asked_of_the_engine_as_a_large_one() -> None:
    found, engine, of_month = changed(fit_of(1.2), 0.002)
    arrivals = of_month.data.week.arrivals
    assert [float(np.log(asked / arrivals).mean()) for asked in engine.asked] == pytest.approx(
        [SHOWN, -SHOWN]
    )
    assert found == pytest.approx(arrivals / 10.0 * np.sinh(SHOWN) / SHOWN * 0.002)


def test_no_change_needs_no_engine() -> None:
    found, engine, _ = changed(fit_of(1.2), 0.0)
    assert not found.any() and engine.asked == []


def test_hindsight_finds_what_there_is_to_know() -> None:
    fit = fit_of(1.2)
    [row] = hindsight(fit.waits, fit.log_volume)
    alone = fit_of(0.0)
    [noise] = hindsight(alone.waits, alone.log_volume)
    assert row.volume < 0.75 and row.volume_told < 0.8 and row.volume <= row.volume_told
    assert noise.volume > 0.97 and noise.level < 1.0
    week = np.add.outer(5.0 * np.arange(7), np.repeat([0.0, 9.0, 4.0, 2.0], 6)).reshape(-1)
    other = Waits(
        alone.waits.columns,
        NAMES,
        np.concatenate([alone.waits.wait[:, :-1], shape(60.0)[None, None] + week], 1),
    )
    [shaped] = hindsight(other, alone.log_volume)
    assert shaped.shape < 0.7 * shaped.level < 0.7
    gaps = Waits(alone.waits.columns, NAMES, np.full_like(alone.waits.wait, np.nan))
    assert hindsight(gaps, alone.log_volume) == []
