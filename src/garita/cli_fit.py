"""The commands ``garita fit ...``: a region from counts and waits, or how people move from instances.

Each is a few lines that call `garita.fit`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from garita.fit.calibrate import Sources
    from garita.fit.month_scores import Score


class WithRegion(TyperGroup):
    """``garita fit REGION`` is ``garita fit region REGION``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["region", *args]
        found: list[str] = super().parse_args(ctx, args)
        return found


app = typer.Typer(
    cls=WithRegion,
    help="Fit a region to monthly counts and published waits, or our rule of movement to instances of Flee."
    "\n\n`garita fit REGION --counts FILE --waits FILE` fits a region, which `score` and `month` then use.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Counts = Annotated[
    list[Path],
    typer.Option("--counts", "-c", metavar="FILE", help="BTS entries or Texas bridges; may be repeated."),
]
Waits = Annotated[
    list[str],
    typer.Option(
        "--waits", "-w", metavar="[PLACE=]FILE",
        help="CBP's averages or waits by date; may be repeated. PLACE is a port or crossing of the region, "
        "where the file does not say it.",
    ),
]  # fmt: skip
Since = Annotated[
    str | None,
    typer.Option(help="First month of waits by date, and of the counts set against averages: 2019-05."),
]
Until = Annotated[str | None, typer.Option(help="Last month of the same.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Runs at a time; by default one a core.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A fit, as `garita fit REGION` writes it.")]


@app.command()
def region(
    name: Annotated[str, typer.Argument(metavar="REGION", help="A packaged region, or a folder of tables.")],
    counts: Counts,
    waits: Waits,
    leave_out: Annotated[
        list[str] | None,
        typer.Option("--leave-out", metavar="MONTH", help="Do not fit it (2018-11, or of averages 11): tell "
                     "it from its volume and score it; may be repeated."),
    ] = None,
    in_turn: Annotated[
        bool, typer.Option("--in-turn", help="Leave out every month in turn: a fit for each, and one table.")
    ] = False,
    since: Since = None,
    until: Until = None,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where it goes.")] = Path("fit"),
    seed: Annotated[int, typer.Option(min=0, help="Number that all random draws come from.")] = 1,
    effort: Annotated[
        int, typer.Option(min=1, max=100, help="How hard to search; 4 is usual, 1 is a quick look.")
    ] = 4,
    workers: Workers = None,
) -> None:  # fmt: skip
    """Fit a region: demand by hour, service times, booths by hour, and how waits respond to volume.

    Writes DIR/region (`base: DIR/region` in a scenario), fit.html, scores.csv and waits.csv. A fit that was
    killed goes on from where it was. Exit code 2 for waits from both sides of April 2019.
    """
    from garita import console
    from garita.fit import calibrate as fitting
    from garita.fit.search import Effort
    from garita.report import fitting as page

    if in_turn and leave_out:
        raise typer.BadParameter("Give --leave-out or --in-turn, not both.")
    sources = fitting.read_sources(name, counts, waits, since, until)
    console.show_warnings(sources.notes)
    how: dict[str, Any] = {
        "seed": seed,
        "effort": Effort.of(effort),
        "workers": workers,
        "progress": _progress(),
    }
    if in_turn:
        results = fitting.in_turn(sources, out, **how)
    else:
        results = [fitting.calibrate(sources, out, leave_out=leave_out or (), **how)]
    for result in results:
        typer.echo(page.write(result.page, result.folder / "fit.html"))
    _show([score for result in results for score in result.scores])
    if in_turn:
        _show_hindsight(sources)


@app.command()
def score(
    folder: Folder,
    counts: Counts,
    waits: Waits,
    month: Annotated[
        list[str] | None, typer.Option(help="Only this month; by default all that were not fitted.")
    ] = None,
    since: Since = None,
    until: Until = None,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write the scores there, as CSV.")
    ] = None,
    workers: Workers = None,
) -> None:
    """Tell other months from a fit and their volumes, and compare with what was observed.

    Errors stand beside those of climatology, the mean of the months that were fitted.
    """
    from garita import console
    from garita.fit import calibrate as fitting
    from garita.fit import month_scores, store
    from garita.fit.observed import month_of

    fit, about = store.load(folder)
    sources = fitting.read_sources(about["begun_from"], counts, waits, since, until)
    console.show_warnings(sources.notes)
    months = [month_of(name) for name in month] if month else None
    told = fitting.score(
        fit, sources.waits, sources.counts, months=months, workers=workers, progress=_progress()
    )
    found = month_scores.scores(told)
    if csv is not None:
        month_scores.write_scores(csv, found)
    _show(found)


@app.command()
def month(
    folder: Folder,
    name: Annotated[str, typer.Argument(metavar="MONTH", help="A month of the year, or 2018-11.")],
    counts: Counts,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where the tables go.")],
    workers: Workers = None,
) -> None:
    """Write the region as it is in one month, with that month's volume: `base: DIR` in a scenario."""
    from garita.fit import calibrate as fitting

    typer.echo(fitting.write_month(folder, name, counts, out, workers, _progress()))


@app.command()
def flee(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Instance directories of Flee.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where it goes.")] = Path("fit"),
    seed: Annotated[int, typer.Option(min=0, help="Number that all random draws come from.")] = 1,
    effort: Annotated[
        int, typer.Option(min=1, max=100, help="How hard to search; 4 is usual, 1 is a quick look.")
    ] = 4,
    histories: Annotated[
        int, typer.Option(min=1, max=1000, help="Histories that the printed errors are means of.")
    ] = 8,
) -> None:
    """Fit our rule of movement to instances of Flee: one set of parameters, each instance left out in turn.

    Writes DIR/fit.json (`garita flee --rules garita --fit DIR` runs with it) and errors.csv. A fit that was
    killed goes on from where it was.
    """
    from garita.fit.movement import fit_movement
    from garita.fit.movement_text import lines
    from garita.fit.search import Effort

    how: dict[str, Any] = {"seed": seed, "effort": Effort.of(effort), "histories": histories}
    found = fit_movement(folders, out, progress=_progress(), **how)
    typer.echo("\n".join(lines(found)))


def _show(found: Sequence[Score]) -> None:
    from garita.fit.month_scores import over_months

    if not found:
        return
    rows = [*found, *(over_months(found) if len({score.month for score in found}) > 1 else [])]
    width = max(len(score.column) for score in rows)
    typer.echo(f"{'month':8}{'line':{width}}  climatology  simulated  share")
    for row in rows:
        typer.echo(
            f"{row.month:8}{row.column:{width}}  {row.climatology:7.1f} min  {row.simulated:5.1f} min  "
            f"{row.share:5.2f}"
        )


def _show_hindsight(sources: Sources) -> None:
    """What rules would give that know what nobody can know: the limit of any model."""
    from dataclasses import replace

    from garita.fit.hindsight import hindsight
    from garita.fit.model import volumes_of

    rows = hindsight(sources.waits, volumes_of(sources.waits, replace(sources.counts, drawn=False)))
    width = max((len(row.column) for row in rows), default=4)
    typer.echo(
        "\nWith hindsight: share of climatology's error if of the left-out month were known\n"
        "  volume: its volume, and how waits respond to it, told by the other months\n"
        "  best: its volume, and the response that serves all months best\n"
        "  level: its own mean wait\n"
        "  shape: its own mean waits by day of the week and by quarter of the day\n"
        f"{'line':{width}}  volume   best  level  shape"
    )
    for row in rows:
        shares = (row.volume_told, row.volume, row.level, row.shape)
        typer.echo(f"{row.column:{width}}  " + "  ".join(f"{share:5.2f}" for share in shares))


def _progress() -> Callable[[str, int, int], None]:
    """Says now and then on stderr what is done."""
    import time

    from garita import console

    said = time.monotonic()

    def say(what: str, done: int, total: int) -> None:
        nonlocal said
        if time.monotonic() - said >= console.PLAIN_LINE_EVERY_S:
            said = time.monotonic()
            console.note(f"{what}: {done} of {total}")

    return say
