"""What went wrong, in words people can act on.

A :class:`Problem` is a stable code with parameters and a place; its text and remedy come from one table, so
that
they can be translated. Every error the package raises on purpose is a :class:`GaritaError` with a list of
problems.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Severity = Literal["error", "warning"]

# code -> (what is wrong, what to do). `{name}` is filled from the parameters of the problem.
MESSAGES: dict[str, tuple[str, str]] = {}


class _Blank(dict[str, Any]):
    """A missing parameter leaves nothing behind."""

    def __missing__(self, key: str) -> str:
        return ""


def register_messages(messages: Mapping[str, tuple[str, str]]) -> None:
    """Add codes to the message table (for the parts of the package that have problems of their own).

    A code that is already taken by another text raises ``ValueError``.
    """
    for code, text in messages.items():
        if MESSAGES.get(code, text) != text:
            raise ValueError(f"the problem code {code!r} is already taken")
        MESSAGES[code] = text


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong (or, as a warning, doubtful), with its place.

    ``line`` and ``column`` count from 1. ``field`` is a path such as ``closures[0].until``. A code that is
    not in the message table takes its text from the parameters ``message`` and ``remedy``.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    file: str | None = None
    line: int | None = None
    column: int | None = None
    field: str | None = None
    severity: Severity = "error"

    def _say(self, part: int) -> str:
        fallback = (str(self.params.get("message", self.code)), str(self.params.get("remedy", "")))
        if self.code not in MESSAGES:
            return fallback[part]
        return MESSAGES[self.code][part].format_map(_Blank(self.params)).strip()

    @property
    def text(self) -> str:
        """What is wrong."""
        return self._say(0)

    @property
    def remedy(self) -> str:
        """What to do."""
        return self._say(1)

    @property
    def place(self) -> str:
        """``file:line: field``, as far as known."""
        where = self.file or ""
        if self.line is not None:
            where = f"{where}:{self.line}" if where else f"line {self.line}"
        return ": ".join(part for part in (where, self.field) if part)

    def __str__(self) -> str:
        what = f"{self.text}."
        if self.remedy:
            what += f" {self.remedy}" if self.remedy.endswith((".", "?", "!")) else f" {self.remedy}."
        return f"{self.place}: {what}" if self.place else what


class GaritaError(Exception):
    """Base of all errors raised on purpose; ``problems`` says everything that is wrong."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem] | Problem | str) -> None:
        if isinstance(problems, str):
            problems = [Problem("message", {"message": problems})]
        elif isinstance(problems, Problem):
            problems = [problems]
        self.problems: list[Problem] = list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(f"- {problem}" for problem in self.problems)


class ScenarioError(GaritaError):
    """A scenario file says something that cannot be simulated."""


class DataError(GaritaError):
    """A data file cannot be read or does not hold what it should."""


class RunError(GaritaError):
    """A run stopped before its end; what was computed is kept."""

    exit_code = 3


class ResultsError(GaritaError):
    """A results folder is missing, damaged, or belongs to something else."""


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """``"Did you mean x? "`` when one of ``allowed`` is close to ``word``, else an empty string."""
    from difflib import get_close_matches

    names = {str(name).casefold(): str(name) for name in allowed}
    found = get_close_matches(word.casefold()[:80], list(names), n=1, cutoff=0.6)
    return f"Did you mean `{names[found[0]]}`? " if found else ""


def counted(number: int, word: str) -> str:
    """``1 run``, ``2 runs``: a number with its word, which takes an s for more than one."""
    return f"{number} {word}" if number == 1 else f"{number:,} {word}s"


def shorten(value: object, limit: int = 60) -> str:
    """A value on one line, for a message."""
    text = " ".join(str(value).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def file_name(path: Path | str | None) -> str | None:
    """A path as it is shown in messages: relative to the working directory where that is shorter."""
    if path is None:
        return None
    try:
        return Path(path).resolve().relative_to(Path.cwd().resolve()).as_posix()
    except (ValueError, OSError):
        return str(path)
