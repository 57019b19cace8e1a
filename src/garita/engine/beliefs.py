"""What people know and believe of closures and waits before they decide."""

from __future__ import annotations

import math

from garita.engine.extra import PERFECT
from garita.engine.kernel import kernel
from garita.engine.random import high_half, minus_log
from garita.engine.types import CLOSED, OUTSIDE_HOURS, PUBLISHED_CLOSED, RULE_THRESHOLD

MOST_EXPONENT = 600.0  # of e: sums of so large weights are still finite


@kernel
def hearsay_until(news, behaviour, epoch):
    """From when on everybody knows the latest change: no 32-bit draw gives a delay of 23 means.

    Who looks at the queues themselves, by the threshold rule, needs no news.
    """
    if epoch == 0 or behaviour.rule == RULE_THRESHOLD:
        return -math.inf
    return news[epoch].start + 23.0 * behaviour.news_mean_min


@kernel
def believed_epoch(news, behaviour, epoch, time, word):
    """The latest change that has reached this party: news takes an exponential time unless announced
    before.
    """
    delay = behaviour.news_mean_min * minus_log(high_half(word))
    while epoch > 0 and news[epoch].start + max(0.0, delay - news[epoch].notice) > time:
        epoch -= 1
    return epoch


@kernel
def expected_wait(model, state, extra, flow, hour, epoch, informed):
    """Minutes a party expects at a line: believed closure, else the published wait if it looks, else the
    usual. With perfect information everybody knows the line as it is.
    """
    usual = model.flow_hours[flow, hour].usual
    if extra is not None and extra.features[PERFECT]:
        return live_wait(model, state, flow, usual, epoch)
    if model.belief[epoch, flow].closed != 0:
        return model.belief[epoch, flow].remaining + usual
    if informed:
        published = state.lines[flow].published
        if published == PUBLISHED_CLOSED:
            return model.behaviour[0].believed_remaining_min + usual
        if published >= 0.0:
            return published
    return usual


@kernel
def live_wait(model, state, flow, usual, epoch):
    """What who knows the lines as they are expects; how long a closure lasts yet is believed all the same."""
    line = state.lines[flow]
    if model.belief[epoch, flow].closed != 0:
        return model.belief[epoch, flow].remaining + line.live
    if line.status == CLOSED:
        return model.behaviour[0].believed_remaining_min + line.live
    return usual if line.status == OUTSIDE_HOURS else line.live
