"""YAML in: text, with the line and column of every value, and nothing typed.

The YAML library only composes the tree of nodes; every scalar is kept as the text that was written, so that
`2018-11-25 11:30` or `012` is typed by the models alone.
"""

from __future__ import annotations

import gc
import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.parser import Parser

from garita.errors import Problem, ScenarioError, file_name, shorten

Path = tuple[str | int, ...]

BIGGEST_FILE = 4_000_000  # bytes
MOST_NODES = 300_000
MOST_ENTRIES, MOST_WAYS = 10_000, 100_000  # in a list of the scenario, and in that of travel times
DEEPEST = 40

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_BOTTOMLESS = re.compile(r"(?:[\[{]\s*){60}")
_KNOWN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "seq", "map", "yaml")
)


class Mark(NamedTuple):
    """Where a field's name and its value stand; lines and columns count from 1."""

    file: str | None
    name_line: int
    name_column: int
    line: int
    column: int


@dataclass
class Document:
    """A scenario file as read: nested dicts, lists and texts, and where each stands."""

    tree: dict[str, Any]
    marks: dict[Path, Mark]
    text: str = ""
    path: FilePath | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def file(self) -> str | None:
        return file_name(self.path)

    def problem(
        self, code: str, path: Path, *, at_name: bool = False, severity: Any = "error", **params: Any
    ) -> Problem:
        """A problem at a path; ``at_name`` points at the field's name rather than its value."""
        at = path
        while at not in self.marks and at:
            at = at[:-1]
        mark = self.marks.get(at)
        if mark is None:
            return Problem(code, params, self.file, None, None, dotted(path) or None, severity)
        line, column = (
            (mark.name_line, mark.name_column) if at_name or at != path else (mark.line, mark.column)
        )
        return Problem(code, params, mark.file, line, column, dotted(path) or None, severity)


def dotted(path: Path) -> str:
    """``closures[0].until`` from ``("closures", 0, "until")``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{shorten(part, 40)}" for part in path)
    return text.removeprefix(".")


def read(path: FilePath) -> Document:
    """The document in a file. Raises ScenarioError when it cannot be read at all."""
    file = file_name(path)
    try:
        if path.is_dir():
            raise ScenarioError(Problem("not-a-file", {}, file))
        with path.open("rb") as stream:  # what is no ordinary file has no size, and perhaps no end
            data = stream.read(BIGGEST_FILE + 1)
            size = max(len(data), path.stat().st_size)
        if size > BIGGEST_FILE:
            raise ScenarioError(Problem("file-too-big", {"size": size, "limit": BIGGEST_FILE}, file))
    except FileNotFoundError:
        raise ScenarioError(Problem("file-missing", {}, file)) from None
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError(Problem("file-unreadable", {"reason": reason}, file)) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ScenarioError(Problem("not-utf8", {"byte": f"{data[error.start]:#04x}"}, file, line)) from None
    return parse(text, path)


def parse(text: str, path: FilePath | None = None) -> Document:
    """The document in a text. Raises ScenarioError when it is no YAML mapping."""
    file = file_name(path)
    forbidden = _FORBIDDEN.search(text)
    if forbidden is not None:
        line = text.count("\n", 0, forbidden.start()) + 1
        column = forbidden.start() - text.rfind("\n", 0, forbidden.start())
        params = {"character": f"U+{ord(forbidden[0]):04X}"}
        raise ScenarioError(Problem("control-character", params, file, line, column))
    bottomless = _BOTTOMLESS.search(text)
    if bottomless is not None:  # the YAML library takes long over these
        line = text.count("\n", 0, bottomless.start()) + 1
        raise ScenarioError(Problem("too-deep", {"limit": DEEPEST}, file, line))
    node = _compose(text, file)
    document = Document({}, {}, text, path)
    if node is None or (node.id == "scalar" and not node.value.strip()):
        raise ScenarioError(Problem("file-empty", {}, file, 1))
    tree = _Reader(document, file).plain(node, (), ())
    if not isinstance(tree, dict):
        got = "a list" if isinstance(tree, list) else "text"
        problem = Problem(
            "not-a-mapping",
            {"got": got, "description": "Begin with `garita: 1`."},
            file,
            node.start_mark.line + 1,
        )
        raise ScenarioError([*document.problems, problem])
    document.tree = tree
    return document


class _Parser(Parser):
    """The library looks its parts up anew for each token; here they are looked up once."""

    @cached_property
    def scanner(self) -> Any:
        return self.loader.scanner


class _Composer(Composer):
    """Also stops at the first entry too many, rather than after the last."""

    @cached_property
    def parser(self) -> Any:
        return self.loader.parser

    @cached_property
    def resolver(self) -> Any:
        return self.loader.resolver

    nodes = above = 0
    limit = MOST_ENTRIES

    def compose_node(self, parent: Any, index: Any) -> Any:
        self.nodes += 1
        if self.above == 1:
            self.limit = MOST_WAYS if getattr(index, "value", "") == "travel" else MOST_ENTRIES
        if self.nodes > MOST_NODES:
            raise _TooLong("the file", f"{MOST_NODES:,} values", self.parser.peek_event().start_mark)
        if self.above == 2 and isinstance(index, int) and index >= self.limit:
            raise _TooLong("this list", f"{self.limit:,} entries", self.parser.peek_event().start_mark)
        self.above += 1
        node = super().compose_node(parent, index)
        self.above -= 1
        return node


class _TooLong(Exception):
    """What is too long, than what, and where that shows."""


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Many small objects are made and none is dropped: looking for garbage takes a quarter of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _compose(text: str, file: str | None) -> Any:
    yaml = YAML(typ="safe", pure=True)
    yaml.Parser, yaml.Composer = _Parser, _Composer
    try:
        with warnings.catch_warnings(), _no_collecting():
            warnings.simplefilter("ignore")
            return yaml.compose(io.StringIO(text))
    except _TooLong as error:
        what, limit, mark = error.args
        params = {"what": what, "limit": limit}
        raise ScenarioError(
            Problem("too-many-entries", params, file, mark.line + 1, mark.column + 1)
        ) from None
    except RecursionError:
        raise ScenarioError(Problem("too-deep", {"limit": DEEPEST}, file)) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        reason = shorten(error.problem or error.context or "it cannot be read", 120)
        code = "yaml-syntax"
        if "another document" in reason:
            code = "yaml-documents"
        elif "\\t" in reason or "tab" in reason.split():
            code = "yaml-tab"
        raise ScenarioError(Problem(code, {"reason": reason}, file, line, column)) from None
    except Exception as error:  # noqa: BLE001 - whatever else the YAML library trips over is still a broken file, not a bug of ours
        raise ScenarioError(Problem("yaml-syntax", {"reason": shorten(error, 120)}, file)) from None


class _Reader:
    """Turns nodes into plain values and notes where they stand."""

    def __init__(self, document: Document, file: str | None) -> None:
        self.document, self.file = document, file
        self.nodes = 0

    def plain(self, node: Any, path: Path, above: tuple[int, ...]) -> Any:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        self.nodes += 1
        if id(node) in above or self.nodes > MOST_NODES:
            raise ScenarioError(Problem("yaml-alias", {"limit": MOST_NODES}, self.file, line, column))
        if len(above) > DEEPEST:
            raise ScenarioError(Problem("too-deep", {"limit": DEEPEST}, self.file, line, column))
        if path not in self.document.marks:
            self.document.marks[path] = Mark(self.file, line, column, line, column)
        tag = str(node.tag)
        if tag not in _KNOWN_TAGS:
            self._note("yaml-tag", path, tag=shorten(tag.replace("tag:yaml.org,2002:", "!!")))
        if node.id == "scalar":
            # A round-trip reader marks where folded lines end with a control character of its own.
            text = node.value.replace("\x07", "") if node.style == ">" else node.value
            return None if tag.endswith(":null") and node.style is None else text
        if node.id == "sequence":
            return [self.plain(child, (*path, i), (*above, id(node))) for i, child in enumerate(node.value)]
        return self._mapping(node, path, (*above, id(node)))

    def _mapping(self, node: Any, path: Path, above: tuple[int, ...]) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        first: dict[str, int] = {}
        for key, value in node.value:
            line, column = key.start_mark.line + 1, key.start_mark.column + 1
            if key.id != "scalar":
                self.document.problems.append(
                    Problem("field-name", {}, self.file, line, column, dotted(path) or None)
                )
                continue
            name, at = key.value.strip(), (*path, key.value.strip())
            if name in fields or name in first:
                params = {"name": shorten(name), "first": first[name]}
                self.document.problems.append(
                    Problem("duplicate-field", params, self.file, line, column, dotted(at))
                )
                continue
            first[name] = line
            start = value.start_mark
            self.document.marks[at] = Mark(self.file, line, column, start.line + 1, start.column + 1)
            plain = self.plain(value, at, above)
            if plain is not None:  # a field without a value is as good as not written
                fields[name] = plain
            else:  # an empty value is noted on the next line; the name is the better place
                self.document.marks[at] = Mark(self.file, line, column, line, column)
        return fields

    def _note(self, code: str, path: Path, **params: Any) -> None:
        self.document.problems.append(self.document.problem(code, path, **params))
