"""Warm-up days before what is reported, and the end of a run: demand stops, and lines run empty."""

from __future__ import annotations

import numpy as np

from engine import helpers
from garita import runs
from garita.engine import types

FIXED = {"distribution": "deterministic", "mean": "60 s"}
NIGHT = [40] * 20 + [200] * 4


def line(per_hour=NIGHT, **more):
    return helpers.flow("a", per_hour, 2, service=FIXED, **more)


def test_a_warm_up_day_is_a_day_like_any_other():
    """The same history whether a day is warm-up or is reported; only what is reported differs."""
    warmed = helpers.case([line()], start="2018-01-16 00:00", warm_up_days=1)
    reported = helpers.case([line()], start="2018-01-15 00:00", days=2)
    assert not helpers.different(helpers.run(warmed)[0], helpers.run(reported)[0])
    layouts = [runs.run(case).layout for case in (warmed, reported)]
    assert [layout.first_bin for layout in layouts] == [96, 0]
    assert layouts[0].horizon_bin == layouts[1].horizon_bin == 192


def test_queues_are_not_empty_when_counting_begins():
    cold = runs.run(helpers.case([line()], start="2018-01-16 00:00"))
    warm = runs.run(helpers.case([line()], start="2018-01-16 00:00", warm_up_days=1))
    first = [outcome.waits.query("replication == 0").iloc[0] for outcome in (cold, warm)]
    assert first[0]["bin_start_utc"] == first[1]["bin_start_utc"]
    assert first[0]["mean_wait_min"] < 5.0 < 60.0 < first[1]["mean_wait_min"]


def test_demand_stops_at_the_horizon_and_the_lines_run_empty():
    output = helpers.one([line([40] * 23 + [2000])])
    assert output.bins[0, 96:, types.ARRIVED].sum() == 0
    assert output.bins[0, 95, types.QUEUE_END] > 1500
    emptied = int(output.used[0])
    assert 96 + 4 * 12 < emptied < 96 + 4 * 24  # some 2,000 parties, two booths of 60 an hour
    assert output.balance[types.CROSSED] == output.balance.sum() > 2500


def test_who_cannot_cross_within_three_days_is_stranded():
    output = helpers.one([line([0] * 23 + [20_000])])
    assert output.used[0] == output.bins.shape[1] == 4 * (24 + 72)
    served = output.bins[0, :, types.STARTED].sum()
    assert served == output.balance[types.CROSSED]
    assert abs(served - 2 * 60 * 73) <= 130
    assert output.balance[types.WAITING] == output.balance.sum() - served > 10_000


def test_opening_hours_hold_in_the_emptying_phase():
    """Who comes after closing time on the last evening crosses the morning after."""
    crossings = [{"id": "a", "hours": "06:00-20:00"}]
    output = helpers.one([line([30] * 24)], crossings=crossings)
    started = output.bins[0, :, types.STARTED].reshape(-1, 4).sum(axis=1)
    assert np.flatnonzero(started).tolist() == [*range(6, 20), 30]
