"""The arrays the engine reads and writes. F flows, C crossings, S secondary stations, T = F + S stations, H
hours, N intervals, B bins, E epochs of news, P pools of officers. Times are minutes since 1970 UTC.

Tables are record arrays (one record a flow, an hour, an interval ...): few arrays to hand around, fields by
name.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Records = np.recarray[tuple[int, ...], np.dtype[np.void]]

# A duration is a whole number of these, so sums are exact and a shift in time changes no bit.
GRAIN = 2.0**-20
GRAINS_PER_MINUTE = 2.0**20

BIN_MINUTES = 15.0
HISTOGRAM_BINS = 96
QUANTILE_CELLS = 256

# Status of a flow
OPEN, OUTSIDE_HOURS, CLOSED, PARTLY = 0, 1, 2, 3

# Events of an interval's first instant (bit mask), and of its last
TICK, DECIDE, MEASURE, PUBLISH, BIN_END, MEASURE_FIRST, CHANGE = 1, 2, 4, 8, 16, 32, 64

# What is published of a line that nobody passes: shut by a closure, or outside its hours
PUBLISHED_CLOSED, PUBLISHED_OUTSIDE_HOURS = -1.0, -2.0

# Final outcome of a party
NONE, CROSSED, CROSSED_LATER, CROSSED_ELSEWHERE, CROSSED_ELSEWHERE_LATER = 0, 1, 2, 3, 4
CANCELLED, GAVE_UP, WAITING, ON_THE_WAY = 5, 6, 7, 8
KINDS = 9
CROSSED_ON_FOOT, CROSSED_ON_FOOT_LATER = 9, 10  # kept where parties may leave their cars
KINDS_ON_FOOT = 11

# Columns of ``Output.bins``
ARRIVED, ARRIVED_PEOPLE, STARTED, STARTED_PEOPLE, WAITED, WAIT_SUM, WAIT_PEOPLE_SUM, WAIT_MAX = range(8)
INSPECTION_SUM, QUEUE_END, QUEUE_PEOPLE_END, LEFT, OPEN_BOOTH_MIN, BUSY_BOOTH_MIN, PUBLISHED, STATUS = range(
    8, 16
)
FIELDS = 16

# Columns of ``Extra.station_books``: by bin of joining (WAITED ...), else by bin of the event
(
    STATION_ARRIVED,
    STATION_STARTED,
    STATION_WAITED,
    STATION_WAIT_SUM,
    STATION_WAIT_MAX,
    STATION_QUEUE_END,
    STATION_OPEN_MIN,
    STATION_BUSY_MIN,
    STATION_HELD_MIN,
) = range(9)
STATION_FIELDS = 9

# Rows of ``Output.gross``
DIVERTED_AT_DEPARTURE, DIVERTED_FROM_QUEUE, LATER_AT_DEPARTURE, LATER_FROM_QUEUE = range(4)
GAVE_UP_IN_QUEUE, CANCELLED_AT_DEPARTURE = 4, 5
GROSS = 6
SWITCHED_AT_DEPARTURE, SWITCHED_IN_QUEUE = 6, 7  # kept where parties may leave their cars
GROSS_ON_FOOT = 8

# Rules of choice
RULE_NONE, RULE_LOGIT, RULE_THRESHOLD = 0, 1, 2

# How a run ended
FINE, QUEUE_FULL, NOT_CONSERVED, LOG_FULL = 0, 1, 2, 3


FLOW = np.dtype(
    [
        ("hash", "u8"),  # of the flow's permanent id
        ("crossing", "i8"),
        ("on_foot", "i8"),  # 1 for pedestrians
        ("mean_service", "f8"),  # minutes
        ("referral", "f8"),  # probability of secondary inspection
        ("secondary", "i8"),  # station of secondary inspection, -1 none
        ("must", "f8"),  # share of parties that must go
        ("nominal", "i8"),  # fewest booths on the roster, by which the threshold rule reckons a closed line
        ("pool", "i8"),  # pool of officers, -1 none
        ("trimmed", "i8"),  # 1 where staffing follows the queue
    ]
)
ALTERNATIVE = np.dtype(
    [
        ("flow", "i8"),  # line this flow's parties would join at a crossing, -1 none
        ("weight", "f8"),  # share of that line's planned demand that is of this flow's kind
    ]
)
FLOW_HOUR = np.dtype(
    [
        ("rate", "f8"),  # planned parties an hour
        ("participation", "f8"),  # share that still travels after an announcement or a frightening closure
        ("usual", "f8"),  # published wait people are used to, minutes
        ("target", "f8"),  # wait the staffing trim aims at, minutes
        ("within", "i8"),  # 1 where the line is within its opening hours
        ("opens_in", "f8"),  # minutes from the hour's beginning until it opens again, 0 within its hours
        ("offset", "i8"),  # first candidate of the hour in ``Output.finals``
        ("room", "i8"),  # candidates the hour has room for
    ]
)
HOUR = np.dtype([("start", "f8"), ("length", "f8"), ("key", "i8")])  # key: hours since 1970
INTERVAL = np.dtype(
    [
        ("start", "f8"),
        ("end", "f8"),
        ("events", "i8"),  # bit mask of TICK, DECIDE, MEASURE, PUBLISH, BIN_END
        ("hour", "i8"),
        ("bin", "i8"),
        ("epoch", "i8"),
    ]
)
PLAN = np.dtype(
    [
        ("cap", "i4"),  # booths that lanes and closures allow
        ("roster", "i4"),  # booths on the roster
        ("status", "i4"),
        ("barred", "i4"),  # bit mask of classes that may not cross
    ]
)
NEWS = np.dtype(
    [
        ("start", "f8"),
        ("notice", "f8"),  # minutes by which the change was announced before it came
    ]
)
BELIEF = np.dtype(
    [
        ("closed", "i8"),
        ("remaining", "f8"),  # what people believe a closed line stays closed, minutes
    ]
)
STATION_POST = np.dtype(
    [
        ("hash", "u8"),  # of the inspection's permanent id
        ("before", "i8"),  # 1 before primary, 0 after it
        ("share", "f8"),  # of the parties that come by, sent there
        ("mean_service", "f8"),  # minutes
    ]
)
# What a booth does
FREE, INSPECTING, HELD = 0, 1, 2

NODE = np.dtype(
    [
        ("open", "i8"),  # open booths when the group was last advanced
        ("busy", "i8"),  # sizes of the heaps
        ("idle", "i8"),
        ("held", "i8"),  # parties that have been inspected and wait in their booth until there is room here
        ("first", "i8"),  # the first and last of them: station << BOOTH_BITS | booth
        ("last", "i8"),
        ("manned", "i8"),  # booths with a party
        ("inside", "i8"),  # parties in an inspection before primary: waiting, inspected, held up
        ("thinks", "i8"),  # 1 where who joins the line now looks again at once
    ]
)
SERVER = np.dtype(
    [
        ("task", "i8"),  # 0 free, 1 inspecting, 2 held up
        ("free", "f8"),  # since when it is free
        ("ended", "f8"),  # when the party it holds up was inspected
        ("tag", "i8"),
        ("word", "u8"),
        ("line", "i8"),  # the line its party goes to, or came by
        ("row", "i8"),  # bin in which its party joined that line
        ("referred", "i8"),
        ("next", "i8"),  # who was held up after it, by the same station
    ]
)
BEHAVIOUR_FIELDS = (
    "rule",
    "wait_coefficient_must",
    "wait_coefficient_other",
    "suppression_must",
    "suppression_other",
    "travel_coefficient",
    "induced_cap",
    "informed_share",
    "publication_round_min",
    "publication_cap_min",
    "news_mean_min",
    "believed_remaining_min",
    "patience_min",
    "patience_mean_min",
    "reconsider_mean_min",
    "later_share",
    "later_from_min",
    "later_to_min",
    "give_up_equivalent_must_min",
    "give_up_equivalent_other_min",
    "look_again_min",
    "trim_horizon_min",
    "trim_lag_ticks",
    "trim_down",
    "trim_up",
    "threshold_above_min",
    "threshold_margin_min",
    "threshold_closed_min",
)
BEHAVIOUR = np.dtype([(name, "f8") for name in BEHAVIOUR_FIELDS])


class Model(NamedTuple):
    """Everything a run needs besides its seed, its replication number and its buffers."""

    flows: Records  # FLOW [F]
    alternative: Records  # ALTERNATIVE [F, C]
    travel: Floats  # [C, C, 2] extra minutes from one crossing to another, by vehicle and on foot
    service: Floats  # [T, 3, cells + 1] quantiles of service time: body, top 1/256, top 1/65536; minutes
    size: Floats  # [F, 15] cumulative probability of 1, 2, ... 15 people in a party
    classes: Floats  # [F, 8] cumulative shares of classes of travellers
    flow_hours: Records  # FLOW_HOUR [F, H]
    hours: Records  # HOUR [H]
    intervals: Records  # INTERVAL [N]
    plan: Records  # PLAN [N, F]
    pool_limit: Ints  # [N, P] officers
    places: Ints  # [N, S] places of secondary inspection
    news: Records  # NEWS [E]; epoch e of closures holds from its start
    belief: Records  # BELIEF [E, F]
    behaviour: Records  # BEHAVIOUR [1]; definitions and sources in reference/regions/*/behaviour.csv


def records(dtype: np.dtype[np.void], *shape: int) -> Records:
    """Zeroed records whose fields are attributes, in plain Python as in compiled code."""
    return np.zeros(shape, dtype).view(np.recarray)


class Output(NamedTuple):
    """What a run leaves behind."""

    bins: Floats  # [F, B, FIELDS]
    histogram: npt.NDArray[np.uint32]  # [F, B, HISTOGRAM_BINS] waits by joining bin
    ledger: Ints  # [F planned, KINDS, C, 2] final outcomes in parties and people
    gross: Ints  # [F planned, GROSS, 2] decisions, which overlap
    diverted: Ints  # [C from, C to, 2]
    travel_extra: Floats  # [F planned] person-minutes of detours
    secondary: Floats  # [S, 4] served, sum of waits, longest wait, still there at the end
    finals: npt.NDArray[np.uint16]  # [candidates] kind | size << 4 | crossing << 8; empty if not recorded
    balance: Ints  # [KINDS] parties by final outcome
    used: Ints  # [1] bins until everybody was gone; the rest of ``bins`` is empty
