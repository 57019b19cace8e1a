"""The benchmark works, on a day small enough for every test run: its engines agree, its tables come out."""

import contextlib
import io
import json
import os
import subprocess
from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace

import pytest
from benchmarks import agreement, docs_page, garita_engine, one_run, run
from benchmarks.engines import ENGINES
from benchmarks.garita_scenario import COMMITTED, scenario_text
from benchmarks.measures import Station, measure
from benchmarks.one_run import Clock
from benchmarks.reference_day import SCENARIOS, day

pytestmark = pytest.mark.slow  # peers are slow

FRACTION = 0.02
SAME_DRAWS = ("simpy_events", "simpy_documented", "salabim_peer")


def peer(name):
    package = name.split("_")[0]
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    return import_module(f"benchmarks.peers.{name}")


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("name", SAME_DRAWS)
def test_peers_with_the_same_draws_are_equal(name, scenario):
    of = day(scenario, FRACTION)
    assert peer(name).run(of, seed=3) == peer("simpy_fastest").run(of, seed=3)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_ciw_simulates_the_same_stations(scenario):
    of = day(scenario, FRACTION)
    stations = peer("ciw_peer").run(of, seed=3)
    assert list(stations) == list(peer("simpy_fastest").run(of, seed=3))
    travellers = sum(day.travellers for name, day in stations.items() if not name.endswith("secondary"))
    assert travellers == pytest.approx(of.expected_travellers, abs=5 * of.expected_travellers**0.5)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_garita_agrees_with_simpy(scenario):
    simpy = peer("simpy_events")
    garita = garita_engine.timed("garita", scenario, FRACTION, seed=5, days=100, clock=Clock)
    of = day(scenario, FRACTION)
    days = [simpy.run(of, seed) for seed in range(10)]
    samples = {station: [one[station] for one in days] for station in days[0]}
    assert list(garita["stations"]) == list(samples)
    compared = agreement.with_garita(scenario, "simpy-events", samples, garita["stations"])
    # Every station's mean wait, and the longest queue of every line.
    lines = sum(len(port.lines) for port in of.ports)
    assert len(compared) == len(samples) + lines
    assert max(abs(item.z) for item in compared) < 4
    assert sum(item.z**2 for item in compared) / len(compared) < 2.5


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_garita_run_simulates_the_same_days_as_its_engine(scenario):
    engine, whole = (
        garita_engine.timed(name, scenario, FRACTION, seed=5, days=3, clock=Clock)
        for name in ("garita", "garita-run")
    )
    assert engine["travellers"] == whole["travellers"]
    expected = day(scenario, FRACTION).expected_travellers
    assert engine["travellers"] == pytest.approx(expected, abs=5 * (expected / 3) ** 0.5)


def test_nobody_starts_while_the_port_is_closed():
    stations = peer("simpy_events").run(day("close", FRACTION), seed=1)
    # All who come from 11:00 to 16:00 queue: hours of weight 50 (the last 52) in a day of 1010.
    expected = 25_000 * FRACTION * (4 * 50 + 52) / 1010
    assert stations["A pedestrian"].max_queue == pytest.approx(expected, abs=5 * expected**0.5)


def test_measure_counts_those_waiting_only():
    # The second waits from 1 to 5, the third from 2 to 16; the first is being inspected.
    assert measure([0.0, 1.0, 2.0], [0.0, 5.0, 16.0]) == Station(3, 6.0, 2.0, 1.0)


def test_z_scores_are_small_for_the_kernel_itself_and_large_for_another_model():
    figures = agreement.KERNEL["close"]["A general"]
    itself = {"A general": [Station(12_000, figures[0], figures[2], figures[2])] * 3}
    other = {"A general": [Station(12_000, figures[0] * 1.2, figures[2], figures[2])] * 3}
    assert {item.z for item in agreement.with_kernel("close", "x", itself)} == {0.0}
    assert max(item.z for item in agreement.with_kernel("close", "x", other)) > 5


def test_the_scenario_file_is_up_to_date():
    assert COMMITTED.read_text(encoding="utf-8") == scenario_text(day("divert"))


@pytest.fixture
def here(monkeypatch):
    """Timed runs in this process instead of one each, which spares them the start; a cheap one shows below
    that they work by themselves."""

    def ended(command, **_):
        [_, minus_m, module, *words] = command
        assert (minus_m, module) == ("-m", "benchmarks.one_run")
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            one_run.main(words)
        return subprocess.CompletedProcess(command, 0, shown.getvalue(), "")

    stand_in = SimpleNamespace(run=ended, CalledProcessError=subprocess.CalledProcessError)
    monkeypatch.setattr(run, "subprocess", stand_in)


def test_a_timed_run_in_a_process_of_its_own():
    engine = "simpy-fastest"
    if engine not in [engine.name for engine in ENGINES if engine.installed]:
        pytest.skip("simpy is not installed")
    found = run._one_run(engine, "close", 3, {"fraction": FRACTION, "days": 1}, dict(os.environ))
    same = one_run.time_engine(engine, "close", FRACTION, 3, 1)
    assert found["stations"] == same["stations"] and found["travellers"] == same["travellers"]
    assert found["cpu_s"] > 0


@pytest.mark.usefixtures("here")
def test_quick_run_writes_table_and_json(tmp_path, capsys):
    wanted = "garita", "garita-run", "simpy-events", "simpy-fastest"
    engines = [engine.name for engine in ENGINES if engine.name in wanted and engine.installed]
    if len(engines) < len(wanted):
        pytest.skip("simpy is not installed")
    options = ["--engines", ",".join(engines), "--scenarios", "close", "--out", str(tmp_path)]
    assert run.main(["--quick", *options]) == 0
    result = json.loads((tmp_path / "latest.json").read_text(encoding="utf-8"))
    assert {row["engine"] for row in result["timings"]} == set(engines)
    assert all(row["travellers_per_cpu_s"] > 0 for row in (*result["timings"], *result["bound"]))
    assert (tmp_path / "latest.md").read_text(encoding="utf-8").startswith("# The reference day")
    ratios = [row["engine_times"] for row in result["timings"] if row["engine"] == "simpy-fastest"]
    assert ratios[0] > 1
    assert "| **SimPy, fastest `Resource`** |" in capsys.readouterr().out


def test_results_go_into_the_docs_between_their_marks():
    page = f"Above.\n{docs_page.BEGIN}old\n{docs_page.END}Below.\n"
    result = json.loads(docs_page.LATEST.read_text(encoding="utf-8"))
    new = docs_page.filled(page, result)
    assert new.startswith(f"Above.\n{docs_page.BEGIN}")
    assert new.endswith(f"{docs_page.END}Below.\n")
    assert "old" not in new.partition(docs_page.END)[0].splitlines()
    assert docs_page.filled(new, result) == new
    with pytest.raises(ValueError, match="end of results"):
        docs_page.filled("no marks", result)


def test_the_docs_show_the_latest_results():
    page = docs_page.PAGE.read_text(encoding="utf-8")
    result = json.loads(docs_page.LATEST.read_text(encoding="utf-8"))
    assert docs_page.filled(page, result) == page


def test_part_of_the_engines_does_not_go_into_the_docs(capsys):
    with pytest.raises(SystemExit) as refused:
        run.main(["--write-docs", "--engines", "garita"])
    assert refused.value.code == 2
    assert "all engines" in capsys.readouterr().err


def test_unknown_engine_is_refused(capsys):
    with pytest.raises(SystemExit) as refused:
        run.main(["--engines", "fastest"])
    assert refused.value.code == 2
    assert "unknown engines: fastest" in capsys.readouterr().err
