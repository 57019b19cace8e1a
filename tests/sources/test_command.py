"""`garita sources ...`: what is printed where, what is written, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from garita import cli
from sources import files
from sources.files import series, write

COUNTS = series("Roma", "2310", "Personal Vehicles", (2018, 1), range(50_100, 50_136))


def run(*words: object) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main([str(word) for word in words])
    return int(ended.value.code or 0)


def test_list_tells_publisher_terms_and_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sources", "list") == 0
    told = capsys.readouterr().out
    assert "Bureau of Transportation Statistics" in told
    assert "public domain" in told
    assert "keg4-3bc2\n" in told and "transborder-raw-data (to be downloaded by hand)\n" in told
    assert run("sources", "list", "--json") == 0
    assert json.loads(capsys.readouterr().out)["bts"]["page"].startswith("https://data.bts.gov/")


def test_read_tells_what_was_understood_and_what_is_odd(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, "entries.csv", files.bts_csv([*COUNTS, COUNTS[3]]))
    assert run("sources", "read", path) == 0
    shown = capsys.readouterr()
    assert "36 rows" in shown.out
    assert "2018-01 to 2020-12" in shown.out
    assert "entries.csv:38: the same row stands on line 5." in shown.out
    assert shown.err == ""


def test_rows_are_shown_as_they_would_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, "entries.csv", files.bts_csv(COUNTS))
    assert run("sources", "read", path, "--rows", 2) == 0
    shown = capsys.readouterr().out
    assert "Port Name  State  Port Code" in shown
    assert "Feb 2018  Personal Vehicles  50101" in shown and "Mar 2018" not in shown


def test_a_partial_result_has_exit_code_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, "entries.csv", files.bts_csv(COUNTS) + "cut off,Tex")
    assert run("sources", "read", path, "--out", tmp_path / "out.csv") == 3
    assert "entries.csv:38: the line has 2 cells" in capsys.readouterr().out
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()) == 37


@pytest.mark.parametrize("name", ["out.csv", "out.parquet", "deeper/out.CSV"])
def test_read_writes_what_the_name_says(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, "entries.csv", files.bts_csv(COUNTS))
    assert run("sources", "read", path, "--out", tmp_path / name) == 0
    assert (tmp_path / name).stat().st_size > 500
    assert not [left for left in tmp_path.rglob("*") if left.name.endswith(".part")]


def test_what_cannot_be_written_is_said_before_reading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("sources", "read", tmp_path / "none.csv", "--out", "table.xlsx") == 2
    assert "`.xlsx` is no kind of file that can be written" in capsys.readouterr().err
    path = write(tmp_path, "entries.csv", files.bts_csv(COUNTS))
    assert run("sources", "read", path, "--out", path / "out.csv") == 2
    assert "cannot be written" in capsys.readouterr().err


def test_what_is_no_data_has_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, "page.csv", "<html><body>Service unavailable</body></html>")
    assert run("sources", "read", path) == 2
    assert "page.csv:1: this is a web page, not data" in capsys.readouterr().err
