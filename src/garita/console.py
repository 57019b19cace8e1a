"""What the command line shows on stderr: problems, notes and progress. Results go to stdout, elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from garita.errors import GaritaError, Problem

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_LINE_EVERY_S = 10.0
"""Seconds between two lines of progress where no bar can be drawn."""

Report = Callable[[int, int], None]
"""What a run calls with (runs done, runs in total)."""


def stderr() -> Console:
    """A console that writes to stderr; plain text when that is not a terminal."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, emoji=False, soft_wrap=not sys.stderr.isatty())


def show_error(error: GaritaError) -> None:
    """Write every problem of ``error`` as one item of a list: its place, what is wrong, what to do."""
    from rich.padding import Padding
    from rich.text import Text

    console = stderr()
    count = len(error.problems)
    console.print(Text("1 problem" if count == 1 else f"{count} problems", style="bold red"))
    for problem in error.problems:
        line = Text("- ")
        if problem.place:
            line.append(f"{problem.place}: ", style="bold")
        line.append(str(problem).removeprefix(f"{problem.place}: "))
        # a terminal gets an indented list, a file or a pipe one line a problem
        console.print(Padding(line, (0, 0, 0, 2)) if console.is_terminal else line)


def show_failure(error: Exception) -> int:
    """Say what went wrong and return the exit code; 1 for what should not have happened."""
    if isinstance(error, GaritaError):
        show_error(error)
        return error.exit_code
    if isinstance(error, OSError) and error.strerror:  # a full disk, a folder that went away
        place = f"{error.filename}: " if error.filename is not None else ""  # without one it was stdout
        stderr().print(f"{place}{error.strerror}", markup=False)
        return 2
    if isinstance(error, MemoryError):
        said = f" ({error})" if str(error) else ""
        stderr().print(
            f"There is not enough memory{said}. Give fewer replications, days or parties.", markup=False
        )
        return 2
    said = f"{type(error).__name__}: {error}".removesuffix(": ")
    stderr().print(
        f"Garita stopped on an error of its own ({said}).\n"
        "Please report it, with the scenario and what the same command prints with --debug.",
        markup=False,
    )
    return 1


def show_warnings(warnings: Iterable[Problem]) -> None:
    """Write what is doubtful but keeps nothing from running."""
    for warning in warnings:
        stderr().print(f"Warning: {warning}", markup=False)


def note(text: str) -> None:
    """A line about what was done, beside the results."""
    stderr().print(text, markup=False)


def duration(seconds: float) -> str:
    """``75`` as ``1:15``, ``3700`` as ``1:01:40``."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


@contextmanager
def progress(what: str) -> Iterator[Report]:
    """Show how many runs are done, of how many, the time gone by and the time left.

    A bar on a terminal; elsewhere a plain line every ten seconds, and none for what is over sooner.
    """
    if sys.stderr.isatty():
        with _bar(what) as report:
            yield report
    else:
        yield _plain_lines(what)


def _plain_lines(what: str, clock: Callable[[], float] = time.monotonic) -> Report:
    began = said = clock()
    first: tuple[float, int] | None = None

    def report(done: int, total: int) -> None:
        nonlocal said, first
        now = clock()
        if first is None:  # until then the engine may have been compiled: not the pace of the rest
            first = now, done
        if now - said < PLAIN_LINE_EVERY_S or done == first[1]:
            return
        said = now
        left = (now - first[0]) * (total - done) / (done - first[1])
        note(f"{what}: {done} of {total} runs, {duration(now - began)} gone by, about {duration(left)} left")

    return report


@contextmanager
def _bar(what: str) -> Iterator[Report]:
    from rich import progress as rich_progress

    columns: list[Any] = [
        rich_progress.TextColumn("{task.description}", markup=False),
        rich_progress.BarColumn(),
        rich_progress.MofNCompleteColumn(),
        rich_progress.TextColumn("gone by"),
        rich_progress.TimeElapsedColumn(),
        rich_progress.TextColumn("left"),
        rich_progress.TimeRemainingColumn(),
    ]
    with rich_progress.Progress(*columns, console=stderr(), transient=True) as bar:
        task = bar.add_task(what, total=None)  # the number of runs is known when the first event arrives
        yield lambda done, total: bar.update(task, completed=done, total=total)
