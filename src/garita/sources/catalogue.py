"""The data sets that are known: publisher, address, terms and readers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from garita.sources.layout import Layout

US_WORK = "work of the US government: public domain in the US (17 USC 105)"


@dataclass(frozen=True)
class Source:
    """A public data set.

    `reader` is the module under `garita.sources` that reads it. `page` is where people find it; `addresses`
    are what `fetch` asks for, with names in braces for what the user says, empty where the publisher has no
    lasting address.
    """

    name: str
    title: str
    publisher: str
    reader: str
    page: str
    terms: str
    addresses: tuple[str, ...] = ()


_ALL = (
    Source(
        "bts",
        "Border Crossing Entry Data: entries by port, month and measure since 1996",
        "Bureau of Transportation Statistics, from counts of CBP",
        "bts_entries",
        "https://data.bts.gov/Research-and-Statistics/Border-Crossing-Entry-Data/keg4-3bc2",
        US_WORK,
        ("https://data.bts.gov/api/views/keg4-3bc2/rows.csv?accessType=DOWNLOAD",),
    ),
)
SOURCES = {source.name: source for source in _ALL}


def layouts() -> Iterator[Layout]:
    """All layouts of all data sets, in the order of the catalogue."""
    for source in _ALL:
        yield from import_module(f"garita.sources.{source.reader}").LAYOUTS
