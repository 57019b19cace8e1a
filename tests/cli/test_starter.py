"""`garita new`: a first scenario to edit, and never over something that is there."""

from __future__ import annotations

from pathlib import Path

import pytest

import garita
from garita import starter
from garita.scenario.border import load_border


def test_a_copy_is_the_same_scenario(tmp_path: Path) -> None:
    path = starter.copy_case("san-ysidro-2018", tmp_path / "mycase")
    assert path == tmp_path / "mycase" / "scenario.yaml"
    assert garita.load(path).digest == garita.load("san-ysidro-2018").digest
    assert (tmp_path / "mycase" / "SOURCES.md").is_file()


def test_the_minimal_scenario_infers_what_nobody_has(tmp_path: Path) -> None:
    case = garita.load(starter.minimal(tmp_path / "mine"))
    assert case.warnings == []
    assert sorted(path.name for path in (tmp_path / "mine" / "region").iterdir()) == [
        "crossings.csv", "flows.csv", "region.csv", "usual_waits.csv", "volumes.csv",
    ]  # fmt: skip
    assert case.tables is not None
    tables = case.tables.tables
    for name in ("rosters", "hour_shares", "weekday_factors", "secondary", "travel", "behaviour"):
        assert tables[name]
        assert {row["status"] for row in tables[name]} <= {"derived", "assumed", "proposal"}
    lanes = [
        int(row["lanes"])
        for row in tables["flows"]
        if row["crossing"] == "old-bridge" and row["mode"] == "car"
    ]
    assert sum(lanes) == 8 and len(lanes) == 2
    published = [row for row in tables["usual_waits"] if row["mode"] == "car" and row["lane_type"] == "ready"]
    assert {row["status"] for row in published} == {"measured"}


@pytest.mark.parametrize(
    "name", ["", ".", "..", "-x", "a b", "a:b", "día", "con", "LPT1", "x" * 81, "a\nb", "$(x)", ".hidden"]
)
def test_bad_names_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(garita.ScenarioError) as refused:
        starter.minimal(Path(name))
    assert [problem.code for problem in refused.value.problems] == ["new-bad-name"]
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "mycase"
    starter.minimal(folder).write_text("mine", encoding="utf-8")
    for make in (lambda: starter.minimal(folder), lambda: starter.copy_case("san-ysidro-2018", folder)):
        with pytest.raises(garita.ScenarioError) as refused:
            make()
        assert [problem.code for problem in refused.value.problems] == ["new-exists"]
    assert (folder / "scenario.yaml").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "nowhere" / "mycase", tmp_path / "file" / "mycase"):
        with pytest.raises(garita.ScenarioError) as refused:
            starter.minimal(folder)
        assert [problem.code for problem in refused.value.problems] == ["new-no-parent"]


def test_an_unknown_case_is_refused_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(garita.ScenarioError, match="Did you mean `san-ysidro-2018`"):
        starter.copy_case("san-ysidro-2019", tmp_path / "mycase")


def test_a_copy_of_the_border_can_be_read(tmp_path: Path) -> None:
    path = starter.copy_case("border-2018", tmp_path / "mine")
    assert path == tmp_path / "mine" / "border.yaml"
    assert load_border(path.parent).title == load_border("border-2018").title
