"""The record beside a fetched file: of which address it is, when it came, its size and SHA-256."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any


def record_of(path: Path) -> Path:
    """Where the record of a file stands: ``bts.csv.source.json`` beside ``bts.csv``."""
    return path.with_name(f"{path.name}.source.json")


def record(path: Path) -> dict[str, Any]:
    """What a record says; nothing if there is none, or if it is none."""
    with suppress(OSError, ValueError):
        known = json.loads(path.read_text(encoding="utf-8"))
        return known if isinstance(known, dict) else {}
    return {}


def address_of(path: Path) -> str:
    """The address a file was fetched from, as its record says; empty if the record is of another file."""
    known = record(record_of(path))
    with suppress(OSError):
        if known.get("bytes") == path.stat().st_size:
            return str(known.get("address") or "")
    return ""
