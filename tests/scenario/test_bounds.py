"""Sizes, dates and shares that cannot be simulated are refused when the file is read, with their place."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from garita.build import Builder
from garita.build.inline import inline_region
from garita.build.service import Service, quantile_table
from garita.errors import ScenarioError
from garita.scenario import limits, loads
from scenario.texts import DESIGN, FULL, INLINE

D, F, I = DESIGN, FULL, INLINE  # noqa: E741

OLD = (
    "garita: 1\n"
    "title: One line\n"
    "start: 2024-03-09\n"
    "days: 2\n"
    "region: {id: one, zone: America/Chicago}\n"
    "crossings:\n"
    "  - {id: old}\n"
    "  - {id: new}\n"
    "flows:\n"
    "  - crossing: old\n"
)
GOOD_FLOW = {
    "direction": "inbound",
    "mode": "car",
    "lane_type": "standard",
    "arrivals": "120",
    "service": "{mean: 45 s}",
    "booths": "3",
    "lanes": "3",
    "booths_per_lane": "1",
    "referral": "3 %",
    "people_per_party": "1.5",
    "classes": "{citizens: 0.4}",
    "usual_wait": "20",
    "target_wait": "20",
    "spacing_m": "7",
    "approach_m": "900",
    "value_of_time": "20",
    "must_share": "0.2",
}


def one_flow(**fields: str) -> str:
    """A scenario whose only flow has these fields, one on each line; the first on line 11."""
    return OLD + "".join(f"    {name}: {value}\n" for name, value in {**GOOD_FLOW, **fields}.items())


def problems(text):
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    return caught.value.problems


def found(text):
    return {(problem.field, problem.code) for problem in problems(text)}


def hours(value):
    return "[" + ", ".join([value] * 24) + "]"


@pytest.mark.parametrize(
    ("text", "old", "new", "place", "code"),
    [
        (I, "booths: 3", "booths: 1e9", "flows[0].booths", "out-of-range"),
        (I, "booths: 3", "booths: {range: [1, 4096]}", "flows[0].booths.range[1]", "out-of-range"),
        (I, "booths: 3", f"booths: {hours('4096')}", "flows[0].booths[0]", "out-of-range"),
        (I, '"00:00", booths: 1', '"00:00", booths: 4096', "flows[2].booths[0].booths", "out-of-range"),
        (I, "places: 4", "places: 1e9", "secondary[0].places", "out-of-range"),
        (I, "places: 4", f"places: {hours('5000')}", "secondary[0].places[0]", "out-of-range"),
        (I, "booths: 3", "booths: 3\n    lanes: 99999", "flows[0].lanes", "out-of-range"),
        (
            I,
            "booths: 3",
            "booths: 3\n    lanes: 4000\n    booths_per_lane: 2",
            "flows[0].lanes",
            "too-many-booths",
        ),
        (I, "booths: 3", "booths: 3\n    booths_per_lane: 1e-9", "flows[0].booths_per_lane", "out-of-range"),
        (F, "booths: 5", "booths: 1e9", "staffing[1].booths", "out-of-range"),
        (F, "high: 1}", "high: 1001}", "staffing[0].factor.high", "out-of-range"),
        (F, "range: [2, 4]", "range: [2, 5000]", "lanes[1].lanes.range[1]", "out-of-range"),
        (F, "lanes: 1\n", "lanes: 99999\n", "closures[1].lanes", "out-of-range"),
        (I, "arrivals: 120", "arrivals: 5.1e4", "flows[0].arrivals.per_hour", "out-of-range"),
        (I, "per_hour: 3}", "per_hour: 2e5}", "flows[3].arrivals.table[0].per_hour", "out-of-range"),
        (I, "per_day: 2400", "per_day: 1e8", "flows[2].arrivals.per_day", "out-of-range"),
        (I, "per_day: 2400", "per_day: 1e6", "flows[2].arrivals.per_day", "too-many-an-hour"),
        (F, "factor: 50 %", "factor: 1000", "demand[1].factor", "out-of-range"),
        (F, "patience_min: 2 h", "induced_cap: 1000", "behaviour.induced_cap", "out-of-range"),
        (I, "mean: 20 min", "mean: 1e9 min", "secondary[0].service.mean", "out-of-range"),
        (I, "mean: 2 min, cv: 0.5", "mean: 2 min, cv: 1e5", "flows[3].service.cv", "out-of-range"),
        (I, "mean: 2 min, cv: 0.5", "mean: 2 min, shape: 1e-9", "flows[3].service.shape", "out-of-range"),
        (
            I,
            "mean: {range: [30 s, 40 s]}, cv: 0.7",
            "mean: 20 h, cv: 9",
            "flows[1].service",
            "service-too-long",
        ),
        (D, "start: 2018-11-24", "start: 1969-07-20", "start", "date-out-of-range"),
        (D, "start: 2018-11-24", "start: 2202-01-01", "start", "date-out-of-range"),
        (D, "start: 2018-11-24", "start: 1970-01-01", "start", "date-out-of-range"),
        (D, "start: 2018-11-24", "start: 2200-12-30", "days", "date-out-of-range"),
        (D, "11-25 11:30", "11-25 11:30\n    notice: 25 Nov 1918", "closures[0].notice", "date-out-of-range"),
    ],
)
def test_what_is_too_large_or_too_early_is_refused(text, old, new, place, code):
    assert old in text
    if "notice" in new:
        text = text.replace("    notice: none\n", "")
    listed = problems(text.replace(old, new, 1))
    assert (place, code) in {(problem.field, problem.code) for problem in listed}
    for problem in listed:
        assert problem.line is not None, problem
    refused = next(problem for problem in listed if (problem.field, problem.code) == (place, code))
    assert "Allowed: " in refused.remedy, refused


def test_the_most_that_is_allowed_is_simulated():
    text = (
        one_flow(booths=str(limits.MOST_BOOTHS), lanes="4095", arrivals="5e4")
        + "behaviour: {induced_cap: 10}\n"
    )
    case = loads(text)
    built = Builder(case).build(case.resolve(0))
    assert built.run.model.plan.cap.max() == limits.MOST_BOOTHS
    assert built.run.model.flow_hours.room.max() < 2**24  # what the engine numbers


def test_what_more_demand_makes_of_a_line_is_reckoned():
    text = one_flow(arrivals="1000") + "demand:\n  - {factor: 51}\n"
    assert loads(text.replace("51", "50"))
    assert ("demand[0].factor", "too-many-an-hour") in found(text)


def test_more_demand_counts_among_all_parties():
    text = one_flow(arrivals="25000").replace("days: 2", "days: 800")
    assert loads(text)
    assert ("flows", "too-much") in found(text + "demand:\n  - {factor: 2}\n")


@pytest.mark.parametrize(
    ("name", "mean", "cv"), [("lognormal", 8.0, 10.0), ("gamma", 60.0, 10.0), ("lognormal", 1440.0, 2.0)]
)
def test_the_longest_inspection_is_known_beforehand(name, mean, cv):
    """What is refused by its tail is what the table of the engine would hold, and a little more."""
    table = quantile_table(Service(name, mean, cv=cv))
    assert np.isfinite(table).all()
    assert table.max() <= limits.longest_service(name, {"mean": mean, "cv": cv}) * 1.001
    assert table.max() < 2**30


def test_a_time_given_from_python_has_the_same_bounds():
    with pytest.raises(ScenarioError) as caught:
        loads(I).with_(start=datetime(1955, 11, 5))
    assert [problem.code for problem in caught.value.problems] == ["date-out-of-range"]


def test_the_remedy_of_weights_fits_what_is_weighed():
    (observed,) = problems(I.replace("weights: [3, 2, 1]", "weights: [0, 0, 0]"))
    assert "value" in observed.remedy and "claim" not in observed.remedy
    assert observed.field == "flows[2].service.weights"
    (claimed,) = problems(
        D.replace("from: 2018-11-25 11:30", "from: {claims: [{value: 2018-11-25, who: a, weight: 0}]}")
    )
    assert "claim" in claimed.remedy


@pytest.mark.parametrize("name", GOOD_FLOW)
@pytest.mark.parametrize("value", ["{a: {b: 1}}", "-99999999", "[x, y]"])
def test_every_field_of_a_flow_is_told_with_its_line(tmp_path, name, value):
    path = tmp_path / "scenario.yaml"
    path.write_text(one_flow(**{name: value}), encoding="utf-8")
    line = 11 + list(GOOD_FLOW).index(name)
    with pytest.raises(ScenarioError) as caught:
        loads(path.read_text(encoding="utf-8"), path)
    here = [p for p in caught.value.problems if p.line == line and p.field.startswith(f"flows[0].{name}")]
    assert here and all(problem.file.endswith("scenario.yaml") for problem in here)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("people_per_party", "30"),
        ("people_per_party", "0.5"),
        ("booths", "[1, 2]"),
        ("usual_wait", "[]"),
        ("target_wait", "[1, 2, 3]"),
        ("arrivals", "[1, 2]"),
        ("arrivals", "{per_day: 3, profile: [1]}"),
        ("booths", '[{from: "07:00", booths: 1}, {from: "06:00", booths: 1}]'),
        ("service", "{distribution: erlang, mean: 1 min, shape: 1.5}"),
        ("service", "{distribution: empirical, values: [1 min], weights: [1, 2]}"),
    ],
)
def test_values_that_do_not_fit_are_told_with_their_field(name, value):
    (problem,) = problems(one_flow(**{name: value}))
    assert problem.line == 11 + list(GOOD_FLOW).index(name)
    assert problem.field.startswith(f"flows[0].{name}")


CLOSED = "closures:\n  - {crossing: old, exempt: [citizens], from: 2024-03-10 08:00, until: 3 h}\n"


def test_classes_reach_the_engine():
    text = one_flow(classes="{citizens: 40 %, visa-holders: {range: [0.1, 0.2]}}") + CLOSED
    case = loads(text)
    assert case.warnings == []
    one = case.resolve(3)
    assert one.flows[0].classes["citizens"] == 0.4
    assert 0.1 <= one.flows[0].classes["visa-holders"] <= 0.2
    assert {case.resolve(i).flows[0].classes["visa-holders"] for i in range(3)} != {0.15}
    assert inline_region(one).lines[0].classes == one.flows[0].classes
    assert Builder(case).build(one).run.model.classes[0, 0] == 0.4
    contested = text.replace("{range: [0.1, 0.2]}", "{claims: [{value: 0.1, who: a}, {value: 0.2, who: b}]}")
    assert [claim.field for claim in loads(contested).claims()] == ["flows[0].classes.visa-holders"]


def test_an_exemption_that_exempts_nobody_is_a_warning():
    silent = "".join(line for line in one_flow().splitlines(True) if "classes" not in line)
    for text in (silent + CLOSED, one_flow(classes="{freight: 0.5}") + CLOSED):
        (warning,) = loads(text).warnings
        assert (warning.code, warning.severity, warning.field) == (
            "exempt-nobody",
            "warning",
            "closures[0].exempt",
        )
        assert "old:inbound:car:standard" in str(warning)
    assert loads(silent + CLOSED.replace("exempt: [citizens], ", "")).warnings == []
    assert loads(one_flow() + CLOSED).warnings == []


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("{citzens: 0.4}", "unknown-name"),
        ("{citizens: 0.4, freight: 0.7}", "shares-above-one"),
        ("{citizens: 140 %}", "out-of-range"),
        ("0.4", "not-a-mapping"),
        ("[citizens]", "not-a-mapping"),
    ],
)
def test_classes_that_do_not_fit(value, code):
    (problem,) = problems(one_flow(classes=value))
    assert (problem.code, problem.line) == (code, 11 + list(GOOD_FLOW).index("classes"))
    assert problem.field.startswith("flows[0].classes")
    assert "[key]" not in str(problem)


def test_a_case_without_classes_keeps_its_digest():
    assert "classes" not in loads(I).canonical
