"""Closures of every kind: who passes, who is turned away, how much passes, when it is over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine import helpers
from garita.build.lines import CLASSES
from garita.engine import run_replication, types

FIXED = {"distribution": "deterministic", "mean": "60 s"}
LOGIT = {"choice_rule": "logit", "tick_min": 5}


def bins(hour):
    """The quarter of an hour that ends at an hour of the day."""
    return round(4 * hour) - 1


def rate(output, first, last, f=0):
    """Parties starting inspection an hour, between two hours of the day."""
    return output.bins[f, round(4 * first) : round(4 * last), types.STARTED].sum() / (last - first)


def closed(begin, until, **more):
    return {"crossing": "a", "from": helpers.at(begin), "until": until, **more}


def busy(closures=(), booths=6, per_hour=400, **more):
    """A line with more people than it can serve (60 an hour and booth), so that starts show what passes."""
    return helpers.one(
        [helpers.flow(per_hour=per_hour, booths=booths, service=FIXED, **more)], closures=list(closures)
    )


def test_nobody_starts_while_it_is_closed_and_who_is_inside_is_finished():
    output = busy([closed(10.25, "4 h 30 min")])
    assert rate(output, 10.25, 14.75) == 0.0
    assert rate(output, 9, 10) == rate(output, 15, 20) == 360.0
    status = output.bins[0, :, types.STATUS]
    assert (status[bins(10.25) + 1 : bins(14.75) + 1] == types.CLOSED).all()
    assert status[bins(10.25)] == status[bins(14.75) + 1] == types.OPEN
    assert output.bins[0, bins(10.25) + 1 : bins(14.75) + 1, types.OPEN_BOOTH_MIN].sum() == 0.0
    assert output.bins[0, bins(10.25) + 1 : bins(14.75) + 1, types.ARRIVED].sum() > 1500


def test_for_good():
    output = busy([closed(10, "for good")])
    assert rate(output, 10, 96) == 0.0
    assert (
        output.balance[types.WAITING]
        == output.bins[0, :, types.ARRIVED].sum() - output.bins[0, :, types.STARTED].sum()
    )
    assert output.bins[0, -1, types.STATUS] == types.CLOSED


@pytest.mark.parametrize(
    ("share", "booths"), [(0.0, 6), (0.1, 5), (0.33, 4), (0.5, 3), (0.75, 1), (0.99, 0), (1.0, 0)]
)
def test_a_share_of_the_capacity(share, booths):
    """Whole booths close: what is left is rounded down."""
    output = busy([closed(10, "5 h", share=share)])
    assert rate(output, 11, 15) == 60.0 * booths
    assert output.bins[0, bins(12), types.OPEN_BOOTH_MIN] == 15.0 * booths
    expected = types.OPEN if share == 0.0 else types.PARTLY if booths else types.CLOSED
    assert output.bins[0, bins(12), types.STATUS] == expected


@pytest.mark.parametrize(("lanes", "booths"), [(0, 6), (1, 4), (2, 2), (3, 0), (5, 0)])
def test_a_number_of_lanes(lanes, booths):
    """Three lanes with two booths each."""
    output = busy([closed(10, "5 h", lanes=lanes)], lanes=3, booths_per_lane=2)
    assert rate(output, 11, 15) == 60.0 * booths


def test_lanes_cap_the_roster_and_do_not_multiply_it():
    line = helpers.flow(per_hour=600, booths=4, lanes=10, service=FIXED)
    for change, booths in ((-5, 4), (-7, 3), (-10, 0), (3, 4)):
        lanes = [{"crossing": "a", "from": helpers.at(10), "until": "5 h", "change": change}]
        assert rate(helpers.one([line], lanes=lanes), 11, 15) == 60.0 * booths
    for count, booths in ((2, 2), (0, 0), (12, 4)):
        lanes = [{"crossing": "a", "from": helpers.at(10), "until": "5 h", "lanes": count}]
        assert rate(helpers.one([line], lanes=lanes), 11, 15) == 60.0 * booths


def test_staffing_is_capped_by_lanes():
    line = helpers.flow(per_hour=900, booths=4, lanes=6, service=FIXED)
    for change, booths in (
        ({"booths": 2}, 2),
        ({"booths": 9}, 6),
        ({"factor": 0.5}, 2),
        ({"factor": 1.25}, 5),
        ({"factor": 0}, 0),
    ):
        staffing = [{"crossing": "a", "from": helpers.at(10), "until": "5 h", **change}]
        assert rate(helpers.one([line], staffing=staffing), 11, 15) == 60.0 * booths


def test_staged_reopening():
    steps = [{"at": helpers.at(12), "share": 0.34}, {"at": helpers.at(14), "share": 0.67}]
    output = busy([closed(10, "6 h", reopening=steps)])
    assert [rate(output, hour, hour + 1) for hour in (10, 12, 14, 16)] == [0.0, 120.0, 240.0, 360.0]


def test_people_on_foot_first():
    """A step for one mode leaves the others shut."""
    flows = [helpers.flow(per_hour=400, booths=6, service=FIXED, mode=mode) for mode in ("car", "pedestrian")]
    steps = [{"at": helpers.at(13), "modes": ["pedestrian"]}]
    output = helpers.one(flows, closures=[closed(10, "6 h", reopening=steps)])
    assert [rate(output, 13, 16, f) for f in (0, 1)] == [0.0, 360.0]
    assert rate(output, 10, 13, 1) == 0.0


def test_reopening_never_opens_more_than_the_closure_left():
    """Half is shut; a step back to a quarter open does not shut more."""
    output = busy([closed(10, "6 h", share=0.5, reopening=[{"at": helpers.at(13), "share": 0.25}])])
    assert rate(output, 11, 16) == 180.0


def test_overlapping_closures_count():
    """Ending one does not open what another closes."""
    output = busy([closed(10, "2 h"), closed(11, "3 h"), closed(13, "2 h", share=0.5)])
    assert [rate(output, hour, hour + 1) for hour in (9, 10, 12, 13, 14, 15)] == [
        360.0,
        0.0,
        0.0,
        0.0,
        180.0,
        360.0,
    ]


def test_directions_modes_lane_types_and_ports():
    lines = [
        ("a", "inbound", "car", "ready"),
        ("a", "inbound", "car", "standard"),
        ("a", "inbound", "pedestrian", "standard"),
        ("a", "outbound", "car", "standard"),
        ("b", "inbound", "car", "standard"),
        ("c", "outbound", "car", "standard"),
    ]  # in the order of their names
    flows = [
        helpers.flow(crossing, per_hour=100, booths=2, direction=direction, mode=mode, lane_type=lane)
        for crossing, direction, mode, lane in lines
    ]
    crossings = [{"id": "a", "port": "town"}, {"id": "b", "port": "town"}, {"id": "c"}]

    def shut(**what):
        closures = [{"from": helpers.at(10), "until": "2 h", **what}]
        output = helpers.one(flows, crossings=crossings, closures=closures)
        assert (output.bins[:, 46, types.STARTED] > 0).sum() + (
            output.bins[:, 46, types.STATUS] == 2
        ).sum() == 6
        return np.flatnonzero(output.bins[:, 46, types.STATUS] == types.CLOSED).tolist()

    assert shut(crossing="a") == [0, 1, 2, 3]
    assert shut(crossing="town") == [0, 1, 2, 3, 4]
    assert shut(crossing="all") == [0, 1, 2, 3, 4, 5]
    assert shut(crossing="all", directions=["outbound"]) == [3, 5]
    assert shut(crossing="a", directions=["inbound"], modes=["car"]) == [0, 1]
    assert shut(crossing="town", lane_types=["ready"]) == [0]
    assert shut(crossing="all", modes=["pedestrian"]) == [2]


def test_opening_hours():
    """Nobody is inspected outside them; who comes early waits at the gate."""
    crossings = [{"id": "a", "hours": "05:00-23:00"}]
    arrivals = [0] * 4 + [100] * 18 + [0] * 2
    output = helpers.one(
        [helpers.flow(per_hour=arrivals, booths=6, service=FIXED)], crossings=crossings, days=2
    )
    for hour in (0, 4, 23, 24, 28):
        assert rate(output, hour, hour + 1) == 0.0
        assert output.bins[0, 4 * hour, types.STATUS] == types.OUTSIDE_HOURS
        assert output.bins[0, 4 * hour : 4 * hour + 4, types.OPEN_BOOTH_MIN].sum() == 0.0
    for hour in (5, 21, 29):
        assert rate(output, hour, hour + 1) > 60.0
        assert output.bins[0, 4 * hour, types.STATUS] == types.OPEN
    assert output.bins[0, bins(5), types.QUEUE_END] > 60 and output.bins[0, 16, types.WAIT_MAX] > 50.0


def test_at_closing_time_the_line_is_cut_and_still_served():
    """Who stands in it crosses the same night; who comes after closing time waits for the morning."""
    crossings = [{"id": "a", "hours": "06:00-20:00"}]
    line = helpers.flow(per_hour=200, booths=3, service=FIXED)
    output = helpers.one([line], crossings=crossings, behaviour={"tick_min": 5})
    stood = output.bins[0, bins(20), types.QUEUE_END]
    served = output.bins[0, 80:120, types.STARTED].sum()
    assert stood > 800
    assert stood <= served <= stood + 3 * 5 + 1  # booths close at a tick, five minutes at most after the last
    assert rate(output, 30, 31) == 180.0


def test_a_closure_after_closing_time_stops_the_line_that_is_still_served():
    crossings = [{"id": "a", "hours": "06:00-20:00"}]
    line = helpers.flow(per_hour=[0] * 6 + [200] * 14 + [0] * 4, booths=3, service=FIXED)
    output = helpers.one([line], crossings=crossings, closures=[closed(20.5, "1 h")])
    assert output.bins[0, bins(20), types.QUEUE_END] > 150
    assert rate(output, 20, 20.5) == 180.0
    assert rate(output, 20.5, 21.5) == 0.0


def test_opening_hours_over_midnight():
    crossings = [{"id": "a", "hours": "22:00-02:00"}]
    output = helpers.one([helpers.flow(per_hour=50, booths=6, service=FIXED)], crossings=crossings, days=2)
    status = output.bins[0, :192:4, types.STATUS]
    assert np.flatnonzero(status == types.OPEN).tolist() == [0, 1, 22, 23, 24, 25, 46, 47]


def test_several_opening_hours():
    crossings = [{"id": "a", "hours": ["06:00-09:30", "15:00-18:00"]}]
    output = helpers.one([helpers.flow(per_hour=20, booths=2)], crossings=crossings)
    found = np.flatnonzero(output.bins[0, :96, types.STATUS] == types.OPEN)
    assert found.tolist() == [*range(24, 38), *range(60, 72)]


def test_demand_by_the_hour_of_the_week():
    """The run begins on a Monday; the 168 figures are those of the week from Monday."""
    figures = [0] * 168
    figures[30], figures[167] = 600, 400
    output = helpers.one([helpers.flow(per_hour=figures, booths=4)], days=7)
    came = output.bins[0, :, types.ARRIVED].reshape(-1, 4).sum(axis=1)
    assert np.flatnonzero(came).tolist() == [30, 167]
    assert came[30] == pytest.approx(600, abs=90) and came[167] == pytest.approx(400, abs=70)


# Who may cross all the same


def with_classes(case, shares):
    """A region of the scenario's own has no classes of travellers; here every line has these."""
    run = helpers.built(case).run
    classes = np.tile(np.cumsum([*shares, 1.0 - sum(shares), 0.0]), (len(run.model.flows), 1))
    return replace(run, model=run.model._replace(classes=classes))


def exempting(classes, shares, rule="none", **more):
    flows = [
        helpers.flow("a", per_hour=300, booths=12, service=FIXED),
        helpers.flow("b", per_hour=30, booths=2),
    ]
    closures = [closed(8, "8 h", exempt=classes)]
    travel = [
        {"origin": "a", "destination": "b", "minutes": 20},
        {"origin": "b", "destination": "a", "minutes": 20},
    ]
    crossings = [{"id": "a", "choice_group": "g"}, {"id": "b", "choice_group": "g"}]
    case = helpers.case(
        flows,
        closures=closures,
        travel=travel,
        crossings=crossings,
        behaviour={**LOGIT, "choice_rule": rule},
        **more,
    )
    return run_replication(with_classes(case, shares), 1, 0)


def test_exempt_classes_pass():
    output = exempting(["citizens", "freight"], [0.4, 0.3, 0.2, 0.0, 0.1, 0.0])
    came = output.bins[0, 32:64, types.ARRIVED].sum()
    assert rate(output, 8, 16) * 8 == pytest.approx(0.5 * came, abs=4.0 * (0.25 * came) ** 0.5)
    assert (output.bins[0, 32:64, types.STATUS] == types.PARTLY).all()
    assert (
        output.bins[0, 33:64, types.LEFT].sum()
        == came
        - output.bins[0, 32:64, types.STARTED].sum()
        - (output.bins[0, 63, types.QUEUE_END] - output.bins[0, 31, types.QUEUE_END])
        - output.bins[0, 32, types.LEFT]
    )
    assert output.bins[0, 65:, types.LEFT].sum() == 0.0


def test_those_turned_away_go_elsewhere_later_or_home():
    output = exempting(["citizens"], [0.4], "logit")
    parties = output.ledger[0, :, :, 0].sum(axis=1)
    assert parties[types.CROSSED_ELSEWHERE] > 50
    assert parties[types.GAVE_UP] > 50
    assert parties[types.CROSSED_LATER] > 50
    assert output.gross[0, types.DIVERTED_FROM_QUEUE, 0] > 50
    assert parties[types.WAITING] == 0


def test_all_exempt_or_none():
    open_day = exempting(list(CLASSES), [0.3, 0.2, 0.2, 0.1, 0.1, 0.1])
    assert open_day.bins[0, :, types.LEFT].sum() == 0.0
    nobody = exempting(["asylum-processing"], [0.6, 0.4])
    assert rate(nobody, 8, 16) == 0.0
    assert nobody.bins[0, 32:64, types.LEFT].sum() == pytest.approx(
        nobody.bins[0, 32:64, types.ARRIVED].sum(), abs=20
    )


def test_classes_of_the_same_people_in_both_histories():
    """Exempting more classes lets at least the same people through."""
    shares = [0.3, 0.3, 0.2, 0.0, 0.1, 0.1]
    fewer, more = exempting(["citizens"], shares), exempting(["citizens", "visa-holders"], shares)
    assert rate(fewer, 8, 16) < rate(more, 8, 16)
    passed_as_planned = [(output.finals & 15) == types.CROSSED for output in (fewer, more)]
    assert (passed_as_planned[0] & ~passed_as_planned[1]).sum() == 0


def test_nobody_begins_before_the_gate_opens_again():
    """Also where no tick fell while it was shut, so that its booths never closed."""
    gap = [{"id": "a", "hours": ["00:00-12:00", "12:04-24:00"]}]
    inspection = {"distribution": "deterministic", "mean": "60 s"}
    flows = [helpers.flow("a", per_hour=600, booths=12, service=inspection)]
    output = helpers.one(flows, crossings=gap, behaviour={"tick_min": 600})
    waited, wait, longest = (
        output.bins[0, 48, name] for name in (types.WAITED, types.WAIT_SUM, types.WAIT_MAX)
    )
    assert waited > 100 and 3.0 < longest < 8.0
    assert wait / waited > 0.6


def test_opening_hours_where_the_clock_shows_an_hour_twice():
    """The run begins in the repeated hour: the gate opened in the first of them, before the run."""
    flows = [helpers.flow("a", per_hour=120, booths=5)]
    more = {"region": {"id": "t", "zone": "America/Los_Angeles"}, "start": "2018-11-04 01:00 -08:00"}
    hours = [{"id": "a", "hours": "01:30-23:00"}]
    output = helpers.one(flows, crossings=hours, **more)
    assert output.bins[0, 8:80, types.WAITED].sum() > 1500
    assert output.bins[0, 92, types.STATUS] == types.OUTSIDE_HOURS
