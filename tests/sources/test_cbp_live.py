"""Border wait times of the moment: JSON of two vintages, XML and CSV give the same waits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pytest

from garita.errors import DataError
from garita.sources import reading
from garita.sources.table import Table
from sources.files import codes, write

Fields = dict[str, Any]


def lane(
    delay: object = "", status: str = "delay", when: str = "At 11:00 am PST", lanes: object = 3
) -> Fields:
    return {
        "update_time": when,
        "operational_status": status,
        "delay_minutes": str(delay),
        "lanes_open": str(lanes),
    }


ABSENT = lane("", "N/A", "", "")
CLOSED = lane("", "Lanes Closed", "", "")


def port(number: str = "250401", automation: bool = False, **more: Any) -> Fields:
    """A crossing as the feed has it; `automation` adds what the feed has had since about 2022."""
    cars = {"standard_lanes": lane(95), "NEXUS_SENTRI_lanes": lane(12), "ready_lanes": lane(70)}
    found: Fields = {
        "port_number": number,
        "border": "Mexican Border",
        "port_name": "San Ysidro",
        "crossing_name": "",
        "hours": "24 hrs/day",
        "date": "11/25/2018",
        "time": "11:40:02",
        "port_status": "Open",
        "commercial_vehicle_lanes": {"maximum_lanes": "N/A", "standard_lanes": ABSENT, "FAST_lanes": ABSENT},
        "passenger_vehicle_lanes": {"maximum_lanes": "34", **cars},
        "pedestrian_lanes": {"maximum_lanes": "15", "standard_lanes": lane(25), "ready_lanes": CLOSED},
        "construction_notice": "",
    }
    if automation:
        found["passenger_vehicle_lanes"].update(pv_automation_type="Bluetooth", pv_segment_from="")
    return {**found, **more}


def element(name: str, value: Any) -> str:
    inside = escape(str(value))
    if isinstance(value, dict):
        inside = "".join(element(*item) for item in value.items())
    return f"<{name}>{inside}</{name}>\n"


def xml(ports: list[Fields]) -> str:
    about = "<last_updated_date>2018-11-25</last_updated_date>\n"
    inside = about + "".join(element("port", item) for item in ports)
    return f'<?xml version="1.0" encoding="utf-16"?>\n<border_wait_time>{inside}</border_wait_time>'


def read(folder: Path, content: str) -> Table:
    return reading.read(write(folder, "bwt", content))


def waits(table: Table) -> list[tuple[str, str, str]]:
    """Traffic, lane type and wait of every row."""
    return [
        (lanes.split("_")[0], lane_type, table.shown("delay_minutes", row))
        for row, (lanes, lane_type) in enumerate(zip(table["lanes"], table["lane_type"], strict=True))
    ]


SAN_YSIDRO = [
    ("passenger", "standard_lanes", "95"),
    ("passenger", "NEXUS_SENTRI_lanes", "12"),
    ("passenger", "ready_lanes", "70"),
    ("pedestrian", "standard_lanes", "25"),
    ("pedestrian", "ready_lanes", ""),
]


@pytest.mark.parametrize(
    ("content", "layout"),
    [
        (json.dumps([port()]), "JSON"),
        (json.dumps([port(automation=True)], indent=2), "JSON with automation"),
        (xml([port()]), "XML"),
    ],
)
def test_every_form_gives_the_lanes_that_there_are(tmp_path: Path, content: str, layout: str) -> None:
    table = read(tmp_path, content)
    assert (table.source, table.layout, table.partial) == ("cbp-waits", layout, False)
    assert waits(table) == SAN_YSIDRO
    assert set(table["date"]) == {np.datetime64("2018-11-25")}
    assert set(table["maximum_lanes"]) == {34.0, 15.0}
    assert set(table["automation_type"]) == ({"", "Bluetooth"} if "automation" in layout else {""})


def test_the_table_comes_back_from_csv_in_the_publishers_spelling(tmp_path: Path) -> None:
    table = read(tmp_path, json.dumps([port()]))
    table.to_csv(tmp_path / "out.csv")
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert (
        "11/25/2018,11:40:02,Open,passenger_vehicle_lanes,standard_lanes,34,,At 11:00 am PST,delay,95,3"
        in text
    )
    again = reading.read(tmp_path / "out.csv")
    assert (again.layout, waits(again)) == ("CSV", SAN_YSIDRO)


def test_what_gives_no_wait_is_missing_and_not_zero(tmp_path: Path) -> None:
    pending = port(
        pedestrian_lanes={"standard_lanes": lane("", "Update Pending", "", ""), "ready_lanes": ABSENT}
    )
    table = read(tmp_path, json.dumps([pending]))
    assert np.isnan(table["delay_minutes"][-1])
    assert table.flags[-1] == "no-wait"


def test_waits_that_were_not_renewed_are_marked(tmp_path: Path) -> None:
    reported = {
        "At 9:00 am PST": "carried",
        "At 9:41 am PST": "",
        "At Noon PST": "",
        "At 11:50 pm PST": "carried",
    }
    for when, flag in reported.items():
        cars = {"standard_lanes": lane(95, when=when), "ready_lanes": ABSENT, "NEXUS_SENTRI_lanes": ABSENT}
        table = read(tmp_path, json.dumps([port(passenger_vehicle_lanes=cars)]))
        assert (when, table.flags[0]) == (when, flag)


def test_odd_crossings_are_named(tmp_path: Path) -> None:
    many = {
        "maximum_lanes": "2",
        "standard_lanes": lane(5, lanes=3),
        "ready_lanes": ABSENT,
        "NEXUS_SENTRI_lanes": ABSENT,
    }
    table = read(tmp_path, json.dumps([port("x99", port_status="Closed", passenger_vehicle_lanes=many)]))
    assert {"unknown-port", "port-closed", "lanes-above-most"} <= codes(table.remarks)
    assert table.flags[0] == "port-closed"


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_feed_that_was_cut_off_gives_its_whole_crossings(tmp_path: Path, form: str) -> None:
    ports = [port(number) for number in ("250401", "250601", "250501")]
    text = json.dumps(ports, indent=1) if form == "json" else xml(ports)
    table = read(tmp_path, text[: len(text) * 5 // 6])
    assert (len(table), table.partial) == (10, True)
    (remark,) = [remark for remark in table.remarks if remark.code == f"{form}-cut"]
    assert remark.line is not None and remark.line > 30


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    text = json.dumps([port(), port("250601")], indent=1)
    table = read(tmp_path, "\n\n" + text)
    lines = ("\n\n" + text).split("\n")
    assert {lines[line - 1].strip() for line in table.lines} == {"{"}
    assert "250601" in lines[int(table.lines[-1])]
    table = read(tmp_path, "\n" + xml([port(), port("250601")]))
    assert table.lines[0] == 4 and table.lines[-1] > 30


def test_entities_and_depth_are_refused(tmp_path: Path) -> None:
    inside = "<border_wait_time><port>&a;</port></border_wait_time>"
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>{inside}'
    with pytest.raises(DataError):
        read(tmp_path, bomb)
    for text in ("[" * 50_000, '{"a":' * 50_000, '[{"port_number":' + "[" * 50_000):
        with pytest.raises(DataError):
            read(tmp_path, text)
    deep = "<border_wait_time><port>" + "<a>" * 5_000
    with pytest.raises(DataError):
        read(tmp_path, deep)
