"""Who stands in the lines when a run begins, in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from garita.build.lines import Line, nearest_int
from garita.build.schedule import Timetable
from garita.engine.initial import HOUR_OF_ITS_OWN
from garita.engine.types import FLOW_HOUR, HOUR, Ints, Records, records
from garita.errors import Problem, ScenarioError
from garita.scenario.limits import MOST_IN_LINE


def standing(resolved: Any, lines: Sequence[Line], timetable: Timetable) -> Ints:
    """Parties in each line and its booths at the start [F]; empty where the scenario says nothing of it.

    A wait is that of who joins now: as many parties as the booths at work inspect in that time. Where there
    is a line, each booth at work has a party as well. Raises ScenarioError for more than can be simulated.
    """
    if not resolved.initial:
        return np.zeros(0, np.int64)
    found, problems = np.zeros(len(lines), np.int64), []
    first = timetable.plan[0]
    for i, entry in enumerate(resolved.initial):
        name = f"{entry.crossing}:{entry.direction}:{entry.mode}:{entry.lane_type}"
        f = next(f for f, line in enumerate(lines) if line.id == name)
        working = min(int(first[f].cap), int(first[f].roster))
        booths = nearest_int(float(entry.booths)) if entry.booths is not None else working
        if entry.parties is not None:
            parties = float(entry.parties)
        else:
            parties = float(entry.wait_min) * max(1, booths) / lines[f].service.mean_minutes
        in_booths = booths if parties > 0.0 or entry.booths is not None else 0
        most = lines[f].room or MOST_IN_LINE
        total = parties + in_booths
        if total > most:
            params = {"value": f"{total:,.0f}", "line": name, "limit": f"{most:,}"}
            measure = "parties" if entry.parties is not None else "wait_min"
            problems.append(Problem("initial-too-many", params, field=f"initial[{i}].{measure}"))
        else:
            found[f] = nearest_int(parties) + in_booths
    if problems:
        raise ScenarioError(problems)
    return found


def with_initial(flow_hours: Records, hours: Records, initial: Ints) -> tuple[Records, Records]:
    """Tables by hour with one hour more, in which the initial parties were planned.

    In the books they stand behind those of the first hour of their line.
    """
    room = flow_hours.room.copy()
    room[:, 0] += initial
    offset = np.concatenate([[0], np.cumsum(room.ravel())[:-1]]).reshape(room.shape)
    wider = records(FLOW_HOUR, len(flow_hours), flow_hours.shape[1] + 1)
    wider[:, :-1] = flow_hours
    wider.offset[:, :-1] = offset
    wider.offset[:, -1] = offset[:, 0] + flow_hours.room[:, 0]
    wider.room[:, -1] = initial
    longer = records(HOUR, len(hours) + 1)
    longer[:-1] = hours
    longer[-1] = (hours.start[0], 60.0, int(hours.key[0]) + HOUR_OF_ITS_OWN)
    return wider, longer
