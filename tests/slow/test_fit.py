"""Whole fits: a simulated truth is recovered, a killed fit ends the same, the yardstick on public data."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fit.fit_files import MONTHS, shape, write_averages, write_counts
from garita import cli
from garita.errors import ResultsError
from garita.fit import calibrate as fitting
from garita.fit import store
from garita.fit.model import Fit, data_of
from garita.fit.objective import Objective
from garita.fit.observed import Column, Floats, Waits
from garita.fit.parameters import intervals
from garita.fit.places import Places
from garita.fit.search import Effort, search
from garita.reference import load_region

QUICK = Effort(spread=16, starts=0, trials=0, walks=1, steps=8)
DATA = Path("/work/shared/data")
LEVEL = 40_000.0


def wait(month: int) -> tuple[Floats, Floats]:
    season = 1.0 + 0.1 * np.cos((month - 7.5) / 6.0 * np.pi)
    return shape(60.0) * season, shape(40.0) * season


def daily(year: int, month: int) -> float:
    return LEVEL * (1.0 + 0.03 * np.cos((month - 7.5) / 6.0 * np.pi))


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> fitting.Sources:
    folder = tmp_path_factory.mktemp("data")
    counts = write_counts(folder / "counts.csv", daily)
    waits = write_averages(folder / "waits.csv", wait, MONTHS)
    return fitting.read_sources("san-diego-tijuana", [counts], [f"san-ysidro={waits}"])


@pytest.fixture(scope="module")
def result(sources: fitting.Sources, tmp_path_factory: pytest.TempPathFactory) -> fitting.Result:
    folder = tmp_path_factory.mktemp("fits") / "fit"
    return fitting.calibrate(sources, folder, leave_out=["july"], effort=QUICK)


def test_a_simulated_truth_is_recovered_within_its_intervals() -> None:
    base = load_region("san-diego-tijuana")
    places = Places(base.tables)
    column = ("san-ysidro", "car", "standard", places.lines_of(places.ports["san-ysidro"], "car", "standard"))
    months = tuple(f"{month:02}" for month in MONTHS)
    chance = np.random.default_rng(5)
    volume = np.log(LEVEL) + chance.normal(0.0, 0.06, (1, 8))
    flat = Waits((Column(*column),), months, np.tile(shape(60.0), (1, 8, 1)))
    space = data_of(base, flat, volume).space
    truth = {p.name: p.usual for p in space} | {"roster_follows": 0.25}
    told = Fit(base, flat, volume, (truth,), {}, "a truth")
    told = replace(told, week=told.month(None).week)
    told.__dict__["borne_out"] = np.ones((1, 1))  # waits of the truth do respond, though the flat ones do not
    weeks = [told.month(month, volume[:, m]).wait for m, month in enumerate(months)]
    seen = np.array(weeks).transpose(1, 0, 2) + chance.normal(0.0, 3.0, (1, 8, 168))
    data = data_of(base, replace(flat, wait=np.maximum(seen, 0.0)), volume)
    found = search(Objective(data), None, effort=Effort.of(2))
    interval = intervals(space, found.good)["roster_follows"]
    assert interval.low <= truth["roster_follows"] <= interval.high
    assert interval.high < 0.9  # that rosters follow all of it is ruled out


def test_the_engine_s_average_week_is_the_observed_one(result: fitting.Result) -> None:
    with (result.folder / "waits.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["month"] == "average"]
    off = [abs(float(row["observed_min"]) - float(row["simulated_min"])) for row in rows]
    assert len(rows) == 2 * 168 and np.mean(off) < 4.0
    assert [score.month for score in result.scores] == ["07", "07"]
    assert all(score.simulated < score.climatology for score in result.scores)


def test_a_killed_fit_goes_on_and_ends_the_same(
    sources: fitting.Sources, result: fitting.Result, tmp_path: Path
) -> None:
    class Killed(Exception):
        pass

    def kill(what: str, done: int, total: int) -> None:
        if what == "an average week" and done == 2:
            raise Killed

    folder = tmp_path / "fit"
    with pytest.raises(Killed):
        fitting.calibrate(sources, folder, leave_out=["july"], effort=QUICK, progress=kill)
    assert not (folder / "fit.json").exists() and (folder / "parts" / "walk-0.json").is_file()
    with pytest.raises(ResultsError) as caught:
        fitting.calibrate(sources, folder, leave_out=["july"], effort=QUICK, seed=2)
    assert "seed" in str(caught.value)
    again = fitting.calibrate(sources, folder, leave_out=["july"], effort=QUICK)
    for name in ("scores.csv", "waits.csv"):
        assert (again.folder / name).read_bytes() == (result.folder / name).read_bytes()
    one, other = (json.loads((at / "fit.json").read_text(encoding="utf-8")) for at in (folder, result.folder))
    assert one == other


def test_a_scenario_runs_on_the_fitted_region(result: fitting.Result, tmp_path: Path) -> None:
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(
        f"garita: 1\ntitle: A day of the fitted region\nbase: {result.folder / 'region'}\n"
        "start: 2023-07-11\ndays: 1\nreplications: 2\n",
        encoding="utf-8",
    )
    with pytest.raises(SystemExit) as ended:
        cli.main(["run", str(scenario), "--no-baseline", "--out", str(tmp_path / "results")])
    assert ended.value.code in (0, None)


def test_a_finished_fit_tells_and_scores_other_months(
    sources: fitting.Sources, result: fitting.Result
) -> None:
    fit, about = store.load(result.folder)
    assert about["left_out"] == ["07"]
    told = fitting.score(fit, sources.waits, sources.counts)
    assert [month.month for month in told] == ["07"]
    assert told[0].simulated == pytest.approx(result.told[0].simulated, abs=0.01)


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared public data are not here")
def test_no_worse_than_climatology_over_all_on_public_data(tmp_path: Path) -> None:
    files: dict[str, Any] = {
        "san-diego-tijuana": (
            [DATA / "bts_border_crossing_entry.csv.gz"],
            [f"san-ysidro={DATA / 'cbp_avg_wait_san_ysidro_by_month_day_hour.csv'}"],
        ),
        "el-paso-juarez": (
            [DATA / "tx_bridge_monthly_northbound_2008_2025.csv"],
            [DATA / "cbp_avg_wait_el_paso_by_month_weekday_hour.csv"],
        ),
    }
    for region, (counts, waits) in files.items():
        sources = fitting.read_sources(region, counts, waits)
        result = fitting.calibrate(
            sources, tmp_path / region, leave_out=["april", "july"], effort=Effort.of(1)
        )
        shares = [score.share for score in result.scores]
        assert np.mean(shares) < 1.02, region
