"""The answer in three sentences with numbers, and the figures that stand out on the first page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from garita.engine import types
from garita.outcomes.fields import PEOPLE
from garita.outcomes.statistics import estimate as estimate_of
from garita.report import closed, names, numbers, passing
from garita.report.model import Fate, KeyFigure, Sentence
from garita.report.series import estimate

if TYPE_CHECKING:
    from garita.outcomes import Comparison, Indicator, Peak, Recovery
    from garita.outcomes import Estimate as Measured

# What a final outcome is called in a sentence about those planned for the closure hours.
FATES = {
    "crossed": "still cross there, having waited or arrived in time",
    "crossed_later": "cross there later",
    "crossed_elsewhere": "cross elsewhere",
    "crossed_elsewhere_later": "cross elsewhere and later",
    "crossed_on_foot": "leave the car and cross on foot",
    "crossed_on_foot_later": "cross on foot later",
    "cancelled": "do not travel",
    "gave_up": "give up in the queue",
    "waiting": "still wait at the end",
    "on_the_way": "are still on the way at the end",
}


def sentences(comparison: Comparison, told: Mapping[str, Any], evidence: str) -> tuple[Sentence, ...]:
    """Waits; what became of people; how long it lasts and what it takes."""
    if told["main"] is None:
        return (
            Sentence(
                "Nothing is closed in this scenario, so there is no effect of a closure to report; "
                "both variants show the same days.",
                "",
            ),
        )
    made = [waits(comparison, told), people(comparison, told), afterwards(comparison, told)]
    return tuple(Sentence(text, evidence) for text in made if text)


def waits(comparison: Comparison, told: Mapping[str, Any]) -> str:
    _, direction, mode = told["main"]
    main = next(
        (
            peak
            for peak in comparison.peaks
            if (peak.scope.crossing, peak.scope.direction, peak.scope.mode) == told["main"]
        ),
        None,
    )
    how = f"{closed.how_far(comparison, direction)} {closed.when(comparison, told)}"
    text = f"With {closed.crossings(comparison)} {how}"
    who = f"{names.direction(direction)} {names.mode(mode)}"
    if main is not None:
        text += f", the peak wait of {who} at {closed.spot_of(comparison, main.scope)} is {_instead(main)}"
    neighbour: Peak | None = told["neighbour"]
    if neighbour is not None:
        joint = ", and" if main is not None else ", the peak wait"
        text += (
            f"{joint} at {closed.spot_of(comparison, neighbour.scope)}, the open neighbour where it rises "
            f"most, {_instead(neighbour)}"
        )
    first = passing.first_caused(comparison, direction, mode)
    if first is not None:
        after = (
            f"*{numbers.duration(first.with_, hours=True)}* after the closing"
            if first.with_ >= 15
            else "at the closing"
        )
        text += (
            f"; {closed.spot_of(comparison, first.scope)} is the first neighbour to pass an hour's wait "
            f"because of it, {after}"
        )
        if math.isfinite(first.without):
            text += f" instead of {numbers.duration(first.without, hours=True)} without it"
    return text + "."


def _instead(peak: Peak) -> str:
    """``5 h 55 min (...) instead of 1 h 30 min (...)``: all six in one style."""
    told = [estimate(peak.with_closure).within(), estimate(peak.without).within()]
    words = numbers.durations(*(end for one in told for end in (one.value, one.low, one.high)))
    made = []
    for at, one in zip((0, 3), told, strict=True):
        value, low, high = words[at : at + 3]
        known = math.isfinite(one.low) and math.isfinite(one.high) and not value == low == high
        made.append(f"*{value}* ({low} to {high})" if known else f"*{value}*")
    return " instead of ".join(made)


def _stars(text: str) -> str:
    """The number between stars, which the page makes bold; its interval after them."""
    value, bracket, rest = text.partition(" (")
    return f"*{value}*{bracket}{rest}"


def people(comparison: Comparison, told: Mapping[str, Any]) -> str:
    _, direction, mode = told["main"]
    total, shares = comparison.affected_totals(*told["main"])
    parts = []
    if total.mean:
        shown = {
            outcome: share for outcome, share in shares.items() if outcome in FATES and share.mean >= 0.005
        }
        words = [f"*{numbers.share(share.mean, 1.0)}* {FATES[outcome]}" for outcome, share in shown.items()]
        parts.append(
            f"Of the {_people(total)} {names.direction(direction)} {names.mode(mode)} planned for "
            f"{closed.spot(comparison, *told['main'])} in the closed hours that would have crossed there, "
            f"{names.listed(words)}{_within(list(shown.values()))}"
        )
    stranded: Indicator | None = told["stranded"]
    if stranded is not None and stranded.with_closure.mean >= 1:
        parts.append(
            f"at most {_people(stranded.with_closure)} people at a time wait in "
            f"{names.direction(direction)} lines that are shut"
        )
    lost = not_travelled(comparison, direction)
    if lost.mean >= 1:
        parts.append(
            f"over all days and all crossings of the region {_people(lost, signed=True)} more people "
            f"give up or do not set out {names.direction(direction)}"
        )
    text = "; ".join(parts)
    return text[:1].upper() + text[1:] + "." if text else ""


def _within(shares: list[Measured]) -> str:
    """The widest interval of several shares, told once."""
    widest = max((100.0 * one.half_width for one in shares if math.isfinite(one.half_width)), default=0.0)
    if widest <= 0:
        return ""
    points = max(1, math.ceil(widest - 0.05))
    return f" (each to within {points} percentage point{'s' if points > 1 else ''})"


def not_travelled(comparison: Comparison, direction: str) -> Measured:
    """How many more people give up in a queue or do not set out, in one direction."""
    rows = [row for row, flow in enumerate(comparison.layout.flows) if flow.direction == direction]
    kinds = [types.CANCELLED, types.GAVE_UP]
    counts = [
        outcome.ledger[:, rows][..., PEOPLE][:, :, kinds].sum(axis=(1, 2, 3), dtype=float)
        for outcome in (comparison.with_closure, comparison.without)
    ]  # [R]
    return estimate_of(counts[0] - counts[1])


def _people(measured: Any, *, signed: bool = False) -> str:
    found = estimate(measured)
    if not signed:
        found = found.within()
    return _stars(numbers.with_interval(found.value, found.low, found.high))


def recovery_text(recovery: Recovery | None) -> str:
    """``6 h 45 min (6 h to 8 h)``, ``not within the 30 h watched``, ``not disturbed``; a second wave."""
    if recovery is None:
        return numbers.NOTHING
    if not recovery.disturbed:
        return "not disturbed"
    if recovery.censored_after is not None:
        return f"not within {numbers.duration(60.0 * recovery.censored_after, step=60.0)}"
    if recovery.hours <= 0:
        return "at once" + _again(recovery)
    text, low, high = numbers.durations(60.0 * recovery.hours, 60.0 * recovery.low, 60.0 * recovery.high)
    if low == high == text:
        return text + _again(recovery)
    interval = f"({low} to {high if math.isfinite(recovery.high) else 'beyond the run'})"
    return f"{text} {interval}{_again(recovery)}"


def _again(recovery: Recovery) -> str:
    """A second wave of waits above normal, which the time to recover alone would hide."""
    if math.isnan(recovery.again_until):
        return ""
    return f"; above it once more until {numbers.duration(60.0 * recovery.again_until, step=15.0)}"


def _later(recovery: Recovery) -> str:
    if math.isnan(recovery.again_until):
        return ""
    until = _stars(numbers.duration(60.0 * recovery.again_until, step=15.0))
    if recovery.hours <= 0:
        return f", but grow once more and are back to normal {until} later"
    return f", but grow once more until {until} after it"


def afterwards(comparison: Comparison, told: Mapping[str, Any]) -> str:
    parts = []
    after = "the closing" if told["reopening"] is None else "the reopening"
    for key in ("recovery", "neighbour_recovery"):
        recovery: Recovery | None = told[key]
        if recovery is None or not recovery.disturbed:
            continue
        name = closed.spot(comparison, recovery.crossing, recovery.direction, recovery.mode)
        if recovery.censored_after is not None:
            parts.append(f"waits at {name} are {recovery_text(recovery)} of {after} back to normal")
        elif recovery.hours <= 0:
            parts.append(f"waits at {name} are no longer than normal at {after}{_later(recovery)}")
        else:
            told_alone = recovery_text(replace(recovery, again_until=math.nan))
            parts.append(
                f"waits at {name} are back to normal {_stars(told_alone)} after {after}{_later(recovery)}"
            )
    lost: Indicator | None = told["person_hours"]
    if lost is not None and math.isfinite(lost.difference.mean):
        kind = "more" if lost.difference.mean >= 0 else "fewer"
        found = estimate(lost.difference)
        who = f"{names.direction(told['main'][1])} travellers in the region spend"
        back = _other_way(comparison, told["main"][1])
        if math.isfinite(found.low) and found.low * found.high <= 0:
            parts.append(f"{who} no clearly different number of person-hours in queues and on detours{back}")
        else:
            ends = sorted((abs(found.low), abs(found.high)))
            spent = _stars(numbers.with_interval(abs(found.value), *ends))
            parts.append(f"{who} {spent} {kind} person-hours in queues and on detours{back}")
    text = "; ".join(parts)
    return text[:1].upper() + text[1:] + "." if text else ""


def _other_way(comparison: Comparison, direction: str) -> str:
    """``, southbound ones 111,000 (...) more``: the other direction, where the closure clearly changes it."""
    for other in sorted({flow.direction for flow in comparison.layout.flows} - {direction}):
        lost = comparison.indicator("person_hours", direction=other)
        if lost is None:
            continue
        found = estimate(lost.difference)
        if math.isfinite(found.low) and found.low * found.high > 0:
            ends = sorted((abs(found.low), abs(found.high)))
            spent = _stars(numbers.with_interval(abs(found.value), *ends))
            return f", {names.direction(other)} ones {spent} {'more' if found.value > 0 else 'fewer'}"
    return ""


def key_figures(comparison: Comparison, told: Mapping[str, Any]) -> tuple[KeyFigure, ...]:
    """Four numbers: the wait here, the wait next door, the hours lost, the way back."""
    if told["main"] is None:
        return ()
    made = []
    _, direction, mode = told["main"]
    for peak in comparison.peaks:
        if (peak.scope.crossing, peak.scope.direction, peak.scope.mode) == told["main"]:
            made.append(
                _peak_figure(f"Peak wait, {closed.spot(comparison, *told['main'])}, {names.mode(mode)}", peak)
            )
    if told["neighbour"] is not None:
        neighbour: Peak = told["neighbour"]
        name = f"Peak wait, {closed.spot_of(comparison, neighbour.scope)}, {names.mode(neighbour.scope.mode)}"
        made.append(_peak_figure(name, neighbour))
    lost: Indicator | None = told["person_hours"]
    if lost is not None:
        found = estimate(lost.difference)
        low, high = (
            numbers.count(end, found.low, found.high, signed=True) for end in (found.low, found.high)
        )
        made.append(
            KeyFigure(
                f"Person-hours in queues and on detours, {names.direction(direction)}",
                numbers.count(found.value, found.low, found.high, signed=True),
                f"{low} to {high}" if math.isfinite(found.low) else "",
            )
        )
    recovery: Recovery | None = told["recovery"]
    if recovery is not None:
        after = "closing" if told["reopening"] is None else "reopening"
        if math.isnan(recovery.again_until):
            value, _, detail = recovery_text(recovery).partition(" (")
            details = [detail.rstrip(")"), f"after the {after}" if recovery.disturbed else ""]
        else:
            value = numbers.duration(60.0 * recovery.again_until, step=15.0)
            details = [f"after the {after}, with the end of a second wave"]
        made.append(
            KeyFigure(
                f"Waits back to normal, {closed.spot(comparison, *told['main'])}, {names.mode(mode)}",
                value,
                "; ".join(part for part in details if part),
            )
        )
    return tuple(made)


def _peak_figure(label: str, peak: Peak) -> KeyFigure:
    with_, without = estimate(peak.with_closure).within(), estimate(peak.without).within()
    told = numbers.durations(*(end for one in (without, with_) for end in (one.value, one.low, one.high)))
    before, after = told[:3], told[3:]
    detail = f"without: {before[1]} to {before[2]}; with: {after[1]} to {after[2]}"
    return KeyFigure(label, f"{before[0]} → {after[0]}", detail if math.isfinite(with_.low) else "")


def fates(comparison: Comparison) -> tuple[Fate, ...]:
    """Shares of those planned for each closed crossing and mode, in parties; northbound, then the largest."""
    groups: dict[tuple[str, str, str], list[Any]] = {}
    for row in comparison.affected:
        if row.basis == "parties":
            groups.setdefault((row.crossing, row.direction, row.mode), []).append(row)
    made = []
    for (crossing, direction, mode), rows in groups.items():
        made.append(
            Fate(
                f"{closed.spot(comparison, crossing, direction, mode)}, "
                f"{names.direction(direction)} {names.mode(mode)}",
                direction,
                estimate(comparison.affected_totals(crossing, direction, mode)[0]),
                tuple(
                    (row.outcome, fate_name(comparison, row.outcome, row.to), estimate(row.share))
                    for row in rows
                ),
                names.QUEUE_OF.get(mode, mode),
            )
        )
    return tuple(sorted(made, key=lambda one: (one.direction != "inbound", -one.total.value)))


def fate_name(comparison: Comparison, outcome: str, to: str) -> str:
    label = comparison.definitions[outcome].label if outcome in comparison.definitions else outcome
    return f"{label}: {closed.place(comparison, to)}" if to else label
