"""Kernels that only other kernels call: optimised and made machine code once, inside the kernel called from
Python.

Numba optimises every compiled function together with everything below it, and again inside each of its
callers: with some ninety kernels a few levels deep, most of the time to compile goes into code that nobody
runs. Here an inner kernel stops at unoptimised intermediate code, which Numba links into its callers as
usual; only the entrance is optimised, as a whole.
"""

from __future__ import annotations

import hashlib

from numba.core import typed_passes, untyped_passes
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import PassManager
from numba.core.funcdesc import default_mangler


class _WithoutEnvironment:
    """Numba's code generator; inner kernels have no address that an environment could be set for."""

    def __init__(self, codegen):
        self._codegen = codegen

    def __getattr__(self, name):
        return getattr(self._codegen, name)

    def set_env(self, name, environment):
        """Kernels raise nothing and print nothing, so they need no environment."""


class LinkedLibrary(JITCodeLibrary):
    """Intermediate code that is linked into callers and never run by itself."""

    @property
    def codegen(self):
        """The code generator behind the library."""
        return _WithoutEnvironment(self._codegen)

    def _optimize_functions(self, ll_module):
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self):
        pass

    def _finalize_final_module(self):
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name):
        """No address: nothing but other kernels can call this one."""
        self._ensure_finalized()
        return 0


def short_name(prefix, argtypes, *, abi_tags=(), uid=None):
    """A function's name for the linker. Numba spells the types of all arguments out: with tables of many
    fields that is thousands of characters, over and over in the intermediate code.
    """
    types = hashlib.sha256(repr((argtypes, abi_tags)).encode("utf-8")).hexdigest()[:16]
    return default_mangler(f"{prefix}.{types}", (), uid=uid)


# Numba's own passes without those for what no kernel holds: closures, context managers, exceptions, literal
# loops, functions that ask to be inlined, expressions of whole arrays. A quarter of the time went there.
_PASSES = (
    untyped_passes.TranslateByteCode,
    untyped_passes.FixupArgs,
    untyped_passes.IRProcessing,
    untyped_passes.RewriteSemanticConstants,
    untyped_passes.DeadBranchPrune,
    untyped_passes.GenericRewrites,
    untyped_passes.ReconstructSSA,
    untyped_passes.DeadBranchPrune,
    typed_passes.NopythonTypeInference,
    typed_passes.PreLowerStripPhis,
    typed_passes.IRLegalization,
    typed_passes.NativeLowering,
    typed_passes.NoPythonBackend,
)


class InnerCompiler(CompilerBase):
    """Numba's compiler, writing into a library that is only linked."""

    def define_pipelines(self):
        """The passes above; lowering writes into the library that is already there."""
        self.state.targetctx.mangler = short_name  # the state's own copy of the target
        self.state.library = LinkedLibrary(self.state.targetctx.codegen(), self.state.func_id.func_qualname)
        passes = PassManager("kernel")
        for step in _PASSES:
            passes.add_pass(step, step.__name__)
        passes.finalize()
        return [passes]
