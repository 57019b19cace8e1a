"""The functions that compare a normal week with published waits, on made-up outcomes."""

from __future__ import annotations

import math
import warnings
from pathlib import Path

import numpy as np
import pytest

from garita.engine.types import PUBLISHED, WAIT_SUM, WAITED
from garita.fit import normal_week as week
from garita.outcomes import CrossingAxis, FlowAxis, Outcome
from outcomes.synthetic import make_layout, make_part

MIDNIGHT = 1541404800.0 / 60.0  # Monday 5 November 2018, 00:00 at San Diego
STANDARD, ON_FOOT = week.COLUMNS[0], week.COLUMNS[3]
WEST, EAST = "san-ysidro-pedwest", "san-ysidro-pedeast"


def made_up_week() -> Outcome:
    """Nine days from a Sunday. Cars: hour + 24 x weekday, closed at 03 h; people on foot: 10 and 30."""
    flows = tuple(
        FlowAxis(f"{crossing}:inbound:{mode}:standard", crossing, "inbound", mode, "standard")
        for crossing, mode in (("san-ysidro-vehicles", "car"), (EAST, "pedestrian"), (WEST, "pedestrian"))
    )
    crossings = tuple(CrossingAxis(flow.crossing, flow.crossing, "san-ysidro") for flow in flows)
    bins = 9 * 96
    layout = make_layout(
        replications=2, days=8, variant="baseline", flows=flows, crossings=crossings, first_bin=96,
        horizon_bin=8 * 96, bin_start_min=MIDNIGHT - 1440.0 + 15.0 * np.arange(bins),
    )  # fmt: skip
    parts = []
    for replication in range(2):
        part = make_part(layout, replication)
        hour, day = np.arange(bins) // 4 % 24, np.arange(bins) // 96 - 1
        part.bins[..., WAITED], part.bins[..., WAIT_SUM] = 6.0, 6.0 * 42.0
        part.bins[2, :, WAITED] = 18.0
        part.bins[0, :, PUBLISHED] = np.where(hour == 3, -1.0, hour + 24.0 * day + replication)
        part.bins[1, :, PUBLISHED], part.bins[2, :, PUBLISHED] = 10.0, 30.0
        parts.append(part)
    return Outcome.collect(layout, {}, parts)


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return made_up_week()


def test_waits_by_weekday_and_local_hour(outcome: Outcome) -> None:
    waits = week.weekly_waits(outcome, STANDARD)
    for weekday, hour in ((0, 0), (2, 7), (6, 23)):
        assert waits[weekday, hour] == pytest.approx(24 * weekday + hour + 0.5)
    assert np.isnan(waits[:, 3]).all()
    assert week.weekly_waits(outcome, STANDARD, replications=[1])[2, 7] == pytest.approx(24 * 2 + 7 + 1)


def test_lines_of_a_column_count_by_their_parties(outcome: Outcome) -> None:
    assert week.weekly_waits(outcome, ON_FOOT) == pytest.approx(np.full((7, 24), (6 * 10 + 18 * 30) / 24))


def test_true_waits_are_those_of_who_joined(outcome: Outcome) -> None:
    assert week.weekly_waits(outcome, STANDARD, published=False) == pytest.approx(np.full((7, 24), 42.0))


def test_weekday_mean_leaves_out_what_is_missing_without_a_warning() -> None:
    waits = np.tile(np.arange(24.0), (7, 1))
    waits[5:] = 1000.0
    waits[0, 1], waits[:, 2] = np.nan, np.nan
    waits[1:5, 1] = 9.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mean = week.weekday_mean(waits)
    assert mean[0] == 0.0
    assert mean[1] == 9.0
    assert math.isnan(mean[2])


def test_v1_has_every_column_and_its_closed_hours() -> None:
    observed = week.observed_v1()
    assert set(observed) == {column.name for column in week.COLUMNS}
    assert observed["San Ysidro standard"][6] == 64.0
    assert observed["Tecate on foot"][5] == 26.0
    for name, waits in observed.items():
        assert np.isnan(waits).any() == name.startswith("Tecate"), name


def test_error_is_over_the_hours_that_both_have() -> None:
    simulated, observed = np.array([1.0, np.nan, 5.0]), np.array([3.0, 7.0, np.nan])
    assert week.errors({"a": simulated}, {"a": observed})["a"] == 2.0
    assert math.isnan(week.errors({"a": simulated[1:2]}, {"a": observed[1:2]})["a"])


def test_weekday_errors_of_an_outcome(outcome: Outcome) -> None:
    errors = week.weekday_errors(outcome)
    simulated = np.arange(24) + 24.0 * 2 + 0.5
    observed = week.observed_v1()["San Ysidro standard"]
    kept = np.arange(24) != 3
    assert errors["San Ysidro standard"] == pytest.approx(np.abs(simulated - observed)[kept].mean())
    assert math.isnan(errors["Tecate standard"])  # not in this outcome


def test_shape_before_level() -> None:
    curve = 10.0 + np.arange(24.0)
    twice = week.shape(curve, 2.0 * curve)
    assert (twice.correlation, twice.level, twice.scaled_error) == pytest.approx((1.0, 2.0, 0.0))
    assert twice.error == pytest.approx(curve.mean())
    assert week.shape(curve, curve[::-1]).correlation == pytest.approx(-1.0)
    assert math.isnan(week.shape(curve, np.full(24, 5.0)).correlation)
    assert math.isnan(week.shape(curve, np.zeros(24)).level)
    assert math.isnan(week.shape(np.full(24, np.nan), curve).error)


def test_cbp_averages_are_read_by_weekday_and_hour(tmp_path: Path) -> None:
    columns = list(week.CBP_COLUMNS)
    lines = [",".join(["month", "bwt_day", "time_slot", *columns])]
    lines += [f"{month},{day},{hour}," + ",".join(str(month + 10 * day + i) for i in range(len(columns)))
              for month in (10, 11) for day in (0, 6) for hour in range(24)]  # fmt: skip
    path = tmp_path / "averages.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    observed = week.observed_cbp(path, 11)
    assert observed["San Ysidro standard"][0, 5] == 11.0
    assert observed["San Ysidro SENTRI"][6, 23] == 73.0
    assert np.isnan(observed["San Ysidro standard"][3]).all()


def test_a_fortnight_scales_all_demand() -> None:
    case = week.fortnight(days=2, replications=1, demand_factor=1.05)
    [change] = case.resolve(0).demand
    assert (change.crossing, change.factor) == ("all", 1.05)
    assert case.scenario.days == 2
