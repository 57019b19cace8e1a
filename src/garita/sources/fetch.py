"""Downloads from publishers, by the name of the data set."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from string import Formatter
from urllib.parse import quote

from garita.errors import DataError, GaritaError, Problem, RunError, did_you_mean, register_messages
from garita.reference.published import cbp_crossings
from garita.sources.catalogue import SOURCES, Source
from garita.sources.cells import plain
from garita.sources.download import Fetched, Manners, Progress, download

register_messages(
    {
        "source-unknown": ("no data set is called `{value}`", "{hint}Known: {allowed}."),
        "no-address": (
            "{value} has no lasting address",
            "Download it by hand from {page}, and read it with `garita sources read FILE`.",
        ),
        "say-which": ("{value} is fetched by {name}", "Give {option}."),
        "not-by": ("{value} is not fetched by {name}", "Leave out {option}."),
        "crossing-unknown": (
            "no crossing of the wait time feed is `{value}`",
            "{hint}Give a number such as 250401, or a name such as San Ysidro.",
        ),
        "crossing-ambiguous": ("`{value}` is more than one crossing", "Give a number: {allowed}."),
        "not-fetched": ("the other files were not asked for", "Run the same command again later."),
    }
)

Wanted = Mapping[str, Sequence[str]]
"""What the user says of each name in braces: ``{"crossing": ["250401"], "month": ["1", "2"]}``."""

USUAL: Wanted = {"month": [str(month) for month in range(1, 13)], "lanes": ["POV", "PED", "COV"]}
"""What is asked for where the user says nothing: every month, and cars, pedestrians and trucks."""


def fetch(name: str, folder: Path, wanted: Wanted | None = None, address: str | None = None,
          manners: Manners | None = None, progress: Progress | None = None) -> Iterator[Fetched]:  # fmt: skip
    """Fetch the files of a data set to ``folder``, one after another; yields each when it is there.

    `address` replaces the publisher's, and may have the same names in braces. Raises DataError for an
    unknown name, or when nothing could be fetched, RunError when some files or parts of one are there.
    """
    manners = manners or Manners()
    source = _source(name)
    requests = list(_requests(source, folder, wanted or {}, address))
    about = {"data_set": source.name, "publisher": source.publisher, "terms": source.terms}
    problems: list[Problem] = []
    done = 0
    for number, (where, path) in enumerate(requests):
        if number:
            time.sleep(manners.between)
        try:
            fetched = download(where, path, about, manners, progress)
        except GaritaError as error:
            problems += error.problems
            done += isinstance(error, RunError)
            if any(problem.code != "refused" for problem in error.problems):
                if number + 1 < len(requests):
                    problems.append(Problem("not-fetched"))
                break
        else:
            done += 1
            yield fetched
    if problems:
        raise (RunError if done else DataError)(problems)


def _source(name: str) -> Source:
    if name not in SOURCES:
        told = {"value": name, "hint": did_you_mean(name, SOURCES), "allowed": ", ".join(SOURCES)}
        raise DataError(Problem("source-unknown", told))
    return SOURCES[name]


def _requests(
    source: Source, folder: Path, wanted: Wanted, address: str | None
) -> Iterator[tuple[str, Path]]:
    """Every address to ask for, and the file to keep its answer in."""
    addresses = (address,) if address else source.addresses
    if not addresses:
        raise DataError(Problem("no-address", {"value": source.name, "page": source.page}))
    asked = {name for template in addresses for name in _names(template)}
    if spare := [
        _said("not-by", source, name) for name, values in wanted.items() if values and name not in asked
    ]:
        raise DataError(spare)
    for template in addresses:
        names = _names(template)
        values = [_values(source, name, wanted) for name in names]
        for chosen in product(*values):
            told = dict(zip(names, chosen, strict=True))
            parts = [source.name, *(plain(value) for value in chosen)]
            if source.of_the_moment:
                parts.append(datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ"))
            quoted = {name: quote(value) for name, value in told.items()}
            yield template.format(**quoted), folder / f"{'-'.join(parts)}{source.ending}"


def _names(template: str) -> list[str]:
    """The names in braces."""
    try:
        names = [field for _, field, _, _ in Formatter().parse(template) if field is not None]
    except ValueError:
        names = [""]
    if not all(name.isidentifier() for name in names):
        raise DataError(Problem("address-unknown", {"address": template}))
    return names


def _said(code: str, source: Source, name: str) -> Problem:
    return Problem(code, {"value": source.name, "name": name, "option": f"--{name}"})


def _values(source: Source, name: str, wanted: Wanted) -> list[str]:
    given = list(wanted.get(name) or USUAL.get(name) or ())
    if not given:
        raise DataError(_said("say-which", source, name))
    return [crossing(value) for value in given] if name == "crossing" else given


def crossing(value: str) -> str:
    """The eight-digit id by which the feed is asked, of a six- or eight-digit number or a name of a crossing.

    Raises DataError if there is none, or more than one.
    """
    known = cbp_crossings()
    if value in known:
        return known[value]["bwt_id"]
    names = {number: f"{row['port_name']} {row['crossing_name']}".strip() for number, row in known.items()}
    fits = [number for number, row in known.items() if value == row["bwt_id"]]
    fits = fits or [number for number, name in names.items() if plain(name) == plain(value)]
    fits = fits or [number for number, name in names.items() if plain(value) and plain(value) in plain(name)]
    if not fits:
        raise DataError(
            Problem("crossing-unknown", {"value": value, "hint": did_you_mean(value, names.values())})
        )
    if len(fits) > 1:
        allowed = ", ".join(f"{number} {names[number]}" for number in fits)
        raise DataError(Problem("crossing-ambiguous", {"value": value, "allowed": allowed}))
    return known[fits[0]]["bwt_id"]
