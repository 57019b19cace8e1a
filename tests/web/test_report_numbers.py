"""How the report writes numbers: rounded to what the interval carries, with sign, unit and zone."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garita.report import names, numbers
from garita.report.cells import text_of
from garita.report.model import Estimate

NAN = math.nan


def plain_spaces(text: str) -> str:
    return text.replace(numbers.GLUE, " ")


@pytest.mark.parametrize(
    ("value", "low", "high", "written"),
    [
        (1234.4, 1152.0, 1310.0, "1,230 (1,150 to 1,310)"),
        (1234.4, NAN, NAN, "1,230"),
        (87.3, 87.3, 87.3, "87"),
        (0.0, 0.0, 0.0, "0"),
        (4.2, 3.9, 4.4, "4"),
        (157_006.0, 151_222.0, 162_800.0, "157,000 (151,000 to 163,000)"),
        (-3.0, -8.0, 2.0, "−3 (−8 to 2)"),
        (3.0, -900.0, 900.0, "0 (−900 to 900)"),
        (NAN, NAN, NAN, "–"),
    ],
)
def test_a_count_is_rounded_by_its_interval(value: float, low: float, high: float, written: str) -> None:
    assert numbers.with_interval(value, low, high) == written


def test_differences_carry_their_sign() -> None:
    assert numbers.with_interval(250.0, 180.0, 320.0, signed=True) == "+250 (+180 to +320)"
    assert numbers.with_interval(-250.0, -320.0, -180.0, signed=True) == "−250 (−320 to −180)"
    assert numbers.plain(0.2, signed=True) == "0"


def test_small_minutes_keep_a_decimal() -> None:
    assert (
        numbers.with_interval(4.23, 4.06, 4.41, least=numbers.least_step("min", 4.23)) == "4.2 (4.1 to 4.4)"
    )


@given(st.floats(-1e9, 1e9), st.floats(0, 1e8))
def test_what_is_written_is_near_the_value(value: float, half: float) -> None:
    step = numbers.step_for(value, value - half, value + half)
    written = float(numbers.plain(value, step).replace(",", "").replace("−", "-"))
    assert abs(written - value) <= step / 2 * (1 + 1e-9) + 1e-6


@pytest.mark.parametrize(
    ("minutes", "written"),
    [
        (0, "0 min"),
        (59.6, "60 min"),
        (119, "119 min"),
        (120, "2 h"),
        (190, "3 h 10 min"),
        (2879, "47 h 59 min"),
        (3120, "2 days 4 h"),
        (NAN, "–"),
        (-45, "−45 min"),
    ],
)
def test_durations(minutes: float, written: str) -> None:
    assert plain_spaces(numbers.duration(minutes)) == written


def test_a_duration_and_its_interval_are_written_alike() -> None:
    assert plain_spaces(numbers.duration_with_interval(121, 113, 128)) == "2 h (1 h 55 min to 2 h 10 min)"
    assert plain_spaces(numbers.duration_with_interval(61, 58, 64)) == "61 min (58 min to 64 min)"


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [(0, 10, "0 %"), (1, 1000, "<1 %"), (1, 3, "33 %"), (999, 1000, ">99 %"), (10, 10, "100 %"), (1, 0, "–")],
)
def test_shares(part: float, whole: float, written: str) -> None:
    assert plain_spaces(numbers.share(part, whole)) == written


@pytest.mark.parametrize(
    ("unit", "found", "written"),
    [
        ("share", Estimate(0.98, 0.93, 1.02), "98 (93 to 100)"),
        ("share", Estimate(0.03, -0.02, 0.08), "3 (0 to 8)"),
        ("count", Estimate(30.0, -20.0, 80.0), "30 (0 to 80)"),
        ("count", Estimate(30.0), "30"),
    ],
)
def test_an_interval_ends_where_the_values_do(unit: str, found: Estimate, written: str) -> None:
    assert text_of(found, unit) == written
    assert "−" in text_of(Estimate(3.0, -20.0, 26.0), unit, signed=True)


def test_times_are_local_and_can_name_their_zone() -> None:
    moment = datetime(2018, 11, 25, 19, 30, tzinfo=UTC)
    assert numbers.at(moment, ZoneInfo("America/Los_Angeles"), with_zone=True) == "Sun 25 Nov 11:30 PST"
    assert numbers.at(moment, ZoneInfo("America/Los_Angeles"), day=False) == "11:30"


def test_words_of_the_field() -> None:
    assert (names.direction("inbound"), names.direction("outbound")) == ("northbound", "southbound")
    assert names.lane_type("sentri") == "SENTRI lanes"
    assert names.listed(["a", "b", "c"]) == "a, b and c"
