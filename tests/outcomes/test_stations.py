"""The books of stations, from a run to the tables, the files, the indicators and the report."""

from __future__ import annotations

import numpy as np
import pytest

from engine import helpers
from garita import outcomes, runs
from garita.engine import types
from garita.outcomes.stations import station_of
from garita.report.stations import plazas

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

EXIT = {
    "name": "exit",
    "crossing": "a",
    "place": "after",
    "places": 2,
    "service": {"distribution": "erlang", "mean": "90 s", "shape": 2},
    "room": 3,
    "from": helpers.at(8),
    "until": helpers.at(14),
    "event": True,
}
FLOWS = [
    helpers.flow(per_hour=100, booths=3, spacing_m=10, approach_m=200, lanes=3, service={"mean": "90 s"}),
    helpers.flow("b", per_hour=30, booths=1, service={"mean": "60 s"}),
]


@pytest.fixture(scope="module")
def pair():
    """With the inspection and without it."""
    return runs.run_pair(helpers.case(FLOWS, stations=[EXIT], replications=3), workers=1)


def test_the_table(pair):
    table = pair[0].stations
    assert list(dict.fromkeys(zip(table.station, table.place, table.line, strict=True))) == [
        ("primary", "primary", "a:inbound:car:standard"),
        ("exit", "after", ""),
    ]
    after = table[table.station == "exit"]
    hours = after.bin_start_local.dt.hour
    assert after.served.sum() > 3 * 300
    assert 0 <= after.arrivals.sum() - after.served.sum() <= 3 * 3  # who waits when it ends goes on
    assert after.served[(hours < 8) | (hours >= 14)].sum() == 0
    assert after.places_open.max() == 2 and after.queue_parties.max() == 3
    assert after.utilisation.dropna().between(0.0, 1.2).all()
    primary = table[table.station == "primary"]
    waits = pair[0].waits
    mine = waits[waits.crossing == "a"]
    assert primary.served.sum() == mine.served.sum()
    at = primary.bin_start_local.dt.hour
    assert primary.held_min[(at >= 9) & (at < 14)].sum() > 3 * 60.0
    assert pair[1].stations.held_min.sum() == 0.0  # there the event never was


def test_saved_and_opened_again(pair, tmp_path):
    pair[0].save(tmp_path)
    again = outcomes.Outcome.open(tmp_path)
    assert again.layout.stations == pair[0].layout.stations
    assert (again.station_counts == pair[0].station_counts).all()
    assert (tmp_path / "stations.parquet").is_file()


def test_without_stations_there_is_no_such_table(tmp_path):
    outcome = runs.run(helpers.case(FLOWS, replications=1), workers=1)
    outcome.save(tmp_path)
    assert outcome.layout.stations == () and not (tmp_path / "stations.parquet").exists()
    assert len(outcomes.Outcome.open(tmp_path).stations) == 0


def test_indicators(pair):
    comparison = outcomes.compare(*pair)
    held = comparison.indicator("held_hours", "a", "inbound", "car")
    [primary] = [axis for axis in pair[0].layout.stations if axis.place == "primary"]
    assert held.with_closure.mean == pytest.approx(station_of(pair[0], primary)["held_hours"].mean())
    assert held.without.mean == 0.0
    beyond = comparison.indicator("spill_back_m", "a", "inbound", "car")
    longest = pair[0].counts[types.QUEUE_END][:, 0].max(axis=1) * 10.0 / 3.0
    assert beyond.with_closure.mean == pytest.approx(np.maximum(longest - 200.0, 0.0).mean())
    assert beyond.with_closure.mean > 50.0 and beyond.without.mean == 0.0
    hours = comparison.indicator("spill_back_hours", "a", "inbound", "car").with_closure.mean
    assert 1.0 < hours < 12.0
    # of b the length of the approach is not known
    assert comparison.indicator("spill_back_m", "b", "inbound", "car") is None


def test_the_report_tells_it_by_day(pair):
    [plaza] = plazas(outcomes.compare(*pair))
    assert plaza.where == "a, northbound" and plaza.stations == "exit"
    assert plaza.days[0].name == "Mon 15 Jan" and plaza.days[0].waiting == "3"
    assert "%" in plaza.days[0].held
