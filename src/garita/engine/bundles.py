"""Handing the whole model to a kernel as one pointer.

A named tuple of arrays is passed to compiled code field by field, which costs more, in compilation and in
every call, than most kernels' own work. Inside the engine the same fields travel as one reference instead.
"""

from __future__ import annotations

import numba
from numba.core import types
from numba.experimental import structref

from garita.engine.kernel import kernel
from garita.engine.state import State
from garita.engine.types import Model, Output


def _reference_to(tuple_class: type) -> type:
    """A compiled structure with the fields of a named tuple."""

    class Reference(types.StructRef):
        def preprocess_fields(self, fields):
            return tuple((name, types.unliteral(kind)) for name, kind in fields)

    Reference.__name__ = Reference.__qualname__ = f"{tuple_class.__name__}Reference"
    proxy = type(tuple_class.__name__, (structref.StructRefProxy,), {})
    structref.define_proxy(proxy, structref.register(Reference), list(tuple_class._fields))
    globals()[Reference.__name__] = Reference  # so that cached machine code finds its type again
    return proxy


if numba.config.DISABLE_JIT:
    ModelProxy, StateProxy, OutputProxy = Model, State, Output
else:
    ModelProxy, StateProxy, OutputProxy = _reference_to(Model), _reference_to(State), _reference_to(Output)


@kernel
def bundle_model(model):
    """The model as one reference."""
    return ModelProxy(
        model.flows,
        model.alternative,
        model.travel,
        model.service,
        model.size,
        model.classes,
        model.flow_hours,
        model.hours,
        model.intervals,
        model.plan,
        model.pool_limit,
        model.places,
        model.news,
        model.belief,
        model.behaviour,
    )


@kernel
def bundle_state(state):
    """The state as one reference."""
    return StateProxy(
        state.queue,
        state.way,
        state.later,
        state.turned,
        state.lines,
        state.booths,
        state.trim,
        state.measured,
        state.chance,
        state.where,
        state.weights,
        state.count,
    )


@kernel
def bundle_output(output):
    """The books as one reference."""
    return OutputProxy(
        output.bins,
        output.histogram,
        output.ledger,
        output.gross,
        output.diverted,
        output.travel_extra,
        output.secondary,
        output.finals,
        output.balance,
        output.used,
    )
