"""First come, first served, party by party, against the slow engine of `independent.py`."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine import helpers, independent
from garita.engine import types

LINE = "a:inbound:car:standard"
SERVICES = [
    {"distribution": "exponential", "mean": "40 s"},
    {"distribution": "erlang", "mean": "40 s", "shape": 3},
    {"distribution": "lognormal", "mean": "40 s", "cv": 0.7},
    {"distribution": "gamma", "mean": "40 s", "shape": 0.5},
    {"distribution": "deterministic", "mean": "40 s"},
    {"distribution": "empirical", "values": ["20 s", "60 s", "15 min"], "weights": [5, 4, 1]},
]


def who_comes(built, seed, replication, line=0):
    """Joining times and inspections of a line, by the independent engine."""
    model, calendar = built.run.model, built.calendar
    rates = model.flow_hours.rate[line, : calendar.demand_hours]
    return independent.parties(
        built.region.lines[line].id, seed, replication, rates, calendar.start[0], model.service[line]
    )


def books(built, joined, starts, service):
    """What the books of a line must say."""
    origin, bins = built.calendar.start[0], built.run.bins
    served = np.isfinite(starts)
    of_joining = ((joined - origin) / 15.0).astype(int)
    of_start = ((starts[served] - origin) / 15.0).astype(int)
    waits = (starts - joined)[served]
    row = of_joining[served]
    longest = np.zeros(bins)
    np.maximum.at(longest, row, waits)
    edges = 0.5 * 2.0 ** (np.arange(95) / 8.0)
    histogram = np.zeros((bins, types.HISTOGRAM_BINS), np.uint32)
    np.add.at(histogram, (row, np.searchsorted(edges, waits, side="right")), 1)
    ends = origin + 15.0 * (np.arange(bins) + 1)
    queue = np.searchsorted(np.sort(joined), ends) - np.searchsorted(np.sort(starts[served]), ends)
    return {
        types.ARRIVED: np.bincount(of_joining, minlength=bins),
        types.WAITED: np.bincount(row, minlength=bins),
        types.STARTED: np.bincount(of_start, minlength=bins),
        types.WAIT_SUM: np.bincount(row, waits, bins),
        types.WAIT_MAX: longest,
        types.INSPECTION_SUM: np.bincount(row, service[served], bins),
        types.BUSY_BOOTH_MIN: np.bincount(of_start, service[served], bins),
        types.QUEUE_END: queue,
    }, histogram


def compare(case, timetable, seed=1, replication=0):
    """The engine's books equal those of the independent one, bit for bit. ``timetable``: (hour, booths)."""
    built = helpers.built(case)
    output = helpers.run(case, replication + 1, seed)[replication]
    coming = who_comes(built, seed, replication)
    origin = built.calendar.start[0]
    starts = independent.starts(coming.joined, coming.service, [(origin + 60.0 * h, n) for h, n in timetable])
    expected, histogram = books(built, coming.joined, starts, coming.service)
    for field, values in expected.items():
        # The engine stops when all is over; the last bins are then never written, and nobody is there anyway.
        assert (output.bins[0, :, field] == values).all(), field
    assert (output.histogram[0] == histogram).all()
    assert output.balance[types.CROSSED] == np.isfinite(starts).sum()
    assert output.balance[types.WAITING] == len(starts) - np.isfinite(starts).sum()
    return starts - coming.joined, output


# The independent engine itself: recursions worked out by hand


def test_lindley_by_hand():
    waits = independent.lindley([0, 1, 1.5, 4, 4.2, 9], [2, 1, 0.5, 3, 0.1, 1])
    assert waits == pytest.approx([0.0, 1.0, 1.5, 0.0, 2.8, 0.0])


def test_two_booths_closed_for_a_while_by_hand():
    """Every minute somebody comes for 2 minutes; both booths close from 5 to 9 and finish whom they have."""
    found = independent.starts(np.arange(1.0, 21.0), np.full(20, 2.0), [(0.0, 2), (5.0, 0), (9.0, 2)])
    assert list(found) == [1, 2, 3, 4, 9, 9, 11, 11, 13, 13, 15, 15, 17, 17, 19, 19, 21, 21, 23, 23]


def test_a_booth_that_closes_finishes_and_is_not_opened_twice():
    """Booked from 9 to 14 although shut at 10 and open again at 12: the next starts at 14, not at 12."""
    assert list(independent.starts([9.0, 9.5], [5.0, 5.0], [(0.0, 1), (10.0, 0), (12.0, 1)])) == [9.0, 14.0]


def test_all_changes_up_to_the_start_apply():
    found = independent.starts([100.0] * 5, [10.0] * 5, [(0.0, 1), (10.0, 3), (20.0, 1), (30.0, 5)])
    assert list(found) == [100.0] * 5


# The engine against it


@pytest.mark.parametrize("service", SERVICES, ids=[service["distribution"] for service in SERVICES])
def test_one_booth_party_by_party(service):
    case = helpers.case([helpers.flow(per_hour=80, service=service)])
    waits, output = compare(case, [(0.0, 1)])
    built = helpers.built(case)
    coming = who_comes(built, 1, 0)
    assert waits == pytest.approx(independent.lindley(coming.joined, coming.service), abs=1e-6)
    assert output.bins[0, :, types.WAIT_SUM].sum() > 0.0


@pytest.mark.parametrize("service", SERVICES, ids=[service["distribution"] for service in SERVICES])
@pytest.mark.parametrize("replication", [0, 3])
def test_booths_by_the_hour_party_by_party(service, replication):
    booths = [2, 0, 1, 5, 3, 3, 7, 1, 4, 0, 0, 6, 2, 4, 4, 3, 8, 1, 2, 3, 5, 4, 0, 9]
    case = helpers.case([helpers.flow(per_hour=300, booths=booths, service=service)])
    waits, _ = compare(case, list(enumerate(booths * 4)), seed=7, replication=replication)
    assert (waits == 0.0).any() and (waits > 60.0).any()


@st.composite
def timetables(draw):
    """Booths open from times of day on, to the minute."""
    times = sorted(draw(st.sets(st.integers(1, 8 * 60), max_size=8)))
    return [(minute / 60.0, draw(st.integers(0, 6))) for minute in (0, *times)]


@settings(max_examples=25)
@given(
    timetable=timetables(),
    rate=st.integers(5, 400),
    service=st.sampled_from(SERVICES),
    seed=st.integers(0, 2**53),
)
@example(timetable=[(0.0, 1), (1.0, 0), (1.5, 1), (2.0, 0)], rate=50, service=SERVICES[-1], seed=3)
@example(
    timetable=[(0.0, 6), (0.5, 1), (1.0, 6), (1.25, 2), (1.5, 6)], rate=300, service=SERVICES[-1], seed=4
)
def test_any_timetable_party_by_party(timetable, rate, service, seed):
    """Booths open and close while they are busy; nobody comes after the fourth hour."""
    untils = [hour for hour, _ in timetable[1:]] + [200.0]
    staffing = [
        {"crossing": "a", "from": helpers.at(hour), "until": helpers.at(until), "booths": booths}
        for (hour, booths), until in zip(timetable, untils, strict=True)
    ]
    per_hour = [rate] * 4 + [0] * 20
    case = helpers.case([helpers.flow(per_hour=per_hour, service=service, lanes=6)], staffing=staffing)
    compare(case, timetable, seed=seed)


def test_a_closure_is_a_timetable_with_no_booths():
    closures = [{"crossing": "a", "from": helpers.at(3), "until": helpers.at(5.25)}]
    case = helpers.case([helpers.flow(per_hour=500, booths=3, service=SERVICES[1])], closures=closures)
    waits, output = compare(case, [(0.0, 3), (3.0, 0), (5.25, 3)])
    assert waits.max() > 120.0
    assert output.bins[0, 12:21, types.STATUS].tolist() == [types.CLOSED] * 9


def test_who_never_starts_is_waiting_in_the_end():
    closures = [{"crossing": "a", "from": helpers.at(20), "until": "for good"}]
    case = helpers.case([helpers.flow(per_hour=50)], closures=closures)
    waits, output = compare(case, [(0.0, 1), (20.0, 0)])
    assert output.balance[types.WAITING] == (~np.isfinite(waits)).sum() > 100


def test_secondary_inspection_party_by_party():
    """Those referred join when primary inspection ends, in that order, and are served in it."""
    secondary = [
        {"crossing": "a", "places": 2, "service": {"distribution": "lognormal", "mean": "9 min", "cv": 0.6}}
    ]
    case = helpers.case(
        [helpers.flow(per_hour=200, booths=3, service=SERVICES[1], referral=0.07)], secondary=secondary
    )
    built, [output] = helpers.built(case), helpers.run(case)
    coming = who_comes(built, 1, 0)
    starts = independent.starts(coming.joined, coming.service, [(built.calendar.start[0], 3)])
    referred = coming.referral < 0.07
    ends = (starts + coming.service)[referred]
    order = np.argsort(ends, kind="stable")
    minutes = np.array(
        [
            independent.threefry((1, 0), (independent.hash_of(LINE), (int(hour) << 32) | (int(n) << 8) | 2))[
                0
            ]
            for hour, n in zip(coming.hour_key[referred], coming.ordinal[referred], strict=True)
        ],
        dtype=np.uint64,
    )
    half = ((minutes >> np.uint64(32)).astype(float) + 0.5) * 2.0**-32
    service = independent.grains(independent.quantiles(built.run.model.service[1], half))
    second = independent.starts(ends[order], service[order], [(built.calendar.start[0], 2)])
    waits = second - ends[order]
    assert output.secondary.tolist() == [[len(ends), waits.sum(), waits.max(), 0.0]]
    inspection = output.bins[0, :, types.INSPECTION_SUM].sum()
    assert inspection == coming.service.sum() + waits.sum() + service.sum()
    assert waits.max() > 0.0 and len(ends) > 200
