"""Properties of times, durations, quantities and draws."""

from __future__ import annotations

import json
import math
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from garita.scenario import Scenario, loads
from garita.scenario.quantiles import gamma_quantile, lower_gamma, quantile
from garita.scenario.resolve import uniform
from garita.scenario.times import LocalTime, minutes_of, moment_of, parse_clock, parse_duration, parse_time
from scenario.region_fake import fake_region
from scenario.texts import DESIGN, FULL

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
moments = st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)
zones = st.sampled_from(["America/Los_Angeles", "America/Chicago", "Europe/Warsaw", "UTC"]).map(ZoneInfo)


@quick
@given(moments, st.none() | st.integers(-14 * 60, 14 * 60))
def test_a_time_that_is_written_is_read_back(moment, offset):
    time = LocalTime(moment, offset)
    assert parse_time(str(time)) == time


@quick
@given(moments)
def test_the_forms_of_a_time_mean_the_same(moment):
    moment = moment.replace(second=0)
    half = moment.strftime("%I:%M %p")
    texts = [
        moment.strftime("%Y-%m-%dT%H:%M"),
        moment.strftime("%Y-%m-%d %H:%M:00"),
        f"{moment.day} {moment.strftime('%b')} {moment.year} {half}",
        f"{moment.strftime('%A')}, {moment.strftime('%B')} {moment.day}, {moment.year} {half.lower()}",
    ]
    assert {parse_time(text) for text in texts} == {LocalTime(moment)}


@quick
@given(moments, zones)
def test_a_time_has_trouble_exactly_when_clocks_skip_or_repeat_it(moment, zone):
    trouble = LocalTime(moment).trouble(zone)
    back = (
        moment.replace(tzinfo=zone).astimezone(ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None, fold=0)
    )
    if trouble is None:
        assert back == moment
        assert moment_of(minutes_of(LocalTime(moment).aware(zone)), zone).replace(tzinfo=None) == moment
    elif trouble[0] == "time-nonexistent":
        assert back != moment
    else:
        first, second = (parse_time(trouble[1][name]).aware(zone) for name in ("first", "second"))
        assert second.timestamp() - first.timestamp() > 0
        assert {first.replace(tzinfo=None, fold=0), second.replace(tzinfo=None, fold=0)} == {moment}


@quick
@given(st.floats(0, 1e6, allow_nan=False))
def test_a_duration_that_is_written_is_read_back(minutes):
    assert parse_duration(f"{minutes!r} min") == minutes


def test_durations_times_and_clocks_of_all_sorts():
    written = ("90 s", "1.5h", "1 h 30 min", "2 hours and 3 minutes", "1 week")
    assert [parse_duration(text) for text in written] == [1.5, 90.0, 90.0, 123.0, 10080.0]
    assert [parse_duration(text) for text in ("", "5", "h", "5 x", "five min", "5 min later")] == [None] * 6
    assert parse_time("2018-11-25 24:00") == LocalTime(datetime(2018, 11, 26))
    assert parse_time("25 Sept 2018 12 am") == LocalTime(datetime(2018, 9, 25))
    assert parse_time("2018-11-25 11:30 -0800").offset == -480 and parse_time("2018-11-25 11:30Z").offset == 0
    wrong = [
        "2018-11-25 11",
        "2018-11-25 13 pm",
        "2018-11-25 24:30",
        "2018-11-25 11:60",
        "25 Foo 2018",
        "1200-01-01",
    ]
    wrong += ["2018-11-25 11:30 +15:00", "2018-11-25 11:30 +01:70", "25 11 2018", "x"]
    assert [parse_time(text) for text in wrong] == [None] * len(wrong)
    assert parse_clock("5:07") == "05:07" and parse_clock("24:00") == "24:00"
    assert parse_clock("24:01") is parse_clock("12:60") is parse_clock("noon") is None


@quick
@given(st.floats(0.05, 200.0), st.floats(1e-6, 1 - 1e-6))
def test_the_gamma_quantile_inverts_the_distribution(shape, u):
    assert lower_gamma(shape, gamma_quantile(shape, u)) == pytest.approx(u, abs=1e-9)


def test_quantiles_against_scipy():
    stats = pytest.importorskip("scipy.stats")
    for u in (0.001, 0.25, 0.5, 0.9, 0.999):
        pairs = [
            (quantile("normal", {"mean": 3.0, "sd": 2.0}, u), stats.norm(3, 2)),
            (
                quantile("lognormal", {"mean": 3.0, "cv": 0.5}, u),
                stats.lognorm(math.sqrt(math.log(1.25)), 0, 3 / 1.25**0.5),
            ),
            (quantile("uniform", {"low": 3.0, "high": 5.0}, u), stats.uniform(3, 2)),
            (quantile("triangular", {"low": 1.0, "mode": 2.0, "high": 5.0}, u), stats.triang(0.25, 1, 4)),
            (quantile("exponential", {"mean": 3.0}, u), stats.expon(0, 3)),
            (quantile("erlang", {"mean": 3.0, "shape": 3.0}, u), stats.gamma(3, 0, 1)),
            (quantile("gamma", {"mean": 3.0, "cv": 2.0}, u), stats.gamma(0.25, 0, 12)),
        ]
        for ours, theirs in pairs:
            assert ours == pytest.approx(theirs.ppf(u), rel=1e-9)
    assert quantile("deterministic", {"mean": 3.0}, 0.3) == 3.0
    assert quantile("triangular", {"low": 2.0, "mode": 2.0, "high": 2.0}, 0.3) == 2.0
    assert lower_gamma(2.0, 0.0) == 0.0


def test_draws_are_uniform_and_keyed_by_seed_replication_and_path():
    draws = [uniform(1, i, "a") for i in range(4000)]
    assert min(draws) > 0 and max(draws) < 1
    assert sum(draws) / 4000 == pytest.approx(0.5, abs=0.02)
    assert uniform(1, 2, "a") == uniform(1, 2, "a") != uniform(1, 2, "b")
    assert uniform(2, 2, "a") != uniform(1, 2, "a") != uniform(1, 3, "a")


def test_claims_are_drawn_by_weight():
    case = loads(FULL)
    drawn = [case.resolve(i).behaviour.informed_share for i in range(600)]
    assert drawn.count(0.6) / 600 == pytest.approx(0.75, abs=0.06)
    counts = [case.resolve(i).lanes[1].lanes for i in range(600)]
    assert all(counts.count(n) / 600 == pytest.approx(1 / 3, abs=0.07) for n in (2, 3, 4))


def test_times_are_drawn_from_distributions():
    text = DESIGN.replace(
        "from: 2018-11-25 11:30", "from: {distribution: normal, mean: 2018-11-25 11:30, sd: 10 min}"
    )
    starts = [loads(text).resolve(i).closures[0].start for i in range(100)]
    middle = datetime(2018, 11, 25, 11, 30, tzinfo=ZoneInfo("America/Los_Angeles"))
    assert len(set(starts)) > 90
    assert all(abs(start - middle) < timedelta(hours=1) for start in starts)


def test_a_draw_outside_the_bounds_is_put_at_the_bound():
    text = DESIGN.replace("notice: none", "share: {distribution: normal, mean: 0.9, sd: 0.5}")
    shares = [loads(text).resolve(i).closures[0].share for i in range(60)]
    assert max(shares) == 1.0 and min(shares) >= 0.0


def test_other_entries_touch_no_draw():
    case = loads(FULL)
    more = FULL.replace("staffing:\n", "staffing:\n  - {crossing: otay-mesa, factor: {range: [0.5, 2]}}\n")
    more = more.replace("behaviour:\n", "behaviour:\n  later_share: {range: [0.1, 0.2]}\n")
    for i in range(5):
        one, two = case.resolve(i), loads(more).resolve(i)
        assert one.closures == two.closures and one.demand == two.demand
        assert one.staffing == two.staffing[1:]
        assert one.behaviour.informed_share == two.behaviour.informed_share


single = st.floats(0, 1, allow_nan=False)
weights = st.floats(0.1, 10)
claims = st.builds(
    lambda values: {"claims": [{"value": value, "who": "x", "weight": weight} for value, weight in values]},
    st.lists(st.tuples(single, weights), min_size=1, max_size=4),
)
ranges = st.builds(lambda a, b: {"range": sorted([a, b])}, single, single)
normal = st.builds(lambda m, s: {"distribution": "normal", "mean": m, "sd": s}, single, single)
share = single | claims | ranges | normal
closures = st.fixed_dictionaries(
    {
        "crossing": st.sampled_from(["san-ysidro", "tecate", "all"]),
        "from": moments.map(lambda moment: str(LocalTime(moment.replace(year=2018, day=1, hour=12)))),
        "until": st.floats(0, 5000).map(lambda minutes: f"{minutes!r} min") | st.just("for good"),
        "share": share,
    },
    optional={
        "modes": st.just(["car"]),
        "notice": st.just("none") | st.just("3 days"),
        "reason": st.text(max_size=20),
    },
)


@quick
@given(
    st.lists(closures, max_size=4), st.dictionaries(st.sampled_from(["informed_share", "later_share"]), share)
)
def test_what_is_read_is_written_and_read_the_same(closures, behaviour):
    content = {
        "garita": 1,
        "title": "t",
        "base": "san-diego-tijuana",
        "start": "2018-11-24",
        "days": 4,
        "closures": closures,
        "behaviour": behaviour,
    }
    content["closures"] = [
        {**closure, "reason": closure.get("reason", "").encode("ascii", "ignore").decode()}
        for closure in closures
    ]
    content = json.loads("".join(c for c in json.dumps(content) if c.isprintable()).replace("\\u007f", ""))
    case = loads(_yaml(content))
    dumped = case.scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    again = loads(_yaml(dumped))
    assert again.digest == case.digest
    assert Scenario.model_validate(dumped).model_dump() == case.scenario.model_dump()
    assert case.resolve(1).model_dump() == again.resolve(1).model_dump()
    for closure in case.resolve(0).closures:
        assert 0 <= closure.share <= 1
        assert closure.until is None or closure.until >= closure.start


def _yaml(content):
    return json.dumps(content)  # JSON is YAML


def test_the_fake_region_has_the_names_of_the_packaged_one():
    reference = pytest.importorskip("garita.reference")
    real, fake = reference.load_region("san-diego-tijuana"), fake_region()
    names = [
        {(row["crossing"], row["mode"], row["lane_type"]) for row in tables.tables["flows"]}
        for tables in (real, fake)
    ]
    assert names[1] <= names[0]
