"""What holds when: cuts, opening hours, closures, news and what people believe."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from engine import helpers
from garita.build.calendar import minutes_utc
from garita.build.closures import expand
from garita.engine import types

ZERO = minutes_utc(datetime.fromisoformat("2018-01-15T00:00:00+00:00"))


def model(**more):
    return helpers.built(helpers.case([helpers.flow(per_hour=60)], **more)).run.model


def close(begin, until, **more):
    return {"crossing": "a", "from": helpers.at(begin), "until": until, **more}


def test_cuts_are_in_order_and_leave_nothing_out():
    intervals = model(closures=[close(7.1234, "3 h")]).intervals
    assert (intervals.start[1:] == intervals.end[:-1]).all() and (intervals.end > intervals.start).all()
    assert intervals.start[0] == ZERO
    for times in (intervals.start, intervals.end):
        assert (times % types.GRAIN == 0.0).all()
    quarter = (intervals.start - ZERO) / types.BIN_MINUTES
    assert (intervals.bin == np.floor(quarter)).all()
    assert (
        (intervals.end - ZERO) / types.BIN_MINUTES <= intervals.bin + 1
    ).all()  # no interval spans two bins
    assert (intervals.hour == np.floor((intervals.start - ZERO) / 60.0)).all()
    ends = intervals.events & types.BIN_END != 0
    assert ends.sum() == 4 * (intervals.hour[-1] + 1)
    changes = np.array([ZERO + 60.0 * hour for hour in (7.1234, 10.1234)])  # written to the second
    assert (np.abs(intervals.start[:, None] - changes).min(axis=0) < 0.01).all()


def test_a_closure_of_no_length_is_no_news():
    found = model(closures=[close(9, "0 min")])
    assert len(found.news) == 1 and len(found.intervals) == len(model().intervals)


def test_epochs_of_news():
    steps = [{"at": helpers.at(11), "share": 0.5}]
    found = model(
        closures=[close(9, "4 h", notice="30 min", reopening=steps), close(10, "1 day")],
        behaviour={"believed_remaining_min": 77},
    )
    assert (found.news.start[1:] - ZERO).tolist() == [540.0, 600.0, 660.0, 780.0, 2040.0]
    assert found.belief.closed[:, 0].tolist() == [0, 1, 1, 1, 1, 0]
    assert found.belief.remaining[:, 0].tolist() == [0.0, 240.0, 240.0, 77.0, 77.0, 0.0]
    # The announced closure's steps were known from the beginning; the other's beginning and end were not.
    assert found.news.notice[1:].tolist() == [30.0, 0.0, 150.0, 270.0, 0.0]


def test_for_good_is_believed():
    found = model(closures=[close(9, "for good")])
    assert found.belief.remaining[1, 0] >= 1e5 and len(found.news) == 2


def test_partial_closures_and_exemptions_are_not_believed_shut():
    for what in ({"share": 0.5}, {"lanes": 1}, {"exempt": ["citizens"]}):
        assert model(closures=[close(9, "2 h", **what)]).belief.closed.sum() == 0


def test_who_is_barred():
    found = model(
        closures=[close(9, "2 h", exempt=["citizens", "freight"]), close(10, "2 h", exempt=["citizens"])]
    )
    at = [
        np.searchsorted(found.intervals.start, ZERO + 60.0 * hour, side="right") - 1
        for hour in (8, 9, 10, 11, 12)
    ]
    bits = [bin(int(found.plan.barred[i, 0])) for i in at]
    assert bits == ["0b0", "0b1101110", "0b1111110", "0b1111110", "0b0"]


def test_within_opening_hours():
    """An hour counts if the gate is open at some time of it: not the hour that ends as it opens."""
    found = model(crossings=[{"id": "a", "hours": "05:00-22:30"}]).flow_hours.within[0, :24]
    assert np.flatnonzero(found).tolist() == list(range(5, 23))


def test_until_it_opens():
    found = model(crossings=[{"id": "a", "hours": "05:30-22:00"}]).flow_hours.opens_in[0, :26]
    assert found[[0, 4, 5, 6, 21, 22, 24]].tolist() == [330.0, 90.0, 30.0, 0.0, 0.0, 450.0, 330.0]


def test_crossings_behind_a_name():
    crossings = helpers.built(
        helpers.case(
            [helpers.flow(name) for name in "abc"],
            crossings=[{"id": "a", "port": "p"}, {"id": "b", "port": "p"}, {"id": "c", "port": "b"}],
        )
    ).region.crossings
    assert expand("p", crossings) == {"a", "b"} and expand("all", crossings) == {"a", "b", "c"}
    assert expand("c", crossings) == {"c"} and expand("a", crossings) == {"a"}


@pytest.mark.parametrize("name", ["b"])
def test_a_crossing_is_meant_before_a_port_of_the_same_name(name):
    """As the scenario checks have it: a name of a crossing is that crossing."""
    case = helpers.case(
        [helpers.flow(name) for name in "abc"],
        crossings=[{"id": "a", "port": "p"}, {"id": "b", "port": "p"}, {"id": "c", "port": "b"}],
    )
    assert expand(name, helpers.built(case).region.crossings) == set(case.catalogue.expand(name))
