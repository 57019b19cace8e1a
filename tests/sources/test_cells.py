"""Cells of text: what each kind of value may look like, and what it is not taken for."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garita.sources import cells


@pytest.mark.parametrize(
    ("text", "value"),
    [("7", 7), (" 1,234,567 ", 1_234_567), ("1234.0", 1234), ("-3", -3), ("0", 0), ("+5", 5)],
)
def test_whole_numbers(text: str, value: int) -> None:
    assert cells.whole(text) == value


@pytest.mark.parametrize(
    "text", ["", "1.5", "1e3", "1,23", "12,34,567", "nan", "-", "<10", "9" * 19, "1 000", "0x1"]
)
def test_what_is_no_whole_number(text: str) -> None:
    assert cells.whole(text) is None


def test_numbers() -> None:
    assert [cells.number(text) for text in ("1.5", ".5", "2.", "-117.03", "1,234.5", "1e3")] == [
        1.5, 0.5, 2.0, -117.03, None, 1000.0
    ]  # fmt: skip
    assert cells.number("1,234") == 1234.0
    assert cells.number("31,5", decimal_comma=True) == 31.5
    assert cells.number("1,234", decimal_comma=True) == 1.234
    assert cells.number("1e999") is cells.number("inf") is cells.number("nan") is None


def test_few_is_less_than_ten_and_not_known() -> None:
    found = cells.few("<10")
    assert found is not None and math.isnan(found)
    assert (cells.few("12"), cells.few("<20")) == (12.0, None)


@pytest.mark.parametrize(
    "text",
    ["Nov 2018", "November 2018", "Nov. 2018", "nov-2018", "2018-11", "2018-11-01", "2018-11-01T00:00:00.000",
     "2018-11-01 00:00:00", "11/01/2018", "11/1/2018 12:00:00 AM", "11/01/2018 0:00"],
)  # fmt: skip
def test_months(text: str) -> None:
    assert cells.month(text) == 12 * 48 + 10


@pytest.mark.parametrize(
    "text",
    ["", "2018", "Nov 18", "18-Nov", "Nox 2018", "2018-13", "2018-00", "2018-11-02", "11/02/2018", "Nov 1066",
     "01/11/18", "2018-11-01T08:00:00", "Novelty 2018"],
)  # fmt: skip
def test_what_is_no_month(text: str) -> None:
    assert cells.month(text) is None


def test_months_of_the_year() -> None:
    assert [cells.month_of_year(text) for text in ("OCT", "October", "10", "01")] == [10, 10, 10, 1]
    assert [cells.month_of_year(text) for text in ("Octopus", "13", "0", "", "o")] == [None] * 5


def test_days() -> None:
    assert cells.day("11/25/2018") == cells.day("2018-11-25") == cells.day("2018-11-25T00:00:00") == 17_860
    for text in ("25/11/2018", "2018-02-30", "2018-11", "today", "11/25/18"):
        assert cells.day(text) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("Midnight", 0), ("noon", 720), ("12:00 am", 0), ("12:30 PM", 750), ("1 p.m.", 780), ("13:25:16", 805),
     ("9:05", 545), ("11:59 pm", 1439)],
)  # fmt: skip
def test_times_of_day(text: str, minutes: int) -> None:
    assert cells.minute_of_day(text) == minutes


@pytest.mark.parametrize("text", ["", "13:00 PM", "0:30 AM", "24:00", "9:60", "9:60 am", "soon", "9"])
def test_what_is_no_time_of_day(text: str) -> None:
    assert cells.minute_of_day(text) is None


def test_weekdays_and_names() -> None:
    assert [cells.weekday(text) for text in ("Monday", " sunday ", "Mon")] == [0, 6, None]
    assert cells.plain("Port_Name") == cells.plain("PORT NAME") == "portname"


READERS = (cells.whole, cells.number, cells.few, cells.month, cells.day, cells.minute_of_day, cells.weekday)


@given(st.text(max_size=40) | st.from_regex(r"\A[0-9/:, .TZapm-]{1,30}\Z"))
def test_any_text_is_understood_or_not(text: str) -> None:
    for read in READERS:
        value = read(text)
        assert value is None or isinstance(value, int | float)


@given(st.integers(0, 10**15))
def test_numbers_come_back(value: int) -> None:
    assert cells.whole(str(value)) == cells.whole(f"{value:,}") == value
