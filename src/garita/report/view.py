"""The one place that knows how a comparison and a case are made: it turns them into a Story for the page."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from garita import __version__
from garita.engine import types
from garita.outcomes.fields import BASES, PARTIES, PEOPLE
from garita.outcomes.statistics import estimates
from garita.report import (
    answer,
    background,
    closed,
    inputs,
    journeys,
    names,
    numbers,
    passing,
    series,
    stations,
)
from garita.report.model import (
    Definition,
    Floats,
    Flow,
    Gross,
    Indicator,
    Outcome,
    Pair,
    Peak,
    Place,
    Story,
)
from garita.report.series import Window, estimate

if TYPE_CHECKING:
    from garita.outcomes import Comparison
    from garita.outcomes import Indicator as Measured

# Rows of the table of indicators for single lines; for crossings and the region all are shown.
OF_LINES = {
    "mean_wait",
    "p95_wait",
    "peak_wait",
    "max_queue",
    "max_queue_m",
    "spill_back_m",
    "served",
    "utilisation",
}
PEOPLE_ONLY = {"person_hours", "travel_hours", "held_back"}
# What the table shows before the reader asks for more.
MAIN = {
    "mean_wait",
    "p95_wait",
    "peak_wait",
    "max_queue",
    "spill_back_m",
    "held_hours",
    "served",
    "person_hours",
    "stranded",
    "share_within_60",
}


def story_of(comparison: Comparison, case: Any | None = None) -> Story:
    """Everything on the page. ``case`` adds the question, the inputs and the scenario's text."""
    window = Window(comparison)
    places = {
        item.id: Place(
            item.id, names.crossing(item.name), item.port, item.port_name or item.name, item.lat, item.lon
        )
        for item in comparison.layout.crossings
    }
    told = comparison.headline()
    evidence = str(comparison.with_closure.manifest.get("evidence", background.DIRECTION_ONLY))
    scenario = getattr(case, "scenario", None)
    return Story(
        title=getattr(scenario, "title", None) or comparison.layout.title or "Border closure",
        question=getattr(scenario, "question", None) or _question(comparison, told),
        region=region_of(comparison, case),
        clock=window.clock,
        replications=comparison.layout.replications,
        answer=answer.sentences(comparison, told, evidence),
        key_figures=answer.key_figures(comparison, told),
        closures=(
            *closed.told(comparison, window),
            *closed.besides(comparison, scenario),
            *background.assumed(scenario),
        ),
        places=tuple(places.values()),
        lines=series.lines(window, places),
        curves=series.cumulative(window, places, names.MODES) if told["main"] else (),
        peaks=_peaks(comparison, window),
        fates=answer.fates(comparison),
        outcomes=_outcomes(comparison),
        transitions=_transitions(comparison),
        indicators=_indicators(comparison, places, evidence),
        diversions=_diversions(comparison),
        way=_way(told),
        moves=_moves(comparison, _way(told)),
        names=comparison.names,
        gross=_gross(comparison),
        inputs=inputs.rows_of(case, comparison.layout.region),
        references=inputs.references_of(case, comparison.layout.region),
        claims=background.claims(comparison, case),
        caveats=background.caveats(comparison, scenario, evidence),
        reproduce=background.reproduce(comparison, case),
        definitions=tuple(
            Definition(key, item.label, item.text) for key, item in comparison.definitions.items()
        ),
        plazas=stations.plazas(comparison),
        journeys=_journeys(comparison),
        shown=_shown(comparison, window),
        scenario_text=str(getattr(case, "text", "") or ""),
        focus=frozenset(closed.ids(comparison)),
        neighbour=_neighbour(told),
        version=__version__,
    )


def _journeys(comparison: Comparison) -> journeys.JourneyStory | None:
    """The section on journeys, where the scenario has any."""
    found, beside = (
        getattr(outcome, "journeys", None) for outcome in (comparison.with_closure, comparison.without)
    )
    if found is None:
        return None
    crossings = comparison.layout.crossings
    ports = {item.port: item.port_name or item.name for item in crossings}
    return journeys.story_of(
        found, beside, ports | {item.id: names.crossing(item.name) for item in crossings}
    )


def _neighbour(told: Mapping[str, Any]) -> tuple[str, str, str]:
    """Crossing, direction and mode of the open neighbour in the answer."""
    if told["neighbour"] is None:
        return "", "", ""
    scope = told["neighbour"].scope
    return scope.crossing, scope.direction, scope.mode


def region_of(comparison: Comparison, case: Any | None) -> str:
    """The region's name in words, else its id."""
    tables = getattr(case, "tables", None)
    inline = getattr(getattr(case, "scenario", None), "region", None)
    known = getattr(tables, "name", None), *(getattr(inline, name, None) for name in ("name", "id"))
    return str(next((name for name in known if name), comparison.layout.region or "region of the scenario"))


def _question(comparison: Comparison, told: Mapping[str, Any]) -> str:
    if told["main"] is None:
        return "What do these days look like, with nothing closed?"
    where = closed.crossings(comparison)
    return f"What does closing {where} do to waits and people there and at its neighbours?"


def _pair(with_: Any, without: Any, difference: Any) -> Pair:
    return Pair(estimate(with_), estimate(without), estimate(difference))


def _paired(with_: Any, without: Any) -> list[Pair]:
    """Estimates of rows ``[K, R]`` with, without, and of their differences."""
    triples = zip(estimates(with_), estimates(without), estimates(with_ - without), strict=True)
    return [_pair(*triple) for triple in triples]


def _outcomes(comparison: Comparison) -> tuple[Outcome, ...]:
    """Final outcomes over all lines, by kind."""
    tables = [
        outcome.ledger.sum(axis=(1, 3), dtype=np.float64)
        for outcome in (comparison.with_closure, comparison.without)
    ]  # [R, kinds, 2]
    parties, people = (
        _paired(tables[0][:, :, base].T, tables[1][:, :, base].T) for base in (PARTIES, PEOPLE)
    )
    made = []
    for kind, key in enumerate(comparison.layout.kinds[1:], start=1):
        if not any(table[:, kind].any() for table in tables):
            continue
        definition = comparison.definitions[key]
        made.append(Outcome(key, definition.label, definition.text, parties[kind], people[kind]))
    return tuple(made)


def _transitions(comparison: Comparison) -> tuple[tuple[str, tuple[float, ...]], ...]:
    """Mean people by outcome without (rows) and with (columns); the first entry names the columns' order."""
    mean = comparison.transition_kinds[..., PEOPLE]
    kinds = comparison.layout.kinds
    kept = [kind for kind in range(1, len(kinds)) if mean[kind].any() or mean[:, kind].any()]
    return tuple(
        (comparison.definitions[kinds[row]].label, tuple(float(mean[row, column]) for column in kept))
        for row in kept
    )


def _gross(comparison: Comparison) -> tuple[Gross, ...]:
    tables = [
        outcome.gross.sum(axis=1, dtype=np.float64)
        for outcome in (comparison.with_closure, comparison.without)
    ]  # [R, decisions, 2]
    by_base = [_paired(tables[0][:, :, base].T, tables[1][:, :, base].T) for base in range(len(BASES))]
    return tuple(
        Gross(
            key,
            comparison.definitions[f"gross_{key}"].label.removesuffix(" (decisions)"),
            by_base[PARTIES][row],
            by_base[PEOPLE][row],
        )
        for row, key in enumerate(comparison.layout.decisions)
    )


def _diversions(comparison: Comparison) -> tuple[Flow, ...]:
    """Between every two crossings: how many more than without the closure."""
    more = (comparison.with_closure.diverted - comparison.without.diverted).astype(np.float64)
    return _between(comparison, more)


# Kinds of outcome at another crossing; those on foot are there where parties may leave their cars.
_ELSEWHERE = (
    types.CROSSED_ELSEWHERE,
    types.CROSSED_ELSEWHERE_LATER,
    types.CROSSED_ON_FOOT,
    types.CROSSED_ON_FOOT_LATER,
)


def _way(told: Mapping[str, Any]) -> str:
    """The direction the answer and the map are about."""
    return str(told["main"][1]) if told["main"] else "inbound"


def _moves(comparison: Comparison, direction: str) -> tuple[Flow, ...]:
    """Who crossed elsewhere than planned, in one direction: how many more than without the closure."""
    layout = comparison.layout
    at = {crossing: place for place, crossing in enumerate(layout.crossing_ids)}
    ledgers = comparison.with_closure.ledger, comparison.without.ledger
    more = np.zeros((layout.replications, len(at), len(at), len(BASES)))
    for row, flow in enumerate(layout.flows):
        if flow.direction == direction:
            for kind in _ELSEWHERE[: len(layout.kinds) - types.KINDS + 2]:
                more[:, at[flow.crossing]] += (
                    ledgers[0][:, row, kind].astype(np.float64) - ledgers[1][:, row, kind]
                )
    more[:, range(len(at)), range(len(at))] = 0.0  # who left the car and crossed where the car would have
    return _between(comparison, more)


def _between(comparison: Comparison, more: Floats) -> tuple[Flow, ...]:
    """Flows between every two crossings that differ, of ``[R, C from, C to, parties and people]``."""
    ids = comparison.layout.crossing_ids
    ends = [tuple(pair) for pair in np.argwhere(more.any(axis=(0, 3))).tolist()]
    if not ends:
        return ()
    by_base = [estimates(np.stack([more[:, a, b, base] for a, b in ends])) for base in (PARTIES, PEOPLE)]
    return tuple(
        Flow(ids[a], ids[b], estimate(by_base[PARTIES][row]), estimate(by_base[PEOPLE][row]))
        for row, (a, b) in enumerate(ends)
    )


def _indicators(comparison: Comparison, places: dict[str, Place], evidence: str) -> tuple[Indicator, ...]:
    """Final outcomes and decisions have tables of their own for the region; here they stand by crossing."""
    made = []
    lanes = Counter((flow.crossing, flow.direction, flow.mode) for flow in comparison.layout.flows)
    for item in comparison.indicators:
        if not _wanted(item, lanes):
            continue
        scope = item.scope
        made.append(
            Indicator(
                key=item.name,
                name=item.label,
                where=names.where(scope.crossing, scope.direction, scope.mode, scope.lane_type, places),
                crossing=scope.crossing,
                direction=scope.direction,
                mode=scope.mode,
                lane_type=scope.lane_type,
                unit="count" if item.unit in BASES else item.unit,
                numbers=_pair(item.with_closure, item.without, item.difference),
                counted_in=item.basis,
                level=scope.level,
                evidence=evidence,
                note=f"to {places[item.other].name}" if item.other in places else "",
                main=item.name in MAIN and scope.level != "line" and not _doubled(item),
            )
        )
    return tuple(made)


def _wanted(item: Measured, lanes: Mapping[tuple[str, str, str], int]) -> bool:
    """Leaves out decisions, what is zero in both variants, most rows of single lines, and doubles."""
    scope = item.scope
    if item.name.startswith("gross_"):
        return False
    if scope.level == "line" and (
        item.name not in OF_LINES or lanes[scope.crossing, scope.direction, scope.mode] == 1
    ):
        return False
    # On foot a party is one person; where modes are mixed only people are counted.
    if scope.mode == "pedestrian" and item.basis == "people" and item.name not in PEOPLE_ONLY:
        return False
    ends = (item.with_closure.maximum, item.without.maximum, item.with_closure.minimum, item.without.minimum)
    return any(math.isfinite(end) and end != 0 for end in ends)


def _doubled(item: Measured) -> bool:
    """Counted in parties and in people: one of the two is enough at first."""
    if item.scope.mode in {"pedestrian", "all"}:
        return False
    if item.name in {"served", "max_queue", "stranded"}:
        return item.basis == ("parties" if item.scope.level == "region" else "people")
    return item.basis == "people" and item.name == "mean_wait"


def _peaks(comparison: Comparison, window: Window) -> tuple[Peak, ...]:
    recoveries = {(one.crossing, one.direction, one.mode): one for one in comparison.recoveries}
    passings = {one.scope.key: one for one in passing.passings(comparison)}
    made = []
    for peak in comparison.peaks:
        key = peak.scope.crossing, peak.scope.direction, peak.scope.mode
        if not math.isfinite(peak.with_closure.mean) and not math.isfinite(peak.without.mean):
            continue
        passed, recovery = passings.get(peak.scope.key), recoveries.get(key)
        back_sort = math.nan
        if recovery is not None:
            back_sort = recovery.hours if recovery.disturbed else -1.0
            if recovery.censored:
                back_sort = 1e9
        made.append(
            Peak(
                crossing=key[0],
                direction=key[1],
                mode=key[2],
                where=f"{closed.spot(comparison, *key)}, {names.direction(key[1])} {names.mode(key[2])}",
                closed=comparison.how_closed(peak.scope),
                numbers=_pair(peak.with_closure, peak.without, peak.difference),
                at=numbers.at(numbers.moment_of(peak.at_min), window.zone)
                if math.isfinite(peak.at_min)
                else "",
                passes=passed.words() if passed else ("", ""),
                passes_sort=passed.with_ if passed else math.nan,
                recovery=answer.recovery_text(recovery),
                recovery_sort=back_sort,
            )
        )
    made.sort(key=lambda one: (one.direction != "inbound", -_change(one)))
    return tuple(made)


def _change(peak: Peak) -> float:
    change = peak.numbers.difference
    return change.value if change.known else 0.0


def _shown(comparison: Comparison, window: Window) -> str:
    if window.whole:
        return ""
    layout = comparison.layout
    first = numbers.moment_of(float(layout.bin_start_min[layout.first_bin]))
    last = numbers.moment_of(float(layout.bin_start_min[layout.horizon_bin - 1]) + layout.bin_min)
    return (
        "The curves show the days that differ; all indicators cover "
        f"{numbers.at(first, window.zone)} to {numbers.at(last, window.zone)}; "
        "what became of people is counted from the beginning of the warm-up."
    )
