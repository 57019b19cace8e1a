"""Running an instance: its series, its measures, and the command."""

from __future__ import annotations

import csv
import json
import math

import numpy as np
import pytest

from garita import cli
from garita.flee.measures import relative_difference, rescaled, scaled_errors
from garita.flee.run import run
from sources.flee_files import write

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without


def test_differences_by_hand():
    simulated, registered = np.array([[10, 30], [0, 0]]), np.array([[20, 20], [0, 0]])
    assert relative_difference(simulated, registered) == (0.25, 0.25)
    assert relative_difference(np.array([[10, 10]]), np.array([[10, 30]])) == (0.5, 0.5)
    assert relative_difference(np.array([[5, 15]]), np.array([[10, 30]])) == (0.5, 0.0)
    assert rescaled(np.array([[1, 3]]), np.array([[8, 0]])).tolist() == [[2.0, 6.0]]


def test_scaled_errors_by_hand():
    """Ten people more each day in one camp; the simulation is always five short, and the total is given."""
    days = 12
    registered = np.stack([100 + 10 * np.arange(days), np.full(days, 100)], axis=1)
    simulated = registered + np.array([-5, 5])
    found = scaled_errors(simulated, registered)
    flat = np.mean([10 * (day - 7) for day in range(8, days)])
    assert found["flat 7"] == pytest.approx(5 / flat)
    assert math.isnan(found["flat 30"])
    assert scaled_errors(registered, registered)["ratio 7"] == 0.0


@pytest.mark.parametrize("rules", ["flee3", "garita"])
def test_a_run_is_written_in_the_columns_of_flee(tmp_path, rules):
    done = run(write(tmp_path / "made-up"), rules, seed=4)
    done.write(tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0])[:5] == ["Day", "Date", "Dorada sim", "Dorada data", "Dorada error"]
    assert len(rows) == 40
    assert rows[-1]["Date"] == "2020-02-09"
    for row in rows:
        assert int(row["refugees in camps (simulation)"]) == int(row["Dorada sim"]) + int(row["Ermita sim"])
        assert int(row["refugees in camps (UNHCR)"]) == int(row["Dorada data"]) + int(row["Ermita data"])
    assert int(rows[-1]["total refugees (simulation)"]) == 8000
    assert rows[-1]["refugee_debt"] == "0"


def test_the_same_seed_gives_the_same_file(tmp_path):
    folder = write(tmp_path / "made-up")
    texts = []
    for seed in (1, 1, 2):
        run(folder, "garita", seed).write(tmp_path / "out.csv")
        texts.append((tmp_path / "out.csv").read_text(encoding="utf-8"))
    assert texts[0] == texts[1] != texts[2]


def ended(capsys, *words):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["flee", *map(str, words)])
    return stopped.value.code or 0, *capsys.readouterr()


def test_the_command_prints_the_measures(tmp_path, capsys):
    code, out, err = ended(capsys, write(tmp_path / "made-up"), "--out", tmp_path / "out.csv", "--seed", "3")
    assert code == 0
    assert "made-up, rules flee3: 40 days, 8,000 people at the end" in out
    assert "averaged relative difference, rescaled" in out
    assert "mean absolute scaled error, flat 7 days" in out
    assert "out.csv: people by camp and day" in err
    assert (tmp_path / "out.csv").is_file()


def test_the_command_prints_json(tmp_path, capsys):
    code, out, _ = ended(capsys, write(tmp_path / "made-up"), "--rules", "garita", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["days"], found["people"], found["rules"]) == (40, 8000, "garita")
    assert 0 < found["error"]["rescaled"] < 2


def test_the_command_ends_with_2_and_all_that_is_wrong(tmp_path, capsys):
    code, out, err = ended(
        capsys, write(tmp_path / "bad", {"simsetting.yml": None, "input_csv/routes.csv": "a,b,1\n"})
    )
    assert (code, out) == (2, "")
    assert "3 problems" in err
    assert "Traceback" not in err
