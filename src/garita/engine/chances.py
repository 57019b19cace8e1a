"""Numbers of people by chance, for many histories side by side: keyed, whole, and the same in every variant.

Each history has one number between 0 and 1 for each purpose and day (Threefry, as everywhere in the engine),
and the number of people is the quantile of the binomial distribution there. So histories that differ little
draw alike, and no draw moves another one.
"""

from __future__ import annotations

import hashlib
import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from garita.engine.random import TWO_52, U64, threefry

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

_12, _32 = U64(12), U64(32)
JOURNEY_DAYS = U64(160)  # purpose; see garita.engine.random
SMALL_VARIANCE = 6.0
_MANY = 1_000_000


def hashed(words: str) -> np.uint64:
    """What a purpose is called, as a word."""
    return U64(int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8).digest(), "little"))


class Luck(NamedTuple):
    """Uniform numbers in (0, 1), and the normal quantiles there."""

    u: Floats
    z: Floats

    def on(self, day: int) -> Luck:
        """Those of one day."""
        return Luck(self.u[day], self.z[day])

    def flat(self) -> Luck:
        """Those of all days in a row."""
        return Luck(self.u.reshape(-1), self.z.reshape(-1))


class Draws:
    """Luck [days, histories] for each purpose; ``replications`` are those of the histories."""

    def __init__(self, seed: int, replications: Whole, days: int) -> None:
        self.seed = U64(seed)
        known, self.which = np.unique(replications, return_inverse=True)  # variants share their draws
        self.replications = known.astype(np.uint64)
        self.steps = (np.arange(days, dtype=np.uint64) << _32) | JOURNEY_DAYS
        self.known: dict[str, Luck] = {}

    def of(self, purpose: str) -> Luck:
        """Luck for one purpose, [days, histories]."""
        if purpose not in self.known:
            word, _ = threefry(self.seed, self.replications[None, :], hashed(purpose), self.steps[:, None])
            u = ((word >> _12).astype(np.float64) + 0.5) * TWO_52
            self.known[purpose] = Luck(u[:, self.which], normal_quantile(u)[:, self.which])
        return self.known[purpose]


def binomial(n: Any, p: Any, luck: Luck) -> Whole:
    """The quantile at ``luck.u`` of how many of ``n`` people do what each does with chance ``p``.

    Exact by summing up where the variance is small, else the normal quantile with the correction for skewness
    (Cornish and Fisher 1938), which is off by less than 1 where it is off at all.
    """
    n, p = np.asarray(n, np.int64), np.asarray(p, np.float64)
    found = np.zeros(luck.u.shape, np.int64)
    np.copyto(found, n, where=p >= 1.0)
    some = np.flatnonzero((n > 0) & (p > 0.0) & (p < 1.0) & (luck.u > 0.0))
    if len(some):
        given = (
            each if each.shape == luck.u.shape else np.broadcast_to(each, luck.u.shape) for each in (n, p)
        )
        found[some] = _inner(*(each[some] for each in (*given, *luck)))
    return found


def _inner(n: Whole, p: Floats, u: Floats, z: Floats) -> Whole:
    flipped = p > 0.5
    p, u, z = np.where(flipped, 1.0 - p, p), np.where(flipped, 1.0 - u, u), np.where(flipped, -z, z)
    mean = n * p
    variance = mean * (1.0 - p)
    wanted = np.rint(mean + z * np.sqrt(variance) + (1.0 - 2.0 * p) * (z * z - 1.0) / 6.0)
    small = np.flatnonzero(variance < SMALL_VARIANCE)
    if len(small):
        wanted[small] = _summed(n[small], p[small], u[small])
    found = np.clip(wanted.astype(np.int64), 0, n)
    return np.where(flipped, n - found, found)


def _summed(n: Whole, p: Floats, u: Floats) -> Floats:
    """Exact quantiles where few are expected: all probabilities up to far in the tail."""
    most = int(min(n.max(), math.ceil(float((n * p).max()) + 12.0 * math.sqrt(SMALL_VARIANCE) + 12.0)))
    k = np.arange(1, most + 1)
    none = np.array([math.exp(a * math.log1p(-b)) for a, b in zip(n.tolist(), p.tolist(), strict=True)])
    ratio = np.maximum(n[:, None] - k + 1, 0) / k * (p / (1.0 - p))[:, None]
    below = none[:, None] * np.cumprod(np.concatenate((np.ones((len(n), 1)), ratio), axis=1), axis=1)
    return (u[:, None] > np.cumsum(below, axis=1)).sum(axis=1).astype(np.float64)


def poisson(mean: Any, luck: Luck) -> Whole:
    """The quantile at ``luck.u`` of a number of people who come by themselves, ``mean`` on average."""
    mean = np.asarray(mean, np.float64)
    many = np.maximum(_MANY, np.ceil(1000.0 * mean)).astype(np.int64)
    return binomial(many, mean / many, luck)


def split(n: Whole, chances: list[Floats], draws: list[Luck]) -> list[Whole]:
    """How many do each of several things that exclude one another; ``chances`` [histories] sum to 1."""
    left, gone = n.copy(), np.zeros(len(n))
    found = []
    for chance, luck in zip(chances, draws, strict=True):
        of_those_left = np.clip(chance / np.maximum(1.0 - gone, 1e-12), 0.0, 1.0)
        of_those_left[of_those_left > 1.0 - 1e-9] = 1.0  # the last of them takes who is left
        some = binomial(left, of_those_left, luck)
        left, gone = left - some, gone + chance
        found.append(some)
    return found


def in_proportion(n: Whole, of: Whole) -> Whole:
    """``n`` [histories] people divided in proportion to ``of`` [histories, K]: whole numbers, none above it.

    Running sums are rounded down, so what is divided is always all. All of ``of`` where ``n`` is more.
    """
    up_to = np.cumsum(of, axis=1)
    total = up_to[:, -1:]
    shared = up_to * np.minimum(n[:, None], total) // np.maximum(total, 1)
    return np.diff(shared, axis=1, prepend=0)


_A = (
    3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
    1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
    3.3430575583588128105e4, 2.5090809287301226727e3,
)  # fmt: skip
_B = (
    1.0, 4.2313330701600911252e1, 6.8718700749205790830e2,
    5.3941960214247511077e3, 2.1213794301586595867e4, 3.9307895800092710610e4,
    2.8729085735721942674e4, 5.2264952788528545610e3,
)  # fmt: skip
_C = (
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
    3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
    2.27238449892691845833e-2, 7.74545014278341407640e-4,
)  # fmt: skip
_D = (
    1.0, 2.05319162663775882187e0, 1.67638483018380384940e0,
    6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2,
    5.47593808499534494600e-4, 1.05075007164441684324e-9,
)  # fmt: skip
_E = (
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
    2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
    2.71155556874348757815e-5, 2.01033439929228813265e-7,
)  # fmt: skip
_F = (
    1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1,
    1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5,
    1.42151175831644588870e-7, 2.04426310338993978564e-15,
)  # fmt: skip


def normal_quantile(u: Floats) -> Floats:
    """Quantile of the standard normal distribution (Wichura 1988, AS 241, PPND16)."""
    shape, u = u.shape, u.reshape(-1)
    q = u - 0.5
    found: Floats = np.empty_like(q)
    centre = np.abs(q) <= 0.425
    r = 0.180625 - q[centre] * q[centre]
    found[centre] = q[centre] * _ratio(_A, _B, r)
    tail = np.flatnonzero(~centre)
    if len(tail):
        least = np.minimum(u[tail], 1.0 - u[tail])
        # math.log: NumPy's own differs from machine to machine in the last digit
        r = np.sqrt([-math.log(each) for each in least.tolist()])
        value = np.where(r <= 5.0, _ratio(_C, _D, r - 1.6), _ratio(_E, _F, r - 5.0))
        found[tail] = np.where(q[tail] < 0.0, -value, value)
    return found.reshape(shape)


def _ratio(above: tuple[float, ...], below: tuple[float, ...], x: Floats) -> Floats:
    """One polynomial divided by another."""
    top, bottom = np.zeros_like(x), np.zeros_like(x)
    for a, b in zip(reversed(above), reversed(below), strict=True):
        top, bottom = top * x + a, bottom * x + b
    return top / bottom
