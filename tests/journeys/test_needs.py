"""What people need by a standard: the packaged one, one of the user's own, and what shelters lack of it."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from typer.testing import CliRunner

from garita import cli
from garita.errors import DataError, ScenarioError
from garita.outcomes import JourneyOutcome
from garita.outcomes import journey_figures as figures
from garita.reference.standards import COLUMNS, packaged, packaged_text, read_standard
from garita.report.journey_aid import aid_of
from journeys.stories import HEAD, LINE, at, story, told

HOUSED = LINE.replace("people: 100", "people: {range: [90, 210]}") + (
    "  shelters: [{id: hall, place: d, capacity: 50, most: 70, until: 2018-10-25,\n"
    "    supplies: {toilets: 3, water: {range: [400, 600]}}},\n"
    "    {id: annex, place: d, capacity: 5, supplies: {food: 9000}}]\n"
)
OWN = (
    "  standard: [{item: toilets, unit: toilets, people_per_one: 50},\n"
    "    {item: beds, unit: beds, per_person: 1}]\n"
)


def test_every_row_of_the_packaged_standard_has_a_figure_and_a_source():
    found = {need.item: need for need in packaged()}
    assert {"water", "toilets", "covered-area", "food"} <= set(found)
    assert all(need.source and need.unit and need.name for need in packaged())
    assert (found["water"].per_person, found["toilets"].people_per_one) == (15, 20)
    assert (found["covered-area"].per_person, found["food"].per_person) == (3.5, 2100)
    assert (
        found["water"].words == "15 litres a person and day" and found["toilets"].words == "1 for 20 people"
    )


def test_needs_are_counted_by_place_shelter_and_day():
    outcome = told(HOUSED, replications=6)
    table = outcome.needs()
    here = table[(table.place == "d") & (table.day == "2018-10-15")].set_index(["shelter", "item"])
    day, d = 14, at(outcome, "d")
    people = outcome.present[:, day, d]
    assert here.needed["all", "water"] == pytest.approx(15 * people.mean())
    assert here.needed["all", "toilets"] == pytest.approx(np.mean([math.ceil(each / 20) for each in people]))
    low, high = np.quantile(15 * people, (0.05, 0.95))
    assert (here.needed_low["all", "water"], here.needed_high["all", "water"]) == pytest.approx((low, high))
    inside = outcome.sheltered[:, day, 0]
    has = outcome.supply[:, 0, outcome.layout.supplied.index("water")]
    assert here.short["hall", "water"] == pytest.approx(np.maximum(15 * inside - has, 0).mean())
    assert here.short["hall", "toilets"] == pytest.approx(1.0) and here.supply["hall", "toilets"] == 3
    assert math.isnan(here.supply["hall", "food"]) and math.isnan(here.short["all", "water"])
    street = outcome.street[:, day, d]
    assert here.needed["street", "food"] == pytest.approx(2100 * street.mean()) and street.mean() > 0
    assert table[(table.shelter == "hall") & (table.day >= "2018-10-25")].empty


def test_a_scenario_changes_the_standard_and_results_keep_it(tmp_path):
    outcome = told(HOUSED + OWN)
    table = outcome.needs().query("place == 'd' and shelter == 'all'").set_index("item")
    people = outcome.present[0, -1, at(outcome, "d")]
    last = table[table.day == table.day.max()]
    assert last.needed["toilets"] == math.ceil(people / 50) and last.needed["beds"] == people
    assert last.needed["water"] == 15 * people
    assert "needs.parquet" in outcome.save(tmp_path)
    again = JourneyOutcome.open(tmp_path)
    assert again.layout == outcome.layout and again.digest == outcome.digest
    assert again.needs().equals(outcome.needs())


def test_results_of_before_there_were_needs_are_read(tmp_path):
    outcome = told(LINE)
    outcome.save(tmp_path, parquet=False)
    layout = tmp_path / "journeys.json"
    known = json.loads(layout.read_text(encoding="utf-8"))
    old = {name: known[name] for name in known if name not in ("kinds", "standard", "supplied")}
    layout.write_text(json.dumps(old), encoding="utf-8")
    assert JourneyOutcome.open(tmp_path).digest == outcome.digest


def test_what_women_need_follows_their_share():
    rows = "  standard: [{item: kits, unit: kits, per_person: 1, period: month, whom: women}]\n"
    told_ = told(LINE.replace("people: 100", "people: 100, shares: {women: 0.3, men: 0.5}") + rows)
    last = told_.needs().query("item == 'kits'").iloc[-1]
    assert (last.needed, last.period) == (pytest.approx(30), "month")
    assert told(LINE + rows).needs().query("item == 'kits'").empty


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("  standard: [{item: x, unit: y}]\n", "standard-measure"),
        ("  standard: [{item: x, unit: y, per_person: 1, people_per_one: 3}]\n", "standard-measure"),
        ("  standard: [{item: x, unit: y, per_person: 4, low: 5, high: 6}]\n", "standard-range"),
        ("  standard: [{item: x, unit: y, per_person: 0}]\n", "out-of-range"),
        ("  standard: [{item: x, unit: y, per_person: 1, whom: dogs}]\n", "unknown-name"),
        ("  standard: [{item: x, unit: y, per_person: 1}, {item: x, unit: z, per_person: 2}]\n",
         "duplicate-name"),
        ("  shelters: [{id: s, place: d, capacity: 9, supplies: {watr: 3}}]\n", "unknown-item"),
        ("  shelters: [{id: s, place: d, capacity: 9, supplies: {water: -3}}]\n", "out-of-range"),
    ],
)  # fmt: skip
def test_a_standard_that_says_nothing_is_refused(more, code):
    with pytest.raises(ScenarioError) as refused:
        story(LINE + more)
    assert [problem.code for problem in refused.value.problems] == [code]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("item,unit,per_person,dose\n", [("standard-column", 1)]),
        ("item,per_person\nwater,3\n", [("standard-missing", 1)]),
        ("item,unit,per_person\n", [("standard-empty", None)]),
        ("", [("standard-missing", 1), ("standard-missing", 1)]),
        ("item,unit,per_person\n\nwater,l,many\n,l,3\nfood,kcal,-1\n",
         [("standard-cell", 3), ("standard-cell", 4), ("standard-cell", 5)]),
        ("item,unit,per_person,whom,period\nwater,l,3,dogs,week\n",
         [("standard-cell", 2), ("standard-cell", 2)]),
        ("item,unit,per_person,people_per_one\nwater,l,3,4\n", [("standard-measure", 2)]),
        ("item,unit,per_person\nwater,l,3\nwater,l,4\n", [("standard-twice", 3)]),
        ("item;unit;per_person;low\nwater;l;3;4\n", [("standard-range", 2)]),
        ("a\0b", [("standard-unreadable", None)]),
        ('item,unit,per_person\n"' + "x" * 200_000 + "\n", [("standard-unreadable", 2)]),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_table_is_told_with_its_line(tmp_path, text, found):
    path = tmp_path / "standard.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as refused:
        read_standard(path)
    assert [(problem.code, problem.line) for problem in refused.value.problems] == found
    assert all(problem.remedy for problem in refused.value.problems)


@pytest.mark.slow
def test_the_command_prints_and_takes_a_table(tmp_path):
    shown = CliRunner().invoke(cli.app, ["standard"])
    assert shown.exit_code == 0 and shown.stdout == packaged_text()
    own = tmp_path / "mine.csv"
    own.write_text(
        shown.stdout.replace("water,water for drinking and domestic hygiene,litres,15", "water,,litres,10")
    )
    assert [need.item for need in read_standard(own)] == [need.item for need in packaged()]
    assert shown.stdout.splitlines()[0] == ",".join(COLUMNS)
    path = tmp_path / "scenario.yaml"
    path.write_text(HEAD + LINE, encoding="utf-8")
    arguments = ["journeys", str(path), "--standard", str(own), "--out", str(tmp_path / "out")]
    shown = CliRunner().invoke(cli.app, arguments)
    assert shown.exit_code == 0 and "needs of d on 2018-10-09: water 1,000 litres a day;" in shown.stdout, (
        shown.output
    )
    assert (tmp_path / "out" / "needs.parquet").is_file()
    with pytest.raises(SystemExit) as ended:
        cli.main(["journeys", str(path), "--standard", str(tmp_path / "none.csv")])
    assert ended.value.code == 2


@pytest.mark.slow
def test_the_report_tells_needs_and_what_is_short():
    shown = aid_of(told(HOUSED, replications=3), 3)
    assert [place.split(",")[0] for place in shown.need_places] == ["d", "hall", "the street in d"]
    toilets = next(row for row in shown.needs if row["what"] == "shared toilets")
    assert toilets["cells"][1]["short"] == "1" and toilets["standard"] == "1 for 20 people (20 to 50)"
    assert shown.short and "spherestandards.org" in toilets["source"]


def test_what_is_needed_is_told_with_signs_and_commas():
    found = {need.item: need for need in packaged()}
    assert found["food"].words == "2,100 kcal a person and day" and found["food"].measure == "kcal a day"
    assert found["covered-area"].words == "3.5 m² a person" and found["covered-area"].measure == "m²"


def test_needs_of_a_camp_are_told_once():
    camp = "  shelters: [{id: camp, name: Camp, place: d, capacity: 500}]\n"
    named = LINE.replace("{id: d", "{id: d, name: Camp", 1)
    assert named != LINE
    told_ = figures.needs_at_most(told(named + camp, replications=2))
    assert {one.shelter for one in told_} == {"camp"} and len(told_) == len(packaged())
    other = figures.needs_at_most(told(LINE + camp, replications=2))
    assert {one.shelter for one in other} == {"all", "camp"}


def test_amounts_are_told_to_three_digits():
    told_ = [figures.amount(value) for value in (0.0, 2.5, 3.0, 12.4, 1234.0, 2_345_678.0, 12_345_678_901.0)]
    assert figures.amounts(figures.Spread(2e6, 1.5e6, 2.5e6)) == "2 million (1.5 to 2.5 million)"
    assert told_ == ["0", "2.5", "3", "12", "1,230", "2.35 million", "12.3 billion"]
