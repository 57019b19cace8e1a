"""Every packaged validation case runs, and the simulation is worth more than doing nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from garita.fit.case_files import load_cases, packaged_validation
from garita.fit.guesses import NO_EFFECT
from garita.fit.validation import MODEL, ORDINARY, ValidationResult, validate
from garita.report.validation import write


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ValidationResult:
    return validate(load_cases(), replications=2, kept=tmp_path_factory.mktemp("kept"))


def test_packaged_cases_say_what_they_are_and_where_it_is_known_from() -> None:
    entries = load_cases()
    assert [entry.name for entry in entries] == list(packaged_validation())
    for entry in entries:
        assert entry.model.about, entry.name
        assert bool(entry.targets) != bool(entry.model.not_run), entry.name
        assert all(seen.observation.source for seen in entry.targets), entry.name


def test_no_case_fails(result: ValidationResult) -> None:
    assert {case.name: case.failed for case in result.cases if case.failed} == {}
    assert len(result.ran) >= 20
    for case in result.ran:
        assert all(0.0 <= one.figures[MODEL].score <= 1.0 for one in case.compared), case.name


def test_ordinary_days_are_met(result: ValidationResult) -> None:
    [weekday] = [case for case in result.ran if case.name == "ordinary-weekday"]
    assert weekday.kind == ORDINARY and weekday.scores[MODEL] > 0.85
    assert weekday.scores[MODEL] == weekday.scores[NO_EFFECT]  # nothing happens: the guesses are the run


def test_the_simulation_says_more_than_no_effect(result: ValidationResult) -> None:
    overall = result.overall()
    assert overall[MODEL] > overall[NO_EFFECT] + 0.05


def test_the_page_of_all_of_it(result: ValidationResult, tmp_path: Path) -> None:
    text = write(result.record(), tmp_path / "validation.html").read_text(encoding="utf-8")
    for case in result.cases:
        assert case.title.split(",")[0] in text
