"""Progress and problems on stderr."""

from __future__ import annotations

import io
import sys

import pytest

from garita import console
from garita.errors import GaritaError, Problem


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (75, "1:15"), (3600, "1:00:00"), (3700, "1:01:40")]
)
def test_durations(seconds: float, text: str) -> None:
    assert console.duration(seconds) == text


def test_where_there_is_no_terminal_a_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    """The time left is reckoned from the pace after the first run, which waited for the compiler."""
    now = 0.0
    report = console._plain_lines("case", clock=lambda: now)
    now = 30.0
    for done in range(1, 81):
        report(done, 80)
        now += 0.5
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "case: 1 of 80 runs, 0:30 gone by"  # one run tells nothing of the pace
    assert lines[1] == "case: 21 of 80 runs, 0:40 gone by, about 0:30 left"
    assert len(lines) == 4


def test_the_time_left_is_said_once_a_few_runs_are_done(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    report = console._plain_lines("case", clock=lambda: now)
    for done in range(1, 9):
        now += 11.0
        report(done, 8)
    lines = capsys.readouterr().err.splitlines()
    assert [", about" in line for line in lines] == [False] * 5 + [True] * 3
    assert lines[-1] == "case: 8 of 8 runs, 1:28 gone by, about 0:00 left"


def test_the_bar_says_no_time_left_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = bars(monkeypatch, [(1, 40), (2, 40)])
    assert "-:--:--" in seen and "0:00:00 left" not in seen


def test_short_runs_say_nothing_there(capsys: pytest.CaptureFixture[str]) -> None:
    with console.progress("case") as report:
        for done in range(3):
            report(done, 2)
    assert capsys.readouterr() == ("", "")


def bars(monkeypatch: pytest.MonkeyPatch, reports: list[tuple[int, int]]) -> str:
    """What a terminal is sent while runs report that they are done."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with console.progress("case") as report:
        for done, total in reports:
            report(done, total)
    return screen.getvalue()


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = bars(monkeypatch, [(1, 4), (3, 4)])
    assert "3/4" in seen
    assert "gone by" in seen


def test_what_cannot_be_said_on_stderr_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(sys, "stderr", Gone())
    console.note("results: here")
    assert console.show_failure(GaritaError("in short")) == 2


def test_problems_are_one_line_each_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [
        Problem("file-empty", {}, "a.yaml", 3, 1, "closures[0].until"),
        Problem("unknown-base", {"value": "[red]x[/red]", "hint": "", "allowed": "y " * 100}),
    ]
    assert console.show_failure(GaritaError(problems)) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert lines[0] == "2 problems"
    assert lines[1].startswith("- a.yaml:3: closures[0].until: the file holds no scenario.")
    assert "[red]x[/red]" in lines[2]
