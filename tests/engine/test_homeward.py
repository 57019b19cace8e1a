"""Who has gone out must come home."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine import helpers
from engine.people import STAY, WHO, Party, halves
from garita.build.people import way_out
from garita.engine import run_replication, types
from garita.errors import ScenarioError
from garita.outcomes import Outcome, compare
from garita.runs import run_pair

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

BEHAVIOUR = {
    "choice_rule": "logit",
    "tick_min": 5,
    "news_mean_min": 0,
    "suppression_other": 0.01,
    "later_share": 0,
    "induced_cap": 1,
    "home_share_inbound": 0.5,
    "stay_mean_other_min": 180,
    "stay_cv": 0.4,
    "patience_min": "3660 days",
    "reconsider_mean_min": "3660 days",
    "look_again_min": "3660 days",
}
OUT_SHUT = {"crossing": "a", "directions": ["outbound"], "from": helpers.at(8), "until": "4 h"}
IN_SHUT = {**OUT_SHUT, "directions": ["inbound"]}


def case(behaviour=None, closures=(OUT_SHUT,), per_hour=300, **more):
    """A crossing both ways, with booths enough that nobody waits."""
    flows = [
        helpers.flow("a", per_hour, 60, must_share=0, direction=direction, people_per_party=1.5)
        for direction in ("inbound", "outbound")
    ]
    return helpers.case(flows, closures=list(closures), behaviour={**BEHAVIOUR, **(behaviour or {})}, **more)


def test_without_a_closure_nothing_changes():
    linked, plain = (
        helpers.one_of(case({"home_share_inbound": share, "home_share_outbound": share}, ()))
        for share in (0.5, 0)
    )
    assert not helpers.different(linked, plain)


def test_who_did_not_go_out_does_not_come_back():
    """Party by party: recomputed from the documentation, with what became of those who wanted to go out."""
    of = case({"believed_remaining_min": 60})
    built = helpers.built(of)
    books = run_replication(built.run, 7, 0)
    model, extra = built.run.model, books.extra
    hours, inward, outward = model.hours, 0, 1
    table = extra.stay[0]
    kinds = books.finals & 15
    removed = late = 0
    for hour in range(24):
        for ordinal in range(int(extra.made[inward, hour])):
            place = int(model.flow_hours.offset[inward, hour]) + ordinal
            party = Party("a:inbound:car:standard", int(hours.key[hour]), ordinal, 0.0, 0.0, 0.0)
            wanted = {types.CROSSED}
            if halves(party.block(7, 0, WHO))[2] < 0.5:
                draws = halves(party.block(7, 0, STAY))
                stay = max(60.0, quantile(table, draws[0]))
                out = math.floor((float(hours.start[hour]) + 30.0 - stay - float(hours.start[0])) / 60.0)
                if out >= 0:
                    # With the cap at 1 everybody would have gone, and all of them live on this side.
                    first_leg = int(draws[1] * int(extra.made[outward, out]))
                    there = int(model.flow_hours.offset[outward, out]) + first_leg
                    shut = 8 <= out < 12  # later some stay at home for the queues, as on any day
                    if shut and kinds[there] in (types.CANCELLED, types.GAVE_UP):
                        wanted = {types.CANCELLED}
                    elif extra.fate[there].value > 0.0:  # waited in the closed line until it opened
                        wanted = {types.CROSSED, types.CROSSED_LATER}
            assert kinds[place] in wanted, (hour, ordinal)
            removed += types.CANCELLED in wanted
            late += kinds[place] == types.CROSSED_LATER
    assert removed > 100 and late > 20


def quantile(table, u):
    """The table read in plain Python, below its tail."""
    cell = min(int(u * 256), 255)
    if cell == 255:
        level = (u * 256 - 255) * 256
        cell = int(level)
        if cell == 255:
            inner = (level - 255) * 256
            low = table[2][int(inner)]
            return float(low + (inner - int(inner)) * (table[2][int(inner) + 1] - low))
        return float(table[1][cell] + (level - cell) * (table[1][cell + 1] - table[1][cell]))
    return float(table[0][cell] + (u * 256 - cell) * (table[0][cell + 1] - table[0][cell]))


def test_how_many_fewer_come_back():
    """Those on the way home fewer by the share that did not go out, a stay later; others as ever."""
    share, gone = 0.5, math.exp(-0.01 * 120)
    runs = [helpers.run(case(closures=closures), 3, seed=4) for closures in ((OUT_SHUT,), ())]
    fewer = sum(
        without.bins[0, :, types.ARRIVED].sum() - with_.bins[0, :, types.ARRIVED].sum()
        for with_, without in zip(*runs, strict=True)
    )
    expected = 3 * 4 * 300 * (1 - gone) * share
    spread = math.sqrt(2 * expected)
    assert abs(fewer - expected) < 3.5 * spread + 0.04 * expected  # stays of over 12 h come after the end
    for with_, without in zip(*runs, strict=True):
        first = 4 * 9
        assert (with_.bins[0, :first, types.ARRIVED] == without.bins[0, :first, types.ARRIVED]).all()


def test_who_went_out_later_comes_home_later():
    """Nobody stays at home: those caught or putting it off come back as much later as they went."""
    behaviour = {"later_share": 1, "later_from_min": 120, "later_to_min": 121, "suppression_other": 0.05}
    with_, without = (helpers.one_of(case(behaviour, closures, days=2)) for closures in ((OUT_SHUT,), ()))
    kinds, before = helpers.kinds(with_, 0), helpers.kinds(without, 0)
    assert kinds[types.CANCELLED] < 0.02 * sum(kinds) and kinds[types.CROSSED_LATER] > 100
    assert abs(sum(kinds) - sum(before)) == 0
    came = [output.bins[0, :, types.ARRIVED].cumsum() for output in (with_, without)]
    width = min(map(len, came))
    late = came[1][:width] - came[0][:width]
    assert late.max() > 100 and (late >= -1e-9).all()


def test_the_first_hours_hang_on_nothing():
    """Whose trip out was before the run came home as planned, whatever is shut at the beginning."""
    closures = [{**OUT_SHUT, "from": helpers.at(0), "until": "1 h"}]
    with_, without = (helpers.one_of(case(closures=each)) for each in (closures, ()))
    assert (with_.bins[0, :4, types.ARRIVED] == without.bins[0, :4, types.ARRIVED]).all()


def test_who_cannot_come_home_goes_on_trying():
    closures = [IN_SHUT]
    behaviour = {"home_share_inbound": 1, "believed_remaining_min": 600, "suppression_other": 1}
    output = helpers.one_of(case(behaviour, closures))
    kinds = helpers.kinds(output, 0)
    assert kinds[types.CANCELLED] == kinds[types.GAVE_UP] == 0 < kinds[types.CROSSED_LATER]
    away = np.cumsum(output.extra.away[0], axis=0)
    assert away[31].sum() == 0 and (away >= 0).all()
    assert away[-1].tolist() == [0, 0]  # all home in the end
    # nobody comes while it is shut, and all who would have are away when it reopens
    assert abs(away[47, 0] - 4 * 300) < 4 * math.sqrt(4 * 300)
    assert away[47, 1] > 1.4 * away[47, 0]


def test_closed_for_good_they_stay_away():
    closures = [{**IN_SHUT, "until": "for good"}]
    output = helpers.one_of(case({"home_share_inbound": 1}, closures, per_hour=40))
    away = np.cumsum(output.extra.away[0], axis=0)
    kinds = helpers.kinds(output, 0)
    assert away[-1, 0] == kinds[types.WAITING] + kinds[types.ON_THE_WAY] > 300
    assert kinds[types.CANCELLED] == kinds[types.GAVE_UP] == 0


def test_an_announcement_keeps_nobody_from_coming_home():
    announced = {**OUT_SHUT, "notice": "3 days"}
    behaviour = {"announced_avoidance": 1, "home_share_inbound": 1, "stay_mean_other_min": 700}
    output = helpers.one_of(case(behaviour, [announced]))
    at_home = helpers.one_of(case({**behaviour, "home_share_inbound": 0}, [announced]))
    window = slice(32, 48)  # of the closure: nobody who goes out from here comes
    assert at_home.bins[0, window, types.ARRIVED].sum() == 0
    assert output.bins[0, window, types.ARRIVED].sum() > 1000


def test_the_way_out_is_at_the_same_crossing_or_port():
    crossings = [{"id": "cars", "port": "west"}, {"id": "stairs", "port": "west"}, {"id": "east"}]
    flows = [
        helpers.flow("cars", lane_type="sentri"),
        helpers.flow("cars", direction="outbound"),
        helpers.flow("stairs", direction="outbound"),
        helpers.flow("east", mode="truck"),
        helpers.flow("east", mode="truck", direction="outbound"),
        helpers.flow("east", mode="pedestrian"),
    ]
    region = helpers.built(helpers.case(flows, crossings=crossings)).region
    names = [line.id for line in region.lines]
    ways = {line.id: way_out(region, line) for line in region.lines}
    assert names[ways["cars:inbound:car:sentri"]] == "cars:outbound:car:standard"
    assert names[ways["stairs:outbound:car:standard"]] == "cars:inbound:car:sentri"
    assert ways["east:inbound:truck:standard"] == ways["east:inbound:pedestrian:standard"] == -1


def test_it_stands_in_the_comparison_and_in_files(tmp_path):
    with_, without = run_pair(case(closures=[IN_SHUT]), replications=2, workers=1)
    found = compare(with_, without)
    most = found.indicator("away_from_home", "a", "inbound", "car", basis="people")
    hours = found.indicator("away_hours", "a", "inbound", "car", basis="people")
    assert most is not None and hours is not None
    assert most.without.mean == hours.without.mean == 0 < most.with_closure.mean < hours.with_closure.mean
    with_.save(tmp_path / "results")
    assert np.array_equal(Outcome.open(tmp_path / "results").away, with_.away)
    plain, _ = run_pair(case({"home_share_inbound": 0}), replications=1, workers=1)
    assert plain.away is None


def test_it_needs_people_who_weigh_what_they_expect():
    with pytest.raises(ScenarioError, match="has no effect"):
        case({"choice_rule": "threshold"})
