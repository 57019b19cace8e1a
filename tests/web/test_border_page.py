"""The page of a whole border: its sentences and tables of made-up days, and that it opens everywhere."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from garita.report.border import page_of, write
from garita.report.border_map import Region, draw
from garita.report.model import Place
from garita.runs.border import BorderOutcome, Day
from garita.runs.border_totals import by_day
from garita.runs.rail import CONTAINER, TRAIN
from garita.scenario.border import Border, load_border
from web.devtools import Browser, executable
from web.pages import opens_everywhere, words

SCENARIO = """\
garita: 1
title: Two <small> ones close
regions: [columbus, lukeville]
start: 2018-03-05
days: 3
closures:
  - {name: shut, crossing: all, modes: [car, truck], from: 2018-03-05 00:00, until: for good, notice: none}
"""


@pytest.fixture(scope="module")
def border(tmp_path_factory: pytest.TempPathFactory) -> Border:
    path = tmp_path_factory.mktemp("border") / "two.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return load_border(path)


def history(more: float, open_to: tuple[str, ...] = (), days: int = 3) -> list[Day]:
    """Days with 1,000 cars of two at Columbus, 500 at Lukeville, 100 trucks, a train; ``open_to`` some."""
    found = []
    for number in range(days):
        day = date(2018, 3, 5) + timedelta(days=number)
        for region, mode, count, people in (
            ("columbus", "car", 1000.0, 2.0), ("columbus", "pedestrian", 800.0, 1.0),
            ("columbus", "truck", 100.0, 1.0), ("columbus", TRAIN, 1.0, 0.0),
            ("columbus", CONTAINER, 40.0, 0.0), ("lukeville", "car", 500.0, 2.0),
        ):  # fmt: skip
            count *= more
            left = count if mode in open_to else 0.0
            queued = (0.0, 0.0) if mode in (TRAIN, CONTAINER) else (count, count)
            waits = (12.0 if left else 0.0, 30.0)
            usd = (count - left) * {"truck": 30_000.0, CONTAINER: 50_000.0}.get(mode, 0.0)
            both = (left * people, count * people)
            found.append(Day(region, region, day, mode, queued, (left, count), both, waits, usd))
    return found


def outcome(open_to: tuple[str, ...] = (), paired: bool = True, days: int = 3) -> BorderOutcome:
    rows = history(1.0, open_to, days)
    histories = np.stack([by_day(history(more, open_to, days)) for more in (0.9, 1.0, 1.1)])
    about = {"replications": 3, "seed": 7, "regions": {"columbus": "aa", "lukeville": "bb"}}
    return BorderOutcome("Two", rows, paired, about, histories)


def test_it_says_what_is_stopped_and_where(border: Border) -> None:
    text = words(page_of(outcome(), border))
    assert "On an average day 3,900 people do not cross who otherwise would, 100 % of all" in text
    assert "3,000 in cars, 800 on foot and 100 in trucks" in text
    assert (
        "100 trucks and 1 train with 40 loaded containers a day, with imports worth 5.0 million USD" in text
    )
    assert "over the 3 days 15 million USD" in text
    assert "Columbus-Palomas (74 %) and Lukeville-Sonoyta (26 %)" in text
    assert "Nobody crosses in a car" in text
    assert "middle 90 % of 3 simulated histories" in text
    assert re.search(r"All regions 3,900 3,900 100 100 5\.0 30 –", text)
    assert "garita run two --replications 3 --seed 7" in text


def test_who_still_crosses_waits_and_goods_that_go_on_are_told(border: Border) -> None:
    text = words(page_of(outcome(("car", "truck", TRAIN, CONTAINER)), border))
    assert "Goods go on: 100 trucks and 1 train a day, as without the closure." in text
    assert "800 people do not cross who otherwise would, 21 % of all: 800 on foot." in text
    assert "Who still crosses in a car waits 12 min on average; without the closure it is 30 min." in text
    nothing = words(page_of(outcome(("car", "pedestrian", "truck", TRAIN, CONTAINER)), border))
    assert "People cross as before: 3,900 on an average day." in nothing


def test_days_without_a_closure_tell_what_crosses(border: Border) -> None:
    ordinary = outcome(("car", "pedestrian", "truck", TRAIN, CONTAINER), paired=False, days=365)
    text = words(page_of(ordinary, border))
    assert "On an average day 3,900 people come in: 1,500 cars, 800 pedestrians and 100 trucks" in text
    assert "1.4 million people" in text and "Who comes in a car waits 12 min" in text
    assert "stopped" not in text.split("Caveats")[0] and "--year" in text
    assert "1 Apr" in text and "15 Apr" not in text  # a year has no room for more


def test_bands_hold_the_histories_and_one_history_has_none(border: Border) -> None:
    assert "class='band with'" in page_of(outcome(), border)
    single = replace(outcome(), histories=outcome().histories[1:2])
    html = page_of(single, border)
    assert "one history, so there is no band" in words(html)
    assert "One simulated history." in words(html)


def test_inputs_have_their_shares_and_sources(border: Border) -> None:
    html = page_of(outcome(), border)
    text = words(html)
    assert re.search(r"Of [\d,]+ input figures, \d+ % are measured, \d+ % derived", text.replace("\xa0", " "))
    assert "Columbus-Palomas" in text.split("Figures by region")[1]
    assert "closures[0] shut" in text
    assert "Two &lt;small&gt; ones close" in html and "<small>" not in html
    assert not re.search(r"(?:src|href)=[\"'](?!#|data:|https?://)", html) and "<script" not in html


def test_a_map_without_coordinates_is_none_and_an_unlocated_port_is_left_out() -> None:
    nowhere = Place("x", "X", "x", "X", float("nan"), float("nan"))
    there = Place("y", "Y", "y", "Y", 31.8, -107.6)
    assert draw([Region("a", "A", (nowhere,), 10.0, 5.0)], True) is None
    drawn = draw(
        [Region("a", "A", (nowhere,), 10.0, 5.0), Region("b", "B", (there, nowhere), 10.0, 5.0)], True
    )
    assert drawn is not None and drawn.order == ("b",)
    assert "B: 10 people a day, 5 stopped" in drawn.wide and "A:" not in drawn.wide


@pytest.mark.browser
@pytest.mark.skipif(executable() is None, reason="there is no Chromium on this machine")
def test_it_opens_on_a_screen_and_on_a_phone(border: Border, tmp_path: Path) -> None:
    path = write(outcome(), border, tmp_path / "sub" / "report.html")

    def look(browser: Browser, width: int) -> None:
        assert browser.run("document.querySelectorAll('svg.chart').length") == 3
        shown = "[...document.querySelectorAll('svg.map')].filter(one => one.clientWidth).length"
        assert browser.run(shown) == 1

    opens_everywhere(path, look)
