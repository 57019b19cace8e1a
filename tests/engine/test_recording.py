"""Every party and every event written down: they say what the books say."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from engine import helpers
from garita.build import Builder
from garita.engine import run_both, run_replication, types
from garita.engine.recording import (
    BOOTHS_OPEN,
    CANCELLED_TRIP,
    DIVERTED,
    GAVE_UP_TRIP,
    JOINED,
    LEFT_LINE,
    LINE_STATUS,
    PUT_OFF,
    SECONDARY_STARTED,
    SET_OUT,
    STARTED,
)
from properties import worlds

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

BOTH = ("travellers", "events")
CLOSURES = [
    {"crossing": "north", "from": helpers.at(8), "until": "5 h"},
    {"crossing": "south", "from": helpers.at(9), "until": "2 h", "exempt": ["citizens"]},
]


def case(rule="logit", rooms=True):
    flows = worlds.rooms(worlds.flows(1.1)) if rooms else worlds.flows(1.1)
    return worlds.case(behaviour={"choice_rule": rule}, flows=flows, closures=CLOSURES)


def ready(of, record=BOTH):
    return Builder(of).build(of.resolve(0), record=record).run


@cache
def recorded(rule="logit", rooms=True):
    """The case, the run and its books."""
    of = case(rule, rooms)
    run = ready(of)
    return of, run, run_replication(run, 3, 0)


def log_of(books):
    return books.extra.log[: books.extra.logged[0]]


@pytest.mark.parametrize("rule", ["logit", "threshold", "none"])
@pytest.mark.parametrize("rooms", [True, False])
def test_to_record_changes_nothing(rule, rooms):
    of, _, books = recorded(rule, rooms)
    assert helpers.equal(books, helpers.run(of, 1, 3)[0])


@pytest.mark.parametrize("rule", ["logit", "threshold", "none"])
def test_rows_are_the_final_outcomes(rule):
    """Whoever has a final outcome has a row, with the times that belong to it."""
    of, _, books = recorded(rule)
    rows, kind = books.extra.travellers, books.finals & 15
    assert ((rows.planned > 0.0) == (kind > 0)).all()
    crossed = (kind >= types.CROSSED) & (kind <= types.CROSSED_ELSEWHERE_LATER)
    assert ((rows.start > 0.0) == crossed).all()
    assert (rows.start >= rows.joined)[crossed].all() and (rows.end > rows.start)[crossed].all()
    assert (rows.joined >= rows.set_out)[crossed].all() and (rows.set_out >= rows.planned)[crossed].all()
    later = (kind == types.CROSSED_LATER) | (kind == types.CROSSED_ELSEWHERE_LATER)
    assert ((rows.set_out > rows.planned) == later)[crossed].all()
    crossings = [crossing.id for crossing in helpers.built(of).region.crossings]
    used = np.array([line.crossing for line in helpers.built(of).region.lines])[rows.line[crossed]]
    assert (used == np.array(crossings)[(books.finals >> 8)[crossed]]).all()
    assert (rows.left[kind == types.GAVE_UP] >= rows.joined[kind == types.GAVE_UP]).all()


@pytest.mark.parametrize("rule", ["logit", "threshold", "none"])
def test_littles_law_holds_exactly(rule):
    """Queue times time, from the steps of the queue, is the sum of the waits, party by party, to the bit; and
    at the end of each quarter of an hour the steps stand where the books say.
    """
    _, run, books = recorded(rule)
    rows, log, origin = books.extra.travellers, log_of(books), run.model.intervals.start[0]
    for f in range(len(run.model.flows)):
        mine = log[log.line == f]
        came = mine.time[mine.kind == JOINED] - origin  # small numbers, so that sums are exact
        went = mine.time[(mine.kind == STARTED) | (mine.kind == LEFT_LINE)] - origin
        end = run.model.intervals.end[-1] - origin
        times = np.concatenate([came, went, [end]])
        steps = np.concatenate([np.ones(len(came)), -np.ones(len(went)), [0.0]])
        order = np.lexsort((-steps, times))
        times, queue = times[order], np.cumsum(steps[order])
        assert (queue >= 0).all()
        standing = len(came) - len(went)
        waited = went.sum() - came.sum() + standing * end
        assert (queue[:-1] * np.diff(times)).sum() == waited
        here = (rows.line == f) & (rows.start > 0.0)
        sums = books.bins[f, :, types.WAIT_SUM].sum(), books.bins[f, :, types.WAITED].sum()
        assert sums == ((rows.start - rows.joined)[here].sum(), here.sum())
        used = int(books.used[0])
        looks = 15.0 * (np.arange(used) + 1)
        # Decisions of a tick that ends a bin belong to the next.
        seen = np.searchsorted(np.sort(came), looks) - np.searchsorted(np.sort(went), looks)
        assert (seen == books.bins[f, :used, types.QUEUE_END]).all()


@pytest.mark.parametrize("rule", ["logit", "threshold", "none"])
def test_events_are_what_the_books_count(rule):
    _, run, books = recorded(rule)
    log = log_of(books)
    number = np.bincount(log.kind, minlength=11)
    gross, bins = books.gross[..., 0].sum(axis=0), books.bins.sum(axis=(0, 1))
    assert number[JOINED] == bins[types.ARRIVED] and number[STARTED] == bins[types.STARTED]
    assert number[LEFT_LINE] == bins[types.LEFT] and number[GAVE_UP_TRIP] == gross[types.GAVE_UP_IN_QUEUE]
    assert number[DIVERTED] == gross[[types.DIVERTED_AT_DEPARTURE, types.DIVERTED_FROM_QUEUE]].sum()
    assert number[CANCELLED_TRIP] == gross[types.CANCELLED_AT_DEPARTURE]
    # Gross flows count only the first putting off at departure.
    assert number[PUT_OFF] >= gross[[types.LATER_AT_DEPARTURE, types.LATER_FROM_QUEUE]].sum()
    assert books.balance[types.ON_THE_WAY] == 0  # three days are enough
    assert number[SET_OUT] == number[JOINED] - gross[types.DIVERTED_FROM_QUEUE]
    assert number[SECONDARY_STARTED] == books.secondary[:, 0].sum() > 0
    shut = log[(log.kind == LINE_STATUS) & (log.value == types.CLOSED)]
    begin = run.model.intervals.start[0]
    assert len(shut) > 0 and (shut.time == begin + 480.0).all()
    assert (log.tag[(log.kind == LINE_STATUS) | (log.kind == BOOTHS_OPEN)] == -1).all()
    assert (number[: GAVE_UP_TRIP + 1] > 0).all() or rule != "logit"


def test_a_log_that_fills_is_made_longer():
    of = case()
    run = ready(of)
    run.extra = run.extra._replace(log=run.extra.log[:100].copy())
    books = run_replication(run, 3, 0)
    assert log_of(books).tobytes() == log_of(recorded()[2]).tobytes() and len(run.extra.log) > 100


@pytest.mark.parametrize("room", [None, 100])
def test_two_histories_that_share_a_beginning(room):
    one, other = (ready(of) for of in (case(), case().without("closures")))
    if room is not None:
        one.extra = one.extra._replace(log=one.extra.log[:room].copy())
    for books, run in zip(run_both(one, other, 3, 0), (one, other), strict=True):
        alone = run_replication(run, 3, 0)
        assert books.extra.travellers.tobytes() == alone.extra.travellers.tobytes()
        assert log_of(books).tobytes() == log_of(alone).tobytes()


def test_one_of_the_two():
    run = ready(case(), ("travellers",))
    assert len(run.extra.log) == 0 and len(run.extra.travellers) > 0
    run = ready(case(), ("events",))
    assert len(run.extra.log) > 0 and len(run.extra.travellers) == 0
    assert log_of(run_replication(run, 3, 0)).tobytes() == log_of(recorded()[2]).tobytes()
