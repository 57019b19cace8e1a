"""What a run will take is said before it starts, when it is much."""

from __future__ import annotations

from pathlib import Path

import pytest

from garita import cli, runs, starter
from garita.build import Builder
from garita.runs.estimate import Estimate, estimate
from garita.scenario import load, loads

MINIMAL = starter.small_text()


def minimal(**changes: object):
    return loads(MINIMAL).with_(**changes)


@pytest.mark.parametrize("name", ["san-ysidro-2018", None])
def test_the_parties_expected_are_those_that_are_built(name: str | None) -> None:
    case = load(name) if name else loads(MINIMAL)
    built = Builder(case).build(case.resolve(None))
    hours = built.calendar.demand_hours
    planned = built.run.model.flow_hours.rate[:, :hours].sum()
    assert estimate(case).parties == pytest.approx(planned, rel=0.1)


def test_more_of_everything_takes_longer() -> None:
    base = estimate(minimal(), workers=1)
    for more in (
        estimate(minimal(days=20), workers=1),
        estimate(minimal(replications=60), workers=1),
        estimate(minimal(demand=[{"factor": 3}]), workers=1),
    ):
        assert more.seconds > base.seconds and more.memory_bytes > base.memory_bytes
    assert estimate(minimal(), workers=1, variants=1).seconds < base.seconds
    assert estimate(minimal(), workers=4).seconds < base.seconds
    half = [{"crossing": "old-bridge", "modes": ["car"], "factor": 0, "from": "2025-03-23", "until": "1 day"}]
    assert base.parties * 0.7 < estimate(minimal(demand=half), workers=1).parties < base.parties


def test_the_memory_of_the_arrays_is_reckoned_as_they_are() -> None:
    case = minimal(days=30)
    built = Builder(case).build(case.resolve(None))
    model = sum(array.nbytes for array in built.run.model)
    books = sum(array.nbytes for array in built.run.new_output())
    from garita.build.inline import inline_region
    from garita.runs.estimate import FINAL_BYTES, _Sizes

    sizes = _Sizes(case, case.resolve(None), inline_region(case.resolve(None)))
    assert sizes.model() == pytest.approx(model, rel=0.3)
    candidates = estimate(case).parties * 1.15
    assert sizes.books() + FINAL_BYTES * candidates == pytest.approx(books, rel=0.3)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "1 second "),
        (40, "40 seconds"),
        (89, "89 seconds"),
        (150, "2 minutes"),
        (9e3, "2 hours"),
        (2e5, "2 days"),
    ],
)
def test_it_is_said_in_words(seconds: float, said: str) -> None:
    text = str(Estimate(1_234_567.0, 80, 2, seconds, 3.14e9))
    assert said in text and "each of 80 runs" in text and "1,200,000 parties" in text and "3.1 GB" in text
    assert "in one run: " in str(Estimate(1.0, 1, 1, seconds, 1e9)) and "1 core " in str(
        Estimate(1, 1, 1, 1, 1)
    )


def simulated(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    """Run the command up to the first history."""

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, "run_pair", stop)
    monkeypatch.setattr(runs, "run", stop)
    with pytest.raises(SystemExit):
        cli.main(list(words))


def test_a_large_run_is_announced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("long.yaml").write_text(MINIMAL.replace("days: 2", "days: 3650"), encoding="utf-8")
    simulated(monkeypatch, "run", "long.yaml")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("expected: about ") and "GB of memory" in shown.err
    monkeypatch.setattr("garita.doctor.memory_gb", lambda: 1.0)
    simulated(monkeypatch, "run", "long.yaml", "--no-baseline")
    assert "more memory than the 1.0 GB here" in capsys.readouterr().err


def test_a_small_run_is_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(MINIMAL, encoding="utf-8")
    simulated(monkeypatch, "run", "small.yaml")
    assert "expected" not in capsys.readouterr().err
