"""The publishers' files in the shared data, read whole: counts as its notes say them, and their traps.

Rows were withheld from some of the files, so that their notes count a few more.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from garita.sources import reading
from garita.sources.table import Table

ROWS = {
    "bts_border_crossing_entry.csv.gz": ("bts", 399_125),  # 399,406 of which 271 withheld and 10 twice
    "tx_bridge_monthly_northbound_2008_2025.csv": ("texas-bridges", 33_765),  # of 34,090
    "cbp_avg_wait_el_paso_by_month_weekday_hour.csv": ("cbp-historical", 17_853),  # of 26,865: 8 of 12 months
    "cbp_avg_wait_san_ysidro_by_month_day_hour.csv": ("cbp-historical", 1_344),  # of 2,016: 8 of 12 months
    "cbp_hourly_wait_el_paso_dates.csv": ("cbp-holidays", 10_325),  # half of 20,721
    "cbp_sbo_encounters_fy22_fy25aug.csv": ("cbp-encounters", 1_936),
    "dhs_usbp_encounters_monthly_by_sector.csv": ("usbp-sectors", 5_830),
    "transborder_monthly_country_mode.csv": ("transborder", 10_213),
    "transborder_texas_ports_annual.csv": ("transborder", 2_335),
    "samples/transborder_dot1_0115.csv": ("transborder", 26_171),
    "samples/cbp_bwt_api_bwtnew_2022-06-29.json": ("cbp-waits", 273),
    "samples/cbp_bwt_api_sample_2026-08-02.json": ("cbp-waits", 8),
    "samples/tijuana_app_waits_2026-05-12.json": ("tijuana-app", 11),
}


@pytest.fixture(scope="module")
def bts(shared: Path) -> Table:
    return reading.read(shared / "data" / "bts_border_crossing_entry.csv.gz")


@pytest.mark.parametrize("name", ROWS)
def test_every_row_is_read(shared: Path, name: str) -> None:
    table = reading.read(shared / "data" / name)
    assert (table.source, len(table)) == ROWS[name]
    # the sample of 2026 was cut off by whoever took it; everything else is whole
    lost = {remark.code for remark in table.remarks if remark.severity == "error"}
    assert lost == ({"json-cut"} if "2026-08-02" in name else set())
    assert table.partial == bool(lost)


def test_the_lines_are_those_of_the_file(shared: Path) -> None:
    path = shared / "data" / "tx_bridge_monthly_northbound_2008_2025.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    table = reading.read(path)
    for row in range(0, len(table), 997):
        assert lines[table.lines[row] - 1].startswith(table["ID"][row] + ",")


def test_bts_agrees_with_the_yearly_volumes_of_the_ports(shared: Path, bts: Table) -> None:
    with (shared / "data" / "ports-reference.csv").open(encoding="utf-8") as stream:
        ports = {row["bts_port_code"]: row for row in csv.DictReader(stream)}
    year = bts["Date"].astype("datetime64[Y]") == np.datetime64("2018", "Y")
    compared = 0
    for code, row in ports.items():
        for measure, column in (("Personal Vehicles", "pv_2018"), ("Pedestrians", "pedestrians_2018")):
            if row[column] and row["months_reported_2018"] == "12":
                chosen = year & (bts["Port Code"] == code) & (bts["Measure"] == measure)
                assert (code, measure, bts["Value"][chosen].sum()) == (code, measure, int(row[column]))
                compared += 1
    assert compared > 40


def test_the_traps_of_bts_are_marked(bts: Table) -> None:
    kinds = Counter(remark.code for remark in bts.remarks)
    assert kinds["duplicate-row"] == 10  # two measures at five ports, June 2019
    assert kinds["conflict"] == 1  # Sasabe, February 2021: 0 and 2,175 bus passengers
    assert kinds["ysleta"] == 1
    flags = Counter(flag for flags in bts.flags for flag in flags.split())
    assert flags["conflict"] == 2
    el_paso = bts["Port Code"] == "2402"
    before = el_paso & (bts["Date"] < np.datetime64("2020-03", "M"))
    assert flags["with-ysleta"] == before.sum() > 3_000


def test_values_that_come_again_within_two_years_are_marked(shared: Path, bts: Table) -> None:
    marked = {
        (code, measure, int(value))
        for code, measure, value, flags in zip(
            bts["Port Code"], bts["Measure"], bts["Value"], bts.flags, strict=True
        )
        if "carried" in flags
    }
    with (shared / "data" / "bts-quality-flags-mexico.csv").open(encoding="utf-8") as stream:
        listed = {
            (row["code"], row["measure"], int(row["value"]))
            for row in csv.DictReader(stream)
            if row["what"].startswith("identical")
        }
    assert len(listed) == 42
    # the two that come again after 25 and 26 months, which is more than two years
    assert listed - marked == {("2401", "Pedestrians", 93_080), ("2506", "Trucks", 65_316)}


def test_the_counts_of_bridges_add_up_to_those_of_the_port(shared: Path, bts: Table) -> None:
    """Two publications of the same counts: Laredo's trucks of 2018."""
    bridges = reading.read(shared / "data" / "tx_bridge_monthly_northbound_2008_2025.csv")
    chosen = (
        (bridges["POE"] == "Laredo") & (bridges["Modes"] == "Commercial Trucks") & (bridges["Year"] == 2018)
    )
    year = bts["Date"].astype("datetime64[Y]") == np.datetime64("2018", "Y")
    port = year & (bts["Port Code"] == "2304") & (bts["Measure"] == "Trucks")
    assert bridges["Northbound Crossing"][chosen].sum() == pytest.approx(bts["Value"][port].sum(), rel=0.01)


def test_months_that_were_withheld_are_named(shared: Path) -> None:
    for name, months in (
        ("el_paso_by_month_weekday", "February, May"),
        ("san_ysidro_by_month_day", "March, June"),
    ):
        table = reading.read(shared / "data" / f"cbp_avg_wait_{name}_hour.csv")
        (remark,) = [remark for remark in table.remarks if remark.code == "year-months-absent"]
        assert remark.params["months"].startswith(months)


def test_an_impossible_wait_is_marked(shared: Path) -> None:
    table = reading.read(shared / "data" / "cbp_hourly_wait_el_paso_dates.csv")
    marked = [wait for wait, flags in zip(table["wait_min"], table.flags, strict=True) if "outlier" in flags]
    assert marked == [855.0]  # Paso del Norte, 20 January 2025, between 85 and 85 minutes
