"""Names of what the engine counts, shared by every table and indicator here."""

from __future__ import annotations

from typing import Final

from garita.engine import types

STATUS_NAMES: Final = ("open", "outside hours", "closed", "partly closed")

# Final outcome of a party by kind; the order is the engine's (engine.types.NONE ... ON_THE_WAY).
KINDS: Final = (
    "none",
    "crossed",
    "crossed_later",
    "crossed_elsewhere",
    "crossed_elsewhere_later",
    "cancelled",
    "gave_up",
    "waiting",
    "on_the_way",
)
# Where parties by car may cross on foot these follow.
KINDS_ON_FOOT: Final = (*KINDS, "crossed_on_foot", "crossed_on_foot_later")
KINDS_WITH_CROSSING: Final = (
    types.CROSSED,
    types.CROSSED_LATER,
    types.CROSSED_ELSEWHERE,
    types.CROSSED_ELSEWHERE_LATER,
    types.WAITING,
    types.CROSSED_ON_FOOT,
    types.CROSSED_ON_FOOT_LATER,
)

# Decisions, counted each time they are taken; the order is the engine's (engine.types.DIVERTED_... etc.).
GROSS: Final = (
    "set_out_elsewhere",
    "left_for_another",
    "later_at_departure",
    "later_from_queue",
    "gave_up_in_queue",
    "cancelled_at_departure",
)
GROSS_ON_FOOT: Final = (*GROSS, "switched_at_departure", "switched_in_queue")

PARTIES, PEOPLE = 0, 1
BASES: Final = ("parties", "people")
