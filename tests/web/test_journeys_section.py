"""The section on journeys: what it says, that it is on the page, and that the slider works."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from garita.outcomes.journey_figures import Spread, people, people_range, spread
from garita.report import background, inputs, write
from garita.report import journey_words as words
from garita.report.journey_aid import parted
from garita.report.journey_map import lands, route_map
from garita.report.journeys import days_told, dollars, story_of
from garita.runs import travel, travel_pair
from journeys.stories import story
from web import fake_comparison
from web.devtools import Browser, executable

STORY = """\
journeys:
  from: 2018-10-20
  days: 60
  places:
    - {id: south, name: "South <town>", country: A, lat: 15.5, lon: -88.0}
    - {id: middle, country: A, lat: 20.0, lon: -100.0}
    - {id: border, name: Border, country: B, lat: 32.5, lon: -117.0}
  routes: [{from: south, to: middle, km: 500, mode: bus}, {from: middle, to: border, km: 1500, mode: bus}]
  groups: [{name: g, place: south, to: border, from: 2018-10-22, people: {range: [900, 1100]}}]
  shelters: [{id: hall, name: hall, place: border, capacity: 300, most: 500}]
  waiting_lists: [{name: the-list, place: border, crossing: port, per_day: 20, registers: 0.5, waiting: 40}]
  choices:
    - {name: few, place: border, do: between-ports, per_day: 0.01 %, sector: Somewhere}
  returns:
    - {name: back, kind: assisted-voluntary, place: border, to: south, by: plane, chance: 1 %, per_day: 50,
       seats: 50, trip_cost: 20000}
  published:
    - {what: arrived, where: border, day: 2018-10-30, people: 1000, source: "https://example.org/count"}
    - {what: arrested, day: 2018-11-05, people: {claims: [{value: 42, who: A}, {value: 69, who: B}]}}
"""
CLOSED = "closures: [{crossing: port, from: 2018-11-01, until: 2018-11-04}]\n"


@pytest.fixture(scope="module")
def pair() -> tuple[Any, Any]:
    return travel_pair(story(STORY, CLOSED, port=True), replications=8)


@pytest.fixture(scope="module")
def page(pair: tuple[Any, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    comparison = fake_comparison.comparison()  # shared by all tests: given back as it was
    comparison.with_closure.journeys, comparison.without.journeys = pair
    try:
        return write(comparison, tmp_path_factory.mktemp("report") / "report.html", fake_comparison.case())
    finally:
        comparison.with_closure.journeys = comparison.without.journeys = None


def test_numbers_of_people_below_ten_are_not_told_apart() -> None:
    assert [people(value) for value in (0.0, 0.4, 1.0, 9.4, 9.6, 1234.4)] == [
        "0",
        "0",
        "<10",
        "<10",
        "10",
        "1,234",
    ]
    assert people_range(Spread(20.0, 3.0, 40.0)) == "20 (<10 to 40)"
    assert days_told(Spread(9999.0, 9999.0, 9999.0)) == "without end"
    assert days_told(Spread(500.0, 30.0, 9999.0)) == "30 days or more"
    assert dollars(Spread(float("nan"), 0.0, 0.0)) == "not given"
    assert dollars(Spread(1_500_000.0, 1_000_000.0, 2_000_000.0)) == "$1.5 million (1.0 to 2.0)"


def test_sentences_tell_shelter_list_and_what_the_closure_does(pair: tuple[Any, Any]) -> None:
    told = story_of(*pair)
    text = " ".join(told.sentences)
    assert "people reach Border" in text and "Hall holds most" in text and "in the street" in text
    assert "*20* fewer" in text or "20 fewer on 1 November 2018, and" in text
    assert "fewer by the end" in text and "go back" in text


def test_published_counts_stand_beside_simulated_ones(pair: tuple[Any, Any]) -> None:
    rows = story_of(*pair).compared
    assert [row["inside"] for row in rows] == ["within", "a claim, never simulated"]
    assert rows[1]["published"] == "42 to 69" and rows[1]["simulated"] == "-"
    assert rows[0]["what"] == "arrived in Border so far" and rows[1]["what"] == "arrested that day"


def test_ways_back_and_lists_are_told_in_words(pair: tuple[Any, Any]) -> None:
    layout = pair[0].layout
    assert words.return_named(layout, 0) == "assisted voluntary return"
    twice = replace(layout, returns=(layout.returns[0], replace(layout.returns[0], name="by-bus")))
    assert words.return_named(twice, 1) == "assisted voluntary return (by bus)"
    assert words.counted(layout, "list-length", "the-list") == "on the waiting list in Border"
    assert words.counted(layout, "taken-in", "the-list") == "taken in from the waiting list in Border so far"
    assert words.counted(layout, "returned", "back") == "gone back so far: assisted voluntary return"
    assert words.counted(layout, "sheltered", "hall") == "in hall"


def test_encounters_are_by_sector_and_month_and_hide_small_counts(pair: tuple[Any, Any]) -> None:
    told = story_of(*pair, ports={"port": "The port"})
    assert told.months == ("October 2018", "November 2018", "December 2018")
    cells = {row["what"]: row["months"] for row in told.encounters}
    few = cells["apprehensions between ports, sector Somewhere"]
    assert {cell["figure"] for cell in few} <= {"0", "<10"}
    taken = pair[0].taken[:, 12:42, 0].sum(axis=1)  # November
    found = cells["people found inadmissible at The port"][1]
    assert found == parted(people_range(spread(taken))) and found["figure"] != "0"
    # Without the names of ports that of the crossing is all there is.
    assert "people found inadmissible at port" in {row["what"] for row in story_of(pair[0]).encounters}


def test_without_a_second_run_nothing_is_said_of_closures(pair: tuple[Any, Any]) -> None:
    told = story_of(pair[0])
    assert not told.paired and "closed" not in " ".join(told.sentences)


def test_places_without_coordinates_have_no_map() -> None:
    text = STORY.replace(", lat: 20.0, lon: -100.0", "").replace(", lat: 32.5, lon: -117.0", "")
    outcome = travel(story(text, CLOSED, port=True), replications=2)
    assert route_map(outcome) is None
    assert story_of(outcome).map == ""


def test_the_map_shows_places_ways_and_coasts(pair: tuple[Any, Any]) -> None:
    drawn = route_map(pair[0])
    assert drawn is not None and drawn.ends == [(0, 1), (1, 2)]
    assert "class='coasts'" in drawn.ground and "class='borders'" in drawn.ground
    assert len(drawn.ground) < 40_000 < len(str(lands()))
    data = drawn.data([place.name for place in pair[0].layout.places], ["x"] * 60)
    assert len(data["people"]) == 3 and len(data["people"][0]) == 60 and max(data["ways"][0]) > 0


def test_the_page_holds_the_section_and_escapes_names(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert '<section id="journeys">' in text and 'href="#journeys"' in text
    assert "South &lt;town&gt;" in text and "South <town>" not in text
    assert "is outside the model" in text and "https://example.org/count" in text


def test_pages_without_journeys_have_no_section(tmp_path: Path) -> None:
    text = write(fake_comparison.comparison(), tmp_path / "r.html").read_text(encoding="utf-8")
    assert "journey" not in text.split("<style>")[0] + text.split("</style>")[1]


@pytest.mark.browser
@pytest.mark.skipif(executable() is None, reason="there is no Chromium on this machine")
def test_the_slider_moves_the_map_by_mouse_and_keyboard(page: Path) -> None:
    with Browser() as browser:
        for width in (1280, 390):
            browser.resize(width, 900, mobile=width < 500)
            browser.open(page)
            assert browser.run("document.documentElement.scrollWidth") <= width
            assert browser.run("document.querySelector('.slider').hidden") is False
            before = browser.run("document.getElementById('journey-told').textContent")
            browser.run(
                "(() => { const s = document.getElementById('journey-day'); s.value = 59;"
                " s.dispatchEvent(new Event('input')); })()"
            )
            after = browser.run("document.getElementById('journey-told').textContent")
            assert before != after and after.startswith("18 December 2018: Border")
            browser.run("document.getElementById('journey-day').focus()")
            browser.call("Input.dispatchKeyEvent", type="keyDown", key="ArrowLeft", windowsVirtualKeyCode=37)
            assert browser.run("document.getElementById('journey-day').value") == "58"
            assert (
                browser.run("document.getElementById('journey-day').getAttribute('aria-valuetext')")
                == "17 December 2018"
            )
            assert browser.run("getComputedStyle(document.querySelector('.stills')).display") == "none"
            assert browser.console == []
        browser.call("Emulation.setEmulatedMedia", media="print")
        assert browser.run("getComputedStyle(document.querySelector('.stills')).display") == "grid"
        assert browser.run("getComputedStyle(document.querySelector('.journey')).display") == "none"


def test_inputs_and_claims_of_journeys_are_listed_and_those_only_compared_with_are_not() -> None:
    case = story(
        STORY.replace("per_day: 20,", "per_day: {claims: [{value: 20, who: A}, {value: 30, who: B}]},"),
        port=True,
    )
    rows = {(row.table, row.what) for row in inputs.rows_of(case, "")}
    assert ("scenario: journeys, shelters", "hall") in rows
    assert ("scenario: journeys, routes", "south:middle") in rows
    values = {row.what: row.value.replace("\N{NO-BREAK SPACE}", " ") for row in inputs.rows_of(case, "")}
    assert "after 24 h" in values["the-list"]
    assert "start 2018-10-22," in values["g"]
    comparison = fake_comparison.comparison()
    claimed = [claim.value for claim in background.claims(comparison, case)]
    assert claimed == ["20", "30"]
    fields = [claim.field for claim in background.claims(comparison, case)]
    assert fields == ["waiting lists, the-list: per day"] * 2
