"""Calling machine code from Python: arguments become words, and a kernel reads them.

Neither the code nor the way to it needs Numba once it is compiled, and Numba takes a second to load: a start
that finds machine code in the cache does without.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import json
import logging
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from garita.engine import cache
from garita.engine.registry import ENTRY

logger = logging.getLogger("garita")

_WORD = 2**64 - 1
# Functions of the C library that kernels use; elsewhere than here the linker finds them by itself.
_C_FUNCTIONS = ("exp", "log", "pow", "memset", "memcpy", "memmove")


class Entrance:
    """A kernel that Python may call with numbers, arrays, named tuples of arrays, and None.

    Returns a number or a tuple of numbers. The interpreter lock is released meanwhile, so replications run
    side by side in threads. The kernel may write to the arrays; they must outlive the call.
    """

    def __init__(self, plain: Callable[..., Any]) -> None:
        functools.update_wrapper(self, plain)
        self.plain = plain
        self._loaded: dict[Any, tuple[Any, list[str]]] = {}
        self._lock = threading.Lock()

    def __call__(self, *arguments: Any) -> Any:
        arguments = tuple(_plain(argument) for argument in arguments)
        kinds = tuple(_kind(argument) for argument in arguments)
        found = self._loaded.get(kinds)
        if found is None:
            with self._lock:  # threads wait for the first, which compiles
                found = self._loaded.get(kinds) or self._load(kinds, arguments)
                self._loaded[kinds] = found
        entry, results = found
        words = [word for argument in arguments for word in _words(argument)]
        memory = (ctypes.c_uint64 * (len(words) + len(results)))(*words)
        status = entry(memory)
        if status:
            raise RuntimeError(f"the compiled kernel {self.plain.__name__} ended with status {status}")
        values = [_value(word, kind) for word, kind in zip(memory[len(words) :], results, strict=True)]
        return values[0] if len(values) == 1 else tuple(values)

    def _load(self, kinds: Any, arguments: tuple[Any, ...]) -> tuple[Any, list[str]]:
        name = f"{self.plain.__name__}-{hashlib.sha256(repr(kinds).encode('utf-8')).hexdigest()[:16]}"
        blob = cache.kept(name)
        if blob is None:
            with cache.alone(name):
                blob = cache.kept(name) or self._compile(name, arguments)
        about, code = blob.split(b"\n", 1)
        return _entered(code), json.loads(about)

    def _compile(self, name: str, arguments: tuple[Any, ...]) -> bytes:
        from garita.engine.compiling import machine_code

        if self.plain.__name__ == "simulate":  # the others take a second
            logger.info("compiling this kind of run, once on this machine: up to half a minute")
        code, results = machine_code(self.plain, arguments)
        blob = json.dumps(results).encode("utf-8") + b"\n" + code
        cache.keep(name, blob)
        return blob


def _plain(argument: Any) -> Any:
    """Numbers of 64 bits, as compiled code knows no others; TypeError for what it does not know at all."""
    if argument is None or isinstance(argument, np.ndarray | tuple | np.uint64):
        return argument
    if isinstance(argument, int | np.integer | np.bool_):
        return int(argument)
    if isinstance(argument, float | np.floating):
        return float(argument)
    raise TypeError(f"{type(argument).__name__} cannot be handed to a kernel")


def _kind(argument: Any) -> Any:
    """What compiled code depends on of an argument."""
    if isinstance(argument, np.ndarray):
        flags = argument.flags
        # A short table may be both: then it is read by rows, as any other.
        order = "by rows" if flags.c_contiguous else "by columns" if flags.f_contiguous else "with gaps"
        return argument.dtype, argument.ndim, order, flags.writeable, flags.aligned
    if isinstance(argument, tuple):
        return type(argument).__name__, tuple(_kind(field) for field in argument)
    return type(argument).__name__


def _words(argument: Any) -> Iterator[int]:
    """An argument as compiled code takes it, in words of 64 bits; an array has no owner there."""
    if isinstance(argument, np.ndarray):
        yield from (0, 0, argument.size, argument.itemsize, argument.ctypes.data)
        yield from argument.shape
        yield from (stride & _WORD for stride in argument.strides)
    elif isinstance(argument, tuple):
        for field in argument:
            yield from _words(field)
    elif argument is None:
        yield 0
    elif isinstance(argument, float):
        yield struct.unpack("<Q", struct.pack("<d", argument))[0]
    else:
        yield int(argument) & _WORD


def _value(word: int, kind: str) -> Any:
    if kind == "float64":
        return struct.unpack("<d", struct.pack("<Q", word))[0]
    return word - 2**64 if kind == "int64" and word >= 2**63 else word


_ENGINES: list[Any] = []  # whatever was loaded stays


def _entered(code: bytes) -> Any:
    """Load machine code; returns its function of one pointer to words."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    if sys.platform == "win32":  # the linker looks for them in this program only
        library = ctypes.CDLL("msvcrt")
        for name in _C_FUNCTIONS:
            llvm.add_symbol(name, ctypes.cast(getattr(library, name), ctypes.c_void_p).value)
    machine = llvm.Target.from_default_triple().create_target_machine(codemodel="jitdefault", jit=True)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _ENGINES.append(engine)
    return ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p)(engine.get_function_address(ENTRY))
