"""The command ``garita flee``: run an instance directory of Flee and score it."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from garita.flee.run import FleeRun


class WhoSetsOut(StrEnum):
    """What says how many people set out."""

    settings = "settings"
    conflict = "conflict"


class RulesOfMovement(StrEnum):
    """How people move."""

    flee3 = "flee3"
    garita = "garita"


def flee(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="An instance directory of Flee; or `convert DIR`.")
    ],
    other: Annotated[Path | None, typer.Argument(metavar="[DIR]", hidden=True)] = None,
    rules: Annotated[
        RulesOfMovement, typer.Option("--rules", help="Flee's own rule of movement, or Garita's.")
    ] = RulesOfMovement.flee3,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Number that all random draws come from.")] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write people by camp and day, as CSV.")
    ] = None,
    settings: Annotated[
        Path | None, typer.Option("--settings", metavar="FILE", help="Another simsetting.yml.")
    ] = None,
    arrivals: Annotated[
        WhoSetsOut,
        typer.Option(
            "--arrivals",
            help="How many set out is up to the settings (in Flee, registered counts), or to the "
            "conflict alone.",
        ),
    ] = WhoSetsOut.settings,
    fit: Annotated[
        Path | None,
        typer.Option("--fit", metavar="DIR", help="Parameters that `garita fit flee` found, for our rule."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Simulate displacement from files in the format of Flee; say how far from registered counts it is.

    `garita flee convert DIR` writes a scenario with the journeys of it instead, to --out or the terminal.
    """
    from garita import console

    if other is not None:
        if str(folder) != "convert":
            raise typer.BadParameter("Give one directory, or `convert` and a directory.")
        _convert(other, settings, out)
        return
    from garita.flee.rule import RULE, read_rule
    from garita.flee.run import run

    if fit is not None and rules is RulesOfMovement.flee3 and arrivals is WhoSetsOut.settings:
        raise typer.BadParameter("--fit is for our rule: add `--rules garita`, or `--arrivals conflict`.")
    rule = RULE if fit is None else read_rule(fit)
    done = run(folder, rules.value, seed, settings, rule, by_conflict=arrivals is WhoSetsOut.conflict)
    console.show_warnings(done.warnings)
    if out is not None:
        done.write(out)
        console.note(f"{out}: people by camp and day")
    typer.echo(_as_json(done) if as_json else "\n".join(_lines(done)))


def _convert(folder: Path, settings: Path | None, out: Path | None) -> None:
    """Write the scenario of an instance; a file that is there is not written over."""
    from garita import console
    from garita.flee.convert import scenario_text
    from garita.sources.flee import read_instance

    instance = read_instance(folder, settings)
    console.show_warnings(instance.warnings)
    text = scenario_text(instance)
    if out is None:
        typer.echo(text, nl=False)
        return
    if out.exists():
        raise typer.BadParameter(f"{out} is there already: name another file.")
    out.write_text(text, encoding="utf-8", newline="\n")
    console.note(f"{out}: run it with `garita journeys {out}`")


def _lines(done: FleeRun) -> list[str]:
    """The measures as a table."""
    difference = done.difference
    lines = [
        f"{done.instance.name}, rules {done.rules}: {len(done.people)} days, "
        f"{int(done.people[-1]):,} people at the end",
        f"averaged relative difference, normal    {difference.normal:7.4f}",
        f"averaged relative difference, rescaled  {difference.rescaled:7.4f}",
    ]
    if not done.told:
        lines.append(f"difference of the total, mean of days    {done.total_difference:7.4f}")
    for name, error in done.scaled_errors.items():
        shown = "      -" if math.isnan(error) else f"{error:7.4f}"
        lines.append(f"mean absolute scaled error, {name + ' days':12}{shown}")
    if done.rule is not None:
        values = ", ".join(f"{name} {value:.4g}" for name, value in asdict(done.rule).items())
        lines.append(f"by our own parameters, not those in the settings: {values}")
    last = [
        ("in camps", int(done.simulated[-1].sum())),
        ("in front of full camps", int(done.outside[-1].sum())),
    ]
    last += [("on the way", int(done.on_the_way[-1])), ("at closed borders", int(done.at_borders[-1]))]
    return [*lines, "at the end: " + ", ".join(f"{people:,} {where}" for where, people in last if people)]


def _as_json(done: FleeRun) -> str:
    errors = {name: None if math.isnan(error) else error for name, error in done.scaled_errors.items()}
    return json.dumps(
        {
            "instance": done.instance.name,
            "rules": done.rules,
            "days": len(done.people),
            "people": int(done.people[-1]),
            "person_days": done.person_days,
            "error": {
                **done.difference._asdict(),
                **({} if done.told else {"total": done.total_difference}),
            },
            "parameters": None if done.rule is None else asdict(done.rule),
            "scaled_errors": errors,
        },
        indent=1,
    )
