"""Officers as a pool: against the same policy written a second time, and where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from engine import booths, helpers, officers
from garita import scenario
from garita.engine import run_replication, types
from garita.engine.extra import AT_BOOTHS_MIN, MOVES, MOVING_MIN, ON_DUTY_MIN
from garita.errors import ScenarioError

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

FIXED = {"distribution": "deterministic", "mean": "60 s"}
SLOW = {"distribution": "gamma", "mean": "6 min", "shape": 2}
TICKS = {"tick_min": 5}
MORNING = [20] * 5 + [200] * 5 + [60] * 14
EVENING = [60] * 14 + [200] * 6 + [20] * 4


def pool(**more):
    return {"pool": "p", "on_duty": 6, **more}


def line(crossing, per_hour, most=8, service=FIXED, **more):
    return helpers.flow(crossing, per_hour, 1, lanes=most, service=service, **more)


def open_booths(output, f, days=1):
    return output.bins[f, : 96 * days, types.OPEN_BOOTH_MIN] / 15.0


def test_officers_go_where_people_are():
    """Two lines of one crossing, busy at different times: each has most officers when it is busy."""
    lines = [line("a", MORNING), line("a", EVENING, lane_type="ready")]
    output = helpers.one(lines, officers=[pool()], behaviour=TICKS)
    ready, standard = open_booths(output, 0), open_booths(output, 1)
    assert (ready[:96] + standard[:96] == 6.0).all()
    assert standard[24:40].mean() > 3.5 > 2.5 > ready[24:40].mean()
    assert ready[60:80].mean() > 3.5 > 2.5 > standard[60:80].mean()
    assert min(ready[:96].min(), standard[:96].min()) >= 1.0


def test_bounds():
    lines = [line("a", 400), line("a", 20, lane_type="ready")]
    output = helpers.one(lines, officers=[pool(least=2, most=4)], behaviour=TICKS)
    assert open_booths(output, 0).min() == open_booths(output, 0)[:96].max() == 2.0
    assert (open_booths(output, 1)[:96] == 4.0).all()
    lanes = helpers.one([line("a", 400, 3), line("a", 20, 2, lane_type="ready")], officers=[pool()])
    assert (open_booths(lanes, 1)[:96] == 3.0).all() and (open_booths(lanes, 0)[:96] == 2.0).all()
    assert (lanes.extra.duty[0, :96, ON_DUTY_MIN] == 90.0).all()
    assert (lanes.extra.duty[0, :96, AT_BOOTHS_MIN] == 75.0).all()  # one stands by


def test_shifts_by_the_hour():
    shifts = [{"from": "06:00", "booths": 5}, {"from": "13:30", "booths": 3}, {"from": "22:00", "booths": 2}]
    lines = [line("a", 60), line("a", 60, lane_type="ready")]
    output = helpers.one(lines, officers=[pool(on_duty=shifts)], behaviour=TICKS)
    both = (open_booths(output, 0) + open_booths(output, 1))[:96]
    assert both.tolist() == [2.0] * 24 + [5.0] * 30 + [3.0] * 34 + [2.0] * 8


def test_the_rosters_when_nothing_is_said():
    lines = [helpers.flow("a", 60, [2] * 12 + [4] * 12), helpers.flow("a", 60, 3, lane_type="ready")]
    output = helpers.one(lines, officers=[{"pool": "p"}], behaviour=TICKS)
    both = (open_booths(output, 0) + open_booths(output, 1))[:96]
    assert both.tolist() == [5.0] * 48 + [7.0] * 48


def test_a_closed_line_lends_its_officers_and_gets_them_back():
    lines = [line("a", 200), line("a", 200, lane_type="ready")]
    closures = [{"crossing": "a", "lane_types": ["ready"], "from": helpers.at(10.1), "until": "2 h"}]
    output = helpers.one(lines, officers=[pool()], closures=closures, behaviour=TICKS)
    assert (open_booths(output, 0)[41:48] == 0.0).all() and (open_booths(output, 1)[41:48] == 6.0).all()
    assert open_booths(output, 0)[52] >= 3.0


def test_officers_sent_elsewhere():
    """November 2018: officers leave for another port; fewer booths at every line, never fewer than one."""
    lines = [line("a", 100), line("a", 100, lane_type="ready")]
    away = [
        {"pool": "p", "factor": 0.5, "from": helpers.at(8), "until": helpers.at(16), "event": "yes"},
        {"pool": "p", "officers": 1, "from": helpers.at(20), "until": helpers.at(22)},
    ]
    case = helpers.case(lines, officers=[pool()], pools=away, behaviour=TICKS)
    both = sum(open_booths(helpers.run(case)[0], f) for f in (0, 1))[:96]
    assert both.tolist() == [6.0] * 32 + [3.0] * 32 + [6.0] * 16 + [1.0] * 8 + [6.0] * 8
    usual = sum(open_booths(helpers.run(case.without("closures"))[0], f) for f in (0, 1))[:96]
    assert usual.tolist() == [6.0] * 80 + [1.0] * 8 + [6.0] * 8


def test_a_packaged_pool_can_shrink():
    """The packaged region's own pools are limits; fewer officers close booths there."""
    text = "garita: 1\ntitle: t\nbase: san-diego-tijuana\nstart: 2018-11-24\ndays: 1\nwarm_up_days: 0\n"
    case = scenario.loads(text + "pools:\n  - {pool: san-ysidro, factor: 0.5, event: true}\n")
    limits = [helpers.built(each).run.model.pool_limit for each in (case, case.without("closures"))]
    halved = np.floor(limits[1] * 0.5 + 0.5)
    changed = (limits[0] != limits[1]).any(axis=0)
    assert changed.sum() == 1 and (abs(limits[0] - halved)[:, changed] <= 1).all()


def test_a_packaged_pool_can_be_moved_about():
    """A port's crossings for people on foot and for cars are near one another; officers go by the tick."""
    text = "garita: 1\ntitle: t\nbase: san-diego-tijuana\nstart: 2018-11-24\ndays: 1\nwarm_up_days: 0\n"
    case = scenario.loads(text + "officers:\n  - {pool: san-ysidro}\n")
    built = helpers.built(case)
    managed = [line.id for line in built.region.lines if line.pool == "san-ysidro"]
    assert len({line.split(":")[0] for line in managed}) == 3
    output = run_replication(built.run, 1, 0)
    pool = built.run.extra.pools.managed.tolist().index(1)
    duty = output.extra.duty[pool, :96]
    assert duty[:, MOVES].sum() > 10 and (duty[:, AT_BOOTHS_MIN] <= duty[:, ON_DUTY_MIN]).all()
    mine = [f for f, line in enumerate(built.region.lines) if line.id in managed]
    assert (output.bins[mine, :96, types.OPEN_BOOTH_MIN].sum(axis=0) == duty[:, AT_BOOTHS_MIN]).all()


TRAVEL = [
    {"origin": "a", "destination": "b", "minutes": 25},
    {"origin": "b", "destination": "a", "minutes": 35},
]


def test_journeys_between_ports():
    """Twenty-five minutes, and then the next tick: nobody is at either crossing meanwhile."""
    lines = [line("a", [300] * 6 + [0] * 18), line("b", [0] * 6 + [300] * 18)]
    output = helpers.one(
        lines, officers=[pool(margin_min=0, horizon_min=1)], travel=TRAVEL, behaviour={"tick_min": 5}
    )
    duty = output.extra.duty[0, :96]
    assert (duty[:, ON_DUTY_MIN] == 90.0).all() and duty[:, MOVING_MIN].sum() >= 25.0 * duty[
        :, MOVES
    ].sum() > 0
    assert (duty[:, AT_BOOTHS_MIN] + duty[:, MOVING_MIN] == 90.0).all()
    assert open_booths(output, 0)[20] == 5.0 and open_booths(output, 1)[32] == 5.0


CASES = {
    "one crossing": {"places": ("a", "a")},
    "slow inspections": {
        "places": ("a", "a"),
        "service": SLOW,
        "per_hour": ([40] * 12 + [5] * 12, [5] * 10 + [40] * 14),
    },
    "three lines": {"places": ("a", "a", "b"), "per_hour": (MORNING, EVENING, 90), "officers": 9},
    "two crossings": {"places": ("a", "b"), "margin": 3.0},
    "two, slow": {"places": ("a", "b"), "service": SLOW, "per_hour": ([4] * 12 + [40] * 12, 12)},
    "a walk": {"places": ("a", "a"), "move": 8.0, "every": 30.0},
    "bounds": {"places": ("a", "a", "b"), "least": 2, "most": 4, "officers": 8},
    "targets": {"places": ("a", "a"), "target": (30.0, 5.0)},
    "odd times": {"places": ("a", "b"), "every": 22.0, "horizon": 35.0},
}


@pytest.mark.parametrize("shut", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_against_the_policy_written_a_second_time(name, shut):
    """Every booth and every wait, with officers who come and go, and with a closure at an odd moment."""
    given = {"per_hour": (MORNING, EVENING, 60), "service": FIXED, "officers": 6, **CASES[name]}
    places, rules = given["places"], ("every", "horizon", "margin", "least", "most", "move")
    targets = given.get("target")
    lanes = [7, 6, 5][: len(places)]
    types_of_lanes = ["ready", "standard", "standard"] if places[0] == places[1] else ["standard"] * 2
    flows = [
        line(
            place, given["per_hour"][f], lanes[f], given["service"], lane_type=types_of_lanes[f],
            **({"target_wait": targets[f]} if targets else {}),
        )
        for f, place in enumerate(places)
    ]  # fmt: skip
    stated = {
        f"{rule}_min" if rule not in ("least", "most") else rule: given[rule]
        for rule in rules
        if rule in given
    }
    n, begin_hours = given["officers"], (7.0, 9.0, 15.0)
    away = [{"pool": "p", "factor": 0.5, "from": helpers.at(7), "until": helpers.at(9)}]
    more = [{"pool": "p", "officers": n + 2, "from": helpers.at(15)}]
    closures = [{"crossing": places[-1], "from": helpers.at(10.123), "until": "5 h"}] if shut else []
    case = helpers.case(
        flows,
        officers=[{"pool": "p", "on_duty": n, **stated}],
        pools=away + more,
        closures=closures,
        travel=TRAVEL if "b" in places else [],
        behaviour=TICKS,
    )
    built = helpers.built(case)
    [output] = helpers.run(case)
    begin = float(built.run.model.intervals.start[0])
    lines = [booths.of_run(built, f) for f in range(len(places))]
    crossing = [sorted(set(places)).index(place) for place in places]
    for f, one in enumerate(lines):
        one.group = crossing[f]
    shut_at = begin + round(round(10.123 * 3600) / 60.0 / types.GRAIN) * types.GRAIN
    closing = shut_at, shut_at + 300.0

    def lanes_at(f, now):
        return 0 if shut and places[f] == places[-1] and closing[0] <= now < closing[1] else lanes[f]

    def duty(now):
        hour = (now - begin) / 60.0
        return int(n * 0.5 + 0.5) if 7 <= hour < 9 else n + 2 if hour >= 15 else n

    def rate(f, now):
        hour = int((now - begin) / 60.0)
        rates = given["per_hour"][f]
        return 0.0 if hour >= 96 else float(rates[hour % 24] if isinstance(rates, list) else rates)

    policy = officers.Pool(
        lines,
        crossing,
        [float(mean) for mean in built.run.model.flows.mean_service],
        targets or (0.0,) * len(places),
        duty,
        lanes_at,
        rate,
        {(0, 1): 25.0, (1, 0): 35.0},
        begin,
        **{rule: given[rule] for rule in rules if rule in given},
    )
    last = int(output.used[0])
    instants = {begin + 5.0 * k for k in range(3 * last)} | {begin + 60.0 * hour for hour in begin_hours}
    instants |= set(closing) if shut else set()
    history = []

    def decide(now):
        history.append((now, policy.decide(now)))
        return history[-1][1]

    booths.simulate(lines, sorted(instants), decide)
    for f, one in enumerate(lines):
        starts, joined = np.array(one.starts), np.array(one.joined[: len(one.starts)])
        rows = ((joined - begin) / 15.0).astype(int)
        found = output.bins[f]
        assert np.array_equal(np.bincount(rows, starts - joined, len(found)), found[:, types.WAIT_SUM]), name
        opened = np.zeros(last)
        for (now, counts), (then, _) in zip(history, [*history[1:], (begin + 15.0 * last, [])], strict=True):
            opened[int((now - begin) / 15.0)] += counts[f] * (then - now)
        assert np.array_equal(opened, found[:last, types.OPEN_BOOTH_MIN])
    assert output.extra.duty[0, :, MOVES].sum() == policy.moves > 3


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"officers": [pool(modes=["truck"])]}, "pool-of-nothing"),
        ({"officers": [pool(crossings=["nowhere"])]}, "unknown-crossing"),
        ({"officers": [pool(), pool(pool="q", crossings=["a"])]}, "pool-twice"),
        ({"officers": [pool(), pool()]}, "duplicate-name"),
        ({"officers": [pool(least=3, most=2)]}, "bounds-crossed"),
        ({"officers": [pool(crossings="a")], "pools": [{"pool": "x", "factor": 0.5}]}, "unknown-pool"),
        ({"pools": [{"pool": "x", "factor": 0.5, "officers": 2}]}, "either-or"),
        ({"officers": [pool()]}, "pool-travel"),
    ],
)
def test_what_is_refused(given, code):
    with pytest.raises(ScenarioError) as raised:
        case = helpers.case([line("a", 10), line("b", 10)], **given)
        helpers.built(case)
    assert code in [problem.code for problem in raised.value.problems]
