"""The commands ``garita sources ...``: public data in. Each is a few lines that call `garita.sources`."""

from __future__ import annotations

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
        typer.echo(f"{'':16} {source.page}")


@sources.command()
def read(
    file: File,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write it: a name in .csv or .parquet.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show everything that is odd.")] = False,
) -> None:
    """Read a data file of any known kind; tell what was understood and what is odd.

    Exit code 3 if some of the file had to be left out.
    """
    from garita.sources import describe, reading, writing

    if out is not None:
        writing.check_name(out)
    table = reading.read(file)
    _tell(table, describe.columns(table))
    for line in describe.oddities(table.remarks, everything):
        typer.echo(line)
    if out is not None:
        writing.write(table, out)
        typer.echo(out)
    if table.partial:
        raise typer.Exit(3)


def _tell(table: Table, columns: list[Any]) -> None:
    flagged = sum(map(bool, table.flags))
    typer.echo(f"{table.file}: {table.source} ({table.layout})")
    typer.echo(f"{len(table):,} rows, {flagged:,} of them marked as odd")
    width = max(len(item.column) for item in columns)
    for item in columns:
        there = "" if item.there == len(table) else f" ({item.there:,} given)"
        typer.echo(f"  {item.column:{width}}  {item.kind:12}  {item.values}{there}")
