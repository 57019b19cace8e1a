"""A comparison on one screen of a terminal: peak waits by crossing, and what became of the people."""

from __future__ import annotations

import errno
import json
import math
from typing import TYPE_CHECKING, Any

from garita.errors import counted
from garita.report import names, numbers

if TYPE_CHECKING:
    from rich.table import Table

    from garita.outcomes import Comparison
    from garita.outcomes.compare import Indicator, Peak
    from garita.outcomes.statistics import Estimate

FATES = (
    "crossed",
    "crossed_later",
    "crossed_elsewhere",
    "crossed_elsewhere_later",
    "crossed_on_foot",
    "crossed_on_foot_later",
    "cancelled",
    "gave_up",
)
TOTALS = ("person_hours",)


def show(comparison: Comparison) -> None:
    """Print the tables to stdout; in full width when that is not a terminal."""
    import sys

    from rich.console import Console

    # titles and names are the user's: no markup, no emoji
    width = None if sys.stdout.isatty() else 120

    class Results(Console):
        def on_broken_pipe(self) -> None:
            """Rich itself would end the program with code 1."""
            raise BrokenPipeError(errno.EPIPE, "the reader has gone")

    console = Results(highlight=False, markup=False, emoji=False, width=width)
    layout, names_ = comparison.layout, comparison.names
    title = f"{names_[0]} against {names_[1]}" if names_ else layout.title
    console.print(f"{title}: {counted(layout.replications, 'replication')}; in brackets 95 % intervals")
    console.print(_peaks(comparison))
    console.print(_people(comparison))


def as_json(comparison: Comparison) -> str:
    """All indicators as JSON; a number that has no value is null."""
    rows = [{key: _plain(value) for key, value in row.items()} for row in comparison.rows()]
    told: dict[str, Any] = {"title": comparison.layout.title}
    if comparison.names:  # the columns keep their names: what they stand for is told beside them
        told["with_closure"], told["without"] = comparison.names
    return json.dumps({**told, "indicators": rows}, indent=1)


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
    table = _table("Peak wait, minutes", "crossing", "", "", *_headings(comparison), texts=3)
    for peak in sorted(comparison.peaks, key=_order):
        scope = peak.scope
        how = comparison.how_closed(scope)
        place = comparison.layout.crossing_name(scope.crossing) + (f" ({how})" if how else "")
        table.add_row(place, names.direction(scope.direction), names.mode(scope.mode), *_three(peak))
    return table


def _headings(comparison: Comparison) -> tuple[str, str, str]:
    """Of the columns of :func:`_three`: two results by name, else without and with the closure."""
    first, second = comparison.names or ("with", "without")
    return second, first, "difference"


def _order(peak: Peak) -> tuple[Any, ...]:
    change = peak.difference.mean
    return peak.scope.direction, not peak.closed, -abs(change) if math.isfinite(change) else 0.0


def _people(comparison: Comparison) -> Table:
    warm_up = ", warm-up included" if comparison.layout.first_bin else ""
    table = _table(f"People (whole run{warm_up})", "", "", *_headings(comparison), texts=2)
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
