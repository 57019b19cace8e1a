"""Texas bridges, TransBorder freight, encounters and the Tijuana app."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from garita.errors import DataError
from garita.sources import describe, reading
from garita.sources.encounters import calendar_month
from garita.sources.table import Table
from sources.files import codes, months, write

BRIDGES = "ID,Year,Month,Region,POE,Crossing,Modes,Northbound Crossing"
SBO = (
    "Fiscal Year,Month Grouping,Month (abbv),Component,Demographic,Citizenship Grouping,Title of Authority,"
    "Encounter Type,Encounter Count"
)
DOT1 = (
    "TRDTYPE,USASTATE,DEPE,DISAGMOT,MEXSTATE,CANPROV,COUNTRY,VALUE,SHIPWT,FREIGHT_CHARGES,"
    "DF,CONTCODE,MONTH,YEAR"
)
DOT2 = DOT1.replace("DEPE", "COMMODITY2")
DOT3 = "TRDTYPE,DEPE,COMMODITY2,DISAGMOT,COUNTRY,VALUE,SHIPWT,FREIGHT_CHARGES,DF,CONTCODE,MONTH,YEAR"


def read(folder: Path, *lines: str) -> Table:
    return reading.read(write(folder, "counts.csv", "\n".join(lines) + "\n"))


def bridge(mode: str, values: list[int]) -> list[str]:
    where = "Rio Grande Valley,Rio Grande City,Starr-Camargo Bridge"
    return [
        f"{year}-{month:02}-X-{mode},{year},{month},{where},{mode},{value}"
        for (year, month), value in zip(months((2022, 1), len(values)), values, strict=True)
    ]


def test_modes_that_never_cross_a_bridge_are_placeholders(tmp_path: Path) -> None:
    table = read(tmp_path, BRIDGES, *bridge("Buses", [40, 0, 35]), *bridge("Railcars", [0, 0, 0]))
    assert table.source == "texas-bridges"
    assert table.flags == ["", "", "", *["placeholder-zero"] * 3]
    assert "never-counted" in codes(table.remarks)


def test_unknown_bridges_and_sectors_are_kept_and_named(tmp_path: Path) -> None:
    other = [line.replace("Starr-Camargo", "Bering Strait") for line in bridge("Buses", [40])]
    told = [(remark.code, remark.line) for remark in read(tmp_path, BRIDGES, *other).remarks]
    assert told == [("unknown-port", 2)]
    table = read(tmp_path, "month,fiscal_year,sector,encounters", '2018-01,2018,"Atlantis, XX",40')
    assert [(remark.code, remark.line) for remark in table.remarks] == [("unknown-kind", 2)]


def test_series_of_bridges_are_checked_like_those_of_ports(tmp_path: Path) -> None:
    cars = bridge("Passenger Vehicles", [60_000, 60_000, 61_000, 2_000, 62_000])
    table = read(tmp_path, BRIDGES, *cars[:2], *cars[2:], cars[0], cars[1].replace(",60000", ",60001"))
    assert {"duplicate-row", "conflict", "outlier"} <= codes(table.remarks)
    wrong = cars[2].replace("2022-03-X", "2021-03-X")
    assert "id-differs" in codes(read(tmp_path, BRIDGES, cars[0], wrong).remarks)


@pytest.mark.parametrize(
    ("header", "row", "layout"),
    [
        (DOT1, "2,TX,2304,5,,,2010,1000,500,20,2,1,01,2015", "DOT1"),
        (DOT2, "2,TX,87,5,,,2010,1000,500,20,2,1,01,2015", "DOT2"),
        (DOT3, "2,2304,87,5,2010,1000,500,20,2,1,01,2015", "DOT3"),
    ],
)
def test_raw_freight_comes_in_three_tables(tmp_path: Path, header: str, row: str, layout: str) -> None:
    table = read(tmp_path, header, row)
    assert (table.source, table.layout, table.remarks) == ("transborder", layout, [])
    assert (table["VALUE"][0], table["SHIPWT"][0], table["MONTH"][0]) == (1000, 500.0, 1)
    table.to_csv(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == f"{header},flag\n{row},\n"


def test_exports_by_land_have_no_weight(tmp_path: Path) -> None:
    rows = ["1,TX,2304,5,NL,,2010,1000,0,20,1,0,01,2015", "1,TX,23XX,1,NL,,2010,1000,0,20,1,0,01,2015"]
    table = read(tmp_path, DOT1, *rows, "7,TX,2304,2,NL,,2010,5,1,1,1,0,01,2015")
    assert np.isnan(table["SHIPWT"]).tolist() == [True, False, False]
    told = {(remark.code, remark.field) for remark in table.remarks}
    assert told == {
        ("weight-not-recorded", "SHIPWT"),
        ("unknown-kind", "TRDTYPE"),
        ("unknown-kind", "DISAGMOT"),
    }


def test_sums_of_freight_are_read(tmp_path: Path) -> None:
    monthly = "Year,Month,Country,Mode,TradeType,TradeValue,Weight,WeightLb"
    table = read(
        tmp_path, monthly, "2018,11,Mexico,Truck,Export,2000.0,,", "2019,1,Mexico,Truck,Export,2100.0,,"
    )
    assert table.layout == "sums by month"
    assert {remark.params["months"] for remark in table.remarks} == {"2018-12"}
    annual = "Year,PortCode,Port,Mode,TradeType,TradeValue,Weight,FreightCharges,Region,Lat,Lon,WeightLb"
    table = read(
        tmp_path,
        annual,
        "2018,2304,Laredo,Truck,Import,2e9,1,2,Laredo,27.5,-99.5,2",
        "2018,77,X,Rail,Import,1,,,,,,",
    )
    assert table.layout == "sums by year and port"
    assert [remark.params["value"] for remark in table.remarks] == ["0077 (X)"]


def test_fiscal_years_begin_in_october() -> None:
    years, numbers = np.array(["2022", "2025 (FYTD)", "2022"], object), np.array([10, 1, 9])
    assert [str(month) for month in calendar_month(years, numbers)] == ["2021-10", "2025-01", "2022-09"]


def sbo(count: object, citizenship: str = "Mexico", year: str = "2022", month: str = "OCT") -> str:
    return f"{year},FYTD,{month},U.S. Border Patrol,Single Adults,{citizenship},Title 8,Apprehensions,{count}"


def test_small_counts_of_people_are_not_shown(tmp_path: Path) -> None:
    table = read(
        tmp_path, SBO, sbo(7), sbo(10, "Other"), sbo(9, "Honduras"), sbo(3, "Honduras"), sbo(0, "Guatemala")
    )
    assert table["Encounter Count"].tolist() == [7, 10, 9, 3, 0]
    table.to_csv(tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split(",")[-2] for line in lines] == ["<10", "10", "<10", "<10", "<10"]
    assert table.to_pandas()["Encounter Count"].dropna().tolist() == [10.0]
    told = "\n".join([*map(str, describe.columns(table)), *map(str, table.remarks)])
    assert "given on line 4, as <10 instead of <10" in told
    assert "<10 to 10" in told


def test_what_was_written_small_is_read_as_small(tmp_path: Path) -> None:
    table = read(tmp_path, SBO, sbo("<10"), sbo(25, "Other"))
    assert [table.shown("Encounter Count", row) for row in range(2)] == ["<10", "25"]


def test_encounters_by_area_are_read_too(tmp_path: Path) -> None:
    header = SBO.replace(
        "Component,", "Component,Land Border Region,Area of Responsibility,AOR (Abbv),"
    ).replace("Citizenship Grouping", "Citizenship")
    row = sbo(50).replace("Patrol,", "Patrol,Southwest Land Border,San Diego Sector,San Diego,")
    table = read(tmp_path, header, row, row.replace("2022", "20X2"))
    assert table["Area of Responsibility"][0] == "San Diego Sector"
    assert [remark.line for remark in table.remarks if remark.field == "Fiscal Year"] == [3]


def test_sectors_are_by_calendar_month(tmp_path: Path) -> None:
    rows = [
        f'{year}-{month:02},{year + (month > 9)},"Yuma, AZ",{100 * month}'
        for year, month in months((2018, 1), 60)
    ]
    rows[4] = rows[4].replace("2018,", "2019,")
    table = read(tmp_path, "month,fiscal_year,sector,encounters", *rows[:30], *rows[31:])
    assert (table.source, len(table)) == ("usbp-sectors", 59)
    told = {remark.code: (remark.line, remark.params.get("months")) for remark in table.remarks}
    assert told == {"months-absent": (None, "2020-07"), "fiscal-year": (6, None), "rounded": (None, None)}
    assert "Yuma, AZ: no row" in str(table.remarks[1])


def app_lane(wait: str, lanes: str, kind: str = "General", icon: str = "vehicular") -> dict[str, str]:
    return {"tipo": kind, "tiempo": wait, "líneas_abiertas": lanes, "color": "red", "icono": icon}


APP = {
    "Garita San Ysidro": [
        app_lane("2:17 horas", "5 líneas abiertas"),
        app_lane("26 minutos", "1 línea abierta", "Sentri"),
    ],
    "Garita Otay Mesa": [
        app_lane("Cerrado", "", icon="peatonal"),
        app_lane("1 hora", "2 líneas abiertas"),
    ],
    "Ultima_actualizacion": "2026-05-12 07:46",
}


@pytest.mark.parametrize("ascii_only", [True, False])
def test_crossings_with_accents_are_not_lost(tmp_path: Path, ascii_only: bool) -> None:
    text = json.dumps(
        {"Garita Río Nuevo": [app_lane("26 minutos", "1 línea abierta")]}, ensure_ascii=ascii_only
    )
    assert reading.read(write(tmp_path, "app.json", text))["garita"].tolist() == ["Garita Río Nuevo"]


def test_an_app_without_crossings_is_refused(tmp_path: Path) -> None:
    """The name of the crossing lost its quotation mark."""
    lane = json.dumps(app_lane("26 minutos", "1 línea abierta"))
    with pytest.raises(DataError) as caught:
        reading.read(write(tmp_path, "app.json", f'{{n Ysidro": [{lane}]'))
    assert "data-nothing" in codes(caught.value.problems)


@pytest.mark.parametrize("ascii_only", [True, False])
def test_the_app_is_read_in_its_own_words(tmp_path: Path, ascii_only: bool) -> None:
    path = write(tmp_path, "app.json", json.dumps(APP, indent=1, ensure_ascii=ascii_only))
    table = reading.read(path)
    assert table["garita"].tolist() == ["Garita San Ysidro"] * 2 + ["Garita Otay Mesa"]
    assert table["tiempo"].tolist() == [137, 26, 60]
    assert set(table["Ultima_actualizacion"]) == {"2026-05-12 07:46"}
    assert [remark.params["value"] for remark in table.remarks if remark.field == "tiempo"] == ["Cerrado"]
    table.to_csv(tmp_path / "out.csv")
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert "Garita San Ysidro,vehicular,General,2:17 horas,5 líneas abiertas,2026-05-12 07:46," in text
    assert reading.read(tmp_path / "out.csv")["tiempo"].tolist() == [137, 26, 60]
