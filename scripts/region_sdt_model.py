"""Arithmetic of san-diego-tijuana: hours of the day and usual waits."""

from __future__ import annotations

import math

import region_sdt_demand as demand
import region_sdt_settings as settings
from region_sdt_settings import Flow, Rows

from garita.reference.inference.arithmetic import closing_taper, normalised, rounded_shares


def smoothed(values: list[float], weights: tuple[float, ...]) -> list[float]:
    """Circular weighted moving mean."""
    half, total, size = len(weights) // 2, sum(weights), len(values)
    return [
        math.fsum(weight * values[(i + j - half) % size] for j, weight in enumerate(weights)) / total
        for i in range(size)
    ]


def opening(crossing: str) -> tuple[int, int]:
    """First open hour and hour of closing."""
    return settings.CROSSINGS[crossing].opens, settings.CROSSINGS[crossing].closes


def mix_of(flow: Flow) -> dict[str, dict[str, float]]:
    crossing, direction, mode, lane_type = flow
    if settings.CROSSINGS[crossing].choice_group == "air":
        return dict.fromkeys(settings.DAY_TYPES, demand.AIR_MIX[direction])
    key = (direction, mode, lane_type)
    return demand.MIXES[key if key in demand.MIXES else (direction, mode, "*")]


def hour_shares(flow: Flow) -> dict[str, list[float]]:
    """Share of a day's parties that join the queue in each hour, by day type."""
    wide = (1.0, 2.0, 3.0, 2.0, 1.0)
    profiles = {name: normalised(values) for name, values in demand.PROFILES.items()}
    profiles["M"] = normalised(smoothed(demand.MEXICO_NORTHBOUND, wide))
    profiles["S"] = normalised(smoothed(demand.MEXICO_SOUTHBOUND, wide))
    opens, closes = opening(flow[0])
    flat = demand.FLATTER.get((flow[0], flow[2]), 0.0)
    shares = {}
    for day, weights in mix_of(flow).items():
        values = [
            (1 - flat) * math.fsum(weight * profiles[name][hour] for name, weight in weights.items())
            + flat / 24
            for hour in range(24)
        ]
        early = demand.EARLY_SHARE.get((flow[0], flow[2]), 0.0) if flow[1] == "inbound" else 0.0
        come = [early if hour == opens - 1 else closing_taper(hour, opens, closes) for hour in range(24)]
        values = [value * share for value, share in zip(values, come, strict=True)]
        shares[day] = rounded_shares(normalised(values))
    return shares


def weekday_factors(flow: Flow) -> list[float]:
    crossing, direction, mode, lane_type = flow
    if settings.CROSSINGS[crossing].choice_group == "air":
        return demand.AIR_WEEKDAY
    key = (direction, mode, lane_type)
    return demand.WEEKDAY_FACTORS[key if key in demand.WEEKDAY_FACTORS else (direction, mode, "*")]


# --- usual waits -------------------------------------------------------------------------------------------
def cbp_shape(rows: Rows, column: str, day: int, november_weight: float) -> list[float]:
    """Hourly CBP average of a weekday (0 = Monday), minutes: November mixed with the mean of all months."""
    november, every = [[0.0] * 24 for _ in range(2)]
    counts = [0] * 24
    for row in rows:
        if int(row["bwt_day"]) != day:
            continue
        hour, value = int(row["time_slot"]), float(row[column])
        every[hour] += value
        counts[hour] += 1
        if row["month"] == "11":
            november[hour] = value
    return [
        november_weight * november[hour] + (1 - november_weight) * every[hour] / counts[hour]
        for hour in range(24)
    ]


def cbp_smoothed(rows: Rows, column: str, day: int, november_weight: float) -> list[float]:
    """`cbp_shape` smoothed over three hours, across midnight with the days before and after."""
    before, today, after = (cbp_shape(rows, column, (day + d) % 7, november_weight) for d in (-1, 0, 1))
    around = [before[23], *today, after[0]]
    return [(around[h] + 2 * around[h + 1] + around[h + 2]) / 4 for h in range(24)]


def weekday_v1(group: str, mode: str, lane_type: str) -> list[float] | None:
    """V1 with closed hours as 0.

    V1 has one column for people on foot: Ready is a fraction of standard, and both together have V1's mean.
    """
    values = settings.V1.get((group, mode, "standard" if mode == "pedestrian" else lane_type))
    if values is None:
        return None
    ratio = 1.0
    if mode == "pedestrian" and ready_share(group) > 0:
        share = ready_share(group)
        ratio = 1.0 / (1.0 - share + share * settings.READY_PEDESTRIAN_RATIO)
        ratio *= settings.READY_PEDESTRIAN_RATIO if lane_type == "ready" else 1.0
    return [ratio * value for value in values]


def ready_share(port: str) -> float:
    """Share of people on foot of a port in Ready lanes."""
    shares = [
        line.lane_share
        for flow, line in settings.LINES.items()
        if settings.CROSSINGS[flow[0]].port == port and flow[1:] == ("inbound", "pedestrian", "ready")
    ]
    return max(shares, default=0.0)


def usual_waits(flow: Flow, cbp: Rows) -> dict[str, list[float]]:
    """Published wait people are used to, minutes by weekday and hour.

    Monday to Friday average to V1. Saturday, Sunday and (at San Ysidro) Monday have the shape of the CBP
    averages, brought to the level of V1 by one factor per line: mean of V1 over mean of CBP Tuesday to
    Friday.
    """
    crossing, direction, mode, lane_type = flow
    group = settings.CROSSINGS[crossing].port
    base = weekday_v1(group, mode, lane_type) if direction == "inbound" else None
    opens, closes = opening(crossing)
    is_open = [opens <= hour < closes for hour in range(24)]
    if base is None:
        wait = demand.ASSUMED_WAITS.get((direction, mode, lane_type), 2.0)
        wait = min(wait, demand.ASSUMED_WAITS_BY_PORT.get(group, wait))
        busy = hour_shares(flow)
        kinds = dict.fromkeys(settings.DAYS, "weekday") | {"sat": "saturday", "sun": "sunday"}
        tapers = [wait * closing_taper(hour, opens, closes) for hour in range(24)]
        return {
            day: [t if share > 0 else 0.0 for t, share in zip(tapers, busy[kinds[day]], strict=True)]
            for day in settings.DAYS
        }
    column = settings.CBP_COLUMN[mode, lane_type]
    weekdays = [cbp_shape(cbp, column, day, 0.0) for day in range(1, 5)]
    reference = [math.fsum(values) / 4 for values in zip(*weekdays, strict=True)]
    scale = math.fsum(b for b, o in zip(base, is_open, strict=True) if o) / math.fsum(
        r for r, o in zip(reference, is_open, strict=True) if o
    )
    waits = {}
    for day, weight in settings.CBP_NOVEMBER_WEIGHT.items():
        if day == "mon" and group != "san-ysidro":
            waits[day] = base  # no figure for Mondays there
            continue
        shape = cbp_smoothed(cbp, column, settings.DAYS.index(day), weight)
        waits[day] = [scale * value * closing_taper(h, opens, closes) for h, value in enumerate(shape)]
    # Tuesday to Friday take what Monday leaves, within limits, so that the five days average to V1.
    rest = [max((5 * b - m) / 4, settings.LEAST_OF_V1 * b) for b, m in zip(base, waits["mon"], strict=True)]
    waits["mon"] = [5 * b - 4 * r for b, r in zip(base, rest, strict=True)]
    for day in ("tue", "wed", "thu", "fri"):
        waits[day] = rest
    return {day: [round(max(value, 0.0), 1) for value in waits[day]] for day in settings.DAYS}
