"""From kernels to machine code, by Numba. Imported only when something has to be compiled.

The plain functions stay as they are. Each gets a compiled twin whose globals are those of its module with
every kernel replaced by its twin. Twins stop at unoptimised intermediate code (``linking.py``), which is
linked below one function that Python can enter: it takes a pointer to words, reads the arguments from them,
and leaves the results behind them. Only then is everything optimised, once, as a whole.
"""

from __future__ import annotations

import types as python_types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numba
from llvmlite import ir
from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler_lock import global_compiler_lock
from numba.np import arrayobj

from garita.engine import bundles
from garita.engine.linking import InnerCompiler
from garita.engine.numba_bundles import bundle
from garita.engine.registry import ENTRY, KERNELS

_WORD = ir.IntType(64)
_TWINS: dict[Callable[..., Any], Any] = {}


def compiled(function: Callable[..., Any]) -> Any:
    """The twin of a kernel, which other compiled functions may call; it cannot be called from Python."""
    if function not in _TWINS:
        _make_twins()
    return _TWINS[function]


def _make_twins() -> None:
    """Twins of all kernels defined so far, anew: they refer to each other."""
    _TWINS.clear()
    spaces: dict[int, dict[str, Any]] = {}
    for plain in KERNELS:
        space = spaces.setdefault(id(plain.__globals__), dict(plain.__globals__))
        copy = python_types.FunctionType(plain.__code__, space, plain.__name__, plain.__defaults__)
        _TWINS[plain] = numba.njit(
            nogil=True,
            error_model="numpy",
            no_cpython_wrapper=True,
            no_cfunc_wrapper=True,
            _nrt=False,
            pipeline_class=InnerCompiler,
        )(copy)
    for space in spaces.values():
        for name, value in space.items():
            plain = getattr(value, "plain", value)  # of an entrance
            if plain is bundles.bundle:
                space[name] = bundle
            elif isinstance(plain, python_types.FunctionType) and plain in _TWINS:
                space[name] = _TWINS[plain]


def _from_the_beginning(context: Any, builder: Any, kind: Any, index: Any, size: Any) -> Any:
    """An index as it stands, where Numba would ask whether it counts from the end."""
    if isinstance(index, ir.Constant):
        return _FROM_EITHER_END(context, builder, kind, index, size)
    return context.cast(builder, index, kind, types.intp if kind.signed else types.uintp)


_FROM_EITHER_END = arrayobj.fix_integer_index


@contextmanager
def _no_index_from_the_end() -> Iterator[None]:
    """Kernels use no negative index but written ones (``row[-1]``); to look took an eighth of the time."""
    arrayobj.fix_integer_index = _from_the_beginning
    try:
        yield
    finally:
        arrayobj.fix_integer_index = _FROM_EITHER_END


class _Whole(JITCodeLibrary):
    """Everything below an entrance: optimised once, then written out, not run from here."""

    def _optimize_functions(self, ll_module):
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self):
        manager, builder = self._codegen._module_pass_manager()
        manager.run(self._final_module, builder)

    def _finalize_final_module(self):
        self._finalize_dynamic_globals()
        self._finalized = True


@global_compiler_lock
def machine_code(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[bytes, list[str]]:
    """Machine code of a kernel for such arguments, and the types of its results: int64, uint64 or float64."""
    kinds = tuple(numba.typeof(argument) for argument in arguments)
    twin = compiled(function)
    with _no_index_from_the_end():
        twin.compile(kinds)
    made = twin.overloads[kinds]
    context = made.target_context
    library = _Whole(context.codegen(), ENTRY)
    module = library.create_ir_module(ENTRY)
    results = _write_entry(context, module, made.fndesc)
    library.add_linking_library(made.library)
    library.add_ir_module(module)
    library.finalize()
    return library._codegen._tm.emit_object(library._final_module), results


def _write_entry(context: Any, module: ir.Module, described: Any) -> list[str]:
    """The function that Python enters: words in, status out; returns the types of the results."""
    callee = context.declare_function(module, described)
    entry = ir.Function(module, ir.FunctionType(_WORD, [_WORD.as_pointer()]), ENTRY)
    builder = ir.IRBuilder(entry.append_basic_block())
    packer = context.get_arg_packer(described.argtypes)

    def word(place: int) -> Any:
        return builder.gep(entry.args[0], [ir.Constant(_WORD, place)])

    given = []
    for place, kind in enumerate(packer.argument_types):
        value = builder.load(word(place))
        if isinstance(kind, ir.PointerType):
            value = builder.inttoptr(value, kind)
        elif isinstance(kind, ir.DoubleType):
            value = builder.bitcast(value, kind)
        given.append(value)
    status, result = context.call_conv.call_function(
        builder, callee, described.restype, described.argtypes, packer.from_arguments(builder, given)
    )
    single = not isinstance(described.restype, types.BaseTuple)
    kinds = [described.restype] if single else list(described.restype)
    for place, kind in enumerate(kinds):
        value = result if single else builder.extract_value(result, place)
        if isinstance(kind, types.Float):
            value = builder.bitcast(value, _WORD)
        builder.store(value, word(len(given) + place))
    builder.ret(builder.zext(status.code, _WORD))
    return [str(kind) for kind in kinds]
