"""The report as text: one file, everything escaped, every part there, whatever the comparison looks like."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import garita
from engine import helpers
from garita.engine import types
from garita.report import closed, numbers, write
from garita.report.render import script_json, sources
from garita.report.series import Window
from garita.report.view import region_of, story_of
from web import fake_comparison

SECTIONS = ("answer", "map", "hours", "people", "indicators", "inputs", "caveats", "reproduce", "definitions")


class Page(HTMLParser):
    """Ids, addresses the page would load by itself, and whether every element is closed."""

    VOID = frozenset({"meta", "link", "input", "br", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.loads: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if "id" in found:
            self.ids.append(found["id"] or "")
        if tag == "a":
            self.links.append(found.get("href") or "")
        else:
            self.loads += [
                found[name] or "" for name in ("src", "href", "srcset", "data", "action") if name in found
            ]
        assert not [name for name in found if name.startswith("on")], "script in an attribute"
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = write(
        fake_comparison.comparison(),
        tmp_path_factory.mktemp("report") / "report.html",
        fake_comparison.case(),
    )
    return path.read_text(encoding="utf-8")


def test_the_file_is_whole_and_asks_for_nothing(text: str) -> None:
    page = Page(text)
    assert page.open == []
    assert page.loads == ["data:,"]
    assert len(page.ids) == len(set(page.ids))
    assert set(SECTIONS) <= set(page.ids)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert "@import" not in text
    assert all(address.startswith("#") for address in re.findall(r"url\(([^)]*)\)", text))


def test_the_file_is_small(text: str) -> None:
    assert len(text.encode()) < 2_000_000


def test_the_first_page_answers(text: str) -> None:
    first = text[: text.index("<main>")].replace("\N{NO-BREAK SPACE}", " ")
    words = re.sub(r"<[^>]+>", "", first[first.index('id="answer"') :])
    assert "What does closing San Ysidro on a Sunday" in first
    assert "Sun 25 Nov 11:30 to between 17:05 and 18:00" in words
    assert re.search(r"peak wait of northbound cars at San Ysidro is \d+ h( \d+ min)? \(", words)
    assert "direction only" in words
    assert "person-hours" in words
    assert words.count("People who") + words.count("people") > 2
    assert re.search(r"Of the [\d,]+ \([\d,]+ to [\d,]+\) northbound cars planned for San Ysidro", words)
    assert re.search(r"each to within \d+ percentage points?\)", words)
    assert re.search(r"[\d,]+ \([\d,]+ to [\d,]+\) more people give up or do not set out", words)
    assert "proposal" not in words


def test_the_map_tells_one_direction_only(text: str) -> None:
    found = fake_comparison.comparison()
    more = found.with_closure.ledger - found.without.ledger  # [R, F, kinds, C, 2]
    elsewhere = more[:, :, 3:5, :, 1].sum(axis=(2, 3)).mean(axis=0)
    inbound = [line[1] == "inbound" for line in fake_comparison.LINES]
    told = sum(flow.people.value for flow in story_of(found).moves)
    assert told == pytest.approx(elsewhere[inbound].sum())
    assert told != pytest.approx(elsewhere.sum())  # others do cross elsewhere southbound
    assert "longest northbound waits" in text


def test_times_say_their_zone(text: str) -> None:
    assert "America/Los_Angeles, PST" in text


def test_the_model_says_what_it_does_not_do(text: str) -> None:
    for words in (
        "chooses no means of force",
        "inputs are counts",
        "does not forecast crossings between ports",
    ):
        assert words in text
    assert "Southbound traffic is not counted" in text


def test_claims_name_their_voices(text: str) -> None:
    assert "UPI &lt;wire&gt;" in text
    assert 'href="https://example.org/ap"' in text


def test_definitions_stand_in_the_annex(text: str) -> None:
    assert 'id="d-peak_wait"' in text
    assert 'id="d-time_to_recover"' in text


def test_gross_flows_stand_apart(text: str) -> None:
    assert "These are decisions, not outcomes" in text
    assert "gross_" not in text[: text.index('id="definitions"')]


def test_the_same_comparison_gives_the_same_bytes(text: str, tmp_path: Path) -> None:
    again = garita.report(
        fake_comparison.comparison(), tmp_path / "deep" / "er" / "report.html", fake_comparison.case()
    )
    assert again.read_text(encoding="utf-8") == text
    assert [path.name for path in again.parent.iterdir()] == ["report.html"]


NASTY = "</script><script>alert(1)</script><img src=x onerror=alert(2)> & \"quotes\" 'too' \x07\x00"


def test_what_users_write_is_shown_not_run(tmp_path: Path) -> None:
    case = fake_comparison.case(text=NASTY)
    case.scenario.title, case.scenario.question, case.scenario.notes = NASTY, NASTY, [NASTY]
    case.claims = lambda: [{"field": NASTY, "value": NASTY, "who": NASTY, "source": "javascript:alert(3)"}]
    text = write(fake_comparison.comparison(2), tmp_path / "report.html", case).read_text(encoding="utf-8")
    page = Page(text)
    assert page.loads == ["data:,"]
    assert text.count("<script") == 3
    assert not re.search("[\x00-\x08]", text)
    assert not [link for link in page.links if not link.startswith(("#", "https://", "http://"))]


def test_without_a_closure_it_says_so(tmp_path: Path) -> None:
    text = write(fake_comparison.comparison(2, ""), tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Nothing is closed in this scenario" in text
    assert Page(text).open == []


def test_closed_for_good(tmp_path: Path) -> None:
    comparison = fake_comparison.comparison(2, "for good")
    text = write(comparison, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "for good" in text
    assert "after the reopening" not in text[: text.index('id="definitions"')]
    assert Page(text).open == []


def test_one_history_has_no_intervals(tmp_path: Path) -> None:
    text = write(fake_comparison.comparison(1), tmp_path / "report.html").read_text(encoding="utf-8")
    assert "no interval can be given" in text
    assert "nan" not in re.sub(r'data-sort="nan"|<script.*?</script>', "", text, flags=re.S).lower().split()


def test_curves_are_cut_to_the_days_that_differ() -> None:
    story = story_of(fake_comparison.comparison())
    assert story.clock.at(0) == "Sun 25 Nov 00:00"
    assert "Sat 24 Nov 00:00" in story.shown
    assert {line.wait_with.mid.shape for line in story.lines} == {(story.clock.bins,)}


def test_days_that_differ_before_the_closing_are_drawn_too() -> None:
    comparison = fake_comparison.comparison.__wrapped__()
    comparison.with_closure.counts[types.WAIT_SUM][..., 40:44] *= 9.0  # on Saturday; the closing is on Sunday
    assert story_of(comparison).clock.at(0) == "Sat 24 Nov 00:00"


@pytest.mark.parametrize(
    ("modes", "told"), [(["car", "bus"], "With San Ysidro closed"), (["car"], "San Ysidro partly closed")]
)
def test_a_crossing_of_which_some_lines_stay_open_is_partly_closed(modes: list[str], told: str) -> None:
    comparison = fake_comparison.comparison.__wrapped__()
    shut = [
        flow.crossing.startswith("san-ysidro") and flow.mode in {*modes, "pedestrian"}
        for flow in comparison.layout.flows
    ]
    comparison.timing.closed = comparison.timing.wholly_closed = np.array(shut)
    assert told in story_of(comparison).answer[0].text


@pytest.mark.parametrize(
    ("differs", "told"),
    [
        ({}, "Closed: San Ysidro vehicles, cars and buses, both ways, from"),
        (
            {"share": 0.5},
            "Partly closed: San Ysidro vehicles, cars and buses, both ways, 50 % of the capacity, from",
        ),
        ({"share": None, "lanes": 2}, "cars and buses, both ways, 2 lanes of each line, from"),
        (
            {"exempt": ["citizens", "permanent-residents"]},
            "both ways, except citizens and permanent residents, from",
        ),
    ],
)
def test_how_far_and_for_whom_a_crossing_is_closed(differs: dict[str, Any], told: str) -> None:
    comparison = fake_comparison.comparison()
    one = {
        "crossings": ["san-ysidro-vehicles"],
        "directions": ["inbound", "outbound"],
        "modes": ["car", "bus"],
    }
    one |= {"lane_types": None, "start_utc": fake_comparison.SHUT_FROM, "until_utc": None, "reason": ""}
    closures = tuple((one | differs,) for _ in range(comparison.layout.replications))
    layout = replace(comparison.layout, closures=closures)
    [text] = closed.told(SimpleNamespace(layout=layout), Window(comparison))
    assert told in text.replace("\xa0", " ") and text.endswith("for good.")
    assert layout.wholly_closed_flows(closures[0][0]).any() == (not differs)


def test_what_else_belongs_to_the_event_is_said() -> None:
    fewer = {"crossing": "a", "from": "2018-11-05 10:00", "until": "2018-11-05 12:00", "factor": 0.5}
    scenario = helpers.case([helpers.flow(per_hour=60)], staffing=[fewer | {"event": True}]).scenario
    said = ("Part of the event too, and not there in the days without it: staffing (a).",)
    assert closed.besides(SimpleNamespace(names=()), scenario) == said
    assert closed.besides(SimpleNamespace(names=("one", "other")), scenario) == ()


def test_undisturbed_waits_are_not_said_to_be_so_after_the_reopening() -> None:
    comparison = fake_comparison.comparison.__wrapped__()
    calm = [replace(one, disturbed=False) for one in comparison.recoveries]
    comparison.recoveries = calm
    last = story_of(comparison).key_figures[-1]
    assert (last.value, last.detail) == ("not disturbed", "")


def test_a_region_without_a_name_goes_by_its_identifier() -> None:
    region = SimpleNamespace(name=None, id="my-region")
    case = SimpleNamespace(scenario=SimpleNamespace(region=region))
    assert region_of(fake_comparison.comparison(), case) == "my-region"


def test_no_wait_has_an_interval_below_zero() -> None:
    comparison = fake_comparison.comparison.__wrapped__()
    wide = [
        replace(
            one,
            with_closure=replace(one.with_closure, low=-90.0),
            without=replace(one.without, low=-5.0),
        )
        for one in comparison.peaks
    ]
    comparison.peaks = wide
    story = story_of(comparison)
    told = [story.answer[0].text, *(one.detail for one in story.key_figures[:2])]
    assert all("0 min to" in text.replace(numbers.GLUE, " ") and "−" not in text for text in told), told


def test_closures_are_shaded_by_the_share_of_histories_they_hold_in() -> None:
    story = story_of(fake_comparison.comparison())
    spans = next(line for line in story.lines if line.id == "san-ysidro-vehicles:inbound:car:standard").closed
    assert spans[0].share == 1.0
    assert spans[-1].share == 0.5  # half of the histories reopen later
    assert story.clock.at(spans[0].start) == "Sun 25 Nov 11:30"
    assert next(line for line in story.lines if line.id == "tecate:inbound:car:standard").closed == ()


def test_final_outcomes_add_up() -> None:
    story = story_of(fake_comparison.comparison())
    for base in ("parties", "people"):
        pairs = [getattr(one, base) for one in story.outcomes]
        assert sum(pair.difference.value for pair in pairs) == pytest.approx(0.0, abs=1e-6)
        assert sum(pair.with_.value for pair in pairs) == pytest.approx(
            sum(pair.without.value for pair in pairs)
        )


def test_json_in_the_page_cannot_end_its_element() -> None:
    assert "<" not in script_json({"a": "</script>&"})


def test_sources_become_links_only_where_they_are_addresses() -> None:
    pieces = list(
        sources("[BTS], see https://example.org/a_(b). And javascript:alert(1)", {"BTS": "#source-0"})
    )
    assert [piece["link"] for piece in pieces if piece["link"]] == ["#source-0", "https://example.org/a_(b"]
    assert "".join(piece["text"] for piece in pieces).endswith("And javascript:alert(1)")
