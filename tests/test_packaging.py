"""What is installed: locked libraries without any address, and a wheel that holds all the program reads."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# A quiet crossing, so that the engine need not be compiled: it runs as plain Python here.
QUIET = """\
garita: 1
title: A quiet crossing
start: 2025-03-24
days: 1
warm_up_days: 0
replications: 1
region: {id: quiet, zone: America/Chicago}
crossings: [{id: bridge}]
flows:
  - {crossing: bridge, arrivals: {per_hour: 6}, service: {mean: 45 s}, booths: 1}
closures:
  - {crossing: bridge, from: 2025-03-24 08:00, until: 1 h}
"""
READ_AT_RUN_TIME = {".py", ".typed", ".csv", ".yaml", ".md", ".json", ".j2", ".css", ".js", ".svg"}


def locked(path: Path) -> dict[str, str]:
    """Library -> version."""
    return dict(re.findall(r"^([a-z0-9.-]+)==([^\s;]+)", path.read_text(encoding="utf-8"), re.MULTILINE))


def name_of(requirement: str) -> str:
    return re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower().replace(".", "-").replace("_", "-")  # type: ignore[index]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_locks_have_hashes_and_no_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_locks_agree_and_hold_what_the_project_needs() -> None:
    run = locked(ROOT / "requirements" / "run.txt")
    assert {name_of(needed) for needed in PROJECT["project"]["dependencies"]} <= run.keys()
    assert "hatchling" in run
    for path in LOCKS:
        assert {name: locked(path).get(name) for name in run} == run, path.name


def test_no_lock_with_addresses_is_kept() -> None:
    assert not (ROOT / "uv.lock").exists()


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree without any network, unpacked as an installation would be."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [wheel] = folder.glob("garita-*-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def test_the_wheel_holds_what_is_read_at_run_time(unpacked: Path) -> None:
    source = ROOT / "src"
    wanted = {
        path.relative_to(source)
        for path in (source / "garita").rglob("*")
        if path.is_file() and path.suffix in READ_AT_RUN_TIME and "__pycache__" not in path.parts
    }
    found = {path.relative_to(unpacked) for path in (unpacked / "garita").rglob("*") if path.is_file()}
    assert wanted - found == set()
    extra = {path for path in found - wanted if path.suffix in {".pyc", ".nbi", ".nbc", ".gz", ".zip"}}
    assert extra == set()


# `python -m garita` for each line of input, one after the other: the libraries are loaded once.
COMMANDS = """
import json, runpy, sys
import garita
print(garita.__file__)
for words in json.load(sys.stdin):
    sys.argv[1:] = words
    try:
        runpy.run_module("garita", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        assert not ended.code, (words, ended.code)
"""


def test_the_wheel_works_by_itself(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "quiet.yaml").write_text(QUIET, encoding="utf-8")
    words = ["list"], ["new", "mine", "--minimal"], ["run", "quiet.yaml"], ["report", "quiet-results"]
    ended = subprocess.run(
        [sys.executable, "-c", COMMANDS],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(unpacked), "PYTHONSAFEPATH": "1", "NUMBA_DISABLE_JIT": "1"},
        input=json.dumps(words),
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    assert Path(ended.stdout.splitlines()[0]).is_relative_to(unpacked)
    assert "san-ysidro-2018" in ended.stdout
    assert (tmp_path / "mine" / "scenario.yaml").is_file()
    assert (tmp_path / "quiet-results" / "report.html").stat().st_size > 10_000
