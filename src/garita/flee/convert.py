"""An instance of Flee as a scenario of Garita: places, ways, camps as shelters, closures, and who sets out.

Flee's people wander from place to place and settle where they like it; those of a scenario know where they
go. Here they choose a camp as our own rule of movement has it, fewer the further it is, and fewer to one that
is nearly full, and take the fastest way. Whoever finds the camp full all the same stays beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np

from garita.engine.journey_types import Floats, Ints
from garita.errors import DataError, Problem, file_name, register_messages
from garita.flee.arrivals import arrivals, camps
from garita.flee.calendar import calendar
from garita.flee.closures import lasts, of_one_way
from garita.flee.network import links
from garita.flee.rule import RULE, gravity, ways_to_camps
from garita.scenario.journeys import LONGEST_DAYS
from garita.sources.flee import FleeInstance

EVERY_DAYS = 7
PUBLISHED_EVERY = 30
NAMED = {"country": "countries", "location": "place", "link": "between"}

register_messages(
    {
        "flee-too-long": (
            "{days} days are more than journeys may have",
            "At most {most}: shorten sim_period.csv.",
        ),
        "flee-no-camp": ("nobody is counted anywhere", "Give at least one camp in locations.csv."),
    }
)


def scenario_text(instance: FleeInstance) -> str:
    """The scenario as YAML. Raises DataError where there is no camp to go to, or too many days."""
    _check(instance)
    ids = identifiers(instance.places)
    notes = [
        "Made from files of Flee, and not by its rule: people choose a camp when they set out, fewer the "
        "further it is, and take the fastest way.",
        *_notes(instance),
    ]
    lines = [
        "garita: 1",
        f"title: {quoted(instance.name + ', from files of Flee')}",
        f"start: {instance.start}",
        "days: 1",
        "replications: 10",
        "region: {id: from-flee, zone: UTC}",
        "journeys:",
        f"  from: {instance.start}",
        f"  days: {instance.days}",
    ]
    for name, rows in (
        ("places", _places(instance, ids)),
        ("routes", _routes(instance, ids)),
        ("groups", _groups(instance, ids)),
        ("shelters", _shelters(instance, ids)),
        ("closures", _closures(instance, ids)),
        ("published", _published(instance, ids)),
    ):
        found = [f"    - {{{row}}}" for row in rows]
        lines += [f"  {name}:", *found] if found else []
    return "\n".join([*lines, "notes:", *(f"  - {quoted(note)}" for note in notes)]) + "\n"


def _check(instance: FleeInstance) -> None:
    place = file_name(instance.folder)
    if instance.days > LONGEST_DAYS:
        raise DataError(Problem("flee-too-long", {"days": instance.days, "most": LONGEST_DAYS}, place))
    if not camps(instance):
        raise DataError(Problem("flee-no-camp", {}, place))


def identifiers(names: Iterable[str]) -> dict[str, str]:
    """An identifier for each name: small letters, digits and hyphens, none twice."""
    found: dict[str, str] = {}
    for name in names:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        word = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "place"
        number, made = 2, word
        while made in found.values():
            made, number = f"{word}-{number}", number + 1
        found[name] = made
    return found


def quoted(text: str) -> str:
    """A text as YAML takes it, whatever is in it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _places(instance: FleeInstance, ids: dict[str, str]) -> Iterator[str]:
    for place in instance.places.values():
        row = f"id: {ids[place.name]}, name: {quoted(place.name)}, country: {quoted(place.country)}"
        yield f"{row}, lat: {place.latitude:g}, lon: {place.longitude:g}"


def _routes(instance: FleeInstance, ids: dict[str, str]) -> Iterator[str]:
    usual = instance.settings.move["max_move_speed"]
    seen: set[tuple[str, str]] = set()
    for route in instance.routes:
        for start, end in ((route.first, route.second), (route.second, route.first)):
            if (start, end) in seen:
                continue
            seen.add((start, end))
            speed = route.speed if route.speed else usual
            km = max(route.distance, 0.001)
            yield f"from: {ids[start]}, to: {ids[end]}, km: {km:g}, mode: bus, km_per_day: {speed:g}"


def camp_shares(instance: FleeInstance) -> Floats:
    """[P, camps] share of those who set out from a place that choose each camp; 0 where no way leads to one.

    By our rule of movement, as if everything were open.
    """
    columns = [list(instance.places).index(name) for name in camps(instance)]
    score = calendar(instance, "garita").score.mean(axis=0)
    network = links(instance, "garita")
    always = np.ones((1, len(network.start)), bool)
    known = ways_to_camps(network, columns, len(instance.places), always, ~always)
    weight = np.zeros((len(instance.places), len(instance.places)))
    from_place = np.repeat(np.arange(len(instance.places)), np.diff(known.first_route))
    weight[from_place, known.route_end] = gravity(RULE, known.route_length) * score[known.route_end]
    weight[columns] = 0.0
    weight[columns, columns] = 1.0
    chosen = weight[:, columns]
    total = chosen.sum(axis=1, keepdims=True)
    share: Floats = np.divide(chosen, total, out=np.zeros_like(chosen), where=total > 0)
    return share


def setting_out(instance: FleeInstance) -> Ints:
    """[weeks, P] people who set out from each place, in steps of ``EVERY_DAYS``."""
    days = calendar(instance, "garita")
    found = arrivals(instance, days, RULE.people_power)
    size = np.array([float(place.size) for place in instance.places.values()])
    weight = found.share * size
    total = weight.sum(axis=1, keepdims=True)
    by_place = found.fixed + found.mean + found.shared[:, None] * weight / np.where(total > 0, total, 1.0)
    up_to = np.floor(np.cumsum(by_place.reshape(-1)) + 1e-6)  # so that nobody is left over
    whole = np.diff(up_to, prepend=0.0).reshape(by_place.shape)
    starts = np.arange(0, instance.days, EVERY_DAYS)
    return np.add.reduceat(whole, starts, axis=0).astype(np.int64)


def _groups(instance: FleeInstance, ids: dict[str, str]) -> Iterator[str]:
    """Those who are there on the first day, then those who set out, by place and camp they choose."""
    names, targets = list(instance.places), camps(instance)
    initial = arrivals(instance, calendar(instance, "garita")).initial
    for name, people in zip(names, initial.tolist(), strict=True):
        if people:
            yield (
                f"name: first-{ids[name]}, place: {ids[name]}, to: {ids[name]}, from: {instance.start}, "
                f"people: {people}"
            )
    chosen = choices(instance, setting_out(instance), camp_shares(instance), initial)
    for number, name in enumerate(names):
        for target, rows in zip(targets, chosen[:, number].T.tolist(), strict=True):
            table = ", ".join(
                f"{{day: {_date(instance, week * EVERY_DAYS)}, people: {people}}}"
                for week, people in enumerate(rows)
                if people
            )
            if table:
                start, end = ids[name], ids[target]
                yield f"name: {start}-to-{end}, place: {start}, to: {end}, table: [{table}]"


def choices(instance: FleeInstance, people: Ints, shares: Floats, initial: Ints) -> Ints:
    """[weeks, P, camps] people by the camp they go to: fewer to one that is nearly full, as in Flee.

    Whole numbers, by running sums for each place and camp; what is left over goes to the likeliest camp.
    """
    names, targets = list(instance.places), camps(instance)
    room = np.array([float(instance.places[name].size) for name in targets])
    inside = initial[[names.index(name) for name in targets]].astype(np.float64)
    found = np.zeros((*people.shape, len(targets)), np.int64)
    owed = np.zeros(shares.shape)
    for week, setting in enumerate(people):
        left = np.clip((room - inside) / np.maximum((1.0 - RULE.crowding) * room, 1e-9), 0.0, 1.0)
        weight = shares * np.where(room > 0, left, 1.0)
        weight = np.where(weight.any(axis=1, keepdims=True), weight, shares)  # all full: as if none were
        total = weight.sum(axis=1, keepdims=True)
        part = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
        owed += setting[:, None] * part
        whole = np.maximum(np.floor(owed + 1e-6), 0.0)
        rest = np.where(shares.any(axis=1), setting, 0) - whole.sum(axis=1)
        whole[range(len(whole)), owed.argmax(axis=1)] += rest
        whole = np.maximum(whole, 0.0)
        owed -= whole
        found[week] = whole.astype(np.int64)
        inside += found[week].sum(axis=0)
    return found


def _shelters(instance: FleeInstance, ids: dict[str, str]) -> Iterator[str]:
    for name in camps(instance):
        size = instance.places[name].size
        if size > 0:
            yield f"id: {ids[name]}-camp, name: {quoted(name)}, place: {ids[name]}, capacity: {size}"


def _closures(instance: FleeInstance, ids: dict[str, str]) -> Iterator[str]:
    for number, closure in enumerate(instance.closures):
        span = lasts(closure, instance.days)
        if closure.kind not in NAMED or span.start >= span.stop:
            continue
        ends = [closure.first, closure.second]
        kind = "link" if of_one_way(instance, closure) else closure.kind
        if kind == "country":
            where = f"countries: [{', '.join(quoted(name) for name in ends)}]"
        elif kind == "link":
            where = f"between: [{', '.join(ids[name] for name in ends)}]"
        else:
            where = f"place: {ids[closure.first]}"
        until = "for good" if span.stop >= instance.days else str(_date(instance, span.stop))
        begin = _date(instance, span.start)
        yield f"name: closure-{number + 1}, {where}, from: {begin}, until: {until}, news: 0 min"


def _published(instance: FleeInstance, ids: dict[str, str]) -> Iterator[str]:
    """What was counted in camps, every so many days."""
    registered = arrivals(instance, calendar(instance, "garita")).registered
    for day in range(PUBLISHED_EVERY, instance.days, PUBLISHED_EVERY):
        for name, people in zip(camps(instance), registered[day].tolist(), strict=True):
            yield f"what: present, where: {ids[name]}, day: {_date(instance, day)}, people: {people}"


def _notes(instance: FleeInstance) -> Iterator[str]:
    """What the scenario cannot say."""
    left_out: dict[str, Any] = {
        "camps that close or open (closures.csv)": [c for c in instance.closures if c.kind not in NAMED],
        "places that become another kind (location_changes.csv)": instance.changes,
        "forced redirection (routes.csv)": [route for route in instance.routes if route.redirection],
        "people set out of a share of the population": instance.settings.spawn["take_from_population"],
    }
    for what, found in left_out.items():
        if found:
            yield f"Left out, because journeys do not have it: {what}."


def _date(instance: FleeInstance, day: int) -> date:
    return instance.start + timedelta(days=day)
