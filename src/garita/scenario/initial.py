"""What stands at the crossings when a run begins."""

from __future__ import annotations

from pydantic import model_validator

from garita.scenario.fields import (
    BoothCount,
    Direction,
    Identifier,
    LaneType,
    Minutes,
    Mode,
    Standing,
    declare,
)
from garita.scenario.quantities import Strict
from garita.scenario.scalars import refuse


class Initial(Strict):
    """A line as it is seen at the start: how many stand in it, or how long the wait is."""

    crossing: Identifier = declare("a crossing")
    direction: Direction = declare("inbound (into the US) or outbound", default="inbound")
    mode: Mode = declare("car, pedestrian, bus or truck", default="car")
    lane_type: LaneType = declare("standard, ready, sentri, nexus or fast", default="standard")
    parties: Standing | None = declare(
        "parties in line, without those in the booths", unit="parties", default=None
    )
    wait_min: Minutes | None = declare(
        "the wait of who joins now, instead of the number of parties", unit="min", default=None
    )
    booths: BoothCount | None = declare(
        "booths at work, each with a party; those on the roster when left out", unit="booths", default=None
    )

    @model_validator(mode="after")
    def _one_measure(self) -> Initial:
        if self.parties is None and self.wait_min is None:
            refuse("nothing-to-change", allowed="parties or wait_min")
        if self.parties is not None and self.wait_min is not None:
            refuse("either-or", given="parties and wait_min")
        return self
