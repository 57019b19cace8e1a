from __future__ import annotations

import numpy as np
import pytest

from garita.engine import memory


@pytest.fixture(autouse=True)
def nothing_kept():
    memory.release()
    yield
    memory.release()


def test_what_was_handed_back_is_used_again_and_zero():
    first = memory.zeros((3, 4), np.float64)
    first[:] = 7.0
    memory.hand_back(first)
    other = memory.zeros((3, 4), np.uint32)
    again = memory.zeros((3, 4), float)
    assert again is first and not again.any()
    assert other is not first and other.dtype == np.uint32
    assert memory.zeros((3, 4), np.float64) is not first  # it is in use


def test_rooms_are_the_same_until_another_shape_is_wanted():
    dtype = np.dtype([("time", "f8")])
    [one] = memory.rooms(((2, 8), dtype))
    [same] = memory.rooms(((2, 8), dtype))
    [larger] = memory.rooms(((2, 16), dtype))
    assert same is one and larger.shape == (2, 16) and larger.time.dtype == np.float64


def test_release_keeps_nothing():
    array = memory.zeros((5,), np.int64)
    memory.hand_back(array)
    memory.release()
    assert memory.zeros((5,), np.int64) is not array
