"""The command ``garita journeys``: people on their way, in shelters, on lists and going back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from garita.outcomes import JourneyOutcome
    from garita.reference.standards import Need

NOT_SIMULATED = "not simulated"


def journeys(
    scenario: Annotated[str, typer.Argument(help="A packaged case or a scenario file that has journeys.")],
    replications: Annotated[
        int | None, typer.Option("--replications", "-r", min=1, help="Histories to simulate.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Number that all random draws come from.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Write the tables there, as Parquet.")
    ] = None,
    standard: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What people need, as CSV; see `garita standard`."),
    ] = None,
    hxl: Annotated[
        bool, typer.Option("--hxl", help="Write CSV with HXL hashtags there too: means by place and day.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Simulate the journeys of a scenario alone, without the lines at its ports; a second for most."""
    from garita import console
    from garita.outcomes.hxl import write as write_hxl
    from garita.reference.standards import read_standard
    from garita.runs.journeys import travel
    from garita.scenario import load

    if hxl and out is None:
        raise typer.BadParameter("say where the tables go, with --out DIR", param_hint="--hxl")
    needs = None if standard is None else read_standard(standard)
    case = load(scenario)
    console.show_warnings(case.warnings)
    outcome = travel(case, replications=replications, seed=seed)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        written = outcome.save(out, standard=needs)
        tables = [name.removesuffix(".parquet") for name in written if name.endswith(".parquet")]
        console.note(f"{out}: {', '.join(tables)}, as Parquet")
        if hxl:
            console.note(f"{out}: {', '.join(write_hxl(outcome, out, needs))}, with HXL hashtags")
    told = summary(outcome, needs)
    typer.echo(json.dumps(told, indent=1, ensure_ascii=False) if as_json else "\n".join(_lines(told)))


def standard() -> None:
    """Print the packaged standard of what people need, as CSV: a table to start from."""
    from garita.reference.standards import packaged_text

    typer.echo(packaged_text(), nl=False)


def summary(outcome: JourneyOutcome, standard: Sequence[Need] | None = None) -> dict[str, Any]:
    """What the command tells: counts of people below ten are given as "<10"."""
    from garita.outcomes import journey_figures as figures
    from garita.outcomes.forecasts import forecast
    from garita.report import journey_words as words

    layout, last = outcome.layout, outcome.layout.days - 1
    told: dict[str, Any] = {
        "days": f"{layout.date(0)} to {layout.date(last)}",
        "replications": outcome.replications,
        "places": {},
        "women_men_children": [],
        "needs": [],
        "shelters": {},
        "waiting_lists": {},
        "returns": {},
        "returning": [],
        "published": [],
    }
    for at, place in enumerate(layout.places):
        mean = outcome.present[:, :, at].mean(axis=0)
        if mean.any():
            most = int(mean.argmax())
            told["places"][place.name] = {
                "most": figures.people(mean[most]),
                "on": str(layout.date(most)),
                "at_the_end": figures.people_range(figures.spread(outcome.present[:, last, at])),
            }
    for found in figures.who_is_there(outcome):
        told["women_men_children"].append(
            {"place": layout.places[found.place].name, "on": str(layout.date(found.day))}
            | {name: figures.people_range(each) for name, each in found.by_kind.items()}
        )
    for wanted in figures.needs_at_most(outcome, standard):
        where = figures.where(layout, wanted.place, wanted.shelter)
        if not told["needs"] or told["needs"][-1]["where"] != where:
            told["needs"].append({"where": where, "on": str(layout.date(wanted.day)), "items": {}})
        told["needs"][-1]["items"][wanted.need.item] = {
            "name": wanted.need.called,
            "unit": wanted.need.measure,
            "needed": figures.amounts(wanted.amount),
            "short": None if wanted.short is None else figures.amounts(wanted.short),
        }
    for at, shelter in enumerate(layout.shelters):
        inside = outcome.sheltered[:, :, at]
        most = int(inside.mean(axis=0).argmax())
        over = (inside - outcome.capacity[:, :, at]).max(axis=1)
        told["shelters"][shelter.name] = {
            "most": figures.people_range(figures.spread(inside[:, most])),
            "on": str(layout.date(most)),
            "most_over_capacity": figures.people_range(figures.spread(over.clip(0))),
        }
    for at, waiting in enumerate(layout.lists):
        told["waiting_lists"][waiting.name] = {
            "name": words.list_named(layout, waiting.name),
            "length_at_the_end": figures.people_range(figures.spread(outcome.listed[:, last, at])),
            "taken_in": figures.people_range(figures.spread(outcome.taken[:, :, at].sum(axis=1))),
            "wait_told_at_the_end_days": _days(figures.spread(outcome.expected[:, last, at])),
            "wait_of_who_registered_half_way_days": _days(
                figures.spread(forecast(outcome, at).registered[:, last // 2])
            ),
        }
    for at, kind in enumerate(layout.list_kinds):
        told["waiting_lists"][f"{kind.list}, {kind.kind}"] = {
            "name": f"{words.list_named(layout, kind.list)}, {kind.kind.replace('-', ' ')}",
            "length_at_the_end": figures.people_range(figures.spread(outcome.listed_by[:, last, at])),
            "registered": figures.people_range(figures.spread(outcome.registered_by[:, :, at].sum(axis=1))),
            "taken_in": figures.people_range(figures.spread(outcome.taken_by[:, :, at].sum(axis=1))),
        }
    for at, back in enumerate(layout.returns):
        told["returns"][back.name] = {
            "name": words.return_named(layout, at),
            "left": figures.people_range(figures.spread(outcome.left[:, :, at].sum(axis=1))),
            "cost_usd": _dollars(figures.spread(outcome.paid()[:, at])),
        }
    for at, answer in figures.answers(outcome):
        told["returning"].append(
            {
                "people": answer.people,
                "by": layout.returns[at].name,
                "name": words.return_named(layout, at),
                "days": _days(figures.spread(answer.days)),
                "cost_usd": _dollars(figures.spread(answer.usd)),
            }
        )
    for row in figures.compared(outcome):
        claimed = f"{row.low:,.0f}" if row.low == row.high else f"{row.low:,.0f} to {row.high:,.0f}"
        simulated = NOT_SIMULATED if row.simulated is None else figures.people_range(row.simulated)
        told["published"].append(
            {
                "day": str(layout.date(row.day)),
                "what": f"{row.what} {row.where}".strip(),
                "name": words.counted(layout, row.what, row.where) + (f" ({row.note})" if row.note else ""),
                "published": claimed,
                "simulated": simulated,
            }
        )
    return told


def _days(found: Any) -> str:
    from garita.engine.daily_types import NOT_TOLD

    if found.mean != found.mean:
        return "-"
    if found.high >= NOT_TOLD:
        return "no end" if found.low >= NOT_TOLD else f"{found.low:.0f} or more"
    low, high = f"{found.low:.0f}", f"{found.high:.0f}"
    return low if low == high else f"{found.mean:.0f} ({low} to {high})"


def _dollars(found: Any) -> str:
    if found.mean != found.mean:
        return "-"
    low, high = f"{found.low:,.0f}", f"{found.high:,.0f}"
    return low if low == high else f"{found.mean:,.0f} ({low} to {high})"


def _lines(told: dict[str, Any]) -> list[str]:
    """The summary as text."""
    lines = [f"{told['days']}, {told['replications']} histories: mean (middle 90 % of them)"]
    for row in told["women_men_children"]:
        words = ", ".join(
            f"{name.replace('_', ' ')} {row[name]}" for name in row if name not in ("place", "on")
        )
        lines.append(f"people at {row['place']} on {row['on']}: {words}")
    for row in told["needs"]:
        items = [
            f"{one['name']} {one['needed']}"
            + ("" if one["name"].endswith(one["unit"]) else f" {one['unit']}")
            + (f" (short of {one['short']})" if one["short"] else "")
            for one in row["items"].values()
        ]
        lines.append(f"needs of {row['where']} on {row['on']}: {'; '.join(items)}")
    for name, row in told["places"].items():
        lines.append(f"{name}: most {row['most']} people, on {row['on']}; {row['at_the_end']} at the end")
    for name, row in told["shelters"].items():
        over = row["most_over_capacity"]
        over = "never more" if over == "0" else f"at most {over} more"
        lines.append(
            f"shelter {name}: most {row['most']} people, on {row['on']}; {over} than it is meant for"
        )
    lines += [_listed(row) for row in told["waiting_lists"].values()]
    for row in told["returns"].values():
        cost = "" if row["cost_usd"] == "-" else f", cost USD {row['cost_usd']}"
        lines.append(f"{row['name']}: {row['left']} people leave{cost}")
    for row in told["returning"]:
        cost = "cost not given" if row["cost_usd"] == "-" else f"USD {row['cost_usd']}"
        lines.append(f"{row['people']:,} people, {row['name']}: {_in_days(row['days'])}, {cost}")
    for row in told["published"]:
        simulated = row["simulated"]
        simulated = f"simulated {simulated}" if simulated != NOT_SIMULATED else simulated
        lines.append(f"{row['day']}, {row['name']}: published {row['published']}, {simulated}")
    return lines


def _listed(row: dict[str, str]) -> str:
    """A waiting list, or a kind of people on it."""
    told = f"{row['name']}: {row['length_at_the_end']} people on it at the end"
    if "registered" in row:
        return f"{told}; {row['registered']} registered, {row['taken_in']} taken in"
    return (
        f"{told}; {row['taken_in']} taken in; told to wait at the end: "
        f"{_in_days(row['wait_told_at_the_end_days'])}; waited by who registered half way: "
        f"{_in_days(row['wait_of_who_registered_half_way_days'])}"
    )


def _in_days(told: str) -> str:
    """``17 days (6 to 28)`` for ``17 (6 to 28)``."""
    number, _, rest = told.partition(" ")
    if not number.isdigit():
        return "not known" if told == "-" else told
    return f"{number} {'day' if number == '1' and not rest else 'days'} {rest}".rstrip()
