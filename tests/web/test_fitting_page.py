"""The page of a fit: what it says of a made-up record, and that it opens on a screen and on a phone."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest

from garita.report.fitting import error, page_of, write
from web.devtools import Browser, executable
from web.pages import opens_everywhere, words


def line(name: str, off: float) -> dict[str, Any]:
    observed = [math.nan if hour % 24 == 3 else 30.0 + hour % 24 for hour in range(168)]
    simulated = [30.0 + hour % 24 + off for hour in range(168)]
    return {"name": name, "observed": observed, "climatology": [40.0] * 168, "simulated": simulated}


def parameter(label: str, told: bool) -> dict[str, Any]:
    return {
        "label": label, "what": "what it <is>", "unit": "min", "best": 100.0, "low": 90.0, "high": 130.0,
        "from": 60.0, "to": 300.0, "told": told, "place": 0.2, "place_low": 0.1, "place_high": 0.4,
    }  # fmt: skip


def record() -> dict[str, Any]:
    return {
        "region": "Here & There",
        "source": "fit of a_file_with_a_name_that_is_too_long_for_a_telephone_to_show_on_one_line.csv",
        "months": ["01", "02", "04"],
        "counts_of": ["2022-01", "2024-12"],
        "members": [{}, {}],
        "parameters": [parameter("horizon", True), parameter("informed share", False)],
        "scores": [
            {"month": "07", "column": "here:car:standard", "climatology": 10.0, "simulated": 8.0},
            {"month": "07", "column": "here:car:ready", "climatology": 10.0, "simulated": 10.4},
        ],
        "told": [
            {"month": "average", "lines": [line("here:car:standard", 1.0)]},
            {"month": "07", "lines": [line("here:car:standard", -5.0)]},
        ],
        "lines": [
            {"name": "here, car, standard", "daily": "9,000", "mean_s": "44", "before_s": "45",
             "least": "1.2", "most": "9.5"}
        ],
    }  # fmt: skip


def test_it_says_what_the_scores_and_the_intervals_say() -> None:
    text = words(page_of(record()))
    assert "errors are on average 8 % smaller than those of climatology" in text
    assert "They are no larger in 1 of 2 months and lines" in text
    assert "The data tell horizon; they hardly tell informed share." in text
    assert "mean absolute error 5.0 min" in text
    assert "07, not fitted" in text and "An average week" in text


def test_a_fit_that_is_no_better_or_was_not_tried_says_so() -> None:
    worse = record()
    worse["scores"][0]["simulated"] = 12.0
    assert "12 % larger than" in words(page_of(worse))
    untried = {**record(), "scores": []}
    assert "nothing here says how well a month is told" in words(page_of(untried))


def test_a_line_that_climatology_tells_without_error_has_no_share() -> None:
    exact = record()
    exact["scores"][1] |= {"climatology": 0.0, "simulated": 0.5}
    text = words(page_of(exact))
    assert "errors are on average 20 % smaller than those of climatology" in text
    assert "They are no larger in 1 of 2 months and lines" in text and " nan " not in text
    nothing = {**exact, "scores": exact["scores"][1:]}
    assert "errors are on average" not in words(page_of(nothing))


def test_hours_without_a_wait_are_left_out() -> None:
    assert error([1.0, math.nan, 3.0], [2.0, 9.0, 3.0]) == 0.5
    assert math.isnan(error([math.nan], [1.0]))
    assert "nan" not in page_of(record())


def test_text_is_escaped_and_nothing_is_asked_of_a_server() -> None:
    html = page_of(record())
    assert "<is>" not in html and "Here &amp; There" in html
    assert not re.search(r"(?:src|href)=[\"'](?!#|data:)", html)


@pytest.mark.browser
@pytest.mark.skipif(executable() is None, reason="there is no Chromium on this machine")
def test_it_opens_on_a_screen_and_on_a_phone(tmp_path: Path) -> None:
    path = write(record(), tmp_path / "sub" / "fit.html")

    def look(browser: Browser, width: int) -> None:
        assert browser.run("document.querySelectorAll('svg.chart').length") == 4

    opens_everywhere(path, look)
