"""Who comes: arrivals by hour, changes of demand, room for every candidate, counts of the packaged region."""

from __future__ import annotations

import numpy as np
import pytest

from engine import helpers
from garita import scenario
from garita.build import Builder
from garita.engine import types
from garita.errors import ScenarioError
from garita.scenario import limits


def rates(hours=24, **more):
    line = {name: more.pop(name) for name in ("arrivals", "per_hour") if name in more}
    flow = helpers.flow(per_hour=line.get("arrivals", line.get("per_hour", 60)))
    return helpers.built(helpers.case([flow], **more)).run.model.flow_hours.rate[0, :hours].tolist()


def test_a_day_with_a_profile():
    profile = list(range(24))
    assert rates(arrivals={"per_day": 2760, "profile": profile}) == pytest.approx(
        [10.0 * h for h in range(24)]
    )
    assert rates(arrivals={"per_day": 240}) == pytest.approx([10.0] * 24)


def test_a_table_of_times():
    table = [
        {"from": helpers.at(2.5), "per_hour": 60},
        {"from": helpers.at(4), "per_hour": 120},
        {"from": helpers.at(5.25), "per_hour": 0},
    ]
    assert rates(7, arrivals={"table": table}) == pytest.approx([0, 0, 30, 60, 120, 30, 0])


def test_changes_of_demand_count_for_the_part_of_the_hour_they_cover():
    demand = [
        {"from": helpers.at(2.5), "until": helpers.at(4), "factor": 3},
        {"factor": 0.5, "from": helpers.at(3)},
    ]
    assert rates(6, demand=demand) == pytest.approx([60, 60, 120, 90, 30, 30])


def test_participation():
    closures = [
        {"crossing": "a", "from": helpers.at(6), "until": "2 h", "notice": "6 h"},
        {"crossing": "a", "from": helpers.at(12), "until": "30 min"},
    ]
    case = helpers.case(
        [helpers.flow()],
        closures=closures,
        behaviour={
            "choice_rule": "logit",
            "announced_avoidance": 0.6,
            "aftermath_drop": 0.2,
            "aftermath_days": 0.125,
        },
    )
    found = helpers.built(case).run.model.flow_hours.participation[0, :18]
    expected = np.ones(18)
    expected[6:8] -= 0.6 * 0.25
    expected[12] -= 0.05
    expected[13:15] -= 0.1
    expected[15] -= 0.05
    assert found == pytest.approx(expected)


def test_participation_where_another_crossing_of_the_port_stays_open():
    """Shutting one of two facilities on foot keeps nobody from driving, and those on foot in proportion."""
    crossings = [{"id": name, "port": "p"} for name in ("east", "west", "cars")]
    flows = [
        helpers.flow("east", mode="pedestrian", booths=6, lanes=6),
        helpers.flow("west", mode="pedestrian", booths=2, lanes=2),
        helpers.flow("cars", booths=4, lanes=4),
    ]
    closures = [{"crossing": "west", "from": helpers.at(6), "until": "6 h", "notice": "3 days"}]
    behaviour = {"choice_rule": "logit", "announced_avoidance": 0.6}
    case = helpers.case(flows, crossings=crossings, closures=closures, behaviour=behaviour)
    found = helpers.built(case).run.model.flow_hours.participation[:, 8]
    assert found == pytest.approx([1.0, 1.0, 1.0 - 0.6 * 2 / 8])  # cars, east, west


@pytest.mark.compiled
def test_every_candidate_has_room():
    """Ten standard deviations above the mean of each hour, and nobody shares a place."""
    case = helpers.case([helpers.flow(name, per_hour=[3, 0, 5000] * 8) for name in "ab"])
    flow_hours = helpers.built(case).run.model.flow_hours
    room, offset = flow_hours.room, flow_hours.offset
    expected = flow_hours.rate[:, :24]
    assert (room[:, :24] >= (expected + 10 * expected**0.5)).all()
    assert (room[:, 24:] == 0).all() and (room[:, :24][expected == 0] == 0).all()
    assert (offset.ravel()[1:] == np.cumsum(room.ravel())[:-1]).all()
    output = helpers.run(case)[0]
    assert len(output.finals) == room.sum()


@pytest.mark.compiled
def test_people_in_a_party():
    outputs = helpers.run(helpers.case([helpers.flow(per_hour=3000, booths=9, people_per_party=2.4)]), 3)
    sizes = np.concatenate([(output.finals[output.finals > 0] >> 4) & 15 for output in outputs])
    assert sizes.mean() == pytest.approx(2.4, rel=0.01)
    assert sizes.min() == 1 and sizes.var() == pytest.approx(
        1.4, rel=0.02
    )  # one, and a Poisson number of others


@pytest.mark.parametrize(("people", "code"), [(0.5, "out-of-range"), (10.5, "party-of-many")])
def test_parties_that_cannot_be(people, code):
    with pytest.raises(ScenarioError) as refused:
        helpers.case([helpers.flow(people_per_party=people)])
    assert refused.value.problems[0].code == code


def refused_by_build(flows, **more):
    """The codes of the problems that only show when all factors are multiplied out."""
    case = helpers.case(flows, **more)
    with pytest.raises(ScenarioError) as refused:
        helpers.built(case)
    return [problem.code for problem in refused.value.problems]


def test_factors_that_multiply_beyond_what_can_be_simulated():
    """Each change alone is allowed; together they are a slip of the pen, and said to be one."""
    whole_day = {"crossing": "a", "from": helpers.at(0), "until": helpers.at(24)}
    staffing = [{**whole_day, "factor": 90} for _ in range(3)]
    assert refused_by_build([helpers.flow("a", booths=2)], staffing=staffing) == ["too-many-booths"]
    demand = [{**whole_day, "factor": 90} for _ in range(2)]
    assert refused_by_build([helpers.flow("a")], demand=demand) == ["too-many-an-hour"]


def test_more_parties_than_can_be_simulated(monkeypatch):
    """The total of a packaged region is known only when it is built."""
    case = helpers.case([helpers.flow("a", per_hour=1000)])
    monkeypatch.setattr(limits, "MOST_PARTIES", 20_000)
    with pytest.raises(ScenarioError) as refused:
        helpers.built(case)
    assert [problem.code for problem in refused.value.problems] == ["too-much"]


def test_passes_decide_which_line_is_joined_elsewhere():
    flows = [helpers.flow("a", lane_type=lane) for lane in ("standard", "ready", "sentri")]
    flows += [
        helpers.flow("b"),
        helpers.flow("c"),
        helpers.flow("c", lane_type="sentri"),
        helpers.flow("c", mode="pedestrian"),
        helpers.flow("d"),
    ]
    crossings = [{"id": name, "choice_group": "far" if name == "d" else "g"} for name in "abcd"]
    travel = [{"origin": "a", "destination": name, "minutes": 9} for name in "bcd"]
    built = helpers.built(helpers.case(flows, crossings=crossings, travel=travel))
    names = [line.id.replace(":inbound:car", "") for line in built.region.lines]
    places = {crossing.id: c for c, crossing in enumerate(built.region.crossings)}
    joined = {
        (name, place): names[g]
        for f, name in enumerate(names)
        for place, c in places.items()
        if (g := built.run.model.alternative.flow[f, c]) >= 0 and name[0] != place
    }
    assert joined == {
        ("a:standard", "b"): "b:standard",
        ("a:ready", "b"): "b:standard",
        ("a:sentri", "b"): "b:standard",
        ("a:standard", "c"): "c:standard",
        ("a:ready", "c"): "c:standard",
        ("a:sentri", "c"): "c:sentri",
    }
    # At b everybody joins the one line; it is shared out by how many there are of each pass.
    kinds = {"standard": 4.0, "ready": 1.0, "sentri": 2.0}
    for lane, count in kinds.items():
        weight = built.run.model.alternative.weight[names.index(f"a:{lane}")]
        assert weight[[places["a"], places["b"]]] == pytest.approx([1.0, count / 7.0])


# The packaged region


@pytest.fixture(scope="module")
def november():
    """Arrays of the whole of November 2018, without an event."""
    text = (
        "garita: 1\ntitle: a month\nbase: san-diego-tijuana\nstart: 2018-11-01\ndays: 30\nwarm_up_days: 0\n"
    )
    case = scenario.loads(text)
    return case, Builder(case).build(case.resolve(0))


def test_a_months_demand_is_the_publishers_count(november):
    case, built = november
    rate = built.run.model.flow_hours.rate[:, : built.calendar.demand_hours]
    assert built.calendar.demand_hours == 30 * 24 + 1  # clocks go back on the fourth
    found = {}
    for line, total in zip(built.region.lines, rate.sum(axis=1), strict=True):
        key = (line.crossing, line.direction, line.mode)
        found[key] = found.get(key, 0.0) + total
    for row in case.tables.tables["volumes"]:
        if row["month"] == "2018-11" and float(row["parties"]) > 0:
            counted = float(row["parties"]) + float(row["not_counted_parties"] or 0)
            # the hour that clocks repeat comes on top; lane shares are rounded
            key = (row["crossing"], row["direction"], row["mode"])
            assert found[key] == pytest.approx(counted, rel=0.005), key


def test_every_line_has_booths_and_a_time(november):
    _, built = november
    model = built.run.model
    assert (model.flows.mean_service > 0.0).all() and (model.plan.cap.max(axis=0) > 0).all()
    assert (model.plan.roster.max(axis=0) > 0).all()
    assert (model.flows.nominal >= 1).all()
    assert len(set(model.flows.hash.tolist())) == len(model.flows)
    assert model.behaviour.rule[0] == types.RULE_LOGIT
