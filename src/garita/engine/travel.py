"""People on the way to a line, kept by the minute in which they arrive.

A wheel of lists, one list a minute: putting somebody on the way costs the same whatever the crowd, and the
few who arrive in a minute are sorted when it comes. Whoever arrives more than one turn of the wheel ahead
stays in the list for another turn.
"""

from __future__ import annotations

import numpy as np

from garita.engine.kernel import kernel
from garita.engine.state import FAULT, SPOKES, UNSET, copy, put
from garita.engine.types import QUEUE_FULL

_NOBODY = -1


@kernel
def send(state, station, time, tag, word):
    """Put a party on the way to a station, to arrive at ``time``."""
    line, way, spokes = state.lines[station], state.way[station], state.spokes[station]
    place = line.spare
    if place != _NOBODY:
        line.spare = way[place].next
    else:
        place = line.used
        if place >= way.shape[0]:
            state.count[FAULT] = QUEUE_FULL
            return
        line.used += 1
    traveller, spoke = way[place], np.int64(time) & (SPOKES - 1)
    traveller.time = time
    traveller.tag = tag
    traveller.word = word
    traveller.next = spokes[spoke]
    spokes[spoke] = place
    line.way += 1


@kernel
def comes_after(party, time, tag):
    """Whether a party arrives after another, by time, then by tag."""
    return party.time > time or (party.time == time and party.tag > tag)


@kernel
def sort(parties, first, end):
    """Put parties in order of arrival: insertion in ever smaller steps (Shell 1959); mostly they are."""
    gap = np.int64(1)
    while 3 * gap < end - first - 16:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(first + gap, end):
            time, tag, word = parties[i].time, parties[i].tag, parties[i].word
            place = i
            while place - gap >= first and comes_after(parties[place - gap], time, tag):
                copy(parties[place], parties[place - gap])
                place -= gap
            put(parties[place], time, tag, word, UNSET)
        gap //= 3


@kernel
def take_minute(line, way, spokes, spoke, until, parties, first):
    """Move those of a spoke who arrive before ``until`` to ``parties`` from ``first`` on, in order; returns
    the end.
    """
    place, spokes[spoke], end = spokes[spoke], _NOBODY, first
    while place != _NOBODY:
        traveller = way[place]
        following = traveller.next
        if traveller.time < until:
            put(parties[end], traveller.time, traveller.tag, traveller.word, UNSET)
            end += 1
            traveller.next, line.spare = line.spare, place
        else:
            traveller.next, spokes[spoke] = spokes[spoke], place
        place = following
    for i in range((end - first) // 2):  # the latest came first off the list
        low, high = parties[first + i], parties[end - 1 - i]
        time, tag, word = low.time, low.tag, low.word
        copy(low, high)
        put(high, time, tag, word, UNSET)
    sort(parties, first, end)
    return end


@kernel
def arrive(state, station, now, until):
    """Those on the way who arrive from ``now`` to ``until`` join, in order among the fresh arrivals."""
    line, queue, parties = state.lines[station], state.queue[station], state.parties
    way, spokes = state.way[station], state.spokes[station]
    found, first = np.int64(0), np.int64(now)
    for minute in range(first, min(np.int64(until), first + SPOKES - 1) + 1):
        if spokes[minute & (SPOKES - 1)] != _NOBODY:
            found = take_minute(line, way, spokes, minute & (SPOKES - 1), until, parties, found)
    if found == 0:
        return
    if line.tail - line.head + found > queue.shape[0]:
        state.count[FAULT] = QUEUE_FULL
        return
    mask = queue.shape[0] - 1
    before, place = line.tail - 1, line.tail + found - 1
    line.tail += found
    line.way -= found
    while found > 0:
        party = parties[found - 1]
        if before >= line.fresh and comes_after(queue[before & mask], party.time, party.tag):
            copy(queue[place & mask], queue[before & mask])
            before -= 1
        else:
            copy(queue[place & mask], party)
            found -= 1
        place -= 1
