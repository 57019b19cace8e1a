"""The workload of the benchmarks equals the reference day of the development data, where that is at hand."""

import json
from pathlib import Path

import pytest
from benchmarks import reference_day

SHARED = Path(__file__).parents[3] / "shared" / "data" / "queue-cases" / "reference-day.json"
KEY_OF = {"general": "gen", "ready": "rdy", "sentri": "sen", "pedestrian": "ped"}
DISTRIBUTION_OF = {"erlang": "erlang", "lognorm": "lognormal"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shared():
    if not SHARED.exists():
        pytest.skip("the development data are not here")
    return json.loads(SHARED.read_text(encoding="utf-8"))


@pytest.mark.parametrize("port", [reference_day.PORT_A, reference_day.PORT_B], ids=lambda port: port.name)
def test_ports_equal_the_shared_day(shared, port):
    assert len(shared[port.name]) == len(port.lines)
    for line in port.lines:
        given = shared[port.name][KEY_OF[line.name]]
        assert line.per_day == given["n"]
        assert [line.per_minute(hour) for hour in range(24)] == pytest.approx(given["rate"], rel=1e-12)
        assert list(line.booths) == given["b"]
        assert line.referred == given["psec"]
        assert line.inspection.distribution == DISTRIBUTION_OF[given["dist"]]
        assert line.inspection.mean_min == pytest.approx(given["mean"], rel=1e-12)
        assert (line.inspection.shape, line.inspection.cv) == (given["k"], given["cv"])
    secondary = shared[f"sec{port.name}"]
    assert list(port.secondary_places) == secondary["b"]
    assert (port.secondary.mean_min, port.secondary.cv) == (secondary["mean"], secondary["cv"])


def test_closure_and_diversion_equal_the_shared_day(shared):
    day = reference_day.day("divert")
    assert list(day.closure_min) == shared["close"]
    thresholds = day.threshold_above_min, day.threshold_margin_min, day.threshold_closed_min
    assert thresholds == (shared["X"], shared["T"], shared["G"])
