"""Puts the results into docs/reference/benchmarks.md, between two marks; all other text is written by hand.

``python -m benchmarks.docs_page`` does so with the results that were kept last.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.tables import sections

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "benchmarks.md"
LATEST = Path(__file__).with_name("results") / "latest.json"
BEGIN = "<!-- results: written by `python -m benchmarks --write-docs`, do not edit -->\n"
END = "<!-- end of results -->\n"


def filled(page: str, result: Mapping[str, Any]) -> str:
    """The page with these results. Raises ``ValueError`` if the marks are not there, once and in order."""
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(END) < page.index(BEGIN):
        raise ValueError(f"the page needs the lines\n{BEGIN}{END}once and in this order")
    before, _, rest = page.partition(BEGIN)
    results = re.sub("^## ", "### ", sections(result), flags=re.MULTILINE)
    return f"{before}{BEGIN}\n{results}\n{END}{rest.partition(END)[2]}"


def write_docs(result: Mapping[str, Any], page: Path = PAGE) -> None:
    """Replace what stands between the marks."""
    page.write_text(filled(page.read_text(encoding="utf-8"), result), encoding="utf-8")


if __name__ == "__main__":
    write_docs(json.loads(LATEST.read_text(encoding="utf-8")))
