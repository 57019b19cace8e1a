"""Quantile functions of the distributions a quantity may have; plain floats, no library.

Gamma and Erlang invert the regularised incomplete gamma function (series and continued fraction, Abramowitz
& Stegun 6.5.29 and 6.5.31) by bisection.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist

# distribution -> (each of these is needed, as one of several), (these may be given)
PARAMETERS: dict[str, tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]] = {
    "normal": ((("mean",), ("sd", "cv")), ()),
    "lognormal": ((("mean",), ("sd", "cv")), ()),
    "uniform": ((("low",), ("high",)), ()),
    "triangular": ((("low",), ("mode",), ("high",)), ()),
    "exponential": ((("mean",),), ()),
    "erlang": ((("mean",), ("shape",)), ()),
    "gamma": ((("mean",), ("shape", "sd", "cv")), ()),
    "deterministic": ((("mean",),), ()),
}


def quantile(name: str, given: Mapping[str, float], u: float) -> float:
    """The value below which a share ``u`` in (0, 1) of the distribution lies."""
    mean = given.get("mean", 0.0)
    spread = given["sd"] if "sd" in given else given.get("cv", 0.0) * abs(mean)
    if name == "normal":
        return mean + spread * NormalDist().inv_cdf(u)
    if name == "lognormal":
        variance = math.log1p((spread / mean) ** 2)
        return mean * math.exp(math.sqrt(variance) * NormalDist().inv_cdf(u) - variance / 2.0)
    if name == "uniform":
        return given["low"] + u * (given["high"] - given["low"])
    if name == "triangular":
        return _triangular(given["low"], given["mode"], given["high"], u)
    if name == "exponential":
        return -mean * math.log1p(-u)
    if name in ("erlang", "gamma"):
        shape = given["shape"] if "shape" in given else (mean / spread) ** 2
        return mean / shape * gamma_quantile(shape, u)
    return mean


def _triangular(low: float, mode: float, high: float, u: float) -> float:
    if high == low:
        return low
    if u * (high - low) <= mode - low:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))


def gamma_quantile(shape: float, u: float) -> float:
    """Quantile of the gamma distribution with that shape and scale 1."""
    # P(shape, x) <= x^shape / Gamma(shape + 1), so the quantile is at least this:
    low = high = math.exp((math.log(u) + math.lgamma(shape + 1.0)) / shape)
    if low == 0.0:
        return 0.0
    while lower_gamma(shape, high) < u:
        high *= 2.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if lower_gamma(shape, middle) < u:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def lower_gamma(shape: float, x: float) -> float:
    """Regularised lower incomplete gamma function P(shape, x)."""
    if x <= 0.0:
        return 0.0
    front = math.exp(-x + shape * math.log(x) - math.lgamma(shape))
    if x < shape + 1.0:
        term = total = 1.0 / shape
        n = shape
        while abs(term) > abs(total) * 1e-16:
            n += 1.0
            term *= x / n
            total += term
        return min(1.0, total * front)
    b = x + 1.0 - shape
    c, d = 1e300, 1.0 / b
    h = d
    for i in range(1, 100_000):  # Lentz's method
        a = -i * (i - shape)
        b += 2.0
        d = 1.0 / _nonzero(a * d + b)
        c = _nonzero(b + a / c)
        h *= d * c
        if abs(d * c - 1.0) < 1e-15:
            break
    return max(0.0, 1.0 - front * h)


def _nonzero(x: float) -> float:
    return x if abs(x) > 1e-300 else 1e-300
