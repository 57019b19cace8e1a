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
import threading
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from engine import helpers
from garita import scenario
from garita.engine import cache, compiling, kernel, run_replication
from garita.engine.entrance import Entrance
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
from garita import scenario
from garita.engine.kernel import PLAIN
from garita.build import Builder
from garita.engine import run_replication
found = []
for text in json.load(sys.stdin):
    case = scenario.loads(text)
    output = run_replication(Builder(case).build(case.resolve(0)).run, 7, 3)
    arrays = [*output, *(output.extra or ())]
    found.append([hashlib.sha256(array.tobytes()).hexdigest() for array in arrays])
print(json.dumps({"plain": PLAIN, "numba": "numba" in sys.modules, "found": found}))
"""


HERE = ("north", "south")


def small_day():
    """Of two crossings only: plain Python is slow."""
    here, region = HERE, worlds.region()
    return {
        "flows": [flow for flow in worlds.flows(0.08) if flow["crossing"] in here],
        "crossings": [place for place in region["crossings"] if place["id"] in here],
        "travel": [way for way in region["travel"] if way["origin"] in here and way["destination"] in here],
        "secondary": [station for station in region["secondary"] if station["crossing"] in here],
        "closures": CLOSURES,
    }


def texts():
    """Small days with every rule of choice."""
    fields, rules = small_day(), {"logit": 15, "threshold": 30, "none": 60}
    return [
        helpers.text(**{**fields, "behaviour": {**worlds.LOGIT, "tick_min": tick, "choice_rule": rule}})
        for rule, tick in rules.items()
    ]


def texts_with_features():
    """The same with what most scenarios do without."""
    fields = small_day()
    fields["flows"] = [
        {**flow, **({"room": 6} if "room" in flow else {})} for flow in worlds.rooms(fields["flows"])
    ]
    fields["flows"] += worlds.outbound(0.08)
    fields["behaviour"] = {**worlds.LOGIT, **worlds.everything(), "tick_min": 15}
    fields["initial"] = [
        {"crossing": "north", "parties": 2},
        {"crossing": "south", "mode": "pedestrian", "wait_min": 1},
    ]
    stations = [{**one, "places": 1} for one in worlds.stations()]
    lanes = {**fields["behaviour"], "lane_rule": "logit"}
    return [
        helpers.text(**fields),
        helpers.text(**{**fields, **worlds.officers(HERE), "behaviour": lanes}),
        helpers.text(**{**fields, "stations": stations}),
    ]


def run_elsewhere(folder, days=None, **environment):
    """What the program prints in a process of its own, and what it logs."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(texts() if days is None else days),
        text=True,
        capture_output=True,
        timeout=600,
        check=False,
        env={
            **os.environ,
            "GARITA_CACHE_DIR": str(folder),
            "PYTHONPATH": os.pathsep.join(sys.path),
            **environment,
        },
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


def compiled_here(days=None):
    """The same in this process."""
    cases = [scenario.loads(text) for text in (texts() if days is None else days)]
    outputs = [run_replication(helpers.built(case).run, 7, 3) for case in cases]
    arrays = [[*output, *(output.extra or ())] for output in outputs]
    return [[hashlib.sha256(array.tobytes()).hexdigest() for array in each] for each in arrays]


@pytest.mark.parametrize(
    "days",
    [
        pytest.param(texts, id="plain"),
        pytest.param(texts_with_features, id="features", marks=pytest.mark.slow),
    ],
)
def test_plain_python_equals_compiled(tmp_path, days):
    """In a process of its own."""
    found, log = run_elsewhere(tmp_path, days(), NUMBA_DISABLE_JIT="1")
    assert found["plain"] and found["found"] == compiled_here(days())
    assert "RuntimeWarning" not in log, "64-bit words overflow on purpose, and NumPy is told so"


def module_in(folder, name="cache_of_a_copy"):
    """The module that names the cache, from another folder of sources."""
    specification = importlib.util.spec_from_file_location(name, folder / "cache.py")
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
    assert module_in(copy).engine_digest() == cache.engine_digest()
    assert len(cache.engine_digest()) == 64


@pytest.mark.parametrize("name", sorted(path.name for path in ENGINE.glob("*.py")))
def test_any_change_of_a_source_is_another_digest(copy, name):
    path = copy / name
    path.write_bytes(path.read_bytes() + b"\n# changed\n")
    assert module_in(copy).engine_digest() != cache.engine_digest()


def test_new_and_renamed_sources_are_another_digest(copy):
    (copy / "another.py").write_text("", encoding="utf-8")
    first = module_in(copy).engine_digest()
    (copy / "another.py").rename(copy / "yet_another.py")
    assert len({first, module_in(copy).engine_digest(), cache.engine_digest()}) == 3


def test_changed_sources_have_a_cache_of_their_own(copy):
    first = module_in(copy).machine_code_folder()
    again = module_in(copy).machine_code_folder()
    (copy / "random.py").write_text("# another engine\n", encoding="utf-8")
    other = module_in(copy).machine_code_folder()
    assert first == again != other
    assert first.is_dir() and other.is_dir() and first.parent == other.parent


def test_where_nothing_can_be_kept_it_is_said(copy, tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("GARITA_CACHE_DIR", str(tmp_path / "file"))
    module = module_in(copy)
    with caplog.at_level(logging.WARNING, "garita"):
        module.keep("something", b"code")
        assert module.machine_code_folder() is None and module.kept("something") is None
    said = [record.getMessage() for record in caplog.records if "cannot be kept" in record.getMessage()]
    assert len(said) == 1, "once is enough"


def test_only_what_is_whole_is_taken_from_the_cache(copy):
    module = module_in(copy)
    module.keep("something", b"code")
    assert module.kept("something") == b"code" and module.kept("something else") is None
    path = module.machine_code_folder() / "something"
    for damaged in (b"", path.read_bytes()[:-1], path.read_bytes() + b"x"):
        path.write_bytes(damaged)
        assert module.kept("something") is None
    assert [left.name for left in path.parent.iterdir()] == ["something"]


def test_one_makes_it_and_the_others_wait(copy):
    """Two that start at once compile once; a claim whose owner is no more holds nobody up."""
    module = module_in(copy)
    made = []

    def make(who):
        with module.alone("something"):
            if module.kept("something") is None:
                made.append(who)
                time.sleep(0.2)
                module.keep("something", b"code")

    several = [threading.Thread(target=make, args=[who]) for who in range(4)]
    for thread in several:
        thread.start()
    for thread in several:
        thread.join()
    folder = module.machine_code_folder()
    assert len(made) == 1 and [path.name for path in folder.iterdir()] == ["something"]
    (folder / "something").unlink()
    (folder / "something.claim").touch()
    os.utime(folder / "something.claim", (0, 0))
    make("after")
    assert made[1:] == ["after"] and not (folder / "something.claim").exists()


class Pair(NamedTuple):
    """Two arrays of different kinds."""

    values: np.ndarray
    marks: np.ndarray


def arithmetic(key, share, number, fields, table, nothing, chosen):
    """A kernel of our own, with every kind of argument and of result."""
    total = 0.0
    for place in range(fields.values.shape[0]):
        total += share * fields.values[place]
        fields.marks[place].number += number
    for row in range(table.shape[0]):
        table[row, 1] = table[row, 0] * 2.0
    if nothing is not None:
        total += nothing[0]
    return key >> np.uint64(1), total, -number + chosen


@pytest.fixture
def an_entrance(tmp_path, monkeypatch):
    """The kernel above as an entrance, with a cache of its own."""
    monkeypatch.setenv("GARITA_CACHE_DIR", str(tmp_path))
    cache.machine_code_folder.cache_clear()
    monkeypatch.setattr(compiling, "KERNELS", [*compiling.KERNELS, arithmetic])
    yield Entrance(arithmetic)
    cache.machine_code_folder.cache_clear()
    compiling._TWINS.clear()


def arguments(extra):
    marks = np.zeros(3, [("number", "i8"), ("weight", "f8")]).view(np.recarray)
    table = np.asfortranarray(np.arange(8.0).reshape(4, 2))
    given = Pair(np.array([1.0, 2.0, 4.0]), marks)
    return np.uint64(2**64 - 2), 0.5, -3, given, table[::-2], extra, np.int64(-(2**40))


@pytest.mark.parametrize("extra", [None, np.array([100.0])])
def test_arguments_and_results_arrive(an_entrance, extra):
    """Compiled, read from the cache by another entrance, and plain: the same, with negative strides too."""
    for function in (an_entrance, Entrance(arithmetic), arithmetic):
        given = arguments(extra)
        total = 3.5 if extra is None else 103.5
        assert function(*given) == (2**63 - 1, total, 3 - 2**40)
        assert given[3].marks.number.tolist() == [-3, -3, -3]
        assert given[4].tolist() == [[6.0, 12.0], [2.0, 4.0]]


def test_another_kind_of_argument_is_another_code(an_entrance):
    """An array of whole numbers is never read as one of shares."""
    given = list(arguments(None))
    an_entrance(*given)
    whole = Pair(np.array([1, 2, 4]), given[3].marks)
    assert an_entrance(*given[:3], whole, *given[4:])[1] == 3.5
    assert len(list(cache.machine_code_folder().iterdir())) == 2


def test_the_order_of_a_table_in_memory_is_another_code(an_entrance):
    """A table by columns is read by its shape alone, so it is never taken for one with gaps between rows."""
    given = list(arguments(None))
    for table in (np.asfortranarray(given[4]), np.asfortranarray(np.arange(16.0).reshape(8, 2))[::2]):
        an_entrance(*given[:4], table, *given[5:])
        assert (table[:, 1] == table[:, 0] * 2.0).all()


def test_a_short_table_is_no_other_code(an_entrance):
    """One row or one column: by rows and by columns at once."""
    given = list(arguments(None))
    for table in (given[4], given[4][:1], np.zeros((0, 2))):
        an_entrance(*given[:4], np.ascontiguousarray(table), *given[5:])
    assert len(list(cache.machine_code_folder().iterdir())) == 1


def test_whole_numbers_of_any_kind(an_entrance):
    """Python's, NumPy's of any width, and truth values."""
    given = list(arguments(None))
    for number in (np.int32(-3), -3, np.int64(-3)):
        assert an_entrance(*given[:2], number, *given[3:])[2] == 3 - 2**40
    assert an_entrance(*given[:2], True, *given[3:])[2] == -1 - 2**40
    assert an_entrance(given[0], np.float32(0.5), *given[2:])[1] == 3.5
    with pytest.raises(TypeError, match="str cannot be handed"):
        an_entrance(given[0], "0.5", *given[2:])


def test_damaged_machine_code_is_made_anew(an_entrance):
    an_entrance(*arguments(None))
    [path] = cache.machine_code_folder().iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert Entrance(arithmetic)(*arguments(None))[1] == 3.5
    assert path.read_bytes() == whole


def test_a_warm_start_needs_no_numba():
    """The engine runs from the cache that this test's process filled."""
    compiled_here()
    found, _ = run_elsewhere(cache.user_cache_folder())
    assert found == {"plain": False, "numba": False, "found": compiled_here()}


def test_the_users_cache_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("GARITA_CACHE_DIR", str(tmp_path))
    assert cache.user_cache_folder() == tmp_path
    monkeypatch.delenv("GARITA_CACHE_DIR")
    monkeypatch.setattr(cache.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert cache.user_cache_folder() == tmp_path / "x" / "garita"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache.user_cache_folder().parts[-2:] == (".cache", "garita")
    monkeypatch.setattr(cache.sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert cache.user_cache_folder() == tmp_path / "garita" / "cache"
    monkeypatch.setattr(cache.sys, "platform", "darwin")
    assert cache.user_cache_folder().parts[-3:] == ("Library", "Caches", "garita")
