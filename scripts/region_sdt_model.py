"""Arithmetic of san-diego-tijuana: profiles, usual waits, rosters by inversion, and a fluid check of them."""

from __future__ import annotations

import math

import region_sdt_demand as demand
import region_sdt_settings as settings
from region_sdt_settings import STEP_MIN, Flow, Rows

MINUTES_A_WEEK = 7 * 24 * 60


def normalised(values: list[float]) -> list[float]:
    total = math.fsum(values)
    return [value / total for value in values]


def smoothed(values: list[float], weights: tuple[float, ...]) -> list[float]:
    """Circular weighted moving mean."""
    half, total, size = len(weights) // 2, sum(weights), len(values)
    return [
        math.fsum(weight * values[(i + j - half) % size] for j, weight in enumerate(weights)) / total
        for i in range(size)
    ]


def rounded_shares(values: list[float], digits: int = 5) -> list[float]:
    """Shares rounded so that they still sum to one exactly in decimal."""
    unit = 10**digits
    whole = [math.floor(value * unit) for value in values]
    rest = sorted(range(len(values)), key=lambda i: (whole[i] - values[i] * unit, i))
    for i in rest[: unit - sum(whole)]:
        whole[i] += 1
    return [value / unit for value in whole]


def opening(crossing: str) -> tuple[int, int]:
    """First open hour and hour of closing."""
    return settings.CROSSINGS[crossing].opens, settings.CROSSINGS[crossing].closes


def mix_of(flow: Flow) -> dict[str, dict[str, float]]:
    crossing, direction, mode, lane_type = flow
    if settings.CROSSINGS[crossing].choice_group == "air":
        return dict.fromkeys(settings.DAY_TYPES, demand.AIR_MIX[direction])
    key = (direction, mode, lane_type)
    return demand.MIXES[key if key in demand.MIXES else (direction, mode, "*")]


def closing_taper(hour: int, opens: int, closes: int) -> float:
    """Share of the demand, and of a line, in an hour: none when closed, less shortly before closing."""
    if not opens <= hour < closes:
        return 0.0
    before = closes - 1 - hour
    taper = demand.CLOSING_TAPER
    return taper[before] if closes - opens < 24 and before < len(taper) else 1.0


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
        values = [value * closing_taper(hour, opens, closes) for hour, value in enumerate(values)]
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
    """V1 with closed hours as 0; Ready pedestrians as a fraction of the one pedestrian column."""
    ratio = 1.0
    if mode == "pedestrian" and lane_type == "ready":
        ratio, lane_type = settings.READY_PEDESTRIAN_RATIO, "standard"
    values = settings.V1.get((group, mode, lane_type))
    return None if values is None else [ratio * value for value in values]


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


# --- rosters -----------------------------------------------------------------------------------------------
def weekly_wait(waits: dict[str, list[float]]) -> list[float]:
    """168 hourly means to one value a STEP_MIN, linear between the middles of hours."""
    hourly = [value for day in settings.DAYS for value in waits[day]]
    result = []
    for minute in range(0, MINUTES_A_WEEK, STEP_MIN):
        place = (minute + STEP_MIN / 2) / 60 - 0.5
        low = math.floor(place)
        part = place - low
        result.append((1 - part) * hourly[low % 168] + part * hourly[(low + 1) % 168])
    return result


def weekly_arrivals(daily_mean: float, factors: list[float], shares: dict[str, list[float]]) -> list[float]:
    """Parties an hour in each of the 168 hours of an ordinary week."""
    kinds = ["weekday"] * 5 + ["saturday", "sunday"]
    return [
        daily_mean * factor * share
        for factor, kind in zip(factors, kinds, strict=True)
        for share in shares[kind]
    ]


def needed_capacity(arrivals: list[float], wait: list[float]) -> list[float]:
    """Capacity (parties an hour, per STEP_MIN of the week) under which the queue follows `wait`.

    First come first served with a standing queue: who joins at t leaves at t + W(t), so
    arrivals(t) = capacity(t + W) (1 + dW/dt). Each step of arrivals is laid where it is served.
    """
    size = len(wait)
    served = [0.0] * size
    for i in range(size):
        parties = arrivals[i * STEP_MIN // 60] * STEP_MIN / 60
        start = i + wait[i] / STEP_MIN
        end = max(i + 1 + wait[(i + 1) % size] / STEP_MIN, start + 0.05)
        first, last = math.floor(start), math.ceil(end)
        for j in range(first, last):
            overlap = min(end, j + 1) - max(start, j)
            served[j % size] += parties * overlap / (end - start)
    return [value * 60 / STEP_MIN for value in served]


def staffed_hours(flow: Flow, start: int, end: int) -> list[int]:
    """Open hours of a block."""
    opens, closes = opening(flow[0])
    return [hour for hour in range(start, end) if opens <= hour < closes]


def inverted_roster(flow: Flow, arrivals: list[float], wait: list[float]) -> dict[str, list[int]]:
    """Booths by weekday and block: the inversion averaged over the block, in whole booths.

    Rounding carries over to the next block, so that no day gains or loses booth-hours. Where no queue stands
    the line is staffed for FREE_FLOW_UTILISATION instead.
    """
    most, mean_s = settings.LINES[flow].booths, settings.LINES[flow].mean_s
    capacity = needed_capacity(arrivals, wait)
    blocks = demand.ROSTER_BLOCKS
    carry = 0.0
    result: dict[str, list[int]] = {}
    for d, day in enumerate(settings.DAYS):
        result[day] = []
        for start, end in zip(blocks, [*blocks[1:], 24], strict=True):
            inside = staffed_hours(flow, start, end)
            if not inside:
                result[day].append(0)
                continue
            a_step = 60 // STEP_MIN
            steps = [s for h in inside for s in range((d * 24 + h) * a_step, (d * 24 + h + 1) * a_step)]
            booths = math.fsum(capacity[s] for s in steps) / len(steps) * mean_s / 3600
            if math.fsum(wait[s] for s in steps) / len(steps) < settings.STANDING_QUEUE_FROM_MIN:
                peak = (
                    max(arrivals[d * 24 + h] for h in inside) * mean_s / 3600 / demand.FREE_FLOW_UTILISATION
                )
                whole, carry = math.ceil(peak - 1e-9), 0.0
            else:
                whole = math.floor(booths + carry / len(inside) + 0.5)
                carry += (booths - max(whole, demand.LEAST_BOOTHS)) * len(inside)
            result[day].append(min(max(whole, demand.LEAST_BOOTHS), most))
    return result


def same_on_shared_days(booths: dict[str, list[int]]) -> dict[str, list[int]]:
    """One roster for days that share one: the rounded mean."""
    result = {}
    for days in demand.ROSTER_DAYS:
        mean = [
            math.floor(sum(column) / len(days) + 0.5)
            for column in zip(*(booths[day] for day in days), strict=True)
        ]
        result.update({day: list(mean) for day in days})
    return {day: result[day] for day in settings.DAYS}


def tuned_roster(flow: Flow, arrivals: list[float], wait: list[float]) -> dict[str, list[int]]:
    """The inverted roster, moved booth by booth towards the usual wait (fluid, trim and suppression)."""
    most = settings.LINES[flow].booths
    best = same_on_shared_days(inverted_roster(flow, arrivals, wait))
    if max(wait) < settings.STANDING_QUEUE_FROM_MIN:
        return best
    error = roster_error(flow, arrivals, wait, best)
    for _ in range(demand.TUNING_PASSES):
        moved = False
        for days in demand.ROSTER_DAYS:
            for block in range(len(demand.ROSTER_BLOCKS)):
                for change in (1, -1):
                    booths = best[days[0]][block] + change
                    if best[days[0]][block] == 0 or not demand.LEAST_BOOTHS <= booths <= most:
                        continue
                    trial = {day: list(values) for day, values in best.items()}
                    for day in days:
                        trial[day][block] = booths
                    trial_error = roster_error(flow, arrivals, wait, trial)
                    if trial_error < error - 1e-6:
                        best, error, moved = trial, trial_error, True
                        break
        if not moved:
            break
    return best


def roster_error(flow: Flow, arrivals: list[float], wait: list[float], booths: dict[str, list[int]]) -> float:
    """How far the fluid waits are from the usual wait, minutes, over TUNING_DEMANDS.

    Mean absolute error of the published wait (what the usual wait is a record of) and, by TRUE_WAIT_WEIGHT,
    of the wait of those who join.
    """
    target = hourly_means(wait)
    weight = demand.TRUE_WAIT_WEIGHT
    errors = []
    for factor in demand.TUNING_DEMANDS:
        true, published = fluid_week(flow, arrivals, wait, booths, factor=factor)
        for h in range(168):
            if arrivals[h] > 0:
                seen = published[h] if published[h] >= 0 else true[h]
                errors.append((1 - weight) * abs(seen - target[h]) + weight * abs(true[h] - target[h]))
    short = max(0.0, 1 - weekly_capacity(flow, booths) / math.fsum(arrivals))
    return math.fsum(errors) / len(errors) + demand.SHORT_ROSTER_PENALTY_MIN * short


def weekly_capacity(flow: Flow, booths: dict[str, list[int]]) -> float:
    """Parties that the roster can serve in a week."""
    return sum(planned_booths(flow, booths)) * 3600 / settings.LINES[flow].mean_s


# --- fluid check -------------------------------------------------------------------------------------------
def hourly_means(steps: list[float]) -> list[float]:
    a_step = 60 // STEP_MIN
    return [math.fsum(steps[h * a_step : (h + 1) * a_step]) / a_step for h in range(168)]


def planned_booths(flow: Flow, booths: dict[str, list[int]]) -> list[int]:
    """Roster by hour of the week, 0 outside opening hours."""
    blocks = demand.ROSTER_BLOCKS
    block_of = [max(i for i, start in enumerate(blocks) if start <= hour) for hour in range(24)]
    opens, closes = opening(flow[0])
    return [
        booths[settings.DAYS[h // 24]][block_of[h % 24]] if opens <= h % 24 < closes else 0
        for h in range(168)
    ]


def fluid_week(
    flow: Flow,
    arrivals: list[float],
    wait: list[float],
    booths: dict[str, list[int]],
    *,
    factor: float = 1.0,
) -> tuple[list[float], list[float]]:
    """Mean wait of those who join, and published wait (-1 = none), by hour of the second week, minutes.

    A fluid queue with the roster, a trim of (wait - usual) x booths / horizon, at most TRIM_LIMIT of the
    roster rounded up to whole booths, and trips suppressed by the wait above the usual one. Published in an
    hour is what was seen PUBLICATION_AGE_MIN before it.
    """
    most, per_booth = settings.LINES[flow].booths, 60.0 / settings.LINES[flow].mean_s
    planned = planned_booths(flow, booths)
    steps_a_week, lag = MINUTES_A_WEEK // STEP_MIN, demand.TRIM_LAG_MIN // STEP_MIN
    every = demand.TRIM_EVERY_MIN // STEP_MIN
    a_step = 60 // STEP_MIN
    changes = [0.0] * (2 * steps_a_week + lag + every)
    queue = wait[0] * per_booth * max(planned[0], 1)
    joined, served, live = [queue], [0.0], []
    for step in range(2 * steps_a_week):
        place = step % steps_a_week
        hour = place // a_step
        base = planned[hour]
        if not base:
            # Those still in line when the gate shuts wait for the morning.
            joined.append(joined[-1])
            served.append(served[-1])
            live.append(-1.0)
            continue
        limit = math.ceil(demand.TRIM_LIMIT * base)
        change = max(-limit, min(limit, changes[step]))
        staffed = min(most, max(demand.LEAST_BOOTHS, math.floor(base + change + 0.5)))
        now = queue / (per_booth * staffed)
        if step % every == 0:
            decided = (now - wait[place]) * staffed / demand.TRIM_HORIZON_MIN
            changes[step + lag : step + lag + every] = [decided] * every
        asked = min(math.exp(-demand.SUPPRESSION * (now - wait[place])), demand.INDUCED_CAP)
        joining = arrivals[hour] * factor / 60 * asked * STEP_MIN
        leaving = min(queue + joining, staffed * per_booth * STEP_MIN)
        queue += joining - leaving
        joined.append(joined[-1] + joining)
        served.append(served[-1] + leaving)
        live.append(now)
    return wait_by_hour(joined, served, steps_a_week), published_by_hour(live, steps_a_week)


def published_by_hour(live: list[float], steps_a_week: int) -> list[float]:
    """Published wait in each hour of the last week: mean of three looks around its age; -1 if closed then."""
    age, a_step = demand.PUBLICATION_AGE_MIN // STEP_MIN, 60 // STEP_MIN
    result = []
    for hour in range(168):
        at = steps_a_week + hour * a_step - age
        looks = live[at - 1 : at + 2]
        result.append(math.fsum(looks) / len(looks) if min(looks) >= 0 else -1.0)
    return result


def wait_by_hour(joined: list[float], served: list[float], steps_a_week: int) -> list[float]:
    """Mean wait of those who join in each hour of the last week, from the two cumulative curves."""
    sums, a_step = [0.0] * 168, 60 // STEP_MIN
    ahead, last = 0, len(served) - 1
    for step in range(last - steps_a_week, last):
        middle = (joined[step] + joined[step + 1]) / 2
        ahead = max(ahead, step)
        while ahead < last and served[ahead + 1] < middle:
            ahead += 1
        pace = served[min(ahead + 1, last)] - served[ahead]
        part = (middle - served[ahead]) / pace if pace > 0 else 0.0
        passed = max(0.0, (ahead + min(max(part, 0.0), 1.0) - step - 0.5) * STEP_MIN)
        sums[(step - (last - steps_a_week)) // a_step] += passed / a_step
    return sums
