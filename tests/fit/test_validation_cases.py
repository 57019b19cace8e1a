"""Validation cases as they are written: amounts, and reading with every problem at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from fit.small_case import case
from garita.errors import ScenarioError
from garita.fit import amounts
from garita.fit.case_files import load_cases, loads_case, packaged_validation


def problems(text: str) -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(ScenarioError) as refused:
        loads_case(text)
    return [(problem.code, problem.line, problem.field) for problem in refused.value.problems]


# amounts


@pytest.mark.parametrize(
    ("text", "kind", "unit", "value"),
    [
        ("4 h", amounts.MINUTES, None, 240.0),
        ("45", amounts.MINUTES, None, 45.0),
        ("1.5", amounts.MINUTES, "h", 90.0),
        ("90 min", amounts.HOURS, None, 1.5),
        ("34,361", amounts.COUNT, None, 34361.0),
        ("34 361 cars", amounts.COUNT, None, 34361.0),
        ("1 mile", amounts.METRES, None, 1609.344),
        ("35 %", amounts.SHARE, None, 0.35),
        ("−11.4 %", amounts.CHANGE, None, -11.4),
        ("-11.4", amounts.CHANGE, None, -11.4),
        ("5 %", amounts.LOG_RATIO, None, 0.05),
    ],
)
def test_amounts(text: str, kind: amounts.Kind, unit: str | None, value: float) -> None:
    assert amounts.amount(text, kind, unit) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("long", amounts.MINUTES), ("4 %", amounts.MINUTES), ("4 h", amounts.SHARE), ("-101", amounts.CHANGE),
     ("1e999", amounts.COUNT), ("", amounts.COUNT), ("-3 h", amounts.HOURS)],
)  # fmt: skip
def test_no_amounts(text: str, kind: amounts.Kind) -> None:
    assert amounts.amount(text, kind) is None


# reading


def test_packaged_cases_by_name() -> None:
    """All of them are read among the slow tests: some of their regions take long to infer."""
    names = ["ordinary-weekday", "rail-2023-12"]
    run, left = load_cases(names)
    assert [run.name, left.name] == names and set(names) < set(packaged_validation())
    assert run.targets and not left.targets and "Trains" in str(left.model.not_run)


def test_every_problem_of_a_case_at_once_with_its_line() -> None:
    text = (
        "validation: 2\ntitle: wrong\nscenario: {base: san-diego-tijuana, start: 2018-11-24, days: two}\n"
        "observations:\n"
        "  - {measure: waits, value: 3}\n"
        "  - {measure: served, compare: change, value: lots}\n"
        "  - {measure: served, crossing: nowhere, value: 3, at_least: 4}\n"
    )
    found = problems(text)
    assert ("validation-version", 1, "validation") in found
    assert ("not-a-number", 3, "days") in found
    assert ("unknown-name", 5, "observations[0].measure") in found
    assert ("observation-amount", 6, "observations[1].value") in found
    assert ("either-or", 7, "observations[2]") in found


@pytest.mark.parametrize(
    ("observation", "code"),
    [
        ("measure: served, crossing: souht, value: 3", "unknown-crossing"),
        ("measure: served, crossing: east, modes: truck, value: 3", "observation-nobody"),
        ("measure: share_diverted, crossing: south, value: 0.3", "observation-to"),
        ("measure: share_diverted, crossing: south, to: nord, value: 0.3", "unknown-crossing"),
        ("measure: recovery, compare: change, value: 3", "observation-compare"),
        ("measure: wait, statistic: total, value: 3", "observation-statistic"),
        ("measure: recovery, minus: ready, value: 3", "observation-minus"),
        ("measure: wait, range: [3, 2]", "observation-range"),
        ("measure: wait, range: [3]", "range-length"),
        ("measure: wait", "observation-form"),
        ("measure: wait, by_hour: [1, 2]", "observation-hours"),
        ("measure: wait, value: 3, noise: 0", "observation-noise"),
        ("measure: wait, value: 3, from: 2019-01-01", "observation-window"),
        ("measure: wait, value: 3, form: x", "unknown-field"),
    ],
)
def test_observations_that_are_refused(observation: str, code: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        case(f"  - {{{observation}}}")
    assert code in [problem.code for problem in refused.value.problems]
    assert all(problem.line for problem in refused.value.problems)


def test_a_case_of_which_nothing_counts_has_no_score() -> None:
    with pytest.raises(ScenarioError) as refused:
        case("  - {measure: wait, value: 3, weight: 0}\n  - {measure: served, value: 3, weight: 0}\n")
    assert [(problem.code, problem.line) for problem in refused.value.problems] == [
        ("observations-weigh-nothing", 19)
    ]
    assert case("  - {measure: wait, value: 3, weight: 0}\n  - {measure: wait, value: 3}\n").targets


def test_a_change_needs_an_event() -> None:
    text = (
        "validation: 1\ntitle: none\nscenario: {base: san-diego-tijuana, start: 2018-11-24, days: 1}\n"
        "observations: [{measure: served, compare: change, value: 3}]\n"
    )
    assert [code for code, _, _ in problems(text)] == ["no-event"]


def test_scenarios_by_name_and_beside_the_case(tmp_path: Path) -> None:
    body = "validation: 1\ntitle: t\nscenario: {}\nobservations: [{{measure: served, value: 3}}]\n"
    (tmp_path / "mine.yaml").write_text(
        "garita: 1\ntitle: m\nbase: san-diego-tijuana\nstart: 2018-11-24\ndays: 1\n", encoding="utf-8"
    )
    for name, said in (("a", "san-ysidro-2018"), ("b", "mine.yaml")):
        (tmp_path / f"{name}.yaml").write_text(body.format(said), encoding="utf-8")
    found = load_cases([str(tmp_path)])
    assert [entry.name for entry in found] == ["a", "b"]  # the scenario beside them is no case
    (tmp_path / "d.yml").write_text("title: t\nobservations: []\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as forgotten:
        load_cases([str(tmp_path)])
    assert [(p.code, p.field) for p in forgotten.value.problems] == [("missing-field", "validation")]
    (tmp_path / "d.yml").unlink()
    (tmp_path / "c.yaml").write_text(body.format("nothing"), encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load_cases([str(tmp_path)])
    assert [problem.code for problem in refused.value.problems] == ["scenario-nowhere"]


def test_an_unknown_case_and_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as refused:
        load_cases(["hardening-2018-13", str(tmp_path)])
    assert [problem.code for problem in refused.value.problems] == [
        "unknown-validation-case",
        "validation-folder-empty",
    ]


def test_a_case_that_is_not_run_says_why() -> None:
    entry = loads_case("validation: 1\ntitle: t\nabout: V2\nnot_run: a formula\n")
    assert entry.scenario is None and not entry.targets
    found = problems("validation: 1\ntitle: t\nnot_run: why\nscenario: x\n")
    assert [code for code, _, _ in found] == ["validation-both"]
