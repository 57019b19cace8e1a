"""Counts and waits are read by the region's lines; what cannot be fitted together is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fit.fit_files import MONTHS, shape, write_averages, write_counts
from garita.errors import DataError
from garita.fit.counts import read_counts
from garita.fit.observed import month_of, read_waits
from garita.fit.places import Places
from garita.reference import load_region

LONG = "Port,Lane,Sub-Lane,Month,Time,weekday,avg_wait_min\n"
DATED = "Port,Lane,Sub-Lane,Holiday,Time,date,wait_min\n"


@pytest.fixture(scope="module")
def tijuana() -> Places:
    return Places(load_region("san-diego-tijuana").tables)


@pytest.fixture(scope="module")
def juarez() -> Places:
    return Places(load_region("el-paso-juarez").tables)


def code_of(caught: pytest.ExceptionInfo[DataError]) -> list[str]:
    return [problem.code for problem in caught.value.problems]


def test_wide_averages_are_of_the_place_that_is_named(tmp_path: Path, tijuana: Places) -> None:
    path = write_averages(tmp_path / "w.csv", lambda month: (shape(60.0 + month), shape(40.0)), MONTHS)
    waits = read_waits([f"san-ysidro={path}"], tijuana)
    assert [column.id for column in waits.columns] == ["san-ysidro:car:standard", "san-ysidro:car:ready"]
    assert waits.columns[0].lines == (("san-ysidro-vehicles", "inbound", "car", "standard"),)
    assert waits.months == ("01", "02", "04", "05", "07", "08", "10", "11")
    assert waits.wait[0, 4] == pytest.approx(np.round(shape(67.0)))
    with pytest.raises(DataError) as caught:
        read_waits([path], tijuana)
    assert code_of(caught) == ["fit-which-place"]
    assert "san-ysidro" in str(caught.value)
    with pytest.raises(DataError) as caught:
        read_waits([f"san-isidro={path}"], tijuana)
    assert code_of(caught) == ["fit-unknown-place"]


def test_names_of_bridges_are_understood(juarez: Places) -> None:
    names = {
        "El Paso - Bridge of the Americas (BOTA)": "bridge-of-the-americas",
        "El Paso - Paso Del Norte (PDN)": "paso-del-norte",
        "El Paso - Ysleta": "ysleta",
        "Ysleta Bridge": "ysleta",
        "Paso del Norte Bridge": "paso-del-norte",
        "El Paso - Stanton DCL": "stanton",
        "Good Neighbor Bridge": "stanton",
        "Bridge of the Americas": "bridge-of-the-americas",
        "Marcelino Serna Bridge": "tornillo",
    }
    found = {name: juarez.find(name) for name in names}
    assert {name: place and place.id for name, place in found.items()} == names
    for elsewhere in ("Laredo - World Trade Bridge", "Gateway to the Americas Bridge", "Del Rio"):
        assert juarez.find(elsewhere) is None


def dated(path: Path, months: list[str]) -> Path:
    rows = [
        f"El Paso - Ysleta,Passenger,General,Some Day,{hour % 12 or 12}:00 {'PM' if hour > 11 else 'AM'},"
        f"{month}-{day:02},{20 + hour}"
        for month in months
        for day in range(1, 9)
        for hour in range(24)
    ]
    path.write_text(DATED + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_waits_from_both_sides_of_april_2019_are_not_fitted_together(tmp_path: Path, juarez: Places) -> None:
    path = dated(tmp_path / "d.csv", ["2018-11", "2019-02", "2019-03", "2019-04", "2019-06", "2020-01"])
    with pytest.raises(DataError) as caught:
        read_waits([path], juarez)
    assert code_of(caught) == ["fit-across-2019"]
    assert "--until 2019-03" in str(caught.value)
    before = read_waits([path], juarez, until="2019-03")
    assert before.months == ("2018-11", "2019-02", "2019-03")
    after = read_waits([path], juarez, since="2019-05")
    assert after.months == ("2019-06", "2020-01")
    assert before.wait[0, 0, 30] == 26.0  # Tuesday 6 h


def test_averages_are_not_set_against_counts_from_before(tmp_path: Path, tijuana: Places) -> None:
    path = write_counts(tmp_path / "c.csv", lambda year, month: 40_000.0, (2018, 2019, 2020))
    with pytest.raises(DataError) as caught:
        read_counts([path], tijuana, "2018-01")
    assert code_of(caught) == ["fit-counts-before-2019"]
    assert read_counts([path], tijuana).since == "2019-05"
    assert read_counts([path], tijuana, averages=False).since < "2018"


def test_a_year_of_counts_is_not_tilted_by_months_that_are_missing(tmp_path: Path, tijuana: Places) -> None:
    def daily(year: int, month: int) -> float:
        return 40_000.0 * 1.2 ** (year - 2023) * (1.0 + 0.1 * np.cos(month))

    path = write_counts(tmp_path / "c.csv", daily)
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if "Jul 2022" not in line and "Jul 2023" not in line]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    counts = read_counts([path], tijuana)
    here = frozenset({"san-ysidro-vehicles"})
    for month in range(1, 13):
        assert counts.daily(here, "car", f"{month:02}") == pytest.approx(daily(2023, month), rel=0.01)
    assert counts.daily(here, "car", "2024-03") == pytest.approx(daily(2024, 3), rel=1e-4)
    assert np.isnan(counts.daily(here, "car", "2023-07"))
    assert np.isnan(counts.daily(here, "pedestrian", "03"))


@pytest.mark.parametrize(
    ("said", "month"), [("11", "11"), ("november", "11"), ("Nov", "11"), ("2018-11", "2018-11"), ("7", "07")]
)
def test_months_may_be_written_in_several_ways(said: str, month: str) -> None:
    assert month_of(said) == month


@pytest.mark.parametrize("said", ["13", "2018-13", "noon", "", "2018-11-02"])
def test_what_is_no_month_is_refused(said: str) -> None:
    with pytest.raises(DataError) as caught:
        month_of(said)
    assert code_of(caught) == ["fit-month"]


def test_lines_with_few_hours_are_left_out_and_said_so(tmp_path: Path, juarez: Places) -> None:
    rows = []
    for month in ("January", "April", "July", "October"):
        for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
            for hour in range(24):
                time = f"{hour % 12 or 12}:00 {'PM' if hour > 11 else 'AM'}"
                rows.append(f"El Paso - Ysleta,Passenger,General,{month},{time},{day},{hour + 10}")
                if 8 <= hour < 12:
                    rows.append(f"El Paso - Ysleta,Commercial,General,{month},{time},{day},{hour}")
                rows.append(f"Atlantis,Passenger,General,{month},{time},{day},{hour}")
    path = tmp_path / "l.csv"
    path.write_text(LONG + "\n".join(rows) + "\n", encoding="utf-8")
    waits = read_waits([path], juarez)
    assert [column.id for column in waits.columns] == ["ysleta:car:standard"]
    assert [note.params["what"] for note in waits.notes] == ["ysleta:truck:standard"]
