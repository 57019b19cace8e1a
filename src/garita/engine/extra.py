"""What only some scenarios need: arrays of features that most runs do without.

A run without them passes None, and Numba leaves every branch behind ``if extra is not None`` out of what it
compiles: such runs start as fast, and run as fast, as if the features did not exist.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from garita.engine.types import Floats, Ints, Records, records

PEOPLE_FIELDS = (
    "walk_able_share",
    "walk_equivalent_min",
    "later_tomorrow_share",
    "later_reopening_share",
    "later_within_min",
)
PEOPLE = np.dtype([(name, "f8") for name in PEOPLE_FIELDS])
FATE = np.dtype(
    [
        ("value", "f4"),  # what became of a trip (homeward.py)
        ("before", "f4"),  # what it was at the tick before
        ("tick", "i4"),  # tick since which it is so
    ]
)
POOL = np.dtype(
    [
        ("managed", "i8"),  # 1 where officers are moved between lines; 0: only a limit
        ("least", "i8"),  # officers at a line, if its lanes and closures allow
        ("most", "i8"),
        ("every", "f8"),  # minutes between two decisions
        ("horizon", "f8"),  # minutes ahead that are looked at
        ("margin", "f8"),  # clearing minutes by which a move must pay
        ("move", "f8"),  # minutes from one line to another of the same crossing
    ]
)
EMERGENCY = np.dtype(
    [
        ("by_hand", "i8"),  # 1 in force from begin to end, whatever the waits
        ("above", "f8"),  # minutes of wait
        ("lasting", "f8"),  # minutes for which it must be above that
        ("below", "f8"),  # the rule ends below this wait
        ("delay", "f8"),  # minutes from the call until it is in force
        ("begin", "f8"),
        ("end", "f8"),
    ]
)
ALARM = np.dtype(
    [
        ("since", "f8"),  # since when the wait has been above the bound, inf if it is not
        ("due", "f8"),  # when the rule comes into force, inf if it was not called
        ("active", "i8"),
    ]
)
HALL = np.dtype(
    [
        ("line", "i8"),  # the line of buses
        ("foot", "i8"),  # the line on foot whose booths its people use, -1: booths of their own
        ("walk", "f8"),  # minutes from the bus to the booths
        ("together", "i8"),  # 1 where one booth inspects all people of a bus
        ("each", "f8"),  # minutes of inspection of one person
        ("book", "i8"),  # row of ``station_books``
        ("open", "i8"),  # its own booths that are open
        ("places", "i8"),  # places for buses when last looked at
        ("first", "i8"),  # places of the first and last bus of which somebody waits for a booth
        ("last", "i8"),
        ("buses", "i8"),  # how many of them there are
        ("people", "i8"),  # who have not begun
    ]
)
PLACE = np.dtype(
    [
        ("taken", "i8"),  # 1 while somebody of its bus has not begun inspection
        ("free", "f8"),  # when it is free for another bus
        ("joined", "f8"),  # when the people of its bus line up
        ("start", "f8"),  # when the bus came
        ("tag", "i8"),
        ("word", "u8"),
        ("row", "i8"),  # bin in which the bus joined its line
        ("begun", "i8"),  # people whose inspection has begun
        ("left", "i8"),  # people whose inspection has not
        ("next", "i8"),  # place of the bus whose people come next
    ]
)
JOURNEY = np.dtype([("time", "f8"), ("flow", "i8")])  # when an officer will be at which line
# Columns of ``Extra.duty``
ON_DUTY_MIN, AT_BOOTHS_MIN, MOVING_MIN, MOVES = range(4)
DUTY = 4


class Extra(NamedTuple):
    """Arrays of the model first, then what changes during a run, then books. A feature that is not used
    leaves its arrays empty.

    T stations: lines, secondary, then X inspections before and after primary ("posts"); G groups of stations
    that hold one another up; W stations whose books are kept.
    """

    features: Ints  # [FEATURES] 1 where a feature is used

    # what people do (on_foot.py, plans.py)
    people: Records  # PEOPLE [1]
    foot: Ints  # [F, C] line on foot that a car line's parties could join at a crossing, -1 none
    foot_minutes: Floats  # [F, C] minutes to park and walk there
    walk_chance: Floats  # [E, F, 4] of leaving the car, among those who could; rows as in ``State.chance``
    walk_where: Floats  # [E, F, 4, C] cumulative: to which crossing
    walk_weights: Floats  # [C] room for the options of one decision
    walked: Ints  # [F] parties that were ever sent to a line on foot

    openings: Floats  # [F, K, 2] from when until when each line is open by its hours, in order
    reopens: Floats  # [E, F] announced end of a closure, minutes; 0 not announced, inf for good

    # who must come home (homeward.py)
    home_share: Floats  # [F] share of a line's parties that are on their way home
    out_line: Ints  # [F] the line by which they went out, -1 none
    stay: Floats  # [2, 3, cells + 1] quantiles of how long they stay, minutes; row 1: trips that must be made
    fate: Records  # FATE [candidates]
    made: Ints  # [F, H] candidates that each hour had
    troubled: Ints  # [F, H] those that a closure kept from crossing as planned
    watch: Ints  # [3] ticks so far, parties troubled so far, and at the last tick
    away: Ints  # [F, B, 2] change of the parties and people that a closure keeps from home

    # bounded waiting rooms and exact patience (rooms.py, patience.py)
    waiting_room: Ints  # [F] most parties in line and in booths
    patient: Ints  # [F] 1 where parties have an exact patience
    patience: Floats  # [F, 3, cells + 1] its quantiles, minutes
    soonest: Floats  # [F] before this nobody in line loses patience
    unserved: Ints  # [F, B, UNSERVED] parties turned away, and parties who left by patience, by bin
    # two booths in one lane (tandem.py)
    tandem: Ints  # [F] lanes in which a second booth may stand behind the first, 0 none; empty without any
    lost: Floats  # [F] of two booths in a lane, as if this part of one were missing
    lane_free: Floats  # [F, booths + 1] when the last party of each booth has left its lane
    behind: Ints  # [F, booths + 1] 1 if it stood behind another

    # inspections before and after primary (stations.py, blocking.py)
    posts: Records  # POST [X]
    ways_in: Ints  # [F, longest + 1] a line's inspections before primary in order, then -1
    ways_out: Ints  # [F, longest + 1] those after primary
    groups: Ints  # [G, most + 1] stations of a group, the last of a way first; then -1
    group_of: Ints  # [T] -1 none
    room_before: Ints  # [T] parties that can wait between it and the one before
    book_of: Ints  # [T] row of ``station_books``, -1 none
    post_places: Ints  # [N, X] parties inspected at the same time
    post_exists: Ints  # [N, X] 1 while there is such an inspection
    nodes: Records  # NODE [T]
    servers: Records  # SERVER [T, booths + 1]
    busy: Ints  # [T, booths + 1] heap of booths that inspect, by end
    idle: Ints  # [T, booths + 1] heap of booths that are free, by since when
    station_books: Floats  # [W, B, STATION_FIELDS]

    # officers and booths that change lines (officers.py)
    hand_over: Ints  # [F] group of lines that hand booths to one another: its first line; -1 none
    elsewhere: Floats  # [F, booths + 1] until when a booth that moved has a party of the line it came from
    finishing: Floats  # [F, booths + 1] until when a closed booth whose number another has has its party
    closing: Floats  # room for the booths of a group that close at one moment; empty where no booth moves

    # a given state at the start (initial.py)
    initial: Ints  # [F] parties in each line and its booths; empty where the lines begin empty

    # what is recorded of single parties and events (recording.py)
    travellers: Records  # TRAVELLER_ROW [candidates], or empty
    log: Records  # EVENT [room for events], or empty
    logged: Ints  # [1] events written
    shown: Ints  # [F, 2] status and open booths of each line when last written

    # officers as a pool (pools.py)
    pools: Records  # POOL [P]
    next_decision: Floats  # [P] when officers are moved again
    officers: Ints  # [F] at the booths of each line
    coming: Ints  # [F] on the way to it
    spare: Ints  # [P, C] standing by at a crossing
    journeys: Records  # JOURNEY; empty where there are no such pools
    journeying: Ints  # [1] how many of them there are
    duty: Floats  # [P, B, DUTY] officer-minutes and moves by bin

    # booths beyond the roster and longer hours (emergency.py); G rules
    emergencies: Records  # EMERGENCY [G]
    alarms: Records  # ALARM [G]
    watches: Ints  # [G, F] 1 where a rule looks at the wait of a line
    gives: Ints  # [G, F] booths that a line has more (or, negative, fewer) while a rule is in force
    stays_open: Ints  # [G, F] 1 where a line does not close at closing time meanwhile
    all_booths: Ints  # [F] booths of a line that is kept open
    in_force: Floats  # [G, B] minutes for which each rule was in force

    # buses whose people walk through inspection (batches.py); W halls
    aboard: Ints  # [F, 16] people by the class of size in a party's word
    hall_of: Ints  # [F] hall of a line of buses, or of a line on foot that lends it booths; -1 none
    halls: Records  # HALL [W]
    hall_service: Floats  # [W, 3, cells + 1] quantiles of the inspection of one person, minutes
    hall_booths: Records  # BOOTH [W, most + 2] booths of their own
    bus_places: Records  # PLACE [W, booths + 1]
    hall_open: Ints  # [N, W] booths of their own that are open

    # choice between the lines of a crossing (lanes.py)
    lane_terms: Floats  # [3] rule (0 none, 1 the shorter line, 2 logit), margin in minutes, coefficient
    usable: Ints  # [F, K] other lines of its crossing that a line's parties may use, -1 none
    lane_group: Ints  # [F] lines between which people choose: the first of them; -1 none
    lane_joined: Ints  # [F] parties who joined since the last look
    lane_seen: Floats  # [F] when that look was
    lane_next: Ints  # [F] place of the next arrival to choose
    lane_kept: Ints  # [F] place for the next who stays
    lane_use: Ints  # [F planned, F joined, 2] parties and people


# Positions in ``Extra.features``
PERFECT = 0  # everybody knows the waits as they are
WALK = 1  # parties by car may cross on foot
PLANS = 2  # who puts a trip off plans when to make it
STATIONS = 3  # inspections before and after primary
RETURNS = 4  # who has gone out must come home
BATCHES = 5  # people of buses walk through inspection
FEATURES = 6

_OF_POOLS = (
    "next_decision",
    "officers",
    "coming",
    "spare",
    "journeys",
    "journeying",
    "duty",
    "alarms",
    "in_force",
)
_OF_LANES = ("lane_joined", "lane_seen", "lane_next", "lane_kept", "lane_use")
# Fields that change during a run: every run begins with a copy of what ``build`` made of them.
CHANGING: frozenset[str] = frozenset(
    {
        "soonest",
        "unserved",
        "closing",
        "elsewhere",
        "finishing",
        "lane_free",
        "behind",
        "travellers",
        "log",
        "logged",
        "shown",
        "walk_chance",
        "walk_where",
        "walk_weights",
        "walked",
        "fate",
        "made",
        "troubled",
        "watch",
        "away",
        *_OF_POOLS,
        "nodes",
        "servers",
        "busy",
        "idle",
        "station_books",
        "halls",
        "hall_booths",
        "bus_places",
        *_OF_LANES,
    }
)
# Those of them with a place for every booth that a station may have, which the run knows.
BY_BOOTH: frozenset[str] = frozenset(
    {"servers", "busy", "idle", "elsewhere", "finishing", "lane_free", "behind", "bus_places"}
)
# Fields by epoch of news [E, ...]: two runs share a beginning if the epochs of that beginning are alike.
BY_EPOCH: frozenset[str] = frozenset({"walk_chance", "walk_where", "reopens"})
# Fields by interval [N, ...]; the others that do not change must be alike for two runs to share a beginning.
BY_INTERVAL: frozenset[str] = frozenset({"post_places", "post_exists", "hall_open"})


def new_extra(built: Extra | None, booths: int = 1) -> Extra | None:
    """The extra arrays of one run: fresh copies of what changes, the rest as it was built.

    ``booths``: the most that any station ever has.
    """
    if built is None:
        return None
    arrays: list[Any] = []
    for name, array in _items(built):
        if name in BY_BOOTH:
            fresh = np.zeros((len(array), booths + 1), array.dtype)
            arrays.append(fresh.view(type(array)))
        else:
            arrays.append(array.copy() if name in CHANGING else array)
    return Extra(*arrays)


def with_log(extra: Extra, events: int) -> Extra:
    """The same extra arrays with room for so many events."""
    return extra if len(extra.log) == events else extra._replace(log=records(extra.log.dtype, events))


def shared_extra(one: Extra | None, other: Extra | None, count: int, epochs: int) -> int:
    """How many of the first ``count`` intervals, in which there are so many ``epochs`` of news, two runs have
    in common as far as the extra arrays go.
    """
    if one is None and other is None:
        return count
    if one is None or other is None:
        return 0
    for name, array in _items(one):
        if count == 0:
            break
        beside = getattr(other, name)
        if name in BY_INTERVAL:
            rows = (array[:count] != beside[:count]).reshape(count, -1).any(axis=1)
            count = int(rows.argmax()) if rows.any() else count
        else:
            kept = slice(epochs) if name in BY_EPOCH else ...
            if not np.array_equal(array[kept], beside[kept]):
                return 0
    return count


def _items(extra: Extra) -> list[tuple[str, np.ndarray[Any, Any]]]:
    return list(zip(Extra._fields, extra, strict=True))
