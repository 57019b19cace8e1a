"""When those who put a trip off mean to make it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from engine import helpers
from engine.people import AGAIN, Party, halves
from garita.build import Builder
from garita.engine import recording, run_replication, types

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

LATER = 8
BEHAVIOUR = {
    "choice_rule": "logit",
    "tick_min": 5,
    "news_mean_min": 30,
    "believed_remaining_min": 100,
    "suppression_other": 0.01,
    "later_share": 1,
    "later_from_min": 60,
    "later_to_min": 300,
    "later_tomorrow_share": 0.3,
    "later_reopening_share": 0.5,
    "later_within_min": 45,
    "induced_cap": 1,
}
HOURS = "05:00-22:30"
CLOSURES = [{"crossing": "a", "from": helpers.at(9), "until": "4 h"}]


def case(behaviour=None, closures=CLOSURES, **more):
    by_day = [200.0 if 6 <= hour < 22 else 0.0 for hour in range(24)]  # nobody queues before it opens
    flows = [helpers.flow("a", by_day, 30, must_share=0)]
    return helpers.case(
        flows,
        crossings=[{"id": "a", "hours": HOURS}],
        closures=closures,
        behaviour={**BEHAVIOUR, "going_later": "planned", **(behaviour or {})},
        **more,
    )


def put_off(of, replication=0):
    """Every time that somebody put a trip off: (when, hour, ordinal, number of times before, for when)."""
    built = Builder(of).build(of.resolve(replication), record=("events",))
    books = run_replication(built.run, 7, replication)
    log = books.extra.log[: int(books.extra.logged[0])]
    keys, before, found = built.run.model.hours.key, Counter(), []
    for event in log[np.isin(log.kind, [recording.PUT_OFF, recording.LEFT_LINE])]:
        hour, ordinal = int(keys[int(event.tag >> 28) & (2**20 - 1)]), int(event.tag) & (2**28 - 1)
        if event.kind == recording.PUT_OFF:
            row = float(event.time), hour, ordinal, before[event.tag], float(event.time + event.value)
            found.append(row)
            before[event.tag] += 1
    return built, books, found


def spans(built):
    """From when until when the crossing is open, minutes."""
    begin = float(built.run.model.hours.start[0])
    return [(begin + 1440 * day + 300, begin + 1440 * day + 1350) for day in range(4)]


def is_open(built, time):
    return any(start <= time < end for start, end in spans(built))


@pytest.mark.parametrize("notice", ["none", "3 days"])
def test_every_plan_is_what_its_draws_say(notice):
    """Recomputed from the documentation, for whoever decides at departure."""
    closures = [{**CLOSURES[0], "notice": notice}]
    built, _, found = put_off(case({"announced_avoidance": 0}, closures))
    begin = float(built.run.model.hours.start[0])
    starts, ends = begin + 540.0, begin + 780.0
    kinds = Counter()
    for time, hour, ordinal, attempt, when in found:
        if (time - begin) % 5.0 == 0.0:  # at a tick: decided in the queue, with other draws
            continue
        party = Party("a:inbound:car:standard", hour, ordinal, time, 0.0, 0.0)
        reopening, tomorrow, share, _ = halves(party.block(7, 0, AGAIN + attempt))
        spread = np.floor(share * 45.0 * 2**20 + 0.5) / 2**20
        later = halves(party.block(7, 0, LATER + attempt))[2]
        plain = time + np.floor((60.0 + later * 240.0) * 2**20 + 0.5) / 2**20
        options = {"tomorrow": time + 1440.0} if tomorrow < 0.3 else {"hours": plain}
        if reopening < 0.5 and time >= starts:  # who has not heard of it yet plans as usual
            believed = ends if notice == "3 days" else time + 100.0
            if believed > time:
                options["reopening"] = believed + spread
        wanted = {}
        for kind, planned in options.items():
            if not is_open(built, planned):
                planned = next(start for start, _ in spans(built) if start > planned) + spread
            wanted[kind] = planned
        assert when in wanted.values(), (time - begin, when - begin, wanted)
        kinds[next(kind for kind, planned in wanted.items() if planned == when)] += 1
    assert min(kinds[kind] for kind in ("tomorrow", "hours", "reopening")) > 20, kinds


def test_nobody_plans_for_closing_hours():
    closures = [{"crossing": "a", "from": helpers.at(20), "until": "3 h"}]
    built, books, found = put_off(case(closures=closures))
    assert len(found) > 100 and all(is_open(built, when) for *_, when in found)
    built, _, found = put_off(case({"going_later": "some-hours"}, closures))
    assert sum(not is_open(built, when) for *_, when in found) > 50
    kinds = helpers.kinds(books)
    assert kinds[types.CROSSED_LATER] > 100 and kinds[types.ON_THE_WAY] == 0


def test_nobody_waits_for_a_crossing_that_is_closed_for_good():
    closures = [{"crossing": "a", "from": helpers.at(9), "until": "for good"}]
    built, _, found = put_off(case({"later_reopening_share": 1, "later_tomorrow_share": 0}, closures))
    begin = float(built.run.model.hours.start[0])
    longest = max(when - time for time, _, _, _, when in found if time - begin < 15 * 60)
    assert longest <= 300.0  # so that it falls into the hours of the day: nobody waits for the reopening


def test_opening_hours_that_change_are_known():
    change = {"crossing": "a", "from": helpers.at(18), "until": helpers.at(32), "hours": "05:00-19:00"}
    closures = [{"crossing": "a", "from": helpers.at(15), "until": "3 h"}]
    built, _, found = put_off(case(closures=closures, hours=[change], days=2))
    begin = float(built.run.model.hours.start[0])
    assert len(found) > 100
    assert not [when for *_, when in found if begin + 19 * 60 <= when < begin + 24 * 60]


def test_without_it_nothing_changes():
    plain = helpers.one_of(case({"going_later": "some-hours", "later_tomorrow_share": 0.9}))
    again = helpers.one_of(case({"going_later": "some-hours"}))
    assert not helpers.different(plain, again)
