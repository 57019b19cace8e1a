"""The page "Observed and simulated": what it says of a made-up result, and that it opens anywhere."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest

from garita.report.validation import amount, observed, page_of, score_row, write
from web.devtools import Browser, executable
from web.pages import opens_everywhere, words

WAYS = ("simulation", "no effect", "all divert", "all cancel")


def figure(value: float, distance: float, **more: Any) -> dict[str, Any]:
    known = {"low": value - 1.0, "high": value + 1.0, "hours": ()}
    score = 0.0 if math.isnan(distance) else 1 / (1 + (distance / 2) ** 2)
    return {"value": value, "distance": distance, "score": score, **known, **more}


def compared(name: str, figures: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "name": name, "measure": "wait", "compare": "with", "unit": "min", "low": 240.0, "high": 240.0,
        "noise": 30.0, "weight": 1.0, "where": "otay-mesa; car", "window": "2011-09-14", "source": "a paper",
        "quality": "A", "note": "", "figures": dict(zip(WAYS, figures, strict=True)), "hours": (), **more,
    }  # fmt: skip


def result() -> dict[str, Any]:
    """Two cases that ran, with a hit, a miss, a figure that never comes and one by hour; one that did not."""
    hours = tuple(math.nan if hour < 5 else 30.0 for hour in range(24))
    by_hour = figure(33.0, 0.2, low=math.nan, high=math.nan, hours=tuple(33.0 for _ in range(24)))
    first = [
        compared("a hit", [figure(238.0, 0.07), *[figure(60.0, 6.0)] * 3]),
        compared("a <b>miss</b>",
                 [figure(60.0, 6.0), figure(200.0, 1.3), figure(700.0, 15.3), figure(60.0, 6.0)],
                 low=240.0, high=math.inf, note="read in the press"),
        compared("never", [figure(math.inf, math.inf), *[figure(math.nan, math.nan)] * 3], unit="h"),
    ]  # fmt: skip
    second = [compared("by hour", [by_hour] * 4, low=math.nan, high=math.nan, hours=hours, noise=10.0)]
    scores = dict(zip(WAYS, (0.41, 0.3, 0.2, 0.1), strict=True))
    case = {"title": "A roof falls", "about": "V5", "kind": "hours", "scores": scores, "failed": "",
            "caveats": ["Take care."], "not_run": "", "replications": 8}  # fmt: skip
    left = {**case, "name": "rail", "title": "Trains stop", "scores": {}, "compared": (),
            "not_run": "no trains are simulated"}  # fmt: skip
    roof, week = {**case, "name": "roof", "compared": first}, {**case, "name": "week", "compared": second}
    return {
        "cases": [roof, week, left],
        "overall": scores,
        "kinds": {"hours": scores},
    }  # fmt: skip


def test_it_says_what_the_scores_say() -> None:
    text = words(page_of(result()))
    assert "The simulation scores 0.41 over 2 cases" in text
    assert "That is above the best of three guesses" in text and "“no effect” with 0.30" in text
    assert (
        "Of 4 observations 2 are met within one standard deviation of their own noise, and 2 are missed"
        in text
    )
    assert "Trains stop (V5): no trains are simulated" in text
    assert "at least 240 min" in text and "not by the end" in text and "Take care." in text


def test_a_loss_is_said_too() -> None:
    lost = result()
    lost["overall"] = {**lost["overall"], "all cancel": 0.8}
    assert "That is not above the best of three guesses" in words(page_of(lost))


def test_the_best_of_a_row_is_bold_and_nothing_where_all_are_level() -> None:
    assert score_row("x", "", dict(zip(WAYS, (0.391, 0.05, 0.394, 0.2), strict=True)))["best"] == [0, 2]
    assert score_row("x", "", dict.fromkeys(WAYS, 0.4))["best"] == []


def test_text_of_cases_is_escaped() -> None:
    html = page_of(result())
    assert "<b>miss" not in html and "a &lt;b&gt;miss" in html
    assert not re.search(r"(?:src|href)=[\"'](?!#|data:)", html)


def test_nothing_run() -> None:
    nothing = {**result(), "cases": result()["cases"][2:], "kinds": {}}
    assert "No case was run." in words(page_of(nothing))


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [(0.353, "share", "35 %"), (-11.4, "%", "−11 %"), (4.0, "%", "+4.0 %"), (34361.0, "parties", "34,400"),
     (245.3, "min", "245 min"), (math.inf, "h", "not by the end")],
)  # fmt: skip
def test_amounts_are_written_as_people_do(value: float, unit: str, said: str) -> None:
    assert amount(value, unit) == said


def test_bounds_and_ranges() -> None:
    one = compared("x", [figure(1.0, 0.0)] * 4, low=-math.inf, high=20.0)
    assert observed(one) == "at most 20 min"
    assert observed({**one, "low": 5.0}) == "5.0 min to 20 min"


@pytest.mark.browser
@pytest.mark.skipif(executable() is None, reason="there is no Chromium on this machine")
def test_it_opens_on_a_screen_and_on_a_phone(tmp_path: Path) -> None:
    path = write(result(), tmp_path / "sub" / "validation.html")

    def look(browser: Browser, width: int) -> None:
        assert browser.run("document.querySelectorAll('.strip').length") >= 5

    opens_everywhere(path, look)
