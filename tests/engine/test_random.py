"""Random numbers by key: the published vectors, and that nothing which should be independent is related."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numba import njit
from scipy import stats

from engine import independent
from garita.engine import random
from garita.engine.compiling import compiled

PURPOSES = ("ARRIVAL", "PERSON", "SECONDARY", "PATIENCE", "CLASS", "CAUGHT", "LATER", "RECONSIDER")
U64 = np.uint64
COUNT = 4096

# kat_vectors of Random123: "threefry2x64 13" with its counter, its key, and what comes out
VECTORS = [
    ((0, 0), (0, 0), (0xF167B032C3B480BD, 0xE91F9FEE4B7A6FB5)),
    ((2**64 - 1,) * 2, (2**64 - 1,) * 2, (0xCCDEC5C917A874B1, 0x4DF53ABCA26CEB01)),
    (
        (0x243F6A8885A308D3, 0x13198A2E03707344),
        (0xA4093822299F31D0, 0x082EFA98EC4E6C89),
        (0xC3AAC71561042993, 0x3FE7AE8801AFF316),
    ),
]

_threefry, _counter = compiled(random.threefry), compiled(random.counter)
_uniform, _high, _low = compiled(random.uniform), compiled(random.high_half), compiled(random.low_half)
_exponential = compiled(random.exponential)


@njit
def block(k0, k1, c0, c1):
    """Compiled kernels can be called from compiled code only."""
    return _threefry(k0, k1, c0, c1)


@njit
def second_words(hour, ordinals, purpose, found):
    """Second counter words of the first parties of an hour."""
    for i in range(len(ordinals)):
        found[i] = _counter(hour, ordinals[i], purpose)


@njit
def fill(k0, k1, c0, hour, purpose, words):
    """Draws for one purpose of the first parties of an hour."""
    for i in range(words.shape[0]):
        words[i, 0], words[i, 1] = _threefry(k0, k1, c0, _counter(hour, i, purpose))


@njit
def shares(words, found):
    """What is made of words."""
    for i in range(len(words)):
        found[i, 0], found[i, 1] = _uniform(words[i]), _high(words[i])
        found[i, 2], found[i, 3] = _low(words[i]), _exponential(words[i])


def draws(seed=1, replication=0, line=77, hour=421_000, purpose=random.ARRIVAL, count=COUNT):
    words = np.zeros((count, 2), U64)
    with np.errstate(over="ignore"):
        fill(U64(seed), U64(replication), U64(line), hour, purpose, words)
    return words


def as_shares(words):
    return (words >> U64(11)).astype(float) * 2.0**-53


@pytest.mark.parametrize(("counter", "key", "expected"), VECTORS)
def test_known_answers(counter, key, expected):
    with np.errstate(over="ignore"):
        found = block(*(U64(word) for word in (*key, *counter)))
    assert tuple(int(word) for word in found) == expected
    assert independent.threefry(key, counter) == expected


def test_twenty_rounds_of_the_independent_one():
    assert independent.threefry((0, 0), (0, 0), 20) == (0xC2B6E3A8C2C69865, 0x6F81ED42F350084D)


def test_any_key_and_counter_equal_the_independent_one():
    generator = np.random.default_rng(5)
    for words in generator.integers(0, 2**64, (200, 4), dtype=U64, endpoint=False):
        with np.errstate(over="ignore"):
            found = block(*words)
        whole = [int(word) for word in words]
        assert tuple(map(int, found)) == independent.threefry((whole[0], whole[1]), (whole[2], whole[3]))


def test_counters_of_parties_never_meet():
    """Hour, ordinal and purpose have places of their own, also at the largest that there may be."""
    ordinals = np.array([0, 1, 2, 255, 256, 65_535, 65_536, 2**24 - 1])
    seen = set()
    for hour in (0, 1, 2, 400_000, 2**20, 2**31):
        for purpose in (0, 1, 2, 31, 32, 255):
            words = np.zeros(len(ordinals), U64)
            second_words(hour, ordinals, U64(purpose), words)
            for ordinal, word in zip(ordinals, words, strict=True):
                assert int(word) == (hour << 32) + (int(ordinal) << 8) + purpose
                seen.add(int(word))
    assert len(seen) == len(ordinals) * 6 * 6


def test_words_become_shares_strictly_between_nought_and_one():
    words = np.array([0, 1, 2**11, 2**32 - 1, 2**32, 2**63, 2**64 - 2**11, 2**64 - 1], U64)
    found = np.zeros((len(words), 4))
    shares(words, found)
    assert (found[:, :3] > 0.0).all() and (found[:, :3] < 1.0).all()
    assert found[:, 0] == pytest.approx([(int(word) // 2**11 + 0.5) / 2**53 for word in words], rel=1e-15)
    assert found[:, 1] == pytest.approx([(int(word) // 2**32 + 0.5) / 2**32 for word in words], rel=1e-15)
    assert found[:, 2] == pytest.approx([(int(word) % 2**32 + 0.5) / 2**32 for word in words], rel=1e-15)
    assert found[:, 3] == pytest.approx(-np.log(found[:, 0]), rel=1e-15)
    assert np.isfinite(found).all() and (found[:, 3] > 0.0).all()
    assert 36.0 < found[0, 3] < 54 * math.log(2)  # the longest gap that there can be


@pytest.mark.parametrize("purpose", PURPOSES)
def test_draws_of_each_purpose_are_uniform(purpose):
    words = draws(purpose=getattr(random, purpose), count=20_000)
    for column in (words[:, 0], words[:, 1]):
        for part in (column, (column << U64(16)), (column << U64(32)), (column << U64(48))):
            assert stats.kstest(as_shares(part), "uniform").pvalue > 1e-3
    bits = np.unpackbits(words.view(np.uint8), bitorder="little").reshape(len(words), 128)
    share = bits.mean(axis=0)
    assert np.abs(share - 0.5).max() < 4.5 * 0.5 / len(words) ** 0.5


def neighbours():
    """Pairs of draws that differ in one thing only."""
    base = draws()
    found = {
        "the other word": (base[:, :1], base[:, 1:]),
        "next party": (base[:-1], base[1:]),
        "next hour": (base, draws(hour=421_001)),
        "next replication": (base, draws(replication=1)),
        "next seed": (base, draws(seed=2)),
        "next line": (base, draws(line=78)),
        "seed and replication swapped": (draws(seed=1, replication=2), draws(seed=2, replication=1)),
    }
    for purpose in PURPOSES[1:]:
        found[f"ARRIVAL and {purpose}"] = base, draws(purpose=getattr(random, purpose))
    return found


@pytest.mark.parametrize("pair", list(neighbours()))
def test_neighbouring_draws_are_unrelated(pair):
    first, second = (as_shares(words).ravel() for words in neighbours()[pair])
    assert not (first == second).any()
    limit = 4.0 / len(first) ** 0.5
    assert abs(np.corrcoef(first, second)[0, 1]) < limit
    assert abs(np.corrcoef((first - 0.5) ** 2, (second - 0.5) ** 2)[0, 1]) < limit
    cells = np.histogram2d(first, second, bins=8, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(cells.ravel()).pvalue > 1e-4


def test_draws_are_the_same_whenever_they_are_made():
    again = draws()
    draws(seed=9, replication=9, line=9, hour=9)
    assert (draws() == again).all()
