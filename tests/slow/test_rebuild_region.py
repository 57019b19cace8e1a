"""The committed tables of the region come from the publishers' files, and its weekends have CBP's shape.

Needs the folder with the publishers' files (not part of the repository); skipped without it.
"""

from __future__ import annotations

import csv
import importlib.util
import sys
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import pytest

from garita.reference import load_region

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
SCRIPT = ROOT / "scripts" / "build_region_san_diego_tijuana.py"
COMMITTED = ROOT / "src" / "garita" / "reference" / "regions" / "san-diego-tijuana"
NOVEMBER = "11"
# Minutes of mean absolute difference allowed after one factor for the level (Monday: half November, half all
# months; smoothed over three hours).
SHAPE_BOUND = {"sat": 4.0, "sun": 4.0, "mon": 8.0}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the publishers' files are not at {DATA}"),
]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    sys.path.insert(0, str(SCRIPT.parent))
    try:
        spec = importlib.util.spec_from_file_location("build_region", SCRIPT)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(SCRIPT.parent))
    return module


def test_rebuilding_gives_the_committed_files(script: ModuleType) -> None:
    built = script.build(DATA)
    computed = {"volumes.csv", "weekday_factors.csv", "hour_shares.csv", "usual_waits.csv", "rosters.csv"}
    assert computed <= set(built)
    for name, text in built.items():
        assert (COMMITTED / name).read_text(encoding="utf-8") == text, f"{name} differs: run {SCRIPT.name}"


def november_averages(day: int) -> dict[str, list[float]]:
    """CBP averages at San Ysidro by column and hour (day 0 = Monday)."""
    columns = ("pv_time_avg", "pv_ready_lanes_time_avg", "ped_time_avg")
    found: dict[str, list[float]] = {column: [0.0] * 24 for column in columns}
    path = DATA / "cbp_avg_wait_san_ysidro_by_month_day_hour.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["month"] == NOVEMBER and int(row["bwt_day"]) == day:
                for column in columns:
                    found[column][int(row["time_slot"])] = float(row[column])
    return found


@pytest.mark.parametrize(("weekday", "day"), [("sat", 5), ("sun", 6), ("mon", 0)])
def test_weekend_waits_have_the_shape_of_november(weekday: str, day: int) -> None:
    usual: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for row in load_region("san-diego-tijuana")["usual_waits"]:
        if row["direction"] == "inbound" and row["weekday"] == weekday:
            usual[row["crossing"], row["mode"], row["lane_type"]].append(float(row["wait_min"]))
    published = november_averages(day)
    pairs = {
        "pv_time_avg": ("san-ysidro-vehicles", "car", "standard"),
        "pv_ready_lanes_time_avg": ("san-ysidro-vehicles", "car", "ready"),
        "ped_time_avg": ("san-ysidro-pedeast", "pedestrian", "standard"),
    }
    for column, flow in pairs.items():
        level = sum(usual[flow]) / sum(published[column])
        error = sum(abs(u - level * p) for u, p in zip(usual[flow], published[column], strict=True)) / 24
        assert error < SHAPE_BOUND[weekday], (column, error)


def weekday_column(path: Path, wanted: int, column: str) -> list[float]:
    sums, counts = [0.0] * 24, [0] * 24
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if int(row["bwt_day"]) == wanted:
                sums[int(row["time_slot"])] += float(row[column])
                counts[int(row["time_slot"])] += 1
    return [total / count for total, count in zip(sums, counts, strict=True)]


def test_day_zero_is_monday() -> None:
    """Days 0 to 4 have the early rush of people going to work, 5 and 6 do not; waits join up at midnight."""
    path = DATA / "cbp_avg_wait_san_ysidro_by_month_day_hour.csv"
    days = [weekday_column(path, day, "pv_time_avg") for day in range(7)]
    at_five = [values[5] / (sum(values[10:16]) / 6) for values in days]
    assert min(at_five[:5]) > max(at_five[5:])
    # Saturday ends and Sunday starts with the longest waits of any night; Monday inherits the end of Sunday.
    assert max(range(7), key=lambda day: days[day][0]) == 6
    assert max(range(7), key=lambda day: days[day][23]) == 5
    assert max(range(5), key=lambda day: days[day][0]) == 0
