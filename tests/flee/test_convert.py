"""An instance of Flee as a scenario: as many people set out, to camps by our rule."""

from __future__ import annotations

import numpy as np
import pytest
from typer.testing import CliRunner

from garita import cli
from garita.errors import DataError
from garita.flee.arrivals import arrivals, camps
from garita.flee.calendar import calendar
from garita.flee.convert import camp_shares, choices, identifiers, scenario_text, setting_out
from garita.flee.rule import RULE
from garita.runs import travel
from garita.scenario.case import loads
from garita.sources.flee import read_instance
from sources import flee_files

CLOSURES = """\
#closure_type,name1,name2,closure_start,closure_end
country,Home,Away,3,6
link,Puente,Dorada,10,12
location,Cala,,15,16
camp,Ermita,,20,25
"""


@pytest.fixture
def instance(tmp_path):
    return read_instance(flee_files.write(tmp_path, {"input_csv/closures.csv": CLOSURES}))


def test_as_many_people_set_out_and_arrive(instance):
    case = loads(scenario_text(instance))
    outcome = travel(case, replications=1)
    found = arrivals(instance, calendar(instance, "garita"))
    assert outcome.entered[0] == found.initial.sum() + found.shared.sum()
    ids = [place.name for place in outcome.layout.places]
    at_camps = sum(int(outcome.present[0, -1, ids.index(name)]) for name in camps(instance))
    assert at_camps > 0.9 * outcome.entered[0]
    assert case.warnings == []
    assert {row.what for row in outcome.layout.published} == {"present"}


def test_closures_of_every_kind_hold_people_up(instance):
    case = loads(scenario_text(instance))
    closures = case.scenario.journeys.closures
    assert [bool(one.countries) for one in closures] == [True, False, False]
    assert closures[1].between == ["puente", "dorada"] and closures[2].place == "cala"
    assert "camps that close or open" in " ".join(case.scenario.notes)


def test_people_are_whole_and_none_is_left_over(instance):
    people, shares = setting_out(instance), camp_shares(instance)
    assert people.sum() == arrivals(instance, calendar(instance, "garita")).shared.sum()
    chosen = choices(instance, people, shares, np.zeros(len(instance.places), np.int64))
    assert (chosen >= 0).all() and (chosen.sum(axis=2) == people).all()


def test_camps_are_chosen_by_gravity_over_the_shortest_way(instance):
    shares = camp_shares(instance)
    names = list(instance.places)
    assert shares[names.index("Dorada")].tolist() == [1.0, 0.0]
    assert shares[:4].sum(axis=1) == pytest.approx(np.ones(4))
    # from the hub it is 90 and 120 km, from Alta 230 km more
    for place, km in (("Puente", 0), ("Alta", 230)):
        near, far = shares[names.index(place)]
        longer = (120 + km + RULE.softening_km) / (90 + km + RULE.softening_km)
        # Ermita is closed on 5 of 40 days
        assert near / far == pytest.approx(longer**RULE.distance_power / (35 / 40), rel=1e-6)


def test_a_camp_that_is_full_gets_fewer(instance):
    names = list(instance.places)
    people = np.zeros((6, len(names)), np.int64)
    people[:, names.index("Puente")] = 1500
    initial = np.zeros(len(names), np.int64)
    by_week = choices(instance, people, camp_shares(instance), initial)[:, names.index("Puente")]
    assert by_week[0, 0] > by_week[0, 1]
    assert by_week[-1, 0] < by_week[-1, 1]


def test_names_become_identifiers_of_their_own():
    found = identifiers(["Bobo-Dioulasso", "Néma", "N'ema", "nema", "中"])
    assert list(found.values()) == ["bobo-dioulasso", "nema", "n-ema", "nema-2", "place"]


def test_an_instance_without_camps_is_refused(tmp_path):
    table = flee_files.FILES["input_csv/locations.csv"].replace(",camp,", ",town,")
    layout = "total,refugees.csv\n"
    changed = {"input_csv/locations.csv": table, "source_data/data_layout.csv": layout}
    changed["input_csv/registration_corrections.csv"] = None
    with pytest.raises(DataError) as refused:
        scenario_text(read_instance(flee_files.write(tmp_path, changed)))
    assert refused.value.problems[0].code == "flee-no-camp"


def test_more_days_than_journeys_have_are_refused(tmp_path):
    period: dict[str, str | None] = {"input_csv/sim_period.csv": "StartDate,2020-01-01\nLength,4000\n"}
    period["input_csv/conflicts.csv"] = None
    with pytest.raises(DataError) as refused:
        scenario_text(read_instance(flee_files.write(tmp_path, period)))
    assert refused.value.problems[0].code == "flee-too-long"


def test_the_command_writes_a_scenario_and_writes_none_over(tmp_path):
    folder = flee_files.write(tmp_path / "conflict")
    out = tmp_path / "scenario.yaml"
    run = CliRunner().invoke
    assert run(cli.app, ["flee", "convert", str(folder), "--out", str(out)]).exit_code == 0
    assert loads(out.read_text(encoding="utf-8")).scenario.journeys is not None
    shown = run(cli.app, ["flee", "convert", str(folder)])
    assert shown.stdout.startswith("garita: 1\n")
    assert run(cli.app, ["flee", "convert", str(folder), "--out", str(out)]).exit_code == 2
    assert run(cli.app, ["flee", str(folder), str(folder)]).exit_code == 2
