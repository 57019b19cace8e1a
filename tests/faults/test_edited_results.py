"""A results folder that somebody edited by hand is refused with what is wrong, never with a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from garita.errors import ResultsError
from garita.outcomes import Outcome
from outcomes.synthetic import make_layout, make_outcome


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_outcome(make_layout()).save(tmp_path, tables=False)
    return tmp_path


def edit_index(folder, change):
    path = folder / "results.json"
    index = json.loads(path.read_text(encoding="utf-8"))
    change(index)
    path.write_text(json.dumps(index), encoding="utf-8")


def edit_arrays(folder, **changes):
    """Arrays changed or, where None, left out; the sizes in the index are set right."""
    path = folder / "arrays.npz"
    with np.load(path) as stored:
        arrays = {**{name: stored[name] for name in stored.files}, **changes}
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    edit_index(folder, lambda index: index["files"].update({"arrays.npz": path.stat().st_size}))


def refusal(folder):
    with pytest.raises(ResultsError) as raised:
        Outcome.open(folder)
    return str(raised.value)


NAMES = [
    *("count_00", "count_15", "p50", "p95", "window_hist", "ledger", "gross", "diverted", "travel_extra"),
    *("hist_at", "hist_n", "finals", "finals_length", "offsets"),
]


def test_untouched_it_is_read(folder):
    edit_arrays(folder)
    assert Outcome.open(folder).layout.replications == 3


@pytest.mark.parametrize("name", [name for name in NAMES if name != "offsets"])
def test_an_array_that_is_missing(folder, name):
    edit_arrays(folder, **{name: None})
    assert f"{name} is missing" in refusal(folder)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(), (1,), (2, 2), (3, 9, 216, 1)])
def test_an_array_of_another_shape(folder, name, shape):
    if name in ("hist_at", "hist_n", "finals") and shape == (1,):
        expected = "hist_n has" if name.startswith("hist") else "finals has 8"
    else:
        expected = f"{name} has the shape"
    edit_arrays(folder, **{name: np.zeros(shape, np.int64)})
    assert expected in refusal(folder)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["U3", "?"])
def test_an_array_of_texts_or_answers(folder, name, kind):
    with np.load(folder / "arrays.npz") as stored:
        shape = stored[name].shape
    edit_arrays(folder, **{name: np.zeros(shape, kind)})
    assert f"{name} holds" in refusal(folder)


@pytest.mark.parametrize("name", ["ledger", "gross", "diverted", "window_hist", "finals_length"])
def test_parts_of_people(folder, name):
    with np.load(folder / "arrays.npz") as stored:
        shape = stored[name].shape
    edit_arrays(folder, **{name: np.full(shape, 0.5)})
    assert f"{name} holds float64" in refusal(folder)


def test_places_that_there_are_not(folder):
    for place in (-1, 10**9):
        edit_arrays(folder, hist_at=np.array([place]), hist_n=np.array([1]))
        assert "hist_at names places" in refusal(folder)


def test_lengths_that_do_not_add_up(folder):
    edit_arrays(folder, finals_length=np.array([-5, 10, 3]))
    assert "finals_length says 8 bytes" in refusal(folder)


def test_offsets_of_other_replications(folder):
    edit_arrays(folder, offsets=np.zeros((2, 9, 48), np.int64))
    assert "offsets has 2 replications, not 3" in refusal(folder)


def test_hours_that_were_taken_out(folder):
    edit_arrays(folder, offsets=np.zeros((1, 9, 48), np.int64))
    assert Outcome.open(folder).offsets[0] is not None
    edit_index(folder, lambda index: index["layout"].pop("hour_start_min"))
    assert "offsets has the shape (1, 9, 48), not (None, 9, 0)" in refusal(folder)


@pytest.mark.parametrize("hours", ["soon", [[1.0]], ["a"], [float("nan")], {"a": 1}, None])
def test_hours_that_are_no_times(folder, hours):
    edit_index(folder, lambda index: index["layout"].update(hour_start_min=hours))
    assert "cannot be read" in refusal(folder)


CLOSURE = {
    "crossings": ["south"],
    "directions": ["inbound"],
    "modes": None,
    "lane_types": None,
    "start_utc": 1.0,
}


@pytest.mark.parametrize(
    "closures",
    [
        "closed on Sunday",
        ["closed", "closed", "closed"],
        [[], []],
        [[], [], ["closed"]],
        [[], [], [{}]],
        [[], [], [{**CLOSURE, "crossings": "south"}]],
        [[], [], [{**CLOSURE, "modes": "car"}]],
        [[], [], [{**CLOSURE, "start_utc": "noon"}]],
        [[], [], [{**CLOSURE, "until_utc": True}]],
        [[], [], [{**CLOSURE, "reason": 5}]],
        5,
        None,
    ],
)
def test_closures_that_are_none(folder, closures):
    edit_index(folder, lambda index: index["layout"].update(closures=closures))
    assert "cannot be read" in refusal(folder)


def test_closures_that_are_some(folder):
    edit_index(folder, lambda index: index["layout"].update(closures=[[], [], [CLOSURE]]))
    assert Outcome.open(folder).layout.closures_of(2)[0]["crossings"] == ["south"]


@pytest.mark.parametrize("files", [{}, {"waits.parquet": 3}])
def test_a_list_of_files_without_the_arrays(folder, files):
    edit_index(folder, lambda index: index.update(files=files))
    assert "arrays.npz" in refusal(folder)


@pytest.mark.parametrize("name", ["flows", "crossings", "bin_start_min", "first_bin", "replications", "zone"])
@pytest.mark.parametrize("value", ["text", [], {}, None, -1, 2.5, [[1]], "../../etc"])
def test_any_other_part_of_the_layout(folder, name, value):
    edit_index(folder, lambda index: index["layout"].update({name: value}))
    assert "cannot be read" in refusal(folder)
