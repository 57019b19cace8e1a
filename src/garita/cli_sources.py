"""The commands ``garita sources ...``: public data in. Each is a few lines that call `garita.sources`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from garita.sources.table import Table

File = Annotated[Path, typer.Argument(metavar="FILE", help="A file as its publisher has it; may end in .gz.")]

sources = typer.Typer(
    help="List, fetch and read public data on border crossings.", no_args_is_help=True, rich_markup_mode=None
)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(sources, name="sources")
    app.command()(facts)


@sources.command(name="list")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """List the known data sets: what they are, and under which terms."""
    import json
    from dataclasses import asdict

    from garita.sources.catalogue import SOURCES

    if as_json:
        typer.echo(json.dumps({name: asdict(source) for name, source in SOURCES.items()}, indent=1))
        return
    for source in SOURCES.values():
        typer.echo(f"{source.name:16} {source.title}")
        typer.echo(f"{'':16} {source.publisher}; {source.terms}")
        typer.echo(f"{'':16} {source.page}{'' if source.addresses else ' (to be downloaded by hand)'}")


@sources.command()
def fetch(
    name: Annotated[str, typer.Argument(help="A data set: see `garita sources list`.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where files go.")] = Path("data"),
    crossing: Annotated[
        list[str] | None, typer.Option(help="Of waits: a crossing by number or name; may be repeated.")
    ] = None,
    date: Annotated[list[str] | None, typer.Option(help="Of the graph: a day, as 2026-05-12.")] = None,
    month: Annotated[list[str] | None, typer.Option(help="Of averages: 1 to 12; by default all.")] = None,
    lanes: Annotated[list[str] | None, typer.Option(help="Of averages: POV, PED or COV.")] = None,
    holiday: Annotated[list[str] | None, typer.Option(help='As "Thanksgiving Day".')] = None,
    address: Annotated[
        str | None, typer.Option("--from", metavar="URL", help="Fetch from there, not from the publisher.")
    ] = None,
) -> None:
    """Download a data set from its publisher. What was broken off goes on where it stopped.

    Exit code 2 if nothing could be fetched, 3 if some of it was.
    """
    from garita import console
    from garita.sources.catalogue import SOURCES
    from garita.sources.fetch import fetch as fetched

    asked = {"crossing": crossing, "date": date, "month": month, "lanes": lanes, "holiday": holiday}
    wanted = {key: values for key, values in asked.items() if values}
    for found in fetched(name, out, wanted, address, progress=_progress()):
        typer.echo(found.path)
        told = "not changed since" if found.unchanged else "fetched"
        console.note(f"{found.bytes:,} bytes, {told} {found.fetched}, SHA-256 {found.sha256}")
    console.note(f"Terms: {SOURCES[name].terms}")


@sources.command()
def read(
    file: File,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write it: a name in .csv or .parquet.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show everything that is odd.")] = False,
    rows: Annotated[int, typer.Option(min=0, help="Also show so many rows.")] = 0,
) -> None:
    """Read a data file of any known kind; tell what was understood and what is odd.

    Exit code 3 if some of the file had to be left out.
    """
    from garita.sources import describe, reading, writing

    if out is not None:
        writing.check_name(out)
    table = reading.read(file)
    _tell(table, describe.columns(table))
    for line in [*describe.oddities(table.remarks, everything), *describe.head(table, rows)]:
        typer.echo(line)
    if out is not None:
        writing.write(table, out)
        typer.echo(out)
    if table.partial:
        raise typer.Exit(3)


@sources.command()
def groups(
    file: File,
    to: Annotated[str, typer.Option(metavar="PLACE", help="The place of the scenario they set out for.")],
) -> None:
    """Turn a site assessment or flow monitoring of IOM DTM into places and groups of a scenario's journeys.

    Exit code 3 if some of the file had to be left out.
    """
    from garita import console
    from garita.errors import counted
    from garita.sources import reading
    from garita.sources.dtm_groups import as_yaml

    table = reading.read(file)
    for line in as_yaml(table, to):
        typer.echo(line)
    if table.remarks:
        console.note(f"{table.file}: {counted(len(table.remarks), 'remark')}; see `garita sources read`")
    if table.partial:
        raise typer.Exit(3)


def facts(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Counts or waits, of any known kind.")
    ],
    port: Annotated[
        str | None, typer.Option(help="Only what is known of this port, bridge or sector.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Tell what public data say of ports: the busiest, a typical day, the trend."""
    import json
    from dataclasses import asdict

    from garita import console
    from garita.errors import counted
    from garita.sources import describe, reading
    from garita.sources.facts import facts as found

    tables = [reading.read(file) for file in files]
    sheets = found(tables, port)
    if as_json:
        typer.echo(json.dumps([asdict(sheet) for sheet in sheets], indent=1, ensure_ascii=False))
    else:
        for sheet in sheets:
            typer.echo("\n".join(describe.sheet(sheet.title, sheet.headings, sheet.rows, sheet.notes)))
    for table in tables:
        odd = len(table.remarks)
        if odd:
            console.note(f"{table.file}: {counted(odd, 'remark')}; see `garita sources read`")
    if any(table.partial for table in tables):
        raise typer.Exit(3)


def _progress() -> Callable[[int, int | None], None]:
    """Says now and then on stderr how much of a file has arrived."""
    import time

    from garita import console

    last = time.monotonic()

    def say(done: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() - last >= console.PLAIN_LINE_EVERY_S:
            last = time.monotonic()
            console.note(f"{done / 1e6:.1f} MB" + (f" of {total / 1e6:.1f} MB" if total else ""))

    return say


def _tell(table: Table, columns: list[Any]) -> None:
    flagged = sum(map(bool, table.flags))
    typer.echo(f"{table.file}: {table.source} ({table.layout})")
    typer.echo(f"{len(table):,} rows, {flagged:,} of them marked as odd")
    width = max(len(item.column) for item in columns)
    for item in columns:
        there = "" if item.there == len(table) else f" ({item.there:,} given)"
        typer.echo(f"  {item.column:{width}}  {item.kind:12}  {item.values}{there}")
