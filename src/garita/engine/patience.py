"""Lines whose parties have an exact patience: how long each stays in line before it leaves unserved.

Under first-come-first-served this needs no list of events: whether a party is still there is seen when its
turn comes, and those whose turn has not come by the end of an interval are looked through once. A party that
is called at the very moment its patience ends is served. Whoever leaves gives the trip up.
"""

from __future__ import annotations

import numpy as np

from garita.engine.extra import RETURNS
from garita.engine.homeward import let_go
from garita.engine.kernel import kernel
from garita.engine.parties import draw, grains, quantile
from garita.engine.random import ENDURANCE, high_half
from garita.engine.recording import note_left
from garita.engine.state import GONE
from garita.engine.waiting import give_up, take_out

# Columns of ``Extra.unserved``
TURNED_AWAY, OUT_OF_PATIENCE = 0, 1
UNSERVED = 2


@kernel
def leaves_at(seed, replication, model, extra, station, joined, tag):
    """When a party leaves a line unless it is called before; the same draw in every line it joins."""
    first, _ = draw(seed, replication, model.flows, model.hours, tag, ENDURANCE)
    return joined + grains(quantile(extra.patience[station], high_half(first)))


@kernel
def gone_by(seed, replication, model, extra, station, party, start):
    """When a party has left by the time its turn comes, else inf."""
    if extra.patient[station] == 0:
        return np.inf
    ends = leaves_at(seed, replication, model, extra, station, party.time, party.tag)
    return ends if ends < start else np.inf


@kernel
def lose(seed, replication, model, state, output, extra, station, party, ends, row):
    """A party leaves a line unserved, in bin ``row``."""
    if extra.features[RETURNS]:
        let_go(seed, replication, model, extra, party.tag, party.word, ends, False)
    note_left(model, state, extra, station, ends, party.tag)
    give_up(model, state, output, extra, ends, party.tag, party.word)
    take_out(extra, state.lines[station], party, output.bins[station, row])
    extra.unserved[station, row, OUT_OF_PATIENCE] += 1


@kernel
def note_patience(seed, replication, model, extra, station, joined, tag):
    """Somebody joins a line: from when on may its line have to be looked through?"""
    if extra.patient[station] != 0:
        ends = leaves_at(seed, replication, model, extra, station, joined, tag)
        extra.soonest[station] = min(extra.soonest[station], ends)


@kernel
def lose_patience(seed, replication, model, state, output, extra, station, until, row):
    """Everyone in a line whose patience ends before ``until`` leaves; who can start before has started."""
    if extra.patient[station] == 0 or extra.soonest[station] >= until:
        return
    line, queue = state.lines[station], state.queue[station]
    mask = queue.shape[0] - 1
    soonest = np.inf
    for place in range(line.head, line.tail):
        party = queue[place & mask]
        if party.tag == GONE:
            continue
        ends = leaves_at(seed, replication, model, extra, station, party.time, party.tag)
        if ends < until:
            lose(seed, replication, model, state, output, extra, station, party, ends, row)
        else:
            soonest = min(soonest, ends)
    extra.soonest[station] = soonest
