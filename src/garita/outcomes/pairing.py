"""Two variants side by side: paired by replication, with intervals over replications."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from garita.outcomes.arrays import Arrays
from garita.outcomes.definitions import DEFINITIONS, Definition
from garita.outcomes.fields import BASES
from garita.outcomes.indicators import Key, Measures, measure
from garita.outcomes.layout import Layout
from garita.outcomes.records import Affected, Indicator, Passing, Peak
from garita.outcomes.recovery import Recovery
from garita.outcomes.scopes import ALL, Scope, find, group_sum, scopes
from garita.outcomes.series import Series, series, served_short
from garita.outcomes.statistics import estimate, estimates
from garita.outcomes.timing import Timing
from garita.outcomes.transitions import transitions


class Pairing:
    """The comparison of two variants. Everything is computed once, when first asked for."""

    def __init__(self, with_closure: Arrays, without: Arrays) -> None:
        self.with_closure = with_closure
        self.without = without
        self.layout: Layout = with_closure.layout
        self.scopes = scopes(self.layout)
        self._measures: tuple[Measures, Measures] = (
            measure(with_closure, self.scopes),
            measure(without, self.scopes),
        )
        self._add_held_back()
        self.joint, self._affected, self._closed_groups = transitions(with_closure, without)
        self.indicators: list[Indicator] = self._make_indicators()
        self._by_key = {(i.scope.key, i.name, i.basis, i.other): i for i in self.indicators}
        self.timing = Timing(
            with_closure, without, [scope for scope in self.scopes if scope.level == "crossing"]
        )
        peaks = {i.scope.key: i for i in self.indicators if i.name == "peak_wait"}
        self.peaks: list[Peak] = self.timing.peaks(peaks)
        self.passings: list[Passing] = self.timing.passings()
        self.recoveries: list[Recovery] = self.timing.recoveries()

    # -- closures ----------------------------------------------------------------------------------

    @property
    def closed_flows(self) -> NDArray[np.bool_]:
        """Lines touched by a closure in any replication [F]."""
        return self.timing.closed

    @property
    def wholly_closed_flows(self) -> NDArray[np.bool_]:
        """Lines that a closure shuts in any replication, with all their booths and for everybody [F]."""
        return self.timing.wholly_closed

    @property
    def closing_min(self) -> float:
        """First closing (minutes UTC), mean over replications; NaN without a closure."""
        return self.timing.closing_min

    @property
    def reopening_min(self) -> float:
        """Last reopening (minutes UTC), mean over replications; infinite if something is closed for good."""
        return self.timing.reopening_min

    def is_closed(self, scope: Scope) -> bool:
        """Whether a closure touches any line of the group."""
        return self.timing.is_closed(scope)

    def how_closed(self, scope: Scope) -> str:
        """``closed``; ``partly closed`` where some line, booth or class of travellers is not; or empty."""
        return self.timing.how_closed(scope)

    # -- indicators --------------------------------------------------------------------------------

    def _add_held_back(self) -> None:
        short = group_sum(served_short(self.with_closure, self.without), self.scopes)
        key = Key("held_back", "people")
        self._measures[0][key] = short.max(axis=2, initial=0).T
        self._measures[1][key] = np.zeros_like(self._measures[0][key])

    def _make_indicators(self) -> list[Indicator]:
        first, second = self._measures
        rows = [
            (key, place)
            for key in first
            for place in range(len(self.scopes))
            if np.isfinite(first[key][place]).any() or np.isfinite(second[key][place]).any()
            if key.name != "diverted_to" or first[key][place].any() or second[key][place].any()
        ]
        with_values = np.stack([first[key][place] for key, place in rows])
        without_values = np.stack([second[key][place] for key, place in rows])
        numbers = zip(
            rows,
            estimates(with_values),
            estimates(without_values),
            estimates(with_values - without_values),
            strict=True,
        )
        return [
            Indicator(
                key.name,
                DEFINITIONS[key.name].label,
                _unit(key),
                key.basis,
                self.scopes[place],
                key.other,
                a,
                b,
                d,
            )
            for (key, place), a, b, d in numbers
        ]

    def indicator(
        self,
        name: str,
        crossing: str = ALL,
        direction: str = ALL,
        mode: str = ALL,
        lane_type: str = ALL,
        basis: str | None = None,
        other: str = "",
    ) -> Indicator | None:
        """One indicator, or None where it has no meaning.

        Without ``basis``: parties if counted so, else people.
        """
        scope = f"{crossing}:{direction}:{mode}:{lane_type}"
        for candidate in (basis,) if basis is not None else ("parties", "people", ""):
            found = self._by_key.get((scope, name, candidate, other))
            if found is not None:
                return found
        return None

    # -- paired final outcomes ---------------------------------------------------------------------

    def states(self) -> list[tuple[str, str]]:
        """Arrays and crossing of every state of ``joint`` [R, S, S, 2].

        The axes are: state without, state with the closure, then parties and people.
        """
        return [(kind, crossing) for kind in self.layout.kinds for crossing in self.layout.crossing_ids]

    @cached_property
    def transition_kinds(self) -> NDArray[np.float64]:
        """Mean over replications of parties and people by outcome without and with [kinds, kinds, 2]."""
        kinds, crossings = len(self.layout.kinds), len(self.layout.crossings)
        mean: NDArray[np.float64] = (
            self.joint.reshape(-1, kinds, crossings, kinds, crossings, 2).sum(axis=(2, 4)).mean(axis=0)
        )
        return mean

    @cached_property
    def affected(self) -> list[Affected]:
        """For each closed crossing, direction and mode: shares of those planned for the closure hours."""
        states, rows = self.states(), []
        totals = self._affected.sum(axis=2, keepdims=True)
        shares = np.divide(
            self._affected, totals, out=np.full(self._affected.shape, np.nan), where=totals > 0
        )
        for place, group in enumerate(self._closed_groups):
            flow = self.layout.flows[group[0]]
            for state in np.flatnonzero(self._affected[:, place].any(axis=(0, 2))).tolist():
                outcome, crossing = states[state]
                to = crossing if "elsewhere" in outcome or "on_foot" in outcome else ""
                for column, basis in enumerate(BASES):
                    number = estimate(self._affected[:, place, state, column])
                    share = estimate(shares[:, place, state, column])
                    rows.append(
                        Affected(flow.crossing, flow.direction, flow.mode, outcome, to, basis, number, share)
                    )
        return rows

    # -- curves, tables, files ---------------------------------------------------------------------

    def series(self, crossing: str, direction: str, mode: str, lane_type: str = ALL) -> Series:
        """Curves of one line, of a crossing (lane types weighted by parties), a port, or ``all``."""
        return series(
            self.with_closure, self.without, find(self.layout, crossing, direction, mode, lane_type)
        )

    @property
    def claims(self) -> list[Any]:
        """Contested inputs, as the manifest lists them."""
        return list(self.with_closure.manifest.get("claims", ()))

    @property
    def definitions(self) -> Mapping[str, Definition]:
        return DEFINITIONS


def _unit(key: Key) -> str:
    unit = DEFINITIONS[key.name].unit
    return (
        key.basis if unit == "count" else f"person-{unit}" if (unit, key.basis) == ("h", "people") else unit
    )
