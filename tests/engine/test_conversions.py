"""Lanes that change type by the hour, and back."""

from __future__ import annotations

import numpy as np
import pytest

from engine import booths, helpers
from garita.engine import types
from garita.errors import ScenarioError
from properties import worlds

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

FIXED = {"distribution": "deterministic", "mean": "60 s"}
SLOW = {"distribution": "gamma", "mean": "9 min", "shape": 2}
READY = {"lane_type": "ready"}


def convert(**more):
    found = {"crossing": "a", "from_type": "standard", "to_type": "ready", "lanes": 2, "hours": "06:00-10:00"}
    return {**found, **more}


def two_lines(service=FIXED, standard=4, ready=2, per_hour=(400, 400), **more):
    """Standard and Ready; the Ready line comes first by its name."""
    lines = [
        helpers.flow(per_hour=per_hour[0], booths=standard, service=service),
        helpers.flow(per_hour=per_hour[1], booths=ready, service=service, **READY),
    ]
    return helpers.case(lines, **more)


def open_booths(output, f, days=1):
    """Booths open in each hour."""
    return (output.bins[f, : 96 * days, types.OPEN_BOOTH_MIN].reshape(-1, 4).sum(axis=1) / 60.0).tolist()


def test_booths_change_lines_and_come_back():
    [output] = helpers.run(two_lines(conversions=[convert()]))
    assert open_booths(output, 0) == [2.0] * 6 + [4.0] * 4 + [2.0] * 14
    assert open_booths(output, 1) == [4.0] * 6 + [2.0] * 4 + [4.0] * 14


def test_the_days_of_the_week_on_which_the_hours_begin():
    """The run begins on a Monday; hours over midnight belong to the day before."""
    over_night = convert(hours="22:00-02:00", weekdays=["mon", "wed"])
    [output] = helpers.run(two_lines(conversions=[over_night], days=4))
    ready = np.array(open_booths(output, 0, 4))
    assert np.flatnonzero(ready == 4.0).tolist() == [*range(22, 26), *range(70, 74)]


def test_within_its_dates_and_hours_in_several_parts():
    change = convert(
        hours=["06:00-08:00", "15:00-16:30"], **{"from": helpers.at(24), "until": helpers.at(40)}
    )
    [output] = helpers.run(two_lines(conversions=[change], days=3))
    ready = np.array(open_booths(output, 0, 3))
    assert np.flatnonzero(ready == 4.0).tolist() == [30, 31, 39] and ready.max() == 4.0


@pytest.mark.parametrize(("lanes", "officers"), [(1, 1), (3, 3), (4, 4), (9, 4)])
def test_lanes_there_are(lanes, officers):
    """A line that gives all its lanes is closed meanwhile."""
    [output] = helpers.run(two_lines(conversions=[convert(lanes=lanes)]))
    assert open_booths(output, 0)[7] == 2.0 + officers and open_booths(output, 1)[7] == 4.0 - officers
    assert output.bins[1, 28, types.STATUS] == (types.CLOSED if officers == 4 else types.OPEN)


def test_lanes_without_officers_bring_none():
    """Ten lanes, four of them staffed: six lanes that change type take all four officers with them."""
    lines = [
        helpers.flow(per_hour=300, booths=4, lanes=10, service=FIXED),
        helpers.flow(per_hour=300, booths=2, lanes=3, service=FIXED, **READY),
    ]
    output = helpers.one(lines, conversions=[convert(lanes=6)])
    assert open_booths(output, 0)[7] == 6.0 and open_booths(output, 1)[7] == 0.0
    assert output.bins[1, 28, types.STATUS] == types.OPEN  # four lanes are left, with nobody on them


def test_a_lane_type_that_exists_by_the_hour():
    lines = [
        helpers.flow(per_hour=100, booths=4, service=FIXED),
        helpers.flow(per_hour=60, booths=0, service=FIXED, **READY),
    ]
    output = helpers.one(lines, conversions=[convert(lanes=2)])
    status = output.bins[0, :96:4, types.STATUS]
    assert np.flatnonzero(status == types.OPEN).tolist() == [6, 7, 8, 9]
    assert output.bins[0, 24:40, types.STARTED].sum() > 400
    shut = helpers.one(lines, conversions=[convert(lanes=2)], closures=[closure(8, "1 h")])
    assert (shut.bins[0, 32:36, types.STATUS] == types.CLOSED).all()


def closure(begin, until, **more):
    return {"crossing": "a", "from": helpers.at(begin), "until": until, **more}


def test_a_closure_shuts_converted_lanes_with_the_others():
    [output] = helpers.run(
        two_lines(conversions=[convert()], closures=[closure(7, "1 h", lane_types=["ready"])])
    )
    assert open_booths(output, 0)[6:9] == [4.0, 0.0, 4.0] and open_booths(output, 1)[6:9] == [2.0] * 3


def test_cargo_lanes_for_cars():
    """Between modes, as at Otay Mesa in the night of 14 September 2011."""
    lines = [
        helpers.flow(per_hour=400, booths=5, service=FIXED),
        helpers.flow(per_hour=60, booths=3, service=FIXED, mode="truck"),
    ]
    change = convert(mode="truck", to_mode="car", to_type="standard", lanes=3, hours="20:00-05:00")
    output = helpers.one(lines, conversions=[change], days=2)
    assert open_booths(output, 0, 2)[18:32] == [5.0] * 2 + [8.0] * 9 + [5.0] * 3


@pytest.mark.parametrize("hours", ["06:07-10:11", "00:00-24:00"])
@pytest.mark.parametrize("per_hour", [(15, 8), (40, 30)])
def test_a_booth_finishes_the_party_it_has(hours, per_hour):
    """Against a second model: every start, with inspections of many minutes."""
    case = two_lines(SLOW, per_hour=per_hour, conversions=[convert(hours=hours)])
    built = helpers.built(case)
    [output] = helpers.run(case)
    lines = [booths.of_run(built, f) for f in range(2)]
    for line in lines:
        line.group = 0
    begin = float(built.run.model.intervals.start[0])
    clock = [60.0 * int(part[:2]) + int(part[3:]) for part in hours.split("-")]
    instants = [begin, *(begin + minute for minute in clock if minute not in (0, 1440)), begin + 1440.0]
    if hours.startswith("00:00"):
        instants = [begin + 1440.0 * day for day in range(4)]

    def wanted(now):
        converted = hours.startswith("00:00") or clock[0] <= (now - begin) % 1440.0 < clock[1]
        return (4, 2) if converted else (2, 4)

    if not hours.startswith("00:00"):  # the run goes on until everybody is gone
        instants = [begin, *(begin + 1440.0 * day + minute for day in range(4) for minute in clock)]
    booths.simulate(lines, instants, wanted)
    for f, line in enumerate(lines):
        starts = np.array(line.starts)
        waits = starts - np.array(line.joined[: len(starts)])
        rows = ((np.array(line.joined[: len(starts)]) - begin) / 15.0).astype(int)
        assert np.array_equal(
            np.bincount(rows, waits, output.bins.shape[1]), output.bins[f, :, types.WAIT_SUM]
        )
        assert len(starts) == output.bins[f, :, types.STARTED].sum() == len(line.joined)


def test_it_would_begin_too_early_if_it_were_another_booth():
    """The test above is not empty: without the group the same booths give other waits."""
    case = two_lines(SLOW, per_hour=(40, 30), conversions=[convert(hours="06:07-10:11")])
    built = helpers.built(case)
    totals = []
    for group in (0, -1):
        lines = [booths.of_run(built, f) for f in range(2)]
        for line in lines:
            line.group = group
        begin = float(built.run.model.intervals.start[0])
        instants = [begin, begin + 367.0, begin + 611.0]
        booths.simulate(lines, instants, lambda now: (4, 2) if 300.0 < now - begin < 600.0 else (2, 4))  # noqa: B023
        totals.append(sum(sum(line.starts) for line in lines))
    assert totals[0] > totals[1]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to_type": "standard"}, "same-line"),
        ({"to_type": "sentri"}, "unknown-line"),
        ({"crossing": "nowhere"}, "unknown-crossing"),
        ({"weekdays": ["someday"]}, "unknown-name"),
        ({"hours": "6-25"}, "not-opening-hours"),
        ({"until": helpers.at(-5)}, "closure-outside-run"),
    ],
)
def test_what_is_refused_or_warned_of(change, code):
    try:
        found = two_lines(conversions=[convert(**change)]).warnings
    except ScenarioError as error:
        found = error.problems
    assert [problem.code for problem in found] == [code]


def test_nothing_converted_changes_nothing():
    """Not a bit, although the second compiled form is used."""
    none = [{"crossing": "north", "from_type": "standard", "to_type": "ready", "lanes": 0}]
    assert not helpers.different(helpers.run(worlds.case(conversions=none))[0], worlds.usual())
