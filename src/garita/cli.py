"""The command ``garita``. Every command is a few lines that call the API; none holds model code.

Imports stand inside the commands: ``garita --help`` must not wait for NumPy. Results go to stdout, everything
else to stderr. Exit codes: 0 fine, 1 a bug of ours, 2 input, 3 a partial result, 130 interrupted.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from garita import __version__, cli_border, cli_fit, cli_flee, cli_journeys, cli_sources, cli_validate

DEMO = "san-ysidro-2018"
REPORT = "report.html"

app = typer.Typer(
    name="garita",
    help="What happens to queues, people and the neighbouring crossings when a border crossing closes.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: a third of a second sooner than rich's
    pretty_exceptions_enable=False,
)
cli_sources.add_to(app)
app.command()(cli_flee.flee)
app.command()(cli_validate.validate)
app.command()(cli_journeys.journeys)
app.command()(cli_journeys.standard)
app.add_typer(cli_fit.app, name="fit")

Replications = Annotated[
    int | None, typer.Option("--replications", "-r", min=1, help="Histories to simulate.")
]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="Number that all random draws come from.")]
Workers = Annotated[
    int | None, typer.Option("--workers", "-w", min=1, help="Runs at a time; by default one a core.")
]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A results folder, as `garita run` writes it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"garita {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an unexpected error.")
    ] = False,
) -> None:
    """--debug is taken off the command line in main(), so that it may stand anywhere."""


@app.command()
def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where results and report go.")] = Path("results")
    / DEMO,
    replications: Replications = None,
    workers: Workers = None,
    browse: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the report, where there is a desktop.")
    ] = True,
) -> None:
    """Simulate the closing of San Ysidro on 25 November 2018 and write the report."""
    path = out / REPORT
    _simulate(DEMO, out, {"replications": replications, "workers": workers}, report=path)
    typer.echo(path)
    if browse:
        _open(path)


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(help="A packaged case (see `garita list`) or a scenario file.")],
    replications: Replications = None,
    seed: Seed = None,
    workers: Workers = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where results go; by default beside the scenario file."),
    ] = None,
    baseline: Annotated[
        bool,
        typer.Option(
            "--baseline/--no-baseline", help="Simulate also without the closures, on the same draws."
        ),
    ] = True,
    record: Annotated[
        list[str] | None,
        typer.Option(metavar="WHAT", help="Write down all `travellers`, or `events`; may be repeated."),
    ] = None,
    record_runs: Annotated[
        int, typer.Option(metavar="N", min=1, help="Replications of which they are written down.")
    ] = 1,
    year: Annotated[
        bool, typer.Option("--year", help="The whole year in which it begins; only for many regions at once.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Simulate a scenario, with and without its closures, and write the results."""
    from garita.scenario.border import is_border

    how: dict[str, Any] = {"replications": replications, "seed": seed, "workers": workers}
    if is_border(scenario):
        if record:
            raise typer.BadParameter("Of many regions at once nothing can be recorded.")
        cli_border.run(scenario, out, how, baseline, as_json, year)
        return
    if year:
        raise typer.BadParameter("--year is for scenarios of many regions, such as border-2018.")
    how.update(record=record or (), record_runs=record_runs)
    _simulate(scenario, out, how, baseline, as_json)


def _simulate(
    scenario: str,
    out: Path | None,
    how: dict[str, Any],
    baseline: bool = True,
    as_json: bool = False,
    report: Path | None = None,
) -> None:
    """Run a scenario, write and show its results; also a report, if it is said where."""
    from garita import console, folders
    from garita.scenario import load

    case = load(scenario)
    case.require_crossings()
    console.show_warnings(case.warnings)
    folder = folders.prepare(out or folders.beside(scenario))

    from garita import outcomes, runs  # after the input is known to be good: they take a second to import

    _announce(case, how, baseline)
    with console.progress(case.name) as progress:
        if baseline:
            outcome, without = runs.run_pair(case, **how, progress=progress)
        else:
            outcome, without = runs.run(case, **how, progress=progress), None
    with folders.saving(folder, case, outcome, without):
        if without is not None:
            comparison = outcomes.compare(outcome, without)
            _show(comparison, as_json)
            if report is not None:
                from garita.report import write

                write(comparison, report, case)
    console.note(f"results: {folder}")


def _announce(case: Any, how: dict[str, Any], baseline: bool) -> None:
    """Say beforehand what a large run will take, and when it is more than the machine has."""
    from garita import console
    from garita.doctor import memory_gb
    from garita.runs.estimate import estimate

    variants = 2 if baseline else 1
    expected = estimate(case, replications=how["replications"], workers=how["workers"], variants=variants)
    if not expected.worth_saying:
        return
    console.note(f"expected: {expected}")
    there = memory_gb()
    if there is not None and expected.memory_bytes > 1e9 * there:
        console.note(f"That is more memory than the {there:.1f} GB here: give fewer days or replications.")


@app.command()
def compare(
    folder: Folder,
    other: Annotated[
        str, typer.Option("--with", metavar="DIR", help="`baseline`, or the results folder to compare with.")
    ] = "baseline",
    csv: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Also write every table there, as CSV.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what the closure changed, from results on disk."""
    from garita import console, folders

    comparison, _ = folders.compare(folder, other)
    if csv is not None:
        comparison.to_csv(csv)
        console.note(f"{csv}: CSV tables")
    _show(comparison, as_json)


@app.command()
def report(
    folder: Folder,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="By default DIR/report.html.")
    ] = None,
    browse: Annotated[
        bool, typer.Option("--open/--no-open", help="Open it, where there is a desktop.")
    ] = False,
) -> None:
    """Write the report of results on disk: one HTML file that asks nothing of any server."""
    from garita import folders
    from garita.report import write

    comparison, case = folders.compare(folder)
    path = write(comparison, out or folder / REPORT, case)
    typer.echo(path)
    if browse:
        _open(path)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="The folder to make.")],
    source: Annotated[
        str | None, typer.Option("--from", metavar="CASE", help="Copy this packaged case.")
    ] = None,
    minimal: Annotated[
        bool, typer.Option("--minimal", help="Write a small scenario with its own crossings instead.")
    ] = False,
) -> None:
    """Make a folder with a scenario to edit."""
    from garita import starter

    if minimal and source:
        raise typer.BadParameter("Give --from or --minimal, not both.")
    path = starter.minimal(Path(name)) if minimal else starter.copy_case(source or DEMO, Path(name))
    typer.echo(path)


@app.command(name="list")
def list_(as_json: AsJson = False) -> None:
    """List the packaged cases and regions."""
    from garita.reference import region_name, regions
    from garita.scenario import load, packaged_cases
    from garita.scenario.border import border_title, packaged_borders

    cases = {name: load(name).scenario.title for name in packaged_cases()}
    cases |= {name: border_title(name) for name in packaged_borders()}
    places = {name: region_name(name) for name in regions()}
    if as_json:
        typer.echo(json.dumps({"cases": cases, "regions": places}, indent=1))
        return
    for heading, named in (("cases", cases), ("regions", places)):
        typer.echo(f"{heading}:")
        for name, title in named.items():
            typer.echo(f"  {name:24} {title}")


@app.command()
def schema() -> None:
    """Print the JSON schema of scenario files."""
    from garita import scenario

    typer.echo(json.dumps(scenario.schema(), indent=1))


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Look whether this machine has what simulations need; exit code 2 if not."""
    from garita.doctor import examine

    checks = []
    for check in examine():
        checks.append(check)
        if not as_json:
            typer.echo(f"{'ok ' if check.fine else 'NOT'}  {check.name + ':':16} {check.found}")
            if not check.fine:
                typer.echo(f"     {'':16} {check.remedy}")
    if as_json:
        typer.echo(json.dumps([check._asdict() for check in checks], indent=1))
    raise typer.Exit(0 if all(check.fine for check in checks) else 2)


def _show(comparison: Any, as_json: bool) -> None:
    from garita import summary

    if as_json:
        typer.echo(summary.as_json(comparison))
    else:
        summary.show(comparison)


def _open(path: Path) -> None:
    """Open a file in the browser of a desktop; nothing happens where there is none."""
    desktop = (
        sys.platform in ("win32", "darwin") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    if desktop and sys.stdout.isatty():
        import webbrowser

        webbrowser.open(path.resolve().as_uri())


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code. Errors of the input are listed, others are ours."""
    _be_frugal()
    _tell_what_takes_long()
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - to the end
    for stream in (sys.stdout, sys.stderr):
        if hasattr(
            stream, "reconfigure"
        ):  # a terminal that lacks a sign shows another, rather than ending the run
            stream.reconfigure(errors="replace")
    sys.exit(_ended([argument for argument in given if argument != "--debug"], debug))


def _be_frugal() -> None:
    """Leave what costs this program more than it gives, before NumPy is imported."""
    # Most arrays are touched in part, and a page of 2 MB is cleared as a whole: a second of the demo.
    os.environ.setdefault("NUMPY_MADVISE_HUGEPAGE", "0")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # replications have the cores
    gc.set_threshold(50_000, 20, 20)  # models and tables are many objects, and few of them are in cycles


def _tell_what_takes_long() -> None:
    """Show what the package logs for whoever waits."""

    class Notes(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            from garita import console

            console.note(record.getMessage())

    logger = logging.getLogger("garita")
    if not logger.handlers:
        logger.addHandler(Notes())
        logger.setLevel(logging.INFO)


def _ended(arguments: list[str], debug: bool) -> Any:
    """Run a command and return its exit code. A reader that wants no more of our output is no failure."""
    from garita import console

    try:
        try:
            app(arguments, prog_name="garita")
        finally:
            sys.stdout.flush()  # at the very end of the program a failure could only be complained about
    except SystemExit as ended:
        if not console.cut_off(ended.__context__):
            return ended.code
    except Exception as error:
        if not console.cut_off(error):
            if debug:
                raise
            return console.show_failure(error)
    console.hang_up()
    return 0
