"""A user's region from a folder of tables: what is wrong with it is told by file and line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from garita.errors import GaritaError, ScenarioError
from garita.reference import read_region
from garita.scenario import load

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "made-up-border"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "case")
    return tmp_path / "case"


def test_the_example_is_a_case() -> None:
    case = load(EXAMPLE / "scenario.yaml")
    assert case.warnings == []
    assert str(case.zone) == "Europe/Warsaw"
    assert case.tables is not None
    for name in ("rosters", "hour_shares", "usual_waits", "travel", "costs", "classes"):
        assert case.tables.tables[name], name


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / "region" / f"{name}.csv"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def added(name: str, line: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / "region" / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")

    return change


BAD = "region-cell"
LONG = "forest-road,truck,standard,all,"
WRONG = {
    "a crossing nobody knows": (added("volumes", "nowhere,car,2025-01,9"), "region-unknown", "volumes.csv"),
    "a month twice": (added("volumes", "forest-road,car,2025-01,9"), "region-twice", "volumes.csv"),
    "a negative count": (added("volumes", "forest-road,car,2025-03,-1"), BAD, "volumes.csv"),
    "a month that is none": (added("volumes", "forest-road,car,2025-13,5"), BAD, "volumes.csv"),
    "a cell too many": (added("volumes", "forest-road,car,2025-03,5,6,7"), "region-row", "volumes.csv"),
    "an empty row": (added("volumes", ""), "region-row", "volumes.csv"),
    "a mode nobody has": (replaced("flows", ",car,", ",boat,"), BAD, "flows.csv"),
    "a lane type nobody has": (replaced("flows", "standard;fast", "standard;swift"), BAD, "flows.csv"),
    "a line nobody counts": (added("flows", "forest-road,bus,standard,1"), "region-uncounted", "flows.csv"),
    "hours the wrong way": (replaced("crossings", "06:00,22:00", "22:00,06:00"), BAD, "closes"),
    "a wait in words": (added("usual_waits", LONG + "long"), BAD, "wait_min"),
    "23 hours": (added("usual_waits", LONG + " ".join(["5"] * 23)), BAD, "wait_min"),
    "semicolons": (
        replaced("crossings", "crossing,name,", "crossing;name;"),
        "region-column",
        "crossings.csv",
    ),
    "a zone that is none": (replaced("region", "Europe/Warsaw", "Europe/Warsw"), BAD, "region.csv"),
}


@pytest.mark.parametrize("change", WRONG)
def test_what_is_wrong_is_told(folder: Path, change: str) -> None:
    make, code, where = WRONG[change]
    make(folder)
    with pytest.raises(ScenarioError) as error:
        load(folder / "scenario.yaml")
    found = [problem for problem in error.value.problems if problem.code == code]
    assert found, [str(problem) for problem in error.value.problems]
    assert found[0].line is not None
    assert where in f"{found[0].file} {found[0].field}"
    assert "region" in str(found[0].file)


def test_a_table_that_is_missing_is_named(folder: Path) -> None:
    (folder / "region" / "volumes.csv").unlink()
    with pytest.raises(GaritaError, match=r"volumes\.csv"):
        read_region(folder / "region")


def test_a_byte_order_mark_is_no_letter(folder: Path) -> None:
    path = folder / "region" / "volumes.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load(folder / "scenario.yaml").warnings == []


def test_what_is_not_text_is_told(folder: Path) -> None:
    (folder / "region" / "volumes.csv").write_bytes(b"crossing,mode\n\xff\xfe\n")
    with pytest.raises(GaritaError, match="UTF-8"):
        read_region(folder / "region")
