"""A scenario may be based on a region in a folder, and such a region may have members to draw among."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

import pytest

from garita.build.packaged import Demand
from garita.errors import ScenarioError
from garita.scenario import load

SCENARIO = """garita: 1
title: On a region of my own
base: {base}
start: 2018-11-24
days: 1
"""


@pytest.fixture
def region(tmp_path: Path) -> Path:
    packaged = resources.files("garita.reference").joinpath("regions", "san-diego-tijuana")
    return Path(shutil.copytree(str(packaged), tmp_path / "mine"))


def member(region: Path, name: str, horizon: str) -> None:
    folder = region / "members" / name
    folder.mkdir(parents=True)
    text = (region / "behaviour.csv").read_text(encoding="utf-8")
    assert "trim_horizon_min,75" in text
    changed = text.replace("trim_horizon_min,75", f"trim_horizon_min,{horizon}")
    (folder / "behaviour.csv").write_text(changed, encoding="utf-8")


def case(tmp_path: Path, extra: str = "", base: str = "mine") -> object:
    path = tmp_path / "scenario.yaml"
    path.write_text(SCENARIO.format(base=base) + extra, encoding="utf-8")
    return load(path)


def test_a_folder_of_tables_is_a_base(tmp_path: Path, region: Path) -> None:
    made = case(tmp_path)
    assert made.tables.id == "san-diego-tijuana"
    assert made.history(3) is made
    before = made.digest
    text = (region / "flows.csv").read_text(encoding="utf-8").replace("erlang,45,", "erlang,46,")
    (region / "flows.csv").write_text(text, encoding="utf-8")
    assert case(tmp_path).digest != before


def test_replications_take_the_members_in_turn(tmp_path: Path, region: Path) -> None:
    member(region, "01", "100")
    member(region, "02", "200")
    made = case(tmp_path)
    horizons = [made.history(r).resolve(r).behaviour.trim_horizon_min for r in range(4)]
    assert horizons == [100.0, 200.0, 100.0, 200.0]
    assert made.resolve(0).behaviour.trim_horizon_min == 75.0
    assert made.without("closures").history(1).resolve(1).behaviour.trim_horizon_min == 200.0


def test_what_the_scenario_says_goes_before_the_members(tmp_path: Path, region: Path) -> None:
    member(region, "01", "100")
    made = case(tmp_path, "behaviour: {trim_horizon_min: 50}\n")
    assert made.history(0).resolve(0).behaviour.trim_horizon_min == 50.0


def test_a_folder_that_is_no_region_is_refused(tmp_path: Path, region: Path) -> None:
    (region / "volumes.csv").unlink()
    with pytest.raises(ScenarioError) as caught:
        case(tmp_path)
    assert "volumes.csv" in str(caught.value)
    (region / "region.csv").unlink()
    with pytest.raises(ScenarioError) as caught:
        case(tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["unknown-base"]


def test_broken_tables_are_refused_without_a_traceback(tmp_path: Path, region: Path) -> None:
    (region / "flows.csv").write_text('crossing,direction\n"a\n', encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        case(tmp_path)
    assert "there is no column mode" in str(caught.value)


def test_hours_may_be_given_for_each_weekday(tmp_path: Path, region: Path) -> None:
    path = region / "hour_shares.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    own = [
        line.replace(",weekday,", f",{day},")
        for line in lines
        if ",weekday," in line
        for day in ("mon", "fri")
    ]
    path.write_text("".join([*lines, *own]), encoding="utf-8")
    made = case(tmp_path)
    demand = Demand(made.tables.tables)
    key = ("san-ysidro-vehicles", "inbound", "car", "standard")
    assert demand.day_types(key) == ("mon", "weekday", "weekday", "weekday", "fri", "saturday", "sunday")
