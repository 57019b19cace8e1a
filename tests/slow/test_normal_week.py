"""Before anything is closed the region looks like itself, and stays so when demand is a few per cent off.

Bounds leave room for chance and for small changes of the engine; docs/background/normal-week.md has the
figures. The comparison with CBP's averages needs a file that is not part of the repository and is skipped
without it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from garita.fit import normal_week as week
from garita.outcomes import Outcome

AVERAGES = "cbp_avg_wait_san_ysidro_by_month_day_hour.csv"
# Minutes of mean absolute error against V1, mean weekday.
BOUNDS = {
    "San Ysidro standard": 7.0,
    "San Ysidro Ready": 7.0,
    "San Ysidro SENTRI": 5.0,
    "San Ysidro on foot": 5.0,
    "Otay Mesa standard": 9.0,
    "Otay Mesa Ready": 7.0,
    "Otay Mesa SENTRI": 6.5,
    "Otay Mesa on foot": 3.5,
    "Tecate standard": 10.0,
    "Tecate on foot": 4.0,
}
# Lines with a standing queue: they must neither vanish nor grow to hours.
STANDING = [column for column in week.COLUMNS if BOUNDS[column.name] > 6.5]
CARS_AT_SAN_YSIDRO = ["San Ysidro standard", "San Ysidro Ready"]


@cache
def fortnight(factor: float) -> Outcome:
    return week.simulate(week.fortnight(demand_factor=factor, replications=3))


def weekday_waits(factor: float, column: week.Column) -> week.Waits:
    return week.weekday_mean(week.weekly_waits(fortnight(factor), column))


def test_weekdays_are_those_of_v1() -> None:
    errors = week.weekday_errors(fortnight(1.0))
    assert {name: error for name, error in errors.items() if error > BOUNDS[name]} == {}
    assert np.mean(list(errors.values())) < 5.5


@pytest.mark.parametrize("factor", [0.95, 1.05, 1.10])
def test_a_few_per_cent_of_demand_change_little(factor: float) -> None:
    errors = week.weekday_errors(fortnight(factor))
    assert np.mean(list(errors.values())) < 9.0
    for column in STANDING:
        waits, usual = weekday_waits(factor, column), weekday_waits(1.0, column)
        assert 0.6 < np.nanmean(waits) / np.nanmean(usual) < 1.5, column.name
        assert np.nanmax(waits) < 120.0, column.name


@pytest.mark.parametrize("factor", [0.95, 1.0, 1.10])
def test_no_small_line_waits_for_hours(factor: float) -> None:
    for column in week.COLUMNS:
        assert np.nanmax(week.weekly_waits(fortnight(factor), column)) < 180.0, column.name


def test_more_demand_means_longer_waits() -> None:
    for column in STANDING:
        less, more = (np.nanmean(weekday_waits(factor, column)) for factor in (0.95, 1.05))
        assert less < more, column.name


@pytest.mark.parametrize(("name", "day"), [("Saturday", 5), ("Sunday", 6), ("Monday", 0)])
def test_november_days_have_the_shape_of_the_averages(name: str, day: int, shared: Path) -> None:
    path = shared / "data" / AVERAGES
    if not path.is_file():
        pytest.skip(f"no {AVERAGES} among the shared data")
    observed = week.observed_cbp(path, 11)
    for column in week.CBP_COLUMNS.values():
        if column.name not in CARS_AT_SAN_YSIDRO:
            continue
        found = week.shape(week.weekly_waits(fortnight(1.0), column)[day], observed[column.name][day])
        assert found.correlation > (0.6 if name == "Monday" else 0.85), column.name
        assert found.scaled_error < 10.0, column.name
        # The level is V1's: CBP's averages of later years lie well above it.
        assert 1.3 < found.level < 2.2, column.name
