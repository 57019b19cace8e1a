from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest

from garita.engine import types
from garita.errors import ResultsError
from garita.outcomes import Outcome, compare
from garita.outcomes.indicators import group_wait
from garita.outcomes.outcome import Gathering
from garita.outcomes.scopes import scopes
from outcomes.synthetic import START, make_books, make_layout, make_outcome, make_part

CLOSING = START + 96 * 15 + 600.0
FIRST, LAST = 96 + 40, 96 + 60  # bins of the closure


def closed_outcome(layout, later=10):
    """South shuts for five hours, its waits rise to 300 min; east rises to 90, back two hours later."""
    wait = np.full((9, layout.bins), 20.0)
    wait[:3, FIRST:LAST] = np.linspace(300, 20, LAST - FIRST)
    wait[3:6, FIRST + 4 : LAST + 8] = 90.0
    parts = []
    for replication in range(layout.replications):
        part = make_part(layout, replication, wait)
        finals = part.finals.copy()
        hour = 24 + 12  # an hour wholly inside the closure; first cell of south:car:standard
        cell = part.offsets[0, hour]
        finals[cell : cell + later] = types.CROSSED_LATER | 2 << 4
        finals[cell + later : cell + 18] = types.CROSSED_ELSEWHERE | 2 << 4 | 1 << 8
        finals[cell + 18] = types.GAVE_UP | 2 << 4
        finals[cell + 19] = types.CANCELLED | 2 << 4
        bins = part.bins.copy()
        bins[:3, FIRST:LAST, types.STATUS] = types.CLOSED
        bins[:3, FIRST:LAST, types.STARTED_PEOPLE] = 0
        ledger, gross, diverted, travel, finals = make_books(layout, finals)
        travel[0] = 600.0
        parts.append(
            part._replace(
                bins=bins, ledger=ledger, gross=gross, diverted=diverted, travel_extra=travel, finals=finals
            )
        )
    return Outcome.collect(layout, {"seed": 7}, parts)


@pytest.fixture(scope="module")
def comparison():
    layout = make_layout(replications=4)
    return compare(closed_outcome(layout), make_outcome(replace(layout, variant="baseline", closures=())))


def test_nothing_closed_gives_differences_of_zero():
    layout = make_layout(variant="baseline")
    same = compare(make_outcome(layout), make_outcome(layout))
    for item in same.indicators:
        assert item.difference.mean == 0 and item.difference.low == item.difference.high == 0, item
    assert same.passings == [] and same.recoveries == [] and same.headline()["main"] is None
    assert same.joint.sum(axis=(1, 2))[0, 0] == same.with_closure.final_outcomes(0).size


def test_indicators_of_the_closed_line(comparison):
    wait = comparison.indicator("mean_wait", "south", "inbound", "car")
    assert wait.without.mean == pytest.approx(20, rel=0.02) and wait.difference.mean > 20
    assert wait.difference.low < wait.difference.mean < wait.difference.high
    people = comparison.indicator("mean_wait", "south", "inbound", "car", basis="people")
    assert people.with_closure.mean == pytest.approx(wait.with_closure.mean)
    queue = comparison.indicator("max_queue", "south", "inbound", "car", "standard")
    metres = comparison.indicator("max_queue_m", "south", "inbound", "car", "standard")
    assert metres.with_closure.mean == pytest.approx(queue.with_closure.mean * 1.5)
    p95 = comparison.indicator("p95_wait", "south", "inbound", "car").with_closure.mean
    buffer = comparison.indicator("buffer_index", "south", "inbound", "car").with_closure.mean
    assert buffer == pytest.approx((p95 - wait.with_closure.mean) / wait.with_closure.mean, rel=0.02)
    within = comparison.indicator("share_within_60", "south", "inbound", "car")
    assert within.without.mean == 1 and 0.8 < within.with_closure.mean < 0.9


def test_people_are_added_over_modes_but_parties_are_not(comparison):
    assert comparison.indicator("served", "all", "inbound", "all", basis="parties") is None
    assert comparison.indicator("mean_wait", "all", "inbound", "all") is None
    total = comparison.indicator("served", "all", "inbound", "all", basis="people").without.mean
    lines = [
        item.without.mean for item in comparison.indicators
        if item.scope.level == "line" and (item.name, item.basis) == ("served", "people")
    ]  # fmt: skip
    assert total == pytest.approx(sum(lines)) and len(lines) == 9


def test_person_hours_are_queue_and_travel(comparison):
    parts = [
        comparison.indicator(name, "all", "inbound", "all", basis="people").difference.mean
        for name in ("queue_hours", "travel_hours", "person_hours")
    ]
    assert parts[1] == pytest.approx(10.0) and parts[2] == pytest.approx(parts[0] + parts[1])


def test_final_outcomes_are_paired(comparison):
    assert comparison.indicator("crossed_later", "south", "inbound", "car").difference.mean == 10
    diverted = comparison.indicator("diverted_to", "south", "inbound", "car", other="east", basis="people")
    assert diverted.difference.mean == 16
    assert comparison.indicator("diverted_to", "south", "inbound", "car", other="far") is None
    kinds = comparison.transition_kinds[..., 0]
    assert kinds[types.CROSSED, types.CROSSED_LATER] == 10 and kinds[types.CROSSED, types.CANCELLED] == 1
    both = comparison.with_closure.ledger.sum(axis=(0, 1, 3))[:, 0] / comparison.layout.replications
    assert np.array_equal(kinds.sum(axis=0)[1:], both[1:])


def test_what_became_of_those_planned_for_the_closure_hours(comparison):
    rows = [row for row in comparison.affected if row.mode == "car" and row.basis == "parties"]
    total = 2 * 5 * 24  # two lane types, five hours, 24 parties each
    assert sum(row.number.mean for row in rows) == total
    assert sum(row.share.mean for row in rows) == pytest.approx(1)
    found = {(row.outcome, row.to): row.number.mean for row in rows}
    assert found[("crossed_later", "")] == 10 and found[("crossed_elsewhere", "east")] == 8
    assert found[("gave_up", "")] == found[("cancelled", "")] == 1


def test_stranded_and_held_back(comparison):
    stranded = comparison.indicator("stranded", "south", "inbound", "car")
    assert stranded.without.mean == 0 and stranded.with_closure.mean > 100
    assert comparison.indicator("stranded", "east", "inbound", "car").with_closure.mean == 0
    held = comparison.indicator("held_back", "south", "inbound", "car")
    assert held.with_closure.mean == 20 * 2 * 12  # bins, lane types, people a bin


def test_neighbours_in_the_order_they_pass_an_hour(comparison):
    cars = [item for item in comparison.passings if item.scope.mode == "car"]
    assert [item.scope.crossing for item in cars] == ["east", "far"]
    assert cars[0].hours == 1.0 and cars[0].share == 1.0 and np.isnan(cars[1].hours)
    peak = next(item for item in comparison.peaks if item.scope == cars[0].scope)
    assert peak.with_closure.mean == pytest.approx(90, rel=0.1) and not peak.closed
    assert peak.at_min >= CLOSING + 60


def test_who_joins_before_opening_time_is_no_peak():
    layout = make_layout()
    wait = np.full((len(layout.flows), layout.bins), 20.0)
    wait[:, 100] = 290.0
    parts = [make_part(layout, replication, wait) for replication in range(3)]
    for part in parts:
        part.bins[:, 100, types.STATUS] = types.OUTSIDE_HOURS
    outcome = Outcome.collect(layout, {"seed": 1}, parts)
    peaks = group_wait(outcome, scopes(layout), layout.measured)
    assert np.nanmax(peaks) == pytest.approx(20.0, rel=0.1)
    assert np.isnan(peaks[..., 100 - layout.first_bin]).all()


def test_who_stands_before_a_gate_shut_for_the_night_delays_no_recovery(comparison):
    layout = make_layout(replications=4)
    baseline = make_outcome(replace(layout, variant="baseline", closures=()))
    night = slice(LAST + 4, LAST + 20)  # four bins before the neighbour's waits are back
    pair = []
    for outcome in (closed_outcome(layout), baseline):
        counts = outcome.counts.copy()
        counts[types.STATUS, :, 3:6, night] = types.OUTSIDE_HOURS
        counts[types.QUEUE_END, :, 3:6, night] = 3.0
        pair.append(Outcome(outcome.layout, outcome.manifest, {**vars(outcome), "counts": counts}))
    found = next(item for item in compare(*pair).recoveries if (item.crossing, item.mode) == ("east", "car"))
    usual = next(item for item in comparison.recoveries if (item.crossing, item.mode) == ("east", "car"))
    assert found.hours == usual.hours - 1.0 and np.isnan(found.again_until)


def test_recovery_of_the_closed_line_and_the_neighbour(comparison):
    found = {(item.crossing, item.mode): item for item in comparison.recoveries}
    assert found["east", "car"].hours == 2.0 and found["east", "car"].from_min == CLOSING + 300
    assert found["south", "car"].hours == 0.0 and found["south", "car"].disturbed
    assert not found["far", "car"].disturbed and not found["far", "car"].censored


def test_a_closure_for_good_counts_from_the_closing():
    layout = make_layout(replications=3)
    closure = {**layout.closures[0][0], "until_utc": None}
    layout = replace(layout, closures=((closure,),) * 3)
    wait = np.full((9, layout.bins), 20.0)
    wait[3:6, FIRST:] = 95.0
    found = compare(make_outcome(layout, wait), make_outcome(replace(layout, closures=())))
    east = next(item for item in found.recoveries if (item.crossing, item.mode) == ("east", "car"))
    assert (
        east.censored and east.censored_after == (layout.horizon_bin - FIRST) / 4 and east.from_min == CLOSING
    )
    assert found.headline()["reopening"] is None


def test_series_keep_gaps_and_shade_the_closure(comparison):
    curves = comparison.series("south", "inbound", "car")
    assert len(curves.wait_with.mean) == comparison.layout.bins - 96 == len(curves.start_local)
    assert np.isnan(curves.wait_with.mean[curves.horizon :]).all()
    assert curves.closed[FIRST - 96] == 1 and curves.closed[LAST - 96] == 0
    inside = slice(0, curves.horizon)
    assert (curves.wait_with.low[inside] <= curves.wait_with.mean[inside] + 1e-6).all()
    assert curves.held_back_people.mean.max() == 480
    port = comparison.series("port-south", "inbound", "car")
    assert np.allclose(port.queue_with.mean, curves.queue_with.mean)
    with pytest.raises(ResultsError, match="no line"):
        comparison.series("south", "outbound", "car")


def test_headline(comparison):
    numbers = comparison.headline()
    assert numbers["closed"] == ["South"] and numbers["main"][:2] == ("south", "inbound")
    assert numbers["closing"].isoformat() == "2018-11-26T02:00:00-08:00"
    assert numbers["neighbour"].scope.crossing == "east" and numbers["first_past_hour"].hours == 1.0
    assert numbers["person_hours"].difference.mean > 0 and numbers["neighbour_recovery"].hours == 2.0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"zone": "America/Denver"}, "zone"),
        ({"replications": 2}, "replications"),
        ({"horizon_bin": 190}, "horizon_bin"),
        ({"bin_start_min": START + 1 + 15.0 * np.arange(216)}, "bin_start_min"),
    ],
)
def test_results_that_do_not_fit_are_refused_by_field(change, field):
    one = make_outcome(make_layout(variant="baseline"))
    two = make_outcome(make_layout(variant="baseline", **change))
    with pytest.raises(ResultsError, match=f"`{field}` differs"):
        compare(one, two)


def test_other_seeds_are_refused():
    layout = make_layout(variant="baseline")
    one, two = (
        Outcome.collect(layout, {"seed": seed}, (make_part(layout, r) for r in range(3))) for seed in (1, 2)
    )
    with pytest.raises(ResultsError, match="`seed` differs"):
        compare(one, two)


@pytest.mark.parametrize("field", ["engine_digest", "versions"])
def test_results_of_another_program_say_what_to_do(field):
    layout = make_layout(variant="baseline")
    one, two = (
        Outcome.collect(layout, {field: value}, (make_part(layout, r) for r in range(3))) for value in "ab"
    )
    with pytest.raises(ResultsError, match="not made by the same program") as caught:
        compare(one, two)
    assert "with this version" in caught.value.problems[0].remedy


def test_summary_and_csv(comparison, tmp_path):
    table = comparison.summary()
    assert {"indicator", "unit", "basis", "crossing", "difference_mean", "difference_low"} <= set(
        table.columns
    )
    assert table[(table.level != "region") & (table.crossing == "south")].line_closed.all()
    files = {path.name: path for path in comparison.to_csv(tmp_path)}
    assert len(files) == 7
    with files["indicators.csv"].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(comparison.indicators) and "nan" not in {
        value for row in rows for value in row.values()
    }


def test_saved_results_compare_like_the_first(comparison, tmp_path):
    first = comparison.with_closure.save(tmp_path / "scenario", tables=False)
    second = comparison.without.save(tmp_path / "baseline", tables=False)
    again = compare(Outcome.open(first), Outcome.open(second))
    assert str(again.rows()) == str(comparison.rows()) and str(again.recoveries) == str(comparison.recoveries)


def test_a_result_that_took_longer_to_empty_is_compared_all_the_same():
    """Runs made one after the other need not end in the same quarter of an hour."""
    layout = replace(make_layout(replications=2), homeward=True)
    longer = [Gathering(layout), Gathering(replace(layout, variant="baseline", closures=()))]
    for gathering in longer:
        for replication in range(layout.replications):
            away = np.ones((len(layout.flows), layout.bins, 2), np.int64)
            gathering.add(make_part(layout, replication)._replace(away=away))
    first, second = longer[0].finish({}, None, layout.bins), longer[1].finish({}, None, layout.bins - 8)
    found = compare(first, second)
    assert found.without.layout.bins == layout.bins and len(found.without.waits) == len(first.waits)
    assert found.without.away.shape == first.away.shape and not found.without.away[:, :, -8:].any()
    assert np.isnan(found.without.p50[..., -8:]).all() and found.without.hist.shape == first.hist.shape
    assert found.without.counts[..., :-8].tobytes() == second.counts.tobytes()
