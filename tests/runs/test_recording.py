"""Every traveller and every event of the runs for which that is wanted, in Parquet."""

from __future__ import annotations

import numpy as np
import pytest
from typer.testing import CliRunner

import garita
from engine import helpers
from garita import cli, runs
from garita.engine import types
from garita.outcomes import Outcome
from properties import worlds

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

CLOSURES = [{"crossing": "north", "from": helpers.at(8), "until": "3 h"}]
BOTH = ["travellers", "events"]


@pytest.fixture(scope="module")
def pair():
    case = worlds.case(0.5, closures=CLOSURES, replications=3)
    return runs.run_pair(case, record=BOTH, record_runs=2)


def test_nothing_else_changes(pair):
    case = worlds.case(0.5, closures=CLOSURES, replications=3)
    for recorded, plain in zip(pair, runs.run_pair(case), strict=True):
        assert recorded.manifest["digest"] == plain.manifest["digest"]


def test_parties_are_those_of_the_final_outcomes(pair):
    for outcome in pair:
        table = outcome.travellers
        assert sorted(table.replication.unique()) == [0, 1]
        for replication in (0, 1):
            mine = table[table.replication == replication]
            kinds = np.bincount(outcome.final_outcomes(replication) & 15, minlength=types.KINDS)
            assert len(mine) == kinds[1:].sum()
            assert mine.outcome.value_counts()["crossed"] == kinds[types.CROSSED]
            assert mine.party.is_unique
        waited = table.wait_min[table.outcome == "crossed"]
        assert waited.notna().all() and (waited >= 0.0).all() and waited.max() > 30.0
        assert set(table.purpose) == {"must", "need not"}
        crossed = table[table.outcome == "crossed"]
        assert (crossed.planned_line == crossed.line).all()
        assert table.set_out_utc.dtype.kind == "M" and table.planned_utc.notna().all()


def test_the_same_party_in_both_variants(pair):
    with_closure, without = (outcome.travellers for outcome in pair)
    both = with_closure.merge(without, on=["replication", "party"])
    assert len(both) > 0.9 * len(without)
    assert (both.planned_utc_x == both.planned_utc_y).all() and (both.people_x == both.people_y).all()


def test_events_by_time(pair):
    log = pair[0].event_log
    assert {"set_out", "joined", "started", "left", "diverted", "line_status"} <= set(log.event)
    for _, mine in log.groupby("replication"):
        assert mine.time_utc.is_monotonic_increasing
    shut = log[(log.event == "line_status") & (log.status == "closed")]
    assert set(shut.line.str.split(":").str[0]) == {"north"}
    assert shut.time_utc.dt.strftime("%H:%M").unique().tolist() == ["08:00"]
    assert (log.party[log.event == "booths_open"] == -1).all()
    assert log.to_line[log.event == "diverted"].notna().all()


def test_they_are_saved_and_read_again(pair, tmp_path):
    pair[0].save(tmp_path / "results")
    again = Outcome.open(tmp_path / "results")
    assert again.travellers.equals(pair[0].travellers) and again.event_log.equals(pair[0].event_log)
    again.save(tmp_path / "copy")


def test_what_was_not_recorded_is_said(tmp_path):
    outcome = runs.run(worlds.case(0.1), replications=1, record="events")
    with pytest.raises(garita.ResultsError, match="--record travellers"):
        outcome.travellers  # noqa: B018
    assert len(outcome.event_log) > 100
    outcome.save(tmp_path / "results")
    with pytest.raises(garita.ResultsError, match="--record travellers"):
        Outcome.open(tmp_path / "results").travellers  # noqa: B018


@pytest.mark.parametrize("how", [{"record": ["people"]}, {"record": ["events"], "record_runs": 0}])
def test_what_cannot_be_recorded_is_refused(how):
    with pytest.raises(garita.GaritaError, match="cannot be recorded") as raised:
        runs.run(worlds.case(0.1), replications=1, **how)
    assert raised.value.exit_code == 2


def test_runs_to_record_without_what_to_record_are_refused(tmp_path):
    path = tmp_path / "scenario.yaml"
    path.write_text(helpers.text([helpers.flow(per_hour=60)]), encoding="utf-8")
    options = ["--record-runs", "2", "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(cli.app, ["run", str(path), *options])
    assert isinstance(done.exception, garita.GaritaError), done.output
    assert done.exception.exit_code == 2 and "--record`" in str(done.exception)


def test_from_the_command_line(tmp_path):
    path = tmp_path / "scenario.yaml"
    path.write_text(helpers.text([helpers.flow(per_hour=60)]), encoding="utf-8")
    options = [
        "--record",
        "travellers",
        "--record",
        "events",
        "--record-runs",
        "2",
        "--out",
        str(tmp_path / "out"),
    ]
    done = CliRunner().invoke(cli.app, ["run", str(path), *options])
    assert done.exit_code == 0, done.output
    for variant in ("scenario", "baseline"):
        outcome = Outcome.open(tmp_path / "out" / variant)
        assert outcome.travellers.replication.nunique() == 2
        assert len(outcome.event_log) > 3 * 1400


def test_without_recording_memory_does_not_grow_with_travellers():
    """The books of a run are as large for ten times as many parties, but for two bytes a party."""

    def size(scale, record=()):
        case = worlds.case(scale)
        run = runs.ensemble.Builder(case).build(case.resolve(0), record=record).run
        books = run.new_output()
        return sum(array.nbytes for array in books) - books.finals.nbytes, books.finals.nbytes, run.extra

    small, large = size(0.2), size(2.0)
    assert small[0] == large[0] and small[2] is None and large[2] is None
    assert large[1] < 10 * small[1]
    assert sum(array.nbytes for array in size(2.0, BOTH)[2]) > 50 * large[1]
