"""Drawing: thinned curves stay true, axes are round, days come out right when clocks change, labels part."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from garita.report import arrows, ground, maps, panels, svg
from garita.report.model import Clock, Estimate, Flow, Place

ZONE = ZoneInfo("America/Los_Angeles")


@settings(max_examples=60)
@given(st.lists(st.floats(0, 200), min_size=1, max_size=120))
def test_a_thinned_curve_stays_within_the_tolerance(heights: list[float]) -> None:
    x, y = np.arange(len(heights), dtype=float) * 1.3, np.array(heights)
    kept = svg.thin(x, y, tolerance=0.35)
    assert kept[0] == (x[0], y[0])
    assert kept[-1] == (x[-1], y[-1])
    drawn = np.interp(x, [point[0] for point in kept], [point[1] for point in kept])
    assert np.abs(drawn - y).max() <= 0.35 + 1e-9


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 400)), min_size=1, max_size=50))
def test_a_path_of_relative_steps_does_not_drift(points: list[tuple[float, float]]) -> None:
    numbers = [float(word) for word in re.findall(r"-?[\d.]+", svg.trail(points).replace("-", " -"))]
    ends = np.cumsum(np.array(numbers).reshape(-1, 2), axis=0)
    assert np.abs(ends - np.array(points)).max() <= 0.0501


def test_gaps_in_a_curve_are_not_bridged() -> None:
    x = np.arange(6.0)
    y = np.array([1.0, 2.0, np.nan, 4.0, np.nan, 6.0])
    assert svg.curve(x, y).count("M") == 3
    assert svg.area(x, y, y + 1).count("z") == 1  # only the first stretch has two points


@pytest.mark.parametrize("largest", [0.0, 0.4, 3.0, 7.0, 59.0, 61.0, 400.0, 9_999.0, float("nan")])
@pytest.mark.parametrize("minutes", [True, False])
def test_axes_have_two_to_four_round_ticks(largest: float, minutes: bool) -> None:
    top, step = svg.nice_top(largest, minutes=minutes)
    assert top >= (largest if largest == largest else 0)
    assert 1 <= top / step <= 4


@pytest.mark.parametrize(
    ("start", "hours", "days"),
    [
        (datetime(2018, 11, 24, 8, tzinfo=UTC), 96, ["Sat 24 Nov", "Sun 25 Nov", "Mon 26 Nov", "Tue 27 Nov"]),
        (
            datetime(2018, 11, 3, 7, tzinfo=UTC),
            72,
            ["Sat 3 Nov", "Sun 4 Nov", "Mon 5 Nov"],
        ),  # a day of 25 hours
        (
            datetime(2019, 3, 9, 8, tzinfo=UTC),
            72,
            ["Sat 9 Mar", "Sun 10 Mar", "Mon 11 Mar", "Tue 12 Mar"],
        ),  # of 23
    ],
)
def test_days_begin_at_local_midnight(start: datetime, hours: int, days: list[str]) -> None:
    clock = Clock(start, 15, 4 * hours, ZONE)
    marks = panels.midnights(clock)
    assert [name for _, name in marks] == days
    assert all(clock.at(since).endswith("00:00") for since, _ in marks)


def place(name: str, lat: float, lon: float) -> Place:
    return Place(name.lower().replace(" ", "-"), name, name.lower(), name, lat, lon)


REGION = [
    place("San Ysidro", 32.5425, -117.0288),
    place("Cross Border Xpress", 32.5483, -116.9745),
    place("Otay Mesa", 32.5503, -116.9385),
    place("Tecate", 32.5764, -116.6262),
]
ROWS = [maps.Row(one.id, one.name, "car", 200.0, 60.0, ("60", "200")) for one in REGION]
FLOWS = [Flow("san-ysidro", "otay-mesa", Estimate(2000), Estimate(4000.0))]


def test_boxes_on_the_map_do_not_overlap_and_stay_on_it() -> None:
    drawn = maps.draw(REGION, ROWS, FLOWS)
    assert drawn is not None
    found = re.findall(
        r"<rect x='([\d.-]+)' y='([\d.-]+)' width='([\d.]+)' height='([\d.]+)' class='box'", drawn.wide
    )
    boxes = [tuple(map(float, one)) for one in found]
    assert len(boxes) == 4
    frame = [float(word) for word in re.findall(r"viewBox='([^']+)'", drawn.wide)[0].split()]
    for x, y, width, height in boxes:
        assert frame[0] <= x and x + width <= frame[0] + frame[2]
        assert frame[1] <= y and y + height <= frame[1] + frame[3]
    for one, other in itertools.combinations(boxes, 2):
        apart = [
            one[axis] + one[axis + 2] <= other[axis] or other[axis] + other[axis + 2] <= one[axis]
            for axis in (0, 1)
        ]
        assert any(apart)
    assert "4,000 people" in drawn.wide


BOTH_WAYS = [
    Flow(one.id, other.id, Estimate(people), Estimate(people))
    for (one, other), people in zip(
        itertools.permutations([REGION[0], *REGION[2:]], 2),
        (16_400.0, 2_750.0, 3_160.0, 1_010.0, 1_400.0, 524.0),
        strict=True,
    )
]


@pytest.mark.parametrize("kind", ["wide", "narrow"])
def test_arrows_end_outside_the_circles_and_their_labels_part(kind: str) -> None:
    waits = {one.id: 1.0 if one.port == "cross border xpress" else 350.0 for one in REGION}
    rows = [maps.Row(one.id, one.name, "car", waits[one.id], 1.0, ("1", "350")) for one in REGION]
    drawn = maps.draw(REGION, rows, BOTH_WAYS)
    assert drawn is not None
    text = getattr(drawn, kind)
    discs = [
        tuple(map(float, one))
        for one in re.findall(r"<circle cx='([\d.-]+)' cy='([\d.-]+)' r='([\d.]+)' class='dot with'", text)
    ]
    curves = re.findall(r"d='M([\d.-]+) ([\d.-]+)Q[\d.-]+ [\d.-]+ ([\d.-]+) ([\d.-]+)' class='arc'", text)
    assert len(curves) == (6 if kind == "wide" else maps.ARCS_ON_A_PHONE)
    for curve in curves:
        x0, y0, x1, y1 = map(float, curve)
        for x, y, r in discs:
            assert np.hypot(x0 - x, y0 - y) >= r
            assert np.hypot(x1 - x, y1 - y) >= r + arrows.HEAD - 1.5  # the head lies before the circle
    labels = [
        (float(x), float(y), 3.4 * len(words))
        for x, y, words in re.findall(r"<text x='([\d.-]+)' y='([\d.-]+)' class='flow middle'>([^<]+)<", text)
    ]
    assert len(labels) == len(curves)
    for one, other in itertools.combinations(labels, 2):
        assert abs(one[0] - other[0]) >= one[2] + other[2] or abs(one[1] - other[1]) >= 14


def test_small_moves_are_left_off_the_map() -> None:
    flows = [*BOTH_WAYS, Flow("tecate", "cross-border-xpress", Estimate(50), Estimate(50))]
    found = maps.signs(REGION, [], ground.window(REGION, 1000, 400, (185, 120)))
    assert [people for _, _, people in arrows.going(found, flows)] == sorted(
        (flow.people.value for flow in BOTH_WAYS), reverse=True
    )


def test_the_map_shows_the_border_where_it_is() -> None:
    view = ground.window(REGION, 1000, 400, (185, 120))
    for one in REGION:
        x, y = view.point(one.lon, one.lat)
        assert 0 < x < 1000
        assert 0 < y < 400
    # North is up, east is right, and a degree is as long both ways on the ground.
    west, east = view.point(-117.0, 32.5), view.point(-116.9, 32.5)
    north = view.point(-117.0, 32.6)
    assert east[0] > west[0]
    assert north[1] < west[1]
    assert (east[0] - west[0]) / (west[1] - north[1]) == pytest.approx(np.cos(np.radians(32.56)), rel=1e-2)
    drawn = maps.draw(REGION, ROWS, FLOWS)
    assert drawn is not None
    assert "class='border'" in drawn.wide
    assert "United States of America" in drawn.wide
    assert "Mexico" in drawn.wide


def test_many_crossings_are_numbered_and_listed() -> None:
    places = [place(f"Crossing {number}", 31.0 + 0.1 * (number % 3), -116.0 + number) for number in range(12)]
    drawn = maps.draw(places, [], [])
    assert drawn is not None
    assert len(drawn.wide_signs) == 12
    assert "marktext" in drawn.wide


def test_without_coordinates_there_is_no_map() -> None:
    assert maps.draw([place("Nowhere", float("nan"), float("nan"))], [], []) is None


def test_the_outline_names_its_source() -> None:
    assert "Natural Earth" in ground.outline()["source"]
    assert (maps.__file__ is not None) and len(str(ground.outline())) < 40_000
