"""What a region's tables leave out is inferred from what they say, and what they say is kept."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garita.reference import load_region
from garita.reference.inference import complete, is_complete, lines, staffing, waits
from garita.reference.inference.arithmetic import apportioned, rounded_shares

CROSSINGS = [
    {"crossing": "old", "name": "Old", "lat": "48.0", "lon": "-100.0", "opens": "00:00", "closes": "24:00"},
    {"crossing": "new", "name": "New", "lat": "48.0", "lon": "-100.1", "opens": "06:00", "closes": "22:00"},
]
SMALL = {
    "region": [{"id": "two", "name": "Two", "zone": "America/Chicago"}],
    "crossings": CROSSINGS,
    "flows": [
        {"crossing": "old", "mode": "car", "lane_type": "standard;nexus", "lanes": "6"},
        {"crossing": "new", "mode": "car", "lane_type": "standard", "lanes": "2"},
    ],
    "volumes": [
        {"crossing": "old", "mode": "car", "month": "2018-06", "parties": "180000", "people": "360000"},
        {"crossing": "new", "mode": "car", "month": "2018-06", "parties": "30000"},
    ],
}
OLD = ("old", "inbound", "car", "standard")


@pytest.fixture(scope="module")
def model() -> dict[str, list[dict[str, str]]]:
    return load_region("san-diego-tijuana").tables


def made(model: dict[str, list[dict[str, str]]], **changed: object) -> dict[str, list[dict[str, str]]]:
    return complete(copy.deepcopy({**SMALL, **changed}), model)  # type: ignore[dict-item]


def of(rows: list[dict[str, str]], key: tuple[str, ...]) -> list[dict[str, str]]:
    return [row for row in rows if (row["crossing"], row["direction"], row["mode"], row["lane_type"]) == key]


def test_everything_is_there_and_marked_as_not_measured(model: dict[str, list[dict[str, str]]]) -> None:
    tables = made(model)
    assert is_complete(tables)
    for name in ("flows", "hour_shares", "weekday_factors", "usual_waits", "rosters", "secondary", "travel"):
        assert {row["status"] for row in tables[name]} <= {"derived", "assumed", "proposal"}, name
    people = {row["crossing"]: row["people"] for row in tables["volumes"]}
    assert people == {"old": "360000", "new": "57000"}  # 1.9 in a car
    assert {row["lane_type"]: row["lane_share"] for row in tables["flows"][:2]} == {
        "standard": "0.65625", "nexus": "0.34375",
    }  # fmt: skip
    assert sum(int(row["lanes"]) for row in tables["flows"][:2]) == 6


def test_what_is_said_is_kept(model: dict[str, list[dict[str, str]]]) -> None:
    flows = [{"crossing": "old", "mode": "car", "lane_type": "standard", "lanes": "6", "mean_s": "61",
              "referral_share": "0.11", "booths": "9"}, SMALL["flows"][1]]  # fmt: skip
    own = [{"crossing": "old", "direction": "inbound", "mode": "car", "lane_type": "standard",
            "weekday": "mon", "from_hour": "0", "booths": "4", "status": "measured",
            "source": "[me]"}]  # fmt: skip
    tables = made(model, flows=flows, rosters=own)
    [row] = of(tables["flows"], OLD)
    assert (row["mean_s"], row["referral_share"], row["booths"]) == ("61", "0.11", "9")
    assert of(tables["rosters"], OLD) == own
    assert of(tables["rosters"], ("new", "inbound", "car", "standard"))


@pytest.mark.parametrize(("wait", "busy"), [("40", 40.0), ("12", 12.0)])
def test_one_number_is_the_wait_of_busy_hours(
    model: dict[str, list[dict[str, str]]], wait: str, busy: float
) -> None:
    said = [{"crossing": "old", "mode": "car", "lane_type": "standard", "weekday": "all", "wait_min": wait}]
    values = sorted(float(row["wait_min"]) for row in of(made(model, usual_waits=said)["usual_waits"], OLD))
    assert sum(values[-56:]) / 56 == pytest.approx(busy, rel=0.12)


def test_waits_by_hour_are_taken_as_they_are(model: dict[str, list[dict[str, str]]]) -> None:
    said = [{"crossing": "new", "mode": "car", "lane_type": "standard", "weekday": "weekend",
             "wait_min": " ".join(map(str, range(24)))}]  # fmt: skip
    found = of(made(model, usual_waits=said)["usual_waits"], ("new", "inbound", "car", "standard"))
    sunday = [float(row["wait_min"]) for row in found if row["weekday"] == "sun"]
    assert sunday == [hour if 6 <= hour < 22 else 0 for hour in range(24)]


def test_lanes_that_do_not_suffice_get_tandem_booths_then_faster_service(
    model: dict[str, list[dict[str, str]]],
) -> None:
    found = []
    for lanes in ("9", "5", "3"):
        flows = [{"crossing": "old", "mode": "car", "lane_type": "standard", "lanes": lanes}]
        [row] = of(made(model, flows=flows)["flows"], OLD)
        found.append((int(row["lanes"]), int(row["booths"]), float(row["mean_s"])))
    assert found[0][:2] == (9, 9) and found[0][2] == 45
    assert found[1][0] == 5 and 5 < found[1][1] <= 10 and found[1][2] == 45
    assert found[2][:2] == (3, 6) and 22.5 <= found[2][2] < 45


def test_constant_arrivals_with_a_constant_wait_need_the_capacity_they_use() -> None:
    week = staffing.Week([400.0] * 168, [30.0] * 168, 0, 24, 36.0, 20)
    assert staffing.needed_capacity(week.arrivals, staffing.wait_by_step(week.usual)) == pytest.approx(
        [400.0] * staffing.STEPS
    )
    assert {count for day in staffing.inverted_roster(week).values() for count in day} == {4}
    free = staffing.Week([400.0] * 168, [0.0] * 168, 0, 24, 36.0, 20)
    assert {count for day in staffing.inverted_roster(free).values() for count in day} == {5}


def test_a_line_that_one_booth_serves_has_no_usual_wait() -> None:
    line = lines.Line(OLD, 0, 24, {"mean_s": "45"}, week=[20.0] * 168)
    assert waits.level(line) == 0
    line.week = [200.0] * 168
    assert waits.level(line) == 25


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=6), st.integers(0, 40))
def test_apportioned_parts_are_whole_and_none_is_empty(weights: list[float], more: int) -> None:
    parts = apportioned(len(weights) + more, weights)
    assert sum(parts) == len(weights) + more
    assert min(parts) >= 1


@given(st.lists(st.floats(0.001, 10), min_size=24, max_size=24))
def test_rounded_shares_sum_to_one(values: list[float]) -> None:
    shares = rounded_shares([value / sum(values) for value in values])
    assert round(sum(shares), 9) == 1
