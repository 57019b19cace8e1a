"""Where machine code is kept: a folder for this exact engine on this exact machine.

A cache must notice that a kernel *called by* a kernel has changed. So the folder is named by a digest of
every source file of this package, of the versions of Numba, llvmlite, SciPy and Python, and of the
processor: any change gives a new, empty folder.
"""

from __future__ import annotations

import hashlib
import logging
import os
import platform
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

logger = logging.getLogger("garita")

# Whoever compiles says so every second; who has said nothing for this long has come to an end.
_BEAT_SECONDS, _SILENT_SECONDS = 1.0, 10.0


def engine_digest() -> str:
    """Hexadecimal SHA-256 of this package's source files (names and contents), in name order."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode("utf-8") + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def user_cache_folder() -> Path:
    """Where this user's rebuildable files belong: ``GARITA_CACHE_DIR``, or the custom of the platform."""
    if chosen := os.environ.get("GARITA_CACHE_DIR"):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "garita" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "garita"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "garita"


@cache
def machine_code_folder() -> Path | None:
    """A writable folder for this exact engine on this exact machine, or None (said once in the log)."""
    import llvmlite.binding as llvm

    facts = (
        engine_digest(),
        version("numba"),
        version("llvmlite"),
        version("scipy"),  # by which tables that are kept here were made
        platform.python_version(),
        platform.machine(),
        llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten(),
    )
    name = hashlib.sha256("\n".join(facts).encode("utf-8")).hexdigest()[:20]
    try:
        folder = user_cache_folder() / "kernels" / name
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except (OSError, RuntimeError) as problem:  # RuntimeError: no home folder
        logger.warning("compiled kernels cannot be kept (%s): every start compiles anew", problem)
        return None


def kept(name: str) -> bytes | None:
    """What was kept under a name, if it is there and whole."""
    folder = machine_code_folder()
    if folder is None:
        return None
    try:
        blob = (folder / name).read_bytes()
    except OSError:
        return None
    return blob[32:] if hashlib.sha256(blob[32:]).digest() == blob[:32] else None


def keep(name: str, blob: bytes) -> None:
    """Keep something for later starts; where that fails they compile anew."""
    folder = machine_code_folder()
    if folder is None:
        return
    temporary = folder / f".{name}.{os.getpid()}"
    try:
        temporary.write_bytes(hashlib.sha256(blob).digest() + blob)
        temporary.replace(folder / name)
    except OSError as problem:
        logger.warning("compiled kernels cannot be kept (%s): every start compiles anew", problem)
        with suppress(OSError):
            temporary.unlink()


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Let one process at a time make what is kept under a name: others wait, and then find it there."""
    claim, over = _claim(name), threading.Event()
    if claim is None:
        yield
        return

    def beat() -> None:
        while not over.wait(_BEAT_SECONDS):
            with suppress(OSError):
                os.utime(claim)

    beating = threading.Thread(target=beat, daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()
        with suppress(OSError):
            claim.unlink()


def _claim(name: str) -> Path | None:
    """A file that says who makes it; None if it was made meanwhile, or where nothing can be kept."""
    folder = machine_code_folder()
    if folder is None:
        return None
    claim = folder / f"{name}.claim"
    while not (folder / name).exists():
        try:
            claim.touch(exist_ok=False)
            return claim
        except FileExistsError:
            with suppress(OSError):  # it may be gone by now
                if time.time() - claim.stat().st_mtime > _SILENT_SECONDS:
                    claim.unlink()
            time.sleep(0.05)
        except OSError:
            return None
    return None
