"""Whether a run can begin with the lines that are given."""

from __future__ import annotations

from garita.errors import did_you_mean
from garita.scenario.sizes import Collector
from garita.scenario.times import LocalTime


def check_initial(checker: Collector) -> None:
    """Lines that are given at the start exist, once; and the run begins with them."""
    entries = [(i, entry) for i, entry in enumerate(checker.scenario.initial or []) if entry is not None]
    seen: set[str] = set()
    known = sorted(":".join(flow) for flow in checker.catalogue.flows)
    for i, entry in entries:
        parts = (entry.crossing, entry.direction, entry.mode, entry.lane_type)
        if None in parts or not known:
            continue
        line = ":".join(parts)
        if line not in known:
            here = [each for each in known if each.startswith(f"{entry.crossing}:")] or known
            hint = did_you_mean(line, known)
            checker.add("unknown-line", ("initial", i), value=line, hint=hint, allowed=", ".join(here))
        elif line in seen:
            checker.add("initial-twice", ("initial", i), value=line)
        seen.add(line)
    if entries and checker.scenario.warm_up_days:
        checker.add("initial-warm-up", ("initial",))
    start = checker.scenario.start
    if entries and isinstance(start, LocalTime) and start.moment.minute + start.moment.second > 0:
        checker.add("initial-hour", ("start",), example=f"{start.moment:%Y-%m-%d %H}:00")
