"""The section on journeys: how people come, where they stay, how long they wait, and how some go back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from garita.engine.daily_types import NOT_TOLD
from garita.outcomes import journey_figures as figures
from garita.outcomes.journey_figures import Spread, curve, people, people_range, spread
from garita.report import journey_map
from garita.report.journey_aid import Aid, aid_of, parted
from garita.report.journey_charts import Chart, Mark, draw
from garita.report.journey_waits import forecast_charts, who_waits
from garita.report.journey_words import counted, list_named, place_named, return_named
from garita.report.names import day_named

if TYPE_CHECKING:
    from garita.outcomes import JourneyOutcome

COLUMNS = ("kind", "where", "month", "replication", "events")


@dataclass(frozen=True)
class JourneyStory:
    """What the section shows, ready for the template."""

    sentences: tuple[str, ...]
    ground: Markup
    map: Markup
    stills: tuple[tuple[str, Markup], ...]
    told: str
    last: int
    day: int
    groups: tuple[tuple[str, tuple[dict[str, Any], ...]], ...]
    compared: tuple[dict[str, str], ...]
    returns: tuple[dict[str, str], ...]
    answers: tuple[dict[str, str], ...]
    encounters: tuple[dict[str, Any], ...]
    months: tuple[str, ...]
    data: dict[str, Any]
    paired: bool
    aid: Aid
    who_waits: tuple[dict[str, Any], ...]


def story_of(
    outcome: JourneyOutcome, without: JourneyOutcome | None = None, ports: Mapping[str, str] | None = None
) -> JourneyStory:
    """The section of one run, beside the run without its closures if there is one.

    ``ports``: names of ports and crossings by their identifiers.
    """
    layout = outcome.layout
    drawn = journey_map.route_map(outcome)
    dates = [day_named(layout.date(day)) for day in range(layout.days)]
    stills, picture, ground, data, day = [], Markup(""), Markup(""), {}, 0
    if drawn is not None:
        day = drawn.day
        ground = drawn.ground
        picture = drawn.picture(day, f"Where people are on {dates[day]}", moving=True)
        data = drawn.data([one.name for one in layout.places], dates)
        moved = drawn.ways.sum(axis=1).cumsum()
        chosen = np.searchsorted(moved, np.array([0.15, 0.5, 0.85]) * moved[-1]).tolist()
        chosen = sorted({*chosen, layout.days - 1})
        stills = [(dates[at], drawn.picture(at, f"Where people are on {dates[at]}")) for at in chosen]
    found, months = _encounters(outcome, ports or {})
    return JourneyStory(
        tuple(_sentences(outcome, without)),
        ground,
        picture,
        tuple(stills),
        f"{dates[day]}: {journey_map.told(outcome, day)}",
        layout.days - 1,
        day,
        tuple(_groups(outcome, without)),
        tuple(_compared(outcome)),
        tuple(_returns(outcome)),
        tuple(_answers(outcome)),
        found,
        months,
        data,
        without is not None,
        aid_of(outcome, _main_place(outcome)),
        who_waits(outcome),
    )


def _main_place(outcome: JourneyOutcome) -> int:
    """The place the story is about: where a list or shelters are, else where most people come."""
    ids = [one.id for one in outcome.layout.places]
    for axis in (outcome.layout.lists, outcome.layout.shelters):
        if axis:
            return ids.index(axis[0].place)
    return int(outcome.reached.sum(axis=(0, 1)).argmax())


def _sentences(outcome: JourneyOutcome, without: JourneyOutcome | None) -> list[str]:
    layout = outcome.layout
    place = _main_place(outcome)
    reached = spread(outcome.reached[:, :, place].sum(axis=1))
    half = int(np.searchsorted(outcome.reached[:, :, place].mean(axis=0).cumsum(), reached.mean / 2))
    first, last = day_named(layout.date(0)), day_named(layout.date(layout.days - 1))
    by = day_named(layout.date(min(half, layout.days - 1)))
    told = [
        f"Between {first} and {last} *{people_range(reached)}* people reach {layout.places[place].name}, "
        f"half of them by {by}."
    ]
    for at, shelter in enumerate(layout.shelters):
        inside, over = outcome.sheltered[:, :, at], outcome.sheltered[:, :, at] - outcome.capacity[:, :, at]
        day = int(inside.mean(axis=0).argmax())
        above = spread(over.max(axis=1).clip(0))
        if round(above.mean) > 0:
            told.append(
                f"{_capital(shelter.name)} holds most on {day_named(layout.date(day))}: "
                f"*{people_range(spread(inside[:, day]))}* people, and at its fullest "
                f"{people_range(above)} more than it is meant for."
            )
    street = outcome.street[:, :, place].max(axis=1)
    if street.any():
        told.append(
            f"At most {people_range(spread(street))} people are in the street without room in a shelter."
        )
    for at in range(len(layout.lists)):
        expected = outcome.expected[:, :, at]
        day = int(np.median(expected, axis=0).argmax())
        told.append(
            f"Who registers on {day_named(layout.date(day))} is told to wait "
            f"*{days_told(spread(expected[:, day]))}*, the longest; on the last day "
            f"{days_told(spread(expected[:, -1]))}, with "
            f"{people_range(spread(outcome.listed[:, -1, at]))} people on the list."
        )
        told += _closed(outcome, without, at)
    left = outcome.left.sum(axis=(1, 2))
    if left.any():
        told.append(f"*{people_range(spread(left))}* people go back, in the ways below.")
    return told


def _closed(outcome: JourneyOutcome, without: JourneyOutcome | None, at: int) -> list[str]:
    """What the closures do to a list."""
    if without is None:
        return []
    fewer = without.taken[:, :, at].sum(axis=1) - outcome.taken[:, :, at].sum(axis=1)
    first = without.taken[:, :, at].mean(axis=0) - outcome.taken[:, :, at].mean(axis=0)
    days = np.flatnonzero(np.abs(first) > 0.5)
    if not len(days):
        return ["The closures change nothing on the list."]
    at_once = (without.taken[:, days[0], at] - outcome.taken[:, days[0], at]).astype(float)
    return [
        "While the port is closed nobody is taken in from the list: "
        f"{people_range(spread(at_once))} fewer on {day_named(outcome.layout.date(int(days[0])))}, "
        f"and {people_range(spread(fewer))} fewer by the end."
    ]


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def days_told(found: Spread) -> str:
    """``32 days (25 to 40)``; a list that does not move has no end."""
    if not np.isfinite(found.mean):
        return "-"
    if found.high >= NOT_TOLD:
        return "without end" if found.low >= NOT_TOLD else f"{found.low:.0f} days or more"
    low, high = f"{found.low:.0f}", f"{found.high:.0f}"
    return f"{found.mean:.0f} days" if low == high else f"{found.mean:.0f} days ({low} to {high})"


def dollars(found: Spread) -> str:
    """``$1.6 million (0.8 to 2.6 million)``."""
    if not np.isfinite(found.mean):
        return "not given"
    if found.high >= 1e6:
        parts = [f"{value / 1e6:.1f}" for value in found]
        return f"${parts[0]} million" + (f" ({parts[1]} to {parts[2]})" if parts[1] != parts[2] else "")
    parts = [f"{round(value, -2):,.0f}" for value in found]
    return f"${parts[0]}" + (f" ({parts[1]} to {parts[2]})" if parts[1] != parts[2] else "")


def _groups(
    outcome: JourneyOutcome, without: JourneyOutcome | None
) -> list[tuple[str, tuple[dict[str, Any], ...]]]:
    """Charts, in groups with a heading."""
    layout = outcome.layout
    first = layout.date(0)

    def marks(what: str, where: str) -> tuple[Mark, ...]:
        rows = [row for row in layout.published if row.what == what and row.where == where]
        return tuple(Mark(row.day, row.low, row.high) for row in rows if 0 <= row.day < layout.days)

    def chart(name: str, label: str, values: Any, beside: Any, **more: Any) -> dict[str, Any]:
        other = None if beside is None or np.array_equal(values, beside) else curve(beside)
        made = Chart(name, label, "people", first, curve(values), other, **more)
        return {"name": name, "note": more.get("note", ""), "svg": draw(made)}

    def of(name: str, at: int) -> tuple[Any, Any]:
        array = getattr(outcome, name)[:, :, at]
        return array, None if without is None else getattr(without, name)[:, :, at]

    seen = outcome.present.mean(axis=0)
    order = [int(at) for at in np.argsort(-seen.max(axis=0)) if seen[:, at].max() >= figures.FEW][:6]
    places = []
    for at in sorted(order):
        place = layout.places[at]
        here = marks("present", place.id)
        most = day_named(layout.date(int(seen[:, at].argmax())))
        note = f"most on {most}: {people(float(seen[:, at].max()))}"
        places.append(chart(place.name, "people", *of("present", at), marks=here, note=note))
    main = _main_place(outcome)
    so_far = outcome.reached[:, :, main].cumsum(axis=1)
    arrived = chart(
        f"Reached {layout.places[main].name}", "people, added up", so_far, None,
        marks=marks("arrived", layout.places[main].id),
    )  # fmt: skip
    shelters = [
        chart(
            _capital(one.name), "people", *of("sheltered", at),
            limit=outcome.capacity[:, :, at].mean(axis=0), marks=marks("sheltered", one.id),
            note="dashed: people it is meant for",
        )
        for at, one in enumerate(layout.shelters)
    ]  # fmt: skip
    if outcome.street.any():
        shelters.append(chart("In the street", "people without room", outcome.street.sum(axis=2), None))
    lists = []
    for at, one in enumerate(layout.lists):
        name = _capital(list_named(layout, one.name))
        lists.append(
            chart(
                f"{name}: length",
                "people",
                *of("listed", at),
                marks=marks("list-length", one.name),
            )
        )
        expected = [None if each is None else np.minimum(each, 400.0) for each in of("expected", at)]
        lists.append(chart(f"{name}: wait that is told", "days", *expected))
        lists += forecast_charts(outcome, at, name)
    found = [
        ("People by place", (arrived, *places)),
        ("Shelters", tuple(shelters)),
        ("Waiting lists", tuple(lists)),
    ]
    return [(name, charts) for name, charts in found if charts]


def _compared(outcome: JourneyOutcome) -> list[dict[str, str]]:
    layout = outcome.layout
    rows = []
    for row in figures.compared(outcome):
        low, high = f"{row.low:,.0f}", f"{row.high:,.0f}"
        what = counted(layout, row.what, row.where)
        verdict = {None: "a claim, never simulated", True: "within", False: "outside"}[row.inside]
        rows.append(
            {
                "day": day_named(layout.date(row.day)),
                "what": what + (f" ({row.note})" if row.note else ""),
                "published": low if low == high else f"{low} to {high}",
                "simulated": "-" if row.simulated is None else people_range(row.simulated),
                "inside": verdict,
                "source": row.source,
            }
        )
    return rows


def _returns(outcome: JourneyOutcome) -> list[dict[str, str]]:
    layout = outcome.layout
    name = {one.id: one.name for one in layout.places}
    paid = outcome.paid()
    return [
        {
            "kind": return_named(layout, at),
            "way": f"by {one.by} from {name[one.place]} to {name[one.to]}",
            "left": people_range(spread(outcome.left[:, :, at].sum(axis=1))),
            "waiting": people_range(spread(outcome.waiting_return[:, -1, at])),
            "trips": f"{outcome.trips[:, :, at].sum(axis=1).mean():,.0f}"
            if outcome.trips[:, :, at].any()
            else "-",
            "cost": dollars(spread(paid[:, at])),
        }
        for at, one in enumerate(layout.returns)
    ]


def _answers(outcome: JourneyOutcome) -> list[dict[str, str]]:
    layout = outcome.layout
    return [
        {
            "people": f"{answer.people:,}",
            "kind": f"{return_named(layout, at)}, by {layout.returns[at].by}",
            "days": days_told(spread(answer.days)),
            "cost": dollars(spread(answer.usd)),
        }
        for at, answer in figures.answers(outcome)
    ]


def _encounters(
    outcome: JourneyOutcome, ports: Mapping[str, str]
) -> tuple[tuple[dict[str, Any], ...], tuple[str, ...]]:
    """Events by kind, sector or port, and month: the mean and the middle 90 % of the histories."""
    from garita.outcomes.journey_tables import encounters

    layout = outcome.layout
    columns = encounters(outcome)
    sums: dict[tuple[str, str], dict[str, Any]] = {}
    for row in zip(*(columns[name].tolist() for name in COLUMNS), strict=True):
        kind, where, month, replication, events = row
        months = sums.setdefault((kind, where), {})
        months.setdefault(month, np.zeros(outcome.replications))[replication] += events
    known = tuple(sorted({month for months in sums.values() for month in months}))

    def named(kind: str, where: str) -> str:
        place = place_named(layout, where)
        if kind == "inadmissible":
            return f"people found inadmissible at {ports.get(where, place)}"
        near = any(one.id == where for one in layout.places)  # no sector is given
        return f"apprehensions between ports, {f'near {place}' if near else f'sector {where}'}"

    return tuple(
        {
            "what": named(kind, where),
            "months": [parted(people_range(spread(months.get(month, np.zeros(1))))) for month in known],
        }
        for (kind, where), months in sums.items()
    ), tuple(f"{date.fromisoformat(f'{month}-01'):%B %Y}" for month in known)
