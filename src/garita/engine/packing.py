"""Final outcomes of all candidates, packed as one stream of bits, and two such lists side by side.

Most parties cross as planned, alone or in twos, and many candidates do not travel; so what is common has few
bits. A code is a number of ones, then a zero, then its bits, the lowest first:

    ones  bits  meaning
    0     0     crossed as planned, one person
    1     0     crossed as planned, two people
    2     0     did not travel
    3     0     crossed as planned, three people
    4     16    any other outcome, as it stands
    5     16    so many more who did not travel
    6     8     from here on, "as planned" is at this crossing
"""

from __future__ import annotations

import numpy as np

from garita.engine.kernel import kernel
from garita.engine.random import U64
from garita.engine.types import CROSSED, NONE

LONGEST_CODE_BITS = 22  # of a candidate, with the change of crossing before it
_ONE, _TWO, _ABSENT, _THREE, _OTHER, _MANY, _CROSSING = range(7)
_VALUE_BITS, _CROSSING_BITS, _MOST = 16, 8, 65532
# Codes of who did not travel, and of one to three people as planned, four bits each; and how long they are.
_COMMON, _LENGTHS = U64(0x7103), U64(0x4213)


@kernel
def pack_outcomes(values, fours, words, kinds):
    """Write uint16 [N] final outcomes as codes to ``words`` uint64, and count them by kind, int64 [16].

    ``fours`` uint64 [N // 4]: the same memory, four at a time. ``words`` has room for ``LONGEST_CODE_BITS`` a
    candidate, and two more. Returns how many words those are.
    """
    filled, word, used = np.int64(0), U64(0), U64(0)
    planned, absent, alone, crossed = np.int64(-1), np.int64(0), np.int64(0), np.int64(0)
    end, whole = values.shape[0], fours.shape[0]
    for four in range((end + 3) // 4):
        if (
            four < whole and fours[four] == U64(0) and absent < _MOST
        ):  # nobody: there is room for more in an hour
            absent += 4
            continue
        if absent > 0:
            filled, word, used = write(words, filled, word, used, _MANY, _VALUE_BITS, absent)
            kinds[NONE] += absent
            absent = np.int64(0)
        for place in range(4 * four, min(4 * four + 4, end)):
            value = np.int64(values[place])
            people = (value >> 4) & 15
            common = (_COMMON >> U64(4 * people)) & U64(15), (_LENGTHS >> U64(4 * people)) & U64(15)
            few, nobody = np.int64(people > 0) & np.int64(people < 4), np.int64(value == NONE)
            alike = np.int64((value ^ planned) & ~0xF0 == 0) & few
            if alike | nobody:
                filled, word, used = put_bits(words, filled, word, used, common[0], common[1])
                crossed += alike
                alone += nobody
            elif value & 15 == CROSSED and few:  # rare: at another crossing from here on
                planned = value & 0xFF0F
                filled, word, used = write(words, filled, word, used, _CROSSING, _CROSSING_BITS, value >> 8)
                filled, word, used = put_bits(words, filled, word, used, common[0], common[1])
                crossed += 1
            else:
                filled, word, used = write(words, filled, word, used, _OTHER, _VALUE_BITS, value)
                kinds[value & 15] += 1
    if absent > 0:
        filled, word, used = write(words, filled, word, used, _MANY, _VALUE_BITS, absent)
    kinds[NONE] += absent + alone
    kinds[CROSSED] += crossed
    words[filled] = word
    return filled + 1


@kernel
def write(words, filled, word, used, ones, length, number):
    """Add a code with a number to the stream."""
    bits = (U64(number) << U64(ones + 1)) | U64((1 << ones) - 1)
    return put_bits(words, filled, word, used, bits, U64(ones + 1 + length))


@kernel
def put_bits(words, filled, word, used, bits, length):
    """Add up to 22 bits. A stream: how many words are filled, the one under way, how much of it is used."""
    word |= bits << used
    words[filled] = word
    full = used + length >= U64(64)
    if full:
        word = (bits >> U64(1)) >> (U64(63) - used)
    return filled + np.int64(full), word, (used + length) & U64(63)


@kernel
def unpack_outcomes(words, values):
    """Inverse of :func:`pack_outcomes`: fill ``values`` uint16 [N] from the words.

    Returns how many values were found: N, or another number if the words are damaged.
    """
    place, end, at, last = np.int64(0), values.shape[0], np.int64(0), 64 * words.shape[0]
    planned = np.int64(CROSSED)
    while place < end and at < last:
        bits = bits_at(words, at)
        ones = 0
        while bits & U64(1) and ones <= _CROSSING:
            bits >>= U64(1)
            ones += 1
        length = 0
        if ones >= _OTHER:
            length = _CROSSING_BITS if ones == _CROSSING else _VALUE_BITS
        number = np.int64((bits >> U64(1)) & U64((1 << length) - 1))
        at += ones + 1 + length
        if ones > _CROSSING or at > last or (ones == _MANY and place + number > end):
            return np.int64(-1)
        if ones == _CROSSING:
            planned = CROSSED | (number << 8)
        elif ones == _MANY:
            for _ in range(number):
                values[place] = NONE
                place += 1
        else:
            value = number if ones == _OTHER else NONE
            if ones < _OTHER and ones != _ABSENT:
                value = planned | ((ones + 1 - np.int64(ones == _THREE)) << 4)
            values[place] = value
            place += 1
    return place if last - at <= 64 else np.int64(-1)


@kernel
def bits_at(words, at):
    """The stream from bit ``at`` on, 32 bits or more."""
    word, shift = at >> 6, U64(at & 63)
    bits = words[word] >> shift
    if shift > U64(32) and word + 1 < words.shape[0]:
        bits |= words[word + 1] << (U64(64) - shift)
    return bits


@kernel
def join_outcomes(without, with_closure, states, counts, same):
    """Count the pairs of two lists of final outcomes, uint16 [N] each.

    ``states`` uint16 [65536]: the state of every outcome, S of them in all; ``counts`` int64 [S, S, 16]:
    state without, state with the closure, people; ``same`` int64 [65536] room, all zero. Returns how many
    differ.
    """
    differ = np.int64(0)
    for place in range(without.shape[0]):
        before, after = np.int64(without[place]), np.int64(with_closure[place])
        if before == after:
            same[before] += 1
        else:  # who does not travel may have no size
            people = ((before if before & 15 != NONE else after) >> 4) & 15
            counts[states[before], states[after], people] += 1
            differ += 1
    for value in range(same.shape[0]):
        if same[value] > 0:
            counts[states[value], states[value], (value >> 4) & 15] += same[value]
    return differ
