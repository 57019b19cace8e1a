"""Files that went through spreadsheets, broken downloads and mail: named by line, the rest still used."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from garita.errors import DataError
from garita.sources import reading, text
from garita.sources.messages import KEPT_PER_CODE
from garita.sources.table import Table
from sources import files
from sources.files import codes, series, write

COUNTS = series("Roma", "2310", "Personal Vehicles", (2018, 1), range(50_100, 50_136))
GOOD = files.bts_csv(COUNTS)
LINES = GOOD.split("\n")


def read(folder: Path, content: str | bytes) -> Table:
    return reading.read(write(folder, "entries.csv", content))


def refused(folder: Path, content: str | bytes) -> set[str]:
    with pytest.raises(DataError) as caught:
        read(folder, content)
    assert all(problem.file and "entries.csv" in problem.file for problem in caught.value.problems)
    assert all(str(problem) for problem in caught.value.problems)
    return codes(caught.value.problems)


def at(table: Table, code: str) -> list[int | None]:
    """The lines that are said to have this problem."""
    return [remark.line for remark in table.remarks if remark.code == code]


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode("utf-8-sig"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
        gzip.compress(GOOD.encode()),
        gzip.compress(LINES[0].encode() + b"\n") + gzip.compress("\n".join(LINES[1:]).encode()),
        GOOD.rstrip("\n").encode(),
        ("\n\n" + GOOD).encode(),
    ],
    ids=["byte order mark", "CRLF", "CR", "gzip", "gzip in parts", "no end of line", "empty lines"],
)
def test_harmless_differences_are_not_worth_a_word(tmp_path: Path, content: bytes) -> None:
    table = read(tmp_path, content)
    assert (len(table), table.remarks, table["Value"][0]) == (36, [], 50_100)


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read_and_named(tmp_path: Path, coding: str) -> None:
    table = read(tmp_path, GOOD.encode(coding))
    assert (len(table), codes(table.remarks)) == (36, {"text-coding"})


def test_names_in_windows_coding_are_read(tmp_path: Path) -> None:
    table = read(tmp_path, GOOD.replace("Roma", "Juárez").encode("cp1252"))
    assert (table["Port Name"][0], at(table, "text-coding")) == ("Juárez", [2])


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_another_separator_is_read_and_named(tmp_path: Path, sign: str) -> None:
    table = read(tmp_path, GOOD.replace(",", sign).replace("31.5;", "31,5;"))
    assert (len(table), codes(table.remarks)) == (36, {"delimiter"})
    assert table["Latitude"][0] == 31.5


def test_a_compressed_file_that_ends_early_gives_its_whole_lines(tmp_path: Path) -> None:
    whole = gzip.compress("\n".join([LINES[0], *LINES[1:37] * 50]).encode(), 1)
    table = read(tmp_path, whole[: len(whole) // 2])
    assert table.partial
    assert at(table, "gzip-damaged") == [None]
    assert set(table["Value"]) <= {count[-1] for count in COUNTS}


def test_a_damaged_compressed_file_gives_what_comes_before_the_damage(tmp_path: Path) -> None:
    import random

    told = [f"{LINES[1]} {random.Random(line).random()}" for line in range(3000)]
    whole = bytearray(gzip.compress("\n".join([LINES[0], *told]).encode()))
    whole[len(whole) // 2] ^= 255
    table = read(tmp_path, bytes(whole))
    assert table.partial and len(table) == 1  # 3,000 times the same month
    assert {"gzip-damaged", "duplicate-row"} <= codes(table.remarks)


def test_broken_lines_are_named_and_the_others_used(tmp_path: Path) -> None:
    lines = list(LINES)
    lines[2] = lines[2].replace("Roma", '"Roma')
    lines[4] = lines[4].rsplit(",", 3)[0]
    lines[6] = LINES[0]
    lines[8] = lines[8] + "x" * 30_000
    lines[10] = lines[10].replace("Roma", '"Roma, Texas"')
    table = read(tmp_path, "\n".join(lines))
    told = {code: at(table, code) for code in codes(table.remarks) if not code.startswith("months")}
    assert told == {"quotes-broken": [3], "cells-missing": [5], "header-again": [7], "line-too-long": [9]}
    assert (len(table), set(table["Port Name"])) == (32, {"Roma", "Roma, Texas"})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "data-empty"),
        (b"\n \r\n", "data-empty"),
        (b"\xef\xbb\xbf", "data-empty"),
        (b"<!DOCTYPE html><html><body>503</body></html>", "data-html"),
        (b"\n<HTML>\n<head><title>Error</title>", "data-html"),
        (b"PK\x03\x04whatever", "data-binary"),
        (b"%PDF-1.7", "data-binary"),
        (b"just some text", "data-unknown"),
        (b"a,b,c\n1,2,3\n", "data-unknown"),
        (b"[1, 2, 3]", "data-unknown"),
        (b'{"error": true, "message": "no such column"}', "data-unknown"),
        (b"<rss><channel/></rss>", "data-unknown"),
        (LINES[0].encode(), "data-nothing"),
    ],
)
def test_what_is_no_data_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    assert code in refused(tmp_path, content)


def test_what_unpacks_to_more_than_can_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "LIMIT", 100_000)
    packed = gzip.compress(LINES[0].encode() + b"\n" + b"0" * 5_000_000)
    broken = packed[: len(packed) // 2] + b"\0" * 9
    for content in (packed, broken, b"x" * 100_001):
        assert "data-too-big" in refused(tmp_path, content)


def test_no_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.csv", "data-missing"), (tmp_path, "data-folder")):
        with pytest.raises(DataError) as caught:
            reading.read(path)
        assert codes(caught.value.problems) == {code}


def test_headings_may_differ_in_case_and_signs(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        GOOD.replace("Port Code", "PORT_CODE").replace("Point", "Point,Extra").replace("31.5)", "31.5),1"),
    )
    assert len(table) == 36
    told = {remark.code: remark.params for remark in table.remarks}
    assert told["column-renamed"] == {"found": "PORT_CODE", "name": "Port Code"}
    assert told["column-ignored"] == {"name": "Extra"}


def test_a_column_under_another_name_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, GOOD.replace("Measure", "Measures"))
    (problem,) = [problem for problem in caught.value.problems if problem.code == "column-missing"]
    assert (problem.line, problem.params["name"]) == (1, "Measure")
    assert "Did you mean `Measures`?" in problem.remedy


@pytest.mark.parametrize(
    "heading",
    ["Last Name", "traveler_last_name", "Passport No.", "Telephone", "Teléfono", "documentNumber", "CURP",
     "Name", "date_of_birth", "Apellidos", "A-Number", "License Plate"],
)  # fmt: skip
def test_columns_that_identify_persons_are_refused(tmp_path: Path, heading: str) -> None:
    assert "data-personal" in refused(tmp_path, GOOD.replace("State", heading))
    assert "data-personal" in refused(tmp_path, f"{heading},Age\nx,40\n")
    assert "data-personal" in refused(tmp_path, files.bts_json(COUNTS).replace('"type"', f'"{heading}"'))


def test_what_a_file_looks_like_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"Nearest is bts \(CSV\)"):
        read(
            tmp_path, GOOD.replace("Port Code", "Code").replace("Value", "Number").replace("Measure", "What")
        )


def test_many_remarks_of_a_kind_are_counted(tmp_path: Path) -> None:
    table = read(tmp_path, GOOD + "broken\n" * (KEPT_PER_CODE + 40))
    assert len(at(table, "cells-missing")) == KEPT_PER_CODE
    assert [remark.params for remark in table.remarks if remark.code == "more"] == [{"count": 40}]


def test_half_a_sign_in_json_can_be_written(tmp_path: Path) -> None:
    table = read(tmp_path, files.bts_json(COUNTS).replace("Roma", "Rom\\ud800"))
    table.to_csv(tmp_path / "out.csv")
    assert set(table["Port Name"]) == {"Rom?"}


def test_json_that_is_cut_off_gives_its_whole_entries(tmp_path: Path) -> None:
    text = files.bts_json(COUNTS)
    table = read(tmp_path, text[: len(text) // 2])
    assert table.partial
    assert 10 < len(table) < 20
    (line,) = at(table, "json-cut")
    assert line == pytest.approx(text[: len(text) // 2].count("\n") + 1, abs=1)
