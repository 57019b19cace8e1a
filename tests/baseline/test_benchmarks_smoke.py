"""The benchmark works, on a day small enough for every test run: its peers agree, its tables come out."""

import json
from importlib import import_module
from importlib.util import find_spec

import pytest
from benchmarks import agreement, run
from benchmarks.engines import ENGINES
from benchmarks.garita_scenario import COMMITTED, scenario_text
from benchmarks.measures import Station, measure
from benchmarks.reference_day import SCENARIOS, day

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


def test_quick_run_writes_table_and_json(tmp_path, capsys):
    engines = [engine.name for engine in ENGINES if engine.name.startswith("simpy") and engine.installed]
    if not engines:
        pytest.skip("simpy is not installed")
    options = ["--engines", ",".join(engines), "--scenarios", "close", "--out", str(tmp_path)]
    assert run.main(["--quick", *options]) == 0
    result = json.loads((tmp_path / "latest.json").read_text(encoding="utf-8"))
    assert {row["engine"] for row in result["timings"]} == set(engines)
    assert all(row["travellers_per_cpu_s"] > 0 for row in (*result["timings"], *result["bound"]))
    assert (tmp_path / "latest.md").read_text(encoding="utf-8").startswith("# The reference day")
    assert "| SimPy, fastest idiom |" in capsys.readouterr().out


def test_unknown_engine_is_refused(capsys):
    with pytest.raises(SystemExit) as refused:
        run.main(["--engines", "fastest"])
    assert refused.value.code == 2
    assert "unknown engines: fastest" in capsys.readouterr().err
