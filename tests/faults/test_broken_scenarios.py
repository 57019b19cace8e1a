"""Mutations of good scenario files end in our own error, with a place, or load; never in anything else."""

from __future__ import annotations

import random

import pytest

from garita.errors import ScenarioError
from garita.scenario import Case, load
from scenario.region_fake import fake_region
from scenario.texts import GOOD

MUTANTS = 400
SEED = 20181125

_VALUES = [
    "",
    "~",
    "null",
    "-1",
    "1e999",
    "nan",
    ".inf",
    "0x1F",
    "99999999999999999999999999",
    "-0",
    "1_000",
    "12,5",
    "true",
    "no",
    "[]",
    "{}",
    "[[1]]",
    "{a: b}",
    "{claims: []}",
    "{claims: [1]}",
    "{range: [1]}",
    "{range: [2, 1]}",
    "{range: 3}",
    "{distribution: normal}",
    "{distribution: [a]}",
    "{claims: [{value: 1, who: x}], range: [1, 2]}",
    "for good",
    "none",
    "2018-02-30",
    "2018-11-25 25:00",
    "2018-03-11 02:30",
    "2018-11-04 01:30",
    "11/25/2018",
    "9999-12-31",
    "0000-00-00",
    "2018-11-25 11:30 +99:00",
    "30 parsecs",
    "5 h",
    "1e300 days",
    "250 %",
    "%",
    "*x",
    "&x",
    "!!int x",
    "!foo bar",
    "|",
    ">",
    "@",
    "`",
    '"',
    "'",
    "[",
    "{",
    "- - -",
    "? ?",
    "\u202e",
    "😀",
    "١٢",
    "\\x00",
    "a: b: c",
    "# only",
    "---",
    "...",
    "x" * 5000,
]


_CODES = [0, 7, 9, 27, 34, 39, 58, 91, 123, 127, 0x85, 0xFEFF, 0x2028, 0x1F600]


def _drop_line(lines, rng):
    del lines[rng.randrange(len(lines))]


def _double_line(lines, rng):
    i = rng.randrange(len(lines))
    lines.insert(rng.randrange(len(lines) + 1), lines[i])


def _swap_lines(lines, rng):
    i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[i], lines[j] = lines[j], lines[i]


def _indent(lines, rng):
    i = rng.randrange(len(lines))
    lines[i] = rng.choice([" ", "  ", "\t", "     "]) + lines[i]


def _outdent(lines, rng):
    i = rng.randrange(len(lines))
    lines[i] = lines[i][rng.randrange(1, 4) :]


def _misspell(lines, rng):
    i = rng.randrange(len(lines))
    name, colon, rest = lines[i].partition(":")
    if colon and name.strip():
        j = rng.randrange(len(name))
        name = name[:j] + rng.choice(["", "x", name[j] * 2, ":", "-", "é", "\x00", "\x1b"]) + name[j + 1 :]
    lines[i] = name + colon + rest


def _other_value(lines, rng):
    i = rng.randrange(len(lines))
    name, colon, _ = lines[i].partition(":")
    lines[i] = f"{name}{colon} {rng.choice(_VALUES)}"


def _other_word(lines, rng):
    i = rng.randrange(len(lines))
    words = lines[i].split(" ")
    words[rng.randrange(len(words))] = rng.choice(_VALUES)
    lines[i] = " ".join(words)


def _other_character(lines, rng):
    i = rng.randrange(len(lines))
    if lines[i]:
        j = rng.randrange(len(lines[i]))
        lines[i] = lines[i][:j] + chr(
            rng.choice([0, 7, 9, 27, 34, 39, 58, 91, 123, 127, 0x85, 0xFEFF, 0x2028, 0x1F600])
        )
        lines[i] += lines[i][j + 1 :]


def _cut(lines, rng):
    text = "\n".join(lines)
    lines[:] = text[: rng.randrange(len(text))].split("\n")


def _nest(lines, rng):
    i = rng.randrange(len(lines))
    name, colon, rest = lines[i].partition(":")
    depth = rng.choice([3, 30, 300])
    lines[i] = f"{name}{colon} " + "[" * depth + rest.strip() + "]" * depth


def _no_change(lines, rng):
    pass


_CHANGES = [
    _drop_line,
    _double_line,
    _swap_lines,
    _indent,
    _outdent,
    _misspell,
    _misspell,
    _other_value,
    _other_value,
    _other_value,
    _other_word,
    _other_word,
    _other_character,
    _cut,
    _nest,
    _no_change,
]


def _as_bytes(text, rng):
    coding = rng.choice(["utf-8"] * 12 + ["utf-16", "latin-1", "utf-8-sig", "cp037", "junk", "crlf"])
    if coding == "junk":
        data = bytearray(text.encode("utf-8"))
        for _ in range(5):
            data[rng.randrange(len(data) or 1) : 0] = rng.randbytes(3)
        return bytes(data)
    if coding == "crlf":
        return text.replace("\n", "\r\n").encode("utf-8")
    return text.encode(coding, errors="replace")


def _mutant(number):
    """The same mutant for the same number, whatever ran before."""
    rng = random.Random(f"{SEED}-{number}")
    lines = GOOD[rng.choice(sorted(GOOD))].split("\n")
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        rng.choice(_CHANGES)(lines, rng)
        if not lines:
            break
    return _as_bytes("\n".join(lines), rng)


@pytest.fixture(autouse=True)
def region(monkeypatch):
    tables = fake_region()
    monkeypatch.setattr("garita.scenario.region.packaged_regions", lambda: [tables.id])
    monkeypatch.setattr("garita.scenario.region.load_tables", lambda name: tables)


def _try(path):
    """The case, or the problems; anything else fails the test."""
    try:
        case = load(path)
    except ScenarioError as error:
        assert error.problems and error.exit_code == 2
        assert any(problem.severity == "error" for problem in error.problems)
        for problem in error.problems:
            assert problem.file and problem.file.endswith(path.name), problem
            assert problem.text and problem.remedy and "\n" not in str(problem)
        return error.problems
    assert isinstance(case, Case)
    case.resolve(0)
    assert case.digest and case.claims() is not None
    return []


def test_mutants_of_good_files(tmp_path):
    path = tmp_path / "scenario.yaml"
    broken = placed = 0
    for number in range(MUTANTS):
        path.write_bytes(_mutant(number))
        try:
            problems = _try(path)
        except Exception as error:
            raise AssertionError(f"mutant {number} ended in {type(error).__name__}: {error}") from error
        broken += bool(problems)
        placed += bool(problems) and all(problem.line is not None for problem in problems)
    assert broken >= 200
    assert placed >= 0.95 * broken


def test_truncated_after_every_few_characters(tmp_path):
    path = tmp_path / "scenario.yaml"
    text = GOOD["full"]
    for end in range(0, len(text), 29):
        path.write_bytes(text[:end].encode("utf-8"))
        _try(path)


@pytest.mark.parametrize("size", [1, 100, 10_000])
def test_bytes_without_meaning(tmp_path, size):
    path = tmp_path / "scenario.yaml"
    for number in range(20):
        path.write_bytes(random.Random(number).randbytes(size))
        _try(path)
