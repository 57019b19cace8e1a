"""Corners of `build` that its other tests meet only beside the compiled engine, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from engine import helpers
from garita import build, errors, reference, scenario
from garita.build import assemble, lines, packaged, plan
from garita.build.closures import LineEvents, Shut

HOUR = 60.0


def test_one_history_of_a_case():
    case = helpers.case([helpers.flow("a", 10)])
    built = assemble.build(case, case.resolve(0), record_finals=False)
    assert not built.run.record_finals
    assert built.run.model.flow_hours.rate[0, :24].tolist() == [10.0] * 24
    assert build.Builder(case).build(case.resolve(0)).run.record_finals


def test_variants_share_the_region_only_where_the_days_are_the_same():
    case = helpers.case([helpers.flow("a", 10)])
    builder = build.Builder(case)
    place = builder.place(case.resolve(0))
    assert builder.of_variant(case).place(case.resolve(1)) is place
    longer = helpers.case([helpers.flow("a", 10)], days=2)
    assert builder.of_variant(longer).place(longer.resolve(0)) is not place


def test_both_variants_have_room_for_the_demand_of_either():
    more = [{"crossing": "a", "from": helpers.at(3), "until": helpers.at(4), "factor": 5}]
    usual, busy = (helpers.case([helpers.flow("a", 10)], demand=demand) for demand in ([], more))
    resolved = usual.resolve(0), busy.resolve(0)
    alone = build.Builder(usual).build(resolved[0]).run.model.flow_hours
    beside = build.Builder(usual).build(resolved[0], resolved[1]).run.model.flow_hours
    other = build.Builder(busy).build(resolved[1], resolved[0]).run.model.flow_hours
    assert (beside.room == other.room).all() and (beside.offset == other.offset).all()
    assert (beside.room > alone.room).sum() == 1 and beside.rate[0, 3] == 10.0 and other.rate[0, 3] == 50.0


def test_timetables_of_many_histories_are_not_all_kept(monkeypatch):
    monkeypatch.setattr(assemble, "TIMETABLES_KEPT", 2)
    builder = None
    for hour in range(5):
        closures = [{"crossing": "a", "from": helpers.at(hour), "until": "1 h"}]
        case = helpers.case([helpers.flow("a", 10)], closures=closures)
        builder = build.Builder(case) if builder is None else builder
        status = builder.build(case.resolve(0)).run.model.plan.status[:, 0]
        assert status[0] == (2 if hour == 0 else 0)
        [kept] = [place._timetables for place in builder._places.values()]
        assert len(kept) <= 2


def test_what_nobody_looks_up_and_what_everybody_knows():
    informed = [
        float(
            helpers.built(helpers.case([helpers.flow("a")], behaviour={"information": information, **LOGIT}))
            .run.model.behaviour[0]
            .informed_share
        )
        for information in ("published", "perfect", "none")
    ]
    assert informed == [0.4, 1.0, 0.0]


LOGIT = {"choice_rule": "logit", "informed_share": 0.4}


def test_a_closure_shuts_nothing_before_and_after():
    shut = Shut(10.0, 20.0, ((10.0, 1.0), (15.0, 0.5)), None, 0, 0.0)
    assert [shut.share(now) for now in (9.9, 10.0, 14.9, 15.0, 19.9, 20.0)] == [0.0, 1.0, 1.0, 0.5, 0.5, 0.0]
    assert shut.closes(10.0) and not shut.closes(9.0) and not shut.closes(16.0)
    assert shut.times() == (10.0, 20.0, 10.0, 15.0)


def plans_of(**changes):
    """Booths allowed at 8, 9, 10 and 11 o'clock."""
    lines_here = [helpers.flow("a", 10, 4, lanes=4), helpers.flow("a", 1, 4, mode="bus")]
    built = helpers.built(helpers.case(lines_here, **changes))
    [cars] = [f for f, line in enumerate(built.region.lines) if line.mode == "car"]
    model = built.run.model
    at = np.searchsorted(model.intervals.start, built.calendar.start[8:12])
    return model.plan.cap[at, cars].tolist()


def test_lanes_are_set_and_changed():
    span = {"crossing": "a", "from": helpers.at(9), "until": helpers.at(11)}
    assert plans_of(lanes=[{**span, "lanes": 2}]) == [4, 2, 2, 4]
    assert plans_of(lanes=[{**span, "change": -1}]) == [4, 3, 3, 4]
    within = {**span, "from": helpers.at(10), "lanes": 1}
    assert plans_of(lanes=[{**span, "lanes": 3}, within]) == [4, 3, 1, 4]
    assert plans_of(staffing=[{**span, "booths": 1}]) == [4, 4, 4, 4]


def test_opening_hours_change_for_a_while():
    span = {"crossing": "a", "from": helpers.at(6), "until": helpers.at(20)}
    assert plans_of(hours=[{**span, "hours": "09:00-11:00"}]) == [0, 4, 4, 0]


def test_reopening_is_for_those_it_names():
    closure = {"crossing": "a", "from": helpers.at(9), "until": helpers.at(11)}
    stage = {"at": helpers.at(10), "share": 0.5}
    assert plans_of(closures=[{**closure, "reopening": [stage]}]) == [4, 0, 2, 4]
    assert plans_of(closures=[{**closure, "reopening": [{**stage, "modes": ["bus"]}]}]) == [4, 0, 0, 4]
    assert plans_of(closures=[{**closure, "lanes": 3}]) == [4, 1, 1, 4]
    by_lanes = {"at": helpers.at(10), "lanes": 2}
    assert plans_of(closures=[{**closure, "reopening": [by_lanes]}]) == [4, 0, 2, 4]
    assert plans_of(closures=[{**closure, "lanes": 3, "reopening": [by_lanes]}]) == [4, 1, 2, 4]
    nothing = {**closure, "until": helpers.at(9)}
    assert plans_of(closures=[nothing]) == [4] * 4


def test_a_figure_by_the_week_by_the_day_or_alike():
    case = helpers.case([helpers.flow("a", 1)])
    calendar = build.Builder(case).calendar
    local = calendar.local(ZoneInfo("UTC"))
    assert lines.by_hour([5.0])(calendar, local)[:3].tolist() == [5.0] * 3
    assert lines.by_hour(3.0)(calendar, local)[:3].tolist() == [3.0] * 3
    assert lines.by_hour(list(range(24)))(calendar, local)[:25].tolist() == [*range(24), 0]
    assert lines.by_hour(list(range(168)))(calendar, local)[:25].tolist() == list(range(25))  # a Monday


def test_a_roster_by_steps():
    steps = [{"from": "06:00", "booths": 3}, {"from": "22:00", "booths": 2}]
    roster = helpers.built(helpers.case([helpers.flow("a", 1, steps)])).run.model.plan.roster[:, 0]
    assert roster[:96].tolist() == [2] * 24 + [3] * 64 + [2] * 8


def test_booths_of_a_line_without_lanes():
    events = LineEvents()
    line = helpers.built(helpers.case([helpers.flow("a", 1, 2)])).region.lines[0]
    assert plan.plans(line, events, lambda _: 1.0, lambda _: 2.4, [0.0]) == [(2, 2, 0, 0)]


def test_a_region_that_lacks_a_row_says_which():
    region = reference.load_region("san-diego-tijuana")
    rosters = tuple(row for row in region.tables["rosters"] if row["crossing"] != "tecate")
    with pytest.raises(errors.DataError) as raised:
        packaged.packaged_region(replace(region, tables={**region.tables, "rosters": rosters}))
    assert all(problem.code == "missing-row" for problem in raised.value.problems)
    assert any(problem.params["row"].startswith("tecate:") for problem in raised.value.problems)


def test_a_line_of_which_no_month_is_known_has_no_demand():
    demand = packaged.Demand(reference.load_region("san-diego-tijuana").tables)
    assert demand.month_total(("nowhere", "inbound", "car", "standard"), date(2018, 11, 1)) == 0.0


def test_nobody_walks_to_a_crossing_of_another_group():
    groups = {"a": "g", "b": "g", "c": "h"}
    places = [{"id": name, "choice_group": group, "port": name} for name, group in groups.items()]
    flows = [helpers.flow(name, 10, mode=mode) for name in "abc" for mode in ("car", "pedestrian")]
    travel = [{"origin": x, "destination": y, "minutes": 5} for x in "abc" for y in "abc" if x != y]
    behaviour = {"choice_rule": "logit", "walk_able_share": 0.5}
    built = helpers.built(helpers.case(flows, crossings=places, travel=travel, behaviour=behaviour))
    lines_there = built.region.lines
    walks = {
        line.id: [lines_there[f].crossing if f >= 0 else "" for f in row]
        for line, row in zip(lines_there, built.run.extra.foot, strict=True)
    }
    assert walks["a:inbound:car:standard"] == ["a", "b", ""]
    assert walks["c:inbound:car:standard"] == ["", "", "c"]
    assert walks["a:inbound:pedestrian:standard"] == ["", "", ""]


def test_the_packaged_region_is_built():
    text = '{"garita": 1, "title": "a day", "base": "san-diego-tijuana", "start": "2018-11-25", "days": 1}'
    built = helpers.built(scenario.loads(text))
    assert built.run.model.pool_limit.shape[1] > 0
    assert (built.run.model.flow_hours.rate.sum(axis=1) > 0.0).all()
