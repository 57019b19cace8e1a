"""The arrays of what people do in some scenarios only: know everything, leave their cars, plan ahead."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from garita.build.choice import USABLE, crossing_indices, line_at, travel_minutes
from garita.build.closures import FOR_GOOD
from garita.build.lines import Line, Region
from garita.build.plan import in_force, span_of_shut
from garita.build.schedule import Timetable
from garita.build.service import Service, quantile_table
from garita.engine import extra
from garita.engine.types import GRAIN, QUANTILE_CELLS, Floats, Ints, Model, records


def people_features(behaviour: Any) -> Ints:
    """Which features a resolved scenario uses (positions in :mod:`garita.engine.extra`)."""
    found = np.zeros(extra.FEATURES, np.int64)
    found[extra.PERFECT] = behaviour.information == "perfect"
    found[extra.WALK] = behaviour.walk_able_share > 0.0
    found[extra.RETURNS] = max(behaviour.home_share_inbound, behaviour.home_share_outbound) > 0.0
    found[extra.PLANS] = behaviour.going_later == "planned"
    return found


def people_arrays(
    features: Ints, region: Region, behaviour: Any, model: Model, timetable: Timetable
) -> dict[str, Any]:
    """Their fields of ``Extra``, by name; small where a feature is not used."""
    flows, crossings = model.alternative.shape
    epochs = len(model.news)
    habits = records(extra.PEOPLE, 1)
    for name in extra.PEOPLE_FIELDS:
        habits[name][0] = float(getattr(behaviour, name))
    foot, minutes = np.full((flows, crossings), -1, np.int64), np.zeros((flows, crossings))
    if features[extra.WALK]:
        foot, minutes = lines_on_foot(region, float(behaviour.walk_min))
    else:
        epochs = 1
    return {
        "people": habits,
        "foot": foot,
        "foot_minutes": minutes,
        "walk_chance": np.zeros((epochs, flows, 4)),
        "walk_where": np.zeros((epochs, flows, 4, crossings)),
        "walk_weights": np.zeros(crossings),
        "walked": np.zeros(flows, np.int64),
        **homeward(features, region, behaviour, model),
        "openings": openings(timetable) if features[extra.PLANS] else np.zeros((0, 0, 2)),
        "reopens": announced_ends(timetable) if features[extra.PLANS] else np.zeros((1, 0)),
    }


def homeward(features: Ints, region: Region, behaviour: Any, model: Model) -> dict[str, Any]:
    """The fields of ``Extra`` of those who must come home; small where nobody must."""
    used = bool(features[extra.RETURNS])
    flows, hours = model.flow_hours.shape if used else (0, 0)
    candidates = int((model.flow_hours.offset + model.flow_hours.room).max()) if used else 0
    share = {"inbound": behaviour.home_share_inbound, "outbound": behaviour.home_share_outbound}
    lines = region.lines if used else ()
    out = [way_out(region, line) for line in lines]
    means = (behaviour.stay_mean_other_min, behaviour.stay_mean_must_min)
    stays = [Service("gamma", float(mean), None, float(behaviour.stay_cv)) for mean in means]
    return {
        "home_share": np.array(
            [share[line.direction] if g >= 0 else 0.0 for line, g in zip(lines, out, strict=True)], np.float64
        ),
        "out_line": np.array(out, np.int64),
        "stay": np.array([quantile_table(stay) for stay in stays])
        if used
        else np.zeros((0, 3, QUANTILE_CELLS + 1)),
        "fate": records(extra.FATE, candidates),
        "made": np.zeros((flows, hours), np.int64),
        "troubled": np.zeros((flows, hours), np.int64),
        "watch": np.zeros(3, np.int64),
        "away": np.zeros((flows, 4 * hours, 2), np.int64),
    }


def way_out(region: Region, line: Line) -> int:
    """The line by which those who come home by a line went out: the other way, by the same mode, at the same
    crossing or else the same port; -1 where there is none, and for trucks.
    """
    if line.mode == "truck":
        return -1
    other_way = "outbound" if line.direction == "inbound" else "inbound"
    port = {crossing.id: crossing.port for crossing in region.crossings}
    lane_types = [*USABLE.get(line.lane_type, (line.lane_type,)), "standard", *USABLE]
    found = [
        (other.crossing != line.crossing, lane_types.index(other.lane_type), g)
        for g, other in enumerate(region.lines)
        if other.direction == other_way
        and other.mode == line.mode
        and port[other.crossing] == port[line.crossing]
    ]
    return min(found)[2] if found else -1


def openings(timetable: Timetable) -> Floats:
    """From when until when each line is open by its hours [F, K, 2], padded with inf."""
    found = []
    for f, events in enumerate(timetable.events):
        steps = timetable.steps.opening_of(f, events)
        turns = [(time, value > 0.0) for time, value in zip(steps.times, steps.values[1:], strict=True)]
        spans: list[list[float]] = []
        for time, is_open in turns:
            if is_open and (not spans or spans[-1][1] < math.inf):
                spans.append([time, math.inf])
            elif not is_open and spans and spans[-1][1] == math.inf:
                spans[-1][1] = time
        found.append(spans)
    padded = np.full((len(found), max(map(len, found)), 2), np.inf)
    for f, spans in enumerate(found):
        if spans:
            padded[f, : len(spans)] = spans
    return padded


def announced_ends(timetable: Timetable) -> Floats:
    """When each line reopens as announced, by epoch of news [E, F]: 0 not announced, inf for good."""
    times = [float(time) for time in timetable.news.start[1:]]
    found = np.zeros((len(times) + 1, len(timetable.lines)))
    for f, events in enumerate(timetable.events):
        if events.shut:
            for e, shut_now in enumerate(in_force(events.shut, span_of_shut, times), 1):
                ends = [
                    shut.until if shut.notice > 0.0 or shut.until == FOR_GOOD else 0.0
                    for shut in shut_now
                    if shut.closes(times[e - 1])
                ]
                found[e, f] = max(ends, default=0.0)
    return found


def lines_on_foot(region: Region, walk_min: float) -> tuple[Ints, Floats]:
    """For each line and crossing [F, C]: the line on foot that its parties could join there, -1 none, and the
    minutes to park and walk to it.

    Only inbound cars. At the same port they park and walk; to another port of the region they drive first.
    """
    index = crossing_indices(region.crossings)
    travel = travel_minutes(region)[:, :, 0]  # by vehicle
    place = {crossing.id: crossing for crossing in region.crossings}
    foot = np.full((len(region.lines), len(index)), -1, np.int64)
    minutes = np.zeros(foot.shape)
    for f, line in enumerate(region.lines):
        if line.mode != "car" or line.direction != "inbound":
            continue
        for crossing in region.crossings:
            if crossing.choice_group != place[line.crossing].choice_group:
                continue
            at_port = [index[one.id] for one in region.crossings if one.port == crossing.port]
            by_car = travel[index[line.crossing], at_port]
            drive = 0.0 if crossing.port == place[line.crossing].port else np.nanmin([np.inf, *by_car])
            if np.isfinite(drive):
                c = index[crossing.id]
                foot[f, c] = line_at(region.lines, line, crossing.id, "pedestrian")
                minutes[f, c] = round((drive + walk_min) / GRAIN) * GRAIN
    return foot, minutes
