"""Local clocks as minutes: daylight saving, whole hours, the horizon."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from engine import helpers
from garita.build.calendar import EMPTYING_HOURS, clock, make_calendar, minutes_utc
from garita.engine import types
from garita.engine.types import GRAIN

TIJUANA = ZoneInfo("America/Los_Angeles")


def calendar(begin, days=1, zone=TIJUANA):
    start = datetime.fromisoformat(begin).replace(tzinfo=zone)
    return make_calendar(start, start, start.replace(day=start.day + days))


def test_minutes_since_1970_in_grains():
    assert minutes_utc(datetime(1970, 1, 2, tzinfo=UTC)) == 1440.0
    odd = datetime(2018, 11, 25, 11, 30, 0, 1234, tzinfo=TIJUANA)
    assert minutes_utc(odd) % GRAIN == 0.0 and minutes_utc(odd) == pytest.approx(
        odd.timestamp() / 60.0, abs=GRAIN
    )


def test_clock():
    assert [clock(text) for text in ("00:00", "05:30", "24:00")] == [0, 330, 1440]


def test_a_day_has_as_many_hours_as_it_has():
    assert calendar("2018-11-25").demand_hours == 24
    assert calendar("2018-03-11").demand_hours == 23
    assert calendar("2018-11-04").demand_hours == 25
    assert calendar("2018-11-25", 3).hours == 72 + EMPTYING_HOURS


def test_local_hours_across_changes_of_the_clock():
    spring = [at.hour for at in calendar("2018-03-11").local(TIJUANA)[:4]]
    autumn = [at.hour for at in calendar("2018-11-04").local(TIJUANA)[:4]]
    assert (spring, autumn) == ([0, 1, 3, 4], [0, 1, 1, 2])


def test_times_of_day_as_minutes():
    days = calendar("2018-11-03", 2)
    found = (np.array(days.clock_minutes(TIJUANA, clock("06:00"))) - days.start[0]) / 60.0
    assert found.tolist() == [6.0, 31.0, 55.0, 79.0, 103.0][: len(found)]
    assert days.clock_minutes(TIJUANA, 1440)[0] == days.start[0]


def test_a_time_that_clocks_skip_happens_after_the_change():
    spring = calendar("2018-03-11")
    [skipped, *_] = spring.clock_minutes(TIJUANA, clock("02:30"))
    assert skipped - spring.start[0] == 150.0


def test_booths_by_the_hour_follow_the_clock():
    """On the day that has 23 hours the booths of two o'clock are never open."""
    line = helpers.flow(per_hour=10, booths=list(range(1, 25)))
    case = helpers.case([line], start="2018-03-11", region={"id": "x", "zone": "America/Los_Angeles"})
    roster = helpers.built(case).run.model.plan.roster[:, 0]
    hour = helpers.built(case).run.model.intervals.hour
    assert [int(roster[hour == h][0]) for h in range(23)] == [1, 2, *range(4, 25)]


def test_opening_hours_follow_the_clock():
    crossings = [{"id": "a", "hours": "05:00-23:00"}]
    case = helpers.case(
        [helpers.flow()],
        start="2018-11-04",
        crossings=crossings,
        region={"id": "x", "zone": "America/Los_Angeles"},
    )
    status = helpers.run(case)[0].bins[0, :100, types.STATUS]
    assert np.flatnonzero(status == types.OPEN).tolist() == list(range(24, 96))


@pytest.mark.parametrize("begin", ["2018-01-15 11:30", "2018-01-15 11:00", "2018-01-15 00:00"])
def test_hours_are_those_of_the_clock_whenever_the_run_begins(begin):
    """Demand changes at the full hour, and bins begin there: a run begins with the hour it falls in."""
    figures = [0] * 12 + [400] + [0] * 11
    output = helpers.one([helpers.flow(per_hour=figures, booths=2)], start=begin)
    first = int(begin[11:13]) * 4
    found = np.flatnonzero(output.bins[0, :, types.ARRIVED]) + first
    assert found.tolist() == [48, 49, 50, 51]
