"""HXL: hashtags of columns by which humanitarian organisations share tables (hxlstandard.org, version 1.1).

A row of hashtags stands below the heading: ``#adm1+code``, a tag and its attributes in any order. Here are
the reading of such a row and the columns of the tables of journeys.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_TAG = re.compile(r"\s*#\s*([A-Za-z]\w*)((?:\s*\+\s*[A-Za-z]\w*)*)\s*")
_SHORT = {"en", "fr", "es", "ar", "pt", "ru", "zh"}


def is_row(cells: Sequence[str]) -> bool:
    """Whether the cells are a row of hashtags; columns may go without."""
    given = [cell for cell in cells if cell.strip()]
    return bool(given) and all(_TAG.fullmatch(cell) for cell in given)


def plain(tag: str) -> str:
    """One spelling of a hashtag: lower case, attributes in alphabetical order, without a language."""
    found = _TAG.fullmatch(tag)
    if found is None:
        return ""
    attributes = {part.strip().lower() for part in found[2].split("+") if part.strip()}
    known = sorted(each for each in attributes if each not in _SHORT and not each.startswith("i_"))
    return "+".join([f"#{found[1].lower()}", *known])


class Tagged(NamedTuple):
    """A column of a table that is written: its name, its hashtag, and the kind of its cells."""

    name: str
    tag: str
    kind: str = "text"  # or day, people (below ten not told apart), number, amount (a rounded number)


_PLACE = (
    Tagged("day", "#date", "day"),
    Tagged("place", "#loc+code"),
    Tagged("place_name", "#loc+name"),
    Tagged("country", "#country+name"),
    Tagged("lat", "#geo+lat", "number"),
    Tagged("lon", "#geo+lon", "number"),
)
_PEOPLE = (
    Tagged("people", "#affected", "people"),
    Tagged("people_low", "#affected+low", "people"),
    Tagged("people_high", "#affected+high", "people"),
)
TABLES: dict[str, tuple[Tagged, ...]] = {
    "people": (
        *_PLACE,
        *_PEOPLE,
        Tagged("arrived", "#affected+arrived", "people"),
        Tagged("women", "#affected+adults+f", "people"),
        Tagged("men", "#affected+adults+m", "people"),
        Tagged("children", "#affected+children", "people"),
        Tagged("girls", "#affected+children+f", "people"),
        Tagged("boys", "#affected+children+m", "people"),
        Tagged("not_told", "#affected+unknown", "people"),
    ),
    "shelters": (
        Tagged("day", "#date", "day"),
        Tagged("shelter", "#loc+shelter+code"),
        Tagged("shelter_name", "#loc+shelter+name"),
        Tagged("place", "#loc+code"),
        Tagged("place_name", "#loc+name"),
        *_PEOPLE,
        Tagged("capacity", "#capacity", "number"),
        Tagged("over_capacity", "#affected+over_capacity", "people"),
    ),
    "needs": (
        Tagged("day", "#date", "day"),
        Tagged("place", "#loc+code"),
        Tagged("shelter", "#loc+shelter+code"),
        Tagged("item", "#item+code"),
        Tagged("unit", "#item+unit"),
        Tagged("period", "#item+period"),
        Tagged("needed", "#item+needed+num", "amount"),
        Tagged("needed_low", "#item+low+needed+num", "amount"),
        Tagged("needed_high", "#item+high+needed+num", "amount"),
        Tagged("supply", "#item+available+num", "amount"),
        Tagged("short", "#item+num+short", "amount"),
        Tagged("short_low", "#item+low+num+short", "amount"),
        Tagged("short_high", "#item+high+num+short", "amount"),
    ),
    "waitlists": (
        Tagged("day", "#date", "day"),
        Tagged("list", "#service+name"),
        Tagged("place", "#loc+code"),
        Tagged("people_waiting", "#affected+waiting", "people"),
        Tagged("people_waiting_low", "#affected+low+waiting", "people"),
        Tagged("people_waiting_high", "#affected+high+waiting", "people"),
        Tagged("registered", "#affected+registered", "people"),
        Tagged("taken_in", "#reached+taken_in", "people"),
        Tagged("expected_wait_days", "#indicator+days+wait", "number"),
        Tagged("expected_wait_days_low", "#indicator+days+low+wait", "number"),
        Tagged("expected_wait_days_high", "#indicator+days+high+wait", "number"),
    ),
}
"""The columns of the tables of journeys, as `garita journeys --hxl` writes them: means over the histories,
and the middle 90 % of them (``low``, ``high``)."""
