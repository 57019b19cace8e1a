from __future__ import annotations

import numpy as np

from garita.outcomes.recovery import disturbed_bins, recover, recovered_at

BINS = 96
REPLICATIONS = 12


def run(extra, base=30.0, noise=0.5, closing=20, reopening=30):
    """Recovery of one group whose wait exceeds ``base`` by ``extra`` [B]."""
    rng = np.random.default_rng(1)
    without = base + rng.normal(0, noise, (REPLICATIONS, 1, BINS))
    with_closure = without + extra + rng.normal(0, noise, without.shape)
    stuck = np.zeros(without.shape, dtype=bool)
    return [value.item() for value in recover(with_closure, without, stuck, closing, reopening, 15.0)]


def test_never_disturbed():
    hours, low, high, disturbed = run(np.zeros(BINS))
    assert (hours, low, high, disturbed) == (0.0, 0.0, 0.0, False)


def test_recovers_when_the_excess_is_back_within_ten_minutes():
    extra = np.zeros(BINS)
    extra[20:60] = np.linspace(100, 0, 40)  # within 10 minutes from bin 56 on
    hours, low, high, disturbed = run(extra)
    assert disturbed and abs(hours - (56 - 30) / 4) <= 0.25 and low <= hours <= high


def test_a_quiet_hour_is_not_enough():
    extra = np.zeros(BINS)
    extra[20:70] = 60.0
    extra[40:44] = 0.0
    assert run(extra)[0] == (70 - 30) / 4


def test_never_recovers():
    hours, low, high, disturbed = run(np.where(np.arange(BINS) >= 20, 60.0, 0.0))
    assert np.isnan(hours) and np.isinf(low) and np.isinf(high) and disturbed


def test_a_spell_cut_short_by_the_end_does_not_count():
    extra = np.zeros(BINS)
    extra[20 : BINS - 7] = 60.0
    assert np.isnan(run(extra)[0])
    extra[BINS - 8] = 0.0
    assert run(extra)[0] == (BINS - 8 - 30) / 4


def test_reopening_after_the_end_is_censored():
    assert np.isnan(run(np.zeros(BINS), reopening=BINS)[0])


def test_it_is_one_sided_and_relative_for_long_waits():
    assert not run(np.full(BINS, -25.0))[3]
    assert not run(np.full(BINS, 14.0), base=200.0)[3]
    assert run(np.full(BINS, 30.0), base=200.0)[3]


def test_without_a_wait_the_queue_decides():
    nothing = np.full(2, np.nan)
    assert disturbed_bins(nothing, nothing, np.array([True, False])).tolist() == [True, False]
    assert recovered_at(np.array([[True, False, False], [True, True, True]]), 0, 2).tolist() == [1, -1]


def test_a_second_wave_is_told_and_a_short_spell_is_not():
    from garita.outcomes.recovery import second_wave_ends

    bins = 120
    without = np.full((3, 2, bins), 30.0)
    with_closure = without.copy()
    with_closure[:, 0, 20:28] = 80.0  # two hours, from five hours after the reopening on
    with_closure[:, 1, 20:22] = 80.0  # half an hour: noise
    stuck = np.zeros(without.shape, dtype=bool)
    ends = second_wave_ends(with_closure, without, stuck, 0, 15.0, np.array([0.0, 0.0]))
    assert ends[0] == 7.0
    assert np.isnan(ends[1])
