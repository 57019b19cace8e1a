"""What the command line shows on stderr: problems, notes and progress. Results go to stdout, elsewhere."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from garita.errors import GaritaError, Problem, counted

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_LINE_EVERY_S = 10.0
"""Seconds between two lines of progress where no bar can be drawn."""

RUNS_FOR_A_PACE = 5
"""Runs after the first until the time left is said: fewer tell little of the pace."""

Report = Callable[[int, int], None]
"""What a run calls with (runs done, runs in total)."""


def stderr() -> Console:
    """A console that writes to stderr; plain text when that is not a terminal.

    What cannot be said there, because nobody reads it any more or a disk is full, stops no work.
    """
    from rich.console import Console

    class Aside(Console):
        def print(self, *objects: Any, **how: Any) -> None:
            with suppress(OSError):
                super().print(*objects, **how)

        def on_broken_pipe(self) -> None:
            """Rich itself would end the program."""
            self.quiet = True

    return Aside(stderr=True, highlight=False, emoji=False, soft_wrap=not sys.stderr.isatty())


def cut_off(error: BaseException | None) -> bool:
    """Whether an error says that the reader of our output has gone, as in `garita list | head -1`."""
    if isinstance(error, OSError) and sys.platform == "win32":  # which speaks of an invalid argument
        return error.errno in (errno.EPIPE, errno.EINVAL) and error.filename is None
    return isinstance(error, BrokenPipeError)


def hang_up() -> None:
    """Send what is still to be written to nowhere, so that the end of the program is quiet too."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def show_error(error: GaritaError) -> None:
    """Write every problem of ``error`` as one item of a list: its place, what is wrong, what to do."""
    from rich.padding import Padding
    from rich.text import Text

    console = stderr()
    console.print(Text(counted(len(error.problems), "problem"), style="bold red"))
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
        if now - said < PLAIN_LINE_EVERY_S:
            return
        said = now
        text = f"{what}: {done} of {counted(total, 'run')}, {duration(now - began)} gone by"
        if done - first[1] >= RUNS_FOR_A_PACE:
            left = (now - first[0]) * (total - done) / (done - first[1])
            text += f", about {duration(left)} left"
        note(text)

    return report


@contextmanager
def _bar(what: str) -> Iterator[Report]:
    from rich import progress as rich_progress
    from rich.text import Text

    class TimeLeft(rich_progress.TimeRemainingColumn):
        def render(self, task: rich_progress.Task) -> Text:
            return super().render(task) if task.completed > RUNS_FOR_A_PACE else Text("-:--:--")

    columns: list[Any] = [
        rich_progress.TextColumn("{task.description}", markup=False),
        rich_progress.BarColumn(),
        rich_progress.MofNCompleteColumn(),
        rich_progress.TextColumn("gone by"),
        rich_progress.TimeElapsedColumn(),
        rich_progress.TextColumn("left"),
        TimeLeft(),
    ]
    with rich_progress.Progress(*columns, console=stderr(), transient=True) as bar:
        task = bar.add_task(what, total=None)  # the number of runs is known when the first event arrives
        yield lambda done, total: bar.update(task, completed=done, total=total)
