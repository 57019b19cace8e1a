"""A line to which given parties come: at given times, with given inspections, with given patience.

Scenarios say rates, not arrivals; here the parties are put on the way to the line before the run begins, as
if they had set out, so that cases of other programs can be run by the engine itself. Times are minutes from
the beginning of the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine import helpers, independent
from garita.build import Builder
from garita.engine import run as engine_run
from garita.engine import types
from garita.engine.extra import new_extra
from garita.engine.patience import TURNED_AWAY
from garita.engine.state import ENTERED, FLOW_SHIFT, HOUR_SHIFT, SPOKES

LINE = "a:inbound:car:standard"
ENDURANCE = 144
PER_HOUR = 20  # the books have room for so many parties of an hour in which nobody is expected


@dataclass(frozen=True)
class Found:
    """When each of the given parties started and left unserved; nan where that never happened."""

    start: np.ndarray
    end: np.ndarray
    left: np.ndarray
    turned_away: int
    output: types.Output


def plateaus(values: Sequence[float]) -> np.ndarray:
    """A table of quantiles [3, 257] that gives the i-th value at (2 i + 1/2) / 256, exactly."""
    body = np.repeat(np.asarray(values, float), 2)
    body = np.concatenate([body, np.full(257 - len(body), values[-1])])
    return np.stack([body, np.full(257, values[-1]), np.full(257, values[-1])])


def run(
    arrivals: Sequence[float],
    services: Sequence[float],
    timetable: Sequence[tuple[float, int]],
    *,
    room: int | None = None,
    patience: Sequence[float] | None = None,
) -> Found:
    """Simulate a line. ``timetable``: (minute, booths), from the beginning of the run on."""
    untils = [minute for minute, _ in timetable[1:]] + [24 * 60.0]
    staffing = [
        {"crossing": "a", "from": helpers.at(begin / 60.0), "until": helpers.at(until / 60.0), "booths": n}
        for (begin, n), until in zip(timetable, untils, strict=True)
    ]
    more = {"room": room} if room is not None else {}
    if patience is not None:
        more["patience"] = {"distribution": "deterministic", "mean": "1 min"}
    most = max(n for _, n in timetable)
    line = helpers.flow(per_hour=1e-9, booths=timetable[-1][1], lanes=max(1, most), **more)
    case = helpers.case([line], staffing=staffing)
    ready = Builder(case).build(case.resolve(0), record=("travellers",)).run
    ready.model = ready.model._replace(service=plateaus(services)[None])
    ordinals = _ordinals(ready, patience, len(arrivals))
    state = engine_run._new_state(ready, engine_run._booths(ready))
    output, extra = ready.new_output(), new_extra(ready.extra)
    origin = ready.model.intervals.start[0]
    for i, minute in enumerate(arrivals):
        hour, ordinal = ordinals[i]
        half = np.uint64(int((2 * i + 0.5) / 256.0 * 2**32))
        time, tag = origin + minute, np.int64((0 << FLOW_SHIFT) | (hour << HOUR_SHIFT) | ordinal)
        spoke = int(time) & (SPOKES - 1)
        state.way[0][i] = (time, tag, (half << np.uint64(32)) | np.uint64(1), state.spokes[0, spoke])
        state.spokes[0, spoke] = i
    state.lines.way[0] = state.lines.used[0] = state.count[ENTERED] = len(arrivals)
    assert engine_run._advance(ready, 1, 0, state, output, extra, 0, len(ready.model.intervals))
    offsets = ready.model.flow_hours.offset[0]
    rows = extra.travellers[[offsets[hour] + ordinal for hour, ordinal in ordinals]]
    times = {
        name: np.where(rows[name] > 0.0, rows[name] - origin, np.nan) for name in ("start", "end", "left")
    }
    return Found(**times, turned_away=int(extra.unserved[0, :, TURNED_AWAY].sum()), output=output)


def _ordinals(ready, patience: Sequence[float] | None, count: int) -> list[tuple[int, int]]:
    """A place (hour, ordinal) for each party: where patience is given, one whose draw gives it."""
    places = [(hour, n) for hour in range(24) for n in range(PER_HOUR)]
    if patience is None:
        return places[:count]
    values = sorted(set(patience))
    table = np.repeat(values, 256 // len(values) + 1)[:257]  # broad steps: draws are what they are
    ready.extra.patience[0] = np.stack([table, np.full(257, values[-1]), np.full(257, values[-1])])
    found: list[tuple[int, int]] = []
    for wanted in patience:
        for hour, n in places:
            key = int(ready.model.hours.key[hour])
            word = independent.threefry(
                (1, 0), (independent.hash_of(LINE), (key << 32) | (n << 8) | ENDURANCE)
            )
            u = ((word[0] >> 32) + 0.5) * 2.0**-32
            drawn = float(independent.quantiles(ready.extra.patience[0], np.array(u)))
            if drawn == wanted and (hour, n) not in found:
                found.append((hour, n))
                break
    assert len(found) == count
    return found
