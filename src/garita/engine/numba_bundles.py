"""Handing the whole model to a kernel as one pointer.

A named tuple of arrays is passed to compiled code field by field, which costs more, in compilation and in
every call, than most kernels' own work. Inside the engine the same fields travel as a pointer instead, and
nobody counts who uses an array: its owner, who called the engine, outlives every use.
"""

from __future__ import annotations

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, models, register_model


class Bundle(types.Type):
    """A pointer to arrays, by name."""

    def __init__(self, title: str, names: tuple[str, ...], kinds: tuple[types.Type, ...]) -> None:
        self.names, self.kinds = names, kinds
        super().__init__(name=f"{title}Bundle({', '.join(map(str, kinds))})")


@register_model(Bundle)
class _BundleModel(models.PrimitiveModel):
    def __init__(self, manager, kind):
        fields = ir.LiteralStructType([manager.lookup(field).get_value_type() for field in kind.kinds])
        super().__init__(manager, kind, fields.as_pointer())


@infer_getattr
class _BundleAttributes(AttributeTemplate):
    key = Bundle

    def generic_resolve(self, kind, name):
        return dict(zip(kind.names, kind.kinds, strict=True)).get(name)


@lower_getattr_generic(Bundle)
def _fetch(context, builder, kind, pointer, name):
    return builder.load(cgutils.gep_inbounds(builder, pointer, 0, kind.names.index(name)))


@intrinsic
def bundle(typing_context, fields):
    """A named tuple of arrays as a pointer; it is good until the calling kernel returns."""
    kind = Bundle(fields.instance_class.__name__, tuple(fields.fields), tuple(fields.types))

    def generate(context, builder, signature, arguments):
        pointer = cgutils.alloca_once(builder, context.get_value_type(kind).pointee)
        for index, field in enumerate(kind.kinds):
            array = context.make_array(field)(context, builder, builder.extract_value(arguments[0], index))
            array.meminfo = cgutils.get_null_value(array.meminfo.type)  # uncounted
            array.parent = cgutils.get_null_value(array.parent.type)
            builder.store(array._getvalue(), cgutils.gep_inbounds(builder, pointer, 0, index))
        return pointer

    return kind(fields), generate
