"""The page of the packaged regions is what the tables say."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_of_regions_is_current() -> None:
    spec = importlib.util.spec_from_file_location("regions_page", ROOT / "scripts" / "regions_page.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    written = script.PAGE.read_text(encoding="utf-8")
    assert written == script.page(), "run scripts/regions_page.py"
