"""The regions of the border as the generator takes them: which crossings, and where their counts stand.

They stand in border_regions.csv and border_crossings.csv. A crossing names its number in CBP's wait time feed
(lanes and hours) and its TxDOT bridge, or the BTS port and the share of it by mode (assumed). Points that
publishers give for a port only are moved to the facility by hand and marked as estimates, as are hours.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

ALL_MODES = ("car", "pedestrian", "bus", "truck")
FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Crossing:
    """A crossing; ``kinds``: lane types by mode where they are not those of the feed.

    ``shares`` of a port's counts by mode: where any is given, a mode without one does not use the crossing.
    """

    id: str
    name: str
    port: str
    port_name: str
    bts: str
    cbp: str
    bridge: str
    shares: dict[str, float]
    kinds: dict[str, str]
    hours: tuple[str, str] | None
    point: tuple[float, float] | None


@dataclass(frozen=True)
class Region:
    """A region of crossings that people choose between."""

    id: str
    name: str
    zone: str
    countries: str
    about: str
    crossings: tuple[Crossing, ...]


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _by_mode(row: dict[str, str], name: str) -> dict[str, str]:
    return {mode: cell for mode in ALL_MODES if (cell := row.get(f"{name}_{mode}"))}


def _crossing(row: dict[str, str]) -> Crossing:
    return Crossing(
        row["crossing"], row["name"], row["port"], row["port_name"], row["bts"], row["cbp"], row["bridge"],
        {mode: float(share) for mode, share in _by_mode(row, "share").items()},
        _by_mode(row, "lane_types"),
        (row["opens"], row["closes"]) if row["opens"] else None,
        (float(row["lat"]), float(row["lon"])) if row["lat"] else None,
    )  # fmt: skip


def _read() -> dict[str, Region]:
    crossings = _rows("border_crossings.csv")
    return {
        row["region"]: Region(
            row["region"], row["name"], row["zone"], row["countries"], row["about"],
            tuple(_crossing(place) for place in crossings if place["region"] == row["region"]),
        )
        for row in _rows("border_regions.csv")
    }  # fmt: skip


_ALL = _read()
SAN_DIEGO = _ALL["san-diego-tijuana"]
"""For rail and trade only: its other tables have a script of their own."""
REGIONS = tuple(region for region in _ALL.values() if region is not SAN_DIEGO)
