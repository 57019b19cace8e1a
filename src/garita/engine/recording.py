"""Party by party and event by event, for the runs of which somebody wants to see everything.

A row a party stands at its place in the final outcomes; what happens to it on its last attempt stays. Events
are written one after another; a run whose log is full is repeated with a larger one. Times are minutes since
1970 UTC, 0 where something never happened.
"""

from __future__ import annotations

import numpy as np

from garita.engine.kernel import kernel
from garita.engine.parties import planned_flow, planned_hour
from garita.engine.state import FAULT, MUST_BIT, ORDINAL_MASK
from garita.engine.types import LOG_FULL

TRAVELLER_ROW = np.dtype(
    [
        ("planned", "f8"),  # when its party would have come
        ("set_out", "f8"),  # when it last set out
        ("joined", "f8"),  # when it last joined a line
        ("start", "f8"),
        ("end", "f8"),  # of primary inspection
        ("left", "f8"),  # when it last left a line unserved
        ("secondary_start", "f8"),
        ("secondary_end", "f8"),
        ("tag", "i8"),
        ("line", "i4"),  # the line it last joined
        ("must", "i4"),  # 1 if the trip must be made
    ]
)
EVENT = np.dtype([("time", "f8"), ("tag", "i8"), ("value", "f8"), ("line", "i4"), ("kind", "i4")])

# Kinds of event: what ``line`` and ``value`` are
SET_OUT, JOINED, STARTED, LEFT_LINE = 0, 1, 2, 3  # a line; of STARTED the minutes of inspection
DIVERTED, PUT_OFF, CANCELLED_TRIP, GAVE_UP_TRIP = 4, 5, 6, 7  # planned line; of DIVERTED the line it goes to
SECONDARY_STARTED = 8  # the station, and the minutes of inspection
LINE_STATUS, BOOTHS_OPEN = 9, 10  # a line, and its status or open booths; no party
EVENT_NAMES = (
    "set_out",
    "joined",
    "started",
    "left",
    "diverted",
    "put_off",
    "cancelled",
    "gave_up",
    "secondary_started",
    "line_status",
    "booths_open",
)
NO_PARTY = -1


@kernel
def row_of(model, extra, tag):
    """A party's row."""
    offset = model.flow_hours[planned_flow(tag), planned_hour(tag)].offset
    return extra.travellers[offset + (tag & ORDINAL_MASK)]


@kernel
def note(state, extra, kind, time, line, tag, value):
    """Write an event down."""
    if extra.log.shape[0] == 0:
        return
    place = extra.logged[0]
    if place >= extra.log.shape[0]:
        state.count[FAULT] = LOG_FULL
        return
    event = extra.log[place]
    event.time = time
    event.tag = tag
    event.value = value
    event.line = line
    event.kind = kind
    extra.logged[0] = place + 1


@kernel
def note_plan(model, extra, time, tag, word):
    """Somebody thinks of setting out for the first time."""
    if extra.travellers.shape[0] > 0:
        row = row_of(model, extra, tag)
        row.planned = time
        row.tag = tag
        row.must = 1 if word & MUST_BIT else 0
        row.line = -1


@kernel
def note_set_out(model, state, extra, time, tag):
    """Somebody sets out."""
    if extra.travellers.shape[0] > 0:
        row = row_of(model, extra, tag)
        row.set_out = time
    note(state, extra, SET_OUT, time, planned_flow(tag), tag, 0.0)


@kernel
def note_joined(model, state, extra, line, time, tag):
    """Somebody joins a line."""
    if extra.travellers.shape[0] > 0:
        row = row_of(model, extra, tag)
        row.line = line
        row.joined = time
        row.left = 0.0
    note(state, extra, JOINED, time, line, tag, 0.0)


@kernel
def note_started(model, state, extra, line, time, minutes, tag):
    """Primary inspection of a party starts."""
    if extra.travellers.shape[0] > 0:
        row = row_of(model, extra, tag)
        row.start = time
        row.end = time + minutes
    note(state, extra, STARTED, time, line, tag, minutes)


@kernel
def note_secondary(model, state, extra, station, time, minutes, tag):
    """Secondary inspection of a party starts."""
    if extra.travellers.shape[0] > 0:
        row = row_of(model, extra, tag)
        row.secondary_start = time
        row.secondary_end = time + minutes
    note(state, extra, SECONDARY_STARTED, time, station, tag, minutes)


@kernel
def note_left(model, state, extra, line, time, tag):
    """Somebody leaves a line unserved."""
    if extra.travellers.shape[0] > 0:
        row = row_of(model, extra, tag)
        row.left = time
    note(state, extra, LEFT_LINE, time, line, tag, 0.0)


@kernel
def note_lines(model, state, extra, now):
    """What has changed of the lines: whether they are open, and their booths."""
    if extra.log.shape[0] == 0:
        return
    for flow in range(model.flows.shape[0]):
        line = state.lines[flow]
        if line.status != extra.shown[flow, 0]:
            extra.shown[flow, 0] = line.status
            note(state, extra, LINE_STATUS, now, flow, NO_PARTY, line.status)
        if line.open != extra.shown[flow, 1]:
            extra.shown[flow, 1] = line.open
            note(state, extra, BOOTHS_OPEN, now, flow, NO_PARTY, line.open)
