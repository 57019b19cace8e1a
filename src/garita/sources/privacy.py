"""Refusing what may identify persons: inputs are counts (the project's rule, docs/background/limits.md)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from garita.errors import shorten
from garita.sources.messages import Notes

WORDS = frozenset(
    {
        "surname", "lastname", "firstname", "fullname", "forename", "apellido", "apellidos", "nombre",
        "nombres", "passport", "pasaporte", "curp", "ssn", "dni", "phone", "telephone", "telefono",
        "cellphone", "mobile", "celular", "whatsapp", "email", "correo", "birthdate", "birthday", "dob",
        "nacimiento", "anumber", "fingerprint", "huella", "biometric", "iris", "plate", "placa", "placas",
    }
)  # fmt: skip
"""Single words of a heading that are refused, without accents."""

PAIRS = frozenset(
    {
        ("first", "name"), ("last", "name"), ("full", "name"), ("given", "name"), ("family", "name"),
        ("middle", "name"), ("maiden", "name"), ("person", "name"), ("traveler", "name"),
        ("traveller", "name"),
        ("date", "birth"), ("birth", "date"), ("document", "number"), ("document", "no"), ("document", "id"),
        ("id", "number"), ("alien", "number"), ("a", "number"), ("visa", "number"), ("card", "number"),
        ("file", "number"), ("license", "number"), ("licence", "number"), ("social", "security"),
        ("numero", "documento"), ("numero", "pasaporte"), ("home", "address"), ("street", "address"),
    }
)  # fmt: skip
"""Words that are refused when they follow each other, small words between them left aside."""

WHOLE = frozenset({"name", "names", "person", "document", "persona", "documento"})
"""Headings that are refused when they are nothing else."""

_PARTS = re.compile(r"[a-z]+")
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SMALL = frozenset({"of", "de", "del", "the", "s"})


def identifies(heading: str) -> bool:
    """Whether a heading seems to be of names, documents, telephone numbers or the like of persons."""
    text = unicodedata.normalize("NFKD", _HUMPS.sub(" ", heading[:500]))
    text = "".join(sign for sign in text if not unicodedata.combining(sign)).casefold()
    words = [word for word in _PARTS.findall(text) if word not in _SMALL]
    following = set(pairwise(words))
    return bool(WORDS & set(words) or PAIRS & following or (len(words) == 1 and words[0] in WHOLE))


def refuse_personal(headings: Iterable[str], notes: Notes, line: int | None = None) -> None:
    """Raise DataError if any heading may identify persons."""
    found = [heading for heading in headings if identifies(heading)]
    for heading in found[:-1]:
        notes.lose("data-personal", line, field_name=shorten(heading))
    if found:
        raise notes.refuse("data-personal", line, field_name=shorten(found[-1]))
