"""Many regions at once: nobody is lost, months fit together, trains are told, and mistakes are named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from garita import cli
from garita.errors import GaritaError
from garita.runs.border import BorderOutcome, run_border
from garita.runs.border_totals import BY_DAY, by_day, place, places, totals
from garita.runs.rail import CONTAINER, TRAIN, stopped_trains
from garita.scenario import border as borders
from garita.scenario.border import Border, load_border, packaged_borders

SMALL = """\
garita: 1
title: Two small ones
regions: [columbus, lukeville]
start: 2018-03-05
days: 2
replications: 1
"""
CLOSED = """\
closures:
  - {name: shut, crossing: all, from: 2018-03-05 00:00, until: for good, notice: none}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "two.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def small(folder: Path, text: str = SMALL) -> Border:
    return load_border(written(folder, text))


def crossed(outcome: BorderOutcome, which: int) -> float:
    return sum(day.crossed[which] for day in outcome.days)


def test_the_packaged_ones_can_be_read() -> None:
    assert {"border-2018", "border-closed-for-good"} <= set(packaged_borders())
    border = load_border("border-2018")
    assert border.name == "border-2018" and len(border.cases) == 12
    assert all(case.warnings == [] for case in border.cases)
    lines = {row["direction"] for case in border.cases for row in case.tables["flows"]}  # type: ignore[index]
    assert lines == {"inbound"}
    year = border.year()
    assert [days for _, days in year.periods()] == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


@pytest.mark.slow
@pytest.mark.parametrize("name", packaged_borders())
def test_each_packaged_one_can_be_run(name: str) -> None:
    border = load_border(name)
    short = replace(border, cases=tuple(case.with_(days=2) for case in border.cases))
    outcome = run_border(short)
    assert len({day.region for day in outcome.days}) == 12
    assert outcome.paired == (name != "border-2018")
    if name == "border-freight-only":
        assert all(day.stopped == 0 for day in outcome.days if day.mode in ("truck", TRAIN, CONTAINER))
    if name == "border-closed-for-good":
        assert crossed(outcome, 0) == 0


def test_ordinary_days_bring_the_counted_parties(tmp_path: Path) -> None:
    outcome = run_border(small(tmp_path))
    assert not outcome.paired
    assert {day.region for day in outcome.days} == {"columbus", "lukeville"}
    # March 2018, BTS: 29,819 cars and 24,460 on foot were of the order of 950 and 800 a day at Columbus.
    cars = sum(day.crossed[0] for day in outcome.days if (day.region, day.mode) == ("columbus", "car")) / 2
    assert 700 < cars < 1300
    assert all(day.stopped == 0 and day.usd == 0 for day in outcome.days)


def test_nobody_crosses_where_all_is_closed(tmp_path: Path) -> None:
    outcome = run_border(small(tmp_path, SMALL + CLOSED))
    assert outcome.paired
    assert crossed(outcome, 0) == 0 < crossed(outcome, 1)
    assert all(day.people_stopped >= day.stopped - 1e-9 for day in outcome.days if day.mode != "bus")
    assert sum(day.usd for day in outcome.days if day.mode == "truck") > 1e5


def test_results_do_not_depend_on_workers(tmp_path: Path) -> None:
    border = small(tmp_path, SMALL + CLOSED)
    assert run_border(border, workers=1).days == run_border(border, workers=2).days


def test_histories_add_up_to_the_days(tmp_path: Path) -> None:
    outcome = run_border(small(tmp_path, SMALL + CLOSED), replications=2)
    assert outcome.histories.shape == (2, 2, len(BY_DAY))
    assert outcome.histories[0] != pytest.approx(outcome.histories[1])
    assert outcome.histories.mean(axis=0) == pytest.approx(by_day(outcome.days))
    whole, modes = place(outcome.days, 2), {row["mode"]: row for row in totals(outcome.days)}
    assert whole.people_stopped == pytest.approx(sum(row["people_stopped"] for row in modes.values()))
    assert whole.trucks_stopped == pytest.approx(modes["truck"]["stopped"])
    regions = [region for region, _ in places(outcome.days).values()]
    assert whole.people[1] == pytest.approx(sum(region.people[1] for region in regions))


def test_parts_of_a_long_run_fit_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    border = small(tmp_path, SMALL.replace("[columbus, lukeville]", "lukeville").replace("03-05", "03-30"))
    border = replace(border, cases=tuple(case.with_(days=4) for case in border.cases))
    whole = run_border(border)
    monkeypatch.setattr(borders, "LONGEST_DAYS", 2)
    parts = run_border(border)
    assert [(str(day), count) for day, count in border.periods()] == [("2018-03-30", 2), ("2018-04-01", 2)]
    assert len(parts.days) == len(whole.days)
    assert crossed(parts, 0) == pytest.approx(crossed(whole, 0), rel=0.02)


@pytest.mark.parametrize(("exempt", "stops"), [("", True), (", exempt: [freight]", False)])
def test_trains_stop_unless_freight_is_exempt(tmp_path: Path, exempt: str, stops: bool) -> None:
    text = SMALL.replace("[columbus, lukeville]", "nogales") + CLOSED.replace(", until", exempt + ", until")
    [case] = small(tmp_path, text).cases
    rows = list(stopped_trains(case, case.start.date(), True))
    assert [kind for _, kind, *_ in rows] == [TRAIN, CONTAINER]
    for _, kind, count, stopped, usd in rows:
        assert count > 0
        assert stopped == (count if stops else 0)
        assert (usd > 0) == (stops and kind == CONTAINER)
    assert all(stopped == 0 for *_, stopped, _ in stopped_trains(case, case.start.date(), False))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SMALL.replace("columbus, lukeville", "columbus, lukevile"), "regions-unknown"),
        (SMALL.replace("[columbus, lukeville]", ""), "regions-missing"),
        (SMALL + "base: lukeville\n", "regions-and-base"),
        (SMALL + CLOSED.replace("all", "san-ysidro"), "unknown-crossing"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(GaritaError) as error:
        small(tmp_path, text)
    assert code in {problem.code for problem in error.value.problems}


def test_the_command_writes_days_and_totals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = written(tmp_path, SMALL + CLOSED), tmp_path / "out"

    def run(*arguments: str) -> int:
        with pytest.raises(SystemExit) as ended:
            cli.main(["run", str(path), "--out", str(out), *arguments])
        return int(ended.value.code or 0)

    assert run("--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert {row["mode"] for row in told["totals"]} == {"car", "pedestrian", "bus", "truck"}
    lines = (out / "daily.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("region,port,date,mode,crossed_without,crossed,stopped")
    assert len(lines) > 12 and all(len(line.split(",")) == 15 for line in lines)
    assert "do not cross who otherwise would" in (out / "report.html").read_text(encoding="utf-8")
    assert run() == 0
    assert "people stopped" in capsys.readouterr().out
    assert run("--record", "events") == 2
    with pytest.raises(SystemExit):
        cli.main(["report", str(out)])
    assert "have their report already" in capsys.readouterr().err
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    assert run() == 2
    assert "nothing is overwritten" in capsys.readouterr().err


def test_a_year_is_asked_of_many_regions_only(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["run", "san-ysidro-2018", "--year"])
    assert ended.value.code == 2
    assert "border-2018" in capsys.readouterr().err
