"""Results of journeys on disk, beside those of the ports, and what the commands tell."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

import garita
from garita import cli
from garita.engine import daily
from garita.errors import ResultsError, RunError
from garita.outcomes import JourneyOutcome
from garita.outcomes import journey_figures as figures
from garita.outcomes.journeys import ARRAYS, LAYOUT
from garita.runs import run_pair
from journeys.stories import HEAD, LINE, PORT, story, told

EVERYTHING = LINE + (
    "  shelters: [{id: s, place: d, capacity: 60}]\n"
    "  waiting_lists: [{name: l, place: d, per_day: 5, crossing: port}]\n"
    "  choices: [{name: c, place: d, do: between-ports, per_day: 2 %, sector: X}]\n"
    "  returns: [{name: r, kind: on-their-own, place: d, to: a, chance: 2 %, cost: 100}]\n"
    "  published: [{what: arrived, where: d, day: 2018-10-20, people: 90}]\n"
)


def test_results_are_read_as_they_were_written(tmp_path):
    outcome = told(EVERYTHING, port=True, replications=2)
    names = outcome.save(tmp_path)
    assert {"places.parquet", "waitlists.parquet", "returns.parquet", "encounters.parquet"} <= set(names)
    again = JourneyOutcome.open(tmp_path)
    assert again.layout == outcome.layout and again.digest == outcome.digest
    import duckdb

    table = (tmp_path / "places.parquet").as_posix()
    query = f"select count(*), sum(people) from '{table}' where shelter = 'all'"
    [(rows, people)] = duckdb.sql(query).fetchall()
    assert (rows, people) == (2 * 30 * 4, outcome.present.sum())


def test_a_folder_without_journeys_has_none(tmp_path):
    assert JourneyOutcome.open(tmp_path) is None


@pytest.mark.parametrize("damage", ["cut", "other", "shape", "missing"])
def test_damaged_results_are_refused(tmp_path, damage):
    outcome = told(EVERYTHING, port=True)
    outcome.save(tmp_path, parquet=False)
    if damage == "cut":
        (tmp_path / ARRAYS).write_bytes((tmp_path / ARRAYS).read_bytes()[:100])
    elif damage == "other":
        (tmp_path / LAYOUT).write_text("[]", encoding="utf-8")
    elif damage == "shape":
        np.savez(tmp_path / ARRAYS, **(outcome.arrays | {"present": outcome.present[:, 1:]}))
    else:
        (tmp_path / ARRAYS).unlink()
    with pytest.raises(ResultsError) as refused:
        JourneyOutcome.open(tmp_path)
    assert refused.value.problems[0].code == "results-damaged"


def test_journeys_run_beside_the_ports_and_are_stored_with_them(tmp_path):
    closed = "closures: [{crossing: port, from: 2018-11-01 10:00, until: 2018-11-01 12:00}]\n"
    case = story(EVERYTHING, closed, port=True)
    with_closure, without = run_pair(case, replications=2, workers=1)
    assert with_closure.journeys.layout.variant == "scenario"
    assert without.journeys.layout.variant == "baseline"
    assert with_closure.manifest["journeys_digest"] == with_closure.journeys.digest
    alone = garita.travel(case, replications=2)
    assert alone.digest == with_closure.journeys.digest
    folder = with_closure.save(tmp_path / "one")
    again = garita.Outcome.open(folder)
    assert again.journeys.digest == with_closure.journeys.digest
    assert (folder / "places.parquet").is_file()
    without.journeys = None
    assert garita.Outcome.open(without.save(folder)).journeys is None


def test_the_command_tells_and_writes(tmp_path):
    path = tmp_path / "scenario.yaml"
    path.write_text(HEAD + PORT + EVERYTHING, encoding="utf-8")
    shown = CliRunner().invoke(cli.app, ["journeys", str(path), "--out", str(tmp_path / "out"), "-r", "2"])
    assert shown.exit_code == 0, shown.output
    assert "\nd: most" in shown.output and "arrived in d so far: published 90" in shown.output
    assert "1,000 people, going home by oneself: 2 days, USD 100,000" in shown.output
    assert "waiting list in d: " in shown.output and " people leave, cost USD " in shown.output
    assert (tmp_path / "out" / "places.parquet").is_file()
    shown = CliRunner().invoke(cli.app, ["journeys", str(path), "--json", "--seed", "3"])
    found = json.loads(shown.stdout)
    assert found["replications"] == 3 and found["published"][0]["published"] == "90"


def test_a_seed_changes_the_draws():
    text = LINE.replace("people: 100", "people: {range: [50, 90000]}")
    case = story(text)
    assert garita.travel(case, seed=1).entered.tolist() != garita.travel(case, seed=2).entered.tolist()


def test_every_kind_of_published_count_is_compared():
    rows = [
        ("arrived", "d", 20), ("present", "d", 20), ("sheltered", "s", 20), ("list-length", "l", 20),
        ("taken-in", "l", 20), ("returned", "r", 20),
    ]  # fmt: skip
    listed = ", ".join(
        f"{{what: {what}, where: {where}, day: 2018-10-{day}, people: 7}}" for what, where, day in rows
    )
    text = EVERYTHING[: EVERYTHING.index("  published")] + f"  published: [{listed}]\n"
    outcome = told(text, port=True)
    day = 19
    wanted = {
        "arrived": 100, "present": outcome.present[0, day, 3], "sheltered": outcome.sheltered[0, day, 0],
        "list-length": outcome.listed[0, day, 0], "taken-in": outcome.taken[0, : day + 1, 0].sum(),
        "returned": outcome.left[0, : day + 1, 0].sum(),
    }  # fmt: skip
    assert {row.what: row.simulated.mean for row in figures.compared(outcome)} == wanted
    assert outcome.counted("arrived", "d", 99) is None
    assert np.isnan(figures.spread([np.nan]).mean) and figures.people(np.nan) == "-"
    with pytest.raises(AttributeError):
        _ = outcome.nothing
    assert len(outcome.waitlists) == 30


def test_lost_people_end_the_run_with_an_error(monkeypatch):
    monkeypatch.setattr(daily.State, "everybody", lambda state: state.entered + 1)
    with pytest.raises(RunError) as stopped:
        told(LINE)
    assert stopped.value.problems[0].code == "journeys-not-conserved"
