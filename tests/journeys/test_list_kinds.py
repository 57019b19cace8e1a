"""Families and unaccompanied children on waiting lists, and forecasts of the wait with intervals."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from garita import cli
from garita.build.journey_lists import _waiting
from garita.errors import ScenarioError
from garita.outcomes import JourneyOutcome
from garita.outcomes.forecasts import forecast
from garita.report.journey_waits import forecast_charts, who_waits
from journeys.stories import HEAD, story, told

STORY = """\
journeys:
  from: 2018-10-01
  days: 40
  places: [{id: a}, {id: d}]
  routes: [{from: a, to: d, km: 20}]
  groups: [{name: g, place: a, to: d, from: 2018-10-02, per_day: 60, until: 25 days}]
  waiting_lists:
    - {name: l, place: d, per_day: 25, waiting: 300, waited: 10 days, others: 12, after: 1 day, MORE}
"""
FAMILIES = "{name: families, share: 0.4, no_show: 0.3, together: 4}"
CHILDREN = "{name: unaccompanied-children, share: 0.1, registers: 0}"


def listed(more: str, **how) -> JourneyOutcome:
    return told(STORY.replace("MORE", more), **how)


@pytest.mark.slow
def test_kinds_add_up_to_the_list_and_who_may_not_register_is_not_on_it():
    outcome = listed(f"no_show: 0.05, kinds: [{FAMILIES}, {CHILDREN}]", replications=16)
    assert [one.kind for one in outcome.layout.list_kinds] == ["families", "unaccompanied-children", "rest"]
    for name in ("listed", "registered", "called", "taken"):
        assert (outcome.arrays[f"{name}_by"].sum(axis=2) == outcome.arrays[name][:, :, 0]).all(), name
    families, children, rest = np.moveaxis(outcome.registered_by.sum(axis=1), 1, 0).astype(float)
    assert children.max() == 0 == outcome.listed_by[:, :, 1].max()
    share = families / (families + rest)  # of those who register: 0.4 of 0.9
    assert abs(share.mean() - 0.4 / 0.9) < 3 * share.std() / np.sqrt(len(share))
    called, taken = (outcome.arrays[name].sum(axis=1) for name in ("called_by", "taken_by"))
    gone = 1.0 - taken / np.maximum(called, 1)
    for at, chance in ((0, 0.3), (2, 0.05)):
        assert abs(gone[:, at].mean() - chance) < 3 * gone[:, at].std() / np.sqrt(len(gone))
    at_d = outcome.present[:, -1, 1] - outcome.listed[:, -1, 0]
    arrived = outcome.reached[:, :, 1].sum(axis=1)
    assert 0.07 < (at_d / arrived).mean() < 0.13  # who may not register is still there


def test_kinds_under_the_same_rules_change_nothing_of_the_list():
    plain = listed("no_show: 0", replications=3)
    apart = listed(
        "no_show: 0, kinds: [{name: x, share: 0.3}, {name: y, share: 0.3, together: 5}]", replications=3
    )
    for name in (
        "listed",
        "registered",
        "called",
        "taken",
        "expected",
        "called_of",
        "waited",
        "still_listed",
    ):
        assert np.array_equal(plain.arrays[name], apart.arrays[name]), name


@pytest.mark.slow
def test_families_come_or_stay_away_as_one():
    outcome = listed(
        "no_show: 0.05, kinds: [{name: families, share: 1, no_show: 0.3, together: 5}]", replications=4
    )
    missing = (outcome.called_by - outcome.taken_by)[:, :, 0]
    assert (missing % 5 == 0).all() and missing.max() >= 10 and outcome.registered_by[:, :, 1].max() == 0
    alone = listed("kinds: [{name: families, share: 1, no_show: 0.3}]", replications=4)
    assert (missing.std() > (alone.called_by - alone.taken_by)[:, :, 0].std() * 1.3).all()


@pytest.mark.slow
def test_numbers_of_several_people_and_holding_places_are_of_the_whole_list():
    outcome = listed(f"people_per_number: 10, holding: 40, held: 2 days, kinds: [{FAMILIES}]", replications=3)
    assert (outcome.called[:, :, 0] % 10 == 0)[outcome.listed[:, :, 0] > 10].all()
    assert outcome.called.max() <= 40


def test_those_listed_before_are_shared_out_whole():
    found = _waiting(1234, 30, 40, np.array([0.31, 0.0, 0.69]))
    assert found.min() == 0 and found[:, :10].sum() == 0 and found[1].sum() == 0
    assert (found.sum(axis=0)[10:] >= 41).all() and found.sum() == 1234
    assert abs(found[0].sum() - 0.31 * 1234) < 1


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        ("{name: x, share: 0.7}, {name: y, share: 0.6}", "people-above-one"),
        ("{name: x, share: 0.2}, {name: x, share: 0.1}", "duplicate-name"),
        ("{name: rest, share: 0.2}", "duplicate-name"),
        ("{name: x}", "missing-field"),
        ("{name: x, share: 0.2, registers: 2}", "out-of-range"),
    ],
)
def test_kinds_that_cannot_be_are_refused(kinds, code):
    with pytest.raises(ScenarioError) as refused:
        story(STORY.replace("MORE", f"kinds: [{kinds}]"))
    assert [problem.code for problem in refused.value.problems] == [code]


def test_shares_drawn_beyond_one_are_scaled_down():
    wide = "{name: x, share: {range: [0.8, 0.9]}}, {name: y, share: {range: [0.8, 0.9]}}"
    outcome = listed(f"kinds: [{wide}]")
    assert outcome.registered_by[0, :, 2].sum() == 0 and outcome.registered_by[0, :, :2].sum() > 500


@pytest.mark.slow
def test_a_forecast_is_what_a_longer_story_shows():
    short = STORY.replace("others: 12", "others: 0").replace("per_day: 25,", "per_day: {range: [20, 30]},")
    whole = told(short.replace("days: 40", "days: 120").replace("MORE", "no_show: 0"), replications=20)
    outcome = told(short.replace("MORE", "no_show: 0"), replications=20)
    found, later = forecast(outcome, 0), forecast(whole, 0)
    registered = np.flatnonzero(np.isfinite(found.registered).all(axis=0))
    assert (found.called[:, registered[-1]] == 0).all() and (later.called[:, registered] == 1).all()
    error = np.abs(found.registered[:, registered] - later.registered[:, registered])
    assert error.max() < 1.5 and later.registered[:, registered[-1]].mean() > 30


def test_the_wait_since_arrival_is_that_since_registration_and_the_days_before():
    outcome = listed("no_show: 0")  # who arrives registers the next day
    found = forecast(outcome, 0)
    assert found.arrived[0, 5] == pytest.approx(found.registered[0, 6] + 1)
    slow = outcome.arrays | {"after_days": np.array([[4.0]])}
    by_day = forecast(JourneyOutcome(outcome.layout, slow), 0)
    weights = 0.25 * 0.75 ** np.arange(34)
    wanted = (weights * (by_day.registered[0, 6:] + np.arange(1, 35))).sum() / weights.sum()
    assert by_day.arrived[0, 5] == pytest.approx(wanted)


def test_a_list_that_stands_still_has_no_end():
    outcome = listed("no_show: 0")
    still = told(STORY.replace("MORE", "no_show: 0").replace("per_day: 25", "per_day: 0"))
    assert forecast(still, 0).registered[0, 10] == 9999
    row = outcome.forecasts.iloc[10]
    assert row.wait_days_low <= row.wait_days <= row.wait_days_high and row.told_days > 5


@pytest.mark.slow
def test_they_are_stored_told_and_shown(tmp_path):
    text = STORY.replace("MORE", f"kinds: [{FAMILIES}, {CHILDREN}]")
    outcome = told(text, replications=2)
    assert {"list_kinds.parquet", "forecasts.parquet"} <= set(outcome.save(tmp_path))
    again = JourneyOutcome.open(tmp_path)
    assert again.digest == outcome.digest and again.layout == outcome.layout
    assert (
        len(outcome.list_kinds) == 2 * 40 * 3 and told(STORY.replace("MORE", "no_show: 0")).list_kinds.empty
    )
    assert [row["kind"] for row in who_waits(outcome)] == ["families", "unaccompanied children", "rest"]
    assert [chart["name"][-7:] for chart in forecast_charts(outcome, 0, "The list")] == ["tration", "arrival"]
    path = tmp_path / "scenario.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    shown = CliRunner().invoke(cli.app, ["journeys", str(path), "--json"])
    assert "l, unaccompanied-children" in json.loads(shown.stdout)["waiting_lists"]


def test_results_without_the_days_until_registration_have_no_wait_since_arrival(tmp_path):
    outcome = listed("no_show: 0")
    old = {name: array for name, array in outcome.arrays.items() if name != "after_days"}
    JourneyOutcome(outcome.layout, old).save(tmp_path, parquet=False)
    again = JourneyOutcome.open(tmp_path)
    assert np.isnan(forecast(again, 0).arrived).all() and len(forecast_charts(again, 0, "l")) == 1
