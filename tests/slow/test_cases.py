"""Packaged cases run, and point in the direction that was observed."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from garita.engine.types import CANCELLED, CROSSED, WAIT_SUM, WAITED
from garita.outcomes import Outcome
from garita.runs import run_pair
from garita.scenario import load

pytestmark = pytest.mark.slow


@cache
def pair(name: str) -> tuple[Outcome, Outcome]:
    return run_pair(load(name), replications=4)


def lines(outcome: Outcome, crossing: str, direction: str = "inbound", mode: str = "car") -> list[int]:
    return [
        f
        for f, flow in enumerate(outcome.layout.flows)
        if (flow.crossing, flow.direction, flow.mode) == (crossing, direction, mode)
    ]


def longest(outcome: Outcome, crossing: str, direction: str = "inbound") -> float:
    """Longest mean wait of any quarter of an hour of cars, minutes."""
    bins = outcome.bins[:, lines(outcome, crossing, direction)][:, :, outcome.layout.measured].sum(
        axis=(0, 1)
    )
    waited = bins[:, WAITED]
    return float(np.max(np.where(waited > 4, bins[:, WAIT_SUM] / np.maximum(waited, 1), 0.0)))


def final(outcome: Outcome, kind: int, crossing: str, direction: str = "inbound") -> float:
    """Cars of a final outcome, mean of replications."""
    chosen = lines(outcome, crossing, direction)
    return float(outcome.ledger[:, chosen, kind, :, 0].sum() / outcome.ledger.shape[0])


def test_lukeville_is_back_at_once_and_nobody_crosses_meanwhile() -> None:
    closed, usual = pair("lukeville-2023")
    assert final(closed, CROSSED, "lukeville") < 0.4 * final(usual, CROSSED, "lukeville")
    assert final(closed, CANCELLED, "lukeville") > 0.5 * final(usual, CROSSED, "lukeville")
    assert longest(closed, "lukeville") < longest(usual, "lukeville") + 10


def test_an_announced_closure_empties_the_other_direction() -> None:
    closed, usual = pair("announced-weekend")
    assert longest(closed, "otay-mesa-passenger") <= longest(usual, "otay-mesa-passenger") + 10
    went = final(closed, CROSSED, "san-ysidro-vehicles"), final(usual, CROSSED, "san-ysidro-vehicles")
    assert went[0] < 0.9 * went[1]


def test_a_closure_without_notice_crowds_the_neighbour() -> None:
    closed, usual = pair("san-ysidro-2011")
    assert longest(closed, "otay-mesa-passenger") > longest(usual, "otay-mesa-passenger") + 20


def test_more_booths_shorten_the_weekend() -> None:
    more, usual = pair("san-ysidro-lanes-2012")
    chosen = lines(more, "san-ysidro-vehicles")
    waits = [outcome.bins[:, chosen][..., WAIT_SUM].sum() for outcome in (more, usual)]
    assert waits[0] < 0.75 * waits[1]


def test_holders_of_cards_wait_less_in_lanes_of_their_own() -> None:
    outcome, _ = pair("otay-ready-2011")
    waits = {}
    for f in lines(outcome, "otay-mesa-passenger"):
        bins = outcome.bins[:, f][:, outcome.layout.measured]
        waits[outcome.layout.flows[f].lane_type] = float(bins[..., WAIT_SUM].sum() / bins[..., WAITED].sum())
    assert waits["ready"] < waits["standard"]
