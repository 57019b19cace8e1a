"""JSON lists entry by entry, each with its line, so that a file cut off still gives what is whole."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from garita.errors import shorten
from garita.sources.messages import Notes

SPACE = " \t\n"
_LIST = re.compile(r'"((?:[^"\\\n]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})){1,200})"\s*:\s*(\[)\s*\{')
"""A field with a list of objects: its name and the bracket."""


class Entry(NamedTuple):
    """One object of a list, and the line it begins on."""

    line: int
    fields: dict[str, Any]


def entries(text: str, notes: Notes) -> list[Entry]:
    """The objects of the first list in `text`: the whole may be a list, or an object that has one in a field.

    An object without a list of objects is the only entry. What is cut off or broken is noted.
    """
    start = len(text) - len(text.lstrip())
    if text[start : start + 1] == "[":
        return _listed(text, start, notes)
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        begins = _first_list(text)
        if begins is not None:
            return _listed(text, begins, notes)
        raise notes.refuse("json-cut", getattr(error, "lineno", None), reason=_reason(error)) from None
    if not isinstance(whole, dict):
        raise notes.refuse("json-entry", 1, got=_kind(whole))
    for field, value in whole.items():
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            begins = _first_list(text, field)
            return _listed(text, begins, notes) if begins is not None else [Entry(1, item) for item in value]
    return [Entry(1, whole)]


def lists(text: str, notes: Notes) -> dict[str, list[Entry]]:
    """The lists of objects that stand in fields of one object, by the names of the fields."""
    found: dict[str, list[Entry]] = {}
    at = 0
    while field := _LIST.search(text, at):
        name = json.loads(f'"{field[1]}"', strict=False)
        found[text_of(name)] = _listed(text, field.start(2), notes)
        at = field.end()
    return found


def _first_list(text: str, field: str | None = None) -> int | None:
    """Where the first list of objects begins, or that of a field at the top."""
    at = (
        0
        if field is None
        else text.find(json.dumps(field))
        if json.dumps(field) in text
        else text.find(field)
    )
    while (at := text.find("[", max(at, 0))) >= 0:
        if text[at + 1 : at + 2000].lstrip()[:1] == "{":
            return at
        at += 1
    return None


def _listed(text: str, at: int, notes: Notes) -> list[Entry]:
    decoder = json.JSONDecoder()
    found: list[Entry] = []
    line, counted = 1, 0
    at += 1
    while True:
        while text[at : at + 1] in (*SPACE, ",") and at < len(text):
            at += 1
        line += text.count("\n", counted, at)
        counted = at
        if text[at : at + 1] == "]":
            return found
        try:
            if at >= len(text):
                raise ValueError("the list is not closed")
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            broken = getattr(error, "lineno", None)
            notes.lose("json-cut", broken if isinstance(broken, int) else line, reason=_reason(error))
            return found
        if isinstance(value, dict):
            found.append(Entry(line, value))
        else:
            notes.lose("json-entry", line, got=_kind(value))


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "brackets nest too deep"
    return shorten(getattr(error, "msg", None) or str(error))


def _kind(value: Any) -> str:
    names = {list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), "nothing" if value is None else "something else")


def text_of(value: Any) -> str:
    """A plain value as the text a CSV cell would have; lists and objects give nothing."""
    if value is None or isinstance(value, dict | list):
        return ""
    text = str(value)
    # half of a pair of surrogates can stand in JSON, but in no file
    return text if text.isascii() else text.encode("utf-8", errors="replace").decode("utf-8")
