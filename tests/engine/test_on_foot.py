"""Parties by car who leave it and cross on foot."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine import helpers, people
from garita.build.people import lines_on_foot
from garita.engine import run_replication, types
from garita.errors import ScenarioError
from garita.outcomes import compare
from garita.runs import run_pair

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

COEFFICIENT = 0.02
BEHAVIOUR = {
    "choice_rule": "logit",
    "information": "perfect",
    "tick_min": 5,
    "wait_coefficient_other": -COEFFICIENT,
    "suppression_other": 0,
    "induced_cap": 1,
    "patience_min": "3660 days",
    "look_again_min": "3660 days",
    "walk_able_share": 0.6,
    "walk_min": 12,
    "walk_equivalent_min": 40,
}
DETERMINISTIC = {"distribution": "deterministic", "mean": "60 s"}


def port(behaviour=None, per_hour=70, on_foot=50, **more):
    """A line of cars with one booth for 60 an hour, and a line on foot with two."""
    fields = {"must_share": 0, "service": DETERMINISTIC}
    flows = [
        helpers.flow("a", per_hour, 1, people_per_party=1.9, usual_wait=20, **fields),
        helpers.flow("a", on_foot, 2, mode="pedestrian", usual_wait=5, **fields),
    ]
    return helpers.case(flows, behaviour={**BEHAVIOUR, **(behaviour or {})}, **more)


@pytest.mark.parametrize("replication", range(3))
def test_party_by_party(replication):
    """The same parties in a model of its own that takes one event after the other: the same to the bit."""
    built = helpers.built(port())
    model = built.run.model
    output = run_replication(built.run, 5, replication)
    names = [line.id for line in built.region.lines]
    car = people.Place(names[0], 70.0, 1, model.service[0], 20.0)
    foot = people.Place(names[1], 50.0, 2, model.service[1], 5.0)
    begin = float(model.hours.start[0])
    left = people.leaving_cars(car, foot, -COEFFICIENT, 12.0, 40.0, 0.6, 1.9, 5.0, begin, 24, 5, replication)
    assert len(left) > 30
    for f, place in enumerate((car, foot)):
        waits = [start - joined for _, joined, start in place.crossed]
        assert helpers.total(output, types.WAITED, f) == len(waits)
        assert helpers.total(output, types.WAIT_SUM, f) == sum(waits)
    crossed = output.ledger[0, types.CROSSED_ON_FOOT, 0]
    assert crossed.tolist() == [len(left), sum(party.people for party, _ in left)]
    assert output.gross[0, types.SWITCHED_AT_DEPARTURE].tolist() == crossed.tolist()
    assert output.travel_extra[0] == 12.0 * crossed[1]


def test_everybody_aboard_is_inspected():
    """Minutes of inspection on foot are those of people, not of parties."""
    output = helpers.one_of(port())
    services = output.ledger[1, types.CROSSED, 0, 0] + output.ledger[0, types.CROSSED_ON_FOOT, 0, 1]
    assert helpers.total(output, types.BUSY_BOOTH_MIN, 1) == services
    assert helpers.total(output, types.STARTED_PEOPLE, 1) == services
    assert output.ledger[0, types.CROSSED_ON_FOOT, 0, 1] > 1.5 * output.ledger[0, types.CROSSED_ON_FOOT, 0, 0]


def test_nobody_leaves_the_car_at_usual_waits_or_who_could_not():
    quiet = helpers.one_of(port({"information": "none"}))
    assert quiet.gross.sum() == 0
    nobody = helpers.one_of(port({"walk_able_share": 0}))
    assert nobody.ledger.shape[1] == types.KINDS


def test_shares_of_a_closure_are_those_of_the_formula():
    """Everybody knows at once; nobody expects anything else than the usual waits but for the closure."""
    closures = [{"crossing": "a", "modes": ["car"], "from": helpers.at(8), "until": "6 h"}]
    behaviour = {
        "information": "none",
        "news_mean_min": 0,
        "believed_remaining_min": 90,
        "later_share": 0,
        "suppression_other": 0,
        "reconsider_mean_min": "3660 days",
    }
    case = port(behaviour, per_hour=2000, closures=closures)
    output = helpers.one_of(case)
    base = math.exp(-COEFFICIENT * (12 + 40 + 5 - 20))
    chance = 0.6 * (1 - (1 + base) / (1 + base / math.exp(-COEFFICIENT * 90)))
    out_of = 12000
    walked = output.gross[0, types.SWITCHED_AT_DEPARTURE, 0]
    assert abs(walked - chance * out_of) < 3.5 * math.sqrt(out_of * chance * (1 - chance))


def caught(**closure):
    """All options weigh the same for those caught in a line of cars that closes."""
    behaviour = {
        "information": "published",
        "wait_coefficient_other": 0,
        "later_share": 0,
        "reconsider_mean_min": 20,
        "news_mean_min": "3660 days",
        "walk_able_share": 1,
    }
    closures = [{"crossing": "a", "from": helpers.at(12), "until": "10 h", **closure}]
    return helpers.one_of(port(behaviour, per_hour=200, closures=closures))


def test_who_is_caught_may_walk_if_only_cars_are_stopped():
    output = caught(modes=["car"])
    walked, gave_up = output.gross[0, [types.SWITCHED_IN_QUEUE, types.GAVE_UP_IN_QUEUE], 0]
    total = walked + gave_up
    assert total > 1000 and abs(walked - total / 2) < 3.5 * math.sqrt(total / 4)
    assert output.ledger[0, types.CROSSED_ON_FOOT, 0, 0] == output.gross[0, 6:8, 0].sum()


def test_nobody_walks_to_a_line_that_is_shut_too():
    output = caught()
    assert output.gross[0, types.SWITCHED_IN_QUEUE].sum() == 0 < output.gross[0, types.GAVE_UP_IN_QUEUE, 0]


def test_outbound_nobody_leaves_the_car():
    fields = {"service": DETERMINISTIC, "direction": "outbound"}
    flows = [helpers.flow("a", 90, 1, **fields), helpers.flow("a", 50, 2, mode="pedestrian", **fields)]
    case = helpers.case(flows, behaviour=BEHAVIOUR)
    assert helpers.one_of(case).gross[:, types.GROSS :].sum() == 0


def test_lines_on_foot_of_the_same_port_and_of_others():
    """At the port they park; to another port they drive first, by the shortest way there is."""
    crossings = [
        {"id": "cars", "port": "west", "choice_group": "g"},
        {"id": "stairs", "port": "west", "choice_group": "g"},
        {"id": "east", "choice_group": "g"},
        {"id": "far", "choice_group": "other"},
    ]
    flows = [
        helpers.flow("cars", lane_type="sentri"),
        helpers.flow("stairs", mode="pedestrian"),
        helpers.flow("stairs", mode="pedestrian", lane_type="ready"),
        helpers.flow("east"),
        helpers.flow("east", mode="pedestrian"),
        helpers.flow("far", mode="pedestrian"),
    ]
    travel = [{"origin": "cars", "destination": "east", "minutes": 25}]
    built = helpers.built(helpers.case(flows, crossings=crossings, travel=travel))
    region = built.region
    foot, minutes = lines_on_foot(region, 20.0)
    names = [line.id for line in region.lines]
    places = [crossing.id for crossing in region.crossings]
    cars, east = names.index("cars:inbound:car:sentri"), names.index("east:inbound:car:standard")

    def reached(f):
        return {places[c]: (names[foot[f, c]], minutes[f, c]) for c in range(len(places)) if foot[f, c] >= 0}

    assert reached(cars) == {
        "stairs": ("stairs:inbound:pedestrian:ready", 20.0),
        "east": ("east:inbound:pedestrian:standard", 45.0),
    }
    assert reached(east) == {"east": ("east:inbound:pedestrian:standard", 20.0)}
    assert (foot[[f for f, name in enumerate(names) if "pedestrian" in name]] == -1).all()


def test_it_stands_in_tables_and_comparison():
    closures = [{"crossing": "a", "modes": ["car"], "from": helpers.at(8), "until": "6 h"}]
    with_closure, without = run_pair(port(closures=closures), replications=2, workers=1)
    found = compare(with_closure, without)
    walked = found.indicator("crossed_on_foot", "a", "inbound", "car")
    assert walked is not None and walked.with_closure.mean > walked.without.mean
    flows = with_closure.flows
    finals = flows[flows["count"] == "final"]
    on_foot = finals[finals["outcome"] == "crossed_on_foot"]
    assert on_foot["parties"].sum() == with_closure.ledger[:, 0, types.CROSSED_ON_FOOT, :, 0].sum() > 100
    assert "switched_in_queue" in set(flows["outcome"])
    assert found.transition_kinds.shape == (11, 11, 2)
    assert found.transition_kinds[types.CROSSED, types.CROSSED_ON_FOOT, 0] > 50
    totals, shares = found.affected_totals("a", "inbound", "car")
    assert totals.mean > 100 and shares["crossed_on_foot"].mean > 0.1


def test_outcomes_with_it_can_be_saved_and_read(tmp_path):
    from garita.outcomes import Outcome

    with_closure, _ = run_pair(port(), replications=1, workers=1)
    with_closure.save(tmp_path / "results")
    again = Outcome.open(tmp_path / "results")
    assert again.layout.kinds == with_closure.layout.kinds and np.array_equal(
        again.ledger, with_closure.ledger
    )


@pytest.mark.parametrize("rule", ["none", "threshold"])
def test_it_needs_people_who_weigh_what_they_expect(rule):
    with pytest.raises(ScenarioError, match="has no effect"):
        port({"choice_rule": rule, "information": "published"})
