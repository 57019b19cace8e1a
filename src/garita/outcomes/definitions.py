"""What every indicator means: the one table behind the docs, the CSV files and the report."""

from __future__ import annotations

from typing import NamedTuple


class Definition(NamedTuple):
    """Label for people, unit, and what exactly is computed."""

    label: str
    unit: str
    text: str


STANDARD_MIN = 60.0

DEFINITIONS: dict[str, Definition] = {
    "mean_wait": Definition(
        "Mean wait",
        "min",
        "Time in the queue for primary inspection, mean over those who joined in the measured period and "
        "were served. In people, each party counts with its size. Those who left are not in it: read it "
        "next to left_unserved.",
    ),
    "p50_wait": Definition(
        "Median wait",
        "min",
        "Half of those served waited at most this long.",
    ),
    "p95_wait": Definition(
        "95th percentile of waits",
        "min",
        "95 % of those served waited at most this long. From histograms of eight bins an octave: within 9 "
        "%, as a rule within 4.5 %.",
    ),
    "max_wait": Definition(
        "Longest wait",
        "min",
        "Longest wait of anybody who was served.",
    ),
    "buffer_time": Definition(
        "Buffer time",
        "min",
        "95th percentile of waits minus mean wait.",
    ),
    "buffer_index": Definition(
        "Buffer index",
        "share",
        "Buffer time divided by mean wait.",
    ),
    "share_within_60": Definition(
        "Share within 60 minutes",
        "share",
        "Parties served after at most 60 minutes, of all who joined the line in the measured period; "
        "those who left or were still waiting at the end count as not within it.",
    ),
    "peak_wait": Definition(
        "Peak wait",
        "min",
        "Largest mean wait of the parties who joined in one bin of 15 minutes, in each replication; bins "
        "outside opening hours are left out.",
    ),
    "served": Definition(
        "Served",
        "count",
        "Began primary inspection after warm-up, to the end of the run.",
    ),
    "left_unserved": Definition(
        "Left the line unserved",
        "count",
        "Left the queue without inspection, for another crossing, a later time or home (a party may do so "
        "twice).",
    ),
    "max_queue": Definition(
        "Longest queue",
        "count",
        "Largest number waiting at the end of a bin of 15 minutes.",
    ),
    "max_queue_m": Definition(
        "Longest queue in metres",
        "m",
        "Longest queue times the metres a party takes, over the rows it stands in; of a group, its "
        "longest line.",
    ),
    "spill_back_m": Definition(
        "Spill-back onto the street",
        "m",
        "Metres by which the longest queue (at the end of a bin) exceeds the length of its approach road; of "
        "a group, its furthest line. Nothing where the length of the approach is not known.",
    ),
    "spill_back_hours": Definition(
        "Time of spill-back",
        "h",
        "Time in which the queue (at the ends of bins) is longer than its approach road; of a group, its "
        "line with the longest such time.",
    ),
    "held_hours": Definition(
        "Booth-hours held up",
        "h",
        "Primary booths whose party has been inspected and cannot leave because the inspection behind has no "
        "room: the plaza has filled backwards. Only where a scenario has inspections after primary.",
    ),
    "utilisation": Definition(
        "Booth utilisation",
        "share",
        "Minutes booths were busy of minutes booths were open, measured period.",
    ),
    "queue_hours": Definition(
        "Hours in the queue",
        "h",
        "Area under the queue from the end of warm-up to the end of the run: everybody's waiting, served "
        "or not. Person-hours when in people.",
    ),
    "travel_hours": Definition(
        "Person-hours of extra travel",
        "h",
        "Detours to another crossing, of people planned for this line.",
    ),
    "person_hours": Definition(
        "Person-hours",
        "h",
        "Hours in the queue plus extra travel; its difference is the person-hours lost to the closure. "
        "The time of trips not made is not in it.",
    ),
    "crossed": Definition(
        "Crossed as planned",
        "count",
        "Final outcome: crossed where and when planned.",
    ),
    "crossed_later": Definition(
        "Gone later",
        "count",
        "Final outcome: crossed where planned, at a later time.",
    ),
    "crossed_elsewhere": Definition(
        "Crossed elsewhere",
        "count",
        "Final outcome: crossed at another crossing.",
    ),
    "crossed_elsewhere_later": Definition(
        "Crossed elsewhere and later",
        "count",
        "Final outcome: crossed at another crossing, having put it off first.",
    ),
    "crossed_on_foot": Definition(
        "Crossed on foot",
        "count",
        "Final outcome: planned by car, crossed on foot when planned, at the same port or another.",
    ),
    "crossed_on_foot_later": Definition(
        "Crossed on foot and later",
        "count",
        "Final outcome: planned by car, crossed on foot, having put it off first.",
    ),
    "diverted_to": Definition(
        "Diverted to a neighbour",
        "count",
        "Final outcome: planned for this line and crossed at the neighbour named by the same mode, at once "
        "or later.",
    ),
    "cancelled": Definition(
        "Cancelled",
        "count",
        "Final outcome: did not set out.",
    ),
    "gave_up": Definition(
        "Gave up in the queue",
        "count",
        "Final outcome: left the queue and went home.",
    ),
    "waiting": Definition(
        "Still waiting at the end",
        "count",
        "Final outcome: in the queue when the run ended.",
    ),
    "on_the_way": Definition(
        "On the way at the end",
        "count",
        "Final outcome: on the way, or to try later, when the run ended.",
    ),
    "gross_set_out_elsewhere": Definition(
        "Set out for another crossing (decisions)",
        "count",
        "Decision at departure; decisions overlap.",
    ),
    "gross_left_for_another": Definition(
        "Left the queue for another crossing (decisions)",
        "count",
        "Decision in the queue; decisions overlap.",
    ),
    "gross_later_at_departure": Definition(
        "Put off at departure (decisions)",
        "count",
        "Decision at departure; decisions overlap.",
    ),
    "gross_later_from_queue": Definition(
        "Left the queue to try later (decisions)",
        "count",
        "Decision in the queue; decisions overlap.",
    ),
    "gross_gave_up_in_queue": Definition(
        "Gave up in the queue (decisions)",
        "count",
        "Decision in the queue; decisions overlap.",
    ),
    "gross_cancelled_at_departure": Definition(
        "Cancelled at departure (decisions)",
        "count",
        "Decision at departure; decisions overlap.",
    ),
    "gross_switched_at_departure": Definition(
        "Left the car at departure (decisions)",
        "count",
        "Decision at departure to cross on foot instead; decisions overlap.",
    ),
    "gross_switched_in_queue": Definition(
        "Left the car in the queue (decisions)",
        "count",
        "Decision in the queue of a closed line to cross on foot instead; decisions overlap.",
    ),
    "stranded": Definition(
        "Stranded",
        "count",
        "Waiting, at a moment, in a line that a closure keeps shut (at the end of a bin of 15 minutes). "
        "The indicator is the largest number in a replication; the series gives it by hour.",
    ),
    "away_from_home": Definition(
        "Away from home",
        "count",
        "On their way home, at a moment, and not home because of a closure: waiting in a line that was shut "
        "while they stood in it, or having put the way home off because they knew of it; until their "
        "inspection begins. By the line they planned to come home by, at the end of a bin of 15 minutes; the "
        "indicator is the largest number in a replication. Only where a scenario says who comes home.",
    ),
    "away_hours": Definition(
        "Hours away from home",
        "h",
        "Area under the number away from home, from the end of warm-up to the end of the run. Person-hours "
        "when in people.",
    ),
    "held_back": Definition(
        "Held back",
        "count",
        "By a moment, how many fewer had been served since the end of warm-up than without the closure, "
        "never below zero: those who would have been across and are not, wherever they are. For a "
        "crossing alone this counts those diverted too; for the region it does not.",
    ),
    "time_to_recover": Definition(
        "Time to recover",
        "h",
        "From the last reopening (for good: from the closing) to the first time after which the mean wait "
        "by joining bin exceeds the same without the closure by no more than 10 % or 10 minutes, "
        "whichever is larger, for two hours on end. One-sided and paired; on the mean over replications; "
        "censored at the horizon. Zero where it was never exceeded. Interval: bootstrap over "
        "replications. A second wave, waits above that tolerance once more for an hour or longer within a "
        "day of the reopening, is told beside it.",
    ),
    "passes_60": Definition(
        "Passes 60 minutes",
        "h",
        "From the closing to the first joining bin whose mean wait, over replications, reaches 60 minutes, "
        "where without the closure it is reached later, or not on that day. Bins in which fewer than half of "
        "the replications served anybody are left out.",
    ),
    "affected": Definition(
        "What became of those planned for the closure hours",
        "share",
        "Parties planned for a closed line in the hours it was closed, who crossed there without the "
        "closure: their final outcomes with it.",
    ),
    "transition": Definition(
        "Paired final outcomes",
        "count",
        "The same party's final outcome without and with the closure, over the whole run, mean over "
        "replications.",
    ),
}
