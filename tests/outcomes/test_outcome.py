from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from garita.engine import types
from garita.errors import ResultsError
from garita.outcomes import Layout, Outcome
from garita.outcomes.fields import GROSS, KINDS
from outcomes.synthetic import make_layout, make_outcome, make_part


def test_names_follow_the_engine():
    assert len(KINDS) == types.KINDS and len(GROSS) == types.GROSS
    assert (
        KINDS[types.CROSSED_ELSEWHERE_LATER] == "crossed_elsewhere_later"
        and KINDS[types.GAVE_UP] == "gave_up"
    )
    assert (
        GROSS[types.DIVERTED_FROM_QUEUE] == "left_for_another" and GROSS[types.GAVE_UP_IN_QUEUE][:4] == "gave"
    )


def test_layout_round_trip():
    layout = make_layout()
    again = Layout.from_json(layout.to_json())
    assert again.to_json() == layout.to_json()
    assert again.flows[0] == layout.flows[0] and np.isnan(again.flows[2].spacing_m)
    assert str(layout.starts_local()[0]) == "2018-11-24T16:00:00.000000"
    assert layout.closed_flows(layout.closures[0][0]).tolist() == [True] * 3 + [False] * 6


def test_parts_may_come_in_any_order():
    layout = make_layout()
    parts = [make_part(layout, r) for r in range(3)]
    one, two = (Outcome.collect(layout, {}, order) for order in (parts, parts[::-1]))
    assert np.array_equal(one.counts, two.counts) and np.array_equal(one.hist, two.hist)
    assert one.finals == two.finals and np.array_equal(one.p95, two.p95, equal_nan=True)
    assert np.array_equal(one.hist[:, layout.measured].sum(axis=1), one.window_hist.sum(axis=0))
    assert np.array_equal(one.final_outcomes(1), parts[1].finals)


@pytest.mark.parametrize("order", [[0, 1], [0, 1, 1], [0, 1, 2, 3]])
def test_missing_double_and_foreign_replications_are_refused(order):
    layout = make_layout()
    with pytest.raises(ResultsError, match="replications"):
        Outcome.collect(layout, {}, (make_part(layout, r) for r in order))


def test_wrong_shapes_and_books_are_refused():
    layout = make_layout(replications=1)
    part = make_part(layout, 0)
    with pytest.raises(ResultsError, match="bins has the shape"):
        Outcome.collect(layout, {}, [part._replace(bins=part.bins[:, 1:])])
    ledger = part.ledger.copy()
    ledger[0, types.CROSSED, 0, 0] -= 1
    with pytest.raises(ResultsError, match="crossed"):
        Outcome.collect(layout, {}, [part._replace(ledger=ledger)])


def test_waits_table_has_the_columns_of_the_design():
    outcome = make_outcome(make_layout(), wait_min=np.linspace(5, 40, 9)[:, None])
    table = outcome.waits
    assert len(table) == 3 * 9 * 96
    wanted = {
        "replication", "crossing", "direction", "mode", "lane_type", "bin_start_utc", "bin_start_local",
        "arrivals", "arrivals_people", "served", "queue_parties", "queue_people", "mean_wait_min",
        "p50_wait_min", "p95_wait_min", "max_wait_min", "published_wait_min", "booths_open",
        "utilisation", "queue_m", "status",
    }  # fmt: skip
    assert wanted <= set(table.columns)
    assert (table.p50_wait_min <= table.p95_wait_min + 1e-4).all()
    assert (table.p95_wait_min <= table.max_wait_min + 1e-4).all()
    car = table[(table["mode"] == "car") & (table.lane_type == "standard")]
    assert np.allclose(car.queue_m, car.queue_parties * 1.5) and (car.booths_open == 2).all()


def test_nobody_served_is_not_a_wait_of_zero():
    outcome = make_outcome(make_layout())
    assert np.isnan(outcome.mean_wait()[:, :, -1]).all() and np.isnan(outcome.p50[:, :, -1]).all()


def test_flows_and_events_tables():
    outcome = make_outcome(make_layout())
    final = outcome.flows[outcome.flows["count"] == "final"]
    assert final.parties.sum() == outcome.ledger[..., 0].sum() and set(final.outcome) == {"crossed"}
    assert len(outcome.events) == 3 and set(outcome.events.crossings) == {"south"}
    assert len(make_outcome(make_layout(variant="baseline")).events) == 0


def test_costs_of_time():
    from garita.outcomes.costs import costs_table

    outcome = make_outcome(make_layout(replications=1))
    table = costs_table(outcome, {"car": (True, 10.0, 18.0, 30.0)})
    assert set(table["mode"]) == {"car"} and np.allclose(table.usd_mid, 18 * table.hours)
    hours = outcome.counts[types.QUEUE_PEOPLE_END][0, 0, 96:].sum() / 4
    assert table[(table.crossing == "south") & (table["item"] == "queueing")].hours.iloc[0] == pytest.approx(
        hours
    )


def test_a_line_may_have_a_value_of_time_of_its_own():
    from garita.outcomes.costs import costs_table

    layout = make_layout(replications=1)
    flows = tuple(replace(flow, value_of_time=7.0) for flow in layout.flows)
    table = costs_table(make_outcome(replace(layout, flows=flows)), {})
    assert len(table) and np.allclose(table.usd_mid, 7.0 * table.hours) and set(table.hour_of) == {"person"}


def test_what_a_closure_costs_in_time():
    """The difference of each replication, with its interval; hours of trucks and of people stay apart."""
    from garita.outcomes.costs import extra_costs

    def costs(hours):
        row = {"mode": "car", "borne_by": "travellers", "hour_of": "person", "item": "queueing"}
        listed = [{**row, "replication": r, "hours": value} for r, value in enumerate(hours)]
        truck = {"mode": "truck", "borne_by": "carriers", "hour_of": "vehicle", "item": "detours"}
        listed += [{**row, **truck, "replication": r, "hours": 2.0 * value} for r, value in enumerate(hours)]
        table = pd.DataFrame(listed)
        for name, usd in (("usd_low", 10.0), ("usd_mid", 20.0), ("usd_high", 30.0)):
            table[name] = usd * table.hours
        return table

    found = extra_costs(costs([5.0, 7.0, 9.0]), costs([1.0, 2.0, 3.0])).set_index(["mode", "item"])
    cars = found.loc[("car", "all")]
    assert (cars.hours, cars.usd_low, cars.usd_high) == (5.0, 50.0, 150.0)
    assert cars.usd_mid_from == pytest.approx(100.0 - 4.302653 * 20.0 / 3**0.5)
    assert ("truck", "queueing") not in found.index and found.loc[("truck", "detours")].hours == 10.0
    whole = found.loc[("all", "all")]
    assert whole.usd_mid == 300.0 and np.isnan(whole.hours)


def test_the_packaged_region_prices_time():
    from garita.outcomes.costs import region_rates

    rates = region_rates("san-diego-tijuana")
    assert rates["car"][0] and not rates["truck"][0] and region_rates("") == {}
    assert all(low <= mid <= high for _, low, mid, high in rates.values())


def test_save_and_open(tmp_path):
    outcome = make_outcome(make_layout(), claims=["one"])
    folder = outcome.save(tmp_path / "results")
    again = Outcome.open(folder)
    assert again.manifest == outcome.manifest and again.layout.to_json() == outcome.layout.to_json()
    for name in (
        "counts",
        "p50",
        "p95",
        "hist",
        "window_hist",
        "ledger",
        "gross",
        "diverted",
        "travel_extra",
    ):
        assert np.array_equal(getattr(again, name), getattr(outcome, name), equal_nan=True), name
    assert again.finals == outcome.finals and np.array_equal(again.offsets[2], outcome.offsets[2])
    assert not list(folder.glob(".*"))
    outcome.save(folder)  # a second run into the same folder replaces the first
    assert Outcome.open(folder).replications == 3


@pytest.mark.parametrize("at_once", [1, 40])
def test_parquet_holds_the_table(tmp_path, monkeypatch, at_once):
    import duckdb

    monkeypatch.setattr("garita.outcomes.storage.REPLICATIONS_AT_ONCE", at_once)
    outcome = make_outcome(make_layout(replications=2))
    folder = outcome.save(tmp_path)
    with duckdb.connect() as connection:
        rows = connection.execute(f"FROM '{(folder / 'waits.parquet').as_posix()}'").df()
        events = connection.execute(f"FROM '{(folder / 'events.parquet').as_posix()}'").fetchall()
    assert set(rows.columns) == set(outcome.waits.columns) and len(rows) == len(outcome.waits)
    key = ["replication", "crossing", "mode", "lane_type", "bin_start_utc"]
    mine = outcome.waits.astype(dict.fromkeys(key[1:4], str)).sort_values(key)
    assert np.allclose(rows.sort_values(key).mean_wait_min, mine.mean_wait_min, equal_nan=True)
    assert len(events) == 2 and not list(folder.glob(".*"))


def test_missing_and_damaged_folders_are_refused_with_a_remedy(tmp_path):
    with pytest.raises(ResultsError, match=r"results\.json is missing.*Run the scenario again"):
        Outcome.open(tmp_path / "nowhere")
    make_outcome(make_layout(replications=1)).save(tmp_path)
    good = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    arrays = good["arrays.npz"]
    middle = len(arrays) // 2
    flipped = (
        arrays[:middle] + bytes(255 - byte for byte in arrays[middle : middle + 64]) + arrays[middle + 64 :]
    )
    index = json.loads(good["results.json"])
    cases = {
        "arrays.npz": [None, b"", arrays[:-10], flipped],
        "waits.parquet": [None, b"PAR1"],
        "results.json": [
            None, b"", b"[]", b"{}", b"{", b"\xff\xfe", json.dumps({**index, "version": 99}).encode(),
            json.dumps({**index, "layout": {}}).encode(), json.dumps({**index, "files": None}).encode(),
            json.dumps({**index, "layout": {**index["layout"], "replications": 5}}).encode(),
        ],
    }  # fmt: skip
    for name, contents in cases.items():
        for content in contents:
            path = tmp_path / name
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content)
            with pytest.raises(ResultsError) as caught:
                Outcome.open(tmp_path)
            assert caught.value.problems[0].remedy
            path.write_bytes(good[name])
    Outcome.open(tmp_path)
