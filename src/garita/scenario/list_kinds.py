"""People on a waiting list for whom other rules hold than for the rest: families, unaccompanied children."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from garita.scenario.fields import Headcount, Identifier, Share, Text, declare
from garita.scenario.quantities import Strict
from garita.scenario.scalars import refuse
from garita.scenario.shares import ROUNDING

REST = "rest"
"""What those on a list are called who are of none of its kinds."""


class ListKind(Strict):
    """People on a waiting list for whom other rules hold: families, unaccompanied children."""

    name: Identifier = declare("their name: `families`, `unaccompanied-children`")
    share: Share = declare("share of them among those who come, and among the `others`", unit="share")
    registers: Share | None = declare(
        "share of them that register, 0 where they may not; as for all when left out",
        unit="share",
        default=None,
    )
    no_show: Share | None = declare(
        "share of those called who do not come; as for all when left out", unit="share", default=None
    )
    together: Headcount = declare(
        "how many of them come or stay away together, as a family does", unit="people", default=1
    )
    source: Text = declare("where this is known from", default="", max_length=2_000)


class KindRules(NamedTuple):
    """The rules of one kind, once drawn: shares of those who come, that register, that do not show up."""

    name: str
    share: float
    registers: float
    no_show: float
    together: int  # people


def check_kinds(kinds: Sequence[ListKind]) -> None:
    """Refuse shares beyond all people, and a name twice."""
    plain = [kind.share for kind in kinds if isinstance(kind.share, int | float)]
    if sum(plain) > 1.0 + ROUNDING:
        refuse("people-above-one", total=f"{100 * sum(plain):.4g} %")
    names = [*(kind.name for kind in kinds), REST]
    for name in names:
        if names.count(name) > 1:
            refuse("duplicate-name", value=name)


def rules_of(kinds: Sequence[ListKind], registers: float, no_show: float) -> list[KindRules]:
    """The rules of every kind and, last, of the rest, who have those of the list. Shares drawn beyond 1 are
    scaled down.
    """
    scale = 1.0 / max(1.0, sum(kind.share for kind in kinds))
    found = [
        KindRules(
            kind.name,
            kind.share * scale,
            registers if kind.registers is None else kind.registers,
            no_show if kind.no_show is None else kind.no_show,
            max(1, kind.together),
        )
        for kind in kinds
    ]
    rest = max(0.0, 1.0 - sum(kind.share for kind in found))
    return [*found, KindRules(REST, rest, registers, no_show, 1)]
