"""Lanes and officers that move: lanes that change type by the hour, officers as pools."""

from __future__ import annotations

from pydantic import model_validator

from garita.scenario.events import Change, Timed, exactly_one
from garita.scenario.fields import (
    DIRECTIONS,
    WEEKDAYS,
    BoothCount,
    Count,
    Direction,
    Directions,
    Factor,
    HoursList,
    Identifier,
    LaneType,
    LaneTypes,
    Minutes,
    Mode,
    Modes,
    Names,
    Period,
    Weekdays,
    YesNo,
    declare,
)
from garita.scenario.inline import Booths
from garita.scenario.quantities import Strict
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


class OfficerPool(Strict):
    """Officers who staff several lines, of one port or of a group of ports, and move between them."""

    pool: Identifier = declare("its name; the name of a pool of the packaged region changes that one")
    crossings: Names | None = declare(
        "crossings, ports or `all` whose lines it staffs; those of the region's pool, else all", default=None
    )
    directions: Directions = declare(
        "inbound (into the US), outbound, or both", default=lambda: list(DIRECTIONS)
    )
    modes: Modes | None = declare("modes of travel; all of them when left out", default=None)
    lane_types: LaneTypes | None = declare("lane types; all of them when left out", default=None)
    on_duty: Booths | None = declare(
        'officers on duty: one value, 24 by hour, or steps `{from: "05:00", booths: 40}`; the sum of '
        "the rosters when left out (times the limit factor of a packaged pool)",
        unit="officers",
        default=None,
    )
    every_min: Period = declare("time between two decisions on who goes where", unit="min", default=15.0)
    horizon_min: Period = declare("arrivals of so long ahead are reckoned with", unit="min", default=60.0)
    margin_min: Minutes = declare(
        "an officer moves only if it shortens the longest wait by more than this", unit="min", default=10.0
    )
    least: Count = declare("officers that every open line keeps", unit="officers", default=1)
    most: Count | None = declare(
        "most officers at one line; its lanes when left out", unit="officers", default=None
    )
    move_min: Minutes = declare("time from one line to another of the same crossing", unit="min", default=0.0)

    @model_validator(mode="after")
    def _bounds(self) -> OfficerPool:
        plain = isinstance(self.least, int) and isinstance(self.most, int)
        if plain and self.most is not None and self.most < self.least:
            refuse("bounds-crossed", least=self.least, most=self.most)
        return self


class PoolChange(Timed):
    """Officers of a pool other than usual: fewer because some are sent elsewhere, or more."""

    name: Identifier | None = declare(
        "a name of your own; the random draws of this entry are keyed by it", default=None
    )
    pool: Identifier = declare("a pool of the packaged region, or one under `officers`")
    officers: BoothCount | None = declare("officers on duty", unit="officers", default=None)
    factor: Factor | None = declare("times those usually on duty", unit="factor", default=None)

    @model_validator(mode="after")
    def _check(self) -> PoolChange:
        exactly_one(self, "officers", "factor")
        return self


class Giver(Strict):
    """The line whose lanes and officers help another."""

    crossing: Identifier | None = declare("its crossing; that of the rule when left out", default=None)
    direction: Direction = declare("inbound (into the US) or outbound", default="inbound")
    mode: Mode = declare("its mode", default="truck")
    lane_type: LaneType = declare("its lane type", default="standard")


class Emergency(Change):
    """Booths beyond the roster, or longer hours: when waits are long, or by hand between two times."""

    wait_above_min: Minutes | None = declare(
        "a wait above this calls it; without one it is in force from `from` until `until`",
        unit="min",
        default=None,
    )
    lasting_min: Minutes = declare("how long the wait must be above that", unit="min", default=15.0)
    until_below_min: Minutes | None = declare(
        "it ends when the wait is below this; half of `wait_above_min` when left out",
        unit="min",
        default=None,
    )
    delay_min: Minutes = declare("time from the call until it is in force", unit="min", default=30.0)
    booths: Count = declare("booths more at each line it is about", unit="booths", default=0)
    taken_from: Giver | None = declare(
        "the line that gives lanes and officers for them; overtime when left out", default=None
    )
    stay_open: YesNo = declare("closing time does not hold while it is in force", default=False)

    @model_validator(mode="after")
    def _something(self) -> Emergency:
        if self.booths == 0 and not self.stay_open:
            refuse("nothing-to-change", allowed="booths or stay_open")
        if self.wait_above_min is None and self.start is None and self.until is None:
            refuse("nothing-to-change", allowed="wait_above_min, or from and until")
        above, below = self.wait_above_min, self.until_below_min
        if isinstance(above, int | float) and isinstance(below, int | float) and below > above:
            refuse("waits-crossed", above=above, below=below)
        return self
