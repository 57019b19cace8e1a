"""Tables of journeys with a row of HXL hashtags, written and read back."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from typer.testing import CliRunner

from garita import cli
from garita.outcomes import hxl
from garita.reference.hxl import TABLES, is_row, plain
from garita.sources import describe, reading
from journeys.stories import HEAD, LINE, told

STORY = LINE.replace("people: 100", "people: {range: [90, 210]}, shares: {women: 0.25, men: 0.7}") + (
    "  shelters: [{id: hall, name: 'The hall', place: d, capacity: 50, most: 70, supplies: {toilets: 3}}]\n"
    "  waiting_lists: [{name: l, place: d, per_day: 5, waiting: 30, waited: 5 days}]\n"
)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["#date", "", " #affected +f+children ", "#adm1+code"], True),
        (["#date", "people"], False),
        (["", ""], False),
        (["# 1", "#date"], False),
        (["#1st"], False),
    ],
)
def test_a_row_of_hashtags_is_told_from_data(cells, expected):
    assert is_row(cells) is expected


def test_attributes_come_in_any_order_and_language():
    assert plain("#Affected +f+children") == plain("#affected+children+F+en") == "#affected+children+f"
    assert plain("people") == "" and plain("#adm1") == "#adm1"


def test_every_column_has_a_hashtag_of_its_own():
    for columns in TABLES.values():
        tags = [plain(column.tag) for column in columns]
        assert len(set(tags)) == len(tags) and all(tags)


def test_what_is_written_is_read_back(tmp_path):
    outcome = told(STORY, replications=4)
    assert hxl.write(outcome, tmp_path) == ["people.csv", "shelters.csv", "needs.csv", "waitlists.csv"]
    with (tmp_path / "people.csv").open(encoding="utf-8", newline="") as stream:
        heading, tags, *rows = csv.reader(stream)
    assert is_row(tags) and dict(zip(heading, tags, strict=True))["women"] == "#affected+adults+f"
    table = reading.read(tmp_path / "people.csv")
    assert (table.source, table.layout, table.partial) == ("garita-journeys", "people", False)
    assert len(table) == len(rows) and not table.remarks
    there = [place.id for place in outcome.layout.places].index("d")
    chosen = (table["place"] == "d") & (table["day"] == np.datetime64("2018-10-20"))
    [women] = table["women"][chosen]
    assert women == round(outcome.by_kind["women"][:, 19, there].mean())
    [children] = table["children"][chosen]
    assert (
        children == pytest.approx(outcome.by_kind["children"][:, 19, there].mean(), abs=0.5)
        or children == 0.5
    )
    found = {name: reading.read(tmp_path / f"{name}.csv") for name in ("shelters", "needs", "waitlists")}
    assert {name: table.layout for name, table in found.items()} == {name: name for name in found}
    assert found["shelters"]["capacity"].max() == 50
    assert found["needs"]["needed"].max() == pytest.approx(outcome.needs().needed.max(), abs=0.5)
    assert np.isnan(found["needs"]["supply"]).any() and "supply" in {
        c.column for c in describe.columns(found["needs"])
    }


@pytest.mark.slow
def test_columns_are_found_by_their_hashtags_alone(tmp_path):
    hxl.write(told(STORY), tmp_path)
    path = tmp_path / "people.csv"
    heading, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(
        ",".join(f"Kolumne {k}" for k in range(heading.count(",") + 1)) + "\n" + rest, encoding="utf-8"
    )
    table = reading.read(path)
    assert table.layout == "people" and {remark.code for remark in table.remarks} == {"column-renamed"}


def test_counts_below_ten_are_not_told_apart(tmp_path):
    outcome = told(STORY.replace("{range: [90, 210]}", "12"))
    hxl.write(outcome, tmp_path)
    table = reading.read(tmp_path / "people.csv")
    row = int(np.flatnonzero((table["place"] == "d") & (table["day"] == np.datetime64("2018-10-09")))[0])
    assert [table.shown(name, row) for name in ("women", "men", "girls")] == ["<10", "<10", "0"]
    table.to_csv(tmp_path / "again.csv")
    assert reading.read(tmp_path / "again.csv").shown("women", row) == "<10"
    without = told(LINE)
    hxl.write(without, tmp_path)
    table = reading.read(tmp_path / "people.csv")
    assert table.shown("women", 0) == "" and table.shown("arrived", 0) == "100"
    assert np.isnan(table.to_pandas().women).all()


@pytest.mark.slow
def test_the_command_writes_them_where_tables_go(tmp_path):
    path = tmp_path / "scenario.yaml"
    path.write_text(HEAD + STORY, encoding="utf-8")
    shown = CliRunner().invoke(
        cli.app, ["journeys", str(path), "--hxl", "--out", str(tmp_path / "out"), "-r", "2"]
    )
    assert shown.exit_code == 0 and "people.csv" in shown.output
    assert (tmp_path / "out" / "needs.csv").is_file()
    with pytest.raises(SystemExit) as ended:
        cli.main(["journeys", str(path), "--hxl"])
    assert ended.value.code == 2
