"""Who sets out: Poisson arrivals by hour, each with the draws that make it a party, and its decision to
travel.

Within an hour the arrivals of a flow are a unit-rate process restarted at the hour, stretched by that
hour's rate: changing one hour's demand touches no draw of any other hour.
"""

from __future__ import annotations

import numpy as np

from garita.engine.beliefs import believed_epoch, hearsay_until
from garita.engine.choice import not_now, refresh, set_out, stays_out, wait_at
from garita.engine.extra import WALK
from garita.engine.homeward import returns_now
from garita.engine.kernel import kernel
from garita.engine.on_foot import walks_instead
from garita.engine.parties import grains, make_tag
from garita.engine.queues import append
from garita.engine.random import ARRIVAL, PERSON, U64, counter, exponential, high_half, low_half, threefry
from garita.engine.recording import note_plan, note_set_out
from garita.engine.state import BATCH, ENTERED, FAULT, INFORMED_BIT, MUST_BIT, REFERRAL_SHIFT, VERSION
from garita.engine.types import RULE_NONE, RULE_THRESHOLD

_SHARE_16 = 1.0 / 65536.0
_LOW16, _SHIFT16 = U64(0xFFFF), U64(16)
_UPPER = U64(0xFFFFFFFF00000000)


@kernel
def restart_hour(seed, replication, model, state, hour):
    """Begin every flow's arrivals of an hour anew."""
    for flow in range(model.flows.shape[0]):
        line = state.lines[flow]
        line.ordinal = 0
        expected = parties_expected(model, flow, hour)
        if expected <= 0.0:
            line.elapsed = np.inf
            continue
        draws = state.draws[flow]
        fill(
            seed,
            replication,
            model.flows[flow].hash,
            model.hours[hour].key,
            np.int64(0),
            draws,
            state.gaps[flow],
        )
        line.elapsed = state.gaps[flow, 0] / expected


@kernel
def fill(seed, replication, flow_key, hour_key, first, draws, gaps):
    """The words of the next parties; loops without branches, so that several are drawn at once."""
    arrival, person_1, person_2 = draws[0], draws[1], draws[2]
    base = counter(hour_key, first, ARRIVAL)
    for i in range(BATCH):
        person_1[i], arrival[i] = threefry(seed, replication, flow_key, base + (U64(i) << U64(8)))
    for i in range(BATCH):
        gaps[i] = exponential(person_1[i])
    base = counter(hour_key, first, PERSON)
    for i in range(BATCH):
        person_1[i], person_2[i] = threefry(seed, replication, flow_key, base + (U64(i) << U64(8)))


@kernel
def parties_expected(model, flow, hour):
    """Candidates a flow's hour generates on average: planned parties times the cap of induced trips."""
    return (
        model.flow_hours[flow, hour].rate * model.behaviour[0].induced_cap * (model.hours[hour].length / 60.0)
    )


@kernel
def size_by(sizes, u):
    """People in a party, from cumulative probabilities of 1, 2, ..."""
    people = 1 + np.int64(u >= sizes[0]) + np.int64(u >= sizes[1]) + np.int64(u >= sizes[2])  # no branches
    while 3 < people < 15 and u >= sizes[people - 1]:
        people += 1
    return people


@kernel
def depart(seed, replication, model, state, output, extra, flow, hour, epoch, until):
    """Everyone of a flow's own demand who comes before ``until`` decides; most simply join their line."""
    line, queue, behaviour = state.lines[flow], state.queue[flow], model.behaviour[0]
    elapsed, ordinal = line.elapsed, line.ordinal
    draws, gaps = state.draws[flow], state.gaps[flow]
    arrival, person_1, person_2 = draws[0], draws[1], draws[2]
    this = model.flow_hours[flow, hour]
    start, length, key = model.hours[hour].start, model.hours[hour].length, model.hours[hour].key
    flow_key, sizes, expected = model.flows[flow].hash, model.size[flow], parties_expected(model, flow, hour)
    must_below, informed_below = model.flows[flow].must * 65536.0, behaviour.informed_share * 65536.0
    cap, chooses, looks = behaviour.induced_cap, behaviour.rule != RULE_NONE, behaviour.rule == RULE_THRESHOLD
    news, chances, count = model.news, state.chance[flow], state.count
    version, hearsay = count[VERSION], hearsay_until(news, behaviour, epoch)
    participation, room = this.participation, this.room
    entered = 0
    while elapsed < 1.0 and ordinal < room:
        time = start + grains(elapsed * length)
        if time >= until or count[FAULT]:
            break
        slot = U64(ordinal) & U64(BATCH - 1)
        person, more, word_1 = person_1[slot], person_2[slot], arrival[slot]
        tag = make_tag(flow, hour, ordinal)
        people = size_by(sizes, np.float64(more & _LOW16) * _SHARE_16)
        word = (word_1 & _UPPER) | (((more >> _SHIFT16) & _LOW16) << REFERRAL_SHIFT) | U64(people)
        row, known = 0, epoch
        if np.float64(person & _LOW16) < must_below:
            word |= MUST_BIT
            row = 1
        if np.float64((person >> _SHIFT16) & _LOW16) < informed_below:
            word |= INFORMED_BIT
            row += 2
        u_go, u_choice = low_half(word_1), high_half(person)
        chance, stay = 1.0 / cap, 1.0
        if chooses:
            if time < hearsay:
                known = believed_epoch(news, behaviour, epoch, time, more)
            if chances[known, row].stamp != version:
                refresh(model, state, extra, flow, hour, known, row)
            chance, stay = chances[known, row].participate, chances[known, row].stay
            if looks:
                stay = 1.0 if wait_at(line, time) <= chances[known, row].limit else 0.0
        walks, waits, taking_part = False, False, participation
        if extra is not None and u_go * cap < 1.0:
            home = returns_now(seed, replication, model, extra, tag, participation)
            if home:
                taking_part = 1.0
                waits = stays_out(seed, replication, model, state, output, extra, time, tag, word)
        if extra is not None and extra.features[WALK] and chooses and not waits and u_go * cap < taking_part:
            walks = walks_instead(seed, replication, model, state, output, extra, known, row, time, tag, word)
        if walks:
            entered += 1
            if extra is not None:
                note_plan(model, extra, time, tag, word)
                note_set_out(model, state, extra, time, tag)
        elif waits:
            entered += 1
            if extra is not None:
                note_plan(model, extra, time, tag, word)
        elif u_go < chance * taking_part:
            entered += 1
            if extra is not None:
                note_plan(model, extra, time, tag, word)
                note_set_out(model, state, extra, time, tag)
            if u_choice < stay:
                append(line, queue, count, time, tag, word)
                line.joined += 1
            else:
                set_out(model, state, output, extra, flow, known, row, time, tag, word, u_choice, stay)
        elif u_go * cap < 1.0:
            entered += 1
            if extra is not None:
                note_plan(model, extra, time, tag, word)
            not_now(seed, replication, model, state, output, extra, known, time, tag, word)
        ordinal += 1
        slot = U64(ordinal) & U64(BATCH - 1)
        if slot == U64(0):
            fill(seed, replication, flow_key, key, ordinal, draws, gaps)
        elapsed += gaps[slot] / expected
    line.elapsed, line.ordinal = elapsed, ordinal
    count[ENTERED] += entered
