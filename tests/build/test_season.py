"""A roster made for so many parties a day grows and shrinks with the month's demand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from types import SimpleNamespace

from garita.build.packaged import packaged_region
from garita.reference import load_region
from garita.reference.inference import complete

Rows = Sequence[Mapping[str, str]]
REGION = {
    "region": [{"id": "one", "name": "One", "zone": "America/Chicago"}],
    "crossings": [
        {"crossing": "bridge", "name": "Bridge", "port": "bridge", "lat": "48", "lon": "-100",
         "choice_group": "land", "opens": "00:00", "closes": "24:00"}
    ],
    "flows": [{"crossing": "bridge", "mode": "car", "lane_type": "standard", "lanes": "20"}],
    "volumes": [
        {"crossing": "bridge", "mode": "car", "month": f"2018-{month:02d}", "parties": str(count)}
        for month, count in ((4, 150_000), (5, 310_000), (6, 450_000))
    ],
}  # fmt: skip


def booths(tables: Mapping[str, Rows], day: date | None) -> list[float]:
    region = packaged_region(
        SimpleNamespace(id="one", name="One", zone="America/Chicago", tables=tables), day
    )
    return [count for _, count in region.lines[0].roster[2]]


def test_inferred_rosters_follow_the_month() -> None:
    tables = complete(
        {name: list(rows) for name, rows in REGION.items()}, load_region("san-diego-tijuana").tables
    )
    usual = booths(tables, None)
    assert booths(tables, date(2018, 5, 20)) == usual  # 10,000 a day, the mean of the three months
    june = booths(tables, date(2018, 6, 1))
    assert june == [math.floor(1.5 * count + 0.5) for count in usual]
    april = booths(tables, date(2018, 4, 2))
    assert all(1 <= one <= two for one, two in zip(april, usual, strict=True)) and sum(april) < 0.7 * sum(
        usual
    )


def test_rosters_that_hold_all_year_stay_as_they_are() -> None:
    region = load_region("san-diego-tijuana")
    february, august = (packaged_region(region, date(2018, month, 1)) for month in (2, 8))
    assert [line.roster for line in february.lines] == [line.roster for line in august.lines]
