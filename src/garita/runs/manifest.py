"""What a result says of where it comes from."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from garita import __version__
from garita.engine.cache import engine_digest
from garita.outcomes import RunPart
from garita.outcomes.outcome import Condensed

RESULT_VERSION = 1
PACKAGES = ("numpy", "numba", "llvmlite", "scipy", "pydantic", "ruamel.yaml", "duckdb", "pandas")


def versions() -> dict[str, str]:
    """Versions of Garita, Python and the packages that results may depend on."""
    found = {
        "garita": __version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": platform.system(),
    }
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def part_digest(part: RunPart, condensed: Condensed) -> str:
    """SHA-256 (hex) of the books of one replication; histograms and final outcomes as they are kept."""
    digest = hashlib.sha256()
    tables = {name: getattr(part, name) for name in ("bins", "ledger", "gross", "diverted", "travel_extra")}
    if part.stations is not None:
        tables["stations"] = part.stations
    if part.officers is not None:
        tables["officers"] = part.officers
    tables |= {"hist_at": condensed.hist[0], "hist": condensed.hist[1]}
    for name, array in tables.items():
        digest.update(name.encode("utf-8") + str(array.shape).encode("utf-8"))
        for rows in array if array.ndim > 1 else [array]:  # a copy of a row is small
            digest.update(np.ascontiguousarray(rows).data)
    digest.update(condensed.finals)
    return digest.hexdigest()


def combined(digests: list[str]) -> str:
    """One digest of the parts in the order of replications."""
    return hashlib.sha256("".join(digests).encode("utf-8")).hexdigest()


def manifest(case: Any, variant: str, seed: int, replications: int) -> dict[str, Any]:
    """What is known before the first replication."""
    return {
        "result_version": RESULT_VERSION,
        "scenario": case.name,
        "title": case.scenario.title,
        "variant": variant,
        "scenario_digest": case.digest,
        "region_digest": case.tables.digest if case.tables is not None else None,
        "engine_digest": engine_digest(),
        "seed": seed,
        "replications": replications,
        "versions": versions(),
        "region": case.tables.id if case.tables is not None else None,
    }
