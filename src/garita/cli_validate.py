"""The command ``garita validate``: what was observed beside what is simulated."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from garita.fit.behaviour_fit import LeaveOneOut
    from garita.fit.validation import ValidationResult


PAGE = "validation.html"


def validate(
    cases: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CASE]...",
            help="Packaged cases by name, files, or folders of them; all packaged ones when left out.",
        ),
    ] = None,
    replications: Annotated[
        int | None, typer.Option("--replications", "-r", min=1, help="Histories of each case.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", "-w", min=1, help="Runs at a time; by default one a core.")
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where table and page go.")] = Path("results")
    / "validation",
    list_: Annotated[bool, typer.Option("--list", help="List the cases, and run nothing.")] = False,
    leave_out: Annotated[
        bool,
        typer.Option(
            "--leave-one-out",
            help="Try other parameters of behaviour; score each case with what the others choose.",
        ),
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Run also what was run before.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Simulate what happened, and score it against what was observed. Exit code 3 if a case failed."""
    from garita import console
    from garita.fit.case_files import load_cases

    entries = load_cases(cases or ())
    if list_:
        for entry in entries:
            said = f" (not run: {entry.model.not_run})" if entry.scenario is None else ""
            typer.echo(f"{entry.name:28} {entry.model.title}{said}")
        return

    def told(name: str, number: int, of: int) -> Callable[[int, int], None] | None:
        console.note(f"case {number} of {of}: {name}")
        return None

    kept, sets = out / "cases", out / "sets"
    if again:
        for entry in entries:
            for there in sets.glob(f"*/{entry.name}.json") if leave_out else (kept / f"{entry.name}.json",):
                there.unlink(missing_ok=True)
    if leave_out:
        from garita.fit.behaviour_fit import leave_one_out

        fit = leave_one_out(
            entries, replications=replications or 2, workers=workers, kept=sets, progress=told
        )
        typer.echo(
            json.dumps(tried_record(fit), indent=1, allow_nan=False) if as_json else "\n".join(tried(fit))
        )
        return

    from garita.fit import validation, validation_files

    result = validation.validate(
        entries, replications=replications, workers=workers, kept=kept, progress=told
    )
    from garita.report import validation as page

    written = [*validation_files.write(result, out), page.write(result.record(), out / PAGE)]
    if as_json:
        typer.echo(json.dumps(_summary(result), indent=1, allow_nan=False))
    else:
        typer.echo("\n".join(lines(result)))
    for path in written:
        console.note(f"{path}")
    if any(case.failed for case in result.cases):
        raise typer.Exit(3)


def lines(result: ValidationResult) -> list[str]:
    """The scores as a table of text: cases, then means by kind, then over all."""
    from garita.fit.validation import WAYS

    head = f"{'score (1 is best)':32}" + "".join(f"{way:>12}" for way in WAYS)
    found = [head]
    for case in result.cases:
        if case.ran:
            found.append(f"{case.name:32}" + "".join(f"{case.scores[way]:12.2f}" for way in WAYS))
    for kind in result.kinds():
        overall = result.overall(kind)
        found.append(f"{'mean, ' + kind:32}" + "".join(f"{overall[way]:12.2f}" for way in WAYS))
    if result.ran:
        overall = result.overall()
        found.append(f"{'mean of all cases':32}" + "".join(f"{overall[way]:12.2f}" for way in WAYS))
    for case in result.cases:
        if not case.ran:
            found.append(
                f"{case.name:32} {'failed' if case.failed else 'not run'}: {case.failed or case.not_run}"
            )
    return found


def tried(fit: LeaveOneOut) -> list[str]:
    """The sets by their mean score, and what leaving each case out gives."""
    ranked = sorted(fit.scores, key=fit.mean, reverse=True)
    found = [f"{'mean score, all cases':32}"]
    found += [f"{name:32}{fit.mean(name):12.3f}" for name in ranked]
    found.append(f"{'each case left out in turn':32}{fit.left_out:12.3f}")
    others = {case: name for case, name in fit.chosen.items() if name != fit.best}
    found.append(f"chosen with every case: {fit.best}; without it, otherwise: {others or 'never'}")
    return found


def tried_record(fit: LeaveOneOut) -> dict[str, object]:
    """The same for other programs."""
    from garita.fit.validation_files import plain

    return {
        "mean": {name: plain(fit.mean(name)) for name in fit.scores},
        "scores": {name: {case: plain(one) for case, one in of.items()} for name, of in fit.scores.items()},
        "left_out": plain(fit.left_out),
        "best": fit.best,
        "chosen": fit.chosen,
    }


def _summary(result: ValidationResult) -> dict[str, object]:
    from garita.fit.validation_files import plain, summary_rows

    overall = {way: plain(score) for way, score in result.overall().items()}
    return {"overall": overall, "cases": summary_rows(result)}
