"""What a killed program leaves behind is cleared away when its work is done again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from garita import starter
from garita.outcomes import Outcome, storage
from outcomes.synthetic import make_layout, make_outcome


def ended_process() -> int:
    """The number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_second_save_clears_what_a_killed_one_left(tmp_path: Path) -> None:
    gone = ended_process()
    left = [
        f".arrays.npz.{gone}.tmp",
        f".waits-0.{gone}.tmp",
        f".waits.parquet.{gone}.tmp",
        f".arrays.npz.{10**30}.tmp",
    ]
    other = [f".arrays.npz.{os.getppid()}.tmp", "notes.tmp", ".mine.tmp", "folder"]
    (tmp_path / "folder").mkdir()
    for name in [*left, *other[:3]]:
        (tmp_path / name).write_bytes(b"half")
    outcome = make_outcome(make_layout())
    outcome.save(tmp_path)
    here = {path.name for path in tmp_path.iterdir()}
    assert not here & set(left)
    if sys.platform != "win32":  # there the file of a running program is kept because it is open
        assert set(other) <= here
    assert Outcome.open(tmp_path).layout.to_json() == outcome.layout.to_json()


def test_reading_touches_nothing(tmp_path: Path) -> None:
    make_outcome(make_layout()).save(tmp_path)
    left = tmp_path / f".arrays.npz.{ended_process()}.tmp"
    left.write_bytes(b"half")
    Outcome.open(tmp_path)
    assert left.is_file()


def test_a_file_that_cannot_be_removed_stops_nothing(tmp_path: Path) -> None:
    left = tmp_path / f".arrays.npz.{ended_process()}.tmp"
    left.mkdir()  # removing it as a file is an error everywhere
    make_outcome(make_layout()).save(tmp_path, tables=False)
    assert (tmp_path / storage.INDEX).is_file()


def test_a_copy_that_was_cut_short_can_be_made_again(tmp_path: Path) -> None:
    (tmp_path / ".mine.unfinished").mkdir()
    assert starter.minimal(tmp_path / "mine").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
