"""Writing a table to the kind of file that its name says."""

from __future__ import annotations

from pathlib import Path

from garita.errors import DataError, Problem, file_name, register_messages
from garita.sources.table import Table

register_messages(
    {
        "out-kind": ("`{ending}` is no kind of file that can be written", "Give a name in .csv or .parquet."),
    }
)

KINDS = (".csv", ".parquet")


def check_name(path: Path) -> None:
    """Raise DataError unless a table can be written under this name."""
    if path.suffix.lower() not in KINDS:
        raise DataError(Problem("out-kind", {"ending": path.suffix or path.name}, file_name(path)))


def write(table: Table, path: Path) -> None:
    """Write ``path``; a file that is there is replaced when the new one is whole. Raises DataError if it
    cannot.
    """
    check_name(path)
    try:
        (table.to_csv if path.suffix.lower() == ".csv" else table.to_parquet)(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DataError(Problem("file-unwritable", {"reason": reason}, file_name(path))) from None
