"""What holds for a line when: events together, planned once, shared between histories."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import helpers
from garita.build import Builder
from garita.build.plan import in_force
from garita.engine.types import CLOSED, OPEN, PARTLY

HOURS = st.integers(0, 23)


def spans(**more):
    """Events of some hours within the day."""
    fields = {"start": HOURS, "hours": st.integers(1, 12), **more}
    return st.lists(st.fixed_dictionaries(fields), max_size=4)


def written(event, **fields):
    return {
        "crossing": "a",
        "from": helpers.at(event["start"]),
        "until": helpers.at(event["start"] + event["hours"]),
        **fields,
    }


@settings(max_examples=40)
@given(
    shut=spans(share=st.sampled_from([0.25, 0.5, 1.0])),
    staffing=spans(booths=st.integers(0, 9)),
    lanes=spans(change=st.integers(-4, 0)),
)
def test_events_together(shut, staffing, lanes):
    """Beside a plain reckoning minute by minute: the smallest share, the last roster, all lanes closed."""
    closures = [written(event, share=event["share"]) for event in shut]
    rosters = [written(event, booths=event["booths"]) for event in staffing]
    fewer = [written(event, change=event["change"]) for event in lanes]
    line = helpers.flow("a", booths=[5] * 12 + [8] * 12, lanes=8)
    case = helpers.case([line], closures=closures, staffing=rosters, lanes=fewer)
    model = helpers.built(case).run.model
    for interval, plan in zip(model.intervals, model.plan[:, 0], strict=True):
        hour = (interval["start"] - model.intervals[0]["start"]) / 60.0
        if hour >= 24:
            break
        now = [
            [e for e in events if e["start"] <= hour < e["start"] + e["hours"]]
            for events in (shut, staffing, lanes)
        ]
        roster = now[1][-1]["booths"] if now[1] else (5 if hour < 12 else 8)
        share = min([1.0, *(1.0 - event["share"] for event in now[0])])
        open_lanes = max(0, 8 + sum(event["change"] for event in now[2]))
        cap = int(min(open_lanes, share * 8) + 1e-9)
        assert (plan["cap"], plan["roster"]) == (cap, roster)
        assert plan["status"] == (CLOSED if cap == 0 else PARTLY if share < 1.0 else OPEN)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=12))
def test_in_force_in_the_order_of_the_list(items):
    times = list(range(22))
    found = list(in_force(items, lambda item: item, times))
    assert found == [[item for item in items if item[0] <= time < item[1]] for time in times]


def test_a_variant_is_built_as_by_itself():
    closures = [{"crossing": "a", "from": helpers.at(8), "until": "3 h"}]
    case = helpers.case([helpers.flow("a"), helpers.flow("b")], closures=closures)
    without = case.without("closures")
    builder = Builder(case)
    first = builder.build(case.resolve(0)).run.model
    shared = builder.of_variant(without).build(without.resolve(0)).run.model
    alone = helpers.built(without).run.model
    assert all(np.array_equal(a, b) for a, b in zip(shared, alone, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(shared, first, strict=True))
    again = builder.build(case.resolve(1)).run.model
    assert again.plan is first.plan, "the same closures have the same timetable"
