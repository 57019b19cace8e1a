"""Extreme and odd scenarios: a clear answer or a clear refusal, never a hang."""

from __future__ import annotations

import time

import numpy as np
import pytest

from engine import helpers
from garita import scenario
from garita.engine import types
from garita.errors import ScenarioError


@pytest.mark.parametrize(
    ("zone", "said"),
    [("America/Tijuna", "Did you mean `America/Tijuana`?"), ("Moon", "Angeles.")],
)
def test_a_remedy_ends_with_one_stop(zone, said):
    text = helpers.text([helpers.flow()]).replace('"zone": "UTC"', f'"zone": "{zone}"')
    with pytest.raises(ScenarioError) as raised:
        scenario.loads(text)
    assert raised.value.problems[0].remedy.endswith(said)


def rows(*starts):
    return {"table": [{"from": start, "per_hour": 10} for start in starts]}


@pytest.mark.parametrize(
    ("starts", "warned"),
    [
        (["2018-01-16 00:00", "2018-02-01 00:00"], True),
        (["2018-01-15 23:00"], False),
        (["2010-01-01 00:00"], False),  # the last row holds ever after
    ],
)
def test_a_table_of_demand_after_the_run_is_said(starts, warned):
    case = scenario.loads(helpers.text([helpers.flow("a", rows(*starts))]))
    assert [warning.code for warning in case.warnings] == (["closure-outside-run"] if warned else [])
    assert (helpers.built(case).run.model.flow_hours.rate[0, :24].sum() == 0.0) == warned


def test_a_long_table_over_a_long_run_is_built_at_once():
    """Only rows that hold in an hour are looked at: their number hardly matters."""
    starts = np.datetime_as_string(np.datetime64("2018-01-15") + np.arange(4_000) * np.timedelta64(11, "m"))
    case = scenario.loads(helpers.text([helpers.flow("a", rows(*starts.tolist()))], days=30))
    begin = time.monotonic()
    rate = helpers.built(case).run.model.flow_hours.rate[0]
    assert time.monotonic() - begin < 10.0
    assert rate[: 30 * 24] == pytest.approx(np.full(30 * 24, 10.0), rel=1e-12)


def codes(*flows, **more):
    with pytest.raises(ScenarioError) as raised:
        scenario.loads(helpers.text(list(flows) or [helpers.flow()], **more))
    return {problem.code for problem in raised.value.problems}


def test_no_booths_for_ever():
    """Everybody is there in the end."""
    output = helpers.one([helpers.flow(per_hour=20, booths=0)])
    assert output.balance[types.WAITING] == output.balance.sum() > 300


def test_a_port_with_no_demand():
    output = helpers.one([helpers.flow(per_hour=0)])
    assert output.balance.sum() == 0 and not np.isnan(output.bins[0, :96, types.STATUS]).any()


@pytest.mark.parametrize("mean", ["0 s", "-5 s", "100000 days", "1e308 days"])
def test_inspections_that_take_no_time_or_for_ever_are_refused(mean):
    assert codes(helpers.flow(service={"distribution": "exponential", "mean": mean})) <= {
        "out-of-range",
        "not-finite",
        "not-a-duration",
    }


@pytest.mark.parametrize("tick", [0, 0.0001, -1, 1e9])
def test_ticks_have_bounds(tick):
    assert codes(behaviour={"tick_min": tick}) == {"out-of-range"}


def test_a_run_of_thirty_years_is_refused():
    assert codes(days=30 * 365) <= {"out-of-range", "too-much"}


def test_what_only_the_arrays_show_has_its_place_in_the_file():
    case = scenario.loads(helpers.text([helpers.flow(room=5)], initial=[{"crossing": "a", "parties": 2}]))
    assert helpers.built(case)
    many = scenario.loads(helpers.text([helpers.flow(room=5)], initial=[{"crossing": "a", "parties": 9}]))
    with pytest.raises(ScenarioError) as raised:
        helpers.built(many)
    [problem] = raised.value.problems
    assert problem.field == "initial[0].parties"
    assert '"parties": 9' in many.text.splitlines()[problem.line - 1]


def test_lines_that_are_named_have_their_place_too():
    lines = [helpers.flow("a"), helpers.flow("b", lane_type="standard"), helpers.flow("b", lane_type="ready")]
    station = {"name": "gate", "crossing": "b", "place": "after", "places": 1, "service": {"mean": "9 s"}}
    change = {"crossing": "b", "from_type": "standard", "to_type": "ready", "lanes": 1}
    case = scenario.loads(helpers.text(lines, stations=[station], conversions=[change]))
    with pytest.raises(ScenarioError) as raised:
        helpers.built(case)
    rows = case.text.splitlines()
    assert {rows[problem.line].strip() for problem in raised.value.problems} == {'"crossing": "b",'}
    changed = case.with_(seed=5)  # no longer what stands in the file
    with pytest.raises(ScenarioError) as raised:
        helpers.built(changed)
    assert {problem.line for problem in raised.value.problems} == {None}


@pytest.mark.parametrize("coefficient", [-0.03, -10])
def test_people_who_react_without_measure(coefficient):
    """Weights of choice stay numbers, however much shorter than usual a line is."""
    lines = [helpers.flow(name, 30, usual_wait=wait) for name, wait in (("a", 5000), ("b", 0))]
    behaviour = {
        "choice_rule": "logit",
        "wait_coefficient_must": coefficient,
        "wait_coefficient_other": coefficient,
        "suppression_must": 1e6,
        "suppression_other": 1e6,
    }
    places = [{"id": name, "choice_group": "one"} for name in ("a", "b")]
    travel = [{"origin": a, "destination": b, "minutes": 10} for a, b in (("a", "b"), ("b", "a"))]
    output = helpers.one(lines, behaviour=behaviour, crossings=places, travel=travel)
    assert helpers.kinds(output, 0)[types.CROSSED] == sum(helpers.kinds(output, 0))
    assert helpers.kinds(output, 1)[types.CROSSED_ELSEWHERE] > 300
