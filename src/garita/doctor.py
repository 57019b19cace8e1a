"""What `garita doctor` looks at: whether this machine can run simulations, and what to do where it cannot."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from garita import __version__
from garita.errors import GaritaError, counted

OLDEST_PYTHON = (3, 11)
LIBRARIES = (
    "numpy",
    "numba",
    "scipy",
    "pydantic",
    "ruamel.yaml",
    "duckdb",
    "pandas",
    "jinja2",
    "typer",
    "rich",
)
LEAST_MEMORY_GB = 1.0


class Check(NamedTuple):
    """One thing looked at: what was found, whether it is fine, and what to do if not."""

    name: str
    found: str
    fine: bool
    remedy: str = ""


def examine() -> Iterator[Check]:
    """Look at everything, one check after the other; nothing is changed on the machine."""
    yield Check("Garita", __version__, True)
    yield _python()
    yield _libraries()
    yield _cores()
    yield _memory()
    yield _compile_cache()
    yield _time_zones()
    yield _packaged()
    yield _self_check()


def _python() -> Check:
    found = f"{platform.python_version()} ({platform.system()} {platform.machine()})"
    wanted = ".".join(map(str, OLDEST_PYTHON))
    return Check(
        "Python", found, sys.version_info >= OLDEST_PYTHON, f"Garita needs Python {wanted} or newer."
    )


def _libraries() -> Check:
    found, missing = [], []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    return Check(
        "Libraries", ", ".join(found), not missing, f"Install Garita again; missing: {', '.join(missing)}."
    )


def cores() -> int:
    """Cores this process may use, which in a container can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):  # Linux only
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _cores() -> Check:
    return Check("Cores", str(cores()), True)


def memory_gb() -> float | None:
    """Memory of the machine in GB; None where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        return None


def _memory() -> Check:
    total = memory_gb()
    if total is None:
        return Check("Memory", "not known on this system", True)
    return Check(
        "Memory", f"{total:.1f} GB", total >= LEAST_MEMORY_GB, f"At least {LEAST_MEMORY_GB:g} GB is wanted."
    )


def _compile_cache() -> Check:
    """Compiled kernels are kept in a user folder; without it every start compiles anew."""
    from garita.engine.cache import machine_code_folder, user_cache_folder

    folder = machine_code_folder()
    if folder is not None:
        return Check("Compile cache", str(folder), True)
    remedy = "Each start compiles anew. Set GARITA_CACHE_DIR to a folder that can be written to."
    return Check("Compile cache", f"{user_cache_folder()} cannot be written to", False, remedy)


def _time_zones() -> Check:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    remedy = "Install the package tzdata."
    try:
        zone = ZoneInfo("America/Los_Angeles")
    except (ZoneInfoNotFoundError, OSError) as error:
        return Check("Time zones", str(error), False, remedy)
    offset = datetime(2018, 11, 25, 11, 30, tzinfo=zone).utcoffset()
    return Check("Time zones", "America/Los_Angeles and others", offset == timedelta(hours=-8), remedy)


def _packaged() -> Check:
    from garita import reference, scenario

    remedy = "The installation is incomplete or was changed; install Garita again."
    try:
        cases = [scenario.load(name).name for name in scenario.packaged_cases()]
        regions = [reference.load_region(name).id for name in reference.regions()]
    except GaritaError as error:
        return Check("Packaged data", str(error), False, remedy)
    return Check(
        "Packaged data",
        f"{counted(len(regions), 'region')}, {counted(len(cases), 'case')}",
        bool(cases and regions),
        remedy,
    )


def _self_check() -> Check:
    """Two runs of a small scenario must agree to the last bit; each run checks that nobody gets lost."""
    from garita import runs, scenario, starter

    remedy = "Please report this, with the lines above."
    case = scenario.loads(starter.small_text())
    try:
        first, second = (runs.run(case, replications=1, workers=1) for _ in range(2))
    except GaritaError as error:
        return Check("Small run", str(error), False, remedy)
    same = bool((first.ledger == second.ledger).all() and first.finals == second.finals)
    people = int(first.ledger[..., 1].sum())
    return Check("Small run", f"{people} people, twice the same" if same else "two runs differ", same, remedy)
