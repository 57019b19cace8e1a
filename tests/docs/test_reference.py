"""What the documentation says of commands and settings is what the program has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

import garita
from garita import cli

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")


def commands(group: Any, before: tuple[str, ...] = ()) -> list[str]:
    """Every command, those of groups too: ``run``, ``sources list``."""
    found = []
    for name, command in group.commands.items():
        words = (*before, name)
        found += commands(command, words) if hasattr(command, "commands") else [" ".join(words)]
    return sorted(found)


COMMANDS = commands(typer.main.get_command(cli.app))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_documented(command: str) -> None:
    assert f"`garita {command}" in PAGE
    shown = CliRunner().invoke(cli.app, [*command.split(), "--help"]).output
    options = set(re.findall(r"--[a-z][a-z-]+", shown)) - {"--help", "--baseline"}
    assert {option for option in options if option not in PAGE} == set()


def test_every_documented_option_exists() -> None:
    shown = " ".join(
        CliRunner().invoke(cli.app, [*command.split(), "--help"]).output for command in [*COMMANDS, "--help"]
    )
    shown += CliRunner().invoke(cli.app, ["--help"]).output
    assert {option for option in re.findall(r"--[a-z][a-z-]+", PAGE) if option not in shown} == set()


def test_public_names_are_few_and_exist() -> None:
    assert len(garita.__all__) <= 20
    assert [name for name in garita.__all__ if not hasattr(garita, name)] == []


def test_the_version_stands_in_one_place() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {garita.__version__}\n" in citation


def test_every_public_name_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    assert [name for name in garita.__all__ if f"`{name}" not in page] == []


def test_every_page_stands_in_the_table_of_contents() -> None:
    contents = re.findall(r"^ +- (\S+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    assert sorted(contents) == sorted(pages)
