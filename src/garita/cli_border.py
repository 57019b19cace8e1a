"""`garita run` of a scenario for many regions: totals on the screen, a row a day, port and mode in a file."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from garita.errors import Problem, ResultsError, file_name, register_messages

if TYPE_CHECKING:
    from garita.runs.border import BorderOutcome

register_messages(
    {
        "days-foreign": (
            "this folder holds something other than days of the border, and nothing is overwritten",
            "Name another folder with --out.",
        ),
        "days-unwritable": ("the days cannot be written here ({reason})", "Name another folder with --out."),
    }
)

DAILY, ABOUT, PAGE = "daily.csv", "border.json", "report.html"
COLUMNS = (
    "region", "port", "date", "mode", "crossed_without", "crossed", "stopped", "people_without", "people",
    "people_stopped", "usd_stopped", "joined_without", "joined", "wait_without_min", "wait_min",
)  # fmt: skip


def run(
    scenario: str, out: Path | None, how: dict[str, Any], baseline: bool, as_json: bool, year: bool
) -> None:
    """Simulate every region, write days and report, and show the totals."""
    from garita import console
    from garita.scenario.border import load_border

    border = load_border(scenario)
    border = border.year() if year else border
    folder = _prepared(out or Path("results") / border.name)

    from garita.report import border as page
    from garita.runs.border import run_border
    from garita.runs.border_totals import totals

    how = {**how, "replications": how.get("replications") or border.cases[0].scenario.replications}
    with console.progress(border.name) as progress:
        outcome = run_border(border, **how, baseline=baseline, progress=progress)
    told = totals(outcome.days)
    _write(folder, outcome, told)
    report = page.write(outcome, border, folder / PAGE)
    if as_json:
        typer.echo(json.dumps({"title": outcome.title, "totals": told, "about": outcome.manifest}, indent=1))
    else:
        _show(outcome, told)
    console.note(f"results: {folder}")
    console.note(f"report: {report}")


def _prepared(folder: Path) -> Path:
    """A folder of ours or an empty one, before anything is simulated."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        foreign = {path.name for path in folder.iterdir()} - {DAILY, ABOUT, PAGE}
    except OSError as error:
        reason = error.strerror or str(error)
        raise ResultsError(Problem("days-unwritable", {"reason": reason}, file_name(folder))) from None
    if foreign:
        raise ResultsError(Problem("days-foreign", {}, file_name(folder)))
    return folder


def _write(folder: Path, outcome: BorderOutcome, told: Sequence[dict[str, Any]]) -> None:
    """The days first, then what tells that they are whole."""
    (folder / ABOUT).unlink(missing_ok=True)
    with (folder / DAILY).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for day in outcome.days:
            figures = (
                day.crossed[1], day.crossed[0], day.stopped, day.people[1], day.people[0], day.people_stopped,
                day.usd, day.joined[1], day.joined[0], day.wait_min[1], day.wait_min[0],
            )  # fmt: skip
            writer.writerow([day.region, day.port, day.day, day.mode, *(f"{value:.6g}" for value in figures)])
    about = {**outcome.manifest, "totals_a_day": told}
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _show(outcome: BorderOutcome, told: Sequence[dict[str, Any]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    days = len({day.day for day in outcome.days})
    regions = len({day.region for day in outcome.days})
    console = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 120)
    parties = f", {outcome.manifest['parties_simulated']:,.0f} parties" if not outcome.paired else ""
    console.print(f"{outcome.title}: {regions} regions, {days} days{parties}")
    columns: tuple[str, ...]
    if outcome.paired:
        columns = ("mode", "a day without", "with", "stopped", "people stopped", "goods stopped, million USD")
    else:
        columns = ("mode", "crossed a day", "mean wait, minutes")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, name in enumerate(columns):
        table.add_column(name, justify="right" if place else "left")
    for row in told:
        if outcome.paired:
            usd = f"{row['usd_stopped'] / 1e6:,.0f}" if abs(row["usd_stopped"]) >= 5e5 else ""
            people = f"{row['people_stopped']:,.0f}" if abs(row["people_stopped"]) >= 0.5 else ""
            counts = (f"{row[name]:,.0f}" for name in ("crossed_without", "crossed", "stopped"))
            table.add_row(row["mode"], *counts, people, usd)
        else:
            wait = "" if row["wait_min"] is None else f"{row['wait_min']:.0f}"
            table.add_row(row["mode"], f"{row['crossed']:,.0f}", wait)
    console.print(table)
    console.print("Trains and rail containers are counted by BTS, not simulated.")
