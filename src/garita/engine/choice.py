"""What people decide before they set out, on what they can know.

Incremental logit: planned shares of the crossings are multiplied by exp(coefficient x change of the
expected wait against the usual published wait); whoever's planned crossing loses share may be moved to
those that gain. The change of the inclusive wait decides whether the trip is made at all.
"""

from __future__ import annotations

import math

import numpy as np

from garita.engine.beliefs import MOST_EXPONENT, believed_epoch, expected_wait, hearsay_until
from garita.engine.extra import PLANS, RETURNS, WALK
from garita.engine.homeward import (
    COMES,
    NEVER,
    TROUBLED_BEFORE,
    closure_matters,
    comes_home,
    hold_up,
    not_made,
    returns,
    returns_now,
)
from garita.engine.kernel import kernel
from garita.engine.on_foot import refresh_walking, walks_instead
from garita.engine.parties import draw, grains, people_of, planned_flow, settle
from garita.engine.plans import planned_time
from garita.engine.random import LATER, U64, high_half, low_half
from garita.engine.recording import CANCELLED_TRIP, DIVERTED, PUT_OFF, note, note_set_out
from garita.engine.state import (
    ATTEMPT_MASK,
    ATTEMPT_SHIFT,
    CANCELLED_COUNT,
    CHECKS_MASK,
    CHECKS_SHIFT,
    FAULT,
    INFORMED_BIT,
    MOVED_BIT,
    MUST_BIT,
    VERSION,
    drop_first,
    push,
)
from garita.engine.travel import send
from garita.engine.types import (
    CANCELLED,
    CANCELLED_AT_DEPARTURE,
    DIVERTED_AT_DEPARTURE,
    LATER_AT_DEPARTURE,
    QUEUE_FULL,
    RULE_NONE,
    RULE_THRESHOLD,
)

SOONEST_AGAIN_MIN = 15.0  # who goes on trying does so after this at the earliest


@kernel
def wait_at(line, time):
    """What who looks at a line a little after the last look expects: its queue then, and who joined since."""
    return line.live + line.joined * line.each - line.moves * (time - line.seen)


@kernel
def refresh_by_threshold(model, state, flow, epoch, row):
    """All who look go elsewhere if it is above a threshold here and shorter by a margin there, on live
    queues.
    """
    behaviour, here = model.behaviour[0], model.flows[flow].crossing
    best, target = np.inf, -1
    for crossing in range(model.alternative.shape[1]):
        other = model.alternative[flow, crossing].flow
        if crossing != here and other >= 0 and state.lines[other].live < best:
            best, target = state.lines[other].live, crossing
    chance = state.chance[flow, epoch, row]
    chance.participate = 1.0 / behaviour.induced_cap
    chance.limit = max(behaviour.threshold_above_min, best + behaviour.threshold_margin_min)
    chance.stay = 1.0 if state.lines[flow].live <= chance.limit else 0.0
    for crossing in range(model.alternative.shape[1]):
        state.where[flow, epoch, row, crossing] = 1.0 if 0 <= target <= crossing else 0.0


@kernel
def refresh_by_logit(model, state, extra, flow, hour, epoch, row):
    """Chances of one kind of party: row = 2 x informed + must go."""
    flows, flow_hours, behaviour = model.flows, model.flow_hours, model.behaviour[0]
    informed, must = row >= 2, row % 2 == 1
    coefficient = behaviour.wait_coefficient_must if must else behaviour.wait_coefficient_other
    suppression = behaviour.suppression_must if must else behaviour.suppression_other
    here, crossings = flows[flow].crossing, model.alternative.shape[1]
    before, after, changed = 0.0, 0.0, 0.0
    weights = state.where[flow, epoch, row]
    for crossing in range(crossings):
        other = model.alternative[flow, crossing].flow
        weights[crossing] = 0.0
        # Whoever plans to come before opening time knows it; nobody else is sent to a gate that is shut.
        if other < 0 or (crossing != here and flow_hours[other, hour].within == 0):
            continue
        planned = flow_hours[other, hour].rate * model.alternative[flow, crossing].weight
        change = (
            expected_wait(model, state, extra, other, hour, epoch, informed) - flow_hours[other, hour].usual
        )
        weights[crossing] = planned * math.exp(min(coefficient * change, MOST_EXPONENT))
        before += planned
        after += weights[crossing]
        changed += planned * change
    own = flow_hours[flow, hour].rate * model.alternative[flow, here].weight
    if extra is not None and extra.features[WALK]:
        extra.walk_chance[epoch, flow, row] = 0.0
    if before <= 0.0 or own <= 0.0:  # nobody plans to travel now (after the horizon): no basis for shares
        state.chance[flow, epoch, row].participate, state.chance[flow, epoch, row].stay = (
            1.0 / behaviour.induced_cap,
            1.0,
        )
        return
    if after <= 0.0:  # a change so large that no share is left: whoever still travels keeps to the plan
        inclusive = 1e9
    elif coefficient < 0.0:
        inclusive = math.log(after / before) / coefficient
    else:
        inclusive = changed / before
    if extra is not None and extra.features[WALK]:
        refresh_walking(model, state, extra, flow, hour, epoch, row, coefficient, inclusive)
    travel = min(behaviour.induced_cap, math.exp(min(-suppression * inclusive, MOST_EXPONENT)))
    state.chance[flow, epoch, row].participate = travel / behaviour.induced_cap
    kept = 1.0 if after <= 0.0 else min(1.0, weights[here] / after / (own / before))
    state.chance[flow, epoch, row].stay = kept
    gains = 0.0
    for crossing in range(crossings):
        other = model.alternative[flow, crossing].flow
        gain = 0.0
        if crossing != here and other >= 0 and after > 0.0:
            planned = flow_hours[other, hour].rate * model.alternative[flow, crossing].weight
            gain = max(0.0, weights[crossing] / after - planned / before)
            # Who planned to cross here lives nearer here than those whose planned shares are the measure.
            gain *= math.exp(
                behaviour.travel_coefficient * model.travel[here, crossing, model.flows[flow].on_foot]
            )
        gains += gain
        weights[crossing] = gains
    if gains <= 0.0:
        state.chance[flow, epoch, row].stay = 1.0
    else:
        for crossing in range(crossings):
            weights[crossing] /= gains


@kernel
def refresh(model, state, extra, flow, hour, epoch, row):
    """Make a row of chances from what can be known now."""
    if model.behaviour[0].rule == RULE_THRESHOLD:
        refresh_by_threshold(model, state, flow, epoch, row)
    else:
        refresh_by_logit(model, state, extra, flow, hour, epoch, row)
    state.chance[flow, epoch, row].stamp = state.count[VERSION]


@kernel
def count_twice(books, row, column, people):
    """Add a decision in parties and in people; every fetch of an array costs, so this one is fetched once."""
    books[row, column, 0] += 1
    books[row, column, 1] += people


@kernel
def divert(model, state, output, extra, planned, start, crossing, time, tag, word, decision):
    """Send a party from one crossing to another."""
    people = people_of(extra, tag, word)
    minutes = model.travel[start, crossing, model.flows[planned].on_foot]
    count_twice(output.gross, planned, decision, people)
    count_twice(output.diverted, start, crossing, people)
    output.travel_extra[planned] += minutes * people
    other = model.alternative[planned, crossing].flow
    if extra is not None:
        note(state, extra, DIVERTED, time, planned, tag, other)
    send(state, other, time + minutes, tag, word)


@kernel
def set_out(model, state, output, extra, flow, epoch, row, time, tag, word, u, stay):
    """A party that travels, but does not keep to its planned crossing (``u`` >= ``stay``), picks another."""
    target = 0
    scaled = (u - stay) / (1.0 - stay)
    last = state.where.shape[3] - 1
    while target < last and scaled >= state.where[flow, epoch, row, target]:
        target += 1
    if model.alternative[flow, target].flow < 0:  # no line there: never, unless weights are no numbers
        send(state, flow, time, tag, word)
        return
    divert(
        model,
        state,
        output,
        extra,
        flow,
        model.flows[flow].crossing,
        target,
        time,
        tag,
        word,
        np.int64(DIVERTED_AT_DEPARTURE),
    )


@kernel
def wait_until(state, extra, time, when, tag, word):
    """Put a party among those who will set out later; from the seventh attempt on they are not counted."""
    flow = planned_flow(tag)
    line = state.lines[flow]
    if line.later >= state.later.shape[1]:
        state.count[FAULT] = QUEUE_FULL
        return
    word &= ~((CHECKS_MASK << CHECKS_SHIFT) | MOVED_BIT)
    if (word >> ATTEMPT_SHIFT) & ATTEMPT_MASK < ATTEMPT_MASK:
        word += U64(1) << ATTEMPT_SHIFT
    push(state.later[flow], line.later, when, tag, word)
    line.later += 1
    if extra is not None:
        note(state, extra, PUT_OFF, time, flow, tag, when - time)


@kernel
def try_later(seed, replication, model, state, extra, epoch, time, tag, word, u_whether, u_when, sure):
    """Plan another attempt some hours later, or not; True if planned. At most seven attempts, unless the
    party is ``sure`` to go on trying.
    """
    behaviour = model.behaviour[0]
    attempts = (word >> ATTEMPT_SHIFT) & ATTEMPT_MASK
    if not sure and (attempts >= ATTEMPT_MASK or u_whether >= behaviour.later_share):
        return False
    after = grains(behaviour.later_from_min + u_when * (behaviour.later_to_min - behaviour.later_from_min))
    if extra is not None and extra.features[PLANS]:
        after = planned_time(seed, replication, model, extra, epoch, time, tag, word, time + after) - time
    if sure:
        after = max(after, SOONEST_AGAIN_MIN)
    wait_until(state, extra, time, time + after, tag, word)
    return True


@kernel
def puts_off(seed, replication, model, state, extra, epoch, time, tag, word, u_whether, u_when):
    """Whether a party that does not travel now means to do so later; if so it will. Who must come home does,
    and others learn what became of the trip, where a closure is the reason.
    """
    matters, sure = False, False
    if extra is not None and extra.features[RETURNS]:
        matters = closure_matters(model, extra, epoch, tag)
        if matters or extra.watch[TROUBLED_BEFORE] > 0:
            sure = returns(seed, replication, model, extra, tag)
    later = try_later(seed, replication, model, state, extra, epoch, time, tag, word, u_whether, u_when, sure)
    if extra is not None and matters:
        if later:
            hold_up(seed, replication, model, extra, tag, word, time)
        else:
            not_made(seed, replication, model, extra, tag, word, time)
    return later


@kernel
def cancel(model, state, output, extra, time, tag, word):
    """A trip that is not made."""
    flow = planned_flow(tag)
    count_twice(output.gross, flow, np.int64(CANCELLED_AT_DEPARTURE), people_of(extra, tag, word))
    state.count[CANCELLED_COUNT] += 1
    if extra is not None:
        note(state, extra, CANCELLED_TRIP, time, flow, tag, 0.0)
    settle(
        model.flow_hours,
        output.ledger,
        output.balance,
        output.finals,
        extra,
        tag,
        word,
        np.int64(CANCELLED),
        model.flows[flow].crossing,
    )


@kernel
def stays_out(seed, replication, model, state, output, extra, time, tag, word):
    """Whether a party on its way home does not come now: those it comes with are late, or never went out."""
    what, when = comes_home(seed, replication, model, extra, time, tag, word)
    if what == COMES:
        return False
    if what == NEVER:
        cancel(model, state, output, extra, time, tag, word)
        return True
    if (word >> ATTEMPT_SHIFT) & ATTEMPT_MASK == U64(0):
        count_twice(
            output.gross, planned_flow(tag), np.int64(LATER_AT_DEPARTURE), people_of(extra, tag, word)
        )
    wait_until(state, extra, time, when, tag, word)
    return True


@kernel
def not_now(seed, replication, model, state, output, extra, known, time, tag, word):
    """A trip not made at this hour: tried again later, or cancelled."""
    flow = planned_flow(tag)
    attempt = (word >> ATTEMPT_SHIFT) & ATTEMPT_MASK
    _, second = draw(seed, replication, model.flows, model.hours, tag, LATER + attempt)
    people = people_of(extra, tag, word)
    u_whether, u_when = low_half(second), high_half(second)
    if puts_off(seed, replication, model, state, extra, known, time, tag, word, u_whether, u_when):
        if attempt == U64(0):
            count_twice(output.gross, flow, np.int64(LATER_AT_DEPARTURE), people)
        return
    cancel(model, state, output, extra, time, tag, word)


@kernel
def depart_again(seed, replication, model, state, output, extra, flow, hour, epoch, until):
    """Those who put their trip off decide once more, with what is known now."""
    flows, flow_hours, behaviour = model.flows, model.flow_hours, model.behaviour[0]
    line, later = state.lines[flow], state.later[flow]
    while line.later > 0 and later[0].time < until:
        time, tag, word = later[0].time, later[0].tag, later[0].word
        drop_first(later, line.later)
        line.later -= 1
        attempt = (word >> ATTEMPT_SHIFT) & ATTEMPT_MASK
        first, second = draw(seed, replication, flows, model.hours, tag, LATER + attempt)
        row = (2 if word & INFORMED_BIT else 0) + (1 if word & MUST_BIT else 0)
        known = epoch
        if time < hearsay_until(model.news, behaviour, epoch):
            known = believed_epoch(model.news, behaviour, epoch, time, second)
        chance, stay = 1.0, 1.0
        if behaviour.rule != RULE_NONE:
            if state.chance[flow, known, row].stamp != state.count[VERSION]:
                refresh(model, state, extra, flow, hour, known, row)
            chance = min(1.0, state.chance[flow, known, row].participate * behaviour.induced_cap)
            stay = state.chance[flow, known, row].stay
        walks, participation = False, flow_hours[flow, hour].participation
        if extra is not None and returns_now(seed, replication, model, extra, tag, participation):
            participation = 1.0
            if stays_out(seed, replication, model, state, output, extra, time, tag, word):
                continue
        if extra is not None and extra.features[WALK] and high_half(first) < participation:
            walks = walks_instead(seed, replication, model, state, output, extra, known, row, time, tag, word)
        if walks:
            if extra is not None:
                note_set_out(model, state, extra, time, tag)
            continue
        if high_half(first) >= chance * participation:
            not_now(seed, replication, model, state, output, extra, known, time, tag, word)
            continue
        if extra is not None:
            note_set_out(model, state, extra, time, tag)
        if low_half(first) < stay:
            send(state, flow, time, tag, word)
        else:
            set_out(model, state, output, extra, flow, known, row, time, tag, word, low_half(first), stay)
