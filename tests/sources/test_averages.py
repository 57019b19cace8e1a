"""CBP's averages, holiday waits and the graph of a day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from garita.sources import reading
from garita.sources.cbp_averages import WAITS
from garita.sources.table import Table
from sources.files import codes, write

PORT = "El Paso - Ysleta,Passenger,General"


def read(folder: Path, content: Any) -> Table:
    return reading.read(
        write(folder, "waits", content if isinstance(content, str) else json.dumps(content, indent=1))
    )


def historical(**columns: int) -> dict[str, Any]:
    """One week of averages: cars wait 60 plus the hour, what else is given."""
    given = {f"{name}_avg": 0 for name in WAITS}
    rows = [
        {"bwt_day": str(day), "time_slot": str(hour), **given, "pv_time_avg": str(60 + hour), **columns}
        for day in range(7)
        for hour in range(24)
    ]
    return {"wait_times": rows}


def test_lanes_that_are_zero_throughout_do_not_exist(tmp_path: Path) -> None:
    table = read(tmp_path, historical(ped_time_avg=20))
    assert (table.source, len(table)) == ("cbp-historical", 168)
    assert np.isnan(table["cv_time_avg"]).all()
    assert (table["ped_time_avg"] == 20).all()
    absent = {remark.field for remark in table.remarks if remark.code == "lane-not-there"}
    assert absent == {f"{name}_avg" for name in WAITS} - {"pv_time_avg", "ped_time_avg"}


def test_averages_as_csv_say_which_months_are_there(tmp_path: Path) -> None:
    names = ["month", "bwt_day", "time_slot", *(f"{name}_avg" for name in WAITS)]
    lines = [f"{month},{day},0,0,0,40,5,12,5,4" for month in (1, 2, 4) for day in range(7)]
    table = read(tmp_path, "\n".join([",".join(names), *lines, lines[0], lines[1].replace(",40,", ",41,")]))
    assert len(table) == 22
    assert table.flags.count("conflict") == 2
    (remark,) = [remark for remark in table.remarks if remark.code == "year-months-absent"]
    assert remark.params["months"].startswith("March, May, June")


def test_holidays_are_by_date_and_hour(tmp_path: Path) -> None:
    rows = [
        {
            "bwt_date": "12/24/2025",
            "time_slot": hour,
            "holiday_date": "12/25/2025 12:00:00 AM",
            "pv_time": wait,
        }
        for hour, wait in enumerate([50] * 8 + [200, 20, 30])
    ]
    table = read(tmp_path, {"wait_times": rows})
    assert (table.source, table["bwt_date"][0]) == ("cbp-holidays", np.datetime64("2025-12-24"))
    assert table.flags == ["", *["carried"] * 7, "", "", ""]


@pytest.mark.parametrize(
    ("time", "minutes"),
    [("Midnight", 0), ("1:00 AM", 60), ("Noon", 720), ("12:00 AM", 0), ("11:00 PM", 1380)],
)
def test_one_row_per_wait(tmp_path: Path, time: str, minutes: int) -> None:
    text = f"Port,Lane,Sub-Lane,Month,Time,weekday,avg_wait_min\n{PORT},January,{time},Sunday,79.0\n"
    table = read(tmp_path, text)
    assert (table["Time"][0], table["weekday"][0], table["Month"][0]) == (minutes, 6, 1)
    table.to_csv(tmp_path / "out.csv")
    spelled = {"12:00 AM": "Midnight"}.get(time, time)
    assert f"{PORT},January,{spelled},Sunday,79," in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_single_days_show_waits_that_stand_still_or_jump(tmp_path: Path) -> None:
    hours = ["Midnight", *(f"{hour}:00 AM" for hour in range(1, 12))]
    waits = [5, 5, 30, 30, 30, 30, 30, 30, 40, 855, 45, 45]
    lines = [f"{PORT},Labor Day,{hour},2025-09-01,{wait}" for hour, wait in zip(hours, waits, strict=True)]
    table = read(tmp_path, "\n".join(["Port,Lane,Sub-Lane,Holiday,Time,date,wait_min", *lines]))
    assert table.flags == ["", "", "", *["carried"] * 5, "", "outlier", "", ""]


def graph(**more: Any) -> dict[str, Any]:
    def slots(lanes: dict[str, int]) -> list[dict[str, str]]:
        return [
            {"time": str(hour), **{f"{lane}_{kind}_wait": str(wait) for lane, wait in lanes.items()
                                   for kind in ("today", "average", "min", "max")}}
            for hour in range(24)
        ]  # fmt: skip

    cars = {"standard_lane": 90, "nexus_lane": 9, "ready_lane": 60}
    return {
        "port_number": "250401", "port_name": "San Ysidro", "crossing_name": "", "date": "2026-05-12",
        "commercial_time_slots": {"commercial_slot": slots({"standard_lane": 0, "fast_lane": 0})},
        "private_time_slots": {"private_slot": slots(cars)},
        "pedestrain_time_slots": {"pedestrain_slot": slots({"standard_lane": 25})},
        **more,
    }  # fmt: skip


def test_the_graph_of_a_day_is_one_row_per_hour_and_lane(tmp_path: Path) -> None:
    table = read(tmp_path, [graph()])
    assert (table.source, len(table)) == ("cbp-wait-graph", 4 * 24)
    lanes = dict(zip(zip(table["slot"], table["lane"], strict=True), table["average_wait"], strict=True))
    assert lanes[("private_slot", "nexus_lane")] == 9
    assert "commercial_slot" not in set(table["slot"])  # zero throughout: there is none
    table.to_csv(tmp_path / "out.csv")
    assert len(reading.read(tmp_path / "out.csv")) == len(table)


def test_a_graph_of_before_2022_has_sentri_under_the_name_of_fast(tmp_path: Path) -> None:
    old = json.dumps([graph()]).replace("nexus_lane", "fast_lane")
    assert "nexus_lane" in set(read(tmp_path, old)["lane"])


def test_a_graph_without_hours_is_refused(tmp_path: Path) -> None:
    from garita.errors import DataError

    empty = graph(private_time_slots={}, pedestrain_time_slots=None, commercial_time_slots=[])
    with pytest.raises(DataError) as caught:
        read(tmp_path, [empty])
    assert codes(caught.value.problems) == {"data-nothing"}
