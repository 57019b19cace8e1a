"""Numbers that once took the compiled engine outside its arrays, and results that a failed save lost."""

from __future__ import annotations

import pytest

from engine import helpers
from garita import folders, runs, scenario
from garita.errors import ScenarioError
from garita.outcomes import Outcome, compare


@pytest.mark.parametrize(
    ("name", "value"),
    [("trim_horizon_min", 0), ("travel_coefficient", 30), ("wait_coefficient_other", 1000)],
)
def test_behaviour_that_gives_no_numbers(name, value):
    with pytest.raises(ScenarioError) as refused:
        helpers.case([helpers.flow()], behaviour={name: value})
    assert [problem.field for problem in refused.value.problems] == [f"behaviour.{name}"]


def test_more_crossings_than_the_books_can_number():
    with pytest.raises(ScenarioError) as refused:
        helpers.case([helpers.flow()], crossings=[{"id": f"c{number}"} for number in range(256)])
    assert "crossings" in {problem.field for problem in refused.value.problems}


def test_a_closure_after_the_days_that_are_measured():
    closures = [
        {"crossing": "a", "from": helpers.at(12), "until": "3 h"},
        {"crossing": "b", "from": helpers.at(36), "until": "3 h"},
    ]
    case = helpers.case([helpers.flow("a"), helpers.flow("b")], closures=closures)
    assert compare(*runs.run_pair(case, replications=2, workers=1)).recoveries


def test_a_save_that_fails_leaves_the_earlier_results(tmp_path, monkeypatch):
    case = helpers.case(
        [helpers.flow("a")], closures=[{"crossing": "a", "from": helpers.at(9), "until": "1 h"}]
    )
    first = runs.run_pair(case, replications=1, workers=1)
    folder = folders.prepare(tmp_path / "results")
    folders.save(folder, case, *first)
    kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def full(self, path, tables=True):
        (path / "half").parent.mkdir(parents=True, exist_ok=True)
        (path / "half").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Outcome, "save", full)
    with pytest.raises(folders.ResultsError) as refused:
        folders.save(folders.prepare(folder), case, *first)
    assert refused.value.problems[0].code == "folder-unwritable"
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == kept
    assert folders.compare(folder)[0].layout.replications == 1


def test_a_folder_with_nothing_but_an_unfinished_save_is_ours(tmp_path):
    (tmp_path / folders.UNFINISHED / "scenario").mkdir(parents=True)
    case = scenario.loads(helpers.text([helpers.flow("a")]))
    [outcome] = [runs.run(case, replications=1, workers=1)]
    folders.save(folders.prepare(tmp_path), case, outcome, None)
    assert not (tmp_path / folders.UNFINISHED).exists()
    assert folders.read(tmp_path).scenario.layout.replications == 1
