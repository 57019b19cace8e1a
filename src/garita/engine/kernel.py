"""The one decorator of compiled code, and the folder its machine code is kept in.

Numba's own cache does not notice that a kernel *called by* a kernel has changed: an edited ``random.py``
would leave an old ``loop.py`` behind. So the cache folder is named by a digest of every source file of this
package, of the versions of Numba and Python, and of the processor: any change gives a new, empty folder.
"""

from __future__ import annotations

import hashlib
import logging
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba import njit

from garita.engine.linking import EntranceCompiler, InnerCompiler

logger = logging.getLogger("garita")

_Function = TypeVar("_Function", bound=Callable[..., Any])


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


def _machine_code_folder() -> Path | None:
    """A writable folder for this exact engine on this exact machine, or None (said once in the log)."""
    facts = (
        engine_digest(),
        version("numba"),
        version("llvmlite"),
        platform.python_version(),
        platform.machine(),
        platform.processor(),
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


MACHINE_CODE_FOLDER = _machine_code_folder()


# Kernels that are called from Python. The others are linked into these, and exist nowhere else.
ENTRANCES = frozenset({"simulate"})


def kernel(function: _Function) -> _Function:
    """Compile a function of the engine; with ``NUMBA_DISABLE_JIT=1`` it stays plain Python.

    Kernels release the interpreter lock, so replications run side by side in threads.
    """
    before = numba.config.CACHE_DIR
    entrance = function.__name__ in ENTRANCES
    try:
        if MACHINE_CODE_FOLDER is not None:
            numba.config.CACHE_DIR = str(MACHINE_CODE_FOLDER)
        return njit(
            cache=entrance and MACHINE_CODE_FOLDER is not None,
            nogil=True,
            error_model="numpy",
            no_cpython_wrapper=not entrance,
            no_cfunc_wrapper=True,
            _nrt=entrance,
            pipeline_class=EntranceCompiler if entrance else InnerCompiler,
        )(function)
    finally:
        numba.config.CACHE_DIR = before
