"""Random numbers by key: the same traveller has the same luck in every scenario.

Threefry-2x64 with 13 rounds (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2,
3", which reports that 13 rounds pass BigCrush). The key is (seed, replication); the counter is (hash of the
flow's permanent id, hour | ordinal within the hour | purpose). Nothing depends on the order in which draws
are made.
"""

from __future__ import annotations

import numpy as np

from garita.engine.kernel import kernel

U64 = np.uint64
PARITY = U64(0x1BD11BDAA9FC1A22)
_16, _42, _12, _31, _32, _24, _21 = U64(16), U64(42), U64(12), U64(31), U64(32), U64(24), U64(21)
_64, _1, _2, _3, _8 = U64(64), U64(1), U64(2), U64(3), U64(8)
_LOW32 = U64(0xFFFFFFFF)
TWO_32 = 2.0**-32
TWO_52 = 2.0**-52

# Purposes: what a draw is for. A traveller's first two blocks hold everything that most travellers need.
ARRIVAL = U64(0)  # word 0: gap before the arrival; word 1: service (high half), whether to travel (low half)
PERSON = U64(
    1
)  # word 0: choice (high half), informed and purpose (low); word 1: news delay, referral and size
SECONDARY = U64(2)  # word 0: secondary inspection time
PATIENCE = U64(3)  # word 0: how long a queue is endured
CLASS = U64(4)  # word 0: class of the traveller
CAUGHT = U64(5)  # word 0: when a party caught by a closure first thinks of leaving
LATER = U64(8)  # + attempt: whether, when and where the party tries again
AGAIN = U64(112)  # + attempt: word 0: for what time a trip is put off; word 1: that time, whether to walk
WHO = U64(120)  # word 0: whether the party could leave its car, and for which line; word 1: on its way home
STAY = U64(121)  # how long the party has been away, then whose trip out it shares
FIRST_LEG = U64(126)  # + number: four halves, whose trip out it shares
ABOARD = U64(122)  # + number: four halves, inspection of the other people of a party that walks
RECONSIDER = U64(32)  # + count: a decision taken in the queue
STATION = U64(96)  # with a station's hash; word 0: time of its inspection; word 1: whether it takes place
WALKER = U64(97)  # with the number of a block of four people in the hash; each half: one person's inspection
ENDURANCE = U64(144)  # word 0: how long a party stays in a line that has an exact patience


@kernel
def rotate(x, bits):
    """Rotate a 64-bit word to the left."""
    return (x << bits) | (x >> (_64 - bits))


@kernel
def threefry(k0, k1, c0, c1):
    """Two random 64-bit words from a key of two words and a counter of two words."""
    k2 = PARITY ^ k0 ^ k1
    x0 = c0 + k0
    x1 = c1 + k1
    x0 += x1
    x1 = rotate(x1, _16) ^ x0
    x0 += x1
    x1 = rotate(x1, _42) ^ x0
    x0 += x1
    x1 = rotate(x1, _12) ^ x0
    x0 += x1
    x1 = rotate(x1, _31) ^ x0
    x0 += k1
    x1 += k2 + _1
    x0 += x1
    x1 = rotate(x1, _16) ^ x0
    x0 += x1
    x1 = rotate(x1, _32) ^ x0
    x0 += x1
    x1 = rotate(x1, _24) ^ x0
    x0 += x1
    x1 = rotate(x1, _21) ^ x0
    x0 += k2
    x1 += k0 + _2
    x0 += x1
    x1 = rotate(x1, _16) ^ x0
    x0 += x1
    x1 = rotate(x1, _42) ^ x0
    x0 += x1
    x1 = rotate(x1, _12) ^ x0
    x0 += x1
    x1 = rotate(x1, _31) ^ x0
    x0 += k0
    x1 += k1 + _3
    x0 += x1
    x1 = rotate(x1, _16) ^ x0
    return x0, x1


@kernel
def counter(hour_key, ordinal, purpose):
    """Second counter word: hour since 1970 (32 bits), ordinal within the hour (24 bits), purpose (8 bits)."""
    return (U64(hour_key) << _32) | (U64(ordinal) << _8) | U64(purpose)


@kernel
def uniform(word):
    """Uniform in (0, 1) from the upper 52 bits of a word."""
    return (np.float64(word >> _12) + 0.5) * TWO_52


@kernel
def high_half(word):
    """Uniform in (0, 1) from the upper 32 bits of a word."""
    return (np.float64(word >> _32) + 0.5) * TWO_32


@kernel
def low_half(word):
    """Uniform in (0, 1) from the lower 32 bits of a word."""
    return (np.float64(word & _LOW32) + 0.5) * TWO_32


@kernel
def minus_log(x):
    """-log(x) of a positive normal number, to less than one unit in the last place (the method of fdlibm)."""
    bits = np.float64(x).view(np.int64)
    k = (bits - 0x3FE6A09E667F3BCD) >> 52
    f = np.int64(bits - (k << 52)).view(np.float64) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    t1 = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332))
    t2 = z * (
        0.6666666666666735130
        + w * (0.2857142874366239149 + w * (0.1818357216161805012 + w * 0.1479819860511658591))
    )
    half = 0.5 * f * f
    e = np.float64(k)
    return (
        (half - (s * (half + t1 + t2) + e * 1.90821492927058770002e-10)) - f
    ) - e * 6.93147180369123816490e-01


@kernel
def exponential(word):
    """Exponential variate of mean 1 by inversion, so that one draw always uses one word."""
    return minus_log(uniform(word))
