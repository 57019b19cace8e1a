"""Reading packaged tables. Standard library only, so that commands that need a region start fast."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from garita.reference.inference import complete, is_complete

Tables = dict[str, list[dict[str, str]]]
MODEL = "san-diego-tijuana"  # the region that others take after where they say nothing
STATUSES = ("measured", "derived", "assumed", "proposal")
NEEDED = ("region", "crossings", "flows", "volumes")
"""Tables without which a region cannot be simulated."""


@dataclass(frozen=True)
class RegionTables:
    """The tables of one packaged region, as they stand in its files.

    ``tables`` maps the name of a table (``"flows"``) to its rows; all cells are text. ``digest`` is the
    SHA-256 in hex of the names and contents of its files, so that a run can say which facts it used.
    ``members`` are variants of the region that explain the same data, for the replications to draw among:
    folders under ``members/``, each with those tables that are its own.
    """

    id: str
    name: str
    zone: str
    tables: Tables = field(repr=False)
    digest: str
    members: tuple[RegionTables, ...] = field(default=(), repr=False)

    def __getitem__(self, table: str) -> list[dict[str, str]]:
        """The rows of a table; KeyError if the region has none of that name."""
        return self.tables[table]

    def get(self, table: str, default: Sequence[dict[str, str]] = ()) -> Sequence[dict[str, str]]:
        """The rows of a table, or `default` if the region has none of that name."""
        return self.tables.get(table, default)

    def inbound(self) -> RegionTables:
        """The same region with its inbound lines only."""
        tables = {
            name: [row for row in rows if row.get("direction", "inbound") == "inbound"]
            for name, rows in self.tables.items()
        }
        digest = hashlib.sha256(f"inbound lines of {self.digest}".encode()).hexdigest()
        members = tuple(member.inbound() for member in self.members)
        return replace(self, tables=tables, digest=digest, members=members)

    def shares_by_status(self) -> dict[str, dict[str, float]]:
        """Share of the rows of each table that is measured, derived, assumed or a proposal."""
        return {
            table: {status: sum(row["status"] == status for row in rows) / len(rows) for status in STATUSES}
            for table, rows in self.tables.items()
            if rows
        }


def regions() -> list[str]:
    """Names of the packaged regions, in alphabetical order."""
    return sorted(
        entry.name for entry in _folder("regions").iterdir() if entry.joinpath("region.csv").is_file()
    )


def load_region(id: str) -> RegionTables:  # `id` is the name the users of the tables know
    """Read all tables of a packaged region; what its files leave out is inferred (see ``inference``).

    They are read once and shared by all who ask: nobody writes into them. Raises
    :class:`garita.errors.DataError` if there is no such region.
    """
    known = regions()
    if id not in known:
        raise _unknown_region(id, known)
    return _packaged(id)


@cache  # to infer what a region does not say takes a tenth of a second
def _packaged(id: str) -> RegionTables:
    return _region(_folder("regions").joinpath(id))


def region_about(id: str) -> dict[str, str]:
    """Name, time zone and countries of a packaged region, without reading the rest of it."""
    text = _folder("regions").joinpath(id, "region.csv").read_text(encoding="utf-8")
    return _rows(text)[0]


def region_name(id: str) -> str:
    """The full name of a packaged region, without reading the rest of it."""
    return region_about(id)["name"]


def is_region(folder: Path) -> bool:
    """Whether a folder holds the tables of a region."""
    return (folder / "region.csv").is_file()


def read_region(folder: Path) -> RegionTables:
    """Read the tables of a region in a folder, with the files and columns of a packaged one; what they leave
    out is inferred.

    Raises :class:`garita.errors.DataError` if files are missing or cannot be read.
    """
    from garita.errors import DataError, Problem

    missing = [f"{name}.csv" for name in NEEDED if not (folder / f"{name}.csv").is_file()]
    if missing:
        raise DataError(Problem("region-incomplete", {"missing": ", ".join(missing)}, str(folder)))
    from garita.reference.checks import problems

    if wrong := problems(folder):
        raise DataError(wrong)
    try:
        return _region(folder)
    except (OSError, ValueError, KeyError, IndexError, StopIteration) as error:
        reason = f"{type(error).__name__}: {error}"
        raise DataError(Problem("region-unreadable", {"reason": reason}, str(folder))) from None


def _region(folder: Traversable) -> RegionTables:
    """A region from the CSV files of a folder, and of the folders of its members."""
    tables, digest = _read(folder)
    if not is_complete(tables):
        tables = complete(tables, _packaged(MODEL).tables)
        digest.update(json.dumps(tables, sort_keys=True).encode())
    about, own, members = tables["region"][0], digest.hexdigest(), []
    for member in _members(folder):
        told, of_member = _read(member)
        of_member.update(own.encode())
        digest.update(of_member.digest())
        told = {**tables, **told}
        members.append(RegionTables(about["id"], about["name"], about["zone"], told, of_member.hexdigest()))
    return RegionTables(about["id"], about["name"], about["zone"], tables, digest.hexdigest(), tuple(members))


def _members(folder: Traversable) -> list[Traversable]:
    found = folder.joinpath("members")
    return sorted(found.iterdir(), key=lambda entry: entry.name) if found.is_dir() else []


def _read(folder: Traversable) -> tuple[Tables, Any]:
    """The tables that stand in a folder, and the beginning of a digest of them."""
    tables: Tables = {}
    digest = hashlib.sha256()
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not entry.name.endswith(".csv"):
            continue
        content = entry.read_bytes()
        digest.update(f"{entry.name}\0{len(content)}\0".encode())
        digest.update(content)
        tables[entry.name.removesuffix(".csv")] = _rows(content.decode("utf-8-sig"))
    return tables, digest


def validation_waits(case: str = "V1") -> list[dict[str, str]]:
    """Published mean waits to compare a region with.

    Columns crossing_group, mode, lane_type, hour, wait_min (minutes; empty = closed), status and source.
    """
    text = _folder("validation").joinpath("v1_waits.csv").read_text(encoding="utf-8")
    return [row for row in _rows(text) if row["case"] == case]


def _folder(name: str) -> Traversable:
    return resources.files("garita.reference").joinpath(name)


def _rows(text: str) -> list[dict[str, str]]:
    lines = csv.reader(text.splitlines())
    header = next(lines)
    return [dict(zip(header, line, strict=True)) for line in lines]


def _unknown_region(id: str, known: list[str]) -> Exception:
    # Imported here: errors are rare, and the tables load without them.
    from garita.errors import DataError, Problem, did_you_mean

    params = {
        "value": id,
        "kind": "packaged region",
        "hint": did_you_mean(id, known),
        "allowed": ", ".join(known),
    }
    return DataError([Problem("unknown-name", params)])
