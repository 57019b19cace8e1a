"""The arrays of features that most scenarios do without; None where a scenario uses none of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from garita.build.emergency import emergency_arrays
from garita.build.lines import Region
from garita.build.officers import groups
from garita.build.people import people_arrays, people_features
from garita.build.schedule import Timetable
from garita.build.service import pair_worth, quantile_table
from garita.engine.extra import BATCHES, DUTY, JOURNEY, POOL, STATIONS, Extra
from garita.engine.patience import UNSERVED
from garita.engine.recording import EVENT, TRAVELLER_ROW
from garita.engine.rooms import UNBOUNDED
from garita.engine.types import QUANTILE_CELLS, Ints, Model, Records, records
from garita.errors import Problem

EVENTS_A_CANDIDATE = 4  # room at first; a run that needs more is repeated

# What a feature needs: whether the scenario uses it, and its fields of ``Extra`` by name.
Part = tuple[bool, dict[str, Any]]


def region_parts(region: Region, bins: int) -> list[Part]:
    """What the lines of a region need; ``bins`` is the number of quarters of an hour of a run."""
    return [rooms(region, bins), tandem_booths(region)]


def extra_of(parts: list[Part]) -> Extra | None:
    """The extra arrays of a resolved scenario; ``parts``: what features need."""
    if not any(used for used, _ in parts):
        return None
    fields: dict[str, Any] = {}
    for _, arrays in parts:
        fields.update(arrays)
    fields["features"][STATIONS] = len(fields["posts"]) > 0
    fields["features"][BATCHES] = len(fields["halls"]) > 0
    return Extra(**fields)


def people(region: Region, behaviour: Any, model: Model, timetable: Timetable) -> Part:
    """What people know and do, and which of these features are used."""
    features = people_features(behaviour)
    arrays = people_arrays(features, region, behaviour, model, timetable)
    return bool(features.any()), {"features": features, **arrays}


def rooms(region: Region, bins: int) -> Part:
    """Bounded waiting rooms and exact patience of the lines."""
    lines = region.lines
    patient = [line.patience is not None for line in lines]
    tables = np.zeros((len(lines) if any(patient) else 0, 3, QUANTILE_CELLS + 1))
    for f, line in enumerate(lines):
        if line.patience is not None:
            tables[f] = quantile_table(line.patience)
    fields = {
        "waiting_room": np.array([UNBOUNDED if line.room is None else line.room for line in lines], np.int64),
        "patient": np.array(patient, np.int64),
        "patience": tables,
        "soonest": np.full(len(lines), np.inf),
        "unserved": np.zeros((len(lines), bins, UNSERVED), np.int64),
    }
    return any(patient) or any(line.room is not None for line in lines), fields


def tandem_booths(region: Region) -> Part:
    """Lanes with two booths one behind the other."""
    lines = region.lines if any(line.tandem for line in region.lines) else ()
    lost = [2.0 - pair_worth(quantile_table(line.service)) if line.tandem else 0.0 for line in lines]
    fields = {
        "tandem": np.array([int(line.lanes) if line.tandem else 0 for line in lines], np.int64),
        "lost": np.array(lost),
        "lane_free": np.zeros((len(lines), 1)),
        "behind": np.zeros((len(lines), 1), np.int64),
    }
    return len(lines) > 0, fields


def tandem_problems(timetable: Timetable, group_of: Ints) -> list[Problem]:
    """Lines with tandem booths of which there are three in a lane, or beside what they do not go with: rooms,
    booths that move, more lanes for a while, further inspections (``group_of`` [T], or empty).
    """
    found = []
    moved = groups(timetable.region, timetable.officers)
    for f, (line, events) in enumerate(zip(timetable.lines, timetable.events, strict=True)):
        if not line.tandem:
            continue
        helped = any(rule.gives[f] for rule in timetable.officers.emergencies)
        more = any(lanes > line.lanes for *_, lanes in events.lanes) or any(
            lanes > 0.0 for *_, lanes in events.lane_changes
        )
        elsewhere = moved[f] >= 0 or (len(group_of) > 0 and group_of[f] >= 0)
        place = f"flows[{line.id}].tandem"
        if line.booths > 2.0 * line.lanes:
            found.append(Problem("tandem-of-three", {"line": line.id}, field=place))
        if line.room is not None or helped or more or elsewhere:
            found.append(Problem("tandem-with-others", {"line": line.id}, field=place))
    return found


def booths_that_move(timetable: Timetable) -> Part:
    """Which lines hand booths to one another."""
    group = groups(timetable.region, timetable.officers)
    room = int(timetable.most_booths[group >= 0].sum()) if (group >= 0).any() else 0
    moved = len(group) if room > 0 else 0
    fields = {
        "hand_over": group,
        "closing": np.zeros(room),
        "elsewhere": np.zeros((moved, 1)),
        "finishing": np.zeros((moved, 1)),
    }
    return bool((group >= 0).any()), fields


def recording(flow_hours: Records, record: Collection[str]) -> Part:
    """Room for a row of every party, and for events."""
    candidates = int((flow_hours.offset + flow_hours.room).max())
    fields = {
        "travellers": records(TRAVELLER_ROW, candidates if "travellers" in record else 0),
        "log": records(EVENT, EVENTS_A_CANDIDATE * candidates if "events" in record else 0),
        "logged": np.zeros(1, np.int64),
        "shown": np.full((len(flow_hours), 2), -1, np.int64),
    }
    return bool(record), fields


def officers(timetable: Timetable) -> list[Part]:
    """Lanes that change type, officers as a pool, and emergencies."""
    bins = 4 * timetable.calendar.hours
    rules = timetable.officers.emergencies
    return [booths_that_move(timetable), pools(timetable), emergency_arrays(rules, timetable.region, bins)]


def pools(timetable: Timetable) -> Part:
    """Officers who are moved between lines."""
    names, rules = timetable.steps.pools, timetable.region.pool_rules
    begin, hours = timetable.calendar.start[0], timetable.calendar.hours
    found = records(POOL, len(names))
    for p, name in enumerate(names):
        if name in rules:
            rule = rules[name]
            found[p] = (1, rule.least, rule.most, rule.every, rule.horizon, rule.margin, rule.move)
    managed = found.managed == 1
    # Powers of two, so that histories whose pools differ later may share their beginning.
    most = int(timetable.pool_limit[:, managed].max(axis=0, initial=0).sum()) + 1
    room = 2 ** max(6, most.bit_length()) if managed.any() else 0
    flows, crossings = len(timetable.lines), len(timetable.region.crossings)
    fields = {
        "pools": found,
        "next_decision": np.full(len(names), begin),
        "officers": np.zeros(flows, np.int64),
        "coming": np.zeros(flows, np.int64),
        "spare": np.zeros((len(names), crossings), np.int64),
        "journeys": records(JOURNEY, room),
        "journeying": np.zeros(1, np.int64),
        "duty": np.zeros((len(names), 4 * hours, DUTY)),
    }
    return bool(managed.any()), fields
