"""What all tests share: which are slow, where Chromium is, and a compile cache that outlives a test run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# The same examples every time, so that no failure is luck; HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything under tests/slow/ is slow."""
    for item in items:
        if TESTS / "slow" in item.path.parents:
            item.add_marker(pytest.mark.slow)


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
