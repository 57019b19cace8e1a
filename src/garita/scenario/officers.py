"""Lanes and officers that move: lanes that change type by the hour."""

from __future__ import annotations

from pydantic import model_validator

from garita.scenario.events import Timed
from garita.scenario.fields import (
    WEEKDAYS,
    Count,
    Direction,
    HoursList,
    Identifier,
    LaneType,
    Mode,
    Weekdays,
    declare,
)
from garita.scenario.scalars import refuse


class Conversion(Timed):
    """Lanes that change type at some hours, and back: booths and officers go with them.

    A booth finishes the party it has before it begins in the other line.
    """

    name: Identifier | None = declare(
        "a name of your own; the random draws of this entry are keyed by it", default=None
    )
    crossing: Identifier = declare("a crossing")
    direction: Direction = declare("inbound (into the US) or outbound", default="inbound")
    mode: Mode = declare("mode of the line that gives lanes", default="car")
    from_type: LaneType = declare("lane type of the line that gives lanes")
    to_mode: Mode | None = declare("mode of the line that gets them; the same when left out", default=None)
    to_type: LaneType = declare("lane type of the line that gets them")
    lanes: Count = declare("lanes that change", unit="lanes")
    hours: HoursList = declare(
        "hours of the day, over midnight too: `06:00-10:00`, or a list",
        default=lambda: [("00:00", "24:00")],
        min_length=1,
        max_length=24,
    )
    weekdays: Weekdays = declare("days on which the hours begin", default=lambda: list(WEEKDAYS))

    @model_validator(mode="after")
    def _two_lines(self) -> Conversion:
        if self.to_type == self.from_type and self.to_mode in (None, self.mode):
            refuse("same-line")
        return self

    @property
    def ends_of_it(self) -> tuple[tuple[str, str, str, str], tuple[str, str, str, str]]:
        """The line that gives and the line that gets: crossing, direction, mode, lane type."""
        place = self.crossing, self.direction
        return (*place, self.mode, self.from_type), (*place, self.to_mode or self.mode, self.to_type)
