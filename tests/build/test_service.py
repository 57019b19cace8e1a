"""Quantile tables of service times: exact means, spreads within half a per cent, the right shapes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numba import njit
from scipy import stats

from garita.build import service as service_times
from garita.build.service import LEVELS, Service, quantile_table, stack, table_mean
from garita.engine import cache
from garita.engine.types import QUANTILE_CELLS

SERVICES = {
    "exponential": Service("exponential", 0.8),
    "deterministic": Service("deterministic", 1.5),
    **{f"erlang {k}": Service("erlang", 2.0, k) for k in (1, 2, 3, 8, 30)},
    **{f"gamma {k}": Service("gamma", 0.6, k) for k in (0.5, 0.8, 1.7, 4.0)},
    **{f"gamma cv {cv}": Service("gamma", 0.6, None, cv) for cv in (0.2, 0.7, 1.3)},
    **{f"lognormal {cv}": Service("lognormal", 0.75, None, cv) for cv in (0.1, 0.4, 0.6, 0.7, 1.0, 1.5)},
}
EMPIRICAL = Service("empirical", values=(0.5, 2.0, 1.0), weights=(1.0, 1.0, 2.0))


def theory(service):
    """The distribution as SciPy has it."""
    if service.distribution == "exponential":
        return stats.expon(scale=service.mean)
    if service.distribution == "lognormal":
        spread = math.sqrt(math.log1p(service.cv**2))
        return stats.lognorm(spread, scale=service.mean * math.exp(-(spread**2) / 2.0))
    shape = service.shape if service.shape is not None else 1.0 / service.cv**2
    return stats.gamma(shape, scale=service.mean / shape)


def moments(table):
    """Mean and coefficient of variation of what linear interpolation gives, cell by cell."""
    mean, square, width = 0.0, 0.0, 1.0 / QUANTILE_CELLS
    for level in range(LEVELS):
        low, high = table[level, :-1], table[level, 1:]
        cells = slice(None) if level == LEVELS - 1 else slice(-1)
        mean += width * ((low + high) / 2.0)[cells].sum()
        square += width * ((low**2 + low * high + high**2) / 3.0)[cells].sum()
        width /= QUANTILE_CELLS
    return mean, math.sqrt(max(0.0, square - mean**2)) / mean


@pytest.mark.parametrize("name", SERVICES)
def test_the_mean_is_exact_and_the_spread_nearly(name):
    service = SERVICES[name]
    mean, cv = moments(quantile_table(service))
    assert mean == pytest.approx(service.mean, rel=1e-12)
    assert table_mean(quantile_table(service)) == pytest.approx(service.mean, rel=1e-12)
    if service.distribution == "deterministic":
        assert cv < 1e-6
    else:
        true = theory(service)
        assert cv == pytest.approx(true.std() / true.mean(), rel=0.005)


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "deterministic"])
def test_quantiles_are_those_of_the_distribution(name):
    service, table = SERVICES[name], quantile_table(SERVICES[name])
    true = theory(service)
    steps = np.arange(QUANTILE_CELLS + 1) / QUANTILE_CELLS
    for level in range(LEVELS):
        u = 1.0 - QUANTILE_CELLS ** -float(level) * (1.0 - steps)
        inner = (u > 0.004) & (u < 1.0 - 1e-9)
        assert table[level, inner] == pytest.approx(true.ppf(u[inner]), rel=0.01)
        assert (np.diff(table[level]) >= 0.0).all()
    assert (table >= 0.0).all() and np.isfinite(table).all()


def test_levels_meet():
    """The last cell of a level spans exactly the next level."""
    for service in SERVICES.values():
        table = quantile_table(service)
        for level in range(LEVELS - 1):
            assert table[level + 1, 0] == pytest.approx(table[level, -2], rel=1e-9)


def test_observed_times_are_drawn_as_often_as_seen():
    table = quantile_table(EMPIRICAL)
    assert EMPIRICAL.mean_minutes == pytest.approx(1.125)
    assert moments(table)[0] == pytest.approx(1.125, rel=1e-12)
    variance = 0.25 * 0.5**2 + 0.5 * 1.0**2 + 0.25 * 2.0**2 - 1.125**2
    assert moments(table)[1] == pytest.approx(math.sqrt(variance) / 1.125, rel=0.01)
    body = table[0]
    assert [np.median(body[a:b]) for a, b in ((0, 60), (70, 190), (200, 255))] == pytest.approx(
        [0.5, 1, 2], rel=0.01
    )


def test_one_observed_time_is_deterministic():
    table = quantile_table(Service("empirical", values=(0.7,)))
    assert table == pytest.approx(np.full_like(table, 0.7), rel=1e-12)


def test_many_observed_times():
    generator = np.random.default_rng(3)
    values = tuple(generator.gamma(2.0, 0.5, 5_000))
    mean, cv = moments(quantile_table(Service("empirical", values=values)))
    assert mean == pytest.approx(np.mean(values), rel=1e-9)
    assert cv == pytest.approx(np.std(values) / np.mean(values), rel=0.01)


def test_equal_services_share_a_table():
    found = stack([SERVICES["exponential"], SERVICES["erlang 3"], SERVICES["exponential"]])
    assert found.shape == (3, LEVELS, QUANTILE_CELLS + 1)
    assert (found[0] == found[2]).all() and (found[0] != found[1]).any()


@pytest.mark.compiled
def test_drawing_from_the_tables():
    """The kernel that reads them: moments of a hundred thousand draws at equal steps, and both ends."""
    from garita.engine import parties
    from garita.engine.compiling import compiled

    quantile = compiled(parties.quantile)

    @njit
    def read(table, shares, found):
        for i in range(len(shares)):
            found[i] = quantile(table, shares[i])

    u = (np.arange(100_000) + 0.5) / 100_000
    found = np.zeros(len(u))
    for name in ("exponential", "lognormal 0.7", "erlang 3"):
        service = SERVICES[name]
        read(quantile_table(service), u, found)
        assert found.mean() == pytest.approx(service.mean, rel=1e-3)
        assert (np.diff(found) >= 0.0).all()
        assert np.allclose(found[u > 0.01], theory(service).ppf(u[u > 0.01]), rtol=0.02)
        ends = np.zeros(3)
        read(quantile_table(service), np.array([2.0**-33, 1.0 - 2.0**-33, 1.0 - 2.0**-54]), ends)
        assert 0.0 <= ends[0] < 0.15 * service.mean  # the mean of the lowest cell, not the least value
        assert theory(service).ppf(1.0 - 2.0**-33) == pytest.approx(ends[1], rel=0.1)
        assert np.isfinite(ends).all()


def test_tables_are_kept_for_the_next_start(tmp_path, monkeypatch):
    """Bit by bit, without SciPy; a table of another length is made anew."""
    monkeypatch.setenv("GARITA_CACHE_DIR", str(tmp_path))
    cache.machine_code_folder.cache_clear()
    service_times._kept.clear()
    made = quantile_table(SERVICES["erlang 3"])
    [path] = cache.machine_code_folder().iterdir()
    with monkeypatch.context() as without:
        without.setattr(service_times, "_table", None)
        again = quantile_table(SERVICES["erlang 3"])
    assert again.tobytes() == made.tobytes() and again.flags.writeable
    cache.keep(path.name, b"short")
    assert quantile_table(SERVICES["erlang 3"]).tobytes() == made.tobytes()
    for mean in range(1, 2 * service_times._MOST_KEPT):
        quantile_table(Service("lognormal", float(mean), None, 0.5))
    assert len(list(path.parent.iterdir())) == service_times._MOST_KEPT
    cache.machine_code_folder.cache_clear()
