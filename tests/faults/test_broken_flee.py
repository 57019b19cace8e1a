"""Malformed instance directories of Flee end in our own errors: file, line and remedy, all at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garita.errors import DataError
from garita.sources.flee import read_instance
from sources.flee_files import FILES, added, replaced, write

PLACES, ROUTES, CLOSURES = "input_csv/locations.csv", "input_csv/routes.csv", "input_csv/closures.csv"
CONFLICTS, PERIOD, SETTINGS = "input_csv/conflicts.csv", "input_csv/sim_period.csv", "simsetting.yml"
LAYOUT, DORADA = "source_data/data_layout.csv", "source_data/dorada.csv"


def refused(folder):
    with pytest.raises(DataError) as error:
        read_instance(folder)
    assert error.value.exit_code == 2
    return [str(problem) for problem in error.value.problems]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (added(PLACES, "Faro,X,Away,1,1,camp,0\n"), "locations.csv:8: the row has 7 cells, not 8."),
        (
            added(PLACES, "Alta,X,Home,1,1,town,0,\n"),
            "locations.csv:8: name: `Alta` was already given on line 2.",
        ),
        (
            added(PLACES, "Faro,X,Home,1,1,lake,0,\n"),
            "locations.csv:8: location_type: `lake` is not a type of place.",
        ),
        (added(PLACES, "Faro,X,Home,91,1,town,0,\n"), "locations.csv:8: latitude: `91` is outside"),
        (replaced(PLACES, "camp,,4000", "camp,,-5"), "locations.csv:6: population: `-5` is outside"),
        (
            replaced(PLACES, "camp,,4000", "camp,,many"),
            "locations.csv:6: population: `many` is not a whole number",
        ),
        (added(ROUTES, "Alta,Alta,5,0\n"), "routes.csv:8: name2: the route leads from `Alta` back to itself"),
        (
            added(ROUTES, "Alta,Brume,5,0\n"),
            "routes.csv:8: name2: `Brume` is not a place of locations.csv. Did you mean `Bruma`?",
        ),
        (added(ROUTES, "Alta,Bruma,0,0\n"), "routes.csv:8: distance: `0` is outside"),
        (added(ROUTES, "Alta,Bruma\n"), "routes.csv:8: the row has 2 cells, not 3 to 4."),
        (added(ROUTES, "Alta,Bruma,5,7\n"), "routes.csv:8: forced_redirection: `7` is outside"),
        (
            added(CLOSURES, "frontier,Home,Away,1,2\n"),
            "closures.csv:3: closure_type: `frontier` is not a type of closure",
        ),
        (
            added(CLOSURES, "country,Home,Awy,1,2\n"),
            "closures.csv:3: name2: no place of locations.csv lies in `Awy`.",
        ),
        (added(CLOSURES, "location,Nowhere,,1,2\n"), "closures.csv:3: name1: `Nowhere` is not a place"),
        (
            added(CLOSURES, "link,Alta,Ermita,1,2\n"),
            "closures.csv:3: there is no route between `Alta` and `Ermita`",
        ),
        (
            added(CLOSURES, "country,Home,Away,soon,2\n"),
            "closures.csv:3: closure_start: `soon` is not a whole number",
        ),
        (added(CLOSURES, "country,Home\n"), "closures.csv:3: the row has 2 cells, not 5."),
        (
            {CONFLICTS: "#Day,Alta\n0,1\n1,1\n"},
            "conflicts.csv: the rows end on day 1; the period lasts until day 39",
        ),
        ({CONFLICTS: "#Day,Alta\n0,1\n2,1\n"}, "conflicts.csv:3: #Day: this is day 2, where day 1 is due"),
        ({CONFLICTS: "#Day,Altar\n0,1\n"}, "conflicts.csv:1: heading: `Altar` is not a place"),
        ({CONFLICTS: "0,1\n"}, "conflicts.csv:1: the heading `#Day,...` is missing"),
        ({CONFLICTS: "#Day,Alta\n0,high\n"}, "conflicts.csv:2: Alta: `high` is not a number"),
        ({CONFLICTS: "#Day,Alta,Alta\n0,1,1\n"}, "conflicts.csv:1: the heading `Alta` stands twice"),
        (
            {PERIOD: "StartDate,2020-13-01\nLength,40\n"},
            "sim_period.csv:1: StartDate: `2020-13-01` is not a date",
        ),
        ({PERIOD: "StartDate,2020-01-01\n"}, "sim_period.csv: Length: the row `Length` is missing"),
        ({PERIOD: None}, "sim_period.csv: the file is missing"),
        ({ROUTES: None}, "routes.csv: the file is missing"),
        ({ROUTES: "#name1,name2\n"}, "routes.csv: there is no row in the file"),
        ({LAYOUT: None}, "data_layout.csv: the file is missing"),
        (
            added(LAYOUT, "Cala,cala.csv\n"),
            "data_layout.csv:4: the file `cala.csv` is listed here, but it is not there",
        ),
        (replaced(LAYOUT, "Ermita,ermita.csv\n", ""), "data_layout.csv: the camp `Ermita` has no row here"),
        (
            added(LAYOUT, "Dorada,ermita.csv\n"),
            "data_layout.csv:4: name: `Dorada` was already given on line 2",
        ),
        (
            added(DORADA, "2020-01-05,7\n"),
            "dorada.csv:4: date: 2020-01-05 does not come after the row before it",
        ),
        (added(DORADA, "2020-03-05,-7\n"), "dorada.csv:4: count: `-7` is outside"),
        (added(DORADA, "5 March,7\n"), "dorada.csv:4: date: `5 March` is not a date"),
        (added(DORADA, "2020-03-05\n"), "dorada.csv:4: the row has 1 cells, not at least 2"),
        ({DORADA: "Date,Count\n"}, "dorada.csv: there is no row in the file"),
        (
            {"input_csv/registration_corrections.csv": "Ermita,2020-01-22,normalize\n"},
            "corrections.csv:1: date: there is no count",
        ),
        ({SETTINGS: None}, "simsetting.yml: the file is missing"),
        (
            {SETTINGS: "move_rules:\n  softening: big\n"},
            "simsetting.yml:2: move_rules.softening: `big` is not a number",
        ),
        (
            {SETTINGS: "move_rules:\n  camp_movechance: 1.5\n"},
            "simsetting.yml:2: move_rules.camp_movechance: `1.5` is outside",
        ),
        (
            {SETTINGS: "move_rules:\n  start_on_foot: perhaps\n"},
            "simsetting.yml:2: move_rules.start_on_foot: `perhaps` is not True or False",
        ),
        ({SETTINGS: "move_rules: [1"}, "simsetting.yml:"),
        ({SETTINGS: "- a\n"}, "simsetting.yml: the file cannot be read (it holds no settings)"),
        ({SETTINGS: "move_rules: 3\n"}, "simsetting.yml:1: move_rules: `3` is not a list of settings"),
        ({SETTINGS: "spawn_rules: {conflict_spawn_decay: [1, x]}\n"}, "conflict_spawn_decay: "),
        (
            {SETTINGS: "spawn_rules: {conflict_driven_spawning: {spawn_mode: some}}\n"},
            "`some` is not a way to set out",
        ),
    ],
)
def test_each_fault_is_told_with_file_and_line(tmp_path, changed, said):
    problems = refused(write(tmp_path, changed))
    assert any(said in problem for problem in problems), problems


def test_all_faults_of_all_files_at_once(tmp_path):
    changed = {
        **replaced(PLACES, "camp,,4000", "camp,,-5"),
        **added(ROUTES, "Alta,Alta,5,0\nX,Y,1,0\n"),
        **added(DORADA, "2020-01-05,7\n"),
        SETTINGS: "move_rules:\n  softening: big\n  max_move_speed: 0\n",
    }
    problems = refused(write(tmp_path, changed))
    assert len(problems) == 7
    assert all(
        ("Traceback" not in problem and ".csv:" in problem) or "simsetting.yml:" in problem
        for problem in problems
    )


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"a\x00b", b'"unfinished,1\n'])
@pytest.mark.parametrize("name", sorted(FILES))
def test_no_text_at_all(tmp_path, name, data):
    write(tmp_path)
    (tmp_path / name).write_bytes(data)
    assert any(name.split("/")[-1] in problem for problem in refused(tmp_path))


def test_records_of_persons_are_refused(tmp_path):
    changed = {
        "input_csv/agents.csv": "#location,age,passport\nAlta,3,x\n",
        SETTINGS: "spawn_rules: {read_from_agents_csv_file: True}\n",
    }
    assert "agents.csv:1: the field `passport` may identify a person" in refused(write(tmp_path, changed))[0]


def test_no_folder_and_an_empty_one(tmp_path):
    assert "the folder itself is missing" in refused(tmp_path / "none")[0]
    assert "the folder `input_csv` is missing" in refused(tmp_path)[0]


def test_a_thousand_faults_of_a_kind_are_counted(tmp_path):
    problems = refused(write(tmp_path, added(ROUTES, "Alta,Alta,5,0\n" * 1000)))
    assert len(problems) == 201
    assert "800 more problems of this kind" in problems[-1]


@given(st.data())
def test_whatever_is_cut_or_garbled_ends_in_our_errors(tmp_path_factory, data):
    name = data.draw(st.sampled_from(sorted(FILES)))
    text = FILES[name]
    first = data.draw(st.integers(0, len(text)))
    last = data.draw(st.integers(first, min(first + 30, len(text))))
    put = data.draw(st.text(st.sampled_from('x,#\n"-0.9 :[]{}&*é'), max_size=8))
    folder = write(tmp_path_factory.mktemp("flee"), {name: text[:first] + put + text[last:]})
    try:
        read_instance(folder)
    except DataError as error:
        assert error.problems
        assert all(str(problem) for problem in error.problems)
