"""The words for what journeys hold as identifiers: ways of going back, waiting lists, published counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from garita.outcomes.journey_layout import JourneyLayout

KINDS = {
    "assisted-voluntary": "assisted voluntary return",
    "deported-by-mexico": "deportation by Mexico",
    "removed-by-us": "removal by the US",
    "on-their-own": "going home by oneself",
}
COUNTS = {
    "arrived": "arrived in {} so far",
    "present": "in {}",
    "sheltered": "in {}",
    "list-length": "on the {}",
    "taken-in": "taken in from the {} so far",
    "returned": "gone back so far: {}",
    "arrested": "arrested that day",
}


def place_named(layout: JourneyLayout, place: str) -> str:
    """``Tijuana`` for its identifier; anything else as it is."""
    return next((one.name for one in layout.places if one.id == place), place)


def return_named(layout: JourneyLayout, at: int) -> str:
    """``deportation by Mexico``; with its own name where several ways of going back are of that kind."""
    back = layout.returns[at]
    kind = KINDS[back.kind]
    alike = sum(one.kind == back.kind for one in layout.returns)
    return f"{kind} ({_spaced(back.name)})" if alike > 1 else kind


def list_named(layout: JourneyLayout, name: str) -> str:
    """``waiting list in Tijuana``: a place has one at most."""
    place = next((one.place for one in layout.lists if one.name == name), None)
    if place is None:
        return _spaced(name)
    return f"waiting list in {place_named(layout, place)}"


def counted(layout: JourneyLayout, what: str, where: str) -> str:
    """What a published count is of: ``arrived in Tijuana so far``."""
    names = {one.id: one.name for one in layout.shelters}
    if what in ("list-length", "taken-in"):
        names = {one.name: list_named(layout, one.name) for one in layout.lists}
    elif what == "returned":
        names = {one.name: return_named(layout, at) for at, one in enumerate(layout.returns)}
    elif what != "sheltered":
        names = {one.id: one.name for one in layout.places}
    return COUNTS[what].format(names.get(where, where))


def _spaced(name: str) -> str:
    return name.replace("-", " ")
