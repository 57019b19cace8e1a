"""What a run of many regions comes to, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from garita.report import names, numbers
from garita.runs.border_totals import Place
from garita.runs.rail import CONTAINER, TRAIN

if TYPE_CHECKING:
    from garita.runs.border import BorderOutcome
    from garita.scenario.border import Border

NAMED = 3
GLUE = numbers.GLUE


@dataclass(frozen=True)
class Told:
    """A day on average: ``modes`` as :func:`garita.runs.border_totals.totals` gives them, by mode; the whole
    ``border``; and ``regions`` by name."""

    paired: bool
    days: int
    modes: Mapping[str, Mapping[str, Any]]
    border: Place
    regions: Mapping[str, Place]

    def of(self, mode: str, what: str) -> float:
        """A sum of a mode; 0 where there is none."""
        return float(self.modes.get(mode, {}).get(what) or 0.0)

    def stops(self, value: float, of: float) -> bool:
        """Whether so much is stopped that it is worth a word: a thousandth, so that chance is not told."""
        return value > 0.001 * of and round(value) > 0


def question(paired: bool) -> str:
    """The question, where the scenario has none."""
    return "How much is stopped a day?" if paired else "How much crosses a day?"


def answer(told: Told) -> list[str]:
    """Three sentences, the figures in stars."""
    if not told.paired:
        return _ordinary(told)
    return [_people(told), _goods(told), f"{_where(told)} {_waits(told)}".strip()]


def _ordinary(told: Told) -> list[str]:
    border = told.border
    by_mode = names.listed(
        [f"{numbers.count(told.of(mode, 'crossed'))} {names.mode(mode)}" for mode in names.ORDER[:4]
         if told.of(mode, "crossed")]
    )  # fmt: skip
    first = (
        f"On an average day *{numbers.count(border.people[0])} people* come in: {by_mode}; "
        f"over the {told.days} days {_large(border.people[0] * told.days)} people."
    )
    people = _largest({name: place.people[0] for name, place in told.regions.items()}, border.people[0])
    trucks = _largest({name: place.trucks[0] for name, place in told.regions.items()}, border.trucks[0])
    return [first, f"Most people come by {people}; most trucks by {trucks}.", _waits(told)]


def _people(told: Told) -> str:
    border = told.border
    if not told.stops(border.people_stopped, border.people[1]):
        return f"People cross as before: *{numbers.count(border.people[0])}* on an average day."
    parts = []
    for mode in ("car", "pedestrian", "bus", "truck"):
        if told.stops(told.of(mode, "stopped"), told.of(mode, "crossed_without")):
            parts.append(f"{numbers.count(told.of(mode, 'people_stopped'))} {_in(mode)}")
    return (
        f"On an average day *{numbers.count(border.people_stopped)} people* do not cross who otherwise "
        f"would, *{numbers.share(border.people_stopped, border.people[1])}* of all: {names.listed(parts)}."
    )


def _in(mode: str) -> str:
    return "on foot" if mode == "pedestrian" else f"in {names.mode(mode)}"


def _goods(told: Told) -> str:
    border, trains = told.border, told.of(TRAIN, "stopped")
    stopped = told.stops(border.trucks_stopped, border.trucks[1])
    if not stopped and not trains:
        more = f" and {_trains(told.of(TRAIN, 'crossed'))}" if told.of(TRAIN, "crossed") else ""
        return f"Goods go on: *{numbers.count(border.trucks[0])} trucks*{more} a day, as without the closure."
    parts = [f"*{numbers.count(border.trucks_stopped)} trucks*"] if stopped else []
    if trains:
        loaded = numbers.count(told.of(CONTAINER, "stopped"))
        parts.append(f"{_trains(trains)} with {loaded} loaded containers")
    return (
        f"Stopped are {names.listed(parts)} a day, with imports worth *{_usd(border.usd_stopped)}*; over the "
        f"{told.days} days {_usd(border.usd_stopped * told.days)}."
    )


def _where(told: Told) -> str:
    border, parts = told.border, []
    if told.stops(border.people_stopped, border.people[1]):
        of = {name: place.people_stopped for name, place in told.regions.items()}
        parts.append(f"Of the people stopped, most are at {_largest(of, border.people_stopped)}")
    if border.usd_stopped > 0 and told.stops(border.trucks_stopped, border.trucks[1]):
        of = {name: place.usd_stopped for name, place in told.regions.items()}
        parts.append(f"{'of' if parts else 'Of'} the value, at {_largest(of, border.usd_stopped)}")
    return "; ".join(parts) + "." if parts else ""


def _largest(of: Mapping[str, float], total: float) -> str:
    """``*A* (34 %), B (20 %) and C (9 %)``."""
    ranked = sorted(of, key=lambda name: -of[name])[:NAMED]
    return names.listed(
        [f"{'*' if not place else ''}{name}{'*' if not place else ''} ({numbers.share(of[name], total)})"
         for place, name in enumerate(ranked)]
    )  # fmt: skip


def _waits(told: Told) -> str:
    """Mean waits of those who cross in cars."""
    after, before = told.border.car_wait
    if after is None:
        return "Nobody crosses in a car, and so nobody waits." if told.paired else ""
    if not told.paired or before is None:
        return f"Who comes in a car waits *{numbers.duration(after)}* on average before inspection."
    if told.of("car", "crossed") < 0.001 * told.of("car", "crossed_without"):
        return ""
    return (
        f"Who still crosses in a car waits *{numbers.duration(after)}* on average; without the closure it is "
        f"{numbers.duration(before)}."
    )


def _trains(count: float) -> str:
    told = numbers.count(count)
    return f"{told} train{'' if told == '1' else 's'}"


def _usd(value: float) -> str:
    if value >= 9.995e8:
        return f"{numbers.plain(value / 1e9, 0.1)} billion USD"
    return f"{numbers.plain(value / 1e6, 1.0 if value >= 1e7 else 0.1)} million USD"


def _large(value: float) -> str:
    return f"{numbers.plain(value / 1e6, 0.1)} million" if value >= 1e6 else numbers.count(value)


def keys(told: Told) -> list[dict[str, str]]:
    """Figures a day by mode: what is stopped, and of how many; without a closure, what crosses and waits."""
    found = []
    for mode, row in told.modes.items():
        label = {TRAIN: "Trains", CONTAINER: "Loaded rail containers"}.get(
            mode, names.mode(mode).capitalize()
        )
        if told.paired:
            value, detail = row["stopped"], f"stopped a day, of {numbers.count(row['crossed_without'])}"
        else:
            wait = row["wait_min"]
            value = row["crossed"]
            detail = "a day" if wait is None else f"a day; mean wait {numbers.duration(wait)}"
        found.append({"label": label, "value": numbers.count(value), "detail": detail})
    return found


def caveats(told: Told, histories: int) -> list[str]:
    """What a reader should know before believing the figures."""
    found = [
        "Each region is a simulation of its own: people choose between the crossings of a region, not "
        "between regions, nor do they fly or go by sea instead.",
        "Only those who come into the United States are simulated here; who leaves it is not.",
        "Value is that of imports only: the year's imports by port and mode over the trucks, or loaded rail "
        "containers, that BTS counted. Ports of Texas have their own figure; the others share what is left.",
        "Trains are counted by BTS and not simulated. A closure stops them if it shuts a port for trucks, "
        "all of it, and does not exempt freight.",
        "Buses have at most 10 passengers on average here, so their people are too few.",
        "What happens beyond the crossings (jobs, prices, shortages that last) is not part of the model. The "
        "longer a closure lasts, the more people would do other things than these days show.",
    ]
    if told.paired:
        found.insert(
            2,
            "No closure of the whole border has been observed. Counts without it are those of BTS; what is "
            "stopped by a rule on who may cross rests on shares of citizens, residents and essential trips "
            "that are defaults of San Diego-Tijuana.",
        )
        found.append(
            "A truck or train that is stopped may be a trip put off or a trip lost: which of the two is "
            "not told. The value is that of goods which do not cross on their day, not a loss."
        )
    found.append(
        f"Bands hold 90 % of {histories} simulated histories: chance alone, not the doubt about the inputs."
        if histories > 1
        else "One simulated history. Among so many parties chance hardly moves the sums; the doubt about the "
        "inputs is larger, and not shown. Chance alone is shown as bands with --replications 5."
    )
    return found


def command(border: Border, outcome: BorderOutcome, days: int) -> str:
    """What makes these figures again."""
    year = " --year" if days >= 365 else ""
    about = outcome.manifest
    return f"garita run {border.name}{year} --replications {about['replications']} --seed {about['seed']}"
