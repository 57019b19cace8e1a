"""The command line: what each command does, what it prints where, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import garita
from garita import cli, doctor, folders

SMALL = """\
garita: 1
title: A small bridge
start: 2025-03-24
days: 1
warm_up_days: 0
replications: 3
region: {id: small, zone: America/Chicago}
crossings: [{id: bridge, name: The Bridge}]
flows:
  - crossing: bridge
    mode: car
    arrivals: {per_hour: 60}
    service: {distribution: exponential, mean: 45 s}
    booths: 1
closures:
  - {crossing: bridge, from: 2025-03-24 08:00, until: 1 h}
"""
BROKEN = SMALL.replace("America/Chicago", "America/Chicag").replace("until: 1 h", "until: tomorow")


class Ended(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def garita_(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Run the command in an empty folder that holds small.yaml and broken.yaml."""
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(SMALL, encoding="utf-8")
    Path("broken.yaml").write_text(BROKEN, encoding="utf-8")

    def run(*words: str) -> Ended:
        with pytest.raises(SystemExit) as ended:
            cli.main(list(words))
        shown = capsys.readouterr()
        code = ended.value.code
        return Ended(code if isinstance(code, int) else 0, shown.out, shown.err)

    return run


def test_version(garita_) -> None:
    assert garita_("--version") == Ended(0, f"garita {garita.__version__}\n", "")


def test_help_names_every_command(garita_) -> None:
    shown = garita_("--help").out
    commands = ("demo", "run", "compare", "report", "new", "list", "schema", "doctor")
    assert [name for name in commands if f"\n  {name} " not in shown] == []


def test_help_is_quick() -> None:
    """Under half a second, and without the libraries that make it slow."""
    code = "import sys, garita.cli; print(*(name for name in sys.modules if '.' not in name))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "numba", "pandas", "duckdb", "pydantic", "scipy", "jinja2", "rich", "ruamel"}
    assert heavy & set(shown.stdout.split()) == set()
    taken = []
    for _ in range(3):
        before = os.times()
        subprocess.run([sys.executable, "-m", "garita", "--help"], capture_output=True, check=True)
        after = os.times()  # processor time: what else the machine does is not our matter
        taken.append(after[2] + after[3] - before[2] - before[3])
    assert min(taken) < 0.5


def test_list_and_schema(garita_) -> None:
    listed = json.loads(garita_("list", "--json").out)
    assert "san-ysidro-2018" in listed["cases"]
    assert "san-diego-tijuana" in listed["regions"]
    assert "san-ysidro-2018" in garita_("list").out
    assert "closures" in json.loads(garita_("schema").out)["properties"]


def test_run_compare_report(garita_) -> None:
    ran = garita_("run", "small.yaml", "--workers", "1", "--out", "results")
    assert ran.code == 0
    assert "The Bridge (closed)" in ran.out
    assert "3 replications" in ran.out
    assert "results: results" in ran.err
    assert {path.name for path in Path("results").iterdir()} == {
        "manifest.json",
        "scenario.yaml",
        "scenario",
        "baseline",
    }
    assert Path("results/scenario.yaml").read_text(encoding="utf-8") == SMALL

    again = garita_("compare", "results", "--csv", "tables")
    assert again.out == ran.out
    assert (Path("tables") / "indicators.csv").stat().st_size > 1000
    indicators = json.loads(garita_("compare", "results", "--json").out)["indicators"]
    assert {row["indicator"] for row in indicators} >= {"peak_wait", "person_hours"}

    written = garita_("report", "results")
    assert written == Ended(0, f"{Path('results') / 'report.html'}\n", "")
    page = Path("results/report.html").read_text(encoding="utf-8")
    assert "A small bridge" in page
    assert "The Bridge" in page


def test_a_run_is_repeated_exactly_and_replaces_its_results(garita_) -> None:
    first = garita_("run", "small.yaml", "--replications", "2", "--workers", "1", "--json").out
    assert garita_("run", "small.yaml", "--replications", "2", "--workers", "1", "--json").out == first
    other = garita_("run", "small.yaml", "--replications", "2", "--workers", "1", "--seed", "7", "--json").out
    assert other != first
    assert folders.read(Path("small-results")).scenario.replications == 2


def test_two_folders_can_be_compared(garita_) -> None:
    Path("longer.yaml").write_text(SMALL.replace("until: 1 h", "until: 2 h"), encoding="utf-8")
    for name in ("small", "longer"):
        assert garita_("run", f"{name}.yaml", "--workers", "1", "--no-baseline").code == 0
    refused = garita_("compare", "longer-results")
    assert (refused.code, refused.out) == (2, "")
    assert "without --no-baseline" in refused.err
    longer = json.loads(garita_("compare", "longer-results", "--with", "small-results", "--json").out)
    hours = [row for row in longer["indicators"] if row["indicator"] == "queue_hours"]
    assert max(row["difference_mean"] for row in hours) > 0


def test_all_problems_are_listed_and_nothing_is_simulated(garita_) -> None:
    ended = garita_("run", "broken.yaml")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("2 problems\n- broken.yaml:7: region.zone: ")
    assert "broken.yaml:16: closures[0].until: " in ended.err
    assert "Traceback" not in ended.err
    assert not Path("results").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "san-ysidro-2019"], "san-ysidro-2018"),
        (["run", "nothing.yaml"], "there is no such file"),
        (["run", "small.yaml", "--replications", "0"], "--replications"),
        (["run", "small.yaml", "--out", "small.yaml"], "results cannot be written here"),
        (["run", "small.yaml", "--out", "."], "something other than results"),
        (["compare", "nowhere"], "there are no results here"),
        (["report", "."], "there are no results here"),
        (["new", "fresh", "--from", "san-ysidro"], "san-ysidro-2018"),
        (["nothing"], "No such command"),
    ],
)
def test_refusals(garita_, words: list[str], said: str) -> None:
    ended = garita_(*words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert "Traceback" not in ended.err


def test_damaged_results_are_refused(garita_) -> None:
    garita_("run", "small.yaml", "--workers", "1")
    manifest = Path("small-results/manifest.json")
    for text, said in (("{", "cannot be read"), ('{"variants": ["scenario"], "version": 99}', "version 99")):
        manifest.write_text(text, encoding="utf-8")
        ended = garita_("compare", "small-results")
        assert (ended.code, ended.out) == (2, "")
        assert said in ended.err
    manifest.unlink()
    assert garita_("compare", "small-results").code == 2


def test_an_error_of_ours_asks_to_be_reported(garita_, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(folders, "prepare", fail)
    ended = garita_("run", "small.yaml")
    assert (ended.code, ended.out) == (1, "")
    assert "Please report it" in ended.err
    assert "Traceback" not in ended.err
    with pytest.raises(ZeroDivisionError):
        cli.main(["run", "small.yaml", "--debug"])


def test_an_interrupt_ends_with_130(garita_, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(folders, "prepare", interrupt)
    assert garita_("run", "small.yaml").code == 130


def test_an_error_of_the_disk_names_the_file(garita_, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", "results/arrays.npz")

    monkeypatch.setattr(folders, "prepare", fail)
    ended = garita_("run", "small.yaml")
    assert ended == Ended(2, "", "results/arrays.npz: No space left on device\n")


def test_doctor(garita_) -> None:
    ended = garita_("doctor")
    assert (ended.code, ended.err) == (0, "")
    assert "twice the same" in ended.out
    assert all(check["fine"] for check in json.loads(garita_("doctor", "--json").out))


def test_doctor_says_what_to_do(garita_, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LIBRARIES", ("no-such-library",))
    ended = garita_("doctor")
    assert ended.code == 2
    assert "missing: no-such-library" in ended.out


def cut_off(folder: Path, *words: str) -> tuple[int, str]:
    """A command whose output nobody reads: its exit code, and what it says on stderr."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "garita", *words]
    ended = subprocess.run(
        command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, cwd=folder
    )
    os.close(writing)
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("words", [["schema"], ["list"], ["--help"], ["--version"], ["list", "--debug"]])
def test_output_can_be_cut_off(words: list[str], tmp_path: Path) -> None:
    """`garita schema | head -1` is no failure, and nothing to talk about."""
    assert cut_off(tmp_path, *words) == (0, "")


def test_results_are_kept_where_the_tables_are_cut_off(garita_) -> None:
    assert garita_("run", "small.yaml", "--workers", "1").code == 0
    assert cut_off(Path.cwd(), "compare", "small-results") == (0, "")
    code, said = cut_off(Path.cwd(), "run", "small.yaml", "--workers", "1", "--replications", "1")
    told = [line for line in said.splitlines() if not line.startswith("small: ")]  # how far it is
    assert (code, told) == (0, [])
    assert folders.read(Path("small-results")).scenario.replications == 1


def test_one_replication_is_one(garita_) -> None:
    shown = garita_("run", "small.yaml", "--workers", "1", "--replications", "1").out
    assert "1 replication;" in shown


def test_a_windows_pipe_that_was_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    from garita import console

    monkeypatch.setattr(sys, "platform", "win32")
    assert console.cut_off(OSError(22, "Invalid argument"))
    assert not console.cut_off(OSError(22, "Invalid argument", "results/arrays.npz"))
    assert not console.cut_off(OSError(28, "No space left on device"))
    assert not console.cut_off(None)
