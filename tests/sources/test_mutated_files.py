"""Good files that were changed in any way: only our own errors come out, each problem with its file."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from garita.errors import DataError
from garita.sources import describe, facts, reading
from garita.sources.table import Table
from sources import files
from sources.files import months, series, write
from sources.test_averages import graph, historical
from sources.test_cbp_live import port, xml
from sources.test_dtm import API, FLOWS, SITES, site
from sources.test_other_counts import APP, BRIDGES, DOT1, SBO, bridge, sbo

COUNTS = [
    *series("El Paso", "2402", "Personal Vehicles", (2019, 6), range(30_000, 30_014)),
    *series("Ysleta", "2401", "Bus Passengers", (2020, 3), [0, 7, 90, 90]),
]
MONTHLY = [f'{year}-{month:02},{year},"Yuma, AZ",{month}' for year, month in months((2018, 1), 9)]
APP_OPEN = {
    name: [lane for lane in lanes if "Cerrado" not in str(lane)]
    for name, lanes in APP.items()
    if name.startswith("Garita")
}
LONG = {
    "averages": ["Port,Lane,Sub-Lane,Month,Time,weekday,avg_wait_min", *["A,B,C,January,Noon,Sunday,9"] * 3],
    "holidays": ["Port,Lane,Sub-Lane,Holiday,Time,date,wait_min", *["A,B,C,D,1:00 AM,2025-09-01,9"] * 3],
    "bridges": [BRIDGES, *bridge("Buses", [40, 0, 35, 35]), *bridge("Railcars", [0, 0])],
    "freight": [
        DOT1,
        "1,TX,2304,5,NL,,2010,1000,0,20,1,0,01,2015",
        "2,TX,2304,5,,,2010,1000,9,20,1,0,01,2015",
    ],
    "encounters": [SBO, sbo(7), sbo(700, "Other"), sbo("<10", "Other", "2023 (FYTD)", "SEP")],
    "sites": [SITES, site("Hall"), site("Court", "250", "02/12/2018", ",,,")],
    "flows": [
        FLOWS,
        "#loc+fmp,#date,,,#affected,,",
        "Bridge,2018-11-25,A,B,40,15,25",
        "Gate,26/11/2018,A,B,<10,,",
    ],
    "sectors": ["month,fiscal_year,sector,encounters", *MONTHLY],
}
GOOD: dict[str, bytes] = {
    "bts": files.bts_csv(COUNTS).encode(),
    "bts 2019": files.bts_csv_2019(COUNTS).encode(),
    "bts json": files.bts_json(COUNTS[:5]).encode(),
    "waits json": json.dumps([port(), port("250601", automation=True)], indent=1).encode(),
    "waits xml": xml([port(), port("250601")]).encode(),
    "graph": json.dumps([graph()]).encode(),
    "historical": json.dumps({"wait_times": historical(ped_time_avg=20)["wait_times"][:30]}).encode(),
    "displacement": json.dumps({"isSuccess": True, "result": [API, API]}).encode(),
    "app": json.dumps(APP_OPEN, ensure_ascii=False, indent=1).encode(),
    **{name: "\n".join(lines).encode() for name, lines in LONG.items()},
}
PIECES = [
    b"", b'"', b'""', b",", b";", b"\t", b"\n", b"\r", b"\0", b"-", b"0", b"9" * 30, b"1e999", b"nan", b"<10",
    b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"[", b"]", b"{", b"}", b"<", b">", b"<!DOCTYPE x>", b"null",
    b"true", b"\\u0000", b"Feb 30 2020", b"00/00/0000", b"12:00:00 AM", b"\xd9\xa3", "²".encode(),
    "名".encode(), b"Last Name", b"N/A", b"\\ud800",
]  # fmt: skip


def end(content: bytes, at: int) -> int:
    return at % (len(content) + 1)


@st.composite
def changed(draw: st.DrawFn, content: bytes) -> bytes:
    """The file cut, with pieces put in, taken out, doubled or moved, recoded or compressed."""
    for _ in range(draw(st.integers(1, 4))):
        first, second = (end(content, draw(st.integers(0, 1 << 16))) for _ in range(2))
        low, high = sorted((first, second))
        short = min(high, low + draw(st.integers(0, 20)))
        kind = draw(st.sampled_from(["cut", "put", "take", "double", "line", "code", "gzip"]))
        if kind == "cut":
            content = content[:low]
        elif kind == "put":
            content = content[:low] + draw(st.sampled_from(PIECES)) + content[short:]
        elif kind == "take":
            content = content[:low] + content[short:]
        elif kind == "double":
            content = content[:high] + content[low:]
        elif kind == "line":
            lines = content.split(b"\n")
            lines.insert(low % len(lines), lines[high % len(lines)])
            content = b"\n".join(lines)
        elif kind == "code":
            coding = draw(st.sampled_from(["utf-16", "utf-16-be", "cp1252", "utf-8-sig"]))
            content = content.decode("utf-8", "replace").encode(coding, "replace")
        else:
            content = gzip.compress(content, 1)
            content = content[: len(content) - draw(st.integers(0, 40))]
    return content


def use(table: Table, folder: Path) -> None:
    """Everything that is done with a table."""
    assert len(table) == len(table.flags) == len(table.usable)
    assert all(len(values) == len(table) for values in table.columns.values())
    assert all(remark.file for remark in table.remarks)
    assert all(str(remark) for remark in table.remarks)
    assert describe.columns(table)
    assert table.partial == any(remark.severity == "error" for remark in table.remarks)
    table.to_csv(folder / "out.csv")
    try:
        facts.facts([table])
    except DataError as error:
        assert {problem.code for problem in error.problems} == {"facts-nothing"}


@pytest.mark.parametrize("name", GOOD)
@settings(max_examples=settings().max_examples // 3)  # for each of the files
@given(data=st.data())
def test_a_changed_file_is_read_or_refused(
    name: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp() / f"mutated-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    path = write(folder, "changed", data.draw(changed(GOOD[name])))
    try:
        table = reading.read(path)
    except DataError as error:
        assert error.problems
        assert all(problem.file and str(problem) for problem in error.problems)
    else:
        use(table, folder)


@pytest.mark.parametrize("name", GOOD)
def test_the_files_are_good_before_they_are_changed(name: str, tmp_path: Path) -> None:
    table = reading.read(write(tmp_path, "good", GOOD[name]))
    assert not table.partial
    use(table, tmp_path)


@given(data=st.data())
def test_any_bytes_are_refused_or_read(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp() / f"bytes-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    content = data.draw(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
    with pytest.raises(DataError):
        reading.read(write(folder, "any", content))
