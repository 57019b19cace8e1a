"""Usual waits: published figures given by hour, by day or as one number, else moderate ones by lane type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from garita.reference.inference.arithmetic import DAYS, closing_taper
from garita.reference.inference.lines import Line, Row

# Wait of a busy hour where none is published, minutes (proposals).
LEVELS = {
    ("car", "standard"): 25.0,
    ("car", "ready"): 18.0,
    ("car", "sentri"): 4.0,
    ("car", "nexus"): 4.0,
    ("pedestrian", "standard"): 10.0,
    ("pedestrian", "ready"): 5.0,
    ("truck", "standard"): 20.0,
    ("truck", "fast"): 6.0,
    ("bus", "standard"): 2.0,
}
# A line that fewer booths than the first can serve in its busiest hours has no standing queue, one that needs
# the second has the whole usual wait: small crossings are rarely crowded.
CROWDED_BOOTHS = (0.8, 2.0)
MOST_MIN = 200.0
SETS = {"all": DAYS, "weekday": DAYS[:5], "weekend": DAYS[5:]} | {day: (day,) for day in DAYS}


def level(line: Line) -> float:
    """The wait of a busy hour of a line of which none is published, minutes."""
    usual = LEVELS.get((line.key[2], line.key[3]), 10.0) if line.key[1] == "inbound" else 0.0
    needed = max(line.week, default=0.0) * line.mean_s / 3600
    free, crowded = CROWDED_BOOTHS
    return usual * min(1.0, max(0.0, (needed - free) / (crowded - free)))


def shaped(line: Line, busy: float) -> list[float]:
    """A wait of busy hours spread over the week as arrivals of this hour and the one before are, minutes."""
    around = [line.week[hour] + line.week[hour - 1] for hour in range(168)]
    open_hours = [hour for hour in range(168) if line.opens <= hour % 24 < line.closes]
    top = sorted(around[hour] for hour in open_hours)[-max(1, len(open_hours) // 3) :]
    mean = sum(top) / len(top) or 1.0
    return [
        round(min(MOST_MIN, busy * min(1.3, 0.15 + 0.85 * around[hour] / mean))
              * closing_taper(hour % 24, line.opens, line.closes), 1)
        for hour in range(168)
    ]  # fmt: skip


def published(rows: Sequence[Row]) -> float:
    """Mean of the waits that rows of ``usual_waits`` say, minutes; 0 if they say none."""
    values = [float(value) for row in rows for value in row["wait_min"].split()]
    return sum(values) / len(values) if values else 0.0


def given(line: Line, rows: Sequence[Row]) -> list[float] | None:
    """The 168 waits that rows of ``usual_waits`` say; None if they say none.

    A row is one hour (``hour``, ``wait_min``), a day (24 numbers in ``wait_min``), or one number for busy
    hours; ``weekday`` may also be weekday, weekend or all.
    """
    if not rows:
        return None
    found: list[float | None] = [None] * 168
    for row in rows:
        values = [float(value) for value in row["wait_min"].split()] or [0.0]
        hours = [int(row["hour"])] if row.get("hour") else list(range(24))
        spread = shaped(line, values[0]) if len(values) == 1 and not row.get("hour") else None
        for day in SETS[row.get("weekday") or "all"]:
            for hour in hours:
                at = DAYS.index(day) * 24 + hour
                if spread is not None:
                    found[at] = spread[at]
                else:
                    found[at] = values[hour] if len(values) > 1 else values[0]
    return [
        0.0 if value is None or not line.opens <= at % 24 < line.closes else value
        for at, value in enumerate(found)
    ]


def rows_of(line: Line, values: Sequence[float], status: str, source: str) -> list[Row]:
    """Rows of ``usual_waits`` for 168 waits."""
    place: Mapping[str, str] = dict(
        zip(("crossing", "direction", "mode", "lane_type"), line.key, strict=True)
    )
    return [
        {**place, "weekday": DAYS[at // 24], "hour": str(at % 24), "wait_min": f"{value:g}",
         "status": status, "source": source}
        for at, value in enumerate(values)
    ]  # fmt: skip
