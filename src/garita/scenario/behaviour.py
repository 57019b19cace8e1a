"""How travellers, published waits and staffing behave: every parameter, declared once."""

from __future__ import annotations

from garita.scenario.fields import (
    ChoiceRule,
    Coefficient,
    Factor,
    GoingLater,
    Growth,
    Information,
    LaneRule,
    Minutes,
    Period,
    PositiveNumber,
    Rate,
    Share,
    Spread,
    declare,
)
from garita.scenario.quantities import Strict


def _minutes(description: str, default: float) -> float:
    field: float = declare(description, unit="min", default=default)
    return field


class Behaviour(Strict):
    """Parameters of choice, patience, news and staffing. What a scenario leaves out comes from its base
    region."""

    choice_rule: ChoiceRule = declare(
        "how people choose: logit; threshold (the shortest live queue, above a wait, by a margin); none",
        default="logit",
    )
    wait_coefficient_must: Coefficient = declare(
        "utility of a minute of expected wait, trips that must be made", unit="1/min", default=-0.030
    )
    wait_coefficient_other: Coefficient = declare(
        "utility of a minute of expected wait, other trips", unit="1/min", default=-0.012
    )
    suppression_must: Rate = declare(
        "share of trips that must be made given up per minute above the usual wait",
        unit="1/min",
        default=0.001,
    )
    suppression_other: Rate = declare(
        "share of other trips given up per minute above the usual wait", unit="1/min", default=0.0033
    )
    travel_coefficient: Coefficient = declare(
        "utility of a minute on the way to another crossing, among those who choose another one",
        unit="1/min",
        default=-0.030,
    )
    induced_cap: Growth = declare(
        "most that demand grows when waits are below the usual", unit="factor", default=1.15
    )
    information: Information = declare(
        "what people know of waits before they set out: published (a share looks up what is published: "
        "hourly, late, rounded); perfect (all know every line as it is, and of a closure at once); none (all "
        "expect the usual wait)",
        default="published",
    )
    informed_share: Share = declare(
        "share of travellers who look up published waits, if information is published",
        unit="share",
        default=0.4,
    )
    publication_every_min: Period = _minutes("time between two publications of waits", 60.0)
    publication_age_min: Minutes = _minutes("age of the figures when they are published", 30.0)
    publication_round_min: Minutes = _minutes("published waits are rounded to this", 5.0)
    publication_cap_min: Minutes = _minutes("published waits are never above this", 300.0)
    lane_rule: LaneRule = declare(
        "how holders of passes choose between the lanes they may use: none (their own), shorter (the "
        "shortest, if it is shorter by the margin), logit",
        default="none",
    )
    lane_margin_min: Minutes = _minutes("wait that another lane than one's own must save", 5.0)
    lane_coefficient: Coefficient = declare(
        "utility of a minute of wait in the choice of a lane (logit)", unit="1/min", default=-0.1
    )
    access_min: Minutes = _minutes("time from home to the usual crossing", 30.0)
    news_mean_min: Minutes = _minutes("mean time until a traveller hears of a closure", 30.0)
    believed_remaining_min: Minutes = _minutes("how long a closure is believed to last from now on", 120.0)
    patience_min: Minutes = _minutes("nobody leaves a queue before this", 180.0)
    patience_mean_min: Minutes = _minutes("mean further time before people leave a queue", 240.0)
    reconsider_mean_min: Minutes = _minutes(
        "mean time between second thoughts in the queue of a closed crossing", 60.0
    )
    later_share: Share = declare("share of trips put off that are made later", unit="share", default=0.4)
    later_from_min: Minutes = _minutes("those who go later come back after at least this", 60.0)
    later_to_min: Minutes = _minutes("those who go later come back after at most this", 360.0)
    going_later: GoingLater = declare(
        "when those who put a trip off make it: some-hours (within the two times above, whatever the opening "
        "hours), or planned (some hours later, at the same time tomorrow, or after the closure; never when "
        "the crossing is not open by its hours)",
        default="some-hours",
    )
    later_tomorrow_share: Share = declare(
        "planned: share of those who put a trip off who make it at the same time tomorrow",
        unit="share",
        default=0.3,
    )
    later_reopening_share: Share = declare(
        "planned: share of those who put a trip off, knowing of a closure, who wait until it is over as far "
        "as they know",
        unit="share",
        default=0.5,
    )
    later_within_min: Minutes = _minutes(
        "planned: who waits for a reopening, or until opening time, comes within this", 60.0
    )
    give_up_equivalent_must_min: Minutes = _minutes(
        "wait that weighs as much as not crossing, trips that must be made", 300.0
    )
    give_up_equivalent_other_min: Minutes = _minutes(
        "wait that weighs as much as not crossing, other trips", 180.0
    )
    look_again_min: Minutes = _minutes(
        "a line this much longer than usual makes those who join it think again at once", 60.0
    )
    walk_able_share: Share = declare(
        "share of inbound parties by car that could leave it and cross on foot if that is faster; 0: nobody",
        unit="share",
        default=0.0,
    )
    walk_min: Minutes = _minutes("time to park and walk to the line on foot of the same port", 20.0)
    walk_equivalent_min: Minutes = _minutes("wait that weighs as much as leaving the car", 120.0)
    home_share_inbound: Share = declare(
        "share of inbound parties that are on their way home, and come only if they went out; 0: nobody",
        unit="share",
        default=0.0,
    )
    home_share_outbound: Share = declare(
        "share of outbound parties that are on their way home; 0: nobody", unit="share", default=0.0
    )
    stay_mean_must_min: Minutes = _minutes("mean time on the other side, trips that must be made", 540.0)
    stay_mean_other_min: Minutes = _minutes("mean time on the other side, other trips", 317.0)
    stay_cv: Spread = declare("standard deviation of that time divided by its mean", default=0.5)
    announced_avoidance: Share = declare(
        "share of trips not made because a closure was announced", unit="share", default=0.6
    )
    aftermath_drop: Share = declare("drop of demand after a frightening closure", unit="share", default=0.2)
    aftermath_days: PositiveNumber = declare("how long that drop lasts", unit="days", default=2.0)
    day_sd_region: Share = declare(
        "busy days: standard deviation of a factor on the demand of a day, the same at all crossings",
        unit="share",
        default=0.0,
    )
    day_sd_crossing: Share = declare(
        "busy days: standard deviation of a second factor, drawn for each crossing by itself",
        unit="share",
        default=0.0,
    )
    trim_horizon_min: Period = _minutes("staffing aims to bring a queue to its target within this", 75.0)
    trim_every_min: Period = _minutes("time between two decisions on staffing", 15.0)
    trim_lag_min: Minutes = _minutes("time until such a decision takes effect", 30.0)
    trim_down: Share = declare("most that staffing goes below the roster", unit="share", default=0.3)
    trim_up: Factor = declare(
        "most that staffing goes above the roster, as a share of it", unit="share", default=0.3
    )
    tick_min: Period = _minutes("time between two updates of people's choices", 5.0)
    threshold_above_min: Minutes = _minutes(
        "threshold rule: nobody leaves for another crossing below this wait", 90.0
    )
    threshold_margin_min: Minutes = _minutes(
        "threshold rule: the other crossing must be shorter by this much", 30.0
    )
    threshold_closed_min: Minutes = _minutes(
        "threshold rule: what a closed line adds to its expected wait", 180.0
    )
