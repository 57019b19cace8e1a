"""Good scenario files and what they resolve to."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from garita.errors import DataError, Problem, ScenarioError
from garita.scenario import Scenario, load, loads, packaged_cases, schema
from scenario.texts import DESIGN, FULL, GOOD, INLINE

ZONE = ZoneInfo("America/Los_Angeles")


def test_the_example_of_the_design_loads(tmp_path):
    path = tmp_path / "scenario.yaml"
    path.write_text(DESIGN, encoding="utf-8")
    case = load(path)
    assert case.warnings == []
    assert case.name == tmp_path.name
    closure = case.resolve(0).closures[0]
    assert closure.crossing == "san-ysidro" and closure.modes == ["car", "bus"]
    assert closure.directions == ["inbound", "outbound"] and closure.lane_types is None
    assert closure.start == datetime(2018, 11, 25, 11, 30, tzinfo=ZONE)
    ends = {case.resolve(i).closures[0].until for i in range(40)}
    assert ends == {datetime(2018, 11, 25, 17, 5, tzinfo=ZONE), datetime(2018, 11, 25, 18, 0, tzinfo=ZONE)}
    assert closure.notice is None and closure.share == 1.0 and closure.lanes is None
    assert case.catalogue.expand("san-ysidro") == (
        "san-ysidro-vehicles",
        "san-ysidro-pedeast",
        "san-ysidro-pedwest",
    )


def test_claims_are_listed_with_who_and_source():
    (claim,) = loads(DESIGN).claims()
    assert claim.field == "closures[0].until"
    assert [entry["who"] for entry in claim.claims] == ["AP", "UPI"]
    assert claim.nominal == datetime(2018, 11, 25, 17, 5, tzinfo=ZONE)


def test_everything_resolves_to_plain_values():
    case = loads(FULL)
    one = case.resolve(3)
    main, rest, _ = one.closures
    assert main.until.timestamp() - main.start.timestamp() == 5 * 3600
    assert datetime(2018, 11, 25, 11, tzinfo=ZONE) <= main.start <= datetime(2018, 11, 25, 12, tzinfo=ZONE)
    assert main.notice == 2880.0 and main.share == 0.8
    assert main.reopening[0].at == datetime(2018, 11, 25, 14, tzinfo=ZONE)
    assert 0.6 <= main.reopening[1].share <= 0.9
    assert rest.until is None and rest.lanes == 1
    assert rest.start == datetime(2018, 11, 25, 13, 30, tzinfo=ZONE)
    assert rest.notice == pytest.approx(5 * 1440 + 4.5 * 60)
    assert one.lanes[0].change == -1 and one.lanes[0].until is None
    assert one.lanes[1].start == case.begin == datetime(2018, 11, 22, tzinfo=ZONE)
    assert one.lanes[1].lanes in (2, 3, 4) and isinstance(one.lanes[1].lanes, int)
    assert 0.5 <= one.staffing[0].factor <= 1.0
    assert one.demand[1].factor == 0.5 and one.demand[0].crossing == "all"
    assert one.behaviour.patience_min == 120.0 and one.behaviour.informed_share in (0.4, 0.6)
    assert one.start == case.start and case.end == datetime(2018, 11, 28, tzinfo=ZONE)
    assert one.sources[1].what == "a line of text"
    assert case.resolve(None).behaviour.informed_share == 0.6  # the weightiest claim


def test_the_region_gives_the_behaviour_that_the_scenario_leaves_out():
    assert loads(DESIGN).resolve(0).behaviour.patience_min == 170.0
    assert loads(FULL).resolve(0).behaviour.patience_min == 120.0
    assert loads(INLINE).resolve(0).behaviour.patience_min == 180.0


def test_a_region_of_its_own():
    case = loads(INLINE)
    assert case.tables is None and str(case.zone) == "America/Chicago"
    one = case.resolve(0)
    flow = one.flows[0]
    assert flow.id == "old:inbound:car:standard"
    assert flow.arrivals.per_hour == 120.0 and flow.service.mean == pytest.approx(55 / 60)
    assert (
        flow.referral == 0.03 and flow.usual_wait == 20.0 and flow.booths == 3.0 and flow.target_wait is None
    )
    assert one.crossings[0].hours == [("05:00", "23:00")]
    assert one.crossings[1].hours == [("06:00", "12:00"), ("13:00", "22:00")]
    assert len(one.flows[1].arrivals.per_hour) == 24
    assert 0.5 <= one.flows[1].service.mean <= 2 / 3
    assert one.flows[2].arrivals.per_day == 2400.0 and one.flows[2].service.values == [1 / 6, 1 / 3, 1.0]
    assert one.flows[2].booths[1].start == "06:30" and 2 <= one.flows[2].booths[1].booths <= 4
    assert one.flows[3].arrivals.table[0].start == datetime(2024, 3, 9, tzinfo=ZoneInfo("America/Chicago"))
    assert one.secondary[0].service.mean == 20.0 and one.travel[1].minutes == 12.0
    assert one.closures[0].start == one.closures[0].until
    # the clocks go forward on the second day: 71 hours
    assert (case.end.timestamp() - case.start.timestamp()) / 3600 == 71.0


def test_without_leaves_out_the_event_and_keeps_all_other_draws():
    case = loads(FULL)
    without = case.without("closures")
    assert without.scenario.closures == [] and len(without.scenario.staffing) == 1
    assert len(without.scenario.lanes) == 2
    for i in range(5):
        both = case.resolve(i), without.resolve(i)
        assert both[0].demand == both[1].demand and both[0].lanes == both[1].lanes
        assert both[0].behaviour == both[1].behaviour and both[0].staffing[1:] == both[1].staffing
    assert case.without("main").scenario.closures == case.scenario.closures[1:]
    assert case.without("demand", "lanes").scenario.demand == []
    with pytest.raises(ScenarioError, match="closures"):
        case.without("closure")
    assert case.without() == case


def test_with_replaces_top_level_fields():
    case = loads(FULL)
    other = case.with_(replications=3, seed=1)
    assert (other.scenario.replications, other.scenario.seed) == (3, 1)
    assert other.scenario.closures == case.scenario.closures
    assert other.resolve(0).demand != case.resolve(0).demand
    assert case.without("main").with_(days=5).resolve(0).closures == case.without("main").resolve(0).closures
    moved = case.with_(closures=[{"crossing": "tecate", "from": datetime(2018, 11, 25, 9), "until": "2 h"}])
    assert moved.resolve(0).closures[0].until == datetime(2018, 11, 25, 11, tzinfo=ZONE)
    for wrong in ({"replications": 0}, {"days": "x"}, {"closure": []}, {"closures": [{"crossing": "x"}]}):
        with pytest.raises(ScenarioError):
            case.with_(**wrong)
    with pytest.raises(ScenarioError, match="base"):
        case.with_(base="nowhere")
    with pytest.raises(ScenarioError, match="base"):
        loads(INLINE).with_(base="san-diego-tijuana")
    again = case.with_(closures=case.scenario.closures)
    assert again.digest == case.digest


@pytest.mark.parametrize("name", GOOD)
def test_the_digest_is_of_what_is_said_not_of_how(name):
    text = GOOD[name]
    blocks = ["".join(block) for block in _blocks(text)]
    turned = "# a remark\n" + "".join(reversed(blocks))
    assert loads(turned).digest == loads(text).digest
    crlf = text.replace("\n", "\r\n")
    assert loads(crlf).digest == loads(text).digest
    assert loads(text.replace("days:", "title2: x\ndays:", 0)).digest == loads(text).digest
    assert loads(text).with_(days=3 if name != "inline" else 2).digest != loads(text).digest


def _blocks(text):
    block = []
    for line in text.splitlines(keepends=True):
        if block and not line.startswith((" ", "#")):
            yield block
            block = []
        block.append(line)
    yield block


def test_equal_values_in_other_words_have_one_digest():
    other = DESIGN.replace("2018-11-25 11:30", "Sunday, Nov 25, 2018 11:30 am").replace(
        "days: 4", "days: '4'"
    )
    assert loads(other).digest == loads(DESIGN).digest
    other = FULL.replace("2 h", "120 min").replace("80 %", "0.8").replace("modes: car", "modes: [CAR]")
    assert loads(other).digest == loads(FULL).digest


def test_the_region_is_part_of_the_digest(region, monkeypatch):
    before = loads(DESIGN).digest
    from dataclasses import replace

    monkeypatch.setattr("garita.scenario.region.load_tables", lambda name: replace(region, digest="1" * 64))
    assert loads(DESIGN).digest != before


def test_a_file_on_top_of_another(tmp_path):
    (tmp_path / "base.yaml").write_text(FULL, encoding="utf-8")
    top = tmp_path / "top.yaml"
    top.write_text(
        "garita: 1\ntitle: On top\nbase: base.yaml\nbehaviour: {patience_min: 1 h}\n"
        "closures: [{crossing: otay-mesa, from: 2018-11-26 01:00, until: 1 h}]\n",
        encoding="utf-8",
    )
    case, below = load(top), loads(FULL)
    assert case.scenario.title == "On top" and case.scenario.base == "san-diego-tijuana"
    assert len(case.scenario.closures) == 4 and case.scenario.days == 4
    assert case.resolve(2).behaviour.patience_min == 60.0
    assert case.resolve(2).behaviour.informed_share == below.resolve(2).behaviour.informed_share
    assert case.resolve(2).closures[:3] == below.resolve(2).closures
    top.write_text(
        "garita: 1\ntitle: T\nbase: base.yaml\nclosures:\n  - {crossing: x, from: 2018-11-26, until: 1 h}",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as caught:
        load(top)
    (problem,) = caught.value.problems
    assert problem.line == 5 and problem.file.endswith("top.yaml")
    (tmp_path / "base.yaml").write_text("garita: 1\nbase: top.yaml\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="leads back"):
        load(top)


def test_the_packaged_regions_are_those_of_the_reference(monkeypatch):
    monkeypatch.undo()
    case = loads(DESIGN)
    assert case.tables.id == "san-diego-tijuana" and len(case.digest) == 64
    with pytest.raises(ScenarioError, match="san-diego-tijuana"):
        loads(DESIGN.replace("san-diego-tijuana", "san-diego-tijuna"))


def test_a_region_that_cannot_be_read_is_told(monkeypatch):
    def broken(name):
        raise DataError(Problem("file-missing", {"hint": ""}))

    monkeypatch.setattr("garita.scenario.region.load_tables", broken)
    with pytest.raises(ScenarioError, match="cannot be used"):
        loads(DESIGN)


def test_a_case_on_top_of_a_packaged_case():
    case = loads("garita: 1\ntitle: Longer\nbase: san-ysidro-2018\ndays: 6\n")
    assert case.scenario.days == 6 and len(case.scenario.closures) == 2


def test_the_packaged_case():
    assert "san-ysidro-2018" in packaged_cases()
    case = load("san-ysidro-2018")
    assert case.warnings == [] and case.name == "san-ysidro-2018"
    fields = [claim.field for claim in case.claims()]
    assert fields[:2] == ["closures[0].until", "closures[1].until"]
    assert fields[2:] == [
        "journeys.shelters[0].capacity",
        "journeys.shelters[0].until",
        "journeys.waiting_lists[0].per_day",
        "journeys.returns[1].table[0].people",
        "journeys.published[8].people",
    ]
    one = case.resolve(0)
    assert {mode for closure in one.closures for mode in closure.modes} == {"car", "bus", "pedestrian"}
    for replication in range(20):
        vehicles, on_foot = case.resolve(replication).closures
        assert vehicles.start == on_foot.start == datetime(2018, 11, 25, 19, 30, tzinfo=UTC)
        assert 4 * 3600 < (vehicles.until - vehicles.start).total_seconds() <= 6.5 * 3600
        assert (on_foot.until - on_foot.start).total_seconds() > 4 * 3600
    baseline = case.without("closures")
    assert baseline.scenario.staffing == [] and baseline.scenario.lanes == case.scenario.lanes
    assert case.start <= datetime(2018, 11, 25, tzinfo=ZONE) < case.end


def test_the_packaged_case_fits_the_packaged_region(monkeypatch):
    reference = pytest.importorskip("garita.reference")
    monkeypatch.setattr("garita.scenario.region.load_tables", reference.load_region)
    from garita.scenario.behaviour import Behaviour

    case = load("san-ysidro-2018")
    assert case.warnings == []
    named = {row["parameter"] for row in case.tables.tables["behaviour"]}
    assert named <= set(Behaviour.model_fields)


def test_the_schema_describes_every_field():
    described = schema()
    assert described["properties"]["closures"]["description"]
    for model in (described, *described["$defs"].values()):
        for name, field in model.get("properties", {}).items():
            assert field.get("description") or name in ("value", "claims", "range"), (
                model.get("title"),
                name,
            )
    assert described["$defs"]["Behaviour"]["properties"]["patience_min"]["unit"] == "min"


def test_the_models_can_be_written_and_read_back():
    for text in GOOD.values():
        scenario = loads(text).scenario
        again = Scenario.model_validate(scenario.model_dump(mode="json", by_alias=True, exclude_none=True))
        assert again.model_dump() == scenario.model_dump()


def test_the_reference_page_is_up_to_date():
    from pathlib import Path

    from garita.scenario import markdown

    page = Path(__file__).parents[2] / "docs" / "reference" / "scenario.md"
    assert page.read_text(encoding="utf-8") == markdown(), (
        "write garita.scenario.markdown() to docs/reference/scenario.md"
    )


def test_folded_text_has_no_control_characters() -> None:
    text = (
        "garita: 1\ntitle: t\nquestion: >-\n  a long line\n  that goes on\n"
        "base: san-diego-tijuana\nstart: 2018-11-24\ndays: 1\n"
    )
    assert loads(text).scenario.question == "a long line that goes on"


def test_texas_inspections_2022():
    """Its inspections belong to the event, and are not in what it is compared with."""
    case = load("texas-inspections-2022")
    assert case.warnings == [] and len(case.claims()) == 5
    assert [one.place for one in case.scenario.stations] == ["after", "after"]
    without = case.without("closures").scenario
    assert without.stations == [] and without.closures == [] and len(without.demand) == 3
