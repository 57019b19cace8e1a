"""Lines of a region of which only counts, lanes and hours are known: lane types, booths, service times.

A line that a planner does not describe takes its lane type's share, service time, hours of the day and
weekdays from San Diego-Tijuana, the region that is described best; its booths come from its lanes and counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from garita.reference.inference.arithmetic import DAY_TYPES, apportioned, closing_taper, rounded_shares
from garita.reference.inference.staffing import STANDING_QUEUE_FROM_MIN

Row = dict[str, str]
LineKey = tuple[str, str, str, str]  # crossing, direction, mode, lane type
LIKE = "as San Diego-Tijuana [SDT]"
# The line of San Diego-Tijuana that one of the same direction, mode and lane type is like.
MODELS: dict[tuple[str, str], str] = {
    ("inbound", "car"): "san-ysidro-vehicles",
    ("inbound", "bus"): "san-ysidro-vehicles",
    ("inbound", "pedestrian"): "san-ysidro-pedeast",
    ("inbound", "truck"): "otay-mesa-commercial",
    ("outbound", "car"): "san-ysidro-vehicles",
    ("outbound", "bus"): "san-ysidro-vehicles",
    ("outbound", "pedestrian"): "san-ysidro-pedeast",
    ("outbound", "truck"): "otay-mesa-commercial",
}
# Share of a mode's parties in a lane type, where all its lane types exist (proposals; at San Ysidro about a
# quarter of cars come by SENTRI, at Blaine 22.5 % of trucks could use FAST).
LANE_SHARES = {
    ("car", "standard"): 0.42,
    ("car", "ready"): 0.36,
    ("car", "sentri"): 0.22,
    ("car", "nexus"): 0.22,
    ("pedestrian", "standard"): 0.65,
    ("pedestrian", "ready"): 0.35,
    ("truck", "standard"): 0.75,
    ("truck", "fast"): 0.25,
    ("bus", "standard"): 1.0,
}
# People in a party where they are not counted, and metres of approach road where they are not known.
PEOPLE = {"car": 1.9, "pedestrian": 1.0, "bus": 10.0, "truck": 1.0}
APPROACH_M = {"car": 1500, "pedestrian": 300, "bus": 300, "truck": 2000}
MOST_PEOPLE = 10.0  # on average, of the engine: larger buses are simulated with fewer passengers
# In the busiest hour of the busiest month booths are busy at most this share of the time; the second booth
# of a lane (tandem) is there only if that needs it.
BUSIEST_UTILISATION = 0.85
SLOWEST = 1.6  # most that service may be slower than usual


@dataclass
class Line:
    """A line on its way to being complete: cells of ``flows`` and its demand."""

    key: LineKey
    opens: int
    closes: int
    row: Row
    lanes: int = 1
    share: float = 1.0
    given: Row = field(default_factory=dict)
    week: list[float] = field(default_factory=list)  # parties an hour of an ordinary week [168]
    busiest: float = 0.0  # busiest month's day over the mean day
    shares: dict[str, list[float]] = field(default_factory=dict)  # of a day by hour, by day type
    factors: list[float] = field(default_factory=list)  # by weekday

    @property
    def mean_s(self) -> float:
        return float(self.row["mean_s"])

    @property
    def booths(self) -> int:
        return int(self.row["booths"])


def model_of(key: Sequence[str], models: Mapping[LineKey, Row]) -> LineKey:
    """The line of San Diego-Tijuana to take after."""
    direction, mode, lane_type = key[-3:]
    lane_type = "sentri" if lane_type == "nexus" else lane_type
    found = MODELS[direction, mode], direction, mode, lane_type
    return found if found in models else (*found[:3], "standard")


def split(row: Row, opens: int, closes: int, models: Mapping[LineKey, Row], people: float) -> list[Line]:
    """The lines of a row of ``flows`` whose lane type may name several, as ``standard;ready``.

    Lanes are parted by work (share times service time). Where there are fewer lanes than lane types, the
    last types named have no lane of their own.
    """
    kinds = [kind for kind in (row.get("lane_type") or "standard").split(";") if kind]
    lanes = int(float(row.get("lanes") or 0))
    if lanes:
        kinds = kinds[:lanes]
    place = row["crossing"], row.get("direction") or "inbound", row["mode"]
    whole = math.fsum(LANE_SHARES.get((row["mode"], kind), 0.25) for kind in kinds)
    shares = [LANE_SHARES.get((row["mode"], kind), 0.25) / whole for kind in kinds]
    like = [models[model_of((*place, kind), models)] for kind in kinds]
    work = [share * float(model["mean_s"]) for share, model in zip(shares, like, strict=True)]
    parts = apportioned(lanes, work) if lanes else [0] * len(kinds)
    lines = []
    for kind, share, model, part in zip(kinds, shares, like, parts, strict=True):
        own = float(row.get("lane_share") or (share if len(kinds) > 1 else 1.0))
        cells = {**model, "approach_m": str(APPROACH_M[row["mode"]])}
        cells["people_per_party"] = f"{min(people, MOST_PEOPLE):.3f}"
        cells |= {name: value for name, value in row.items() if value and name in model}
        cells |= dict(zip(("crossing", "direction", "mode", "lane_type"), (*place, kind), strict=True))
        lines.append(Line((*place, kind), opens, closes, cells, part, own, given=row))
    return lines


def hour_shares(line: Line, models: Mapping[tuple[LineKey, str], Sequence[float]],
                known: Mapping[LineKey, Row]) -> dict[str, list[float]]:  # fmt: skip
    """Share of a day's parties by hour and day type: the model's, within opening hours."""
    model = model_of(line.key, known)
    result = {}
    for kind in dict.fromkeys(DAY_TYPES):
        profile = models[model, kind]
        tapers = [closing_taper(hour, line.opens, line.closes) for hour in range(24)]
        values = [share * taper for share, taper in zip(profile, tapers, strict=True)]
        if not math.fsum(values) > 0:  # open only when the model is not
            values = tapers
        whole = math.fsum(values)
        result[kind] = rounded_shares([value / whole for value in values])
    return result


def ordinary_week(parties_a_day: float, factors: Sequence[float],
                  shares: Mapping[str, Sequence[float]]) -> list[float]:  # fmt: skip
    """Parties an hour in each of the 168 hours of an ordinary week."""
    return [
        parties_a_day * factor * share
        for factor, kind in zip(factors, DAY_TYPES, strict=True)
        for share in shares[kind]
    ]


def fit_booths(line: Line, published_wait: float) -> None:
    """Lanes, booths and service time of a line, so that its booths can serve the busiest hours.

    One booth a lane; two (tandem) where one does not suffice; then a shorter service time, but not below
    half of the usual; then more lanes than are known. Where a wait is published (mean, minutes) though one
    booth has time to spare in the ordinary week's busiest hour, service must be slower than usual: as slow
    as would fill it, within SLOWEST.
    """
    usual_peak = max(line.week, default=0.0)
    peak = usual_peak * max(line.busiest, 1.0)

    def needed(mean_s: float) -> int:
        return max(1, math.ceil(peak * mean_s / 3600 / BUSIEST_UTILISATION - 1e-9))

    mean = line.mean_s
    lanes = line.lanes or needed(mean)
    if not line.given.get("mean_s") and peak > 0:
        if needed(mean) > 2 * lanes:
            mean = max(mean / 2, 2 * lanes * BUSIEST_UTILISATION * 3600 / peak)
        elif published_wait >= STANDING_QUEUE_FROM_MIN and usual_peak * mean < 3600:
            mean = min(SLOWEST * mean, 3600 / usual_peak)
    booths = int(float(line.given.get("booths") or 0)) or min(2 * lanes, max(lanes, needed(mean)))
    if needed(mean) > booths and not line.given.get("booths"):
        booths = needed(mean)
        lanes = max(lanes, math.ceil(booths / 2))
    line.row |= {"lanes": str(lanes), "booths": str(booths), "mean_s": f"{mean:.4g}"}
