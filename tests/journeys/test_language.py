"""Journeys in the scenario language: what loads, what is refused and where, what keys a draw."""

from __future__ import annotations

import re

import pytest

import garita
from garita.errors import ScenarioError
from garita.runs import travel
from garita.scenario.case import loads
from journeys.stories import HEAD, LINE, story

LISTED = "  waiting_lists: [{name: l, place: d, per_day: 5, MORE}]\n"
SHELTERS = (
    "  shelters: [{id: s, place: d, capacity: 10, most: 5}, {id: t, place: c, capacity: 4, moves_to: s}]\n"
)
CASES = [
    (LINE.replace("place: a, to: d", "place: x, to: d"), "unknown-place", 8),
    (LINE.replace("to: d, km: 45", "to: e, km: 45"), "unknown-place", 10),
    (LINE.replace("from: a, to: b", "from: a, to: a"), "journey-loop", 10),
    (LINE.replace("from: b, to: c", "from: a, to: b"), "journey-twice", 10),
    (LINE.replace("place: a, to: d", "place: d, to: a"), "journey-nowhere", 11),
    (LINE.replace("from: 2018-10-03", "from: 2018-12-03"), "journey-outside", 11),
    (LINE.replace("from: 2018-10-03, people", "people"), "nothing-to-change", 11),
    (LINE.replace("people: 100", "people: 100, per_day: 3"), "either-or", 11),
    (LINE.replace("people: 100", "people: 100, rests: [{place: q, days: 1 day}]"), "unknown-place", 11),
    (LINE.replace("people: 100", "people: 100, merges: {place: b, into: walkers}"), "unknown-group", 11),
    (LINE.replace("people: 100", "people: -3"), "out-of-range", 11),
    (LINE.replace("km: 75}", "km: 75, takes: 3 h}"), "either-or", 10),
    (LINE.replace("km: 75}", "km: 75, mode: boat}"), "unknown-name", 10),
    (LINE.replace("km: 75}", "takes: 2 h, km_per_day: 75}"), "either-or", 10),
    (
        LINE.replace("people: 100", "table: [{day: 2018-10-04, people: 3}]"),
        "either-or",
        11,
    ),
    (
        LINE.replace("from: 2018-10-03, people: 100", "table: [{day: 2018-12-04, people: 3}]"),
        "journey-outside",
        11,
    ),
    (LINE.replace("from: b, to: c", "to: c"), "missing-field", 10),
    (LINE.replace("{id: b,", "{id: a,"), "duplicate-name", 9),
    (LINE + SHELTERS, "journey-most", 12),
    (LINE + SHELTERS, "unknown-shelter", 12),
    (LINE + LISTED.replace(", MORE}", "}, {name: m, place: d, per_day: 4}"), "journey-lists", 12),
    (LINE + LISTED.replace("MORE", "crossing: nowhere"), "unknown-crossing", 12),
    (LINE + "  choices: [{name: c, place: d, do: stay, per_day: 1 %, to: a}]\n", "journey-elsewhere", 12),
    (LINE + "  choices: [{name: c, place: d, do: elsewhere, per_day: 1 %}]\n", "journey-elsewhere", 12),
    (LINE + "  choices: [{name: c, place: d, do: fly, per_day: 1 %}]\n", "unknown-name", 12),
    (
        LINE + "  returns: [{name: r, kind: on-their-own, place: d, to: a, trip_cost: 900}]\n",
        "journey-seats",
        12,
    ),
    (LINE + "  closures: [{name: c, from: 2018-10-05, until: 3 days}]\n", "nothing-to-change", 12),
    (
        LINE + "  closures: [{name: c, countries: [B, Q], from: 2018-10-05, until: 3 days}]\n",
        "unknown-country",
        12,
    ),
    (
        LINE + "  published: [{what: sheltered, where: d, day: 2018-10-05, people: 3}]\n",
        "unknown-counted",
        12,
    ),
    (LINE + "  published: [{what: arrived, day: 2018-10-05, people: 3}]\n", "missing-field", 12),
    (LINE.replace("days: 30", "days: 30\n  dayz: 3"), "unknown-field", 9),
]


@pytest.mark.parametrize(
    ("text", "code", "line"), CASES, ids=[f"{row[1]}-{k}" for k, row in enumerate(CASES)]
)
def test_what_leads_nowhere_is_refused_with_its_line(text, code, line):
    with pytest.raises(ScenarioError) as refused:
        story(text)
    found = {(problem.code, problem.line) for problem in refused.value.problems}
    assert code in {each for each, _ in found}
    if code not in ("unknown-place", "duplicate-name"):
        assert (code, line) in found


def test_all_problems_are_told_at_once():
    text = LINE.replace("place: a, to: d", "place: x, to: d").replace("from: b, to: c", "from: b, to: q")
    with pytest.raises(ScenarioError) as refused:
        story(text)
    assert len([problem for problem in refused.value.problems if problem.code == "unknown-place"]) == 2


def test_a_list_needs_a_port_with_pedestrians():
    port = (
        "region: {id: here, zone: America/Tijuana}\n"
        "crossings: [{id: gate}]\n"
        "flows: [{crossing: gate, mode: car, arrivals: 10, service: {mean: 30 s}, booths: 2}]\n"
    )
    with pytest.raises(ScenarioError) as refused:
        story(LINE + LISTED.replace("MORE", "crossing: gate"), port)
    assert [problem.code for problem in refused.value.problems] == ["journey-on-foot"]


def test_more_than_fits_in_memory_is_refused():
    with pytest.raises(ScenarioError) as refused:
        loads((HEAD + LINE).replace("replications: 3", "replications: 100000"))
    assert [problem.code for problem in refused.value.problems] == ["too-much"]


def test_journeys_alone_have_no_lines_to_simulate():
    with pytest.raises(ScenarioError) as refused:
        garita.run(story())
    assert refused.value.problems[0].code == "no-crossings"
    with pytest.raises(ScenarioError) as refused:
        travel(garita.load("texas-inspections-2022"))
    assert refused.value.problems[0].code == "no-journeys"


def test_another_entry_touches_no_draw():
    ranged = LINE.replace("people: 100", "people: {range: [50, 90000]}")
    more = ranged.replace(
        "groups: [", "groups: [{name: new, place: b, to: d, from: 2018-10-02, people: {range: [1, 9]}}, "
    )
    first, second = story(ranged), story(more)
    for replication in range(3):
        people = [group.people for group in second.resolve_journeys(replication).groups]
        assert people[1] == first.resolve_journeys(replication).groups[0].people


def test_claims_of_journeys_are_listed_and_drawn():
    claims = "people: {claims: [{value: 100, who: A}, {value: 300, who: B, weight: 0}]}"
    case = story(LINE.replace("people: 100", claims))
    assert [claim.field for claim in case.claims()] == ["journeys.groups[0].people"]
    assert travel(case).entered.tolist() == [100, 100, 100]


def test_a_scenario_without_journeys_keeps_its_digest():
    case = garita.load("texas-inspections-2022")
    assert '"journeys"' not in case.canonical


def test_with_keeps_the_journeys():
    case = story(LINE.replace("people: 100", "people: {range: [50, 90000]}"))
    other = case.with_(replications=2)
    assert travel(other).entered.tolist() == travel(case).entered.tolist()[:2]


WHOLE = LINE + (
    "  shelters: [{id: s, place: d, capacity: 10, moves_to: t}, {id: t, place: d, capacity: 4}]\n"
    "  waiting_lists: [{name: l, place: d, per_day: 5}]\n"
    "  choices: [{name: c, place: d, do: elsewhere, to: a, per_day: 1 %}]\n"
    "  returns: [{name: r, kind: on-their-own, place: d, to: a, table: [{day: 2018-10-09, people: 3}]}]\n"
    "  closures: [{name: k, between: [a, b], from: 2018-10-05, until: 3 days}]\n"
    "  published: [{what: arrived, where: d, day: 2018-10-20, people: 3}]\n"
)


@pytest.mark.parametrize("instead", ["", "[]", "{}", "[{}]", "x", "-1", "[[a]]", "{claims: []}"])
def test_whatever_is_written_is_refused_or_understood(instead):
    """Every value in turn is something else: a problem with its place, or a scenario that runs."""
    story(WHOLE)
    for found in re.finditer(r"(?<=: )([^\s,{}\[\]]+|\[.*?\]|\{.*?\})", WHOLE):
        text = WHOLE[: found.start()] + instead + WHOLE[found.end() :]
        try:
            travel(story(text), replications=1)
        except ScenarioError as refused:
            assert refused.problems, text
