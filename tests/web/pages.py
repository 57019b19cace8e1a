"""What the tests of a page of one file share: its words, and that it opens on a screen and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from web.devtools import Browser


def words(html: str) -> str:
    """What stands on a page, without its elements."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def opens_everywhere(path: Path, look: Callable[[Browser, int], None]) -> None:
    """Open a page on a screen and on a phone and look at each (the browser, the width in pixels).

    Nothing sticks out, no message is logged, nothing is asked of a server.
    """
    with Browser() as browser:
        for width in (1280, 390):
            browser.resize(width, 900, mobile=width < 500)
            browser.open(path)
            assert browser.run("document.documentElement.scrollWidth") <= width
            look(browser, width)
        assert browser.console == []
        assert [one for one in browser.requests if not one.startswith(("file:", "data:"))] == []
