"""pydantic's errors as our own problems, with the place in the file and what is allowed there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, TypeAdapter, ValidationError

from garita.errors import MESSAGES, Problem, did_you_mean, shorten
from garita.scenario.loader import Document, Path
from garita.scenario.quantities import TAGS, Quantity
from garita.scenario.scalars import Scalar, what


def names_of(model: type[BaseModel]) -> dict[str, Any]:
    """The fields of a model by the name they have in a file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every model named in an annotation, outermost first."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for part in get_args(annotation):
        yield from models_in(part)


def scalar_in(field: Any) -> Scalar | None:
    """The kind of value a field holds, if it is a single value or a quantity."""

    def search(annotation: Any, metadata: tuple[Any, ...] = ()) -> Scalar | None:
        for item in metadata:
            if isinstance(item, Quantity):
                return item.scalar
            if isinstance(item, Scalar):
                return item
        for part in get_args(annotation):
            found = search(part, getattr(part, "__metadata__", ()))
            if found is not None:
                return found
        return None

    return search(field.annotation, tuple(field.metadata))


def is_list(annotation: Any) -> bool:
    """Whether a field of that annotation holds a list."""
    if get_origin(annotation) in (Union, UnionType):
        return any(is_list(part) for part in get_args(annotation))
    inner = get_args(annotation)[0] if getattr(annotation, "__metadata__", None) else annotation
    return inner is list or get_origin(inner) is list


def _description(model: type[BaseModel] | None, path: Path) -> str:
    """What the field at the end of the path is, for a remedy."""
    field = names_of(model).get(str(path[-1])) if model is not None and path else None
    if field is None or not field.description:
        return ""
    scalar = scalar_in(field)
    about: str = field.description
    return about + (f" ({scalar.form})" if scalar is not None and scalar.form not in about else "")


def _model_at(root: type[BaseModel], location: Path) -> type[BaseModel] | None:
    """The model whose field the last part of the location is."""
    model: type[BaseModel] | None = root
    for part in location[:-1]:
        if isinstance(part, int) or model is None:
            continue
        if part.startswith("~"):
            if part in TAGS:
                model = _tagged(model, part)
            continue
        field = names_of(model).get(part)
        inner = list(models_in(field.annotation)) if field is not None else []
        model = inner[0] if inner else None
    return model


def _tagged(model: type[BaseModel], tag: str) -> type[BaseModel]:
    """The model for a tag: one with all its fields, whichever kind of quantity it belongs to."""
    known = TAGS[tag]
    return next((sub for sub in known.__subclasses__() if sub is not model), known)


def translate(
    error: ValidationError, document: Document, root: type[BaseModel], at: Path = ()
) -> list[Problem]:
    """Our problems for pydantic's, in the order of the file. ``at`` is where ``root`` stands in it."""
    return [_translate(item, document, root, at) for item in error.errors(include_url=False)]


def _translate(item: Any, document: Document, root: type[BaseModel], at: Path) -> Problem:
    location: Path = item["loc"]
    # pydantic marks which kind of quantity it tried, and that a name in a mapping is meant
    path = at + tuple(part for part in location if not str(part).startswith("~") and part != "[key]")
    kind, context = item["type"], item.get("ctx", {})
    model = _model_at(root, location)
    description = _description(model, path)
    about = f"It is {description}." if description else "Write fields as `name: value`, one on a line."
    if kind in MESSAGES:
        return document.problem(kind, path, **context)
    if kind == "missing":
        return document.problem("missing-field", path, name=path[-1], description=description)
    if kind == "extra_forbidden":
        allowed = list(names_of(model)) if model is not None else []
        name = str(path[-1])
        renamed = {"start": "from", "end": "until", "to": "until", "at": "from"}.get(name)
        hint = f"Did you mean `{renamed}`? " if renamed in allowed else did_you_mean(name, allowed)
        params = {"name": shorten(name), "hint": hint, "allowed": ", ".join(allowed)}
        return document.problem("unknown-field", path, at_name=True, **params)
    if item["input"] is None:
        return document.problem("empty-value", path)
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return document.problem("not-a-mapping", path, got=what(item["input"]), description=about)
    if kind in ("list_type", "tuple_type"):
        return document.problem("not-a-list", path, got=what(item["input"]))
    if kind == "string_type":
        return document.problem("not-text", path, got=what(item["input"]), description=about)
    if kind == "union_tag_not_found" or kind == "union_tag_invalid":
        return document.problem("unknown-quantity", path)
    if kind.endswith("too_long"):
        unit = "characters" if kind.startswith("string") else "entries"
        return document.problem("too-long", path, limit=f"{context.get('max_length')} {unit}")
    if kind.endswith("too_short"):
        unit = "character" if kind.startswith("string") else "entry"
        return document.problem(
            "too-short", path, limit=f"{context.get('min_length')} {unit}", description=about
        )
    return document.problem("invalid-value", path, reason=shorten(item["msg"], 120), description=about)


def lenient(
    model: type[BaseModel], raw: Any, document: Document, root_at: Path = ()
) -> tuple[BaseModel, list[Problem]]:
    """The model with all that is right in ``raw``, and the problems of the rest (those fields are None).

    So that a wrong date does not hide a misspelt crossing: the checks across fields run on what is there.
    """
    try:
        return model.model_validate(raw), []
    except ValidationError as error:
        problems = translate(error, document, model, root_at)
    partial = model.model_construct()
    for name, field in model.model_fields.items():
        value: Any = None if field.is_required() else field.get_default(call_default_factory=True)
        key = field.alias or name
        if isinstance(raw, dict) and key in raw:
            value = _lenient_value(model, name, field, raw[key], document)
            partial.__pydantic_fields_set__.add(name)
        object.__setattr__(partial, name, value)
    return partial, problems


def _lenient_value(model: type[BaseModel], name: str, field: Any, raw: Any, document: Document) -> Any:
    inner = next(models_in(field.annotation), None)
    if inner is not None and scalar_in(field) is None:
        if is_list(field.annotation):
            if not isinstance(raw, list):
                return None
            return [lenient(inner, item, document)[0] if isinstance(item, dict) else None for item in raw]
        return lenient(inner, raw, document)[0] if isinstance(raw, dict) else None
    try:
        return _adapter(model, name).validate_python(raw)
    except ValidationError:
        return None


@cache
def _adapter(model: type[BaseModel], name: str) -> TypeAdapter[Any]:
    """What reads one field of a model by itself."""
    return TypeAdapter(get_type_hints(model, include_extras=True)[name])
