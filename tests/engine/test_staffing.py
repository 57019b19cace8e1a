"""Officers on booths, and what is published of the waits."""

from __future__ import annotations

import numpy as np
import pytest

from engine import helpers
from garita.engine import types

FIXED = {"distribution": "deterministic", "mean": "60 s"}
EMPTY = {"trim_every_min": 15, "trim_lag_min": 30, "trim_horizon_min": 60, "tick_min": 15}


def line(per_hour, **more):
    """Four booths of 60 an hour, ten lanes, staffing that aims at a wait."""
    fields = {"booths": 4, "lanes": 10, "service": FIXED, "target_wait": 20, **more}
    return helpers.flow(per_hour=per_hour, **fields)


def booths(output, f=0):
    """Mean booths open in each quarter of an hour."""
    return output.bins[f, :, types.OPEN_BOOTH_MIN] / 15.0


def test_without_a_target_the_roster_is_kept():
    output = helpers.one([line(400, target_wait=None)], behaviour=EMPTY)
    assert (booths(output)[:96] == 4.0).all()


def test_a_long_queue_opens_booths_within_bounds_and_not_at_once():
    output = helpers.one([line(400)], behaviour={**EMPTY, "trim_up": 0.5, "trim_down": 0.25})
    open_booths = booths(output)
    assert open_booths[:96].max() == 6.0  # half more than the roster
    assert (open_booths[:2] == 4.0).all()  # nothing decided takes effect before the lag is over
    assert open_booths[:96].min() == 3.0
    assert open_booths[20:96].min() == 6.0


def test_a_short_queue_closes_booths_but_not_the_last():
    output = helpers.one([line(2, target_wait=90)], behaviour={**EMPTY, "trim_down": 1})
    assert booths(output)[8:96].min() == 1.0


def test_the_trim_by_hand():
    """Booths follow from the queue two decisions before: (wait - target) x booths / horizon."""
    output = helpers.one([line(280, target_wait=10)], behaviour={**EMPTY, "trim_up": 2, "trim_down": 0.9})
    queue, open_booths = output.bins[0, :, types.QUEUE_END], booths(output)
    decided = np.zeros(96)
    for quarter in range(1, 96):
        live = queue[quarter - 1] / open_booths[quarter - 1]  # one minute a party
        decided[quarter] = (live - 10.0) * open_booths[quarter - 1] / 60.0
    decided[0] = 0.0  # nothing is open before the first decision
    for quarter in range(3, 96):
        wanted = np.clip(4.0 + decided[quarter - 2], np.floor(0.4), 12.0)
        assert open_booths[quarter] == max(1.0, min(10.0, np.floor(wanted + 0.5))), quarter
    assert len(set(open_booths[3:96])) > 2


def test_lanes_cap_the_trim():
    output = helpers.one([line(900, lanes=5)], behaviour={**EMPTY, "trim_up": 3})
    assert booths(output)[:96].max() == 5.0


def test_the_roster_by_steps():
    steps = [{"from": "06:00", "booths": 3}, {"from": "09:30", "booths": 5}, {"from": "22:00", "booths": 2}]
    output = helpers.one([helpers.flow(per_hour=10, booths=steps)])
    open_booths = booths(output)[:96]
    assert open_booths.tolist() == [2.0] * 24 + [3.0] * 14 + [5.0] * 50 + [2.0] * 8


def test_places_of_secondary_inspection_by_the_hour():
    """None at night: those referred wait for the morning."""
    places = [0] * 6 + [4] * 18
    secondary = [{"crossing": "a", "places": places, "service": FIXED}]
    output = helpers.one([helpers.flow(per_hour=60, booths=3, referral=1)], secondary=secondary)
    assert output.secondary[0, 2] > 300.0
    assert output.secondary[0, 0] == output.balance[types.CROSSED] and output.secondary[0, 3] == 0


# Publication


def published(**behaviour):
    """A line that grows all day, with what is published of it at the end of each quarter."""
    output = helpers.one(
        [helpers.flow(per_hour=160, booths=2, service=FIXED)],
        behaviour={
            "tick_min": 15,
            "publication_round_min": 0,
            "publication_age_min": 0,
            "access_min": 0,
            "publication_cap_min": 10_000,
            **behaviour,
        },
    )
    return output.bins[0, :96, types.PUBLISHED], output.bins[0, :96, types.QUEUE_END] / 2.0


def test_published_waits_are_those_of_the_queue():
    """At the full hour, until the next: parties times a minute over two booths."""
    shown, wait = published(publication_every_min=60)
    assert (shown[:4] == 0.0).all()
    for quarter in range(4, 96):
        assert shown[quarter] == wait[quarter // 4 * 4 - 1]


@pytest.mark.parametrize(("age", "access"), [(60, 0), (30, 0), (30, 30), (15, 60), (45, 90)])
def test_they_are_as_old_as_is_said(age, access):
    """What people know when they set out was measured so long before they are there."""
    shown, wait = published(publication_every_min=60, publication_age_min=age, access_min=access)
    lag = (age + access) // 15
    for quarter in range(24, 96):
        assert shown[quarter] == wait[quarter // 4 * 4 - 1 - lag], quarter


def test_they_are_rounded_and_capped():
    shown, wait = published(publication_every_min=60, publication_round_min=5, publication_cap_min=120)
    for quarter in range(4, 96):
        assert shown[quarter] == min(120.0, np.floor(wait[quarter // 4 * 4 - 1] / 5.0 + 0.5) * 5.0)


def test_a_closed_line_publishes_that():
    closures = [{"crossing": "a", "from": helpers.at(10), "until": "4 h"}]
    output = helpers.one(
        [helpers.flow(per_hour=160, booths=2, service=FIXED)],
        closures=closures,
        behaviour={"tick_min": 15, "publication_age_min": 30, "access_min": 0},
    )
    shown = output.bins[0, :96, types.PUBLISHED]
    assert np.flatnonzero(shown == -1.0).tolist() == list(range(44, 60))  # 11:00, seen at 10:30, until 15:00
    assert np.isnan(shown[:4]).all() and not np.isnan(shown[4:]).any()
