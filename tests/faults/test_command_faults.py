"""What a user, a full disk or a hand in the results folder can do to the command: our error, code 2."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from garita import console, folders, report, scenario, starter, summary
from garita.errors import ResultsError, ScenarioError
from garita.outcomes import compare
from garita.outcomes.layout import Layout
from outcomes.synthetic import make_layout, make_outcome

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="devices and redirections of a POSIX shell")


def shell(line: str) -> subprocess.CompletedProcess[str]:
    command = f'exec "{sys.executable}" -m garita {line}'
    return subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=120)


def one_direction() -> scenario.Case:
    """Crossings with inbound lines only, and a closure that does not say which directions it means."""
    return scenario.loads(starter.small_text())


def test_another_seed_does_not_write_defaults_into_entries() -> None:
    case = one_direction()
    other = case.with_(seed=5)
    assert other.scenario.seed == 5
    assert other.scenario.closures == case.scenario.closures
    assert other.with_(closures=list(case.scenario.closures)).scenario.closures


@POSIX
def test_a_file_without_an_end_is_refused() -> None:
    with pytest.raises(ScenarioError, match="bytes"):
        scenario.load("/dev/zero")


@POSIX
@pytest.mark.parametrize("redirected", ["> /dev/full", ">&-"])
def test_results_that_cannot_be_shown(redirected: str) -> None:
    ended = shell(f"schema {redirected}")
    assert ended.returncode == (0 if redirected == ">&-" else 2)
    assert "error of its own" not in ended.stderr


@POSIX
def test_problems_that_cannot_be_shown() -> None:
    assert shell("run nowhere 2>&-").returncode == 2


def test_too_little_memory(capsys: pytest.CaptureFixture[str]) -> None:
    assert console.show_failure(MemoryError("Unable to allocate 2 PiB")) == 2
    assert "memory" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["", "folder", os.devnull])
def test_a_report_replaces_only_files(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    # a stand-in for the device: nothing may be renamed over it, were the check to fail
    monkeypatch.setattr(Path, "replace", lambda *_: pytest.fail("replaced"))
    with pytest.raises(ResultsError, match="no file"):
        report.write(None, place)  # type: ignore[arg-type]


def test_a_scenario_of_the_users_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / folders.SOURCE).write_text("garita: 1", encoding="utf-8")
    with pytest.raises(ResultsError, match="something other"):
        folders.prepare(tmp_path)


def test_a_write_that_was_cut_short_can_be_repeated(tmp_path: Path) -> None:
    (tmp_path / folders.SCENARIO).mkdir()
    assert folders.prepare(tmp_path) == tmp_path


def test_names_are_not_markup(capsys: pytest.CaptureFixture[str]) -> None:
    layout = make_layout(title="[bold]x[/nope] :car:")
    with_closure, without = (make_outcome(layout), make_outcome(make_layout(variant="baseline")))
    summary.show(compare(with_closure, without))
    assert "[bold]x[/nope] :car:" in capsys.readouterr().out


def test_parties_too_large_say_so() -> None:
    with pytest.raises(ScenarioError, match=r"line \d+: flows\[0\].people_per_party: .*at most 10"):
        scenario.loads(starter.small_text().replace("people_per_party: 1.8", "people_per_party: 30"))


def test_a_bottomless_manifest(tmp_path: Path) -> None:
    (tmp_path / folders.MANIFEST).write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(ResultsError, match="manifest"):
        folders.read(tmp_path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_bin", 1e99),
        ("horizon_bin", -5),
        ("horizon_bin", 10**6),
        ("replications", 0),
        ("replications", True),
        ("bin_min", 0),
        ("zone", "Mars/Olympus"),
        ("crossings", []),
    ],
)
def test_axes_that_no_run_has(field: str, value: object) -> None:
    record = json.loads(make_layout().to_json())
    record[field] = value
    with pytest.raises((KeyError, TypeError, ValueError)):
        Layout.from_json(json.dumps(record))
