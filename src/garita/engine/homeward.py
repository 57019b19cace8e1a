"""Who has gone out must come home: returns that hang on the trip out, and people kept away from home.

A share of a line's parties are on their way home. The trip out of such a party is that of one of the
parties that set out by the opposite line a stay before, drawn by its own key. Without a closure that party
went out as planned and nothing changes. Because of a closure it may not have gone at all (then nobody comes
back), have crossed later (then they come back so much later), or still be held up (then they wait). Only
what people decide knowing of a closure of their line, or wait through in a closed line, counts.

Whoever is on the way home goes on trying: once a closure has kept anybody from crossing, such a party never
cancels or gives up, and no announcement keeps it where it is. While a closure holds it up it is away from
home.

What others can see of a party changes at ticks only, so that an extra cut changes no bit.
"""

from __future__ import annotations

import numpy as np

from garita.engine.extra import RETURNS
from garita.engine.kernel import kernel
from garita.engine.parties import (
    draw,
    grains,
    make_tag,
    people_of,
    planned_flow,
    planned_hour,
    quantile,
)
from garita.engine.random import ARRIVAL, FIRST_LEG, STAY, U64, WHO, high_half, low_half
from garita.engine.state import MUST_BIT, ORDINAL_MASK
from garita.engine.types import BIN_MINUTES

# What became of a trip; above 0: minutes after the beginning of the run at which it crossed.
AS_PLANNED, NOT_MADE, HELD_UP = 0.0, -1.0, -2.0
TICKS_SEEN, TROUBLED, TROUBLED_BEFORE = 0, 1, 2  # positions in ``Extra.watch``
SHORTEST_STAY = 60.0  # minutes: a trip out belongs to an hour that is over
TRIES = 11
COMES, LATER, NEVER = 0, 1, 2
LOOK_AGAIN_MIN = 60.0  # who waits for companions to come out looks again after so long


@kernel
def returns(seed, replication, model, extra, tag):
    """Whether a party is on its way home."""
    share = extra.home_share[planned_flow(tag)]
    if share <= 0.0:
        return False
    _, second = draw(seed, replication, model.flows, model.hours, tag, WHO)
    return high_half(second) < share


@kernel
def returns_now(seed, replication, model, extra, tag, participation):
    """Whether a party about to set out is on its way home, and that makes a difference."""
    if extra.features[RETURNS] == 0 or (extra.watch[TROUBLED] == 0 and participation >= 1.0):
        return False
    return returns(seed, replication, model, extra, tag)


@kernel
def fate_of(model, extra, tag):
    """The record of what became of a party's trip."""
    offset = model.flow_hours[planned_flow(tag), planned_hour(tag)].offset
    return extra.fate[offset + (tag & ORDINAL_MASK)]


@kernel
def set_fate(model, extra, tag, value):
    """Note what became of a trip; others see it from the next tick on."""
    fate, tick = fate_of(model, extra, tag), extra.watch[TICKS_SEEN]
    if fate.tick != tick:
        fate.before = fate.value
        fate.tick = tick
    if fate.value == AS_PLANNED:
        extra.troubled[planned_flow(tag), planned_hour(tag)] += 1
        extra.watch[TROUBLED] += 1
    fate.value = value


@kernel
def count_away(model, extra, tag, word, time, change):
    """One party more, or fewer, is kept away from home."""
    row = np.int64((time - model.intervals[0].start) / BIN_MINUTES)
    away = extra.away[planned_flow(tag), min(row, extra.away.shape[1] - 1)]
    away[0] += change
    away[1] += change * people_of(extra, tag, word)


@kernel
def hold_up(seed, replication, model, extra, tag, word, time):
    """A closure keeps a party from crossing."""
    if fate_of(model, extra, tag).value == HELD_UP:
        return
    set_fate(model, extra, tag, HELD_UP)
    if returns(seed, replication, model, extra, tag):
        count_away(model, extra, tag, word, time, 1)


@kernel
def let_go(seed, replication, model, extra, tag, word, time, crossed):
    """A party that was held up crosses, or gives its trip up."""
    if fate_of(model, extra, tag).value != HELD_UP:
        return
    set_fate(model, extra, tag, time - model.intervals[0].start if crossed else NOT_MADE)
    if returns(seed, replication, model, extra, tag):
        count_away(model, extra, tag, word, time, -1)


@kernel
def not_made(seed, replication, model, extra, tag, word, time):
    """A trip is not made because of a closure."""
    if fate_of(model, extra, tag).value == HELD_UP:
        let_go(seed, replication, model, extra, tag, word, time, False)
    else:
        set_fate(model, extra, tag, NOT_MADE)


@kernel
def closure_matters(model, extra, epoch, tag):
    """Whether a party that does not travel now stays because of a closure, as far as it knows."""
    flow = planned_flow(tag)
    return (
        model.belief[epoch, flow].closed != 0
        or model.flow_hours[flow, planned_hour(tag)].participation < 1.0
        or fate_of(model, extra, tag).value == HELD_UP
    )


@kernel
def stay_of(seed, replication, model, extra, tag, word):
    """(How long a party stays away, minutes; three draws for whose trip out it was.)"""
    first, second = draw(seed, replication, model.flows, model.hours, tag, STAY)
    table = extra.stay[1 if word & MUST_BIT else 0]
    stay = max(SHORTEST_STAY, grains(quantile(table, high_half(first))))
    return stay, low_half(first), high_half(second), low_half(second)


@kernel
def trip_out(seed, replication, model, extra, tag, word):
    """The tag of the party whose trip out a returning party shares, -1 if nothing kept anybody then."""
    line, hours = extra.out_line[planned_flow(tag)], model.hours
    if line < 0:
        return np.int64(-1)
    stay, one, two, three = stay_of(seed, replication, model, extra, tag, word)
    here = hours[planned_hour(tag)]
    hour = np.int64(np.floor((here.start + 0.5 * here.length - stay - hours[0].start) / 60.0))
    if hour < 0 or extra.troubled[line, hour] == 0:
        return np.int64(-1)
    cap, there = model.behaviour[0].induced_cap, np.float64(extra.made[line, hour])
    first, second = U64(0), U64(0)
    for k in range(TRIES):  # until somebody is found who would have gone out that hour, from home
        if k < 3:
            u = one if k == 0 else (two if k == 1 else three)
        else:
            if (k - 3) % 4 == 0:
                purpose = FIRST_LEG + U64((k - 3) // 4)
                first, second = draw(seed, replication, model.flows, hours, tag, purpose)
            half = first if (k - 3) % 4 < 2 else second
            u = high_half(half) if (k - 3) % 2 == 0 else low_half(half)
        out = make_tag(line, hour, np.int64(u * there))
        _, word_1 = draw(seed, replication, model.flows, hours, out, ARRIVAL)
        if low_half(word_1) * cap < 1.0 and not returns(seed, replication, model, extra, out):
            return out
    return np.int64(-1)


@kernel
def comes_home(seed, replication, model, extra, time, tag, word):
    """What a party on its way home does at this time: (COMES, LATER or NEVER; for LATER: when)."""
    if extra.watch[TROUBLED] == 0:
        return COMES, time
    out = trip_out(seed, replication, model, extra, tag, word)
    if out < 0:
        return COMES, time
    fate = fate_of(model, extra, out)
    known = fate.before if fate.tick == extra.watch[TICKS_SEEN] else fate.value
    if known == NOT_MADE:
        return NEVER, time
    if known == HELD_UP:
        return LATER, time + LOOK_AGAIN_MIN
    if known == AS_PLANNED:
        return COMES, time
    stay, _, _, _ = stay_of(seed, replication, model, extra, tag, word)
    when = model.intervals[0].start + np.float64(known) + stay
    if when > time:
        return LATER, grains(when)
    return COMES, time


@kernel
def note_tick(extra):
    """What happened since the tick before can be seen from now on."""
    extra.watch[TICKS_SEEN] += 1
    extra.watch[TROUBLED_BEFORE] = extra.watch[TROUBLED]


@kernel
def note_hour(state, extra, hour):
    """How many parties each line's demand had in the hour that ends."""
    for flow in range(extra.made.shape[0]):
        extra.made[flow, hour] = state.lines[flow].ordinal
