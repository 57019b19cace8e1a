from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from garita.engine import types
from garita.errors import ResultsError
from garita.outcomes.finals import pack, unpack
from garita.outcomes.transitions import joint, state_table

values = st.builds(
    lambda kind, size, crossing: kind | size << 4 | crossing << 8,
    st.sampled_from([0, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8]),
    st.integers(0, 15),
    st.integers(0, 255),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(values, max_size=60))
def test_packing_loses_nothing(listed):
    finals = np.array(listed, dtype=np.uint16)
    blob, kinds = pack(finals)
    found = unpack(blob)
    assert np.array_equal(kinds, np.bincount(finals & 15, minlength=16))
    assert found.dtype == np.uint16 and np.array_equal(found, finals)


@pytest.mark.parametrize("absent", [1, 3, 4, 8, 65531, 65532, 65533, 70000, 200_000])
def test_many_who_do_not_travel_are_one_code(absent):
    finals = np.concatenate((np.full(5, 1 | 1 << 4), np.zeros(absent), [2 | 3 << 4, 1 | 15 << 4])).astype(
        np.uint16
    )
    blob, kinds = pack(finals)
    assert kinds[:3].tolist() == [absent, 6, 1] and np.array_equal(unpack(blob), finals)
    assert len(blob) < 16 + 8 * (3 + absent // 20_000)


def test_a_damaged_list_is_refused():
    blob, _ = pack(np.arange(1, 4000, dtype=np.uint16))
    for damaged in (blob[:-3], blob[:10], blob + b"x", b"\xff" * len(blob), b"\0" * 30):
        with pytest.raises(ResultsError):
            unpack(damaged)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.integers(0, 2**32 - 1))
def test_joint_counts_are_those_of_a_plain_loop(number, seed):
    rng = np.random.default_rng(seed)
    crossings, size = 3, rng.integers(1, 6, number)

    def history():
        kind = rng.integers(0, 9, number)
        return np.where(kind > 0, kind | size << 4 | rng.integers(0, crossings, number) << 8, 0).astype(
            np.uint16
        )

    without = history()
    with_closure = np.where(rng.random(number) < 0.7, without, history()).astype(np.uint16)
    table = state_table(crossings)
    counts = joint(without, with_closure, table)
    expected = np.zeros_like(counts)
    for a, b in zip(without, with_closure, strict=True):
        expected[table[a], table[b]] += [1, (a if a else b) >> 4 & 15]
    assert np.array_equal(counts, expected)
    assert counts[..., 0].sum() == number


def test_states_keep_the_crossing_only_where_it_means_something():
    table = state_table(2)
    here, there = types.CROSSED_ELSEWHERE, types.CROSSED_ELSEWHERE | 1 << 8
    assert table[there] == table[here] + 1
    assert table[types.CANCELLED] == table[types.CANCELLED | 1 << 8]
    assert table[types.CROSSED | 2 << 8] == table[15] == 9 * 2
