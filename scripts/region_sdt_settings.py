"""What the tables of san-diego-tijuana are computed from, apart from demand (region_sdt_demand.py).

Figures that a person writes down stand in the packaged tables themselves (crossings, flows, behaviour, ...):
they are edited there, and read from there by the scripts, so that nothing is written twice.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from garita.reference.inference.arithmetic import DAYS  # noqa: F401 - used by the other scripts
from garita.reference.inference.staffing import STEP_MIN  # noqa: F401 - used by the other scripts

REFERENCE = Path(__file__).resolve().parents[1] / "src" / "garita" / "reference"
REGION = REFERENCE / "regions" / "san-diego-tijuana"
DAY_TYPES = ("weekday", "saturday", "sunday")

Flow = tuple[str, str, str, str]  # crossing, direction, mode, lane type
Rows = list[dict[str, str]]

# --- volumes -----------------------------------------------------------------------------------------------
# Crossing, mode -> port name in BTS, measure of parties, measure of people (None = parties), share of the
# port's total. No counts by pedestrian facility are published: the split is a proposal.
VOLUMES = {
    ("san-ysidro-vehicles", "car"): ("San Ysidro", "Personal Vehicles", "Personal Vehicle Passengers", 1.0),
    ("san-ysidro-vehicles", "bus"): ("San Ysidro", "Buses", "Bus Passengers", 1.0),
    ("san-ysidro-pedeast", "pedestrian"): ("San Ysidro", "Pedestrians", None, 0.65),
    ("san-ysidro-pedwest", "pedestrian"): ("San Ysidro", "Pedestrians", None, 0.35),
    ("otay-mesa-passenger", "car"): ("Otay Mesa", "Personal Vehicles", "Personal Vehicle Passengers", 1.0),
    ("otay-mesa-passenger", "bus"): ("Otay Mesa", "Buses", "Bus Passengers", 1.0),
    ("otay-mesa-passenger", "pedestrian"): ("Otay Mesa", "Pedestrians", None, 1.0),
    ("otay-mesa-commercial", "truck"): ("Otay Mesa", "Trucks", None, 1.0),
    ("tecate", "car"): ("Tecate", "Personal Vehicles", "Personal Vehicle Passengers", 1.0),
    ("tecate", "pedestrian"): ("Tecate", "Pedestrians", None, 1.0),
    ("tecate", "truck"): ("Tecate", "Trucks", None, 1.0),
    ("cross-border-xpress", "pedestrian"): ("Cross Border Xpress", "Pedestrians", None, 1.0),
}
YEAR = "2018"
# Demand that BTS could not count because the port was shut (25 Nov 11:30 to about 17 h; 19 Nov 03:15 to
# 06:25), net of those who came later that day: an estimate, in days of the month's mean.
NOT_COUNTED_MONTH, NOT_COUNTED_DAYS_OF_MONTH = 11, 30
NOT_COUNTED_DAYS = {
    ("san-ysidro-vehicles", "car"): 0.30,
    ("san-ysidro-vehicles", "bus"): 0.30,
    ("san-ysidro-pedeast", "pedestrian"): 0.25,
    ("san-ysidro-pedwest", "pedestrian"): 0.20,
}

# --- usual waits -------------------------------------------------------------------------------------------
# Column of the CBP San Ysidro averages that gives the shape of a weekend day.
CBP_COLUMN = {
    ("car", "standard"): "pv_time_avg",
    ("car", "ready"): "pv_ready_lanes_time_avg",
    ("car", "sentri"): "xpv_time_avg",
    ("pedestrian", "standard"): "ped_time_avg",
    ("pedestrian", "ready"): "ped_time_avg",
}
# A November Monday is the mean of about four Mondays and has gaps (noon 77 between 96 and 105), so its shape
# is half November, half the mean of all months. Saturday and Sunday hardly differ between the two: November.
CBP_NOVEMBER_WEIGHT = {"mon": 0.5, "sat": 1.0, "sun": 1.0}
# Tuesday to Friday take what Monday leaves of V1, but not less than this share of it.
LEAST_OF_V1 = 0.6
# V1 has one pedestrian column. The CBP averages put Ready pedestrians at a fifth to a third of standard.
READY_PEDESTRIAN_RATIO = 0.35


@dataclass(frozen=True)
class Crossing:
    """What the arithmetic needs of a row of crossings.csv."""

    port: str
    port_name: str
    choice_group: str
    opens: int
    closes: int
    point: tuple[float, float]


@dataclass(frozen=True)
class Line:
    """What the arithmetic needs of a row of flows.csv."""

    booths: int
    mean_s: float
    lane_share: float


def read_rows(path: Path) -> Rows:
    """All rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def flow_of(row: dict[str, str]) -> Flow:
    """The flow a row is about."""
    return row["crossing"], row["direction"], row["mode"], row["lane_type"]


def read_crossings() -> dict[str, Crossing]:
    """crossings.csv by id."""
    return {
        row["crossing"]: Crossing(
            row["port"],
            row["port_name"],
            row["choice_group"],
            int(row["opens"][:2]),
            int(row["closes"][:2]),
            (float(row["lat"]), float(row["lon"])),
        )
        for row in read_rows(REGION / "crossings.csv")
    }


def read_lines() -> dict[Flow, Line]:
    """flows.csv by flow."""
    return {
        flow_of(row): Line(int(row["booths"]), float(row["mean_s"]), float(row["lane_share"]))
        for row in read_rows(REGION / "flows.csv")
    }


def read_v1() -> dict[tuple[str, str, str], list[float]]:
    """Case V1, minutes by port, mode and lane type in 24 hours; closed hours are 0."""
    values: dict[tuple[str, str, str], list[float]] = {}
    for row in read_rows(REFERENCE / "validation" / "v1_waits.csv"):
        key = row["crossing_group"], row["mode"], row["lane_type"]
        values.setdefault(key, [0.0] * 24)[int(row["hour"])] = float(row["wait_min"] or 0)
    return values


def read_must_shares() -> dict[tuple[str, str, str], float]:
    """Share of parties that must cross, by direction, mode and lane type."""
    return {
        (row["direction"], row["mode"], row["lane_type"]): float(row["must_share"])
        for row in read_rows(REGION / "purposes.csv")
    }


CROSSINGS = read_crossings()
LINES = read_lines()
V1 = read_v1()
BEHAVIOUR = {row["parameter"]: row["value"] for row in read_rows(REGION / "behaviour.csv")}
MUST_SHARES = read_must_shares()
