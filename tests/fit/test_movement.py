"""Our rule of movement fitted to made-up instances whose counts it made itself."""

from __future__ import annotations

import json

import numpy as np
import pytest

from garita import cli
from garita.errors import DataError
from garita.fit.movement import SPACE, fit_movement, rule_at
from garita.fit.search import Effort
from garita.flee.rule import Rule, read_rule
from garita.flee.run import run
from sources.flee_files import FILES, write

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

TRUE = Rule(distance_power=3.0, softening_km=20.0, people_power=0.5, crowding=0.9, people_a_day=100.0)
EFFORT = Effort(spread=32, starts=1, trials=40, walks=2, steps=40)
ROADS = {"near": "Puente,Ermita,250,0", "far": "Puente,Ermita,700,0"}


@pytest.fixture
def folders(tmp_path):
    """Two instances; people are counted where the true rule has them."""
    found = []
    for name, road in ROADS.items():
        files = {
            "input_csv/routes.csv": FILES["input_csv/routes.csv"].replace("Puente,Ermita,120,0", road),
            "input_csv/locations.csv": FILES["input_csv/locations.csv"].replace(",4000", ",90000"),
            "input_csv/registration_corrections.csv": "",
        }
        folder = write(tmp_path / name, files)
        made = run(folder, "garita", 11, rule=TRUE)
        for column, camp in enumerate(made.camps):
            rows = made.simulated[:, column].tolist()
            days = [np.datetime64("2020-01-01") + day for day in range(len(rows))]
            text = "".join(f"{day},{people}\n" for day, people in zip(days, rows, strict=True))
            (folder / "source_data" / f"{camp.lower()}.csv").write_text(text, encoding="utf-8")
        found.append(folder)
    return found


def test_a_fit_finds_what_made_the_counts(folders, tmp_path):
    fit = fit_movement(folders, tmp_path / "fit", effort=EFFORT, histories=2)
    assert [one.name for one in fit.figures] == list(ROADS)
    assert sum(one.fitted for one in fit.figures) < 0.5 * sum(one.flee3 for one in fit.figures)
    for one in fit.figures:
        assert one.left_out < one.flee3
        assert one.total_at_end == pytest.approx(1.0, abs=0.02)  # both tell the same rate
    assert fit.rule.distance_power == pytest.approx(TRUE.distance_power, abs=0.2)
    assert fit.gain > 0.3
    assert read_rule(tmp_path / "fit") == fit.rule
    by_fit = run(folders[0], "garita", 1, rule=fit.rule)
    assert by_fit.rule == fit.rule
    rows = (tmp_path / "fit" / "errors.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("name,flee3,fitted,left_out") and len(rows) == 3


def test_a_fit_that_was_killed_ends_with_the_same_result(folders, tmp_path):
    class Killed(Exception):
        pass

    def kill(what, done, total):
        if what == "without far":
            raise Killed

    whole = fit_movement(folders, tmp_path / "whole", effort=EFFORT, histories=1)
    with pytest.raises(Killed):
        fit_movement(folders, tmp_path / "killed", effort=EFFORT, histories=1, progress=kill)
    assert not (tmp_path / "killed" / "fit.json").exists()
    said = []
    again = fit_movement(
        folders, tmp_path / "killed", effort=EFFORT, histories=1, progress=lambda *at: said.append(at)
    )
    assert again == whole
    one, other = ((tmp_path / name / "fit.json").read_bytes() for name in ("whole", "killed"))
    assert one == other
    assert said


def test_one_instance_cannot_be_left_out(folders, tmp_path):
    for given in (folders[:1], [folders[0], folders[0]]):
        with pytest.raises(DataError, match="two or more"):
            fit_movement(given, tmp_path / "fit", effort=EFFORT)


def test_places_of_parameters_are_those_of_the_rule():
    low, high = rule_at([0.0] * len(SPACE)), rule_at([1.0] * len(SPACE))
    for parameter in SPACE:
        assert getattr(low, parameter.name) == parameter.low
        assert getattr(high, parameter.name) == pytest.approx(parameter.high)


def test_the_command_prints_errors_and_parameters(folders, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(Effort, "of", classmethod(lambda cls, hard: EFFORT))
    out = tmp_path / "fit"
    with pytest.raises(SystemExit) as stopped:
        cli.main(["fit", "flee", *map(str, folders), "--out", str(out), "--histories", "1"])
    printed = capsys.readouterr().out
    assert (stopped.value.code or 0) == 0
    assert "left out" in printed and "power of distance" in printed
    with pytest.raises(SystemExit) as stopped:
        given = ["--rules", "garita", "--fit", str(out), "--arrivals", "conflict", "--json"]
        cli.main(["flee", str(folders[0]), *given])
    assert (stopped.value.code or 0) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["parameters"] == vars(read_rule(out))
    assert told["error"]["total"] > 0
