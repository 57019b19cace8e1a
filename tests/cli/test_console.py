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
    assert lines[0] == "case: 2 of 80 runs, 0:30 gone by, about 0:39 left"
    assert lines[1] == "case: 22 of 80 runs, 0:40 gone by, about 0:29 left"
    assert len(lines) == 4


def test_short_runs_say_nothing_there(capsys: pytest.CaptureFixture[str]) -> None:
    with console.progress("case") as report:
        for done in range(3):
            report(done, 2)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with console.progress("case") as report:
        report(1, 4)
        report(3, 4)
    assert "3/4" in screen.getvalue()
    assert "gone by" in screen.getvalue()


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
