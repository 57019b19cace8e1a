"""The packaged story beside published counts up to 16 November 2018; and what the page says of it."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import garita
from garita.outcomes import JourneyOutcome
from garita.outcomes import journey_figures as figures
from garita.runs import travel_pair

pytestmark = pytest.mark.slow
FACTS = Path("/work/shared/data/facts-2018-11-25.csv")
PAGE = Path(__file__).parents[2] / "docs" / "background" / "story.md"


@cache
def pair() -> tuple[JourneyOutcome, JourneyOutcome]:
    return travel_pair(garita.load("san-ysidro-2018"), replications=400)


def quantiles(values: Any) -> list[float]:
    return [float(each) for each in np.quantile(values, (0.05, 0.5, 0.95))]


def test_every_count_up_to_16_november_lies_among_the_histories() -> None:
    outcome = pair()[0]
    until = (date(2018, 11, 16) - outcome.layout.date(0)).days
    rows = [row for row in figures.compared(outcome) if row.day <= until]
    assert [row.what for row in rows].count("arrived") == 5 and len(rows) == 6
    assert [row for row in rows if not row.inside] == []


def test_arrivals_are_early_by_a_day_and_not_by_three() -> None:
    outcome = pair()[0]
    place = [one.id for one in outcome.layout.places].index("tijuana")
    so_far = np.median(outcome.reached[:, :, place].cumsum(axis=1), axis=0)
    late = []
    for row in figures.compared(outcome):
        if row.what == "arrived" and outcome.layout.date(row.day) <= date(2018, 11, 16):
            late.append(row.day - int(np.searchsorted(so_far, row.nominal)))
    assert 0 <= np.mean(late) <= 3


def test_the_published_counts_are_those_of_the_shared_facts() -> None:
    if not FACTS.is_file():
        pytest.skip(f"{FACTS} is not there")
    with FACTS.open(encoding="utf-8", newline="") as file:
        text = " ".join(row["value"] for row in csv.DictReader(file)).replace(",", "")
    for row in pair()[0].layout.published:
        for value in {row.low, row.high}:
            assert f"{value:.0f}" in text, row


@pytest.mark.parametrize(
    ("day", "number"), [("2018-12-01", 4900), ("2018-12-15", 2900), ("2018-12-31", 1300)]
)
def test_the_page_tells_what_the_simulation_says(day: str, number: int) -> None:
    outcome = pair()[0]
    at = (date.fromisoformat(day) - outcome.layout.date(0)).days
    low, middle, high = quantiles(outcome.sheltered[:, at].sum(axis=1))
    assert middle == pytest.approx(number, abs=60)
    told = f"{number:,} ({round(low, -2):,.0f} to {round(high, -2):,.0f})"
    assert told in PAGE.read_text(encoding="utf-8")


def test_the_closure_takes_people_s_turn_and_nobody_makes_up_for_it() -> None:
    outcome, without = pair()
    fewer = (without.taken - outcome.taken)[:, :, 0]
    at = (date(2018, 11, 25) - outcome.layout.date(0)).days
    assert (fewer[:, :at] == 0).all() and (fewer[:, at] > 20).all()
    assert np.median(fewer.sum(axis=1)) == pytest.approx(40, abs=10)


def test_it_takes_a_second_or_two() -> None:
    import time

    case = garita.load("san-ysidro-2018")
    travel_pair(case)
    begin = time.process_time()
    travel_pair(case)
    assert time.process_time() - begin < 2.0
