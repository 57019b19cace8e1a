"""The same promises on the packaged region: real rosters, pools of officers, passes, classes."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest

from engine import helpers
from garita import scenario
from garita.engine import types
from properties.test_conservation import check

CLOSURE = {"crossing": "san-ysidro", "from": "2018-11-25 11:30", "until": "5 h"}


@cache
def region_case(text):
    return scenario.loads(text)


def case(closures=(), behaviour=None, **more):
    """The Sunday of the closure, without the days around it."""
    whole = {
        "garita": 1,
        "title": "a Sunday",
        "base": "san-diego-tijuana",
        "start": "2018-11-25",
        "days": 1,
        "warm_up_days": 0,
        "closures": list(closures),
        "behaviour": behaviour or {},
        **more,
    }
    return region_case(json.dumps(whole))


@cache
def history(text):
    return helpers.run(scenario.loads(text))[0]


def run(of):
    return history(of.text)


def of_crossing(name):
    return [f for f, line in enumerate(helpers.lines(case())) if line.startswith(f"{name}:")]


def test_people_are_conserved():
    for closures in ((), [CLOSURE], [{**CLOSURE, "crossing": "all", "until": "for good"}]):
        the_case = case(closures)
        check(the_case, run(the_case))


def test_zero_length_and_idle_cuts_change_nothing():
    idle = {
        "closures": [{**CLOSURE, "until": "0 min"}],
        "staffing": [{"crossing": "all", "from": "2018-11-25 09:07:31", "until": "71 min", "factor": 1}],
        "lanes": [{"crossing": "otay-mesa", "from": "2018-11-25 13:13:13", "until": "2 h", "change": 0}],
    }
    assert not helpers.different(run(case()), run(case(**idle)))


def test_people_who_fly_do_not_feel_it():
    """Cross Border Xpress stands by itself: nobody goes there instead."""
    usual, shut = run(case()), run(case([CLOSURE]))
    here = of_crossing("cross-border-xpress")
    assert here and all(helpers.same_line(usual, f, shut, f) for f in here)
    assert not helpers.same_line(usual, of_crossing("tecate")[0], shut, of_crossing("tecate")[0])


def test_trucks_cross_at_cargo_facilities_only():
    """San Ysidro has none, so its closure touches no line of trucks but by officers who are moved."""
    usual, shut = run(case()), run(case([CLOSURE]))
    trucks = [f for f, line in enumerate(helpers.lines(case())) if ":truck:" in line]
    assert len(trucks) > 3
    for f in trucks:
        assert (usual.bins[f, :, types.ARRIVED] == shut.bins[f, :, types.ARRIVED]).all()


def test_a_longer_closure_never_lowers_the_delay():
    """Without choice, and with officers who keep to the roster."""
    behaviour = {"choice_rule": "none", "aftermath_drop": 0, "trim_up": 0, "trim_down": 0}
    delays = [
        helpers.total(run(case([{**CLOSURE, "until": f"{minutes} min"}], behaviour)), types.WAIT_SUM)
        for minutes in (0, 5, 60, 300)
    ]
    assert delays == sorted(delays) and delays[-1] > 2 * delays[0]


@pytest.mark.parametrize("classes", [["citizens"], ["citizens", "permanent-residents", "essential-work"]])
def test_exempt_classes_pass_in_their_share(classes):
    behaviour = {"choice_rule": "none", "aftermath_drop": 0, "announced_avoidance": 0}
    closure = {
        **CLOSURE,
        "crossing": "san-ysidro-pedeast",
        "directions": ["inbound"],
        "modes": ["pedestrian"],
        "from": "2018-11-25 00:00",
        "until": "24 h",
        "exempt": classes,
    }
    output, usual = run(case([closure], behaviour)), run(case((), behaviour))
    shares = {
        row["class"]: float(row["share"])
        for row in case().tables.tables["classes"]
        if (row["direction"], row["mode"]) == ("inbound", "pedestrian")
    }
    expected = sum(shares[name] for name in classes)
    for f in of_crossing("san-ysidro-pedeast"):
        if helpers.lines(case())[f].split(":")[1] == "inbound":
            came = usual.ledger[f, :, :, 0].sum()
            passed = output.ledger[f, types.CROSSED, :, 0].sum()
            assert passed / came == pytest.approx(expected, abs=4.0 / came**0.5)


def test_pools_of_officers_keep_within_their_limit():
    built = helpers.built(case([CLOSURE]))
    output, model = run(case([CLOSURE])), built.run.model
    for p in range(model.pool_limit.shape[1]):
        mine = np.flatnonzero(model.flows.pool == p)
        booths = output.bins[mine, :96, types.OPEN_BOOTH_MIN].sum(axis=0) / types.BIN_MINUTES
        most = np.zeros(96)
        inside = model.intervals.bin < 96
        np.maximum.at(most, model.intervals.bin[inside], model.pool_limit[inside, p])
        assert (booths <= most + 1e-9).all()


def test_lanes_are_never_passed():
    built, output = helpers.built(case()), run(case())
    for f, line in enumerate(built.region.lines):
        assert output.bins[f, :96, types.OPEN_BOOTH_MIN].max() <= 15.0 * line.booths
