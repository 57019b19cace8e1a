"""`garita facts`: the busiest, a typical day and the trend, as far as the data carry them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from garita import cli
from garita.errors import DataError
from garita.sources import facts, reading, yearly
from garita.sources.facts import Sheet
from garita.sources.table import Table
from sources import files
from sources.files import Count, codes, series, write
from sources.test_averages import graph, historical
from sources.test_other_counts import BRIDGES, SBO, bridge, sbo


def table(folder: Path, counts: list[Count], name: str = "bts.csv") -> Table:
    return reading.read(write(folder, name, files.bts_csv(counts)))


def years(port: str, code: str, measure: str, first: int, totals: list[int]) -> list[Count]:
    """Twelve months for every total, unequal so that nothing looks carried over."""
    months = [total // 12 + 7 * month - 38 for total in totals for month in range(12)]
    return series(port, code, measure, (first, 1), months)


def known(sheet: Sheet) -> dict[str, dict[str, str]]:
    """Rows by their first cell, cells by heading."""
    return {row[0]: dict(zip(sheet.headings, row, strict=True)) for row in sheet.rows}


SAN_YSIDRO = years("San Ysidro", "2504", "Personal Vehicles", 2018, [12_000_000, 12_120_000, 9_000_000])
OTAY = years("Otay Mesa", "2506", "Personal Vehicles", 2018, [6_000_000, 13_000_000, 6_600_000])


def test_ports_are_ranked_in_the_last_whole_year(tmp_path: Path) -> None:
    counts = [
        *SAN_YSIDRO,
        *OTAY,
        *series("Otay Mesa", "2506", "Personal Vehicles", (2021, 1), [9_999_999] * 5),
    ]
    (sheet,) = facts.facts([table(tmp_path, counts)])
    assert sheet.title == "Busiest ports, US-Mexico Border, 2020"
    (row,) = sheet.rows
    assert row[0] == "Personal Vehicles"
    assert row[1].startswith("San Ysidro 9,00") and row[2].startswith("Otay Mesa 6,60")
    assert row[-1].startswith("Otay Mesa 2019: 13,00")


def test_a_year_with_missing_months_is_not_ranked_and_said(tmp_path: Path) -> None:
    counts = [
        count for count in [*SAN_YSIDRO, *OTAY] if not (count[0] == "San Ysidro" and count[3:5] == (2020, 6))
    ]
    (sheet,) = facts.facts([table(tmp_path, counts)])
    assert sheet.title.endswith("2020")
    assert sheet.rows[0][1].startswith("Otay Mesa")
    assert sheet.notes == [
        "Not ranked, because months are missing: San Ysidro by Personal Vehicles (11 of 12)"
    ]


def test_months_left_out_by_small_series_count_as_zero(tmp_path: Path) -> None:
    buses = [count for count in years("Otay Mesa", "2506", "Buses", 2018, [600]) if count[4] != 5]
    (sheet,) = facts.facts([table(tmp_path, [*OTAY[:12], *buses])])
    assert known(sheet)["Buses"]["1."].startswith("Otay Mesa 5")


def test_what_must_not_be_used_is_not_summed(tmp_path: Path) -> None:
    twice = [*OTAY[:12], (*OTAY[3][:-1], 1)]
    counted = yearly.counts(table(tmp_path, twice))
    assert counted is not None
    (years_,) = yearly.sums(counted).values()
    assert (years_[2018].months, years_[2018].whole) == (11, False)


def test_a_port_has_rank_day_months_peak_and_trend(tmp_path: Path) -> None:
    counts = years("Roma", "2310", "Trucks", 2010, [round(36_500 * 1.1**year) for year in range(9)])
    counts += years("Hidalgo", "2305", "Trucks", 2010, [500_000 + year for year in range(9)])
    (sheet,) = facts.facts([table(tmp_path, counts)], "roma")
    row = known(sheet)["Trucks"]
    assert (sheet.title, row["year"], row["rank"]) == ("Roma", "2018", "2 of 2")
    assert row["total"].startswith("78,2") and row["a day"] == "214"
    assert row["busiest month"].startswith("Feb 232") and row["busiest year"].startswith("2018: 78,2")
    assert row["trend"] == "+10.0% on 2017; +10.0% a year since 2010"


def test_el_paso_and_ysleta_are_one_series_across_2020(tmp_path: Path) -> None:
    counts = years("El Paso", "2402", "Trucks", 2018, [800_000, 820_000])
    counts += series("El Paso", "2402", "Trucks", (2020, 1), [68_000, 66_000, *range(11_000, 11_010)])
    counts += series("Ysleta", "2401", "Trucks", (2020, 3), range(50_000, 50_010))
    counts += years("El Paso", "2402", "Trucks", 2021, [140_000, 150_000])
    counts += years("Ysleta", "2401", "Trucks", 2021, [690_000, 700_000])
    alone, ysleta, together = (
        facts.facts([table(tmp_path, counts)], "El Paso")
        + facts.facts([table(tmp_path, counts)], "Ysleta")[:1]
    )
    assert (alone.title, ysleta.title, together.title) == ("El Paso", "El Paso and Ysleta", "Ysleta")
    row = known(ysleta)["Trucks"]
    assert row["total"].startswith("850,") and row["busiest year"].startswith("2022")
    assert row["trend"].endswith(
        "a year since 2018"
    )  # 2020 is whole: ten months of Ysleta, two within El Paso
    assert known(alone)["Trucks"]["busiest year"].startswith("2022: 150,")
    assert alone.notes == ["Years since 2021 only: before, El Paso includes Ysleta."]
    (ranked,) = facts.facts([table(tmp_path, counts)])
    assert ranked.rows[0][-1].startswith("El Paso with Ysleta 2019: 820,")


def test_odd_months_are_told_with_the_sums(tmp_path: Path) -> None:
    counts = list(OTAY[:12])
    counts[5] = (*counts[5][:-1], counts[4][-1])
    (sheet,) = facts.facts([table(tmp_path, counts)])
    assert sheet.rows[0][1].endswith("*")
    assert sheet.notes[-1].startswith("* some of its months are marked")


def test_waits_of_a_typical_day(tmp_path: Path) -> None:
    header = "Port,Lane,Sub-Lane,Month,Time,weekday,avg_wait_min"
    waits = [
        f"El Paso - Ysleta,Passenger,General,January,{hour},{day},{wait}"
        for hour, wait in (("Midnight", 10), ("8:00 AM", 50), ("4:00 PM", 40))
        for day, wait in (("Monday", wait), ("Sunday", wait + 20))
    ]
    path = write(tmp_path, "waits.csv", "\n".join([header, *waits]))
    (sheet,) = facts.facts([reading.read(path)], "Ysleta")
    row = known(sheet)["Passenger, General"]
    assert (row["mean"], row["longest at"], row["shortest at"]) == ("43", "08: 60", "00: 20")
    assert (row["longest on"], row["00"], row["04"], row["08"]) == ("Sunday: 53", "20", "", "60")


@pytest.mark.parametrize(
    ("content", "title", "lanes"),
    [
        (historical(ped_time_avg=20), "on a typical day: waits", {"cars, standard", "pedestrians, standard"}),
        (
            [graph()],
            "as usual: San Ysidro",
            {"cars, standard", "cars, SENTRI or NEXUS", "cars, Ready", "pedestrians, standard"},
        ),
    ],
)
def test_waits_of_every_shape(tmp_path: Path, content: object, title: str, lanes: set[str]) -> None:
    path = write(tmp_path, "waits", json.dumps(content))
    (sheet,) = facts.facts([reading.read(path)])
    assert sheet.title == f"Waits in minutes {title}"
    assert set(known(sheet)) == lanes


def test_waits_near_holidays_know_their_weekday(tmp_path: Path) -> None:
    rows = [{"bwt_date": f"12/2{day}/2025", "time_slot": 8, "pv_time": 10 * day} for day in (4, 5)]
    path = write(tmp_path, "waits", json.dumps({"wait_times": rows}))
    (sheet,) = facts.facts([reading.read(path)])
    assert known(sheet)["cars, standard"]["longest on"] == "Thursday: 50"  # Christmas Day of 2025
    assert "on days near holidays" in sheet.title


def test_other_counts_are_ranked_too(tmp_path: Path) -> None:
    bridges = [BRIDGES, *bridge("Buses", [40] * 11 + [41])]
    trade = ["Year,Month,Country,Mode,TradeType,TradeValue,Weight,WeightLb"]
    trade += [f"2018,{month},Mexico,Truck,Export,{1000 + month},," for month in range(1, 13)]
    months = ["OCT", "NOV", "DEC", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP"]
    encounters = [SBO, *(sbo(100, "Mexico", "2022", month) for month in months)]
    encounters += [sbo(200, "Mexico", "2023", month) for month in months[:3]]
    tables = [
        reading.read(write(tmp_path, f"{number}.csv", "\n".join(lines)))
        for number, lines in enumerate((bridges, trade, encounters))
    ]
    sheets = {sheet.title: sheet.rows[0][:2] for sheet in facts.facts(tables)}
    assert sheets == {
        "Busiest bridges, Rio Grande Valley, 2022": ("Buses", "Starr-Camargo Bridge 481"),
        "Busiest countries, 2018": ("Export by Truck, USD", "Mexico 12,078"),
        "Busiest components, 2022": ("encounters", "U.S. Border Patrol 1,500"),
    }


def test_small_numbers_of_people_stay_small(tmp_path: Path) -> None:
    rows = [
        f'2018-{month:02},{2018 + (month > 9)},"Havre, MT",{int(month == 3) * 5}' for month in range(1, 13)
    ]
    path = write(tmp_path, "sectors.csv", "\n".join(["month,fiscal_year,sector,encounters", *rows]))
    (sheet,) = facts.facts([reading.read(path)])
    assert sheet.rows[0][1] == "Havre, MT <10" and sheet.rows[0][4] == "<10"
    (sheet,) = facts.facts([reading.read(path)], "havre")
    assert known(sheet)["encounters"]["total"] == "<10"
    assert known(sheet)["encounters"]["a day"] == ""


def test_an_unknown_port_is_refused_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        facts.facts([table(tmp_path, OTAY)], "Otai Mesa")
    assert codes(caught.value.problems) == {"facts-port"} and "Did you mean `Otay Mesa`?" in str(caught.value)


def test_files_without_counts_or_hours_are_refused(tmp_path: Path) -> None:
    header = "TRDTYPE,DEPE,COMMODITY2,DISAGMOT,COUNTRY,VALUE,SHIPWT,FREIGHT_CHARGES,DF,CONTCODE,MONTH,YEAR"
    path = write(tmp_path, "dot3.csv", f"{header}\n2,2304,87,5,2010,1000,500,20,2,1,01,2015\n")
    with pytest.raises(DataError) as caught:
        facts.facts([reading.read(path)])
    assert codes(caught.value.problems) == {"facts-nothing"}


def test_the_command_prints_tables_or_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, "bts.csv", files.bts_csv([*SAN_YSIDRO, *OTAY]))
    for words in ([str(path), "--port", "san ysidro"], [str(path), "--json"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(["facts", *words])
        assert ended.value.code in (0, None)
        told = capsys.readouterr().out
        if "--json" in words:
            assert json.loads(told)[0]["title"] == "Busiest ports, US-Mexico Border, 2020"
        else:
            assert "2 of 2" not in told and "1 of 2" in told
