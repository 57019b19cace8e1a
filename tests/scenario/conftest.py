"""A small region that stands in for the packaged one, so that these tests depend on no table."""

from __future__ import annotations

import pytest

from scenario.region_fake import fake_region


@pytest.fixture(autouse=True)
def region(monkeypatch):
    """The packaged region `san-diego-tijuana`, cut down to names."""
    tables = fake_region()
    monkeypatch.setattr("garita.scenario.region.packaged_regions", lambda: [tables.id])
    monkeypatch.setattr("garita.scenario.region.load_tables", lambda name: tables)
    return tables
