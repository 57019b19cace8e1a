"""The arrays of what people do in some scenarios only: know everything, leave their cars, plan ahead."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from garita.build.choice import crossing_indices, line_at, travel_minutes
from garita.build.closures import FOR_GOOD
from garita.build.lines import Region
from garita.build.plan import in_force, span_of_shut
from garita.build.schedule import Timetable
from garita.engine import extra
from garita.engine.types import GRAIN, Floats, Ints, Model, records


def people_features(behaviour: Any) -> Ints:
    """Which features a resolved scenario uses (positions in :mod:`garita.engine.extra`)."""
    found = np.zeros(extra.FEATURES, np.int64)
    found[extra.PERFECT] = behaviour.information == "perfect"
    found[extra.WALK] = behaviour.walk_able_share > 0.0
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
        "openings": openings(timetable) if features[extra.PLANS] else np.zeros((0, 0, 2)),
        "reopens": announced_ends(timetable) if features[extra.PLANS] else np.zeros((1, 0)),
    }


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
