"""With choice switched off, what makes a queue longer never makes it shorter, party by party."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import helpers
from garita.build import Builder
from garita.engine import run_replication, types
from properties import worlds

SERVICES = [
    {"distribution": "exponential", "mean": "60 s"},
    {"distribution": "lognormal", "mean": "60 s", "cv": 1.0},
    {"distribution": "deterministic", "mean": "60 s"},
]


def day(booths=3, closures=(), service=SERVICES[0], per_hour=120, behaviour=None, seed=1, **more):
    """A line of so many booths, loaded to two thirds with three of them; everybody is through in the end."""
    line = helpers.flow(
        per_hour=per_hour,
        booths=booths,
        service=service,
        lanes=max(booths, 1) if isinstance(booths, int) else None,
    )
    output = helpers.one([line], closures=list(closures), behaviour=behaviour, seed=seed, **more)
    assert output.balance[types.WAITING] == 0
    return output


def started_by(output):
    """Parties whose inspection began by the end of each quarter of an hour."""
    return np.cumsum(output.bins[0, :, types.STARTED])


def no_shorter(longer, shorter):
    """The same people came, nobody started sooner, and the sums agree."""
    assert (longer.bins[0, :, types.ARRIVED] == shorter.bins[0, :, types.ARRIVED]).all()
    assert (started_by(longer) <= started_by(shorter)).all()
    for field in (types.WAIT_SUM, types.WAIT_MAX, types.QUEUE_END):
        assert (longer.bins[0, :, field] >= shorter.bins[0, :, field]).all()


closure_times = st.tuples(st.integers(0, 20 * 3600), st.integers(0, 5 * 3600), st.integers(0, 2 * 3600))


@worlds.few(7)
@given(
    times=closure_times,
    service=st.sampled_from(SERVICES),
    booths=st.integers(3, 6),
    seed=st.integers(0, 2**32),
)
def test_a_longer_closure_never_lowers_the_delay(times, service, booths, seed):
    begin, length, more = times
    outputs = [
        day(
            booths,
            [{"crossing": "a", "from": helpers.at(begin / 3600), "until": f"{seconds} s"}],
            service,
            seed=seed,
        )
        for seconds in (length, length + more)
    ]
    no_shorter(outputs[1], outputs[0])


@worlds.few(7)
@given(times=closure_times, share=st.sampled_from([0.34, 0.5, 0.67]), seed=st.integers(0, 2**32))
def test_nor_does_a_longer_partial_closure_with_equal_inspections(times, share, seed):
    """Named booths close: with unequal inspections one party may be luckier, so they are equal here."""
    begin, length, more = times
    outputs = [
        day(
            3,
            [{"crossing": "a", "from": helpers.at(begin / 3600), "until": f"{seconds} s", "share": share}],
            SERVICES[2],
            seed=seed,
        )
        for seconds in (length, length + more)
    ]
    assert helpers.total(outputs[1], types.WAIT_SUM) >= helpers.total(outputs[0], types.WAIT_SUM)


@pytest.mark.parametrize("minutes", [0, 20, 60, 120])
def test_the_rule_alone_is_enough(minutes):
    """`choice_rule: none` and nothing else: no delay is lowered by keeping people at home."""
    reactions = {"aftermath_drop": 0.2, "announced_avoidance": 0.6}  # as they are unless said otherwise
    delays = []
    for length in (minutes, minutes + 15):
        closures = [{"crossing": "a", "from": helpers.at(1), "until": f"{length} min"}]
        output = day(closures=closures, per_hour=168, behaviour=reactions)
        delays.append(helpers.total(output, types.WAIT_SUM))
    assert delays[0] <= delays[1]


@worlds.few(7)
@given(
    booths=st.integers(2, 6),
    service=st.sampled_from(SERVICES),
    seed=st.integers(0, 2**32),
    times=st.none() | closure_times,
)
def test_more_booths_never_hurt(booths, service, seed, times):
    closures = []
    if times is not None:
        closures = [{"crossing": "a", "from": helpers.at(times[0] / 3600), "until": f"{times[1]} s"}]
    fewer, more = (day(n, closures, service, per_hour=110, seed=seed) for n in (booths, booths + 1))
    no_shorter(fewer, more)


@worlds.few(7)
@given(seed=st.integers(0, 2**32), hours=st.lists(st.integers(2, 6), min_size=24, max_size=24))
def test_more_booths_by_the_hour_never_hurt_with_equal_inspections(seed, hours):
    outputs = [day([n + more for n in hours], service=SERVICES[2], seed=seed) for more in (0, 1)]
    assert helpers.total(outputs[0], types.WAIT_SUM) >= helpers.total(outputs[1], types.WAIT_SUM)


@worlds.few(7)
@given(seed=st.integers(0, 2**32), slower=st.floats(1.0, 1.5))
def test_slower_inspections_never_help(seed, slower):
    outputs = [
        day(service={"distribution": "lognormal", "mean": f"{seconds:.6f} s", "cv": 0.7}, seed=seed)
        for seconds in (60.0, 60.0 * slower)
    ]
    no_shorter(outputs[1], outputs[0])


@worlds.few(7)
@given(seed=st.integers(0, 2**32), notice=st.sampled_from(["none", "30 min", "5 days"]))
def test_notice_does_not_matter_without_reactions(seed, notice):
    closure = {"crossing": "a", "from": helpers.at(10.5), "until": "3 h"}
    outputs = [day(closures=[each], seed=seed) for each in (closure, {**closure, "notice": notice})]
    assert helpers.equal(*outputs)


def starts_of(network, seed, **more):
    """When each party of a network starts, in the order of lines, hours and ordinals; inf for never."""
    case = helpers.case(**network, **more)
    run = Builder(case).build(case.resolve(0), record=("travellers",)).run
    rows = run_replication(run, seed, 0).extra.travellers
    came = rows.planned > 0.0
    return rows.planned, np.where(rows.start > 0.0, rows.start, np.where(came, np.inf, 0.0))


@pytest.mark.slow
@worlds.few(7)
@given(network=worlds.networks(), times=closure_times, seed=st.integers(0, 2**32))
def test_in_any_network_nobody_starts_sooner_for_a_longer_closure(network, times, seed):
    """Party by party, at every line of every crossing."""
    begin, length, more = times
    found = []
    for seconds in (length, length + more):
        closure = {"crossing": "all", "from": helpers.at(begin / 3600), "until": f"{seconds} s"}
        found.append(starts_of(network, seed, closures=[closure]))
    (came, shorter), (again, longer) = found
    assert (came == again).all() and (longer >= shorter).all()


@pytest.mark.slow
@worlds.few(7)
@given(network=worlds.networks(), which=st.integers(0, 3), seed=st.integers(0, 2**32))
def test_in_any_network_nobody_starts_later_for_another_booth(network, which, seed):
    came, fewer = starts_of(network, seed)
    lines = [dict(line) for line in network["flows"]]
    lines[which % len(lines)]["booths"] += 1
    again, more = starts_of({**network, "flows": lines}, seed)
    assert (came == again).all() and (more <= fewer).all()
