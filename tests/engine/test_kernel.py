"""Compiled and plain, cached and not: the same bits."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine import helpers
from garita import scenario
from garita.engine import kernel, run_replication
from properties import worlds

ENGINE = Path(kernel.__file__).parent
CLOSURES = [
    {"crossing": "north", "directions": ["inbound"], "from": helpers.at(8), "until": "5 h"},
    {
        "crossing": "south",
        "directions": ["inbound"],
        "from": helpers.at(9),
        "until": "2 h",
        "exempt": ["citizens"],
    },
]
PROGRAM = """
import hashlib, json, logging, sys
logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
import numba
from garita import scenario
from garita.build import Builder
from garita.engine import run_replication
found = []
for text in json.load(sys.stdin):
    case = scenario.loads(text)
    output = run_replication(Builder(case).build(case.resolve(0)).run, 7, 3)
    arrays = [*output, *(output.extra or ())]
    found.append([hashlib.sha256(array.tobytes()).hexdigest() for array in arrays])
print(json.dumps({"plain": bool(numba.config.DISABLE_JIT), "found": found}))
"""


def texts():
    """Small days with every rule of choice, at two crossings: plain Python is slow."""
    here = ("north", "south")
    region = worlds.region()
    fields = {
        "flows": [flow for flow in worlds.flows(0.08) if flow["crossing"] in here],
        "crossings": [place for place in region["crossings"] if place["id"] in here],
        "travel": [way for way in region["travel"] if way["origin"] in here and way["destination"] in here],
        "secondary": [station for station in region["secondary"] if station["crossing"] in here],
        "closures": CLOSURES,
    }
    rules = {"logit": 15, "threshold": 30, "none": 60}
    plain = [
        helpers.text(**{**fields, "behaviour": {**worlds.LOGIT, "tick_min": tick, "choice_rule": rule}})
        for rule, tick in rules.items()
    ]
    # The same with what most scenarios do without.
    fields["flows"] = [
        {**flow, **({"room": 6} if "room" in flow else {})} for flow in worlds.rooms(fields["flows"])
    ]
    fields["behaviour"] = {**worlds.LOGIT, **worlds.everything(), "tick_min": 15}
    return [*plain, helpers.text(**fields), helpers.text(**{**fields, **worlds.officers()})]


def run_elsewhere(cache, **environment):
    """What the program prints in a process of its own, and what it logs."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(texts()),
        text=True,
        capture_output=True,
        timeout=600,
        check=False,
        env={
            **os.environ,
            "GARITA_CACHE_DIR": str(cache),
            "PYTHONPATH": os.pathsep.join(sys.path),
            **environment,
        },
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


def compiled_here():
    """The same in this process."""
    cases = [scenario.loads(text) for text in texts()]
    outputs = [run_replication(helpers.built(case).run, 7, 3) for case in cases]
    arrays = [[*output, *(output.extra or ())] for output in outputs]
    return [[hashlib.sha256(array.tobytes()).hexdigest() for array in each] for each in arrays]


def test_plain_python_equals_compiled(tmp_path):
    """In a process of its own, and where no cache can be kept: a file stands in the folder's place."""
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    found, log = run_elsewhere(tmp_path / "file" / "cache", NUMBA_DISABLE_JIT="1")
    assert found["plain"] and found["found"] == compiled_here()
    assert "compiled kernels cannot be kept" in log
    assert "RuntimeWarning" not in log, "64-bit words overflow on purpose, and NumPy is told so"


def module_in(folder, name="kernel_of_a_copy"):
    """The module that decorates kernels, from another folder of sources."""
    specification = importlib.util.spec_from_file_location(name, folder / "kernel.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """The engine's sources, and a cache of their own."""
    monkeypatch.setenv("GARITA_CACHE_DIR", str(tmp_path / "cache"))
    folder = tmp_path / "engine"
    shutil.copytree(ENGINE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_the_digest_is_that_of_the_sources(copy):
    assert module_in(copy).engine_digest() == kernel.engine_digest()
    assert len(kernel.engine_digest()) == 64


@pytest.mark.parametrize("name", sorted(path.name for path in ENGINE.glob("*.py")))
def test_any_change_of_a_source_is_another_digest(copy, name):
    path = copy / name
    path.write_bytes(path.read_bytes() + b"\n# changed\n")
    assert module_in(copy).engine_digest() != kernel.engine_digest()


def test_new_and_renamed_sources_are_another_digest(copy):
    (copy / "another.py").write_text("", encoding="utf-8")
    first = module_in(copy).engine_digest()
    (copy / "another.py").rename(copy / "yet_another.py")
    assert len({first, module_in(copy).engine_digest(), kernel.engine_digest()}) == 3


def test_changed_sources_have_a_cache_of_their_own(copy):
    first = module_in(copy).MACHINE_CODE_FOLDER
    again = module_in(copy).MACHINE_CODE_FOLDER
    (copy / "random.py").write_text("# another engine\n", encoding="utf-8")
    other = module_in(copy).MACHINE_CODE_FOLDER
    assert first == again != other
    assert first.is_dir() and other.is_dir() and first.parent == other.parent


def test_where_nothing_can_be_kept_it_is_said_and_it_works(copy, tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("GARITA_CACHE_DIR", str(tmp_path / "file"))
    with caplog.at_level(logging.WARNING, "garita"):
        module = module_in(copy)
    assert module.MACHINE_CODE_FOLDER is None
    assert [record.getMessage() for record in caplog.records if "cannot be kept" in record.getMessage()]
    module.ENTRANCES = {"double"}

    def double(x):
        return 2 * x

    assert module.kernel(double)(21) == 42


def test_the_users_cache_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("GARITA_CACHE_DIR", str(tmp_path))
    assert kernel.user_cache_folder() == tmp_path
    monkeypatch.delenv("GARITA_CACHE_DIR")
    monkeypatch.setattr(kernel.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert kernel.user_cache_folder() == tmp_path / "x" / "garita"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert kernel.user_cache_folder().parts[-2:] == (".cache", "garita")
    monkeypatch.setattr(kernel.sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert kernel.user_cache_folder() == tmp_path / "garita" / "cache"
    monkeypatch.setattr(kernel.sys, "platform", "darwin")
    assert kernel.user_cache_folder().parts[-3:] == ("Library", "Caches", "garita")


def test_numbas_own_setting_is_left_alone():
    import numba

    assert not (numba.config.CACHE_DIR or "").startswith(str(kernel.MACHINE_CODE_FOLDER))
