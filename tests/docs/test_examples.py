"""Every example in README and docs/ is executed, in the order of its page and in a folder of its own.

    ```console      lines that begin with `$ `: `garita ...` is run, `make ...` must be in the Makefile
    ```python       run, one namespace a page
    ```yaml         a scenario, or a part of one, which is put into a small scenario: it must load; so must a
                    validation case
    ```yaml-broken  the same, but it must be refused
    ```text         shown only

Simulations are cut down to two replications in this process, and what was simulated for one example is not
simulated again for another; fits try few parameters. That is the only thing changed.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import garita
from garita import cli, runs, scenario
from garita.fit import model, search
from garita.fit.case_files import loads_case

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
# Pages whose examples need a form of the engine that most runs do without, or many simulations.
LONG = {"aid.md", "python.md", "start-from-now.md", "flee.md", "validate.md", "fit.md", "change-one-line.md"}
RUN_PAGES = [pytest.param(page, marks=[pytest.mark.slow] if page.name in LONG else []) for page in PAGES]
FENCE = re.compile(r"^```(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUN = {"python", "console", "yaml", "yaml-broken"}
SHOWN = {"text", "json", "mermaid", ""}
ACTIVATE = ". .venv/bin/activate"
SKELETON = {
    "garita": "garita: 1",
    "title": "title: A part of a scenario",
    "base": "base: san-diego-tijuana",
    "start": "start: 2018-11-24",
    "days": "days: 4",
}


class Example(NamedTuple):
    kind: str
    text: str
    line: int


def examples(page: Path) -> list[Example]:
    text = page.read_text(encoding="utf-8")
    return [
        Example(found[1], found[2], text.count("\n", 0, found.start()) + 1) for found in FENCE.finditer(text)
    ]


def whole(text: str) -> str:
    """A part of a scenario put into a small one; a whole one as it is."""
    given = set(re.findall(r"^([a-z_]+):", text, re.MULTILINE))
    if "garita" in given:
        return text
    return "\n".join([line for name, line in SKELETON.items() if name not in given] + [text])


def run_command(command: str) -> None:
    words = shlex.split(command, comments=True)
    if words[0] == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        assert set(words[1:]) <= set(targets), command
        return
    if command == ACTIVATE:
        return
    assert words[0] == "garita", f"`{command}` is not known to this test"
    with pytest.raises(SystemExit) as ended:
        cli.main(words[1:])
    assert ended.value.code in (0, None), command


@pytest.fixture(scope="module")
def simulated(san_ysidro: tuple[Any, Any]) -> dict[tuple[str, ...], Any]:
    """What was simulated before, by the digests of a case with and without its closures."""
    return {key("run_pair", scenario.load("san-ysidro-2018")): san_ysidro}


def key(name: str, case: scenario.Case) -> tuple[str, ...]:
    return name, case.digest, case.without("closures").digest


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, simulated: dict[tuple[str, ...], Any]) -> None:
    """Two replications in one process, each case once, in an empty folder."""

    def once(name: str, simulate: Callable[..., Any]) -> Callable[..., Any]:
        def few(case: scenario.Case, **how: Any) -> Any:
            case = case if how.get("seed") is None else case.with_(seed=how["seed"])
            if key(name, case) not in simulated:
                simulated[key(name, case)] = simulate(case, **{**how, "replications": 2, "workers": 1})
            return simulated[key(name, case)]

        return few

    for name in ("run", "run_pair"):
        simulate = once(name, getattr(runs, name))
        for home in (garita, runs):  # `garita` takes it from `runs` when asked, so it comes first
            monkeypatch.setattr(home, name, simulate)
    least = search.Effort(spread=16, starts=0, trials=0, walks=1, steps=4)
    monkeypatch.setattr(search.Effort, "of", classmethod(lambda cls, hard: least))
    monkeypatch.setattr(model, "CORRECTIONS", 1)
    monkeypatch.setattr(model, "FEWER", 0)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("page", RUN_PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_examples_of(page: Path) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    for example in examples(page):
        if example.kind == "console":
            for command in re.findall(r"^\$ (.*)$", example.text, re.MULTILINE):
                run_command(command)
        elif example.kind == "python":
            code = "\n" * example.line + example.text  # so that a traceback names the line of the page
            exec(compile(code, str(page), "exec"), names)
        elif example.kind == "yaml" and example.text.startswith("validation:"):
            loads_case(example.text)
        elif example.kind == "yaml":
            scenario.loads(whole(example.text))
        elif example.kind == "yaml-broken":
            with pytest.raises(garita.ScenarioError):
                scenario.loads(whole(example.text))
        else:
            assert example.kind in SHOWN, f"{page.name}:{example.line}: no one runs `{example.kind}`"


def test_examples_are_found() -> None:
    assert {example.kind for page in PAGES for example in examples(page)} >= RUN


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_of(page: Path) -> None:
    """Links to other files of the project lead somewhere."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    inside = [link for link in links if link and "://" not in link]
    assert [link for link in inside if not (page.parent / link).exists()] == []
