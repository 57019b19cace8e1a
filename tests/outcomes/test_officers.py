"""The books of officers, from a run to the table and the files."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from engine import helpers
from garita import outcomes, runs

pytestmark = pytest.mark.slow  # needs the second compiled form of the engine

SERVICE = {"distribution": "exponential", "mean": "30 s"}
LINES = [  # busy in turn
    helpers.flow("a", [400] * 12 + [40] * 12, 3, lanes=6, service=SERVICE),
    helpers.flow("b", [40] * 12 + [400] * 12, 3, lanes=6, service=SERVICE),
]
TICKS = {"tick_min": 5, "trim_every_min": 5}
POOL = {"pool": "both", "crossings": ["a", "b"], "on_duty": 6, "move_min": 5}
WAYS = [
    {"origin": origin, "destination": other, "minutes": 20, "mode": "car"}
    for origin, other in (("a", "b"), ("b", "a"))
]
RULE = {"crossing": "b", "booths": 2, "from": helpers.at(9), "until": helpers.at(11)}


@pytest.fixture(scope="module")
def outcome():
    case = helpers.case(LINES, officers=[POOL], emergency=[RULE], travel=WAYS, behaviour=TICKS)
    return runs.run(case, workers=1)


def test_the_table(outcome):
    table = outcome.officers
    table = table[table.bin_start_local < np.datetime64("2018-01-16")]
    pool, rule = (table[table.kind == kind] for kind in ("pool", "emergency"))
    assert set(pool.name) == {"both"} and set(rule.name) == {"emergency-1"}
    assert (pool.on_duty == 6.0).all() and (pool.at_booths + pool.moving <= 6.0).all()
    assert pool.at_booths.mean() > 4.0 and pool.moves.sum() > 0 and pool.in_force_min.isna().all()
    inside = rule.bin_start_local.dt.hour.isin([9, 10])
    assert (rule.in_force_min[inside] == 15.0).all() and rule.in_force_min[~inside].sum() == 0.0
    assert rule.on_duty.isna().all()


def test_saved_and_opened_again(outcome, tmp_path):
    outcome.save(tmp_path)
    again = outcomes.Outcome.open(tmp_path)
    assert np.array_equal(again.officer_counts, outcome.officer_counts)
    assert again.layout.officers == outcome.layout.officers
    [(rows, moves)] = duckdb.sql(
        f"SELECT count(*), sum(moves) FROM '{(tmp_path / 'officers.parquet').as_posix()}'"
    ).fetchall()
    assert rows == len(outcome.officers) and moves == outcome.officers.moves.sum()
