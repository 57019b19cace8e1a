"""Which crossings of a region a publisher means: by the names of bridges and ports, or the code of a port."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from garita.build.packaged import LineKey, Row

SAYS_NOTHING = frozenset(
    ("the", "of", "port", "entry", "bridge", "crossing", "crossings", "passengers", "vehicles",
     "international", "commercial", "cargo", "us", "poe")
)  # fmt: skip
"""Words that stand in many names and tell no place from another."""

ALIKE = 0.5

LANES = {
    "cv_time": ("truck", "standard"), "xcv_time": ("truck", "fast"), "pv_time": ("car", "standard"),
    "xpv_time": ("car", "trusted"), "pv_ready_lanes_time": ("car", "ready"),
    "ped_time": ("pedestrian", "standard"), "ped_ready_lanes_time": ("pedestrian", "ready"),
}  # fmt: skip
"""Mode and lane type behind the columns of CBP's averages; trusted is SENTRI or NEXUS."""

KINDS_OF_LANE = {"Passenger": "car", "Pedestrian": "pedestrian", "Commercial": "truck"}
LANES_OF_KIND = {"General": "standard", "Ready": "ready", "Nexus/Sentri": "trusted", "Fast": "fast",
                 "FAST": "fast"}  # fmt: skip
"""The same in CBP's averages with one row per wait (`Lane`, `Sub-Lane`)."""

MODES = {
    "Personal Vehicles": "car", "Pedestrians": "pedestrian", "Buses": "bus", "Trucks": "truck",
    "Passenger Vehicles": "car", "Pedestrians/ Bicyclists": "pedestrian", "Commercial Trucks": "truck",
}  # fmt: skip
"""What the measures of BTS and the modes of the Texas bridges count."""

TRUSTED = ("sentri", "nexus")


def words(text: str) -> frozenset[str]:
    """The words of a name that tell it from others."""
    return frozenset(re.findall(r"[a-z0-9]+", text.casefold())) - SAYS_NOTHING


@dataclass(frozen=True)
class Place:
    """A port or one crossing of it, and the crossings behind it."""

    id: str
    name: str
    crossings: tuple[str, ...]


class Places:
    """The ports and crossings of a region, by their names and codes. ``tables`` are those of the region."""

    def __init__(self, tables: Mapping[str, Sequence[Row]]) -> None:
        self.rows = list(tables["crossings"])
        self.lines: list[LineKey] = [
            (row["crossing"], row["direction"], row["mode"], row["lane_type"])
            for row in tables["flows"]
            if row["direction"] == "inbound"
        ]
        ports: dict[str, list[Row]] = {}
        for row in self.rows:
            ports.setdefault(row.get("port") or row["crossing"], []).append(row)
        self.ports = {
            port: Place(port, rows[0].get("port_name") or port, tuple(row["crossing"] for row in rows))
            for port, rows in ports.items()
        }
        self.crossings = {row["crossing"]: Place(row["crossing"], row["name"], (row["crossing"],))
                          for row in self.rows}  # fmt: skip

    @property
    def names(self) -> list[str]:
        """Everything that may be said for a place."""
        return [*self.ports, *(name for name in self.crossings if name not in self.ports)]

    def named(self, id: str) -> Place | None:
        """The port or crossing of that id."""
        return self.ports.get(id) or self.crossings.get(id)

    def find(self, name: str) -> Place | None:
        """The crossing, else the port, that a publisher's name means.

        At least half of the words of the two names must be the same. Of ``El Paso - Bridge of the Americas
        (BOTA)`` the part behind the dash is tried first; what stands in brackets is left aside.
        """
        plain = re.sub(r"\(.*?\)", "", name)
        for said in (words(plain.rpartition(" - ")[2]), words(plain)):
            for places in (self.crossings, self.ports):
                alike = [
                    (_alike(said, told), place) for place in places.values() for told in _names_of(place)
                ]
                best = max(alike, key=lambda one: one[0], default=(0.0, None))
                if best[0] >= ALIKE:
                    return best[1]
        return None

    def of_code(self, code: str) -> Place | None:
        """The port of a code of BTS."""
        for row in self.rows:
            told = row.get("bts_port_code", "")
            if told and code.strip().isdigit() and int(told) == int(code):
                return self.ports[row.get("port") or row["crossing"]]
        return None

    def lines_of(self, place: Place, mode: str, lane_type: str) -> tuple[LineKey, ...]:
        """The inbound lines of a lane type at a place; ``trusted`` is SENTRI or NEXUS."""
        kinds: tuple[str, ...] = TRUSTED if lane_type == "trusted" else (lane_type,)
        return tuple(
            line for line in self.lines
            if line[0] in place.crossings and line[2] == mode and line[3] in kinds
        )  # fmt: skip

    def modes_of(self, place: Place) -> tuple[str, ...]:
        """The modes that come in at a place."""
        return tuple(dict.fromkeys(line[2] for line in self.lines if line[0] in place.crossings))


def _names_of(place: Place) -> tuple[frozenset[str], ...]:
    name = place.name.partition(",")[0]
    return words(place.id.replace("-", " ")), words(name), words(re.sub(r"\(.*?\)", "", name))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the words of two names that both have (Jaccard)."""
    return len(one & other) / len(one | other) if one and other else 0.0


def lane_of(column: str) -> tuple[str, str] | None:
    """Mode and lane type of a column of CBP's averages, such as ``pv_time_avg``."""
    return LANES.get(column.removesuffix("_avg"))


def lane_of_kind(lane: Any, kind: Any) -> tuple[str, str] | None:
    """Mode and lane type of ``Passenger``, ``Ready``."""
    mode, lane_type = KINDS_OF_LANE.get(str(lane)), LANES_OF_KIND.get(str(kind))
    return (mode, lane_type) if mode and lane_type else None
