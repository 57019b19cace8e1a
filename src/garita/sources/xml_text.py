"""XML entry by entry, each with its line; entities and document types are refused."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from xml.parsers import expat

from garita.errors import shorten
from garita.sources.json_text import Entry
from garita.sources.messages import Notes

DEPTH = 20


class _Refused(Exception):
    """Something in the file that these data sets never have."""


class _Reader:
    """Builds nested fields of text from the elements called `name`; what is outside them goes to `around`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[Entry] = []
        self.root = ""
        self._stack: list[tuple[str, dict[str, Any], list[str]]] = []
        self._line = 1
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.root = self.root or tag
        if tag == self.name and not self._stack:
            self._line = self.parser.CurrentLineNumber
        if self._stack or tag == self.name:
            if len(self._stack) >= DEPTH:
                raise _Refused("elements nest too deep")
            self._stack.append((tag, dict(attributes), []))

    def _end(self, tag: str) -> None:
        if not self._stack:
            return
        name, fields, texts = self._stack.pop()
        if not self._stack:
            self.found.append(Entry(self._line, fields))
            return
        self._stack[-1][1].setdefault(name, fields or "".join(texts).strip())

    def _text(self, text: str) -> None:
        if self._stack:
            self._stack[-1][2].append(text)

    def _doctype(self, *_: Any) -> None:
        raise _Refused("a document type stands here")


def entries(text: str, name: str, notes: Notes) -> list[Entry]:
    """The elements called `name` as nested dictionaries of text. What is cut off or broken is noted."""
    reader = _Reader(name)
    start = len(text) - len(text.lstrip())
    if text[start:].startswith(
        "<?xml"
    ):  # the text is decoded already: what it says of its coding no longer holds
        end = text.find("?>", start)
        text = " " * (end + 2) + text[end + 2 :] if 0 <= end < start + 200 else text
    leading = text[: len(text) - len(text.lstrip())].count("\n")
    try:
        reader.parser.Parse(text.lstrip().encode("utf-8", errors="replace"), True)
    except expat.ExpatError as error:
        notes.lose("xml-cut", error.lineno + leading, reason=expat.ErrorString(error.code))
    except _Refused as error:
        notes.lose("xml-cut", reader.parser.CurrentLineNumber + leading, reason=shorten(error))
    return [Entry(entry.line + leading, entry.fields) for entry in reader.found]


def root(text: str) -> str:
    """The name of the outermost element, or nothing."""
    reader = _Reader("")
    with suppress(expat.ExpatError, _Refused):
        reader.parser.Parse(text.lstrip()[:2000].encode("utf-8", errors="replace"), False)
    return reader.root
