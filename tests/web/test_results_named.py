"""Two results side by side carry their names; what means nothing to a reader is left out of the files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from garita import summary
from garita.outcomes import Comparison, compare
from garita.report import write
from web import fake_comparison


@pytest.fixture
def named() -> Comparison:
    found = fake_comparison.comparison(2)
    return compare(found.with_closure, found.without, ("an afternoon", "a whole day"))


def test_two_results_are_told_by_their_names(named: Comparison, capsys: pytest.CaptureFixture[str]) -> None:
    summary.show(named)
    shown = capsys.readouterr().out
    assert "an afternoon against a whole day" in shown
    assert "a whole day  an afternoon" in " ".join(shown.split()).replace(" an", "  an")
    assert "without" not in shown


def test_a_run_and_its_baseline_are_with_and_without(capsys: pytest.CaptureFixture[str]) -> None:
    summary.show(fake_comparison.comparison(2))
    assert "without with difference" in " ".join(capsys.readouterr().out.split())


def test_json_says_what_its_columns_stand_for(named: Comparison) -> None:
    told = json.loads(summary.as_json(named))
    assert (told["with_closure"], told["without"]) == ("an afternoon", "a whole day")
    assert "with_closure" not in json.loads(summary.as_json(fake_comparison.comparison(2)))


def test_results_that_both_have_closures_are_not_with_and_without() -> None:
    run = fake_comparison.comparison(2).with_closure
    assert compare(run, run).names == ("first", "second")
    assert fake_comparison.comparison(2).names is None


def test_the_report_says_what_with_and_without_stand_for(named: Comparison, tmp_path: Path) -> None:
    text = write(named, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "“with the closure” stands for an afternoon, “without” for a whole day" in text
    text = write(fake_comparison.comparison(2), tmp_path / "report.html").read_text(encoding="utf-8")
    assert "stands for" not in text


def test_who_travels_in_neither_history_is_no_row(tmp_path: Path) -> None:
    found = fake_comparison.comparison(2)
    kinds = len({state for state, _ in found.states()})
    joint = found.joint.copy()
    joint[:, 0, 0] += 5  # candidates of the draws that stay at home in both
    patched = compare(found.with_closure, found.without)
    patched.joint = joint
    patched.to_csv(tmp_path)
    with (tmp_path / "transitions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert kinds == 9
    assert not [row for row in rows if row["without"] == row["with_closure"] == "none"]


def test_totals_of_those_planned_for_the_closure_add_up() -> None:
    found = fake_comparison.comparison(4)
    main = found.headline()["main"]
    total, shares = found.affected_totals(*main)
    rows = [row for row in found.affected if (row.crossing, row.direction, row.mode) == main]
    assert total.mean == pytest.approx(sum(row.number.mean for row in rows if row.basis == "parties"))
    assert sum(share.mean for share in shares.values()) == pytest.approx(1.0)
    assert total.low < total.mean < total.high
    assert found.affected_totals("tecate", "inbound", "car")[1] == {}
