"""BTS Border Crossing Entry Data: three layouts, one table; its traps are marked, not silently used."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pytest

from garita.errors import DataError
from garita.sources import reading
from garita.sources.table import Table
from sources import files
from sources.files import Count, codes, series, write

HIDALGO = [
    *series("Hidalgo", "2305", "Personal Vehicles", (2018, 1), range(400_100, 400_112)),
    *series("Hidalgo", "2305", "Personal Vehicle Passengers", (2018, 1), range(800_100, 800_112)),
]


def read(folder: Path, counts: Iterable[Count], shape: Callable[..., str] = files.bts_csv) -> Table:
    return reading.read(write(folder, "entries", shape(counts)))


def flagged(table: Table, flag: str) -> list[tuple[str, str, str, int]]:
    """Code, month, measure and value of the marked rows."""
    columns = (table[name] for name in ("Port Code", "Date", "Measure", "Value"))
    rows = zip(*columns, table.flags, strict=True)
    return [
        (code, str(month), measure, int(value))
        for code, month, measure, value, flags in rows
        if flag in flags.split()
    ]


@pytest.mark.parametrize(
    ("shape", "layout"),
    [(files.bts_csv, "CSV"), (files.bts_csv_2019, "CSV of 2019"), (files.bts_json, "Socrata JSON")],
)
def test_every_layout_gives_the_same_table(tmp_path: Path, shape: Callable[..., str], layout: str) -> None:
    table = read(tmp_path, HIDALGO, shape)
    assert (table.source, table.layout, len(table), table.partial) == ("bts", layout, 24, False)
    assert list(table["Value"]) == [count[-1] for count in HIDALGO]
    assert table["Date"][3] == np.datetime64("2018-04", "M")
    assert set(table["Port Code"]) == {"2305"}
    assert set(table.flags) == {""}


def test_codes_get_their_leading_zeros_back_and_measures_the_name_of_today(tmp_path: Path) -> None:
    counts = [("Derby Line", "Vermont", "0209", 2018, 3, "Truck Containers Full", 6000)]
    table = read(tmp_path, counts, files.bts_csv_2019)
    assert table["Port Code"][0] == "0209"
    assert table["Measure"][0] == "Truck Containers Loaded"
    assert codes(table.remarks) <= {"column-absent"}


def test_a_row_that_stands_twice_is_counted_once(tmp_path: Path) -> None:
    table = read(tmp_path, [*HIDALGO, HIDALGO[0]])
    assert len(table) == 24
    (remark,) = [remark for remark in table.remarks if remark.code == "duplicate-row"]
    assert (remark.line, remark.params["first"]) == (26, 2)


def test_a_month_with_two_values_is_used_for_neither(tmp_path: Path) -> None:
    table = read(tmp_path, [*HIDALGO, (*HIDALGO[0][:-1], 7)])
    assert {item[-1] for item in flagged(table, "conflict")} == {400_100, 7}
    assert table.usable.sum() == 23


def test_missing_months_are_told_apart(tmp_path: Path) -> None:
    """Zeros that were left out, gaps between large counts, and months in which the port reported nothing."""
    buses = series("Hidalgo", "2305", "Buses", (2018, 1), [20, 0, 0, 30])
    counts = [
        count
        for count in HIDALGO
        if count[4] not in (7, 10) or (count[4], count[5]) == (7, "Personal Vehicles")
    ]
    table = read(tmp_path, [*counts, *(bus for bus in buses if bus[-1])])
    told = {remark.code: remark.params for remark in table.remarks}
    assert told["months-unlisted"]["months"] == "2018-02 to 2018-03"
    assert told["months-missing"]["months"] == "2018-07"
    assert told["months-absent"] == {"what": "Hidalgo (2305)", "months": "2018-10"}
    assert len(table) == len(counts) + 2  # nothing is put into the gaps


def test_zeros_that_cannot_be_are_marked(tmp_path: Path) -> None:
    counts = [
        *series("Roma", "2310", "Buses", (2018, 1), [0, 15]),
        *series("Roma", "2310", "Bus Passengers", (2018, 1), [300, 0]),
    ]
    table = read(tmp_path, counts)
    assert flagged(table, "placeholder-zero") == [
        ("2310", "2018-01", "Buses", 0), ("2310", "2018-02", "Bus Passengers", 0)
    ]  # fmt: skip
    assert not table.usable[0]


def test_carried_values_and_jumps_are_marked(tmp_path: Path) -> None:
    values = [5000, 5000, 5100, 90, 5200, 30_000, 5300]
    table = read(tmp_path, series("Roma", "2310", "Pedestrians", (2018, 1), values))
    assert flagged(table, "carried") == [("2310", "2018-02", "Pedestrians", 5000)]
    assert [item[-1] for item in flagged(table, "outlier")] == [90, 30_000]
    assert table.usable.all()  # marked, but a value


def test_the_same_large_count_a_year_later_is_marked(tmp_path: Path) -> None:
    values = [40_001, *range(41_000, 41_011), 40_001]
    table = read(tmp_path, series("Ysleta", "2401", "Pedestrians", (2022, 1), values))
    assert [item[1] for item in flagged(table, "carried")] == ["2023-01"]


def test_el_paso_is_marked_as_long_as_it_includes_ysleta(tmp_path: Path) -> None:
    counts = [
        *series("El Paso", "2402", "Trucks", (2020, 1), [64_000, 63_000, 31_000]),
        *series("Ysleta", "2401", "Trucks", (2020, 3), [32_000]),
    ]
    table = read(tmp_path, counts)
    assert [item[1] for item in flagged(table, "with-ysleta")] == ["2020-01", "2020-02"]
    assert "ysleta" in codes(table.remarks)
    assert "ysleta" not in codes(read(tmp_path, counts[:2]).remarks)


def test_a_first_page_of_the_interface_is_not_taken_for_all(tmp_path: Path) -> None:
    counts = [
        *series("Roma", "2310", "Buses", (1970, 1), range(500)),
        *series("Roma", "2310", "Trucks", (1970, 1), range(500, 1_000)),
    ]
    assert "json-page" in codes(read(tmp_path, counts, files.bts_json).remarks)
    assert "json-page" not in codes(read(tmp_path, counts[1:], files.bts_json).remarks)
    assert "json-page" not in codes(read(tmp_path, counts).remarks)


def test_a_port_under_the_code_of_another_is_named(tmp_path: Path) -> None:
    table = read(tmp_path, [("Hidalgo", "Texas", "2304", 2018, 1, "Buses", 4)])
    (remark,) = [remark for remark in table.remarks if remark.code == "other-name"]
    assert (remark.line, remark.params["known"]) == (2, "Laredo")


def test_unknown_ports_and_measures_are_kept_and_named(tmp_path: Path) -> None:
    table = read(tmp_path, [("Nowhere", "Texas", "9876", 2018, 1, "Bicycles", 4)])
    assert len(table) == 1
    told = {remark.code: (remark.line, remark.params["value"]) for remark in table.remarks}
    assert told == {"unknown-port": (2, "9876 (Nowhere)"), "unknown-kind": (2, "Bicycles")}


def test_negative_counts_and_what_is_no_count_are_left_out(tmp_path: Path) -> None:
    text = files.bts_csv(HIDALGO).replace(",400100,", ",-400100,").replace(",400101,", ",many,")
    table = reading.read(write(tmp_path, "entries.csv", text))
    told = {(remark.code, remark.line) for remark in table.remarks if remark.severity == "error"}
    assert told == {("negative-count", 2), ("bad-cell", 3)}
    assert (len(table), table.partial) == (22, True)


def test_days_for_months_are_refused(tmp_path: Path) -> None:
    """03/02/2018 is the second of March, or February with day and month exchanged: no month either way."""
    text = files.bts_csv_2019(HIDALGO).replace("/01/2018", "/02/2018")
    with pytest.raises(DataError) as caught:
        reading.read(write(tmp_path, "entries.csv", text))
    assert {"bad-cell", "data-nothing"} == codes(caught.value.problems)


def test_csv_and_parquet_hold_the_publishers_columns(tmp_path: Path) -> None:
    table = read(tmp_path, HIDALGO)
    table.to_csv(tmp_path / "out.csv")
    again = reading.read(tmp_path / "out.csv")
    assert list(again.columns) == list(table.columns) == files.BTS_HEADER.split(",")
    assert all((again[name] == table[name]).all() for name in table.columns)
    assert (
        (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1].startswith("Hidalgo,Texas,2305,")
    )
    table.to_parquet(tmp_path / "out.parquet")
    assert table.to_pandas()["Value"].sum() == table["Value"].sum()
    assert list(table.to_pandas().columns) == [*table.columns, "flag"]
    query = f"SELECT sum(Value), min(Date) FROM '{(tmp_path / 'out.parquet').as_posix()}'"
    assert duckdb.sql(query).fetchall() == [(table["Value"].sum(), datetime(2018, 1, 1))]
