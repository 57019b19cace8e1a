"""Women, men and children: shares of groups applied to the people who are counted at places."""

from __future__ import annotations

import re

import numpy as np
import pytest

from garita.errors import ScenarioError
from garita.outcomes import JourneyOutcome
from garita.outcomes import journey_figures as figures
from garita.report.journey_aid import aid_of
from garita.scenario.shares import Shares
from journeys.stories import LINE, at, story, told

MIXED = """\
journeys:
  from: 2018-10-01
  days: 12
  places: [{id: a}, {id: b}, {id: c}]
  routes: [{from: a, to: b, km: 30}, {from: b, to: c, km: 30}]
  groups:
    - {name: first, place: a, to: b, from: 2018-10-01, people: 100, shares: {women: 0.5, men: 0.25}}
    - {name: second, place: a, to: b, from: 2018-10-04, people: 300,
       shares: {women: 0.1, men: 0.5, girls: 0.3}}
    - {name: third, place: a, to: c, from: 2018-10-07, people: 40}
"""


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ({"women": 0.3, "children": 0.2}, {"women": 0.3, "children": 0.2, "men": 0.5}),
        ({"women": 0.3, "girls": 0.2, "boys": 0.1}, {"women": 0.3, "girls": 0.2, "boys": 0.1, "men": 0.4}),
        ({"children": 0.4}, {"children": 0.4, "not-told": 0.6}),
        ({"women": 0.8, "men": 0.8, "children": 0.4}, {"women": 0.4, "men": 0.4, "children": 0.2}),
        (
            {"women": 0.4, "men": 0.4, "children": 0.1},
            {"women": 0.4, "men": 0.4, "children": 0.1, "not-told": 0.1},
        ),
        ({"women": 0.33, "men": 0.33, "children": 0.33}, dict.fromkeys(("women", "men", "children"), 1 / 3)),
    ],
)
def test_parts_add_up_and_a_single_missing_one_is_the_rest(given, parts):
    found = Shares.model_construct(**(dict.fromkeys(Shares.model_fields) | given)).parts()
    assert found == pytest.approx(parts) and sum(found.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ("{women: 0.6, men: 0.5}", "people-above-one"),
        ("{source: a count}", "people-no-shares"),
        ("{children: 0.2, girls: 0.1}", "either-or"),
        ("{women: 1.2}", "out-of-range"),
        ("{ladies: 0.2}", "unknown-field"),
    ],
)
def test_shares_that_cannot_be_are_refused_with_their_line(shares, code):
    with pytest.raises(ScenarioError) as refused:
        story(LINE.replace("people: 100", f"people: 100, shares: {shares}"))
    assert [(problem.code, problem.line) for problem in refused.value.problems] == [(code, 11)]


def test_who_stays_has_the_mean_shares_of_all_who_came():
    outcome = told(MIXED)
    b, day = at(outcome, "b"), 6
    assert outcome.present[0, day, b] == 400
    found = {name: values[0, day, b] for name, values in outcome.by_kind.items()}
    women, men, girls = 0.5 * 100 + 0.1 * 300, 0.25 * 100 + 0.5 * 300, 0.3 * 300
    wanted = {
        "women": women,
        "men": men,
        "girls": girls,
        "boys": 30,
        "children": 25 + girls + 30,
        "not_told": 0,
    }
    assert found == pytest.approx(wanted, abs=1e-3)
    c = at(outcome, "c")
    assert outcome.by_kind["not_told"][0, -1, c] == outcome.present[0, -1, c] == 40


@pytest.mark.slow
def test_parts_always_add_up_to_the_people_counted():
    more = (
        "  waiting_lists: [{name: l, place: c, per_day: 3, waiting: 20, others: 4,\n"
        "    shares: {women: 0.2, men: 0.8}}]\n"
        "  choices: [{name: e, place: c, do: elsewhere, to: a, per_day: 5 %},\n"
        "    {name: s, place: b, do: stay, per_day: 1 %}]\n"
        "  returns: [{name: r, kind: on-their-own, place: b, to: a, waiting: 9, chance: 2 %, per_day: 5,\n"
        "    shares: {men: 0.5, women: 0.5}}]\n"
    )
    merged = MIXED.replace("people: 40", "people: {range: [40, 90]}, goes_on: 0.5").replace(
        "to: b, from: 2018-10-04, people: 300",
        "to: c, from: 2018-10-04, people: 300, merges: {place: b, into: third}",
    )
    outcome = told(merged + more, replications=5)
    total = sum(outcome.by_kind[name] for name in ("women", "men", "children", "not_told"))
    assert np.abs(total - outcome.present).max() < 1e-2
    for values in outcome.by_kind.values():
        assert values.min() > -1e-3


def test_people_go_elsewhere_and_join_with_the_shares_they_have():
    merged = MIXED.replace(
        "to: b, from: 2018-10-01, people: 100",
        "to: c, from: 2018-10-01, people: 100, merges: {place: b, into: third}",
    ).replace(
        "{name: third, place: a, to: c, from: 2018-10-07", "{name: third, place: b, to: c, from: 2018-10-01"
    )
    merged = merged.replace("people: 40}", "people: 100, rests: [{place: b, days: 5 days}]}")
    outcome = told(merged)
    c = at(outcome, "c")
    assert outcome.present[0, -1, c] == 200
    assert (
        outcome.by_kind["women"][0, -1, c] == pytest.approx(50.0)
        and outcome.by_kind["not_told"][0, -1, c] == 100
    )
    moved = told(
        MIXED + "  choices: [{name: e, place: b, do: elsewhere, to: c, per_day: 1, from: 2018-10-09}]\n"
    )
    assert moved.present[0, -1, at(moved, "b")] == 0
    assert moved.by_kind["women"][0, -1, at(moved, "c")] == pytest.approx(80.0, abs=1e-3)


def test_shares_change_nothing_that_is_simulated():
    plain = re.sub(r",\s*shares: \{.*?\}", "", MIXED)
    one, other = told(MIXED), told(plain)
    assert "composition" not in other.arrays and other.by_kind == {} and other.people.empty
    assert all(np.array_equal(one.arrays[name], other.arrays[name]) for name in other.arrays)


@pytest.mark.slow
def test_they_are_stored_told_and_drawn(tmp_path):
    outcome = told(MIXED, replications=2)
    assert "people.parquet" in outcome.save(tmp_path)
    again = JourneyOutcome.open(tmp_path)
    assert again.digest == outcome.digest and again.layout.kinds == outcome.layout.kinds
    assert list(again.people) == [
        "replication", "place", "day", "people", "women", "men", "children", "girls", "boys", "not_told",
    ]  # fmt: skip
    shown = aid_of(outcome, at(outcome, "b"))
    assert shown.kinds[:3] == ("women", "men", "children") and len(shown.charts) == 3
    row = next(one for one in figures.who_is_there(outcome) if one.place == at(outcome, "b"))
    assert row.by_kind["women"].mean == pytest.approx(80.0, abs=1e-3)
    nobody = told(LINE)
    assert figures.who_is_there(nobody) == [] and aid_of(nobody, 0).charts == ()
    assert "people.parquet" not in nobody.save(tmp_path)
