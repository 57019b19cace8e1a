"""With the closure against without it: what a comparison offers."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from garita.outcomes import export
from garita.outcomes.arrays import with_bins
from garita.outcomes.costs import extra_costs
from garita.outcomes.fields import BASES, PARTIES
from garita.outcomes.headline import headline
from garita.outcomes.outcome import Outcome
from garita.outcomes.pairing import Pairing
from garita.outcomes.problems import results_error
from garita.outcomes.records import Affected, Indicator, Passing, Peak
from garita.outcomes.statistics import Estimate, estimate

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Affected", "Comparison", "Indicator", "Passing", "Peak", "compare"]

# Fields of the manifest that must agree, where both have them.
OF_THE_PROGRAM = ("engine_digest", "versions")


def compare(with_closure: Outcome, without: Outcome, names: tuple[str, str] | None = None) -> Comparison:
    """Pair two variants of one run. Raises ResultsError naming the field in which they do not fit.

    ``names``: headings of the two, where they are not one run with and without its closures; by default their
    titles if the second has closures of its own.
    """
    longest = max(with_closure.layout.bins, without.layout.bins)
    axis = max((with_closure, without), key=lambda outcome: outcome.layout.bins).layout.bin_start_min
    first, second = (_lengthened(outcome, longest, axis) for outcome in (with_closure, without))
    _check_pairing(first, second)
    made = Comparison(first, second)
    made.names = names or _titles(first, second)
    return made


def _titles(first: Outcome, second: Outcome) -> tuple[str, str] | None:
    if not any(second.layout.closures):
        return None
    titles = first.layout.title, second.layout.title
    return titles if titles[0] != titles[1] and all(titles) else ("first", "second")


def _lengthened(outcome: Outcome, bins: int, axis: NDArray[np.float64]) -> Outcome:
    """The same outcome with empty bins at the end, if the other variant took longer until everybody
    was gone.
    """
    missing = bins - outcome.layout.bins
    if missing <= 0:
        return outcome
    layout = replace(outcome.layout, bin_start_min=np.append(outcome.layout.bin_start_min, axis[-missing:]))
    longer = Outcome(layout, outcome.manifest, with_bins(outcome.arrays, bins))
    longer.pairs, longer.journeys = outcome.pairs, outcome.journeys
    return longer


def _check_pairing(first: Outcome, second: Outcome) -> None:
    one, two = first.layout, second.layout

    def differ(field: str, a: object, b: object) -> None:
        if a != b:
            code = "results-other-program" if field in OF_THE_PROGRAM else "results-not-paired"
            raise results_error(code, field=field, first=_short(a), second=_short(b))

    for name in ("seed", *OF_THE_PROGRAM):
        if name in first.manifest and name in second.manifest:
            differ(name, first.manifest[name], second.manifest[name])
    for name in (
        "replications",
        "bins",
        "first_bin",
        "horizon_bin",
        "bin_min",
        "zone",
        "flow_ids",
        "crossing_ids",
    ):
        differ(name, getattr(one, name), getattr(two, name))
    if not np.array_equal(one.bin_start_min, two.bin_start_min):
        differ("bin_start_min", one.bin_start_min[0], two.bin_start_min[0])
        differ("bin_start_min", "some times", "other times")


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."


class Comparison(Pairing):
    """The comparison of two variants: indicators, curves, tables and files."""

    with_closure: Outcome
    without: Outcome
    names: tuple[str, str] | None = None
    """What the two results are called; None: with and without the closure."""

    def headline(self) -> dict[str, Any]:
        """The numbers of the answer in three sentences; see :func:`garita.outcomes.headline.headline`."""
        return headline(self)

    def affected_totals(
        self, crossing: str, direction: str, mode: str, basis: str = "parties"
    ) -> tuple[Estimate, dict[str, Estimate]]:
        """Of those planned for a closed crossing in the closure hours who crossed there without it: how
        many they are, and the share (of 1) of each final outcome with the closure, wherever they crossed.
        """
        flows = self.layout.flows
        for place, group in enumerate(self._closed_groups):
            flow = flows[group[0]]
            if (flow.crossing, flow.direction, flow.mode) != (crossing, direction, mode):
                continue
            column = PARTIES if basis == BASES[PARTIES] else 1 - PARTIES
            names = self.layout.kinds
            kinds = self._affected[:, place, :, column].reshape(self.layout.replications, len(names), -1)
            counts = kinds.sum(axis=2, dtype=np.float64)  # [R, kinds]
            total = counts.sum(axis=1)
            shares = np.divide(
                counts, total[:, None], out=np.full(counts.shape, np.nan), where=total[:, None] > 0
            )
            found = {kind: estimate(shares[:, at]) for at, kind in enumerate(names) if counts[:, at].any()}
            return estimate(total), found
        return estimate(np.zeros(self.layout.replications)), {}

    def rows(self) -> list[dict[str, Any]]:
        """The indicators as plain rows, in the order of the definitions."""
        return export.indicator_rows(self)

    def summary(self) -> pd.DataFrame:
        """The indicators as pandas, one row each: values with and without, difference, 95 % intervals."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    @cached_property
    def waits(self) -> pd.DataFrame:
        """``waits`` of both variants, with a column ``variant`` (with, without)."""
        import pandas as pd

        parts = {"with": self.with_closure.waits, "without": self.without.waits}
        return pd.concat(parts, names=["variant"]).reset_index(level="variant").reset_index(drop=True)

    @cached_property
    def costs(self) -> pd.DataFrame:
        """What the closure costs in time, by mode: hours and USD, with less without, 95 % intervals; see
        :func:`garita.outcomes.costs.extra_costs`.
        """
        return extra_costs(self.with_closure.costs, self.without.costs)

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """Every table as plain rows, by file name without extension."""
        return export.tables(self)

    def to_csv(self, folder: str | Path) -> list[Path]:
        """Write every table as CSV (UTF-8, a point as decimal sign). Returns the files."""
        return export.write_csv(self, Path(folder))
