"""What a reader hands back: the publisher's columns, what is odd about them, and ways out of here."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from garita.errors import DataError, Problem, file_name

if TYPE_CHECKING:
    import pandas

FEW = 10
"""Counts of people on the move below this are shown as ``<10``: few people in one place can be recognised."""

FLAG = "flag"
"""The column that is added when a table is written: codes of what is odd about the row, with spaces between.
"""

UNUSABLE = frozenset({"conflict", "placeholder-zero"})
"""Flags of rows that should not enter a sum: their value is unknown."""

Values = NDArray[Any]


@dataclass
class Table:
    """Rows of one data set.

    `columns` maps the publisher's names to arrays of one length: objects (text), ``int64``, ``float64``
    (missing is NaN) or ``datetime64``. `lines` are the lines of the file they stand on, `flags` the codes
    of what is odd about each row (``""`` for most). `remarks` says it in words, for the rows that were left
    out too. `partial` is true if something was. `few` names the columns of counts of people on the move,
    `gaps` those of them in which a missing value is one that is not told, not one below ten.
    """

    source: str
    layout: str
    file: str | None
    columns: dict[str, Values]
    lines: NDArray[np.int64] = field(repr=False)
    flags: list[str] = field(repr=False)
    remarks: list[Problem] = field(repr=False)
    partial: bool = False
    few: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    spellings: Mapping[str, Callable[[Any], str]] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, column: str) -> Values:
        """A column by the publisher's name; KeyError if there is none of that name."""
        return self.columns[column]

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Which rows may enter a sum: all whose value is neither contradicted nor a mere placeholder."""
        return np.array([not flag or not UNUSABLE & set(flag.split()) for flag in self.flags], bool)

    def shown(self, column: str, row: int) -> str:
        """A cell as it may be shown, in the publisher's spelling; small counts of people on the move are
        ``<10``.
        """
        value = self.columns[column][row]
        if column in self.gaps and (value != value or value == 0):
            return "0" if value == 0 else ""
        if column in self.few and not value >= FEW:
            return f"<{FEW}"
        return self.spellings.get(column, spelled)(value)

    def to_pandas(self) -> pandas.DataFrame:
        """All columns and the flags. Small counts of people on the move are missing."""
        import pandas

        return pandas.DataFrame(self._exported())

    def to_csv(self, path: Path) -> None:
        """Write UTF-8 CSV under the publisher's names, and the flags. A file that is there is replaced."""
        names = list(self.columns)
        cells = [self._spelled(name) for name in names]

        def write(temporary: Path) -> None:
            with temporary.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, lineterminator="\n")
                writer.writerow([*names, FLAG])
                writer.writerows(zip(*cells, self.flags, strict=True))

        _replaced(path, write)

    def to_parquet(self, path: Path) -> None:
        """Write Parquet under the publisher's names, and the flags. Small counts of people on the move are
        null.
        """
        import duckdb
        import pandas

        def write(temporary: Path) -> None:
            target = temporary.as_posix().replace("'", "''")
            with duckdb.connect() as connection:
                connection.register("table_", pandas.DataFrame(self._exported()))
                try:
                    connection.execute(f"COPY (SELECT * FROM table_) TO '{target}' (FORMAT parquet)")
                except duckdb.IOException as error:  # a full disk, which elsewhere is an OSError
                    reason = str(error).split("\n")[0]
                    raise DataError(Problem("file-unwritable", {"reason": reason}, file_name(path))) from None

        _replaced(path, write)

    def _spelled(self, name: str) -> list[str]:
        if name in self.few:
            return [self.shown(name, row) for row in range(len(self))]
        known: dict[Any, str] = {}
        spell = self.spellings.get(name, spelled)
        for value in set(self.columns[name].tolist()):
            known[value] = spell(value)
        return [known[value] if value == value else "" for value in self.columns[name].tolist()]

    def _exported(self) -> dict[str, Any]:
        columns: dict[str, Any] = {}
        for name, values in self.columns.items():
            if values.dtype.kind == "M":
                values = values.astype("datetime64[s]")
            elif name in self.few:
                told = (values == 0) if name in self.gaps else np.zeros(len(values), bool)
                values = np.where((values < FEW) & ~told, np.nan, values.astype(float))
            columns[name] = values
        return {**columns, FLAG: np.array(self.flags, object)}


def spelled(value: Any) -> str:
    """A value as text: whole numbers without a point, missing ones as nothing, months and days as in ISO
    8601.
    """
    if isinstance(value, float | np.floating):
        return "" if value != value else f"{value:.0f}" if value == int(value) else repr(float(value))
    return str(value)


def _replaced(path: Path, write: Callable[[Path], None]) -> None:
    """Write under another name first: what stood there before is lost only when the new file is whole."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
