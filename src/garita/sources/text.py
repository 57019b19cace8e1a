"""From the bytes of a file to its text: compression, coding, and what is no data at all."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

from garita.errors import DataError, Problem, file_name, shorten
from garita.sources.messages import Notes

LIMIT = 300_000_000
"""Bytes of a file, unpacked, that are read at most: the largest of the known data sets has a sixth of it."""

BINARY = {b"PK\x03\x04": "an archive (zip or xlsx)", b"\xd0\xcf\x11\xe0": "an Excel workbook",
          b"%PDF": "a PDF", b"PAR1": "Parquet", b"\x28\xb5\x2f\xfd": "compressed with zstd",
          b"BZh": "compressed with bzip2", b"\xfd7zXZ": "compressed with xz"}  # fmt: skip
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
WEB_PAGE = re.compile(r"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


def read(path: Path, notes: Notes) -> str:
    """The text of ``path``, lines ended by ``\\n``; `.gz` is unpacked, as far as it goes.

    Raises DataError for what cannot be text: no file, an empty one, a web page, a workbook, an archive.
    """
    data = _bytes(path, notes)
    if not data.strip(b"\0 \t\r\n"):
        raise notes.refuse("data-empty")
    for start, kind in BINARY.items():
        if data.startswith(start):
            raise notes.refuse("data-binary", kind=kind)
    text = _decode(data, notes).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise notes.refuse("data-empty")
    if WEB_PAGE.match(text[:4000]):
        raise notes.refuse("data-html", 1, start=shorten(text[:200].strip(), 40))
    return text


def _bytes(path: Path, notes: Notes) -> bytes:
    if path.is_dir():
        raise notes.refuse("data-folder")
    try:
        with path.open("rb") as stream:
            data = stream.read(LIMIT + 1)
    except FileNotFoundError:
        raise notes.refuse("data-missing") from None
    except OSError as error:
        problem = Problem("file-unreadable", {"reason": error.strerror or "unknown"}, file_name(path))
        raise DataError(problem) from None
    if data[:2] == b"\x1f\x8b":
        data = _unpacked(data, notes)
    if len(data) > LIMIT:
        raise notes.refuse("data-too-big", limit=f"{LIMIT:,}")
    return data


def _unpacked(data: bytes, notes: Notes) -> bytes:
    """What can be had of gzip data; what is missing is noted."""
    found = bytearray()
    while data:
        member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            found += member.decompress(data, LIMIT + 1 - len(found))
        except zlib.error:
            found += _salvaged(data)
            member = zlib.decompressobj()  # not at its end
        if len(found) > LIMIT:
            break
        if not member.eof:
            notes.lose("gzip-damaged", what="what could be unpacked was read")
            if bytes(found.lstrip()[:1]) not in (
                b"[",
                b"{",
                b"<",
            ):  # those readers see for themselves what is whole
                del found[found.rfind(b"\n") + 1 :]  # a number in the last line may have lost digits
            break
        data = member.unused_data.lstrip(b"\0")
    return bytes(found)


def _salvaged(data: bytes) -> bytes:
    """The part of a damaged gzip member before the damage."""
    member, found = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16), bytearray()
    for start in range(0, len(data), 512):
        try:
            found += member.decompress(data[start : start + 512], LIMIT)
        except zlib.error:
            break
        if len(found) > LIMIT:
            break
    return bytes(found)


def _decode(data: bytes, notes: Notes) -> str:
    mark = next((mark for mark in BYTE_ORDER_MARKS if data.startswith(mark)), b"")
    coding = BYTE_ORDER_MARKS.get(mark) or _coding(data[:400])
    data = data[len(mark) :]
    if coding != "utf-8":
        notes.odd("text-coding", coding=coding[:6].upper())
        return data.decode(coding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    notes.odd("text-coding", line, coding="Windows-1252")
    return data.decode("cp1252", errors="replace")


def _coding(start: bytes) -> str:
    """UTF-16 if every second byte is zero, as for English text it is; else UTF-8."""
    if start.count(0) * 3 < len(start):
        return "utf-8"
    return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
