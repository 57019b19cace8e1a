"""How many of many: binomial, Poisson and hypergeometric numbers, at a cost that hardly grows with them.

Hörmann 1993: "The generation of binomial random variates" (doi 10.1080/00949659308811496), and "The
transformed rejection method for generating Poisson random variables" (doi 10.1016/0167-6687(93)90997-4).
Hypergeometric numbers by inversion from the mode outwards, which takes about a standard deviation of steps.
Draws come from a stream: a key word, a step, and a running number that every draw moves on.
"""

from __future__ import annotations

import math

import numpy as np

from garita.engine.kernel import kernel
from garita.engine.random import counter, minus_log, threefry, uniform

_HALF_LOG_2PI = 0.9189385332046727
_FEW = 10.0
_SHORT = 16


@kernel
def next_pair(seed, replication, stream, place):
    """Two uniforms of the stream of a place; ``stream`` is that of ``cohort_types.Stream``."""
    now = stream.now
    word, other = threefry(seed, replication, stream.key[place], counter(now[0], stream.drawn[place], now[1]))
    stream.drawn[place] += 1
    return uniform(word), uniform(other)


@kernel
def log(x):
    """Natural logarithm of a positive number."""
    return -minus_log(x)


@kernel
def log_factorial(k):
    """log(k!), exact to about 1e-12: a product, or Stirling's series."""
    if k < _SHORT:
        product = 1.0
        for i in range(2, k + 1):
            product *= i
        return log(product)
    x = np.float64(k)
    inverse = 1.0 / x
    square = inverse * inverse
    series = inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square / 1260.0))
    return (x + 0.5) * log(x) - x + _HALF_LOG_2PI + series


@kernel
def binomial(seed, replication, stream, place, n, p):
    """How many of ``n`` with chance ``p`` each."""
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    if p > 0.5:
        return n - small_binomial(seed, replication, stream, place, n, 1.0 - p)
    return small_binomial(seed, replication, stream, place, n, p)


@kernel
def small_binomial(seed, replication, stream, place, n, p):
    """The same for chances up to one half."""
    if n * p >= _FEW:
        return many_binomial(seed, replication, stream, place, n, p)
    u, _ = next_pair(seed, replication, stream, place)
    odds = p / (1.0 - p)
    chance = math.exp(n * log(1.0 - p))
    k = 0
    while u > chance and k < n:
        u -= chance
        k += 1
        chance *= odds * (n - k + 1) / k
    return k


@kernel
def many_binomial(seed, replication, stream, place, n, p):
    """Transformed rejection with squeeze (BTRS), for n p of 10 or more and p up to one half."""
    q = 1.0 - p
    spread = math.sqrt(n * p * q)
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * p
    centre, inner = n * p + 0.5, 0.92 - 4.2 / b
    alpha, odds = (2.83 + 5.1 / b) * spread, log(p / q)
    mode = np.int64((n + 1) * p)
    height = log_factorial(mode) + log_factorial(n - mode)
    while True:
        u, v = next_pair(seed, replication, stream, place)
        u -= 0.5
        us = 0.5 - abs(u)
        k = np.int64(math.floor((2.0 * a / us + b) * u + centre))
        if us >= 0.07 and v <= inner:
            return k
        if k < 0 or k > n:
            continue
        v = log(v * alpha / (a / (us * us) + b))
        if v <= height - log_factorial(k) - log_factorial(n - k) + (k - mode) * odds:
            return k


@kernel
def poisson(seed, replication, stream, place, mean):
    """How many, if they come one by one at a constant rate."""
    if mean >= _FEW:
        return many_poisson(seed, replication, stream, place, mean)
    number, passed = 0, 0.0
    while mean > 0.0:
        u, _ = next_pair(seed, replication, stream, place)
        passed += minus_log(u)
        if passed > mean:
            break
        number += 1
    return number


@kernel
def many_poisson(seed, replication, stream, place, mean):
    """Transformed rejection with squeeze (PTRS), for means of 10 or more."""
    b = 0.931 + 2.53 * math.sqrt(mean)
    a = -0.059 + 0.02483 * b
    alpha, inner = 1.1239 + 1.1328 / (b - 3.4), 0.9277 - 3.6224 / (b - 2.0)
    rate = log(mean)
    while True:
        u, v = next_pair(seed, replication, stream, place)
        u -= 0.5
        us = 0.5 - abs(u)
        k = np.int64(math.floor((2.0 * a / us + b) * u + mean + 0.43))
        if us >= 0.07 and v <= inner:
            return k
        if k < 0 or (us < 0.013 and v > us):
            continue
        if log(v * alpha / (a / (us * us) + b)) <= -mean + k * rate - log_factorial(k):
            return k


@kernel
def hypergeometric(seed, replication, stream, place, n, people, chosen):
    """How many of ``n`` are among ``chosen`` that are drawn from ``people``, the ``n`` included."""
    low, high = max(chosen - (people - n), 0), min(n, chosen)
    if low == high:
        return low
    rest = people - n
    mode = np.int64((n + 1.0) * (chosen + 1.0) / (people + 2.0))
    mode = min(max(mode, low), high)
    at_mode = math.exp(
        log_factorial(n) - log_factorial(mode) - log_factorial(n - mode)
        + log_factorial(rest) - log_factorial(chosen - mode) - log_factorial(rest - chosen + mode)
        - log_factorial(people) + log_factorial(chosen) + log_factorial(people - chosen)
    )  # fmt: skip
    u, _ = next_pair(seed, replication, stream, place)
    down, up, below, above = mode, mode, at_mode, at_mode
    u -= at_mode
    while u > 0.0 and (down > low or up < high):
        if up < high:
            above *= (n - up) * np.float64(chosen - up) / ((up + 1.0) * (rest - chosen + up + 1.0))
            up += 1
            u -= above
            if u <= 0.0:
                return up
        if down > low:
            below *= down * np.float64(rest - chosen + down) / ((n - down + 1.0) * (chosen - down + 1.0))
            down -= 1
            u -= below
            if u <= 0.0:
                return down
    return mode
