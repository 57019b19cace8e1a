"""Every packaged case can be read, says where its figures come from, and stands in the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from garita.scenario import load, packaged_cases
from garita.scenario.merge import packaged_path

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cases.md"


@pytest.mark.parametrize("name", packaged_cases())
def test_a_packaged_case_is_whole(name: str) -> None:
    case = load(name)
    assert case.warnings == []
    assert case.scenario.question
    case.resolve(0)
    told = packaged_path(name).with_name("SOURCES.md").read_text(encoding="utf-8")
    assert f"`{name}`" in told.splitlines()[0]
    for closure in case.scenario.closures:
        assert closure.source and closure.name
    assert f"`{name}`" in PAGE.read_text(encoding="utf-8")
