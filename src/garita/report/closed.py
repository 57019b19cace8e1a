"""What is closed, and what else belongs to the event, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from garita.report import names, numbers
from garita.report.series import Window
from garita.scenario.models import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from garita.outcomes import Comparison, Scope

AXES = ("crossing", "direction", "mode")
# What entries of a list of the scenario change, when they are part of the event.
CHANGED = {
    "lanes": "lanes",
    "staffing": "staffing",
    "hours": "opening hours",
    "conversions": "lane types",
    "pools": "pools of officers",
    "emergency": "emergency measures",
    "demand": "demand",
    "stations": "inspections",
}


def place(comparison: Comparison, crossing: str) -> str:
    return names.crossing(comparison.layout.crossing_name(crossing))


def spot(comparison: Comparison, crossing: str, direction: str, mode: str) -> str:
    """The port's name where only one of its crossings takes this mode this way, else the crossing's."""
    layout = comparison.layout
    ports = {item.id: item.port for item in layout.crossings}
    same = {
        flow.crossing
        for flow in layout.flows
        if (ports[flow.crossing], flow.direction, flow.mode) == (ports[crossing], direction, mode)
    }
    port_name = next((item.port_name for item in layout.crossings if item.id == crossing), "")
    return port_name if same == {crossing} and port_name else place(comparison, crossing)


def spot_of(comparison: Comparison, scope: Scope) -> str:
    return spot(comparison, scope.crossing, scope.direction, scope.mode)


def crossings(comparison: Comparison) -> str:
    """What is closed in any history, wholly or in part, in words."""
    return named(comparison, ids(comparison))


def ids(comparison: Comparison) -> set[str]:
    """The crossings of which some line is closed in any history, wholly or in part."""
    lines = zip(comparison.layout.flows, comparison.closed_flows, strict=True)
    return {flow.crossing for flow, shut in lines if shut}


def how_far(comparison: Comparison, direction: str) -> str:
    """``closed``; ``partly closed`` where a crossing has lines, booths or travellers this way that no closure
    is about.
    """
    shut = ids(comparison)
    lines = [
        bool(wholly)
        for flow, wholly in zip(comparison.layout.flows, comparison.wholly_closed_flows, strict=True)
        if flow.direction == direction and flow.crossing in shut
    ]
    return "closed" if all(lines) else "partly closed"


def named(comparison: Comparison, chosen: set[str]) -> str:
    """Crossings in words; ports of which all crossings are meant by their own name."""
    words: dict[str, None] = {}
    for item in comparison.layout.crossings:
        if item.id in chosen:
            port = {other.id for other in comparison.layout.crossings if other.port == item.port}
            whole = len(port) > 1 and port <= chosen and item.port_name
            words[item.port_name if whole else names.crossing(item.name)] = None
    return names.listed(list(words))


def when(comparison: Comparison, told: Mapping[str, Any]) -> str:
    """``from Sun 25 Nov 11:30 to between 17:05 and 18:00``: of the line most people were planned for."""
    layout = comparison.layout
    zone = ZoneInfo(layout.zone)
    rows = [
        place
        for place, flow in enumerate(layout.flows)
        if (flow.crossing, flow.direction, flow.mode) == told["main"]
    ]
    ends: list[float] = []
    for replication in range(layout.replications):
        mine = [one for one in layout.closures_of(replication) if layout.closed_flows(one)[rows].any()]
        ends += [
            max(
                (math.inf if one.get("until_utc") is None else one["until_utc"] for one in mine),
                default=math.nan,
            )
        ]
    known = [end for end in ends if not math.isnan(end)]
    text = f"from {numbers.at(told['closing'], zone)}"
    if not known or math.isinf(max(known)):
        return f"{text} for good"
    first, last = numbers.moment_of(min(known)), numbers.moment_of(max(known))
    same = {one.astimezone(zone).date() for one in (told["closing"], first, last)}
    low, high = (numbers.at(one, zone, day=len(same) > 1) for one in (first, last))
    return f"{text} to {low}" if low == high else f"{text} to between {low} and {high}"


def told(comparison: Comparison, window: Window) -> tuple[str, ...]:
    """What was closed when, how far, and within what range over the histories."""
    layout = comparison.layout
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for replication in range(layout.replications):
        for closure in layout.closures_of(replication):
            touched = [
                flow for flow, shut in zip(layout.flows, layout.closed_flows(closure), strict=True) if shut
            ]
            if not touched:
                continue
            key = (
                *(tuple(dict.fromkeys(getattr(flow, name) for flow in touched)) for name in AXES),
                tuple(closure.get("lane_types") or ()),
                tuple(closure.get("exempt") or ()),
                str(closure.get("reason") or ""),
            )
            groups.setdefault(key, []).append(closure)
    made = []
    for (where, directions, modes, lanes, exempt, reason), found in groups.items():
        what = [names.listed([names.mode(one) for one in modes])]
        what += [names.listed([names.lane_type(one) for one in lanes])] if lanes else []
        what += ["both ways" if len(directions) > 1 else names.direction(directions[0])]
        part = _part(found)
        what += [part] if part else []
        what += [f"except {names.listed([one.replace('-', ' ') for one in exempt])}"] if exempt else []
        because = f" ({reason})" if reason else ""
        state = "Partly closed" if part or exempt else "Closed"
        text = (
            f"{state}: {named(comparison, set(where))}, {', '.join(what)}, {_span(found, window)}{because}."
        )
        made.append(text)
    return tuple(made)


def _part(closures: list[Mapping[str, Any]]) -> str:
    """``2 lanes of each line``, ``30 % to 50 % of the capacity``; empty where all of it is shut."""
    lanes = sorted({float(one["lanes"]) for one in closures if one.get("lanes") is not None})
    if lanes:
        low, high = numbers.plain(lanes[0]), numbers.plain(lanes[-1])
        count = low if low == high else f"{low} to {high}"
        return f"{count} lane{'' if count == '1' else 's'} of each line"
    shares = sorted({float(one.get("share", 1.0)) for one in closures})
    if shares[0] == 1.0:
        return ""
    low, high = numbers.share(shares[0], 1.0), numbers.share(shares[-1], 1.0)
    return f"{low if low == high else f'{low} to {high}'} of the capacity"


def event(comparison: Comparison, scenario: Any) -> dict[str, list[str]]:
    """Entries besides closures that the days without the event lack: their names by what they change.

    Empty where two results are compared that both have theirs.
    """
    if comparison.names:
        return {}
    found = {}
    for section in ENTRIES:
        entries = [one for one in getattr(scenario, section, ()) if getattr(one, "event", False)]
        if entries and section in CHANGED:
            found[CHANGED[section]] = [_called(one) for one in entries]
    return found


def _called(entry: Any) -> str:
    return str(next(one for key in ("name", "crossing", "pool") if (one := getattr(entry, key, None))))


def besides(comparison: Comparison, scenario: Any) -> tuple[str, ...]:
    """The same as a sentence, if there are any."""
    found = event(comparison, scenario)
    if not found:
        return ()
    listed = names.listed([f"{what} ({names.listed(who)})" for what, who in found.items()])
    return (f"Part of the event too, and not there in the days without it: {listed}.",)


def _span(closures: list[Mapping[str, Any]], window: Window) -> str:
    shown: Any = None  # the day that was named last

    def at(minutes: float) -> str:
        nonlocal shown
        moment = numbers.moment_of(minutes)
        day = moment.astimezone(window.zone).date()
        text = numbers.at(moment, window.zone, day=day != shown)
        shown = day
        return text

    def within(values: list[float]) -> str:
        low, high = min(values), max(values)
        return at(low) if high - low < 1.0 else f"between {at(low)} and {at(high)}"

    starts = within([one["start_utc"] for one in closures])
    untils = [one.get("until_utc") for one in closures]
    if None in untils:
        return f"from {starts} for good"
    ends = within([until for until in untils if until is not None])
    return f"from {starts} until {ends}{', depending on the history' if 'between' in ends else ''}"
