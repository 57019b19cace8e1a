"""An ordinary fortnight of each packaged region: it runs, loses nobody, and no queue runs away.

The usual waits of the tables are what people are used to; at El Paso they are CBP's averages, so that the
error there is an error against published waits."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from garita.engine.types import ON_THE_WAY, PUBLISHED, QUEUE_END, WAIT_SUM, WAITED, WAITING
from garita.fit.normal_week import fortnight, simulate
from garita.outcomes import Outcome
from garita.reference import load_region, regions

pytestmark = pytest.mark.slow
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BORDER = [name for name in regions() if name != "san-diego-tijuana"]
LONGEST_MIN = 150.0  # mean true wait of any hour of the week
MIDNIGHT_LINE_HOURS = 3.0  # of roster, that still stand in line when the fortnight ends
EL_PASO_ERROR_MIN = {"bridge-of-the-americas": 12.0, "paso-del-norte": 18.0, "ysleta": 17.0}


@cache
def simulated(region: str) -> Outcome:
    """Two weeks of October, twice."""
    return simulate(fortnight(region, "2018-10-01", 14, 2))


def usual_waits(region: str) -> dict[str, np.ndarray]:
    """Usual wait by line and hour of the week, minutes."""
    found: dict[str, np.ndarray] = {}
    for row in load_region(region)["usual_waits"]:
        line = ":".join(row[name] for name in ("crossing", "direction", "mode", "lane_type"))
        found.setdefault(line, np.zeros(168))[DAYS.index(row["weekday"]) * 24 + int(row["hour"])] = float(
            row["wait_min"]
        )
    return found


def by_hour_of_week(outcome: Outcome, line: int, published: bool) -> np.ndarray:
    """Mean wait by hour of the week [168], minutes; nan where closed or nobody came."""
    layout = outcome.layout
    zone = ZoneInfo(layout.zone)
    local = [
        datetime.fromtimestamp(m * 60, UTC).astimezone(zone) for m in layout.bin_start_min[layout.measured]
    ]
    hour = np.array([at.weekday() * 24 + at.hour for at in local])
    bins = outcome.bins[:, line][:, layout.measured].astype(float)
    result = np.full(168, np.nan)
    for h in range(168):
        part = bins[:, hour == h]
        seen = part[..., PUBLISHED][part[..., PUBLISHED] >= 0.0]
        joined = part[..., WAITED].sum()
        if published and seen.size:
            result[h] = seen.mean()
        elif not published and joined:
            result[h] = part[..., WAIT_SUM].sum() / joined
    return result


@pytest.mark.parametrize("region", BORDER)
def test_an_ordinary_fortnight_is_stable(region: str) -> None:
    outcome = simulated(region)
    rows = load_region(region)["rosters"]
    mean_s = {
        ":".join(row[name] for name in ("crossing", "direction", "mode", "lane_type")): float(row["mean_s"])
        for row in load_region(region)["flows"]
    }
    assert rows
    last = outcome.bins[:, :, outcome.layout.measured][:, :, -1, QUEUE_END].mean(axis=0)
    for f, flow in enumerate(outcome.layout.flows):
        true = by_hour_of_week(outcome, f, published=False)
        assert np.nanmax(true, initial=0.0) < LONGEST_MIN, flow.id
        booths = max(
            float(row["booths"])
            for row in rows
            if ":".join(row[name] for name in ("crossing", "direction", "mode", "lane_type")) == flow.id
        )
        assert last[f] * mean_s[flow.id] / 3600 < MIDNIGHT_LINE_HOURS * booths, flow.id
    # The engine checks each quarter of an hour that nobody is lost; in the end nobody waits or is on the way.
    assert outcome.ledger[:, :, [WAITING, ON_THE_WAY]].sum() == 0


@pytest.mark.parametrize("factor", [0.9, 1.1])
def test_demand_that_is_off_by_a_tenth_makes_no_other_place(factor: float) -> None:
    usual = simulated("el-paso-juarez")
    off = simulate(fortnight("el-paso-juarez", "2018-10-01", 14, 2, factor))
    for f, flow in enumerate(usual.layout.flows):
        means = [np.nanmean(by_hour_of_week(outcome, f, published=True)) for outcome in (usual, off)]
        if flow.mode == "car":
            assert abs(means[1] - means[0]) < 12, flow.id
        assert np.nanmax(by_hour_of_week(off, f, published=False), initial=0.0) < LONGEST_MIN


@pytest.mark.parametrize("region", BORDER)
def test_counted_parties_come(region: str) -> None:
    """A fortnight is near 14/31 of what October counted: those who look at waits may differ a little."""
    outcome = simulated(region)
    counted: dict[str, float] = {}
    for row in load_region(region)["volumes"]:
        if row["month"] == "2018-10":
            key = f"{row['crossing']}:{row['mode']}"
            counted[key] = counted.get(key, 0.0) + float(row["parties"]) * 14 / 31
    came = dict.fromkeys(counted, 0.0)
    joined = outcome.bins[:, :, outcome.layout.measured][..., WAITED].sum(axis=2).mean(axis=0)
    for f, flow in enumerate(outcome.layout.flows):
        came[f"{flow.crossing}:{flow.mode}"] += float(joined[f])
    total = sum(counted.values())
    assert sum(came.values()) == pytest.approx(total, rel=0.04)
    for key, count in counted.items():
        if count > 0.03 * total:
            assert came[key] == pytest.approx(count, rel=0.15), key


@pytest.mark.parametrize("crossing", sorted(EL_PASO_ERROR_MIN))
def test_waits_at_el_paso_are_near_the_published(crossing: str) -> None:
    """Mean absolute error of cars' published waits by hour of the week, standard and Ready together."""
    outcome, usual = simulated("el-paso-juarez"), usual_waits("el-paso-juarez")
    errors = []
    for f, flow in enumerate(outcome.layout.flows):
        if flow.crossing == crossing and flow.mode == "car" and flow.lane_type in ("standard", "ready"):
            seen = by_hour_of_week(outcome, f, published=True)
            errors.append(float(np.nanmean(np.abs(seen - usual[flow.id]))))
    assert np.mean(errors) < EL_PASO_ERROR_MIN[crossing]
