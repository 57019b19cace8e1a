"""Starting from a given state: who stands in the lines when a run begins.

These parties were planned in an hour of their own, after the last hour of the run, whose number no real hour
has: their draws are those of nobody else. They join at the first moment, so their waits are counted from it.
"""

from __future__ import annotations

import numpy as np

from garita.engine.departures import size_by
from garita.engine.kernel import kernel
from garita.engine.parties import draw, make_tag, people_of
from garita.engine.patience import note_patience
from garita.engine.queues import append
from garita.engine.random import ARRIVAL, PERSON, U64
from garita.engine.recording import note_joined, note_plan, note_set_out
from garita.engine.state import ENTERED, INFORMED_BIT, MUST_BIT, REFERRAL_SHIFT
from garita.engine.types import ARRIVED, ARRIVED_PEOPLE

# An hour's number, with this added, is the number of the hour in which initial parties were planned.
HOUR_OF_ITS_OWN = 1 << 31

_LOW16, _SHIFT16 = U64(0xFFFF), U64(16)
_UPPER = U64(0xFFFFFFFF00000000)
_SHARE_16 = 1.0 / 65536.0


@kernel
def begin_with(seed, replication, model, state, output, extra):
    """Put the initial parties into their lines, before anything happens."""
    time, hour = model.intervals[0].start, model.hours.shape[0] - 1
    for flow in range(extra.initial.shape[0]):
        line, queue, bins = state.lines[flow], state.queue[flow], output.bins[flow, 0]
        for ordinal in range(extra.initial[flow]):
            tag = make_tag(flow, hour, ordinal)
            word = who(seed, replication, model, flow, tag)
            append(line, queue, state.count, time, tag, word)
            people = people_of(extra, tag, word)
            line.waiting += 1
            line.waiting_people += people
            bins[ARRIVED] += 1.0
            bins[ARRIVED_PEOPLE] += people
            state.count[ENTERED] += 1
            note_plan(model, extra, time, tag, word)
            note_set_out(model, state, extra, time, tag)
            note_joined(model, state, extra, flow, time, tag)
            note_patience(seed, replication, model, extra, flow, time, tag)


@kernel
def who(seed, replication, model, flow, tag):
    """A party's word, from the same draws as that of any party (see ``departures.depart``)."""
    _, service = draw(seed, replication, model.flows, model.hours, tag, ARRIVAL)
    person, more = draw(seed, replication, model.flows, model.hours, tag, PERSON)
    people = size_by(model.size[flow], np.float64(more & _LOW16) * _SHARE_16)
    word = (service & _UPPER) | (((more >> _SHIFT16) & _LOW16) << REFERRAL_SHIFT) | U64(people)
    if np.float64(person & _LOW16) < model.flows[flow].must * 65536.0:
        word |= MUST_BIT
    if np.float64((person >> _SHIFT16) & _LOW16) < model.behaviour[0].informed_share * 65536.0:
        word |= INFORMED_BIT
    return word
