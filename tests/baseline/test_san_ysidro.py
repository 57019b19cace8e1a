"""The packaged case gives the numbers it gave: what changes them is seen, and said in the change log.

    GARITA_UPDATE_BASELINES=1 pytest tests/baseline      writes what the program gives now

Bits are promised for one set of versions on Linux x86-64; elsewhere the figures agree to 1e-9.
"""

from __future__ import annotations

import json
import math
import os
import platform
from pathlib import Path

import pytest

from garita.engine import types
from garita.outcomes.fields import GROSS, KINDS
from garita.runs.manifest import versions

NAME = "san-ysidro-2018"
STORED = Path(__file__).with_name(f"{NAME}.json")
EXACT = ("python", "machine", "system", "numpy", "numba", "llvmlite", "scipy")


def figures(outcome):
    """What a line did on the days reported, by replication."""
    layout, window = outcome.layout, slice(outcome.layout.first_bin, outcome.layout.horizon_bin)
    found = {}
    for f, line in enumerate(layout.flow_ids):
        counts = outcome.counts[:, :, f, window].astype(float)
        found[line] = {
            "arrived": counts[types.ARRIVED].sum(axis=1).tolist(),
            "mean_wait_min": (counts[types.WAIT_SUM].sum(axis=1) / counts[types.WAITED].sum(axis=1)).tolist(),
            "longest_wait_min": counts[types.WAIT_MAX].max(axis=1).tolist(),
            "longest_queue": counts[types.QUEUE_END].max(axis=1).tolist(),
            "booth_hours": (counts[types.OPEN_BOOTH_MIN].sum(axis=1) / 60.0).tolist(),
            "inspection_min": counts[types.INSPECTION_SUM].sum(axis=1).tolist(),
        }
    outcomes = outcome.ledger[..., 0].sum(axis=(1, 3))
    decisions = outcome.gross[..., 0].sum(axis=1)
    found["final outcomes"] = {KINDS[kind]: outcomes[:, kind].tolist() for kind in range(1, types.KINDS)}
    found["decisions"] = {name: decisions[:, row].tolist() for row, name in enumerate(GROSS)}
    found["travel"] = {"extra_person_hours": (outcome.travel_extra.sum(axis=1) / 60.0).tolist()}
    return found


@pytest.fixture(scope="module")
def now(san_ysidro):
    found = {
        "case": NAME,
        "replications": san_ysidro[0].replications,
        "seed": san_ysidro[0].manifest["seed"],
        "versions": {name: versions()[name] for name in EXACT},
        "digests": {outcome.layout.variant: outcome.manifest["digest"] for outcome in san_ysidro},
        "figures": {outcome.layout.variant: figures(outcome) for outcome in san_ysidro},
    }
    if os.environ.get("GARITA_UPDATE_BASELINES") == "1":
        STORED.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def stored(now):
    if not STORED.exists():
        pytest.skip("no baseline is stored: GARITA_UPDATE_BASELINES=1 writes one")
    return json.loads(STORED.read_text(encoding="utf-8"))


def differences(old, new, path=""):
    """Every figure that is not the same to 1e-9."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from differences(old.get(key), new.get(key), f"{path}/{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for i, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, other, f"{path}[{i}]")
    elif isinstance(old, float) and isinstance(new, float):
        if not (math.isclose(old, new, rel_tol=1e-9, abs_tol=1e-9) or (math.isnan(old) and math.isnan(new))):
            yield f"{path}: {old!r} is now {new!r}"
    elif old != new:
        yield f"{path}: {old!r} is now {new!r}"


@pytest.mark.parametrize("variant", ["scenario", "baseline"])
def test_figures_are_those_stored(now, stored, variant):
    assert list(differences(stored["figures"][variant], now["figures"][variant])) == []


def test_bits_are_those_stored(now, stored):
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        pytest.skip("bits are promised on Linux x86-64 only")
    changed = [name for name in EXACT if stored["versions"].get(name) != now["versions"][name]]
    if changed:
        pytest.skip(f"bits are promised for one set of versions; other here: {', '.join(changed)}")
    assert now["digests"] == stored["digests"]


def test_it_is_the_run_that_is_stored(now, stored):
    assert [now[name] for name in ("case", "replications", "seed")] == [NAME, 2, 20181125]
    assert [stored[name] for name in ("case", "replications", "seed")] == [NAME, 2, 20181125]


def test_the_event_changes_something(now):
    assert now["digests"]["scenario"] != now["digests"]["baseline"]
    assert list(differences(now["figures"]["scenario"], now["figures"]["baseline"]))


def test_no_figure_is_missing(now):
    """A line that nobody uses, or a mean of nothing, would hide what it should show."""
    for variant in now["figures"].values():
        for name, found in variant.items():
            for figure, values in found.items():
                assert all(math.isfinite(value) for value in values), (name, figure)
