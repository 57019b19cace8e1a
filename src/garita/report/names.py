"""The field's words for what the tables hold as identifiers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from garita.report.model import Line, Place

MODES = {"car": "cars", "pedestrian": "pedestrians", "truck": "trucks", "bus": "buses", "train": "trains"}
LANE_TYPES = {
    "standard": "standard lanes",
    "ready": "Ready Lanes",
    "sentri": "SENTRI lanes",
    "nexus": "NEXUS lanes",
    "fast": "FAST lanes",
}
DIRECTIONS = {"inbound": "northbound", "outbound": "southbound"}
QUEUE_OF = {"car": "cars", "pedestrian": "people", "truck": "trucks", "bus": "buses", "train": "trains"}
ORDER = ("car", "pedestrian", "truck", "bus", "train")


def day_named(day: date) -> str:
    """``25 November 2018``."""
    return f"{day.day} {day:%B %Y}"


def crossing(name: str) -> str:
    """``San Ysidro, vehicles`` reads better in a sentence without its comma."""
    return name.replace(", ", " ")


def mode(name: str) -> str:
    return MODES.get(name, name)


def lane_type(name: str) -> str:
    return LANE_TYPES.get(name, name)


def direction(name: str) -> str:
    return DIRECTIONS.get(name, name)


def line(one: Line, lines: Sequence[Line]) -> str:
    """``San Ysidro vehicles: cars, Ready Lanes``; the lane type only where there are several."""
    siblings = {
        other.lane_type
        for other in lines
        if (other.place.id, other.mode, other.direction) == (one.place.id, one.mode, one.direction)
    }
    words = f"{one.place.name}: {mode(one.mode)}"
    return f"{words}, {lane_type(one.lane_type)}" if len(siblings) > 1 else words


def where(crossing: str, direction_: str, mode_: str, lane: str, places: dict[str, Place]) -> str:
    """A group of lines in words; ``all`` names the whole region."""
    place = "Whole region" if crossing == "all" else places[crossing].name if crossing in places else crossing
    words = [direction(direction_)] if direction_ != "all" else []
    words.append(mode(mode_) if mode_ != "all" else "all modes")
    if lane != "all":
        words.append(lane_type(lane))
    return f"{place}, {' '.join(words[:2])}" + (f", {words[2]}" if len(words) > 2 else "")


def listed(words: Sequence[str]) -> str:
    """``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
