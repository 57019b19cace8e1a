"""Validation cases: measuring what they ask for, guessing, scoring, keeping results."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from fit.small_case import case
from garita import cli
from garita.engine import types
from garita.errors import Problem, ScenarioError
from garita.fit import scores, validation
from garita.fit.behaviour_fit import PACKAGED, TRIED, candidates, choose, with_behaviour
from garita.fit.case_checks import Target
from garita.fit.case_files import ValidationEntry, loads_case
from garita.fit.guesses import CANCEL, DIVERT, GUESSES, NO_EFFECT, guesses
from garita.fit.history import History, history_of
from garita.fit.measures import predicted, shut_between
from garita.fit.validation_files import rows, summary_rows, write
from garita.outcomes import Outcome
from outcomes.synthetic import make_layout, make_part


def target(observation: str) -> Target:
    return case(f"  - {{{observation}}}").targets[0]


@pytest.fixture(scope="module")
def pair() -> tuple[History, History]:
    """Waits of 20 min; with the event of 50 min everywhere, and south serves nobody for five hours."""
    found = []
    for variant, wait in (("scenario", 50.0), ("baseline", 20.0)):
        layout = make_layout(replications=2, variant=variant, zone="UTC")
        parts = [make_part(layout, replication, wait) for replication in range(2)]
        if variant == "scenario":
            for part in parts:
                part.bins[:3, 136:156, types.STARTED] = 0.0
                part.bins[:3, 136:156, types.STATUS] = types.CLOSED
        found.append(history_of(Outcome.collect(layout, {}, parts)))
    return found[0], found[1]


def figure(observation: str, pair: tuple[History, History]) -> Any:
    return scores.middle(predicted(target(observation), *pair))


# measuring


def test_figures_of_both_variants_and_their_comparison(pair: tuple[History, History]) -> None:
    where = "crossing: east, modes: car"
    assert figure(f"measure: published_wait, {where}, value: 1", pair) == pytest.approx(50, rel=0.02)
    assert figure(f"measure: wait, compare: without, {where}, value: 1", pair) == pytest.approx(20, rel=0.02)
    assert figure(f"measure: wait, compare: difference, {where}, value: 1", pair) == pytest.approx(
        30, rel=0.03
    )
    assert figure(f"measure: wait, statistic: max, {where}, value: 1", pair) > 50.0
    assert figure(f"measure: longest_wait, {where}, value: 1", pair) > 55.0
    # 2 lines x 6 parties x 96 bins; two people a party
    assert figure(f"measure: served, {where}, value: 1", pair) == 2 * 6 * 96
    assert figure(f"measure: served, count: people, statistic: per_hour, {where}, value: 1", pair) == 96
    assert figure(f"measure: queue, {where}, value: 1", pair) == pytest.approx(2 * 20, rel=0.05)
    less = "measure: served, crossing: south, modes: car, lane_types: ready, minus: standard, value: 1"
    assert figure(less, pair) == 0.0
    closed = figure("measure: served, compare: change, crossing: south, modes: car, value: 1", pair)
    assert closed == pytest.approx(-100 * 20 / 96)


def test_windows_weekdays_and_hours(pair: tuple[History, History]) -> None:
    where = "measure: served, crossing: far, modes: car, value: 1"
    assert figure(f"{where}, from: 2018-11-26 12:00, until: 2 h", pair) == 6 * 8
    assert figure(f"{where}, hours: '22:00-02:00'", pair) == 6 * 16
    assert figure(f"{where}, weekdays: [sun, mon]", pair) == 6 * 96  # a Monday
    assert math.isnan(figure(f"{where}, weekdays: [sat]", pair))
    by_hour = figure(f"measure: served, crossing: far, by_hour: [{', '.join(['1'] * 24)}]", pair)
    assert by_hour.shape == (24,) and by_hour == pytest.approx(24)


def test_recovery_is_never_where_waits_stay_long(pair: tuple[History, History]) -> None:
    where = "measure: recovery, crossing: east, modes: car, value: 1"
    assert math.isinf(figure(where, pair))
    assert figure(where, (pair[1], pair[1])) == 0.0


def test_a_line_reopens_when_its_own_closures_end(pair: tuple[History, History]) -> None:
    event = pair[0]
    [own] = {one["start_utc"] for closures in event.layout.closures for one in closures}
    other = {**event.layout.closures[0][0], "crossings": ["east"], "until_utc": own + 900.0}
    layout = replace(event.layout, closures=tuple((*both, other) for both in event.layout.closures))
    both = event.with_(layout=layout)
    assert shut_between(both, np.array([0])) == (own, own + 300.0)  # south
    assert shut_between(both, np.array([3])) == (own, own + 900.0)  # east
    assert shut_between(both, np.array([6])) == (own, own + 900.0)  # far is touched by neither
    assert np.isnan(shut_between(pair[1], np.array([0]))).all()


# guesses


def test_guesses(pair: tuple[History, History]) -> None:
    event, usual = pair
    entry = case("  - {measure: served, value: 1}")
    found = guesses(entry, event, usual)
    change = "measure: served, compare: change, modes: car, value: 1, crossing: "
    share = 100 * 20 / 96
    told = {
        way: [round(figure(change + place, (history, usual)), 3) for place in ("south", "east", "far")]
        for way, history in found.items()
    }
    assert tuple(told) == GUESSES
    assert told[NO_EFFECT] == [0.0, 0.0, 0.0]
    assert told[CANCEL] == [round(-share, 3), 0.0, 0.0]
    # nobody's place is known, so all go to the next in the list; it works as fast as in its busiest hour only
    assert told[DIVERT][0] == told[CANCEL][0] and told[DIVERT][2] == 0.0
    where = "measure: wait, compare: difference, statistic: max, crossing: east, modes: car, value: 1"
    assert figure(where, (found[DIVERT], usual)) > 100.0
    fate = "measure: share_diverted, crossing: south, modes: car, to: east, value: 1"
    assert [figure(fate, (found[way], usual)) for way in GUESSES] == [0.0, 1.0, 0.0]
    cancelled = "measure: share_cancelled, crossing: south, value: 1"
    assert [figure(cancelled, (found[way], usual)) for way in GUESSES] == [0.0, 0.0, 1.0]


def test_guesses_are_told_what_is_shut(pair: tuple[History, History]) -> None:
    event, usual = pair
    more = "shut: [{crossing: south, modes: car, share: 50 %, from: 2018-11-26}]\n"
    entry = case("  - {measure: served, value: 1}", more)
    found = guesses(entry, event, usual)[CANCEL]
    change = "measure: served, compare: change, crossing: south, value: 1, modes: "
    assert figure(change + "car", (found, usual)) == pytest.approx(-50.0)
    assert figure(change + "pedestrian", (found, usual)) == 0.0


# scores


def test_distance_and_score() -> None:
    wait = target("measure: wait, range: [30, 60], noise: 10")
    assert [scores.distance(wait, one) for one in (45.0, 20.0, 90.0)] == [0.0, 1.0, 3.0]
    least = target("measure: wait, at_least: 4 h, noise: 30")
    assert [scores.distance(least, one) for one in (300.0, 180.0)] == [0.0, 2.0]
    change = target("measure: served, compare: change, value: -50, noise: 0.1")
    assert scores.distance(change, -50.0) == 0.0
    assert scores.distance(change, -75.0) == pytest.approx(math.log(2) / 0.1)
    assert scores.distance(change, -100.0) == pytest.approx(math.log(50) / 0.1)
    hours = target(f"measure: wait, noise: 5, by_hour: [closed, {', '.join(['10'] * 23)}]")
    assert scores.distance(hours, np.full(24, 20.0)) == 2.0
    assert math.isnan(scores.distance(wait, math.nan))
    assert [round(scores.score(one), 2) for one in (0, 1, 2, 4, math.inf, math.nan)] == [
        1,
        0.8,
        0.5,
        0.2,
        0,
        0,
    ]


def test_usual_noise() -> None:
    assert target("measure: wait, value: 4 h").noise == 60.0
    assert target("measure: wait, value: 4").noise == 15.0
    assert target("measure: served, value: 1000").noise == 50.0
    assert target("measure: served, compare: change, value: 3").noise == 0.05


# results


@pytest.fixture
def result(pair: tuple[History, History], monkeypatch: pytest.MonkeyPatch) -> tuple[Any, list[str]]:
    """One case that runs, one that fails, one that is not run; and how often something was run."""
    ran: list[str] = []

    def histories(entry: ValidationEntry, *rest: Any) -> tuple[History, History]:
        ran.append(entry.name)
        if entry.name == "fails":
            raise ScenarioError(Problem("too-much", {"what": "this", "value": 1, "limit": 0}))
        return pair

    monkeypatch.setattr(validation, "_histories", histories)
    good = case("  - {measure: wait, crossing: east, value: 50, weight: 3, source: s}\n"
                f"  - {{measure: wait, crossing: far, by_hour: [{', '.join(['20'] * 24)}]}}\n")  # fmt: skip
    entries = [
        good,
        replace(good, name="fails"),
        loads_case("validation: 1\ntitle: t\nnot_run: why\n", "not"),
    ]
    return entries, ran


def test_results_are_scored_kept_and_written(result: Any, tmp_path: Path) -> None:
    entries, ran = result
    found = validation.validate(entries, kept=tmp_path / "kept")
    assert [bool(one.scores) for one in found.cases] == [True, False, False]
    by_hour = validation.MODEL, found.cases[0].compared[1].figures[validation.MODEL].score
    assert by_hour[1] == pytest.approx(scores.score(30 / 15), rel=0.05)
    assert found.cases[0].scores[validation.MODEL] == pytest.approx((3 + by_hour[1]) / 4, rel=0.01)
    assert found.overall() == found.cases[0].scores == found.overall(validation.HOURS)
    assert found.cases[0].scores[NO_EFFECT] < found.cases[0].scores[validation.MODEL]
    again = validation.validate(entries, kept=tmp_path / "kept")
    assert ran == ["case", "fails", "fails"]  # the good one was kept
    assert rows(again) == rows(found) and again.cases[0].scores == found.cases[0].scores
    (tmp_path / "kept" / "case.json").write_text("{", encoding="utf-8")
    validation.validate(entries[:1], kept=tmp_path / "kept")
    assert ran[-1] == "case"
    table = rows(found)
    assert len(table) == 4 * (1 + 24)
    assert {row["way"] for row in table} == set(validation.WAYS)
    written = write(found, tmp_path)
    assert [path.name for path in written] == [
        "validation.csv",
        "validation.parquet",
        "validation.md",
    ]
    text = (tmp_path / "validation.md").read_text(encoding="utf-8")
    assert (
        "| case | wait | 50 min | 15 | 50.1 | 0.0 | 1.00 |" in text and "| 20 min on average | 15 |" in text
    )
    assert len((tmp_path / "validation.csv").read_text(encoding="utf-8").splitlines()) == len(table) + 1
    assert [bool(row["not_run"]) for row in summary_rows(found)] == [False, True, True]


def test_the_command_lists_and_refuses(tmp_path: Path) -> None:
    shown = CliRunner().invoke(cli.app, ["validate", "--list", "hardening-2018-11", "rail-2023-12"])
    assert shown.exit_code == 0
    assert "hardening-2018-11" in shown.output and "(not run: Trains" in shown.output
    (tmp_path / "bad.yaml").write_text("validation: 1\n", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        cli.main(["validate", str(tmp_path)])
    assert ended.value.code == 2


def test_the_command_runs_and_says_what_failed(
    result: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    entries, _ = result
    monkeypatch.setattr("garita.fit.case_files.load_cases", lambda wanted: entries)
    for more, code in (([], 3), (["--json", "--again"], 3)):
        with pytest.raises(SystemExit) as ended:
            cli.main(["validate", "--out", str(tmp_path), *more])
        assert ended.value.code == code
    out = capsys.readouterr().out
    assert "mean of all cases" in out and "not run: why" in out
    told = json.loads(out[out.index('{\n "overall"') :])
    assert [one["case"] for one in told["cases"]] == ["case", "fails", "not"]


# leaving each case out


def test_each_case_is_scored_with_what_the_others_choose() -> None:
    scores = {
        PACKAGED: {"a": 0.5, "b": 0.5, "c": 0.5, "failed": 0.1},
        "good for a": {"a": 1.0, "b": 0.4, "c": 0.4},
        "good for all": {"a": 0.6, "b": 0.6, "c": 0.6},
    }
    fit = choose({name: {} for name in scores}, scores)
    assert fit.chosen == {"a": "good for all", "b": "good for a", "c": "good for a"}
    assert fit.left_out == pytest.approx((0.6 + 0.4 + 0.4) / 3)
    assert fit.mean("good for a") == pytest.approx(0.6) and fit.best in ("good for a", "good for all")


def test_sets_lie_within_the_ranges_of_the_table_and_replace_what_a_case_says() -> None:
    sets = candidates()
    assert sets[PACKAGED] == {} and sets["informed_share 0.9"] == {"informed_share": 0.9}
    assert len(sets) == 1 + 2 * len(TRIED)
    entry = loads_case(
        "validation: 1\ntitle: t\nscenario: {base: san-ysidro-2018, behaviour: {access_min: 31}}\n"
        "observations: [{measure: served, value: 3}]\n"
    )
    changed = with_behaviour(entry, {"aftermath_drop": 0.1}).scenario
    assert changed is not None and entry.scenario is not None
    behaviour = changed.resolve(0).behaviour
    assert (behaviour.aftermath_drop, behaviour.access_min) == (0.1, 31.0)
    assert changed.scenario.closures == entry.scenario.scenario.closures
    assert with_behaviour(entry, {}) is entry


def test_the_command_leaves_one_out(
    result: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    entries, ran = result
    monkeypatch.setattr("garita.fit.case_files.load_cases", lambda wanted: entries[:1])
    monkeypatch.setattr(
        "garita.fit.behaviour_fit.candidates", lambda: {PACKAGED: {}, "x": {"later_share": 0.1}}
    )
    for _ in range(2):
        with pytest.raises(SystemExit) as ended:
            cli.main(["validate", "--leave-one-out", "--out", str(tmp_path)])
        assert ended.value.code == 0
    assert ran == ["case", "case"]  # once for each set; the second time both were kept
    assert "each case left out in turn" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        cli.main(["validate", "--leave-one-out", "--again", "--json", "--out", str(tmp_path)])
    assert ran == ["case"] * 4
    told = json.loads(capsys.readouterr().out)
    assert set(told["mean"]) == {PACKAGED, "x"} and told["chosen"] == {"case": PACKAGED}
