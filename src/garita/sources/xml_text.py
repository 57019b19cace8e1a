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
        self.tags: dict[str, None] = {}
        self._stack: list[tuple[str, dict[str, Any], list[str]]] = []
        self._line = 1
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.tags.setdefault(tag)
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
    body, before = _body(text)
    try:
        reader.parser.Parse(body, True)
    except expat.ExpatError as error:
        notes.lose("xml-cut", error.lineno + before, reason=expat.ErrorString(error.code))
    except _Refused as error:
        notes.lose("xml-cut", reader.parser.CurrentLineNumber + before, reason=shorten(error))
    return [Entry(entry.line + before, entry.fields) for entry in reader.found]


def tags(text: str) -> list[str]:
    """The names of all elements, the outermost first, as far as the text can be read."""
    reader = _Reader("")
    with suppress(expat.ExpatError, _Refused):
        reader.parser.Parse(_body(text)[0], True)
    return list(reader.tags)


def _body(text: str) -> tuple[bytes, int]:
    """What to parse, and how many lines stand before it.

    The declaration is left out: the text is decoded already, and what it says of its coding no longer holds.
    """
    body = text.lstrip()
    if body.startswith("<?xml"):
        body = body[body.find("?>") + 2 :].lstrip()
    return body.encode("utf-8", errors="replace"), text[: len(text) - len(body)].count("\n")
