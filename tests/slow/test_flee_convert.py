"""Shared conflicts converted to scenarios: how far their camps are from registered counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from garita.flee.arrivals import arrivals, camps
from garita.flee.calendar import calendar
from garita.flee.convert import scenario_text
from garita.flee.measures import relative_difference
from garita.runs import travel
from garita.scenario.case import loads
from garita.sources.flee import read_instance

pytestmark = pytest.mark.slow
SHARED = Path("/work/shared/data/flee")


@pytest.mark.parametrize(("name", "error"), [("mali2012", 0.27), ("burundi2015", 0.40), ("tigray2020", 0.16)])
def test_a_converted_conflict_is_as_far_from_the_counts_as_the_page_says(name: str, error: float) -> None:
    if not (SHARED / name).is_dir():
        pytest.skip(f"{SHARED / name} is not there")
    instance = read_instance(SHARED / name)
    outcome = travel(loads(scenario_text(instance)), replications=1)
    ids = [place.name for place in outcome.layout.places]
    simulated = outcome.present[0][:, [ids.index(camp) for camp in camps(instance)]].astype(int)
    registered = arrivals(instance, calendar(instance, "garita")).registered
    assert relative_difference(simulated, registered).rescaled == pytest.approx(error, abs=0.01)
