"""Lines with a bounded waiting room: who comes while line and booths are full is turned away.

Arrivals and starts then have to be taken in the order of time, party by party. At one and the same moment
inspections end, then parties arrive, then inspections start. Whoever is turned away decides at the next tick
where to go, if people choose at all; otherwise the trip is given up.
"""

from __future__ import annotations

from garita.engine.booths import BOOTH_MASK, free_time
from garita.engine.kernel import kernel
from garita.engine.parties import class_of, people_of
from garita.engine.patience import TURNED_AWAY, lose_patience, note_patience
from garita.engine.queues import receive, start_primary
from garita.engine.recording import note_joined, note_left
from garita.engine.state import FAULT, GONE, UNSET, copy, put
from garita.engine.travel import arrive
from garita.engine.types import ARRIVED, ARRIVED_PEOPLE, LEFT, QUEUE_FULL, RULE_LOGIT
from garita.engine.waiting import give_up, turn_away

UNBOUNDED = 2**62


@kernel
def join(seed, replication, model, state, output, extra, station, now, until, thinks, row, origin):
    """Let those who arrive before ``until`` join a line of a region with bounded rooms or exact patience."""
    line, queue = state.lines[station], state.queue[station]
    mask = queue.shape[0] - 1
    if extra.waiting_room[station] != UNBOUNDED:
        admit(seed, replication, model, state, output, extra, station, now, until, thinks, row, origin)
        return
    receive(state, extra, station, output.bins[station, row], now, until, thinks)
    for place in range(line.fresh, line.tail):
        party = queue[place & mask]
        note_joined(model, state, extra, station, party.time, party.tag)
    if line.barred != 0:
        turn_away(seed, replication, model, state, output, extra, station, line.fresh, now, row)
    if extra.patient[station] != 0:
        for place in range(line.fresh, line.tail):
            party = queue[place & mask]
            if party.tag != GONE:
                note_patience(seed, replication, model, extra, station, party.time, party.tag)


@kernel
def admit(seed, replication, model, state, output, extra, station, now, until, thinks, row, origin):
    """Arrivals one by one: those before them start, then there is room for them or not."""
    line, queue, bins = state.lines[station], state.queue[station], output.bins[station, row]
    if line.way > 0:
        arrive(state, station, now, until)
    mask, last, kept = queue.shape[0] - 1, line.tail, line.fresh
    for place in range(line.fresh, last):
        party = queue[place & mask]
        time, tag, word = party.time, party.tag, party.word
        people = people_of(extra, tag, word)
        line.tail = kept  # only those before it stand in the line
        start_primary(seed, replication, model, state, output, extra, station, time, row, origin)
        note_joined(model, state, extra, station, time, tag)
        bins[ARRIVED] += 1.0
        bins[ARRIVED_PEOPLE] += people
        if line.barred != 0 and (line.barred >> class_of(seed, replication, model, tag)) & 1 == 1:
            bins[LEFT] += 1.0
            note_left(model, state, extra, station, time, tag)
            to_decide(state, station, time, tag, word)
        elif full(seed, replication, model, state, output, extra, station, time, row):
            no_room(model, state, output, extra, station, time, tag, word, row)
        else:
            copy(queue[kept & mask], party)
            kept += 1
            line.waiting += 1
            line.waiting_people += people
            if thinks:
                queue[(kept - 1) & mask].check = time
                line.looking += 1
            note_patience(seed, replication, model, extra, station, time, tag)
    line.tail = kept


@kernel
def no_room(model, state, output, extra, station, time, tag, word, row):
    """A party is turned away from a full line."""
    output.bins[station, row, LEFT] += 1.0
    note_left(model, state, extra, station, time, tag)
    extra.unserved[station, row, TURNED_AWAY] += 1
    if model.behaviour[0].rule == RULE_LOGIT:
        to_decide(state, station, time, tag, word)
    else:
        give_up(model, state, output, extra, time, tag, word)


@kernel
def to_decide(state, station, time, tag, word):
    """Put a party among those who decide at the next tick."""
    line, turned = state.lines[station], state.turned[station]
    if line.turned >= turned.shape[0]:
        state.count[FAULT] = QUEUE_FULL
        return
    put(turned[line.turned], time, tag, word, UNSET)
    line.turned += 1


@kernel
def mine(extra, station, number, moment):
    """Whether the party in a booth came by this line; a booth that moved here may still have another's."""
    return extra.elsewhere.shape[0] == 0 or extra.elsewhere[station, number] <= moment


@kernel
def full(seed, replication, model, state, output, extra, station, moment, row):
    """Whether a line and its booths hold as many parties as there is room for."""
    line, booths, room = state.lines[station], state.booths[station], extra.waiting_room[station]
    if line.waiting + 2 * booths.shape[0] <= room:
        return False
    lose_patience(seed, replication, model, state, output, extra, station, moment, row)
    there = line.waiting
    for i in range(line.open):
        key = booths[i].key
        there += 1 if free_time(key) > moment and mine(extra, station, key & BOOTH_MASK, moment) else 0
    for number in range(line.open, booths.shape[0] - 1):  # closed, and still at work on whom they have
        there += 1 if booths[number].free > moment and mine(extra, station, number, moment) else 0
    if extra.finishing.shape[0] > 0:
        for number in range(booths.shape[0] - 1):
            there += 1 if extra.finishing[station, number] > moment else 0
    return there >= room
