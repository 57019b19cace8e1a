"""The report: one self-contained HTML file about a closure, for planners and journalists.

The package can be called: ``garita.report(change, "report.html")`` is :func:`write`.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from garita.errors import Problem, ResultsError, file_name, register_messages

if TYPE_CHECKING:
    from garita.outcomes import Comparison

register_messages(
    {
        "report-not-a-file": ("the report cannot be written here: this is no file", "Name a file to write."),
    }
)

__all__ = ["write"]


def write(comparison: Comparison, path: str | Path, case: Any | None = None) -> Path:
    """Write the report of a comparison as one HTML file and return its path.

    The file asks nothing of any server and works from a disk. ``case`` (a :class:`garita.scenario.Case`) adds
    the question, the inputs with their sources, and the scenario's text. Folders are made as needed; the file
    is written under a temporary name and renamed, so that an interrupted write leaves no half a report.
    Raises ResultsError if a folder or a device stands there.
    """
    target = Path(path)
    if target.exists() and not target.is_file():  # a device would be replaced by the file
        raise ResultsError(Problem("report-not-a-file", {}, file_name(target)))
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.tmp")
    with _no_collection():
        temporary.write_text(_text(comparison, case), encoding="utf-8", newline="\n")
    temporary.replace(target)
    return target


def _text(comparison: Comparison, case: Any | None) -> str:
    from garita.report.render import page_of  # Jinja is imported when a report is written, not before
    from garita.report.view import story_of

    return page_of(story_of(comparison, case))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without the collector of reference cycles: a page is a hundred thousand small texts and has none, and
    each look through everything that is loaded takes a sixth of the time.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


class _Report(ModuleType):
    """A module that can be called, so that the package and the public function share one name."""

    def __call__(self, comparison: Comparison, path: str | Path, case: Any | None = None) -> Path:
        return write(comparison, path, case)


sys.modules[__name__].__class__ = _Report
