"""A results folder as the command line uses it: both variants of a run side by side, and what they came from.

    DIR/scenario.yaml    the scenario as it was written
    DIR/manifest.json    which variants there are, of which scenario, made by which command
    DIR/scenario/        the run with the closures (see garita.outcomes)
    DIR/baseline/        the run without them; missing after `--no-baseline`

The manifest is written last: a folder without it is not taken for results.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from garita import __version__
from garita.errors import GaritaError, Problem, ResultsError, file_name, register_messages

if TYPE_CHECKING:
    from garita.outcomes import Comparison, Outcome
    from garita.scenario import Case

VERSION = 1
MANIFEST, SCENARIO, BASELINE, SOURCE = "manifest.json", "scenario", "baseline", "scenario.yaml"
UNFINISHED = ".unfinished"
OF_REGIONS = "border.json"  # what a run of many regions leaves (cli_border.py)

register_messages(
    {
        "folder-foreign": (
            "this folder holds something other than results, and nothing is overwritten",
            "Name another folder with --out.",
        ),
        "folder-unwritable": ("results cannot be written here ({reason})", "Name another folder with --out."),
        "folder-of-regions": (
            "these are results of many regions, which have their report already",
            "Open `report.html` in it; `daily.csv` has the numbers.",
        ),
        "folder-no-results": ("there are no results here", "Name a folder that `garita run` wrote."),
        "folder-damaged": ("the manifest cannot be read ({reason})", "Run the scenario again."),
        "folder-version": ("the results have version {value}, this program reads {allowed}", "Run it again."),
        "folder-no-baseline": (
            "these results have no run without the closures to compare with",
            "Run the scenario again without --no-baseline.",
        ),
    }
)


class Results(NamedTuple):
    """The runs with and without the closures, and the case they came from; None for what is missing."""

    scenario: Outcome
    baseline: Outcome | None
    case: Case | None


def beside(scenario: str) -> Path:
    """Where results go if nothing is said: beside the file, or results/<name> for a packaged case."""
    from garita.scenario import find, packaged_cases

    if scenario in packaged_cases():
        return Path("results") / scenario
    path = find(scenario)
    return path.parent / ("results" if path.stem == "scenario" else f"{path.stem}-results")


def prepare(folder: Path) -> Path:
    """Make ``folder`` ready for results, before anything is simulated.

    Earlier results in it stay until the new ones are complete. Raises ResultsError if it holds something
    else, or cannot be written to.
    """
    place = file_name(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ours = (folder / MANIFEST).is_file() or (folder / SCENARIO).is_dir()  # a write that was cut short
        if {path.name for path in folder.iterdir()} - {UNFINISHED} and not ours:
            raise ResultsError(Problem("folder-foreign", {}, place))
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        raise ResultsError(Problem("folder-unwritable", {"reason": reason}, place)) from None
    return folder


def save(folder: Path, case: Case, scenario: Outcome, baseline: Outcome | None) -> None:
    """Write both variants, the scenario's text and the manifest to ``folder``.

    All is written beside what is there, and takes its place when it is complete: a write that fails, or is
    killed, leaves the earlier results as they were. Raises ResultsError if the disk does not take it.
    """
    fresh = folder / UNFINISHED
    try:
        _write(fresh, case, scenario, baseline)
        _take_place(fresh, folder)
    except OSError as error:
        params = {"reason": error.strerror or str(error)}
        raise ResultsError(Problem("folder-unwritable", params, file_name(folder))) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write(fresh: Path, case: Case, scenario: Outcome, baseline: Outcome | None) -> None:
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    variants = [(fresh / SCENARIO, scenario)]
    if baseline is not None:
        variants.append((fresh / BASELINE, baseline))
    with ThreadPoolExecutor(2, thread_name_prefix="garita-save") as pool:
        for _ in pool.map(lambda one: one[1].save(one[0]), variants):
            pass
    (fresh / SOURCE).write_text(case.text, encoding="utf-8", newline="")
    manifest = {
        "version": VERSION,
        "garita": __version__,
        "case": case.name,
        "digest": case.digest,
        "command": ["garita", *sys.argv[1:]],
        "variants": [SCENARIO] if baseline is None else [SCENARIO, BASELINE],
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (fresh / MANIFEST).write_text(text, encoding="utf-8")


def _take_place(fresh: Path, folder: Path) -> None:
    """Put complete results where earlier ones are; the manifest goes first and comes last."""
    (folder / MANIFEST).unlink(missing_ok=True)
    for name in (SCENARIO, BASELINE):
        if (folder / name).is_dir():
            shutil.rmtree(folder / name)
        if (fresh / name).is_dir():
            (fresh / name).rename(folder / name)
    for name in (SOURCE, MANIFEST):
        (fresh / name).replace(folder / name)


@contextmanager
def saving(folder: Path, case: Case, scenario: Outcome, baseline: Outcome | None) -> Iterator[None]:
    """Write the results while the block goes on with them; complete when it ends, even if it fails."""
    with ThreadPoolExecutor(1, thread_name_prefix="garita-save") as pool:
        written = pool.submit(save, folder, case, scenario, baseline)
        try:
            yield
        finally:
            written.result()


def read(folder: Path) -> Results:
    """The results in ``folder``. Raises ResultsError if they are missing, damaged or of another version."""
    from garita.outcomes import Outcome

    manifest = _manifest(folder)
    baseline = Outcome.open(folder / BASELINE) if BASELINE in manifest["variants"] else None
    return Results(Outcome.open(folder / SCENARIO), baseline, _case(folder, manifest))


def compare(folder: Path, other: str = BASELINE) -> tuple[Comparison, Case | None]:
    """The results in ``folder`` against their baseline, or against the scenario of another folder.

    Raises ResultsError if one of them is missing, or the two cannot be paired.
    """
    from garita.outcomes import compare as paired

    results = read(folder)
    against = results.baseline if other == BASELINE else read(Path(other)).scenario
    if against is None:
        raise ResultsError(Problem("folder-no-baseline", {}, file_name(folder)))
    names = None if other == BASELINE else _headings(folder, Path(other))
    return paired(results.scenario, against, names), results.case


def _headings(folder: Path, other: Path) -> tuple[str, str]:
    """What two results are called: by their folders, with as much of the paths as tells them apart."""
    one, two = (_called(place.resolve()) for place in (folder, other))
    return (one, two) if one != two else (str(folder), str(other))


def _called(folder: Path) -> str:
    """A folder's name; of one called "results", as those of cases are, that of the folder around it."""
    return folder.parent.name if folder.name == "results" and folder.parent.name else folder.name


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        if (folder / OF_REGIONS).is_file():
            raise ResultsError(Problem("folder-of-regions", {}, file_name(folder)))
        raise ResultsError(Problem("folder-no-results", {}, file_name(folder)))
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        version, variants = manifest["version"], manifest["variants"]
        if SCENARIO not in variants:
            raise ValueError("no scenario in it")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        params = {"reason": f"{type(error).__name__}: {error}"}
        raise ResultsError(Problem("folder-damaged", params, file_name(path))) from None
    if version != VERSION:
        params = {"value": version, "allowed": str(VERSION)}
        raise ResultsError(Problem("folder-version", params, file_name(path)))
    return dict(manifest)


def _case(folder: Path, manifest: dict[str, Any]) -> Case | None:
    """The case the results came from; None if its text no longer gives it (a base beside it is gone)."""
    from garita.scenario import load

    try:
        case = load(folder / SOURCE)
    except GaritaError:
        return None
    return case if case.digest == manifest.get("digest") else None
