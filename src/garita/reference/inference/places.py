"""What belongs to a whole crossing or port: secondary inspection, officers, the way to another crossing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from garita.reference.inference.lines import LIKE, Line, Row

# Kilometres are great circles times this; beyond FAR_KM nobody goes to another crossing instead.
ROAD_FACTOR = 1.3
FAR_KM = 160.0
# Minutes to get on the way and back into a line, km an hour in a town and beyond its first kilometres.
START_MIN = {"car": 5.0, "pedestrian": 5.0, "bus": 10.0, "truck": 10.0}
TOWN_KM, TOWN_KMH, ROAD_KMH = 15.0, 30.0, 70.0
WALK_KM, WALK_KMH, RIDE_MIN = 2.0, 4.5, 15.0
# Secondary inspection: busy at most this share of the time in the busiest hours.
SECONDARY_UTILISATION = 0.7
SECONDARY_MIN = {"truck": 30.0}
POOL_LIMIT = "1.25"
HOW = "[inferred]"


def great_circle_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Haversine distance of two points (latitude, longitude in degrees)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    across = math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(math.sin((lat2 - lat1) / 2) ** 2 + across))


def minutes(mode: str, km: float) -> float:
    """Minutes from one crossing to another: town streets first, then open road; on foot walking or a ride."""
    if mode == "pedestrian" and km <= WALK_KM:
        return START_MIN[mode] + km / WALK_KMH * 60
    driving = min(km, TOWN_KM) / TOWN_KMH * 60 + max(0.0, km - TOWN_KM) / ROAD_KMH * 60
    return START_MIN[mode] + driving + (RIDE_MIN if mode == "pedestrian" else 0.0)


def travel(crossings: Sequence[Row], lines: Sequence[Line]) -> list[Row]:
    """The way between all crossings of a choice group that have a line of a mode, up to FAR_KM."""
    points = {row["crossing"]: (float(row["lat"]), float(row["lon"])) for row in crossings}
    group = {row["crossing"]: row.get("choice_group") or "land" for row in crossings}
    found: dict[tuple[str, str, str], Row] = {}
    for a in lines:
        for b in lines:
            (one, _, mode, _), (other, _, same, _) = a.key, b.key
            if one == other or mode != same or group[one] != group[other]:
                continue
            km = great_circle_km(points[one], points[other]) * ROAD_FACTOR
            if km <= FAR_KM:
                found[one, other, mode] = {
                    "origin": one, "destination": other, "mode": mode,
                    "extra_min": f"{minutes(mode, km):.0f}", "km": f"{km:.1f}", "how": "by road",
                    "status": "assumed",
                    "source": f"kilometres: great circle x {ROAD_FACTOR:g}; minutes by speed {HOW}",
                }  # fmt: skip
    return list(found.values())


def pools(crossings: Sequence[Row]) -> list[Row]:
    """Officers of each port together."""
    ports = dict.fromkeys(row.get("port") or row["crossing"] for row in crossings)
    source = f"officers of a port together, multiple of its roster: {LIKE}"
    return [
        {"pool": port, "ports": port, "limit_factor": POOL_LIMIT, "status": "proposal", "source": source}
        for port in ports
    ]


def secondary(lines: Sequence[Line]) -> list[Row]:
    """Secondary inspection of each crossing: cars and buses share one, people on foot and trucks have theirs.

    Places suffice for those referred in the busiest hours.
    """
    groups: dict[tuple[str, str, str], list[Line]] = {}
    for line in lines:
        crossing, direction, mode, _ = line.key
        kind = "car" if mode == "bus" else mode
        groups.setdefault((crossing, direction, kind), []).append(line)
    rows = []
    for (crossing, direction, kind), members in groups.items():
        mean = SECONDARY_MIN.get(kind, 20.0)
        an_hour = sum(
            max(line.week, default=0.0) * max(line.busiest, 1.0) * float(line.row["referral_share"])
            for line in members
        )
        places = max(2, math.ceil(an_hour * mean / 60 / SECONDARY_UTILISATION))
        modes = ";".join(dict.fromkeys(line.key[2] for line in members))
        cells: Mapping[str, str] = {
            "crossing": crossing, "direction": direction, "modes": modes, "places": str(places),
            "distribution": "lognormal", "mean_min": f"{mean:g}", "cv": "0.8", "status": "proposal",
            "source": f"places for those referred in busy hours {HOW}; time {LIKE}",
        }  # fmt: skip
        rows.append(dict(cells))
    return rows
