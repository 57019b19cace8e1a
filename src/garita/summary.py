"""A comparison on one screen of a terminal: peak waits by crossing, and what became of the people."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from garita.report import names, numbers

if TYPE_CHECKING:
    from rich.table import Table

    from garita.outcomes import Comparison
    from garita.outcomes.compare import Indicator, Peak
    from garita.outcomes.statistics import Estimate

FATES = ("crossed", "crossed_later", "crossed_elsewhere", "crossed_elsewhere_later", "cancelled", "gave_up")
TOTALS = ("person_hours",)


def show(comparison: Comparison) -> None:
    """Print the tables to stdout; in full width when that is not a terminal."""
    import sys

    from rich.console import Console

    # titles and names are the user's: no markup, no emoji
    width = None if sys.stdout.isatty() else 120
    console = Console(highlight=False, markup=False, emoji=False, width=width)
    layout = comparison.layout
    console.print(f"{layout.title}: {layout.replications} replications; in brackets 95 % intervals")
    console.print(_peaks(comparison))
    console.print(_people(comparison))


def as_json(comparison: Comparison) -> str:
    """All indicators as JSON; a number that has no value is null."""
    rows = [{key: _plain(value) for key, value in row.items()} for row in comparison.rows()]
    return json.dumps({"title": comparison.layout.title, "indicators": rows}, indent=1)


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _table(title: str, *columns: str, texts: int) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place < texts else "right", overflow="fold")
    return table


def _peaks(comparison: Comparison) -> Table:
    table = _table("Peak wait, minutes", "crossing", "", "", "without", "with", "difference", texts=3)
    for peak in sorted(comparison.peaks, key=_order):
        scope = peak.scope
        place = comparison.layout.crossing_name(scope.crossing) + (" (closed)" if peak.closed else "")
        table.add_row(place, names.direction(scope.direction), names.mode(scope.mode), *_three(peak))
    return table


def _order(peak: Peak) -> tuple[Any, ...]:
    change = peak.difference.mean
    return peak.scope.direction, not peak.closed, -abs(change) if math.isfinite(change) else 0.0


def _people(comparison: Comparison) -> Table:
    table = _table("People", "", "", "without", "with", "difference", texts=2)
    for direction in dict.fromkeys(flow.direction for flow in comparison.layout.flows):
        for name in FATES + TOTALS:
            found = comparison.indicator(name, direction=direction, basis="people")
            if found is not None:
                table.add_row(names.direction(direction), _label(found), *_three(found))
    return table


def _label(found: Indicator) -> str:
    return "Person-hours in queues and on detours" if found.name == "person_hours" else found.label


def _three(found: Indicator | Peak) -> tuple[str, str, str]:
    """Without, with, and the difference with its interval, each rounded to what its interval carries."""
    change = found.difference
    return (
        _mean(found.without),
        _mean(found.with_closure),
        numbers.with_interval(change.mean, change.low, change.high, signed=True),
    )


def _mean(value: Estimate) -> str:
    return numbers.count(value.mean, value.low, value.high)
