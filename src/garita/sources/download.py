"""One file from one address: resumable, checked, recorded with its SHA-256, and gentle to the server.

What has arrived stands in ``NAME.part`` until all of it is there; beside it ``NAME.part.json`` says of
which address and version it is, so that a later call goes on where this one stopped (RFC 9110: Range,
If-Range). A finished file has ``NAME.source.json`` beside it: address, time, size, SHA-256.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from garita import __version__
from garita.errors import DataError, GaritaError, Problem, RunError, file_name, register_messages, shorten
from garita.sources.records import record, record_of
from garita.sources.text import LIMIT, WEB_PAGE

USER_AGENT = f"garita/{__version__} (simulator of border crossings; fetches a file when its user asks for it)"
CHUNK = 1 << 16
IN_ADDRESSES = "%/:=&?~#+!$,;'@()*[]"
"""Signs that stand for themselves in an address, beside letters and digits (RFC 3986); % begins a code."""

register_messages(
    {
        "address-unknown": ("`{address}` is no address of a file", "It begins with https:// or http://."),
        "no-answer": (
            "{host} cannot be reached ({reason})",
            "Is there a network? A file downloaded elsewhere can be read with `garita sources read`.",
        ),
        "refused": ("{host} answers {status} ({reason})", "{remedy}"),
        "stopped-early": (
            "{host} stopped after {got} of {total} bytes ({reason})",
            "What has arrived is kept: the same command goes on from there.",
        ),
        "not-data": ("{host} sent {what} instead of data", "Look at {address} in a browser; try later."),
        "too-large": ("{host} offers {total} bytes", "At most {limit} are fetched."),
    }
)

Progress = Callable[[int, int | None], None]
"""What a download calls with (bytes so far, bytes in all if known)."""


@dataclass(frozen=True)
class Manners:
    """How patient and how gentle to be, in seconds.

    `silence` until a server counts as stalled; `attempts` in all; `pause` before the second attempt (each
    further one waits twice as long), `longest_pause` at most; `between` two files.
    """

    silence: float = 30.0
    attempts: int = 5
    pause: float = 2.0
    longest_pause: float = 60.0
    between: float = 1.0


@dataclass(frozen=True)
class Fetched:
    """A finished download: the file and what its record says."""

    path: Path
    address: str
    fetched: str
    bytes: int
    sha256: str
    version: str | None
    unchanged: bool = False


class _Answer(Protocol):
    status: int
    headers: Any

    def read1(self, size: int) -> bytes: ...


class _Again(Exception):
    """This attempt failed; another may not. `after` seconds at least, if the server said so."""

    def __init__(self, reason: str, after: float = 0.0) -> None:
        super().__init__(reason)
        self.after = after


def download(address: str, path: Path, about: Mapping[str, str] | None = None, manners: Manners | None = None,
             progress: Progress | None = None) -> Fetched:  # fmt: skip
    """Fetch ``address`` to ``path``; `about` (publisher, terms) goes into the record.

    Nothing is sent if the file is there and the server says that it has not changed. Raises DataError when
    the file cannot be had, RunError when a part of it has arrived and is kept.
    """
    manners = manners or Manners()
    host = _host(address)
    address = urllib.parse.quote(address, safe=IN_ADDRESSES)
    with _on_disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = _Part(address, path)
    reason = ""
    for attempt in range(manners.attempts):
        try:
            with _on_disk(path):
                if not _attempt(part, host, manners, progress):
                    return _recorded(path)
                return _finish(part, host, dict(about or {}))
        except _Again as again:
            reason = str(again)
            if attempt + 1 < manners.attempts:
                wait = max(manners.pause * 2**attempt, again.after)
                time.sleep(min(wait, manners.longest_pause))
    raise _given_up(part, host, reason)


class _Part:
    """What has arrived of a file, and of which version of it."""

    def __init__(self, address: str, path: Path) -> None:
        self.address, self.path = address, path
        self.file = path.with_name(f"{path.name}.part")
        self.note = path.with_name(f"{path.name}.part.json")
        known = record(self.note)
        self.version = known.get("version") if known.get("address") == address else None
        self.total: int | None = known.get("total") if self.version else None
        if not self.version:  # nothing says that what is there belongs to what will come
            self.drop()

    @property
    def size(self) -> int:
        return self.file.stat().st_size if self.file.exists() else 0

    def drop(self) -> None:
        self.file.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)

    def begin(self, version: str | None, total: int | None) -> None:
        self.version, self.total = version, total
        told = {"address": self.address, "version": version, "total": total}
        self.note.write_text(json.dumps(told), encoding="utf-8")


@contextmanager
def _on_disk(path: Path) -> Iterator[None]:
    """A full disk or a folder that cannot be written is no fault of the network: asking again is no use."""
    try:
        yield
    except OSError as error:
        told = {"reason": error.strerror or type(error).__name__}
        raise DataError(Problem("file-unwritable", told, file_name(path))) from None


@contextmanager
def _on_the_way(silence: float) -> Iterator[None]:
    """What goes wrong between here and the server may go well another time; a refusal is looked at first."""
    try:
        yield
    except urllib.error.HTTPError:
        raise
    except TimeoutError:
        raise _Again(f"nothing came for {silence:g} s") from None
    except (http.client.HTTPException, OSError) as error:
        raise _Again(_reason(error)) from None


def _host(address: str) -> str:
    try:
        split = urllib.parse.urlsplit(address)
        if split.scheme in ("http", "https") and split.hostname:
            return f"{split.hostname}:{split.port}" if split.port else split.hostname
    except ValueError:  # brackets or a port that are none
        pass
    raise DataError(Problem("address-unknown", {"address": shorten(address)}))


def _attempt(part: _Part, host: str, manners: Manners, progress: Progress | None) -> bool:
    """Fetch what is missing. False if the finished file need not be fetched again."""
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Accept": "*/*"}
    start = part.size
    if start and part.version and not part.version.startswith("W/"):  # a weak version may differ in bytes
        headers |= {"Range": f"bytes={start}-", "If-Range": part.version}
    else:
        known = record(record_of(part.path))
        if known.get("address") == part.address and known.get("version") and _intact(part.path, known):
            kind = "If-None-Match" if '"' in known["version"] else "If-Modified-Since"
            headers[kind] = known["version"]
    request = urllib.request.Request(part.address, headers=headers)
    try:
        with _on_the_way(manners.silence):
            answer = urllib.request.urlopen(request, timeout=manners.silence)
    except urllib.error.HTTPError as error:
        if error.code == 304:
            return False
        if error.code == 416 and start:  # the file has become shorter, or has arrived already
            if start != part.total:
                part.drop()
                raise _Again("the file has changed") from None
            return True
        raise _refusal(error, host) from None
    with answer:
        _receive(answer, part, start, host, manners, progress)
    return True


def _receive(answer: _Answer, part: _Part, start: int, host: str, manners: Manners,
             progress: Progress | None) -> None:  # fmt: skip
    """Write what comes behind what is there, or anew if the server sends the whole."""
    goes_on = answer.status == 206 and (answer.headers.get("Content-Range") or "").startswith(
        f"bytes {start}-"
    )
    if answer.status == 206 and not goes_on:
        part.drop()
        raise _Again("another part came than was asked for")
    length = answer.headers.get("Content-Length")
    total = int(length) + (start if goes_on else 0) if length and length.isdecimal() else None
    if total is not None and total > LIMIT:
        told = {"host": host, "total": f"{total:,}", "limit": f"{LIMIT:,}"}
        raise DataError(Problem("too-large", told, file_name(part.path)))
    if not goes_on:
        part.begin(_version(answer.headers), total)
    with part.file.open("ab" if goes_on else "wb") as stream:
        while True:
            with _on_the_way(manners.silence):
                chunk = answer.read1(CHUNK)  # what is there, so that a stall loses nothing
            if not chunk:
                break
            stream.write(chunk)
            if stream.tell() > LIMIT:
                raise DataError(Problem("too-large", {"host": host, "total": "more", "limit": f"{LIMIT:,}"}))
            if progress:
                progress(stream.tell(), total)
    if total is not None and part.size < total:
        raise _Again("the connection ended early")


def _version(headers: Any) -> str | None:
    """What says that the file is still the same: a strong ETag, else the date of its last change."""
    tag: str | None = headers.get("ETag")
    changed: str | None = headers.get("Last-Modified")
    return tag if tag and not tag.startswith("W/") else changed or tag


def _refusal(error: urllib.error.HTTPError, host: str) -> Exception:
    reason = f"{error.code} {error.reason}"
    if error.code in (408, 425, 429) or error.code >= 500:
        after = error.headers.get("Retry-After") or ""
        return _Again(reason, float(after) if after.isdecimal() else 0.0)
    remedy = {
        401: "The publisher wants a password for it.",
        403: "The publisher does not give it to programs: download it in a browser.",
        404: "The publisher has moved it: see `garita sources list` for its page.",
    }.get(error.code, "See its page in `garita sources list`.")
    told = {"host": host, "status": error.code, "reason": shorten(error.reason), "remedy": remedy}
    return DataError(Problem("refused", told))


def _given_up(part: _Part, host: str, reason: str) -> GaritaError:
    if part.size and part.version:
        total = f"{part.total:,}" if part.total else "an unknown number of"
        told = {"host": host, "got": f"{part.size:,}", "total": total, "reason": reason}
        return RunError(Problem("stopped-early", told, file_name(part.file)))
    part.drop()
    return DataError(Problem("no-answer", {"host": host, "reason": reason}))


def _finish(part: _Part, host: str, about: dict[str, str]) -> Fetched:
    """Look at what has arrived, name it, and write its record."""
    with part.file.open("rb") as stream:
        start = stream.read(4000)
    page = WEB_PAGE.match(start.decode("latin-1"))
    if page or not start.strip():
        part.drop()
        what = "a web page" if page else "nothing"
        told = {"host": host, "what": what, "address": part.address}
        raise DataError(Problem("not-data", told, file_name(part.path)))
    says = {
        "address": part.address,
        "fetched": datetime.now(UTC).isoformat(timespec="seconds"),
        "bytes": part.size,
        "sha256": _sha256(part.file),
        "version": part.version,
    }
    part.file.replace(part.path)
    part.note.unlink(missing_ok=True)
    record_of(part.path).write_text(json.dumps({**says, **about}, indent=1) + "\n", encoding="utf-8")
    return _recorded(part.path, unchanged=False)


def _recorded(path: Path, unchanged: bool = True) -> Fetched:
    known = record(record_of(path))
    names = ("address", "fetched", "bytes", "sha256", "version")
    address, fetched, size, sha256, version = (known[name] for name in names)
    return Fetched(path, address, fetched, size, sha256, version, unchanged)


def _intact(path: Path, record: dict[str, Any]) -> bool:
    return (
        path.is_file()
        and path.stat().st_size == record.get("bytes")
        and _sha256(path) == record.get("sha256")
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _reason(error: Exception) -> str:
    inner = getattr(error, "reason", None) or error
    return shorten(getattr(inner, "strerror", None) or inner or type(inner).__name__)
