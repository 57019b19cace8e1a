"""Shares of women, men and children among people who travel, wait or go back together."""

from __future__ import annotations

from pydantic import model_validator

from garita.errors import register_messages
from garita.scenario.fields import Share, Text, declare
from garita.scenario.quantities import Strict
from garita.scenario.scalars import refuse

register_messages(
    {
        "people-above-one": (
            "these shares add up to {total}",
            "Shares of women, men and children are of all people: let them add up to 100 % at most.",
        ),
        "people-no-shares": (
            "no share is given",
            "Give two or more of women, men, girls, boys and children.",
        ),
    }
)

ADULTS, CHILDREN = ("women", "men"), ("girls", "boys")
ROUNDING = 0.011
"""What published percentages add up to beyond 100 % because each is rounded."""


class Shares(Strict):
    """Shares of women, men and children. Where all but one are given the last is the rest."""

    women: Share | None = declare("women among them", unit="share", default=None)
    men: Share | None = declare("men among them", unit="share", default=None)
    girls: Share | None = declare("girls among them", unit="share", default=None)
    boys: Share | None = declare("boys among them", unit="share", default=None)
    children: Share | None = declare(
        "girls and boys among them, where the two are not told apart", unit="share", default=None
    )
    source: Text = declare("where this is known from", default="", max_length=2_000)

    @model_validator(mode="after")
    def _of_all(self) -> Shares:
        apart = [name for name in CHILDREN if getattr(self, name) is not None]
        if self.children is not None and apart:
            refuse("either-or", given=" and ".join(["children", *apart]))
        given = [getattr(self, name) for name in (*ADULTS, *CHILDREN, "children")]
        plain = [value for value in given if isinstance(value, int | float)]
        if all(value is None for value in given):
            refuse("people-no-shares")
        if sum(plain) > 1.0 + ROUNDING:
            refuse("people-above-one", total=f"{100 * sum(plain):.4g} %")
        return self

    def parts(self) -> dict[str, float]:
        """Women, men, girls, boys, children not told apart and people not told, once drawn: adding up to 1.

        What is drawn beyond 1 is scaled down. A single missing one is the rest; of several nothing is told.
        """
        apart = self.girls is not None or self.boys is not None
        names = (*ADULTS, *CHILDREN) if apart else (*ADULTS, "children")
        given = {name: getattr(self, name) for name in names}
        missing = [name for name, value in given.items() if value is None]
        total = sum(value for value in given.values() if value is not None)
        scale = 1.0 / max(total, 1.0)
        found = {name: value * scale for name, value in given.items() if value is not None}
        rest = max(1.0 - total, 0.0)
        if len(missing) == 1:
            found[missing[0]] = rest
        elif 0.0 < rest <= ROUNDING and not missing:
            found = {name: value / total for name, value in found.items()}  # rounded percentages
        elif rest > 0.0:
            found["not-told"] = rest
        return found
