"""Displacement Tracking Matrix: displaced people by area, site assessments, flow monitoring; as groups."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import garita
from garita import cli
from garita.errors import DataError
from garita.sources import reading
from garita.sources.dtm_groups import as_yaml, starts
from garita.sources.table import Table
from sources.files import codes, write

SITES = (
    "1.1.a.1: Survey Date,1.1.a.2: Survey Round,1.1.c.1: Site ID,1.1.d.1: Site Name,1.1.e.1: Region,"
    "1.1.f.1: GPS: Longitude,1.1.f.2: GPS: Latitude,2.1.b.1: Total Number of IDP Households,"
    "2.1.b.7: Total Number of IDP Individuals,Women,Men,Girls,Boys,Most reported need"
)
FLOWS = "FMP Name,Date of Survey,Departure Country,Country of Destination,Number of Individuals,Females,Males"
API = {
    "operation": "Somewhere", "admin0Name": "A", "admin0Pcode": "AAA", "admin1Name": "North",
    "numPresentIdpInd": 1200, "numberMales": 500, "numberFemales": 700,
    "reportingDate": "2024-03-31T00:00:00", "roundNumber": 7, "assessmentType": "BA",
}  # fmt: skip


def read(folder: Path, *lines: str, name: str = "dtm.csv") -> Table:
    return reading.read(write(folder, name, "\n".join(lines) + "\n"))


def site(name: str, people: str = "100", date: str = "25/11/2018", parts: str = "30,40,20,10") -> str:
    return f"{date},3,S-{name},{name},North,-117.0,32.5,20,{people},{parts},water"


def told(table: Table) -> set[tuple[str, int | None]]:
    return {(remark.code, remark.line) for remark in table.remarks if remark.code[:6] != "column"}


def test_a_site_assessment_is_read_with_its_numbered_headings(tmp_path: Path) -> None:
    table = read(tmp_path, SITES, site("Hall"), site("Court", "250", "02/12/2018", ",,,"))
    assert (table.source, table.layout, table.partial) == ("dtm-sites", "CSV", False)
    assert table["Site Name"].tolist() == ["Hall", "Court"] and table["admin1Name"].tolist() == ["North"] * 2
    assert [str(day) for day in table["reportingDate"]] == ["2018-11-25", "2018-12-02"]
    assert table["Individuals"].tolist() == [100, 250] and table["Latitude"].tolist() == [32.5, 32.5]
    assert np.isnan(table["Women"][1]) and table.shown("Women", 1) == "" and table.shown("Boys", 0) == "10"
    assert "Most reported need" not in table.columns and told(table) == set()


def test_a_row_of_hashtags_is_passed_over_and_finds_columns(tmp_path: Path) -> None:
    heading = "Lieu,Personnes,Jour,Femmes,Hommes,Enfants"
    tags = "#loc+name+fr,#affected +ind+idps,#date,#affected+adults+f,#affected+m+adults,#affected+children"
    table = read(tmp_path, heading, tags, "Salle,100,2018-11-25,30,50,20")
    assert table.source == "dtm-sites" and len(table) == 1
    assert (table["Individuals"][0], table["Women"][0], table["Children"][0]) == (100, 30, 20)


def test_the_interface_and_its_table_are_read_alike(tmp_path: Path) -> None:
    text = json.dumps({"isSuccess": True, "result": [API, API | {"admin1Name": "South"}]}, indent=1)
    table = reading.read(write(tmp_path, "api.json", text))
    assert (table.source, table.layout, len(table)) == ("dtm-displacement", "JSON", 2)
    assert str(table["reportingDate"][0]) == "2024-03-31" and table["numberFemales"].tolist() == [700, 700]
    heading = "operation,admin0Name,admin1Name,numPresentIdpInd,reportingDate,roundNumber"
    tags = "#operation+name,#country+name,#adm1+name,#affected+idps,#date+reported,#round+code"
    table = read(tmp_path, heading, tags, "Somewhere,A,North,1200,2024-03-31,7")
    assert (table.source, table.layout, table["numPresentIdpInd"].tolist()) == (
        "dtm-displacement",
        "CSV",
        [1200],
    )
    assert not table.remarks


def test_flow_monitoring_is_read(tmp_path: Path) -> None:
    table = read(tmp_path, FLOWS, "Bridge,2018-11-25,A,B,40,15,25", "Bridge,2018-11-26,A,B,<10,,")
    assert (table.source, len(table)) == ("dtm-flows", 2)
    assert table.shown("Individuals", 1) == "<10" and table.shown("numberMales", 1) == ""
    assert table.columns["Departure"].tolist() == ["A", "A"]


def test_what_is_odd_is_named_with_its_line(tmp_path: Path) -> None:
    table = read(
        tmp_path, SITES, site("Hall"), site("Hall"), site("Court", parts="30,40,20,11"),
        site("Church", people="15"), site("Grand Total"), site("School", people="many"),
        site("Yard", people="-3"), site("Park", date="soon"),
    )  # fmt: skip
    assert {
        ("duplicate-row", 3), ("parts-differ", 4), ("parts-differ", 5), ("more-households", 5),
        ("sum-row", 6),
        ("bad-cell", 7), ("negative-count", 8), ("bad-cell", 9),
    } == told(table)  # fmt: skip
    assert table.partial and table.flags == ["", "parts-differ", "parts-differ"]
    again = read(tmp_path, SITES, site("Hall"), site("Hall", people="101"))
    assert again.flags == ["conflict", "conflict parts-differ"] and not again.usable.any()


def test_dates_of_which_nobody_can_tell_day_and_month_are_named(tmp_path: Path) -> None:
    table = read(tmp_path, SITES, site("Hall", date="02/03/2018"))
    assert str(table["reportingDate"][0]) == "2018-02-03" and "day-or-month" in codes(table.remarks)
    table = read(tmp_path, SITES, site("Hall", date="02/03/2018"), site("Court", date="2018-03-13 08:30"))
    assert [str(day) for day in table["reportingDate"]] == ["2018-02-03", "2018-03-13"]


def test_a_day_that_does_not_exist_is_refused_as_it_stands(tmp_path: Path) -> None:
    table = read(
        tmp_path, SITES, site("Hall"), site("Court", date="31/02/2020"), site("Yard", date="02/14/2020")
    )
    assert len(table) == 1
    assert [remark.params["value"] for remark in table.remarks if remark.line == 3] == ["31/02/2020"]


def test_sheets_with_persons_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        read(tmp_path, SITES + ",Focal point phone", site("Hall") + ",555")
    assert codes(refused.value.problems) == {"data-personal"}
    with pytest.raises(DataError):
        read(tmp_path, SITES, site("Total"))
    with pytest.raises(DataError) as refused:
        read(tmp_path, "Site Name,Households,Individuals", "Hall,20,100")
    assert ("column-missing", 1) in {(each.code, each.line) for each in refused.value.problems}


def test_sites_become_groups_with_their_shares(tmp_path: Path) -> None:
    table = read(
        tmp_path, SITES, site("Salón Uno", "100", "01/11/2018"),
        site("Salón Uno", "200", "25/11/2018", "60,80,40,20"),
        site("Salon  uno!", "50", "25/11/2018", "9,,,"), site("Tiny", "<10"),
    )  # fmt: skip
    one, other = starts(table)
    assert (one.id, other.id, one.people, one.lat) == (
        "salon-uno",
        "salon-uno-2",
        [("2018-11-25", 200)],
        32.5,
    )
    assert one.shares == {"women": 0.3, "men": 0.4, "girls": 0.2, "boys": 0.1} and other.shares == {}
    text = "\n".join(
        [
            "garita: 1", "title: t", "start: 2018-12-01", "days: 1", "replications: 1", "journeys:",
            "  from: 2018-11-25", "  days: 9", *as_yaml(table, "north"),
            "  routes: [{from: salon-uno, to: north, km: 30}, {from: salon-uno-2, to: north, km: 30}]",
        ]
    ).replace("  groups:", "    - {id: north}\n  groups:")  # fmt: skip
    path = write(tmp_path, "scenario.yaml", text)
    outcome = garita.travel(garita.load(path))
    assert outcome.present[0, -1, 2] == 250 and outcome.by_kind["women"][0, -1, 2] == pytest.approx(60)


@pytest.mark.slow
def test_flows_become_people_by_day(tmp_path: Path) -> None:
    rows = [
        "Bridge,2018-11-26,A,B,40,15,25",
        "Bridge,2018-11-25,A,B,30,15,15",
        "Bridge,2018-11-25,C,B,20,5,15",
    ]
    path = write(tmp_path, "flows.csv", "\n".join([FLOWS, *rows]) + "\n")
    assert starts(reading.read(path))[0].people == [("2018-11-25", 50), ("2018-11-26", 40)]
    shown = CliRunner().invoke(cli.app, ["sources", "groups", str(path), "--to", "north"])
    assert shown.exit_code == 0 and "- {day: 2018-11-25, people: 50}" in shown.output, shown.output
    lost = write(tmp_path, "lost.csv", "\n".join([FLOWS, *rows, "Bridge,soon,A,B,3,1,2"]) + "\n")
    assert CliRunner().invoke(cli.app, ["sources", "groups", str(lost), "--to", "north"]).exit_code == 3


def test_other_tables_are_no_groups(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        starts(reading.read(write(tmp_path, "api.json", json.dumps([API]))))
    assert codes(refused.value.problems) == {"groups-kind"}
    with pytest.raises(DataError) as refused:
        starts(read(tmp_path, SITES, site("Tiny", "<10")))
    assert codes(refused.value.problems) == {"groups-nobody"}
