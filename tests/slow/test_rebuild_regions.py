"""The committed tables of the border's regions come from the publishers' files.

Needs the folder with the publishers' files (not part of the repository); skipped without it.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
REGIONS = ROOT / "src" / "garita" / "reference" / "regions"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the publishers' files are not at {DATA}"),
]


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        import build_regions

        yield build_regions
    finally:
        sys.path.remove(str(ROOT / "scripts"))


@pytest.fixture(scope="module")
def data(script: ModuleType) -> object:
    return script.Data(DATA, script.YEAR)


def test_rebuilding_gives_the_committed_files(script: ModuleType, data: object) -> None:
    for region in script.border_regions.REGIONS:
        built = script.tables_of(region, data)
        committed = {path.name for path in (REGIONS / region.id).glob("*.csv")}
        assert set(built) == committed, region.id
        for name, text in built.items():
            assert (REGIONS / region.id / name).read_text(encoding="utf-8") == text, (region.id, name)


def test_every_party_that_bts_counted_in_2018_is_there() -> None:
    """All ports of the southern border together, by TxDOT's count where there is one.

    At El Paso that has 5 % more cars than BTS has.
    """
    counted = {
        "Personal Vehicles": "car", "Pedestrians": "pedestrian", "Buses": "bus", "Trucks": "truck",
    }  # fmt: skip
    published = dict.fromkeys(counted.values(), 0)
    with gzip.open(DATA / "bts_border_crossing_entry.csv.gz", "rt", encoding="utf-8-sig") as stream:
        for row in csv.DictReader(stream):
            if (
                row["Border"] == "US-Mexico Border"
                and row["Date"].endswith("2018")
                and row["Measure"] in counted
            ):
                published[counted[row["Measure"]]] += int(row["Value"])
    packaged = dict.fromkeys(published, 0)
    for folder in REGIONS.iterdir():
        about = (folder / "region.csv").read_text(encoding="utf-8")
        if "US;CA" not in about:
            with (folder / "volumes.csv").open(encoding="utf-8", newline="") as stream:
                for row in csv.DictReader(stream):
                    if row.get("direction", "inbound") == "inbound" and row["month"].startswith("2018"):
                        packaged[row["mode"]] += int(row["parties"])
    for mode, count in published.items():
        assert packaged[mode] == pytest.approx(count, rel=0.01), mode
