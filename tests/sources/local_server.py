"""A server on this machine that serves a file well, or in all the ways in which servers fail."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Server:
    """What is served, how the next answers go wrong, and what was asked.

    `faults` are taken one by one, one for each answer: ``stall``, ``cut`` (it ends halfway), ``503``,
    ``429`` and other numbers, ``no ranges``, ``wrong range``. Without any it serves well.
    """

    content: bytes
    etag: str | None = '"one"'
    changed: str | None = None
    length: bool = True
    faults: list[str] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    address: str = ""
    over: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    served: Server

    def do_GET(self) -> None:
        server = self.served
        server.asked.append({name.lower(): value for name, value in self.headers.items()})
        server.paths.append(self.path)
        fault = server.faults.pop(0) if server.faults else ""
        if fault.isdecimal():
            self.send_response(int(fault))
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.headers.get("If-None-Match") == server.etag is not None:
            self.send_response(304)
            self.end_headers()
            return
        self._send(fault, *self._range(fault))

    def _range(self, fault: str) -> tuple[int, int]:
        """Status and first byte of the answer."""
        server = self.served
        wanted = self.headers.get("Range", "")
        same = self.headers.get("If-Range") in (server.etag, server.changed)
        if not wanted or not same or fault == "no ranges":
            return 200, 0
        start = int(wanted.removeprefix("bytes=").split("-")[0])
        return (206, start) if start < len(server.content) else (416, 0)

    def _send(self, fault: str, status: int, start: int) -> None:
        server = self.served
        content = server.content[start:] if status != 416 else b""
        self.send_response(status)
        if server.etag:
            self.send_header("ETag", server.etag)
        if server.changed:
            self.send_header("Last-Modified", server.changed)
        if server.length:
            self.send_header("Content-Length", str(len(content)))
        if status == 206:
            first = start + 1 if fault == "wrong range" else start
            self.send_header(
                "Content-Range", f"bytes {first}-{len(server.content) - 1}/{len(server.content)}"
            )
        self.end_headers()
        if fault in ("stall", "cut"):
            self.wfile.write(content[: len(content) // 2])
            self.wfile.flush()
            if fault == "stall":
                server.over.wait(5)
            self.close_connection = True
            return
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Run it on a free port of this machine."""
    handler = type("Handler", (_Handler,), {"served": server})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        running.daemon_threads = True
        server.address = f"http://127.0.0.1:{running.server_address[1]}"
        thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            running.shutdown()
            thread.join()
