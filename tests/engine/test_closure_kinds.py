"""The kinds of closure that docs/guides/kinds-of-closure.md lists, each where it would show if it failed."""

from __future__ import annotations

import numpy as np
import pytest

from engine import helpers
from engine.test_closures import FIXED, bins, busy, closed, rate
from garita.engine import types
from garita.errors import ScenarioError

TICKS = {"tick_min": 5, "later_share": 0}


def test_freight_passes_where_it_is_exempt():
    """Trucks with freight are served while empty ones are turned away."""
    classes = {"freight": 0.7}
    truck = helpers.flow(per_hour=200, booths=8, service=FIXED, mode="truck", classes=classes)
    output = helpers.one([truck], closures=[closed(10, "6 h", exempt=["freight"])], behaviour=TICKS)
    came = output.bins[0, 40:64, types.ARRIVED].sum()
    assert rate(output, 10, 16) * 6 == pytest.approx(0.7 * came, abs=4.0 * (0.21 * came) ** 0.5)
    assert output.bins[0, 41:64, types.LEFT].sum() == pytest.approx(0.3 * came, abs=60)
    assert (output.bins[0, 40:64, types.STATUS] == types.PARTLY).all()


def test_asylum_processing_goes_on_on_foot_while_cars_are_shut():
    """Two closures, one of them exempting a class: only that class passes, and only on foot."""
    people = {"asylum-processing": 0.05, "citizens": 0.5}
    flows = [
        helpers.flow(per_hour=100, booths=4, service=FIXED, mode="car"),
        helpers.flow(per_hour=400, booths=9, service=FIXED, mode="pedestrian", classes=people),
    ]
    closures = [
        closed(9, "8 h", modes=["car"]),
        closed(9, "8 h", modes=["pedestrian"], exempt=["asylum-processing"]),
    ]
    output = helpers.one(flows, closures=closures, behaviour=TICKS)
    came = output.bins[1, 36:68, types.ARRIVED].sum()
    assert rate(output, 9, 17, 0) == 0.0
    assert rate(output, 9, 17, 1) * 8 == pytest.approx(0.05 * came, abs=4.0 * (0.0475 * came) ** 0.5)


def test_two_exemptions_leave_those_whom_both_exempt():
    classes = {"citizens": 0.4, "essential-work": 0.3}
    line = helpers.flow(per_hour=300, booths=9, service=FIXED, classes=classes)
    wide, narrow = ["citizens", "essential-work"], ["citizens"]
    closures = [closed(8, "8 h", exempt=wide), closed(12, "2 h", exempt=narrow)]
    output = helpers.one([line], closures=closures, behaviour=TICKS)
    passed = [rate(output, *hours) / 300 for hours in ((9, 12), (12, 14), (14, 16))]
    assert passed == pytest.approx([0.7, 0.4, 0.7], abs=0.07)


def test_an_exemption_and_fewer_lanes_are_two_closures():
    for given in ({"lanes": 2}, {"share": 0.5}):
        with pytest.raises(ScenarioError) as raised:
            helpers.case([helpers.flow()], closures=[closed(8, "1 h", exempt=["citizens"], **given)])
        assert "exempt-in-part" in [problem.code for problem in raised.value.problems]


def test_reopening_by_lanes():
    """14 September 2011: 8 standard and 5 SENTRI lanes first; here of 6 lanes, by number."""
    steps = [{"at": helpers.at(12), "lanes": 1}, {"at": helpers.at(14), "lanes": 4}]
    output = busy([closed(10, "6 h", reopening=steps)])
    assert [rate(output, hour, hour + 1) for hour in (10, 12, 14, 16)] == [0.0, 60.0, 240.0, 360.0]
    pairs = busy([closed(10, "6 h", reopening=steps)], lanes=3, booths_per_lane=2)
    assert [rate(pairs, hour, hour + 1) for hour in (10, 12, 14, 16)] == [0.0, 120.0, 360.0, 360.0]


def test_reopening_by_lanes_of_a_closure_of_lanes():
    """Four of six lanes are shut, then three are open in all; never fewer than the closure left."""
    steps = [{"at": helpers.at(12), "lanes": 1}, {"at": helpers.at(14), "lanes": 3}]
    output = busy([closed(10, "6 h", lanes=4, reopening=steps)])
    assert [rate(output, hour, hour + 1) for hour in (10, 12, 14, 16)] == [120.0, 120.0, 180.0, 360.0]
    more_than_there_are = busy([closed(10, "6 h", lanes=9, reopening=steps)])
    assert [rate(more_than_there_are, hour, hour + 1) for hour in (10, 12, 14)] == [0.0, 60.0, 180.0]


def test_a_step_has_a_share_or_lanes():
    step = {"at": helpers.at(12), "lanes": 1, "share": 0.5}
    with pytest.raises(ScenarioError) as raised:
        helpers.case([helpers.flow()], closures=[closed(8, "6 h", reopening=[step])])
    assert [problem.code for problem in raised.value.problems] == ["either-or"]


def test_reopened_in_part_for_good():
    """One line is opened again, the other stays as it is to the end."""
    steps = [{"at": helpers.at(12), "share": 0.5, "modes": ["pedestrian"]}]
    flows = [helpers.flow(per_hour=400, booths=6, service=FIXED, mode=mode) for mode in ("car", "pedestrian")]
    output = helpers.one(flows, closures=[closed(10, "for good", reopening=steps)], days=2)
    assert [rate(output, 12, 48, f) for f in (0, 1)] == [0.0, 180.0]


CHOOSING = {"choice_rule": "logit", "tick_min": 5, "announced_avoidance": 0.6, "later_share": 0}


def setting_out(notice):
    """Share of a day's trips that are made while a crossing is shut for the day, told so long before."""
    flows = [helpers.flow(per_hour=200, booths=8, service=FIXED, must_share=0)]
    usual = helpers.one(flows, behaviour=CHOOSING)
    shut = helpers.one(flows, behaviour=CHOOSING, closures=[closed(6, "12 h", notice=notice)])
    return (
        shut.bins[0, 26:72, types.ARRIVED].sum() / usual.bins[0, 26:72, types.ARRIVED].sum(),
        shut.bins[0, 24:26, types.ARRIVED].sum() / usual.bins[0, 24:26, types.ARRIVED].sum(),
    )


def test_weeks_hours_or_no_notice():
    """Announced weeks before, hardly anybody comes from its first minute; without notice the first hour's
    people do, and later fewer, as news spreads; with hours of notice all know, but fewer plan otherwise."""
    weeks, hours, none = (setting_out(notice) for notice in ("8 weeks", "3 h", "none"))
    assert weeks[1] < 0.5 * none[1]
    assert weeks[1] < hours[1] < none[1]
    assert weeks[0] < none[0]


def test_opening_hours_and_nightly_closures_are_one_mechanism():
    """Where nobody stands in line at closing time both serve the same people at the same moments."""
    arrivals = [0] * 5 + [100] * 16 + [0] * 3
    line = helpers.flow(per_hour=arrivals, booths=6, service=FIXED)
    nights = [
        closed(0, "5 h"),
        closed(22, "7 h"),
        closed(46, "for good"),
    ]
    by_closures = helpers.one([line], closures=nights, days=2)
    by_hours = helpers.one([line], crossings=[{"id": "a", "hours": "05:00-22:00"}], days=2)
    names = [types.STARTED, types.WAITED, types.WAIT_SUM, types.WAIT_MAX, types.BUSY_BOOTH_MIN]
    window = slice(0, 46 * 4)
    assert (by_closures.bins[0, window][:, names] == by_hours.bins[0, window][:, names]).all()
    assert by_closures.bins[0, window, types.STARTED].sum() > 3000


# Opening hours other than usual


def hours_of(output, days):
    return np.flatnonzero(output.bins[0, : 96 * days : 4, types.STATUS] == types.OPEN).tolist()


def changed(hours, begin=None, until=None, **more):
    found = {"crossing": "a", "hours": hours, **more}
    if begin is not None:
        found["from"] = helpers.at(begin)
    if until is not None:
        found["until"] = until
    return found


def test_longer_hours_for_a_day():
    """The gate that shuts at ten stays open through one night."""
    crossings = [{"id": "a", "hours": "06:00-22:00"}]
    line = helpers.flow(per_hour=60, booths=6, service=FIXED)
    output = helpers.one([line], crossings=crossings, hours=[changed("24 h", 20, "24 h")], days=3)
    assert hours_of(output, 3) == [*range(6, 44), *range(44, 46), *range(54, 70)]
    assert rate(output, 22, 30) > 50.0 and rate(output, 48, 54) == 0.0
    assert output.bins[0, bins(30), types.QUEUE_END] < 10


def test_shorter_hours_for_good_and_only_for_some():
    crossings = [{"id": "a"}]
    flows = [helpers.flow(per_hour=60, booths=6, service=FIXED, mode=mode) for mode in ("car", "pedestrian")]
    output = helpers.one(
        flows, crossings=crossings, hours=[changed("08:00-12:00", 24, modes=["car"])], days=3
    )
    assert hours_of(output, 3) == [*range(24), *range(32, 36), *range(56, 60)]
    assert (output.bins[1, : 96 * 3, types.STATUS] == types.OPEN).all()


def test_the_last_of_several_changes_of_hours_holds():
    crossings = [{"id": "a", "hours": "06:00-22:00"}]
    hours = [changed("05:00-23:00"), changed("10:00-12:00", 24, "24 h")]
    output = helpers.one([helpers.flow(per_hour=30, booths=3)], crossings=crossings, hours=hours, days=3)
    assert hours_of(output, 3) == [*range(5, 23), *range(34, 36), *range(53, 71)]


def test_people_know_the_hours_of_the_day():
    """Whoever plans by opening hours plans by those that hold."""
    more = {"crossings": [{"id": "a", "hours": "06:00-22:00"}], "days": 2}
    found = helpers.built(helpers.case([helpers.flow()], hours=[changed("06:00-24:00", 24)], **more))
    within = found.run.model.flow_hours.within[0, :48]
    assert np.flatnonzero(within).tolist() == [*range(6, 22), *range(30, 48)]
    assert found.run.model.flow_hours.opens_in[0, [22, 46]].tolist() == [480.0, 0.0]


def test_the_same_hours_written_as_a_change_are_the_same_hours():
    line = helpers.flow(per_hour=[0] * 6 + [60] * 18, booths=3, service=FIXED)
    written = helpers.one([line], crossings=[{"id": "a", "hours": "06:00-21:30"}], days=2)
    changed_to = helpers.one([line], hours=[changed("06:00-21:30")], days=2)
    assert not helpers.different(written, changed_to)
