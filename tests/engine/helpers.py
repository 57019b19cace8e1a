"""Small regions written out in the tests themselves, and what came of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from garita import scenario
from garita.build import Builder, Built
from garita.engine import run_replication, types
from garita.engine.types import Output

BEGIN = "2018-01-15 00:00"  # a Monday; no clock changes, the zone is UTC

# What nobody decides: cuts as far apart as they may be, no reaction to anything.
NO_CHOICE = {
    "choice_rule": "none",
    "tick_min": 60,
    "trim_every_min": 60,
    "publication_every_min": 60,
    "aftermath_drop": 0,
    "announced_avoidance": 0,
}


def at(hour: float) -> str:
    """The local time so many hours after the beginning, as people write it (to the second)."""
    moment = np.datetime64("2018-01-15T00:00:00") + np.timedelta64(round(hour * 3600), "s")
    return str(moment).replace("T", " ")


def flow(crossing: str = "a", per_hour: Any = 120, booths: Any = 1, **more: Any) -> dict[str, Any]:
    """A line of cars with exponential inspections of 6 s, unless said otherwise."""
    fields = {
        "crossing": crossing,
        "arrivals": per_hour if isinstance(per_hour, Mapping) else {"per_hour": per_hour},
        "service": {"distribution": "exponential", "mean": "6 s"},
        "booths": booths,
    }
    return {**fields, **more}


def text(
    flows: Sequence[Mapping[str, Any]],
    *,
    crossings: Iterable[Mapping[str, Any]] | None = None,
    behaviour: Mapping[str, Any] | None = None,
    **more: Any,
) -> str:
    """A scenario file. JSON is YAML, so the parts are plain Python."""
    places = dict.fromkeys(line["crossing"] for line in flows)
    whole = {
        "garita": 1,
        "title": "a test",
        "start": BEGIN,
        "days": 1,
        "warm_up_days": 0,
        "replications": 2,
        "seed": 1,
        "region": {"id": "test", "zone": "UTC"},
        "crossings": list(crossings) if crossings is not None else [{"id": name} for name in places],
        "flows": list(flows),
        "behaviour": {**NO_CHOICE, **(behaviour or {})},
        **more,
    }
    return json.dumps(whole, indent=1)


def case(flows: Sequence[Mapping[str, Any]], **more: Any) -> scenario.Case:
    """The case of :func:`text`."""
    return scenario.loads(text(flows, **more))


def built(of: scenario.Case, replication: int = 0) -> Built:
    """Its arrays."""
    return Builder(of).build(of.resolve(replication))


def run(of: scenario.Case, replications: int = 1, seed: int = 1, room: int | None = None) -> list[Output]:
    """Its histories; every replication of a case without contested quantities has the same arrays."""
    ready = built(of).run
    if room is not None:
        ready.room = room
    return [run_replication(ready, seed, replication) for replication in range(replications)]


def one(flows: Sequence[Mapping[str, Any]], *, seed: int = 1, **more: Any) -> Output:
    """One history of a region written here."""
    return one_of(case(flows, **more), seed)


def one_of(of: scenario.Case, seed: int = 1) -> Output:
    """One history of a case."""
    [output] = run(of, 1, seed)
    return output


def lines(of: scenario.Case) -> list[str]:
    """Identifiers of the lines, in the order of the arrays."""
    return [line.id for line in built(of).region.lines]


def equal(first: Output, second: Output) -> bool:
    """Whether two histories have the same books, bit for bit."""
    return not different(first, second)


def different(first: Output, second: Output) -> list[str]:
    """Names of the books that differ by a bit."""
    found = []
    for name, one_array, other in zip(first._fields, first, second, strict=True):
        if one_array.shape != other.shape or one_array.tobytes() != other.tobytes():
            found.append(name)
    return found


def same_line(first: Output, f: int, second: Output, g: int, days: int = 1) -> bool:
    """Whether a line has the same waits and the same final outcomes in two histories, bit for bit.

    A run ends when nobody is left, so booths, publication and status are compared while demand lasts only.
    """
    one, other = first.bins[f].copy(), second.bins[g].copy()
    for bins in (one, other):
        bins[96 * days :, [types.OPEN_BOOTH_MIN, types.PUBLISHED, types.STATUS]] = 0.0
    return (
        one.tobytes() == other.tobytes()
        and first.histogram[f].tobytes() == second.histogram[g].tobytes()
        and first.ledger[f, ..., 0].sum(axis=-1).tobytes() == second.ledger[g, ..., 0].sum(axis=-1).tobytes()
        and first.gross[f].tobytes() == second.gross[g].tobytes()
    )


def total(output: Output, field: int, f: int | None = None) -> float:
    """A field summed over the bins of one line, or of all."""
    return float(output.bins[..., field].sum() if f is None else output.bins[f, :, field].sum())


def mean_wait(output: Output, f: int = 0, first_bin: int = 0, last_bin: int | None = None) -> float:
    """Minutes, of those who joined in the bins."""
    window = output.bins[f, first_bin:last_bin]
    return float(window[:, types.WAIT_SUM].sum() / window[:, types.WAITED].sum())


def share_above(output: Output, f: int, edge: int, first_bin: int = 0, last_bin: int | None = None) -> float:
    """Share that waited at least 0.5 x 2^(edge / 8) minutes."""
    histogram = output.histogram[f, first_bin:last_bin].sum(axis=0)
    return float(histogram[edge + 1 :].sum() / histogram.sum())


def kinds(output: Output, f: int | None = None) -> list[int]:
    """Parties by final outcome, of one planned line or of all."""
    ledger = output.ledger[..., 0].sum(axis=2)
    return [int(count) for count in (ledger.sum(axis=0) if f is None else ledger[f])]


def within(values: Sequence[float], expected: float, errors: float = 3.0) -> bool:
    """Whether the mean of values of replications is within so many standard errors of what theory says."""
    found = np.asarray(values, float)
    return abs(found.mean() - expected) <= errors * standard_error(found)


def standard_error(values: Sequence[float] | np.ndarray) -> float:
    """Of the mean of independent values."""
    found = np.asarray(values, float)
    return float(found.std(ddof=1) / np.sqrt(len(found)))


def station_books(of: scenario.Case, output: Any, by_bin: bool = False) -> dict[str, np.ndarray]:
    """What the books of stations say [fields] or [bins, fields], by identifier of the line or inspection."""
    ready = built(of)
    names = lines(of) + [f"secondary {s}" for s in range(len(ready.region.secondary))]
    names += [post.id for post in ready.posts]
    extra = output.extra
    found = {}
    for name, book in zip(names, extra.book_of, strict=True):
        if book >= 0:
            found[name] = extra.station_books[book] if by_bin else extra.station_books[book].sum(axis=0)
    return found
