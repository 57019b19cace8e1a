"""What people need, as a scenario may change it: rows of the standard, and what shelters have."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator

from garita.reference.standards import PERIODS, WHOM, Need, packaged, problems_of
from garita.scenario.fields import Identifier, Number, Text, declare
from garita.scenario.quantities import Strict
from garita.scenario.scalars import Scalar, Word, refuse

Above = Annotated[float, Scalar("number", 0.0, 1e9, above=True)]
Period = Annotated[str, Word("period", PERIODS[1:])]
Whom = Annotated[str, Word("kind of people", WHOM)]
Supplies = Annotated[dict[Identifier, Number], Field(max_length=500)]


class StandardRow(Strict):
    """What people need of one item; it replaces the row of the packaged standard with that name."""

    item: Identifier = declare("the item: `water`, `toilets`, or one of your own")
    name: Text = declare("what it is, for people", default="", max_length=300)
    unit: Text = declare("what it is counted in", max_length=40)
    per_person: Above | None = declare("how much each person needs", default=None)
    people_per_one: Above | None = declare("how many people share one, instead", unit="people", default=None)
    low: Above | None = declare("lower end of the range of that figure", default=None)
    high: Above | None = declare("upper end of the range of that figure", default=None)
    period: Period | None = declare("for a day or a month; at any time when left out", default=None)
    whom: Whom = declare("who needs it: everybody, women, men or children", default="everybody")
    source: Text = declare("where this is known from", default="", max_length=2_000)

    @model_validator(mode="after")
    def _one_figure(self) -> StandardRow:
        for code, _, params in problems_of(self.need()):
            refuse(code, **params)
        return self

    def need(self) -> Need:
        """The row as outcomes use it."""
        fields: dict[str, Any] = self.model_dump()
        return Need(**(fields | {"period": self.period or "", "item": str(self.item)}))


def standard_of(rows: list[StandardRow]) -> tuple[Need, ...]:
    """The packaged standard with the rows of a scenario in it."""
    own = {row.item: row.need() for row in rows}
    kept = [own.pop(need.item, need) for need in packaged()]
    return (*kept, *own.values())
