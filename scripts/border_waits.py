"""Published waits of the regions of the border: CBP's averages at El Paso, elsewhere one reading of the
feed."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from border_data import Data, Row, read
from border_regions import Crossing

from garita.reference.inference.arithmetic import DAYS
from garita.reference.inference.waits import LEVELS

AVERAGES = "cbp_avg_wait_el_paso_by_month_weekday_hour.csv"
# Port of CBP's averages and its lanes -> crossing, mode, lane type. Stanton's SENTRI lanes are given with
# Paso del Norte, which has none of its own.
SERIES = {
    ("Bridge of the Americas", "Passenger", "General"): ("bridge-of-the-americas", "car", "standard"),
    ("Bridge of the Americas", "Passenger", "Ready"): ("bridge-of-the-americas", "car", "ready"),
    ("Bridge of the Americas", "Pedestrian", "General"): ("bridge-of-the-americas", "pedestrian", "standard"),
    ("Bridge of the Americas", "Pedestrian", "Ready"): ("bridge-of-the-americas", "pedestrian", "ready"),
    ("Bridge of the Americas", "Commercial", "General"): ("bridge-of-the-americas", "truck", "standard"),
    ("Paso Del Norte", "Passenger", "General"): ("paso-del-norte", "car", "standard"),
    ("Paso Del Norte", "Passenger", "Ready"): ("paso-del-norte", "car", "ready"),
    ("Paso Del Norte", "Passenger", "Nexus/Sentri"): ("stanton", "car", "sentri"),
    ("Paso Del Norte", "Pedestrian", "General"): ("paso-del-norte", "pedestrian", "standard"),
    ("Paso Del Norte", "Pedestrian", "Ready"): ("paso-del-norte", "pedestrian", "ready"),
    ("Ysleta", "Passenger", "General"): ("ysleta", "car", "standard"),
    ("Ysleta", "Passenger", "Ready"): ("ysleta", "car", "ready"),
    ("Ysleta", "Passenger", "Nexus/Sentri"): ("ysleta", "car", "sentri"),
    ("Ysleta", "Pedestrian", "General"): ("ysleta", "pedestrian", "standard"),
    ("Ysleta", "Commercial", "General"): ("ysleta", "truck", "standard"),
}
WEEKDAYS = dict(
    zip(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), DAYS, strict=True)
)
FEED_MODES = {
    "car": "passenger_vehicle_lanes", "pedestrian": "pedestrian_lanes", "truck": "commercial_vehicle_lanes",
}  # fmt: skip
FEED_LANES = {
    "standard": "standard_lanes", "ready": "ready_lanes", "sentri": "NEXUS_SENTRI_lanes",
    "nexus": "NEXUS_SENTRI_lanes", "fast": "FAST_lanes",
}  # fmt: skip
# An hour or two of a series without values take those of their neighbours; a series with fewer hours is
# not used by hour.
LEAST_HOURS = 100


def hour_of(text: str) -> int:
    """0 to 23 of ``Midnight``, ``Noon`` or ``1:00 AM``."""
    if text in ("Midnight", "Noon"):
        return 0 if text == "Midnight" else 12
    clock, half = text.split()
    return int(clock.split(":")[0]) % 12 + (12 if half == "PM" else 0)


@cache
def averages(data: Data) -> dict[tuple[str, str, str], list[float | None]]:
    """Mean over the months that are there, by line and hour of the week, minutes."""
    found: dict[tuple[str, str, str], list[list[float]]] = defaultdict(lambda: [[] for _ in range(168)])
    for row in read(data.folder / AVERAGES):
        port = row["Port"].split(" - ")[1].split(" (")[0]
        line = SERIES.get((port, row["Lane"], row["Sub-Lane"]))
        if line and row["avg_wait_min"]:
            at = DAYS.index(WEEKDAYS[row["weekday"]]) * 24 + hour_of(row["Time"])
            found[line][at].append(float(row["avg_wait_min"]))
    return {
        line: [sum(values) / len(values) if values else None for values in week]
        for line, week in found.items()
    }


def reading(data: Data, crossing: Crossing, mode: str, kind: str) -> float | None:
    """The wait of the sample of the feed, minutes."""
    for port in data.sample:
        if port["port_number"] == crossing.cbp and mode in FEED_MODES:
            lanes = port[FEED_MODES[mode]].get(FEED_LANES[kind]) or {}
            delay = str(lanes.get("delay_minutes") or "")
            return float(delay) if delay.isdigit() and lanes.get("lanes_open") else None
    return None


def rows(crossing: Crossing, data: Data) -> list[Row]:
    """Rows of usual_waits.csv: 24 numbers a day where averages are published, else one for busy hours."""
    made: list[Row] = []
    series = averages(data)
    for mode in ("car", "pedestrian", "truck"):
        kinds = data.lanes(crossing, mode)[1].split(";")
        for kind in kinds:
            week = series.get((crossing.id, mode, kind), [])
            place = {"crossing": crossing.id, "mode": mode, "lane_type": kind}
            if sum(value is not None for value in week) >= LEAST_HOURS:
                made += by_day(place, week)
                continue
            now = reading(data, crossing, mode, kind)
            if now is not None:
                level = (now + LEVELS[mode, kind]) / 2
                source = "half the reading of [CBP feed], half the usual of the lane type [inferred]"
                made.append(
                    {**place, "weekday": "all", "wait_min": f"{level:g}", "status": "assumed",
                     "source": source}
                )  # fmt: skip
    return made


def by_day(place: Row, week: list[float | None]) -> list[Row]:
    """Seven rows of 24 waits."""
    filled = [0.0 if value is None else value for value in week]  # nobody is served then
    for at, value in enumerate(week):
        near = [week[(at + step) % 168] for step in (-1, 1, -2, 2, -24, 24)]
        if value is None:
            filled[at] = next((one for one in near if one is not None), filled[at])
    days = [filled[24 * d : 24 * d + 24] for d in range(7)]
    return [
        {**place, "weekday": day, "wait_min": " ".join(f"{value:.3g}" for value in values),
         "status": "derived", "source": "[CBP averages], mean over months"}
        for day, values in zip(DAYS, days, strict=True)
    ]  # fmt: skip
