"""What all tests share: which are slow, where Chromium is, the packaged case's runs, and one compilation."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# These simulate nothing, so they come first: meanwhile the engine is compiled beside them.
WITHOUT_ENGINE = ("scenario", "reference", "sources", "outcomes", "fit", "faults", "web")

# The same examples every time, so that no failure is luck; HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def simulates(item: pytest.Item) -> bool:
    """Whether a test may need the compiled engine: all but those known not to."""
    parts = item.path.relative_to(TESTS).parts
    return len(parts) > 1 and parts[0] not in WITHOUT_ENGINE


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything under tests/slow/ is slow; those that simulate come last."""
    for item in items:
        if TESTS / "slow" in item.path.parents:
            item.add_marker(pytest.mark.slow)
    items.sort(key=simulates)


# The compiled engine, in a process of its own, into the cache that all tests read: whichever test needs it
# meanwhile waits for it (garita.engine.cache.alone). Only slow tests need the form with everything.
COMPILING: list[subprocess.Popen[bytes]] = []


def pytest_runtestloop(session: pytest.Session) -> None:
    """Compile while tests that do not simulate run, if there are any."""
    if session.config.option.collectonly or session.testsfailed or not session.items:
        return
    first = os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0"
    if first and simulates(session.items[-1]) and not simulates(session.items[0]):
        forms = ["all"] if any(item.get_closest_marker("slow") for item in session.items) else []
        COMPILING.append(
            subprocess.Popen(
                [sys.executable, str(TESTS / "compile_engine.py"), *forms],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )


def pytest_sessionfinish() -> None:
    for process in COMPILING:
        process.terminate()
        process.wait()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; the test is skipped where there is none."""
    named = os.environ.get("CHROMIUM")
    for name in (named, *CHROMIUM) if named else CHROMIUM:
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium on this machine: the page is not opened")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data beside the project; the test is skipped where there is none."""
    folder = TESTS.parents[1] / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("no ../shared/data on this machine")
    return folder


@pytest.fixture(scope="session")
def san_ysidro() -> tuple[Any, Any]:
    """The packaged case with and without its closures, two replications, its own seed."""
    from garita import runs, scenario

    with_closure, without = runs.run_pair(scenario.load("san-ysidro-2018"), replications=2)
    return with_closure, without
