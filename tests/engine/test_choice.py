"""What people do about a closure: shares of the incremental logit, news, queues they are caught in, later."""

from __future__ import annotations

import math

import pytest

from engine import helpers
from garita.engine import run_replication, types

RATES = {"a": 400.0, "b": 150.0, "c": 50.0}
CROSSINGS = [{"id": name, "choice_group": "g", "port": name} for name in RATES]
TRAVEL = [{"origin": a, "destination": b, "minutes": 20} for a in RATES for b in RATES if a != b]
COEFFICIENT, SUPPRESSION = 0.012, 0.0033
# Everybody is of one kind, knows at once, and has time: shares are those of one formula.
PLAIN = {
    "choice_rule": "logit",
    "tick_min": 5,
    "publication_every_min": 60,
    "wait_coefficient_other": -COEFFICIENT,
    "suppression_other": SUPPRESSION,
    "induced_cap": 1,
    "informed_share": 0,
    "aftermath_drop": 0,
    "announced_avoidance": 0,
    "later_share": 0,
    "patience_min": "3660 days",
    "reconsider_mean_min": "3660 days",
    "look_again_min": "3660 days",
}


def region(closures, behaviour=None, replications=1, must=0.0, **more):
    flows = [
        helpers.flow(name, per_hour=per_hour, booths=20, must_share=must, **more)
        for name, per_hour in RATES.items()
    ]
    case = helpers.case(
        flows, crossings=CROSSINGS, travel=TRAVEL, closures=closures, behaviour={**PLAIN, **(behaviour or {})}
    )
    return helpers.run(case, replications, seed=2)


def close(begin=8, until="6 h", **more):
    return {"crossing": "a", "from": helpers.at(begin), "until": until, **more}


def close_to(count, expected, out_of, errors=3.5):
    """Whether a count of parties is what a share of them says."""
    return abs(count - expected * out_of) <= errors * math.sqrt(out_of * expected * (1.0 - expected)) + 1e-9


def between(output, first, last, field=types.ARRIVED, f=0):
    return output.bins[f, round(4 * first) : round(4 * last), field].sum()


def decisions(output, f=0):
    """Parties of a line that set out for another crossing, and that did not travel."""
    return (output.gross[f, types.DIVERTED_AT_DEPARTURE, 0], output.gross[f, types.CANCELLED_AT_DEPARTURE, 0])


def shares(believed, planned=RATES, closed="a", coefficient=COEFFICIENT, suppression=SUPPRESSION):
    """Shares that keep to the closed crossing and that do not travel, by the formula in the code's text."""
    weights = {
        name: rate * math.exp(-coefficient * (believed if name == closed else 0.0))
        for name, rate in planned.items()
    }
    before, after = sum(planned.values()), sum(weights.values())
    inclusive = math.log(after / before) / -coefficient
    travel = min(1.0, math.exp(-suppression * inclusive))
    stay = (weights[closed] / after) / (planned[closed] / before)
    return stay, 1.0 - travel


@pytest.fixture(scope="module")
def usual():
    """The same people when nothing is closed."""
    return region([])[0]


@pytest.fixture(scope="module")
def announced():
    """Everybody knows, and how long it will be: six hours, that is 360 minutes."""
    return region([close(notice="30 days")])[0]


def agree(output, usual, believed, first=8, last=14, **more):
    """Keeping to the closed crossing, going elsewhere, not travelling: shares of those who planned it."""
    stay, at_home = shares(believed, **more)
    planned = between(usual, first, last)
    elsewhere, home = decisions(output)
    came = between(output, first, last)
    assert came + elsewhere + home == planned
    assert close_to(home, at_home, planned)
    assert close_to(came, (1.0 - at_home) * stay, planned)
    assert close_to(elsewhere, (1.0 - at_home) * (1.0 - stay), planned)


def test_shares_that_keep_to_a_closed_crossing(announced, usual):
    agree(announced, usual, 360.0)


def test_those_who_do_not_plan_to_use_it_weigh_their_trips_by_the_same_sum(announced, usual):
    """The whole choice set decides on travelling; nobody leaves a crossing that gains."""
    _, at_home = shares(360.0)
    for f in (1, 2):
        elsewhere, home = decisions(announced, f)
        assert elsewhere == 0 and close_to(home, at_home, between(usual, 8, 14, f=f))


def test_the_others_are_chosen_by_what_is_planned_for_them(announced):
    there = announced.diverted[0, :, 0]
    assert there[0] == 0
    assert close_to(there[1], 150.0 / 200.0, there.sum())


def test_they_arrive_after_the_way(usual):
    """Twenty minutes: nobody from elsewhere before, and all are there twenty minutes after it is over."""
    output = region([close(notice="30 days")], {"suppression_other": 0})[0]
    for f in (1, 2):
        more = output.bins[f, :, types.ARRIVED] - usual.bins[f, :, types.ARRIVED]
        assert (
            (more >= 0).all()
            and (more[:33] == 0).all()
            and (more[34:56] > 0).any()
            and (more[58:] == 0).all()
        )
        assert more.sum() == output.diverted[0, f, 0]
    assert output.travel_extra[0] == 20.0 * output.diverted[0, :, 1].sum()
    assert output.travel_extra[1:].sum() == 0.0


def test_the_unannounced_is_believed_to_last(usual):
    """Once everybody has heard, shares are those of the believed remaining time."""
    output = region([close(until="12 h")], {"believed_remaining_min": 120, "news_mean_min": 0.01})[0]
    agree(output, usual, 120.0, last=20)


def test_trips_that_must_be_made(usual):
    behaviour = {"wait_coefficient_must": -0.03, "suppression_must": 0.001}
    output = region([close(notice="30 days")], behaviour, must=1.0)[0]
    agree(output, usual, 360.0, coefficient=0.03, suppression=0.001)


def test_news_takes_an_exponential_time():
    """Of those who set out t minutes after it closed, exp(-t / mean) have not heard and come all the same."""
    outputs = region([close(until="10 h")], {"news_mean_min": 60, "believed_remaining_min": "30 days"}, 4)
    usual = region([], {}, 4)
    for first, last in ((8.0, 8.25), (8.5, 9.0), (9.0, 10.0), (11.0, 12.0)):
        expected = (math.exp(-(first - 8)) - math.exp(-(last - 8))) / (last - first)
        came = sum(between(output, first, last) for output in outputs)
        assert close_to(came, expected, sum(between(output, first, last) for output in usual))


def test_those_told_before_do_not_come():
    output = region(
        [close(notice="30 days")], {"believed_remaining_min": "30 days", "wait_coefficient_other": -1}
    )[0]
    assert between(output, 8, 14) == 0.0


def test_reopening_is_news_too():
    """Who has not heard that it is open again stays away."""
    outputs = region([close(until="4 h")], {"news_mean_min": 60, "believed_remaining_min": "30 days"}, 4)
    usual = region([], {}, 4)
    came = sum(between(output, 12.0, 12.25) for output in outputs)
    ordinary = sum(between(output, 12.0, 12.25) for output in usual)
    assert came < 0.3 * ordinary
    late = sum(between(output, 20.0, 21.0) for output in outputs)
    assert late == sum(between(output, 20.0, 21.0) for output in usual)


def test_those_who_look_know_of_a_closure_from_what_is_published(usual):
    """No news reaches anybody, but "closed" is published: who looks acts on a believed remaining time."""
    behaviour = {
        "news_mean_min": "3660 days",
        "believed_remaining_min": 120,
        "publication_age_min": 0,
        "access_min": 0,
    }
    blind = region([close()], {**behaviour, "informed_share": 0})[0]
    assert between(blind, 9, 14) == between(usual, 9, 14)
    looked = region([close()], {**behaviour, "informed_share": 1})[0]
    stay, at_home = shares(120.0)
    assert close_to(between(looked, 9, 14), (1.0 - at_home) * stay, between(usual, 9, 14))


def test_published_waits_divert():
    """No closure: a line far too long. Who looks goes elsewhere, who does not look stays."""
    flows = [
        helpers.flow(
            "a",
            per_hour=400,
            booths=3,
            must_share=0,
            service={"distribution": "deterministic", "mean": "60 s"},
        ),
        helpers.flow("b", per_hour=100, booths=20, must_share=0),
    ]
    crossings, travel = CROSSINGS[:2], TRAVEL[:1]
    came = {}
    for informed in (0, 0.5, 1):
        behaviour = {**PLAIN, "informed_share": informed, "suppression_other": 0}
        output = helpers.one(flows, crossings=crossings, travel=travel, behaviour=behaviour)
        came[informed] = output.diverted[0, 1, 0]
        assert output.balance[types.CANCELLED] == 0
    assert came[0] == 0 and came[0.5] > 300 and came[1] > 1.2 * came[0.5]


def test_nobody_goes_where_there_is_no_way():
    output = helpers.one(
        [helpers.flow(name, per_hour=rate, booths=20) for name, rate in RATES.items()],
        crossings=CROSSINGS,
        travel=[TRAVEL[0]],
        closures=[close(notice="30 days")],
        behaviour=PLAIN,
    )
    assert output.diverted[0, 1, 0] > 100
    assert output.diverted[:, 2].sum() == 0 and output.diverted[1:].sum() == 0


def test_nobody_goes_outside_opening_hours():
    crossings = [CROSSINGS[0], {**CROSSINGS[1], "hours": "18:00-23:00"}, CROSSINGS[2]]
    output = helpers.one(
        [helpers.flow(name, per_hour=rate, booths=20) for name, rate in RATES.items()],
        crossings=crossings,
        travel=TRAVEL,
        closures=[close(notice="30 days")],
        behaviour=PLAIN,
    )
    assert output.diverted[0, 1].sum() == 0 and output.diverted[0, 2, 0] > 100


def test_with_the_rule_none_nobody_goes_anywhere_else():
    """Not even those who put their trip off and try again, where an input lowers how many travel."""
    flows = [helpers.flow(name, per_hour=rate, booths=20) for name, rate in RATES.items()]
    behaviour = {**PLAIN, "choice_rule": "none", "later_share": 1}
    case = helpers.case(flows, crossings=CROSSINGS, travel=TRAVEL, closures=[close()], behaviour=behaviour)
    built = helpers.built(case)
    built.run.model.flow_hours.participation = 0.5
    output = run_replication(built.run, 2, 0)
    assert output.gross[:, types.LATER_AT_DEPARTURE, 0].sum() > 100
    assert output.diverted.sum() == 0
    assert helpers.kinds(output)[types.CROSSED_ELSEWHERE : types.CANCELLED] == [0, 0]


# The threshold rule


def test_the_threshold_rule():
    """Above a wait, who sees a line shorter by a margin takes it."""
    flows = [
        helpers.flow("a", per_hour=400, booths=3, service={"distribution": "deterministic", "mean": "60 s"}),
        helpers.flow("b", per_hour=10, booths=20),
    ]
    rule = {"choice_rule": "threshold", "tick_min": 1, "threshold_above_min": 45, "threshold_margin_min": 20}
    output = helpers.one(flows, crossings=CROSSINGS[:2], travel=TRAVEL[:1], behaviour=rule)
    waits = output.bins[0, :96, types.WAIT_SUM] / output.bins[0, :96, types.WAITED]
    assert waits.max() < 55.0 and waits[40:].min() > 35.0
    assert output.diverted[0, 1, 0] > 2000
    never = {**rule, "threshold_margin_min": 100_000}
    assert helpers.one(flows, crossings=CROSSINGS[:2], travel=TRAVEL[:1], behaviour=never).diverted.sum() == 0


# Those whom it catches in the queue


CAUGHT = {
    "reconsider_mean_min": 20,
    "patience_min": 30,
    "patience_mean_min": 30,
    "news_mean_min": "3660 days",
    "give_up_equivalent_other_min": 30,
}


def queue_then_close(behaviour=None, after=1, **more):
    """Two hundred stand at the crossing when it closes; few come after that."""
    rates = [0] * 6 + [300] * 2 + [after] * 16
    flows = [
        helpers.flow(
            "a",
            per_hour=rates,
            booths=3,
            service={"distribution": "deterministic", "mean": "60 s"},
            must_share=0,
            people_per_party=2,
        ),
        helpers.flow("b", per_hour=20, booths=20, must_share=0),
    ]
    return helpers.one(
        flows,
        crossings=CROSSINGS[:2],
        travel=TRAVEL[:1],
        closures=[close()],
        behaviour={**PLAIN, **CAUGHT, **(behaviour or {})},
        **more,
    )


def test_caught_in_the_queue():
    output = queue_then_close()
    caught = output.bins[0, 31, types.QUEUE_END]
    parties = output.ledger[0, :, :, 0].sum(axis=1)
    left = output.bins[0, 32:56, types.LEFT].sum()
    assert caught > 150 and left > 0.5 * caught
    assert output.bins[0, :32, types.LEFT].sum() < 30  # patience lasts half an hour and more
    assert parties[types.CROSSED_ELSEWHERE] == output.gross[0, types.DIVERTED_FROM_QUEUE, 0] > 20
    assert parties[types.GAVE_UP] == output.gross[0, types.GAVE_UP_IN_QUEUE, 0] > 20
    # ticks are those of the engine: nobody moves between them
    assert output.diverted[0, 1, 0] == output.gross[0, types.DIVERTED_FROM_QUEUE, 0]


def test_patient_people_stay():
    output = queue_then_close({"reconsider_mean_min": "3660 days", "patience_min": "3660 days"}, after=0)
    assert output.bins[0, :, types.LEFT].sum() == 0.0
    assert output.balance[types.WAITING] == 0 and output.bins[0, :, types.WAIT_MAX].max() > 360.0


def test_going_later_counts_once():
    """Who leaves to come back is one party with one final outcome, however often it tries."""
    behaviour = {"later_share": 1, "later_from_min": 30, "later_to_min": 60}
    output = queue_then_close(behaviour)
    parties = output.ledger[0, :, :, 0].sum(axis=1)
    assert parties[types.CROSSED_LATER] > 50
    assert parties.sum() == ((output.finals & 15) > 0).sum() - output.ledger[1, ..., 0].sum()
    assert parties[types.CROSSED_LATER] <= output.gross[0, types.LATER_FROM_QUEUE, 0]
    came_again = output.bins[0, :, types.ARRIVED].sum() + output.gross[0, types.DIVERTED_FROM_QUEUE, 0]
    assert came_again > parties.sum()


def test_trips_put_off_come_back_in_time():
    """All who do not go now go between one and two hours later, when it is open again."""
    behaviour = {"later_share": 1, "later_from_min": 400, "later_to_min": 460, "suppression_other": 10}
    output = region([close(until="1 h", notice="30 days")], behaviour)[0]
    usual = region([])[0]
    more = output.bins[0, :, types.ARRIVED] - usual.bins[0, :, types.ARRIVED]
    assert output.gross[0, types.LATER_AT_DEPARTURE, 0] > 300
    first, last = 4 * 8 + 400 // 15, 4 * 9 + 460 // 15
    assert more[first : last + 1].sum() == output.gross[0, types.LATER_AT_DEPARTURE, 0]
    assert (more[36:first] == 0).all() and (more[last + 1 :] == 0).all()
    assert helpers.kinds(output, 0)[types.CROSSED_LATER] == output.gross[0, types.LATER_AT_DEPARTURE, 0]


def test_later_beyond_the_end_is_on_the_way():
    behaviour = {
        "later_share": 1,
        "later_from_min": "30 days",
        "later_to_min": "31 days",
        "suppression_other": 10,
    }
    output = region([close(notice="30 days")], behaviour)[0]
    assert output.balance[types.ON_THE_WAY] == output.gross[:, types.LATER_AT_DEPARTURE, 0].sum() > 1000


def test_arrivals_at_a_closed_line_look_again():
    """No news at all: they come, see that it is closed, and leave as their patience ends."""
    behaviour = {
        "news_mean_min": "3660 days",
        "reconsider_mean_min": 15,
        "give_up_equivalent_other_min": 0,
        "believed_remaining_min": "2 days",
    }
    output = region([close()], behaviour)[0]
    assert between(output, 8, 14) == between(region([])[0], 8, 14)
    assert between(output, 8, 14, types.LEFT) > 0.8 * between(output, 8, 14)
    assert output.bins[0, 55, types.QUEUE_END] < 0.2 * between(output, 8, 14)


# Demand that an announcement or a fright keeps away


def other_direction(**closure):
    flows = [
        helpers.flow("a", per_hour=1000, booths=20, direction=direction)
        for direction in ("inbound", "outbound")
    ]
    behaviour = {**PLAIN, "announced_avoidance": 0.6, "aftermath_drop": 0.2, "aftermath_days": 0.25}
    outputs = [
        helpers.one(flows, closures=closures, behaviour=behaviour)
        for closures in ([close(directions=["inbound"], **closure)], [])
    ]
    return [
        1.0 - between(outputs[0], first, last, f=f) / between(outputs[1], first, last, f=f)
        for f, first, last in ((1, 8, 14), (1, 14, 20), (0, 14, 20), (0, 20, 24))
    ]


def test_announced_closures_keep_people_at_home():
    """The other direction too: who cannot go does not come back."""
    found = other_direction(notice="30 days")
    assert found == pytest.approx([0.6, 0.0, 0.0, 0.0], abs=0.03)


def test_half_a_days_notice_keeps_half_of_them():
    assert other_direction(notice="12 h")[:2] == pytest.approx([0.3, 0.0], abs=0.03)


def test_a_fright_keeps_people_away_for_a_while():
    found = other_direction()
    assert found[:2] == pytest.approx([0.0, 0.0], abs=0.001)
    assert found[2] > 0.15 and found[3] == pytest.approx(0.0, abs=0.03)


def test_the_threshold_rule_knows_of_a_closing_at_once():
    """The look at the queues at the very tick of the closing counts it, though booths are still open then."""
    rule = {
        "choice_rule": "threshold",
        "tick_min": 60,
        "threshold_above_min": 45,
        "threshold_margin_min": 20,
        "threshold_closed_min": 180,
    }
    [output] = region([close(8, "6 h")], rule)
    assert between(output, 7, 8) > 300
    assert between(output, 8, 14) == 0
    assert between(output, 14, 15) > 300
